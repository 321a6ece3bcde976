//! Updates an index from files and folders: reads new and changed files, and removes the documents of missing files.
//!
//! An update reads the files under its roots, changes the index through an [`IndexWriter`](crate::IndexWriter), and
//! returns an [`Update`] as its report. Read `run.rs` first for the entry points, then `files.rs` for the comparison of
//! a file with its record. `walk.rs` lists the files, `duplicates.rs` decides which of several files with equal content
//! is indexed, and `watch.rs` updates the index while files change.

mod documents;
mod duplicates;
mod file;
mod file_report;
mod files;
mod options;
mod recognition;
mod report;
#[cfg(feature = "cli")]
mod roots;
mod run;
pub(super) mod source_path;
#[cfg(test)]
mod tests;
mod updater;
mod walk;
#[cfg(feature = "watch")]
mod watch;

#[cfg(feature = "cli")]
pub(crate) use self::roots::{files_have_changed, roots_contain_files};
#[cfg(feature = "watch")]
pub use self::watch::{Observer, WatchEvent, watch};
pub use self::{
    file_report::{FileOutcome, FileReport, LeftOutCount, LeftOutCounts},
    options::{FileFilter, UpdateOptions},
    report::{Change, Failure, FormatStats, Progress, Update},
    run::{update, update_from},
};
pub(super) use self::{recognition::PreparedOptions, run::read_files_again, walk::SourceFile};
