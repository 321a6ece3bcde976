//! Finds abbreviations that a text defines in brackets, by the algorithm of Schwartz and Hearst.
//!
//! Source: "A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text", 2003. The
//! algorithm matches the characters of the short form, from last to first, against the long form. The first
//! character of the short form must match the first character of a word.

use std::ops::Range;

use crate::{
    analysis::{Analysis, Token, TokenKind, is_stop_word},
    script::is_han,
};

/// Allowed lengths of a short form, in characters.
const SHORT_FORM_CHARS: Range<usize> = 2..11;
/// Maximum difference between the number of words of an English long form and the number of letters of its short form.
const MAX_EXTRA_LONG_FORM_WORDS: usize = 5;
/// Maximum number of characters of a Chinese long form for each character of its short form.
const MAX_CHINESE_LONG_FORM_RATIO: usize = 6;
/// Maximum number of words before a stop word that are searched for the first word of an English long form: `Office`
/// before `of` in `Office of Management and Budget`.
const MAX_WORDS_BEFORE_STOP_WORD: usize = 3;
/// Punctuation that a long form cannot contain.
const LONG_FORM_BOUNDARIES: &[char] =
    &['.', '!', '?', ';', ':', '(', ')', '。', '！', '？', '；', '：', '，', '（', '）', '\n'];
/// English terms that introduce a short form in brackets, as in `(hereinafter "NDRC")`.
const ENGLISH_SHORT_FORM_INTRODUCTIONS: &[&str] = &["hereinafter", "hereafter", "the", "or"];
/// Chinese words that introduce a short form in brackets, as in `（以下简称“社保局”）`.
const CHINESE_SHORT_FORM_INTRODUCTIONS: &[&str] =
    &["以下简称", "以下统称", "以下称", "下简称", "下称", "简称"];

/// An abbreviation and its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Abbreviation {
    /// Index term of the abbreviation: `lebp` for LEBP (Low-Emission Bus Programme).
    pub(crate) short_form: String,
    /// Index terms of the long form, in order: `low`, `emission`, `bus`, `programme`.
    pub(crate) long_form: Vec<String>,
}

/// Returns the abbreviations that `text` defines: `Low-Emission Bus Programme (LEBP)`,
/// `LEBP (Low-Emission Bus Programme)`, `社会保障局（以下简称社保局）`. `analysis` holds the tokens of `text`.
pub(crate) fn abbreviations(text: &str, analysis: &Analysis) -> Vec<Abbreviation> {
    let mut abbreviations = Vec::new();
    for (opening_offset, _) in text.match_indices(['(', '（']) {
        let bytes_to_close = text.get(opening_offset..).and_then(|rest| rest.find([')', '）']));
        let Some(closing_offset) =
            bytes_to_close.map(|bytes_to_close| opening_offset + bytes_to_close)
        else {
            break;
        };
        let tokens_before =
            |offset: usize| analysis.tokens.partition_point(|token| token.span.start < offset);
        let (first_token, end_token) =
            (tokens_before(opening_offset), tokens_before(closing_offset));
        let brackets =
            Brackets { text, analysis, opening_offset, closing_offset, first_token, end_token };
        abbreviations.extend(brackets.abbreviation());
    }
    abbreviations
}

/// A pair of brackets and its position among the tokens of a text.
struct Brackets<'a> {
    text: &'a str,
    analysis: &'a Analysis,
    /// Byte offset of the opening bracket.
    opening_offset: usize,
    /// Byte offset of the closing bracket.
    closing_offset: usize,
    /// Index of the first token inside the brackets.
    first_token: usize,
    /// Index after the last token inside the brackets.
    end_token: usize,
}

impl Brackets<'_> {
    /// Returns the abbreviation that the brackets and the tokens before them define. `None` if they define no
    /// abbreviation.
    fn abbreviation(&self) -> Option<Abbreviation> {
        let tokens = &self.analysis.tokens;
        let (tokens_before, tokens_inside) =
            (tokens.get(..self.first_token)?, tokens.get(self.first_token..self.end_token)?);
        let last_before = tokens_before.last()?;
        if !self.text.get(last_before.span.end..self.opening_offset)?.trim().is_empty() {
            return None;
        }
        if let Some(short_form) = self.short_form_inside(tokens_inside) {
            let long_form_candidates =
                tokens_before.get(self.earliest_long_form_token(tokens_before, &short_form)..)?;
            let start_word = long_form_start(&short_form, &self.terms(long_form_candidates))?;
            let start_word =
                self.first_long_form_word(&short_form, long_form_candidates, start_word);
            return self.valid_abbreviation(short_form, long_form_candidates.get(start_word..)?);
        }
        // The token before the brackets is the short form, and their content is the long form.
        let short_form = self.short_form(last_before)?;
        let start_word = long_form_start(&short_form, &self.terms(tokens_inside))?;
        let max_words = short_form.chars().count() + MAX_EXTRA_LONG_FORM_WORDS;
        if start_word == 0 && tokens_inside.len() <= max_words {
            self.valid_abbreviation(short_form, tokens_inside)
        } else {
            None
        }
    }

    /// Returns the index of the first word of the long form of `short_form`. The long form ends with the last of
    /// `words`, and `start` is the last word with which the long form can begin. Returns an earlier word with the same
    /// first letter in two cases: if `start` is a stop word, such as `of` in `Office of Management and Budget` (`OMB`),
    /// or if a word stands for two letters, such as `Efficiency` in `Energy Efficiency Grant` (`EEG`). Otherwise
    /// returns `start`.
    fn first_long_form_word(&self, short_form: &str, words: &[Token], start: usize) -> usize {
        let terms = self.terms(words);
        let is_first = |word: usize| {
            let term = terms.get(word).copied().unwrap_or_default();
            term.chars().next() == short_form.chars().next() && !is_stop_word(term)
        };
        let begins_with_stop_word = terms.get(start).is_some_and(|term| is_stop_word(term));
        let max_distance = match words.len() - start < short_form.chars().count() {
            _ if begins_with_stop_word => MAX_WORDS_BEFORE_STOP_WORD,
            true => 1,
            false => 0,
        };
        let is_joined = |word: &usize| match words.get(*word..=*word + 1) {
            Some([left, right]) => self
                .text
                .get(left.span.end..right.span.start)
                .is_some_and(|gap| matches!(gap, " " | "-" | "\u{2010}" | "\u{2011}" | "\u{A0}")),
            _ => false,
        };
        let mut earlier_words = (0..start).rev().take(max_distance).take_while(is_joined);
        earlier_words.find(|&word| is_first(word)).unwrap_or(start)
    }

    /// Returns the abbreviation that consists of `short_form` and the terms of `long_form`. `None` if the long form is
    /// a single token or contains the short form.
    fn valid_abbreviation(&self, short_form: String, long_form: &[Token]) -> Option<Abbreviation> {
        let has_several_words = long_form.len() >= 2;
        let long_form: Vec<String> = self.terms(long_form).into_iter().map(str::to_owned).collect();
        let contains_short_form = if short_form.chars().all(is_han) {
            long_form.concat().contains(&short_form)
        } else {
            long_form.contains(&short_form)
        };
        (has_several_words && !contains_short_form)
            .then_some(Abbreviation { short_form, long_form })
    }

    /// Returns the short form inside the brackets. `inside` holds the tokens between the brackets. `None` if these
    /// tokens are no short form.
    fn short_form_inside(&self, inside: &[Token]) -> Option<String> {
        let (first_token, last_token) = (inside.first()?, inside.last()?);
        if first_token.kind == TokenKind::Han {
            return self.chinese_short_form(inside);
        }
        let text_after_first = self.text.get(first_token.span.end..self.closing_offset)?;
        if inside.len() == 1 || text_after_first.starts_with([',', ';', '，', '；']) {
            return self.short_form(first_token);
        }
        let is_introduced =
            ENGLISH_SHORT_FORM_INTRODUCTIONS.contains(&self.analysis.term(first_token));
        if is_introduced { self.short_form(last_token) } else { None }
    }

    /// Returns the Chinese short form inside the brackets: the characters after an introduction such as `以下简称`, up
    /// to the next punctuation. Skips an opening quote before the short form. `inside` holds the tokens between the
    /// brackets.
    fn chinese_short_form(&self, inside: &[Token]) -> Option<String> {
        let characters_inside = self.terms(inside).concat();
        let after_introduction = CHINESE_SHORT_FORM_INTRODUCTIONS
            .iter()
            .find_map(|words| characters_inside.strip_prefix(words))?;
        let introduction_chars =
            characters_inside.chars().count() - after_introduction.chars().count();
        let mut short_form = String::new();
        let mut previous_end = None;
        let following_tokens = inside.get(introduction_chars..)?.iter();
        for token in following_tokens.filter(|token| token.kind == TokenKind::Han) {
            if previous_end.is_some_and(|offset| offset != token.span.start) {
                break;
            }
            previous_end = Some(token.span.end);
            short_form.push_str(self.analysis.term(token));
        }
        SHORT_FORM_CHARS.contains(&short_form.chars().count()).then_some(short_form)
    }

    /// Returns the term of a token that looks like an abbreviation, without the plural s. `None` if the token has no
    /// capital, or fewer than two capitals and digits together.
    fn short_form(&self, token: &Token) -> Option<String> {
        let token_text = token.span.of(self.text);
        let capital_count = token_text.chars().filter(|c| c.is_uppercase()).count();
        let digit_count = token_text.chars().filter(char::is_ascii_digit).count();
        let term = self.analysis.term(token);
        let is_plural = token_text
            .strip_suffix('s')
            .is_some_and(|singular| singular.ends_with(char::is_uppercase));
        let singular = term.strip_suffix('s').filter(|_| is_plural).unwrap_or(term);
        let is_abbreviation = token.kind != TokenKind::Han
            && SHORT_FORM_CHARS.contains(&singular.chars().count())
            && capital_count >= 1
            && capital_count + digit_count >= 2;
        is_abbreviation.then(|| singular.to_owned())
    }

    /// Returns the index in `before` of the first token that may belong to the long form. `before` holds
    /// the tokens before the brackets.
    fn earliest_long_form_token(&self, before: &[Token], short_form: &str) -> usize {
        let short_form_chars = short_form.chars().count();
        let is_chinese = before.last().is_some_and(|token| token.kind == TokenKind::Han);
        let max_tokens = if is_chinese {
            short_form_chars * MAX_CHINESE_LONG_FORM_RATIO
        } else {
            (short_form_chars + MAX_EXTRA_LONG_FORM_WORDS).min(short_form_chars * 2)
        };
        let is_boundary = |pair: &[Token]| match pair {
            [left, right] => self
                .text
                .get(left.span.end..right.span.start)
                .is_some_and(|gap| gap.contains(LONG_FORM_BOUNDARIES)),
            _ => false,
        };
        let token_pairs = before.windows(2).rev().take(max_tokens - 1);
        let pairs_without_boundary = token_pairs.take_while(|pair| !is_boundary(pair)).count();
        before.len().saturating_sub(pairs_without_boundary + 1)
    }

    /// Returns the terms of the tokens.
    fn terms(&self, tokens: &[Token]) -> Vec<&str> {
        tokens.iter().map(|token| self.analysis.term(token)).collect()
    }
}

/// Returns the index of the first word of the long form of `short_form`. The long form ends with the last of
/// `words`. `None` if the words do not match the short form.
fn long_form_start(short_form: &str, words: &[&str]) -> Option<usize> {
    let letters: Vec<(char, bool, usize)> = words
        .iter()
        .enumerate()
        .flat_map(|(word, term)| {
            term.chars().enumerate().map(move |(index, c)| (c, index == 0, word))
        })
        .collect();
    let mut reversed_letters = letters.iter().rev();
    let mut start_word = None;
    let mut reversed_short_form = short_form.chars().rev().peekable();
    while let Some(c) = reversed_short_form.next() {
        let is_first_letter = reversed_short_form.peek().is_none();
        let (_, _, word) = reversed_letters
            .find(|(letter, begins_word, _)| *letter == c && (*begins_word || !is_first_letter))?;
        start_word = Some(*word);
    }
    start_word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    #[test]
    fn abbreviations_are_found_in_brackets() {
        for (text, expected) in [
            ("the Low-Emission Bus Programme (LEBP) began", "lebp=low emission bus programme"),
            ("The LEBP (Low-Emission Bus Programme) began", "lebp=low emission bus programme"),
            ("help for small and medium enterprises (SMEs)", "sme=small and medium enterprises"),
            (
                "the National Development and Reform Commission (hereinafter “NDRC”)",
                "ndrc=national development and reform commission",
            ),
            ("Gross Domestic Product (GDP, in yuan)", "gdp=gross domestic product"),
            ("the Office of Management and Budget (OMB)", "omb=office of management and budget"),
            (
                "the Agri-Food and Veterinary Authority (AVA)",
                "ava=agri food and veterinary authority",
            ),
            ("the Funding for Lending Scheme (FLS)", "fls=funding for lending scheme"),
            ("through In-Vitro Diagnostics (IVD)", "ivd=in vitro diagnostics"),
            ("the Energy Efficiency Grant (EEG)", "eeg=energy efficiency grant"),
            ("by the Multi-Ministry Taskforce (MTF)", "mtf=multi ministry taskforce"),
            ("NEA, National Parks Board (NParks)", "nparks=national parks board"),
            ("a new National Living Wage (NLW)", "nlw=national living wage"),
            ("It ended. Product of Gold Domes (GDP)", ""),
            ("the plan (see above)", ""),
            ("the plan (2025)", ""),
            ("the Plan (TP", ""),
            ("人力资源和社会保障局（以下简称“人社局”）", "人社局=人 力 资 源 和 社 会 保 障 局"),
            ("廣東省財政廳（下稱省財廳）", "省财厅=省 财 政 厅"),
            ("粤港澳大湾区（以下简称“大湾区”）", ""),
            ("企业和其他组织（以下简称企业）", ""),
        ] {
            let mut analysis = Analysis::default();
            Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
            let definitions: Vec<String> = abbreviations(text, &analysis)
                .iter()
                .map(|abbreviation| {
                    format!("{}={}", abbreviation.short_form, abbreviation.long_form.join(" "))
                })
                .collect();
            assert_eq!(definitions.join("; "), expected, "{text}");
        }
    }
}
