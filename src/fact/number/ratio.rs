//! Reads shares that a text states as one number in another: 1 in 5 adults, three in ten children.

use super::model::{ImpliedUnit, Number};
use crate::fact::{
    folded_text::FoldedText,
    unit,
    value::Value,
    words::{is_person_noun, is_plural},
};

/// Largest number of the smaller side of a ratio.
const MAX_NUMERATOR: i128 = 9;
/// Larger sides of a ratio in words, with their values.
const DENOMINATOR_WORDS: [(&str, i128); 11] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("twelve", 12),
    ("twenty", 20),
];

/// Returns the share that `number` and the words after it state: "in", a larger number, and a plural, which names the
/// things that are counted. A number above one needs persons: 2 in 5 adults, but not 2 in 5 rooms.
pub(super) fn read_ratio(source: &FoldedText, number: &Number) -> Option<Number> {
    let numerator = i128::from(number.value.to_integer()?);
    let (in_end, word) = source.word_after(number.end);
    if word != "in" || !(1..=MAX_NUMERATOR).contains(&numerator) {
        return None;
    }
    let (end, denominator) = denominator_at(source, source.skip_blanks(in_end))?;
    let noun = source.word_after(end).1;
    let singular = noun.strip_suffix('s').unwrap_or(noun);
    let counts_persons = is_person_noun(noun) || is_person_noun(singular);
    let is_ratio = is_plural(noun) && (numerator == 1 || counts_persons);
    if !is_ratio
        || numerator >= denominator
        || unit::unit_after(source, end).is_some_and(is_unit_of_time)
    {
        return None;
    }
    let value = Value::fraction(100 * numerator, denominator)?;
    Some(Number {
        end,
        value,
        implied_unit: ImpliedUnit::Share,
        has_quantity_notation: true,
        ..number.clone()
    })
}

/// Returns the byte offset of the end, and the value, of the larger number at the byte offset `start`, in digits or as
/// a word. `None` for numbers above 1,000.
fn denominator_at(source: &FoldedText, start: usize) -> Option<(usize, i128)> {
    let word = source.letters_at(start);
    if let Some((_, value)) = DENOMINATOR_WORDS.iter().find(|(name, _)| *name == word) {
        return Some((start + word.len(), *value));
    }
    let text = source.text_after(start);
    let digits = text.get(..text.bytes().take_while(u8::is_ascii_digit).count())?;
    let value = digits.parse().ok().filter(|value| *value <= 1_000)?;
    Some((start + digits.len(), value))
}

/// Returns whether a unit is one of time, as in "1 in 5 years".
fn is_unit_of_time(unit_match: unit::UnitMatch) -> bool {
    unit_match.unit.dimension == unit::Dimension::Time
}
