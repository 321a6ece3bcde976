//! Finds the quantities of a passage: numbers with unit, comparator, range, change and measure.

use super::{
    age::mark_ages,
    change::{Change, change},
    comparator::Comparator,
    draft::Draft,
    evidence::is_quantity,
    measure::measure,
    number::numbers,
    range::{Role, inherit_units, roles},
    source::Source,
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
    /// Relation of the true value to [`value`](Self::value).
    pub comparator: Comparator,
    /// Place in a range or a change.
    pub role: Role,
    /// Direction of a change, if the quantity is the amount of the change. `None` if the quantity is a level.
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

/// Returns the numbers of a text outside its periods, in order, with unit and comparator. Not every number is a quantity.
/// `periods` holds the spans of the periods of the text in folded offsets, ascending.
pub(super) fn drafts(source: &Source, periods: &[(usize, usize)]) -> Vec<Draft> {
    let mut next_period = 0;
    let outside_periods = numbers(source).into_iter().filter(|number| {
        while periods.get(next_period).is_some_and(|&(_, end)| end <= number.start) {
            next_period += 1;
        }
        periods.get(next_period).is_none_or(|&(start, _)| number.end <= start)
    });
    let mut drafts: Vec<Draft> = outside_periods.map(|number| Draft::new(source, number)).collect();
    inherit_units(source, &mut drafts);
    mark_ages(source, &mut drafts);
    drafts
}

/// Returns the quantities of a text, in order. `periods` holds the spans of the periods of the text in folded offsets,
/// ascending. Numbers in these spans are no quantities.
pub(super) fn quantities(source: &Source, periods: &[(usize, usize)]) -> Vec<Quantity> {
    let mut drafts = drafts(source, periods);
    drafts.retain(|draft| is_quantity(source, draft));
    let roles = roles(source, &drafts);
    let mut previous_end = 0;
    let mut previous_words = None;
    let to_quantity = |(draft, role): (&Draft, Role)| {
        // The second number of a range or change measures what the first one does.
        let is_second = matches!(role, Role::High | Role::After) && draft.counted.is_none();
        let change = change(source, draft);
        // A rate without subject is the rate of the quantity before it: 达到3万亿元，同比增长5%.
        let is_rate = change.is_some() && draft.dimension() == Dimension::Share;
        let own_words = || measure(source, draft, previous_end);
        let words = if is_second {
            previous_words
        } else {
            own_words().or_else(|| previous_words.filter(|_| is_rate))
        };
        (previous_end, previous_words) = (draft.outer_end, words);
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
