//! Reads the number of a document, such as 国办发〔1996〕25号, and normalizes its brackets.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Pattern of a document number with a year: name of the series, year in any brackets, number. Example: 国办发(1996)
/// 第25号.
static NUMBER_WITH_YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\p{Han}{1,12}?)\s*[〔\[［(（【﹝「]\s*((?:19|20)?\d{2,3})\s*[〕\]］)）】﹞」]\s*(?:第\s*)?(\d{1,6})\s*[号號]").ok()
});
/// Pattern of a document number without a year, such as that of an order or a letter: 国务院令第706号, 院臺法字第1010056845號.
static NUMBER_WITHOUT_YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\p{Han}{1,12}[令字])\s*第\s*([\d-]{1,12})\s*([号號])").ok());

/// Returns the document number in `text`, with its year in 〔〕 and without spaces. If `text` contains no document
/// number, returns `text`, without a note of its last change: `17-1431; Updated December 15, 2017`.
pub(super) fn normalize(text: &str) -> String {
    let is_note = |note: &str| {
        let note = note.trim_start().to_lowercase();
        ["updated", "modified", "revised", "corrected"].iter().any(|word| note.starts_with(word))
    };
    find_number(text).unwrap_or_else(|| match text.split_once(';') {
        Some((number, note)) if is_note(note) => number.trim().to_owned(),
        _ => text.to_owned(),
    })
}

/// Returns the normalized document number if `line` consists of a document number. `None` for any other line.
pub(super) fn from_line(line: &str) -> Option<String> {
    let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let number = find_number(&line)?;
    let is_significant = |c: &char| c.is_alphanumeric() && *c != '第';
    let is_whole_line =
        line.chars().filter(is_significant).eq(number.chars().filter(is_significant));
    is_whole_line.then_some(number)
}

/// Returns the first document number in `text`, in its normalized form.
fn find_number(text: &str) -> Option<String> {
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
