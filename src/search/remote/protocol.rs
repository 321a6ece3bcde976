//! Questions to a remote index, and the answers.

use std::collections::BTreeMap;

use crate::{
    error::Result,
    index::Entry,
    query::{Alternative, Facet, PhraseSlot, QueryPlan, Ranking, TextField},
    search::{
        reader::TermFrequencies,
        statistics::{MatchTotals, TermGroup, TermShape, Vocabulary},
    },
};

/// Index on other machines.
pub(crate) trait RemoteIndex: Send + Sync {
    /// Answers questions, in the order of the questions. An answer is `None` if the question must be asked again after
    /// the other questions are answered.
    fn ask(&self, questions: &[RemoteQuestion]) -> Result<Vec<Option<RemoteAnswer>>>;
}

/// Question to a remote index about its whole collection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RemoteQuestion {
    /// Number of passages, and number of token positions in all passages.
    Collection,
    /// All terms that match a [`TermShape`]. May include terms that occur only in deleted passages.
    Terms(Vocabulary, TermShape),
    /// Document frequency of each of the terms.
    Frequencies(Vocabulary, Vec<String>),
    /// Number of passages that contain at least one of the terms.
    Passages(CountedTerms),
    /// Best matches of a query, and the total number of matches.
    Matches(Box<RemoteQuery>),
    /// All entries of the document with this id.
    Document(String),
    /// Records of all source files.
    Sources,
}

/// Answer of a remote index to the [`RemoteQuestion`] with the same variant name.
#[derive(Debug, Clone)]
pub(crate) enum RemoteAnswer {
    Collection {
        /// Number of passages.
        passage_count: u64,
        /// Number of token positions in all passages.
        position_count: u64,
    },
    Terms(Vec<String>),
    Frequencies(TermFrequencies),
    Passages(u64),
    Matches(FetchedPassages),
    /// Answer to [`RemoteQuestion::Document`] and [`RemoteQuestion::Sources`].
    Entries(Vec<Entry>),
}

/// Terms whose passages are counted together, as if all of them were one term.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CountedTerms {
    /// Terms of the alternatives of a query leaf in a field. Inflections of a word are not listed, because the remote
    /// index finds them by their stem.
    Alternatives(TextField, Vec<Alternative>),
    /// Term of the ranking field, such as two adjacent Han characters.
    RankingTerm(String),
}

/// Query in the form that is sent to a remote index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RemoteQuery {
    pub(crate) plan: QueryPlan,
    /// Chosen facet values. The values filter the hits, but not the counts of their own facet.
    pub(crate) chosen_facet_values: BTreeMap<Facet, Vec<String>>,
    /// Scoring terms, each with its weight.
    pub(crate) scoring_terms: Vec<(f64, CountedTerms)>,
    pub(crate) ranking: Ranking,
    /// Whether the hits are sorted by date instead of score.
    pub(crate) sorts_by_date: bool,
    /// Maximum number of passages to fetch, the best first.
    pub(crate) max_passage_count: usize,
    /// Facets to count.
    pub(crate) facets: Vec<Facet>,
}

/// Matches of a query that were fetched from a remote index.
#[derive(Debug, Clone, Default)]
pub(crate) struct FetchedPassages {
    pub(crate) totals: MatchTotals,
    /// Whether `entries` contains all matches. If so, `entries` may also contain other passages, and the matches are
    /// counted on this machine.
    pub(crate) has_all_matches: bool,
    /// Best passages by the score of the remote index, and the records of their documents.
    pub(crate) entries: Vec<Entry>,
}

impl CountedTerms {
    /// Converts a term group to counted terms. The terms of each slot are in alphabetical order.
    pub(super) fn from_term_group(group: TermGroup<'_>) -> Self {
        match group {
            TermGroup::Alternatives(field, alternatives) => {
                let mut alternatives = alternatives.to_vec();
                alternatives.iter_mut().for_each(sort_terms_of_slots);
                Self::Alternatives(field, alternatives)
            }
            TermGroup::Word(word) => {
                let word = Alternative::phrase(vec![PhraseSlot::term(0, word)]);
                Self::Alternatives(TextField::Body, vec![word])
            }
            TermGroup::RankingTerm(term) => Self::RankingTerm(term.to_owned()),
        }
    }
}

impl RemoteQuery {
    /// Returns whether the query filters by a facet value.
    pub(crate) fn filters_by_facet(&self) -> bool {
        self.chosen_facet_values.values().any(|values| !values.is_empty())
    }

    /// Returns `plan` in the form that is sent to the remote index. The terms of each slot are in alphabetical order,
    /// since their usual order may depend on frequencies that the remote index has not returned yet.
    pub(super) fn plan_to_send(plan: &QueryPlan) -> QueryPlan {
        let mut plan = plan.clone();
        let leaves = plan.leaves.iter_mut();
        leaves.flat_map(|leaf| &mut leaf.alternatives).for_each(sort_terms_of_slots);
        plan
    }
}

/// Sorts the terms of each slot (a word of a phrase) alphabetically.
fn sort_terms_of_slots(alternative: &mut Alternative) {
    for slot in &mut alternative.slots {
        slot.terms.sort_by(|a, b| a.term.cmp(&b.term));
    }
}
