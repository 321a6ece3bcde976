//! Computes BM25 term scores, and the boost by position in the document.
//!
//! The formulas are in the [documentation of the folder](super). All statistics count live passages only, so that a
//! score does not depend on deleted passages.

use crate::query::Ranking;

/// Factors that multiply the score of a passage, depending on the position of the passage in its document.
pub(in crate::search) struct PositionBoost {
    /// Boost of the first passage of a document: [`Ranking::position_boost`].
    weight: f64,
    /// Factors of the ordinals below [`CACHED_POSITION_FACTOR_COUNT`](Self::CACHED_POSITION_FACTOR_COUNT), computed
    /// once.
    cached_factors: Vec<f64>,
}

impl PositionBoost {
    /// Number of ordinals, from 0, whose factors are computed once.
    const CACHED_POSITION_FACTOR_COUNT: u32 = 64;

    pub(in crate::search) fn new(ranking: &Ranking) -> Self {
        let weight = ranking.position_boost;
        let cached_factors = (0..Self::CACHED_POSITION_FACTOR_COUNT)
            .map(|ordinal| position_factor(weight, ordinal))
            .collect();
        Self { weight, cached_factors }
    }

    /// Returns the factor for the passage at position `ordinal` (from 0) of its document. The factor is at least 1 if
    /// the weight of the boost is not negative.
    pub(in crate::search) fn factor(&self, ordinal: u32) -> f64 {
        let cached_factor = self.cached_factors.get(ordinal as usize).copied();
        cached_factor.unwrap_or_else(|| position_factor(self.weight, ordinal))
    }
}

/// Returns the factor for the passage at position `ordinal` (from 0) of its document. `weight` is the boost of the
/// first passage.
fn position_factor(weight: f64, ordinal: u32) -> f64 {
    1.0 + weight * (-f64::from(ordinal) / Ranking::POSITION_BOOST_HALF_LIFE_IN_PASSAGES).exp2()
}

/// Statistics of the whole index that BM25 needs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::search) struct CollectionStats {
    /// Number of live passages.
    pub(in crate::search) passage_count: u64,
    /// Sum of the lengths of the live passages, in token positions.
    pub(in crate::search) position_count: u64,
}

impl CollectionStats {
    /// Returns the mean length of a passage in token positions. Never less than 1.
    fn mean_passage_length(&self) -> f64 {
        (self.position_count as f64 / (self.passage_count as f64).max(1.0)).max(1.0)
    }
}

/// Returns the length norm of a passage of `length` token positions: the denominator of BM25 without the term
/// frequency. Equals `k1` for a passage of mean length.
pub(in crate::search) fn length_norm(
    &Ranking { k1, b, .. }: &Ranking,
    collection: CollectionStats,
    length: u32,
) -> f64 {
    k1 * (1.0 - b + b * f64::from(length) / collection.mean_passage_length())
}

/// A table of [`length_norm`] by passage length.
pub(in crate::search) struct LengthNorms<'a> {
    ranking: &'a Ranking,
    collection: CollectionStats,
    /// Norms of the lengths below [`CACHED_LENGTH_NORM_COUNT`](Self::CACHED_LENGTH_NORM_COUNT), computed once.
    cached_norms: Vec<f64>,
}

impl<'a> LengthNorms<'a> {
    /// Number of lengths, from 0, whose norms are computed once.
    const CACHED_LENGTH_NORM_COUNT: u32 = 256;

    pub(in crate::search) fn new(ranking: &'a Ranking, collection: CollectionStats) -> Self {
        let cached_norms = (0..Self::CACHED_LENGTH_NORM_COUNT)
            .map(|length| length_norm(ranking, collection, length))
            .collect();
        Self { ranking, collection, cached_norms }
    }

    /// Returns the norm of a passage of `length` token positions.
    #[inline]
    pub(super) fn norm_of_length(&self, length: u32) -> f64 {
        let cached_norm = self.cached_norms.get(length as usize).copied();
        cached_norm.unwrap_or_else(|| length_norm(self.ranking, self.collection, length))
    }

    /// Returns an upper bound of the length, in token positions, of a passage whose norm is at most `max_norm`.
    fn max_length_with_norm_at_most(&self, max_norm: f64) -> f64 {
        let &Ranking { k1, b, .. } = self.ranking;
        let max_length = (max_norm / k1 - 1.0 + b) / b * self.collection.mean_passage_length();
        // The addition compensates for rounding errors. If `k1` or `b` is 0, the norm does not limit the length.
        if max_length.is_finite() { max_length + 1.0 } else { f64::INFINITY }
    }

    /// Returns the norm for terms whose score does not depend on the length of the passage.
    #[inline]
    pub(super) fn length_independent_norm(&self) -> f64 {
        self.ranking.k1
    }
}

/// Maximum lengths of passages, in token positions, by term frequency. A longer passage with this term frequency cannot
/// reach the minimum score for which the lengths were computed.
pub(super) struct MaxLengthsByTermFreq([f64; Self::LIMITED_TERM_FREQ_COUNT]);

impl MaxLengthsByTermFreq {
    /// Number of term frequencies with a limit. A passage with a higher term frequency has no limit.
    const LIMITED_TERM_FREQ_COUNT: usize = 8;

    /// Returns the maximum length, in token positions, of a passage with this term frequency that can reach the minimum
    /// score.
    #[inline]
    pub(super) fn max_length_of_term_freq(&self, term_freq: u32) -> f64 {
        self.0.get(term_freq as usize).copied().unwrap_or(f64::INFINITY)
    }
}

/// Returns the inverse document frequency of a term that occurs in `doc_freq` of `passage_count` passages. The formula
/// is that of Lucene, whose result is never negative.
fn idf(passage_count: u64, doc_freq: u64) -> f64 {
    let (passage_count, doc_freq) = (passage_count as f64, doc_freq as f64);
    (1.0 + (passage_count - doc_freq + 0.5) / (doc_freq + 0.5)).ln()
}

/// The BM25 weight of one scoring term (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
/// Beyond", 2009), with the idf of Lucene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::search) struct Bm25Weight {
    /// Weight of the term times its idf. Equals the score of one occurrence in a passage of mean length.
    pub(in crate::search) idf_weight: f64,
    /// Parameter k1 of BM25: [`Ranking::k1`].
    k1: f64,
}

impl Bm25Weight {
    /// Creates the BM25 weight of a term that occurs in `doc_freq` live passages. `weight` is a factor on the score of
    /// the term.
    pub(in crate::search) fn new(
        collection: CollectionStats,
        doc_freq: u64,
        weight: f64,
        &Ranking { k1, .. }: &Ranking,
    ) -> Self {
        Self { idf_weight: weight * idf(collection.passage_count, doc_freq), k1 }
    }

    /// Returns the upper bound of [`score`](Self::score): its limit for a growing term frequency.
    pub(in crate::search) fn max_score(&self) -> f64 {
        self.idf_weight * (self.k1 + 1.0)
    }

    /// Returns, for each term frequency, the maximum length of a passage to which the term can add `min_score`.
    pub(super) fn max_lengths(
        &self,
        min_score: f64,
        norms: &LengthNorms<'_>,
    ) -> MaxLengthsByTermFreq {
        let max_length = |term_freq: usize| {
            let term_freq = term_freq as f64;
            // Inverts the formula of the score.
            let max_norm = self.max_score() * term_freq / min_score - term_freq;
            if min_score > 0.0 {
                norms.max_length_with_norm_at_most(max_norm)
            } else {
                f64::INFINITY
            }
        };
        MaxLengthsByTermFreq(std::array::from_fn(max_length))
    }

    /// Returns the score that the term adds to a passage in which it has the frequency `term_freq`. `length_norm` is
    /// the [`length_norm`] of the passage.
    ///
    /// Returns 0 for an infinite norm; [`ScoreWindow`](super::ScoreWindow) relies on this.
    #[inline]
    pub(in crate::search) fn score(&self, term_freq: f64, length_norm: f64) -> f64 {
        self.idf_weight * term_freq * (self.k1 + 1.0) / (term_freq + length_norm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A collection of 10 passages with 10 token positions on average.
    const COLLECTION: CollectionStats = CollectionStats { passage_count: 10, position_count: 100 };

    fn assert_close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
    }

    fn ranking() -> Ranking {
        Ranking { k1: 1.2, b: 0.75, position_boost: 0.15, ..Ranking::default() }
    }

    #[test]
    fn idf_falls_with_the_document_frequency_and_stays_positive() {
        // ln(1 + (10 - 2 + 0.5) / (2 + 0.5)) = ln(1 + 8.5 / 2.5) = ln 4.4
        assert_close(idf(10, 2), 1.481_604_540_9);
        // ln(1 + (10 - 0 + 0.5) / (0 + 0.5)) = ln(1 + 10.5 / 0.5) = ln 22
        assert_close(idf(10, 0), 3.091_042_453_4);
        // ln(1 + (10 - 10 + 0.5) / (10 + 0.5)) = ln(1 + 0.5 / 10.5) = ln(22 / 21)
        assert_close(idf(10, 10), 0.046_520_015_6);
    }

    #[test]
    fn length_norm_is_k1_at_mean_length() {
        let norm = |length| length_norm(&ranking(), COLLECTION, length);
        // 1.2 (1 - 0.75 + 0.75 * 10 / 10) = 1.2 * 1
        assert_close(norm(10), 1.2);
        // 1.2 (0.25 + 0.75 * 20 / 10) = 1.2 * 1.75
        assert_close(norm(20), 2.1);
        // 1.2 (0.25 + 0.75 * 0 / 10) = 1.2 * 0.25
        assert_close(norm(0), 0.3);
        // Without length normalization (b = 0), the norm is always k1.
        assert_close(length_norm(&Ranking { b: 0.0, ..ranking() }, COLLECTION, 20), 1.2);
        // An empty collection has the mean length 1: 1.2 (0.25 + 0.75 * 2 / 1) = 1.2 * 1.75
        assert_close(length_norm(&ranking(), CollectionStats::default(), 2), 2.1);
    }

    #[test]
    fn score_equals_bm25_worked_out_by_hand() {
        let weight = Bm25Weight::new(COLLECTION, 2, 1.0, &ranking());
        // idf = ln 4.4 = 1.4816045409. A passage of 20 positions has the norm 2.1, see above.
        // Three occurrences: 1.4816045409 * 3 * 2.2 / (3 + 2.1) = 1.4816045409 * 6.6 / 5.1
        assert_close(weight.score(3.0, 2.1), 1.917_370_582_4);
        // One occurrence at mean length: 1.4816045409 * 1 * 2.2 / (1 + 1.2) = idf
        assert_close(weight.score(1.0, 1.2), 1.481_604_540_9);
        assert_close(weight.idf_weight, 1.481_604_540_9);
        // A weight of 0.5 halves the score: 1.9173705824 / 2
        let half = Bm25Weight::new(COLLECTION, 2, 0.5, &ranking());
        assert_close(half.score(3.0, 2.1), 0.958_685_291_2);
    }

    #[test]
    fn max_score_is_the_limit_of_the_score() {
        let weight = Bm25Weight::new(COLLECTION, 2, 1.0, &ranking());
        // 1.4816045409 * (1.2 + 1) = 1.4816045409 * 2.2
        assert_close(weight.max_score(), 3.259_529_990_0);
        assert!(weight.score(1e6, 0.3) <= weight.max_score());
        assert!(weight.score(1e12, 0.3) > weight.max_score() - 1e-9);
    }

    #[test]
    fn length_norms_equal_the_formula_for_cached_and_other_lengths() {
        let ranking = ranking();
        let norms = LengthNorms::new(&ranking, COLLECTION);
        for length in [0, 1, 255, 256, 10_000] {
            assert_close(norms.norm_of_length(length), length_norm(&ranking, COLLECTION, length));
        }
        assert_close(norms.length_independent_norm(), 1.2);
    }

    #[test]
    fn an_infinite_norm_gives_no_score() {
        let weight = Bm25Weight::new(COLLECTION, 2, 1.0, &ranking());
        assert_eq!(weight.score(3.0, f64::INFINITY).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn position_boost_halves_every_six_passages() {
        let boost = PositionBoost::new(&ranking());
        for (ordinal, expected) in [
            (0, 1.15),                 // 1 + 0.15 * 2^0
            (6, 1.075),                // 1 + 0.15 * 2^-1
            (12, 1.0375),              // 1 + 0.15 * 2^-2
            (66, 1.000_073_242_187_5), // 1 + 0.15 * 2^-11, beyond the cached factors
        ] {
            assert_close(boost.factor(ordinal), expected);
        }
    }
}
