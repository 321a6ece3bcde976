//! Query words in the title and headings above a passage. They add score and count towards "has every word", but
//! never make a passage match: a title would find every paragraph below it.

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, SegmentView},
};

/// Returns the passages among `passages` that have `leaf` in their title or in a heading above them. Returns
/// `None` if neither field contains it, or if the leaf is not one of the body that ranks.
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
