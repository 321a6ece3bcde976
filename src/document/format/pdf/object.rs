//! Functions that several modules use to read values of PDF objects.

use lopdf::Object;

/// Returns the value of a numeric object; `None` for infinite numbers and other objects.
pub(super) fn number(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|number| number.is_finite())
}
