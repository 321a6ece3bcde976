//! Collects the figures of many passages in a table, and asks questions where figures contradict each other.
//!
//! [`FactRow::rows`] returns the figures, sorted so that the values of one series follow each other. [`FactCheck::new`]
//! computes derived figures again, and finds figures of two releases that differ. Read `row.rs` first.

mod check;
mod difference;
mod row;
mod similarity;

pub(crate) use self::row::one_line;
pub use self::{
    check::{CheckedDerivation, FactCheck},
    difference::Difference,
    row::FactRow,
};
