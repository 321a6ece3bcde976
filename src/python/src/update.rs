//! The class `Update`, and the interruption of an update by a signal.

use std::sync::Mutex;

use gz_search::index::{Failure, Progress};
use pyo3::prelude::*;

/// Report of an update.
#[pyclass(frozen, get_all, module = "gz_search")]
pub(crate) struct Update {
    /// Number of documents that were added.
    added: u64,
    /// Number of documents that were replaced because they have changed.
    updated: u64,
    /// Number of documents that have not changed.
    unchanged: u64,
    /// Number of documents that were removed because their files are gone.
    removed: u64,
    /// Files and documents that could not be read, as pairs of the path and the reason.
    failures: Vec<(String, String)>,
    /// Documents of which a part could not be read, as pairs of the path and the reason.
    warnings: Vec<(String, String)>,
}

impl From<gz_search::index::Update> for Update {
    fn from(update: gz_search::index::Update) -> Self {
        let pairs = |failures: Vec<Failure>| -> Vec<_> {
            failures.into_iter().map(|failure| (failure.source, failure.reason)).collect()
        };
        Self {
            added: update.added,
            updated: update.updated,
            unchanged: update.unchanged,
            removed: update.removed,
            failures: pairs(update.failures),
            warnings: pairs(update.warnings),
        }
    }
}

#[pymethods]
impl Update {
    fn __repr__(&self) -> String {
        let Self { added, updated, unchanged, removed, failures, .. } = self;
        let failed = failures.len();
        format!(
            "Update(added={added}, updated={updated}, unchanged={unchanged}, removed={removed}, failures={failed})"
        )
    }
}

/// Stops an update when Python has received a signal, such as an interrupt from the keyboard.
#[derive(Default)]
pub(crate) struct SignalWatch {
    exception: Mutex<Option<PyErr>>,
}

impl SignalWatch {
    /// Returns the exception of the signal that stopped the update. `None` if no signal stopped it.
    pub(crate) fn into_exception(self) -> Option<PyErr> {
        self.exception.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Progress for SignalWatch {
    fn advanced(&self, _: usize, _: usize) {}

    fn should_stop(&self) -> bool {
        let Ok(mut exception) = self.exception.lock() else { return true };
        if exception.is_none() {
            *exception = Python::attach(|py| py.check_signals().err());
        }
        exception.is_some()
    }
}
