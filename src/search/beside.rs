//! What of a query stands in the title and headings above a passage: it ranks the passage, and counts
//! when it is asked whether the passage has every word. It never makes a passage match: a title would
//! find every paragraph under it.

use tantivy::{DocId, columnar::StrColumn};

use super::{bits::Bits, engine, postings::Segment};
use crate::{
    error::Result,
    index::DOCUMENT,
    query::{Leaf, Scope},
};

/// Where the leaves of a query stand above the passages of one segment.
pub(super) struct Beside {
    documents: Option<StrColumn>,
    /// By leaf.
    leaves: Vec<Above>,
}

struct Above {
    /// Numbers of documents with the leaf in their title.
    titles: Bits,
    /// Passages with the leaf in a heading.
    headings: Bits,
}

impl Beside {
    pub(super) fn new(segment: Segment<'_>, leaves: &[Leaf]) -> Result<Self> {
        let documents = segment.reader.fast_fields().str(DOCUMENT).map_err(engine)?;
        let leaves = leaves.iter().map(|leaf| Above::new(segment, leaf, documents.as_ref()));
        Ok(Self { leaves: leaves.collect::<Result<_>>()?, documents })
    }

    /// The number of the document of a passage.
    pub(super) fn document(&self, doc: DocId) -> Option<u32> {
        self.documents.as_ref()?.ords().first(doc).map(|ord| ord as u32)
    }

    /// Whether a leaf stands above a passage of the document of that number.
    pub(super) fn holds(&self, leaf: usize, doc: DocId, document: Option<u32>) -> bool {
        self.leaves.get(leaf).is_some_and(|above| {
            above.headings.contains(doc) || document.is_some_and(|ord| above.titles.contains(ord))
        })
    }
}

impl Above {
    fn new(segment: Segment<'_>, leaf: &Leaf, documents: Option<&StrColumn>) -> Result<Self> {
        let mut above = Self {
            titles: Bits::new(documents.map_or(0, |documents| documents.num_terms() as u32)),
            headings: Bits::new(segment.reader.max_doc()),
        };
        if leaf.scope != Scope::Body || !leaf.ranks() {
            return Ok(above);
        }
        for posting in segment.variants(Scope::Heading, &leaf.variants)? {
            above.headings.insert(posting.doc);
        }
        for posting in segment.variants(Scope::Title, &leaf.variants)? {
            if let Some(ord) = documents.and_then(|documents| documents.ords().first(posting.doc)) {
                above.titles.insert(ord as u32);
            }
        }
        Ok(above)
    }
}
