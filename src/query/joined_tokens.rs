//! Decides which neighbouring tokens of an unquoted text form one word of the query, such as COVID-19, AT&T, well-being,
//! No. 5 and 第5条. In a text, the tokens of such a word must follow each other.

use crate::{
    analysis::{Analysis, Analyzer, ExtraKind, ExtraToken, Token, TokenKind},
    span::Span,
};

/// Maximum number of tokens that form one word, such as `COVID-19`.
const MAX_TOKENS_PER_WORD: usize = 8;

/// Text whose tokens are joined to words.
#[derive(Clone, Copy)]
pub(super) struct JoinedTokens<'a> {
    pub(super) text: &'a str,
    pub(super) analyzer: &'a Analyzer,
    pub(super) analysis: &'a Analysis,
    /// Indexes of the tokens of Han characters that form one word with the number beside them, in ascending order.
    pub(super) chars_beside_numbers: &'a [usize],
}

impl<'a> JoinedTokens<'a> {
    /// Returns the number of tokens, from the token at `index` on, that form one word. `figure_at` returns the number
    /// or date that begins at a token. Words of several tokens are, for example, `COVID19`, `COVID-19`, `A-level`,
    /// `well-being` and `AT&T`.
    pub(super) fn count_from<'f>(
        self,
        index: usize,
        figure_at: impl Fn(&Token) -> Option<&'f ExtraToken>,
    ) -> usize {
        let compound_count = self.count_of_compound_with_stop_word(index);
        if compound_count > 1 {
            return compound_count;
        }
        let mut token_count = 1;
        while let Some([before, after]) =
            self.analysis.tokens.get(index + token_count - 1..=index + token_count)
            && token_count < MAX_TOKENS_PER_WORD
            && figure_at(after).is_none()
            && self.belong_to_one_word(index + token_count, before, after, token_count == 1)
        {
            token_count += 1;
        }
        token_count
    }

    /// Returns the number of words, from the word at `index` on, that hyphens join, if one of them is a stop word:
    /// 2 for well-being, 3 for not-for-profit. Without the hyphens, the stop word would not be searched. Returns 1 for
    /// any other word.
    fn count_of_compound_with_stop_word(self, index: usize) -> usize {
        let tokens = self.analysis.tokens.get(index..).unwrap_or_default();
        let joined_pairs = tokens.windows(2).take(MAX_TOKENS_PER_WORD - 1).take_while(|pair| {
            pair.iter().all(|token| token.kind == TokenKind::Word)
                && matches!(pair, [before, after] if is_hyphen(self.gap(before, after)))
        });
        let word_count = joined_pairs.count() + 1;
        let mut words = tokens.iter().take(word_count);
        let has_stop_word =
            words.any(|token| self.analyzer.is_stop_word(self.analysis.term(token)));
        if has_stop_word { word_count } else { 1 }
    }

    /// Returns the text between two tokens.
    fn gap(self, before: &Token, after: &Token) -> &'a str {
        Span::new(before.span.end, after.span.start).of(self.text)
    }

    /// Returns whether the neighbouring tokens `before` and `after` belong to one word. Letters and digits belong to
    /// one word if a hyphen or nothing is between them. A single letter and another token belong to one word if a
    /// hyphen is between them, and any two tokens if an ampersand is between them. `No` and a number after it belong to
    /// one word. Letters after digits and a hyphen belong to the word only if `before_begins_word` is true, that is, if
    /// the digits begin the word: `COVID-19-related` is the words `COVID-19` and `related`. `after_index` is the index
    /// of the token `after`.
    fn belong_to_one_word(
        self,
        after_index: usize,
        before: &Token,
        after: &Token,
        before_begins_word: bool,
    ) -> bool {
        if before.kind == TokenKind::Han || after.kind == TokenKind::Han {
            let is_beside_number = |index| self.chars_beside_numbers.binary_search(&index).is_ok();
            return is_beside_number(after_index) && follows_number_token(self.text, before, after)
                || is_beside_number(after_index - 1)
                    && precedes_number(self.text, self.analysis, after_index - 1);
        }
        let starts_with_digit =
            |token: &Token| self.analysis.term(token).starts_with(|c: char| c.is_ascii_digit());
        let is_letter = |token: &Token| {
            capitals_term_of_stop_word(self.analysis, token).is_some()
                && self.analysis.term(token).len() == 1
        };
        let digits = (starts_with_digit(before), starts_with_digit(after));
        match self.gap(before, after) {
            gap if is_number_sign(self.analysis.term(before), gap) && is_number(after) => true,
            "" => digits.0 != digits.1,
            "&" | "＆" => true,
            // With spaces, an ampersand between words means "and".
            " & " => [before, after].iter().all(|token| self.analysis.term(token).len() <= 2),
            gap if is_hyphen(gap) => match digits {
                (false, true) => true,
                (true, false) => before_begins_word,
                (false, false) => is_letter(before) || is_letter(after),
                (true, true) => false,
            },
            _ => false,
        }
    }
}

/// Returns the term of the number that directly precedes the Han character with the token index `index`, with nothing
/// or one space between them. `None` if no number precedes it.
pub(super) fn follows_number<'a>(
    text: &str,
    analysis: &'a Analysis,
    index: usize,
) -> Option<&'a str> {
    let [number, character] = analysis.tokens.get(index.checked_sub(1)?..=index)? else {
        return None;
    };
    follows_number_token(text, number, character).then(|| analysis.term(number))
}

/// Returns whether `before` is a number, with nothing or one space between it and the token `after`.
fn follows_number_token(text: &str, before: &Token, after: &Token) -> bool {
    is_number(before) && matches!(Span::new(before.span.end, after.span.start).of(text), "" | " ")
}

/// Returns whether the Han character with the token index `index` directly precedes a number. A space may only separate
/// `第` from its number; another character before a space belongs to the words before it.
pub(super) fn precedes_number(text: &str, analysis: &Analysis, index: usize) -> bool {
    let Some([character, number]) = analysis.tokens.get(index..=index + 1) else { return false };
    let gap = Span::new(character.span.end, number.span.start).of(text);
    is_number(number) && (gap.is_empty() || gap == " " && analysis.term(character) == "第")
}

/// Returns the additional term that a stop word in capitals has, such as `WHO`. `None` for any other token.
pub(super) fn capitals_term_of_stop_word<'a>(
    analysis: &'a Analysis,
    token: &Token,
) -> Option<&'a ExtraToken> {
    let mut extras = analysis.extra_tokens_at(token.position).iter();
    extras.find(|extra| extra.kind == ExtraKind::Capitals)
}

/// Returns whether a word means "number", and stands as such before a number: No. 5. `gap` is the text between them.
fn is_number_sign(term: &str, gap: &str) -> bool {
    term == "no" && matches!(gap, "." | " " | ". " | "\u{A0}" | ".\u{A0}")
}

/// Returns whether a token is a number in digits.
fn is_number(token: &Token) -> bool {
    token.kind == TokenKind::Number
}

/// Returns whether the text between two tokens is a hyphen.
fn is_hyphen(gap: &str) -> bool {
    matches!(gap, "-" | "\u{2010}" | "\u{2011}")
}
