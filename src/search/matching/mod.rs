//! Matching beyond posting lists: conditions that restrict a query come in, sets of live passages go out.
//!
//! Open `tree` first: it evaluates the match tree of a query. `filter` is dates, paths and other values, `proximity` NEAR
//! and SAME, `headings` the query words above a passage, `facet_values` the chosen facet values.

mod facet_values;
mod filter;
mod headings;
mod proximity;
mod tree;

use super::reader::{Posting, PostingList, SegmentView};
use crate::{
    error::Result,
    query::{Alternative, TextField},
};

pub(crate) use self::facet_values::narrows_counts;
pub(super) use self::{
    facet_values::{FacetSelection, FacetValues},
    headings::heading_matches,
    tree::matching_passages,
};

/// Returns the passages in which one of the alternatives of a leaf occurs.
pub(super) fn leaf_postings(
    segment: SegmentView<'_>,
    field: TextField,
    alternatives: &[Alternative],
) -> Result<PostingList> {
    Ok(to_passages(segment, field, segment.read_union(field, alternatives)?))
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
