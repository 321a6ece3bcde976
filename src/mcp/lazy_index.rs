//! Opens the index of the server at the first tool call, and reads later commits as they appear.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use crate::{
    error::Result,
    search::{IndexBackend, Searcher},
};

/// Function that opens an index.
pub(super) type IndexOpener = dyn Fn() -> Result<Box<dyn IndexBackend>> + Send + Sync;

/// Index that may be missing at first, and that other processes may build, change or replace at any time.
pub(super) struct LazyIndex {
    /// Function that opens the index.
    opener: Box<IndexOpener>,
    /// Opened index, and the searcher that the last call returned. `None` before the first successful call, and after
    /// an error.
    opened_index: Mutex<Option<(Box<dyn IndexBackend>, Searcher)>>,
}

impl fmt::Debug for LazyIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyIndex")
            .field("opened_index", &self.opened_index)
            .finish_non_exhaustive()
    }
}

impl LazyIndex {
    pub(super) fn new(opener: Box<IndexOpener>) -> Self {
        Self { opener, opened_index: Mutex::new(None) }
    }

    /// Returns a searcher of the newest commit, whichever process made the commit. Does not lock the index.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        let mut opened_index = self.opened_index.lock().unwrap_or_else(PoisonError::into_inner);
        // Because of `take`, the index stays closed after an error. The code below then opens the index again.
        if let Some((index, searcher)) = opened_index.take()
            && let Ok(version) = index.version()
        {
            let searcher =
                if searcher.version() == version { searcher } else { index.searcher()? };
            *opened_index = Some((index, searcher.clone()));
            return Ok(searcher);
        }
        let index = (self.opener)()?;
        let searcher = index.searcher()?;
        *opened_index = Some((index, searcher.clone()));
        Ok(searcher)
    }
}
