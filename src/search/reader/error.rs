//! Converts errors of tantivy to errors of this crate.

use std::io;

use tantivy::TantivyError;

use crate::error::Error;

/// Wraps an error of tantivy in an [`Error::Engine`].
pub(in crate::search) fn engine_error(error: TantivyError) -> Error {
    Error::Engine(Box::new(error))
}

/// Wraps an I/O error of reading the index in an [`Error::Engine`].
pub(in crate::search) fn read_error(error: io::Error) -> Error {
    Error::Engine(Box::new(error))
}
