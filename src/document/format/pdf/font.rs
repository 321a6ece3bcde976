//! A font dictionary of a PDF → the characters and widths of the bytes that are shown in it.

use encoding_rs::Encoding;
use lopdf::{Dictionary, Document, Object};
use unicode_normalization::UnicodeNormalization;

use super::cmap::CMap;

/// Bytes that the CMap of a font may unpack to.
const MAX_CMAP: usize = 8 << 20;
/// The width of a glyph of which nothing is known, in em.
const DEFAULT_WIDTH: f32 = 0.5;

/// A font of a page.
#[derive(Debug)]
pub(super) struct Font {
    codes: Codes,
    to_unicode: Option<CMap>,
    widths: Widths,
    pub(super) bold: bool,
}

/// How bytes are cut into codes, and what a code stands for where the font has no map to Unicode.
#[derive(Debug)]
enum Codes {
    /// One byte each, with the text of each of them.
    Single(Vec<String>),
    /// Two bytes each that say nothing by themselves.
    Double,
    /// As a CMap of the font says.
    Mapped(CMap),
    /// Text in this encoding.
    Encoded(&'static Encoding),
}

#[derive(Debug)]
struct Widths {
    first: u32,
    each: Vec<f32>,
    /// Ranges of codes and their width, for fonts with many glyphs.
    ranges: Vec<(u32, u32, f32)>,
    default: f32,
}

/// One code, as it is shown.
#[derive(Debug, PartialEq)]
pub(super) struct Glyph {
    /// What it stands for; none where nobody says.
    pub(super) text: Option<String>,
    /// In em.
    pub(super) width: f32,
    /// Whether word spacing applies to it.
    pub(super) space: bool,
}

impl Font {
    pub(super) fn read(pdf: &Document, font: &Dictionary) -> Self {
        let subtype = name(pdf, font, b"Subtype");
        let to_unicode = stream(pdf, font, b"ToUnicode").map(|bytes| CMap::read(&bytes));
        let composite = subtype == b"Type0";
        let inner = if composite { descendant(pdf, font) } else { None };
        let descriptor = dictionary(pdf, inner.unwrap_or(font), b"FontDescriptor");
        let (codes, widths) = if composite {
            (composite_codes(pdf, font), composite_widths(pdf, inner))
        } else {
            (Codes::Single(table(pdf, font, subtype)), simple_widths(pdf, font, descriptor))
        };
        let base = String::from_utf8_lossy(name(pdf, font, b"BaseFont")).to_lowercase();
        let weight = descriptor.and_then(|d| number(d.get(b"FontWeight").ok()?));
        let bold = ["bold", "black", "heavy", "simhei", "黑体"].iter().any(|b| base.contains(b))
            || weight.is_some_and(|weight| weight >= 600.0);
        Self { codes, to_unicode, widths, bold }
    }

    /// The codes in `bytes`, in order.
    pub(super) fn glyphs<'a>(&'a self, mut bytes: &'a [u8]) -> impl Iterator<Item = Glyph> + 'a {
        std::iter::from_fn(move || {
            let length = match &self.codes {
                Codes::Single(_) => 1,
                Codes::Double => 2,
                Codes::Mapped(cmap) => cmap.code_length(bytes).unwrap_or(2),
                Codes::Encoded(encoding) => encoded_length(encoding, bytes),
            };
            let (code, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
            bytes = rest;
            (!code.is_empty()).then(|| self.glyph(code))
        })
    }

    fn glyph(&self, bytes: &[u8]) -> Glyph {
        let code = bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        let mapped = self.to_unicode.as_ref().and_then(|cmap| cmap.get(code)).filter(|t| says(t));
        let text = mapped.or_else(|| match &self.codes {
            Codes::Single(table) => table.get(code as usize).cloned().filter(|text| says(text)),
            Codes::Encoded(encoding) => {
                let (text, broken) = encoding.decode_without_bom_handling(bytes);
                (!broken).then(|| text.into_owned())
            }
            Codes::Double | Codes::Mapped(_) => None,
        });
        let width = match &self.codes {
            // The widths go by glyph, and which glyph a character has is not said.
            Codes::Encoded(_) if bytes.len() == 1 => DEFAULT_WIDTH,
            Codes::Encoded(_) => 1.0,
            _ => self.widths.of(code),
        };
        let text = text.map(|text| plain(&text));
        Glyph { text, width, space: matches!(bytes, [b' ']) }
    }
}

impl Widths {
    fn of(&self, code: u32) -> f32 {
        let each = code.checked_sub(self.first).and_then(|index| self.each.get(index as usize));
        let ranged = || {
            let next = self.ranges.partition_point(|(first, ..)| *first <= code);
            let (_, last, width) = self.ranges.get(next.checked_sub(1)?)?;
            (code <= *last).then_some(*width)
        };
        each.copied().or_else(ranged).unwrap_or(self.default)
    }
}

/// Whether a text says anything: fonts map glyphs that have no character to nothing or private
/// ones.
fn says(text: &str) -> bool {
    !text.is_empty()
        && !text.chars().all(|c| {
            matches!(c, '\0'..='\u{8}' | '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E000}'..='\u{F8FF}')
        })
}

/// Ligatures and the radicals that fonts name instead of characters, as people type them.
fn plain(text: &str) -> String {
    let drawn = |c: char| matches!(c, '\u{FB00}'..='\u{FB06}' | '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}');
    if text.contains(drawn) { text.nfkc().collect() } else { text.to_owned() }
}

/// The text of each byte in a font of single bytes.
fn table(pdf: &Document, font: &Dictionary, subtype: &[u8]) -> Vec<String> {
    let encoding = font.get_deref(b"Encoding", pdf).ok();
    let differing = encoding.and_then(|encoding| encoding.as_dict().ok());
    let usual: &[u8] =
        if subtype == b"TrueType" { b"WinAnsiEncoding" } else { b"StandardEncoding" };
    let base = match (encoding, differing) {
        (Some(Object::Name(name)), _) => name.as_slice(),
        (_, Some(dictionary)) => match name(pdf, dictionary, b"BaseEncoding") {
            b"" => usual,
            base => base,
        },
        _ => usual,
    };
    let known = matches!(
        base,
        b"WinAnsiEncoding" | b"MacRomanEncoding" | b"StandardEncoding" | b"MacExpertEncoding"
    );
    let base = Object::Name(if known { base } else { usual }.to_vec());
    let mut table: Vec<String> = (0..=255).map(|code| decoded(pdf, base.clone(), code)).collect();
    let differences =
        differing.and_then(|d| d.get_deref(b"Differences", pdf).ok()?.as_array().ok());
    let mut code = 0_usize;
    for difference in differences.into_iter().flatten() {
        match difference {
            Object::Integer(at) => code = usize::try_from(*at).unwrap_or(usize::MAX),
            Object::Name(glyph) => {
                if let Some(text) = table.get_mut(code) {
                    *text = named(pdf, glyph);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    table
}

/// What a byte stands for in an encoding; nothing where it is not of that encoding.
fn decoded(pdf: &Document, encoding: Object, code: u8) -> String {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", encoding);
    let encoding = font.get_font_encoding_with_limit(pdf, MAX_CMAP);
    encoding.and_then(|encoding| encoding.bytes_to_string(&[code])).unwrap_or_default()
}

/// What a glyph of this name stands for: `a`, `uni5E7F`, `u1F600`, `f_i`, `a.alt`.
fn named(pdf: &Document, glyph: &[u8]) -> String {
    let glyph = String::from_utf8_lossy(glyph);
    let stem = glyph.split('.').next().unwrap_or_default();
    let part = |name: &str| {
        let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'));
        let code = digits
            .filter(|digits| digits.len() >= 4)
            .and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        if let Some(code) = code {
            return code.to_string();
        }
        let glyph = Object::Name(name.as_bytes().to_vec());
        let mut encoding = Dictionary::new();
        encoding.set("Differences", Object::Array(vec![Object::Integer(1), glyph]));
        // A name that is not known makes the byte 1 stand for what it does elsewhere: nothing.
        decoded(pdf, Object::Dictionary(encoding), 1)
    };
    stem.split('_').map(part).collect()
}

fn composite_codes(pdf: &Document, font: &Dictionary) -> Codes {
    match font.get_deref(b"Encoding", pdf) {
        Ok(Object::Name(name)) => {
            let name = String::from_utf8_lossy(name);
            encoding_of(&name).map_or(Codes::Double, Codes::Encoded)
        }
        Ok(Object::Stream(stream)) => match stream.get_plain_content_with_limit(MAX_CMAP) {
            Ok(bytes) => Codes::Mapped(CMap::read(&bytes)),
            Err(_) => Codes::Double,
        },
        _ => Codes::Double,
    }
}

/// The encoding of text in a font with one of the predefined CMaps.
fn encoding_of(name: &str) -> Option<&'static Encoding> {
    let part = |part: &str| name.contains(part);
    Some(match () {
        () if part("UCS2") || part("UTF16") => encoding_rs::UTF_16BE,
        () if part("UTF8") => encoding_rs::UTF_8,
        () if part("GBK") || part("GB-EUC") || part("GBpc") => encoding_rs::GB18030,
        () if part("B5") => encoding_rs::BIG5,
        () if part("RKSJ") => encoding_rs::SHIFT_JIS,
        () if part("KSC") => encoding_rs::EUC_KR,
        () if name.starts_with("EUC-") => encoding_rs::EUC_JP,
        () => return None,
    })
}

fn encoded_length(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let second = bytes.get(1).copied().unwrap_or_default();
    match bytes.first() {
        Some(0xD8..=0xDB) if encoding == encoding_rs::UTF_16BE => 4,
        _ if encoding == encoding_rs::UTF_16BE => 2,
        Some(0xF0..) if encoding == encoding_rs::UTF_8 => 4,
        Some(0xE0..) if encoding == encoding_rs::UTF_8 => 3,
        Some(0x81..) if encoding == encoding_rs::GB18030 && second.is_ascii_digit() => 4,
        Some(0xA1..=0xDF) if encoding == encoding_rs::SHIFT_JIS => 1,
        Some(0x81..) => 2,
        _ => 1,
    }
}

fn simple_widths(pdf: &Document, font: &Dictionary, descriptor: Option<&Dictionary>) -> Widths {
    let first = font.get_deref(b"FirstChar", pdf).ok().and_then(|first| first.as_i64().ok());
    // The glyphs of a font drawn by the file are measured in units of its own.
    let own = font.get_deref(b"FontMatrix", pdf).ok().and_then(|matrix| matrix.as_array().ok());
    let scale = own.and_then(|matrix| number(matrix.first()?)).unwrap_or(0.001).abs();
    let each = font.get_deref(b"Widths", pdf).ok().and_then(|widths| widths.as_array().ok());
    let each = each.into_iter().flatten().take(256).map(|width| {
        let width = pdf.dereference(width).ok().and_then(|(_, width)| number(width));
        width.unwrap_or_default() * scale
    });
    let missing = descriptor.and_then(|d| number(d.get(b"MissingWidth").ok()?));
    Widths {
        first: first.and_then(|first| u32::try_from(first).ok()).unwrap_or_default(),
        each: each.collect(),
        ranges: Vec::new(),
        default: missing.filter(|width| *width > 0.0).map_or(DEFAULT_WIDTH, |w| w * 0.001),
    }
}

fn composite_widths(pdf: &Document, inner: Option<&Dictionary>) -> Widths {
    let default = inner.and_then(|inner| number(inner.get_deref(b"DW", pdf).ok()?));
    let mut ranges = Vec::new();
    let listed = inner.and_then(|inner| inner.get_deref(b"W", pdf).ok()?.as_array().ok());
    let mut items =
        listed.into_iter().flatten().filter_map(|item| Some(pdf.dereference(item).ok()?.1));
    while let (Some(first), Some(second)) = (items.next().and_then(code), items.next()) {
        if let Ok(each) = second.as_array() {
            for (at, width) in (first..).zip(each) {
                ranges.push((at, at, number(width).unwrap_or_default() * 0.001));
            }
        } else if let Some((last, width)) = code(second).zip(items.next().and_then(number)) {
            ranges.push((first, last, width * 0.001));
        }
        if ranges.len() > 200_000 {
            break;
        }
    }
    ranges.sort_by_key(|(first, ..)| *first);
    Widths { first: 0, each: Vec::new(), ranges, default: default.unwrap_or(1_000.0) * 0.001 }
}

fn code(object: &Object) -> Option<u32> {
    u32::try_from(object.as_i64().ok()?).ok()
}

pub(super) fn number(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|number| number.is_finite())
}

fn name<'a>(pdf: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> &'a [u8] {
    dictionary.get_deref(key, pdf).and_then(Object::as_name).unwrap_or_default()
}

fn dictionary<'a>(pdf: &'a Document, from: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    from.get_deref(key, pdf).and_then(Object::as_dict).ok()
}

fn descendant<'a>(pdf: &'a Document, font: &'a Dictionary) -> Option<&'a Dictionary> {
    let fonts = font.get_deref(b"DescendantFonts", pdf).ok()?.as_array().ok()?;
    pdf.dereference(fonts.first()?).ok()?.1.as_dict().ok()
}

fn stream(pdf: &Document, from: &Dictionary, key: &[u8]) -> Option<Vec<u8>> {
    let stream = from.get_deref(key, pdf).ok()?.as_stream().ok()?;
    stream.get_plain_content_with_limit(MAX_CMAP).ok()
}
