//! Reads the number of a document, such as 国办发〔1996〕25号, and normalizes its brackets. Also finds document numbers
//! in a query.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use crate::{analysis::fold_text, span::Span};

/// Pattern of a document number with a year: name of the series, year in any brackets, number. Example: 国办发(1996)
/// 第25号.
static NUMBER_WITH_YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\p{Han}{1,12}?)\s*[〔\[［(（【﹝「]\s*((?:19|20)?\d{2,3})\s*[〕\]］)）】﹞」]\s*(?:第\s*)?(\d{1,6})\s*[号號]").ok()
});
/// Pattern of a document number without a year, such as that of an order or a letter: 国务院令第706号, 院臺法字第1010056845號.
static NUMBER_WITHOUT_YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\p{Han}{1,12}[令字])\s*第\s*([\d-]{1,12})\s*([号號])").ok());

/// Pattern of a document number of digits and hyphens, possibly after a name of capitals: 17-1431, IR-2024-115.
static NUMBER_WITH_HYPHENS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:[A-Z]{1,6}-)?\d{1,4}(?:-\d{1,6})+$").ok());
/// Name of the series of State Council orders in full, and in abbreviated form. The order 国令第706号 calls itself
/// 国务院令第706号 in its text.
const SERIES_IN_FULL: (&str, &str) = ("国务院令", "国令");
/// Minimum number of digits of a document number that consists of digits and hyphens. A shorter number, such as 9-11,
/// mostly has another meaning.
const MIN_DIGITS_WITH_HYPHENS: usize = 5;
/// Words before a document number that do not belong to the name of its series.
const WORDS_BEFORE_SERIES: [&str; 26] = [
    "关于", "關於", "根据", "根據", "按照", "依据", "依據", "依照", "印发", "印發", "转发", "轉發",
    "贯彻", "貫徹", "落实", "落實", "执行", "執行", "查询", "查詢", "有关", "有關", "以及", "的",
    "和", "与",
];

/// Returns the form in which document numbers are compared: the parts of the number in lower case and Simplified
/// Chinese, separated by spaces. Numbers that differ only in brackets, spaces or Chinese script have equal forms.
pub(crate) fn key(number: &str) -> String {
    let folded = fold_text(&normalize(number)).to_lowercase();
    let folded = folded.replace(SERIES_IN_FULL.0, SERIES_IN_FULL.1);
    let parts = folded.split(|c: char| !c.is_alphanumeric() || c == '第');
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Writes 〔〕 around the year of each document number in a query, because other brackets may be operators of the query
/// language.
pub(crate) fn with_uniform_brackets(text: &str) -> Cow<'_, str> {
    match NUMBER_WITH_YEAR.as_ref().filter(|_| text.contains(['号', '號'])) {
        Some(pattern) => pattern.replace_all(text, |groups: &Captures<'_>| {
            let [series, year, number] = first_three_groups(groups);
            format!("{series}〔{year}〕{number}号")
        }),
        None => Cow::Borrowed(text),
    }
}

/// Text of a query that may be the number of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberCandidate {
    pub(crate) span: Span,
    /// Whether the text cannot be anything but a document number, since it has a year in brackets.
    pub(crate) is_certain: bool,
}

/// Returns the parts of a query that may be document numbers.
pub(crate) fn number_candidates(text: &str) -> Vec<NumberCandidate> {
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let mut candidates = Vec::new();
    if text.contains(['号', '號']) {
        for (pattern, is_certain) in [(&NUMBER_WITH_YEAR, true), (&NUMBER_WITHOUT_YEAR, false)] {
            let found = pattern.iter().flat_map(|pattern| pattern.find_iter(text));
            candidates.extend(found.map(|found| {
                let start = found.start() + length_before_series(found.as_str());
                NumberCandidate { span: Span::new(start, found.end()), is_certain }
            }));
        }
    }
    if text.contains('-') {
        let mut end = 0;
        for word in text.split(' ') {
            let start = end;
            end = start + word.len() + 1;
            let digit_count = word.bytes().filter(u8::is_ascii_digit).count();
            let has_form = NUMBER_WITH_HYPHENS.as_ref().is_some_and(|form| form.is_match(word));
            if has_form && digit_count >= MIN_DIGITS_WITH_HYPHENS && !begins_with_date(word) {
                let span = Span::new(start, start + word.len());
                candidates.push(NumberCandidate { span, is_certain: false });
            }
        }
    }
    candidates
}

/// Returns whether a number with hyphens begins with a month or with two years: 2022-02-15, 2024-05, 2020-21,
/// 2019-2020.
fn begins_with_date(number: &str) -> bool {
    let mut parts = number.split('-');
    let is_year =
        |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    parts.next().is_some_and(is_year)
        && parts.next().is_some_and(|part| part.len() <= 2 || is_year(part))
}

/// Returns the length, in bytes, of the words at the start of `number` that do not belong to the document number, such
/// as 根据 in 根据国发〔2021〕1号.
fn length_before_series(number: &str) -> usize {
    let series_end = number.find(|c: char| !c.is_alphabetic()).unwrap_or(number.len());
    let series = number.get(..series_end).unwrap_or_default();
    let ends = WORDS_BEFORE_SERIES.iter().filter_map(|word| {
        let end = series.rfind(word)? + word.len();
        (end < series.len()).then_some(end)
    });
    ends.max().unwrap_or_default()
}

/// Returns the document number in `text`, with its year in 〔〕 and without spaces. If `text` contains no document
/// number, returns `text`, without a note of its last change: `17-1431; Updated December 15, 2017`.
pub(super) fn normalize(text: &str) -> String {
    let is_note = |note: &str| {
        let note = note.trim_start().to_lowercase();
        ["updated", "modified", "revised", "corrected"].iter().any(|word| note.starts_with(word))
    };
    find_document_number(text).unwrap_or_else(|| match text.split_once(';') {
        Some((number, note)) if is_note(note) => number.trim().to_owned(),
        _ => text.to_owned(),
    })
}

/// Returns the normalized document number if `line` consists of a document number. `None` for any other line.
pub(super) fn from_line(line: &str) -> Option<String> {
    let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let number = find_document_number(&line)?;
    let is_significant = |c: &char| c.is_alphanumeric() && *c != '第';
    let is_whole_line =
        line.chars().filter(is_significant).eq(number.chars().filter(is_significant));
    is_whole_line.then_some(number)
}

/// Returns the first document number in `text`, in its normalized form.
fn find_document_number(text: &str) -> Option<String> {
    if !text.contains(['号', '號']) {
        return None;
    }
    if let Some(groups) = NUMBER_WITH_YEAR.as_ref().and_then(|pattern| pattern.captures(text)) {
        let [series, year, number] = first_three_groups(&groups);
        return Some(format!("{series}〔{year}〕{number}号"));
    }
    let groups = NUMBER_WITHOUT_YEAR.as_ref()?.captures(text)?;
    let [series, number, unit] = first_three_groups(&groups);
    Some(format!("{series}第{number}{unit}"))
}

/// Returns the texts of the first three capture groups of a match. A missing group gives an empty text.
fn first_three_groups<'a>(groups: &Captures<'a>) -> [&'a str; 3] {
    [1, 2, 3].map(|index| groups.get(index).map_or("", |group| group.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_any_brackets_have_one_key() {
        for (text, expected) in [
            ("国发〔2021〕23号", "国发 2021 23号"),
            ("國發[2021]23號", "国发 2021 23号"),
            ("国发（2021）第 23 号", "国发 2021 23号"),
            ("国令第706号", "国令 706号"),
            ("國務院令第706號", "国令 706号"),
            ("17-1431; Updated December 15, 2017", "17 1431"),
            ("IR-2024-115", "ir 2024 115"),
        ] {
            assert_eq!(key(text), expected, "{text}");
        }
    }

    #[test]
    fn document_numbers_of_a_query_are_found() {
        for (text, expected) in [
            ("国发〔2021〕23号", vec![("国发〔2021〕23号", true)]),
            ("关于印发国发【2021】23号的通知", vec![("国发【2021】23号", true)]),
            ("国务院令第706号", vec![("国务院令第706号", false)]),
            ("release 17-1431 gang", vec![("17-1431", false)]),
            ("IR-2024-115", vec![("IR-2024-115", false)]),
            ("2024-115", vec![("2024-115", false)]),
            ("2022-02-15 2020-21 2019-2020", vec![]),
            ("9-11 2021", vec![]),
            ("COVID-19", vec![]),
            ("2021年23号", vec![]),
        ] {
            let candidates = number_candidates(text);
            let found = candidates.iter().map(|found| (found.span.of(text), found.is_certain));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
        }
        for (text, expected) in [
            ("查 国发(2021)23号 文", "查 国发〔2021〕23号 文"),
            ("国办发 (1996) 第25号", "国办发〔1996〕25号"),
            ("ports (2021) 23", "ports (2021) 23"),
        ] {
            assert_eq!(with_uniform_brackets(text), expected);
        }
    }

    #[test]
    fn all_spellings_of_a_number_have_one_normal_form() {
        for text in [
            "国办发〔1996〕25号",
            "国办发[1996]25号",
            "国办发（1996）25号",
            "国办发 (1996) 第25号",
            "国办发【1996】25号",
            "国办发［1996］ 25 号",
        ] {
            assert_eq!(from_line(text).as_deref(), Some("国办发〔1996〕25号"), "{text}");
        }
        for (text, expected) in [
            ("国务院令第 706 号", Some("国务院令第706号")),
            ("院臺法字第 1010056845 號", Some("院臺法字第1010056845號")),
            ("（国办发〔1996〕25号）", Some("国办发〔1996〕25号")),
            ("根据国办发〔1996〕25号的规定", None),
            ("Release 15-680", None),
        ] {
            assert_eq!(from_line(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("15-680", "15-680"),
            ("17-1431; Updated December 15, 2017", "17-1431"),
            ("15-680; 15-681", "15-680; 15-681"),
        ] {
            assert_eq!(normalize(text), expected);
        }
    }
}
