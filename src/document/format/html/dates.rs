//! Finds the day of publication that a page states: meta tags, JSON-LD, date elements, and printed lines with a label.
//!
//! [`fill_publication_date`] lists the sources in order of precedence. A `<time>` element in a sentence is ignored,
//! because it may be the day of an event.

use serde_json::Value;

use super::{
    main_content::MainContent,
    tree::{NodeId, Tree, TreeStep},
};
use crate::document::{
    blocks::BlockBuilder,
    metadata::{
        date::Date,
        date_line::{DateLabel, DateLine},
        fields::MetadataField,
    },
    model::Document,
};

/// Names of meta tags that state the day of publication, in order of precedence.
const PUBLICATION_META_NAMES: [&str; 18] = [
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:pubdate",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publishtime",
    "publication_date",
    "publication-date",
    "datepublished",
    "date.published",
    "dcterms.issued",
    "dc.date.issued",
    "citation_publication_date",
    "parsely-pub-date",
    "sailthru.date",
];
/// Names of meta tags that state the day of publication or the day of a change, in order of precedence.
const PUBLICATION_OR_CHANGE_META_NAMES: [&str; 6] =
    ["dcterms.date", "dc.date", "dcterms.created", "dc.date.created", "createdate", "date"];
/// Values of the attributes `property` and `itemprop` of an element that contains the day of publication.
const PUBLICATION_DATE_PROPERTIES: [&str; 7] = [
    "datePublished",
    "schema:datePublished",
    "dc:date",
    "dc:issued",
    "dcterms:issued",
    "dcterms:date",
    "article:published_time",
];
/// Ids and classes of an element that contains the day of publication, in lower case and without separators.
const PUBLICATION_DATE_NAMES: [&str; 6] =
    ["publishtime", "publishdate", "pubtime", "pubdate", "publicationdate", "posttime"];
/// Number of blocks at the beginning of a page in which lines that consist of a date are searched for.
const FIRST_BLOCKS_SEARCHED_FOR_DATE_LINES: usize = 12;
/// Number of blocks at the end of a page in which lines with a label of publication are searched for.
const LAST_BLOCKS_SEARCHED_FOR_DATE_LINES: usize = 8;
/// Maximum time by which local time is ahead of UTC, in hours.
const MAX_HOURS_AHEAD_OF_UTC: u8 = 14;
/// Maximum time by which local time is behind UTC, in hours.
const MAX_HOURS_BEHIND_UTC: u8 = 12;

/// Fills the date of the document with the day of publication that the page states. `tags` are the names and values of
/// the meta tags, and `articles` the articles in JSON-LD.
pub(super) fn fill_publication_date(
    tree: &Tree,
    content: &MainContent,
    blocks: &BlockBuilder,
    tags: &[(String, String)],
    articles: &[Value],
    document: &mut Document,
) {
    let printed_lines = PossibleDateLines::find(blocks);
    let fill_from_tags = |names: &[&str], document: &mut Document| {
        for name in names {
            for (_, value) in tags.iter().filter(|(tag, _)| tag == name) {
                let value = printed_lines.local_day_if_printed(value);
                document.fill_field(MetadataField::Date, &value, &format!("meta {name}"));
            }
        }
    };
    fill_from_tags(&PUBLICATION_META_NAMES, document);
    for article in articles {
        if let Some(date) = article.get("datePublished").and_then(Value::as_str) {
            let date = printed_lines.local_day_if_printed(date);
            document.fill_field(MetadataField::Date, &date, "JSON-LD");
        }
    }
    let elements = ElementsWithDates::find(tree, content);
    for (property, date) in &elements.property_dates {
        let date = printed_lines.local_day_if_printed(date);
        document.fill_field(MetadataField::Date, &date, property);
    }
    let time_lines: Vec<DateLine> = elements
        .time_elements
        .iter()
        .filter_map(|(text, date)| printed_lines.line_with_time_element(text, date))
        .collect();
    let with_label = |label| time_lines.iter().filter(move |line| line.label == label);
    if let Some(line) = with_label(DateLabel::Published).next() {
        document.fill_field(MetadataField::Date, &line.date.to_string(), "time");
    }
    if let Some(line) = printed_lines.line_with_publication_label() {
        document.fill_field(MetadataField::Date, &line.date.to_string(), "text");
    }
    if let Some(line) = with_label(DateLabel::None).next()
        && with_label(DateLabel::None).all(|other| other.date == line.date)
    {
        document.infer_field(MetadataField::Date, &line.date.to_string(), "time");
    }
    if let Some(date) = elements.date_of_named_elements() {
        document.infer_field(MetadataField::Date, &date.to_string(), "element");
    }
    fill_from_tags(&PUBLICATION_OR_CHANGE_META_NAMES, document);
}

/// Elements of the content that contain a date.
#[derive(Default)]
struct ElementsWithDates {
    /// Property and date of each element whose property says that it contains the day of publication.
    property_dates: Vec<(&'static str, String)>,
    /// Text and date of each `<time>` element that is not in `property_dates`.
    time_elements: Vec<(String, String)>,
    /// Text of each element whose id or class is one of [`PUBLICATION_DATE_NAMES`].
    named_elements: Vec<String>,
}

impl ElementsWithDates {
    /// Finds the elements with a date in the content of a page.
    fn find(tree: &Tree, content: &MainContent) -> Self {
        let mut elements = Self::default();
        for step in content.walk(tree) {
            let TreeStep::Enter(id) = step else { continue };
            if has_publication_date_name(tree, id) {
                elements.named_elements.push(tree.full_text(id));
            }
            let property = publication_date_property(tree, id);
            if property.is_none() && tree.name(id) != "time" {
                continue;
            }
            let text = tree.full_text(id);
            let stated_date =
                ["content", "datetime"].iter().find_map(|key| tree.attribute(id, key));
            let date = stated_date.map_or_else(|| text.clone(), str::to_owned);
            match property {
                Some(property) => elements.property_dates.push((property, date)),
                None => elements.time_elements.push((text, date)),
            }
        }
        elements
    }

    /// Returns the date of the elements whose names say that they contain the day of publication. `None` if they state
    /// different days, because then they belong to a list of pages.
    fn date_of_named_elements(&self) -> Option<Date> {
        let lines = self.named_elements.iter().filter_map(|text| DateLine::parse(text));
        let mut dates = lines.filter(|line| line.can_be_publication_day()).map(|line| line.date);
        let first_date = dates.next()?;
        dates.all(|date| date == first_date).then_some(first_date)
    }
}

/// Returns whether the id or a class of an element is one of [`PUBLICATION_DATE_NAMES`].
fn has_publication_date_name(tree: &Tree, id: NodeId) -> bool {
    let names = ["id", "class"].map(|key| tree.attribute(id, key).unwrap_or_default());
    names.iter().flat_map(|names| names.split_whitespace()).any(|name| {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        PUBLICATION_DATE_NAMES.contains(&name.to_ascii_lowercase().as_str())
    })
}

/// Returns the property of an element if it is one of [`PUBLICATION_DATE_PROPERTIES`]. Otherwise, returns `None`.
fn publication_date_property(tree: &Tree, id: NodeId) -> Option<&'static str> {
    let property = tree.attribute(id, "property").or_else(|| tree.attribute(id, "itemprop"))?;
    PUBLICATION_DATE_PROPERTIES
        .into_iter()
        .find(|publication_date_property| *publication_date_property == property)
}

/// Blocks at the beginning and the end of a page, which may be lines that consist of a date.
struct PossibleDateLines<'a> {
    first_lines: Vec<&'a str>,
    last_lines: Vec<&'a str>,
}

impl<'a> PossibleDateLines<'a> {
    /// Returns the texts of the first [`FIRST_BLOCKS_SEARCHED_FOR_DATE_LINES`] and of the last
    /// [`LAST_BLOCKS_SEARCHED_FOR_DATE_LINES`] blocks.
    fn find(blocks: &'a BlockBuilder) -> Self {
        let text_of_block = |block: &crate::document::Block| block.span.of(&blocks.text);
        let first_lines = blocks
            .blocks
            .iter()
            .take(FIRST_BLOCKS_SEARCHED_FOR_DATE_LINES)
            .map(text_of_block)
            .collect();
        let rest = blocks.blocks.get(FIRST_BLOCKS_SEARCHED_FOR_DATE_LINES..).unwrap_or_default();
        let last_lines = rest
            .iter()
            .rev()
            .take(LAST_BLOCKS_SEARCHED_FOR_DATE_LINES)
            .map(text_of_block)
            .collect();
        Self { first_lines, last_lines }
    }

    /// Returns the date line that contains a `<time>` element. `text` is the text of the element, and `date` its date.
    /// The date replaces the text in the line, because the text may lack the year: `17 Dec`. `None` if no line with the
    /// text consists of a date.
    fn line_with_time_element(&self, text: &str, date: &str) -> Option<DateLine> {
        let date: Date = date.parse().ok()?;
        let lines = self.first_lines.iter().chain(&self.last_lines).enumerate();
        lines.filter(|(_, line)| line.contains(text)).find_map(|(index, line)| {
            let date_line = DateLine::parse(&line.replacen(text, &date.to_string(), 1))?;
            let is_first = index < self.first_lines.len();
            (is_first || date_line.label == DateLabel::Published).then_some(date_line)
        })
    }

    /// Returns the first line with a date and a label of publication. `None` if such lines state different days.
    fn line_with_publication_label(&self) -> Option<DateLine> {
        let lines = self.first_lines.iter().filter_map(|line| DateLine::parse(line));
        let mut published_lines = lines.filter(|line| line.label == DateLabel::Published);
        let first_line = published_lines.next()?;
        published_lines.all(|line| line.date == first_line.date).then_some(first_line)
    }

    /// Returns the day in local time for `utc_time`, a date and time in UTC, if a printed line states this day.
    /// Otherwise, returns `utc_time` unchanged.
    fn local_day_if_printed(&self, utc_time: &str) -> String {
        let local_day = || {
            let (utc_date, hour) = Date::parse_with_utc_hour(utc_time)?;
            let lines = self.first_lines.iter().filter_map(|line| DateLine::parse(line));
            let mut days = lines.filter(|line| line.can_be_publication_day()).map(|line| line.date);
            days.find(|day| {
                let is_ahead =
                    day.previous_day() == Some(utc_date) && hour + MAX_HOURS_AHEAD_OF_UTC >= 24;
                let is_behind =
                    utc_date.previous_day() == Some(*day) && hour < MAX_HOURS_BEHIND_UTC;
                is_ahead || is_behind
            })
        };
        local_day().map_or_else(|| utc_time.to_owned(), |day| day.to_string())
    }
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, read};

    #[test]
    fn stated_day_of_publication_is_found() {
        let prose =
            "<p>The office said that captains must report by radio before they pass the lantern.";
        for (head, body, expected) in [
            ("", "<p>The ferry starts on <time datetime=2027-05-01>1 May 2027</time>.", None),
            (
                "",
                "<p>Updated <time datetime=2026-02-02>2 February 2026</time><p>Published <time datetime=2025-12-17>17 December 2025</time>",
                Some("2025-12-17 time"),
            ),
            (
                "",
                "<p>Posted <time datetime=2025-12-17>17 Dec</time> by Ann Lee",
                Some("2025-12-17 time"),
            ),
            ("", "<p><time datetime=2025-12-17>yesterday</time>", Some("2025-12-17 time inferred")),
            ("", "<p>Last updated <time>2 February 2026</time>", None),
            ("", "<p><time>2 May 2026</time><p><time>3 May 2026</time>", None),
            (
                "",
                "<p>Opening: <span itemprop=datePublished content=2025-12-17>today</span>",
                Some("2025-12-17 datePublished"),
            ),
            (
                "",
                "<p>Ports Daily <em id=publish_time>2025-12-17 10:30</em> in the north",
                Some("2025-12-17 element inferred"),
            ),
            (
                "",
                "<p>A <i class=pub-date>2025-12-17</i> b<p>C <i class=pub-date>2025-12-18</i> d",
                None,
            ),
            ("<meta name=PubDate content=20251217103000>", "", Some("2025-12-17 meta pubdate")),
            (
                "<meta name=DC.date content=2026-02-02><meta name=publication_date content='Tue, 16 Dec 2025'>",
                "",
                Some("2025-12-16 meta publication_date"),
            ),
            (
                "<meta name=DC.date content=2026-02-02>",
                "<p>Published on 17 December 2025",
                Some("2025-12-17 text"),
            ),
            ("<meta name=DC.date content=2026-02-02>", "", Some("2026-02-02 meta dc.date")),
            (
                "<meta property=article:published_time content=2025-12-16T16:30:00Z>",
                "<p>2025年12月17日 00:30",
                Some("2025-12-17 meta article:published_time"),
            ),
            (
                "<meta property=article:published_time content=2025-12-17T02:30:00+00:00>",
                "<p>December 16, 2025",
                Some("2025-12-16 meta article:published_time"),
            ),
            (
                "<meta property=article:published_time content=2025-12-16T02:30:00Z>",
                "<p>2025年12月17日 00:30",
                Some("2025-12-16 meta article:published_time"),
            ),
        ] {
            let page = format!("<head>{head}</head><main><h1>Berth</h1>{body}{prose}</main>");
            let document = read(Format::Html, "page", page.as_bytes()).unwrap();
            let date = document.date.map(|date| {
                let is_inferred = document.inferred.contains(&"date".to_owned());
                let suffix = if is_inferred { " inferred" } else { "" };
                format!("{date} {}{suffix}", document.origins["date"])
            });
            assert_eq!(date.as_deref(), expected, "{head} {body}");
        }
    }
}
