//! Text → an upper estimate of the tokens that a language model reads it as.
//!
//! No tokenizer is known here, so each kind of character counts as what the greedier ones make of it.

/// Letters of a word that are one token, in tokenizers that know little of its language.
const LETTERS: usize = 3;

/// How many tokens `text` is at most, as an estimate: one for each three letters of a word begun, one for
/// each digit, mark, line end and space beyond the first, two for each Chinese character, and for
/// any other character as many as it has bytes in UTF-8, which is the most that there can be.
pub(super) fn tokens(text: &str) -> usize {
    let mut count = 0;
    let mut meter = Meter::default();
    for c in text.chars() {
        count += meter.next(c);
    }
    count
}

/// The longest beginning of `text` that is at most `most` tokens; up to the end of a word where there is
/// one.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    let (mut count, mut word) = (0, 0);
    let mut meter = Meter::default();
    for (at, c) in text.char_indices() {
        count += meter.next(c);
        if !c.is_ascii_alphanumeric() {
            word = at;
        }
        if count > most {
            return text.get(..word).unwrap_or_default();
        }
        if !c.is_ascii() {
            word = at + c.len_utf8();
        }
    }
    text
}

/// What came before a character, as far as it decides what the character counts.
#[derive(Debug, Default)]
struct Meter {
    letters: usize,
    space: bool,
}

impl Meter {
    /// How many tokens `c` adds.
    fn next(&mut self, c: char) -> usize {
        let (letters, space) = (self.letters, self.space);
        *self = Self { letters: 0, space: c == ' ' };
        match c {
            'a'..='z' | 'A'..='Z' => {
                self.letters = letters + 1;
                usize::from(letters.is_multiple_of(LETTERS))
            }
            // A single space belongs to the word that follows.
            ' ' => usize::from(space),
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
    fn counts() {
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
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn beginnings() {
        for (text, most, expected) in [
            ("flying car", 9, "flying car"),
            ("flying car", 2, "flying"),
            ("flying car", 1, ""),
            ("广州的车", 5, "广州"),
            ("广州car", 4, "广州"),
            ("a, b", 2, "a,"),
            ("", 0, ""),
        ] {
            assert_eq!(beginning(text, most), expected, "{text} {most}");
        }
    }

    proptest! {
        #[test]
        fn a_beginning_is_within_its_limit(text in r"([a-zA-Z ]|[0-9.,\n]|[广州年，]|[é𠀀😀]){0,60}", most in 0usize..80) {
            let cut = beginning(&text, most);
            prop_assert!(text.starts_with(cut));
            prop_assert!(tokens(cut) <= most);
            prop_assert!(cut == text || tokens(&text) > most);
        }

        #[test]
        fn parts_count_at_least_what_the_whole_does(a in r"[a-z 广,]{0,9}", b in r"[a-z 广,]{0,9}") {
            let whole = tokens(&[a.as_str(), &b].concat());
            prop_assert!(whole <= tokens(&a) + tokens(&b) + 1);
        }
    }
}
