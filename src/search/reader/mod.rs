//! TODO.

mod bitset;
mod fast_fields;
mod posting_list;
mod segment;
mod term_cache;

pub(super) use self::{
    bitset::Bits,
    fast_fields::{Columns, Numbers},
    posting_list::{Posting, Postings},
    segment::{Alignment, Segment, pair, reached},
};
