//! Access to the elements of a sequence as in Python.

use pyo3::{exceptions::PyIndexError, prelude::*};

/// Returns the element at `index`, which counts from the end if it is negative.
pub(crate) fn element<T>(elements: &[T], index: isize) -> PyResult<&T> {
    let index_from_start = if index < 0 {
        elements.len().checked_add_signed(index)
    } else {
        usize::try_from(index).ok()
    };
    let element = index_from_start.and_then(|index| elements.get(index));
    element.ok_or_else(|| PyIndexError::new_err("index out of range"))
}
