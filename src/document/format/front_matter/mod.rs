//! Reads the front matter at the beginning of a Markdown or text file: YAML (`---`), TOML (`+++`), JSON, Pandoc (`%`)
//! and `MultiMarkdown` (`Title: …`).
//!
//! The input is a source text. The output is a list of keys and values, and the body after the front matter. Of invalid
//! front matter, the entries that can be read are kept, and the error is reported.
//! [`split_front_matter`] is the entry point.

mod lines;
mod toml;
mod yaml;

use serde_json::{Map, Value};

use self::{
    lines::{split_multimarkdown, split_pandoc},
    toml::parse_toml,
    yaml::parse_yaml,
};
use crate::document::{
    metadata::{
        date::Date,
        fields::{self, MetadataField, joined_values},
        language, organization,
    },
    model::Document,
    stray_markup::remove_stray_markup,
};

/// Maximum size of front matter, in bytes. A larger text is body.
const MAX_FRONT_MATTER_BYTES: usize = 1 << 20;
/// Maximum nesting depth of the values in front matter.
const MAX_NESTING_DEPTH: usize = 32;
/// Origin that is recorded for the fields which front matter states.
const FRONT_MATTER_ORIGIN: &str = "front matter";
/// Metadata key of the error in front matter.
pub(crate) const FRONT_MATTER_ERROR_KEY: &str = "front_matter_error";
/// Normalized keys of front matter that state the day of publication, in order of precedence.
const DATE_KEYS: [&str; 10] = [
    "published",
    "datepublished",
    "publishedtime",
    "publishdate",
    "pubdate",
    "publicationdate",
    "releasedate",
    "issued",
    "date",
    "created",
];

/// Front matter of a document, and the body after it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter<'a> {
    /// Keys and values, in order.
    pub(super) entries: Vec<(String, String)>,
    /// Message with the entries of the front matter that cannot be read, and the reasons. `None` if everything was
    /// read.
    pub(super) error: Option<String>,
    /// Text after the front matter.
    pub(super) body: &'a str,
}

/// Keys and values that a parser found, and the error message if it could not read everything.
type EntriesAndParseError = (Vec<(String, String)>, Option<String>);

/// Splits a source text into its front matter and its body. If the text has no front matter, the result has no entries,
/// and the body is the whole text.
pub(super) fn split_front_matter(source: &str) -> FrontMatter<'_> {
    const FRONT_MATTER_SPLITTERS: [fn(&str) -> Option<FrontMatter<'_>>; 5] =
        [split_yaml, split_toml, split_json, split_pandoc, split_multimarkdown];
    let front_matter = FRONT_MATTER_SPLITTERS.iter().find_map(|split| split(source));
    front_matter.unwrap_or(FrontMatter { body: source, ..FrontMatter::default() })
}

fn split_yaml(source: &str) -> Option<FrontMatter<'_>> {
    let (yaml, body) = split_at_fences(source, "---", &["---", "..."])?;
    parsed_front_matter(parse_yaml(yaml), body)
}

fn split_toml(source: &str) -> Option<FrontMatter<'_>> {
    let (toml, body) = split_at_fences(source, "+++", &["+++"])?;
    parsed_front_matter(parse_toml(toml), body)
}

/// Returns the front matter that a parser found between two fences. `None` if the parser recognized nothing: the fences
/// may then be two horizontal rules in the text. A result without entries is empty front matter.
fn parsed_front_matter(
    parsed_entries: Option<EntriesAndParseError>,
    body: &str,
) -> Option<FrontMatter<'_>> {
    let (entries, error) = parsed_entries?;
    Some(FrontMatter { entries, error, body })
}

/// Splits front matter that is a JSON object. No other text may follow the object in its last line.
fn split_json(source: &str) -> Option<FrontMatter<'_>> {
    let first_line = source.lines().next()?.trim_end();
    if !first_line.starts_with('{') || first_line.starts_with("{{") || first_line.starts_with("{%")
    {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(source).into_iter::<Map<String, Value>>();
    let object = values.next()?.ok()?;
    let end = values.byte_offset();
    let body = source.get(end..)?;
    let (rest_of_line, body) = body.split_once('\n')?;
    if !rest_of_line.trim().is_empty() || end > MAX_FRONT_MATTER_BYTES {
        return None;
    }
    let entries = object.into_iter().filter_map(|(key, value)| {
        let text = text_of_json_scalars(&key, &value)?;
        Some((key, text))
    });
    Some(FrontMatter { entries: entries.collect(), error: None, body })
}

/// Returns a scalar as text, or the scalars of an array as one text. `None` for other values.
fn text_of_json_scalars(key: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(elements) => {
            let scalars = elements.iter().filter(|element| !element.is_array());
            let texts: Vec<_> =
                scalars.filter_map(|value| text_of_json_scalars(key, value)).collect();
            Some(joined_values(key, &texts))
        }
        Value::Null | Value::Object(_) => None,
    }
}

/// Returns the text between two fences, and the text after the closing fence. The first line must be `opening_fence`,
/// and the closing fence is the next line that is one of `closing_fences`.
fn split_at_fences<'a>(
    source: &'a str,
    opening_fence: &str,
    closing_fences: &[&str],
) -> Option<(&'a str, &'a str)> {
    let (first_line, after_first_line) = source.split_once('\n')?;
    if first_line.trim_end() != opening_fence {
        return None;
    }
    let mut length = 0;
    for line in after_first_line.split_inclusive('\n') {
        if closing_fences.contains(&line.trim_end()) {
            return after_first_line.get(..length).zip(after_first_line.get(length + line.len()..));
        }
        length += line.len();
        if length > MAX_FRONT_MATTER_BYTES {
            return None;
        }
    }
    None
}

/// Fills the metadata of a document from the entries of its front matter. Keys that name no field become further
/// metadata.
pub(super) fn fill_metadata(document: &mut Document, front_matter: FrontMatter<'_>) {
    let mut dates: Vec<(usize, Date)> = Vec::new();
    for (key, value) in front_matter.entries {
        let normalized_key = fields::normalized_label(&key);
        let rank = DATE_KEYS.iter().position(|date_key| *date_key == normalized_key);
        if let Some(rank) = rank {
            dates.extend(value.parse().ok().map(|date| (rank, date)));
            document.metadata.insert(key, value);
        } else if let Some(field) = metadata_field_of_key(&normalized_key, &value) {
            fill_field(document, field, value);
        } else {
            match fields::field_of_label(&key).filter(|_| !key.is_ascii()) {
                Some((MetadataField::Date, rank)) => {
                    let date = value.parse().ok();
                    dates.extend(date.map(|date| (DATE_KEYS.len() + rank, date)));
                    document.metadata.insert(key, value);
                }
                Some((field, _)) if document.fill_field(field, &value, FRONT_MATTER_ORIGIN) => {}
                _ => drop(document.metadata.insert(key, value)),
            }
        }
    }
    document.date = dates.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, date)| date);
    document.set_origin_of_filled_fields(FRONT_MATTER_ORIGIN);
    document
        .metadata
        .extend(front_matter.error.map(|error| (FRONT_MATTER_ERROR_KEY.to_owned(), error)));
}

/// Returns the metadata field that a key names. `None` if it names no field.
fn metadata_field_of_key(normalized_key: &str, value: &str) -> Option<MetadataField> {
    match normalized_key {
        "title" => Some(MetadataField::Title),
        "issuer" | "agency" | "department" | "organization" | "organisation" | "publisher" => {
            Some(MetadataField::Issuer)
        }
        "author" | "authors" if organization::is_organization_name(value) => {
            Some(MetadataField::Issuer)
        }
        "url" | "sourceurl" | "canonicalurl" => Some(MetadataField::Url),
        "lang" | "language" => Some(MetadataField::Lang),
        _ => None,
    }
}

fn fill_field(document: &mut Document, field: MetadataField, value: String) {
    match field {
        MetadataField::Title => {
            let title = remove_stray_markup(&value).replace('\u{A0}', " ").trim().to_owned();
            document.title = Some(title).filter(|title| !title.is_empty());
        }
        MetadataField::Issuer => document.issuer = Some(value),
        MetadataField::Url => document.url = Some(value),
        MetadataField::Lang => document.lang = language::normalized_code(&value),
        MetadataField::Date | MetadataField::Number => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the entries as `key=value` lines, the error, and the body.
    fn describe_front_matter(source: &str) -> (String, Option<String>, &str) {
        let front_matter = split_front_matter(source);
        let lines = front_matter.entries.iter().map(|(key, value)| format!("{key}={value}"));
        (lines.collect::<Vec<_>>().join("\n"), front_matter.error, front_matter.body)
    }

    #[test]
    fn each_syntax_is_split_from_the_body() {
        for (source, entries) in [
            ("---\ntitle: Ports\ntags: [a, b]\n---\nBody.", "title=Ports\ntags=a, b"),
            ("---  \ntitle: Ports\n...\nBody.", "title=Ports"),
            ("---\n---\nBody.", ""),
            ("---\n# A comment.\n---\nBody.", ""),
            (
                "+++\ntitle = \"Ports\"\ndate = 2025-12-17T09:30:00+08:00\ntags = [\"a\", \"b\"]\n+++\nBody.",
                "date=2025-12-17T09:30:00+08:00\ntags=a, b\ntitle=Ports",
            ),
            (
                "{\n\"title\": \"Ports\", \"tags\": [\"a\", 2], \"x\": {}\n}\nBody.",
                "tags=a, 2\ntitle=Ports",
            ),
            (
                "% Ports\n  of the north\n% Office of Ports\n% 17 December 2025\nBody.",
                "title=Ports of the north\nauthor=Office of Ports\ndate=17 December 2025",
            ),
            ("% Ports\n\nBody.", "title=Ports"),
            ("Title: Ports\nDate: 2025-12-17\n\nBody.", "Title=Ports\nDate=2025-12-17"),
            (
                "Title: Ports\n  of the north\nAuthor: Li\n\nBody.",
                "Title=Ports of the north\nAuthor=Li",
            ),
        ] {
            let (actual_entries, error, body) = describe_front_matter(source);
            assert_eq!(actual_entries, entries, "{source}");
            assert_eq!((error, body.trim()), (None, "Body."), "{source}");
        }
    }

    #[test]
    fn text_without_front_matter_is_body() {
        for source in [
            "---\nA paragraph between two rules.\n---\nBody.",
            "---\ntitle: Ports\nBody without end.",
            "+++\nplus\n+++\nBody.",
            "{{< figure >}}\nBody.",
            "{ braces }\nBody.",
            "{\"title\": \"Ports\"} and text\nBody.",
            "%5 of the ports\nBody.",
            "Title: Ports\nThis is a paragraph.\n\nBody.",
            "Title: Ports\n\nBody.",
            "Date: 20 January 2026\nVenue: gate 3\n\nBody.",
            "",
        ] {
            assert_eq!(describe_front_matter(source), (String::new(), None, source));
        }
    }

    #[test]
    fn readable_part_of_an_erroneous_front_matter_is_kept() {
        for (source, entries) in [
            (
                "---\ntitle: Office: a berth\ndate: 2025-12-17\n---\nBody.",
                "title=Office: a berth\ndate=2025-12-17",
            ),
            (
                "---\ntitle: \"Berth\"\nauthor: @office\ntags:\n  - a\n  - b\n---\nBody.",
                "title=Berth\nauthor=@office\ntags=a, b",
            ),
            (
                "---\nissuer:\n  - Office of Ports\n  - Water Board\nauthor: @office\n---\nBody.",
                "issuer=Office of Ports; Water Board\nauthor=@office",
            ),
            (
                "---\ntitle: 50% of `ports`: \"open\"\nx: [\n---\nBody.",
                "title=50% of `ports`: \"open\"",
            ),
            ("---\ntitle: \"Berth\nx: 1\n---\nBody.", "title=Berth\nx=1"),
            ("---\ntitle: A\ntitle: B\n\tx: 1\n---\nBody.", "title=A\ntitle=B"),
            (
                "+++\ntitle = \"Berth\"\ndate = 17 December\n+++\nBody.",
                "title=Berth\ndate=17 December",
            ),
        ] {
            let (actual_entries, error, body) = describe_front_matter(source);
            assert_eq!(actual_entries, entries, "{source}");
            assert!(error.is_some() && body == "Body.", "{source}");
        }
    }

    #[test]
    fn chinese_keys_fill_fields() {
        let mut document = Document::default();
        let source = "---\n标题: 关于检查的通知\n发文机关: 市应急管理局\n发文字号: 市应急〔2025〕3号\n成文日期: 2025年1月8日\n备注: 无\n---\n正文。";
        fill_metadata(&mut document, split_front_matter(source));
        let fields = [&document.title, &document.issuer, &document.number];
        let fields = fields.map(|field| field.as_deref().unwrap_or_default());
        assert_eq!(fields, ["关于检查的通知", "市应急管理局", "市应急〔2025〕3号"]);
        assert_eq!(document.date, "2025-01-08".parse().ok());
        assert_eq!(document.origins["number"], FRONT_MATTER_ORIGIN);
        assert_eq!(document.metadata["备注"], "无");
    }

    #[test]
    fn earlier_date_keys_take_precedence() {
        let mut document = Document::default();
        let source =
            "---\ndate: 2026-02-02\nupdated: 2026-03-03\npublishDate: Tue, 16 Dec 2025\n---\nBody.";
        fill_metadata(&mut document, split_front_matter(source));
        assert_eq!(document.date, "2025-12-16".parse().ok());
        assert_eq!(document.origins["date"], FRONT_MATTER_ORIGIN);
        assert_eq!(document.metadata["updated"], "2026-03-03");
    }

    /// Deep nesting must neither overflow the stack nor take more than linear time.
    #[test]
    fn nesting_is_bounded() {
        for opening in
            ["? ", "- ", ": ", "? - ", "- ? ", "? : ", "[", "{", "[{", "&a ", "!t ", "{a: ", "k: {"]
        {
            for size in [12_000, 1_000_000] {
                let nested = opening.repeat(size / opening.len());
                for source in [
                    format!("---\n{nested}\n---\nBody."),
                    format!("---\ntitle: Ports\nx: {nested}\n---\nBody."),
                    format!("---\ntitle: Ports\nx:\n  {nested}\n---\nBody."),
                    format!("+++\ntitle = \"Ports\"\nx = {nested}\n+++\nBody."),
                    format!("{{\"title\": \"Ports\", \"x\": {nested}\n}}\nBody."),
                ] {
                    let front_matter = split_front_matter(&source);
                    let has_title = front_matter.entries.iter().any(|(key, _)| key == "title");
                    assert!(front_matter.body.ends_with("Body."), "{opening}");
                    assert!(has_title || front_matter.entries.is_empty(), "{opening}");
                }
            }
        }
        let indented: Vec<String> =
            (0..1_400).map(|depth| format!("{}k:\n", " ".repeat(depth))).collect();
        let indented = indented.concat();
        assert!(
            split_front_matter(&format!("---\ntitle: Ports\n{indented}---\nBody.")).error.is_some()
        );
    }

    /// Aliases must not multiply the size of the values.
    #[test]
    fn aliases_are_bounded() {
        let long = "x".repeat(100_000);
        let aliases: Vec<String> = (0..10_000).map(|number| format!("k{number}: *a\n")).collect();
        let aliases = aliases.concat();
        let source = format!("---\ntitle: &t Ports\nname: *t\na: &a {long}\n{aliases}---\nBody.");
        let entries = split_front_matter(&source).entries;
        assert!(entries.contains(&("name".to_owned(), "Ports".to_owned())));
        assert!(entries.iter().map(|(_, value)| value.len()).sum::<usize>() < 2 * long.len());
    }
}
