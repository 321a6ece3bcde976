//! Files of an index: sealed with checksums, grouped in generations, replaced by rename.
//!
//! The path of an index folder comes in; an [`IndexHandle`], which returns the last commit to each caller, goes out.
//! Open `generation.rs`
//! first for the layout on disk, then `handle.rs` for the way readers follow a rebuild, and `checksum.rs` for the
//! format of a sealed file.

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

pub(crate) use self::handle::Snapshot;
pub(super) use self::{
    error::{engine, engine_error},
    handle::IndexHandle,
    open::GenerationHandle,
};
