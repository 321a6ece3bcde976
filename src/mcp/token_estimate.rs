//! Estimates the maximum number of tokens that a language model needs for a text, and truncates texts to a number of
//! tokens.
//!
//! The tokenizer of the model is unknown. So each kind of character counts as many tokens as the least efficient common
//! tokenizer needs for the character.

/// Number of letters of a word that count as one token. A tokenizer has such short tokens if its vocabulary contains
/// few words of the language.
const LETTERS_PER_TOKEN: usize = 3;

/// Returns an estimate of the number of tokens of `text`, meant as an upper bound.
///
/// - One token for every three letters of a word, and for the remaining letters at the end of the word.
/// - One token for each digit, punctuation mark and line break, and for each space after another space.
/// - Two tokens for each Chinese character.
/// - One token for each UTF-8 byte of any other character. No tokenizer needs more.
pub(super) fn estimate_tokens(text: &str) -> usize {
    let mut token_count = 0;
    let mut counter = TokenCounter::default();
    for c in text.chars() {
        token_count += counter.add_char(c);
    }
    token_count
}

/// Returns `text` if it has at most `max_tokens` tokens. Truncates a longer text to `max_tokens` tokens and appends
/// ` …`.
pub(super) fn truncate(text: &str, max_tokens: usize) -> String {
    let prefix = prefix_within_tokens(text, max_tokens);
    if prefix.len() == text.len() { prefix.to_owned() } else { format!("{prefix} …") }
}

/// Returns the longest prefix of `text` that has at most `max_tokens` tokens and ends at the end of a word. The prefix
/// is empty if the first word has more tokens.
fn prefix_within_tokens(text: &str, max_tokens: usize) -> &str {
    let (mut token_count, mut word_end) = (0, 0);
    let mut counter = TokenCounter::default();
    for (index, c) in text.char_indices() {
        token_count += counter.add_char(c);
        if !c.is_ascii_alphanumeric() {
            word_end = index;
        }
        if token_count > max_tokens {
            return text.get(..word_end).unwrap_or_default();
        }
        if !c.is_ascii() {
            word_end = index + c.len_utf8();
        }
    }
    text
}

/// Counts tokens character by character. The fields describe the characters before the next character.
#[derive(Debug, Default)]
struct TokenCounter {
    /// Number of letters directly before the next character.
    preceding_letter_count: usize,
    /// Whether a space is directly before the next character.
    follows_space: bool,
}

impl TokenCounter {
    /// Adds the character `c`, and returns the number of tokens that `c` adds to the count.
    fn add_char(&mut self, c: char) -> usize {
        let (preceding_letter_count, follows_space) =
            (self.preceding_letter_count, self.follows_space);
        *self = Self { preceding_letter_count: 0, follows_space: c == ' ' };
        match c {
            'a'..='z' | 'A'..='Z' => {
                self.preceding_letter_count = preceding_letter_count + 1;
                usize::from(preceding_letter_count.is_multiple_of(LETTERS_PER_TOKEN))
            }
            // Tokenizers merge a single space with the next word.
            ' ' => usize::from(follows_space),
            '\u{4E00}'..='\u{9FFF}' => 2,
            c => c.len_utf8(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_of_character_has_its_own_estimate() {
        for (text, expected) in [
            ("", 0),
            ("a", 1),
            ("car", 1),
            ("cars", 2),
            ("flying car", 3),
            ("a  b", 3),
            ("2025-12-17", 10),
            ("{\"id\":\"a\"}", 9),
            ("广州", 4),
            ("广州2025年", 10),
            ("𠀀", 4),
            ("é", 2),
            ("，", 3),
        ] {
            assert_eq!(estimate_tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn prefixes_end_with_a_word() {
        for (text, max_tokens, expected) in [
            ("flying car", 9, "flying car"),
            ("flying car", 2, "flying"),
            ("flying car", 1, ""),
            ("广州的车", 5, "广州"),
            ("广州car", 4, "广州"),
            ("a, b", 2, "a,"),
            ("", 0, ""),
        ] {
            assert_eq!(prefix_within_tokens(text, max_tokens), expected, "{text} {max_tokens}");
        }
    }

    proptest! {
        #[test]
        fn prefixes_have_at_most_the_maximum_number_of_tokens(text in r"([a-zA-Z ]|[0-9.,\n]|[广州年，]|[é𠀀😀]){0,60}", max_tokens in 0usize..80) {
            let prefix = prefix_within_tokens(&text, max_tokens);
            prop_assert!(text.starts_with(prefix));
            prop_assert!(estimate_tokens(prefix) <= max_tokens);
            prop_assert!(prefix == text || estimate_tokens(&text) > max_tokens);
        }

        #[test]
        fn estimates_of_parts_add_up_to_the_estimate_of_the_concatenation(a in r"[a-z 广,]{0,9}", b in r"[a-z 广,]{0,9}") {
            let concatenation_estimate = estimate_tokens(&[a.as_str(), &b].concat());
            prop_assert!(concatenation_estimate <= estimate_tokens(&a) + estimate_tokens(&b) + 1);
        }
    }
}
