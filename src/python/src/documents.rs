//! Reads documents from Python mappings.

use gz_search::document::{DeclaredFields, Document, read_strict_json};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    sync::PyOnceLock,
    types::{IntoPyDict, PyDate, PyDict, PyMapping, PyString},
};

use crate::errors::python_exception;

/// Returns the mappings of an argument that is one mapping or an iterable of mappings.
pub(crate) fn mappings<'py>(
    documents: &Bound<'py, PyAny>,
) -> PyResult<Box<dyn Iterator<Item = PyResult<Bound<'py, PyAny>>> + 'py>> {
    if documents.cast::<PyMapping>().is_ok() {
        return Ok(Box::new(std::iter::once(Ok(documents.clone()))));
    }
    if documents.is_instance_of::<PyString>() {
        return Err(not_a_mapping(documents)?);
    }
    Ok(Box::new(documents.try_iter()?))
}

/// Reads a document from a mapping. `document_number` is the position of the document in the call, from 1, for error
/// messages.
pub(crate) fn read_document(
    mapping: &Bound<'_, PyAny>,
    document_number: usize,
    fields: &DeclaredFields,
) -> PyResult<Document> {
    if mapping.cast::<PyMapping>().is_err() {
        return Err(not_a_mapping(mapping)?);
    }
    let py = mapping.py();
    let json = json_text_of_mapping(mapping)?;
    py.detach(|| read_strict_json(&format!("document {document_number}"), &json, fields))
        .map_err(python_exception)
}

/// Returns the error for a document that is not a mapping.
fn not_a_mapping(value: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let type_name = value.get_type().name()?;
    Ok(PyTypeError::new_err(format!("a document is a mapping with id and text, not {type_name}")))
}

/// Returns a mapping as JSON text. Dates become texts such as `2025-12-17`.
fn json_text_of_mapping(mapping: &Bound<'_, PyAny>) -> PyResult<String> {
    static JSON_DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = mapping.py();
    let dumps = JSON_DUMPS.import(py, "json", "dumps")?;
    let options =
        [("default", wrap_pyfunction!(json_form_of_unsupported_value, py)?)].into_py_dict(py)?;
    let dict = PyDict::new(py);
    dict.update(mapping.cast::<PyMapping>()?)?;
    dumps.call((dict,), Some(&options))?.extract()
}

/// Converts a value of a type that `json.dumps` does not support, such as a date.
#[pyfunction]
fn json_form_of_unsupported_value<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if value.is_exact_instance_of::<PyDate>() {
        return value.call_method0("isoformat");
    }
    let type_name = value.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "a value of type {type_name} cannot be indexed: give a text, a number, a date, a truth value or a list"
    )))
}
