//! The class `Passage`.

use gz_search::search::PassageInfo;
use pyo3::prelude::*;

use crate::repr::quoted;

/// A passage: one paragraph of a document.
#[pyclass(frozen, module = "gz_search")]
pub(crate) struct Passage(pub(crate) PassageInfo);

#[pymethods]
impl Passage {
    /// Id of the passage: the id of the document, "#", and the ordinal.
    #[getter]
    fn id(&self) -> &str {
        &self.0.id
    }

    /// Text of the passage.
    #[getter]
    fn text(&self) -> &str {
        &self.0.text
    }

    /// Position of the passage in its document, from 0.
    #[getter]
    fn ordinal(&self) -> u32 {
        self.0.ordinal
    }

    /// Number of the paragraph in the document, from 1.
    #[getter]
    fn paragraph(&self) -> u32 {
        self.0.paragraph
    }

    /// Headings above the passage, the outermost first.
    #[getter]
    fn headings(&self) -> Vec<String> {
        self.0.headings.clone()
    }

    /// Public body that issued the passage.
    #[getter]
    fn issuer(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// Person or body that speaks the passage.
    #[getter]
    fn speaker(&self) -> Option<&str> {
        self.0.speaker.as_deref()
    }

    /// Page of the source file on which the passage begins, from 1.
    #[getter]
    fn page(&self) -> Option<u32> {
        self.0.page
    }

    /// Whether a part of the passage was recognized in a picture.
    #[getter]
    fn recognized(&self) -> bool {
        self.0.recognized
    }

    /// Offset of the passage in the text of the document, in code points.
    #[getter]
    fn start(&self) -> usize {
        self.0.start.codepoint
    }

    /// Offset of the end of the passage in the text of the document, in code points.
    #[getter]
    fn end(&self) -> usize {
        self.0.start.advanced_by(&self.0.text).codepoint
    }

    /// Link to the passage, with a hash of its text.
    #[getter]
    fn link(&self) -> String {
        self.0.link().to_string()
    }

    fn __str__(&self) -> &str {
        &self.0.text
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Passage({})", quoted(py, &self.0.id)?))
    }
}
