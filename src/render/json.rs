//! Results → JSON, one object; or JSON Lines, one hit a line.

use serde::Serialize;

use super::{
    Page,
    object::{HitObject, ResultsObject},
};
use crate::span::OffsetUnit;

/// One object with the page and all that is known of it; every span counts in `unit`.
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
    written(&ResultsObject::new(page.into(), unit))
}

/// One line for each hit of the page; every span counts in `unit`.
pub fn jsonl<'a>(page: impl Into<Page<'a>>, unit: OffsetUnit) -> String {
    let lines = HitObject::all(page.into(), unit).map(|hit| written(&hit));
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// All keys are texts and all numbers finite: nothing of this can fail.
fn written(object: &impl Serialize) -> String {
    serde_json::to_string(object).unwrap_or_default()
}
