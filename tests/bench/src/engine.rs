//! Interface of the compared engines. Each engine indexes passages, and a search returns ten passages with snippets.

use std::path::Path;

use crate::queries::BenchQuery;

/// Number of hits on a page.
pub const LIMIT: usize = 10;

/// An open index.
pub trait Engine {
    /// Searches for a page of ten hits, with or without snippets, and returns the number of hits on the page.
    fn search(&self, query: &BenchQuery, snippets: bool) -> usize;
}

/// Script of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Script {
    English,
    Chinese,
}

impl Script {
    /// Returns the script by the name of a file or folder: `en…` is English, all others are Chinese.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("en") { Self::English } else { Self::Chinese }
    }
}

/// Builds the index of an engine from a file of JSON Lines.
///
/// # Panics
///
/// Panics if there is no engine of this name.
pub fn index(engine: &str, source: &Path, dir: &Path) {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).unwrap();
    match engine {
        "gz-search" => crate::gz_search_engine::index(source, dir),
        "tantivy" => crate::tantivy_engine::index(source, dir),
        "fts5" => crate::sqlite::index(source, dir),
        other => panic!("{other}: no such engine"),
    }
}

/// Opens the index of an engine.
///
/// # Panics
///
/// Panics if there is no engine of this name.
pub fn open(engine: &str, dir: &Path) -> Box<dyn Engine> {
    match engine {
        "gz-search" => Box::new(crate::gz_search_engine::open(dir)),
        "tantivy" => Box::new(crate::tantivy_engine::open(dir)),
        "fts5" => Box::new(crate::sqlite::open(dir)),
        other => panic!("{other}: no such engine"),
    }
}
