//! Finds the quantities of a passage: numbers with unit, comparator, range, change and measure.

use super::{
    age::set_units_of_ages,
    change::{Change, direction_of_change},
    comparator::Comparator,
    draft::QuantityDraft,
    evidence::is_quantity,
    folded_text::FoldedText,
    measure::measure,
    number::numbers,
    range::{Role, inherit_units, roles},
    unit::{Dimension, Unit},
    value::Value,
};
use crate::span::Span;

/// Number in a passage that measures or counts something.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quantity {
    /// Exact value in [`unit`](Self::unit), with the multiplier: 1,000,000 for "1 million". Shares are in percent.
    pub value: Value,
    /// Unit. `None` for counts.
    pub unit: Option<&'static Unit>,
    /// Dimension of the unit: money, length, a count.
    pub dimension: Dimension,
    /// Relation of the true value to [`value`](Self::value), such as "more than".
    pub comparator: Comparator,
    /// Role in a range or in a change, such as the lower end of a range.
    pub role: Role,
    /// `Increase` or `Decrease` if the quantity is the amount of such a change. `None` if the quantity is not the
    /// amount of a change.
    pub change: Option<Change>,
    /// Byte range of the number with its currency, multiplier, unit or Chinese classifier.
    pub span: Span,
    /// Byte range of the words that say what is measured. `None` if there are none.
    pub measure: Option<Span>,
}

impl Quantity {
    /// Returns the name of the base unit and the value in the base unit, for comparison with quantities in other units
    /// of the same dimension. The name is empty for counts. `None` if the value is too large.
    pub fn in_base_unit(&self) -> Option<(&'static str, Value)> {
        match self.unit {
            Some(unit) => Some((unit.base, unit.to_base(self.value)?)),
            None => Some(("", self.value)),
        }
    }
}

/// Returns the numbers of a text outside its periods, in order, with unit and comparator. Not every number is a
/// quantity. `periods` holds the byte ranges of the periods in the folded text, ascending.
pub(super) fn drafts(source: &FoldedText, periods: &[(usize, usize)]) -> Vec<QuantityDraft> {
    let mut next_period = 0;
    let outside_periods = numbers(source).into_iter().filter(|number| {
        while periods.get(next_period).is_some_and(|&(_, end)| end <= number.start) {
            next_period += 1;
        }
        periods.get(next_period).is_none_or(|&(start, _)| number.end <= start)
    });
    let mut drafts: Vec<QuantityDraft> =
        outside_periods.map(|number| QuantityDraft::new(source, number)).collect();
    inherit_units(source, &mut drafts);
    set_units_of_ages(source, &mut drafts);
    drafts
}

/// Returns the quantities of a text, in order. `periods` holds the byte ranges of the periods in the folded text,
/// ascending. Numbers in these ranges are no quantities.
pub(super) fn quantities(source: &FoldedText, periods: &[(usize, usize)]) -> Vec<Quantity> {
    let mut drafts = drafts(source, periods);
    drafts.retain(|draft| is_quantity(source, draft));
    let roles = roles(source, &drafts);
    let mut previous_end = 0;
    let mut previous_words = None;
    let mut previous_unit = None;
    let mut previous_change = None;
    let to_quantity = |(draft, role): (&QuantityDraft, Role)| {
        // The second number of a range or change measures the same as the first number.
        let is_second = matches!(role, Role::High | Role::After) && draft.counted_things.is_none();
        let unit = draft.unit.map(|unit| unit.name);
        let change = direction_of_change(source, draft).or_else(|| {
            previous_change.filter(|_| {
                unit.is_some()
                    && unit == previous_unit
                    && is_next_of_respective(source, draft, previous_end)
            })
        });
        previous_change = change;
        // A rate without subject is the rate of the quantity before it: 达到3万亿元，同比增长5%.
        let is_rate = change.is_some() && draft.dimension() == Dimension::Share;
        let continues_list = unit.is_some()
            && unit == previous_unit
            && joins_values_of_list(source.text_between(previous_end, draft.start_with_comparator));
        let own_words = || measure(source, draft, previous_end);
        let words = if is_second {
            previous_words
        } else {
            own_words().or_else(|| previous_words.filter(|_| is_rate || continues_list))
        };
        (previous_end, previous_words) = (draft.end_with_comparator, words);
        previous_unit = unit;
        Quantity {
            value: draft.value,
            unit: draft.unit,
            dimension: draft.dimension(),
            comparator: draft.comparator,
            role,
            change,
            span: source.span(draft.start, draft.end),
            measure: words.map(|(start, end)| source.span(start, end)),
        }
    };
    drafts.iter().zip(roles).map(to_quantity).collect()
}

/// Returns whether a quantity continues a list of values that 分别 or "respectively" gives to several things: 2.2% in
/// 分别增长8.6%、2.2%. `previous_end` is the byte offset at which the previous quantity ends.
fn is_next_of_respective(source: &FoldedText, draft: &QuantityDraft, previous_end: usize) -> bool {
    let gap = source.text_between(previous_end, draft.start_with_comparator).trim();
    matches!(gap, "、" | "和" | "及" | "与" | "and" | "," | ", and")
        && (source.window_before(previous_end, 60).contains("分别")
            || source.window_after(draft.end_with_comparator, 16).contains("respectively"))
}

/// Returns whether the text between two quantities joins them in a list of values of the same measure: "2.3% in 2018
/// and 2.0% in 2019".
fn joins_values_of_list(gap: &str) -> bool {
    const MAX_LIST_GAP_BYTES: usize = 40;
    gap.len() <= MAX_LIST_GAP_BYTES && !gap.contains(['.', ';', '。', '；', '|', '\n'])
}
