//! Reads relative times in Chinese: 今年, 去年同期, 本月, 近五年, 三年来.

use super::{
    day::month_first,
    parts::{read_duration, read_months_of_part},
    year::named_republic_year,
};
use crate::{
    document::Date,
    fact::{
        period::{
            found::FoundPeriod,
            interval::{Interval, Step, year_month_day},
            reader::Reader,
        },
        source::{Source, is_han},
    },
};

/// Words for a year that is counted from the year of publication, with their offset.
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
/// Words for days, weeks, months and quarters that are counted from the day of publication, with their offset.
const RELATIVE_UNITS: [(&str, Step, i16); 16] = [
    ("今日", Step::Day, 0),
    ("今天", Step::Day, 0),
    ("昨日", Step::Day, -1),
    ("昨天", Step::Day, -1),
    ("明日", Step::Day, 1),
    ("明天", Step::Day, 1),
    ("本周", Step::Week, 0),
    ("上周", Step::Week, -1),
    ("下周", Step::Week, 1),
    ("本月", Step::Month, 0),
    ("上个月", Step::Month, -1),
    ("上月", Step::Month, -1),
    ("下个月", Step::Month, 1),
    ("下月", Step::Month, 1),
    ("本季度", Step::Quarter, 0),
    ("上季度", Step::Quarter, -1),
];

/// Reads a year that is counted from the year of publication, or a part of such a year: 今年, 去年同期, 今年1至10月.
pub(super) fn relative_year(
    source: &Source,
    at: usize,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    if let Some(found) = named_republic_year(source, at) {
        return Some(found);
    }
    let mut reader = Reader::new(source, at);
    let names = RELATIVE_YEARS.map(|(name, _)| name);
    let index = reader.any(&names)?;
    let &(_, offset) = RELATIVE_YEARS.get(index)?;
    // In 以前年度 and after 三年, the characters 前年 are parts of other words.
    let is_other = reader.rest().starts_with(['轻', '龄', '级', '货'])
        || (source.between(at, reader.at) == "前年"
            && source.char_before(at).is_some_and(|c| c == '以' || c == '年'))
        || (source.after(at).starts_with('上') && source.char_before(at) == Some('以'))
        || (source.between(at, reader.at) == "后年"
            && source.char_before(at).is_some_and(|c| c == '以'))
        || (source.between(at, reader.at) == "本年" && source.char_before(at) == Some('基'));
    if is_other {
        return None;
    }
    let year = anchor.and_then(|anchor| year_month_day(anchor).0.checked_add_signed(offset));
    let mut part = reader;
    part.blanks();
    if let Some((first, last)) = read_months_of_part(&mut part) {
        let interval = year.and_then(|year| Interval::months(year, first, year, last));
        return Some(FoundPeriod::relative(at, part.at, interval));
    }
    if let Some(found) = month_first(source, part.at, Some(year.unwrap_or(2000)), anchor) {
        let interval = year.and(found.interval);
        return Some(FoundPeriod { interval, ..FoundPeriod::relative(at, found.end, None) });
    }
    let _ = reader.any(&["同期", "底", "末", "初", "度"]);
    Some(FoundPeriod::relative(at, reader.at, year.and_then(|year| Interval::years(year, year))))
}

/// Reads a month, a week or a day: 本月, 上周, 今日.
pub(super) fn relative_unit(
    source: &Source,
    at: usize,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    if reader.text("本世纪").is_some() {
        let first = anchor.map(|anchor| (year_month_day(anchor).0 - 1) / 100 * 100 + 1);
        return Some(FoundPeriod::relative(
            at,
            reader.at,
            first.and_then(|first| Interval::years(first, first + 99)),
        ));
    }
    let names = RELATIVE_UNITS.map(|(name, ..)| name);
    let index = reader.any(&names)?;
    let &(_, step, offset) = RELATIVE_UNITS.get(index)?;
    let interval = anchor.and_then(|anchor| Interval::calendar(anchor, step, offset));
    Some(FoundPeriod::relative(at, reader.at, interval))
}

/// Reads a part of the year of publication, named without a year: 上半年, 前三季度, 第三季度.
pub(super) fn part_alone(source: &Source, at: usize, anchor: Option<Date>) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    let (first, last) = read_months_of_part(&mut reader)?;
    let is_spell =
        source.after(at).starts_with('前') && source.between(at, reader.at).ends_with("个月");
    if is_spell {
        return None;
    }
    let interval = anchor.and_then(|anchor| {
        Interval::months(year_month_day(anchor).0, first, year_month_day(anchor).0, last)
    });
    Some(FoundPeriod::relative(at, reader.at, interval))
}

/// Reads a number of years, months or days before or after the publication: 近五年, 过去三年, 未来五年.
pub(super) fn spell(source: &Source, at: usize, anchor: Option<Date>) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    let index = reader.any(&["过去的", "过去", "最近", "近", "未来", "今后"])?;
    if index == 3 && source.char_before(at).is_some_and(|c| "最附将接靠邻临".contains(c)) {
        return None;
    }
    let (count, step) = read_duration(&mut reader)?;
    // If 来 or 以来 follows, 近5年 means a period up to the publication. Otherwise 近5年 is a duration.
    let has_since = reader.any(&["以来", "来"]).is_some();
    if index == 3
        && !has_since
        && !matches!(source.char_at(reader.at), Some('，' | '中' | '内' | ',' | '的'))
    {
        return None;
    }
    let interval = anchor.and_then(|anchor| Interval::around(anchor, count, step, index >= 4));
    Some(FoundPeriod::relative(at, reader.at, interval))
}

/// Reads a number of years, months or days with a word after it: 五年来, 三年前.
pub(super) fn spell_after_number(
    source: &Source,
    at: usize,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    let (count, step) = read_duration(&mut reader)?;
    let is_since = reader.any(&["以来", "来的", "来，", "来,", "来"]).is_some();
    if is_since {
        let interval = anchor.and_then(|anchor| Interval::around(anchor, count, step, false));
        let end = reader.at;
        let end = if source.before(end).ends_with(['，', ',', '的']) {
            source.before(end).trim_end_matches(['，', ',', '的']).len()
        } else {
            end
        };
        return Some(FoundPeriod::relative(at, end, interval));
    }
    let is_ago = step == Step::Year
        && reader.text("前").is_some()
        && !reader.rest().starts_with(['后', '的', '期'])
        && source.char_before(at).is_none_or(|c| !is_han(c) || "从在于早自到约即".contains(c));
    if is_ago {
        let interval = anchor
            .and_then(|anchor| Interval::around(anchor, count, step, false))
            .and_then(|past| Interval::calendar(past.from, Step::Year, 0));
        return Some(FoundPeriod::relative(at, reader.at, interval));
    }
    None
}
