//! Computes the similarity of two sentences from their words, without their numbers.

use std::collections::BTreeSet;

use crate::script::is_han;

/// Words of a sentence without numbers: Latin words in lower case, and pairs of neighbouring Han characters.
#[derive(Debug)]
pub(super) struct SentenceWords(BTreeSet<String>);

impl SentenceWords {
    pub(super) fn new(sentence: &str) -> Self {
        let mut words = BTreeSet::new();
        let sentence = sentence.to_lowercase();
        for run in sentence.split(|c: char| !c.is_alphabetic()).filter(|run| !run.is_empty()) {
            let characters: Vec<char> = run.chars().collect();
            if characters.iter().any(|&c| is_han(c)) {
                words.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
            } else {
                words.insert(run.to_owned());
            }
        }
        Self(words)
    }

    /// Returns the number of common words divided by the number of all words, from 0 to 1 (Jaccard index).
    pub(super) fn similarity(&self, other: &Self) -> f64 {
        let common_count = self.0.intersection(&other.0).count();
        let total_count = self.0.len() + other.0.len() - common_count;
        if total_count == 0 { 0.0 } else { common_count as f64 / total_count as f64 }
    }
}
