//! Computes the scores of the matches of one query. The [documentation of the folder](super) contains the formula.

use std::ops::Range;

use tantivy::DocId;

use super::{
    adjacency::{AdjacentLeafPair, adjacency, adjacent_pairs},
    bm25::{Bm25Weight, CollectionStats, LengthNorms, PositionBoost},
    maxscore::MaxScore,
    query_postings::QueryPostings,
    score_window::{ScoreWindow, ScoredList},
    scoring_terms::{ScoringTerm, ScoringTermKind},
    top_k::{CandidateList, HeadingGain, TopKThreshold, UpperBound},
};
use crate::{
    error::Result,
    query::{QueryPlan, Ranking},
    search::{
        matching::{LeafPostings, retain_docs_with_leaf_in_text},
        reader::{BitSet, SegmentView},
        results::MatchKind,
    },
};

/// Scores the matches of one query in any number of segments.
pub(in crate::search) struct Scorer<'a> {
    query: &'a QueryPlan,
    ranking: &'a Ranking,
    norms: LengthNorms<'a>,
    position_boost: PositionBoost,
    terms: &'a [ScoringTerm<'a>],
    /// The weights of `terms`, in the same order.
    weights: &'a [Bm25Weight],
    /// The query leaves (words or phrases) that add score, in query order.
    leaves: Vec<RankedLeaf>,
    /// The pairs of [ranked leaves](RankedLeaf) that are adjacent in the query.
    pairs: Vec<AdjacentLeafPair>,
}

/// A query leaf (a word or phrase) that adds score.
#[derive(Clone, Copy)]
struct RankedLeaf {
    /// Index of the leaf in [`QueryPlan::leaves`].
    index: usize,
    /// [`Bm25Weight::idf_weight`] of the query leaf.
    idf_weight: f64,
}

/// A passage that matches, with its score.
#[derive(Debug, Clone, Copy)]
pub(in crate::search) struct ScoredDoc {
    pub(in crate::search) doc: DocId,
    pub(in crate::search) score: f64,
    /// Kind of match: whether the passage has every word of the query.
    pub(in crate::search) match_kind: MatchKind,
    /// Rank of the set of query words that the passage contains. The set with the most important words has the greatest
    /// rank, and its passages come first on the page. 0 if the order depends on the score alone.
    pub(in crate::search) word_set_rank: u8,
    /// Part of `score` that comes from the whole document of the passage.
    pub(in crate::search) release_score: f64,
    /// Position of the passage in its document, from 0.
    pub(in crate::search) ordinal: u32,
    /// Share of the query words and phrases that the passage contains, weighted by idf, from 0 to 1.
    pub(in crate::search) coverage: f32,
}

/// A document whose passages are scored together.
pub(in crate::search) struct DocumentToScore {
    /// All passages of the document, as entries of the segment.
    pub(in crate::search) passages: Range<DocId>,
    /// Length of the document, divided by the mean length of a document.
    pub(in crate::search) relative_length: f64,
}

/// The matches of one segment that have every [ranked leaf](RankedLeaf) in their text, in ascending order. Each comes
/// with the adjacency of the leaves, from 0 to 1: see [`adjacency`](super::adjacency).
#[derive(Default)]
pub(in crate::search) struct MatchesWithEveryLeafInText {
    docs: Vec<DocId>,
    adjacencies: Vec<f64>,
}

impl MatchesWithEveryLeafInText {
    /// Returns the number of passages with every query leaf in their text.
    pub(in crate::search) fn len(&self) -> usize {
        self.docs.len()
    }

    /// Returns the number of passages in which all words of the query are adjacent, in the form typed.
    pub(in crate::search) fn fully_adjacent_count(&self) -> usize {
        self.adjacencies.iter().filter(|adjacency| **adjacency >= MIN_FULL_ADJACENCY).count()
    }

    /// Returns the passages in which the adjacency of the query words is at least `min_adjacency`, as a set with the
    /// same bound as `matches`.
    fn passages_with_min_adjacency(&self, matches: &BitSet, min_adjacency: f64) -> BitSet {
        let mut set = matches.empty_like();
        let docs = self.docs.iter().zip(&self.adjacencies);
        set.extend(docs.filter(|(_, value)| **value >= min_adjacency).map(|(doc, _)| *doc));
        set
    }

    /// Returns the adjacency of the query words in a passage. `None` if the text of the passage lacks a word or phrase
    /// of the query.
    fn adjacency_of(&self, doc: DocId) -> Option<f64> {
        self.adjacencies.get(self.docs.binary_search(&doc).ok()?).copied()
    }
}

/// Minimum adjacency at which all words of the query count as adjacent. The value is less than 1 because of rounding
/// errors.
const MIN_FULL_ADJACENCY: f64 = 1.0 - 1e-9;

/// Selection of the matches to score. The matches of an earlier variant rank above the matches that only a later
/// variant includes. If the matches of an earlier variant fill the page, the remaining matches need no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::search) enum MatchesToScore {
    /// Passages in which all words of the query are adjacent, in the form typed.
    Adjacent,
    /// Passages with all words of the query in their text.
    Complete,
    /// All matches.
    Every,
}

/// The [ranked leaves](RankedLeaf) that a passage contains in its text, title or headings. Leaves must be added in
/// query order.
#[derive(Clone, Copy, Default)]
struct LeafCoverage {
    /// Score of the ranked leaves in the title and headings.
    heading_score: f64,
    /// Sum of the idf weights of the ranked leaves that the passage contains.
    idf_weight: f64,
    /// Index of the [ranked leaf](RankedLeaf) that was added last, plus 1; 0 if no leaf was added.
    next_leaf: usize,
}

impl LeafCoverage {
    /// Adds the [ranked leaf](RankedLeaf) with the index `leaf_index`, unless this leaf is added already.
    fn add_leaf(&mut self, leaf_index: usize, idf_weight: f64) {
        if self.next_leaf <= leaf_index {
            self.next_leaf = leaf_index + 1;
            self.idf_weight += idf_weight;
        }
    }
}

impl<'a> Scorer<'a> {
    /// Creates the score function of a query. `weights` contains the weight of each of `terms`, in the same order.
    pub(in crate::search) fn new(
        query: &'a QueryPlan,
        ranking: &'a Ranking,
        collection: CollectionStats,
        terms: &'a [ScoringTerm<'a>],
        weights: &'a [Bm25Weight],
    ) -> Self {
        let leaves = terms.iter().zip(weights).filter_map(|(term, weight)| match term.kind {
            ScoringTermKind::Leaf(index) => {
                Some(RankedLeaf { index, idf_weight: weight.idf_weight })
            }
            _ => None,
        });
        let leaves: Vec<RankedLeaf> = leaves.collect();
        let indexes: Vec<usize> = leaves.iter().map(|leaf| leaf.index).collect();
        let norms = LengthNorms::new(ranking, collection);
        let position_boost = PositionBoost::new(ranking);
        let pairs = adjacent_pairs(query, &indexes);
        Self { query, ranking, norms, position_boost, terms, weights, leaves, pairs }
    }

    /// Returns the indexes of the ranked leaves in [`QueryPlan::leaves`], each with its inverse document frequency.
    pub(in crate::search) fn ranked_leaves(&self) -> impl Iterator<Item = (usize, f64)> {
        self.leaves.iter().map(|leaf| (leaf.index, leaf.idf_weight))
    }

    /// Returns whether several words or phrases of the query add score, so that a match may lack some of them.
    pub(in crate::search) fn has_several_ranked_leaves(&self) -> bool {
        self.leaves.len() > 1
    }

    /// Returns the matches of a segment with every [ranked leaf](RankedLeaf) in their text. Returns no matches for a
    /// query with a single leaf, because every match contains this leaf.
    pub(in crate::search) fn complete_matches(
        &self,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
        matches: &BitSet,
    ) -> Result<MatchesWithEveryLeafInText> {
        if !self.has_several_ranked_leaves() {
            return Ok(MatchesWithEveryLeafInText::default());
        }
        let leaves = &postings.leaves;
        let mut docs = leaves
            .passages_with_all_leaves_in_body(self.leaves.iter().map(|leaf| leaf.index), matches);
        for leaf in &self.leaves {
            if let Some(query_leaf) = self.query.leaves.get(leaf.index) {
                let (list, headings) =
                    (leaves.leaf_list(leaf.index), leaves.heading_matches(leaf.index));
                retain_docs_with_leaf_in_text(segment, query_leaf, list, headings, &mut docs)?;
            }
        }
        let pair_postings = |pair: &AdjacentLeafPair| {
            let index = pair.scoring_term_index(self.terms)?;
            Some(postings.postings(self.terms.get(index)?, index))
        };
        let adjacencies = adjacency(segment, &self.pairs, &pair_postings, &docs)?;
        Ok(MatchesWithEveryLeafInText { docs, adjacencies })
    }

    /// Returns the scores of full matches of a segment, in ascending order of document number. Leaves out matches that
    /// cannot be among the top k of all segments.
    pub(in crate::search) fn score_full_matches(
        &self,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
        (matches, complete): (&BitSet, &MatchesWithEveryLeafInText),
        matches_to_score: MatchesToScore,
        window: &mut ScoreWindow,
        top_k: &mut TopKThreshold,
    ) -> Result<Vec<ScoredDoc>> {
        let max_score = self.max_score();
        let bonus = |doc: DocId| {
            let adjacency = complete.adjacency_of(doc);
            let Ranking { text_bonus, adjacency_bonus, .. } = self.ranking;
            adjacency.map_or(0.0, |value| max_score * (text_bonus + adjacency_bonus * value))
        };
        let mut score = |passages: &BitSet, prunes: bool| {
            self.score_passages(segment, postings, passages, prunes, (window, top_k), bonus)
        };
        match matches_to_score {
            _ if complete.len() == 0 => score(matches, true),
            MatchesToScore::Adjacent => {
                score(&complete.passages_with_min_adjacency(matches, MIN_FULL_ADJACENCY), true)
            }
            // The bonuses of the passages differ, so a low sum of term scores excludes no passage.
            MatchesToScore::Complete => {
                score(&complete.passages_with_min_adjacency(matches, 0.0), false)
            }
            MatchesToScore::Every => {
                let with_all = complete.passages_with_min_adjacency(matches, 0.0);
                let mut scored_docs = score(&with_all, false)?;
                let mut others = matches.clone();
                others.difference_with(&with_all);
                scored_docs.extend(score(&others, true)?);
                scored_docs.sort_unstable_by_key(|scored| scored.doc);
                Ok(scored_docs)
            }
        }
    }

    /// Returns the scores of passages of a segment, in ascending order of document number. Adds `bonus` to each
    /// score. If `prunes` is set, omits passages that cannot be among the top k; all passages must then have the same
    /// bonus.
    pub(in crate::search) fn score_passages(
        &self,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
        passages: &BitSet,
        prunes: bool,
        (window, top_k): (&mut ScoreWindow, &mut TopKThreshold),
        bonus: impl Fn(DocId) -> f64,
    ) -> Result<Vec<ScoredDoc>> {
        let lists = self.scored_lists(postings);
        let passage_lengths = &segment.columns.passage_lengths;
        let max_score = MaxScore {
            norms: &self.norms,
            passage_lengths,
            scored_lists: &lists,
            deadline: segment.deadline,
        };
        let bound = UpperBound {
            position_boost: self.ranking.position_boost,
            is_valid: prunes && self.upper_bounds_hold(),
        };
        let mut candidates = CandidateList::new(top_k, bound, self.heading_gain(&postings.leaves));
        max_score.accumulate_scores(passages, window, &mut candidates)?;
        Ok(self.final_scores(segment, &postings.leaves, &candidates.into_vec(), bonus))
    }

    /// Returns the final scores of candidates, given their sums of term scores: adds the heading score, applies the
    /// position boost, and adds the bonus.
    fn final_scores(
        &self,
        segment: SegmentView<'_>,
        leaves: &LeafPostings,
        candidates: &[(DocId, f64)],
        bonus: impl Fn(DocId) -> f64,
    ) -> Vec<ScoredDoc> {
        let docs: Vec<DocId> = candidates.iter().map(|(doc, _)| *doc).collect();
        let coverages = self.leaf_coverage(leaves, &docs);
        let ordinals = segment.columns.ordinals.values_of_entries(&docs);
        let total_idf_weight = self.total_idf_weight();
        let scored = candidates.iter().zip(ordinals).zip(coverages);
        let scored = scored.map(|((&(doc, term_score_sum), ordinal), coverage)| {
            let partial_score = term_score_sum + coverage.heading_score;
            let has_weight = total_idf_weight > 0.0;
            ScoredDoc {
                doc,
                score: partial_score * self.position_boost.factor(ordinal) + bonus(doc),
                match_kind: MatchKind::All,
                word_set_rank: 0,
                release_score: 0.0,
                ordinal,
                coverage: if has_weight {
                    (coverage.idf_weight / total_idf_weight) as f32
                } else {
                    1.0
                },
            }
        });
        scored.collect()
    }

    /// Returns the sum of the idf weights of all words and phrases of the query that add score.
    fn total_idf_weight(&self) -> f64 {
        self.leaves.iter().map(|leaf| leaf.idf_weight).sum()
    }

    /// Returns an upper bound of the score, without the bonus, of any passage.
    pub(in crate::search) fn max_score(&self) -> f64 {
        let max_text_score: f64 = self.weights.iter().map(Bm25Weight::max_score).sum();
        (1.0 + self.ranking.position_boost)
            * (max_text_score + self.total_idf_weight() * self.ranking.heading_weight)
    }

    /// Returns the BM25 score of each of several whole documents of a segment: the sum over the scoring terms, where the
    /// frequency of a term is its frequency in all passages of the document. `documents` must be in ascending order of
    /// their passages. Document frequencies count passages, not documents.
    pub(in crate::search) fn document_scores(
        &self,
        postings: &QueryPostings,
        documents: &[DocumentToScore],
    ) -> Vec<f64> {
        let &Ranking { k1, b, .. } = self.ranking;
        let mut scores = vec![0.0; documents.len()];
        for (index, (term, weight)) in self.terms.iter().zip(self.weights).enumerate() {
            let list = postings.postings(term, index);
            let mut next_posting = 0;
            for (score, document) in scores.iter_mut().zip(documents) {
                let first_posting = list.seek(next_posting, document.passages.start);
                next_posting = list.seek(first_posting, document.passages.end);
                let term_freq: f64 =
                    (first_posting..next_posting).map(|index| list.term_freq(index)).sum();
                if term_freq > 0.0 {
                    let length_norm = k1 * (1.0 - b + b * document.relative_length);
                    *score += weight.score(term_freq, length_norm);
                }
            }
        }
        scores
    }

    /// Returns whether the upper bounds of scores hold. They hold only if no ranking parameter lowers a score. A caller
    /// of the library may set any value.
    fn upper_bounds_hold(&self) -> bool {
        let &Ranking { k1, b, heading_weight, position_boost, .. } = self.ranking;
        [k1, heading_weight, position_boost].iter().all(|&parameter| parameter >= 0.0)
            && (0.0..=1.0).contains(&b)
    }

    /// Returns the score that passages gain from words and phrases of the query in their title and headings.
    fn heading_gain<'m>(&self, leaves: &'m LeafPostings) -> HeadingGain<'m> {
        let mut gain = HeadingGain::default();
        for leaf in &self.leaves {
            if let Some(passages) = leaves.passages_below_headings(leaf.index) {
                gain.add_query_word(passages, leaf.idf_weight * self.ranking.heading_weight);
            }
        }
        gain
    }

    /// Returns the posting lists of all scoring terms, sorted by upper bound, the highest first.
    fn scored_lists<'p>(&self, postings: &'p QueryPostings) -> Vec<ScoredList<'p>> {
        let terms = self.terms.iter().zip(self.weights).enumerate();
        let lists = terms.map(|(index, (term, &weight))| ScoredList {
            postings: postings.postings(term, index),
            weight,
            is_normalized_by_length: term.is_in_body(self.query),
        });
        let mut lists: Vec<ScoredList<'_>> = lists.collect();
        lists.sort_by(|a, b| b.weight.max_score().total_cmp(&a.weight.max_score()));
        lists
    }

    /// Returns, for each of the passages `docs`, the [ranked leaves](RankedLeaf) that the passage contains. `docs` must
    /// be in ascending order.
    fn leaf_coverage(&self, leaves: &LeafPostings, docs: &[DocId]) -> Vec<LeafCoverage> {
        let mut coverages = vec![LeafCoverage::default(); docs.len()];
        for (number, &RankedLeaf { index, idf_weight }) in self.leaves.iter().enumerate() {
            let (list, headings) = (leaves.leaf_list(index), leaves.heading_matches(index));
            let mut next_posting = 0;
            for (coverage, &doc) in coverages.iter_mut().zip(docs) {
                next_posting = list.seek(next_posting, doc);
                if list.docs().get(next_posting) == Some(&doc) {
                    coverage.add_leaf(number, idf_weight);
                }
                if headings.is_some_and(|headings| headings.contains(doc)) {
                    coverage.heading_score += idf_weight * self.ranking.heading_weight;
                    coverage.add_leaf(number, idf_weight);
                }
            }
        }
        coverages
    }
}
