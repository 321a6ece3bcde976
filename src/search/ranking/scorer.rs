//! The score function of one query: see the [documentation of the folder](super) for the formula.

use std::rc::Rc;

use tantivy::DocId;

use super::{
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
        matching::heading_matches,
        reader::{BitSet, PostingList, SegmentView},
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
    /// The leaves that add score, in query order.
    leaves: Vec<RankedLeaf>,
}

/// A leaf that adds score.
#[derive(Clone, Copy)]
struct RankedLeaf {
    /// Index of the leaf in [`QueryPlan::leaves`].
    index: usize,
    /// [`Bm25Weight::idf_weight`] of the leaf.
    idf_weight: f64,
}

/// A passage that matches, with its score.
#[derive(Debug, Clone, Copy)]
pub(in crate::search) struct ScoredDoc {
    pub(in crate::search) doc: DocId,
    pub(in crate::search) score: f64,
    /// Position of the passage in its document, from 0.
    pub(in crate::search) ordinal: u32,
    /// Share of the query that the passage covers, weighted by idf, from 0 to 1.
    pub(in crate::search) coverage: f32,
}

/// The matches of one segment, before they are scored.
pub(in crate::search) struct UnscoredMatches {
    pub(in crate::search) passages: Rc<BitSet>,
    /// For each [ranked leaf](RankedLeaf): the matches with the leaf in their title or in a heading. `None` if the leaf
    /// has no such matches.
    headings: Vec<Option<BitSet>>,
    /// The matches that contain every [ranked leaf](RankedLeaf), in their text, title or headings. `None` if these
    /// matches need not rank above all others.
    pub(in crate::search) with_all_terms: Option<BitSet>,
}

/// The [ranked leaves](RankedLeaf) that a passage contains in its text, title or headings. Leaves must be added in
/// query order.
#[derive(Clone, Copy, Default)]
struct LeafCoverage {
    /// Score of the leaves in the title and headings.
    heading_score: f64,
    /// Sum of the idf weights of the leaves that the passage contains.
    idf_weight: f64,
    /// Number of leaves that the passage contains.
    leaves: usize,
    /// Number of the leaf that was added last, plus 1.
    next_leaf: usize,
}

impl LeafCoverage {
    /// Adds the leaf with this number, if the leaf is not added yet.
    fn add(&mut self, number: usize, idf_weight: f64) {
        if self.next_leaf <= number {
            self.next_leaf = number + 1;
            self.leaves += 1;
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
        let leaves = leaves.collect();
        let norms = LengthNorms::new(ranking, collection);
        let position_boost = PositionBoost::new(ranking);
        Self { query, ranking, norms, position_boost, terms, weights, leaves }
    }

    /// Returns whether several leaves of the query add score, so that a match may lack some of them.
    pub(in crate::search) fn has_several_leaves(&self) -> bool {
        self.leaves.len() > 1
    }

    /// Finds the matches of a segment that have query words in their title or headings, and the matches that contain
    /// all query words.
    pub(in crate::search) fn prepare(
        &self,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
        matches: Rc<BitSet>,
    ) -> Result<UnscoredMatches> {
        let headings = self
            .leaves
            .iter()
            .filter_map(|leaf| self.query.leaves.get(leaf.index))
            .map(|leaf| heading_matches(segment, leaf, &matches))
            .collect::<Result<Vec<_>>>()?;
        let all_terms_rank_first = self.has_several_leaves() && self.ranking.all_terms_bonus >= 1.0;
        let with_all_terms = all_terms_rank_first
            .then(|| self.matches_with_all_terms(postings, &matches, &headings));
        Ok(UnscoredMatches { passages: matches, headings, with_all_terms })
    }

    /// Returns the matches that contain every [ranked leaf](RankedLeaf), in their text, title or headings.
    fn matches_with_all_terms(
        &self,
        postings: &QueryPostings,
        matches: &BitSet,
        headings: &[Option<BitSet>],
    ) -> BitSet {
        let lists = self.leaves.iter().map(|leaf| postings.leaf(leaf.index));
        let mut leaves: Vec<(&PostingList, Option<&BitSet>)> =
            lists.zip(headings.iter().map(Option::as_ref)).collect();
        // The rarest leaf comes first: its passages are searched in the lists of the other leaves.
        leaves.sort_by_cached_key(|(list, headings)| {
            list.len() as u64 + headings.map_or(0, BitSet::len)
        });
        let Some((&(rarest, headings), other_leaves)) = leaves.split_first() else {
            return matches.empty_like();
        };
        let mut docs = match headings.cloned() {
            None => rarest.docs().to_vec(),
            Some(mut passages) => {
                passages.extend(rarest.docs().iter().copied());
                passages.to_vec()
            }
        };
        docs.retain(|&doc| matches.contains(doc));
        for (list, headings) in other_leaves {
            list.retain_common(&mut docs, |doc| {
                headings.is_some_and(|headings| headings.contains(doc))
            });
        }
        let mut passages = matches.empty_like();
        passages.extend(docs);
        passages
    }

    /// Scores the matches of a segment, and returns the matches that can be among the top k of all segments, in
    /// ascending order of document number. If `only_all_terms` is set, scores only the matches that contain every
    /// [ranked leaf](RankedLeaf).
    pub(in crate::search) fn score_segment(
        &self,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
        matches: &UnscoredMatches,
        only_all_terms: bool,
        window: &mut ScoreWindow,
        top_k: &mut TopKThreshold,
    ) -> Vec<ScoredDoc> {
        let lists = self.scored_lists(postings);
        let lengths = &segment.columns.lengths;
        let max_score = MaxScore { norms: &self.norms, lengths, lists: &lists };
        let mut accumulate = |passages: &BitSet, bound: UpperBound| {
            let mut candidates = CandidateList::new(top_k, bound, self.heading_gain(matches));
            max_score.accumulate(passages, window, &mut candidates);
            candidates.into_vec()
        };
        let bound = self.upper_bound(matches, only_all_terms);
        let candidates = match &matches.with_all_terms {
            Some(with_all_terms) if only_all_terms => accumulate(with_all_terms, bound),
            Some(with_all_terms) if !with_all_terms.is_empty() => {
                // Matches with all terms rank first, whatever their partial scores are. So none of them may be pruned.
                let mut candidates =
                    accumulate(with_all_terms, UpperBound { is_valid: false, ..bound });
                let mut other_matches = matches.passages.as_ref().clone();
                other_matches.difference_with(with_all_terms);
                candidates.extend(accumulate(&other_matches, bound));
                candidates.sort_unstable_by_key(|&(doc, _)| doc);
                candidates
            }
            _ => accumulate(&matches.passages, bound),
        };
        self.final_scores(segment, postings, matches, &candidates)
    }

    /// Turns the partial scores of candidates into final scores: adds the heading score and the bonus, and applies the
    /// position boost.
    fn final_scores(
        &self,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
        matches: &UnscoredMatches,
        candidates: &[(DocId, f64)],
    ) -> Vec<ScoredDoc> {
        let docs: Vec<DocId> = candidates.iter().map(|(doc, _)| *doc).collect();
        let coverages = self.leaf_coverage(postings, &docs, matches);
        let ordinals = segment.columns.ordinals.numbers_of(&docs);
        let (total_idf_weight, all_terms_bonus) = (self.total_idf_weight(), self.all_terms_bonus());
        let scored = candidates.iter().zip(ordinals).zip(coverages);
        let scored = scored.map(|((&(doc, sum), ordinal), coverage)| {
            let has_all_leaves = self.has_several_leaves() && coverage.leaves == self.leaves.len();
            let bonus = if has_all_leaves { all_terms_bonus } else { 0.0 };
            let has_weight = total_idf_weight > 0.0;
            ScoredDoc {
                doc,
                score: (sum + coverage.heading_score + bonus) * self.position_boost.factor(ordinal),
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

    fn total_idf_weight(&self) -> f64 {
        self.leaves.iter().map(|leaf| leaf.idf_weight).sum()
    }

    /// Returns the bonus of a passage that contains every [ranked leaf](RankedLeaf).
    fn all_terms_bonus(&self) -> f64 {
        let max_text_score: f64 = self.weights.iter().map(Bm25Weight::max_score).sum();
        let max_score = (1.0 + self.ranking.position_boost)
            * (max_text_score + self.total_idf_weight() * self.ranking.heading_weight);
        self.ranking.all_terms_bonus * max_score
    }

    /// Returns the upper bound of the score of a match, given its partial score. If `only_all_terms` is set, every
    /// match gets the bonus for all terms. If not, no match that may be pruned gets this bonus.
    fn upper_bound(&self, matches: &UnscoredMatches, only_all_terms: bool) -> UpperBound {
        let &Ranking { k1, b, heading_weight, position_boost, all_terms_bonus, .. } = self.ranking;
        let bonus = if only_all_terms { self.all_terms_bonus() } else { 0.0 };
        // Users of the library may set any parameter. The bound holds only if no parameter lowers a score.
        let parameters_are_usual = [k1, heading_weight, position_boost, all_terms_bonus]
            .iter()
            .all(|&parameter| parameter >= 0.0)
            && (0.0..=1.0).contains(&b);
        let bonus_is_known = !self.has_several_leaves() || matches.with_all_terms.is_some();
        UpperBound { position_boost, bonus, is_valid: parameters_are_usual && bonus_is_known }
    }

    /// Returns the score that the matches gain from query words in their title and headings.
    fn heading_gain<'m>(&self, matches: &'m UnscoredMatches) -> HeadingGain<'m> {
        let mut gain = HeadingGain::default();
        for (leaf, passages) in self.leaves.iter().zip(&matches.headings) {
            if let Some(passages) = passages {
                gain.add(passages, leaf.idf_weight * self.ranking.heading_weight);
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
            uses_length: term.is_in_body(self.query),
        });
        let mut lists: Vec<ScoredList<'_>> = lists.collect();
        lists.sort_by(|a, b| b.weight.max_score().total_cmp(&a.weight.max_score()));
        lists
    }

    /// Returns, for each of the passages `docs`, the [ranked leaves](RankedLeaf) that the passage contains. `docs` must
    /// be in ascending order.
    fn leaf_coverage(
        &self,
        postings: &QueryPostings,
        docs: &[DocId],
        matches: &UnscoredMatches,
    ) -> Vec<LeafCoverage> {
        let mut coverages = vec![LeafCoverage::default(); docs.len()];
        let leaves = self.leaves.iter().zip(&matches.headings).enumerate();
        for (number, (&RankedLeaf { index, idf_weight }, headings)) in leaves {
            let list = postings.leaf(index);
            let mut next_posting = 0;
            for (coverage, &doc) in coverages.iter_mut().zip(docs) {
                next_posting = list.seek(next_posting, doc);
                if list.docs().get(next_posting) == Some(&doc) {
                    coverage.add(number, idf_weight);
                }
                if headings.as_ref().is_some_and(|passages| passages.contains(doc)) {
                    coverage.heading_score += idf_weight * self.ranking.heading_weight;
                    coverage.add(number, idf_weight);
                }
            }
        }
        coverages
    }
}
