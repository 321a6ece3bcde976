//! Term vectors: the words of a passage and their frequencies, in a fast field, for computing the similarity of
//! passages.
//!
//! An inverted index leads from a word to the passages, not from a passage to its words. Reading the texts of two
//! hundred passages takes longer than the search that finds these passages. A word is truncated to its first six
//! characters, as a cheap stem, and hashed to 16 bits. On the test collections, neither truncation nor hashing lowered
//! the quality of results.

use crate::analysis::{Analysis, TokenKind, fnv1a, is_stop_word};

/// Number of characters at the beginning of a word that represent the word. Words with equal prefixes of this length
/// count as one word.
const WORD_PREFIX_CHAR_COUNT: usize = 6;
/// Number of bits that store the frequency of a word. The bits contain the frequency minus 1. A frequency above 4
/// counts as 4.
const FREQUENCY_BITS: u32 = 2;

/// Decodes a value of a term vector, and returns the hash of a word and the frequency of the word.
pub(crate) const fn decode_term_vector_value(value: u64) -> (u16, u32) {
    ((value >> FREQUENCY_BITS) as u16, (value & ((1 << FREQUENCY_BITS) - 1)) as u32 + 1)
}

/// Appends the hashes of the words of a text to `word_hashes`. Skips Han text, numbers and stop words.
pub(super) fn append_word_hashes(analysis: &Analysis, word_hashes: &mut Vec<u16>) {
    let tokens = analysis.tokens.iter().filter(|token| token.kind == TokenKind::Word);
    let terms = tokens.map(|token| analysis.term(token)).filter(|term| !is_stop_word(term));
    word_hashes.extend(terms.map(prefix_hash));
}

/// Sorts and counts `word_hashes`, and returns the values of the term vector in ascending order. Leaves `word_hashes`
/// empty.
pub(super) fn take_term_vector(word_hashes: &mut Vec<u16>) -> impl Iterator<Item = u64> {
    word_hashes.sort_unstable();
    let vector: Vec<u64> = word_hashes
        .chunk_by(|a, b| a == b)
        .filter_map(|equal| {
            let max_frequency = 1 << FREQUENCY_BITS;
            let frequency = equal.len().min(max_frequency) as u64;
            Some(u64::from(*equal.first()?) << FREQUENCY_BITS | (frequency - 1))
        })
        .collect();
    word_hashes.clear();
    vector.into_iter()
}

/// Returns a hash of the first [`WORD_PREFIX_CHAR_COUNT`] characters of a word.
fn prefix_hash(term: &str) -> u16 {
    let prefix =
        term.char_indices().nth(WORD_PREFIX_CHAR_COUNT).and_then(|(end, _)| term.get(..end));
    (fnv1a(prefix.unwrap_or(term).as_bytes()) >> 32) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    #[test]
    fn term_vectors_contain_the_frequencies_of_words() {
        let mut analysis = Analysis::default();
        let text = "The factory and factories, 39,000 cars: car car car car car 飞行汽车";
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        let mut word_hashes = Vec::new();
        append_word_hashes(&analysis, &mut word_hashes);
        let mut word_frequencies: Vec<_> =
            take_term_vector(&mut word_hashes).map(decode_term_vector_value).collect();
        let mut expected =
            vec![(prefix_hash("factor"), 2), (prefix_hash("cars"), 1), (prefix_hash("car"), 4)];
        word_frequencies.sort_unstable();
        expected.sort_unstable();
        assert_eq!(word_frequencies, expected);
        assert!(word_hashes.is_empty());
    }
}
