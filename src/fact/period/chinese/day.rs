//! Reads months and days in Chinese: 12月17日, 1至10月.

use super::parts::{
    RANGE_SEPARATORS, read_day_number, read_month_number, read_year, read_year_character,
    weekday_in_brackets,
};
use crate::{
    document::Date,
    fact::{
        folded_text::FoldedText,
        period::{
            interval::{Interval, closest_year, year_of_weekday},
            period_match::PeriodMatch,
            reader::PeriodReader,
        },
    },
};

/// Reads a month, a month and day, or a range of months: 12月, 12月17日, 10月至12月, 1-10月. `year` is the year before the
/// month, if the text states a year.
pub(super) fn period_beginning_with_month(
    source: &FoldedText,
    start: usize,
    year: Option<u16>,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    if source.text_before(start).ends_with("每年") {
        return None;
    }
    let mut reader = PeriodReader::new(source, start);
    let first = read_month_number(&mut reader)?;
    let mut last = first;
    let mut months = reader;
    if months.read_any_of(&RANGE_SEPARATORS).is_some()
        && let Some(month) = read_month_number(&mut months).filter(|&month| month > first)
    {
        (reader, last) = (months, month);
    }
    reader.skip_blanks();
    reader.read_text("月")?;
    let resolved = year.or_else(|| anchor.map(|anchor| closest_year(anchor, last)));
    let mut with_day = reader;
    with_day.skip_blanks();
    if last == first
        && let Some(first_day) = read_day_number(&mut with_day)
    {
        return Some(period_of_days(start, with_day, (year, resolved), first, first_day));
    }
    // 六月以上 and 三月内 are durations of six and three months, not months of the year.
    let rest = reader.rest();
    let is_duration = ["以上", "以下", "以内", "之内", "内", "间", "后", "前", "者"]
        .iter()
        .any(|word| rest.starts_with(word))
        && year.is_none()
        && (source.is_traditional || !rest.starts_with(['后', '前']));
    if is_duration {
        return None;
    }
    let _ = reader.read_any_of(&["份"]);
    let mut range = reader;
    if range.read_any_of(&RANGE_SEPARATORS).is_some() {
        range.skip_blanks();
        if let Some(last_year) = read_year(&mut range) {
            if read_year_character(&mut range).is_some()
                && let Some(last_month) = read_month_number(&mut range)
                && range.read_text("月").is_some()
            {
                let interval =
                    resolved.and_then(|year| Interval::months(year, first, last_year, last_month));
                return Some(PeriodMatch::fixed(start, range.offset, interval));
            }
        } else if let Some(month) = read_month_number(&mut range).filter(|&month| month > first)
            && range.read_text("月").is_some()
        {
            (reader, last) = (range, month);
        }
    }
    let _ = reader.read_any_of(&["底", "末", "初", "份"]);
    let interval = resolved.and_then(|year| Interval::months(year, first, year, last));
    Some(PeriodMatch {
        is_relative: year.is_none(),
        ..PeriodMatch::fixed(start, reader.offset, interval)
    })
}

/// Returns the period that begins with a month and a day, up to the end of a range if one follows: 12月17日, 12月17日至19日,
/// 12月17日至1月3日.
fn period_of_days(
    start: usize,
    mut reader: PeriodReader<'_>,
    (stated, year): (Option<u16>, Option<u16>),
    month: u16,
    day: u16,
) -> PeriodMatch {
    let (mut last_month, mut last_day, mut last_year) = (month, day, year);
    let mut range = reader;
    range.skip_blanks();
    if range.read_any_of(&RANGE_SEPARATORS).is_some() {
        range.skip_blanks();
        let mut with_year = range;
        if let Some(year) =
            read_year(&mut with_year).filter(|_| read_year_character(&mut with_year).is_some())
        {
            last_year = Some(year);
            range = with_year;
        }
        let mut with_month = range;
        let next_month =
            read_month_number(&mut with_month).filter(|_| with_month.read_text("月").is_some());
        if next_month.is_some() {
            range = with_month;
        }
        if let Some(next_day) = read_day_number(&mut range) {
            last_month = next_month.unwrap_or(month);
            last_day = next_day;
            reader = range;
        } else {
            last_year = year;
        }
    }
    // A weekday after the day says which year it is.
    let weekday = stated.is_none().then(|| weekday_in_brackets(reader)).flatten();
    let year = weekday.and_then(|weekday| year_of_weekday(year?, month, day, weekday)).or(year);
    let last_year = if weekday.is_some() { year } else { last_year };
    let interval = year.zip(last_year).and_then(|(first, last)| {
        Interval::new(Date::new(first, month, day)?, Date::new(last, last_month, last_day)?)
    });
    PeriodMatch {
        is_relative: stated.is_none(),
        ..PeriodMatch::fixed(start, reader.offset, interval)
    }
}
