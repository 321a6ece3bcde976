//! The lines of a text, its name and its address → the day it was published, its number and its issuer,
//! where nothing has said them.
//!
//! Only what has the shape of a dateline, a line that is a date and nothing else, or a signature counts:
//! a day that a sentence speaks of is not the day of the release.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{document_number, fields::MetadataField, organization};
use crate::document::{Date, Document};

/// What may say it stands among the first or the last lines.
const HEAD_LINES: usize = 12;
const TAIL_LINES: usize = 6;

/// `WASHINGTON, November 23, 2026 –`, `GENEVA (23 November 2026) —`: a place, a full date, a dash.
static PLACED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}[^0-9:;!?。]{1,40}?[ ,(/|–—-]+((?:[A-Z][a-z]{2,8}\.? [0-9]{1,2}, [0-9]{4})|(?:[0-9]{1,2} [A-Z][a-z]{2,8}\.? [0-9]{4}))\)?\s*[–—:-]").ok()
});
/// 新华社北京2024年1月11日电.
static WIRED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[(（【]?(?:新华社|新華社|中新社|中新网|本报|本報|中央社)[^0-9，。]{0,12}?((?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日)\s*[)）】]?(?:电|電|讯|訊)",
    )
    .ok()
});
/// `NEW YORK, December 17 –`: the year is to be found elsewhere.
static YEARLESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}[^0-9:;!?。]{1,40}?[ ,(/|–—-]+([A-Z][a-z]{2,8}\.? [0-9]{1,2})\)?\s*[–—:-]")
        .ok()
});
/// A year in a name or an address.
static YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{2})(?:[^0-9]|$)").ok());
/// A date with what may stand around it in a line of its own: a weekday, brackets, an hour, a label.
static ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
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
/// `Speech by the Minister on 24 July 2023`: the day in a title that says when it was held.
static HELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^| )on (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?([0-9]{1,2} [A-Za-z]{3,9}\.? [0-9]{4}|[A-Za-z]{3,9}\.? [0-9]{1,2}, [0-9]{4})(?:[^0-9]|$)").ok()
});
/// A day in a file's name: 2022-01-11-title, title(2022-11-30), 20220111.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{2})([-_.]?)(0[1-9]|1[0-2])([-_.]?)(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)").ok()
});
/// A day in an address: /2018-11/19/, /2018/11/19/.
static ADDRESSED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"/((?:19|20)[0-9]{2})[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])/").ok()
});

impl Document {
    /// Infers from text, name and address what nothing has said.
    pub(in crate::document) fn infer_facts(&mut self) {
        let (head, tail) = edges(self);
        // The last line is no head, but for a text of one line.
        let above = if head.len() <= TAIL_LINES { head.split_last() } else { None };
        let above = above.map_or(head.as_slice(), |(last, above)| {
            if above.is_empty() { std::slice::from_ref(last) } else { above }
        });
        if self.number.is_none()
            && let Some(number) = head.iter().find_map(|line| document_number::whole(line))
        {
            self.infer_field(MetadataField::Number, &number, "text");
        }
        if let Some(signature) = signed(&tail) {
            self.infer_field(MetadataField::Issuer, &signature, "signature");
        }
        let name = self.id.rsplit('/').next().unwrap_or_default().to_owned();
        let address = self.url.clone().unwrap_or_default();
        for (date, origin) in [
            (head.iter().find_map(|line| dateline(line)), "dateline"),
            (above.iter().find_map(|line| labelled(line)), "text"),
            (only(above.iter().filter_map(|line| alone(line))), "text"),
            (day(&NAMED, &name, [1, 3, 5]), "file name"),
            (day(&ADDRESSED, &address, [1, 2, 3]), "address"),
            (tail.iter().rev().find_map(|line| alone(line)), "signature"),
            (held(self), "title"),
            (yearless(&head, &name), "dateline and file name"),
            (yearless(&head, &address), "dateline and address"),
        ] {
            if let Some(date) = date {
                self.infer_field(MetadataField::Date, &date.to_string(), origin);
            }
        }
    }
}

/// The first and the last lines that hold anything.
fn edges(document: &Document) -> (Vec<String>, Vec<String>) {
    let lines = || document.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let head = lines().take(HEAD_LINES).map(str::to_owned).collect();
    let mut tail: Vec<String> = lines().rev().take(TAIL_LINES).map(str::to_owned).collect();
    tail.reverse();
    (head, tail)
}

/// The date of a line that opens as a dateline.
fn dateline(line: &str) -> Option<Date> {
    let placed = PLACED.as_ref()?.captures(line);
    let found = placed.or_else(|| WIRED.as_ref()?.captures(line))?;
    found.get(1)?.as_str().parse().ok()
}

/// The day that all of `days` are: where a text begins with several, none is that of the release.
fn only(mut days: impl Iterator<Item = Date>) -> Option<Date> {
    let first = days.next()?;
    days.all(|day| day == first).then_some(first)
}

/// The day in the title, or in a heading among the first lines, on which something was said.
fn held(document: &Document) -> Option<Date> {
    let day = |line: &&str| {
        HELD.as_ref()?.captures(line)?.get(1).and_then(|day| day.as_str().parse().ok())
    };
    document.titles().iter().find_map(day)
}

/// The date of a dateline without a year, where `evidence` has one year and no other.
fn yearless(head: &[String], evidence: &str) -> Option<Date> {
    let mut years = YEAR.as_ref()?.captures_iter(evidence).filter_map(|found| found.get(1));
    let year = years.next()?.as_str();
    if years.any(|other| other.as_str() != year) {
        return None;
    }
    head.iter().find_map(|line| {
        let english = YEARLESS.as_ref()?.captures(line);
        let found = english.or_else(|| WIRED.as_ref()?.captures(line))?;
        let day = found.get(1)?.as_str();
        if day.contains('月') {
            return format!("{year}年{day}").parse().ok();
        }
        format!("{day}, {year}").parse().ok()
    })
}

/// The date of a line that is nothing else, but for a label that may say that it is the date.
fn alone(line: &str) -> Option<Date> {
    whole(line)?.name("day")?.as_str().parse().ok()
}

/// The same of a line that has the label.
fn labelled(line: &str) -> Option<Date> {
    whole(line)?.name("label").and_then(|_| alone(line))
}

fn whole(line: &str) -> Option<Captures<'_>> {
    ALONE.as_ref()?.captures(line).filter(|_| line.chars().count() <= 60)
}

/// The body whose name stands above the date at the end of a Chinese text.
fn signed(tail: &[String]) -> Option<String> {
    let date = tail.iter().rposition(|line| alone(line).is_some())?;
    let name = tail.get(date.checked_sub(1)?)?;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_ascii() && organization::is_name(&name)).then_some(name)
}

fn day(pattern: &LazyLock<Option<Regex>>, text: &str, parts: [usize; 3]) -> Option<Date> {
    let found = pattern.as_ref()?.captures(text)?;
    let [year, month, day] = parts.map(|part| found.get(part)?.as_str().parse().ok());
    Date::new(year?, month?, day?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_where_they_were_found() {
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
            document.infer_facts();
            let found = document.date.map(|date| date.to_string());
            let origin = document.origins.get("date").map(String::as_str);
            assert_eq!(found.as_deref().zip(origin), expected, "{id} {text}");
            assert_eq!(document.inferred.contains(&"date".to_owned()), expected.is_some());
        }
    }

    #[test]
    fn numbers_and_signatures() {
        let text =
            "某通知\n国办发[1996]25号\n正文，见国发〔1995〕3号。\n国务院办公厅\n1996年7月1日\n";
        let mut document = Document::new("a", text);
        document.infer_facts();
        assert_eq!(document.number.as_deref(), Some("国办发〔1996〕25号"));
        assert_eq!(document.issuer.as_deref(), Some("国务院办公厅"));
        assert_eq!(document.origins["issuer"], "signature");
    }
}
