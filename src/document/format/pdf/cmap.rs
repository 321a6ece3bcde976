//! A CMap, as fonts carry one → the characters that the codes of a font stand for.

use std::collections::BTreeMap;

/// More mappings than any font has glyphs.
const MAX_MAPPINGS: usize = 200_000;
/// A code stands for a few characters at most: a ligature, an accent and its letter.
const MAX_TARGET: usize = 64;

/// What a CMap says.
#[derive(Debug, Default)]
pub(super) struct CMap {
    /// Which codes there are: their length in bytes, the lowest and the highest.
    spaces: Vec<(usize, u32, u32)>,
    characters: BTreeMap<u32, String>,
    /// The last code of a range and the characters of its first, by the first.
    ranges: BTreeMap<u32, (u32, String)>,
}

#[derive(Debug, PartialEq)]
enum Token<'a> {
    Code(Vec<u8>),
    Open,
    Close,
    Word(&'a [u8]),
}

impl CMap {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut cmap = Self::default();
        let mut tokens = Tokens(bytes);
        while let Some(token) = tokens.next() {
            match token {
                Token::Word(b"begincodespacerange") => cmap.read_spaces(&mut tokens),
                Token::Word(b"beginbfchar") => cmap.read_characters(&mut tokens),
                Token::Word(b"beginbfrange") => cmap.read_ranges(&mut tokens),
                _ => {}
            }
            if cmap.characters.len() + cmap.ranges.len() > MAX_MAPPINGS {
                break;
            }
        }
        cmap
    }

    /// The characters that `code` stands for.
    pub(super) fn get(&self, code: u32) -> Option<String> {
        if let Some(characters) = self.characters.get(&code) {
            return Some(characters.clone());
        }
        let (first, (last, characters)) = self.ranges.range(..=code).next_back()?;
        if code > *last {
            return None;
        }
        // Only the last character counts on.
        let mut all: Vec<char> = characters.chars().collect();
        let counted = all.pop()?;
        all.push(char::from_u32((counted as u32).checked_add(code - first)?)?);
        Some(all.into_iter().collect())
    }

    /// How many bytes the code has that `bytes` begins with; none where the CMap does not say.
    pub(super) fn code_length(&self, bytes: &[u8]) -> Option<usize> {
        (1..=bytes.len().min(4)).find(|length| {
            let code = number(bytes.get(..*length).unwrap_or_default());
            self.spaces.iter().any(|(of, low, high)| {
                // Each byte has a range of its own.
                of == length
                    && (0..*length).all(|byte| {
                        let part = |code: u32| code >> (8 * byte) & 0xFF;
                        (part(*low)..=part(*high)).contains(&part(code))
                    })
            })
        })
    }

    fn read_spaces(&mut self, tokens: &mut Tokens<'_>) {
        while let (Some(Token::Code(low)), Some(Token::Code(high))) = (tokens.next(), tokens.next())
        {
            if low.len() == high.len() && self.spaces.len() < 100 {
                self.spaces.push((low.len(), number(&low), number(&high)));
            }
        }
    }

    fn read_characters(&mut self, tokens: &mut Tokens<'_>) {
        while let Some(Token::Code(code)) = tokens.next() {
            let Some(Token::Code(target)) = tokens.next() else { return };
            self.characters.insert(number(&code), characters(&target));
            if self.characters.len() > MAX_MAPPINGS {
                return;
            }
        }
    }

    fn read_ranges(&mut self, tokens: &mut Tokens<'_>) {
        while let Some(Token::Code(first)) = tokens.next() {
            let Some(Token::Code(last)) = tokens.next() else { return };
            let (first, last) = (number(&first), number(&last));
            match tokens.next() {
                Some(Token::Code(target)) => {
                    self.ranges.insert(first, (last, characters(&target)));
                }
                Some(Token::Open) => {
                    let mut code = first;
                    while let Some(Token::Code(target)) = tokens.next() {
                        self.characters.insert(code, characters(&target));
                        code = code.saturating_add(1);
                    }
                }
                _ => return,
            }
            if self.characters.len() + self.ranges.len() > MAX_MAPPINGS {
                return;
            }
        }
    }
}

fn number(code: &[u8]) -> u32 {
    code.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Targets are UTF-16; a single byte is met too, and meant as one unit.
fn characters(target: &[u8]) -> String {
    let target = target.get(..MAX_TARGET).unwrap_or(target);
    if let [byte] = target {
        return char::from(*byte).to_string();
    }
    let units =
        target.chunks_exact(2).filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
    char::decode_utf16(units).filter_map(Result::ok).collect()
}

/// The tokens of a CMap that say something; names, numbers and strings in between are words or
/// nothing.
struct Tokens<'a>(&'a [u8]);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.0 = self.0.trim_ascii_start();
            let (first, rest) = self.0.split_first()?;
            match first {
                b'%' => {
                    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                    self.0 = rest.get(end?..)?;
                }
                b'<' if rest.starts_with(b"<") => self.0 = rest.get(1..)?,
                b'<' => {
                    let end = rest.iter().position(|byte| *byte == b'>')?;
                    self.0 = rest.get(end + 1..)?;
                    return Some(Token::Code(hex(rest.get(..end)?)));
                }
                b'[' | b']' => {
                    self.0 = rest;
                    return Some(if *first == b'[' { Token::Open } else { Token::Close });
                }
                b'>' | b'(' | b')' | b'{' | b'}' | b'/' => self.0 = rest,
                _ => {
                    let ends =
                        |byte: &u8| byte.is_ascii_whitespace() || b"<>[]()/%{}".contains(byte);
                    let end = self.0.iter().position(ends).unwrap_or(self.0.len());
                    let (word, rest) = self.0.split_at_checked(end)?;
                    self.0 = rest;
                    return Some(Token::Word(word));
                }
            }
        }
    }
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> =
        digits.iter().filter_map(|digit| Some(char::from(*digit).to_digit(16)? as u8)).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |n, d| n << 4 | d)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &[u8] = b"/CIDInit /ProcSet findresource begin %comment <00>\n\
        << /Registry (Adobe) >> def\n\
        2 begincodespacerange <00> <7F> <8140> <FEFE> endcodespacerange\n\
        2 beginbfchar <0003> <0020> <0041><00660069> endbfchar\n\
        3 beginbfrange <0010> <0012> <4E2D> <0020> <0021> [<5E7F> <5DDE>]\n\
        <00000000> <FFFFFFFF> <0041> endbfrange";

    #[test]
    fn codes_and_what_they_stand_for() {
        let cmap = CMap::read(SOURCE);
        for (code, expected) in [
            (3, Some(" ")),
            (0x41, Some("fi")),
            (0x11, Some("\u{4E2E}")),
            (0x21, Some("州")),
            (0x13, None),
            (5, Some("F")),
        ] {
            assert_eq!(cmap.get(code).as_deref(), expected, "{code:x}");
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
        fn anything_is_read(mut noise in proptest::collection::vec(0_u8..=255, 0..200), cut in 0_usize..300) {
            let mut bytes = SOURCE.get(..cut).unwrap_or(SOURCE).to_vec();
            bytes.append(&mut noise);
            let cmap = CMap::read(&bytes);
            (0..300).for_each(|code| drop(cmap.get(code)));
        }
    }
}
