//! The class `Document`.

use std::collections::BTreeMap;

use gz_search::{document::Date, search::DocumentInfo};
use pyo3::{prelude::*, types::PyDate};

use crate::repr::quoted;

/// Fields of a document in the index.
#[pyclass(frozen, module = "gz_search")]
pub(crate) struct Document(pub(crate) DocumentInfo);

/// Returns a date as a `datetime.date`.
pub(crate) fn python_date(py: Python<'_>, date: Date) -> PyResult<Bound<'_, PyDate>> {
    let (year, month, day) = date.year_month_day();
    PyDate::new(py, year, month, day)
}

#[pymethods]
impl Document {
    /// Id of the document, unique in the index.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// Title of the document.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// Path of the source file. Empty for a document that was not read from a file.
    #[getter]
    fn source(&self) -> &str {
        &self.0.source
    }

    /// Day of publication.
    #[getter]
    fn date<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDate>>> {
        self.0.date.map(|date| python_date(py, date)).transpose()
    }

    /// Public body that issued the document.
    #[getter]
    fn issuer(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// Language of the document as a BCP 47 code.
    #[getter]
    fn lang(&self) -> &str {
        &self.0.lang
    }

    /// Web address of the document.
    #[getter]
    fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// Official number of the document.
    #[getter]
    fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// Further metadata, and the values of declared fields, as texts by name.
    #[getter]
    fn metadata(&self) -> BTreeMap<String, String> {
        self.0.metadata.clone()
    }

    /// Names of the fields whose values were inferred from the text.
    #[getter]
    fn inferred(&self) -> Vec<String> {
        self.0.inferred.clone()
    }

    /// Number of passages of the document.
    #[getter]
    fn passages(&self) -> u32 {
        self.0.passages
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let id = quoted(py, &self.0.id)?;
        Ok(match &self.0.title {
            Some(title) => format!("Document({id}, title={})", quoted(py, title)?),
            None => format!("Document({id})"),
        })
    }
}
