//! The index of the server. Opens it at the first call, and follows its commits.

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

/// Index that may be missing at first, and that other processes may build, change or replace at any time.
pub(super) struct OpenIndex {
    open: Box<OpenFn>,
    /// Open index, and a searcher of the newest commit that was seen; `None` before the first successful call.
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

    /// Returns a searcher of the newest commit, which any process may have made. Does not lock the index.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        // After an error, the index stays closed (`take`), and the code below opens it again.
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
