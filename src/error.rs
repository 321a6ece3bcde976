//! What can go wrong, whose fault it is, and what to do about it.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
};

/// Whose fault an [`Error`] is; it decides exit codes and HTTP statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request or the input is wrong: changing it helps.
    User,
    /// The machine is in the way: disk, permissions, another writer.
    Environment,
    /// A defect of this program.
    Internal,
}

/// Anything that a public function of this crate can fail with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: "read", "create", …
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no index in this folder.
    #[error("no index in {}: build one with `gz-search index FOLDER --index {}`", .0.display(), .0.display())]
    NoIndex(PathBuf),
    /// The folder given for a new index holds something else.
    #[error("{} is not empty and holds no index: choose another folder", .0.display())]
    NotAnIndex(PathBuf),
    /// The index was written by another format or analyzer.
    #[error("the index in {} was made by {found}, this program needs {expected}: rebuild it with `gz-search index --rebuild`", path.display())]
    Incompatible {
        /// Where the index is.
        path: PathBuf,
        /// What its commit says.
        found: String,
        /// What this program writes.
        expected: String,
    },
    /// Another process is writing to this index.
    #[error("another process is writing to {}: wait for it to end and try again", .0.display())]
    Locked(PathBuf),
    /// The index is damaged.
    #[error("the index in {} is damaged ({detail}): `gz-search check` says what is, `gz-search index --repair` makes it anew", path.display())]
    Damaged {
        /// Where the index is.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// A document cannot be indexed.
    #[error("{id}: {reason}")]
    Document {
        /// Its id, or its path where it has no id yet.
        id: String,
        /// What is wrong and where.
        reason: String,
    },
    /// A search took longer than it was allowed to.
    #[error("no answer within {} seconds: ask for less (fewer words and patterns), or allow more time", .0.as_secs_f64())]
    TimedOut(std::time::Duration),
    /// A value of a request is out of its range or not of its form.
    #[error("{0}")]
    Invalid(String),
    /// The cluster that keeps the index failed, or refuses.
    #[error("the cluster {0}")]
    Cluster(String),
    /// The engine below failed.
    #[error("the search engine failed: {0}; `gz-search check` says whether the index is damaged")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whose fault it is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoIndex(_) | Self::NotAnIndex(_) | Self::Document { .. } | Self::Invalid(_) => {
                ErrorKind::User
            }
            Self::Io { .. }
            | Self::Locked(_)
            | Self::Cluster(_)
            | Self::TimedOut(_)
            | Self::Incompatible { .. }
            | Self::Damaged { .. } => ErrorKind::Environment,
            Self::Engine(_) => ErrorKind::Internal,
        }
    }

    /// What to do about it, where its message does not say: for what the system refuses.
    pub fn advice(&self) -> Option<&'static str> {
        use io::ErrorKind as K;
        let Self::Io { action, source, .. } = self else { return None };
        match source.kind() {
            K::StorageFull | K::QuotaExceeded => {
                Some("free some space and run it again; what was indexed before is as it was")
            }
            K::PermissionDenied | K::ReadOnlyFilesystem if *action != "read" => {
                Some("see that it may be written, or choose another folder with --index")
            }
            _ if *action == "lock" => Some(
                "its file system has no locks, as some of the network have none: choose a folder on a disk of this machine with --index",
            ),
            _ if too_many_files(source) => {
                Some("allow more open files (`ulimit -n 1024`) and run it again")
            }
            _ => None,
        }
    }

    /// An [`Error::Io`] for `path`; made for `map_err`.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

/// Whether a process, or the machine, has too many files open. An error that is wrapped in another
/// has lost its number and kept its text.
fn too_many_files(error: &io::Error) -> bool {
    let said = error.to_string();
    cfg!(unix) && ["(os error 23)", "(os error 24)"].iter().any(|number| said.contains(number))
}

/// A defect below must not take down a server that embeds this.
pub(crate) fn catch_panic<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let caught = catch_unwind(AssertUnwindSafe(work));
    caught.unwrap_or_else(|panic| Err(Error::Engine(panic_message(panic.as_ref()).into())))
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a defect in the search: {}", text.unwrap_or_default())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn too_many_open_files_are_told_however_deep_the_error_lies() {
        let plain = || io::Error::from_raw_os_error(24);
        let wrapped = io::Error::new(plain().kind(), format!("{} at path \"a\"", plain()));
        for source in [plain(), wrapped] {
            let advice = Error::io("write", "a")(source).advice();
            assert!(advice.is_some_and(|advice| advice.contains("ulimit -n")), "{advice:?}");
        }
        let other = Error::io("read", "a")(io::Error::from_raw_os_error(5));
        assert_eq!(other.advice(), None);
    }

    #[test]
    fn a_file_system_without_locks_is_told() {
        // No locks available; operation not supported.
        for number in [37, 95] {
            let advice = Error::io("lock", "LOCK")(io::Error::from_raw_os_error(number)).advice();
            assert!(advice.is_some_and(|advice| advice.contains("no locks")), "{number}");
        }
        let denied = Error::io("lock", "LOCK")(io::ErrorKind::PermissionDenied.into()).advice();
        assert!(denied.is_some_and(|advice| advice.contains("may be written")), "{denied:?}");
    }
}
