//! What `evaluate` may be told.

use std::{num::NonZero, path::PathBuf};

use clap::{Args as Arguments, ValueEnum};

use crate::query::Ranking;

/// Prints nDCG@10, MAP, MRR@10 and Recall@100, each the mean over the queries that have something
/// relevant (a grade of 1 or more); a query without hits is worth 0. Nothing is indexed.
#[derive(Debug, Arguments)]
pub(in crate::cli) struct Evaluate {
    /// Queries, one a line: ID, a tab, the text
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) queries: PathBuf,
    /// Judgments, one a line: QUERY 0 ID GRADE
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) qrels: PathBuf,
    /// Write the rankings for all queries here, in TREC format: QUERY Q0 ID RANK SCORE gz-search.
    /// Scores are made to decrease strictly, so that other tools read the same order
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) run: Option<PathBuf>,
    /// What the judgments speak of
    #[arg(long, value_enum, default_value_t = Unit::Document)]
    pub(in crate::cli) unit: Unit,
    /// How many of the best to rank for each query
    #[arg(long, value_name = "N", default_value = "1000")]
    pub(in crate::cli) depth: NonZero<usize>,
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter, help = parameter_help())]
    pub(in crate::cli) set: Vec<(String, f64)>,
    /// Print one line a query instead, the worst first: ID, nDCG@10, reciprocal rank, text
    #[arg(long)]
    pub(in crate::cli) per_query: bool,
}

fn parameter_help() -> String {
    let names = Ranking::names().collect::<Vec<_>>().join(", ");
    format!("Set a parameter of the ranking; a weight of 0 turns its part off. Parameters: {names}")
}

fn parameter(text: &str) -> Result<(String, f64), String> {
    let (name, value) =
        text.split_once('=').ok_or("NAME=VALUE is needed, as in heading_weight=0.5")?;
    let value = value.parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0);
    let value = value.ok_or_else(|| format!("{name} must be a number from 0 up"))?;
    Ranking::default().set(name, value).map_err(|unknown| unknown.to_string())?;
    Ok((name.to_owned(), value))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Unit {
    /// Documents, each ranked by its best passage
    Document,
    /// Passages, as DOCUMENT#ORDINAL
    Passage,
}
