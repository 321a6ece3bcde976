//! Tells whether a leaf occurs in the text of a passage, or only in the title and headings that are indexed in front of the
//! text.

use tantivy::DocId;

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, SegmentView},
};

/// Removes from `docs` the passages in which a leaf occurs, but only before the text. `docs` must be ascending.
///
/// Only a passage with the leaf in its title or headings (`headings`) can be such a passage, so positions are read for few
/// passages. Takes time proportional to the number of passages in both `docs` and `headings` that begin with a heading.
pub(in crate::search) fn retain_in_text(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    headings: Option<&BitSet>,
    docs: &mut Vec<DocId>,
) -> Result<()> {
    let Some(headings) = headings.filter(|_| leaf.field == TextField::Body) else { return Ok(()) };
    let doubtful: Vec<DocId> = docs.iter().copied().filter(|&doc| headings.contains(doc)).collect();
    let starts = segment.columns.text_starts.numbers_of(&doubtful);
    let doubtful = doubtful.into_iter().zip(starts).filter(|(_, start)| *start > 0);
    let mut missing: Vec<(DocId, u32)> = doubtful.collect();
    for alternative in &leaf.alternatives {
        if missing.is_empty() {
            return Ok(());
        }
        let Some(mut matcher) = segment.phrase_matcher(leaf.field, alternative)? else { continue };
        let mut still_missing = Vec::new();
        for (doc, start) in missing {
            let is_in_text = matcher.advance_to(doc)?
                && matcher.position_ranges(doc).any(|range| range.first >= start);
            if !is_in_text {
                still_missing.push((doc, start));
            }
        }
        missing = still_missing;
    }
    if !missing.is_empty() {
        docs.retain(|doc| missing.binary_search_by_key(doc, |(missing, _)| *missing).is_err());
    }
    Ok(())
}
