//! Support for a remote index. A remote index, such as an index on a cluster, stores [`Entry`](super::Entry) values and
//! returns them for a search.
//!
//! Read `temporary_index.rs` first: it builds a small index in memory from fetched entries, and a search reads this
//! index like a local index. `transfer.rs` copies whole documents from one index to another, and `encoded_terms.rs`
//! decodes the terms of an entry.

mod encoded_terms;
mod temporary_index;
mod transfer;

pub use self::transfer::CopyReport;
pub(crate) use self::{
    encoded_terms::{is_abbreviation_definition, split_term_runs},
    temporary_index::{build_temporary_snapshot, overview_of, remote_writer},
    transfer::{StoredDocument, common_source_root, copy_documents, documents, sources},
};
pub(crate) use super::{stored::duplicate_file_count, write::EntrySink};
