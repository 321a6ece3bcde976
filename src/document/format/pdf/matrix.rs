//! Transformation matrices of a PDF, which move, scale and rotate points.

use lopdf::Object;

use super::object::number;

/// Affine map from (x, y) to (a x + c y + e, b x + d y + f), where `x` is (a, b), `y` is (c, d) and
/// `origin` is (e, f).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Matrix {
    x: (f32, f32),
    y: (f32, f32),
    origin: (f32, f32),
}

impl Default for Matrix {
    fn default() -> Self {
        Self { x: (1.0, 0.0), y: (0.0, 1.0), origin: (0.0, 0.0) }
    }
}

impl Matrix {
    /// Returns the matrix of six numeric operands; `None` for other operands.
    pub(super) fn from_operands(operands: &[Object]) -> Option<Self> {
        let numbers: Option<Vec<f32>> = operands.iter().map(number).collect();
        let [xx, xy, yx, yy, right, up] = numbers?[..] else { return None };
        Some(Self { x: (xx, xy), y: (yx, yy), origin: (right, up) })
    }

    pub(super) fn from_array(array: &Object) -> Option<Self> {
        Self::from_operands(array.as_array().ok()?)
    }

    pub(super) fn translation(x: f32, y: f32) -> Self {
        Self { origin: (x, y), ..Self::default() }
    }

    /// Returns the matrix that rotates a page clockwise by `degrees`, a multiple of 90.
    pub(super) fn page_rotation(degrees: i64) -> Self {
        let (x, y) = match degrees.rem_euclid(360) {
            90 => ((0.0, -1.0), (1.0, 0.0)),
            180 => ((-1.0, 0.0), (0.0, -1.0)),
            270 => ((0.0, 1.0), (-1.0, 0.0)),
            _ => ((1.0, 0.0), (0.0, 1.0)),
        };
        Self { x, y, origin: (0.0, 0.0) }
    }

    /// Returns the point to which the matrix maps the point (x, y).
    pub(super) fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = self.apply_without_translation((x, y));
        (dx + self.origin.0, dy + self.origin.1)
    }

    /// Returns the vector to which the matrix maps a vector. Translation does not affect vectors.
    fn apply_without_translation(&self, (x, y): (f32, f32)) -> (f32, f32) {
        (self.x.0 * x + self.y.0 * y, self.x.1 * x + self.y.1 * y)
    }

    /// Returns the matrix that first applies `self` and then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let origin = next.apply(self.origin.0, self.origin.1);
        Self {
            x: next.apply_without_translation(self.x),
            y: next.apply_without_translation(self.y),
            origin,
        }
    }

    /// Returns the length of the vector to which the matrix maps the vertical unit vector.
    pub(super) fn vertical_scale(&self) -> f32 {
        self.y.0.hypot(self.y.1)
    }

    /// Returns the counterclockwise rotation in quarter turns; `None` if the rotation is not a
    /// multiple of a quarter turn.
    pub(super) fn quarter_turns(&self) -> Option<u8> {
        let (along, across) = self.x;
        if across.abs() <= along.abs() * 0.1 {
            Some(if along >= 0.0 { 0 } else { 2 })
        } else if along.abs() <= across.abs() * 0.1 {
            Some(if across >= 0.0 { 1 } else { 3 })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_move_scale_and_rotate() {
        let scaled = Matrix { x: (2.0, 0.0), y: (0.0, 3.0), origin: (10.0, 20.0) };
        assert_eq!(Matrix::translation(1.0, 1.0).then(&scaled).apply(0.0, 0.0), (12.0, 23.0));
        assert!((scaled.vertical_scale() - 3.0).abs() < 1e-6);
        for (degrees, turns) in [(0, 0), (90, 3), (180, 2), (-90, 1), (720, 0)] {
            assert_eq!(Matrix::page_rotation(degrees).quarter_turns(), Some(turns));
        }
        assert_eq!(Matrix { x: (1.0, 1.0), ..Matrix::default() }.quarter_turns(), None);
        // Text that is rotated opposite to the rotation of its page is upright.
        assert_eq!(
            Matrix::page_rotation(-90).then(&Matrix::page_rotation(90)).quarter_turns(),
            Some(0)
        );
    }
}
