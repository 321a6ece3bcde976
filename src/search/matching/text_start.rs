//! Tells whether a leaf occurs in the text of a passage, or only in the title and headings that are indexed in front
//! of the text.

use tantivy::DocId;

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, SegmentView},
};

/// Removes from `docs` each passage in which the leaf occurs only in the title and headings that are indexed in front
/// of the text. `docs` must be ascending.
///
/// `headings` contains the passages with the leaf in their title or headings. Other passages are never removed, so
/// positions are read for few passages. Takes time proportional to the number of passages in both `docs` and
/// `headings` that begin with a heading.
pub(in crate::search) fn retain_in_text(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    headings: Option<&BitSet>,
    docs: &mut Vec<DocId>,
) -> Result<()> {
    let Some(headings) = headings.filter(|_| leaf.field == TextField::Body) else { return Ok(()) };
    let docs_to_check: Vec<DocId> =
        docs.iter().copied().filter(|&doc| headings.contains(doc)).collect();
    let text_starts = segment.columns.text_starts.numbers_of(&docs_to_check);
    let docs_to_check =
        docs_to_check.into_iter().zip(text_starts).filter(|(_, text_start)| *text_start > 0);
    let mut docs_without_leaf: Vec<(DocId, u32)> = docs_to_check.collect();
    for alternative in &leaf.alternatives {
        if docs_without_leaf.is_empty() {
            return Ok(());
        }
        let Some(mut matcher) = segment.phrase_matcher(leaf.field, alternative)? else { continue };
        let mut docs_still_without_leaf = Vec::new();
        for (doc, text_start) in docs_without_leaf {
            let is_in_text = matcher.advance_to(doc)?
                && matcher.position_ranges(doc).any(|range| range.first >= text_start);
            if !is_in_text {
                docs_still_without_leaf.push((doc, text_start));
            }
        }
        docs_without_leaf = docs_still_without_leaf;
    }
    if !docs_without_leaf.is_empty() {
        docs.retain(|doc| {
            docs_without_leaf
                .binary_search_by_key(doc, |(docs_without_leaf, _)| *docs_without_leaf)
                .is_err()
        });
    }
    Ok(())
}
