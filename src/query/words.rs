//! Selects the tokens of an unquoted text, other than Chinese words, that become query leaves.

use super::{
    figures::{figure_word, figures},
    joined_tokens::{JoinedTokens, capitals_term_of_stop_word},
    parsed_word::ParsedWord,
    tree::{Alternative, PhraseSlot, TermPattern},
};
use crate::{
    analysis::{Analysis, Analyzer, Token, TokenKind, stem},
    span::Span,
};

/// Returns the words of a text that are not Chinese, and the numbers of the text with their units. If
/// `includes_stop_words` is true, also returns stop words and single Han characters. Each word is searched by its most
/// specific term: `3.9万` by 39000, `5%` by the percentage, and a stop word in capitals, such as `WHO`, by the term of
/// the capitals. The Han characters with the token indexes in `chars_beside_numbers` form one word with their number.
pub(super) fn non_chinese_words(
    text: &str,
    analyzer: &Analyzer,
    analysis: &Analysis,
    chars_beside_numbers: &[usize],
    includes_stop_words: bool,
) -> Vec<ParsedWord> {
    let figures = figures(text, analysis);
    let figure_at = |token: &Token| {
        let index = figures.binary_search_by_key(&token.position, |figure| figure.position).ok()?;
        figures.get(index).copied()
    };
    let joined_tokens = JoinedTokens { text, analyzer, analysis, chars_beside_numbers };
    let mut words: Vec<ParsedWord> = Vec::new();
    let mut index = 0;
    while let Some(token) = analysis.tokens.get(index) {
        if let Some(figure) = figure_at(token) {
            // The figure also covers a name of the currency before the number.
            while words.pop_if(|word| figure.span.start <= word.span.start).is_some() {}
            let covered_tokens = analysis.tokens.get(index..).unwrap_or_default().iter();
            let covered_count =
                covered_tokens.take_while(|token| token.span.start < figure.span.end).count();
            words.push(figure_word(text, analysis, figure, covered_count));
            index += covered_count.max(1);
            continue;
        }
        let token_count = joined_tokens.count_from(index, figure_at);
        let tokens = analysis.tokens.get(index..index + token_count).unwrap_or_default();
        let is_stop_word =
            token.kind == TokenKind::Han || analyzer.is_stop_word(analysis.term(token));
        if token_count > 1
            || includes_stop_words
            || !is_stop_word
            || capitals_term_of_stop_word(analysis, token).is_some()
        {
            words.extend(word_of_tokens(analyzer, analysis, tokens));
        }
        index += token_count;
    }
    words
}

/// Replaces the words that overlap `word` by `word`. Does nothing if `word` is `None`.
pub(super) fn replace_words(words: &mut Vec<ParsedWord>, word: Option<ParsedWord>) {
    let Some(word) = word else { return };
    words.retain(|other| other.span.end <= word.span.start || word.span.end <= other.span.start);
    words.push(word);
}

/// Returns the word of a document number with a year in brackets, such as `国发〔2021〕23号`: the phrase of its tokens,
/// with any kind of brackets. `None` if `span` has no tokens.
pub(super) fn document_number_word(analysis: &Analysis, span: Span) -> Option<ParsedWord> {
    let is_inside = |token: &&Token| span.start <= token.span.start && token.span.end <= span.end;
    let tokens: Vec<&Token> = analysis.tokens.iter().filter(is_inside).collect();
    let (first, last) = (tokens.first()?, tokens.last()?);
    let terms = tokens.iter().map(|token| analysis.term(token)).filter(|term| *term != "第");
    let slots = terms.zip(0..).map(|(term, offset)| PhraseSlot::term(offset, term));
    Some(ParsedWord {
        alternatives: vec![Alternative::phrase(slots.collect())],
        date: None,
        position: first.position,
        position_count: tokens.len() as u32,
        span: Span::new(first.span.start, last.span.end),
    })
}

/// Returns the tokens of `text` that no word of `words` covers, as the text spells them. These tokens are stop words.
pub(super) fn uncovered_stop_words(
    text: &str,
    analysis: &Analysis,
    words: &[ParsedWord],
) -> Vec<String> {
    let is_searched = |token: &Token| {
        words
            .iter()
            .any(|word| word.span.start <= token.span.start && token.span.end <= word.span.end)
    };
    let tokens = analysis.tokens.iter();
    tokens
        .filter(|token| token.kind == TokenKind::Word && !is_searched(token))
        .map(|token| token.span.of(text).to_owned())
        .collect()
}

/// Returns the word that consists of these tokens. Several tokens form a phrase. `None` if there are no tokens.
fn word_of_tokens(
    analyzer: &Analyzer,
    analysis: &Analysis,
    tokens: &[Token],
) -> Option<ParsedWord> {
    let (first_token, last_token) = (tokens.first()?, tokens.last()?);
    let is_single_word = tokens.len() == 1;
    let slots = tokens.iter().zip(0..).map(|(token, offset)| {
        let term = analysis.term(token);
        // A stop word in a compound has no inflections: well-being does not find "well be".
        let is_stop_word = analyzer.is_stop_word(term)
            && capitals_term_of_stop_word(analysis, token).is_none_or(|_| term == "no");
        if is_stop_word && !is_single_word {
            PhraseSlot::term(offset, term)
        } else {
            slot_of_token(analyzer, analysis, token, offset)
        }
    });
    Some(ParsedWord {
        alternatives: vec![Alternative::phrase(slots.collect())],
        date: None,
        position: first_token.position,
        position_count: tokens.len() as u32,
        span: Span::new(first_token.span.start, last_token.span.end),
    })
}

/// Returns the phrase of all tokens of a text, with every inflection of its words. `None` if there are no tokens.
pub(super) fn phrase_of_tokens(analyzer: &Analyzer, analysis: &Analysis) -> Option<Alternative> {
    let tokens = analysis.tokens.iter();
    let slots =
        tokens.zip(0..).map(|(token, offset)| slot_of_token(analyzer, analysis, token, offset));
    let slots: Vec<_> = slots.collect();
    let is_chinese = analysis.tokens.iter().all(|token| token.kind == TokenKind::Han);
    (!slots.is_empty())
        .then_some(Alternative { is_contiguous: is_chinese, ..Alternative::phrase(slots) })
}

/// Returns the slot of a token in a phrase. A Han character, a stop word in capitals and a protected word match only
/// their exact term. Any other word matches in every inflection.
fn slot_of_token(
    analyzer: &Analyzer,
    analysis: &Analysis,
    token: &Token,
    offset: u32,
) -> PhraseSlot {
    // l’Union is searched as union, which finds l’Union, d’Union and Union.
    let term = analysis.most_specific_term(token);
    if token.kind == TokenKind::Han
        || capitals_term_of_stop_word(analysis, token).is_some()
        || analyzer.is_protected(term)
    {
        return PhraseSlot::term(offset, term);
    }
    let pattern = TermPattern::Stem { term: term.to_owned(), stem: stem(term).into_owned() };
    PhraseSlot::pattern(offset, pattern)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::Chinese,
        fact::{Publication, push_terms},
    };

    /// Returns the words of a text. Each word is printed as its position and its terms, which are joined by `+`.
    fn printed_positions_and_terms(text: &str) -> String {
        let (analyzer, mut analysis) = (Analyzer::new(Chinese::Off), Analysis::default());
        analyzer.tokens(text, &mut analysis);
        push_terms(text, Publication::default(), &mut analysis);
        let printed_word = |word: &ParsedWord| {
            let terms: Vec<&str> =
                word.alternatives[0].slots.iter().map(|slot| slot.pattern.text()).collect();
            format!("{}{}", word.position, terms.join("+"))
        };
        let words = non_chinese_words(text, &analyzer, &analysis, &[], false);
        words.iter().map(printed_word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_of_letters_and_digits_are_one_leaf() {
        for (text, expected) in [
            ("COVID19 vaccine", "0covid+19 2vaccine"),
            ("COVID-19 vaccine", "0covid+19 2vaccine"),
            ("COVID 19", "0covid 119"),
            ("COVID-19-related", "0covid+19 2related"),
            ("F-16s", "0f+16+s"),
            ("20-year plan", "020-year 2plan"),
            ("H1N1", "0h+1+n+1"),
            ("flying-car", "0flying 1car"),
            ("R&D", "0r+d"),
            ("R & D", "0r+d"),
            ("health & safety", "0health 1safety"),
            ("A-level results", "0A+level 2results"),
            ("I-9", "0I+9"),
            ("A380", "0A+380"),
            ("AT&T", "0AT+t"),
            ("2024-05", "02024 105"),
            ("the well-being of", "1well+being"),
            ("well being", "0well"),
            ("so-called by-elections", "0so+called 2by+elections"),
            ("not-for-profit", "0not+for+profit"),
            ("low-emission", "0low 1emission"),
            ("check‑in", "0check+in"),
            ("No. 5 and no. 10", "0no+5 3no+10"),
            ("NO.5 bus", "0no+5 2bus"),
            ("no 5% growth", "15% 2growth"),
            ("in 2024", "12024"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }

    #[test]
    fn figures_are_searched_with_their_units() {
        for (text, expected) in [
            ("5", "05"),
            ("5% growth", "05% 1growth"),
            ("5 per cent growth", "05 per cent 3growth"),
            ("£20 million fund", "0£20 million 2fund"),
            ("£20m", "0£20m"),
            ("20 million", "020000000"),
            ("RMB 500 million", "0RMB 500 million"),
            ("one trillion yuan", "0one trillion yuan"),
            ("5亿元", "05亿元"),
            ("百分之五", "0百分之五"),
            ("12.50", "012.50"),
            ("五十亿", "05000000000"),
            ("十万火急", ""),
            ("2,000 students", "02000 1students"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_with_its_year_is_one_word() {
        for (text, expected) in [
            ("March 5, 2024", "0March 5, 2024"),
            ("5 March 2024 port", "05 March 2024 3port"),
            ("5th March 2024", "05th March 2024"),
            ("port 2022-02-15", "0port 12022-02-15"),
            ("2024年3月5日", "02024年3月5日"),
            ("March 5", "0march 15"),
            ("March 2024", "0march 12024"),
            ("5/3/2024", "05 13 22024"),
            ("2024-05", "02024 105"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }

    #[test]
    fn stop_words_in_capitals_are_searched() {
        for (text, expected) in [
            ("the WHO treaty", "1WHO 2treaty"),
            ("vitamin A", "0vitamin 1A"),
            ("who signed the treaty", "1signed 3treaty"),
            ("May 2024", "0MAY 12024"),
            ("US trade", "0US 1trade"),
            ("join us", "0join 1us"),
            ("DO NOT TRAVEL TO HAITI", "2travel 4haiti"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }
}
