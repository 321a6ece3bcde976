//! Renders JSON: one object for the page, or JSON Lines with one object for each hit.

use std::fmt::Write as _;

use serde::Serialize;

use super::{
    Page,
    object::{HitObject, ResolutionObject, ResultsObject},
    sanitize::controls_terminal,
};
use crate::{
    search::{PassageLink, Resolution},
    span::OffsetUnit,
};

/// Renders the page as one JSON object. `unit` is the unit of every span.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query, render, span::OffsetUnit};
///
/// let index = Index::in_memory();
/// let writer = index.writer()?;
/// writer.add(&Document::new("a", "广州 port"))?;
/// writer.commit()?;
/// let results = index.searcher()?.search(&Query::new("port"))?;
/// let json = render::json(&results, OffsetUnit::Codepoint);
/// assert!(json.contains("\"highlights\":[[3,7]]"));
/// # Ok(())
/// # }
/// ```
pub fn json<'a>(page: impl Into<Page<'a>>, unit: OffsetUnit) -> String {
    to_json(&ResultsObject::new(page.into(), unit))
}

/// Renders the page as JSON Lines, one hit per line. `unit` is the unit of every span.
pub fn jsonl<'a>(page: impl Into<Page<'a>>, unit: OffsetUnit) -> String {
    let lines = HitObject::of_page(page.into(), unit).map(|hit| to_json(&hit));
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// Renders `resolution` as one JSON object. The object says whether the index still contains the text that `link`
/// quotes. `unit` is the unit of every span.
pub fn resolution_json(link: &PassageLink, resolution: &Resolution, unit: OffsetUnit) -> String {
    to_json(&ResolutionObject::new(link, resolution, unit))
}

/// Serializes `object`. All keys are strings and all numbers are finite, so serialization cannot fail.
pub(super) fn to_json(object: &impl Serialize) -> String {
    escape_controls(serde_json::to_string(object).unwrap_or_default())
}

/// Escapes the characters that could control a terminal and that JSON does not require to be escaped. JSON contains
/// these characters only inside strings.
fn escape_controls(json: String) -> String {
    if !json.contains(controls_terminal) {
        return json;
    }
    let mut escaped_json = String::with_capacity(json.len());
    for c in json.chars() {
        if controls_terminal(c) {
            let _ = write!(escaped_json, "\\u{:04x}", u32::from(c));
        } else {
            escaped_json.push(c);
        }
    }
    escaped_json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn json_holds_no_character_that_controls_a_terminal() {
        for text in ["a\u{1b}[31m\u{9b}b\u{7f}\u{202e}c\n\"\\", "é 广州 😀"] {
            let json = to_json(&text);
            assert!(!json.contains(controls_terminal), "{json}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn releases_are_groups_of_passages() {
        let mut results = sample::results_with_markup();
        let mut other = results.hits[0].clone();
        other.passage.id = "other".to_owned();
        results.hits[0].next_best.push(other);
        let page = Page::from(&results).by_release(true);
        let json: serde_json::Value = serde_json::from_str(&json(page, OffsetUnit::Utf8)).unwrap();
        assert_eq!(json["hits"].as_array().unwrap().len(), 0);
        let group = &json["groups"][0];
        assert_eq!((&group["rank"], &group["more"]), (&1.into(), &2.into()));
        assert_eq!(group["hits"].as_array().unwrap().len(), 2);
        assert_eq!(group["hits"][1]["passage"]["id"], "other");
        assert_eq!(jsonl(page, OffsetUnit::Utf8).lines().count(), 2, "a line for each passage");
    }
}
