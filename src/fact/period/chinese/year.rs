//! Reads years in Chinese: 2025年, 2021-2025年, 民国101年, 2025年前10个月, 20世纪90年代.

use super::{
    day::period_beginning_with_month,
    parts::{
        RANGE_SEPARATORS, YEAR_BEFORE_REPUBLIC, read_months_of_year_part, read_year,
        read_year_character,
    },
};
use crate::{
    document::Date,
    fact::{
        folded_text::FoldedText,
        period::{interval::Interval, period_match::PeriodMatch, reader::PeriodReader},
    },
};

/// Reads an expression that begins with a year: 2025年, 2021年至2025年, 2021-2025年, 2025年12月17日, 2025年前10个月.
pub(super) fn period_beginning_with_year(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let Some(first) = read_year(&mut reader) else {
        return republic_year_without_era(source, start);
    };
    let mut after_year_character = reader;
    let has_year_character = read_year_character(&mut after_year_character).is_some();
    if has_year_character {
        reader = after_year_character;
        if let Some(period) = part_of_year(source, start, reader, first, anchor) {
            return Some(period);
        }
    }
    let mut range = reader;
    let _ = range.read_any_of(&["底", "末", "初"]);
    range.skip_blanks();
    if range.read_any_of(&RANGE_SEPARATORS).is_some() {
        range.skip_blanks();
        if let Some(last) = read_year(&mut range).filter(|&last| last >= first) {
            let has_last_year_character = read_year_character(&mut range).is_some();
            if has_year_character
                || has_last_year_character
                || is_bracketed(source, start, range.offset)
            {
                let _ = range.read_text("度");
                return Some(PeriodMatch::fixed(start, range.offset, Interval::years(first, last)));
            }
        }
    }
    if !has_year_character {
        return None;
    }
    let _ = reader.read_any_of(&["年度", "度", "底", "末", "初"]);
    Some(PeriodMatch::fixed(start, reader.offset, Interval::years(first, first)))
}

/// Returns whether brackets stand around the text from `start` to `end`, as in the title of a plan.
fn is_bracketed(source: &FoldedText, start: usize, end: usize) -> bool {
    source.char_before(start).is_some_and(|c| matches!(c, '(' | '（' | '〔'))
        && source.char_at(end).is_some_and(|c| matches!(c, ')' | '）' | '〕'))
}

/// Reads a year of the Republic of China, without the name of the era, in a text in Traditional characters: 101年1月1日,
/// 101年度.
fn republic_year_without_era(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    if !source.is_traditional {
        return None;
    }
    let mut reader = PeriodReader::new(source, start);
    let number = reader
        .read_chinese_number()
        .filter(|number| (20..200).contains(&number.value) && number.length <= 5)?;
    let year = number.value + YEAR_BEFORE_REPUBLIC;
    let mut range = reader;
    if range.read_any_of(&RANGE_SEPARATORS).is_some()
        && let Some(last) =
            range.read_chinese_number().filter(|last| last.value > number.value && last.value < 200)
        && read_year_character(&mut range).is_some()
        && (range.read_text("度").is_some()
            || (80..=130).contains(&number.value)
                && last.value <= 150
                && source.text_after(start).starts_with(|c: char| c.is_ascii_digit()))
    {
        return Some(PeriodMatch::fixed(
            start,
            range.offset,
            Interval::years(year, last.value + YEAR_BEFORE_REPUBLIC),
        ));
    }
    read_year_character(&mut reader)?;
    if let Some(period) = part_of_year(source, start, reader, year, None) {
        return Some(period);
    }
    let is_duration = ["以", "内", "间", "期", "来", "后", "前", "之", "多", "余"]
        .iter()
        .any(|word| reader.rest().starts_with(word));
    let is_century = number.value >= 100
        && !is_duration
        && !source.text_after(start).starts_with(|c: char| c.is_ascii_digit());
    let is_digits = is_century
        || source.text_after(start).starts_with(|c: char| c.is_ascii_digit())
            && (80..=130).contains(&number.value)
            && !is_duration;
    if reader.read_text("度").is_none() && !is_digits {
        return None;
    }
    Some(PeriodMatch::fixed(start, reader.offset, Interval::years(year, year)))
}

/// Reads the current year with its number in the era of the Republic of China: 本（101）年9月6日.
pub(super) fn current_republic_year(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    reader.read_any_of(&["本", "去", "今", "明"])?;
    reader.read_text("(")?;
    let number = reader.read_chinese_number().filter(|number| (20..200).contains(&number.value))?;
    reader.read_text(")")?;
    read_year_character(&mut reader)?;
    let year = number.value + YEAR_BEFORE_REPUBLIC;
    let whole_year = PeriodMatch::fixed(start, reader.offset, Interval::years(year, year));
    Some(part_of_year(source, start, reader, year, None).unwrap_or(whole_year))
}

/// Reads the part of a year after 年: months, days, halves, quarters.
fn part_of_year(
    source: &FoldedText,
    start: usize,
    reader: PeriodReader<'_>,
    year: u16,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut next = reader;
    next.skip_blanks();
    if let Some((first, last)) = read_months_of_year_part(&mut next) {
        return Some(PeriodMatch::fixed(
            start,
            next.offset,
            Interval::months(year, first, year, last),
        ));
    }
    let period = period_beginning_with_month(source, next.offset, Some(year), anchor)?;
    Some(PeriodMatch { start, is_relative: false, ..period })
}

/// Reads a century or a decade: 20世纪, 20世纪90年代, 九十年代.
pub(super) fn century_or_decade(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let number = reader.read_chinese_number()?.value;
    if reader.read_text("世纪").is_some() && (15..=22).contains(&number) {
        let century = 100 * (number - 1);
        let mut with_decade = reader;
        if let Some(decade) =
            with_decade.read_chinese_number().filter(|_| with_decade.read_text("年代").is_some())
        {
            let first = century + decade.value;
            return Some(PeriodMatch::fixed(
                start,
                with_decade.offset,
                Interval::years(first, first + 9),
            ));
        }
        return Some(PeriodMatch::fixed(
            start,
            reader.offset,
            Interval::years(century + 1, century + 100),
        ));
    }
    let is_decade = number < 100 && number % 10 == 0 && reader.read_text("年代").is_some();
    is_decade.then(|| {
        PeriodMatch::fixed(start, reader.offset, Interval::years(1900 + number, 1909 + number))
    })
}
