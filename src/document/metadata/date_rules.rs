//! Infers the day of publication from a document by a list of rules.
//!
//! [`RULES`] lists the rules in order of precedence: the first rule that finds a day wins. The rules read only
//! datelines, lines that consist of a date, signatures, titles, file names and URLs. A day in a sentence is ignored,
//! because it need not be the day of publication.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{evidence::Evidence, fields::MetadataField};
use crate::document::{metadata::date::Date, model::Document};

/// Maximum length of a date line, in characters.
const MAX_DATE_LINE_CHARS: usize = 60;

/// Rule that finds the day of publication in one location of a document, such as the dateline or the signature.
struct DateRule {
    /// Name of the location. Recorded as the origin of a date that this rule finds.
    origin: &'static str,
    find: fn(&Evidence<'_>) -> Option<Date>,
}

/// Rules that find the day of publication, in order of precedence.
const RULES: [DateRule; 9] = [
    DateRule { origin: "dateline", find: dateline_date },
    DateRule { origin: "text", find: labelled_date },
    DateRule { origin: "text", find: only_date_line },
    DateRule { origin: "file name", find: file_name_date },
    DateRule { origin: "address", find: address_date },
    DateRule { origin: "signature", find: signature_date },
    DateRule { origin: "title", find: event_date },
    DateRule { origin: "dateline and file name", find: dateline_with_year_of_file_name },
    DateRule { origin: "dateline and address", find: dateline_with_year_of_address },
];

type DatePattern = LazyLock<Option<Regex>>;

/// Pattern of a dateline with a place, a full date and a dash: `WASHINGTON, November 23, 2026 –`,
/// `GENEVA (23 November 2026) —`.
static DATELINE: DatePattern = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}[^0-9:;!?。]{1,40}?[ ,(/|–—-]+((?:[A-Z][a-z]{2,8}\.? [0-9]{1,2}, [0-9]{4})|(?:[0-9]{1,2} [A-Z][a-z]{2,8}\.? [0-9]{4}))\)?\s*[–—:-]").ok()
});
/// Pattern of a dateline of a news agency: 新华社北京2024年1月11日电. The year may be missing.
static AGENCY_DATELINE: DatePattern = LazyLock::new(|| {
    Regex::new(
        r"^[(（【]?(?:新华社|新華社|中新社|中新网|本报|本報|中央社)[^0-9，。]{0,12}?((?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日)\s*[)）】]?(?:电|電|讯|訊)",
    )
    .ok()
});
/// Pattern of a dateline without a year: `NEW YORK, December 17 –`.
static YEARLESS_DATELINE: DatePattern = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}[^0-9:;!?。]{1,40}?[ ,(/|–—-]+([A-Z][a-z]{2,8}\.? [0-9]{1,2})\)?\s*[–—:-]")
        .ok()
});
/// Pattern of a year in a file name or a URL.
static YEAR: DatePattern =
    LazyLock::new(|| Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{2})(?:[^0-9]|$)").ok());
/// Pattern of a line that consists of a date. A label, a weekday, brackets and a time of day are optional.
static DATE_LINE: DatePattern = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^[(（\[【]?\s*
        (?P<label>(?:for\s+immediate\s+release|released|published|posted|date)\s*[:：,–—-]?\s*|
           (?:发布|發布|發佈|公布|发文|發文|成文)?(?:日\s*期|时\s*间|時\s*間|日)\s*[:：]?\s*)?
        (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?
        (?P<day>[A-Za-z]{3,9}\.?\s[0-9]{1,2},\s[0-9]{4}|[0-9]{1,2}\s[A-Za-z]{3,9}\.?,?\s[0-9]{4}|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}
         |(?:中華民國|中华民国|民國|民国)?[0-9〇○零一二三四五六七八九十]{1,4}\s*年\s*[0-9一二三四五六七八九十]{1,3}\s*月\s*[0-9一二三四五六七八九十廿]{1,3}\s*日)
        \s*(?:[（(]?(?:星期|週|周)[一二三四五六日天][）)]?)?
        (?:[\s、,，]*(?:上午|下午)?\s*[0-9]{1,2}[:時时][0-9]{0,2}(?::[0-9]{2})?分?(?:至.{1,12})?){0,3}\s*[)）\]】]?\s*$",
    )
    .ok()
});
/// Pattern of the date of an event in a title: `Speech by the Minister on 24 July 2023`.
static EVENT_DATE: DatePattern = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^| )on (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?([0-9]{1,2} [A-Za-z]{3,9}\.? [0-9]{4}|[A-Za-z]{3,9}\.? [0-9]{1,2}, [0-9]{4})(?:[^0-9]|$)").ok()
});
/// Pattern of a date in a file name: 2022-01-11-title, title(2022-11-30), 20220111.
static FILE_NAME_DATE: DatePattern = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{2})([-_.]?)(0[1-9]|1[0-2])([-_.]?)(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)").ok()
});
/// Pattern of a date in a URL: /2018-11/19/, /2018/11/19/.
static ADDRESS_DATE: DatePattern = LazyLock::new(|| {
    Regex::new(r"/((?:19|20)[0-9]{2})[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])/").ok()
});

/// If the document has no date, sets the date to the day that the first successful rule finds.
pub(super) fn infer_date(document: &mut Document) {
    if document.date.is_some() {
        return;
    }
    let evidence = Evidence::new(document);
    let mut dates = RULES.iter().filter_map(|rule| Some((rule.origin, (rule.find)(&evidence)?)));
    if let Some((origin, date)) = dates.next() {
        document.infer_field(MetadataField::Date, &date.to_string(), origin);
    }
}

fn dateline_date(evidence: &Evidence<'_>) -> Option<Date> {
    evidence.first_lines.iter().find_map(|line| {
        let english_captures = DATELINE.as_ref()?.captures(line);
        first_group_date(&english_captures.or_else(|| AGENCY_DATELINE.as_ref()?.captures(line))?)
    })
}

/// Returns the day in a line with a date label: `Released: Nov. 23, 2026`.
fn labelled_date(evidence: &Evidence<'_>) -> Option<Date> {
    evidence.lines_above_signature().iter().find_map(|line| {
        let groups = date_line_captures(line)?;
        groups.name("label")?;
        date_of_captures(&groups)
    })
}

/// Returns the day in the lines at the beginning of the text that consist of a date. `None` if such lines state
/// different days, because then none of them is reliable.
fn only_date_line(evidence: &Evidence<'_>) -> Option<Date> {
    let mut dates = evidence.lines_above_signature().iter().filter_map(|line| date_of_line(line));
    let first_date = dates.next()?;
    dates.all(|date| date == first_date).then_some(first_date)
}

fn file_name_date(evidence: &Evidence<'_>) -> Option<Date> {
    numeric_date(&FILE_NAME_DATE, evidence.file_name(), [1, 3, 5])
}

fn address_date(evidence: &Evidence<'_>) -> Option<Date> {
    numeric_date(&ADDRESS_DATE, evidence.address(), [1, 2, 3])
}

fn signature_date(evidence: &Evidence<'_>) -> Option<Date> {
    evidence.last_lines.iter().rev().find_map(|line| date_of_line(line))
}

/// Returns the day of an event, such as a speech, that the title or one of the first headings states.
fn event_date(evidence: &Evidence<'_>) -> Option<Date> {
    evidence
        .title_and_headings()
        .find_map(|line| first_group_date(&EVENT_DATE.as_ref()?.captures(line)?))
}

fn dateline_with_year_of_file_name(evidence: &Evidence<'_>) -> Option<Date> {
    dateline_with_year_of(evidence.file_name(), evidence)
}

fn dateline_with_year_of_address(evidence: &Evidence<'_>) -> Option<Date> {
    dateline_with_year_of(evidence.address(), evidence)
}

/// Returns the day of a dateline without a year. The year comes from `year_source`. `None` if `year_source` contains no
/// year or several different years.
fn dateline_with_year_of(year_source: &str, evidence: &Evidence<'_>) -> Option<Date> {
    let groups = YEAR.as_ref()?.captures_iter(year_source);
    let mut years = groups.filter_map(|groups| groups.get(1)).map(|year| year.as_str());
    let year = years.next()?;
    if years.any(|other| other != year) {
        return None;
    }
    evidence.first_lines.iter().find_map(|line| {
        let english_captures = YEARLESS_DATELINE.as_ref()?.captures(line);
        let groups = english_captures.or_else(|| AGENCY_DATELINE.as_ref()?.captures(line))?;
        let day = groups.get(1)?.as_str();
        let date_text =
            if day.contains('月') { format!("{year}年{day}") } else { format!("{day}, {year}") };
        date_text.parse().ok()
    })
}

/// Returns the date of a line that consists of a date, with or without a label. `None` for any other line.
pub(super) fn date_of_line(line: &str) -> Option<Date> {
    date_of_captures(&date_line_captures(line)?)
}

fn date_line_captures(line: &str) -> Option<Captures<'_>> {
    let groups = DATE_LINE.as_ref()?.captures(line)?;
    (line.chars().count() <= MAX_DATE_LINE_CHARS).then_some(groups)
}

fn date_of_captures(groups: &Captures<'_>) -> Option<Date> {
    groups.name("day")?.as_str().parse().ok()
}

fn first_group_date(groups: &Captures<'_>) -> Option<Date> {
    groups.get(1)?.as_str().parse().ok()
}

/// Returns the date that `pattern` finds in `text`. `groups` contains the numbers of the capture groups for year, month
/// and day.
fn numeric_date(pattern: &DatePattern, text: &str, groups: [usize; 3]) -> Option<Date> {
    let captures = pattern.as_ref()?.captures(text)?;
    let [year, month, day] = groups.map(|group| captures.get(group)?.as_str().parse().ok());
    Date::new(year?, month?, day?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_infer_dates_with_their_origins() {
        for (id, url, text, expected) in [
            (
                "a",
                "",
                "Title\nWASHINGTON, November 23, 2026 — The office said so.",
                Some(("2026-11-23", "dateline")),
            ),
            (
                "a",
                "",
                "GENEVA (3 March 2024) – The office said so.",
                Some(("2024-03-03", "dateline")),
            ),
            ("a", "", "Title\nThursday, May 28, 2015\nText.", Some(("2015-05-28", "text"))),
            (
                "a",
                "",
                "For Immediate Release: Nov. 23, 2026\nTitle\nText.",
                Some(("2026-11-23", "text")),
            ),
            ("a", "", "标题\n发布日期：2025年12月17日\n正文。", Some(("2025-12-17", "text"))),
            ("a", "", "標題\n中華民國101年5月14日（星期一）\n正文。", Some(("2012-05-14", "text"))),
            (
                "a",
                "",
                "标题\n正文。\n某某市人民政府\n二〇二五年十二月十七日",
                Some(("2025-12-17", "signature")),
            ),
            ("d/2022-01-11-remarks.md", "", "Text.", Some(("2022-01-11", "file name"))),
            ("条例(2022-11-30).md", "", "正文。", Some(("2022-11-30", "file name"))),
            (
                "content_01811095338761.html",
                "http://a/2018-11/19/c",
                "Text.",
                Some(("2018-11-19", "address")),
            ),
            (
                "a",
                "",
                "會議紀錄\n時　　間　中華民國101年3月15日（星期四）上午9時\n正文。",
                Some(("2012-03-15", "text")),
            ),
            ("a", "", "标题\n新华社北京2024年1月11日电 正文。", Some(("2024-01-11", "dateline"))),
            (
                "a",
                "http://a/2024-01/11/c.htm",
                "标题\n新华社北京1月10日电 正文。",
                Some(("2024-01-11", "address")),
            ),
            (
                "news/port-2023.txt",
                "",
                "Title\nNEW YORK, Dec. 17 — The office said so.",
                Some(("2023-12-17", "dateline and file name")),
            ),
            (
                "a",
                "",
                "會議紀錄\n時　　間　中華民國101年4月18日（星期三）上午9時19分、下午2時32分\n正文。",
                Some(("2012-04-18", "text")),
            ),
            (
                "a",
                "",
                "Dates\n1 May 2026\nFirst day.\n2 May 2026\nLast day.\na.\nb.\nc.\nd.\ne.\nf.",
                None,
            ),
            (
                "a",
                "",
                "REMARKS AT A CEREMONY ON 19 NOVEMBER 2018\nGood morning.",
                Some(("2018-11-19", "title")),
            ),
            ("a", "", "The plan of November 23, 2026 was good.", None),
            ("content_20181109533.html", "", "2024年5月1日，市政府发布了办法。", None),
            ("a", "", "NEW YORK, December 17 — No year, no date.", None),
        ] {
            let mut document = Document::new(id, text);
            document.url = Some(url.to_owned()).filter(|url| !url.is_empty());
            infer_date(&mut document);
            let date = document.date.map(|date| date.to_string());
            let origin = document.origins.get("date").map(String::as_str);
            assert_eq!(date.as_deref().zip(origin), expected, "{id} {text}");
            assert_eq!(document.inferred.contains(&"date".to_owned()), expected.is_some());
        }
    }
}
