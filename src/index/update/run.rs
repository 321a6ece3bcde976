//! Entry points of an update. [`update`] reads all files under its roots, `read_files_again` reads selected files, and
//! [`update_from`] reads JSON Lines.

use std::{
    io::BufRead,
    path::PathBuf,
    time::{Duration, Instant},
};

use super::{
    options::UpdateOptions,
    recognition::PreparedOptions,
    report::{Progress, Update},
    updater::Updater,
    walk::{FileSelection, SourceFile, Walk},
};
use crate::{error::Result, index::write::IndexWriter};

/// Time between two checkpoints. An interrupted run loses only the changes since its last checkpoint.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(180);

/// Updates the documents under `roots`. The changes become visible with the next commit of `writer`.
///
/// # Errors
///
/// Before any change, [`Error::Io`](crate::Error::Io) if a root cannot be read, and
/// [`Error::InvalidArgument`](crate::Error::InvalidArgument) if a glob is invalid, if the index has other declared
/// fields than the options, or if a language of text recognition is not installed. Later, errors of the index. A file
/// that cannot be read is not an error; [`Update::failures`] lists the file.
pub fn update(
    writer: &mut IndexWriter,
    roots: &[PathBuf],
    options: &UpdateOptions,
    progress: &impl Progress,
) -> Result<Update> {
    let should_stop = || progress.should_stop();
    let options = PreparedOptions::with_recognition(options, writer)?;
    let selection = FileSelection {
        filter: &options.update_options.filter,
        reads_pictures: options.reads_pictures(),
    };
    let mut walk = Walk::new(roots, selection, writer.dir(), should_stop)?;
    let report = Update {
        failures: std::mem::take(&mut walk.failures),
        skipped: std::mem::take(&mut walk.skipped),
        ..Update::default()
    };
    let mut updater = Updater::new(writer, &options, progress, report)?;
    updater.given_roots = walk.given_roots();
    let mut last_checkpoint = Instant::now();
    for (processed_files, file) in walk.files.iter().enumerate() {
        if updater.must_stop() {
            break;
        }
        updater.update_file(file)?;
        progress.advanced(processed_files + 1, walk.files.len());
        if last_checkpoint.elapsed() > CHECKPOINT_INTERVAL {
            updater.checkpoint()?;
            last_checkpoint = Instant::now();
        }
    }
    if !updater.must_stop() {
        updater.remove_missing_files(&walk)?;
    }
    updater.finish()
}

/// Reads `files` again, and leaves all other files unchanged. [`Update::failures`] lists the files that cannot be read.
pub(in crate::index) fn read_files_again(
    writer: &mut IndexWriter,
    files: &[SourceFile],
    options: &PreparedOptions<'_>,
    progress: &impl Progress,
) -> Result<Update> {
    let mut updater = Updater::new(writer, options, progress, Update::default())?;
    for (processed_files, file) in files.iter().enumerate() {
        if updater.must_stop() {
            break;
        }
        updater.update_file(file)?;
        progress.advanced(processed_files + 1, files.len());
    }
    updater.finish()
}

/// Adds the documents in the JSON Lines of `reader`. Removes no documents.
///
/// # Errors
///
/// Errors of the index. A line that cannot be read is not an error; [`Update::failures`] lists the line.
pub fn update_from(
    writer: &mut IndexWriter,
    reader: impl BufRead,
    options: &UpdateOptions,
    progress: &impl Progress,
) -> Result<Update> {
    let options = PreparedOptions::without_recognition(options);
    let mut updater = Updater::new(writer, &options, progress, Update::default())?;
    updater.update_json_lines(reader)?;
    updater.finish()
}
