//! State of one run of an update: the records of the last commit, the report, and the ids and files processed so far.

use std::collections::HashMap;

use super::{
    duplicates::DuplicateTracker,
    file_report::{FileOutcome, FileReport, count_left_out_texts},
    recognition::PreparedOptions,
    report::{Failure, FormatStats, Progress, Update},
    source_path,
};
use crate::{
    document::{Document, Format, leaves_out_much_text_by_guess},
    error::Result,
    index::{stored::Source, write::IndexWriter},
};

/// State of one run of an update.
pub(super) struct Updater<'a, P> {
    pub(super) writer: &'a mut IndexWriter,
    pub(super) options: &'a PreparedOptions<'a>,
    pub(super) progress: &'a P,
    /// Records of the source files in the last commit, by path of the file.
    pub(super) sources: HashMap<String, Source>,
    /// Paths of the roots as the caller gave them, by path without symbolic links.
    pub(super) given_roots: HashMap<String, String>,
    /// Tracker of the source files with equal content.
    pub(super) duplicates: DuplicateTracker,
    /// Report on the whole update so far.
    pub(super) report: Update,
    /// Report on the file that is being read.
    pub(super) file_report: FileReport,
    /// Paths of the files whose documents were added in this run, by document id.
    pub(super) path_by_added_id: HashMap<String, String>,
    /// Whether the update is reading unindexed files whose indexed duplicates have disappeared or changed.
    pub(super) is_reading_missing_duplicates: bool,
}

impl<'a, P: Progress> Updater<'a, P> {
    pub(super) fn new(
        writer: &'a mut IndexWriter,
        options: &'a PreparedOptions<'a>,
        progress: &'a P,
        mut report: Update,
    ) -> Result<Self> {
        options.update_options.check_index_has_declared_fields(writer.declared_fields())?;
        report.failures.extend(options.failure.clone());
        let sources = writer.sources()?;
        let duplicates = DuplicateTracker::new(&sources);
        let sources = sources.into_iter().map(|source| (source.path.clone(), source)).collect();
        let path_by_added_id = HashMap::new();
        let given_roots = HashMap::new();
        let is_reading_missing_duplicates = false;
        Ok(Self {
            writer,
            options,
            progress,
            sources,
            given_roots,
            duplicates,
            report,
            file_report: FileReport::default(),
            path_by_added_id,
            is_reading_missing_duplicates,
        })
    }

    /// Asks the progress observer whether to stop, and records the answer in the report. Always returns `false` while
    /// [`Self::is_reading_missing_duplicates`] is set, because the update must read all these files.
    pub(super) fn must_stop(&mut self) -> bool {
        if self.is_reading_missing_duplicates {
            return false;
        }
        self.report.stopped |= self.progress.should_stop();
        self.report.stopped
    }

    /// Returns the path of the file that contains the document `id`. The path is empty if the document was not read
    /// from a file. Returns `None` if the document or its file does not exist.
    pub(super) fn source_of(&self, id: &str) -> Result<Option<String>> {
        if let Some(path) = self.path_by_added_id.get(id) {
            return Ok(Some(path.clone()));
        }
        let path = self.writer.source_of(id)?;
        Ok(path.filter(|path| path.is_empty() || !source_path::is_certainly_missing(path)))
    }

    /// Adds a failure to the report. The update continues.
    pub(super) fn add_failure(&mut self, source: &str, reason: String) {
        self.report.failures.push(Failure::new(source, reason));
    }

    /// Adds a document to the report of its file. In the report of the whole update, counts the texts that were left
    /// out of the document, and lists the document if it lost much of its text.
    pub(super) fn report_document(&mut self, document: &Document) {
        self.file_report.add_document(document);
        count_left_out_texts(&mut self.report.left_out, document);
        if leaves_out_much_text_by_guess(&document.text, &document.left_out) {
            self.report.reduced_documents.push(document.id.clone());
        }
    }

    /// Completes the report on a file, and passes it to the progress observer. `failures_before` and `warnings_before`
    /// are the numbers of failures and warnings before the file was read.
    pub(super) fn finish_file_report(&mut self, failures_before: usize, warnings_before: usize) {
        let mut file_report = std::mem::take(&mut self.file_report);
        let new_failures = self.report.failures.iter().skip(failures_before);
        let new_warnings = self.report.warnings.iter().skip(warnings_before);
        file_report.messages =
            new_failures.chain(new_warnings).map(|message| message.reason.clone()).collect();
        if file_report.documents == 0 && self.report.failures.len() > failures_before {
            file_report.outcome = FileOutcome::Failed;
        }
        self.progress.reported(&file_report);
    }

    /// Returns the counts so far, summed over all formats.
    pub(super) fn total_counts(&self) -> FormatStats {
        let Update { added, updated, passages, failures, .. } = &self.report;
        let (documents, failed) = (added + updated, failures.len() as u64);
        FormatStats { files: 0, documents, passages: *passages, failed }
    }

    /// Adds one file to the counts of its format. `counts_before` contains the total counts before the file was read;
    /// the increase since then is added to the counts of the format.
    pub(super) fn add_file_to_format_counts(&mut self, format: Format, counts_before: FormatStats) {
        let counts_now = self.total_counts();
        let format_stats = self.report.formats.entry(format.name().to_owned()).or_default();
        format_stats.files += 1;
        format_stats.documents += counts_now.documents - counts_before.documents;
        format_stats.passages += counts_now.passages - counts_before.passages;
        format_stats.failed += counts_now.failed - counts_before.failed;
    }
}
