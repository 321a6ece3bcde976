//! Decodes the text of Rich Text Format by the code page of its font, and characters that the file states in Unicode.

use std::{collections::BTreeMap, mem};

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::document::format::code_page::encoding_of_code_page;

/// Maximum number of fonts. The text of further fonts is read in the default code page.
const MAX_FONTS: usize = 10_000;

/// Encodings of the fonts of a file.
#[derive(Debug)]
pub(super) struct FontTable {
    default_encoding: &'static Encoding,
    encodings: BTreeMap<i32, &'static Encoding>,
    /// Number of the font that is being defined.
    open_font: i32,
}

impl Default for FontTable {
    fn default() -> Self {
        Self { default_encoding: WINDOWS_1252, encodings: BTreeMap::new(), open_font: 0 }
    }
}

impl FontTable {
    /// Sets the code page of the fonts without a character set. An unknown code page counts as Windows-1252.
    pub(super) fn set_default_code_page(&mut self, code_page: i32) {
        self.default_encoding = encoding_of_code_page(code_page).unwrap_or(WINDOWS_1252);
    }

    /// Begins the definition of a font.
    pub(super) fn begin_font_definition(&mut self, font: i32) {
        self.open_font = font;
    }

    /// Sets the character set of the font that is being defined.
    pub(super) fn set_charset(&mut self, charset: i32) {
        if let Some(encoding) = encoding_of_charset(charset)
            && self.encodings.len() < MAX_FONTS
        {
            self.encodings.insert(self.open_font, encoding);
        }
    }

    /// Returns the encoding of the text in a font.
    pub(super) fn encoding(&self, font: i32) -> &'static Encoding {
        self.encodings.get(&font).copied().unwrap_or(self.default_encoding)
    }
}

/// Returns the encoding of the character set of a font. `None` for the default, for symbols, and for unknown sets.
fn encoding_of_charset(charset: i32) -> Option<&'static Encoding> {
    encoding_of_code_page(match charset {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

/// Collects bytes and UTF-16 code units, and decodes them.
#[derive(Debug, Default)]
pub(super) struct TextDecoder {
    bytes: Vec<u8>,
    code_units: Vec<u16>,
    text: String,
}

impl TextDecoder {
    pub(super) fn push_byte(&mut self, byte: u8) {
        self.decode_code_units();
        self.bytes.push(byte);
    }

    /// Adds a UTF-16 code unit, which the file writes as a signed number.
    pub(super) fn push_code_unit(&mut self, value: i32) {
        self.code_units.push(u16::try_from(value & 0xFFFF).unwrap_or_default());
    }

    /// Decodes the bytes that were added since the last call.
    pub(super) fn decode_added_bytes(&mut self, encoding: &'static Encoding) {
        if !self.bytes.is_empty() {
            let bytes = mem::take(&mut self.bytes);
            self.text.push_str(&encoding.decode_without_bom_handling(&bytes).0);
        }
    }

    /// Returns the decoded text, and begins a new text.
    pub(super) fn take_decoded_text(&mut self) -> String {
        self.decode_code_units();
        mem::take(&mut self.text)
    }

    /// Discards everything that was added so far.
    pub(super) fn discard(&mut self) {
        *self = Self::default();
    }

    fn decode_code_units(&mut self) {
        let code_units = mem::take(&mut self.code_units);
        // A private-use character stands for a symbol of one font, and has no meaning in other fonts.
        let characters = char::decode_utf16(code_units)
            .flatten()
            .filter(|c| !('\u{E000}'..='\u{F8FF}').contains(c));
        self.text.extend(characters);
    }
}
