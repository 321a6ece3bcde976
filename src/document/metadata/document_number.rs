//! The number of a document, 国办发〔1996〕25号, in one form whatever brackets it is written with.

use std::sync::LazyLock;

use regex::Regex;

/// The name of a series, the year in any brackets, the number.
static BRACKETED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\p{Han}{1,12}?)\s*[〔\[［(（【﹝「]\s*((?:19|20)?\d{2,3})\s*[〕\]］)）】﹞」]\s*(?:第\s*)?(\d{1,6})\s*[号號]").ok()
});
/// 国务院令第706号, 院臺法字第1010056845號.
static ORDERED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\p{Han}{1,12}[令字])\s*第\s*([\d-]{1,12})\s*([号號])").ok());

/// `text` with the brackets of the number in it as 〔〕 and without spaces; other text as it is.
pub(in crate::document) fn normalized(text: &str) -> String {
    found(text).unwrap_or_else(|| text.to_owned())
}

/// The number of a document that `line` is, and nothing else.
pub(in crate::document) fn whole(line: &str) -> Option<String> {
    let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let number = found(&bare)?;
    let signs = |c: &char| c.is_alphanumeric();
    let same = bare
        .chars()
        .filter(signs)
        .filter(|&c| c != '第')
        .eq(number.chars().filter(signs).filter(|&c| c != '第'));
    same.then_some(number)
}

fn found(text: &str) -> Option<String> {
    if !text.contains(['号', '號']) {
        return None;
    }
    let bracketed = BRACKETED.as_ref().and_then(|pattern| pattern.captures(text));
    if let Some(found) = bracketed {
        let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
        return Some(format!("{}〔{}〕{}号", part(1), part(2), part(3)));
    }
    let found = ORDERED.as_ref()?.captures(text)?;
    let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
    Some(format!("{}第{}{}", part(1), part(2), part(3)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_all_brackets() {
        for text in [
            "国办发〔1996〕25号",
            "国办发[1996]25号",
            "国办发（1996）25号",
            "国办发 (1996) 第25号",
            "国办发【1996】25号",
            "国办发［1996］ 25 号",
        ] {
            assert_eq!(whole(text).as_deref(), Some("国办发〔1996〕25号"), "{text}");
        }
        for (text, expected) in [
            ("国务院令第 706 号", Some("国务院令第706号")),
            ("院臺法字第 1010056845 號", Some("院臺法字第1010056845號")),
            ("（国办发〔1996〕25号）", Some("国办发〔1996〕25号")),
            ("根据国办发〔1996〕25号的规定", None),
            ("Release 15-680", None),
        ] {
            assert_eq!(whole(text).as_deref(), expected, "{text}");
        }
        assert_eq!(normalized("15-680"), "15-680");
    }
}
