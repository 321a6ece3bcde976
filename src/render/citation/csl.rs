//! Renders citations as CSL-JSON, the format of citation processors.

use serde_json::{Map, Value, json};

use super::source::CitedSource;

/// Returns an array of items. The quote is in the variable `annote`; location of the passage, speaker, inferred fields
/// and link are in `note`.
pub(super) fn items<'a>(sources: impl IntoIterator<Item = CitedSource<'a>>) -> String {
    let items: Vec<Value> = sources.into_iter().map(|source| csl_item(&source)).collect();
    let items = serde_json::to_string_pretty(&Value::Array(items));
    // Texts and numbers always have a JSON form.
    format!("{}\n", items.unwrap_or_default())
}

fn csl_item(source: &CitedSource<'_>) -> Value {
    let mut item = Map::new();
    let mut set = |name: &str, value: Value| {
        item.insert(name.to_owned(), value);
    };
    set("id", json!(source.citation_key()));
    set("type", json!(if source.url.is_some() { "webpage" } else { "document" }));
    if !source.authors.is_empty() {
        let names = source.authors.iter().map(|name| json!({ "literal": name }));
        set("author", names.collect());
    }
    set("title", json!(source.title));
    if let Some(date) = source.date {
        let (year, month, day) = date.year_month_day();
        let mut issued = json!({ "date-parts": [[year, month, day]] });
        if source.is_date_inferred {
            issued["circa"] = json!(true);
        }
        set("issued", issued);
    }
    let texts = [("number", source.number.as_deref()), ("URL", source.url.as_deref())];
    for (name, text) in texts {
        if let Some(text) = text {
            set(name, json!(text));
        }
    }
    if !source.lang().is_empty() {
        set("language", json!(crate::render::visible_text(source.lang())));
    }
    set("annote", json!(source.quote()));
    set("note", json!(source.note()));
    Value::Object(item)
}
