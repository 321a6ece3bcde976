//! The posting lists of query leaves, as passages.

use crate::{
    error::Result,
    query::{Alternative, TextField},
    search::reader::{Posting, PostingList, SegmentView},
};

/// Returns the passages in which one of the alternatives of a leaf occurs.
pub(in crate::search) fn leaf_postings(
    segment: SegmentView<'_>,
    field: TextField,
    alternatives: &[Alternative],
) -> Result<PostingList> {
    Ok(to_passages(segment, field, segment.read_union(field, alternatives)?))
}

/// Turns postings of a field into postings of passages. A title stands in the record of its document: a match there
/// holds for all passages of the document.
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
