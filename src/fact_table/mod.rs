//! Joins the figures of many passages: as a table, and as questions where figures do not fit together.
//!
//! Passages with their documents come in. Out go [`FactRow`]s, sorted so that the values of one series follow each
//! other, and a [`FactCheck`]: derived figures that were computed again, and figures of two releases that differ. Start
//! with `row.rs`.

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
