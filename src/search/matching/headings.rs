//! Finds query words in the title and headings above a passage. Such words raise the score of the passage. If the text
//! of the passage contains another query word, the words in the title and headings count as words of the passage.

use std::rc::Rc;

use tantivy::DocId;

use crate::{
    error::Result,
    query::{Alternative, Deadline, Leaf, TextField},
    search::reader::{BitSet, PostingList, SegmentView},
};

/// The postings of a query leaf (a word or phrase) in the titles and headings of one segment.
pub(in crate::search) struct HeadingMatches {
    /// Postings of the query leaf in the field `title`: the records of the documents whose title contains the leaf.
    pub(in crate::search) title_postings: Rc<PostingList>,
    /// Postings of the query leaf in the field `heading`: the passages below a heading that contains the leaf.
    pub(in crate::search) heading_postings: Rc<PostingList>,
    /// Passages for which the title of the document, or a heading above the passage, contains the query leaf.
    pub(in crate::search) passages: BitSet,
}

impl HeadingMatches {
    /// Finds a query leaf in the titles and headings of a segment. Returns `None` if the leaf occurs in no title or
    /// heading, is not searched in the body, or adds no score.
    pub(in crate::search) fn matches_of_leaf(
        segment: SegmentView<'_>,
        leaf: &Leaf,
    ) -> Result<Option<Self>> {
        if leaf.field != TextField::Body || !leaf.adds_score() {
            return Ok(None);
        }
        Self::matches_of_alternatives(segment, &leaf.alternatives)
    }

    /// Finds the alternatives of a query leaf in the titles and headings of a segment. Returns `None` if none of them
    /// occurs in a title or heading.
    pub(super) fn matches_of_alternatives(
        segment: SegmentView<'_>,
        alternatives: &[Alternative],
    ) -> Result<Option<Self>> {
        let heading_postings = segment.read_union(TextField::Heading, alternatives)?;
        let title_postings = segment.read_union(TextField::Title, alternatives)?;
        if heading_postings.is_empty() && title_postings.is_empty() {
            return Ok(None);
        }
        let mut passages = BitSet::new(segment.reader.max_doc());
        passages.extend(heading_postings.docs().iter().copied());
        for &title in title_postings.docs() {
            passages.insert_range(segment.columns.passages_of(title));
        }
        Ok(Some(Self { title_postings, heading_postings, passages }))
    }

    /// Returns the union of these matches and `other`, as if all were matches of one query leaf.
    pub(super) fn union(&self, other: &Self, deadline: Deadline) -> Result<Self> {
        let union = |a: &Rc<PostingList>, b: &Rc<PostingList>| {
            PostingList::union(vec![Rc::clone(a), Rc::clone(b)], deadline)
        };
        let mut passages = self.passages.clone();
        passages.union_with(&other.passages);
        Ok(Self {
            title_postings: union(&self.title_postings, &other.title_postings)?,
            heading_postings: union(&self.heading_postings, &other.heading_postings)?,
            passages,
        })
    }

    /// Returns a counter of the occurrences of the query leaf in the title and headings above passages.
    pub(super) fn frequencies(&self) -> HeadingOccurrenceCounter<'_> {
        HeadingOccurrenceCounter { matches: self, next_title_index: 0, next_heading_index: 0 }
    }

    /// Returns whether the title of a passage, or a heading above the passage, contains the query leaf.
    pub(in crate::search) fn contains(&self, passage: DocId) -> bool {
        self.passages.contains(passage)
    }
}

/// Counts the occurrences of a query leaf in the title and headings above passages. The caller must request the
/// passages in ascending order.
pub(super) struct HeadingOccurrenceCounter<'a> {
    matches: &'a HeadingMatches,
    /// Index, in `title_postings`, of the first posting that a later passage may need.
    next_title_index: usize,
    /// Index, in `heading_postings`, of the first posting that a later passage may need.
    next_heading_index: usize,
}

impl HeadingOccurrenceCounter<'_> {
    /// Returns an upper bound of the number of occurrences of a query leaf in the title of a passage and the headings
    /// above it. Counts only occurrences in the spelling of the query. `passage` must not be before the passage of an
    /// earlier call.
    pub(super) fn max_heading_frequency(
        &mut self,
        segment: SegmentView<'_>,
        passage: DocId,
    ) -> u32 {
        let HeadingMatches { title_postings, heading_postings, .. } = self.matches;
        let freq_at = |list: &PostingList, next: &mut usize, entry: DocId| {
            *next = list.seek(*next, entry);
            list.get(*next).filter(|posting| posting.doc == entry).map_or(0, |posting| posting.freq)
        };
        let in_headings = freq_at(heading_postings, &mut self.next_heading_index, passage);
        let record =
            if title_postings.is_empty() { None } else { segment.columns.record_of(passage) };
        in_headings
            + record.map_or(0, |record| freq_at(title_postings, &mut self.next_title_index, record))
    }
}
