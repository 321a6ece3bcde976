//! Rectangles on a page, such as its visible area.

use lopdf::{Document, Object};

use super::{matrix::Matrix, object::number};

/// Maximum distance, in points, between the visible area and text outside of it that still counts as inside.
const EDGE_TOLERANCE: f32 = 1.0;

/// Upright rectangle on a page, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PageBox {
    pub(super) left: f32,
    pub(super) bottom: f32,
    pub(super) right: f32,
    pub(super) top: f32,
}

impl PageBox {
    /// Returns the rectangle with the given points as opposite corners. `None` if it has no area.
    fn from_corners(a: (f32, f32), b: (f32, f32)) -> Option<Self> {
        let (left, right) = (a.0.min(b.0), a.0.max(b.0));
        let (bottom, top) = (a.1.min(b.1), a.1.max(b.1));
        (left < right && bottom < top).then_some(Self { left, bottom, right, top })
    }

    /// Returns the rectangle that an array of four numbers states. `None` for other objects, and for a rectangle
    /// without area.
    pub(super) fn from_array(pdf: &Document, array: &Object) -> Option<Self> {
        let numbers = array.as_array().ok()?.iter();
        let numbers: Option<Vec<f32>> =
            numbers.map(|item| number(pdf.dereference(item).ok()?.1)).collect();
        let [x, y, other_x, other_y] = numbers?[..] else { return None };
        Self::from_corners((x, y), (other_x, other_y))
    }

    /// Returns the area that two rectangles share. `None` if they share none.
    pub(super) fn intersection(self, other: Self) -> Option<Self> {
        let (left, right) = (self.left.max(other.left), self.right.min(other.right));
        let (bottom, top) = (self.bottom.max(other.bottom), self.top.min(other.top));
        (left < right && bottom < top).then_some(Self { left, bottom, right, top })
    }

    /// Returns the rectangle to which `matrix` maps this rectangle. `None` if it has no area. The matrix must rotate by
    /// quarter turns only.
    pub(super) fn transformed(self, matrix: &Matrix) -> Option<Self> {
        Self::from_corners(matrix.apply(self.left, self.bottom), matrix.apply(self.right, self.top))
    }

    /// Returns whether a part of the line from `a` to `b` is inside of the rectangle. Compares the horizontal and the
    /// vertical range of the line separately, so that a slanted line near a corner may count as inside.
    pub(super) fn contains_part_of_line(&self, a: (f32, f32), b: (f32, f32)) -> bool {
        a.0.max(b.0) >= self.left - EDGE_TOLERANCE
            && a.0.min(b.0) <= self.right + EDGE_TOLERANCE
            && a.1.max(b.1) >= self.bottom - EDGE_TOLERANCE
            && a.1.min(b.1) <= self.top + EDGE_TOLERANCE
    }

    /// Returns the heights, in points, of the lower and the upper end of the rectangle on the rotated page. The page is
    /// rotated so that text with the counterclockwise rotation `quarter_turns` becomes upright.
    pub(super) fn vertical_range(&self, quarter_turns: Option<u8>) -> (f32, f32) {
        match quarter_turns {
            Some(1) => (-self.right, -self.left),
            Some(2) => (-self.top, -self.bottom),
            Some(3) => (self.left, self.right),
            _ => (self.bottom, self.top),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_cut_rotated_and_compared_with_text() {
        let page = PageBox::from_corners((600.0, 900.0), (0.0, 0.0)).unwrap();
        let crop = PageBox::from_corners((50.0, 50.0), (650.0, 850.0)).unwrap();
        let visible = page.intersection(crop).unwrap();
        assert_eq!(
            (visible.left, visible.bottom, visible.right, visible.top),
            (50.0, 50.0, 600.0, 850.0)
        );
        for (start, end, expected) in [
            ((60.0, 100.0), (90.0, 100.0), true),
            ((10.0, 100.0), (90.0, 100.0), true),
            ((10.0, 100.0), (40.0, 100.0), false),
            ((60.0, 870.0), (90.0, 870.0), false),
        ] {
            assert_eq!(visible.contains_part_of_line(start, end), expected, "{start:?}");
        }
        let rotated = visible.transformed(&Matrix::page_rotation(90)).unwrap();
        assert_eq!((rotated.left, rotated.top), (50.0, -50.0));
        assert_eq!(visible.vertical_range(Some(3)), (50.0, 600.0));
        assert_eq!(PageBox::from_corners((0.0, 0.0), (0.0, 9.0)), None);
    }
}
