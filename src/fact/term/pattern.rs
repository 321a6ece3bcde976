//! Selects the terms of the quantities and periods that a query asks for.

use super::encoding::{
    decode_quantity, encodes_unit, kind_of_period_within, period_term_range, quantity_term_range,
};
use crate::{
    document::Date,
    fact::{comparator::Comparator, period::PeriodKind, unit::Unit, value::Value},
};

/// Reciprocal of the tolerance of "about": a value is about 20,000 if it differs by at most one twentieth of 20,000.
const RECIPROCAL_OF_ABOUT_TOLERANCE: i128 = 20;

/// Quantities or periods that a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactPattern {
    /// Quantities in one of `units` that satisfy `condition`.
    Quantity {
        /// Names of root units. An empty name stands for a count.
        units: Vec<&'static str>,
        /// Condition on the value in the root unit, and on the comparator.
        condition: Condition,
    },
    /// Periods that lie within the days from `first` to `last`.
    Period {
        /// First day that a period may contain. `None` stands for no bound.
        first: Option<Date>,
        /// Last day that a period may contain. `None` stands for no bound.
        last: Option<Date>,
        /// Whether the text must say that its statement holds at the end of the period, as in "as of July 2025".
        requires_as_of: bool,
    },
}

/// Condition on a quantity of a text: on its value and on the comparator before or after the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// The text has this value, with any comparator.
    Stated(Value),
    /// The text has this value or its negative, with any comparator.
    StatedWithAnySign(Value),
    /// The text says that the true value is near this value: with a comparator such as "about" or "nearly", or without
    /// a comparator.
    About(Value),
    /// The true value is above the first bound and below the second bound. `None` stands for no bound.
    Between(Option<Bound>, Option<Bound>),
}

/// Lower or upper bound of the values that satisfy a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) value: Value,
    /// Whether the bound itself satisfies the condition.
    pub(crate) is_inclusive: bool,
}

impl FactPattern {
    /// Returns a pattern that selects the quantities with the unit `unit` that satisfy `condition`. The values in
    /// `condition` are in the root unit of `unit`.
    pub(super) fn quantity(unit: Option<&'static Unit>, condition: Condition) -> Self {
        Self::Quantity { units: searched_units(unit), condition }
    }

    /// Returns a pattern that selects all quantities with the same unit and value as the index term `term`, with any
    /// comparator ("about", "at least"). A positive value also selects its negative, because "fell by 3.5%" and "-3.5%"
    /// state the same number. `None` if `term` does not encode a quantity with a known unit.
    pub(crate) fn with_value_of_term(term: &str) -> Option<Self> {
        let (name, value, _) = decode_quantity(term)?;
        let unit = Unit::by_name(&name.replace('_', " "))?;
        let condition = if value > Value::integer(0) {
            Condition::StatedWithAnySign(value)
        } else {
            Condition::Stated(value)
        };
        Some(Self::quantity(Some(unit), condition))
    }

    /// Returns ranges of terms that contain every term of the pattern. A range includes its first string and excludes
    /// its second string.
    pub(crate) fn term_ranges(&self) -> Vec<(String, String)> {
        match self {
            Self::Quantity { units, condition } => {
                let ranges = condition.ranges();
                let ranges_of_unit = |unit: &&'static str| {
                    let unit = *unit;
                    let ranges = ranges.clone().into_iter();
                    ranges.map(move |(low, high)| quantity_term_range(unit, low, high))
                };
                units.iter().flat_map(ranges_of_unit).collect()
            }
            Self::Period { first, last, .. } => vec![period_term_range((*first, *last))],
        }
    }

    /// Returns whether the pattern selects a term.
    pub(crate) fn selects(&self, term: &str) -> bool {
        match self {
            Self::Quantity { units, condition } => {
                decode_quantity(term).is_some_and(|(unit, value, comparator)| {
                    units.iter().any(|name| encodes_unit(unit, name))
                        && condition.is_met_by(value, comparator)
                })
            }
            Self::Period { first, last, requires_as_of } => {
                kind_of_period_within(term, (*first, *last))
                    .is_some_and(|kind| !requires_as_of || kind == PeriodKind::AsOf)
            }
        }
    }
}

impl Condition {
    /// Returns ranges of values that contain every value that may satisfy the condition. A range is its least and its
    /// greatest value.
    fn ranges(&self) -> Vec<(Option<Value>, Option<Value>)> {
        match self {
            Self::StatedWithAnySign(value) => {
                [value.negated(), *value].map(|value| (Some(value), Some(value))).to_vec()
            }
            _ => vec![self.bounds()],
        }
    }

    /// Returns the least and the greatest value that may satisfy the condition.
    fn bounds(&self) -> (Option<Value>, Option<Value>) {
        match self {
            Self::Stated(value) => (Some(*value), Some(*value)),
            Self::StatedWithAnySign(value) => (Some(value.negated()), Some(*value)),
            Self::About(value) => {
                let (one, other) =
                    (with_about_tolerance(*value, -1), with_about_tolerance(*value, 1));
                (one.min(other), one.max(other))
            }
            Self::Between(low, high) => {
                (low.map(|bound| bound.value), high.map(|bound| bound.value))
            }
        }
    }

    /// Returns whether a quantity with this value and this comparator satisfies the condition.
    fn is_met_by(&self, value: Value, comparator: Comparator) -> bool {
        match self {
            Self::Stated(wanted) => value == *wanted,
            Self::StatedWithAnySign(wanted) => value == *wanted || value == wanted.negated(),
            Self::About(_) => {
                let (low, high) = self.bounds();
                matches!(comparator, Comparator::Equal | Comparator::About | Comparator::Nearly)
                    && low.is_some_and(|low| low <= value)
                    && high.is_some_and(|high| value <= high)
            }
            // "About 30" does not say whether the value is at least 30, but it is in the range from 30 to 40.
            Self::Between(Some(low), Some(high)) => match comparator {
                Comparator::MoreThan => value >= low.value && value < high.value,
                Comparator::Nearly | Comparator::LessThan => {
                    value > low.value && value <= high.value
                }
                Comparator::Equal
                | Comparator::About
                | Comparator::AtLeast
                | Comparator::AtMost => low.is_below(value) && high.is_above(value),
            },
            Self::Between(low, high) => {
                low.is_none_or(|bound| bound.is_below_quantity(value, comparator))
                    && high.is_none_or(|bound| bound.is_above_quantity(value, comparator))
            }
        }
    }
}

impl Bound {
    /// Returns whether the bound is below `value`, or equal to `value` if the bound is inclusive.
    fn is_below(self, value: Value) -> bool {
        self.value < value || self.is_inclusive && self.value == value
    }

    /// Returns whether the bound is above `value`, or equal to `value` if the bound is inclusive.
    fn is_above(self, value: Value) -> bool {
        value < self.value || self.is_inclusive && self.value == value
    }

    /// Returns whether a quantity with this value and this comparator says that the true value is above the bound.
    fn is_below_quantity(self, value: Value, comparator: Comparator) -> bool {
        match comparator {
            Comparator::Equal | Comparator::AtLeast => self.is_below(value),
            Comparator::About | Comparator::Nearly => self.value < value,
            Comparator::MoreThan => self.value <= value,
            Comparator::LessThan | Comparator::AtMost => false,
        }
    }

    /// Returns whether a quantity with this value and this comparator says that the true value is below the bound.
    fn is_above_quantity(self, value: Value, comparator: Comparator) -> bool {
        match comparator {
            Comparator::Equal | Comparator::AtMost => self.is_above(value),
            Comparator::About => value < self.value,
            Comparator::Nearly | Comparator::LessThan => value <= self.value,
            Comparator::MoreThan | Comparator::AtLeast => false,
        }
    }
}

/// Returns `value` plus the tolerance of "about" if `direction` is 1, or `value` minus the tolerance if `direction` is
/// -1.
fn with_about_tolerance(value: Value, direction: i128) -> Option<Value> {
    value.times(RECIPROCAL_OF_ABOUT_TOLERANCE + direction, RECIPROCAL_OF_ABOUT_TOLERANCE)
}

/// Returns the names of the root units in which a quantity of a query is searched. A currency sign without a country
/// also finds all currencies that the sign may stand for, and a degree also degrees Celsius and Fahrenheit. A number
/// without unit finds counts of things and of persons.
fn searched_units(unit: Option<&'static Unit>) -> Vec<&'static str> {
    let Some(unit) = unit else { return vec!["", "person", "person-time"] };
    match unit.base {
        "CNY" => vec!["CNY", "元"],
        "元" => vec!["元", "CNY", "TWD"],
        "USD" => vec!["USD", "$"],
        "$" => vec!["$", "USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"],
        "degree" => vec!["degree", "°C", "°F"],
        "°C" => vec!["°C", "degree"],
        "°F" => vec!["°F", "degree"],
        _ => vec![unit.root().name],
    }
}
