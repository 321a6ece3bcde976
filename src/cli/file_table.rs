//! Writes the table of the option `--report` of `gz-search index`: CSV with a row for each file.

use std::{
    cell::RefCell,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use csv::Writer;

use crate::{
    error::{Error, Result},
    index::{Change, FileOutcome, FileReport, Progress},
    render::csv_text_cell,
};

const COLUMN_NAMES: [&str; 13] = [
    "file",
    "outcome",
    "kind",
    "documents",
    "passages",
    "lang",
    "date",
    "issuer",
    "seconds",
    "left_out_texts",
    "left_out_characters",
    "left_out",
    "messages",
];

/// Progress observer that writes a row of a table for each file, and passes all calls on to another observer.
pub(super) struct FileTableWriter<'a, P> {
    progress: &'a P,
    path: PathBuf,
    /// Writer of the table, or the error of the first row that could not be written.
    writer: RefCell<io::Result<Writer<BufWriter<File>>>>,
}

impl<'a, P> FileTableWriter<'a, P> {
    /// Creates the table with its header row.
    pub(super) fn create(path: &Path, progress: &'a P) -> Result<Self> {
        let create = || -> io::Result<_> {
            let mut file = BufWriter::new(File::create(path)?);
            // Excel does not read UTF-8 without a byte order mark.
            file.write_all("\u{FEFF}".as_bytes())?;
            let mut writer = Writer::from_writer(file);
            writer.write_record(COLUMN_NAMES)?;
            Ok(writer)
        };
        let writer = create().map_err(Error::io("write to", path))?;
        Ok(Self { progress, path: path.to_owned(), writer: RefCell::new(Ok(writer)) })
    }

    /// Writes the buffered rows of the table.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if a row could not be written.
    pub(super) fn finish(self) -> Result<()> {
        let flush_result = self.writer.into_inner().and_then(|mut writer| writer.flush());
        flush_result.map_err(Error::io("write to", &self.path))
    }
}

impl<P: Progress> Progress for FileTableWriter<'_, P> {
    fn advanced(&self, processed: usize, total: usize) {
        self.progress.advanced(processed, total);
    }

    fn changed(&self, change: Change, id: &str) {
        self.progress.changed(change, id);
    }

    fn reported(&self, file: &FileReport) {
        let mut writer = self.writer.borrow_mut();
        if let Ok(open_writer) = writer.as_mut()
            && let Err(error) = open_writer.write_record(file_row(file))
        {
            *writer = Err(error.into());
        }
    }

    fn recognizes_page(&self, id: &str, number: usize, total: usize) {
        self.progress.recognizes_page(id, number, total);
    }

    fn should_stop(&self) -> bool {
        self.progress.should_stop()
    }
}

fn file_row(file: &FileReport) -> [String; COLUMN_NAMES.len()] {
    let outcome = match file.outcome {
        FileOutcome::Read => "read",
        FileOutcome::Unchanged => "unchanged",
        FileOutcome::Failed => "failed",
    };
    let joined = |texts: Vec<String>| csv_text_cell(&texts.join("; "));
    let dates = file.dates.as_ref().map(|dates| match (dates.start(), dates.end()) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}..{last}"),
    });
    let reasons = file.left_out.iter();
    let reasons = reasons.map(|(reason, count)| {
        format!("{}: {} ({} characters)", reason.describe(), count.texts, count.characters)
    });
    [
        csv_text_cell(&file.path),
        outcome.to_owned(),
        file.format.clone(),
        file.documents.to_string(),
        file.passages.to_string(),
        joined(file.langs.iter().cloned().collect()),
        dates.unwrap_or_default(),
        joined(file.issuers.iter().cloned().collect()),
        format!("{:.3}", file.elapsed.as_secs_f64()),
        file.left_out.values().map(|count| count.texts).sum::<u64>().to_string(),
        file.left_out.values().map(|count| count.characters).sum::<u64>().to_string(),
        joined(reasons.collect()),
        joined(file.messages.clone()),
    ]
}
