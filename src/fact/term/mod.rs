//! Turns the quantities and periods of a text into terms of the index, and reads the quantities of a query.
//!
//! Each quantity is one term at the position of its first token: unit, exact value in the base unit, and comparator.
//! Each period is one term: first and last day. Terms of the same unit have the order of their values, unless the
//! values are negative, so that the index finds a range of values by a range of its dictionary. `encoding.rs` defines
//! the terms, `other_readings.rs` adds terms for the parts of periods, `pattern.rs` selects the terms that a query asks
//! for, and `parse.rs` reads the query text after `figure:`.

mod encoding;
mod other_readings;
mod parse;
mod pattern;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use self::tests::SPELLINGS;
use self::{
    encoding::{period_term, quantity_term},
    other_readings::{push_day_of_open_period, push_durations_in_period, push_years_in_numerals},
};
pub(crate) use self::{
    other_readings::is_year_in_numerals, parse::parse_figure, pattern::FactPattern,
};
use super::{
    draft::QuantityDraft,
    evidence::is_quantity,
    folded_text::FoldedText,
    number::ImpliedUnit,
    period::{self, Publication},
    quantity::drafts,
    unit::{Dimension, Unit},
    value::Value,
};
use crate::analysis::{Analysis, ExtraKind};

/// First characters of the terms of quantities and of periods. No word begins with one of them.
pub(crate) const FACT_PREFIXES: [char; 2] = [encoding::QUANTITY_PREFIX, encoding::PERIOD_PREFIX];

/// Maximum number of bytes of a value in decimal notation. A longer value does not become a term.
const MAX_VALUE_TERM_BYTES: usize = 40;

/// Adds the numbers, quantities and periods of `text` as additional terms to `analysis`, which contains the tokens of
/// `text`. A number becomes a term with its value (39000 for 3.9万), and a quantity also becomes a term with its unit.
/// Relative periods are counted from `publication`. Terms at one position are in ascending order of how specific they
/// are.
pub(crate) fn push_terms(text: &str, publication: Publication, analysis: &mut Analysis) {
    let source = FoldedText::new(text);
    let periods = period::find_periods(&source, publication);
    let spans: Vec<(usize, usize)> =
        periods.iter().map(|period| (period.start, period.end)).collect();
    for draft in drafts(&source, &spans) {
        push_terms_of_number(&source, &draft, analysis);
    }
    if source.has_han {
        push_years_in_numerals(&source, analysis);
    }
    for period_match in &periods {
        push_durations_in_period(&source, period_match, analysis);
        let period = period::to_period(&source, publication, period_match);
        let days = period.extent();
        if days != (None, None) {
            analysis.add_extra_term_at_span(
                &period_term(days, period.kind),
                period.span,
                ExtraKind::Period,
            );
        }
        push_day_of_open_period(&period, analysis);
    }
    analysis.sort_extra_tokens();
}

/// Adds the terms of one number: its value, and its quantity if the number is a quantity.
fn push_terms_of_number(source: &FoldedText, draft: &QuantityDraft, analysis: &mut Analysis) {
    let is_quantity = is_quantity(source, draft);
    let number = &draft.number;
    if number.implied_unit == ImpliedUnit::None && (is_quantity || number.has_quantity_notation) {
        let value = draft.value.to_string();
        let is_decimal = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_decimal && value.len() <= MAX_VALUE_TERM_BYTES {
            analysis.add_number_value(&value, source.span(number.start, number.end));
        }
    }
    if !is_quantity {
        return;
    }
    let unit = draft.unit.filter(|unit| !is_unit_implied_by_noun(source, draft, unit));
    if let Some((name, value)) = in_root_unit(unit, draft.value) {
        let term = quantity_term(name, value, draft.comparator);
        let span = source.span(draft.start, draft.end);
        let kind = if name.is_empty() { ExtraKind::Count } else { ExtraKind::Quantity };
        analysis.add_extra_term_at_span(&term, span, kind);
    }
}

/// Returns whether the unit of `draft` is persons only because the noun after the number names persons: 2,000 students.
/// The index treats such a number as a count.
fn is_unit_implied_by_noun(source: &FoldedText, draft: &QuantityDraft, unit: &Unit) -> bool {
    const PERSON_WORDS: [&str; 5] = ["person", "persons", "people", "人", "口"];
    let text = source.text_between(draft.start, draft.end);
    unit.dimension == Dimension::Persons && !PERSON_WORDS.iter().any(|word| text.ends_with(word))
}

/// Converts `value` from `unit` to its [root unit](Unit::root). Returns the name of the root unit, which is empty for a
/// count, and the converted value. `None` if that value is too large.
fn in_root_unit(unit: Option<&'static Unit>, value: Value) -> Option<(&'static str, Value)> {
    let Some(unit) = unit else { return Some(("", value)) };
    let root = unit.root();
    let value = unit.to_base(value)?;
    let value =
        if root.name == unit.base { value } else { Unit::by_name(unit.base)?.to_base(value)? };
    Some((root.name, value))
}
