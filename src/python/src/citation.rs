//! Styles of citations by name.

use gz_search::render::CitationStyle;
use pyo3::prelude::*;

use crate::errors::invalid_argument;

/// Returns the style with this name: `text`, `markdown`, `bibtex`, `ris`, `csl-json`, `apa` or `gbt7714`.
pub(crate) fn parse_citation_style(name: &str) -> PyResult<CitationStyle> {
    let style = CitationStyle::ALL.into_iter().find(|style| style.name() == name);
    style.ok_or_else(|| {
        let names = CitationStyle::ALL.map(CitationStyle::name).join(", ");
        invalid_argument(format!("there is no citation style {name:?}: the styles are {names}"))
    })
}
