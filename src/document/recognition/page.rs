//! Text that was recognized on a page.

use serde::{Deserialize, Serialize};

/// Page whose text was recognized in a picture (OCR).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::document) struct RecognizedPage {
    /// Height of the page, in dots.
    pub(in crate::document) height: u32,
    /// Lines in reading order.
    pub(in crate::document) lines: Vec<RecognizedLine>,
}

/// Line of text that was recognized in the picture of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::document) struct RecognizedLine {
    /// Text of the line.
    pub(in crate::document) text: String,
    /// Distance of the left edge of the line from the left edge of the page, in dots.
    pub(in crate::document) left: u32,
    /// Distance of the right edge of the line from the left edge of the page, in dots.
    pub(in crate::document) right: u32,
    /// Distance of the top of the line from the top of the page, in dots.
    pub(in crate::document) top: u32,
    /// Distance of the bottom of the line from the top of the page, in dots.
    pub(in crate::document) bottom: u32,
    /// Confidence of the recognition in percent: the mean over the characters of the line.
    pub(in crate::document) confidence: u32,
}

impl RecognizedLine {
    /// Returns the height of the letters, in dots.
    pub(in crate::document) const fn height(&self) -> u32 {
        self.bottom.saturating_sub(self.top)
    }
}
