//! The index of the server, opened when it is first needed, and its newest commit.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use crate::{
    error::Result,
    search::{IndexBackend, Searcher},
};

/// Function that opens an index.
pub(super) type OpenFn = dyn Fn() -> Result<Box<dyn IndexBackend>> + Send + Sync;

/// An index that may be missing at first, and that other processes may build, change or replace at any time.
pub(super) struct OpenIndex {
    open: Box<OpenFn>,
    /// The open index and the searcher of its last seen commit. `None` before the first call.
    opened: Mutex<Option<(Box<dyn IndexBackend>, Searcher)>>,
}

impl fmt::Debug for OpenIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenIndex").field("opened", &self.opened).finish_non_exhaustive()
    }
}

impl OpenIndex {
    pub(super) fn new(open: Box<OpenFn>) -> Self {
        Self { open, opened: Mutex::new(None) }
    }

    /// Returns a searcher of the newest commit, whichever process made it. Takes no writer lock.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        // If the index cannot be read any more, `take` closes it, and the code below opens it again.
        if let Some((index, searcher)) = opened.take()
            && let Ok(version) = index.version()
        {
            let searcher =
                if searcher.version() == version { searcher } else { index.searcher()? };
            *opened = Some((index, searcher.clone()));
            return Ok(searcher);
        }
        let index = (self.open)()?;
        let searcher = index.searcher()?;
        *opened = Some((index, searcher.clone()));
        Ok(searcher)
    }
}
