//! Access to values of PDF objects that the other modules share.

use lopdf::Object;

/// Returns a finite number, `None` for other objects.
pub(super) fn number(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|number| number.is_finite())
}
