//! Reads relative times in Chinese: 今年, 去年同期, 本月, 近五年, 三年来.

use super::{
    day::period_beginning_with_month,
    parts::{read_duration, read_months_of_year_part},
    year::current_republic_year,
};
use crate::{
    document::Date,
    fact::{
        folded_text::{FoldedText, is_han},
        period::{
            interval::{Interval, TimeUnit, year_month_day, year_of_part},
            period_match::PeriodMatch,
            reader::PeriodReader,
        },
    },
};

/// Words for a year that is counted from the year of publication, each with the difference from that year.
const RELATIVE_YEARS: [(&str, i16); 13] = [
    ("今年", 0),
    ("本年度", 0),
    ("本年", 0),
    ("去年", -1),
    ("上年度", -1),
    ("上一年度", -1),
    ("上一年", -1),
    ("上年", -1),
    ("前年", -2),
    ("明年", 1),
    ("次年", 1),
    ("下年度", 1),
    ("后年", 2),
];
/// Words for days, weeks, months and quarters that are counted from the day of publication, each with the difference
/// from the day, week, month or quarter of publication.
const RELATIVE_CALENDAR_PERIODS: [(&str, TimeUnit, i16); 16] = [
    ("今日", TimeUnit::Day, 0),
    ("今天", TimeUnit::Day, 0),
    ("昨日", TimeUnit::Day, -1),
    ("昨天", TimeUnit::Day, -1),
    ("明日", TimeUnit::Day, 1),
    ("明天", TimeUnit::Day, 1),
    ("本周", TimeUnit::Week, 0),
    ("上周", TimeUnit::Week, -1),
    ("下周", TimeUnit::Week, 1),
    ("本月", TimeUnit::Month, 0),
    ("上个月", TimeUnit::Month, -1),
    ("上月", TimeUnit::Month, -1),
    ("下个月", TimeUnit::Month, 1),
    ("下月", TimeUnit::Month, 1),
    ("本季度", TimeUnit::Quarter, 0),
    ("上季度", TimeUnit::Quarter, -1),
];

/// Reads a year that is counted from the year of publication, or a part of such a year: 今年, 去年同期, 今年1至10月.
pub(super) fn relative_year(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    if let Some(period) = current_republic_year(source, start) {
        return Some(period);
    }
    let mut reader = PeriodReader::new(source, start);
    let names = RELATIVE_YEARS.map(|(name, _)| name);
    let index = reader.read_any_of(&names)?;
    let &(_, offset) = RELATIVE_YEARS.get(index)?;
    // In 以前年度 and after 三年, the characters 前年 are parts of other words.
    let is_other = reader.rest().starts_with(['轻', '龄', '级', '货'])
        || (source.text_between(start, reader.offset) == "前年"
            && source.char_before(start).is_some_and(|c| c == '以' || c == '年'))
        || (source.text_after(start).starts_with('上') && source.char_before(start) == Some('以'))
        || (source.text_between(start, reader.offset) == "后年"
            && source.char_before(start).is_some_and(|c| c == '以'))
        || (source.text_between(start, reader.offset) == "本年"
            && source.char_before(start) == Some('基'));
    if is_other {
        return None;
    }
    let year = anchor.and_then(|anchor| year_month_day(anchor).0.checked_add_signed(offset));
    let mut part = reader;
    part.skip_blanks();
    if let Some((first, last)) = read_months_of_year_part(&mut part) {
        let interval = year.and_then(|year| Interval::months(year, first, year, last));
        return Some(PeriodMatch::relative(start, part.offset, interval));
    }
    if let Some(period) =
        period_beginning_with_month(source, part.offset, Some(year.unwrap_or(2000)), anchor)
    {
        let interval = year.and(period.interval);
        return Some(PeriodMatch { interval, ..PeriodMatch::relative(start, period.end, None) });
    }
    let _ = reader.read_any_of(&["同期", "底", "末", "初", "度"]);
    Some(PeriodMatch::relative(
        start,
        reader.offset,
        year.and_then(|year| Interval::years(year, year)),
    ))
}

/// Reads a month, a week or a day: 本月, 上周, 今日.
pub(super) fn relative_calendar_period(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    if reader.read_text("本世纪").is_some() {
        let first = anchor.map(|anchor| (year_month_day(anchor).0 - 1) / 100 * 100 + 1);
        return Some(PeriodMatch::relative(
            start,
            reader.offset,
            first.and_then(|first| Interval::years(first, first + 99)),
        ));
    }
    let names = RELATIVE_CALENDAR_PERIODS.map(|(name, ..)| name);
    let index = reader.read_any_of(&names)?;
    let &(_, unit, offset) = RELATIVE_CALENDAR_PERIODS.get(index)?;
    let interval = anchor.and_then(|anchor| Interval::calendar_period(anchor, unit, offset));
    Some(PeriodMatch::relative(start, reader.offset, interval))
}

/// Reads a part of the year of publication, named without a year: 上半年, 前三季度, 第三季度.
pub(super) fn part_of_publication_year(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let (first, last) = read_months_of_year_part(&mut reader)?;
    let is_duration = source.text_after(start).starts_with(['前', '首'])
        && source.text_between(start, reader.offset).ends_with("个月");
    if is_duration {
        return None;
    }
    let interval = anchor.and_then(|anchor| {
        let year = year_of_part(anchor, last.saturating_sub(2));
        Interval::months(year, first, year, last)
    });
    Some(PeriodMatch::relative(start, reader.offset, interval))
}

/// Reads a number of years, months or days before or after the publication: 近五年, 过去三年, 未来五年.
pub(super) fn direction_and_duration(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let index = reader.read_any_of(&["过去的", "过去", "最近", "近", "未来", "今后"])?;
    if index == 3 && source.char_before(start).is_some_and(|c| "最附将接靠邻临".contains(c))
    {
        return None;
    }
    let (count, unit) = read_duration(&mut reader)?;
    // If 来 or 以来 follows, 近5年 means a period up to the publication. Otherwise 近5年 is a duration.
    let has_since = reader.read_any_of(&["以来", "来"]).is_some();
    if index == 3
        && !has_since
        && !matches!(source.char_at(reader.offset), Some('，' | '中' | '内' | ',' | '的'))
    {
        return None;
    }
    let interval =
        anchor.and_then(|anchor| Interval::counted_from(anchor, count, unit, index >= 4));
    Some(PeriodMatch::relative(start, reader.offset, interval))
}

/// Reads a number of years, months or days with the direction after it: 五年来, 三年前.
pub(super) fn duration_and_direction(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let (count, unit) = read_duration(&mut reader)?;
    let is_since = reader.read_any_of(&["以来", "来的", "来，", "来,", "来"]).is_some();
    if is_since {
        let interval = anchor.and_then(|anchor| Interval::counted_from(anchor, count, unit, false));
        let end = reader.offset;
        let end = if source.text_before(end).ends_with(['，', ',', '的']) {
            source.text_before(end).trim_end_matches(['，', ',', '的']).len()
        } else {
            end
        };
        return Some(PeriodMatch::relative(start, end, interval));
    }
    let is_ago = unit == TimeUnit::Year
        && reader.read_text("前").is_some()
        && !reader.rest().starts_with(['后', '的', '期'])
        && source.char_before(start).is_none_or(|c| !is_han(c) || "从在于早自到约即".contains(c));
    if is_ago {
        let interval = anchor
            .and_then(|anchor| Interval::counted_from(anchor, count, unit, false))
            .and_then(|past| Interval::calendar_period(past.from, TimeUnit::Year, 0));
        return Some(PeriodMatch::relative(start, reader.offset, interval));
    }
    None
}
