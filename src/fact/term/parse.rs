//! Reads the text after `figure:` of a query: a quantity, a comparison or a range.

use super::{
    in_root_unit,
    pattern::{Bound, Condition, FactPattern},
};
use crate::fact::{
    draft::QuantityDraft, folded_text::FoldedText, number::numbers, unit::Unit, value::Value,
};

/// Returns the pattern of the quantities that a text asks for: `1 trillion yuan`, `>=30%`, `~20000`, `30%..40%`,
/// `5km..`. `None` if the text is not of this form, or the ends of a range have different units.
pub(crate) fn parse_figure(text: &str) -> Option<FactPattern> {
    let text = text.trim();
    if let Some((low, high)) = text.split_once("..") {
        return parse_range(low, high);
    }
    let (operator, figure) = split_operator(text);
    let (value, unit) = parse_quantity(figure)?;
    let condition = condition_of_operator(operator, in_root_unit(unit, value)?.1);
    Some(FactPattern::quantity(unit, condition))
}

/// Operator before the quantity of a query.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ComparisonOperator {
    /// `=`, or no operator.
    Stated,
    About,
    Above {
        is_inclusive: bool,
    },
    Below {
        is_inclusive: bool,
    },
}

/// Splits a text into its operator and the quantity after the operator.
fn split_operator(text: &str) -> (ComparisonOperator, &str) {
    let above = |is_inclusive| ComparisonOperator::Above { is_inclusive };
    let below = |is_inclusive| ComparisonOperator::Below { is_inclusive };
    let operators = [
        (">=", above(true)),
        ("≥", above(true)),
        ("＞＝", above(true)),
        ("<=", below(true)),
        ("≤", below(true)),
        ("＜＝", below(true)),
        (">", above(false)),
        ("＞", above(false)),
        ("<", below(false)),
        ("＜", below(false)),
        ("~", ComparisonOperator::About),
        ("～", ComparisonOperator::About),
        ("≈", ComparisonOperator::About),
        ("=", ComparisonOperator::Stated),
        ("＝", ComparisonOperator::Stated),
    ];
    operators
        .into_iter()
        .find_map(|(symbol, operator)| Some((operator, text.strip_prefix(symbol)?)))
        .unwrap_or((ComparisonOperator::Stated, text))
}

/// Returns the condition that an operator and the value after it state.
fn condition_of_operator(operator: ComparisonOperator, value: Value) -> Condition {
    match operator {
        ComparisonOperator::Stated => Condition::Stated(value),
        ComparisonOperator::About => Condition::About(value),
        ComparisonOperator::Above { is_inclusive } => {
            Condition::Between(Some(Bound { value, is_inclusive }), None)
        }
        ComparisonOperator::Below { is_inclusive } => {
            Condition::Between(None, Some(Bound { value, is_inclusive }))
        }
    }
}

/// Parses the two ends of a range, one of which may be empty. An end without unit has the unit of the other end.
fn parse_range(low: &str, high: &str) -> Option<FactPattern> {
    let parse_end = |text: &str| match text.trim() {
        "" => Some(None),
        text => parse_quantity(text).map(Some),
    };
    let (low, high) = (parse_end(low)?, parse_end(high)?);
    let unit_of = |end: &Option<(Value, Option<&'static Unit>)>| end.and_then(|(_, unit)| unit);
    let (low_unit, high_unit) =
        (unit_of(&low).or(unit_of(&high)), unit_of(&high).or(unit_of(&low)));
    let is_same_root = low_unit.map(Unit::root).map(|unit| unit.name)
        == high_unit.map(Unit::root).map(|unit| unit.name);
    if !is_same_root || (low.is_none() && high.is_none()) {
        return None;
    }
    let bound = |end: Option<(Value, _)>, unit| match end {
        Some((value, _)) => {
            in_root_unit(unit, value).map(|(_, value)| Some(Bound { value, is_inclusive: true }))
        }
        None => Some(None),
    };
    let (low, high) = (bound(low, low_unit)?, bound(high, high_unit)?);
    Some(FactPattern::quantity(low_unit, Condition::Between(low, high)))
}

/// Parses a text that is exactly one quantity: a number, with or without unit.
fn parse_quantity(text: &str) -> Option<(Value, Option<&'static Unit>)> {
    let source = FoldedText::new(text.trim());
    let number = numbers(&source).into_iter().next()?;
    let draft = QuantityDraft::new(&source, number);
    let is_whole = draft.start == 0 && draft.end == source.lowercase.len();
    is_whole.then_some((draft.value, draft.unit))
}
