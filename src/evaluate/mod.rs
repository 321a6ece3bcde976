//! Evaluates rankings with queries and relevance judgments in TREC formats.
//!
//! [`evaluate`] runs every query with the public methods of a [`Searcher`] and measures the rankings. `trec.rs` reads
//! the input files, `measures.rs` computes nDCG, MAP, MRR and recall, and `run.rs` writes rankings for other tools.

mod document_ranking;
mod measures;
mod run;
mod trec;

use std::{
    num::NonZero,
    panic,
    path::Path,
    thread::{self, ScopedJoinHandle},
};

use self::{document_ranking::rank_documents, measures::is_relevant, run::TrecRunFile};
pub(crate) use self::{
    measures::Measures,
    trec::{Judgments, Topic, read_judgments, read_topics},
};
use crate::{
    document::Format,
    error::Result,
    query::{Query, Ranking},
    search::{RankedPassage, Searcher},
};

/// Number of queries that each thread evaluates before their rankings are written to the run file and freed.
const BATCH_QUERIES_PER_THREAD: usize = 64;

/// Options that all queries of an evaluation share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EvaluationOptions {
    /// Kind of the ranked items: documents or passages.
    pub(crate) unit: JudgedUnit,
    /// Maximum number of items in each ranking.
    pub(crate) depth: usize,
    /// Parameters of the ranking function.
    pub(crate) ranking: Ranking,
}

impl EvaluationOptions {
    /// Returns the query for a topic whose text is `text`.
    fn topic_query(&self, text: &str) -> Query {
        Query::new(text).limit(self.depth).ranking(self.ranking)
    }
}

/// Kind of the items that the relevance judgments grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JudgedUnit {
    /// Documents, ranked by their best passage.
    Document,
    /// Passages with ids of the form `DOCUMENT#ORDINAL`.
    Passage,
}

/// A document or a passage in a ranking.
#[derive(Debug, Clone, PartialEq)]
struct RankedItem {
    /// Id of the document, or id of the passage in the form `DOCUMENT#ORDINAL`.
    id: String,
    /// Score of the document or passage in the ranking.
    score: f64,
}

/// Ranking and measures of one query.
struct EvaluatedQuery {
    /// Measures of the ranking; `None` if no item is relevant to the query, because in this case all rankings are
    /// equally good.
    measures: Option<Measures>,
    /// Lines of the query in the run file; empty if no run file is written.
    trec_run_lines: String,
}

/// Form of the ids in the judgments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JudgedIdForm {
    /// Ids of documents: `corpus.jsonl:12`.
    Documents,
    /// Ids that the records in a file of many documents contain: `12`.
    Records,
}

impl JudgedIdForm {
    /// Returns the form of the ids in `judgments`. They are ids of documents if any id begins with the name of a file
    /// of many documents, otherwise ids of records.
    fn of_judgments(judgments: &Judgments) -> Self {
        let mut ids = judgments.values().flat_map(|grades| grades.keys());
        if ids.any(|id| id_without_file_name(id) != id) { Self::Documents } else { Self::Records }
    }
}

/// Returns the id that a record in a file of many documents contains: `12` for the document `corpus.jsonl:12`. Returns
/// the id of any other document unchanged.
fn id_without_file_name(document_id: &str) -> &str {
    let colons = document_id.match_indices(':').map(|(at, _)| at);
    let mut parts = colons.filter_map(|at| document_id.split_at_checked(at));
    let is_file_of_many = |path: &str| {
        Format::from_path(Path::new(path)).is_some_and(Format::may_hold_several_documents)
    };
    let record = parts.find(|(file, _)| is_file_of_many(file)).map(|(_, record)| record);
    record.and_then(|record| record.strip_prefix(':')).unwrap_or(document_id)
}

/// Measures the rankings of all topics that have a relevant item, in topic order. A ranking without hits scores 0. If
/// `run_path` names a file, the rankings of all topics are written to that file.
pub(crate) fn evaluate<'a>(
    searcher: &Searcher,
    topics: &'a [Topic],
    judgments: &Judgments,
    options: EvaluationOptions,
    run_path: Option<&Path>,
) -> Result<Vec<(&'a Topic, Measures)>> {
    let mut run_file = run_path.map(TrecRunFile::create).transpose()?;
    let writes_run = run_file.is_some();
    let topics: Vec<&Topic> =
        topics.iter().filter(|topic| writes_run || has_relevant_item(judgments, topic)).collect();
    let id_form = JudgedIdForm::of_judgments(judgments);
    let evaluate_one_topic =
        |topic: &&Topic| evaluate_topic(searcher, topic, judgments, id_form, options, writes_run);
    let mut measured_topics = Vec::new();
    let thread_count = thread::available_parallelism().map_or(1, NonZero::get);
    for topics in topics.chunks(BATCH_QUERIES_PER_THREAD * thread_count) {
        for (topic, evaluated_query) in
            topics.iter().zip(map_in_parallel(topics, thread_count, evaluate_one_topic))
        {
            let EvaluatedQuery { measures, trec_run_lines } = evaluated_query?;
            measured_topics.extend(measures.map(|measures| (*topic, measures)));
            if let Some(run_file) = &mut run_file {
                run_file.write(&trec_run_lines)?;
            }
        }
    }
    run_file.map(TrecRunFile::finish).transpose()?;
    Ok(measured_topics)
}

fn has_relevant_item(judgments: &Judgments, topic: &Topic) -> bool {
    judgments.get(&topic.id).is_some_and(|grades| grades.values().any(|&grade| is_relevant(grade)))
}

/// Ranks the items for one topic and measures the ranking. Returns no run lines unless `writes_run` is set.
fn evaluate_topic(
    searcher: &Searcher,
    topic: &Topic,
    judgments: &Judgments,
    id_form: JudgedIdForm,
    options: EvaluationOptions,
    writes_run: bool,
) -> Result<EvaluatedQuery> {
    let mut ranking = match options.unit {
        JudgedUnit::Document => ranked_documents(searcher, &topic.text, options)?,
        JudgedUnit::Passage => ranked_passages(searcher, &topic.text, options)?,
    };
    if id_form == JudgedIdForm::Records {
        for item in &mut ranking {
            item.id = id_without_file_name(&item.id).to_owned();
        }
    }
    let trec_run_lines =
        if writes_run { run::trec_run_lines(&topic.id, &ranking)? } else { String::new() };
    let measures =
        judgments.get(&topic.id).filter(|_| has_relevant_item(judgments, topic)).map(|grades| {
            let ranked_grades: Vec<i32> = ranking
                .iter()
                .map(|item| grades.get(&item.id).copied().unwrap_or_default())
                .collect();
            let judged_grades: Vec<i32> = grades.values().copied().collect();
            Measures::new(&ranked_grades, &judged_grades)
        });
    Ok(EvaluatedQuery { measures, trec_run_lines })
}

/// Returns a ranking of at most `options.depth` passages.
fn ranked_passages(
    searcher: &Searcher,
    text: &str,
    options: EvaluationOptions,
) -> Result<Vec<RankedItem>> {
    let ranking = searcher.ranking(&options.topic_query(text))?.into_iter();
    let ranked_item = |RankedPassage { document, ordinal, score }| {
        let id = format!("{document}#{ordinal}");
        RankedItem { id, score }
    };
    Ok(ranking.map(ranked_item).collect())
}

/// Returns a ranking of at most `options.depth` documents. A search ranks passages, and several passages may belong to
/// one document. The search is therefore repeated with four times as many passages until these passages belong to
/// `options.depth` documents, or until the search returns all matching passages.
fn ranked_documents(
    searcher: &Searcher,
    text: &str,
    options: EvaluationOptions,
) -> Result<Vec<RankedItem>> {
    let depth = options.depth;
    let mut passage_limit = depth;
    loop {
        let ranking = searcher.ranking(&options.topic_query(text).limit(passage_limit))?;
        let mut documents = rank_documents(&ranking);
        if documents.len() >= depth || ranking.len() < passage_limit {
            documents.truncate(depth);
            return Ok(documents);
        }
        passage_limit = passage_limit.saturating_mul(4);
    }
}

/// Applies `process_item` to each of `items` on up to `thread_count` threads, and returns the results in the order of
/// the items.
fn map_in_parallel<T: Sync, R: Send>(
    items: &[T],
    thread_count: usize,
    process_item: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let items_per_thread = items.len().div_ceil(thread_count).max(1);
    let join = |handle: ScopedJoinHandle<'_, Vec<R>>| {
        handle.join().unwrap_or_else(|defect| panic::resume_unwind(defect))
    };
    thread::scope(|scope| {
        let process_item = &process_item;
        let item_chunks = items.chunks(items_per_thread);
        let handles: Vec<_> = item_chunks
            .map(|chunk| scope.spawn(move || chunk.iter().map(process_item).collect::<Vec<R>>()))
            .collect();
        handles.into_iter().flat_map(join).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_id_is_the_document_id_without_the_file_name() {
        for (document_id, expected) in [
            ("a/corpus.jsonl:12", "12"),
            ("corpus.jsonl.gz:MED:7#2", "MED:7#2"),
            ("MED:7", "MED:7"),
            ("a.txt", "a.txt"),
            ("a.txt:3", "a.txt:3"),
        ] {
            assert_eq!(id_without_file_name(document_id), expected);
        }
    }

    #[test]
    fn parallel_results_have_the_order_of_the_items() {
        let numbers: Vec<usize> = (0..100).collect();
        for thread_count in [1, 3, 200] {
            assert_eq!(map_in_parallel(&numbers, thread_count, |number| *number), numbers);
        }
        assert!(map_in_parallel(&[], 2, |()| ()).is_empty());
    }
}
