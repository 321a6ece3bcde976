//! The six numbers of a PDF that move, scale and turn → where a point comes to stand.

use lopdf::Object;

use super::font::number;

/// Maps (x, y) to (a x + c y + e, b x + d y + f).
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
    pub(super) fn from_operands(operands: &[Object]) -> Option<Self> {
        let numbers: Option<Vec<f32>> = operands.iter().map(number).collect();
        let [xx, xy, yx, yy, right, up] = numbers?[..] else { return None };
        Some(Self { x: (xx, xy), y: (yx, yy), origin: (right, up) })
    }

    pub(super) fn of(array: &Object) -> Option<Self> {
        Self::from_operands(array.as_array().ok()?)
    }

    pub(super) fn moved(x: f32, y: f32) -> Self {
        Self { origin: (x, y), ..Self::default() }
    }

    /// The turn of a page, given in degrees clockwise.
    pub(super) fn turned(degrees: i64) -> Self {
        let (x, y) = match degrees.rem_euclid(360) {
            90 => ((0.0, -1.0), (1.0, 0.0)),
            180 => ((-1.0, 0.0), (0.0, -1.0)),
            270 => ((0.0, 1.0), (-1.0, 0.0)),
            _ => ((1.0, 0.0), (0.0, 1.0)),
        };
        Self { x, y, origin: (0.0, 0.0) }
    }

    pub(super) fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = self.turn((x, y));
        (dx + self.origin.0, dy + self.origin.1)
    }

    fn turn(&self, (x, y): (f32, f32)) -> (f32, f32) {
        (self.x.0 * x + self.y.0 * y, self.x.1 * x + self.y.1 * y)
    }

    /// First `self`, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let origin = next.apply(self.origin.0, self.origin.1);
        Self { x: next.turn(self.x), y: next.turn(self.y), origin }
    }

    /// How high it makes what is 1 high.
    pub(super) fn height(&self) -> f32 {
        self.y.0.hypot(self.y.1)
    }

    /// The quarter turns counterclockwise that it makes; none where it slants what is upright.
    pub(super) fn turns(&self) -> Option<u8> {
        let (along, across) = self.x;
        match () {
            () if across.abs() <= along.abs() * 0.1 => Some(if along >= 0.0 { 0 } else { 2 }),
            () if along.abs() <= across.abs() * 0.1 => Some(if across >= 0.0 { 1 } else { 3 }),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_scales_and_turns() {
        let scaled = Matrix { x: (2.0, 0.0), y: (0.0, 3.0), origin: (10.0, 20.0) };
        assert_eq!(Matrix::moved(1.0, 1.0).then(&scaled).apply(0.0, 0.0), (12.0, 23.0));
        assert!((scaled.height() - 3.0).abs() < 1e-6);
        for (degrees, turns) in [(0, 0), (90, 3), (180, 2), (-90, 1), (720, 0)] {
            assert_eq!(Matrix::turned(degrees).turns(), Some(turns));
        }
        assert_eq!(Matrix { x: (1.0, 1.0), ..Matrix::default() }.turns(), None);
        // A page that is turned and text that is turned back stand upright.
        assert_eq!(Matrix::turned(-90).then(&Matrix::turned(90)).turns(), Some(0));
    }
}
