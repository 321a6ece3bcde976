//! Matching: the leaves of a query and one segment come in, the set of live passages that match goes out.
//!
//! Open `tree` first: it evaluates the Boolean operators. `leaves` are words and phrases, `filter` dates, paths and other
//! values, `proximity` NEAR and SAME. `facet_values` narrows matches to chosen values, and `headings` finds query words
//! above a passage, which only rank.

mod facet_values;
mod filter;
mod headings;
mod leaves;
mod proximity;
mod tree;

pub(crate) use self::facet_values::narrows_counts;
pub(super) use self::{
    facet_values::{FacetSelection, FacetValues},
    headings::heading_matches,
    leaves::leaf_postings,
    tree::matching_passages,
};
