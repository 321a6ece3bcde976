//! What of a query stands in the title and headings above a passage: it ranks the passage, and counts
//! when it is asked whether the passage has every word. It never makes a passage match: a title would
//! find every paragraph under it.

use super::{bits::Bits, postings::Segment};
use crate::{
    error::Result,
    query::{Leaf, Scope},
};

/// Those of `passages` that have a leaf in their title or in a heading; none where no passage has.
pub(super) fn above(segment: Segment<'_>, leaf: &Leaf, passages: &Bits) -> Result<Option<Bits>> {
    if leaf.scope != Scope::Body || !leaf.ranks() {
        return Ok(None);
    }
    let headings = segment.variants(Scope::Heading, &leaf.variants)?;
    let titles = segment.variants(Scope::Title, &leaf.variants)?;
    if headings.is_empty() && titles.is_empty() {
        return Ok(None);
    }
    let mut above = Bits::new(segment.reader.max_doc());
    above.extend(headings.iter().map(|posting| posting.doc));
    above.intersect(passages);
    if titles.is_empty() {
        return Ok(Some(above));
    }
    let documents = &segment.columns.documents;
    let mut with_leaf = Bits::new(segment.columns.document_bound());
    let records: Vec<_> = titles.iter().map(|posting| posting.doc).collect();
    with_leaf.extend(documents.of(&records));
    let docs: Vec<_> = passages.iter().collect();
    for (&doc, document) in docs.iter().zip(documents.of(&docs)) {
        if with_leaf.contains(document) {
            above.insert(doc);
        }
    }
    Ok(Some(above))
}
