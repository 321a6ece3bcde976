//! Parses the CMap of a font, which maps character codes to Unicode text.

use std::collections::BTreeMap;

/// Maximum number of mappings.
const MAX_CODE_MAPPINGS: usize = 200_000;
/// Maximum number of bytes of the text to which one code maps. A code represents a few characters
/// at most, such as a ligature.
const MAX_MAPPED_TEXT_BYTES: usize = 64;

/// Mapping from the character codes of a font to Unicode text.
#[derive(Debug, Default)]
pub(super) struct CMap {
    /// Code space ranges, as tuples of code length in bytes, lowest code and highest code.
    code_spaces: Vec<(usize, u32, u32)>,
    /// Text of each code that is mapped individually, not as part of a range.
    texts_of_codes: BTreeMap<u32, String>,
    /// Ranges of codes. The key is the first code of a range. The value is the last code of the
    /// range, and the text of the first code.
    code_ranges: BTreeMap<u32, (u32, String)>,
}

/// Token of the source of a `CMap`.
#[derive(Debug, PartialEq)]
enum CMapToken<'a> {
    /// Bytes of a hexadecimal string: a character code, or a text in UTF-16.
    Code(Vec<u8>),
    OpenBracket,
    CloseBracket,
    /// An operator, or another token without delimiters.
    Word(&'a [u8]),
}

impl CMap {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut cmap = Self::default();
        let mut tokens = CMapTokens(bytes);
        while let Some(token) = tokens.next() {
            match token {
                CMapToken::Word(b"begincodespacerange") => cmap.read_code_space_ranges(&mut tokens),
                CMapToken::Word(b"beginbfchar") => cmap.read_characters(&mut tokens),
                CMapToken::Word(b"beginbfrange") => cmap.read_ranges_of_codes(&mut tokens),
                _ => {}
            }
            if cmap.texts_of_codes.len() + cmap.code_ranges.len() > MAX_CODE_MAPPINGS {
                break;
            }
        }
        cmap
    }

    /// Returns the characters that `code` represents; `None` if `code` is not mapped.
    pub(super) fn text_of_code(&self, code: u32) -> Option<String> {
        if let Some(characters) = self.texts_of_codes.get(&code) {
            return Some(characters.clone());
        }
        let (first_code, (last_code, characters)) = self.code_ranges.range(..=code).next_back()?;
        if code > *last_code {
            return None;
        }
        // The texts of the codes in a range differ only in the last character, which increases with
        // the code.
        let mut characters = characters.clone();
        let last_character = characters.pop()?;
        characters.push(char::from_u32((last_character as u32).checked_add(code - first_code)?)?);
        Some(characters)
    }

    /// Returns the length in bytes of the code at the beginning of `bytes`; `None` if no code space
    /// range contains the code.
    pub(super) fn code_length(&self, bytes: &[u8]) -> Option<usize> {
        (1..=bytes.len().min(4)).find(|length| {
            let code = number_of_code_bytes(bytes.get(..*length).unwrap_or_default());
            self.code_spaces.iter().any(|(code_length, low, high)| {
                // Each byte of a code must lie between the bytes of `low` and `high` at its
                // position.
                code_length == length
                    && (0..*length).all(|byte| {
                        let byte_of = |code: u32| code >> (8 * byte) & 0xFF;
                        (byte_of(*low)..=byte_of(*high)).contains(&byte_of(code))
                    })
            })
        })
    }

    fn read_code_space_ranges(&mut self, tokens: &mut CMapTokens<'_>) {
        while let (Some(CMapToken::Code(low)), Some(CMapToken::Code(high))) =
            (tokens.next(), tokens.next())
        {
            if low.len() == high.len() && self.code_spaces.len() < 100 {
                self.code_spaces.push((
                    low.len(),
                    number_of_code_bytes(&low),
                    number_of_code_bytes(&high),
                ));
            }
        }
    }

    fn read_characters(&mut self, tokens: &mut CMapTokens<'_>) {
        while let Some(CMapToken::Code(code)) = tokens.next() {
            let Some(CMapToken::Code(target)) = tokens.next() else { return };
            self.texts_of_codes.insert(number_of_code_bytes(&code), decode_mapped_text(&target));
            if self.texts_of_codes.len() > MAX_CODE_MAPPINGS {
                return;
            }
        }
    }

    fn read_ranges_of_codes(&mut self, tokens: &mut CMapTokens<'_>) {
        while let Some(CMapToken::Code(first_code)) = tokens.next() {
            let Some(CMapToken::Code(last_code)) = tokens.next() else { return };
            let (first_code, last_code) =
                (number_of_code_bytes(&first_code), number_of_code_bytes(&last_code));
            match tokens.next() {
                Some(CMapToken::Code(target)) => {
                    self.code_ranges.insert(first_code, (last_code, decode_mapped_text(&target)));
                }
                Some(CMapToken::OpenBracket) => {
                    let mut code = first_code;
                    while let Some(CMapToken::Code(target)) = tokens.next() {
                        self.texts_of_codes.insert(code, decode_mapped_text(&target));
                        code = code.saturating_add(1);
                    }
                }
                _ => return,
            }
            if self.texts_of_codes.len() + self.code_ranges.len() > MAX_CODE_MAPPINGS {
                return;
            }
        }
    }
}

/// Returns the bytes of a code as a big-endian number.
fn number_of_code_bytes(code: &[u8]) -> u32 {
    code.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Decodes the target text of a mapping from UTF-16. A single byte represents one UTF-16 unit.
fn decode_mapped_text(target: &[u8]) -> String {
    let target = target.get(..MAX_MAPPED_TEXT_BYTES).unwrap_or(target);
    if let [byte] = target {
        return char::from(*byte).to_string();
    }
    let utf16_units =
        target.chunks_exact(2).filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
    char::decode_utf16(utf16_units).filter_map(Result::ok).collect()
}

/// Iterator over the tokens of a `CMap`. Comments and the delimiters of names, strings and
/// dictionaries are skipped.
struct CMapTokens<'a>(&'a [u8]);

impl<'a> Iterator for CMapTokens<'a> {
    type Item = CMapToken<'a>;

    fn next(&mut self) -> Option<CMapToken<'a>> {
        loop {
            self.0 = self.0.trim_ascii_start();
            let (first_byte, remaining_bytes) = self.0.split_first()?;
            match first_byte {
                b'%' => {
                    let line_end =
                        remaining_bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    self.0 = remaining_bytes.get(line_end?..)?;
                }
                b'<' if remaining_bytes.starts_with(b"<") => self.0 = remaining_bytes.get(1..)?,
                b'<' => {
                    let code_end = remaining_bytes.iter().position(|byte| *byte == b'>')?;
                    self.0 = remaining_bytes.get(code_end + 1..)?;
                    return Some(CMapToken::Code(decode_hex(remaining_bytes.get(..code_end)?)));
                }
                b'[' | b']' => {
                    self.0 = remaining_bytes;
                    return Some(if *first_byte == b'[' {
                        CMapToken::OpenBracket
                    } else {
                        CMapToken::CloseBracket
                    });
                }
                b'>' | b'(' | b')' | b'{' | b'}' | b'/' => self.0 = remaining_bytes,
                _ => {
                    let is_word_end =
                        |byte: &u8| byte.is_ascii_whitespace() || b"<>[]()/%{}".contains(byte);
                    let word_end = self.0.iter().position(is_word_end).unwrap_or(self.0.len());
                    let (word, remaining_bytes) = self.0.split_at_checked(word_end)?;
                    self.0 = remaining_bytes;
                    return Some(CMapToken::Word(word));
                }
            }
        }
    }
}

/// Returns the bytes that hexadecimal digits represent.
fn decode_hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.iter().filter_map(|digit| Some(char::from(*digit).to_digit(16)? as u8)).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |n, d| n << 4 | d)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CMAP_SOURCE: &[u8] = b"/CIDInit /ProcSet findresource begin %comment <00>\n\
        << /Registry (Adobe) >> def\n\
        2 begincodespacerange <00> <7F> <8140> <FEFE> endcodespacerange\n\
        2 beginbfchar <0003> <0020> <0041><00660069> endbfchar\n\
        3 beginbfrange <0010> <0012> <4E2D> <0020> <0021> [<5E7F> <5DDE>]\n\
        <00000000> <FFFFFFFF> <0041> endbfrange";

    #[test]
    fn codes_map_to_characters() {
        let cmap = CMap::read(CMAP_SOURCE);
        for (code, expected) in [
            (3, Some(" ")),
            (0x41, Some("fi")),
            (0x11, Some("\u{4E2E}")),
            (0x21, Some("州")),
            (0x13, None),
            (5, Some("F")),
        ] {
            assert_eq!(cmap.text_of_code(code).as_deref(), expected, "{code:x}");
        }
        for (bytes, length) in [
            (&b"a"[..], Some(1)),
            (b"\x81\x41", Some(2)),
            (b"\x81\x01", None),
            (b"\x81", None),
            (b"", None),
        ] {
            assert_eq!(cmap.code_length(bytes), length, "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(mut noise in proptest::collection::vec(0_u8..=255, 0..200), cut in 0_usize..300) {
            let mut bytes = CMAP_SOURCE.get(..cut).unwrap_or(CMAP_SOURCE).to_vec();
            bytes.append(&mut noise);
            let cmap = CMap::read(&bytes);
            (0..300).for_each(|code| drop(cmap.text_of_code(code)));
        }
    }
}
