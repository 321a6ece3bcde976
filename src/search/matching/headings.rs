//! Finds query words in the title and headings above a passage. Such words raise the score of the passage. If the text
//! of the passage contains another query word, the words in the title and headings count as words of the passage.

use tantivy::DocId;

use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, PostingList, SegmentView},
};

/// The postings of a query leaf (a word or phrase) in the titles and headings of one segment.
pub(in crate::search) struct HeadingMatches {
    /// Postings of the leaf in the field `title`: the records of the documents whose title contains the leaf.
    pub(in crate::search) titles: PostingList,
    /// Postings of the leaf in the field `heading`: the passages below a heading that contains the leaf.
    pub(in crate::search) headings: PostingList,
    /// Passages for which the title of the document, or a heading above the passage, contains the leaf.
    pub(in crate::search) passages: BitSet,
}

impl HeadingMatches {
    /// Finds a query leaf in the titles and headings of a segment. Returns `None` if the leaf occurs in no title or
    /// heading, is not searched in the body, or adds no score.
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
