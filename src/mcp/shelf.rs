//! The folder of an index → the newest commit in it.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{error::Result, index::Index, search::Searcher};

/// An index that may not be there yet, and may be built, changed and replaced by other processes.
#[derive(Debug)]
pub(super) struct Shelf {
    dir: PathBuf,
    open: Mutex<Option<(Index, Searcher)>>,
}

impl Shelf {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), open: Mutex::new(None) }
    }

    /// The last commit, whichever process made it. No lock of the writer is taken.
    pub(super) fn searcher(&self) -> Result<Searcher> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Where the index cannot be read any more it is forgotten, and opened anew with the next call.
        if let Some((index, searcher)) = open.take()
            && let Ok(version) = index.version()
        {
            let searcher =
                if searcher.version() == version { searcher } else { index.searcher()? };
            *open = Some((index, searcher.clone()));
            return Ok(searcher);
        }
        let index = Index::open(&self.dir)?;
        let searcher = index.searcher()?;
        *open = Some((index, searcher.clone()));
        Ok(searcher)
    }
}
