//! Fuzz targets. Each target takes bytes, and panics if its rule is broken.

mod documents;
mod folder;
pub mod generator;
mod queries;
pub mod run;
mod service;

pub use self::{
    documents::documents,
    folder::folder,
    queries::{highlighter, parser},
    service::service,
};

/// Summary of what a target did with an input, without values that differ from input to input. An input with a new
/// outcome is mutated further, as coverage-guided fuzzers do for an input that reaches new code.
pub type Outcome = String;

/// A fuzz target.
pub type Target = fn(&[u8]) -> Outcome;

/// All targets by name; the folder of a target's seeds has its name.
pub const TARGETS: [(&str, Target); 5] = [
    ("parser", parser),
    ("highlighter", highlighter),
    ("documents", documents),
    ("folder", folder),
    ("service", service),
];
