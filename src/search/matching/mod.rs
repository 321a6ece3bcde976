//! TODO.

mod facet_values;
mod filter;
mod headings;
mod tree;

pub(crate) use self::facet_values::narrows_counts;
pub(super) use self::{
    facet_values::{FacetSelection, FacetValues},
    filter::leaf_postings,
    headings::above,
    tree::matching_passages,
};
