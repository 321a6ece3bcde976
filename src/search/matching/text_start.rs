//! Determines whether a leaf occurs in the text of a passage, or only in the title and headings that are indexed before
//! the text.

use tantivy::DocId;

use super::headings::HeadingMatches;
use crate::{
    error::Result,
    query::{Leaf, TextField},
    search::reader::{BitSet, PostingList, SegmentView},
};

/// Removes from `docs` each passage in which the query leaf occurs only in the title and headings that are indexed
/// before the text. `docs` must be ascending.
pub(in crate::search) fn retain_docs_with_leaf_in_text(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    postings: &PostingList,
    headings: Option<&HeadingMatches>,
    docs: &mut Vec<DocId>,
) -> Result<()> {
    let Some(headings) = headings.filter(|_| leaf.field == TextField::Body) else { return Ok(()) };
    let after_headings = segment.columns.passages_with_indexed_headings();
    let is_below_leaf = |doc: &DocId| headings.contains(*doc) && after_headings.contains(*doc);
    let docs_below_leaf = docs.iter().copied().filter(is_below_leaf).collect();
    let removed_docs =
        docs_with_leaf_only_in_headings(segment, leaf, postings, headings, docs_below_leaf)?;
    if !removed_docs.is_empty() {
        let mut removed_docs = removed_docs.into_iter().peekable();
        docs.retain(|doc| removed_docs.next_if_eq(doc).is_none());
    }
    Ok(())
}

/// Returns the passages of a posting list that have the query leaf in their text. Leaves out the passages that have the
/// leaf only in the title and headings that are indexed before the text.
pub(super) fn passages_with_leaf_in_text(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    postings: &PostingList,
    headings: Option<&HeadingMatches>,
) -> Result<BitSet> {
    let mut passages = BitSet::new(segment.reader.max_doc());
    passages.extend(postings.docs().iter().copied());
    if let Some(headings) = headings.filter(|_| leaf.field == TextField::Body) {
        let mut below_leaf = passages.clone();
        below_leaf.intersect_with(&headings.passages);
        below_leaf.intersect_with(segment.columns.passages_with_indexed_headings());
        let removed_docs = docs_with_leaf_only_in_headings(
            segment,
            leaf,
            postings,
            headings,
            below_leaf.to_vec(),
        )?;
        for doc in removed_docs {
            passages.remove(doc);
        }
    }
    Ok(passages)
}

/// Returns the passages of `docs` that have the query leaf only in the title and headings that are indexed before the
/// text. `docs` are passages below a title or heading with the leaf, in ascending order.
///
/// A passage in which the leaf occurs more often than in its title and headings has the leaf in its text. So positions
/// are read for few passages.
fn docs_with_leaf_only_in_headings(
    segment: SegmentView<'_>,
    leaf: &Leaf,
    postings: &PostingList,
    headings: &HeadingMatches,
    mut docs: Vec<DocId>,
) -> Result<Vec<DocId>> {
    let (mut next_posting, mut frequencies) = (0, headings.frequencies());
    docs.retain(|&doc| {
        next_posting = postings.seek(next_posting, doc);
        let posting = postings.get(next_posting).filter(|posting| posting.doc == doc);
        posting
            .is_none_or(|posting| posting.freq <= frequencies.max_heading_frequency(segment, doc))
    });
    let text_starts = segment.columns.text_starts.values_of_entries(&docs);
    let mut docs_without_leaf: Vec<(DocId, u32)> = docs.into_iter().zip(text_starts).collect();
    for alternative in &leaf.alternatives {
        if docs_without_leaf.is_empty() {
            break;
        }
        let Some(mut matcher) = segment.phrase_matcher(leaf.field, alternative)? else { continue };
        let mut docs_still_without_leaf = Vec::new();
        for (doc, text_start) in docs_without_leaf {
            let is_in_text = matcher.advance_and_check_all_words_in(doc)?
                && matcher.position_ranges(doc).any(|range| range.first >= text_start);
            if !is_in_text {
                docs_still_without_leaf.push((doc, text_start));
            }
        }
        docs_without_leaf = docs_still_without_leaf;
    }
    Ok(docs_without_leaf.into_iter().map(|(doc, _)| doc).collect())
}
