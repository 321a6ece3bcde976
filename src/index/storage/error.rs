//! What tantivy says went wrong → what is wrong with the index, or what the system refused.

use std::{io, path::Path};

use tantivy::{
    TantivyError,
    directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
};

use crate::error::Error;

pub(in crate::index) fn engine(error: TantivyError) -> Error {
    Error::Engine(Box::new(error))
}

/// What the engine says of the index in `dir`: what the system refused is not damage.
pub(in crate::index) fn engine_error(dir: &Path, error: TantivyError) -> Error {
    use TantivyError as E;
    let path = dir.to_owned();
    if let Some(source) = refused(&error) {
        return Error::Io { action: "read or write", path, source };
    }
    match error {
        E::LockFailure(..) => Error::Locked(path),
        E::DataCorruption(_) | E::IncompatibleIndex(_) | E::OpenReadError(_) => {
            Error::Damaged { path, detail: error.to_string() }
        }
        // So much is said of a thread that could not write.
        E::ErrorInThread(_) => {
            let source = io::Error::other(
                "a file could not be written: is there space on the disk, are few files open (`ulimit -n`)?",
            );
            Error::Io { action: "write", path, source }
        }
        other => engine(other),
    }
}

/// What the system said, where it is that.
pub(in crate::index) fn refused(error: &TantivyError) -> Option<io::Error> {
    use TantivyError as E;
    let error = match error {
        E::IoError(error) | E::LockFailure(LockError::IoError(error), _) => error,
        E::OpenReadError(OpenReadError::IoError { io_error, .. })
        | E::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | E::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => io_error,
        _ => return None,
    };
    match error.raw_os_error() {
        Some(code) => Some(io::Error::from_raw_os_error(code)),
        None if error.kind() == io::ErrorKind::InvalidData => None,
        None => Some(io::Error::new(error.kind(), error.to_string())),
    }
}
