//! Reads shares: two thirds, half of, a quarter of a million, 1 in 5 adults.

use super::model::{ImpliedUnit, Notation, Number};
use crate::fact::{
    folded_text::FoldedText,
    unit,
    value::Value,
    words::{is_person_noun, is_plural},
};

/// Largest first number of a ratio such as "1 in 5".
const MAX_NUMERATOR: i128 = 9;
/// Words for the second number of a ratio such as "one in five", each with its value.
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

/// Returns the denominator that a word such as "thirds" names.
fn denominator_of_word(word: &str) -> Option<i128> {
    Some(match word {
        "half" | "halves" => 2,
        "third" | "thirds" => 3,
        "quarter" | "quarters" | "fourth" | "fourths" => 4,
        "fifth" | "fifths" => 5,
        "sixth" | "sixths" => 6,
        "eighth" | "eighths" => 8,
        "tenth" | "tenths" => 10,
        _ => return None,
    })
}

/// Returns the share that a small number and the denominator after it name, as in "two-thirds", "three tenths" and
/// "three quarters of".
pub(super) fn fraction_after(source: &FoldedText, number: &Number) -> Option<Number> {
    let numerator = i128::from(number.value.to_integer()?);
    let is_hyphenated = source.text_after(number.end).starts_with('-');
    let start = if is_hyphenated { number.end + 1 } else { source.skip_blanks(number.end) };
    let word = source.letters_at(start);
    let denominator = denominator_of_word(word)?;
    let end = start + word.len();
    // Without "of", quarters are mostly periods: two quarters.
    let is_plural = word.ends_with("ths") || word == "thirds";
    let is_named =
        is_hyphenated || (start > number.end && (is_plural || is_followed_by_of(source, end)));
    if !is_named || numerator >= denominator || source.text_after(end).starts_with('-') {
        return None;
    }
    fraction_until(source, number, (numerator, denominator), end)
}

/// Returns the share that "half of", "a third of" or "a quarter of" names.
pub(super) fn read_share(source: &FoldedText, start: usize) -> Option<Number> {
    let first = source.letters_at(start);
    let (word_start, word) = match first {
        "a" | "an" => {
            let (end, word) = source.word_after(start + first.len());
            (end - word.len(), word)
        }
        "half" => (start, first),
        _ => return None,
    };
    let denominator = denominator_of_word(word)?;
    let end = word_start + word.len();
    let previous = source.word_before(start).1;
    let is_period = matches!(previous, "first" | "second" | "last" | "latter" | "other" | "this");
    let is_share = if word == "half" {
        source.lowercase == word
            || is_followed_by_of(source, end)
            || matches!(source.word_after(end).1, "as")
            || previous == "by"
    } else {
        source.word_after(end).1 == "of"
            || matches!(
                previous,
                "which"
                    | "about"
                    | "around"
                    | "nearly"
                    | "roughly"
                    | "almost"
                    | "approximately"
                    | "than"
                    | "by"
            )
    };
    if is_period || !is_share {
        return None;
    }
    let number = Number::plain(start, end, Value::integer(1), Notation::Words);
    fraction_until(source, &number, (1, denominator), end)
}

/// Returns `number` with the value of a fraction: a plain number if words such as "of a million" follow, otherwise a
/// share in percent. `end` is the byte offset at which the fraction ends.
fn fraction_until(
    source: &FoldedText,
    number: &Number,
    (numerator, denominator): (i128, i128),
    end: usize,
) -> Option<Number> {
    let Some((multiplier, end)) = multiplier_after_of(source, end) else {
        return share_of_whole(number, (numerator, denominator), end);
    };
    let value = Value::fraction(multiplier * numerator, denominator)?;
    Some(Number { end, value, has_quantity_notation: true, ..number.clone() })
}

/// Returns `number` with the value of a fraction in percent. `end` is the byte offset at which the fraction ends.
fn share_of_whole(
    number: &Number,
    (numerator, denominator): (i128, i128),
    end: usize,
) -> Option<Number> {
    let value = Value::fraction(100 * numerator, denominator)?;
    let implied_unit = ImpliedUnit::Share;
    Some(Number { end, value, implied_unit, has_quantity_notation: true, ..number.clone() })
}

/// Returns the large number in words such as "of a million" after the byte offset `end`, and the byte offset at which
/// these words end.
fn multiplier_after_of(source: &FoldedText, end: usize) -> Option<(i128, usize)> {
    let (of_end, of) = source.word_after(end);
    let (article_end, article) = source.word_after(of_end);
    let (name_end, name) = source.word_after(article_end);
    let multiplier = match name {
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        _ => return None,
    };
    (of == "of" && article == "a").then_some((multiplier, name_end))
}

/// Returns whether "of" or an article follows `end`.
fn is_followed_by_of(source: &FoldedText, end: usize) -> bool {
    matches!(
        source.word_after(end).1,
        "of" | "the" | "their" | "its" | "our" | "all" | "these" | "those"
    )
}

/// Returns the share that a ratio such as "1 in 5 adults" states: `number`, "in", a larger number, and a plural noun
/// for the counted things. If `number` is above one, the noun must name persons: "2 in 5 adults" is a share, "2 in 5
/// rooms" is not.
pub(super) fn ratio_after(source: &FoldedText, number: &Number) -> Option<Number> {
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
    share_of_whole(number, (numerator, denominator), end)
}

/// Returns the second number of a ratio such as "1 in 5", which begins at the byte offset `start`: the byte offset at
/// which the number ends, and its value. `None` for a number above 1,000.
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
