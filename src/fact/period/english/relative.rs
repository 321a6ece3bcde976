//! Reads relative times in English: this year, the past five years, two years ago, the first nine months of this year.

use super::{
    day::proclamation_date,
    parts::{read_following_year, read_number_before_unit, read_ordinal, read_time_unit},
    year::{end_of_plan_words, part_of_year},
};
use crate::{
    document::Date,
    fact::{
        folded_text::FoldedText,
        period::{
            interval::{Interval, TimeUnit},
            period_match::PeriodMatch,
            reader::PeriodReader,
        },
    },
};

/// Reads a word for a day that is counted from the day of publication: "today", "yesterday", "tomorrow".
pub(super) fn relative_day(
    source: &FoldedText,
    start: usize,
    word: &str,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let end = start + word.len();
    if source.text_after(end).starts_with(['’', '\'', '-']) && word != "today" {
        return None;
    }
    let offset = match word {
        "yesterday" => -1,
        "tomorrow" => 1,
        _ => 0,
    };
    let interval =
        anchor.and_then(|anchor| Interval::calendar_period(anchor, TimeUnit::Day, offset));
    Some(PeriodMatch::relative(start, end, interval))
}

/// Reads a period that is counted from the day of publication: "this year", "last month", "the past five years", "the
/// next 10 days".
pub(super) fn relative_period(
    source: &FoldedText,
    start: usize,
    word: &str,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    reader.offset += word.len();
    reader.skip_blanks();
    let mut counted = reader;
    if let Some(count) = read_number_before_unit(&mut counted) {
        if counted.read_text("-").is_none() {
            counted.skip_blanks();
        }
        let _ = counted.read_word(&["calendar", "fiscal", "consecutive", "full", "academic"]);
        counted.skip_blanks();
        let (unit, _) = read_time_unit(&mut counted)?;
        let is_future = matches!(word, "next" | "coming" | "following" | "upcoming");
        if matches!(word, "this" | "current") {
            return None;
        }
        let interval =
            anchor.and_then(|anchor| Interval::counted_from(anchor, count, unit, is_future));
        return Some(PeriodMatch::relative(start, counted.offset, interval));
    }
    let _ = reader.read_word(&["calendar", "fiscal", "financial", "academic", "school"]);
    reader.skip_blanks();
    let (unit, is_plural) = read_time_unit(&mut reader)?;
    // "past years" and "this day" name no period.
    if is_plural || unit == TimeUnit::Day || (word == "following") || (word == "recent") {
        return None;
    }
    let interval = anchor.and_then(|anchor| match word {
        "this" | "current" => Interval::calendar_period(anchor, unit, 0),
        "past" => Interval::counted_from(anchor, 1, unit, false),
        "last" | "previous" if unit == TimeUnit::Decade => {
            Interval::counted_from(anchor, 1, unit, false)
        }
        "last" | "previous" => Interval::calendar_period(anchor, unit, -1),
        _ if unit == TimeUnit::Decade => Interval::counted_from(anchor, 1, unit, true),
        _ => Interval::calendar_period(anchor, unit, 1),
    });
    Some(PeriodMatch::relative(start, reader.offset, interval))
}

/// Reads an expression that begins with a number word: five years ago · first quarter of 2024 · first nine months of
/// this year · fourteenth Five-Year Plan.
pub(super) fn period_beginning_with_number_word(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    if let Some(period) = time_before_publication(source, start, anchor) {
        return Some(period);
    }
    let mut reader = PeriodReader::new(source, start);
    let number = u16::try_from(read_ordinal(&mut reader)? + 1).ok()?;
    if let Some(end) = end_of_plan_words(reader) {
        return Some(PeriodMatch::fixed(start, end, Interval::five_year_plan(number)));
    }
    reader.skip_blanks();
    let mut part = reader;
    if part.read_word(&["quarter"]).is_some() && number <= 4 {
        return Some(part_of_year(start, part, number, 3, anchor));
    }
    if part.read_word(&["half"]).is_some() && number <= 2 {
        let period = part_of_year(start, part, number, 6, anchor);
        // "second half" alone need not be a part of a year.
        return (period.end > part.offset).then_some(period);
    }
    if let Some(period) = proclamation_date(source, start, number) {
        return Some(period);
    }
    let count = read_number_before_unit(&mut reader)?;
    reader.read_next_word(&["months"])?;
    let after = read_following_year(&mut reader, anchor)?;
    let interval = after
        .year
        .filter(|_| (1..=12).contains(&count) && number == 1)
        .and_then(|year| Interval::months(year, 1, year, count));
    Some(PeriodMatch {
        is_relative: after.is_relative,
        ..PeriodMatch::fixed(start, reader.offset, interval)
    })
}

/// Reads a time before the publication: five years ago · 10 days ago.
pub(super) fn time_before_publication(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let count = match reader.read_word(&["a", "an"]) {
        Some(_) => 1,
        None => read_number_before_unit(&mut reader)?,
    };
    reader.skip_blanks();
    let (unit, _) = read_time_unit(&mut reader)?;
    reader.read_next_word(&["ago"])?;
    let interval = anchor.and_then(|anchor| {
        let past = Interval::counted_from(anchor, count, unit, false)?;
        match unit {
            TimeUnit::Day | TimeUnit::Week => Some(Interval::day(past.from)),
            TimeUnit::Month | TimeUnit::Quarter => {
                Interval::calendar_period(past.from, TimeUnit::Month, 0)
            }
            TimeUnit::Year | TimeUnit::Decade => {
                Interval::calendar_period(past.from, TimeUnit::Year, 0)
            }
        }
    });
    Some(PeriodMatch::relative(start, reader.offset, interval))
}
