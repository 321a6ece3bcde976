//! The class `Writer`.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use gz_search::{
    IndexWriter,
    document::DeclaredFields,
    index::{FileFilter, UpdateOptions, update},
};
use pyo3::{prelude::*, types::PyString};

use crate::{
    documents::{mappings, read_document},
    errors::{invalid_argument, python_exception},
    update::{SignalWatch, Update},
};

/// Adds, replaces and removes documents. As a context manager, commits at the end, and discards all changes after an
/// exception. Threads may share a writer.
#[pyclass(frozen, module = "gz_search")]
pub(crate) struct Writer {
    /// The writer of the library. `None` after a commit.
    writer: Mutex<Option<IndexWriter>>,
    fields: DeclaredFields,
}

impl Writer {
    pub(crate) fn new(writer: IndexWriter, fields: DeclaredFields) -> Self {
        Self { writer: Mutex::new(Some(writer)), fields }
    }

    /// Calls `change` on the open writer, without the interpreter lock.
    fn change_with_writer<T: Send>(
        &self,
        py: Python<'_>,
        change: impl FnOnce(&mut IndexWriter) -> gz_search::Result<T> + Send,
    ) -> PyResult<T> {
        py.detach(|| {
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            writer.as_mut().map(change)
        })
        .ok_or_else(ended_writer_error)?
        .map_err(python_exception)
    }

    /// Removes the writer of the library from this object, and returns it. `None` if the writer has ended.
    fn take_writer(&self, py: Python<'_>) -> Option<IndexWriter> {
        py.detach(|| self.writer.lock().unwrap_or_else(PoisonError::into_inner).take())
    }
}

/// Returns the error for the use of a writer that has ended.
fn ended_writer_error() -> PyErr {
    invalid_argument("the writer has ended: open another one with Index.writer()")
}

/// Returns the texts of an argument that is one text or an iterable of texts.
pub(crate) fn texts(argument: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if argument.is_instance_of::<PyString>() {
        return Ok(vec![argument.extract()?]);
    }
    argument.try_iter()?.map(|text| text?.extract()).collect()
}

/// Returns the paths of an argument that is one path or an iterable of paths.
fn paths(argument: &Bound<'_, PyAny>) -> PyResult<Vec<PathBuf>> {
    if let Ok(path) = argument.extract() {
        return Ok(vec![path]);
    }
    argument.try_iter()?.map(|path| path?.extract()).collect()
}

#[pymethods]
impl Writer {
    /// Adds documents: one mapping with the keys of a document, or an iterable of mappings. A document replaces the
    /// document with the same id. Returns the number of documents.
    pub(crate) fn add(&self, py: Python<'_>, documents: &Bound<'_, PyAny>) -> PyResult<usize> {
        let mut added = 0;
        for mapping in mappings(documents)? {
            let document = read_document(&mapping?, added + 1, &self.fields)?;
            self.change_with_writer(py, |writer| writer.add(&document))?;
            py.check_signals()?;
            added += 1;
        }
        Ok(added)
    }

    /// Updates the documents of files and folders: reads new and changed files, and removes the documents of files that
    /// are gone. The globs `include` and `exclude` select files in folders. `issuer` and `lang` replace the values in
    /// the documents.
    #[expect(clippy::too_many_arguments, reason = "Python callers name the arguments")]
    #[pyo3(signature = (
        paths, *, include = Vec::new(), exclude = Vec::new(), reread = false, issuer = None, lang = None,
    ))]
    pub(crate) fn update(
        &self,
        py: Python<'_>,
        paths: &Bound<'_, PyAny>,
        include: Vec<String>,
        exclude: Vec<String>,
        reread: bool,
        issuer: Option<String>,
        lang: Option<String>,
    ) -> PyResult<Update> {
        let roots = self::paths(paths)?;
        let mut filter = FileFilter::default();
        (filter.include, filter.exclude) = (include, exclude);
        let mut options = UpdateOptions::default();
        (options.filter, options.reread) = (filter, reread);
        (options.overrides.issuer, options.overrides.lang) = (issuer, lang);
        let signals = SignalWatch::default();
        let report =
            self.change_with_writer(py, |writer| update(writer, &roots, &options, &signals))?;
        signals.into_exception().map_or_else(|| Ok(Update::from(report)), Err)
    }

    /// Removes documents by id: one id, or an iterable of ids. Ids that the index does not contain are ignored.
    pub(crate) fn remove(&self, py: Python<'_>, ids: &Bound<'_, PyAny>) -> PyResult<()> {
        let ids = texts(ids)?;
        self.change_with_writer(py, |writer| ids.iter().try_for_each(|id| writer.remove(id)))
    }

    /// Makes the changes so far visible and durable. The writer stays open.
    fn checkpoint(&self, py: Python<'_>) -> PyResult<()> {
        self.change_with_writer(py, IndexWriter::checkpoint)
    }

    /// Makes the changes visible and durable, and ends the writer. Returns the number of documents in the index.
    pub(crate) fn commit(&self, py: Python<'_>) -> PyResult<u64> {
        let writer = self.take_writer(py).ok_or_else(ended_writer_error)?;
        Ok(py.detach(|| writer.commit()).map_err(python_exception)?.documents)
    }

    /// Discards the changes that are not visible yet, and ends the writer.
    fn discard(&self, py: Python<'_>) {
        let writer = self.take_writer(py);
        py.detach(|| drop(writer));
    }

    fn __enter__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __exit__(
        &self,
        py: Python<'_>,
        exception_type: &Bound<'_, PyAny>,
        _exception: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let is_open = py.detach(|| self.writer.lock().is_ok_and(|writer| writer.is_some()));
        if !exception_type.is_none() {
            self.discard(py);
        } else if is_open {
            self.commit(py)?;
        }
        Ok(())
    }
}
