//! The tool `facts`: lists the figures of the passages that match a query.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    arguments::{non_blank, number_in_range},
    cursor::PagedList,
    no_match::{self, SearchFilter},
    token_budget::{Answer, Reply, TokenBudget, fit_entries},
    token_estimate::truncate,
};
use crate::{
    error::{Error, Result},
    fact_table::{FactRow, one_line},
    query::{Field, Query},
    render::visible_text,
    search::Searcher,
};

/// Maximum number of tokens of the words that state what is measured.
const MAX_MEASURE_TOKENS: usize = 40;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Arguments {
    /// Words, "exact phrases", AND OR NOT, date:2025; only passages with all words
    query: String,
    /// Only passages of this issuer: words of its name, in order
    issuer: Option<String>,
    /// Maximum number of passages to read, the best first, 1 to 1000; default 200
    limit: Option<usize>,
    /// `next` of the last answer, for more figures; repeat all other arguments unchanged
    cursor: Option<String>,
    /// Maximum tokens of the answer, 500 to 100000; default 4000
    max_tokens: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FactsReply {
    /// Number of figures in all passages that were read
    total: u64,
    /// Figures, sorted by what is measured, then by period
    facts: Vec<Figure>,
    /// Number of further figures
    left_out: u64,
    /// Value to pass as `cursor` for more figures; null after the last one
    next: Option<String>,
    /// Advice if there are no figures
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
}

/// Figure of a passage.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
struct Figure {
    /// Words that state what is measured
    measure: String,
    /// Comparator, exact value, unit and direction of a change
    value: String,
    /// First and last day of the period, FROM..TO; empty if the sentence names no period
    period: String,
    /// Issuer, and date of the release
    source: String,
    /// Id of the passage
    passage: String,
    /// Verbatim sentence
    sentence: String,
}

pub(super) fn facts(searcher: &Searcher, arguments: &Arguments) -> Result<Answer> {
    let Arguments { query, issuer, limit, cursor, max_tokens } = arguments;
    let budget = TokenBudget::new(*max_tokens)?;
    let limit = number_in_range("limit", *limit, 1..=1_000, 200)?;
    let issuer = non_blank(issuer.as_deref());
    let list = PagedList::new(searcher, "facts", (query.trim(), issuer, limit));
    let skipped = list.skipped_count(cursor.as_deref())?;
    if query.trim().is_empty() {
        let reason = "query is empty: give words to find, or * for everything";
        return Err(Error::invalid("query", reason.to_owned()));
    }
    let filter =
        issuer.map(|issuer| SearchFilter::filter_on_field("issuer", Field::Issuer, issuer));
    let query = Query::new(query).strict(true).limit(limit).fragments(1);
    let query = filter.iter().fold(query, |query, filter| query.filter(filter.clause.clone()));
    let results = searcher.search(&query)?;
    let rows = FactRow::rows(results.hits.iter().map(|hit| (&hit.document, &hit.passage)));
    let remaining = rows.get(skipped..).unwrap_or_default();
    let hints = match results.hits.len() {
        0 if results.cut => Vec::new(),
        0 => no_match::empty_result_hints(searcher, &query, filter.as_slice())?,
        read_count if rows.is_empty() => {
            vec![format!("the {read_count} passages that match have no figures: use other words")]
        }
        _ => Vec::new(),
    };
    fit_entries(budget, remaining.len(), budget.tokens(), |count, max_text_tokens| {
        let left_out = (remaining.len() - count) as u64;
        FactsReply {
            total: rows.len() as u64,
            facts: remaining
                .iter()
                .take(count)
                .map(|row| Figure::new(row, max_text_tokens))
                .collect(),
            left_out,
            next: (left_out > 0).then(|| list.cursor(skipped + count)),
            hints: hints.clone(),
        }
    })
}

impl Figure {
    /// Returns the figure of a row, with at most `max_tokens` tokens of its sentence.
    fn new(row: &FactRow<'_>, max_tokens: usize) -> Self {
        Self {
            measure: truncate(&one_line(row.measure()), MAX_MEASURE_TOKENS),
            value: row.value_words(),
            period: row.period_text(),
            source: truncate(&row.issuer_and_date_words(), MAX_MEASURE_TOKENS),
            passage: row.passage.id.clone(),
            sentence: truncate(row.sentence(), max_tokens),
        }
    }
}

impl Reply for FactsReply {
    fn text(&self) -> String {
        let mut text = format!("{} shown of {} figures.\n", self.facts.len(), self.total);
        text.extend(self.hints.iter().map(|hint| format!("Hint: {}\n", visible_text(hint))));
        for Figure { measure, value, period, source, passage, sentence } in &self.facts {
            let line = [measure, value, period, source].map(|part| visible_text(part));
            let line: Vec<&str> =
                line.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            let _ = writeln!(
                text,
                "\n{} [{}]\n{}",
                line.join(" · "),
                visible_text(passage),
                visible_text(sentence)
            );
        }
        if let Some(next) = &self.next {
            let _ = writeln!(text, "\n{} left out. For more: cursor {next}", self.left_out);
        }
        text
    }
}
