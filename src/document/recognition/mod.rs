//! Recognizes the text of scanned pages and of pictures (OCR), with the programs `tesseract` and `pdftoppm`.
//!
//! A [`Recognizer`] is opened once for an update: it finds the programs and their languages. A [`Recognition`] adds the
//! observer of the progress, and recognizes the pages of one file after the other. `process.rs` runs a program within
//! limits, `tesseract.rs` parses what it prints, and `cache.rs` stores recognized pages. No program starts unless the
//! caller passes [`Ocr`] options.

mod cache;
mod page;
mod process;
mod recognizer;
mod tesseract;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, time::Duration};

#[cfg(any(feature = "cli", feature = "mcp"))]
pub(crate) use self::recognizer::MISSING_PROGRAMS_PREFIX;
pub(crate) use self::recognizer::{OpenError, Recognizer};
pub(in crate::document) use self::{
    page::{RecognizedLine, RecognizedPage},
    recognizer::{PageJob, ScanFileKind},
};
use crate::error::Result;

/// Resolution, in dots per inch, at which pages become pictures.
pub(in crate::document) const RESOLUTION: u32 = 300;
/// Maximum time for one page, unless [`Ocr::page_time`] is set.
const DEFAULT_MAX_PAGE_TIME: Duration = Duration::from_secs(120);

/// Options of text recognition (OCR) with the programs `tesseract` and `pdftoppm`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ocr {
    /// Languages in the notation of Tesseract: `eng+chi_sim`. `None` for English, Simplified Chinese and Traditional
    /// Chinese, as far as Tesseract has their data.
    pub languages: Option<String>,
    /// Maximum time for one page. A page that takes longer is reported.
    pub page_time: Duration,
    /// Folder of the programs. `None` for the search path of the system.
    pub programs: Option<PathBuf>,
}

impl Default for Ocr {
    fn default() -> Self {
        Self { languages: None, page_time: DEFAULT_MAX_PAGE_TIME, programs: None }
    }
}

/// Observer of the recognition of pages. The observer can stop the recognition.
pub(crate) trait RecognitionObserver {
    /// Receives a page before it is recognized. `number` is the number of the page among the pages to recognize in the
    /// file `id`, from 1. `total` is the number of these pages.
    fn begins_page(&self, id: &str, number: usize, total: usize);
    /// Returns whether to stop before the next page.
    fn should_stop(&self) -> bool;
}

/// Recognizer together with the observer of its progress.
#[derive(Clone, Copy)]
pub(crate) struct Recognition<'a> {
    pub(crate) recognizer: &'a Recognizer,
    pub(crate) observer: &'a dyn RecognitionObserver,
}

/// Result of the recognition of one page: the page, or the reason why it could not be recognized.
pub(in crate::document) type PageRecognitionResult = Result<RecognizedPage, String>;

impl Recognition<'_> {
    /// Recognizes the pages `jobs` of the file `id`, and returns one result for each of them. Takes pages that were
    /// recognized before from the cache.
    ///
    /// # Errors
    ///
    /// The reason, if the observer stops the recognition, or if no temporary file can be written.
    pub(in crate::document) fn recognize(
        &self,
        id: &str,
        bytes: &[u8],
        file_kind: ScanFileKind,
        jobs: &[PageJob],
    ) -> Result<Vec<PageRecognitionResult>, String> {
        const STOPPED_ERROR: &str = "was not recognized to its end, because the update was stopped";
        let mut file = self.recognizer.open_file(bytes, file_kind);
        let mut results = Vec::with_capacity(jobs.len());
        for (index, job) in jobs.iter().enumerate() {
            if self.observer.should_stop() {
                return Err(STOPPED_ERROR.to_owned());
            }
            self.observer.begins_page(id, index + 1, jobs.len());
            results.push(file.recognize_page(job)?);
        }
        Ok(results)
    }
}
