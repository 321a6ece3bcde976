//! Where an index is kept → the newest commit of it.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use crate::{
    error::Result,
    search::{IndexBackend, Searcher},
};

/// How an index is opened.
pub(super) type Open = dyn Fn() -> Result<Box<dyn IndexBackend>> + Send + Sync;

/// An index that may not be there yet, and may be built, changed and replaced by other processes.
pub(super) struct Shelf {
    open: Box<Open>,
    opened: Mutex<Option<(Box<dyn IndexBackend>, Searcher)>>,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").field("opened", &self.opened).finish_non_exhaustive()
    }
}

impl Shelf {
    pub(super) fn new(open: Box<Open>) -> Self {
        Self { open, opened: Mutex::new(None) }
    }

    /// The last commit, whichever process made it. No lock of the writer is taken.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        // Where the index cannot be read any more it is forgotten, and opened anew with the next call.
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
