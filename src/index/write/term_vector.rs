//! Tokens of a passage → its term vector in a column: how often which words occur in it, from which it is
//! computed how much passages resemble each other.
//!
//! An inverted index knows which passages a word is in, not which words a passage holds, and reading the text
//! of two hundred passages takes longer than finding them. A word is its first characters, a cheap stem,
//! hashed to 16 bits; on the test collections nothing was lost by either.

use crate::analysis::{Analysis, TokenKind, is_stop_word};

/// Words that agree in so many characters are one.
const PREFIX_CHARS: usize = 6;
/// A number of occurrences takes so many bits; more count as the most that fits.
const COUNT_BITS: u32 = 2;

/// The word of an entry of a vector, as a number, and how often it occurs.
pub(crate) const fn entry(value: u64) -> (u16, u32) {
    ((value >> COUNT_BITS) as u16, (value & ((1 << COUNT_BITS) - 1)) as u32 + 1)
}

/// Appends the words of a text that are in a vector: not Han, not numbers, not those that say nothing.
pub(in crate::index) fn push_vector_words(analysis: &Analysis, words: &mut Vec<u16>) {
    let tokens = analysis.tokens.iter().filter(|token| token.kind == TokenKind::Word);
    let terms = tokens.map(|token| analysis.term(token)).filter(|term| !is_stop_word(term));
    words.extend(terms.map(hashed));
}

/// The entries of the vector that `words` make, in a fixed order; empties `words`.
pub(in crate::index) fn entries(words: &mut Vec<u16>) -> impl Iterator<Item = u64> {
    words.sort_unstable();
    let entries: Vec<u64> = words
        .chunk_by(|a, b| a == b)
        .filter_map(|same| {
            let most = 1 << COUNT_BITS;
            Some(u64::from(*same.first()?) << COUNT_BITS | (same.len().min(most) as u64 - 1))
        })
        .collect();
    words.clear();
    entries.into_iter()
}

/// FNV-1a of the first characters.
fn hashed(term: &str) -> u16 {
    let prefix = term.char_indices().nth(PREFIX_CHARS).and_then(|(end, _)| term.get(..end));
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in prefix.unwrap_or(term).bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash >> 32) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    #[test]
    fn entries_say_which_word_and_how_often() {
        let mut analysis = Analysis::default();
        let text = "The factory and factories, 39,000 cars: car car car car car 飞行汽车";
        Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
        let mut words = Vec::new();
        push_vector_words(&analysis, &mut words);
        let mut found: Vec<_> = entries(&mut words).map(entry).collect();
        let mut expected = vec![(hashed("factor"), 2), (hashed("cars"), 1), (hashed("car"), 4)];
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert!(words.is_empty());
    }
}
