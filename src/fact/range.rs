//! Finds ranges: numbers that belong together, such as "from 3 to 5 million", 3万至5万元, 30-40%.

use super::{
    comparator::Comparator, draft::QuantityDraft, folded_text::FoldedText, number::Notation,
};

/// Role of a quantity in a range or in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Role {
    /// The quantity belongs to no range and no change.
    #[default]
    Single,
    /// Lower end of a range whose upper end is the next quantity.
    Low,
    /// Upper end of a range whose lower end is the previous quantity.
    High,
    /// Value before a change; the next quantity is the value after the change.
    Before,
    /// Value after a change; the previous quantity is the value before the change.
    After,
}

/// Maximum length of the text between the two numbers of a change, in bytes: "from 3.53 million in 2021 to 4.22
/// million".
const MAX_BYTES_BETWEEN_ENDS_OF_CHANGE: usize = 60;
/// Words and dashes between the ends of a range.
const RANGE_CONNECTORS: [&str; 20] = [
    "-", "–", "—", "——", "~", "～", "-", "to", "至", "到", "—－", "－", "or", "and", "或", "- and",
    "- or", "- to", "-, ", "、",
];

/// Copies the unit and the multiplier of the second number of a range to the first number if the first number has none:
/// 3 to 5 million, 5-10%.
pub(super) fn inherit_units(source: &FoldedText, drafts: &mut [QuantityDraft]) {
    for index in (1..drafts.len()).rev() {
        let Some([first, second]) = drafts.get_mut(index - 1..=index) else { continue };
        let gap = source.text_between(first.end, second.start).trim();
        if gap == "、" && first.number.notation != Notation::Digits {
            continue;
        }
        if matches!(gap, "-" | "–" | "—" | "~")
            && second.unit.is_none()
            && second.number.multiplier == 1
            && first.start < first.number.start
            && first.value < second.value
        {
            // In $50-80, the currency also applies to the second number.
            second.unit = first.unit;
            second.is_unit_inherited = true;
            continue;
        }
        if second.start < first.end || !RANGE_CONNECTORS.contains(&gap) {
            continue;
        }
        let is_alternative = matches!(gap, "and" | "or" | "或");
        if is_alternative && !is_preceded_by_between(source, first) && second.unit.is_none() {
            continue;
        }
        let takes_multiplier = first.number.multiplier == 1
            && second.number.multiplier > 1
            && !first.ignores_multiplier_of(second)
            && first.unit.is_none_or(|unit| Some(unit.name) == second.unit.map(|unit| unit.name));
        if first.unit.is_none()
            && !(is_alternative
                && second.number.has_quantity_notation
                && !takes_multiplier
                && first.number.has_quantity_notation)
        {
            if takes_multiplier
                && let Some(value) = first.number.value.times(second.number.multiplier, 1)
            {
                first.value = value;
            }
            let is_ascending = first.value < second.value;
            if is_ascending || second.unit.is_some_and(|unit| unit.name == "%") {
                first.unit = second.unit;
                first.counted_things = first.counted_things.or(second.counted_things);
                first.is_unit_inherited = second.unit.is_some() || second.counted_things.is_some();
                if first.comparator == Comparator::Equal && second.number.comparator.is_some() {
                    first.comparator = second.comparator;
                }
            } else {
                first.value = first.number.value;
            }
        } else if takes_multiplier
            && second.unit.is_some()
            && let Some(value) = first
                .number
                .value
                .times(second.number.multiplier, 1)
                .filter(|value| *value < second.value)
        {
            first.value = value;
        }
    }
}

/// Returns whether "between" precedes the number.
fn is_preceded_by_between(source: &FoldedText, draft: &QuantityDraft) -> bool {
    source.word_before(draft.start_with_comparator).1 == "between"
}

/// Returns the role that each quantity has in a range or in a change.
pub(super) fn roles(source: &FoldedText, drafts: &[QuantityDraft]) -> Vec<Role> {
    let mut roles = vec![Role::Single; drafts.len()];
    for index in 1..drafts.len() {
        let Some([first, second]) = drafts.get(index - 1..=index) else { continue };
        let pair = pair_roles(source, first, second);
        if let (Some(pair), Some([before, after])) = (pair, roles.get_mut(index - 1..=index))
            && *before == Role::Single
        {
            (*before, *after) = pair;
        }
    }
    roles
}

/// Returns the roles of two neighbouring quantities that form a range or a change. `None` if they form neither.
fn pair_roles(
    source: &FoldedText,
    first: &QuantityDraft,
    second: &QuantityDraft,
) -> Option<(Role, Role)> {
    if second.start_with_comparator < first.end_with_comparator
        || second.start - first.end > MAX_BYTES_BETWEEN_ENDS_OF_CHANGE
        || first.dimension() != second.dimension()
    {
        return None;
    }
    let gap = source.text_between(first.end_with_comparator, second.start_with_comparator).trim();
    let is_from = source.word_before(first.start_with_comparator).1 == "from"
        || source.window_before(first.start_with_comparator, 9).ends_with(['从', '由', '自']);
    let ends_with_to = gap == "to" || gap.ends_with(" to") || gap.ends_with(['到', '至', '为']);
    if is_from && ends_with_to && !gap.contains(['.', ';', '。', '；']) {
        let is_change =
            is_near_verb_of_change(source, first) || gap.len() > 6 || first.value > second.value;
        return Some(if is_change { (Role::Before, Role::After) } else { (Role::Low, Role::High) });
    }
    let is_range = (gap == "and" && is_preceded_by_between(source, first))
        || (RANGE_CONNECTORS.contains(&gap) && !matches!(gap, "and" | "or" | "或" | "、"));
    if is_range && first.value < second.value {
        return Some((Role::Low, Role::High));
    }
    // Two bounds without text between them form a range: 三年以上七年以下.
    let is_bounded = first.comparator == Comparator::AtLeast
        && matches!(second.comparator, Comparator::AtMost | Comparator::LessThan)
        && gap.is_empty();
    is_bounded.then_some((Role::Low, Role::High))
}

/// Returns whether a verb of change stands shortly before the number.
fn is_near_verb_of_change(source: &FoldedText, draft: &QuantityDraft) -> bool {
    const VERBS_OF_CHANGE: [&str; 26] = [
        "increas",
        "grow",
        "grew",
        "rose",
        "rise",
        "rising",
        "fell",
        "fall",
        "declin",
        "decreas",
        "drop",
        "reduc",
        "rais",
        "lower",
        "expand",
        "up from",
        "down from",
        "jump",
        "climb",
        "cut",
        "提高",
        "增",
        "升",
        "降",
        "减",
        "扩大",
    ];
    let window = source.window_before(draft.start_with_comparator, 60);
    VERBS_OF_CHANGE.iter().any(|word| window.contains(word))
}
