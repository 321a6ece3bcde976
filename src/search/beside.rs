//! What of a query stands in the title and headings above a passage: it ranks the passage, and counts
//! when it is asked whether the passage has every word. It never makes a passage match: a title would
//! find every paragraph under it.

use super::{bits::Bits, engine, passages::Passages};
use crate::{
    error::Result,
    index::DOCUMENT,
    query::{Leaf, Scope},
};

/// The places of those passages that have a leaf in their title or in a heading, ascending.
pub(super) fn above(leaf: &Leaf, passages: &Passages<'_>) -> Result<Vec<usize>> {
    if leaf.scope != Scope::Body || !leaf.ranks() {
        return Ok(Vec::new());
    }
    let headings = passages.segment().variants(Scope::Heading, &leaf.variants)?;
    let mut places: Vec<usize> =
        headings.iter().filter_map(|posting| passages.place(posting.doc)).collect();
    if let Some(titles) = titles(leaf, passages)? {
        let documents = passages.documents()?.iter().enumerate();
        let under = documents.filter(|&(_, &document)| titles.contains(document as u32));
        places.extend(under.map(|(place, _)| place));
        places.sort_unstable();
        places.dedup();
    }
    Ok(places)
}

/// The numbers of the documents that have a leaf in their title; none where there are none.
fn titles(leaf: &Leaf, passages: &Passages<'_>) -> Result<Option<Bits>> {
    let segment = passages.segment();
    let records = segment.variants(Scope::Title, &leaf.variants)?;
    let documents = segment.reader.fast_fields().str(DOCUMENT).map_err(engine)?;
    let Some(documents) = documents.filter(|_| !records.is_empty()) else { return Ok(None) };
    let mut titles = Bits::new(documents.num_terms() as u32);
    for ord in records.iter().filter_map(|record| documents.ords().first(record.doc)) {
        titles.insert(ord as u32);
    }
    Ok(Some(titles))
}
