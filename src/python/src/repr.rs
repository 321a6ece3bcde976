//! Quotes texts as Python does.

use pyo3::{prelude::*, types::PyString};

/// Returns a text as `repr` writes it, in quotes.
pub(crate) fn quoted(py: Python<'_>, text: &str) -> PyResult<String> {
    PyString::new(py, text).repr()?.extract()
}
