//! Reads expressions of time in Chinese, in Simplified characters.
//!
//! [`scan`] returns the expression that begins at an offset of the text. `parts.rs` reads the parts of an expression;
//! the other files join the parts.

mod day;
mod parts;
mod plan;
mod relative;
mod year;

use self::{
    day::period_beginning_with_month,
    parts::RANGE_SEPARATORS,
    plan::{plan_by_full_name, plan_by_short_name},
    relative::{
        direction_and_duration, duration_and_direction, part_of_publication_year,
        relative_calendar_period, relative_year,
    },
    year::{century_or_decade, period_beginning_with_year},
};
use super::period_match::{PeriodKind, PeriodMatch};
use crate::{
    document::Date,
    fact::folded_text::{FoldedText, is_han},
};

/// Returns the expression of time that begins at the byte offset `start`. `c` is the character at this offset.
pub(super) fn scan(
    source: &FoldedText,
    start: usize,
    c: char,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let period = match c {
        '0'..='9'
        | '○'
        | '〇'
        | '零'
        | '一'
        | '二'
        | '两'
        | '三'
        | '四'
        | '五'
        | '六'
        | '七'
        | '八'
        | '九'
        | '十'
        | '民'
        | '中' => period_beginning_with_number(source, start, anchor),
        '今' | '本' | '去' | '上' | '前' | '明' | '后' | '次' | '下' | '昨' => {
            relative_year(source, start, anchor)
                .or_else(|| direction_and_duration(source, start, anchor))
                .or_else(|| relative_calendar_period(source, start, anchor))
                .or_else(|| part_of_publication_year(source, start, anchor))
        }
        '首' => part_of_publication_year(source, start, anchor),
        '近' | '过' | '最' | '未' => direction_and_duration(source, start, anchor),
        '第' => part_of_publication_year(source, start, anchor)
            .or_else(|| plan_by_full_name(source, start)),
        _ => None,
    }?;
    let has_range = RANGE_SEPARATORS
        .iter()
        .any(|sign| source.text_between(period.start, period.end).contains(sign));
    let kind = if has_range { PeriodKind::During } else { kind_of_period(source, &period) };
    Some(PeriodMatch { kind, ..period })
}

/// Returns the kind of a period from the words around it.
fn kind_of_period(source: &FoldedText, period: &PeriodMatch) -> PeriodKind {
    let before = source.window_before(period.start, 12);
    let after = source.window_after(period.end, 12);
    if before.ends_with("截至")
        || before.ends_with("截止")
        || before.ends_with("截止到")
        || before.ends_with("截至到")
    {
        return PeriodKind::AsOf;
    }
    let after = after.strip_prefix(['末', '底', '初']).unwrap_or(after);
    if after.starts_with("以来")
        || after.starts_with("以后")
        || after.starts_with("之后")
        || after.starts_with('起')
        || after.starts_with("开始")
        || after.starts_with('后')
    {
        return PeriodKind::Since;
    }
    let is_day = period.interval.is_some_and(|interval| interval.from == interval.to);
    if is_day && is_followed_by_event_since_then(source, period.end) {
        return PeriodKind::Since;
    }
    if after.starts_with('前')
        || after.starts_with("以前")
        || after.starts_with("之前")
        || before.ends_with(['到', '至'])
    {
        return PeriodKind::Until;
    }
    if before.ends_with(['自', '从']) {
        return PeriodKind::Since;
    }
    PeriodKind::During
}

/// Returns whether 以来 follows the byte offset `end` after a short name of an event, as in 3月1日启用以来.
fn is_followed_by_event_since_then(source: &FoldedText, end: usize) -> bool {
    const MAX_EVENT_BYTES: usize = 18;
    let rest = source.window_after(end, MAX_EVENT_BYTES + "以来".len());
    let clause = rest.split(|c| !is_han(c)).next().unwrap_or_default();
    let event = clause.split_once("以来").map(|(event, _)| event);
    // In 3月1日是开放以来的第一天, the clause says something of the day.
    event.is_some_and(|event| !event.contains(['是', '为', '有', '创']))
}

/// Returns the expression that begins with a number: a year, a month, a plan, a number of years.
fn period_beginning_with_number(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let previous = source.char_before(start).unwrap_or(' ');
    let is_inside = previous.is_ascii_digit()
        || "零一二三四五六七八九十百千万亿第〇○".contains(previous)
        || (previous == '.' || previous == '-' || previous == '–')
            && source
                .text_before(start)
                .trim_end_matches(['.', '-', '–'])
                .ends_with(|c: char| c.is_ascii_digit());
    if is_inside {
        return None;
    }
    plan_by_short_name(source, start)
        .or_else(|| period_beginning_with_year(source, start, anchor))
        .or_else(|| period_beginning_with_month(source, start, None, anchor))
        .or_else(|| century_or_decade(source, start))
        .or_else(|| part_of_publication_year(source, start, anchor))
        .or_else(|| duration_and_direction(source, start, anchor))
}
