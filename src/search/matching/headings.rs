//! What of a query stands in the title and headings above a passage: it ranks the passage, and counts
//! when it is asked whether the passage has every word. It never makes a passage match: a title would
//! find every paragraph under it.

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, SegmentView},
};

/// Those of `passages` that have a leaf in their title or in a heading; none where no passage has.
pub(in crate::search) fn above(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    passages: &BitSet,
) -> Result<Option<BitSet>> {
    if leaf.field != TextField::Body || !leaf.adds_score() {
        return Ok(None);
    }
    let headings = segment.variants(TextField::Heading, &leaf.alternatives)?;
    let titles = segment.variants(TextField::Title, &leaf.alternatives)?;
    if headings.is_empty() && titles.is_empty() {
        return Ok(None);
    }
    let mut above = BitSet::new(segment.reader.max_doc());
    above.extend(headings.docs().iter().copied());
    for &title in titles.docs() {
        above.insert_all(segment.columns.passages_of(title));
    }
    above.intersect(passages);
    Ok(Some(above))
}
