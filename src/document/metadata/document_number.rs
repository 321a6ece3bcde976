//! Reads the number of a document, such as 国办发〔1996〕25号, and normalizes its brackets.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Number with a year: name of the series, year in any brackets, number. Example: 国办发(1996) 第25号.
static NUMBER_WITH_YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\p{Han}{1,12}?)\s*[〔\[［(（【﹝「]\s*((?:19|20)?\d{2,3})\s*[〕\]］)）】﹞」]\s*(?:第\s*)?(\d{1,6})\s*[号號]").ok()
});
/// Number of an order or a letter: 国务院令第706号, 院臺法字第1010056845號.
static NUMBER_WITHOUT_YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\p{Han}{1,12}[令字])\s*第\s*([\d-]{1,12})\s*([号號])").ok());

/// Returns the number in `text`, with its year in 〔〕 and without spaces. Returns `text` if it contains
/// no number.
pub(super) fn normalized(text: &str) -> String {
    number_in(text).unwrap_or_else(|| text.to_owned())
}

/// Returns the normalized number if `line` consists of a number. `None` for any other line.
pub(super) fn from_line(line: &str) -> Option<String> {
    let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let number = number_in(&line)?;
    let significant = |c: &char| c.is_alphanumeric() && *c != '第';
    let is_whole_line = line.chars().filter(significant).eq(number.chars().filter(significant));
    is_whole_line.then_some(number)
}

fn number_in(text: &str) -> Option<String> {
    if !text.contains(['号', '號']) {
        return None;
    }
    if let Some(groups) = NUMBER_WITH_YEAR.as_ref().and_then(|pattern| pattern.captures(text)) {
        let [series, year, number] = three_groups(&groups);
        return Some(format!("{series}〔{year}〕{number}号"));
    }
    let groups = NUMBER_WITHOUT_YEAR.as_ref()?.captures(text)?;
    let [series, number, unit] = three_groups(&groups);
    Some(format!("{series}第{number}{unit}"))
}

fn three_groups<'a>(groups: &Captures<'a>) -> [&'a str; 3] {
    [1, 2, 3].map(|index| groups.get(index).map_or("", |group| group.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
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
        assert_eq!(normalized("15-680"), "15-680");
    }
}
