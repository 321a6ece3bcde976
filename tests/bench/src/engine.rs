//! What every engine of the comparison does: it indexes passages, and answers with ten of them and their snippets.

use std::path::Path;

use crate::ask::Ask;

/// Hits on a page.
pub const LIMIT: usize = 10;

/// An index that is open.
pub trait Engine {
    /// Answers with a page of ten, with snippets where they are wanted; returns how many hits there are on it.
    fn search(&self, ask: &Ask, snippets: bool) -> usize;
}

/// What the text is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Script {
    English,
    Chinese,
}

impl Script {
    /// Told by the name of a file: `en…` is English.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("en") { Self::English } else { Self::Chinese }
    }
}

/// Makes an index of a file of JSON Lines.
///
/// # Panics
///
/// For a name that is no engine's.
pub fn index(engine: &str, source: &Path, dir: &Path) {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).unwrap();
    match engine {
        "gz-search" => crate::ours::index(source, dir),
        "tantivy" => crate::plain::index(source, dir),
        "fts5" => crate::sqlite::index(source, dir),
        other => panic!("{other}: no such engine"),
    }
}

/// Opens an index.
///
/// # Panics
///
/// For a name that is no engine's.
pub fn open(engine: &str, dir: &Path) -> Box<dyn Engine> {
    match engine {
        "gz-search" => Box::new(crate::ours::open(dir)),
        "tantivy" => Box::new(crate::plain::open(dir)),
        "fts5" => Box::new(crate::sqlite::open(dir)),
        other => panic!("{other}: no such engine"),
    }
}
