//! Finds the text of a JSON object and adds it as blocks. The text is the value of a key such as
//! `body` ([`TEXT_KEYS`]). If no such key has a text, the text is the longest value.

use serde_json::{Map, Value};

use crate::document::{blocks::BlockBuilder, format::html, metadata::fields, model::BlockKind};

/// Keys under which an object contains its text, in lower case and without punctuation, in order of
/// precedence.
pub(super) const TEXT_KEYS: [&str; 18] = [
    "body",
    "bodyhtml",
    "contenthtml",
    "html",
    "content",
    "contents",
    "contenttext",
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
/// Keys of summaries. A summary becomes the text of a document without a text.
const SUMMARY_KEYS: [&str; 8] =
    ["summary", "description", "abstract", "lede", "intro", "摘要", "简介", "簡介"];
/// Keys whose values describe related documents instead of the document itself.
const RELATED_KEYS: [&str; 5] = ["links", "related", "relatedlinks", "breadcrumbs", "navigation"];
/// Maximum number of levels of nested objects, including the top level, that are searched for a text.
const MAX_OBJECT_LEVELS: usize = 6;
/// Minimum number of characters of a value that counts as running text. A shorter value is a code,
/// a name or an address.
pub(super) const MIN_PROSE_CHARS: usize = 40;

/// Returns the value of a key in [`TEXT_KEYS`], also from nested objects. The value nearest to the
/// top level takes precedence. `None` if no such key has a text.
pub(super) fn text_under_text_key(object: &Map<String, Value>) -> Option<&Value> {
    let mut level_objects = vec![object];
    for depth in 0..MAX_OBJECT_LEVELS {
        // At the top level, the key is sufficient. In nested objects, the value must also be
        // running text.
        let is_text = |value: &Value| {
            let rendered = value.as_object().and_then(rendered_text);
            count_prose_chars(value) > 0
                || rendered.is_some_and(|text| !text.trim().is_empty())
                || depth == 0 && value.as_str().is_some_and(|s| !s.trim().is_empty())
        };
        let level_text = level_objects.iter().find_map(|object| {
            TEXT_KEYS.iter().find_map(|text_key| {
                let mut entries = object.iter();
                let (_, value) =
                    entries.find(|(key, _)| fields::normalized_label(key) == *text_key)?;
                is_text(value).then_some(value)
            })
        });
        if level_text.is_some() {
            return level_text;
        }
        let entries = level_objects.iter().flat_map(|object| object.iter());
        let entries_to_search =
            entries.filter(|(key, _)| !RELATED_KEYS.contains(&&*fields::normalized_label(key)));
        level_objects = entries_to_search.filter_map(|(_, value)| value.as_object()).collect();
    }
    None
}

/// Returns the value with the most running text: an array, or a nested object. Of a nested object without arrays,
/// returns the longest texts inside of it. If the strings directly in `object` together have at least as much running
/// text, returns these strings instead.
pub(super) fn longest_texts(object: &Map<String, Value>) -> Vec<&Value> {
    let entries_to_search =
        object.iter().filter(|(key, _)| !RELATED_KEYS.contains(&&*fields::normalized_label(key)));
    let prose_values =
        entries_to_search.map(|(_, value)| value).filter(|value| count_prose_chars(value) > 0);
    let (strings, nested_values): (Vec<&Value>, Vec<&Value>) =
        prose_values.partition(|value| value.is_string());
    let string_prose_chars: usize = strings.iter().map(|value| count_prose_chars(value)).sum();
    let longest_nested_value =
        nested_values.into_iter().max_by_key(|value| count_prose_chars(value));
    match longest_nested_value.filter(|value| count_prose_chars(value) > string_prose_chars) {
        Some(Value::Object(object)) if object.values().all(|value| !value.is_array()) => {
            longest_texts(object)
        }
        Some(value) => vec![value],
        None => strings,
    }
}

/// Returns the number of characters of running text in a value. The recursion is bounded, because
/// the parser limits the nesting depth.
fn count_prose_chars(value: &Value) -> usize {
    match value {
        Value::String(text) => {
            let char_count = text.chars().count();
            let has_words = text.contains(char::is_whitespace) || !text.is_ascii();
            let is_prose = char_count >= MIN_PROSE_CHARS && has_words || text.contains("</");
            if is_prose { char_count } else { 0 }
        }
        Value::Array(elements) => elements.iter().map(count_prose_chars).sum(),
        Value::Object(object) => object.values().map(count_prose_chars).sum(),
        _ => 0,
    }
}

/// Adds the text of a value as blocks, in order. Each element of an array begins a new block.
/// `depth` is the nesting depth of the value.
pub(super) fn add_text(
    value: &Value,
    blocks: &mut BlockBuilder,
    depth: usize,
) -> Result<(), String> {
    match value {
        Value::String(text) => html::read_text_or_html(text, blocks),
        Value::Array(elements) => {
            elements.iter().try_for_each(|element| add_text(element, blocks, depth + 1))
        }
        Value::Object(object) => {
            if let Some(text) = rendered_text(object) {
                return html::read_text_or_html(text, blocks);
            }
            // An object with the key `content_type` contains the text in one of several media
            // types. Only HTML is read, because HTML has structure.
            let typed_content =
                object.get("content").filter(|_| object.contains_key("content_type"));
            if let Some(content) = typed_content {
                let media_type = object.get("content_type").and_then(Value::as_str);
                return match media_type {
                    Some("text/html") => add_text(content, blocks, depth + 1),
                    _ => Ok(()),
                };
            }
            add_section(object, blocks, depth)
        }
        _ => Ok(()),
    }
}

/// Returns the text of an object such as `{"rendered": "<p>Text</p>"}`, in which `WordPress` wraps texts and titles.
pub(super) fn rendered_text(object: &Map<String, Value>) -> Option<&str> {
    object.get("rendered").and_then(Value::as_str)
}

/// Adds the blocks of an object that is one section of a text. Short values, such as the number of an article, precede
/// the text of the section on the same line. The short values become a heading instead if there are more than three, or
/// if the section has neither a text nor nested values.
fn add_section(
    object: &Map<String, Value>,
    blocks: &mut BlockBuilder,
    depth: usize,
) -> Result<(), String> {
    let string_entries =
        || object.iter().filter_map(|(key, value)| Some((key, value.as_str()?.trim())));
    let is_text_key = |key: &str| {
        let key = fields::normalized_label(key);
        TEXT_KEYS.iter().any(|text| key.ends_with(text))
    };
    let short_values: Vec<&str> = string_entries()
        .filter(|(key, text)| {
            !is_text_key(key) && text.chars().count() <= MIN_PROSE_CHARS && !text.is_empty()
        })
        .map(|(_, text)| text)
        .collect();
    let texts: Vec<&str> = string_entries()
        .filter(|(key, text)| is_text_key(key) && !text.is_empty())
        .map(|(_, text)| text)
        .collect();
    let has_nested_values = object.values().any(|value| value.is_array() || value.is_object());
    if texts.is_empty() && !has_nested_values || short_values.len() > 3 {
        blocks.push(&short_values.join(" "));
        blocks.finish_block(BlockKind::Heading(u8::try_from(depth).unwrap_or(u8::MAX).max(1)));
    } else if !short_values.is_empty() {
        blocks.push(&short_values.join(" "));
        blocks.push("\u{3000}");
    }
    for text in texts {
        html::read_text_or_html(text, blocks)?;
    }
    blocks.finish_block(BlockKind::Paragraph);
    let mut nested_values = object.values().filter(|value| value.is_array() || value.is_object());
    nested_values.try_for_each(|value| add_text(value, blocks, depth + 1))
}

/// Adds the summaries of an object as blocks, in place of a missing text.
pub(super) fn add_summaries(
    object: &Map<String, Value>,
    blocks: &mut BlockBuilder,
) -> Result<(), String> {
    let summaries =
        object.iter().filter(|(key, _)| SUMMARY_KEYS.contains(&&*fields::normalized_label(key)));
    summaries.map(|(_, value)| value).try_for_each(|value| add_text(value, blocks, 0))
}
