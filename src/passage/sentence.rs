//! Splits English and Chinese text into sentences by punctuation.
//!
//! A Chinese full stop always ends a sentence. An English full stop does not end a sentence after an
//! abbreviation, an initial or an item number, or before a lower-case letter.

use crate::{
    analysis::Analysis,
    script::{ABBREVIATIONS, CHINESE_SENTENCE_ENDS, ENGLISH_SENTENCE_ENDS, is_basic_ideograph},
    span::Span,
};

/// Characters that still belong to a sentence if they follow its end: closing quotes, closing brackets and repeated
/// sentence ends.
const SENTENCE_CLOSING_CHARACTERS: [char; 17] =
    ['”', '’', '"', '\'', ')', '）', ']', '】', '」', '』', '》', '。', '！', '？', '.', '!', '?'];

/// Returns the spans of the sentences of `text`, in order and without gaps. White space after a sentence
/// belongs to this sentence.
pub(crate) fn sentences(text: &str) -> Vec<Span> {
    let mut sentences = Vec::new();
    let mut sentence_start = 0;
    let mut characters = text.char_indices().peekable();
    let mut punctuation_run = PunctuationRun::default();
    while let Some((offset, c)) = characters.next() {
        let ends_sentence = if ENGLISH_SENTENCE_ENDS.contains(&c) {
            if offset >= punctuation_run.end {
                punctuation_run = PunctuationRun::new(text, offset);
            }
            ends_english_sentence(text, sentence_start, offset, punctuation_run)
        } else {
            c == '\n' || CHINESE_SENTENCE_ENDS.contains(&c)
        };
        if !ends_sentence {
            continue;
        }
        let mut sentence_end = offset + c.len_utf8();
        while let Some((next_offset, c)) = characters
            .next_if(|(_, c)| SENTENCE_CLOSING_CHARACTERS.contains(c) || c.is_whitespace())
        {
            sentence_end = next_offset + c.len_utf8();
        }
        sentences.push(Span::new(sentence_start, sentence_end));
        sentence_start = sentence_end;
    }
    if sentence_start < text.len() {
        sentences.push(Span::new(sentence_start, text.len()));
    }
    sentences
}

/// Returns the token position of the last token of each sentence, ascending. `analysis` holds the tokens of
/// `text`.
pub(crate) fn sentence_end_positions(text: &str, analysis: &Analysis) -> Vec<u32> {
    let mut end_positions: Vec<u32> = sentences(text)
        .iter()
        .filter_map(|sentence| {
            let next_token =
                analysis.tokens.partition_point(|token| token.span.start < sentence.end);
            Some(analysis.tokens.get(next_token.checked_sub(1)?)?.position)
        })
        .collect();
    end_positions.dedup();
    end_positions
}

/// Run of characters that end an English sentence or close a quote or bracket. The text of each run is read only once,
/// so that long runs take linear time.
#[derive(Debug, Clone, Copy, Default)]
struct PunctuationRun {
    /// Byte offset after the run.
    end: usize,
    /// Byte offset of the first word after the run.
    next_word: usize,
}

impl PunctuationRun {
    /// Returns the run that begins at byte offset `at`.
    fn new(text: &str, at: usize) -> Self {
        let text_from_run = text.get(at..).unwrap_or_default();
        let text_after_run =
            text_from_run.trim_start_matches(['”', '’', '"', '\'', ')', ']', '.', '!', '?']);
        let text_from_next_word = text_after_run.trim_start();
        #[cfg(test)]
        tests::PUNCTUATION_BYTES_READ
            .with(|count| count.set(count.get() + text_from_run.len() - text_from_next_word.len()));
        Self {
            end: text.len() - text_after_run.len(),
            next_word: text.len() - text_from_next_word.len(),
        }
    }
}

/// Returns whether the character at byte offset `at` ends the English sentence that begins at `start`.
/// `run` is the punctuation run that contains the character.
fn ends_english_sentence(text: &str, start: usize, at: usize, run: PunctuationRun) -> bool {
    if run.end == text.len() {
        return true;
    }
    let text_after_space = text.get(run.next_word..).unwrap_or_default();
    let is_followed_by_space = run.next_word > run.end;
    if !is_followed_by_space || !text_after_space.starts_with(may_begin_sentence) {
        return false;
    }
    let is_full_stop = text.get(at..).is_some_and(|rest| rest.starts_with('.'));
    !is_full_stop || !full_stop_continues_sentence(text.get(start..at).unwrap_or_default())
}

/// Returns whether a sentence may begin with `c`.
fn may_begin_sentence(c: char) -> bool {
    c.is_uppercase() || c.is_numeric() || "“\"‘'(「『".contains(c) || is_basic_ideograph(c)
}

/// Returns whether the sentence continues after the full stop that follows `before`, because `before` ends with
/// initials or an abbreviation, or is an item number. `before` is the sentence up to the full stop.
fn full_stop_continues_sentence(before: &str) -> bool {
    let last_word = before.rsplit([' ', '\n', '(', '“', '"']).next().unwrap_or_default();
    // Most sentences continue after initials (U.S., J. K.), even if the next word is capitalized.
    let is_initials = last_word.split('.').all(|part| part.chars().count() == 1)
        && last_word.chars().all(|c| c.is_alphabetic() || c == '.');
    let is_item_number = !last_word.is_empty()
        && last_word.len() == before.len()
        && last_word.bytes().all(|byte| byte.is_ascii_digit());
    is_initials || is_item_number || ABBREVIATIONS.contains(&last_word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// Number of bytes read for punctuation runs on this thread.
        pub(super) static PUNCTUATION_BYTES_READ: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn long_runs_of_punctuation_are_read_once() {
        let text = format!("Chapter 1 {} 12, {}end", ".".repeat(50_000), "!? ".repeat(50_000));
        PUNCTUATION_BYTES_READ.with(|count| count.set(0));
        let sentences = sentences(&text);
        assert_eq!(sentences.last().map(|span| span.end), Some(text.len()));
        let bytes_read = PUNCTUATION_BYTES_READ.with(Cell::get);
        assert!(bytes_read <= text.len(), "{bytes_read} of {}", text.len());
    }

    #[test]
    fn texts_are_split_into_sentences() {
        let cases: [(&str, &[&str]); 9] = [
            ("One. Two! Three?", &["One. ", "Two! ", "Three?"]),
            ("It sold 2.25 million cars. Good.", &["It sold 2.25 million cars. ", "Good."]),
            (
                "The U.S. Senate met Dr. Li at No. 5 Street. It ended.",
                &["The U.S. Senate met Dr. Li at No. 5 Street. ", "It ended."],
            ),
            ("It opened on Dec. 5. It grew.", &["It opened on Dec. 5. ", "It grew."]),
            ("He said “go.” Then he went.", &["He said “go.” ", "Then he went."]),
            (
                "第一句。第二句！“第三句。”第四句；完",
                &["第一句。", "第二句！", "“第三句。”", "第四句；", "完"],
            ),
            ("version 1.609 is out", &["version 1.609 is out"]),
            ("1. First item. 2. Second.", &["1. First item. ", "2. Second."]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let actual: Vec<_> = sentences(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(actual, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn sentences_cover_the_text(text in r"(?s)(.|[.。！ \nA-Z”]){0,80}") {
            let joined_sentences: String = sentences(&text).into_iter().map(|span| span.of(&text)).collect();
            proptest::prop_assert_eq!(joined_sentences, text);
        }
    }
}
