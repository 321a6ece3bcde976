//! Reads days and months in English: December 17, 2025, 25 November 2020, 2025-12-17, January to October this year.

use super::parts::{
    FollowingYear, NUMBER_WORDS, read_day, read_following_year, read_month, read_ordinal,
    read_range_separator, read_year_after_day,
};
use crate::{
    document::Date,
    fact::{
        folded_text::FoldedText,
        period::{
            interval::{Interval, closest_year},
            period_match::PeriodMatch,
            reader::PeriodReader,
        },
    },
};

/// Reads an expression that begins with a month: December 17, 2025 · December 17 · December 2025 · January to October
/// this year · in December.
pub(super) fn period_beginning_with_month(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let first_month = read_month(&mut reader)?;
    let month_end = reader.offset;
    reader.skip_blanks();
    let mut after_day = reader;
    if let Some(first_day) = read_day(&mut after_day) {
        return Some(days_after_month(start, after_day, first_month, first_day, anchor));
    }
    let mut reader = PeriodReader::new(source, month_end);
    let mut first_year = read_following_year(&mut reader, anchor);
    let mut last = None;
    let mut range = reader;
    if read_range_separator(&mut range).is_some()
        || (range.read_next_word(&["and"]).is_some() && source.word_before(start).1 == "between")
    {
        range.skip_blanks();
        let last_month = read_month(&mut range);
        let has_day =
            read_day(&mut PeriodReader::new(source, source.skip_blanks(range.offset))).is_some();
        if let Some(last_month) = last_month.filter(|_| !has_day) {
            let last_year = read_following_year(&mut range, anchor);
            reader = range;
            last = Some((last_month, last_year));
        }
    }
    if first_year.is_none() && last.is_none() && !is_name_of_month(source, start) {
        return None;
    }
    let (last_month, last_year) = last.unwrap_or((first_month, first_year));
    let last_year = last_year.or(first_year);
    first_year = first_year.or(last_year);
    let is_relative = first_year.is_none_or(|year| year.is_relative);
    let year_of = |year: Option<FollowingYear>, month: u16| match year {
        Some(year) => year.year,
        None => anchor.map(|anchor| closest_year(anchor, month)),
    };
    let interval = year_of(first_year, first_month)
        .zip(year_of(last_year, last_month))
        .and_then(|(first, last)| Interval::months(first, first_month, last, last_month));
    Some(PeriodMatch { is_relative, ..PeriodMatch::fixed(start, reader.offset, interval) })
}

/// Returns whether a word such as "May" or "March", without day and year, is the name of a month, judged by the words
/// before it.
fn is_name_of_month(source: &FoldedText, start: usize) -> bool {
    let (word_start, word) = source.word_before(start);
    let is_time_word = matches!(
        word,
        "in" | "since"
            | "until"
            | "by"
            | "last"
            | "this"
            | "next"
            | "early"
            | "late"
            | "mid"
            | "from"
            | "during"
            | "of"
            | "every"
            | "through"
            | "before"
            | "after"
            | "and"
            | "to"
    );
    let is_word =
        matches!(source.letters_at(start), "may" | "march" | "mar" | "jan" | "sep" | "dec");
    is_time_word
        && (!is_word || !matches!(word, "and" | "to" | "of" | "after" | "before"))
        && word_start < start
}

/// Returns the days after a month: December 17, December 17–19, 2025.
fn days_after_month(
    start: usize,
    mut reader: PeriodReader<'_>,
    first_month: u16,
    first_day: u16,
    anchor: Option<Date>,
) -> PeriodMatch {
    let (mut last_month, mut last_day) = (first_month, first_day);
    let mut first_year = None;
    let mut with_year = reader;
    if let Some(year) = read_year_after_day(&mut with_year) {
        first_year = Some(year);
        reader = with_year;
    }
    let mut range = reader;
    if read_range_separator(&mut range).is_some() {
        let month_of_range = read_month(&mut range);
        range.skip_blanks();
        if let Some(day) = read_day(&mut range)
            && (month_of_range.is_some() || day > first_day)
        {
            last_month = month_of_range.unwrap_or(first_month);
            last_day = day;
            reader = range;
        }
    }
    let last_year = read_year_after_day(&mut reader).or(first_year);
    let relative_year = last_year.is_none();
    let mut with_relative = reader;
    let named = relative_year.then(|| read_following_year(&mut with_relative, anchor)).flatten();
    if named.is_some() {
        reader = with_relative;
    }
    let year = last_year
        .or_else(|| named.and_then(|named| named.year))
        .or_else(|| anchor.map(|anchor| closest_year(anchor, last_month)));
    let interval = year.and_then(|year| {
        let from_year =
            first_year.unwrap_or(if first_month > last_month { year - 1 } else { year });
        Interval::new(
            Date::new(from_year, first_month, first_day)?,
            Date::new(year, last_month, last_day)?,
        )
    });
    PeriodMatch { is_relative: relative_year, ..PeriodMatch::fixed(start, reader.offset, interval) }
}

/// Reads a date in digits: 2025-12-17 · 2025/12/17 · 17/12/2025.
pub(super) fn numeric_date(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let first = reader.read_digits()?;
    let separator = reader.read_any_of(&["-", "/", "."])?;
    let separator_text = *["-", "/", "."].get(separator)?;
    let second = reader.read_digits()?;
    reader.read_text(separator_text)?;
    let third = reader.read_digits()?;
    if reader.rest().starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '/') {
        return None;
    }
    if first.length == 4 && second.length <= 2 && third.length <= 2 {
        let date = Date::new(first.value, second.value, third.value)?;
        return Some(PeriodMatch::fixed(start, reader.offset, Some(Interval::day(date))));
    }
    let is_date = first.length <= 2
        && second.length <= 2
        && third.length == 4
        && (1900..=2100).contains(&third.value);
    if !is_date {
        return None;
    }
    let date = match (first.value, second.value) {
        (day, month) if day > 12 => Date::new(third.value, month, day),
        (month, day) if day > 12 || month == day => Date::new(third.value, month, day),
        // Day and month cannot be told apart.
        _ => None,
    };
    Some(PeriodMatch::fixed(start, reader.offset, date.map(Interval::day)))
}

/// Reads an expression that begins with a day: 17 December 2025 · 5 to 9 May 2024 · 1st of May.
pub(super) fn period_beginning_with_day(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let first_day = read_day(&mut reader)?;
    let mut last_day = first_day;
    let mut range = reader;
    if read_range_separator(&mut range).is_some() || range.read_next_word(&["and"]).is_some() {
        range.skip_blanks();
        if let Some(day) = read_day(&mut range).filter(|&day| day > first_day) {
            last_day = day;
            reader = range;
        }
    }
    let _ = reader.read_next_word(&["of"]);
    reader.skip_blanks();
    let first_month = read_month(&mut reader)?;
    let mut last_month = first_month;
    let mut with_range = reader;
    if last_day == first_day && read_range_separator(&mut with_range).is_some() {
        let second_day = read_day(&mut with_range);
        with_range.skip_blanks();
        if let (Some(day), Some(month)) = (second_day, read_month(&mut with_range)) {
            (last_day, last_month) = (day, month);
            reader = with_range;
        }
    }
    let mut with_year = reader;
    let year = read_year_after_day(&mut with_year);
    if year.is_some() {
        reader = with_year;
    }
    let last_year = year.or_else(|| anchor.map(|anchor| closest_year(anchor, last_month)));
    let interval = last_year.and_then(|year| {
        let first_year = if first_month > last_month { year - 1 } else { year };
        Interval::new(
            Date::new(first_year, first_month, first_day)?,
            Date::new(year, last_month, last_day)?,
        )
    });
    Some(PeriodMatch {
        is_relative: year.is_none(),
        ..PeriodMatch::fixed(start, reader.offset, interval)
    })
}

/// Reads the date at the end of a proclamation: "seventh day of October, in the year of our Lord two thousand
/// twenty-two". `day_number` is the value of the ordinal at its beginning.
pub(super) fn proclamation_date(
    source: &FoldedText,
    start: usize,
    day_number: u16,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    read_ordinal(&mut reader)?;
    let mut day = day_number;
    reader.read_next_word(&["day"])?;
    reader.read_next_word(&["of"])?;
    reader.skip_blanks();
    let month = read_month(&mut reader)?;
    let _ = reader.read_text(",");
    for word in ["in", "the", "year", "of", "our", "lord"] {
        reader.read_next_word(&[word])?;
    }
    reader.read_next_word(&["two"])?;
    reader.read_next_word(&["thousand"])?;
    let _ = reader.read_next_word(&["and"]);
    reader.skip_blanks();
    let tens = reader.read_word(&["twenty", "thirty"]).map(|index| 20 + 10 * index);
    let _ = reader.read_text("-");
    let ones = reader.read_word(&NUMBER_WORDS).map_or(0, |index| index + 1);
    let year = 2000 + u16::try_from(tens.unwrap_or(0) + ones).ok()?;
    day = day.min(31);
    let date = Date::new(year, month, day)?;
    Some(PeriodMatch::fixed(start, reader.offset, Some(Interval::day(date))))
}
