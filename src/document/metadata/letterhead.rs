//! Recognizes the lines above the title of a release: the kind of the document (`PRESS RELEASE`), the letterhead of a
//! Chinese document (`某市人民政府文件`), and the date, the number, the office and the contact between them and the
//! title.

use super::{
    date_line::DateLine,
    document_number,
    fields::{self, MetadataField},
    organization,
};

/// Names of document types, in lower case and without spaces. A line with only such a name is not a title.
const DOCUMENT_TYPES: [&str; 28] = [
    "mediareleases",
    "pressreleases",
    "newsreleases",
    "mediarelease",
    "pressrelease",
    "newsrelease",
    "jointmediarelease",
    "jointpressrelease",
    "jointnewsrelease",
    "mediastatement",
    "pressstatement",
    "mediafactsheet",
    "factsheet",
    "mediaadvisory",
    "pressnotice",
    "forimmediaterelease",
    "forrelease",
    "forimmediatepublication",
    "pressreleaseforimmediaterelease",
    "news",
    "newsforimmediaterelease",
    "新闻稿",
    "新聞稿",
    "新闻公报",
    "新聞公報",
    "新闻发布",
    "新聞發布",
    "通稿",
];
/// Endings of the letterhead of a Chinese document, after the name of the office.
const LETTERHEAD_ENDINGS: [&str; 5] = ["文件", "新闻稿", "新聞稿", "新闻公报", "新聞公報"];
/// Labels of the contact of a release, in lower case.
const CONTACT_LABELS: [&str; 12] = [
    "contact",
    "contacts",
    "media contact",
    "press contact",
    "for more information",
    "phone",
    "tel",
    "email",
    "联系人",
    "聯絡人",
    "联系电话",
    "聯絡電話",
];
/// Maximum number of lines above a title.
const MAX_LINES_ABOVE_TITLE: usize = 8;

/// Returns whether a line consists only of the name of a document type, such as `Press release`, with or without a date,
/// a number or the name of an organization (`European Commission – Press release`).
pub(in crate::document) fn is_document_type(line: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
    };
    let is_type = |text: &str| DOCUMENT_TYPES.contains(&letters(text).as_str());
    let before_number = line.split(" No. ").next().filter(|before| before.len() < line.len());
    let before_date =
        line.split([':', '–', '—']).next().filter(|_| DateLine::parse(line).is_some());
    let parts = [":", " - ", " – ", " — ", " | "].iter().find_map(|mark| line.split_once(*mark));
    let is_with_organization = parts.is_some_and(|(one, other)| {
        let is_organization = |text: &str| organization::is_organization_name(text.trim());
        is_type(one) && is_organization(other) || is_type(other) && is_organization(one)
    });
    is_type(line)
        || is_with_organization
        || before_number.is_some_and(is_type)
        || before_date.is_some_and(is_type)
}

/// Returns whether a line is the letterhead of a Chinese document: the name of an office, and then 文件 or 新闻稿.
pub(in crate::document) fn is_letterhead(line: &str) -> bool {
    let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    LETTERHEAD_ENDINGS.iter().any(|ending| {
        line.strip_suffix(ending).is_some_and(|office| {
            organization::is_organization_name(office) || office == "中共中央"
        })
    })
}

/// Returns the number of lines above the title, such as a document type (`PRESS RELEASE`). `lines` are the first lines
/// of a text that are not blank. Returns 0 if no document type and no letterhead is above a possible title. `None` if
/// the text begins with a document type, but no line below may be the title.
pub(in crate::document) fn lines_above_title<'a>(
    lines: impl Iterator<Item = &'a str>,
    can_be_title: impl Fn(&str) -> bool,
) -> Option<usize> {
    let mut has_evidence = false;
    let mut begins_with_type = false;
    for (index, line) in lines.take(MAX_LINES_ABOVE_TITLE + 1).enumerate() {
        if is_document_type(line) || is_letterhead(line) {
            begins_with_type |= index == 0 && is_document_type(line);
            has_evidence = true;
        } else if is_detail(line)
            || !has_evidence && (organization::is_organization_name(line) || is_state_name(line))
        {
        } else if has_evidence && can_be_title(line) {
            return Some(index);
        } else {
            break;
        }
    }
    (!begins_with_type).then_some(0)
}

/// Returns whether a line is the name of a state in capitals: `FEDERAL REPUBLIC OF MARLOW`.
fn is_state_name(line: &str) -> bool {
    const KINDS_OF_STATE: [&str; 4] = ["REPUBLIC", "KINGDOM", "STATE", "COMMONWEALTH"];
    !line.chars().any(char::is_lowercase)
        && line.split_once(" OF ").is_some_and(|(kind, _)| {
            KINDS_OF_STATE.iter().any(|own| kind.split(' ').any(|word| word == *own))
        })
}

/// Returns whether a line consists of a date, a document number, or a label with its value.
fn is_detail(line: &str) -> bool {
    let label = line.split([':', '：']).next().filter(|label| label.len() < line.len());
    let is_label = label.map(str::trim).is_some_and(|label| {
        let names_detail =
            fields::field_of_label(label).is_some_and(|(field, _)| field != MetadataField::Title);
        names_detail || CONTACT_LABELS.contains(&label.to_lowercase().as_str())
    });
    is_label || DateLine::parse(line).is_some() || document_number::from_line(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_above_the_title_are_counted() {
        for (lines, expected) in [
            ("FOR IMMEDIATE RELEASE|June 30, 2025|PORTS GET $3 MILLION|Text.", Some(2)),
            ("For Immediate Release: July 21, 2025|Governor Signs Bill", Some(1)),
            ("Office of the Governor|PRESS RELEASE|Governor Signs Bill", Some(2)),
            ("FOR IMMEDIATE RELEASE|Contact: Ann Smith|DEPARTMENT OF PORTS AWARDS GRANTS", Some(2)),
            ("Press Release No. 25/118|June 9, 2025|Staff Visit Marlow", Some(2)),
            ("European Commission – Press release|June 9, 2025|Staff Visit Marlow", Some(2)),
            ("FEDERAL REPUBLIC OF MARLOW|MINISTRY OF PORTS|PRESS RELEASE|Port Opens", Some(3)),
            ("行政院新聞稿|日期：114年9月18日|發布單位：經濟部|風電辦法核定", Some(3)),
            ("某市人民政府文件|某府〔2025〕8号|某市人民政府关于港口的通知", Some(2)),
            ("新　闻　稿|港口开放", Some(1)),
            ("PRESS RELEASE|The port opened on Monday.", None),
            ("Office of the Governor|Governor Signs Bill", Some(0)),
            ("Press Release: Bills Signed|Text", Some(0)),
            ("某市人民政府文件|本文为正文。", Some(0)),
            ("重要文件|港口开放", Some(0)),
            ("Ports Grow|PRESS RELEASE|More", Some(0)),
        ] {
            let can_be_title = |line: &str| !line.ends_with(['.', '。']);
            assert_eq!(lines_above_title(lines.split('|'), can_be_title), expected, "{lines}");
        }
    }
}
