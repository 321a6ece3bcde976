//! The score of a passage: one function, ours, over statistics of live passages only.

use crate::query::Ranking;

/// After so many passages half of that is left.
const LEAD_HALF: f64 = 6.0;

/// What the score of the passage at `ordinal` in its document is multiplied by.
pub(super) fn lead(ranking: &Ranking, ordinal: u64) -> f64 {
    1.0 + ranking.lead * (-(ordinal as f64) / LEAD_HALF).exp2()
}

/// What the score needs to know of the whole index.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Collection {
    /// Live passages.
    pub(super) passages: u64,
    /// The sum of their lengths, in positions.
    pub(super) positions: u64,
}

/// The weight of one ranking term: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
/// Framework: BM25 and Beyond", 2009), with the idf of Lucene, which is never negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TermWeight {
    /// Weight times idf: what a single occurrence in a passage of mean length adds.
    pub(super) ceiling: f64,
    mean_length: f64,
    k1: f64,
    b: f64,
}

impl TermWeight {
    /// A term that occurs in `frequency` live passages and counts `weight` times.
    pub(super) fn new(
        collection: Collection,
        frequency: u64,
        weight: f64,
        &Ranking { k1, b, .. }: &Ranking,
    ) -> Self {
        let (passages, frequency) = (collection.passages as f64, frequency as f64);
        let idf = (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln();
        let mean_length = (collection.positions as f64 / passages.max(1.0)).max(1.0);
        Self { ceiling: weight * idf, mean_length, k1, b }
    }

    /// What it can add: the limit as the term repeats.
    pub(super) fn most(&self) -> f64 {
        self.ceiling * (self.k1 + 1.0)
    }

    /// What it adds to a passage of `length` positions in which it occurs `frequency` times; without a
    /// length, to one of mean length.
    pub(super) fn score(&self, frequency: f64, length: Option<u64>) -> f64 {
        let relative = length.map_or(1.0, |length| length as f64 / self.mean_length);
        let norm = self.k1 * (1.0 - self.b + self.b * relative);
        self.ceiling * frequency * (self.k1 + 1.0) / (frequency + norm)
    }
}
