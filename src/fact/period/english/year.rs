//! Reads years, quarters and plans in English: 2021–2025, the 1990s, Q3 2024, FY2023, 14th Five-Year Plan.

use super::parts::{RANGE_DASHES, read_following_year, read_range_separator};
use crate::{
    document::Date,
    fact::{
        folded_text::{FoldedText, is_han},
        period::{
            interval::{Interval, year_of_part},
            period_match::PeriodMatch,
            reader::PeriodReader,
        },
        unit::unit_before,
    },
};

/// Reads years: 2025 · 2021–2025 · 2021-25 · 2021 to 2025 · 1990s.
pub(super) fn year_or_years(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let mut decade = reader;
    if let Some(number) = decade.read_digits()
        && number.length == 4
        && number.value % 10 == 0
        && (1800..=2100).contains(&number.value)
        && decade.read_any_of(&["s", "’s", "'s"]).is_some()
        && !decade.is_followed_by_attached_text()
    {
        let last = if number.value % 100 == 0 && number.value < 2000 {
            number.value + 99
        } else {
            number.value + 9
        };
        return Some(PeriodMatch::fixed(start, decade.offset, Interval::years(number.value, last)));
    }
    let first = reader.read_year()?;
    let mut range = reader;
    let by_sign = range.read_any_of(&RANGE_DASHES).or_else(|| range.read_any_of(&["/"])).is_some();
    let is_range = by_sign || read_range_separator(&mut range).is_some();
    if is_range {
        let mut full = range;
        if let Some(last) = full.read_year().filter(|&last| last >= first) {
            return Some(PeriodMatch::fixed(start, full.offset, Interval::years(first, last)));
        }
        let mut short = range;
        if let Some(number) = short
            .read_digits()
            .filter(|number| by_sign && number.length == 2 && !short.is_followed_by_attached_text())
        {
            let last = first / 100 * 100 + number.value;
            let is_next =
                last > first && !short.rest().starts_with(|c: char| c == '-' || c.is_ascii_digit());
            if is_next {
                return Some(PeriodMatch::fixed(start, short.offset, Interval::years(first, last)));
            }
        }
    }
    // In Chinese text, a year needs 年 after the digits. The module `chinese` reads such years.
    let rest = reader.rest();
    let is_listed = ["两年", "三年", "四年", "五年"].iter().any(|years| rest.starts_with(years));
    let is_measured = (rest.starts_with(is_han) && !is_listed)
        || rest
            .trim_start()
            .starts_with(['%', '万', '亿', '元', '年', '个', '人', '名', '家', '余', '多'])
        || rest.starts_with(['/', ':', '〕', ']', '℃', '°', '+'])
        || (rest.starts_with(['-', '–'])
            && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    if is_measured || !may_be_year_by_context(source, start, reader.offset) {
        return None;
    }
    Some(PeriodMatch::fixed(start, reader.offset, Interval::years(first, first)))
}

/// Returns whether the words around four digits allow them to be a year.
fn may_be_year_by_context(source: &FoldedText, start: usize, end: usize) -> bool {
    if unit_before(source, start).is_some() {
        return false;
    }
    let (word_start, word) = source.word_before(start);
    let is_counted = matches!(
        word,
        "than"
            | "least"
            | "nearly"
            | "almost"
            | "exceeding"
            | "approximately"
            | "roughly"
            | "some"
            | "section"
            | "no"
            | "room"
            | "s"
            | "r"
            | "number"
            | "page"
            | "highway"
            | "route"
            | "hb"
            | "sb"
    ) || (word == "to" && source.word_before(word_start).1 == "up");
    let (_, next) = source.word_after(end);
    let is_measure = matches!(
        next,
        "million"
            | "billion"
            | "trillion"
            | "thousand"
            | "percent"
            | "people"
            | "yuan"
            | "dollars"
            | "meters"
            | "metres"
            | "kilometers"
            | "kilometres"
            | "tonnes"
            | "tons"
            | "hectares"
            | "hours"
            | "times"
            | "miles"
            | "acres"
            | "square"
            | "mw"
            | "megawatts"
            | "kg"
            | "km"
            | "feet"
            | "pounds"
            | "calories"
            | "jobs"
            | "students"
            | "workers"
            | "residents"
    );
    !is_counted && !is_measure
}

/// Reads an abbreviated part of a year, or a fiscal year: Q3 2024 · FY2023 · H1 2024 · FY 2023/24.
pub(super) fn abbreviated_part_of_year(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let letters = source.letters_at(start);
    reader.offset += letters.len();
    match letters {
        "q" | "h" => {
            let number = reader
                .read_number_up_to(if letters == "q" { 4 } else { 2 })
                .filter(|_| !reader.is_followed_by_attached_text())?;
            let length = if letters == "q" { 3 } else { 6 };
            Some(part_of_year(start, reader, number, length, anchor))
        }
        "fy" => fiscal_year(source, start),
        _ => None,
    }
}

/// Returns a part of a year, such as the third quarter. `part_number` is the number of the part, from 1, and
/// `part_months` the number of months of each part. The year follows in the text; if no year follows, the anchor
/// decides.
pub(super) fn part_of_year(
    start: usize,
    mut reader: PeriodReader<'_>,
    part_number: u16,
    part_months: u16,
    anchor: Option<Date>,
) -> PeriodMatch {
    let after = read_following_year(&mut reader, anchor);
    let first = (part_number - 1) * part_months + 1;
    let year =
        after.map_or_else(|| anchor.map(|anchor| year_of_part(anchor, first)), |after| after.year);
    let interval =
        year.and_then(|year| Interval::months(year, first, year, first + part_months - 1));
    let is_relative = after.is_none_or(|after| after.is_relative);
    PeriodMatch { is_relative, ..PeriodMatch::fixed(start, reader.offset, interval) }
}

/// Reads a quarter: 1Q 2024 · 2nd quarter.
pub(super) fn numbered_quarter(
    source: &FoldedText,
    start: usize,
    anchor: Option<Date>,
) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let number = reader.read_number_up_to(4)?;
    if reader.read_word(&["q"]).is_some() {
        return Some(part_of_year(start, reader, number, 3, anchor));
    }
    reader.read_any_of(&["st", "nd", "rd", "th"])?;
    reader.read_next_word(&["quarter"])?;
    Some(part_of_year(start, reader, number, 3, anchor))
}

/// Reads a fiscal year: fiscal year 2023 · FY23 · financial year 2023/24. Returns the calendar years in the name,
/// because the first month of a fiscal year differs between countries.
pub(super) fn fiscal_year(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    if reader.read_word(&["fy"]).is_none() {
        reader.read_word(&["fiscal", "financial"])?;
        reader.read_next_word(&["year", "years"])?;
    }
    let _ = reader.read_text("’");
    reader.skip_blanks();
    let _ = reader.read_word(&["of"]);
    reader.skip_blanks();
    let number = reader.read_digits()?;
    let first = match number.length {
        4 if (1900..=2100).contains(&number.value) => number.value,
        2 => 2000 + number.value,
        _ => return None,
    };
    let mut range = reader;
    if (range.read_any_of(&["/", "-", "–"]).is_some() || read_range_separator(&mut range).is_some())
        && let Some(last) = range.read_digits()
    {
        let last_year = if last.length == 4 { last.value } else { first / 100 * 100 + last.value };
        return Some(PeriodMatch::fixed(start, range.offset, Interval::years(first, last_year)));
    }
    Some(PeriodMatch::fixed(start, reader.offset, Interval::years(first, first)))
}

/// Reads a plan or a century: 14th Five-Year Plan · 20th century.
pub(super) fn plan_or_century(source: &FoldedText, start: usize) -> Option<PeriodMatch> {
    let mut reader = PeriodReader::new(source, start);
    let number = reader.read_number_up_to(30)?;
    reader.read_any_of(&["st", "nd", "rd", "th"])?;
    if let Some(end) = end_of_plan_words(reader) {
        return Some(PeriodMatch::fixed(start, end, Interval::five_year_plan(number)));
    }
    reader.read_next_word(&["century"])?;
    let interval =
        (number >= 2).then(|| Interval::years(100 * (number - 1) + 1, 100 * number)).flatten();
    Some(PeriodMatch::fixed(start, reader.offset, interval))
}

/// Returns the byte offset at which the words "Five-Year Plan" end, with the word "period" if it follows. `None` if the
/// reader is not at these words.
pub(super) fn end_of_plan_words(mut reader: PeriodReader<'_>) -> Option<usize> {
    reader.read_next_word(&["five"])?;
    reader.read_any_of(&["-", " ", "\n", "\u{A0}", "–"])?;
    reader.read_word(&["year"])?;
    reader.read_next_word(&["plan", "plans"])?;
    let _ = reader.read_next_word(&["period"]);
    Some(reader.offset)
}
