//! Error type of the library.
//!
//! A message states what is wrong and where. A message never names a command or an option of the program
//! `gz-search`: the module `hints` adds such advice for the front ends.

use std::{
    borrow::Cow,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
};

/// Kind of an [`Error`]. The kind states who can fix the problem, and determines the exit code of the program and the
/// status of an HTTP response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request or the input is wrong, and the user can correct it.
    User,
    /// The machine prevents the operation: disk, permissions, or another writer.
    Environment,
    /// This program has a defect.
    Internal,
}

/// An error of any public function of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// Verb that names the failed action: "read", "create", …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The folder contains no index.
    #[error("no index in {}", .0.display())]
    NoIndex(PathBuf),
    /// The folder contains an index already.
    #[error("{} holds an index already: open it, or rebuild it", .0.display())]
    IndexExists(PathBuf),
    /// The folder for a new index contains files that do not belong to an index.
    #[error("{} is not empty and holds no index: choose another folder", .0.display())]
    NotAnIndex(PathBuf),
    /// The index has another format or another analyzer than this program.
    #[error("the index in {} was made by {found}, but this program needs {expected}", path.display())]
    Incompatible {
        /// The folder of the index.
        path: PathBuf,
        /// Format and analyzer of the index.
        found: String,
        /// Format and analyzer of this program.
        expected: String,
    },
    /// Another process is writing to the index.
    #[error("another process is writing to {}: wait for it to end and try again", .0.display())]
    Locked(PathBuf),
    /// The index is damaged.
    #[error("the index in {} is damaged ({detail})", path.display())]
    Damaged {
        /// The folder of the index.
        path: PathBuf,
        /// Description of the first damage that was found.
        detail: String,
    },
    /// A document cannot be indexed.
    #[error("{id}: {reason}")]
    Document {
        /// Id of the document, or the path of its file if the document has no id yet.
        id: String,
        /// The defect, and its location in the document.
        reason: String,
    },
    /// A search took longer than its time limit.
    #[error("no answer within {} seconds: use fewer words and patterns, or allow more time", .0.as_secs_f64())]
    TimedOut(std::time::Duration),
    /// A value that the caller passed is malformed or out of range.
    #[error("{reason}")]
    InvalidArgument {
        /// Name of the parameter, option or field.
        argument: Cow<'static, str>,
        /// The complete message: the value, and the expected values.
        reason: String,
    },
    /// The caller stopped the operation. The text continues the message after the word `stopped`, such as `before the
    /// new index was complete: the old one stays in use`.
    #[error("stopped {0}")]
    Stopped(&'static str),
    /// The cluster that holds the index failed or refused a request.
    #[error("the cluster {message}")]
    Cluster {
        /// The kind of failure.
        failure: ClusterFailure,
        /// Message without its first words, `the cluster`.
        message: String,
    },
    /// tantivy failed, or this crate has a defect.
    #[error("the search engine failed: {0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Kind of an [`Error::Cluster`]. Failures that no caller handles in a special way share the variant
/// [`Other`](Self::Other).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClusterFailure {
    /// The cluster has no index with the name in `address`.
    NoIndex {
        /// Address of the cluster with the name of the index.
        address: String,
    },
    /// Another program, or another version of this program, created the index.
    Incompatible,
    /// The cluster requires credentials, or rejects the given credentials.
    Unauthorized,
    /// The certificate of a cluster host is not trusted.
    UntrustedCertificate,
    /// Any other failure: no host answers, shards are missing, or the cluster rejects a request.
    Other,
}

/// Result of the functions of this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Returns the kind of the error, which states who can fix the problem.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoIndex(_)
            | Self::IndexExists(_)
            | Self::NotAnIndex(_)
            | Self::Document { .. }
            | Self::Stopped(_)
            | Self::InvalidArgument { .. } => ErrorKind::User,
            Self::Io { .. }
            | Self::Locked(_)
            | Self::Cluster { .. }
            | Self::TimedOut(_)
            | Self::Incompatible { .. }
            | Self::Damaged { .. } => ErrorKind::Environment,
            Self::Engine(_) => ErrorKind::Internal,
        }
    }

    /// Returns an [`Error::InvalidArgument`]. `reason` is the complete message.
    pub(crate) fn invalid(
        argument: impl Into<Cow<'static, str>>,
        reason: impl Into<String>,
    ) -> Self {
        Self::InvalidArgument { argument: argument.into(), reason: reason.into() }
    }

    /// Returns a function for `map_err` that turns an I/O error into an [`Error::Io`].
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

/// Calls `operation` and turns a panic into an [`Error::Engine`], so that a defect does not end the process of a server
/// that embeds this crate.
pub(crate) fn catch_panic<T>(operation: impl FnOnce() -> Result<T>) -> Result<T> {
    let result = catch_unwind(AssertUnwindSafe(operation));
    result.unwrap_or_else(|panic| Err(Error::Engine(panic_message(panic.as_ref()).into())))
}

/// Returns the message of an error for a panic: a constant text and the message of the panic.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a defect in the search: {}", text.unwrap_or_default())
}
