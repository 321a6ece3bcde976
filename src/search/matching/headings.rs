//! Finds query words in the title and headings above a passage. Such words raise the score, and they count for a passage
//! that has another word of the query in its text.

use tantivy::DocId;

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, PostingList, SegmentView},
};

/// The titles and headings of one segment in which a leaf occurs.
pub(in crate::search) struct HeadingMatches {
    /// Records of the documents with the leaf in their title.
    pub(in crate::search) titles: PostingList,
    /// Passages with the leaf in a heading above them.
    pub(in crate::search) headings: PostingList,
    /// Passages with the leaf in their title or in a heading above them.
    pub(in crate::search) passages: BitSet,
}

impl HeadingMatches {
    /// Finds a leaf in titles and headings. Returns `None` if it occurs in none, is not searched in the body, or adds no
    /// score.
    pub(in crate::search) fn of_leaf(
        segment: SegmentView<'_>,
        leaf: &Leaf,
    ) -> Result<Option<Self>> {
        if leaf.field != TextField::Body || !leaf.adds_score() {
            return Ok(None);
        }
        let headings = segment.read_union(TextField::Heading, &leaf.alternatives)?;
        let titles = segment.read_union(TextField::Title, &leaf.alternatives)?;
        if headings.is_empty() && titles.is_empty() {
            return Ok(None);
        }
        let mut passages = BitSet::new(segment.reader.max_doc());
        passages.extend(headings.docs().iter().copied());
        for &title in titles.docs() {
            passages.insert_range(segment.columns.passages_of(title));
        }
        Ok(Some(Self { titles, headings, passages }))
    }

    /// Returns whether the leaf is in the title of a passage or in a heading above it.
    pub(in crate::search) fn contains(&self, passage: DocId) -> bool {
        self.passages.contains(passage)
    }
}
