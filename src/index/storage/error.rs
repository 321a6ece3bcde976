//! Converts errors of tantivy to errors of this crate. Distinguishes a damaged index from an operation that the
//! operating system refused.

use std::{io, path::Path};

use tantivy::{
    TantivyError,
    directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
};

use crate::error::Error;

/// Wraps any error in [`Error::Engine`]. Callers pass this function to `map_err`.
pub(in crate::index) fn wrap_engine_error(
    error: impl std::error::Error + Send + Sync + 'static,
) -> Error {
    Error::Engine(Box::new(error))
}

/// Converts an error of tantivy for the index in `dir`. An operation that the operating system refused becomes
/// [`Error::Io`], never [`Error::Damaged`].
pub(in crate::index) fn engine_error(dir: &Path, error: TantivyError) -> Error {
    use TantivyError as E;
    let path = dir.to_owned();
    if let Some(source) = operating_system_error(&error) {
        return Error::Io { action: "read or write", path, source };
    }
    match error {
        E::LockFailure(..) => Error::Locked(path),
        E::DataCorruption(_) | E::IncompatibleIndex(_) | E::OpenReadError(_) => {
            Error::Damaged { path, detail: error.to_string() }
        }
        // Tantivy gives no further detail about a thread that failed to write.
        E::ErrorInThread(_) => {
            let source = io::Error::other(
                "a file could not be written: check the free disk space and the limit of open files (`ulimit -n`)",
            );
            Error::Io { action: "write", path, source }
        }
        other => wrap_engine_error(other),
    }
}

/// Returns the error of the operating system that caused `error`; `None` if `error` has another cause, such as a wrong
/// checksum.
pub(super) fn operating_system_error(error: &TantivyError) -> Option<io::Error> {
    use TantivyError as E;
    let error = match error {
        E::IoError(error) | E::LockFailure(LockError::IoError(error), _) => error,
        E::OpenReadError(OpenReadError::IoError { io_error, .. })
        | E::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | E::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => io_error,
        // Other errors contain an error of the system only as text.
        other => return operating_system_error_in_message(&other.to_string()),
    };
    match error.raw_os_error() {
        Some(code) => Some(io::Error::from_raw_os_error(code)),
        None if error.kind() == io::ErrorKind::InvalidData => None,
        None => Some(io::Error::new(error.kind(), error.to_string())),
    }
}

/// Returns the error of the operating system that a message names, as in `No space left on device (os error 28)`.
fn operating_system_error_in_message(message: &str) -> Option<io::Error> {
    let (_, code) = message.split_once("(os error ")?;
    let (code, _) = code.split_once(')')?;
    code.parse().ok().map(io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_full_disk_is_an_io_error_wherever_tantivy_reports_it() {
        const DISK_FULL_CODE: i32 = 28;
        let full_disk = || io::Error::from_raw_os_error(DISK_FULL_CODE);
        let shared_error = || Arc::new(full_disk());
        for error in [
            TantivyError::IoError(shared_error()),
            TantivyError::OpenWriteError(OpenWriteError::wrap_io_error(full_disk(), "a".into())),
            TantivyError::InternalError(full_disk().to_string()),
            TantivyError::InternalError(TantivyError::IoError(shared_error()).to_string()),
            TantivyError::SystemError(format!("cannot write: {}", full_disk())),
            TantivyError::ErrorInThread(full_disk().to_string()),
        ] {
            let Error::Io { source, .. } = engine_error(Path::new("index"), error) else {
                panic!("not an error of the system")
            };
            assert_eq!(source.kind(), io::ErrorKind::StorageFull);
        }
        assert!(operating_system_error_in_message("a defect (os error x)").is_none());
    }

    #[test]
    fn a_refusal_of_the_system_is_not_damage() {
        let read_error = |kind: io::ErrorKind| {
            TantivyError::OpenReadError(OpenReadError::IoError {
                io_error: Arc::new(io::Error::new(kind, "x")),
                filepath: "a".into(),
            })
        };
        for (error, expected) in [
            (read_error(io::ErrorKind::PermissionDenied), "cannot read or write"),
            (read_error(io::ErrorKind::InvalidData), "is damaged"),
            (TantivyError::ErrorInThread("x".to_owned()), "cannot write"),
            (TantivyError::SystemError("x".to_owned()), "the search engine failed"),
        ] {
            let message = engine_error(Path::new("index"), error).to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
