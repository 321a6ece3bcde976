//! The class `Results`.

use std::collections::BTreeMap;

use gz_search::{SearchResults, fact_table::FactRow, render, span::OffsetUnit};
use pyo3::{prelude::*, types::PyList};

use crate::{
    citation::parse_citation_style, errors::invalid_argument, facets::FacetCounts, hit::Hit,
    note::Note, repr::quoted, sequence::element,
};

/// Formats of a page of results.
const RESULT_FORMAT_NAMES: &str = "json, jsonl, csv, markdown, html";

/// One page of ranked passages. Iterates over its hits.
#[pyclass(frozen, module = "gz_search")]
pub(crate) struct Results {
    results: SearchResults,
    hits: Vec<Py<Hit>>,
}

impl Results {
    pub(crate) fn new(py: Python<'_>, results: SearchResults) -> PyResult<Self> {
        let hits = results.hits.iter().map(|hit| Py::new(py, Hit(hit.clone())));
        Ok(Self { hits: hits.collect::<PyResult<_>>()?, results })
    }
}

#[pymethods]
impl Results {
    /// Text of the query.
    #[getter]
    fn query(&self) -> &str {
        &self.results.query
    }

    /// Messages on repairs and expansions of the query, and on limits of the results.
    #[getter]
    fn notes(&self) -> Vec<Note> {
        self.results.notes.iter().map(Note::from).collect()
    }

    /// Number of passages with every word of the query.
    #[getter]
    fn total(&self) -> u64 {
        self.results.total
    }

    /// Number of documents with a passage that has every word of the query.
    #[getter]
    fn total_documents(&self) -> u64 {
        self.results.total_documents
    }

    /// Number of other matches: passages that lack a word of the query.
    #[getter]
    fn total_other(&self) -> u64 {
        self.results.total_other
    }

    /// Hits of the page, the best first.
    #[getter]
    fn hits<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, &self.hits)
    }

    /// Number of matches for each value, by the name of the facet.
    #[getter]
    fn facets(&self, py: Python<'_>) -> PyResult<BTreeMap<String, FacetCounts>> {
        let counts = self.results.facets.iter();
        counts
            .map(|counts| Ok((counts.facet.name().to_owned(), FacetCounts::new(py, counts)?)))
            .collect()
    }

    /// Cursor of the next page. None on the last page.
    #[getter]
    fn next(&self) -> Option<&str> {
        self.results.next.as_deref()
    }

    /// Whether the search stopped early because of its time limit.
    #[getter]
    fn cut(&self) -> bool {
        self.results.cut
    }

    /// Duration of the search in seconds.
    #[getter]
    fn elapsed(&self) -> f64 {
        self.results.elapsed.as_secs_f64()
    }

    /// Returns citations of all passages of the page.
    #[pyo3(signature = (style = "text"))]
    fn cite(&self, style: &str) -> PyResult<String> {
        Ok(render::citations(&self.results, parse_citation_style(style)?))
    }

    /// Returns the page as text in a format: "json", "jsonl", "csv", "markdown" or "html". Offsets in JSON count code
    /// points.
    fn render(&self, format: &str) -> PyResult<String> {
        Ok(match format {
            "json" => render::json(&self.results, OffsetUnit::Codepoint),
            "jsonl" => render::jsonl(&self.results, OffsetUnit::Codepoint),
            "csv" => render::csv(&self.results),
            "markdown" => render::markdown(&self.results),
            "html" => render::html(&self.results),
            other => {
                let message =
                    format!("there is no format {other:?}: the formats are {RESULT_FORMAT_NAMES}");
                return Err(invalid_argument(message));
            }
        })
    }

    /// Returns the figures of the hits as mappings with `measure`, `value`, `unit`, `from`, `to`, `sentence`, `passage`
    /// and others. The figures of one series are adjacent, in chronological order.
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let results = &self.results;
        let json = py.detach(|| {
            let passages = results.shown_passages().map(|hit| (&hit.document, &hit.passage));
            render::facts_json(&FactRow::rows(passages))
        });
        let facts = py.import("json")?.call_method1("loads", (json,))?;
        for fact in facts.try_iter()? {
            // The span counts bytes, but Python texts are indexed by characters.
            fact?.del_item("span")?;
        }
        Ok(facts)
    }

    fn __len__(&self) -> usize {
        self.hits.len()
    }

    fn __getitem__(&self, py: Python<'_>, index: isize) -> PyResult<Py<Hit>> {
        element(&self.hits, index).map(|hit| hit.clone_ref(py))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.hits(py)?.try_iter()?.into_any())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let SearchResults { query, hits, total, .. } = &self.results;
        Ok(format!("Results({}, {} hits, total={total})", quoted(py, query)?, hits.len()))
    }
}
