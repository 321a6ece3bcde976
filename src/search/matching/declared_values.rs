//! Evaluates conditions on declared fields: finds the live passages of documents with an accepted value. The values are
//! stored in the records of documents. A condition on numbers, days or truth values selects a range of the sorted
//! values; keywords are compared one by one; words of texts are looked up in posting lists.

use std::ops::{Bound, RangeInclusive};

use tantivy::DocId;

use crate::{
    document::{Date, FieldName, FieldType},
    error::Result,
    index::{encode_sortable_date, encode_sortable_number, end_of_field_values, value_prefix},
    query::{ExpandedTerm, FieldCondition, PhraseSlot, TermPattern, WordSlot},
    search::reader::{BitSet, SegmentView, ValueColumn, engine_error, read_error},
};

/// Work of reading one term of the dictionary, in units of the [work meter](crate::query::WorkMeter), which checks the
/// deadline. Each byte of the term is one unit more.
const WORK_UNITS_PER_DICTIONARY_TERM: usize = 16;

/// Returns the live passages of documents with a value of the field `name` that satisfies the condition.
pub(super) fn passages_with_declared_value(
    segment: SegmentView<'_>,
    name: FieldName,
    condition: &FieldCondition,
) -> Result<BitSet> {
    let records = match condition {
        FieldCondition::Words(phrases) => records_with_all_phrases(segment, name, phrases)?,
        FieldCondition::Exists
            if segment.declared_fields.type_of(name) == Some(FieldType::Text) =>
        {
            let any_word = vec![WordSlot::Glob("*".to_owned())];
            records_with_all_phrases(segment, name, &[any_word])?
        }
        condition => records_satisfying_condition(segment, name, condition)?,
    };
    let mut passages = BitSet::new(segment.reader.max_doc());
    for record in records {
        passages.insert_range(segment.columns.passages_of(record));
    }
    passages.intersect_with(segment.columns.live_passages(segment.reader));
    Ok(passages)
}

/// Returns the document records with a value that satisfies a condition.
fn records_satisfying_condition(
    segment: SegmentView<'_>,
    name: FieldName,
    condition: &FieldCondition,
) -> Result<Vec<DocId>> {
    let Some(column) = ValueColumn::open(segment, name)? else { return Ok(Vec::new()) };
    let mut records = Vec::new();
    for numbers in numbers_of_accepted_values(&column, condition)? {
        segment.deadline.check()?;
        records.extend(column.records_with_value_numbers(numbers));
    }
    Ok(records)
}

/// Returns the accepted values of a field as ranges of [value numbers](ValueColumn): the values that satisfy a
/// condition.
fn numbers_of_accepted_values(
    column: &ValueColumn<'_>,
    condition: &FieldCondition,
) -> Result<Vec<RangeInclusive<usize>>> {
    let range = match condition {
        FieldCondition::Exists => 0..column.value_count(),
        FieldCondition::Number(low, high) => column.value_numbers_between(
            low.map(encode_sortable_number),
            high.map(encode_sortable_number),
        )?,
        FieldCondition::Date(period) => {
            let bound = |date: Option<Date>| {
                date.map_or(Bound::Unbounded, |date| Bound::Included(encode_sortable_date(date)))
            };
            let high = period.last.map_or_else(
                || Bound::Excluded("~".to_owned()),
                |last| Bound::Included(encode_sortable_date(last)),
            );
            column.value_numbers_between(bound(period.first), high)?
        }
        FieldCondition::Keyword(_)
        | FieldCondition::KeywordGlob(_)
        | FieldCondition::Bool(_)
        | FieldCondition::Words(_) => {
            let values = column.all_values()?;
            let accepted = values.iter().enumerate().filter(|(_, value)| condition.accepts(value));
            return Ok(consecutive_ranges(accepted.map(|(number, _)| number)));
        }
    };
    Ok(if range.is_empty() { Vec::new() } else { vec![range.start..=range.end - 1] })
}

/// Joins ascending numbers into ranges of consecutive numbers.
fn consecutive_ranges(numbers: impl Iterator<Item = usize>) -> Vec<RangeInclusive<usize>> {
    let mut ranges: Vec<RangeInclusive<usize>> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some(range) if *range.end() + 1 == number => *range = *range.start()..=number,
            _ => ranges.push(number..=number),
        }
    }
    ranges
}

/// Returns the document records whose text in the field `name` contains every one of the phrases.
fn records_with_all_phrases(
    segment: SegmentView<'_>,
    name: FieldName,
    phrases: &[Vec<WordSlot>],
) -> Result<Vec<DocId>> {
    let mut common_records: Option<Vec<DocId>> = None;
    for phrase in phrases {
        let mut slots = Vec::with_capacity(phrase.len());
        for (offset, slot) in (0..).zip(phrase) {
            let terms = indexed_terms_accepted_by_slot(segment, name, slot)?;
            let expanded = terms.into_iter().map(|term| ExpandedTerm { term, weight: 1.0 });
            let pattern = TermPattern::Term(String::new());
            slots.push(PhraseSlot { offset, pattern, terms: expanded.collect() });
        }
        let records = segment.entries_with_phrase(segment.fields.declared_words, slots)?;
        match &mut common_records {
            Some(common) => common.retain(|record| records.binary_search(record).is_ok()),
            None => common_records = Some(records),
        }
    }
    Ok(common_records.unwrap_or_default())
}

/// Returns the terms of the index that a slot (a word or a pattern) accepts in the field `name`.
fn indexed_terms_accepted_by_slot(
    segment: SegmentView<'_>,
    name: FieldName,
    slot: &WordSlot,
) -> Result<Vec<String>> {
    let (prefix, end) = (value_prefix(name), end_of_field_values(name));
    if let WordSlot::Terms(terms) = slot {
        return Ok(terms.iter().map(|term| format!("{prefix}{term}")).collect());
    }
    let field = segment.fields.declared_words;
    let inverted_index = segment.reader.inverted_index(field).map_err(engine_error)?;
    let range = inverted_index.terms().range().ge(prefix.as_bytes()).lt(end.as_bytes());
    let mut terms = range.into_stream().map_err(read_error)?;
    let mut meter = segment.deadline.work_meter();
    let mut accepted = Vec::new();
    while terms.advance() {
        meter.add(WORK_UNITS_PER_DICTIONARY_TERM + terms.key().len())?;
        let term = std::str::from_utf8(terms.key()).unwrap_or_default();
        if term.get(prefix.len()..).is_some_and(|word| slot.accepts(word)) {
            accepted.push(term.to_owned());
        }
    }
    Ok(accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_numbers_are_one_range() {
        for (numbers, expected) in [
            (vec![], vec![]),
            (vec![0], vec![0..=0]),
            (vec![0, 1, 2, 5, 7, 8], vec![0..=2, 5..=5, 7..=8]),
        ] {
            assert_eq!(consecutive_ranges(numbers.into_iter()), expected);
        }
    }
}
