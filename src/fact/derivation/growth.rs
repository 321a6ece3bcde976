//! Finds changes for which the text names the value before and the value after: from 4 to 5 million, up 25%.

use super::{Derivation, DerivationKind, TextWithFacts, estimate::Estimate};
use crate::fact::{Dimension, Role, quantity::Quantity};

/// Maximum length of the text between a value and the amount by which it changed, in bytes.
const MAX_BYTES_BETWEEN_VALUE_AND_CHANGE: usize = 60;
/// Number of bytes before and after the amount of a change in which [`WORDS_OF_OTHER_CHANGES`] are searched for.
const CHANGE_CONTEXT_BYTES: usize = 40;
/// Words near the amount of a change which show that the amount is not the change between the two named values but
/// another one, such as an annual change. In lower case.
const WORDS_OF_OTHER_CHANGES: [&str; 26] = [
    "annual",
    "average",
    "year-on-year",
    "year on year",
    "yoy",
    "y-o-y",
    "per year",
    "a year",
    "each year",
    "per annum",
    "compound",
    "month-on-month",
    "comparable",
    "in real terms",
    "年均",
    "同比",
    "环比",
    "年平均",
    "可比",
    "实际增长",
    "每年",
    "名义",
    "inflation",
    "constant prices",
    "扣除",
    "不变价",
];
/// Words between the amount of a change and the earlier value, such as "from" in "up 25% from 4 million". In lower
/// case.
const WORDS_BEFORE_EARLIER_VALUE: [&str; 10] = [
    "from",
    "compared with",
    "compared to",
    "than",
    "over",
    "on",
    "relative to",
    "versus",
    "up from",
    "down from",
];
/// Words and punctuation marks that separate one statement from the next.
const STATEMENT_SEPARATORS: [&str; 8] = [".", ";", "。", "；", "while", "whereas", "among", "其中"];

/// Returns the derivation of each amount of a change whose earlier value and later value the passage names.
pub(super) fn growth_derivations(passage: &TextWithFacts<'_>) -> Vec<Derivation> {
    let count = passage.facts.quantities.len();
    let derivations = (0..count).flat_map(|index| {
        growth_from_pair(passage, index)
            .into_iter()
            .chain(derivation_from_level_and_base(passage, index))
    });
    derivations.collect()
}

/// Returns the derivation of a change that the passage states as `from A to B`. The amount of the change follows or
/// precedes these two values. `index` is the index of `A` in [`Facts::quantities`](crate::fact::Facts::quantities).
fn growth_from_pair(passage: &TextWithFacts<'_>, index: usize) -> Option<Derivation> {
    let (first, second) = (passage.quantity(index)?, passage.quantity(index + 1)?);
    if (first.role, second.role) != (Role::Before, Role::After) || !have_same_unit(first, second) {
        return None;
    }
    let follows = passage.quantity(index + 2).filter(|amount| {
        is_amount_of_named_change(passage, amount)
            && is_within_one_statement(passage.gap(second, amount))
    });
    let precedes = || {
        let amount = passage.quantity(index.checked_sub(1)?)?;
        let gap = passage.gap(amount, first);
        let is_joined = gap.as_deref().is_some_and(|gap| gap.ends_with("from") && gap.len() < 16);
        (is_amount_of_named_change(passage, amount) && is_joined).then_some(index - 1)
    };
    let amount = if follows.is_some() { index + 2 } else { precedes()? };
    derivation(passage, amount, index, index + 1)
}

/// Returns the derivation of a change that the passage states as later value, amount and earlier value: `5 million, up
/// 25% from 4 million`. `index` is the index of the later value in
/// [`Facts::quantities`](crate::fact::Facts::quantities).
fn derivation_from_level_and_base(passage: &TextWithFacts<'_>, index: usize) -> Option<Derivation> {
    let level = passage.quantity(index).filter(|level| level.change.is_none())?;
    let amount = passage.quantity(index + 1)?;
    let base = passage.quantity(index + 2).filter(|base| base.change.is_none())?;
    let gap = passage.gap(amount, base)?;
    let is_base =
        WORDS_BEFORE_EARLIER_VALUE.iter().any(|words| gap.ends_with(words)) && gap.len() <= 30;
    let is_change = is_amount_of_named_change(passage, amount)
        && have_same_unit(level, base)
        && level.role == Role::Single
        && is_within_one_statement(passage.gap(level, amount));
    if !is_base || !is_change || gap.contains([',', '，']) {
        return None;
    }
    derivation(passage, index + 1, index + 2, index)
}

/// Returns whether a quantity is the amount of the change between two named values. False if the words around it show
/// another change, such as a change each year.
fn is_amount_of_named_change(passage: &TextWithFacts<'_>, amount: &Quantity) -> bool {
    let before = passage.text_before(amount.span.start, CHANGE_CONTEXT_BYTES);
    let after = passage.text_after(amount.span.end, CHANGE_CONTEXT_BYTES);
    let around = format!("{before} {after}");
    amount.change.is_some() && !WORDS_OF_OTHER_CHANGES.iter().any(|words| around.contains(words))
}

/// Returns whether the text between two quantities is short and in one statement.
fn is_within_one_statement(gap: Option<String>) -> bool {
    gap.is_some_and(|gap| {
        gap.len() <= MAX_BYTES_BETWEEN_VALUE_AND_CHANGE
            && !STATEMENT_SEPARATORS.iter().any(|separator| gap.contains(separator))
    })
}

/// Returns whether two quantities have the same base unit.
pub(super) fn have_same_unit(first: &Quantity, second: &Quantity) -> bool {
    let unit = |quantity: &Quantity| quantity.in_base_unit().map(|(unit, _)| unit);
    first.dimension == second.dimension && unit(first) == unit(second) && unit(first).is_some()
}

/// Recomputes the amount of a change from the value before the change (`base_index`) and the value after the change
/// (`level_index`). The indexes are those of [`Facts::quantities`](crate::fact::Facts::quantities).
fn derivation(
    passage: &TextWithFacts<'_>,
    amount_index: usize,
    base_index: usize,
    level_index: usize,
) -> Option<Derivation> {
    let (base, level) =
        (passage.operand_estimate(base_index)?, passage.operand_estimate(level_index)?);
    let (quantity, first) = (passage.quantity(amount_index)?, passage.quantity(base_index)?);
    let ratio = level.divided_by(base);
    let difference = level.minus(base);
    let growth = ratio.scaled_and_shifted(100.0, -100.0);
    let readings: Vec<(DerivationKind, Estimate)> = match quantity.dimension {
        // Texts also write a difference of percentages in percent.
        Dimension::Share if first.dimension == Dimension::Share => {
            vec![(DerivationKind::Difference, difference), (DerivationKind::Growth, growth)]
        }
        Dimension::Share => vec![(DerivationKind::Growth, growth)],
        Dimension::SharePoints if first.dimension == Dimension::Share => {
            vec![(DerivationKind::Difference, difference)]
        }
        // 增长3倍 means four times the value before, but many texts mean three times.
        Dimension::Multiple => vec![
            (DerivationKind::Multiple, ratio),
            (DerivationKind::Multiple, ratio.scaled_and_shifted(1.0, -1.0)),
        ],
        _ if have_same_unit(quantity, first) => vec![(DerivationKind::Difference, difference)],
        _ => return None,
    };
    let mut derivations = readings.into_iter().filter_map(|(kind, computed)| {
        passage.derivation(kind, amount_index, &[base_index, level_index], computed)
    });
    let first_reading = derivations.next()?;
    if first_reading.agrees {
        return Some(first_reading);
    }
    Some(derivations.find(|derivation| derivation.agrees).unwrap_or(first_reading))
}
