//! Sets of English words. A look-up excludes most words that are not in the set without comparing strings.

/// Number of classes of letters: `a` to `z`, and all other bytes.
const LETTER_CLASS_COUNT: usize = 27;

/// Set of English words in lower case, of at most 31 bytes each. Almost every word of a text is looked up in a set, and
/// most words are excluded by their first two letters and their length.
#[derive(Debug)]
pub(super) struct WordSet {
    /// Words of the set, in lower case.
    words: &'static [&'static str],
    /// Lengths of the words by the classes of their first two letters: bit `n` is set if such a word has `n` bytes.
    length_bits: [[u32; LETTER_CLASS_COUNT]; LETTER_CLASS_COUNT],
}

impl WordSet {
    /// Returns the set of `words`.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut length_bits = [[0; LETTER_CLASS_COUNT]; LETTER_CLASS_COUNT];
        let mut index = 0;
        while index < words.len() {
            let word = words[index].as_bytes();
            let (first, second) = first_two_letter_classes(word);
            length_bits[first][second] |= 1 << word.len();
            index += 1;
        }
        Self { words, length_bits }
    }

    /// Returns whether `word`, in lower case, is in the set.
    pub(super) fn contains(&self, word: &str) -> bool {
        let (first, second) = first_two_letter_classes(word.as_bytes());
        let length_bits =
            self.length_bits.get(first).and_then(|row| row.get(second)).copied().unwrap_or(0);
        word.len() < u32::BITS as usize
            && length_bits >> word.len() & 1 == 1
            && self
                .words
                .iter()
                .any(|other| other.as_bytes().first() == word.as_bytes().first() && *other == word)
    }
}

/// Returns the classes of the first and the second letter.
const fn first_two_letter_classes(word: &[u8]) -> (usize, usize) {
    match word {
        [] => (0, 0),
        [first] => (letter_class(*first), 0),
        [first, second, ..] => (letter_class(*first), letter_class(*second)),
    }
}

/// Returns the class of a letter: 1 to 26 for `a` to `z`, and 0 for any other byte.
const fn letter_class(byte: u8) -> usize {
    if byte.is_ascii_lowercase() { (byte - b'a') as usize + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_contains_its_words_only() {
        static SET: WordSet = WordSet::new(&["a", "one", "ten", "h.r"]);
        for (word, expected) in [
            ("a", true),
            ("one", true),
            ("ten", true),
            ("h.r", true),
            ("", false),
            ("b", false),
            ("ore", false),
            ("once", false),
            ("é", false),
            ("ein sehr langes Wort ohne jeden Sinn", false),
        ] {
            assert_eq!(SET.contains(word), expected, "{word}");
        }
    }
}
