//! The class `Hit`.

use gz_search::{render, span::Span};
use pyo3::prelude::*;

use crate::{citation::parse_citation_style, passage::Passage, release::Document, repr::quoted};

/// One ranked passage.
#[pyclass(frozen, module = "gz_search")]
pub(crate) struct Hit(pub(crate) gz_search::Hit);

#[pymethods]
impl Hit {
    /// Rank among all matches, from 1.
    #[getter]
    fn rank(&self) -> u64 {
        self.0.rank
    }

    /// Score of the passage. Scores of different queries are not comparable.
    #[getter]
    fn score(&self) -> f64 {
        self.0.score
    }

    /// "all" if the passage has every word of the query, "release" if only its document has every word, "some" if both
    /// lack a word.
    #[getter]
    fn matched(&self) -> &'static str {
        self.0.matched.name()
    }

    /// Words of the query that the passage lacks.
    #[getter]
    fn missing(&self) -> Vec<String> {
        self.0.missing.clone()
    }

    /// Document of the passage.
    #[getter]
    fn document(&self) -> Document {
        Document(self.0.document.clone())
    }

    /// Passage of the hit.
    #[getter]
    fn passage(&self) -> Passage {
        Passage(self.0.passage.clone())
    }

    /// Id of the passage.
    #[getter]
    fn id(&self) -> &str {
        &self.0.passage.id
    }

    /// Title of the document.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.0.document.title.as_deref()
    }

    /// Text of the passage.
    #[getter]
    fn text(&self) -> &str {
        &self.0.passage.text
    }

    /// Snippet of the passage as one line of plain text.
    #[getter]
    fn snippet(&self) -> String {
        render::snippet_text(&self.0)
    }

    /// Snippet of the passage as one line of HTML, with the matching words in `<mark>`.
    #[getter]
    fn snippet_html(&self) -> String {
        render::snippet_html(&self.0)
    }

    /// Matching words of the snippet, as pairs of the start and the end in the text of the passage, in code points.
    #[getter]
    fn highlights(&self) -> Vec<(usize, usize)> {
        let text = self.0.passage.text.as_str();
        let code_points = |end: usize| Span::new(0, end).of(text).chars().count();
        let fragments = self.0.snippet.fragments.iter();
        let spans = fragments.flat_map(|fragment| &fragment.highlights);
        spans.map(|span| (code_points(span.start), code_points(span.end))).collect()
    }

    /// Further passages of the document, the best first, if the hits are grouped by document.
    #[getter]
    fn next_best(&self) -> Vec<Self> {
        self.0.next_best.iter().cloned().map(Self).collect()
    }

    /// Number of further matches of the document that the page does not contain.
    #[getter]
    fn collapsed(&self) -> u64 {
        self.0.collapsed
    }

    /// Ids of other documents with a near-duplicate of the passage. None unless near-duplicates are grouped.
    #[getter]
    fn near_duplicates(&self) -> Option<Vec<String>> {
        self.0.near_duplicates.as_ref().map(|duplicates| duplicates.documents.clone())
    }

    /// Components of the score as pairs of reason and value. Empty unless the search explains scores.
    #[getter]
    fn explanation(&self) -> Vec<(String, f64)> {
        let components = self.0.explanation.iter();
        components.map(|component| (component.reason.clone(), component.score)).collect()
    }

    /// Cursor of the page that begins after this hit.
    #[getter]
    fn cursor(&self) -> &str {
        &self.0.cursor
    }

    /// Returns a citation of the passage.
    #[pyo3(signature = (style = "text"))]
    fn cite(&self, style: &str) -> PyResult<String> {
        Ok(self.0.citation().in_style(parse_citation_style(style)?))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let gz_search::Hit { rank, score, passage, .. } = &self.0;
        Ok(format!("Hit({}, rank={rank}, score={score:.2})", quoted(py, &passage.id)?))
    }
}
