//! The classes `FacetCounts` and `FacetValue`.

use pyo3::prelude::*;

use crate::repr::quoted;

/// Number of matches for each value of one facet.
#[pyclass(frozen, get_all, module = "gz_search")]
pub(crate) struct FacetCounts {
    /// Name of the facet.
    name: String,
    /// Values with the most matches, the most frequent first. Years and months are complete and in chronological order.
    values: Vec<Py<FacetValue>>,
    /// Number of further values that are left out.
    more_values: u64,
    /// Number of matching passages without a value.
    without_value: u64,
}

impl FacetCounts {
    pub(crate) fn new(py: Python<'_>, counts: &gz_search::search::FacetCounts) -> PyResult<Self> {
        let values = counts.values.iter().map(|value| {
            let (passages, documents) = (value.count.passages, value.count.documents);
            Py::new(py, FacetValue { value: value.value.clone(), passages, documents })
        });
        Ok(Self {
            name: counts.facet.name().to_owned(),
            values: values.collect::<PyResult<_>>()?,
            more_values: counts.more_values,
            without_value: counts.without_value.passages,
        })
    }
}

#[pymethods]
impl FacetCounts {
    fn __len__(&self) -> usize {
        self.values.len()
    }

    fn __getitem__(&self, py: Python<'_>, index: isize) -> PyResult<Py<FacetValue>> {
        crate::sequence::element(&self.values, index).map(|value| value.clone_ref(py))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("FacetCounts({}, {} values)", quoted(py, &self.name)?, self.values.len()))
    }
}

/// A value of a facet, with the number of matches.
#[pyclass(frozen, get_all, module = "gz_search")]
pub(crate) struct FacetValue {
    /// The value, in the form that the argument `only` of a search takes.
    value: String,
    /// Number of matching passages with this value.
    passages: u64,
    /// Number of documents with a matching passage that has this value.
    documents: u64,
}

#[pymethods]
impl FacetValue {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (value, passages, documents) =
            (quoted(py, &self.value)?, self.passages, self.documents);
        Ok(format!("FacetValue({value}, passages={passages}, documents={documents})"))
    }
}
