//! Reads the strings that the cells of a workbook share.

use crate::document::format::xml::{XmlEvent, for_each_event};

/// Reads the shared strings of a workbook, in the order of their indexes. Leaves out phonetic guides.
pub(super) fn read(xml: &[u8]) -> Result<Vec<String>, String> {
    let mut strings = Vec::new();
    let mut text = StringText::default();
    for_each_event(xml, |event| {
        text.handle_event(&event);
        if matches!(event, XmlEvent::Close("si")) {
            strings.push(text.take_collected_text());
        }
    })?;
    Ok(strings)
}

/// Collects the text of a string from its text runs.
#[derive(Debug, Default)]
pub(super) struct StringText {
    text: String,
    is_in_text: bool,
    is_in_phonetic_guide: bool,
}

impl StringText {
    pub(super) fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            XmlEvent::Open("t", _) => self.is_in_text = true,
            XmlEvent::Close("t") => self.is_in_text = false,
            XmlEvent::Open("rPh", _) => self.is_in_phonetic_guide = true,
            XmlEvent::Close("rPh") => self.is_in_phonetic_guide = false,
            XmlEvent::Text(text) if self.is_in_text && !self.is_in_phonetic_guide => {
                self.text.push_str(text);
            }
            _ => {}
        }
    }

    /// Returns the collected text, and begins a new text.
    pub(super) fn take_collected_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}
