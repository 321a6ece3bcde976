//! Finds the live passages of one segment that match the Boolean tree of a query.
//!
//! Read `tree` first: it evaluates the Boolean operators. `leaves` reads words and phrases, `filter` evaluates dates,
//! paths and other values, `declared_values` evaluates conditions on declared fields, and `proximity` evaluates NEAR
//! and SAME. `facet_values` narrows the matches to the chosen facet values. `headings` finds query words in the title
//! and headings above a passage. These words add score, but at least one query word must be in the text of the passage.

mod declared_values;
mod facet_values;
mod filter;
mod headings;
mod leaves;
mod proximity;
mod text_start;
mod tree;

pub(crate) use self::facet_values::narrows_counts;
pub(super) use self::{
    facet_values::{FacetSelection, FacetValues},
    leaves::{LeafPostings, ReusableLeaves, map_memoized},
    text_start::retain_docs_with_leaf_in_text,
    tree::{
        matching_passages, passages_matching_with_headings_as_text,
        retain_docs_with_any_leaf_in_text,
    },
};
