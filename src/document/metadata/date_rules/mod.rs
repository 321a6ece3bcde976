//! Infers the day of publication from a document by a list of rules.
//!
//! [`DATE_RULES`] lists the rules in order of precedence: the first rule that finds a day wins. The rules read only
//! datelines, lines that consist of a date, signatures, titles, file names and URLs. A day in a sentence is ignored,
//! because it need not be the day of publication. A rule finds nothing if its location states different days.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{
    date_line::{self, DateLabel, DateLine},
    date_notation::MONTH_PATTERN,
    evidence::DocumentEvidence,
    fields::MetadataField,
    language, place_date,
};
use crate::document::{metadata::date::Date, model::Document};

/// Maximum number of lines between a line `Date:` and a label of an event, such as `Venue:`. Up to this distance, the
/// line states the date of the event.
pub(super) const MAX_EVENT_LABEL_DISTANCE: usize = 3;
/// Years of the Republic of China that a date without the name of the era may have. The year 1 is 1912.
const REPUBLIC_YEARS_WITHOUT_ERA: std::ops::RangeInclusive<u16> = 30..=199;

/// Rule that finds the day of publication in one location of a document, such as the dateline or the signature.
struct DateRule {
    /// Name of the part of the document in which the rule looks for a date. A date that the rule finds has this name as
    /// its origin.
    origin: &'static str,
    /// Whether the location states the day of publication. If not, the day that the rule finds counts as inferred.
    is_stated: bool,
    /// Function that returns the day of publication. `None` if the rule finds no day.
    find: fn(&DocumentEvidence<'_>) -> Option<Date>,
}

impl DateRule {
    /// Returns a rule for a location that states the day of publication.
    const fn for_stated_day(
        origin: &'static str,
        find: fn(&DocumentEvidence<'_>) -> Option<Date>,
    ) -> Self {
        Self { origin, is_stated: true, find }
    }

    /// Returns a rule for a location whose day is probably the day of publication.
    const fn for_inferred_day(
        origin: &'static str,
        find: fn(&DocumentEvidence<'_>) -> Option<Date>,
    ) -> Self {
        Self { origin, is_stated: false, find }
    }
}

/// Rules that find the day of publication, in order of precedence.
const DATE_RULES: [DateRule; 13] = [
    DateRule::for_stated_day("text", published_line_date),
    DateRule::for_inferred_day("dateline", dateline_date),
    DateRule::for_inferred_day("dateline", placeless_dateline_date),
    DateRule::for_inferred_day("dateline", place_line_date),
    DateRule::for_inferred_day("text", labelled_line_date),
    DateRule::for_inferred_day("text", unlabelled_line_date),
    DateRule::for_inferred_day("line below the title", speech_line_date),
    DateRule::for_inferred_day("file name", file_name_date),
    DateRule::for_inferred_day("address", url_date),
    DateRule::for_inferred_day("signature", signature_date),
    DateRule::for_inferred_day("title", event_date),
    DateRule::for_inferred_day("dateline and file name", dateline_with_year_of_file_name),
    DateRule::for_inferred_day("dateline and address", dateline_with_year_of_url),
];

/// Regular expression that is compiled at its first use. `None` if it is invalid.
type DatePattern = LazyLock<Option<Regex>>;

/// Pattern of a dateline with a place, a full date and a dash: `WASHINGTON, November 23, 2026 –`,
/// `GENEVA (23 November 2026) —`.
static DATELINE_WITH_PLACE: DatePattern = LazyLock::new(|| {
    Regex::new(r"^\p{Lu}[^0-9:;!?。]{1,40}?[ ,(/|–—-]+((?:[A-Z][a-z]{2,8}\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4})|(?:[0-9]{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? [0-9]{4}))\)?\s*[–—:-]").ok()
});
/// Pattern of a dateline without a place: `10 March 2021 – The Ministry …`.
static PLACELESS_DATELINE: DatePattern = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)^\*{{0,2}}([0-9]{{1,2}} {MONTH_PATTERN},? [0-9]{{4}}|{MONTH_PATTERN} [0-9]{{1,2}}, [0-9]{{4}})\*{{0,2}}\s*[–—-]\s*“?\p{{Lu}}")).ok()
});
/// Minimum length, in characters, of a paragraph that can begin with a dateline without a place. A shorter line is an
/// entry of a list.
const MIN_DATELINE_PARAGRAPH_CHARS: usize = 80;
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
static YEAR_IN_FILE_NAME_OR_URL: DatePattern =
    LazyLock::new(|| Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{2})(?:[^0-9]|$)").ok());
/// Pattern of a label of an event. A date beside such a label is the day of the event.
static EVENT_LABEL: DatePattern = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:(?:time|venue|place|location|where|when|what|who|rsvp)\b|(?:地\s*点|地\s*點|时\s*间|時\s*間)\s*[:：])").ok()
});
/// Pattern of the title of the minutes of a meeting. The date of the minutes is the day of the meeting.
static MINUTES_TITLE: DatePattern =
    LazyLock::new(|| Regex::new(r"(?i)\bminutes\b|纪要|紀要|记录|紀錄|記錄").ok());
/// Pattern of the date of an event in a title: `Speech by the Minister on 24 July 2023`, `Briefing, 24 July 2023`.
static EVENT_DATE: DatePattern = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)(?:(?:^|\s)on |[,|:(–—-] ?)((?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:[0-9]{{1,2}}(?:st|nd|rd|th)? {MONTH_PATTERN},? [0-9]{{4}}|{MONTH_PATTERN} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{4}}))(?:[^0-9]|$)")).ok()
});
/// Pattern of words such as anniversary, which a title contains if it commemorates an earlier event. A date in such a
/// title is the day of the earlier event.
static COMMEMORATION_IN_TITLE: DatePattern =
    LazyLock::new(|| Regex::new(r"(?i)anniversar|commemorat|周年|週年|纪念|紀念").ok());
/// Pattern of the line below the title of a Chinese speech that says when and where it was given:
/// `——2024年3月5日在某市人民代表大会会议上`.
static SPEECH_LINE: DatePattern = LazyLock::new(|| {
    Regex::new(r"^[—－–-]{0,3}\s*[(（]?\s*([0-9]{4}\s*年\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日)\s*在[^，。：]{2,50}上\s*[)）]?$").ok()
});
/// Pattern of a date in a file name: 2022-01-11-title, title(2022-11-30), 20220111.
static FILE_NAME_DATE: DatePattern = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9])((?:19|20)[0-9]{2})([-_.]?)(0[1-9]|1[0-2])([-_.]?)(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)").ok()
});
/// Pattern of a date with the name of a month in a file name: 8Nov2005-title, 8-November-2005.
static FILE_NAME_DATE_IN_WORDS: DatePattern = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)(?:^|[^0-9])([0-9]{{1,2}})[-_ ]?({MONTH_PATTERN})[-_ ]?((?:19|20)[0-9]{{2}})(?:[^0-9]|$)"
    ))
    .ok()
});
/// Pattern of a date in a URL: /2018-11/19/, /2018/11/19/.
static URL_DATE: DatePattern = LazyLock::new(|| {
    Regex::new(r"/((?:19|20)[0-9]{2})[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])/").ok()
});
/// Pattern of a Chinese date with a year of two or three digits, which may be a year of the Republic of China.
static DATE_WITH_SHORT_YEAR: DatePattern =
    LazyLock::new(|| Regex::new(r"(?:^|[^0-9０-９])([0-9０-９]{2,3})\s*年[^年]{1,4}月").ok());
/// Pattern of a date in digits with a year of three digits, which may be a year of the Republic of China: `114-12-17`.
static DATE_OF_DIGITS_WITH_SHORT_YEAR: DatePattern = LazyLock::new(|| {
    Regex::new(r"(^|[^0-9./-])(1[0-9]{2})([-./])([0-9]{1,2})([-./])([0-9]{1,2})(?:[^0-9./-]|$)")
        .ok()
});

/// If the document has no date, sets the date to the day that the first successful rule finds.
pub(super) fn infer_date(document: &mut Document) {
    if document.date.is_some() {
        return;
    }
    let evidence = DocumentEvidence::new(document);
    let mut dates = DATE_RULES.iter().filter_map(|rule| Some((rule, (rule.find)(&evidence)?)));
    let Some((rule, date)) = dates.next() else { return };
    let date = date.to_string();
    if rule.is_stated {
        document.fill_field(MetadataField::Date, &date, rule.origin);
    } else {
        document.infer_field(MetadataField::Date, &date, rule.origin);
    }
}

/// Returns the day of a dateline with a place or a news agency.
fn dateline_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    evidence.first_lines.iter().filter(|line| !begins_with_preposition(line)).find_map(|line| {
        let english_captures = DATELINE_WITH_PLACE.as_ref()?.captures(line);
        date_in_first_group(&english_captures.or_else(|| AGENCY_DATELINE.as_ref()?.captures(line))?)
    })
}

/// Returns the day of a dateline without a place at the beginning of a paragraph.
fn placeless_dateline_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let lines = evidence.first_lines.iter();
    let mut dates = lines.filter_map(|line| {
        let date = date_in_first_group(&PLACELESS_DATELINE.as_ref()?.captures(line)?)?;
        line.chars().nth(MIN_DATELINE_PARAGRAPH_CHARS).map(|_| date)
    });
    let first_date = dates.next()?;
    dates.all(|date| date == first_date).then_some(first_date)
}

/// Returns the day of a dateline that has a place, but no dash. `None` if such lines state different days or the day of
/// an event.
fn place_line_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let lines = evidence.lines_above_signature();
    let mut dates = lines.iter().enumerate().filter_map(|(index, line)| {
        let date = place_date::date_of_place_line(line)
            .or_else(|| place_date::date_at_paragraph_start(line))?;
        (!states_event_date(lines, index, evidence)).then_some(date)
    });
    let first_date = dates.next()?;
    dates.all(|date| date == first_date).then_some(first_date)
}

/// Returns the day of a speech from the line below its title: `——2024年3月5日在某市人民代表大会会议上`.
fn speech_line_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let pattern = SPEECH_LINE.as_ref()?;
    let lines = evidence.title_and_first_lines();
    lines.filter_map(|line| pattern.captures(line)).find_map(|groups| {
        let day: String = groups.get(1)?.as_str().split_whitespace().collect();
        day.parse().ok()
    })
}

/// Returns whether a line begins with a preposition, not with the place of a dateline: `By 3 May 2026: …`.
fn begins_with_preposition(line: &str) -> bool {
    const PREPOSITIONS: [&str; 10] = [
        "By",
        "From",
        "On",
        "Before",
        "After",
        "Until",
        "Since",
        "Between",
        "Effective",
        "Starting",
    ];
    line.split(' ').next().is_some_and(|word| PREPOSITIONS.contains(&word))
}

/// Returns the day in a line with a label of publication: `Released: Nov. 23, 2026`. The label may be in the line
/// above.
fn published_line_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let lines = evidence.lines_above_signature();
    let labelled_lines = lines.iter().filter_map(|line| parse_date_line(line, evidence));
    let labelled_date =
        date_shared_by_all(labelled_lines.filter(|line| line.label == DateLabel::Published));
    labelled_date.or_else(|| {
        lines.windows(2).find_map(|pair| {
            let &[label, line] = pair else { return None };
            let date_line = parse_date_line(line, evidence)?;
            let has_label_above =
                date_line.label == DateLabel::None && date_line::is_publication_label(label);
            has_label_above.then_some(date_line.date)
        })
    })
}

/// Returns the day in a line with the label `Date`, unless the label belongs to an event. In the minutes of a meeting,
/// the first such line states the day of the meeting.
fn labelled_line_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let lines = evidence.lines_above_signature();
    let mut dates = lines.iter().enumerate().filter_map(|(index, line)| {
        let date_line = parse_date_line(line, evidence)?;
        let is_publication =
            date_line.label == DateLabel::Date && !states_event_date(lines, index, evidence);
        is_publication.then_some(date_line)
    });
    if names_minutes_of_meeting(evidence) {
        dates.next().map(|line| line.date)
    } else {
        date_shared_by_all(dates)
    }
}

/// Returns the day that the date lines without a label at the beginning of the text state. `None` if they state
/// different days.
fn unlabelled_line_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let date_lines = evidence.lines_above_signature().iter();
    let date_lines = date_lines.filter_map(|line| parse_date_line(line, evidence));
    date_shared_by_all(date_lines.filter(|line| line.label == DateLabel::None))
}

/// Returns the day in the file name.
fn file_name_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    date_of_number_groups(&FILE_NAME_DATE, evidence.file_name(), [1, 3, 5]).or_else(|| {
        let groups = FILE_NAME_DATE_IN_WORDS.as_ref()?.captures(evidence.file_name())?;
        let group_text = |index: usize| groups.get(index).map_or("", |group| group.as_str());
        format!("{} {} {}", group_text(1), group_text(2), group_text(3)).parse().ok()
    })
}

/// Returns the day in the URL.
fn url_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    date_of_number_groups(&URL_DATE, evidence.url(), [1, 2, 3])
}

/// Returns the day that the date lines among the last lines of the text state. `None` if they state different days.
fn signature_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let lines = &evidence.last_lines;
    let dates = lines.iter().enumerate().filter_map(|(index, line)| {
        let date_line = parse_date_line(line, evidence)?;
        let is_event =
            date_line.label == DateLabel::Date && states_event_date(lines, index, evidence);
        (date_line.can_be_publication_day() && !is_event).then_some(date_line)
    });
    date_shared_by_all(dates)
}

/// Returns the day of an event, such as a speech, that the title or one of the first headings states. Ignores the day
/// that a title commemorates.
fn event_date(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    evidence
        .title_and_headings()
        .filter(|line| {
            !COMMEMORATION_IN_TITLE.as_ref().is_some_and(|pattern| pattern.is_match(line))
        })
        .find_map(|line| date_in_first_group(&EVENT_DATE.as_ref()?.captures(line)?))
}

/// Returns the day of a dateline without a year. The year comes from the file name.
fn dateline_with_year_of_file_name(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    dateline_with_year_of(evidence.file_name(), evidence)
}

/// Returns the day of a dateline without a year. The year comes from the URL.
fn dateline_with_year_of_url(evidence: &DocumentEvidence<'_>) -> Option<Date> {
    dateline_with_year_of(evidence.url(), evidence)
}

/// Returns the day of a dateline without a year. The year comes from `year_source`. `None` if `year_source` contains no
/// year or several different years.
fn dateline_with_year_of(year_source: &str, evidence: &DocumentEvidence<'_>) -> Option<Date> {
    let groups = YEAR_IN_FILE_NAME_OR_URL.as_ref()?.captures_iter(year_source);
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

/// Returns whether the line with the index `index` states the date of an event: a line near it has a label of an event,
/// such as `Venue:`. Returns `false` for the minutes of a meeting, since the day of the meeting is their date.
fn states_event_date(lines: &[&str], index: usize, evidence: &DocumentEvidence<'_>) -> bool {
    let first = index.saturating_sub(MAX_EVENT_LABEL_DISTANCE);
    let near_lines =
        lines.iter().enumerate().skip(first).take(index - first + MAX_EVENT_LABEL_DISTANCE + 1);
    let has_event_label =
        near_lines.filter(|(other, _)| *other != index).any(|(_, line)| is_event_label(line));
    has_event_label && !names_minutes_of_meeting(evidence)
}

/// Returns whether the title or one of the first headings names the minutes of a meeting.
fn names_minutes_of_meeting(evidence: &DocumentEvidence<'_>) -> bool {
    let Some(pattern) = MINUTES_TITLE.as_ref() else { return false };
    evidence.title_and_headings().any(|line| pattern.is_match(line))
}

/// Returns whether a line begins with a label of an event, such as `Venue:`.
pub(super) fn is_event_label(line: &str) -> bool {
    EVENT_LABEL.as_ref().is_some_and(|pattern| pattern.is_match(line))
}

/// Returns the date that all of `date_lines` state. `None` if they state different dates, because then none of them is
/// reliable.
fn date_shared_by_all(mut date_lines: impl Iterator<Item = DateLine>) -> Option<Date> {
    let first_date = date_lines.next()?.date;
    date_lines.all(|line| line.date == first_date).then_some(first_date)
}

/// Parses a line that consists of a date. In a Traditional Chinese text, a year of two or three digits is a year of the
/// Republic of China.
fn parse_date_line(line: &str, evidence: &DocumentEvidence<'_>) -> Option<DateLine> {
    DateLine::parse(line).or_else(|| {
        let line_with_era =
            with_republic_era(line).or_else(|| with_republic_era_of_digits(line))?;
        let date_line = DateLine::parse(&line_with_era)?;
        language::is_traditional(&evidence.document.text).then_some(date_line)
    })
}

/// Returns a line with a date such as `114年12月17日` with the name of the era before the year. `None` for other lines.
fn with_republic_era(line: &str) -> Option<String> {
    let short_year = DATE_WITH_SHORT_YEAR.as_ref()?.captures(line)?.get(1)?;
    let year: u16 = short_year.as_str().parse().ok()?;
    let (before, after) = line.split_at_checked(short_year.start())?;
    REPUBLIC_YEARS_WITHOUT_ERA.contains(&year).then(|| format!("{before}民國{after}"))
}

/// Returns a line with a date such as `114-12-17` with the date in the form `民國114年12月17日`. `None` for other lines.
fn with_republic_era_of_digits(line: &str) -> Option<String> {
    let groups = DATE_OF_DIGITS_WITH_SHORT_YEAR.as_ref()?.captures(line)?;
    let [year, first_separator, month, separator, day] =
        [2, 3, 4, 5, 6].map(|index| groups.get(index));
    let (year, month, day) = (year?, month?, day?);
    let (before, after) = (line.get(..year.start())?, line.get(day.end()..)?);
    let is_date = first_separator?.as_str() == separator?.as_str();
    is_date.then(|| {
        format!("{before}民國{}年{}月{}日{after}", year.as_str(), month.as_str(), day.as_str())
    })
}

/// Returns the date of a line that consists of a date, with or without a label. `None` for any other line.
pub(super) fn date_of_line(line: &str) -> Option<Date> {
    DateLine::parse(line).map(|line| line.date)
}

/// Returns the date in the first group of a match.
fn date_in_first_group(groups: &Captures<'_>) -> Option<Date> {
    groups.get(1)?.as_str().parse().ok()
}

/// Returns the date that `pattern` finds in `text`. `groups` contains the numbers of the capture groups for year, month
/// and day.
fn date_of_number_groups(pattern: &DatePattern, text: &str, groups: [usize; 3]) -> Option<Date> {
    let captures = pattern.as_ref()?.captures(text)?;
    let [year, month, day] = groups.map(|group| captures.get(group)?.as_str().parse().ok());
    Date::new(year?, month?, day?)
}

#[cfg(test)]
mod tests;
