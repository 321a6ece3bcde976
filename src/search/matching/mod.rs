//! TODO.

mod filter;
mod headings;

pub(super) use self::{
    filter::{everything, filtered, leaf_postings, together},
    headings::heading_matches,
};
