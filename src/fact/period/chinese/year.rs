//! Reads years in Chinese: 2025年, 2021-2025年, 民国101年, 2025年前10个月, 20世纪90年代.

use super::{
    day::month_first,
    parts::{
        RANGE_SEPARATORS, YEAR_BEFORE_REPUBLIC, read_months_of_part, read_year, read_year_character,
    },
};
use crate::{
    document::Date,
    fact::{
        period::{found::FoundPeriod, interval::Interval, reader::Reader},
        source::Source,
    },
};

/// Reads an expression that begins with a year: 2025年, 2021年至2025年, 2021-2025年, 2025年12月17日, 2025年前10个月.
pub(super) fn year_first(source: &Source, at: usize, anchor: Option<Date>) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    let Some(first) = read_year(&mut reader) else { return bare_republic_year(source, at) };
    let mut after_year_character = reader;
    let has_year_character = read_year_character(&mut after_year_character).is_some();
    if has_year_character {
        reader = after_year_character;
        if let Some(found) = part_of_year(source, at, reader, first, anchor) {
            return Some(found);
        }
    }
    let mut range = reader;
    let _ = range.any(&["底", "末", "初"]);
    range.blanks();
    if range.any(&RANGE_SEPARATORS).is_some() {
        range.blanks();
        if let Some(last) = read_year(&mut range).filter(|&last| last >= first) {
            let has_last_year_character = read_year_character(&mut range).is_some();
            if has_year_character || has_last_year_character || is_bracketed(source, at, range.at) {
                let _ = range.text("度");
                return Some(FoundPeriod::fixed(at, range.at, Interval::years(first, last)));
            }
        }
    }
    if !has_year_character {
        return None;
    }
    let _ = reader.any(&["年度", "度", "底", "末", "初"]);
    Some(FoundPeriod::fixed(at, reader.at, Interval::years(first, first)))
}

/// Returns whether brackets stand around the text from `start` to `end`, as in the title of a plan.
fn is_bracketed(source: &Source, start: usize, end: usize) -> bool {
    source.char_before(start).is_some_and(|c| matches!(c, '(' | '（' | '〔'))
        && source.char_at(end).is_some_and(|c| matches!(c, ')' | '）' | '〕'))
}

/// Reads a year of the Republic of China, without the name of the era, in a text in Traditional characters: 101年1月1日,
/// 101年度.
fn bare_republic_year(source: &Source, at: usize) -> Option<FoundPeriod> {
    if !source.is_traditional {
        return None;
    }
    let mut reader = Reader::new(source, at);
    let number = reader
        .chinese_number()
        .filter(|number| (20..200).contains(&number.value) && number.length <= 5)?;
    let year = number.value + YEAR_BEFORE_REPUBLIC;
    let mut range = reader;
    if range.any(&RANGE_SEPARATORS).is_some()
        && let Some(last) =
            range.chinese_number().filter(|last| last.value > number.value && last.value < 200)
        && read_year_character(&mut range).is_some()
        && range.text("度").is_some()
    {
        return Some(FoundPeriod::fixed(
            at,
            range.at,
            Interval::years(year, last.value + YEAR_BEFORE_REPUBLIC),
        ));
    }
    read_year_character(&mut reader)?;
    if let Some(found) = part_of_year(source, at, reader, year, None) {
        return Some(found);
    }
    let is_duration = ["以", "内", "间", "期", "来", "后", "前", "之", "多", "余"]
        .iter()
        .any(|word| reader.rest().starts_with(word));
    let is_century = number.value >= 100
        && !is_duration
        && !source.after(at).starts_with(|c: char| c.is_ascii_digit());
    let is_digits = is_century
        || source.after(at).starts_with(|c: char| c.is_ascii_digit())
            && (80..=130).contains(&number.value)
            && !is_duration;
    if reader.text("度").is_none() && !is_digits {
        return None;
    }
    Some(FoundPeriod::fixed(at, reader.at, Interval::years(year, year)))
}

/// Reads the current year with its number in the era of the Republic of China: 本（101）年9月6日.
pub(super) fn named_republic_year(source: &Source, at: usize) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    reader.any(&["本", "去", "今", "明"])?;
    reader.text("(")?;
    let number = reader.chinese_number().filter(|number| (20..200).contains(&number.value))?;
    reader.text(")")?;
    read_year_character(&mut reader)?;
    let year = number.value + YEAR_BEFORE_REPUBLIC;
    let whole_year = FoundPeriod::fixed(at, reader.at, Interval::years(year, year));
    Some(part_of_year(source, at, reader, year, None).unwrap_or(whole_year))
}

/// Reads the part of a year after 年: months, days, halves, quarters.
fn part_of_year(
    source: &Source,
    at: usize,
    reader: Reader<'_>,
    year: u16,
    anchor: Option<Date>,
) -> Option<FoundPeriod> {
    let mut next = reader;
    next.blanks();
    if let Some((first, last)) = read_months_of_part(&mut next) {
        return Some(FoundPeriod::fixed(at, next.at, Interval::months(year, first, year, last)));
    }
    let found = month_first(source, next.at, Some(year), anchor)?;
    Some(FoundPeriod { start: at, is_relative: false, ..found })
}

/// Reads a century or a decade: 20世纪, 20世纪90年代, 九十年代.
pub(super) fn decade(source: &Source, at: usize) -> Option<FoundPeriod> {
    let mut reader = Reader::new(source, at);
    let number = reader.chinese_number()?.value;
    if reader.text("世纪").is_some() && (15..=22).contains(&number) {
        let century = 100 * (number - 1);
        let mut with_decade = reader;
        if let Some(decade) =
            with_decade.chinese_number().filter(|_| with_decade.text("年代").is_some())
        {
            let first = century + decade.value;
            return Some(FoundPeriod::fixed(at, with_decade.at, Interval::years(first, first + 9)));
        }
        return Some(FoundPeriod::fixed(
            at,
            reader.at,
            Interval::years(century + 1, century + 100),
        ));
    }
    let is_decade = number < 100 && number % 10 == 0 && reader.text("年代").is_some();
    is_decade
        .then(|| FoundPeriod::fixed(at, reader.at, Interval::years(1900 + number, 1909 + number)))
}
