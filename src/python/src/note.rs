//! The class `Note`.

use pyo3::prelude::*;

use crate::repr::quoted;

/// A message on a repair or expansion of the query, or on a limit of the results.
#[pyclass(frozen, get_all, module = "gz_search")]
pub(crate) struct Note {
    /// Kind of the note, such as "corrected".
    kind: String,
    /// Text of the note, in English.
    message: String,
}

impl From<&gz_search::query::Note> for Note {
    fn from(note: &gz_search::query::Note) -> Self {
        let kind = serde_json::to_value(note.kind).ok();
        let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().to_owned();
        Self { kind, message: note.message.clone() }
    }
}

#[pymethods]
impl Note {
    fn __str__(&self) -> &str {
        &self.message
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Note({}, {})", quoted(py, &self.kind)?, quoted(py, &self.message)?))
    }
}
