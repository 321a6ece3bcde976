//! Advice on errors, in terms of the commands and options of the program `gz-search`.
//!
//! Messages of the library name no command. The front ends (command line, HTTP, agents) append this advice to
//! the messages.

use std::io;

use crate::error::{ClusterFailure, Error};

/// Returns the message of `error`, followed by its causes and by advice.
#[cfg(feature = "cli")]
pub(crate) fn message_with_causes(error: &Error) -> String {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let cause_text = source.to_string();
        if !message.contains(&cause_text) {
            message.push_str(": ");
            message.push_str(&cause_text);
        }
        cause = source.source();
    }
    if let Some(hint) = hint(error) {
        message.push_str(": ");
        message.push_str(&hint);
    }
    message
}

/// Returns the message of `error`, followed by advice but without its causes.
#[cfg(feature = "mcp")]
pub(crate) fn message_with_hint(error: &Error) -> String {
    let message = error.to_string();
    match hint(error) {
        Some(hint) => format!("{message}: {hint}"),
        None => message,
    }
}

/// Returns advice that helps to resolve `error`; `None` if there is no advice.
pub(crate) fn hint(error: &Error) -> Option<String> {
    match error {
        Error::NoIndex(dir) => {
            let dir = dir.display();
            Some(format!("build one with `gz-search index FOLDER --index {dir}`"))
        }
        Error::Incompatible { .. } => {
            Some("rebuild it with `gz-search index --rebuild`".to_owned())
        }
        Error::Damaged { .. } => Some(
            "`gz-search check` lists the damage, `gz-search index --repair` rebuilds the index"
                .to_owned(),
        ),
        Error::Cluster { failure, .. } => cluster_hint(failure),
        Error::InvalidArgument { argument, .. } => argument_hint(argument).map(str::to_owned),
        Error::Engine(_) => {
            Some("`gz-search check` reports whether the index is damaged".to_owned())
        }
        Error::Io { action, source, .. } => io_hint(action, source).map(str::to_owned),
        _ => None,
    }
}

/// Returns the reason why a file could not be read, followed by advice if there is any.
#[cfg(feature = "cli")]
pub(crate) fn with_file_failure_hint(reason: &str) -> String {
    match file_failure_hint(reason) {
        Some(hint) => format!("{reason}: {hint}"),
        None => reason.to_owned(),
    }
}

/// Returns advice for a file that could not be read for this reason; `None` if there is no advice.
#[cfg(all(feature = "cli", feature = "pdf"))]
fn file_failure_hint(reason: &str) -> Option<&'static str> {
    use crate::document::{
        SCAN_REASON, UNKNOWN_GLYPHS_REASON, recognition::MISSING_PROGRAMS_PREFIX,
    };
    if reason.ends_with(SCAN_REASON) || reason.ends_with(UNKNOWN_GLYPHS_REASON) {
        Some("`gz-search index --ocr` does")
    } else if reason.contains(MISSING_PROGRAMS_PREFIX) {
        Some("`apt install tesseract-ocr tesseract-ocr-chi-sim poppler-utils` installs them")
    } else {
        None
    }
}

#[cfg(all(feature = "cli", not(feature = "pdf")))]
const fn file_failure_hint(_: &str) -> Option<&'static str> {
    None
}

fn cluster_hint(failure: &ClusterFailure) -> Option<String> {
    match failure {
        ClusterFailure::NoIndex { address } => {
            Some(format!("build it with `gz-search index FOLDER --engine {address}`"))
        }
        ClusterFailure::Incompatible => {
            Some("rebuild it with `gz-search index --rebuild`".to_owned())
        }
        ClusterFailure::Unauthorized => Some(
            "set GZ_SEARCH_ENGINE_USER and GZ_SEARCH_ENGINE_PASSWORD, or GZ_SEARCH_ENGINE_API_KEY"
                .to_owned(),
        ),
        ClusterFailure::UntrustedCertificate => {
            Some("set GZ_SEARCH_ENGINE_CA to a file of certificates to trust".to_owned())
        }
        ClusterFailure::Other => None,
    }
}

fn argument_hint(argument: &str) -> Option<&'static str> {
    match argument {
        "chinese" => Some("omit --chinese, or add --rebuild"),
        "fields" => Some("omit --field and [index.field], or add --rebuild"),
        "password" => Some("set GZ_SEARCH_ENGINE_USER and GZ_SEARCH_ENGINE_PASSWORD instead"),
        _ => None,
    }
}

fn io_hint(action: &str, error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some("free some space and run it again; the documents indexed before are unchanged")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem if action != "read" => {
            Some("make it writable, or choose another folder with --index")
        }
        _ if action == "lock" => Some(
            "its file system has no locks (some network file systems lack them): choose a folder on a local disk with --index",
        ),
        _ if is_too_many_open_files(error) => {
            Some("allow more open files (`ulimit -n 1024`) and run it again")
        }
        _ => None,
    }
}

/// Returns whether the process or the machine has too many open files. Searches the message of the error for the error
/// number, because `raw_os_error` returns `None` for a wrapped I/O error.
fn is_too_many_open_files(error: &io::Error) -> bool {
    let message = error.to_string();
    cfg!(unix) && ["(os error 23)", "(os error 24)"].iter().any(|number| message.contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_name_the_command_or_variable_that_helps() {
        let cluster = |failure| Error::Cluster { failure, message: String::new() };
        for (error, command) in [
            (Error::NoIndex("news".into()), "`gz-search index FOLDER --index news`"),
            (
                Error::Damaged { path: "news".into(), detail: String::new() },
                "`gz-search index --repair`",
            ),
            (Error::Engine("defect".into()), "`gz-search check`"),
            (Error::invalid("chinese", "another setting"), "--rebuild"),
            (Error::invalid("fields", "other fields"), "--rebuild"),
            (
                cluster(ClusterFailure::NoIndex { address: "http://a/b".to_owned() }),
                "--engine http://a/b`",
            ),
            (cluster(ClusterFailure::Incompatible), "`gz-search index --rebuild`"),
            (cluster(ClusterFailure::Unauthorized), "GZ_SEARCH_ENGINE_API_KEY"),
            (cluster(ClusterFailure::UntrustedCertificate), "GZ_SEARCH_ENGINE_CA"),
        ] {
            assert!(hint(&error).unwrap().contains(command), "{error}");
            assert!(!error.to_string().contains("gz-search"), "{error}");
        }
        assert_eq!(hint(&Error::Locked("news".into())), None);
    }

    #[cfg(unix)]
    #[test]
    fn too_many_open_files_are_recognized_in_wrapped_errors() {
        let plain_error = || io::Error::from_raw_os_error(24);
        let wrapped_error =
            io::Error::new(plain_error().kind(), format!("{} at path \"a\"", plain_error()));
        for source in [plain_error(), wrapped_error] {
            assert!(hint(&Error::io("write", "a")(source)).unwrap().contains("ulimit -n"));
        }
        let unrelated_error = Error::io("read", "a")(io::Error::from_raw_os_error(5));
        assert_eq!(hint(&unrelated_error), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_system_without_locks_is_named() {
        // Linux error numbers of "no locks available" and "operation not supported".
        for number in [37, 95] {
            let error = Error::io("lock", "LOCK")(io::Error::from_raw_os_error(number));
            assert!(hint(&error).unwrap().contains("no locks"), "{number}");
        }
        let denied_error = Error::io("lock", "LOCK")(io::ErrorKind::PermissionDenied.into());
        assert!(hint(&denied_error).unwrap().contains("writable"));
    }
}
