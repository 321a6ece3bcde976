//! Bytes → what must hold for them. A target panics where it does not.

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

/// What a target did with an input, without what differs from input to input: one that does what none
/// did before is worth changing further.
pub type Deed = String;

/// What takes an input.
pub type Target = fn(&[u8]) -> Deed;

/// Every target by its name, which is that of the folder of its seeds.
pub const TARGETS: [(&str, Target); 5] = [
    ("parser", parser),
    ("highlighter", highlighter),
    ("documents", documents),
    ("folder", folder),
    ("service", service),
];
