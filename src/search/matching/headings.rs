//! Finds query words in the title and headings above a passage. These words raise the score and count towards the bonus
//! for passages with all query words. They do not make a passage match, because a word in a title would then match
//! every passage of the document.

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, SegmentView},
};

/// Returns the `passages` that have `leaf` in the title of their document or in a heading above them. Returns `None` if
/// no title and no heading of the segment contains `leaf`, if `leaf` is not searched in the body, or if `leaf` adds no
/// score.
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
