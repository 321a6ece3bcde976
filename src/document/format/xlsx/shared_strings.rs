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
        decode_character_escapes(&std::mem::take(&mut self.text))
    }
}

/// Returns a text of a workbook with its escapes decoded: `_x005F_` is the character U+005F, an underscore. Replaces
/// control characters, such as the line break `_x000D_`, by spaces.
pub(super) fn decode_character_escapes(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        decoded.push_str(before);
        let escape = after.get(..5).and_then(|escape| escape.strip_suffix('_'));
        let digits = escape.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let character =
            digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        if let Some((character, after_escape)) = character.zip(after.get(5..)) {
            decoded.push(if character.is_control() { ' ' } else { character });
            rest = after_escape;
        } else {
            decoded.push_str("_x");
            rest = after;
        }
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_characters_are_decoded() {
        for (text, expected) in [
            ("one_x000D_\ntwo", "one \ntwo"),
            ("a_x005F_x000D_b", "a_x000D_b"),
            ("file_x12_port", "file_x12_port"),
            ("_xGGGG_ and _x00e9", "_xGGGG_ and _x00e9"),
            ("港_x6E2F_口", "港港口"),
            ("_x港口", "_x港口"),
        ] {
            assert_eq!(decode_character_escapes(text), expected);
        }
    }
}
