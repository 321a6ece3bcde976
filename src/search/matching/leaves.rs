//! Reads the posting lists of query leaves, and converts postings in titles to postings in passages.

use crate::{
    error::Result,
    query::{Alternative, TextField},
    search::reader::{Posting, PostingList, SegmentView},
};

/// Returns the posting list of the passages in which at least one alternative of a leaf occurs.
pub(in crate::search) fn leaf_postings(
    segment: SegmentView<'_>,
    field: TextField,
    alternatives: &[Alternative],
) -> Result<PostingList> {
    Ok(to_passages(segment, field, segment.read_union(field, alternatives)?))
}

/// Converts the postings of a field to postings of passages. A title is indexed in the record of its document, so a
/// match in a title becomes a match in every passage of the document.
pub(super) fn to_passages(
    segment: SegmentView<'_>,
    field: TextField,
    postings: PostingList,
) -> PostingList {
    if field != TextField::Title {
        return postings;
    }
    let passages_of = |record: Posting| {
        segment.columns.passages_of(record.doc).map(move |doc| Posting { doc, ..record })
    };
    postings.iter().flat_map(passages_of).collect()
}
