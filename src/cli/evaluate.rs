//! The command `gz-search evaluate`, which measures the quality of rankings with queries and relevance judgments.

use std::fmt::Write;

use super::{
    args::{EvaluateArgs, JudgedUnitArg},
    location::IndexLocation,
    output::{print, print_status},
};
use crate::{
    error::{Error, Result},
    evaluate::{self, EvaluationOptions, JudgedUnit, Measures, Topic},
    query::Ranking,
    render::visible_text,
};

/// Prints the mean of each quality measure over all queries with a relevant document or passage.
pub(super) fn run(location: &IndexLocation, args: &EvaluateArgs) -> Result<u8> {
    let topics = evaluate::read_topics(&args.queries)?;
    let judgments = evaluate::read_judgments(&args.qrels)?;
    let searcher = location.searcher()?;
    let unit = match args.unit {
        JudgedUnitArg::Document => JudgedUnit::Document,
        JudgedUnitArg::Passage => JudgedUnit::Passage,
    };
    let mut ranking = Ranking::default();
    for (name, value) in &args.set {
        ranking.set(name, *value).map_err(|unknown| Error::invalid("set", unknown.to_string()))?;
    }
    let options = EvaluationOptions { unit, depth: args.depth.get(), ranking };
    let measured_topics =
        evaluate::evaluate(&searcher, &topics, &judgments, options, args.run.as_deref())?;
    if measured_topics.is_empty() {
        return Err(Error::invalid(
            "qrels",
            format!(
                "no relevant judgment in {} belongs to a query in {}: both files must use the same query ids",
                args.qrels.display(),
                args.queries.display()
            ),
        ));
    }
    let skipped_queries = topics.len() - measured_topics.len();
    if skipped_queries > 0 {
        print_status(&format!(
            "{skipped_queries} of {} queries skipped: they have no relevant judgment",
            topics.len()
        ));
    }
    print(&if args.per_query {
        per_query_lines(measured_topics)
    } else {
        mean_measures_table(&measured_topics)
    })?;
    Ok(0)
}

/// Formats one line per query, sorted from the lowest nDCG@10 to the highest.
fn per_query_lines(mut measured_topics: Vec<(&Topic, Measures)>) -> String {
    measured_topics.sort_by(|(_, a), (_, b)| {
        a.ndcg_10.total_cmp(&b.ndcg_10).then(a.reciprocal_rank.total_cmp(&b.reciprocal_rank))
    });
    let mut report_lines = String::new();
    for (topic, measures) in measured_topics {
        let Measures { ndcg_10, reciprocal_rank, .. } = measures;
        let (id, text) = (visible_text(&topic.id), visible_text(&topic.text));
        // Writing to a string cannot fail.
        _ = writeln!(report_lines, "{id}\t{ndcg_10:.4}\t{reciprocal_rank:.4}\t{text}");
    }
    report_lines
}

fn mean_measures_table(measured_topics: &[(&Topic, Measures)]) -> String {
    let per_query: Vec<Measures> = measured_topics.iter().map(|(_, measures)| *measures).collect();
    let Measures { ndcg_10, average_precision, reciprocal_rank_10, recall_100, .. } =
        Measures::mean(&per_query);
    format!(
        "nDCG@10  MAP     MRR@10  Recall@100  queries\n\
         {ndcg_10:.4}   {average_precision:.4}  {reciprocal_rank_10:.4}  {recall_100:.4}      {}\n",
        per_query.len()
    )
}
