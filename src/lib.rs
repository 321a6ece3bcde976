//! Full-text search over policy press releases.

pub mod analysis;
mod document;
mod error;
mod passage;
mod span;

pub use self::{
    document::{Block, BlockKind, Date, Document},
    error::{Error, ErrorKind, Result},
    passage::{Passage, passages},
    span::Span,
};
