//! Words that the user adds to the dictionary that segments Chinese queries.

use std::collections::HashMap;

use crate::analysis::{Analysis, Analyzer, Chinese, TokenKind};

/// Maximum number of characters of a word.
const MAX_USER_WORD_CHARS: usize = 24;
/// Maximum frequency of a word: more than the sum of the frequencies in the built-in dictionary, and small enough that
/// sums of many frequencies do not overflow.
const MAX_USER_WORD_FREQUENCY: usize = 1_000_000_000;

/// Chinese words of the user, each with its frequency. For a word without frequency (`None`), the segmentation uses a
/// frequency that is high enough to keep the word unsplit.
#[derive(Debug, Clone, Default)]
pub(crate) struct UserDictionaryWords {
    /// Frequency of each word. `None` if the list gives no frequency.
    frequencies: HashMap<String, Option<usize>>,
    /// Number of characters of the longest word.
    max_word_chars: usize,
}

impl UserDictionaryWords {
    /// Adds the word of a line in the format of jieba: the word, its frequency, and its part of speech, which is
    /// ignored. Only the word is required.
    ///
    /// # Errors
    ///
    /// The message that says what is wrong with the line.
    pub(super) fn add_word_line(&mut self, line: &str) -> Result<(), String> {
        let mut parts = line.split_whitespace();
        let (word, frequency) = (parts.next().unwrap_or_default(), parts.next());
        let frequency = frequency.map(parse_frequency).transpose()?;
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(word, &mut analysis);
        let char_count = analysis.tokens.len();
        let is_chinese = analysis.tokens.iter().all(|token| token.kind == TokenKind::Han)
            && char_count == word.chars().count();
        if !is_chinese || !(2..=MAX_USER_WORD_CHARS).contains(&char_count) {
            return Err(format!(
                "{word} is not a Chinese word of 2 to {MAX_USER_WORD_CHARS} characters: write 广州塔 or 广州塔 500"
            ));
        }
        let mut term = String::new();
        analysis.append_terms(0, char_count, &mut term);
        self.frequencies.insert(term, frequency);
        self.max_word_chars = self.max_word_chars.max(char_count);
        Ok(())
    }

    /// Returns the words of the user that occur in `text`, each with its frequency. Shorter words come first.
    #[cfg_attr(
        not(any(feature = "chinese", test)),
        expect(dead_code, reason = "there is no segmentation")
    )]
    pub(crate) fn user_words_in<'t>(&self, text: &'t str) -> Vec<(&'t str, Option<usize>)> {
        let mut words = Vec::new();
        if self.frequencies.is_empty() {
            return words;
        }
        for (start, _) in text.char_indices() {
            let rest = text.get(start..).unwrap_or_default();
            let ends =
                rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(self.max_word_chars);
            for end in ends {
                let Some(word) = rest.get(..end) else { continue };
                if let Some(frequency) = self.frequencies.get(word) {
                    words.push((word, *frequency));
                }
            }
        }
        words.sort_by_key(|(word, _)| (word.len(), *word));
        words.dedup();
        words
    }
}

/// Parses the frequency of a word. The error says what to write instead.
fn parse_frequency(text: &str) -> Result<usize, String> {
    let frequency =
        text.parse().ok().filter(|number| (1..=MAX_USER_WORD_FREQUENCY).contains(number));
    frequency.ok_or_else(|| {
        format!(
            "{text} is not a frequency: write a number from 1 to {MAX_USER_WORD_FREQUENCY}, or only the word"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_chinese_word_and_may_have_a_frequency() {
        for (line, expected) in [
            ("广州塔", Some(("广州塔", None))),
            ("廣州塔 500 n", Some(("广州塔", Some(500)))),
            ("广州塔\t7", Some(("广州塔", Some(7)))),
            ("塔", None),
            ("tower", None),
            ("广州 tower", None),
            ("广州塔 0", None),
            ("广-州", None),
        ] {
            let mut words = UserDictionaryWords::default();
            assert_eq!(words.add_word_line(line).is_ok(), expected.is_some(), "{line}");
            let words_of_text = words.user_words_in("登上广州塔看广州塔");
            assert_eq!(words_of_text, Vec::from_iter(expected), "{line}");
        }
        assert!(
            UserDictionaryWords::default()
                .add_word_line(&"一".repeat(MAX_USER_WORD_CHARS + 1))
                .is_err()
        );
    }
}
