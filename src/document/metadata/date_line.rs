//! Parses lines that consist of a date: `Published on 17 December 2025 at 9:30am`, `发布日期：2025年12月17日`,
//! `17 December 2025 | Press release`.

use std::sync::LazyLock;

use regex::Regex;

use super::{date::Date, date_notation, organization};

/// Maximum length of a line that consists of a date, in characters.
const MAX_LINE_CHARS: usize = 80;
/// Maximum number of words of the name of an author.
const MAX_AUTHOR_WORDS: usize = 4;
/// Characters between the parts of a line. One part is the date, and another may be the kind of the document.
const LINE_PART_SEPARATORS: [char; 5] = ['|', '｜', '•', '·', '\t'];
/// Opening brackets that may surround a date.
const OPENING_BRACKETS: [char; 6] = ['(', '（', '[', '［', '【', '〔'];

/// A line that consists of a date, with its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) struct DateLine {
    /// Date of the line.
    pub(in crate::document) date: Date,
    /// Meaning of the label before the date.
    pub(in crate::document) label: DateLabel,
}

/// Meaning that the label of a line gives to its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum DateLabel {
    /// The label says that the date is the day on which the document was published, issued or released.
    Published,
    /// The label says only that the line is a date (`Date:`). The date may be the day of an event.
    Date,
    /// The label says that the date is the day on which the document was last changed.
    Updated,
    /// The line has a date without a label.
    None,
}

/// Regular expression that is compiled at its first use. `None` if it is invalid.
type LazyPattern = LazyLock<Option<Regex>>;

/// Pattern of an English label before a date.
static ENGLISH_DATE_LABEL: LazyPattern = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:
        (?P<updated>(?:this\s+page\s+was\s+|page\s+)?(?:last\s+)?(?:updated|modified|reviewed|changed)(?:\s+on)?)
        |(?P<published>for\s+(?:immediate\s+)?(?:release|publication)
          |(?:date\s+(?:of\s+)?)(?:publication|published|posted|issued?|released?)
          |(?:publication|publishing|publish|release|issue|posting)\s+date
          |(?:first\s+)?(?:published|posted|issued|released)(?:\s+(?:on|at|online))?)
        |(?P<date>dated?)
        )(?:\s*[:：,–—-]\s*|\s+)",
    )
    .ok()
});
/// Pattern of a Chinese label before a date.
static CHINESE_DATE_LABEL: LazyPattern = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:
        (?P<updated>(?:最\s*后|最\s*後)?(?:更\s*新|修\s*改)(?:日\s*期|时\s*间|時\s*間|于|於)?)
        |(?P<published>信\s*息\s*(?:日\s*期|时\s*间)|(?:信息)?(?:发\s*布|發\s*布|發\s*佈|公\s*布|公\s*佈|公\s*开|公\s*開|发\s*表|發\s*表|发\s*稿|發\s*稿|刊\s*登|发\s*文|發\s*文|成\s*文|印\s*发|印\s*發|签\s*发|簽\s*發|生\s*成|添\s*加|录\s*入|張\s*貼|张\s*贴)\s*(?:日\s*期|时\s*间|時\s*間|日|于|於)?)
        |(?P<date>日\s*期|时\s*间|時\s*間|日)
        )\s*[:：]?\s*",
    )
    .ok()
});
/// Pattern of the text after the date of a line: a weekday, times of day and a time zone.
static TEXT_AFTER_DATE: LazyPattern = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^
        \s*[)）\]］】〕]?\s*
        (?:[(（]?(?:(?:星期|週|周|礼拜|禮拜)[一二三四五六日天]|(?:mon|tues|wednes|thurs|fri|satur|sun)day)[）)]?)?
        (?:(?:[\s、,，]|at|t)*(?:上午|下午|中午|凌晨|晚上)?\s*
           (?:[0-9]{1,2}[:：.時时][0-9]{0,2}(?:[:：][0-9]{2}(?:\.[0-9]+)?)?分?|[0-9]{1,2}(?:\s*[ap]\.?m\b))
           (?:\s*[ap]\.?\s?m\.?)?(?:至.{1,12})?){0,3}
        \s*[,(]?(?:z|gmt|utc|bst|[ecmp][sd]?t|hkt|sgt|cet|cest|[+-][0-9]{2}:?[0-9]{2})?[)]?
        \s*[)）\]］】〕]?\s*$",
    )
    .ok()
});
/// Pattern of the kind of a document, such as `Press release`, which may be in the same line as the date.
static DOCUMENT_KIND: LazyPattern = LazyLock::new(|| {
    Regex::new(
        r"(?ix)^(?:
        (?:(?:press|news|media)\s+)?(?:releases?|statements?|advisory|notices?|announcements?|briefings?|updates?|room|article)
        |news|speech(?:es)?|remarks|blog(?:\s+post)?|publication|guidance|policy\s+paper|fact\s+sheet|newsroom|transcript
        |新闻(?:稿|发布)?|新聞(?:稿)?|公告|通知|公报|公報|通报|声明|聲明|讲话|解读)$",
    )
    .ok()
});

impl DateLine {
    /// Parses a line that consists of a date. A label, a weekday, brackets, a time of day, the kind of the document and
    /// its issuer may be in the same line. `None` for any other line.
    pub(in crate::document) fn parse(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.chars().nth(MAX_LINE_CHARS).is_some() {
            return None;
        }
        let is_not_empty = |part: &&str| !part.is_empty();
        let mut parts = line.split(LINE_PART_SEPARATORS).map(str::trim).filter(is_not_empty);
        let mut date_line = None;
        let are_all_parts_known = parts.all(|part| match parse_date_part(part) {
            Some(parsed) if date_line.is_none() => date_line.replace(parsed).is_none(),
            Some(_) => false,
            None => is_document_kind(part) || organization::is_organization_name(part),
        });
        date_line.filter(|_| are_all_parts_known)
    }

    /// Returns whether the date of the line may be the day of publication. `false` if the label says that the document
    /// was changed on this day.
    pub(in crate::document) fn can_be_publication_day(self) -> bool {
        self.label != DateLabel::Updated
    }
}

/// Returns whether a line consists of a label of publication without a date: `Published:`.
pub(super) fn is_publication_label(line: &str) -> bool {
    let line = format!("{} ", line.trim());
    matches!(split_date_label(&line), (DateLabel::Published, ""))
}

/// Returns whether a part of a line is the kind of a document, such as `Press release`.
fn is_document_kind(part: &str) -> bool {
    DOCUMENT_KIND.as_ref().is_some_and(|pattern| pattern.is_match(part))
}

/// Parses a part of a line that consists of a date with or without a label. `None` for any other part.
fn parse_date_part(part: &str) -> Option<DateLine> {
    let part = part.trim_start_matches(OPENING_BRACKETS).trim_start();
    let (label, after_label) = split_date_label(part);
    let after_label = after_label.trim_start_matches(OPENING_BRACKETS);
    let (date, after_date) = date_notation::parse_date_at_start(after_label)?;
    let is_labelled = matches!(label, DateLabel::Published | DateLabel::Updated);
    let after_date =
        if is_labelled { after_date.trim_end_matches(['.', '。']) } else { after_date };
    let ends_after_time = TEXT_AFTER_DATE.as_ref()?.is_match(after_date);
    let author = after_date.trim_start().strip_prefix("by ");
    let names_author = author.is_some_and(|author| is_labelled || is_short_name(author));
    (ends_after_time || names_author).then_some(DateLine { date, label })
}

/// Returns whether a text after a date may be the name of an author: a few words without digits and without the end of
/// a sentence.
fn is_short_name(text: &str) -> bool {
    text.split_whitespace().count() <= MAX_AUTHOR_WORDS
        && text.chars().all(|c| c.is_alphabetic() || " .'’-".contains(c))
        && !text.ends_with('.')
}

/// Splits a text that begins with the label of a date into the meaning of the label and the text after the label.
fn split_date_label(text: &str) -> (DateLabel, &str) {
    for pattern in [&ENGLISH_DATE_LABEL, &CHINESE_DATE_LABEL] {
        let Some(groups) = pattern.as_ref().and_then(|pattern| pattern.captures(text)) else {
            continue;
        };
        let end = groups.get(0).map_or(0, |whole| whole.end());
        let label = if groups.name("updated").is_some() {
            DateLabel::Updated
        } else if groups.name("published").is_some() {
            DateLabel::Published
        } else {
            DateLabel::Date
        };
        return (label, text.get(end..).unwrap_or_default());
    }
    (DateLabel::None, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_consist_of_a_date_are_parsed() {
        use DateLabel::{Date, None, Published, Updated};
        for (line, label) in [
            ("17th December 2025", None),
            ("December 17th, 2025", None),
            ("Wednesday 17th December 2025", None),
            ("17/12/2025", None),
            ("17.12.2025", None),
            ("Dec 17 2025", None),
            ("(17 December 2025)", None),
            ("[2025-12-17]", None),
            ("2025-12-17 10:30", None),
            ("2025-12-17T10:30:00+08:00", None),
            ("December 17, 2025 9:30 am", None),
            ("17 December 2025, 9:30 a.m. GMT", None),
            ("December 17, 2025 (Wednesday)", None),
            ("17 December 2025 | Press release", None),
            ("Press release | 17 December 2025", None),
            ("Ministry of Ports • 17 December 2025", None),
            ("Published on 17 December 2025", Published),
            ("Posted on: 17 December 2025", Published),
            ("Date of publication: 17 December 2025", Published),
            ("Release date: December 17, 2025", Published),
            ("Published: 17 December 2025 at 9:30am", Published),
            ("Issued 17 December 2025.", Published),
            ("Issued on 17 December 2025 by the press desk", Published),
            ("December 17, 2025 by admin", None),
            ("FOR IMMEDIATE RELEASE – December 17, 2025", Published),
            ("Date: Tuesday 17 December 2025", Date),
            ("Last updated: 17 December 2025", Updated),
            ("This page was last updated on 17 December 2025", Updated),
            ("发布日期：2025年12月17日", Published),
            ("发布时间:2025-12-17 10:30", Published),
            ("发布日期：２０２５年１２月１７日", Published),
            ("發 佈 時 間：2025年12月17日（星期三）上午9時", Published),
            ("成文日期：2025年12月17日", Published),
            ("录入时间：2025-12-17", Published),
            ("信息时间：[2025-12-17]", Published),
            ("发稿日期：2025年12月17日", Published),
            ("日　期：2025年12月17日", Date),
            ("更新时间：2025-12-17", Updated),
            ("二〇二五年十二月十七日", None),
        ] {
            let expected = DateLine { date: "2025-12-17".parse().unwrap(), label };
            assert_eq!(DateLine::parse(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn other_lines_are_not_date_lines() {
        for line in [
            "On 17 December 2025 the office opened",
            "17 December 2025 was a good day",
            "The office opened on 17 December 2025.",
            "2025年12月17日，市政府发布了办法。",
            "17 December 2025 to 19 December 2025",
            "17 December 2025 | 18 December 2025",
            "17 December 2025 | 39,000",
            "17 December 2025 by 5 pm",
            "17 December 2025 by the port and all of its captains",
            "Published in December",
            "Dated",
            "",
        ] {
            assert_eq!(DateLine::parse(line), None, "{line}");
        }
    }

    #[test]
    fn labels_without_date_are_recognized() {
        for (line, expected) in [
            ("Published", true),
            ("Date of publication:", true),
            ("发布日期：", true),
            ("Published by the office", false),
            ("Date", false),
            ("", false),
        ] {
            assert_eq!(is_publication_label(line), expected, "{line}");
        }
    }
}
