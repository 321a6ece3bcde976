//! Explains scores: computes the components whose sum is the score of a hit, each with a reason as text.

use tantivy::DocAddress;

use super::{bm25_weights_of_terms, doc_freq, read_leaf_postings_of_segments, read_postings};
use crate::{
    error::Result,
    query::{Alternative, Leaf, QueryPlan, Ranking},
    search::{
        context::SearchContext,
        matching::LeafPostings,
        ranking::{
            Bm25Weight, PositionBoost, QueryPostings, ScoringTerm, ScoringTermKind, length_norm,
            scoring_terms,
        },
        reader::{Posting, PostingList, SegmentView},
        results::{MatchKind, ScoreComponent},
    },
};

/// A hit with its scores before and after regularization.
#[derive(Debug, Clone, Copy)]
pub(in crate::search) struct ScoredHit {
    pub(in crate::search) address: DocAddress,
    /// Position of the passage in its document, from 0.
    pub(in crate::search) ordinal: u64,
    /// The final score.
    pub(in crate::search) score: f64,
    /// The score before regularization.
    pub(in crate::search) raw_score: f64,
    /// Part of the score that comes from the whole document.
    pub(in crate::search) release_score: f64,
    pub(in crate::search) match_kind: MatchKind,
}

/// Returns the components of the score of each hit: first one component per query term, in query order, then the other
/// components. The sum of the components is the score.
pub(in crate::search) fn explain(
    context: &SearchContext,
    hits: impl Iterator<Item = ScoredHit>,
    plan: &QueryPlan,
    ranking: &Ranking,
) -> Result<Vec<Vec<ScoreComponent>>> {
    let segments = context.segments();
    let terms = scoring_terms(plan, ranking);
    let leaves = read_leaf_postings_of_segments(&segments, plan, context.deadline())?;
    let postings = read_postings(&segments, leaves, &terms, None, context.deadline())?;
    let weights = bm25_weights_of_terms(&*context.statistics, &postings, plan, &terms, ranking);
    let explainer =
        Explainer { context, plan, ranking, terms: &terms, weights: &weights, postings: &postings };
    let components = hits.map(|hit| {
        let ord = hit.address.segment_ord as usize;
        match segments.get(ord).zip(postings.get(ord)) {
            Some((segment, postings)) => explainer.components(&hit, *segment, postings),
            None => Vec::new(),
        }
    });
    Ok(components.collect())
}

/// A query with its scoring terms, and the weights and postings of these terms.
struct Explainer<'a> {
    context: &'a SearchContext,
    plan: &'a QueryPlan,
    ranking: &'a Ranking,
    terms: &'a [ScoringTerm<'a>],
    weights: &'a [Bm25Weight],
    /// Postings of the query in each segment.
    postings: &'a [QueryPostings],
}

impl Explainer<'_> {
    /// Returns the components of the score of a hit. Leaves out components that are nearly 0.
    fn components(
        &self,
        hit: &ScoredHit,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
    ) -> Vec<ScoreComponent> {
        let mut components = self.scoring_term_components(hit, segment, postings);
        self.add_heading_components(&postings.leaves, hit.address.doc_id, &mut components);
        let ordinal = hit.ordinal as u32;
        let text_and_heading_score = sum_of_scores(&components);
        components.push(ScoreComponent {
            reason: format!("early in its document: passage {}", ordinal + 1),
            score: text_and_heading_score
                * (PositionBoost::new(self.ranking).factor(ordinal) - 1.0),
        });
        let score_without_bonus = sum_of_scores(&components);
        components.push(ScoreComponent {
            reason: "the whole document answers the query".to_owned(),
            score: hit.release_score,
        });
        // The remainder is the bonus, because nothing else is added to the score before regularization.
        let bonus_reason = match hit.match_kind {
            MatchKind::All => "has every word in its text, as far as possible side by side",
            MatchKind::Release | MatchKind::Some => "has the more important words",
        };
        components.push(ScoreComponent {
            reason: bonus_reason.to_owned(),
            score: hit.raw_score - hit.release_score - score_without_bonus,
        });
        components.push(ScoreComponent {
            reason: "resembles other good hits".to_owned(),
            score: hit.score - hit.raw_score,
        });
        components.retain(|component| component.score.abs() > 1e-9 * hit.score.abs());
        components
    }

    /// Returns a component for each scoring term that occurs in the passage of a hit.
    fn scoring_term_components(
        &self,
        hit: &ScoredHit,
        segment: SegmentView<'_>,
        postings: &QueryPostings,
    ) -> Vec<ScoreComponent> {
        let doc = hit.address.doc_id;
        let length = segment.columns.passage_lengths.first(doc).unwrap_or_default() as u32;
        let length_norm = length_norm(self.ranking, self.context.collection(), length);
        let mut components = Vec::new();
        for (index, (term, weight)) in self.terms.iter().zip(self.weights).enumerate() {
            let Some(posting) = posting_of_passage(postings.postings(term, index), doc) else {
                continue;
            };
            let statistics = &*self.context.statistics;
            let passages = doc_freq(statistics, self.postings, self.plan, (index, term));
            let norm = if term.is_in_body(self.plan) { length_norm } else { self.ranking.k1 };
            let (name, frequency) = (self.scoring_term_name(&term.kind), frequency_text(&posting));
            components.push(ScoreComponent {
                reason: format!("{name}: {frequency} here, in {passages} of the passages"),
                score: weight.score(posting.term_freq(), norm),
            });
        }
        components
    }

    /// Adds a component for each query leaf that occurs in the title or headings of the passage.
    fn add_heading_components(
        &self,
        leaves: &LeafPostings,
        doc: u32,
        components: &mut Vec<ScoreComponent>,
    ) {
        for (term, weight) in self.terms.iter().zip(self.weights) {
            if let ScoringTermKind::Leaf(leaf) = term.kind
                && leaves.heading_matches(leaf).is_some_and(|headings| headings.contains(doc))
            {
                components.push(ScoreComponent {
                    reason: format!(
                        "{}: in the title or a heading",
                        self.scoring_term_name(&term.kind)
                    ),
                    score: weight.idf_weight * self.ranking.heading_weight,
                });
            }
        }
    }

    /// Returns the query leaf at `index`.
    fn leaf(&self, index: usize) -> Option<&Leaf> {
        self.plan.leaves.get(index)
    }

    /// Returns the name of a scoring term as an explanation of a score shows it, such as `flying as it is written`.
    fn scoring_term_name(&self, kind: &ScoringTermKind<'_>) -> String {
        match kind {
            ScoringTermKind::Leaf(leaf) => {
                let as_written = self.leaf(*leaf).and_then(|leaf| leaf.alternatives.first());
                as_written.map(words_of_phrase).unwrap_or_default()
            }
            ScoringTermKind::Unstemmed(term) => format!("{term} as it is written"),
            ScoringTermKind::Bigram(pair) => format!("{pair} together"),
            ScoringTermKind::AdjacentPair(_, phrase) => {
                format!("{} in a row", words_of_phrase(phrase))
            }
        }
    }
}

fn sum_of_scores(components: &[ScoreComponent]) -> f64 {
    components.iter().map(|component| component.score).sum()
}

/// Returns the words of a phrase in the form that the query has.
fn words_of_phrase(phrase: &Alternative) -> String {
    let words: Vec<&str> = phrase.slots.iter().map(|slot| slot.pattern.text()).collect();
    words.join(if phrase.is_contiguous { "" } else { " " })
}

/// Returns the posting of the passage `doc`. `None` if the list lacks the passage.
fn posting_of_passage(postings: &PostingList, doc: u32) -> Option<Posting> {
    postings.get(postings.docs().binary_search(&doc).ok()?)
}

/// Returns the number of occurrences in the spelling of the query as English text, such as `once`.
fn frequency_text(posting: &Posting) -> String {
    match posting.freq {
        0 => "in another spelling".to_owned(),
        1 => "once".to_owned(),
        freq => format!("{freq} times"),
    }
}
