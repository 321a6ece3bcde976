//! Turns documents into entries of the inverted index and commits them.
//!
//! The passages and the record of a [`Document`](crate::Document) become entries, and a commit makes the entries
//! visible and durable. Read `writer.rs` first for the public writer, then `entries.rs` for the content of an entry.
//! `batch.rs` defers the analysis of a document to the writing threads. `target.rs` sends entries to a local index, to
//! a cluster, or nowhere in a dry run.

mod batch;
mod entries;
mod entry;
mod memory_budget;
mod minhash;
mod target;
mod term_vector;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use self::{
    entry::Entry, minhash::MinHash, target::EntrySink, term_vector::decode_term_vector_value,
};
pub use self::{memory_budget::MemoryBudget, writer::IndexWriter};
