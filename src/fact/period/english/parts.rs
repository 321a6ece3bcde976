//! Reads the parts of English expressions of time: names of months, days, ordinals, years after a month.

use crate::{
    document::{Date, MONTH_NAMES},
    fact::{
        period::{
            interval::{TimeUnit, year_month_day},
            reader::PeriodReader,
        },
        word_set::WordSet,
    },
};

/// Abbreviated names of the months, in lower case, in order.
pub(super) const SHORT_MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Ordinal numbers from first to thirty-first, in order.
pub(crate) const ORDINALS_IN_WORDS: [&str; 31] = [
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
pub(super) const NUMBER_WORDS: [&str; 20] = [
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
pub(super) const TIME_UNITS: [(&str, TimeUnit); 6] = [
    ("day", TimeUnit::Day),
    ("week", TimeUnit::Week),
    ("month", TimeUnit::Month),
    ("quarter", TimeUnit::Quarter),
    ("year", TimeUnit::Year),
    ("decade", TimeUnit::Decade),
];
/// Words between the ends of a range.
pub(super) const RANGE_WORDS: [&str; 4] = ["to", "through", "until", "till"];
/// Dashes between the ends of a range.
pub(super) const RANGE_DASHES: [&str; 4] = ["-", "–", "—", "~"];

/// Reads the name of a month with a capital letter, in full or abbreviated.
pub(super) fn read_month(reader: &mut PeriodReader<'_>) -> Option<u16> {
    if !reader.source.is_capital(reader.offset) {
        return None;
    }
    let mut next = *reader;
    let index = if let Some(index) = next.read_word(&MONTH_NAMES) {
        index
    } else {
        let index =
            next.read_word(&SHORT_MONTHS).or_else(|| next.read_word(&["sept"]).map(|_| 8))?;
        let _ = next.read_text(".");
        index
    };
    *reader = next;
    u16::try_from(index + 1).ok()
}

/// Reads a day of a month, with or without the ending of an ordinal.
pub(super) fn read_day(reader: &mut PeriodReader<'_>) -> Option<u16> {
    let mut next = *reader;
    let day = next.read_number_up_to(31)?;
    let _ = next.read_any_of(&["st", "nd", "rd", "th"]);
    if next.is_followed_by_attached_text() || next.rest().starts_with([':', '%']) {
        return None;
    }
    *reader = next;
    Some(day)
}

/// Reads a dash or word between the ends of a range, with the blanks around it.
pub(super) fn read_range_separator(reader: &mut PeriodReader<'_>) -> Option<()> {
    let mut next = *reader;
    next.skip_blanks();
    next.read_any_of(&RANGE_DASHES).or_else(|| next.read_word(&RANGE_WORDS))?;
    next.skip_blanks();
    *reader = next;
    Some(())
}

/// Year in the text after a month, a quarter or a half of a year.
#[derive(Debug, Clone, Copy)]
pub(super) struct FollowingYear {
    /// The year. `None` if the year is relative and there is no anchor.
    pub(super) year: Option<u16>,
    /// Whether the year depends on the day of publication, as "this year" does.
    pub(super) is_relative: bool,
}

/// Reads the year after a month, a quarter or a half of a year: "2024", ", 2024", "of 2024", "this year", "last year",
/// "of the year".
pub(super) fn read_following_year(
    reader: &mut PeriodReader<'_>,
    anchor: Option<Date>,
) -> Option<FollowingYear> {
    let mut next = *reader;
    let _ = next.read_text(",");
    next.skip_blanks();
    let _ = next.read_word(&["of", "in"]);
    next.skip_blanks();
    if let Some(year) = next.read_year() {
        *reader = next;
        return Some(FollowingYear { year: Some(year), is_relative: false });
    }
    let _ = next.read_word(&["the"]);
    next.skip_blanks();
    let offset =
        match next.read_word(&["this", "last", "next", "same", "current", "previous", "year"])? {
            0 | 3 | 4 => 0,
            1 | 5 => -1,
            2 => 1,
            _ => {
                *reader = next;
                return Some(FollowingYear {
                    year: anchor.map(|anchor| year_month_day(anchor).0),
                    is_relative: true,
                });
            }
        };
    next.read_next_word(&["year"])?;
    *reader = next;
    let year = anchor.and_then(|anchor| year_month_day(anchor).0.checked_add_signed(offset));
    Some(FollowingYear { year, is_relative: true })
}

/// Reads the year after a day: ", 2025" or " 2025".
pub(super) fn read_year_after_day(reader: &mut PeriodReader<'_>) -> Option<u16> {
    let mut next = *reader;
    let _ = next.read_text(",");
    next.skip_blanks();
    let year = next.read_year()?;
    *reader = next;
    Some(year)
}

/// Words that begin an expression of time. A look-up in this set is faster than the attempt to read an expression of
/// time at each word.
#[rustfmt::skip]
pub(super) static WORDS_BEGINNING_PERIODS: WordSet = WordSet::new(&[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "q", "h", "fy", "fiscal", "financial", "today", "yesterday", "tomorrow", "tonight",
    "this", "last", "next", "past", "previous", "current", "coming", "recent", "following", "upcoming",
    "a", "an", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty",
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "thirtieth",
]);

/// Reads an ordinal number in words, with a hyphen above twentieth, and returns its index in [`ORDINALS_IN_WORDS`].
pub(super) fn read_ordinal(reader: &mut PeriodReader<'_>) -> Option<usize> {
    let rest = reader.rest();
    let length = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-')).unwrap_or(rest.len());
    let word = rest.get(..length)?;
    let index = ORDINALS_IN_WORDS.iter().position(|ordinal| *ordinal == word);
    // "first-ever" begins no period.
    index.inspect(|_| reader.offset += length)
}

/// Reads the unit of a relative period. Returns the unit, and whether it is in the plural.
pub(super) fn read_time_unit(reader: &mut PeriodReader<'_>) -> Option<(TimeUnit, bool)> {
    let word = reader.source.letters_at(reader.offset);
    let singular = word.strip_suffix('s').unwrap_or(word);
    let &(_, unit) = TIME_UNITS.iter().find(|(name, _)| *name == singular)?;
    reader.offset += word.len();
    Some((unit, singular.len() < word.len()))
}

/// Reads the number before the unit of a relative period, in words or digits.
pub(super) fn read_number_before_unit(reader: &mut PeriodReader<'_>) -> Option<u16> {
    if let Some(index) = reader.read_word(&NUMBER_WORDS) {
        return u16::try_from(index + 1).ok();
    }
    if reader.read_word(&["few", "several", "couple"]).is_some() {
        return None;
    }
    reader.read_number_up_to(200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_months_and_number_words_begin_an_expression_of_time() {
        let first_parts = ORDINALS_IN_WORDS.iter().filter_map(|ordinal| ordinal.split('-').next());
        let months = MONTH_NAMES.into_iter().chain(SHORT_MONTHS);
        for word in NUMBER_WORDS.into_iter().chain(first_parts).chain(months) {
            assert!(WORDS_BEGINNING_PERIODS.contains(word), "{word}");
        }
    }
}
