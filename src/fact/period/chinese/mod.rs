//! Reads expressions of time in Chinese, in Simplified characters.
//!
//! An offset in the text comes in, and the expression that begins at this offset goes out. `parts.rs` reads the parts
//! of an expression; the other files join the parts.

mod day;
mod parts;
mod plan;
mod relative;
mod year;

use self::{
    day::month_first,
    parts::RANGE_SEPARATORS,
    plan::{plan, plan_by_number},
    relative::{part_alone, relative_unit, relative_year, spell, spell_after_number},
    year::{decade, year_first},
};
use super::found::{FoundPeriod, PeriodKind};
use crate::{document::Date, fact::source::Source};

/// Returns the expression of time at `at`, where the character `c` stands.
pub(super) fn scan(
    source: &Source,
    at: usize,
    c: char,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    let found = match c {
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
        | '中' => numbered(source, at, anchor),
        '今' | '本' | '去' | '上' | '前' | '明' | '后' | '次' | '下' | '昨' => {
            relative_year(source, at, anchor)
                .or_else(|| spell(source, at, anchor))
                .or_else(|| relative_unit(source, at, anchor))
                .or_else(|| part_alone(source, at, anchor))
        }
        '近' | '过' | '最' | '未' => spell(source, at, anchor),
        '第' => part_alone(source, at, anchor).or_else(|| plan_by_number(source, at)),
        _ => None,
    }?;
    let has_range =
        RANGE_SEPARATORS.iter().any(|sign| source.between(found.start, found.end).contains(sign));
    let kind = if has_range { PeriodKind::During } else { kind(source, &found) };
    Some(FoundPeriod { kind, ..found })
}

/// Returns the kind of a period from the words around it.
fn kind(source: &Source, found: &FoundPeriod) -> PeriodKind {
    let before = source.window_before(found.start, 12);
    let after = source.window_after(found.end, 12);
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

/// Returns the expression that begins with a number: a year, a month, a plan, a number of years.
fn numbered(source: &Source, at: usize, anchor: Option<Date>) -> Option<FoundPeriod> {
    let previous = source.char_before(at).unwrap_or(' ');
    let is_inside = previous.is_ascii_digit()
        || "零一二三四五六七八九十百千万亿第〇○".contains(previous)
        || (previous == '.' || previous == '-' || previous == '–')
            && source
                .before(at)
                .trim_end_matches(['.', '-', '–'])
                .ends_with(|c: char| c.is_ascii_digit());
    if is_inside {
        return None;
    }
    plan(source, at)
        .or_else(|| year_first(source, at, anchor))
        .or_else(|| month_first(source, at, None, anchor))
        .or_else(|| decade(source, at))
        .or_else(|| part_alone(source, at, anchor))
        .or_else(|| spell_after_number(source, at, anchor))
}
