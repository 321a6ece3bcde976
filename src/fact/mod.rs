//! Finds the quantities and periods of a passage and returns them as data.
//!
//! [`facts`] is the entry point. It takes the text of a passage and the day of its publication, and returns
//! [`Quantity`]s (exact value, unit, comparator, range, change, what is measured) and [`Period`]s (first and last day),
//! each with its span.
//!
//! `folded_text.rs` folds the text; `number/` finds numbers; `draft.rs` adds unit, counted things and comparator;
//! `evidence.rs` decides whether a number is a quantity; `quantity.rs` joins these steps; `period/` finds expressions
//! of time.

mod age;
mod change;
mod comparator;
mod count;
mod derivation;
mod draft;
mod evidence;
mod folded_text;
mod measure;
mod name;
mod number;
mod period;
mod quantity;
mod range;
mod term;
#[cfg(test)]
mod tests;
mod timing;
mod unit;
mod value;
mod word_set;
mod words;

pub use self::{
    change::Change,
    comparator::Comparator,
    derivation::{Derivation, DerivationKind},
    period::{Period, PeriodKind, Publication},
    quantity::Quantity,
    range::Role,
    unit::{Dimension, Unit},
    value::{ParseValueError, Value},
};

pub(crate) use self::number::{integer_of_numerals, numerals_of_integer};
pub(crate) use self::period::ORDINALS_IN_WORDS;
#[cfg(test)]
pub(crate) use self::term::SPELLINGS;
pub(crate) use self::term::{
    FACT_PREFIXES, FactPattern, is_year_in_numerals, parse_figure, push_terms,
};

/// Quantities and periods of one text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Facts {
    /// Quantities, in the order of the text.
    pub quantities: Vec<Quantity>,
    /// Periods, in the order of the text. Periods and quantities do not overlap.
    pub periods: Vec<Period>,
}

/// Returns the quantities and periods of the text of a passage. Takes time linear in the length of the text.
///
/// ```
/// use gz_search::fact::{Comparator, Publication, facts};
///
/// let facts = facts("Added value exceeded 1 trillion yuan in 2025.", Publication::default());
/// let quantity = &facts.quantities[0];
/// assert_eq!(quantity.value.to_string(), "1000000000000");
/// assert_eq!(quantity.unit.map(|unit| unit.name), Some("CNY"));
/// assert_eq!(quantity.comparator, Comparator::MoreThan);
/// assert_eq!(facts.periods[0].from.map(|day| day.to_string()), Some("2025-01-01".to_owned()));
/// ```
pub fn facts(text: &str, publication: Publication) -> Facts {
    let source = folded_text::FoldedText::new(text);
    let period_matches = period::find_periods(&source, publication);
    let spans: Vec<(usize, usize)> =
        period_matches.iter().map(|period| (period.start, period.end)).collect();
    Facts {
        quantities: quantity::quantities(&source, &spans),
        periods: period_matches
            .iter()
            .map(|period| period::to_period(&source, publication, period))
            .collect(),
    }
}
