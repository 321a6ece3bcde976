//! Text that was recognized on a page.

use serde::{Deserialize, Serialize};

/// Recognized page. All lengths are in dots, from the left and the top of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::document) struct RecognizedPage {
    pub(in crate::document) height: u32,
    /// Lines in reading order.
    pub(in crate::document) lines: Vec<RecognizedLine>,
}

/// Recognized line of text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::document) struct RecognizedLine {
    pub(in crate::document) text: String,
    pub(in crate::document) left: u32,
    pub(in crate::document) right: u32,
    pub(in crate::document) top: u32,
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
