//! Reads the parts of English expressions of time: names of months, days, ordinals, years after a month.

use crate::{
    document::{Date, MONTH_NAMES},
    fact::period::{
        interval::{Step, year_month_day},
        reader::Reader,
    },
};

/// Abbreviated names of the months, in lower case, in order.
pub(super) const SHORT_MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Ordinal numbers from first to thirty-first, in order.
pub(super) const ORDINALS: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];
/// Number words from one to twenty, in order.
pub(super) const NUMBERS: [&str; 20] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
/// Units of relative periods, in the singular.
pub(super) const STEPS: [(&str, Step); 6] = [
    ("day", Step::Day),
    ("week", Step::Week),
    ("month", Step::Month),
    ("quarter", Step::Quarter),
    ("year", Step::Year),
    ("decade", Step::Decade),
];
/// Words between the ends of a range.
pub(super) const RANGE_WORDS: [&str; 4] = ["to", "through", "until", "till"];
/// Dashes between the ends of a range.
pub(super) const RANGE_DASHES: [&str; 4] = ["-", "–", "—", "~"];

/// Reads the name of a month with a capital letter, in full or abbreviated.
pub(super) fn read_month(reader: &mut Reader<'_>) -> Option<u16> {
    if !reader.source.is_capital(reader.at) {
        return None;
    }
    let mut next = *reader;
    let index = if let Some(index) = next.word(&MONTH_NAMES) {
        index
    } else {
        let index = next.word(&SHORT_MONTHS).or_else(|| next.word(&["sept"]).map(|_| 8))?;
        let _ = next.text(".");
        index
    };
    *reader = next;
    u16::try_from(index + 1).ok()
}

/// Reads a day of a month, with or without the ending of an ordinal.
pub(super) fn read_day(reader: &mut Reader<'_>) -> Option<u16> {
    let mut next = *reader;
    let day = next.number_up_to(31)?;
    let _ = next.any(&["st", "nd", "rd", "th"]);
    if next.is_joined() || next.rest().starts_with([':', '%']) {
        return None;
    }
    *reader = next;
    Some(day)
}

/// Reads a dash or word between the ends of a range, with the blanks around it.
pub(super) fn read_range_separator(reader: &mut Reader<'_>) -> Option<()> {
    let mut next = *reader;
    next.blanks();
    next.any(&RANGE_DASHES).or_else(|| next.word(&RANGE_WORDS))?;
    next.blanks();
    *reader = next;
    Some(())
}

/// Year that follows a month, a quarter or a half.
#[derive(Debug, Clone, Copy)]
pub(super) struct YearAfter {
    /// The year. `None` if the year is relative and there is no anchor.
    pub(super) year: Option<u16>,
    pub(super) is_relative: bool,
}

/// Reads the year after a month or a quarter: 2024, ", 2024", "of 2024", "this year", "last year", "of the year".
pub(super) fn read_year_after(reader: &mut Reader<'_>, anchor: Option<Date>) -> Option<YearAfter> {
    let mut next = *reader;
    let _ = next.text(",");
    next.blanks();
    let _ = next.word(&["of", "in"]);
    next.blanks();
    if let Some(year) = next.year() {
        *reader = next;
        return Some(YearAfter { year: Some(year), is_relative: false });
    }
    let _ = next.word(&["the"]);
    next.blanks();
    let offset =
        match next.word(&["this", "last", "next", "same", "current", "previous", "year"])? {
            0 | 3 | 4 => 0,
            1 | 5 => -1,
            2 => 1,
            _ => {
                *reader = next;
                return Some(YearAfter {
                    year: anchor.map(|anchor| year_month_day(anchor).0),
                    is_relative: true,
                });
            }
        };
    next.next_word(&["year"])?;
    *reader = next;
    let year = anchor.and_then(|anchor| year_month_day(anchor).0.checked_add_signed(offset));
    Some(YearAfter { year, is_relative: true })
}

/// Reads the year after a day: ", 2025" or " 2025".
pub(super) fn read_year_after_day(reader: &mut Reader<'_>) -> Option<u16> {
    let mut next = *reader;
    let _ = next.text(",");
    next.blanks();
    let year = next.year()?;
    *reader = next;
    Some(year)
}

/// Returns whether a number in words, an ordinal number or an article may begin with `word`, by the first letters and
/// the length of the word. Most words of a text begin none, so this check saves most attempts to read a number.
pub(super) const fn may_begin_number(word: &str) -> bool {
    match word.as_bytes() {
        [b't', b'h', ..] => word.len() >= 5,
        [b'f', b'o', ..] => word.len() >= 4,
        [b'a'] | [b'a', b'n'] | [b'o', b'n', b'e'] => true,
        [first, second, ..] => {
            matches!((first, second), (b't', b'w' | b'e') | (b's' | b'f' | b'n' | b'e', b'i'))
                || matches!((first, second), (b's', b'e') | (b'e', b'l'))
        }
        _ => false,
    }
}

/// Reads an ordinal number in words, with a hyphen above twentieth, and returns its index in [`ORDINALS`].
pub(super) fn read_ordinal(reader: &mut Reader<'_>) -> Option<usize> {
    let rest = reader.rest();
    let length = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-')).unwrap_or(rest.len());
    let word = rest.get(..length)?;
    let found = ORDINALS.iter().position(|ordinal| *ordinal == word);
    // "first-ever" begins no period.
    found.inspect(|_| reader.at += length)
}

/// Reads the unit of a relative period. Returns the unit, and whether it is in the plural.
pub(super) fn read_step(reader: &mut Reader<'_>) -> Option<(Step, bool)> {
    let word = reader.source.letters_at(reader.at);
    let singular = word.strip_suffix('s').unwrap_or(word);
    let &(_, step) = STEPS.iter().find(|(name, _)| *name == singular)?;
    reader.at += word.len();
    Some((step, singular.len() < word.len()))
}

/// Reads the number before the unit of a relative period, in words or digits.
pub(super) fn read_count(reader: &mut Reader<'_>) -> Option<u16> {
    if let Some(index) = reader.word(&NUMBERS) {
        return u16::try_from(index + 1).ok();
    }
    if reader.word(&["few", "several", "couple"]).is_some() {
        return None;
    }
    reader.number_up_to(200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_word_may_begin_a_number() {
        let first_parts = ORDINALS.iter().filter_map(|ordinal| ordinal.split('-').next());
        for word in NUMBERS.into_iter().chain(first_parts).chain(["a", "an"]) {
            assert!(may_begin_number(word), "{word}");
        }
        for word in ["the", "that", "this", "on", "for", "and", "of", ""] {
            assert!(!may_begin_number(word), "{word}");
        }
    }
}
