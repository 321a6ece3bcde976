//! Finds the text of a JSON object and adds it as blocks. The text is the value of a key such as
//! `body` ([`TEXT_KEYS`]). If no such key has a text, the text is the longest value.

use serde_json::{Map, Value};

use crate::document::{
    blocks::BlockBuilder,
    format::html,
    metadata::fields::{self, MetadataField},
    model::BlockKind,
};

/// Keys under which an object contains its text, in lower case and without punctuation, in order of
/// precedence.
pub(super) const TEXT_KEYS: [&str; 21] = [
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
    "postcontent",
    "正文",
    "内文",
    "內文",
    "内容",
    "內容",
    "全文",
    "文章内容",
    "文章內容",
    "文本",
];
/// Keys of summaries. A summary becomes the text of a document without a text.
pub(super) const SUMMARY_KEYS: [&str; 8] =
    ["summary", "description", "abstract", "lede", "intro", "摘要", "简介", "簡介"];
/// Keys whose values describe related documents instead of the document itself.
pub(super) const KEYS_OF_RELATED_DOCUMENTS: [&str; 5] =
    ["links", "related", "relatedlinks", "breadcrumbs", "navigation"];
/// Keys whose values describe the form of a text, in an object that contains the text. Their values are not part of the
/// text.
const KEYS_OF_TEXT_FORM: [&str; 6] = ["type", "kind", "style", "format", "id", "key"];
/// Keys of the heading of a section.
const SECTION_HEADING_KEYS: [&str; 4] = ["heading", "title", "headline", "subheading"];
/// Maximum number of levels of nested objects, including the top level, that are searched for a text.
const MAX_LEVELS_SEARCHED_FOR_TEXT: usize = 6;
/// Minimum number of characters of a value that counts as running text. A shorter value is a code,
/// a name or an address.
pub(super) const MIN_PROSE_CHARS: usize = 40;

/// Returns the value of a key in [`TEXT_KEYS`], also from nested objects. The value nearest to the
/// top level takes precedence. `None` if no such key has a text.
pub(super) fn text_under_text_key(object: &Map<String, Value>) -> Option<&Value> {
    let mut level_objects = vec![object];
    for depth in 0..MAX_LEVELS_SEARCHED_FOR_TEXT {
        // At the top level, the key is sufficient. In nested objects, the value must also be
        // running text.
        let is_text = |value: &Value| {
            let rendered = value.as_object().and_then(rendered_text);
            count_prose_chars(value) > 0
                || rendered.is_some_and(|text| !text.trim().is_empty())
                || value.is_array() && has_sections(value)
                || depth == 0 && is_text_of_document(value)
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
        let entries_to_search = entries.filter(|(key, _)| {
            !KEYS_OF_RELATED_DOCUMENTS.contains(&&*fields::normalized_label(key))
        });
        level_objects = entries_to_search.filter_map(|(_, value)| value.as_object()).collect();
    }
    None
}

/// Returns whether `wanted`, a value of `object`, is the title of the object.
fn is_title_of_object(object: &Map<String, Value>, wanted: &Value) -> bool {
    let mut entries = object.iter().filter(|(_, value)| std::ptr::eq(*value, wanted));
    entries.any(|(key, _)| {
        fields::field_of_label(key).is_some_and(|(field, _)| field == MetadataField::Title)
    })
}

/// Returns whether `value`, the value of a text key in a document, is a text: a string, or a list with texts. The text
/// may have any length.
pub(super) fn is_text_of_document(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(elements) => {
            let mut strings = elements.iter().filter_map(Value::as_str);
            strings.any(has_several_words_or_non_ascii) || has_sections(value)
        }
        Value::Object(object) => {
            rendered_text(object).is_some_and(|text| !text.trim().is_empty())
                || is_section(object)
                || object.values().any(has_sections)
        }
        _ => false,
    }
}

/// Returns whether a value is a list that contains sections: objects with a text under a text key.
fn has_sections(value: &Value) -> bool {
    let mut objects = value.as_array().into_iter().flatten().filter_map(Value::as_object);
    objects.any(is_section)
}

/// Returns whether an object has a text of any length under a text key.
fn is_section(object: &Map<String, Value>) -> bool {
    object.iter().any(|(key, value)| {
        is_text_key(key) && value.as_str().is_some_and(has_several_words_or_non_ascii)
    })
}

/// Returns whether a text has several words or non-ASCII characters. Any other text may be a code or the name of a
/// type.
fn has_several_words_or_non_ascii(text: &str) -> bool {
    text.trim().contains(char::is_whitespace) || !text.is_ascii()
}

fn is_text_key(key: &str) -> bool {
    TEXT_KEYS.contains(&&*fields::normalized_label(key))
}

/// Returns the values in `object` that form its text: the array or nested object with the most running text, or else
/// the strings directly in `object`. The strings are chosen if they together have at least as much running text, not
/// counting the title. A nested object without arrays is searched in the same way. If no value has running text,
/// returns a list of sections.
pub(super) fn values_with_most_running_text(object: &Map<String, Value>) -> Vec<&Value> {
    let entries_to_search = object
        .iter()
        .filter(|(key, _)| !KEYS_OF_RELATED_DOCUMENTS.contains(&&*fields::normalized_label(key)));
    let prose_values =
        entries_to_search.map(|(_, value)| value).filter(|value| count_prose_chars(value) > 0);
    let (strings, nested_values): (Vec<&Value>, Vec<&Value>) =
        prose_values.partition(|value| value.is_string());
    let texts = || strings.iter().filter(|value| !is_title_of_object(object, value));
    if nested_values.is_empty()
        && texts().next().is_none()
        && let Some((_, sections)) = object.iter().find(|(key, value)| {
            !KEYS_OF_RELATED_DOCUMENTS.contains(&&*fields::normalized_label(key))
                && has_sections(value)
        })
    {
        return vec![sections];
    }
    let string_prose_chars: usize = texts().map(|value| count_prose_chars(value)).sum();
    let longest_nested_value =
        nested_values.into_iter().max_by_key(|value| count_prose_chars(value));
    match longest_nested_value.filter(|value| count_prose_chars(value) > string_prose_chars) {
        Some(Value::Object(object)) if object.values().all(|value| !value.is_array()) => {
            values_with_most_running_text(object)
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
            let is_prose = char_count >= MIN_PROSE_CHARS && has_several_words_or_non_ascii(text)
                || text.contains("</");
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

/// Returns the text of an object in which content systems wrap texts and titles: `{"rendered": "<p>Text</p>"}` of
/// `WordPress`, `{"value": "Text", "format": "html", "processed": "<p>Text</p>"}` of Drupal.
pub(super) fn rendered_text(object: &Map<String, Value>) -> Option<&str> {
    let value = object.get("value").filter(|_| object.contains_key("format"));
    let mut texts = [object.get("rendered"), object.get("processed"), value].into_iter().flatten();
    texts.find_map(Value::as_str)
}

/// Adds the blocks of an object that is one section of a text. Short values, such as the number of an article, precede
/// the text of the section on the same line. The short values become a heading instead if there are more than three, or
/// if the section has neither a text nor nested values. The value of a key such as `heading` is always a heading.
fn add_section(
    object: &Map<String, Value>,
    blocks: &mut BlockBuilder,
    depth: usize,
) -> Result<(), String> {
    let texts = section_texts(object);
    let has_nested_values = object.values().any(|value| value.is_array() || value.is_object());
    let has_content = !texts.is_empty() || has_nested_values;
    let short_values = || {
        let entries = object.iter().filter_map(|(key, value)| Some((key, value.as_str()?.trim())));
        entries.filter(|(key, text)| {
            let is_form =
                has_content && KEYS_OF_TEXT_FORM.contains(&&*fields::normalized_label(key));
            !ends_with_text_key(key)
                && !is_form
                && text.chars().count() <= MIN_PROSE_CHARS
                && !text.is_empty()
        })
    };
    let is_heading_key =
        |key: &str| SECTION_HEADING_KEYS.contains(&&*fields::normalized_label(key));
    let level = BlockKind::Heading(u8::try_from(depth).unwrap_or(u8::MAX).max(1));
    let (headings, labels): (Vec<_>, Vec<_>) =
        short_values().partition(|(key, _)| has_content && is_heading_key(key));
    for (_, heading) in headings {
        blocks.push(heading);
        blocks.finish_block(level);
    }
    let label = labels.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" ");
    blocks.push(&label);
    if !has_content || labels.len() > 3 {
        blocks.finish_block(level);
    } else if !label.is_empty() {
        blocks.push("\u{3000}");
    }
    let is_heading = object.iter().any(|(key, value)| {
        fields::normalized_label(key) == "type" && is_heading_block_type(value)
    });
    for text in texts {
        if is_heading && !text.contains('<') {
            blocks.push(text);
            blocks.finish_block(level);
        } else {
            html::read_text_or_html(text, blocks)?;
        }
    }
    blocks.finish_block(BlockKind::Paragraph);
    let mut nested_values = object.values().filter(|value| value.is_array() || value.is_object());
    nested_values.try_for_each(|value| add_text(value, blocks, depth + 1))
}

/// Returns the texts under the text keys of a section. If the name of a key ends with `html`, returns only the text
/// under this key, because the other texts repeat it in plain text.
fn section_texts(object: &Map<String, Value>) -> Vec<&str> {
    let entries = object.iter().filter_map(|(key, value)| Some((key, value.as_str()?.trim())));
    let texts: Vec<_> =
        entries.filter(|(key, text)| ends_with_text_key(key) && !text.is_empty()).collect();
    let html = texts.iter().find(|(key, _)| fields::normalized_label(key).ends_with("html"));
    match html {
        Some((_, html)) => vec![html],
        None => texts.into_iter().map(|(_, text)| text).collect(),
    }
}

fn ends_with_text_key(key: &str) -> bool {
    let key = fields::normalized_label(key);
    TEXT_KEYS.iter().any(|text| key.ends_with(text))
}

/// Returns whether `value`, the type that a block states, denotes a heading.
fn is_heading_block_type(value: &Value) -> bool {
    matches!(value.as_str(), Some("heading" | "header" | "subheading" | "h2" | "h3" | "h4"))
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
