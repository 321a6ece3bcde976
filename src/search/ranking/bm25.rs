//! The score of a passage: one function, ours, over statistics of live passages only.

use crate::query::Ranking;

/// After so many passages half of that is left.
const LEAD_HALF: f64 = 6.0;

/// What the scores of passages are multiplied by, by their ordinals in their documents.
pub(in crate::search) struct PositionBoost {
    weight: f64,
    first: Vec<f64>,
}

impl PositionBoost {
    /// For so many ordinals it is worked out once.
    const KEPT: u32 = 64;

    pub(in crate::search) fn new(ranking: &Ranking) -> Self {
        let weight = ranking.position_boost;
        Self { weight, first: (0..Self::KEPT).map(|ordinal| raised(weight, ordinal)).collect() }
    }

    /// What the score of the passage at `ordinal` is multiplied by.
    pub(in crate::search) fn of(&self, ordinal: u32) -> f64 {
        self.first.get(ordinal as usize).copied().unwrap_or_else(|| raised(self.weight, ordinal))
    }
}

fn raised(weight: f64, ordinal: u32) -> f64 {
    1.0 + weight * (-f64::from(ordinal) / LEAD_HALF).exp2()
}

/// What the score needs to know of the whole index.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::search) struct CollectionStats {
    /// Live passages.
    pub(in crate::search) passages: u64,
    /// The sum of their lengths, in positions.
    pub(in crate::search) positions: u64,
}

/// How far the repetition of a term is from counting in full in a passage of `length` positions: the
/// denominator of BM25 without the frequency. `k1` at mean length.
pub(in crate::search) fn length_norm(
    &Ranking { k1, b, .. }: &Ranking,
    collection: CollectionStats,
    length: u32,
) -> f64 {
    k1 * (1.0 - b + b * f64::from(length) / collection.mean_length())
}

impl CollectionStats {
    /// In positions; at least 1.
    fn mean_length(&self) -> f64 {
        (self.positions as f64 / (self.passages as f64).max(1.0)).max(1.0)
    }
}

/// The weight of one ranking term: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
/// Framework: BM25 and Beyond", 2009), with the idf of Lucene, which is never negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::search) struct Bm25Weight {
    /// Weight times idf: what a single occurrence in a passage of mean length adds.
    pub(in crate::search) ceiling: f64,
    k1: f64,
}

impl Bm25Weight {
    /// A term that occurs in `frequency` live passages and counts `weight` times.
    pub(in crate::search) fn new(
        collection: CollectionStats,
        frequency: u64,
        weight: f64,
        &Ranking { k1, .. }: &Ranking,
    ) -> Self {
        let (passages, frequency) = (collection.passages as f64, frequency as f64);
        let idf = (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln();
        Self { ceiling: weight * idf, k1 }
    }

    /// What it can add: the limit as the term repeats.
    pub(in crate::search) fn most(&self) -> f64 {
        self.ceiling * (self.k1 + 1.0)
    }

    /// What it adds to a passage in which it occurs `frequency` times and which has that [`length_norm`].
    pub(in crate::search) fn score(&self, frequency: f64, length_norm: f64) -> f64 {
        self.ceiling * frequency * (self.k1 + 1.0) / (frequency + length_norm)
    }
}
