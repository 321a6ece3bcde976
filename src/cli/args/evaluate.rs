//! Arguments of the command `evaluate`.

use std::{num::NonZero, path::PathBuf};

use clap::{Args, ValueEnum};

use crate::query::Ranking;

/// Prints nDCG@10, MAP, MRR@10 and Recall@100, averaged over all queries with a relevant item (grade 1 or
/// more). A query without hits scores 0. The index is not changed.
#[derive(Debug, Args)]
pub(in crate::cli) struct EvaluateArgs {
    /// File of queries, one per line: the ID, a tab, the text
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) queries: PathBuf,
    /// File of relevance judgments, one per line: QUERY 0 ID GRADE
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) qrels: PathBuf,
    /// Write the rankings of all queries to this file, in TREC format: QUERY Q0 ID RANK SCORE gz-search
    ///
    /// Scores decrease strictly, so that other tools read the hits in the same order.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) run: Option<PathBuf>,
    /// Unit that the judgments grade: documents or passages
    #[arg(long, value_enum, default_value_t = JudgedUnitArg::Document)]
    pub(in crate::cli) unit: JudgedUnitArg,
    /// Number of hits to evaluate per query
    #[arg(long, value_name = "N", default_value = "1000")]
    pub(in crate::cli) depth: NonZero<usize>,
    /// Set a parameter of the ranking; a weight of 0 disables that component
    ///
    /// The parameters are `k1`, `b`, `unstemmed_weight`, `adjacent_pair_weight`, `character_weight`, `bigram_weight`,
    /// `bigram_inside_word`, `stop_word_weight`, `heading_weight`, `text_bonus`, `adjacency_bonus`, `release_weight`,
    /// `position_boost`, `quoted_word_weight` and `regularization`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_ranking_parameter)]
    pub(in crate::cli) set: Vec<(String, f64)>,
    /// Print one line per query instead of the means, sorted from the lowest nDCG@10. Columns: ID, nDCG@10, reciprocal
    /// rank, query text
    #[arg(long)]
    pub(in crate::cli) per_query: bool,
}

fn parse_ranking_parameter(text: &str) -> Result<(String, f64), String> {
    let (name, value) =
        text.split_once('=').ok_or("NAME=VALUE is needed, as in heading_weight=0.5")?;
    let number = value.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    let number = number.ok_or_else(|| format!("{name} must be a number of 0 or more"))?;
    Ranking::default().set(name, number).map_err(|unknown| unknown.to_string())?;
    Ok((name.to_owned(), number))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum JudgedUnitArg {
    /// Documents, ranked by their best passage
    Document,
    /// Passages with ids of the form DOCUMENT#ORDINAL
    Passage,
}
