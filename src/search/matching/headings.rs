//! Finds query words in the title and headings above a passage. Such words raise the score and count towards the bonus
//! for all words, but never make a passage match: otherwise a word in a title would match every passage of the
//! document.

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, SegmentView},
};

/// Returns the passages among `passages` that have `leaf` in their title or in a heading above them. Returns `None` if
/// `leaf` occurs in no title and no heading of the segment, is not searched in the body, or adds no score.
pub(in crate::search) fn heading_matches(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    passages: &BitSet,
) -> Result<Option<BitSet>> {
    if leaf.field != TextField::Body || !leaf.adds_score() {
        return Ok(None);
    }
    let headings = segment.read_union(TextField::Heading, &leaf.alternatives)?;
    let titles = segment.read_union(TextField::Title, &leaf.alternatives)?;
    if headings.is_empty() && titles.is_empty() {
        return Ok(None);
    }
    let mut matches = BitSet::new(segment.reader.max_doc());
    matches.extend(headings.docs().iter().copied());
    for &title in titles.docs() {
        matches.insert_range(segment.columns.passages_of(title));
    }
    matches.intersect_with(passages);
    Ok(Some(matches))
}
