//! Statistics of a remote index: answers of earlier rounds, and assumptions for unanswered questions.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use super::{
    needed_terms::needed_index_subset,
    protocol::{CountedTerms, RemoteAnswer, RemoteQuery, RemoteQuestion},
};
use crate::{
    error::Result,
    fact::FACT_PREFIXES,
    index::{Entry, IndexedSubset},
    query::{Alternative, Collapse, Facet, Query, QueryPlan, Sort, TextField},
    search::{
        ranking::{CollectionStats, scoring_terms},
        reader::TermFrequencies,
        statistics::{MatchTotals, Statistics, TermGroup, TermShape, Vocabulary},
    },
};

/// Minimum number of passages that a round fetches for a page. The passages with the best exact scores rarely rank
/// below this number in the remote index.
const MIN_FETCHED_PASSAGES: usize = 100;
/// Maximum number of passages that a round fetches. Remote indexes reject requests for more passages.
pub(crate) const MAX_FETCHED_PASSAGES: usize = 10_000;
/// Factor by which the number of fetched passages grows if hits are grouped or if a page is not full.
const FETCHED_PASSAGES_GROWTH_FACTOR: usize = 4;

/// One round of a search: the answers of earlier rounds, and the new questions of this round.
#[derive(Debug, Default)]
pub(super) struct SearchRound {
    /// Questions of earlier rounds, each with its answer.
    pub(super) answers: Vec<(RemoteQuestion, RemoteAnswer)>,
    /// New questions of this round, which have no answer yet.
    new_questions: Mutex<Vec<RemoteQuestion>>,
    /// Minimum number of passages that must be fetched.
    min_passage_count: AtomicUsize,
    /// Whether the in-memory index of the fetched passages must contain all their terms, instead of only the terms of
    /// the questions.
    needs_all_terms: AtomicBool,
}

/// Requirements on the next round: the number of passages to fetch, and the terms of these passages that the in-memory
/// index must contain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct NextRoundRequirements {
    /// Minimum number of passages that must be fetched.
    min_passage_count: usize,
    /// Whether the in-memory index must contain all terms of the fetched passages.
    needs_all_terms: bool,
}

impl SearchRound {
    pub(super) fn new(
        answers: Vec<(RemoteQuestion, RemoteAnswer)>,
        requirements: NextRoundRequirements,
    ) -> Self {
        Self {
            answers,
            new_questions: Mutex::default(),
            min_passage_count: requirements.min_passage_count.into(),
            needs_all_terms: requirements.needs_all_terms.into(),
        }
    }

    /// Returns the answers, the unanswered questions and the requirements at the end of the round.
    pub(super) fn finish(
        self,
    ) -> (Vec<(RemoteQuestion, RemoteAnswer)>, Vec<RemoteQuestion>, NextRoundRequirements) {
        let new_questions = self.new_questions.into_inner().unwrap_or_else(PoisonError::into_inner);
        let requirements = NextRoundRequirements {
            min_passage_count: self.min_passage_count.into_inner(),
            needs_all_terms: self.needs_all_terms.into_inner(),
        };
        (self.answers, new_questions, requirements)
    }

    /// Returns the value that `read` extracts from the answer to `question`. If the question has no answer yet, returns
    /// `assumed_answer` and adds the question to the new questions.
    fn ask<T>(
        &self,
        question: RemoteQuestion,
        assumed_answer: T,
        read: impl FnOnce(&RemoteAnswer) -> Option<T>,
    ) -> T {
        if let Some((_, answer)) = self.answers.iter().find(|(answered, _)| *answered == question) {
            return read(answer).unwrap_or(assumed_answer);
        }
        let mut new_questions = self.new_questions.lock().unwrap_or_else(PoisonError::into_inner);
        if !new_questions.contains(&question) {
            new_questions.push(question);
        }
        assumed_answer
    }

    /// Returns the number of passages and the number of token positions in the collection. Returns 1 for each of the
    /// two numbers until the answer is known.
    fn collection(&self) -> CollectionStats {
        let assumed_answer = CollectionStats { passage_count: 1, position_count: 1 };
        self.ask(RemoteQuestion::Collection, assumed_answer, |answer| match *answer {
            RemoteAnswer::Collection { passage_count, position_count } => {
                Some(CollectionStats { passage_count, position_count })
            }
            _ => None,
        })
    }

    /// Returns all terms that match a [`TermShape`], with their document frequencies. May include terms that occur
    /// only in deleted passages. Returns no terms until the terms are known, and 1 as every document frequency until
    /// the frequencies are known.
    fn terms(&self, vocabulary: Vocabulary, shape: TermShape) -> TermFrequencies {
        let question = RemoteQuestion::Terms(vocabulary, shape);
        let terms = self.ask(question, Vec::new(), |answer| match answer {
            RemoteAnswer::Terms(terms) => Some(terms.clone()),
            _ => None,
        });
        if terms.is_empty() {
            return TermFrequencies::new();
        }
        // With the assumed frequencies, the search continues, so that one request counts the terms and fetches their
        // passages.
        let assumed_answer = terms.iter().map(|term| (term.clone(), 1)).collect();
        let question = RemoteQuestion::Frequencies(vocabulary, terms);
        self.ask(question, assumed_answer, |answer| match answer {
            RemoteAnswer::Frequencies(terms) => Some(terms.clone()),
            _ => None,
        })
    }

    /// Returns the number of passages that contain at least one of several terms. Returns `assumed_answer` until the
    /// number is known.
    fn count_passages(&self, terms: CountedTerms, assumed_answer: u64) -> u64 {
        self.ask(RemoteQuestion::Passages(terms), assumed_answer, |answer| match answer {
            RemoteAnswer::Passages(count) => Some(*count),
            _ => None,
        })
    }

    /// Makes the search fetch, in its next round of requests, the passages of the document `id`, if the passages are
    /// not fetched yet.
    pub(super) fn ask_for_document(&self, id: &str) {
        self.ask(RemoteQuestion::Document(id.to_owned()), (), |_| Some(()));
    }

    /// Makes the search fetch, in its next round of requests, the records of source files, if the records are not
    /// fetched yet.
    pub(super) fn ask_for_sources(&self) {
        self.ask(RemoteQuestion::Sources, (), |_| Some(()));
    }

    /// Makes the search fetch, in its next round of requests, the best matches of a query, if the matches are not
    /// fetched yet. Returns the numbers of matches in the whole collection, or `None` if all matches are fetched. Until
    /// the answer is known, assumes that one passage matches.
    fn ask_for_matches(
        &self,
        plan: &QueryPlan,
        chosen: &BTreeMap<Facet, Vec<String>>,
        query: &Query,
    ) -> Option<Arc<MatchTotals>> {
        let scoring_terms = scoring_terms(plan, &query.ranking);
        let scoring_terms = scoring_terms.iter().map(|term| {
            (term.weight, CountedTerms::from_term_group(TermGroup::of_scoring_term(term, plan)))
        });
        let remote_query = RemoteQuery {
            plan: RemoteQuery::plan_to_send(plan),
            chosen_facet_values: chosen.clone(),
            scoring_terms: scoring_terms.collect(),
            ranking: query.ranking,
            sorts_by_date: query.sort == Sort::Date,
            max_passage_count: self.passages_to_fetch(query),
            facets: query.facets.clone(),
        };
        let assumed_answer =
            Some(Arc::new(MatchTotals { match_count: 1, ..MatchTotals::default() }));
        let question = RemoteQuestion::Matches(Box::new(remote_query));
        self.ask(question, assumed_answer, |answer| match answer {
            RemoteAnswer::Matches(fetched) if fetched.has_all_matches => Some(None),
            RemoteAnswer::Matches(fetched) => Some(Some(Arc::new(fetched.totals.clone()))),
            _ => None,
        })
    }

    /// Returns the number of passages to fetch for the page of a query.
    fn passages_to_fetch(&self, query: &Query) -> usize {
        if query.limit == 0 {
            return 0;
        }
        let page_end = query.offset.saturating_add(query.limit);
        let needed_hits = match query.collapse {
            Collapse::None => page_end.saturating_add(page_end / 2),
            Collapse::Document | Collapse::Near => {
                page_end.saturating_mul(FETCHED_PASSAGES_GROWTH_FACTOR)
            }
        };
        needed_hits
            .max(MIN_FETCHED_PASSAGES)
            .max(self.min_passage_count.load(Ordering::Relaxed))
            .min(MAX_FETCHED_PASSAGES)
    }

    /// Raises the minimum number of passages that must be fetched to `min_passage_count`. If this round has fetched
    /// fewer, another round follows.
    fn require_fetched_passages(&self, min_passage_count: usize) {
        self.min_passage_count
            .fetch_max(min_passage_count.min(MAX_FETCHED_PASSAGES), Ordering::Relaxed);
    }

    /// Raises the minimum number of passages that must be fetched to [`FETCHED_PASSAGES_GROWTH_FACTOR`] times the
    /// number of this round.
    pub(super) fn require_more_passages(&self, query: &Query) {
        self.require_fetched_passages(
            self.passages_to_fetch(query).saturating_mul(FETCHED_PASSAGES_GROWTH_FACTOR),
        );
    }

    /// Sets that all terms of the fetched passages must be indexed. If this round has indexed only some terms, another
    /// round follows.
    fn require_all_terms(&self) {
        self.needs_all_terms.store(true, Ordering::Relaxed);
    }

    /// Returns the terms and fields of the fetched passages that must be indexed.
    pub(super) fn indexed_subset(&self) -> IndexedSubset {
        if self.needs_all_terms.load(Ordering::Relaxed) {
            return IndexedSubset::whole_schema();
        }
        needed_index_subset(self.answers.iter().map(|(question, _)| question))
    }

    /// Returns whether the answers of earlier rounds contain an index entry.
    pub(super) fn has_fetched_entries(&self) -> bool {
        self.fetched_entries().next().is_some()
    }

    /// Returns the index entries (passages and records) in the answers of earlier rounds, without duplicates.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries: BTreeMap<(&str, &str, Option<u64>), &Entry> = BTreeMap::new();
        for entry in self.fetched_entries() {
            let ordinal = entry.ordinal.first().copied();
            entries.insert((&entry.document, &entry.record_path, ordinal), entry);
        }
        entries.into_values().cloned().collect()
    }

    /// Iterates over the index entries in the answers of earlier rounds. May contain duplicates.
    fn fetched_entries(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.answers.iter().filter_map(|(_, answer)| match answer {
            RemoteAnswer::Entries(entries) => Some(entries),
            RemoteAnswer::Matches(fetched) => Some(&fetched.entries),
            _ => None,
        });
        entries.flatten()
    }
}

/// Collection statistics for the search of a remote index, as far as the answers to earlier requests give them. A
/// value without an answer is assumed, and is requested before the search runs again.
#[derive(Debug)]
pub(super) struct RemoteStatistics {
    round: Arc<SearchRound>,
    collection: CollectionStats,
}

impl RemoteStatistics {
    pub(super) fn new(round: Arc<SearchRound>) -> Self {
        let collection = round.collection();
        Self { round, collection }
    }
}

impl Statistics for RemoteStatistics {
    fn collection(&self) -> CollectionStats {
        self.collection
    }

    fn is_empty(&self) -> bool {
        false
    }

    fn doc_freq(&self, terms: TermGroup<'_>, assumed_answer: u64) -> Result<u64> {
        Ok(self.round.count_passages(CountedTerms::from_term_group(terms), assumed_answer))
    }

    fn total_doc_freq(&self, terms: TermGroup<'_>, _local_count: u64) -> u64 {
        self.round.count_passages(CountedTerms::from_term_group(terms), 1)
    }

    fn occurs(&self, field: TextField, alternatives: &[Alternative]) -> Result<bool> {
        // Until the answer is known, assumes that the word occurs, because most query words do.
        Ok(self.doc_freq(TermGroup::Alternatives(field, alternatives), 1)? > 0)
    }

    fn lacks_word(&self, _word: &str) -> Result<bool> {
        Ok(false)
    }

    fn terms(
        &self,
        vocabulary: Vocabulary,
        shape: TermShape,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<TermFrequencies> {
        let is_of_facts = matches!(shape, TermShape::Range { .. });
        let mut terms = self.round.terms(vocabulary, shape);
        terms.retain(|term, _| term.starts_with(FACT_PREFIXES) == is_of_facts && accepts(term));
        Ok(terms)
    }

    fn occurring_words(&self, _field: TextField, words: Vec<String>) -> Result<Vec<String>> {
        Ok(words)
    }

    fn match_totals(
        &self,
        plan: &QueryPlan,
        chosen: &BTreeMap<Facet, Vec<String>>,
        query: &Query,
    ) -> Option<Arc<MatchTotals>> {
        self.round.ask_for_matches(plan, chosen, query)
    }

    fn announce_needed_hits(&self, count: usize) {
        self.round.require_fetched_passages(count);
    }

    fn require_all_terms(&self) {
        self.round.require_all_terms();
    }
}
