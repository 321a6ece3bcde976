//! Represents a line of text on a page of a PDF.

/// A line of text on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Index of the page that contains the line.
    pub(super) page: usize,
    pub(super) text: String,
    /// Distance of the beginning of the line from the left of the page, in points.
    pub(super) start: f32,
    /// Distance of the end of the line from the left of the page, in points.
    pub(super) end: f32,
    /// Distance of the baseline from the bottom of the page, in points.
    pub(super) baseline: f32,
    /// Font size of most of the text of the line, in points.
    pub(super) size: f32,
    /// Whether nearly all text of the line is bold.
    pub(super) is_bold: bool,
}
