//! Where entries go that are not kept here.

use crate::{
    error::Result,
    index::{Entry, IndexStats},
};

/// What writes to an index that is kept elsewhere. Its methods may wait until there is room.
pub(crate) trait Sink: Send + Sync {
    /// Replaces a document; its record is the last of the entries.
    fn add(&self, id: &str, entries: Vec<Entry>) -> Result<()>;
    /// Removes a document.
    fn remove(&self, id: &str) -> Result<()>;
    /// Replaces the record of a source file; it is written after all that came before.
    fn add_source(&self, path: &str, entry: Entry) -> Result<()>;
    /// Removes the record of a source file.
    fn remove_source(&self, path: &str) -> Result<()>;
    /// Waits until all of it is written and visible.
    fn settle(&self) -> Result<()>;
    /// The same, and makes it the index in use.
    fn finish(&self) -> Result<IndexStats>;
}
