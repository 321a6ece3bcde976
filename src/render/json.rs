//! JSON output: one object for the page, or JSON Lines with one object for each hit.

use serde::Serialize;

use super::{
    Page,
    object::{HitObject, ResultsObject},
};
use crate::span::OffsetUnit;

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

/// Serializes `object`. All keys are strings and all numbers are finite, so serialization cannot fail.
fn to_json(object: &impl Serialize) -> String {
    serde_json::to_string(object).unwrap_or_default()
}
