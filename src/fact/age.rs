//! Finds ages, whose unit texts often leave out: "aged 12, 16 and 17", "Jose Rosario, 54, was sentenced".

use super::{
    draft::QuantityDraft,
    folded_text::{FoldedText, is_letter_of_spaced_script},
    number::{Notation, Number},
    unit::Unit,
    value::Value,
    words::is_function_word,
};

/// Sets the unit of ages, which texts often leave out: "aged 12, 16 and 17", "between the ages of 19 and 21", "Jose
/// Rosario, 54, was sentenced".
pub(super) fn set_units_of_ages(source: &FoldedText, drafts: &mut [QuantityDraft]) {
    let mut previous_age_end = None;
    for draft in drafts {
        let number = &draft.number;
        let may_be_age = number.notation == Notation::Digits
            && number.value <= Value::integer(120)
            && !number.has_quantity_notation
            && (draft.unit.is_none() || draft.is_unit_inherited);
        let continues_ages = previous_age_end.is_some_and(|end| {
            matches!(
                source.text_between(end, number.start),
                ", " | " and " | ", and " | " to " | "-" | "–" | " or " | " through "
            )
        });
        let before = source.window_before(draft.start_with_comparator, 20);
        let follows_age_word =
            ["aged ", "age ", "ages ", "age of ", "ages of ", "aged between ", "ages between "]
                .iter()
                .filter_map(|words| before.strip_suffix(words))
                .any(|rest| !rest.ends_with(is_letter_of_spaced_script));
        previous_age_end = None;
        if may_be_age && (follows_age_word || continues_ages || is_age_after_name(source, number)) {
            draft.unit = Unit::by_name("year");
            draft.is_unit_inherited = true;
            draft.end = number.end;
            draft.counted_things = None;
            previous_age_end = Some(number.end);
        }
    }
}

/// Returns whether the number is an age between commas after the name of a person: "Jose Rosario, 54, was".
fn is_age_after_name(source: &FoldedText, number: &Number) -> bool {
    let Some(rest) = source.text_before(number.start).strip_suffix(", ") else { return false };
    let name = source.letters_before(rest.trim_end_matches('.').len());
    let name_start = rest.trim_end_matches('.').len() - name.len();
    let after = source.text_after(number.end).strip_prefix(", ");
    let continues_sentence = after
        .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_lowercase()))
        && !source.is_capital(number.end + 2);
    name.len() > 1
        && source.is_capital(name_start)
        && !is_function_word(name)
        && continues_sentence
        && number.value >= Value::integer(10)
        && number.value <= Value::integer(99)
}
