//! Reads relative times in English: this year, the past five years, two years ago, the first nine months of this year.

use super::{
    day::day_in_words,
    parts::{read_count, read_ordinal, read_step, read_year_after},
    year::{part_of_year, plan_words},
};
use crate::{
    document::Date,
    fact::{
        period::{
            found::FoundPeriod,
            interval::{Interval, Step},
            reader::Reader,
        },
        source::Source,
    },
};

/// Reads today · yesterday · tomorrow.
pub(super) fn day_word(
    source: &Source,
    at: usize,
    word: &str,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    let end = at + word.len();
    if source.after(end).starts_with(['’', '\'', '-']) && word != "today" {
        return None;
    }
    let offset = match word {
        "yesterday" => -1,
        "tomorrow" => 1,
        _ => 0,
    };
    let interval = anchor.and_then(|anchor| Interval::calendar(anchor, Step::Day, offset));
    Some(FoundPeriod::relative(at, end, interval))
}

/// Reads this year · last month · the past five years · the next 10 days.
pub(super) fn relative(
    source: &Source,
    at: usize,
    word: &str,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    reader.at += word.len();
    reader.blanks();
    let mut counted = reader;
    if let Some(count) = read_count(&mut counted) {
        if counted.text("-").is_none() {
            counted.blanks();
        }
        let _ = counted.word(&["calendar", "fiscal", "consecutive", "full", "academic"]);
        counted.blanks();
        let (step, _) = read_step(&mut counted)?;
        let is_future = matches!(word, "next" | "coming" | "following" | "upcoming");
        if matches!(word, "this" | "current") {
            return None;
        }
        let interval = anchor.and_then(|anchor| Interval::around(anchor, count, step, is_future));
        return Some(FoundPeriod::relative(at, counted.at, interval));
    }
    let _ = reader.word(&["calendar", "fiscal", "financial", "academic", "school"]);
    reader.blanks();
    let (step, is_plural) = read_step(&mut reader)?;
    // "past years" and "this day" name no period.
    if is_plural || step == Step::Day || (word == "following") || (word == "recent") {
        return None;
    }
    let interval = anchor.and_then(|anchor| match word {
        "this" | "current" => Interval::calendar(anchor, step, 0),
        "past" => Interval::around(anchor, 1, step, false),
        "last" | "previous" if step == Step::Decade => Interval::around(anchor, 1, step, false),
        "last" | "previous" => Interval::calendar(anchor, step, -1),
        _ if step == Step::Decade => Interval::around(anchor, 1, step, true),
        _ => Interval::calendar(anchor, step, 1),
    });
    Some(FoundPeriod::relative(at, reader.at, interval))
}

/// Reads an expression that begins with a number word: five years ago · first quarter of 2024 · first nine months of
/// this year · fourteenth Five-Year Plan.
pub(super) fn named_number(
    source: &Source,
    at: usize,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    if let Some(found) = ago(source, at, anchor) {
        return Some(found);
    }
    let mut reader = Reader::new(source, at);
    let number = u16::try_from(read_ordinal(&mut reader)? + 1).ok()?;
    if let Some(end) = plan_words(reader) {
        return Some(FoundPeriod::fixed(at, end, Interval::plan(number)));
    }
    reader.blanks();
    let mut part = reader;
    if part.word(&["quarter"]).is_some() && number <= 4 {
        return Some(part_of_year(at, part, number, 3, anchor));
    }
    if part.word(&["half"]).is_some() && number <= 2 {
        let found = part_of_year(at, part, number, 6, anchor);
        // "second half" alone is a part of anything.
        return (found.end > part.at).then_some(found);
    }
    if let Some(found) = day_in_words(source, at, number) {
        return Some(found);
    }
    let count = read_count(&mut reader)?;
    reader.next_word(&["months"])?;
    let after = read_year_after(&mut reader, anchor)?;
    let interval = after
        .year
        .filter(|_| (1..=12).contains(&count) && number == 1)
        .and_then(|year| Interval::months(year, 1, year, count));
    Some(FoundPeriod {
        is_relative: after.is_relative,
        ..FoundPeriod::fixed(at, reader.at, interval)
    })
}

/// Reads a time before the publication: five years ago · 10 days ago.
pub(super) fn ago(source: &Source, at: usize, anchor: Option<Date>) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    let count = match reader.word(&["a", "an"]) {
        Some(_) => 1,
        None => read_count(&mut reader)?,
    };
    reader.blanks();
    let (step, _) = read_step(&mut reader)?;
    reader.next_word(&["ago"])?;
    let interval = anchor.and_then(|anchor| {
        let past = Interval::around(anchor, count, step, false)?;
        match step {
            Step::Day | Step::Week => Some(Interval::day(past.from)),
            Step::Month | Step::Quarter => Interval::calendar(past.from, Step::Month, 0),
            Step::Year | Step::Decade => Interval::calendar(past.from, Step::Year, 0),
        }
    });
    Some(FoundPeriod::relative(at, reader.at, interval))
}
