//! JSON of any shape → documents. Keys tell which values are titles, texts and other fields; if no
//! key tells the text, the longest value is the text.

use serde_json::{Map, Value};

use super::html;
use crate::{
    document::{
        BlockKind, Document, FieldMapping,
        blocks::BlockBuilder,
        metadata::{
            fields::{self, MetadataField},
            organization,
        },
        unreadable,
    },
    error::Result,
};

/// Keys of the text, the best first, in lower case and without punctuation.
const TEXT_KEYS: [&str; 16] = [
    "body",
    "bodyhtml",
    "html",
    "content",
    "contents",
    "text",
    "fulltext",
    "maintext",
    "articlebody",
    "正文",
    "内容",
    "內容",
    "全文",
    "文章内容",
    "文章內容",
    "文本",
];
/// Keys of summaries, which replace a missing text.
const SUMMARY_KEYS: [&str; 8] =
    ["summary", "description", "abstract", "lede", "intro", "摘要", "简介", "簡介"];
/// Keys of metadata fields in JSON, beside the labels that `fields` knows.
const FIELD_KEYS: [(MetadataField, &[&str]); 5] = [
    (MetadataField::Title, &["name", "法規名稱", "法规名称"]),
    (
        MetadataField::Date,
        &[
            "firstpublishedat",
            "publishedat",
            "publicupdatedat",
            "pubdate",
            "publishdate",
            "publishtime",
            "publicationdate",
            "datetime",
            "created",
            "createdat",
            "最新異動日期",
        ],
    ),
    (MetadataField::Issuer, &["publisher", "author", "source", "主管機關"]),
    (MetadataField::Url, &["link", "weburl", "permalink", "canonical", "法規網址"]),
    (MetadataField::Lang, &["locale"]),
];
/// Keys whose values describe other documents.
const RELATED_KEYS: [&str; 5] = ["links", "related", "relatedlinks", "breadcrumbs", "navigation"];
/// Largest JSON text, in bytes: parsed values take several times as much memory.
const MAX_BYTES: usize = 64 << 20;
/// Longest path of categories, in bytes.
const MAX_CATEGORY_PATH: usize = 200;
/// Levels of objects that are searched for a text.
const MAX_DEPTH: usize = 6;
/// Shortest running text, in characters: what is shorter and has no known key is a code, a name or
/// an address.
const MIN_PROSE_CHARS: usize = 40;

/// Reads the documents of a JSON text: one, or one for each element of a list.
pub(super) fn read(id: &str, text: &str, mapping: &FieldMapping) -> Vec<Result<Document>> {
    if text.len() > MAX_BYTES {
        return vec![Err(unreadable(id, format!("is JSON of more than {} MiB", MAX_BYTES >> 20)))];
    }
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return vec![Err(unreadable(id, format!("is not JSON: {error}")))],
    };
    let read_value = |id: &str, value: &Value| match value {
        Value::Object(object) => {
            read_object(id, object, mapping).map_err(|reason| unreadable(id, reason))
        }
        _ => Err(unreadable(id, "is a JSON value and no object")),
    };
    match document_list(&value, mapping) {
        None => vec![read_value(id, &value)],
        Some([]) => vec![Err(unreadable(id, "holds no document"))],
        Some(elements) => {
            let numbered = elements.iter().enumerate();
            numbered
                .map(|(index, element)| {
                    read_value(&format!("{id}:{}", element_id(index, element, mapping)), element)
                })
                .collect()
        }
    }
}

/// Returns the id that an element of a list states, or its number from 1.
fn element_id(index: usize, element: &Value, mapping: &FieldMapping) -> String {
    let mapped = element.as_object().and_then(|object| mapping.id(object));
    let stated = mapped
        .or_else(|| ["id", "guid", "slug"].iter().find_map(|key| scalar_text(element.get(key)?)));
    stated.filter(|id| !id.is_empty()).unwrap_or_else(|| (index + 1).to_string())
}

/// Returns the list of documents that a value is or directly holds.
fn document_list<'a>(value: &'a Value, mapping: &FieldMapping) -> Option<&'a [Value]> {
    match value {
        Value::Array(elements) => Some(elements),
        Value::Object(object) => object.values().find_map(|value| {
            let elements = value.as_array()?;
            let is_list =
                elements.len() > 1 && elements.iter().all(|value| is_document(value, mapping));
            is_list.then_some(elements.as_slice())
        }),
        _ => None,
    }
}

/// Returns whether a value has both a title and a text.
fn is_document(value: &Value, mapping: &FieldMapping) -> bool {
    let Value::Object(object) = value else { return false };
    if mapping.text(object).is_some() {
        return true;
    }
    let has_string = |is_key: fn(&str) -> bool| {
        object
            .iter()
            .any(|(key, value)| is_key(&fields::normalized_label(key)) && value.is_string())
    };
    has_string(|key| field_of_key(key).is_some_and(|(field, _)| field == MetadataField::Title))
        && has_string(|key| TEXT_KEYS.contains(&key))
}

/// Reads the document that an object describes.
///
/// # Errors
///
/// The reason, if the object has neither text nor title, or holds HTML that cannot be read.
pub(super) fn read_object(
    id: &str,
    object: &Map<String, Value>,
    mapping: &FieldMapping,
) -> Result<Document, String> {
    let mut document = Document::new(id, String::new());
    mapping.fill_metadata(&mut document, object);
    fill_metadata(&mut document, object);
    let mut blocks = BlockBuilder::default();
    let named = mapping.text(object).or_else(|| named_text(object));
    let texts = named.map_or_else(|| longest_texts(object), |text| vec![text]);
    texts.iter().try_for_each(|value| add_text(value, &mut blocks, 0))?;
    if blocks.blocks.is_empty() {
        let summaries = object
            .iter()
            .filter(|(key, _)| SUMMARY_KEYS.contains(&&*fields::normalized_label(key)));
        summaries.map(|(_, value)| value).try_for_each(|value| add_text(value, &mut blocks, 0))?;
    }
    if blocks.blocks.is_empty() {
        blocks.text = document.title.clone().ok_or("has neither text nor title")?;
    }
    (document.text, document.blocks) = (blocks.text, blocks.blocks);
    Ok(document)
}

/// Fills metadata fields from keys that are known, the best keys first, and keeps other short
/// values as metadata.
fn fill_metadata(document: &mut Document, object: &Map<String, Value>) {
    let mut candidates: Vec<(usize, MetadataField, &str, String)> = Vec::new();
    for (key, value) in object {
        let Some(text) = scalar_text(value) else { continue };
        match field_of_key(&fields::normalized_label(key)) {
            Some((field, rank)) => candidates.push((rank, field, key, text)),
            None if text.chars().count() <= MIN_PROSE_CHARS * 5 => {
                document.metadata.insert(key.clone(), text);
            }
            None => {}
        }
    }
    if let Some(name) = organization_name(object, 0) {
        candidates.push((usize::MAX, MetadataField::Issuer, "organisation", name));
    }
    if let Some((key, name)) = organization_in_path(object) {
        candidates.push((usize::MAX, MetadataField::Issuer, key, name));
    }
    candidates.sort_by_key(|(rank, ..)| *rank);
    for (_, field, key, text) in candidates {
        if !document.fill_field(field, &text, &format!("JSON {key}")) {
            document.metadata.insert(key.to_owned(), text);
        }
    }
}

/// Returns the organization in a path of categories, with the key of the path: `行政＞經濟部＞產業目`.
fn organization_in_path(object: &Map<String, Value>) -> Option<(&str, String)> {
    object.iter().find_map(|(key, value)| {
        let path =
            value.as_str().filter(|path| path.len() <= MAX_CATEGORY_PATH && !path.contains('<'))?;
        let mut categories = path.split(['＞', '>']).map(str::trim);
        let top = categories.next().filter(|top| !top.is_empty());
        let name = categories.find(|name| organization::is_name(name))?;
        top.map(|_| (key.as_str(), name.to_owned()))
    })
}

/// Returns the name in a value such as `{"organisations": [{"title": "Office of Ports"}]}`, at most
/// two objects deep.
fn organization_name(object: &Map<String, Value>, depth: usize) -> Option<String> {
    let named = object.iter().find_map(|(key, value)| {
        let key = fields::normalized_label(key);
        let is_organization = ["organisation", "organization", "organisations", "organizations"]
            .iter()
            .any(|name| key.ends_with(name))
            || fields::field_of_label(&key)
                .is_some_and(|(field, _)| field == MetadataField::Issuer)
            || key == "publisher";
        if !is_organization {
            return None;
        }
        let first = value.as_array().map_or(Some(value), |elements| elements.first())?;
        ["title", "name"].iter().find_map(|key| scalar_text(first.get(key)?))
    });
    if named.is_some() || depth >= 2 {
        return named;
    }
    object
        .values()
        .filter_map(Value::as_object)
        .find_map(|inner| organization_name(inner, depth + 1))
}

/// Returns the field that a normalized key names, and the rank of the key: lower is better.
fn field_of_key(key: &str) -> Option<(MetadataField, usize)> {
    fields::field_of_label(key).or_else(|| {
        FIELD_KEYS.iter().find_map(|(field, keys)| {
            let rank = keys.iter().position(|known| *known == key)?;
            Some((*field, 100 + rank))
        })
    })
}

/// Returns the text that a key names, as near to the top as there is one.
fn named_text(object: &Map<String, Value>) -> Option<&Value> {
    let mut level = vec![object];
    for depth in 0..MAX_DEPTH {
        // The key decides at the top; further down only running text counts.
        let is_text = |value: &Value| {
            count_prose(value) > 0
                || depth == 0 && value.as_str().is_some_and(|s| !s.trim().is_empty())
        };
        let text = level.iter().find_map(|object| {
            TEXT_KEYS.iter().find_map(|text_key| {
                let mut entries = object.iter();
                let (_, value) =
                    entries.find(|(key, _)| fields::normalized_label(key) == *text_key)?;
                is_text(value).then_some(value)
            })
        });
        if text.is_some() {
            return text;
        }
        let entries = level.iter().flat_map(|object| object.iter());
        let own =
            entries.filter(|(key, _)| !RELATED_KEYS.contains(&&*fields::normalized_label(key)));
        level = own.filter_map(|(_, value)| value.as_object()).collect();
    }
    None
}

/// Returns the value of an object with the most running text, or the strings of the object if they
/// have more.
fn longest_texts(object: &Map<String, Value>) -> Vec<&Value> {
    let own =
        object.iter().filter(|(key, _)| !RELATED_KEYS.contains(&&*fields::normalized_label(key)));
    let with_prose = own.map(|(_, value)| value).filter(|value| count_prose(value) > 0);
    let (strings, nested): (Vec<&Value>, Vec<&Value>) =
        with_prose.partition(|value| value.is_string());
    let string_prose: usize = strings.iter().map(|value| count_prose(value)).sum();
    let longest = nested.into_iter().max_by_key(|value| count_prose(value));
    match longest.filter(|value| count_prose(value) > string_prose) {
        Some(Value::Object(object)) if object.values().all(|value| !value.is_array()) => {
            longest_texts(object)
        }
        Some(value) => vec![value],
        None => strings,
    }
}

/// Counts the characters of running text in a value. The parser limits the depth of the recursion.
fn count_prose(value: &Value) -> usize {
    match value {
        Value::String(text) => {
            let chars = text.chars().count();
            let has_words = text.contains(char::is_whitespace) || !text.is_ascii();
            let is_prose = chars >= MIN_PROSE_CHARS && has_words || text.contains("</");
            if is_prose { chars } else { 0 }
        }
        Value::Array(elements) => elements.iter().map(count_prose).sum(),
        Value::Object(object) => object.values().map(count_prose).sum(),
        _ => 0,
    }
}

/// Adds the text of a value, in order. Each element of a list is a block.
fn add_text(value: &Value, blocks: &mut BlockBuilder, depth: usize) -> Result<(), String> {
    match value {
        Value::String(text) => html::read_any(text, blocks),
        Value::Array(elements) => {
            elements.iter().try_for_each(|element| add_text(element, blocks, depth + 1))
        }
        Value::Object(object) => {
            // Of a body in several media types, HTML is the one with structure.
            let typed = object.get("content").filter(|_| object.contains_key("content_type"));
            if let Some(content) = typed {
                let media_type = object.get("content_type").and_then(Value::as_str);
                return match media_type {
                    Some("text/html") => add_text(content, blocks, depth + 1),
                    _ => Ok(()),
                };
            }
            add_part(object, blocks, depth)
        }
        _ => Ok(()),
    }
}

/// Adds a part of a text: its short values, in one line with its text. A part without running text
/// is a heading.
fn add_part(
    object: &Map<String, Value>,
    blocks: &mut BlockBuilder,
    depth: usize,
) -> Result<(), String> {
    let strings = || object.iter().filter_map(|(key, value)| Some((key, value.as_str()?.trim())));
    let is_text_key = |key: &str| {
        let key = fields::normalized_label(key);
        TEXT_KEYS.iter().any(|text| key.ends_with(text))
    };
    let labels: Vec<&str> = strings()
        .filter(|(key, text)| {
            !is_text_key(key) && text.chars().count() <= MIN_PROSE_CHARS && !text.is_empty()
        })
        .map(|(_, text)| text)
        .collect();
    let texts: Vec<&str> = strings()
        .filter(|(key, text)| is_text_key(key) && !text.is_empty())
        .map(|(_, text)| text)
        .collect();
    let has_nested = object.values().any(|value| value.is_array() || value.is_object());
    if texts.is_empty() && !has_nested || labels.len() > 3 {
        blocks.push(&labels.join(" "));
        blocks.close(BlockKind::Heading(u8::try_from(depth).unwrap_or(u8::MAX).max(1)));
    } else if !labels.is_empty() {
        blocks.push(&labels.join(" "));
        blocks.push("\u{3000}");
    }
    for text in texts {
        html::read_any(text, blocks)?;
    }
    blocks.close(BlockKind::Paragraph);
    let mut nested = object.values().filter(|value| value.is_array() || value.is_object());
    nested.try_for_each(|value| add_text(value, blocks, depth + 1))
}

/// Returns a string, a number or a truth value as text.
fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a line for each document: id, title, date and blocks.
    fn read_lines(json: &str) -> Vec<String> {
        let documents = read("f", json, &FieldMapping::default());
        documents
            .into_iter()
            .map(|document| document.map_or_else(|e| e.to_string(), line))
            .collect()
    }

    fn line(document: Document) -> String {
        let blocks = document.blocks.iter().map(|block| {
            let text = block.span.of(&document.text);
            match block.kind {
                BlockKind::Heading(level) => format!("{level} {text}"),
                _ => text.to_owned(),
            }
        });
        let blocks = blocks.collect::<Vec<_>>().join("/");
        let date = document.date.map(|date| format!(" {date}")).unwrap_or_default();
        format!("{}: {}{date}: {blocks}", document.id, document.title.unwrap_or_default())
    }

    #[test]
    fn documents_in_json() {
        let cases: [(&str, &[&str]); 9] = [
            (
                r#"{"title": "Ports", "published_at": "2026-11-23", "body": "<h2>A</h2><p>One</p><p>Two"}"#,
                &["f: Ports 2026-11-23: 2 A/One/Two"],
            ),
            (
                r#"{"title": "Ports", "links": {"x": [{"body": "<p>Other</p>"}]}, "details": {"body": [
                    {"content_type": "text/govspeak", "content": "One"},
                    {"content_type": "text/html", "content": "<p>One</p>"}]}}"#,
                &["f: Ports: One"],
            ),
            (
                r#"[{"id": "a", "title": "A", "text": "One"}, {"headline": "B", "content": "Two"}]"#,
                &["f:a: A: One", "f:2: B: Two"],
            ),
            (
                r#"{"count": 2, "items": [{"title": "A", "text": "One text."}, {"title": "B", "text": "Two."}]}"#,
                &["f:1: A: One text.", "f:2: B: Two."],
            ),
            (
                r#"{"法規名稱": "港口法", "沿革內容": "", "法規內容": [{"編章節": "第一章 總則"},
                    {"條號": "第 1 條", "條文內容": "為管理港口，特制定本法，並自公布日施行，其施行細則由主管機關定之，以利各港口管理機關遵行。"}]}"#,
                &[
                    "f: 港口法: 1 第一章 總則/第 1 條\u{3000}為管理港口，特制定本法，並自公布日施行，其施行細則由主管機關定之，以利各港口管理機關遵行。",
                ],
            ),
            (r#"{"title": "Only a title", "n": 1}"#, &["f: Only a title: "]),
            (r#"{"n": 1}"#, &["f: has neither text nor title"]),
            ("[]", &["f: holds no document"]),
            ("{", &["f: is not JSON: EOF while parsing an object at line 1 column 1"]),
        ];
        for (json, expected) in cases {
            assert_eq!(read_lines(json), expected, "{json}");
        }
    }

    #[test]
    fn mapped_keys_have_precedence() {
        let mut mapping = FieldMapping::default();
        for (field, key) in [
            ("title", "headline"),
            ("text", "details.story"),
            ("text", "story"),
            ("date", "when"),
            ("id", "no"),
        ] {
            mapping.add(field, key).unwrap();
        }
        let json = r#"{"all": [
            {"no": 7, "title": "News", "headline": "Ports", "when": "2026-11-23", "date": "2020-01-01",
             "details": {"story": "One."}, "text": "Other."},
            {"no": "b", "headline": " ", "title": "News", "story": "<p>Two.</p>"}]}"#;
        let documents: Vec<_> = read("f", json, &mapping).into_iter().map(Result::unwrap).collect();
        let texts: Vec<_> = documents
            .iter()
            .map(|document| {
                (document.id.as_str(), document.title.as_deref().unwrap(), document.text.trim())
            })
            .collect();
        assert_eq!(texts, [("f:7", "Ports", "One."), ("f:b", "News", "Two.")]);
        assert_eq!(documents[0].date.unwrap().to_string(), "2026-11-23");
        assert_eq!(documents[0].origins["title"], "JSON headline");
        assert_eq!(documents[0].metadata["title"], "News");
    }

    #[test]
    fn known_keys_fill_fields() {
        let json = r#"{"title": "T", "text": "Text", "发文机关": "某市政府", "locale": "en", "文号": "某政发[2018]7号", "size": 3}"#;
        let document = read("f", json, &FieldMapping::default()).remove(0).unwrap();
        assert_eq!(document.issuer.as_deref(), Some("某市政府"));
        assert_eq!(document.number.as_deref(), Some("某政发〔2018〕7号"));
        assert_eq!((document.lang.as_str(), document.metadata["size"].as_str()), ("en", "3"));
        assert_eq!(document.origins["issuer"], "JSON 发文机关");
    }
}
