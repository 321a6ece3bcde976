//! The class `Suggestion`.

use pyo3::prelude::*;

use crate::repr::quoted;

/// A completion of a text that a user is typing.
#[pyclass(frozen, get_all, module = "gz_search")]
pub(crate) struct Suggestion {
    /// The suggested query.
    text: String,
    /// Kind of the completion: "word", "phrase", "title" or "pinyin".
    kind: String,
    /// Number of passages that contain the completion.
    passages: u64,
}

impl From<gz_search::search::Suggestion> for Suggestion {
    fn from(suggestion: gz_search::search::Suggestion) -> Self {
        let kind = suggestion.kind.to_string();
        Self { text: suggestion.text, kind, passages: suggestion.passages }
    }
}

#[pymethods]
impl Suggestion {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (text, kind) = (quoted(py, &self.text)?, quoted(py, &self.kind)?);
        Ok(format!("Suggestion({text}, kind={kind}, passages={})", self.passages))
    }
}
