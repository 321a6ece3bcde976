//! The Python package `gz_search`: an index, its writer, and the results of a search as Python classes.
//!
//! Each class is one file. A class owns a value of the library and converts its fields when Python reads them. Every
//! call that reads or writes an index runs without the global interpreter lock. Read `index.rs` first.

mod citation;
mod documents;
mod errors;
mod facets;
mod hit;
mod index;
mod note;
mod passage;
mod query;
mod release;
mod repr;
mod results;
mod sequence;
mod suggestion;
mod update;
mod writer;

use pyo3::prelude::*;

/// Full-text search over policy press releases, English and Chinese, that answers with passages.
#[pymodule(gil_used = false)]
mod gz_search {
    #[pymodule_export]
    use super::{
        errors::{
            DamagedError, DocumentError, Error, IncompatibleError, IndexExistsError,
            InvalidArgumentError, LockedError, NoIndexError, TimedOutError,
        },
        facets::{FacetCounts, FacetValue},
        hit::Hit,
        index::Index,
        note::Note,
        passage::Passage,
        release::Document,
        results::Results,
        suggestion::Suggestion,
        update::Update,
        writer::Writer,
    };

    #[expect(non_upper_case_globals, reason = "Python expects this name")]
    #[pymodule_export]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
