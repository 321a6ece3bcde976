//! TODO.

mod bitset;
mod fast_fields;
mod posting_list;
mod segment;
mod term_cache;

pub(super) use self::{
    bitset::BitSet,
    fast_fields::{FastFields, U32Column},
    posting_list::{Posting, PostingList},
    segment::{Alignment, SegmentView, pair, reached},
};
