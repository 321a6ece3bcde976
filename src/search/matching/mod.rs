//! Matching beyond posting lists: conditions that restrict a query come in, sets of live passages go out.
//!
//! Open `filter` first: dates, paths and other values. `proximity` is NEAR and SAME, `headings` the query words
//! above a passage.

mod filter;
mod headings;
mod proximity;

use super::reader::{Posting, PostingList, SegmentView};
use crate::{
    error::Result,
    query::{Alternative, TextField},
};

pub(super) use self::{
    filter::{filter_passages, live_passages},
    headings::heading_matches,
    proximity::proximity_matches,
};

/// Returns the passages in which one of the alternatives of a leaf occurs.
pub(super) fn leaf_postings(
    segment: SegmentView<'_>,
    field: TextField,
    alternatives: &[Alternative],
) -> Result<PostingList> {
    Ok(to_passages(segment, field, segment.variants(field, alternatives)?))
}

/// Turns postings of a field into postings of passages. A title stands in the record of its document: a match there
/// holds for all passages of the document.
fn to_passages(segment: SegmentView<'_>, field: TextField, postings: PostingList) -> PostingList {
    if field != TextField::Title {
        return postings;
    }
    let passages_of = |record: Posting| {
        segment.columns.passages_of(record.doc).map(move |doc| Posting { doc, ..record })
    };
    postings.iter().flat_map(passages_of).collect()
}
