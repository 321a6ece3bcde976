//! Conditions on declared fields: reads them from the values of a query, and decides whether the values of a document
//! satisfy them.

use std::{
    collections::BTreeMap,
    ops::{Bound, RangeBounds},
};

use super::{Clause, Period, matches_glob};
use crate::{
    analysis::{Analysis, Analyzer, TokenKind, fold_text, inflections},
    document::{
        Date, DeclaredFields, FieldName, FieldType, FieldValue, folded_keyword, parse_bool,
        parse_number,
    },
};

/// Condition on the values of a declared field. A document satisfies the condition if one of its values of the field
/// does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldCondition {
    /// The field has a value.
    Exists,
    /// A keyword, folded, is equal to this text.
    Keyword(String),
    /// A keyword, folded, matches this pattern, in which `*` stands for any characters and `?` for one character.
    KeywordGlob(String),
    /// A number is between the bounds.
    Number(Bound<f64>, Bound<f64>),
    /// A day is in the period.
    Date(Period),
    /// A truth value is equal to this value.
    Bool(bool),
    /// The words of the text contain every one of these phrases.
    Words(Vec<Vec<WordSlot>>),
}

/// Word of a phrase that is searched in a declared text field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum WordSlot {
    /// Word that is one of these terms.
    Terms(Vec<String>),
    /// Word whose term matches this pattern.
    Glob(String),
}

/// Values of the declared fields of a document.
#[derive(Debug, Default)]
pub(crate) struct DeclaredFieldValues {
    values: Vec<(FieldName, FieldValue)>,
    /// Terms of each text value, in the order of the text.
    words: Vec<(FieldName, Vec<String>)>,
}

impl DeclaredFieldValues {
    /// Returns the values of the declared fields in the metadata of a document.
    pub(crate) fn new(
        fields: &DeclaredFields,
        metadata: &BTreeMap<String, String>,
        analyzer: &Analyzer,
    ) -> Self {
        let values = fields.values(metadata, |_| {});
        let words = values.iter().filter_map(|(name, value)| match value {
            FieldValue::Text(text) => {
                let mut analysis = Analysis::default();
                analyzer.tokens(text, &mut analysis);
                let terms = analysis.tokens.iter().map(|token| analysis.term(token).to_owned());
                Some((*name, terms.collect()))
            }
            _ => None,
        });
        let words = words.collect();
        Self { values, words }
    }
}

impl FieldCondition {
    /// Reads the condition of a clause on a field of this type. `None` if the clause contains other clauses. The error
    /// says what is wrong with the value.
    pub(super) fn from_clause_on_field(
        field_type: FieldType,
        clause: &Clause,
        analyzer: &Analyzer,
    ) -> Option<Result<Self, String>> {
        if *clause == Clause::Everything {
            return Some(Ok(Self::Exists));
        }
        let text = clause.word_or_phrase_text()?;
        Some(match field_type {
            FieldType::Keyword if matches!(clause, Clause::Wildcard(_)) => {
                Ok(Self::KeywordGlob(folded_keyword(text)))
            }
            FieldType::Keyword => Ok(Self::Keyword(folded_keyword(text))),
            FieldType::Number => parse_number_range(text)
                .map(|(low, high)| Self::Number(low, high))
                .ok_or_else(|| format!("{text} is not a number such as 5, >=5 or 5..10")),
            FieldType::Date => parse_period_or_comparison(text).map(Self::Date).ok_or_else(|| {
                format!("{text} is not a date such as 2025, >=2025-12 or 2025-01..2025-06")
            }),
            FieldType::Bool => parse_bool(text)
                .map(Self::Bool)
                .ok_or_else(|| format!("{text} is not true or false")),
            FieldType::Text => condition_on_words(clause, text, analyzer),
        })
    }

    /// Returns whether a value of the field `name` satisfies the condition. A condition on words is satisfied if each
    /// of its phrases is in one of the text values.
    pub(crate) fn is_satisfied_by(&self, name: FieldName, values: &DeclaredFieldValues) -> bool {
        if let Self::Words(phrases) = self {
            let is_own = |(other, _): &&(FieldName, Vec<String>)| *other == name;
            return phrases.iter().all(|phrase| {
                values.words.iter().filter(is_own).any(|(_, terms)| contains_phrase(terms, phrase))
            });
        }
        let own_values = values.values.iter().filter(|(other, _)| *other == name);
        own_values.into_iter().any(|(_, value)| self.accepts(value))
    }

    /// Returns whether a value satisfies the condition. Returns `false` for [`Words`](Self::Words), a condition on the
    /// terms of texts.
    pub(crate) fn accepts(&self, value: &FieldValue) -> bool {
        match (self, value) {
            (Self::Exists, _) => true,
            (Self::Keyword(wanted), FieldValue::Keyword(keyword)) => {
                folded_keyword(keyword) == *wanted
            }
            (Self::KeywordGlob(glob), FieldValue::Keyword(keyword)) => {
                matches_glob(glob, &folded_keyword(keyword))
            }
            (Self::Number(low, high), FieldValue::Number(number)) => {
                (low.as_ref(), high.as_ref()).contains(&number)
            }
            (Self::Date(period), FieldValue::Date(date)) => {
                period.first.is_none_or(|first| first <= *date)
                    && period.last.is_none_or(|last| *date <= last)
            }
            (Self::Bool(wanted), FieldValue::Bool(truth)) => wanted == truth,
            _ => false,
        }
    }
}

impl WordSlot {
    /// Returns whether a term of the text matches the slot.
    pub(crate) fn accepts(&self, term: &str) -> bool {
        match self {
            Self::Terms(terms) => terms.iter().any(|wanted| wanted == term),
            Self::Glob(glob) => matches_glob(glob, term),
        }
    }
}

/// Returns whether consecutive terms match the slots of a phrase.
fn contains_phrase(terms: &[String], phrase: &[WordSlot]) -> bool {
    let matches =
        |window: &[String]| window.iter().zip(phrase).all(|(term, slot)| slot.accepts(term));
    !phrase.is_empty() && terms.windows(phrase.len()).any(matches)
}

/// Reads a number, a comparison such as `>=5`, or a range such as `5..10`, which includes both ends. `None` for any
/// other text.
fn parse_number_range(text: &str) -> Option<(Bound<f64>, Bound<f64>)> {
    let folded = fold_text(text.trim());
    if let Some((low, high)) = folded.split_once("..") {
        let bound = |text: &str| match text.trim() {
            "" => Some(Bound::Unbounded),
            number => parse_number(number).map(Bound::Included),
        };
        let range = (bound(low)?, bound(high)?);
        return Some(range).filter(|range| *range != (Bound::Unbounded, Bound::Unbounded));
    }
    let (operator, number) = split_comparison_operator(&folded);
    let number = parse_number(number)?;
    Some(match operator {
        ">=" => (Bound::Included(number), Bound::Unbounded),
        ">" => (Bound::Excluded(number), Bound::Unbounded),
        "<=" => (Bound::Unbounded, Bound::Included(number)),
        "<" => (Bound::Unbounded, Bound::Excluded(number)),
        _ => (Bound::Included(number), Bound::Included(number)),
    })
}

/// Reads a day, a month, a year, a range of them, or a comparison such as `>=2025-12`. `None` for any other text.
fn parse_period_or_comparison(text: &str) -> Option<Period> {
    let folded = fold_text(text.trim());
    let (operator, date) = split_comparison_operator(&folded);
    let period: Period = date.parse().ok()?;
    let is_range = date.contains("..");
    match operator {
        "" | "=" => Some(period),
        _ if is_range => None,
        ">=" => Some(Period { first: period.first, last: None }),
        "<=" => Some(Period { first: None, last: period.last }),
        "<" => Some(Period { first: None, last: Some(period.first.and_then(Date::previous_day)?) }),
        _ => Some(Period { first: Some(period.last.and_then(Date::next_day)?), last: None }),
    }
}

/// Splits an operator of comparison off the beginning of a value. The operator is empty if there is none.
fn split_comparison_operator(text: &str) -> (&str, &str) {
    for (symbol, operator) in
        [(">=", ">="), ("≥", ">="), ("<=", "<="), ("≤", "<="), (">", ">"), ("<", "<"), ("=", "=")]
    {
        if let Some(value) = text.strip_prefix(symbol) {
            return (operator, value.trim());
        }
    }
    ("", text)
}

/// Returns the condition on the words of a clause: a phrase in quotes has its words side by side and as written, all
/// other words may be apart and in any inflection.
fn condition_on_words(
    clause: &Clause,
    text: &str,
    analyzer: &Analyzer,
) -> Result<FieldCondition, String> {
    if let Clause::Wildcard(pattern) = clause {
        let glob = WordSlot::Glob(folded_keyword(pattern));
        return Ok(FieldCondition::Words(vec![vec![glob]]));
    }
    let mut analysis = Analysis::default();
    analyzer.tokens(text, &mut analysis);
    let is_phrase = matches!(clause, Clause::Phrase { .. });
    let mut phrases: Vec<Vec<WordSlot>> = Vec::new();
    let mut previous_is_han = false;
    for token in &analysis.tokens {
        let term = analysis.term(token);
        let is_han = token.kind == TokenKind::Han;
        let mut terms = vec![term.to_owned()];
        if !is_phrase && !is_han {
            terms.extend(inflections(term).into_iter().filter(|inflection| inflection != term));
        }
        let slot = WordSlot::Terms(terms);
        match phrases.last_mut().filter(|_| is_phrase || (is_han && previous_is_han)) {
            Some(phrase) => phrase.push(slot),
            None => phrases.push(vec![slot]),
        }
        previous_is_han = is_han;
    }
    if phrases.is_empty() {
        return Err(format!("{text} has no letter or digit"));
    }
    Ok(FieldCondition::Words(phrases))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Chinese;

    /// Returns whether the value `text` of a field of this type satisfies the condition `condition`.
    fn satisfies(field_type: FieldType, text: &str, condition: &str) -> bool {
        let mut fields = DeclaredFields::default();
        fields.declare("f", field_type).unwrap();
        let name = "f".parse().unwrap();
        let (clause, _) = Clause::parse_with(&format!("f:{condition}"), &fields);
        let Clause::In(_, value) = clause else { panic!("{condition}: {clause:?}") };
        let analyzer = Analyzer::new(Chinese::Off);
        let condition = FieldCondition::from_clause_on_field(field_type, &value, &analyzer);
        let metadata = [("f".to_owned(), text.to_owned())].into();
        let values = DeclaredFieldValues::new(&fields, &metadata, &analyzer);
        condition.unwrap().unwrap().is_satisfied_by(name, &values)
    }

    #[test]
    fn values_are_compared_according_to_the_field_type() {
        use FieldType::{Bool, Date, Keyword, Number, Text};
        for (field_type, text, condition, expected) in [
            (Keyword, "Trade, 貿易", "trade", true),
            (Keyword, "Trade, 貿易", "贸易", true),
            (Keyword, "Trade policy", "trade", false),
            (Keyword, "Trade policy", "trade*", true),
            (Keyword, "Trade policy", "\"Trade Policy\"", true),
            (Keyword, "C++", "c++", true),
            (Number, "5", "5", true),
            (Number, "5", "5.0", true),
            (Number, "5", ">5", false),
            (Number, "5", ">=5", true),
            (Number, "5", "<5", false),
            (Number, "5", "≤5", true),
            (Number, "-5", "-5", true),
            (Number, "-5", "-10..-1", true),
            (Number, "7", "5..10", true),
            (Number, "11", "5..10", false),
            (Number, "1,250", "1,000..", true),
            (Date, "2024-03-31", "2024", true),
            (Date, "2024-03-31", "2024-01..2024-03", true),
            (Date, "2024-03-31", ">2024-03", false),
            (Date, "2024-03-31", ">=2024-03", true),
            (Date, "2024-03-31", "<2024-03-31", false),
            (Date, "2024-03-31", "<=2024-03-31", true),
            (Bool, "yes", "true", true),
            (Bool, "yes", "no", false),
            (Text, "The port expands its berths", "port", true),
            (Text, "The ports expand", "port", true),
            (Text, "The ports expand", "\"port\"", false),
            (Text, "The port expands its berths", "\"port expands\"", true),
            (Text, "The port expands its berths", "\"port berths\"", false),
            (Text, "The port expands its berths", "expan*", true),
            (Text, "广州港口扩建", "港口", true),
            (Text, "广州港口扩建", "州口", false),
        ] {
            let result = satisfies(field_type, text, condition);
            assert_eq!(result, expected, "{text} {condition}");
        }
        for (field_type, text) in [(Keyword, "Trade"), (Number, "5"), (Text, "port")] {
            assert!(satisfies(field_type, text, "*"), "{text}");
            assert!(!satisfies(field_type, "", "*"));
        }
    }
}
