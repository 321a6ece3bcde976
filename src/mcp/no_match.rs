//! Hints for an agent whose search finds nothing: which filter excludes every passage, and what to ask instead.

use super::{facet_values::facet_values_by_release_count, token_estimate::truncate};
use crate::{
    error::Result,
    query::{Clause, Facet, Field, NoteKind, Query},
    search::Searcher,
};

/// Maximum number of hints of an answer.
const MAX_HINTS: usize = 2;
/// Maximum number of tokens of a hint.
const MAX_HINT_TOKENS: usize = 60;
/// Maximum number of tokens of a value that a hint names.
const MAX_HINT_VALUE_TOKENS: usize = 15;

/// Filter of a search, and the tool argument that states the filter.
#[derive(Debug, Clone)]
pub(super) struct SearchFilter {
    /// Name of the argument.
    pub(super) argument_name: &'static str,
    /// Value of the argument.
    pub(super) argument_value: String,
    pub(super) clause: Clause,
}

impl SearchFilter {
    /// Returns the filter for passages whose `field` contains the words of `value` in order.
    pub(super) fn filter_on_field(argument: &'static str, field: Field, value: &str) -> Self {
        let phrase = Clause::Phrase { text: value.to_owned(), slop: 0 };
        let clause = Clause::In(field, Box::new(phrase));
        Self { argument_name: argument, argument_value: value.to_owned(), clause }
    }
}

/// Returns up to [`MAX_HINTS`] hints for a search for `query` with `filters` that found nothing. Returns no hints if
/// the time limit passes first.
pub(super) fn empty_result_hints(
    searcher: &Searcher,
    query: &Query,
    filters: &[SearchFilter],
) -> Result<Vec<String>> {
    let diagnosis = NoMatchDiagnosis { searcher, query };
    let mut hints = Vec::new();
    for filter in filters {
        if diagnosis.matching_passage_count("*", &[filter])? == Some(0) {
            hints.push(diagnosis.hint_for_unknown_value(filter)?);
        }
    }
    if hints.is_empty() {
        hints.extend(diagnosis.hint_for_empty_dates(filters)?);
    }
    if hints.is_empty() {
        hints.extend(diagnosis.hint_for_conflicting_filters(filters)?);
    }
    hints.truncate(MAX_HINTS);
    Ok(hints.iter().map(|hint| truncate(hint, MAX_HINT_TOKENS)).collect())
}

/// Query of a search that found nothing, and the searcher that counts passages to find the cause.
struct NoMatchDiagnosis<'a> {
    searcher: &'a Searcher,
    query: &'a Query,
}

impl NoMatchDiagnosis<'_> {
    /// Returns the number of passages that match the query text `text` and all of `filters`. `None` if the time limit
    /// passes first.
    fn matching_passage_count(&self, text: &str, filters: &[&SearchFilter]) -> Result<Option<u64>> {
        let query = Query::new(text).strict(self.query.is_strict).limit(0);
        let query = filters.iter().fold(query, |query, filter| query.filter(filter.clause.clone()));
        let results = self.searcher.search(&query)?;
        Ok((!results.cut).then_some(results.total))
    }

    /// Returns the hint for a filter that no passage matches. The hint names the nearest existing value, and the tool
    /// that lists all values.
    fn hint_for_unknown_value(&self, filter: &SearchFilter) -> Result<String> {
        let SearchFilter { argument_name: argument, argument_value: value, clause } = filter;
        if matches!(*argument, "after" | "before") {
            let years = self.phrase_of_release_years()?;
            return Ok(format!("no release is dated {argument} {value}: {years}"));
        }
        let query = Query::new("*").filter(clause.clone()).limit(0);
        let notes = self.searcher.search(&query)?.notes;
        let note = notes.into_iter().find(|note| note.kind == NoteKind::Missing);
        let reason = note.map_or_else(
            || format!("no passage fits {argument} {}", truncate(value, MAX_HINT_VALUE_TOKENS)),
            |note| note.message,
        );
        Ok(match *argument {
            "lang" => reason,
            "filter" => format!("{reason}: list_sources counts the values of a field"),
            _ => format!("{reason}: list_sources with by {argument} lists others"),
        })
    }

    /// Returns a hint if no release has a date that satisfies both filters `after` and `before`. `None` if at least one
    /// release has such a date, or if one of the two filters is absent.
    fn hint_for_empty_dates(&self, filters: &[SearchFilter]) -> Result<Option<String>> {
        let dates: Vec<&SearchFilter> = filters
            .iter()
            .filter(|filter| matches!(filter.argument_name, "after" | "before"))
            .collect();
        let [first, second] = dates.as_slice() else { return Ok(None) };
        if self.matching_passage_count("*", &dates)? != Some(0) {
            return Ok(None);
        }
        let range =
            [first, second].map(|date| format!("{} {}", date.argument_name, date.argument_value));
        let years = self.phrase_of_release_years()?;
        Ok(Some(format!("no release is dated {}: {years}", range.join(" and "))))
    }

    /// Returns a phrase that states the first and the last year with releases.
    fn phrase_of_release_years(&self) -> Result<String> {
        let mut years = facet_values_by_release_count(self.searcher, Query::new("*"), Facet::Year)?;
        years.sort();
        Ok(match (years.first(), years.last()) {
            (Some(first), Some(last)) if first == last => format!("all releases are of {first}"),
            (Some(first), Some(last)) => format!("the releases are of {first} to {last}"),
            _ => "no release has a date".to_owned(),
        })
    }

    /// Returns a hint for filters that each match some passages. The hint says that the query matches nothing even
    /// without filters, or how many passages match if one filter is left out. `None` if the time limit passes first, or
    /// if there are no filters and the query alone has matches.
    fn hint_for_conflicting_filters(&self, filters: &[SearchFilter]) -> Result<Option<String>> {
        let text = self.query.text();
        match self.matching_passage_count(text, &[])? {
            None => return Ok(None),
            Some(0) => {
                let advice = "use fewer or other words, or the words of the other language";
                return Ok(Some(format!("no passage of the index matches the query: {advice}")));
            }
            Some(_) if filters.is_empty() => return Ok(None),
            Some(_) => {}
        }
        let mut counts = Vec::new();
        for filter in filters {
            let others: Vec<&SearchFilter> = filters
                .iter()
                .filter(|other| other.argument_name != filter.argument_name)
                .collect();
            let count = self.matching_passage_count(text, &others)?.unwrap_or_default();
            if count > 0 {
                counts.push(format!("{count} without {}", filter.argument_name));
            }
        }
        counts.dedup();
        Ok(Some(if counts.is_empty() {
            "passages match the query only without the filters: leave out several of them"
                .to_owned()
        } else {
            format!("passages match the query with fewer filters: {}", counts.join(", "))
        }))
    }
}
