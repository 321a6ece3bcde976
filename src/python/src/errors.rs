//! Exceptions of the package, one for each error that a program may want to handle.

use std::error::Error as _;

use pyo3::{create_exception, exceptions::PyException, prelude::*};

create_exception!(gz_search, Error, PyException, "Base class of all errors of the search engine.");
create_exception!(gz_search, NoIndexError, Error, "The folder contains no index.");
create_exception!(gz_search, IndexExistsError, Error, "The folder contains an index already.");
create_exception!(
    gz_search,
    IncompatibleError,
    Error,
    "Another version of the program made the index."
);
create_exception!(gz_search, LockedError, Error, "Another writer is writing to the index.");
create_exception!(gz_search, DamagedError, Error, "The index is damaged.");
create_exception!(gz_search, DocumentError, Error, "A document cannot be indexed.");
create_exception!(gz_search, TimedOutError, Error, "An operation exceeded its time limit.");
create_exception!(gz_search, InvalidArgumentError, Error, "An argument is malformed.");

/// Returns the Python exception for an error of the library, with the message of the error and of its causes.
#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
pub(crate) fn python_exception(error: gz_search::Error) -> PyErr {
    use gz_search::Error as E;

    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let reason = error.to_string();
        if !message.ends_with(&reason) {
            message.extend([": ", &reason]);
        }
        cause = error.source();
    }
    match error {
        E::NoIndex(_) => NoIndexError::new_err(message),
        E::IndexExists(_) => IndexExistsError::new_err(message),
        E::Incompatible { .. } => IncompatibleError::new_err(message),
        E::Locked(_) => LockedError::new_err(message),
        E::Damaged { .. } => DamagedError::new_err(message),
        E::Document { .. } => DocumentError::new_err(message),
        E::TimedOut(_) => TimedOutError::new_err(message),
        E::InvalidArgument { .. } => InvalidArgumentError::new_err(message),
        _ => Error::new_err(message),
    }
}

/// Returns the Python exception for an argument that is malformed.
pub(crate) fn invalid_argument(error: impl std::fmt::Display) -> PyErr {
    InvalidArgumentError::new_err(error.to_string())
}
