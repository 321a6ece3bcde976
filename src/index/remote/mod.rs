//! TODO.

mod entry;
mod indexed_subset;
#[cfg(feature = "cluster")]
mod sink;
#[cfg(feature = "cluster")]
mod transfer;

#[cfg(feature = "cluster")]
pub use self::transfer::Copied;
pub(crate) use self::{
    entry::{Entry, part},
    indexed_subset::{IndexedSubset, IndexedTerms},
};
#[cfg(feature = "cluster")]
pub(crate) use self::{sink::Sink, transfer::Whole};
