//! Counts the matches of a query by facet value.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map::Entry},
    path::is_separator,
};

use tantivy::DocId;

use super::Matches;
use crate::{
    document::folded_keyword,
    error::Result,
    query::{Collapse, Facet, Query},
    search::{
        context::SearchContext,
        matching::{FacetValues, narrows_counts},
        reader::{BitSet, SegmentView},
        results::{FacetCounts, FacetValue, HitCount},
        statistics::FacetTally,
    },
};

/// Work of reading the text of one facet value, in units of the [work meter](crate::query::WorkMeter), which checks the
/// deadline.
const WORK_UNITS_PER_FACET_VALUE_TEXT: usize = 64;

/// Returns, for each facet that the query requests, the number of matches with each value.
pub(in crate::search) fn facet_counts(
    context: &SearchContext,
    matches: &Matches,
    query: &Query,
) -> Result<Vec<FacetCounts>> {
    let facets = query.facets.iter();
    facets.map(|&facet| count_values_of_facet(context, matches, query, facet)).collect()
}

/// Returns the number of matches with each value of one facet.
fn count_values_of_facet(
    context: &SearchContext,
    matches: &Matches,
    query: &Query,
    facet: Facet,
) -> Result<FacetCounts> {
    let mut tally = FacetTally::default();
    if let Some(totals) = &matches.totals {
        tally = totals.facets.get(&facet).cloned().unwrap_or_default();
    } else {
        for (segment, segment_matches) in context.reader.segments().zip(&matches.segments) {
            let narrows = |other| narrows_counts(facet, other, &query.facet_filters);
            let passages = segment_matches.facet_selection.matches_satisfying_facets(narrows);
            count_facet_values_in_segment(&mut tally, segment, facet, &passages)?;
        }
    }
    let root = if facet == Facet::Source { context.root_folder()? } else { "" };
    Ok(largest_facet_counts(tally, facet, query, root))
}

/// Adds the matches of one segment to the counts of a facet.
fn count_facet_values_in_segment(
    tally: &mut FacetTally,
    segment: SegmentView<'_>,
    facet: Facet,
    passages: &BitSet,
) -> Result<()> {
    segment.deadline.check()?;
    let facet_values = FacetValues::new(segment, facet)?;
    let docs: Vec<DocId> = passages.iter().collect();
    let documents = segment.columns.document_numbers.values_of_entries(&docs);
    // Counts by value number; the last element counts the passages without a value. Each element also has the document
    // that it counted last. This is enough to count documents, because the passages of a document are consecutive.
    let mut counts = vec![(HitCount::default(), None); facet_values.value_number_bound() + 1];
    let mut meter = segment.deadline.work_meter();
    for (doc, document) in docs.into_iter().zip(documents) {
        meter.add(1)?;
        let mut count_value = |value_number: usize| {
            if let Some((count, last_document)) = counts.get_mut(value_number) {
                count.passages += 1;
                count.documents += u64::from(*last_document != Some(document));
                *last_document = Some(document);
            }
        };
        let mut value_numbers = facet_values.value_numbers(doc).peekable();
        if value_numbers.peek().is_none() {
            count_value(facet_values.value_number_bound());
        }
        value_numbers.for_each(count_value);
    }
    let counts = counts.into_iter().map(|(count, _)| count).enumerate();
    for (value_number, count) in counts.filter(|(_, count)| count.passages > 0) {
        meter.add(WORK_UNITS_PER_FACET_VALUE_TEXT)?;
        let value = if value_number < facet_values.value_number_bound() {
            facet_values.value_text(value_number)?
        } else {
            String::new()
        };
        // The language of a document that was created in memory may be empty, and then counts as no value.
        let value_count = if value.is_empty() {
            &mut tally.without_value
        } else {
            tally.values.entry(value).or_default()
        };
        *value_count = value_count.plus(count);
    }
    Ok(())
}

/// Returns the values with the most matches, the most frequent first, up to the facet limit of the query. For the
/// facets `year` and `month`, returns all values in ascending order.
fn largest_facet_counts(tally: FacetTally, facet: Facet, query: &Query, root: &str) -> FacetCounts {
    let FacetTally { values, without_value } = tally;
    let values = match facet {
        Facet::Source => counts_by_first_path_difference(counts_by_relative_path(root, values)),
        Facet::Declared(_) => counts_by_keyword(values),
        _ => values,
    };
    let mut values: Vec<FacetValue> =
        values.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
    let mut more_values = 0;
    if !facet.is_time() {
        // The sort is stable: values with equal counts stay in alphabetical order.
        values.sort_by_key(|FacetValue { count: HitCount { passages, documents }, .. }| {
            let (first_key, second_key) = match query.collapse {
                Collapse::Document => (documents, passages),
                Collapse::None | Collapse::Near => (passages, documents),
            };
            Reverse((*first_key, *second_key))
        });
        more_values = values.len().saturating_sub(query.facet_limit) as u64;
        values.truncate(query.facet_limit);
    }
    FacetCounts { facet, values, more_values, without_value }
}

impl HitCount {
    /// Returns the sum of two counts. The number of documents is exact if the counts are of different segments or of
    /// different paths, because all passages of a document are in one segment and have one path.
    const fn plus(self, other: Self) -> Self {
        Self {
            passages: self.passages + other.passages,
            documents: self.documents + other.documents,
        }
    }
}

/// Adds the counts of keywords that differ only in case, width or script. The result has the spelling with the most
/// matches; of several such spellings, the first. Documents are not counted twice, because a document has a keyword in
/// only one spelling.
fn counts_by_keyword(counts: BTreeMap<String, HitCount>) -> BTreeMap<String, HitCount> {
    let mut keywords: BTreeMap<String, (HitCount, String, HitCount)> = BTreeMap::new();
    for (spelling, count) in counts {
        match keywords.entry(folded_keyword(&spelling)) {
            Entry::Vacant(entry) => {
                entry.insert((count, spelling, count));
            }
            Entry::Occupied(mut entry) => {
                let (total, best_spelling, best_count) = entry.get_mut();
                *total = total.plus(count);
                if count.passages > best_count.passages {
                    (*best_spelling, *best_count) = (spelling, count);
                }
            }
        }
    }
    keywords.into_values().map(|(total, spelling, _)| (spelling, total)).collect()
}

/// Returns the counts by path relative to `root`. A path outside `root` stays unchanged.
fn counts_by_relative_path(
    root: &str,
    paths: BTreeMap<String, HitCount>,
) -> BTreeMap<String, HitCount> {
    let mut counts: BTreeMap<String, HitCount> = BTreeMap::new();
    for (path, count) in paths {
        let path_count =
            counts.entry(path.strip_prefix(root).unwrap_or(&path).to_owned()).or_default();
        *path_count = path_count.plus(count);
    }
    counts
}

/// Groups the counts of sorted paths by the first folder or file name in which the paths differ: `/r/en/1.txt` and
/// `/r/zh/2.txt` by `/r/en/` and `/r/zh/`. The count of a folder is the sum of the counts of all paths below the
/// folder.
fn counts_by_first_path_difference(
    paths: BTreeMap<String, HitCount>,
) -> BTreeMap<String, HitCount> {
    let first_and_last = paths.first_key_value().zip(paths.last_key_value());
    let Some(((first, _), (last, _))) = first_and_last else { return paths };
    // A common prefix of the first and the last of sorted texts is a common prefix of all texts between them.
    let common_chars = first.chars().zip(last.chars()).take_while(|(a, b)| a == b);
    let common_bytes: usize = common_chars.map(|(c, _)| c.len_utf8()).sum();
    let last_separator = first.get(..common_bytes).and_then(|prefix| prefix.rfind(is_separator));
    let folder_end = last_separator.map_or(0, |separator| separator + 1);
    let mut counts: BTreeMap<String, HitCount> = BTreeMap::new();
    for (path, count) in paths {
        let separator = path.get(folder_end..).and_then(|rest| rest.find(is_separator));
        let value = separator.and_then(|separator| path.get(..=folder_end + separator));
        let value_count = counts.entry(value.unwrap_or(&path).to_owned()).or_default();
        *value_count = value_count.plus(count);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_counted_by_the_folders_in_which_they_differ() {
        for (paths, expected) in [
            (vec!["/r/en/a/1.txt", "/r/en/b/2.txt", "/r/zh/3.txt"], vec!["/r/en/ 2", "/r/zh/ 1"]),
            (vec!["/r/en/a/1.txt", "/r/en/a/2.txt"], vec!["/r/en/a/1.txt 1", "/r/en/a/2.txt 1"]),
            (vec!["/r/en.jsonl", "/r/en/1.txt"], vec!["/r/en.jsonl 1", "/r/en/ 1"]),
            (vec!["/r/only.txt"], vec!["/r/only.txt 1"]),
            (vec!["/广州/一.txt", "/广东/二.txt"], vec!["/广东/ 1", "/广州/ 1"]),
            (vec!["plain", "other"], vec!["other 1", "plain 1"]),
            (vec![], vec![]),
        ] {
            let count_of_path = HitCount { passages: 2, documents: 1 };
            let paths = paths.iter().map(|&path| (path.to_owned(), count_of_path)).collect();
            let counts = counts_by_first_path_difference(paths).into_iter();
            let counts: Vec<_> =
                counts.map(|(value, count)| format!("{value} {}", count.documents)).collect();
            assert_eq!(counts, expected);
        }
    }
}
