//! Errors of the index library as errors of this crate.

use std::io;

use tantivy::TantivyError;

use crate::error::Error;

/// Returns an error of the index library as [`Error::Engine`].
pub(in crate::search) fn engine_error(error: TantivyError) -> Error {
    Error::Engine(Box::new(error))
}

/// Returns a failed read of the index as [`Error::Engine`].
pub(in crate::search) fn read_error(error: io::Error) -> Error {
    Error::Engine(Box::new(error))
}
