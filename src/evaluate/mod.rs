//! Queries and judgments → what the rankings of an index are worth.
//!
//! An edge: it asks a [`Searcher`] as any user does, and indexes nothing.

mod documents;
mod measures;
mod run;
mod trec;

use std::{
    num::NonZero,
    panic,
    path::Path,
    thread::{self, ScopedJoinHandle},
};

use self::{
    documents::{best, documents},
    measures::is_relevant,
    run::Run,
};
pub(crate) use self::{
    measures::Measures,
    trec::{Judgments, Topic, judgments, topics},
};
use crate::{
    error::Result,
    query::{Query, Ranking},
    search::{RankedPassage, Searcher},
};

/// So many queries are answered by each thread before their rankings are written and let go.
const QUERIES_AT_A_TIME: usize = 64;

/// What is ranked, how, and how far down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EvaluationQuery {
    pub(crate) unit: Unit,
    pub(crate) limit: usize,
    pub(crate) ranking: Ranking,
}

impl EvaluationQuery {
    fn query(&self, text: &str) -> Query {
        Query::new(text).limit(self.limit).ranking(self.ranking)
    }
}

/// What judgments speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Documents, each in the place of its best passage.
    Document,
    /// Passages, as `DOCUMENT#ORDINAL`.
    Passage,
}

/// A document or a passage in a ranking.
#[derive(Debug, Clone, PartialEq)]
struct Scored {
    id: String,
    score: f64,
}

/// What became of one query.
struct Answer {
    /// None where nothing is relevant: then no ranking is better than another.
    measures: Option<Measures>,
    /// For the run, where one is written.
    lines: String,
}

/// Measures the rankings for the queries that have something relevant, in their order; one without
/// hits is worth 0. The rankings for all queries are written to the file `run`, if any.
pub(crate) fn evaluate<'a>(
    searcher: &Searcher,
    topics: &'a [Topic],
    judgments: &Judgments,
    asked: EvaluationQuery,
    run: Option<&Path>,
) -> Result<Vec<(&'a Topic, Measures)>> {
    let mut run = run.map(Run::create).transpose()?;
    let writes_run = run.is_some();
    let topics: Vec<&Topic> =
        topics.iter().filter(|topic| writes_run || has_relevant(judgments, topic)).collect();
    let answer = |topic: &&Topic| answer(searcher, topic, judgments, asked, writes_run);
    let mut measured = Vec::new();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    for topics in topics.chunks(QUERIES_AT_A_TIME * threads) {
        for (topic, answer) in topics.iter().zip(in_parallel(topics, threads, answer)) {
            let Answer { measures, lines } = answer?;
            measured.extend(measures.map(|measures| (*topic, measures)));
            if let Some(run) = &mut run {
                run.write(&lines)?;
            }
        }
    }
    run.map(Run::finish).transpose()?;
    Ok(measured)
}

fn has_relevant(judgments: &Judgments, topic: &Topic) -> bool {
    judgments.get(&topic.id).is_some_and(|grades| grades.values().any(|&grade| is_relevant(grade)))
}

fn answer(
    searcher: &Searcher,
    topic: &Topic,
    judgments: &Judgments,
    asked: EvaluationQuery,
    writes_run: bool,
) -> Result<Answer> {
    let ranking = match asked.unit {
        Unit::Document => ranked_documents(searcher, &topic.text, asked)?,
        Unit::Passage => ranked_passages(searcher, &topic.text, asked)?,
    };
    let lines = if writes_run { run::lines(&topic.id, &ranking)? } else { String::new() };
    let measures =
        judgments.get(&topic.id).filter(|_| has_relevant(judgments, topic)).map(|grades| {
            let ranked: Vec<i32> = ranking
                .iter()
                .map(|one| grades.get(&one.id).copied().unwrap_or_default())
                .collect();
            let judged: Vec<i32> = grades.values().copied().collect();
            Measures::new(&ranked, &judged)
        });
    Ok(Answer { measures, lines })
}

fn ranked_passages(searcher: &Searcher, text: &str, asked: EvaluationQuery) -> Result<Vec<Scored>> {
    let ranking = searcher.ranking(&asked.query(text))?.into_iter();
    let scored = |RankedPassage { document, ordinal, score }| {
        let id = format!("{document}#{ordinal}");
        Scored { id, score }
    };
    Ok(ranking.map(scored).collect())
}

/// So many documents take more passages than that: how many is not known before.
fn ranked_documents(
    searcher: &Searcher,
    text: &str,
    asked: EvaluationQuery,
) -> Result<Vec<Scored>> {
    let EvaluationQuery { limit, .. } = asked;
    let mut passages = limit;
    loop {
        let ranking = searcher.ranking(&asked.query(text).limit(passages))?;
        let mut found = documents(&ranking, best);
        if found.len() >= limit || ranking.len() < passages {
            found.truncate(limit);
            return Ok(found);
        }
        passages = passages.saturating_mul(4);
    }
}

/// What `work` makes of each of `items`, in their order.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let share = items.len().div_ceil(threads).max(1);
    let joined = |thread: ScopedJoinHandle<'_, Vec<R>>| {
        thread.join().unwrap_or_else(|defect| panic::resume_unwind(defect))
    };
    thread::scope(|scope| {
        let work = &work;
        let shares = items.chunks(share);
        let threads: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().map(work).collect::<Vec<R>>()))
            .collect();
        threads.into_iter().flat_map(joined).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_in_order() {
        let numbers: Vec<usize> = (0..100).collect();
        for threads in [1, 3, 200] {
            assert_eq!(in_parallel(&numbers, threads, |number| *number), numbers);
        }
        assert!(in_parallel(&[], 2, |()| ()).is_empty());
    }
}
