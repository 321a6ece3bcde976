//! Defines the report on one source file of an update: the contents of the file, and the texts that were left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    time::Duration,
};

use crate::document::{Date, Document, LeftOutReason};

/// Outcome of an update for a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileOutcome {
    /// The file was read, at least in part.
    #[default]
    Read,
    /// The file has not changed and was not read.
    Unchanged,
    /// The file could not be read.
    Failed,
}

/// Number and size of texts that were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct LeftOutCount {
    /// Number of texts.
    pub texts: u64,
    /// Number of characters of the texts.
    pub characters: u64,
}

/// Texts that were left out, counted by reason.
pub type LeftOutCounts = BTreeMap<LeftOutReason, LeftOutCount>;

/// Report on one source file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FileReport {
    /// Path of the file.
    pub path: String,
    /// Name of the format. Empty if the file was not read.
    pub format: String,
    /// Outcome of the update for the file.
    pub outcome: FileOutcome,
    /// Number of documents in the file.
    pub documents: u64,
    /// Number of passages of the documents that were added or updated.
    pub passages: u64,
    /// Languages of the documents.
    pub langs: BTreeSet<String>,
    /// First and last day of publication of the documents. `None` if no document has a date.
    pub dates: Option<RangeInclusive<Date>>,
    /// Issuers of the documents.
    pub issuers: BTreeSet<String>,
    /// Time that the update spent on the file.
    pub elapsed: Duration,
    /// Texts that were left out.
    pub left_out: LeftOutCounts,
    /// Reasons why the file or parts of it could not be read.
    pub messages: Vec<String>,
}

impl FileReport {
    /// Adds a document of the file.
    pub(super) fn add_document(&mut self, document: &Document) {
        self.documents += 1;
        if !document.lang.is_empty() {
            self.langs.insert(document.lang.clone());
        }
        self.issuers.extend(document.issuer.clone());
        if let Some(date) = document.date {
            let (first, last) = self.dates.take().unwrap_or(date..=date).into_inner();
            self.dates = Some(first.min(date)..=last.max(date));
        }
        count_left_out_texts(&mut self.left_out, document);
    }
}

/// Adds the texts that were left out of a document to `counts`.
pub(super) fn count_left_out_texts(counts: &mut LeftOutCounts, document: &Document) {
    for left_out in &document.left_out {
        let count = counts.entry(left_out.reason).or_default();
        count.texts += 1;
        count.characters += left_out.text.chars().count() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, read};

    #[test]
    fn a_file_report_summarizes_all_documents_of_the_file() {
        let mut report = FileReport::default();
        for (date, issuer) in [("2025-12-17", "City"), ("2024-01-02", "Port"), ("", "Port")] {
            let page = format!(
                "<meta name=date content='{date}'><meta name=publisher content='{issuer}'><nav>Home</nav><p>A port opened."
            );
            report.add_document(&read(Format::Html, "x", page.as_bytes()).unwrap());
        }
        let dates = report.dates.map(|dates| format!("{}..{}", dates.start(), dates.end()));
        assert_eq!(dates.as_deref(), Some("2024-01-02..2025-12-17"));
        assert_eq!(report.documents, 3);
        assert_eq!(
            report.left_out[&LeftOutReason::Element],
            LeftOutCount { texts: 3, characters: 12 }
        );
    }
}
