//! Questions to a remote index, and its answers.

use std::collections::BTreeMap;

use super::forms::{without_inflections, without_own_inflections};
use crate::{
    error::Result,
    index::Entry,
    query::{Alternative, Facet, PhraseSlot, QueryPlan, Ranking, TextField},
    search::{
        reader::TermFrequencies,
        statistics::{MatchTotals, TermGroup, TermShape, Vocabulary},
    },
};

/// An index on other machines.
pub(crate) trait RemoteIndex: Send + Sync {
    /// Answers questions, in their order. `None` for a question that is better asked once the others are answered.
    fn ask(&self, questions: &[RemoteQuestion]) -> Result<Vec<Option<RemoteAnswer>>>;
}

/// A question about the whole collection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RemoteQuestion {
    /// Number of passages, and of token positions in them.
    Collection,
    /// Terms of a shape: at least all of them. A term that no passage has any more may be among them.
    Terms(Vocabulary, TermShape),
    /// Document frequency of each term.
    Frequencies(Vocabulary, Vec<String>),
    /// Number of passages with one of several terms.
    Passages(CountedTerms),
    /// Best matches of a query.
    Matches(Box<RemoteQuery>),
    /// All entries of the document with this id.
    Document(String),
    /// Records of all source files.
    Sources,
}

/// An answer to the [`RemoteQuestion`] of the same name.
#[derive(Debug, Clone)]
pub(crate) enum RemoteAnswer {
    Collection {
        passages: u64,
        positions: u64,
    },
    Terms(Vec<String>),
    Frequencies(TermFrequencies),
    Passages(u64),
    Matches(FetchedPassages),
    /// Answer to [`RemoteQuestion::Document`] and [`RemoteQuestion::Sources`].
    Entries(Vec<Entry>),
}

/// Terms that are counted as one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CountedTerms {
    /// Passages in which one of the alternatives occurs. The slot of a word in any inflection does not list the terms
    /// with its own stem.
    Alternatives(TextField, Vec<Alternative>),
    /// Passages with a term of the ranking field, as two adjacent Han characters.
    RankingTerm(String),
}

/// A query as it is sent to the remote index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RemoteQuery {
    pub(crate) plan: QueryPlan,
    /// Chosen facet values. They narrow the page, not the counts of their own facet.
    pub(crate) chosen: BTreeMap<Facet, Vec<String>>,
    /// Scoring terms, each with its weight.
    pub(crate) scoring_terms: Vec<(f64, CountedTerms)>,
    pub(crate) ranking: Ranking,
    /// Whether the page is sorted by date, not by score.
    pub(crate) by_date: bool,
    /// Number of best passages to fetch.
    pub(crate) hits: usize,
    /// Facets to count.
    pub(crate) facets: Vec<Facet>,
}

/// Matches that a remote index found.
#[derive(Debug, Clone, Default)]
pub(crate) struct FetchedPassages {
    pub(crate) totals: MatchTotals,
    /// Whether the entries are all matches, and perhaps more. Then they are counted on this machine.
    pub(crate) is_all: bool,
    /// Best passages by the score of the remote index, with the records of their documents.
    pub(crate) entries: Vec<Entry>,
}

impl CountedTerms {
    /// Returns the terms of a group without the inflections that the remote index knows itself.
    pub(super) fn of(group: TermGroup<'_>) -> Self {
        match group {
            TermGroup::Alternatives(field, alternatives) => {
                let mut alternatives = alternatives.to_vec();
                alternatives.iter_mut().for_each(without_own_inflections);
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
    /// Returns whether any facet value is chosen.
    pub(crate) fn is_narrowed(&self) -> bool {
        self.chosen.values().any(|values| !values.is_empty())
    }

    /// Returns the plan to send for `plan`: without what depends on the fetched passages.
    pub(super) fn plan_to_send(plan: &QueryPlan) -> QueryPlan {
        without_inflections(plan.clone())
    }
}
