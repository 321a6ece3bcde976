//! A JSON value of any shape → documents: texts and titles are found by their keys, and where no key
//! tells, by being the longest.

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

/// Keys whose value is the text, those that are worth most first; in lower case, without signs.
const TEXTS: [&str; 16] = [
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
/// Keys of texts that are better than none.
const SUMMARIES: [&str; 8] =
    ["summary", "description", "abstract", "lede", "intro", "摘要", "简介", "簡介"];
/// Keys for each field; labels of tables and lines count as well.
const KEYS: [(MetadataField, &[&str]); 5] = [
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
/// Below these keys stand other documents.
const OTHERS: [&str; 5] = ["links", "related", "relatedlinks", "breadcrumbs", "navigation"];
/// A value takes several times as much memory as its text.
const MAX_BYTES: usize = 64 << 20;
/// A longer text is no path of categories.
const MAX_PATH: usize = 200;
/// Texts are looked for so deep.
const MAX_DEPTH: usize = 6;
/// A shorter text that no key names is a code, a name or an address.
const MIN_CHARS: usize = 40;

/// The documents in a JSON value: one, or one for each element of a list of them.
pub(in crate::document) fn read(
    id: &str,
    bytes: &str,
    mapping: &FieldMapping,
) -> Vec<Result<Document>> {
    if bytes.len() > MAX_BYTES {
        return vec![Err(unreadable(id, format!("is JSON of more than {} MiB", MAX_BYTES >> 20)))];
    }
    let value: Value = match serde_json::from_str(bytes) {
        Ok(value) => value,
        Err(error) => return vec![Err(unreadable(id, format!("is not JSON: {error}")))],
    };
    let read = |id: String, value: &Value| match value {
        Value::Object(object) => {
            document(&id, object, mapping).map_err(|reason| unreadable(&id, reason))
        }
        _ => Err(unreadable(&id, "is a JSON value and no object".to_owned())),
    };
    match list(&value, mapping) {
        None => vec![read(id.to_owned(), &value)],
        Some([]) => vec![Err(unreadable(id, "holds no document".to_owned()))],
        Some(all) => {
            let named = all.iter().enumerate();
            named
                .map(|(index, value)| read(format!("{id}:{}", name(index, value, mapping)), value))
                .collect()
        }
    }
}

/// What tells an element of a list from the others: its own id, else its place from 1.
fn name(index: usize, value: &Value, mapping: &FieldMapping) -> String {
    let named = || value.as_object().and_then(|object| mapping.id(object));
    let own =
        named().or_else(|| ["id", "guid", "slug"].iter().find_map(|key| plain(value.get(key)?)));
    own.filter(|own| !own.is_empty()).unwrap_or_else(|| (index + 1).to_string())
}

/// The list of documents that a value is or holds.
fn list<'a>(value: &'a Value, mapping: &FieldMapping) -> Option<&'a [Value]> {
    match value {
        Value::Array(all) => Some(all),
        Value::Object(object) => object.values().find_map(|value| {
            let all = value.as_array()?;
            (all.len() > 1 && all.iter().all(|value| is_document(value, mapping)))
                .then_some(all.as_slice())
        }),
        _ => None,
    }
}

/// Whether a value has both a title and a text of its own.
fn is_document(value: &Value, mapping: &FieldMapping) -> bool {
    let Value::Object(object) = value else { return false };
    if mapping.text(object).is_some() {
        return true;
    }
    let has = |wanted: fn(&str) -> bool| {
        object
            .iter()
            .any(|(key, value)| wanted(&fields::normalized_label(key)) && value.is_string())
    };
    has(|key| field(key) == Some(MetadataField::Title)) && has(|key| TEXTS.contains(&key))
}

/// The document that an object is, under the id `id`, or why it is none.
pub(in crate::document) fn document(
    id: &str,
    object: &Map<String, Value>,
    mapping: &FieldMapping,
) -> Result<Document, String> {
    let mut document = Document::new(id, String::new());
    mapping.describe(&mut document, object);
    describe(&mut document, object);
    let mut blocks = BlockBuilder::default();
    let texts = mapping.text(object).map_or_else(|| named(object), |text| vec![text]);
    if texts.is_empty() {
        longest(object).iter().try_for_each(|value| gather(value, &mut blocks, 0))?;
    }
    texts.iter().try_for_each(|value| gather(value, &mut blocks, 0))?;
    if blocks.blocks.is_empty() {
        let summaries =
            object.iter().filter(|(key, _)| SUMMARIES.contains(&&*fields::normalized_label(key)));
        summaries.map(|(_, value)| value).try_for_each(|value| gather(value, &mut blocks, 0))?;
    }
    if blocks.blocks.is_empty() {
        blocks.text = document.title.clone().ok_or("has neither text nor title")?;
    }
    (document.text, document.blocks) = (blocks.text, blocks.blocks);
    Ok(document)
}

/// Takes the fields and the short values of an object.
fn describe(document: &mut Document, object: &Map<String, Value>) {
    let mut known: Vec<(usize, MetadataField, &str, String)> = Vec::new();
    for (key, value) in object {
        let Some(text) = plain(value) else { continue };
        match field_at(&fields::normalized_label(key)) {
            Some((field, place)) => known.push((place, field, key, text)),
            None if text.chars().count() <= MIN_CHARS * 5 => {
                document.metadata.insert(key.clone(), text);
            }
            None => {}
        }
    }
    if let Some(name) = organisation(object, 0) {
        known.push((usize::MAX, MetadataField::Issuer, "organisation", name));
    }
    if let Some((key, name)) = filed(object) {
        known.push((usize::MAX, MetadataField::Issuer, key, name));
    }
    known.sort_by_key(|(place, ..)| *place);
    for (_, field, key, text) in known {
        if !document.fill_field(field, &text, &format!("JSON {key}")) {
            document.metadata.insert(key.to_owned(), text);
        }
    }
}

/// The body in a path of categories under which an object is filed: `行政＞經濟部＞產業目`.
fn filed(object: &Map<String, Value>) -> Option<(&str, String)> {
    object.iter().find_map(|(key, value)| {
        let path = value.as_str().filter(|path| path.len() <= MAX_PATH && !path.contains('<'))?;
        let mut path = path.split(['＞', '>']).map(str::trim);
        let top = path.next()?;
        let name = path.find(|name| organization::is_name(name))?;
        (!top.is_empty()).then(|| (key.as_str(), name.to_owned()))
    })
}

/// The name of the body in a value such as `{"organisations": [{"title": "Office of Ports"}]}`.
fn organisation(object: &Map<String, Value>, depth: usize) -> Option<String> {
    let named = object.iter().find_map(|(key, value)| {
        let key = fields::normalized_label(key);
        let is_body = ["organisation", "organization", "organisations", "organizations"]
            .iter()
            .any(|name| key.ends_with(name))
            || fields::field_of_label(&key)
                .is_some_and(|(field, _)| field == MetadataField::Issuer)
            || key == "publisher";
        let first = value.as_array().map_or(Some(value), |all| all.first()).filter(|_| is_body)?;
        ["title", "name"].iter().find_map(|key| plain(first.get(key)?))
    });
    let inner = || object.values().filter_map(Value::as_object);
    named.or_else(|| {
        (depth < 2).then(|| inner().find_map(|inner| organisation(inner, depth + 1)))?
    })
}

fn field(key: &str) -> Option<MetadataField> {
    field_at(key).map(|(field, _)| field)
}

/// The field that a key names, and how far down the lists it stands.
fn field_at(key: &str) -> Option<(MetadataField, usize)> {
    fields::field_of_label(key).or_else(|| {
        KEYS.iter().find_map(|(field, keys)| {
            keys.iter().position(|known| *known == key).map(|place| (*field, 100 + place))
        })
    })
}

/// The texts that keys name, as near to the top as there are any.
fn named(object: &Map<String, Value>) -> Vec<&Value> {
    let mut level = vec![object];
    for depth in 0..MAX_DEPTH {
        // A name at the top is clear; further down only running text is.
        let is_text = |value: &Value| {
            prose(value) > 0 || depth == 0 && value.as_str().is_some_and(|s| !s.trim().is_empty())
        };
        let found = level.iter().find_map(|object| {
            TEXTS.iter().find_map(|text| {
                let named = object.iter().find(|(key, _)| fields::normalized_label(key) == *text);
                named.map(|(_, value)| value).filter(|value| is_text(value))
            })
        });
        if let Some(found) = found {
            return vec![found];
        }
        let inner = level.iter().flat_map(|object| object.iter());
        let inner = inner.filter(|(key, _)| !OTHERS.contains(&&*fields::normalized_label(key)));
        level = inner.filter_map(|(_, value)| value.as_object()).collect();
    }
    Vec::new()
}

/// The value of an object with most text in it; the object's own texts where these are more.
fn longest(object: &Map<String, Value>) -> Vec<&Value> {
    let values =
        object.iter().filter(|(key, _)| !OTHERS.contains(&&*fields::normalized_label(key)));
    let values: Vec<&Value> = values.map(|(_, value)| value).filter(|v| prose(v) > 0).collect();
    let (texts, inner): (Vec<&Value>, Vec<&Value>) =
        values.into_iter().partition(|v| v.is_string());
    let own: usize = texts.iter().map(|value| prose(value)).sum();
    let best = inner.into_iter().max_by_key(|value| prose(value));
    match best.filter(|value| prose(value) > own) {
        Some(Value::Object(object)) if object.values().all(|value| !value.is_array()) => {
            longest(object)
        }
        Some(value) => vec![value],
        None => texts,
    }
}

/// How many characters of running text a value holds. Parsing has limited its depth.
fn prose(value: &Value) -> usize {
    match value {
        Value::String(text) => {
            let chars = text.chars().count();
            let spoken = text.contains(char::is_whitespace) || !text.is_ascii();
            if chars >= MIN_CHARS && spoken || text.contains("</") { chars } else { 0 }
        }
        Value::Array(all) => all.iter().map(prose).sum(),
        Value::Object(object) => object.values().map(prose).sum(),
        _ => 0,
    }
}

/// The text of a value, in order: of a list of parts, each part is a block, and a part without running
/// text a heading.
fn gather(value: &Value, blocks: &mut BlockBuilder, depth: usize) -> Result<(), String> {
    match value {
        Value::String(text) => html::any(text, blocks),
        Value::Array(all) => all.iter().try_for_each(|value| gather(value, blocks, depth + 1)),
        Value::Object(object) => {
            // A body in several types: the page is the one with structure.
            let typed = object.get("content").filter(|_| object.contains_key("content_type"));
            if let Some(content) = typed {
                let html = object.get("content_type").and_then(Value::as_str) == Some("text/html");
                return if html { gather(content, blocks, depth + 1) } else { Ok(()) };
            }
            part(object, blocks, depth)
        }
        _ => Ok(()),
    }
}

/// A part of a text: its short values first, in one line with its text.
fn part(
    object: &Map<String, Value>,
    blocks: &mut BlockBuilder,
    depth: usize,
) -> Result<(), String> {
    let strings = || object.iter().filter_map(|(key, value)| Some((key, value.as_str()?.trim())));
    let is_text = |key: &str| {
        let key = fields::normalized_label(key);
        TEXTS.iter().any(|text| key.ends_with(text))
    };
    let label: Vec<&str> = strings()
        .filter(|(key, text)| {
            !is_text(key) && text.chars().count() <= MIN_CHARS && !text.is_empty()
        })
        .map(|(_, text)| text)
        .collect();
    let texts: Vec<&str> = strings()
        .filter(|(key, text)| is_text(key) && !text.is_empty())
        .map(|(_, text)| text)
        .collect();
    let inner = object.values().any(|value| value.is_array() || value.is_object());
    if texts.is_empty() && !inner || label.len() > 3 {
        blocks.push(&label.join(" "));
        blocks.close(BlockKind::Heading(u8::try_from(depth).unwrap_or(u8::MAX).max(1)));
    } else if !label.is_empty() {
        blocks.push(&label.join(" "));
        blocks.push("\u{3000}");
    }
    for text in texts {
        html::any(text, blocks)?;
    }
    blocks.close(BlockKind::Paragraph);
    let nested = object.values().filter(|value| value.is_array() || value.is_object());
    nested.into_iter().try_for_each(|value| gather(value, blocks, depth + 1))
}

/// A string or a number as text.
fn plain(value: &Value) -> Option<String> {
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

    fn read(json: &str) -> Vec<String> {
        let shown = super::read("f", json, &FieldMapping::default()).into_iter().map(|document| {
            match document {
                Ok(document) => {
                    let blocks = document.blocks.iter().map(|block| {
                        let text = block.span.of(&document.text);
                        match block.kind {
                            BlockKind::Heading(level) => format!("{level} {text}"),
                            _ => text.to_owned(),
                        }
                    });
                    let date = document.date.map(|date| format!(" {date}")).unwrap_or_default();
                    let title = document.title.clone().unwrap_or_default();
                    format!(
                        "{}: {title}{date}: {}",
                        document.id,
                        blocks.collect::<Vec<_>>().join("/")
                    )
                }
                Err(error) => error.to_string(),
            }
        });
        shown.collect()
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
            assert_eq!(read(json), expected, "{json}");
        }
    }

    #[test]
    fn keys_that_are_named_come_first() {
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
        let read: Vec<_> =
            super::read("f", json, &mapping).into_iter().map(Result::unwrap).collect();
        let shown: Vec<_> = read
            .iter()
            .map(|read| (read.id.as_str(), read.title.as_deref().unwrap(), read.text.trim()))
            .collect();
        assert_eq!(shown, [("f:7", "Ports", "One."), ("f:b", "News", "Two.")]);
        assert_eq!(read[0].date.unwrap().to_string(), "2026-11-23");
        assert_eq!(read[0].origins["title"], "JSON headline");
        assert_eq!(read[0].metadata["title"], "News");
    }

    #[test]
    fn fields_of_json() {
        let json = r#"{"title": "T", "text": "Text", "发文机关": "某市政府", "locale": "en", "文号": "某政发[2018]7号", "size": 3}"#;
        let read = super::read("f", json, &FieldMapping::default()).remove(0).unwrap();
        assert_eq!(read.issuer.as_deref(), Some("某市政府"));
        assert_eq!(read.number.as_deref(), Some("某政发〔2018〕7号"));
        assert_eq!((read.lang.as_str(), read.metadata["size"].as_str()), ("en", "3"));
        assert_eq!(read.origins["issuer"], "JSON 发文机关");
    }
}
