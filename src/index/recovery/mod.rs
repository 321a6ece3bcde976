//! Checks an index for damage, and repairs a damaged index.
//!
//! `check.rs` (read it first) compares every file with its checksums and every document with its hash. `salvage.rs`
//! reads the intact documents from a damaged generation, and `repair.rs` builds a new generation from these documents
//! and from the source files.

mod check;
mod repair;
mod salvage;

pub use self::{
    check::{ChangedSource, Check, Corruption},
    repair::Repair,
};
pub(super) use self::{
    check::{changed_sources, check},
    repair::repair,
};
