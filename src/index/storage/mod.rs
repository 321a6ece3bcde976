//! Files of an index. Each file ends with checksums, the files of one complete index form a generation, and a new
//! generation replaces the old one by rename.
//!
//! Callers open the folder of an index as an [`IndexHandle`], which returns a snapshot of the last commit. Read
//! `generation.rs` first for the layout on disk, then `handle.rs`, which opens the new generation after a rebuild, and
//! `checksum.rs` for the format of a file with checksums.

pub(super) mod backup;
pub(super) mod checksum;
mod error;
#[cfg(test)]
mod fault;
pub(super) mod generation;
mod handle;
pub(super) mod meta_file;
mod open;
pub(super) mod pinned_commit;
pub(super) mod union_directory;
pub(super) mod word_lists;

pub(crate) use self::handle::Snapshot;
pub(super) use self::{
    error::{engine_error, wrap_engine_error},
    handle::{Commit, IndexHandle},
    open::GenerationHandle,
};
