//! Searches an index on other machines in rounds.
//!
//! The stages of a local search run over the passages fetched so far. If a statistic of the whole index is not known
//! yet, the search assumes a value (for example, that a term occurs or a passage matches) and adds a question for the
//! remote index. All unanswered questions are sent in one request, and the search runs again with the answers, until
//! every question is answered. If all assumptions are true, one request is enough. Read this file first: it runs the
//! rounds. `protocol.rs` defines the questions and answers, `statistics.rs` makes the assumptions.

mod needed_terms;
mod protocol;
mod statistics;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use self::statistics::{NextRoundRequirements, RemoteStatistics, SearchRound};
pub(crate) use self::{
    protocol::{
        CountedTerms, FetchedPassages, RemoteAnswer, RemoteIndex, RemoteQuery, RemoteQuestion,
    },
    statistics::MAX_FETCHED_PASSAGES,
};
#[cfg(test)]
pub(crate) use super::expansion::edit_distance;
use super::{
    Searcher,
    backend::SearchBackend,
    context::SearchContext,
    execute::{self, UnreadResultPage},
    lookup,
    reader::IndexReader,
    results::{DocumentInfo, PassageInfo, RankedPassage, SearchResults},
    suggest::Suggestion,
};
pub(crate) use super::{
    matching::narrows_counts,
    reader::stem_for_inflection_lookup,
    statistics::{FacetTally, MatchTotals, TermShape, Vocabulary},
};
use crate::{
    analysis::Analyzer,
    document::DeclaredFields,
    error::{Error, Result},
    index::{self, Entry, IndexedSubset, Snapshot, Source},
    query::{Deadline, Query},
    span::Span,
};

/// Maximum number of rounds of requests for a search.
const MAX_REQUEST_ROUNDS: usize = 16;

/// Returns a searcher for one commit of a remote index. The paths of all source files begin with `root`.
pub(crate) fn searcher(
    index: Arc<dyn RemoteIndex>,
    analyzer: Analyzer,
    version: String,
    root: String,
) -> Result<Searcher> {
    let empty_index = index_in_memory(Vec::new(), IndexedSubset::whole_schema(), analyzer.clone())?;
    let root_folder = Arc::new(OnceLock::from(root));
    let deadline = Deadline::never();
    let backend = Arc::new(RemoteBackend { index, empty_index, analyzer, root_folder, deadline });
    Ok(Searcher { version: version.into(), backend, deadline })
}

/// Builds an index of `entries` in memory, with the terms and fields in `subset`.
fn index_in_memory(
    mut entries: Vec<Entry>,
    subset: IndexedSubset,
    analyzer: Analyzer,
) -> Result<IndexReader> {
    if entries.is_empty() {
        // Without an entry, the index would have no segment and so no term dictionary.
        entries.push(Entry::default());
    }
    let Snapshot { searcher, fields, .. } =
        index::remote::build_temporary_snapshot(entries, subset, analyzer)?;
    IndexReader::open_partial(searcher, fields)
}

/// Backend of a searcher over one commit of a remote index.
struct RemoteBackend {
    index: Arc<dyn RemoteIndex>,
    /// Empty index, which is searched until entries are fetched.
    empty_index: IndexReader,
    analyzer: Analyzer,
    root_folder: Arc<OnceLock<String>>,
    /// Deadline of the operations on the remote index.
    deadline: Deadline,
}

impl fmt::Debug for RemoteBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteBackend").field("root", &self.root_folder).finish_non_exhaustive()
    }
}

impl RemoteBackend {
    /// Calls `operation` in rounds, until a round has no new questions and no new requirements. Returns the result of
    /// the last round. Each round sees the answers of the earlier rounds.
    fn run_in_request_rounds<T>(
        &self,
        operation: impl Fn(&SearchContext, &SearchRound) -> Result<T>,
    ) -> Result<T> {
        let (mut answers, mut requirements) = (Vec::new(), NextRoundRequirements::default());
        for _ in 0..MAX_REQUEST_ROUNDS {
            self.deadline.check()?;
            let round = Arc::new(SearchRound::new(answers, requirements));
            let context = self.context(&round)?;
            let round_result = operation(&context, &round);
            drop(context);
            let Some(round) = Arc::into_inner(round) else { break };
            let (answered, unanswered, required) = round.finish();
            if round_result.is_err() || unanswered.is_empty() && required == requirements {
                return round_result;
            }
            (answers, requirements) = (answered, required);
            if !unanswered.is_empty() {
                let new_answers = self.index.ask(&unanswered)?;
                let new_answers = unanswered.into_iter().zip(new_answers);
                answers
                    .extend(new_answers.filter_map(|(question, answer)| Some((question, answer?))));
            }
        }
        Err(Error::Engine("the cluster gives a different answer to each request".into()))
    }

    /// Returns a search context over the passages that were fetched before this round.
    fn context(&self, round: &Arc<SearchRound>) -> Result<SearchContext> {
        let reader = if round.has_fetched_entries() {
            index_in_memory(round.entries(), round.indexed_subset(), self.analyzer.clone())?
        } else {
            self.empty_index.clone()
        };
        let reader = reader.with_deadline(self.deadline);
        let statistics = Arc::new(RemoteStatistics::new(Arc::clone(round)));
        let (analyzer, root_folder) = (self.analyzer.clone(), Arc::clone(&self.root_folder));
        Ok(SearchContext { reader, analyzer, statistics, root_folder })
    }
}

/// Selects the hits of a page. If there are too few hits, increases the number of passages that the next round must
/// fetch.
fn select_page_hits(
    context: &SearchContext,
    round: &SearchRound,
    query: &Query,
    counts_documents: bool,
) -> Result<UnreadResultPage> {
    let unread_page = execute::select_page_hits(context, query, counts_documents)?;
    if unread_page.page_lacks_hits {
        round.require_more_passages(query);
    }
    Ok(unread_page)
}

/// Makes the next round fetch the document of the passage `passage_id`. Does nothing if `passage_id` does not have the
/// form of a passage id.
fn ask_for_document_of_passage(round: &SearchRound, passage_id: &str) {
    if let Some((document, _)) = lookup::split_passage_id(passage_id) {
        round.ask_for_document(document);
    }
}

impl SearchBackend for RemoteBackend {
    fn with_deadline(&self, deadline: Deadline) -> Arc<dyn SearchBackend> {
        Arc::new(Self {
            index: Arc::clone(&self.index),
            empty_index: self.empty_index.clone(),
            analyzer: self.analyzer.clone(),
            root_folder: Arc::clone(&self.root_folder),
            deadline,
        })
    }

    fn search(&self, query: &Query) -> Result<SearchResults> {
        self.run_in_request_rounds(|context, round| {
            let unread_page = select_page_hits(context, round, query, true)?;
            execute::read_page_texts(context, query, unread_page)
        })
    }

    fn ranking(&self, query: &Query) -> Result<Vec<RankedPassage>> {
        self.run_in_request_rounds(|context, round| {
            Ok(select_page_hits(context, round, query, false)?.into_ranking())
        })
    }

    fn highlights(&self, query: &Query, texts: &[&str]) -> Result<Vec<Vec<Span>>> {
        self.run_in_request_rounds(|context, _| execute::highlights(context, query, texts))
    }

    fn suggest(&self, _text: &str, _limit: usize) -> Result<Vec<Suggestion>> {
        Ok(Vec::new())
    }

    fn similar(&self, id: &str, limit: usize) -> Result<Option<SearchResults>> {
        self.run_in_request_rounds(|context, round| {
            ask_for_document_of_passage(round, id);
            execute::similar(context, id, limit)
        })
    }

    fn document(&self, id: &str) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        self.run_in_request_rounds(|context, round| {
            round.ask_for_document(id);
            lookup::document(context, id)
        })
    }

    fn document_info(&self, id: &str) -> Result<Option<DocumentInfo>> {
        self.run_in_request_rounds(|context, round| {
            round.ask_for_document(id);
            lookup::document_info(context, id)
        })
    }

    fn document_text(&self, id: &str) -> Result<Option<String>> {
        self.run_in_request_rounds(|context, round| {
            round.ask_for_document(id);
            lookup::document_text(context, id)
        })
    }

    fn passage(
        &self,
        id: &str,
        neighbour_count: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        self.run_in_request_rounds(|context, round| {
            ask_for_document_of_passage(round, id);
            lookup::passage(context, id, neighbour_count)
        })
    }

    fn passage_id_with_hash(&self, _hash: &str) -> Result<Option<String>> {
        Ok(None)
    }

    fn sources(&self) -> Result<Vec<Source>> {
        self.run_in_request_rounds(|context, round| {
            round.ask_for_sources();
            lookup::sources(context)
        })
    }

    fn declared_fields(&self) -> &DeclaredFields {
        &self.empty_index.declared_fields
    }

    fn relative_source<'p>(&self, path: &'p str) -> Result<&'p str> {
        let root = self.root_folder.get().map(String::as_str).unwrap_or_default();
        Ok(path.strip_prefix(root).unwrap_or(path))
    }
}
