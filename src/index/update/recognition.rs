//! Prepares the recognition of scans for an update, and passes its progress to the observer of the update.

use super::{
    options::UpdateOptions,
    report::{Failure, Progress},
};
#[cfg(feature = "pdf")]
use crate::document::recognition::{OpenError, Recognition, RecognitionObserver, Recognizer};
use crate::{document::ReadSettings, error::Result, index::write::IndexWriter};

/// Name of the folder in the folder of the index that caches recognized pages.
#[cfg(feature = "pdf")]
const RECOGNIZED_PAGES_FOLDER: &str = "ocr";
/// Value of [`Failure::source`] if the text recognizer is unusable, so that the failure belongs to no file.
#[cfg(feature = "pdf")]
const RECOGNITION_FAILURE_SOURCE: &str = "text recognition";

/// Options of an update, and the text recognizer for scans if the options require one.
pub(in crate::index) struct PreparedOptions<'a> {
    pub(super) update_options: &'a UpdateOptions,
    /// Fingerprint of the options that affect documents.
    pub(in crate::index) fingerprint: String,
    /// Text recognizer for scans and pictures. `None` if their text is not recognized.
    #[cfg(feature = "pdf")]
    recognizer: Option<Recognizer>,
    /// Failure to report if the text recognizer is unusable. The update still reads all other files. `None` if the
    /// recognizer is usable or not needed.
    pub(super) failure: Option<Failure>,
}

impl<'a> PreparedOptions<'a> {
    /// Returns options for an update that reads no scans.
    pub(super) fn without_recognition(options: &'a UpdateOptions) -> Self {
        Self {
            update_options: options,
            fingerprint: options.fingerprint(""),
            #[cfg(feature = "pdf")]
            recognizer: None,
            failure: None,
        }
    }

    /// Returns options with the text recognizer for scans, if `options` require one. If the programs of the recognizer
    /// are missing, records a failure; the update then reads all other files.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`](crate::Error::InvalidArgument) if a language is not installed.
    #[cfg(feature = "pdf")]
    pub(in crate::index) fn with_recognition(
        options: &'a UpdateOptions,
        writer: &IndexWriter,
    ) -> Result<Self> {
        let mut prepared = Self::without_recognition(options);
        let Some(ocr) = &options.ocr else { return Ok(prepared) };
        let cache = writer.dir().map(|dir| dir.join(RECOGNIZED_PAGES_FOLDER));
        match Recognizer::open(ocr, cache) {
            Ok(recognizer) => {
                prepared.fingerprint = options.fingerprint(&recognizer.languages);
                prepared.recognizer = Some(recognizer);
            }
            Err(OpenError::Unusable(reason)) => {
                prepared.failure = Some(Failure::new(RECOGNITION_FAILURE_SOURCE, reason));
            }
            Err(OpenError::Invalid(error)) => return Err(error),
        }
        Ok(prepared)
    }

    /// Returns options without text recognition, because this program was built without the feature `pdf`.
    #[cfg(not(feature = "pdf"))]
    #[expect(clippy::unnecessary_wraps, reason = "fails if scans are recognized")]
    pub(in crate::index) fn with_recognition(
        options: &'a UpdateOptions,
        _: &IndexWriter,
    ) -> Result<Self> {
        Ok(Self::without_recognition(options))
    }

    /// Returns whether pictures are read, because their text is recognized.
    #[cfg_attr(
        not(feature = "pdf"),
        expect(clippy::unused_self, reason = "only PDF pages and pictures are recognized")
    )]
    pub(super) const fn reads_pictures(&self) -> bool {
        #[cfg(feature = "pdf")]
        return self.recognizer.is_some();
        #[cfg(not(feature = "pdf"))]
        return false;
    }

    /// Returns the settings with which files are read. `writer` limits the size of the files, and `progress` observes
    /// the recognition of pages.
    pub(super) fn read_settings<'s, P: Progress>(
        &'s self,
        writer: &IndexWriter,
        progress: &'s PageProgress<'_, P>,
    ) -> ReadSettings<'s> {
        let settings = ReadSettings::new(&self.update_options.mapping, writer.read_limits());
        #[cfg(feature = "pdf")]
        let settings = ReadSettings {
            recognition: self
                .recognizer
                .as_ref()
                .map(|recognizer| Recognition { recognizer, observer: progress }),
            ..settings
        };
        #[cfg(not(feature = "pdf"))]
        let _ = progress;
        settings
    }
}

/// Observer of the recognition of pages, which passes its events to the observer of an update.
#[cfg_attr(not(feature = "pdf"), expect(dead_code, reason = "scans are not recognized"))]
pub(super) struct PageProgress<'a, P> {
    pub(super) progress: &'a P,
    /// Whether the update must read the file to its end.
    pub(super) must_finish_file: bool,
}

#[cfg(feature = "pdf")]
impl<P: Progress> RecognitionObserver for PageProgress<'_, P> {
    fn begins_page(&self, id: &str, number: usize, total: usize) {
        self.progress.recognizes_page(id, number, total);
    }

    fn should_stop(&self) -> bool {
        !self.must_finish_file && self.progress.should_stop()
    }
}
