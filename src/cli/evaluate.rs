//! `gz-search evaluate`: queries and judgments → what the rankings of the index are worth.

use std::fmt::Write;

use super::{args, complain, place::Place, print};
use crate::{
    error::{Error, Result},
    evaluate::{self, EvaluationQuery, Measures, Topic, Unit},
    query::Ranking,
    render::visible,
};

pub(super) fn run(place: &Place, args: &args::Evaluate) -> Result<u8> {
    let topics = evaluate::topics(&args.queries)?;
    let judgments = evaluate::judgments(&args.qrels)?;
    let searcher = place.searcher()?;
    let unit = match args.unit {
        args::Unit::Document => Unit::Document,
        args::Unit::Passage => Unit::Passage,
    };
    let mut ranking = Ranking::default();
    for (name, value) in &args.set {
        ranking.set(name, *value).map_err(|unknown| Error::invalid("set", unknown.to_string()))?;
    }
    let asked = EvaluationQuery { unit, limit: args.depth.get(), ranking };
    let measured = evaluate::evaluate(&searcher, &topics, &judgments, asked, args.run.as_deref())?;
    if measured.is_empty() {
        return Err(Error::invalid(
            "qrels",
            format!(
                "{} holds nothing relevant to any query of {}: the ids of queries must be the same in both",
                args.qrels.display(),
                args.queries.display()
            ),
        ));
    }
    let (used, all) = (measured.len(), topics.len());
    if used < all {
        complain(&format!(
            "{} of {all} queries left out: nothing is judged relevant to them",
            all - used
        ));
    }
    print(&if args.per_query { lines(measured) } else { table(&measured) })?;
    Ok(0)
}

/// One line a query, the worst first.
fn lines(mut measured: Vec<(&Topic, Measures)>) -> String {
    measured.sort_by(|(_, a), (_, b)| {
        a.ndcg_10.total_cmp(&b.ndcg_10).then(a.reciprocal_rank.total_cmp(&b.reciprocal_rank))
    });
    let mut lines = String::new();
    for (topic, measures) in measured {
        let Measures { ndcg_10, reciprocal_rank, .. } = measures;
        let (id, text) = (visible(&topic.id), visible(&topic.text));
        let _ = writeln!(lines, "{id}\t{ndcg_10:.4}\t{reciprocal_rank:.4}\t{text}");
    }
    lines
}

fn table(measured: &[(&Topic, Measures)]) -> String {
    let all: Vec<Measures> = measured.iter().map(|(_, measures)| *measures).collect();
    let Measures { ndcg_10, average_precision, reciprocal_rank_10, recall_100, .. } =
        Measures::mean(&all);
    format!(
        "nDCG@10  MAP     MRR@10  Recall@100  queries\n\
         {ndcg_10:.4}   {average_precision:.4}  {reciprocal_rank_10:.4}  {recall_100:.4}      {}\n",
        all.len()
    )
}
