//! Finds stop words in capitals that are names, acronyms or months (WHO, IT, vitamin A, A&E, 12 May), and adds them in
//! capitals as additional terms. A query searches the additional term, so that WHO does not find "who".
//!
//! A stop word counts as a name only if the words around it show that it is one. In a headline in capitals, no stop
//! word counts as a name.

use super::{Analysis, ExtraKind, Token, TokenKind, stop_words::is_stop_word};
use crate::span::Span;

/// Words that writers put in capitals for emphasis. In capitals, these words are not acronyms.
const WORDS_CAPITALIZED_FOR_EMPHASIS: &[&str] = &[
    "an", "and", "are", "but", "did", "for", "had", "has", "her", "him", "his", "how", "nor",
    "not", "now", "of", "our", "she", "the", "to", "too", "was", "why", "you",
];
/// Maximum length of an acronym in bytes. Longer stop words in capitals (ONLY, WITH) are emphasized, not acronyms.
const MAX_ACRONYM_BYTES: usize = 3;
/// Pronouns that the list of stop words lacks. In capitals, these words may be acronyms (US).
const PRONOUNS_THAT_MAY_BE_ACRONYMS: &[&str] = &["us"];
/// Nouns after which the letter A is a name: vitamin A, Annex A.
const NOUNS_BEFORE_LETTER_A: &[&str] = &[
    "annex",
    "annexes",
    "appendix",
    "category",
    "chapter",
    "class",
    "division",
    "exhibit",
    "grade",
    "group",
    "hepatitis",
    "influenza",
    "level",
    "option",
    "paragraph",
    "part",
    "phase",
    "plan",
    "point",
    "schedule",
    "section",
    "series",
    "stage",
    "tier",
    "title",
    "type",
    "vitamin",
];
/// Nouns after which I is a Roman numeral: Title I, World War I.
const NOUNS_BEFORE_ROMAN_ONE: &[&str] = &[
    "annex", "appendix", "category", "chapter", "class", "division", "phase", "schedule", "stage",
    "tier", "title", "type", "volume", "war",
];
/// Words after which May is the month, even at the beginning of a sentence (In May).
const WORDS_BEFORE_MAY: &[&str] = &[
    "by", "during", "from", "in", "last", "late", "early", "next", "on", "since", "this", "until",
];
/// Maximum number of words on each side of a stop word that are examined to decide whether the stop word stands in a
/// headline.
const MAX_HEADLINE_CHECK_WORDS_PER_SIDE: usize = 6;
/// Minimum length in characters of a word in capitals that indicates a headline. A shorter word may be an acronym.
const MIN_HEADLINE_WORD_CHARS: usize = 5;
/// Maximum number of words of a query such as `Theresa May`, in which May can be a name although all words begin with a
/// capital. A longer query of this form is a headline.
const MAX_QUERY_WORDS_FOR_NAMES: usize = 4;
/// Range of the numbers that count as years if they follow the word May.
const YEARS_AFTER_MAY: std::ops::RangeInclusive<u32> = 1900..=2100;

/// Adds the additional terms of all stop words that are names, acronyms or months.
pub(super) fn push_name_and_acronym_terms(text: &str, analysis: &mut Analysis) {
    for token_index in 0..analysis.tokens.len() {
        let context = StopWordContext { text, analysis, token_index };
        let Some(token) = context.token_at(0).filter(|token| token.kind == TokenKind::Word) else {
            continue;
        };
        let Token { term, span, position, .. } = *token;
        if may_be_name(text, span)
            && is_function_word(term.of(&analysis.terms))
            && context.is_name_acronym_or_month()
        {
            let term_start = analysis.terms.len();
            let term = term.of(&analysis.terms).to_ascii_uppercase();
            analysis.terms.push_str(&term);
            analysis.push_extra_token(term_start, span, position, ExtraKind::Capitals);
        }
    }
}

/// Adds an additional term for May after a capitalized word of a query, as in `Theresa May Article 50`. Titles get no
/// such term, because May can be a verb at this place of a title. Adds no term to a query of more than
/// [`MAX_QUERY_WORDS_FOR_NAMES`] words that all begin with a capital: such a query is a headline, in which May is a
/// verb.
pub(crate) fn push_may_as_name_in_query(text: &str, analysis: &mut Analysis) {
    let words = || analysis.tokens.iter().filter(|token| token.kind == TokenKind::Word);
    let has_lower_case_word = words().any(|token| {
        begins_with_lower_case(token.span.of(text)) && !is_function_word(analysis.term(token))
    });
    if !has_lower_case_word && words().count() > MAX_QUERY_WORDS_FOR_NAMES {
        return;
    }
    for token_index in 1..analysis.tokens.len() {
        let context = StopWordContext { text, analysis, token_index };
        let Some(token) = context.token_at(0) else { continue };
        let Token { span, position, .. } = *token;
        let is_after_name = context.text_after_token(-1).is_some_and(is_one_space)
            && context.word_at(-1).starts_with(char::is_uppercase)
            && !is_function_word(context.term_at(-1));
        let has_capitals_term = analysis
            .extra_tokens_at(position)
            .iter()
            .any(|extra| extra.kind == ExtraKind::Capitals);
        if context.word_at(0) == "May" && is_after_name && !has_capitals_term {
            let term_start = analysis.terms.len();
            analysis.terms.push_str("MAY");
            analysis.push_extra_token(term_start, span, position, ExtraKind::Capitals);
        }
    }
    analysis.sort_extra_tokens();
}

/// Returns whether the word at `span` begins with a capital, or can be a name even in lower case (a, i, at, may). This
/// fast check rejects most words of a text.
fn may_be_name(text: &str, span: Span) -> bool {
    let word = span.of(text).as_bytes();
    matches!(word, [b'A'..=b'Z', ..] | [b'a' | b'i'] | [b'a', b't'] | [b'm', b'a', b'y'])
}

/// Returns the term of an abbreviation, in lower case. If the abbreviation is a stop word or a pronoun, returns the
/// term in capitals.
pub(crate) fn abbreviation_term(abbreviation: &str) -> String {
    let is_acronym = abbreviation.len() <= MAX_ACRONYM_BYTES
        && !WORDS_CAPITALIZED_FOR_EMPHASIS.contains(&abbreviation);
    if is_acronym && is_function_word(abbreviation) {
        abbreviation.to_ascii_uppercase()
    } else {
        abbreviation.to_owned()
    }
}

/// Returns whether a term in lower case is a stop word or a pronoun.
fn is_function_word(term: &str) -> bool {
    is_stop_word(term) || PRONOUNS_THAT_MAY_BE_ACRONYMS.contains(&term)
}

/// Stop word and its surroundings.
#[derive(Clone, Copy)]
struct StopWordContext<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    /// Index of the token of the stop word in [`Analysis::tokens`].
    token_index: usize,
}

impl<'a> StopWordContext<'a> {
    /// Returns the token `offset` tokens after the stop word; before the stop word if `offset` is negative. `None` if
    /// there is no such token.
    fn token_at(&self, offset: isize) -> Option<&'a Token> {
        self.analysis.tokens.get(self.token_index.checked_add_signed(offset)?)
    }

    /// Returns the text of the token `offset` tokens after the stop word; before the stop word if `offset` is negative.
    /// Empty if there is no such token.
    fn word_at(&self, offset: isize) -> &'a str {
        self.token_at(offset).map_or("", |token| token.span.of(self.text))
    }

    /// Returns the term of the token `offset` tokens after the stop word; before the stop word if `offset` is negative.
    /// Empty if there is no such token.
    fn term_at(&self, offset: isize) -> &'a str {
        self.token_at(offset).map_or("", |token| self.analysis.term(token))
    }

    /// Returns the text between two neighbouring tokens. The first of them is `offset` tokens after the stop word.
    /// `None` if one of the tokens is missing.
    fn text_after_token(&self, offset: isize) -> Option<&'a str> {
        let (token, next) = (self.token_at(offset)?, self.token_at(offset + 1)?);
        self.text.get(token.span.end..next.span.start)
    }

    /// Returns whether an ampersand joins the stop word to another word, as in AT&T.
    fn has_ampersand(self) -> bool {
        [self.text_after_token(-1), self.text_after_token(0)]
            .into_iter()
            .flatten()
            .any(is_ampersand)
    }

    /// Returns whether the stop word is a name, an acronym or a month in this text.
    fn is_name_acronym_or_month(self) -> bool {
        match self.term_at(0) {
            "may" => self.is_month_or_name(),
            "a" | "i" => self.is_letter_label_or_roman_numeral(),
            term => self.is_acronym(term),
        }
    }

    /// Returns whether the stop word is an acronym: an ampersand joins it to another word, or it is short, in capitals
    /// and not in a headline. `term` is the stop word in lower case.
    fn is_acronym(self, term: &str) -> bool {
        if self.has_ampersand() {
            return true;
        }
        let word = self.word_at(0);
        let capital_count = word.chars().filter(char::is_ascii_uppercase).count();
        let is_dotted = word.contains('.');
        capital_count == term.len()
            && term.len() <= MAX_ACRONYM_BYTES
            && !WORDS_CAPITALIZED_FOR_EMPHASIS.contains(&term)
            && (is_dotted || !self.is_in_headline(term))
    }

    /// Returns whether the stop word stands among words in capitals that are not acronyms, as in a headline. `term` is
    /// the stop word in lower case.
    fn is_in_headline(self, term: &str) -> bool {
        let mut is_headline = false;
        let (mut follows_content_word, mut is_last) = (false, true);
        for direction in [-1, 1] {
            for distance in 1..=MAX_HEADLINE_CHECK_WORDS_PER_SIDE.cast_signed() {
                let offset = direction * distance;
                let gap = self.text_after_token(if direction < 0 { offset } else { offset - 1 });
                let is_joined = gap.is_some_and(|gap| matches!(gap, "" | " " | "-" | "’" | "'"));
                let word = self.word_at(offset);
                if !is_joined || !is_in_capitals(word) {
                    break;
                }
                follows_content_word |= offset == -1 && !is_stop_word(self.term_at(offset));
                is_last &= direction < 0;
                let word_chars = word.chars().count();
                let has_digits = [offset - 1, offset, offset + 1]
                    .iter()
                    .any(|&offset| self.word_at(offset).starts_with(|c: char| c.is_ascii_digit()));
                is_headline |= word_chars >= MIN_HEADLINE_WORD_CHARS && !has_digits
                    || word_chars > 1 && is_stop_word(self.term_at(offset));
            }
        }
        // As a pronoun, US ends a headline or follows a verb (JOIN US TODAY). Elsewhere in a headline, US is the
        // country.
        is_headline && (term != "us" || is_last || follows_content_word)
    }

    /// Returns whether the stop word A or I is a name or a Roman numeral, as in vitamin A and Title I.
    fn is_letter_label_or_roman_numeral(self) -> bool {
        let (before, after) = (self.text_after_token(-1), self.text_after_token(0));
        let is_capital = self.word_at(0).starts_with(|c: char| c.is_ascii_uppercase());
        if self.has_ampersand() {
            return true;
        }
        if is_capital {
            return [before, after]
                .into_iter()
                .flatten()
                .any(|gap| joins_words(gap) || gap == " & ")
                || self.follows_noun_with_letter_label()
                || self.is_capital_a_inside_sentence();
        }
        let begins_word = after.is_some_and(is_hyphen) && !before.is_some_and(joins_words);
        let is_number = self.token_at(1).is_some_and(|token| token.kind == TokenKind::Number);
        begins_word && (self.term_at(0) == "a" || is_number)
            || self.follows_noun_with_letter_label() && self.ends_clause()
    }

    /// Returns whether the stop word A or I follows a noun that is often labelled with a letter or Roman numeral:
    /// vitamin A, Title I.
    fn follows_noun_with_letter_label(self) -> bool {
        let nouns =
            if self.term_at(0) == "a" { NOUNS_BEFORE_LETTER_A } else { NOUNS_BEFORE_ROMAN_ONE };
        self.text_after_token(-1).is_some_and(is_one_space) && nouns.contains(&self.term_at(-1))
    }

    /// Returns whether the stop word is the last word of its clause.
    fn ends_clause(self) -> bool {
        self.text_after_token(0).is_none_or(|gap| gap.contains(|c: char| !c.is_whitespace()))
    }

    /// Returns whether a capital A stands inside a sentence, where the article would be in lower case. A title may
    /// capitalize the article too, so after a capitalized word, the next word must not be capitalized.
    fn is_capital_a_inside_sentence(self) -> bool {
        let previous_word = self.word_at(-1);
        self.term_at(0) == "a"
            && self.text_after_token(-1).is_some_and(is_one_space)
            && previous_word.chars().count() > 1
            && previous_word.chars().all(char::is_alphabetic)
            && !is_stop_word(self.term_at(-1))
            && (begins_with_lower_case(previous_word)
                || !is_in_capitals(previous_word) && !self.precedes_capitalized_word())
    }

    /// Returns whether the next word is in the same clause and begins with a capital, as in a title.
    fn precedes_capitalized_word(self) -> bool {
        self.text_after_token(0).is_some_and(is_one_space)
            && !begins_with_lower_case(self.word_at(1))
    }

    /// Returns whether the stop word `may` is the month or a name in this text.
    fn is_month_or_name(self) -> bool {
        let word = self.word_at(0);
        let (before, after) = (self.text_after_token(-1), self.text_after_token(0));
        let day_before = before.is_some_and(is_one_space) && is_day_of_month(self.word_at(-1));
        let number_after = after.is_some_and(|gap| is_one_space(gap) || matches!(gap, ", "))
            && (is_day_of_month(self.word_at(1)) || is_year(self.word_at(1)));
        if begins_with_lower_case(word) {
            let is_year_next = number_after && is_year(self.word_at(1));
            let clause_ends = self.ends_clause() || number_after;
            return word == "may" && (is_year_next || day_before && clause_ends);
        }
        if day_before || number_after {
            return true;
        }
        let previous_word = self.word_at(-1);
        let is_inside_sentence =
            before.is_some_and(|gap| matches!(gap, " " | "\u{A0}" | "–" | "-" | "/"));
        if word != "May" || !is_inside_sentence {
            return false;
        }
        begins_with_lower_case(previous_word)
            || WORDS_BEFORE_MAY.contains(&self.term_at(-1))
            || !is_stop_word(self.term_at(-1)) && !self.precedes_capitalized_word()
    }
}

/// Returns whether the text between two tokens is an ampersand.
fn is_ampersand(gap: &str) -> bool {
    matches!(gap, "&" | "＆")
}

/// Returns whether the text between two tokens is a hyphen.
fn is_hyphen(gap: &str) -> bool {
    matches!(gap, "-" | "\u{2010}" | "\u{2011}")
}

/// Returns whether the text between two tokens joins the tokens to one word: an ampersand, a hyphen, or no text, as
/// between A and 股.
fn joins_words(gap: &str) -> bool {
    is_hyphen(gap) || is_ampersand(gap) || matches!(gap, "" | "/" | "*")
}

/// Returns whether the text between two tokens is one space.
fn is_one_space(gap: &str) -> bool {
    matches!(gap, " " | "\u{A0}")
}

/// Returns whether the first letter of a word is in lower case.
fn begins_with_lower_case(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}

/// Returns whether a word has no lower-case letter, except the s of a plural.
fn is_in_capitals(word: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    !singular.is_empty() && !singular.chars().any(char::is_lowercase)
}

/// Returns whether a word is a day of the month: a number from 1 to 31, possibly with an ending, as in 20th.
fn is_day_of_month(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    digits.len() <= 2 && digits.parse().is_ok_and(|day: u32| (1..=31).contains(&day))
}

/// Returns whether a word is a year of four digits that may follow the word May.
fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse().is_ok_and(|year| YEARS_AFTER_MAY.contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    /// Returns the text with brackets around the stop words that get an additional term in capitals.
    fn bracket_stop_words_with_extra_term(text: &str) -> String {
        bracket_words_with_extra_term(text, |_, _| {})
    }

    #[test]
    fn may_after_a_name_in_a_query_is_a_name() {
        for text in [
            "Theresa [May] Article 50",
            "Theresa [May] Brexit deal",
            "statement of Theresa [May] Brexit Article 50 London",
            "Countries May Join New Pact On Trade",
            "You May Qualify",
            "theresa may brexit deal",
        ] {
            let plain = text.replace(['[', ']'], "");
            assert_eq!(bracket_words_with_extra_term(&plain, push_may_as_name_in_query), text);
        }
    }

    /// Returns the text with brackets around the words that get an additional term in capitals. `add` adds further
    /// terms to those of the analyzer.
    fn bracket_words_with_extra_term(text: &str, add: impl Fn(&str, &mut Analysis)) -> String {
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        add(text, &mut analysis);
        let (mut with_brackets, mut end) = (String::new(), 0);
        for extra in analysis.extras.iter().filter(|extra| extra.kind == ExtraKind::Capitals) {
            with_brackets.push_str(Span::new(end, extra.span.start).of(text));
            with_brackets.extend(["[", extra.span.of(text), "]"]);
            end = extra.span.end;
        }
        with_brackets + Span::new(end, text.len()).of(text)
    }

    /// Asserts that exactly the stop words in brackets get an additional term in capitals.
    fn assert_bracketed_words_have_extra_term(cases: &[&str]) {
        for expected in cases {
            assert_eq!(
                bracket_stop_words_with_extra_term(&expected.replace(['[', ']'], "")),
                *expected
            );
        }
    }

    #[test]
    fn acronyms_in_capitals_get_an_additional_term() {
        assert_bracketed_words_have_extra_term(&[
            "the [WHO] said who it was",
            "It is the [IT] sector",
            "[IT]",
            "[WHO] COVID-19 advice",
            "the [US], UK and EU; join us",
            "the [U.S]. economy",
            "PALO [IT] Singapore",
            "[AT]&T, [at]&t",
            "the [WHO’s] guidance (by [WHO])",
            "DO NOT TRAVEL TO HAITI",
            "WHO IS WHO",
            "JOIN US TODAY",
            "[US] EXPORTS ROSE",
            "PROMISE TO THE PEOPLE: we said",
            "it has the ONLY exit",
        ]);
    }

    #[test]
    fn letters_that_are_names_get_an_additional_term() {
        assert_bracketed_words_have_extra_term(&[
            "vitamin [A] and a vitamin a day",
            "take vitamin [a]",
            "A level crossing",
            "[A]-level, [a]-level",
            "[A]&E and Q&[A], R&D",
            "Title [I] and I",
            "[I]-9, [i]-9",
            "see Annex [A] for A list",
            "from point [A] to point B",
            "Building A Better World",
            "Code of Practice [A] to make",
            "once-in-a-generation",
            "the [A]380",
            "[A]股",
            "[A]*STAR",
            "that is what I said, and I do",
        ]);
    }

    #[test]
    fn may_gets_an_additional_term_beside_numbers_and_names() {
        assert_bracketed_words_have_extra_term(&[
            "on 12 [May], by [May] 2024",
            "[may] 2024",
            "12 [may]",
            "[May] 20th, 2024",
            "12 [MAY] 2024",
            "Theresa [May] said",
            "In [May] it rose, and in [May] it fell",
            "between April and [May]",
            "April–[May]",
            "It may. May God help",
            "You May Qualify",
            "2050 may seem far",
            "at least 12 may come",
        ]);
    }
}
