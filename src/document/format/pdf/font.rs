//! Reads a font dictionary of a PDF. A font converts the codes in a string to characters and
//! widths.

use encoding_rs::Encoding;
use lopdf::{Dictionary, Document, Object};
use unicode_normalization::UnicodeNormalization;

use super::{
    cid::{CharacterCollection, character},
    cmap::CMap,
    object::number,
    standard_fonts::StandardFont,
};
use crate::{
    document::format::symbol_font::character_of_code,
    radical::{ideograph_of_radical, is_radical},
};

/// Maximum unpacked size of the CMap of a font, in bytes.
const MAX_CMAP_BYTES: usize = 8 << 20;
/// Maximum number of ranges of glyph widths.
const MAX_WIDTH_RANGES: usize = 200_000;
/// Minimum weight of a bold font, on a scale from 100 to 900.
const MIN_BOLD_WEIGHT: f32 = 600.0;
/// Width of a glyph whose width is unknown, in em.
const DEFAULT_GLYPH_WIDTH: f32 = 0.5;

/// A font that a page uses.
#[derive(Debug)]
pub(super) struct Font {
    encoding: FontEncoding,
    /// Map from codes to Unicode text. `None` if the font has no such map.
    to_unicode: Option<CMap>,
    widths: GlyphWidths,
    pub(super) is_bold: bool,
    /// Whether the font is for vertical writing: each character is below the previous one.
    pub(super) is_vertical: bool,
}

/// Encoding of the strings in a font. Determines how a string is split into codes. If the font has
/// no map to Unicode, also determines the text of a code.
#[derive(Debug)]
enum FontEncoding {
    /// Codes of one byte, with the text of each of the 256 codes.
    SingleByte(Vec<String>),
    /// Codes of two bytes whose characters are unknown.
    DoubleByte,
    /// Codes of two bytes that are the character numbers (CID) of a collection.
    Cid(CharacterCollection),
    /// Codes of variable length, which the CMap of the font determines.
    CMap(CMap),
    /// Codes that are characters in a known character encoding.
    Text(&'static Encoding),
}

/// Widths of glyphs by character code, in em.
#[derive(Debug)]
struct GlyphWidths {
    /// Code of the first element of `widths`.
    first_code: u32,
    /// Widths of the codes from `first_code`, in order.
    widths: Vec<f32>,
    /// Widths of ranges of codes, as tuples of first code, last code and width. Fonts with many
    /// glyphs state their widths in ranges.
    width_ranges: Vec<(u32, u32, f32)>,
    /// Width of the codes for which the file states no width.
    default_width: f32,
}

/// Glyph of one character code.
#[derive(Debug, PartialEq)]
pub(super) struct Glyph {
    /// Characters that the glyph represents; `None` if unknown.
    pub(super) text: Option<String>,
    /// Width of the glyph in em.
    pub(super) width: f32,
    /// Whether the code is the single byte 32. The word spacing (`Tw`) applies only to this code.
    pub(super) is_single_byte_32: bool,
}

impl Font {
    pub(super) fn read(pdf: &Document, font: &Dictionary) -> Self {
        let subtype = name_entry(pdf, font, b"Subtype");
        let to_unicode = stream_entry(pdf, font, b"ToUnicode").map(|bytes| CMap::read(&bytes));
        let is_composite = subtype == b"Type0";
        let descendant = if is_composite { descendant_font(pdf, font) } else { None };
        let descriptor = dictionary_entry(pdf, descendant.unwrap_or(font), b"FontDescriptor");
        let font_name = String::from_utf8_lossy(name_entry(pdf, font, b"BaseFont")).to_lowercase();
        let (encoding, widths) = if is_composite {
            (
                encoding_of_composite_font(pdf, font, descendant),
                composite_font_glyph_widths(pdf, descendant),
            )
        } else {
            let texts = texts_of_single_byte_codes(pdf, font, subtype);
            let widths = stated_single_byte_glyph_widths(pdf, font, descriptor)
                .unwrap_or_else(|| GlyphWidths::of_standard_font(&font_name, &texts));
            (FontEncoding::SingleByte(texts), widths)
        };
        let font_weight = descriptor.and_then(|d| number(d.get(b"FontWeight").ok()?));
        let is_bold = ["bold", "black", "heavy", "simhei", "黑体"]
            .iter()
            .any(|name| font_name.contains(name))
            || font_weight.is_some_and(|weight| weight >= MIN_BOLD_WEIGHT);
        let is_vertical = match font.get_deref(b"Encoding", pdf) {
            Ok(Object::Name(name)) => is_composite && name.ends_with(b"-V"),
            Ok(Object::Stream(stream)) => {
                stream.dict.get(b"WMode").and_then(Object::as_i64).is_ok_and(|mode| mode == 1)
            }
            _ => false,
        };
        Self { encoding, to_unicode, widths, is_bold, is_vertical }
    }

    /// Returns the glyphs of the character codes in `bytes`, in order.
    pub(super) fn glyphs<'a>(&'a self, mut bytes: &'a [u8]) -> impl Iterator<Item = Glyph> + 'a {
        std::iter::from_fn(move || {
            let code_length = match &self.encoding {
                FontEncoding::SingleByte(_) => 1,
                FontEncoding::DoubleByte | FontEncoding::Cid(_) => 2,
                FontEncoding::CMap(cmap) => cmap.code_length(bytes).unwrap_or(2),
                FontEncoding::Text(encoding) => first_character_length(encoding, bytes),
            };
            let (code, rest) = bytes.split_at_checked(code_length).unwrap_or((bytes, &[]));
            bytes = rest;
            (!code.is_empty()).then(|| self.glyph(code))
        })
    }

    fn glyph(&self, bytes: &[u8]) -> Glyph {
        let code = bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        let unicode_text = self.to_unicode.as_ref().and_then(|cmap| cmap.text_of_code(code));
        let text =
            unicode_text.filter(|text| has_meaningful_character(text)).or_else(|| {
                match &self.encoding {
                    FontEncoding::SingleByte(texts) => texts
                        .get(code as usize)
                        .cloned()
                        .filter(|text| has_meaningful_character(text)),
                    FontEncoding::Text(encoding) => {
                        let (text, has_errors) = encoding.decode_without_bom_handling(bytes);
                        (!has_errors).then(|| text.into_owned())
                    }
                    FontEncoding::Cid(collection) => {
                        character(*collection, code).map(|character| character.to_string())
                    }
                    FontEncoding::DoubleByte | FontEncoding::CMap(_) => None,
                }
            });
        let width = match &self.encoding {
            // The file states widths by glyph number, but not the glyph number of a character.
            FontEncoding::Text(_) if bytes.len() == 1 => DEFAULT_GLYPH_WIDTH,
            FontEncoding::Text(_) => 1.0,
            _ => self.widths.width_of_code(code),
        };
        let text = text.map(|text| fold_presentation_forms(&text));
        Glyph { text, width, is_single_byte_32: matches!(bytes, [b' ']) }
    }
}

impl GlyphWidths {
    /// Returns the widths of a font with single-byte codes that states no widths: those of the standard font that a
    /// viewer uses for it. `texts` has the text of each code.
    fn of_standard_font(font_name: &str, texts: &[String]) -> Self {
        let standard_font = StandardFont::from_name(font_name);
        let width_of_text =
            |text: &String| standard_font.width_of_text(text).filter(|width| *width > 0.0);
        let widths = texts.iter().map(|text| width_of_text(text).unwrap_or(DEFAULT_GLYPH_WIDTH));
        Self {
            first_code: 0,
            widths: widths.collect(),
            width_ranges: Vec::new(),
            default_width: DEFAULT_GLYPH_WIDTH,
        }
    }

    fn width_of_code(&self, code: u32) -> f32 {
        let listed_width =
            code.checked_sub(self.first_code).and_then(|index| self.widths.get(index as usize));
        let range_width = || {
            let next_range = self.width_ranges.partition_point(|(first, ..)| *first <= code);
            let (_, last, width) = self.width_ranges.get(next_range.checked_sub(1)?)?;
            (code <= *last).then_some(*width)
        };
        listed_width.copied().or_else(range_width).unwrap_or(self.default_width)
    }
}

/// Returns whether a text has at least one character that is not a placeholder. Fonts map some glyphs to an empty text,
/// control characters or private-use characters.
fn has_meaningful_character(text: &str) -> bool {
    !text.is_empty()
        && !text.chars().all(|c| {
            matches!(c, '\0'..='\u{8}' | '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E000}'..='\u{F8FF}')
        })
}

/// Replaces ligatures, radicals and compatibility ideographs by the common characters with the same meaning. Some fonts
/// map glyphs to such variants.
fn fold_presentation_forms(text: &str) -> String {
    let is_folded =
        |c: char| is_radical(c) || matches!(c, '\u{FB00}'..='\u{FB06}' | '\u{F900}'..='\u{FAFF}');
    if text.contains(is_folded) {
        text.chars().map(ideograph_of_radical).nfkc().collect()
    } else {
        text.to_owned()
    }
}

/// Returns the text of each of the 256 codes in a font with single-byte codes.
fn texts_of_single_byte_codes(pdf: &Document, font: &Dictionary, subtype: &[u8]) -> Vec<String> {
    let encoding = font.get_deref(b"Encoding", pdf).ok();
    let encoding_dictionary = encoding.and_then(|encoding| encoding.as_dict().ok());
    let default_encoding: &[u8] =
        if subtype == b"TrueType" { b"WinAnsiEncoding" } else { b"StandardEncoding" };
    let base_encoding_name = match (encoding, encoding_dictionary) {
        (Some(Object::Name(name)), _) => name.as_slice(),
        (_, Some(dictionary)) => match name_entry(pdf, dictionary, b"BaseEncoding") {
            b"" => default_encoding,
            base => base,
        },
        _ => default_encoding,
    };
    let is_predefined = matches!(
        base_encoding_name,
        b"WinAnsiEncoding" | b"MacRomanEncoding" | b"StandardEncoding" | b"MacExpertEncoding"
    );
    let base_encoding =
        Object::Name(if is_predefined { base_encoding_name } else { default_encoding }.to_vec());
    let states_encoding = matches!(encoding, Some(Object::Name(_)))
        || encoding_dictionary.is_some_and(|dictionary| dictionary.has(b"BaseEncoding"));
    let text_of_code: &dyn Fn(u8) -> String = if is_symbol_font(pdf, font) && !states_encoding {
        &|code| character_of_code("symbol", code.into()).map(String::from).unwrap_or_default()
    } else {
        &|code| text_of_byte_in_encoding(pdf, base_encoding.clone(), code)
    };
    let mut texts: Vec<String> = (0..=255).map(text_of_code).collect();
    let differences =
        encoding_dictionary.and_then(|d| d.get_deref(b"Differences", pdf).ok()?.as_array().ok());
    let mut code = 0_usize;
    for difference in differences.into_iter().flatten() {
        match difference {
            Object::Integer(next) => code = usize::try_from(*next).unwrap_or(usize::MAX),
            Object::Name(glyph) => {
                if let Some(text) = texts.get_mut(code) {
                    *text = text_of_glyph_name(pdf, glyph);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    texts
}

/// Returns whether a font is the standard font Symbol, whose codes are those of Greek letters and mathematical signs.
fn is_symbol_font(pdf: &Document, font: &Dictionary) -> bool {
    let name = name_entry(pdf, font, b"BaseFont");
    let name_without_prefix = name.rsplit(|byte| *byte == b'+').next().unwrap_or_default();
    matches!(name_without_prefix, b"Symbol" | b"SymbolMT")
}

/// Returns the text of a byte in an encoding; empty if the encoding does not define the byte.
fn text_of_byte_in_encoding(pdf: &Document, encoding: Object, code: u8) -> String {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", encoding);
    let encoding = font.get_font_encoding_with_limit(pdf, MAX_CMAP_BYTES);
    encoding.and_then(|encoding| encoding.bytes_to_string(&[code])).unwrap_or_default()
}

/// Returns the text that a glyph name such as `a`, `uni5E7F`, `u1F600`, `f_i` or `a.alt` denotes.
fn text_of_glyph_name(pdf: &Document, name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let name_without_suffix = name.split('.').next().unwrap_or_default();
    let component_text = |name: &str| {
        let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'));
        let character = digits
            .filter(|digits| digits.len() >= 4)
            .and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        if let Some(character) = character {
            return character.to_string();
        }
        let glyph = Object::Name(name.as_bytes().to_vec());
        let mut encoding = Dictionary::new();
        encoding.set("Differences", Object::Array(vec![Object::Integer(1), glyph]));
        // This encoding defines only the byte 1, and no byte if the glyph name is unknown.
        text_of_byte_in_encoding(pdf, Object::Dictionary(encoding), 1)
    };
    name_without_suffix.split('_').map(component_text).collect()
}

/// Returns the encoding of a composite font. `descendant` is the font that contains the glyphs of the composite font.
fn encoding_of_composite_font(
    pdf: &Document,
    font: &Dictionary,
    descendant: Option<&Dictionary>,
) -> FontEncoding {
    match font.get_deref(b"Encoding", pdf) {
        Ok(Object::Name(name)) if name.starts_with(b"Identity-") => {
            let collection = descendant.and_then(|font| collection_of_font(pdf, font));
            collection.map_or(FontEncoding::DoubleByte, FontEncoding::Cid)
        }
        Ok(Object::Name(name)) => {
            let name = String::from_utf8_lossy(name);
            encoding_of_predefined_cmap(&name).map_or(FontEncoding::DoubleByte, FontEncoding::Text)
        }
        Ok(Object::Stream(stream)) => match stream.get_plain_content_with_limit(MAX_CMAP_BYTES) {
            Ok(bytes) => FontEncoding::CMap(CMap::read(&bytes)),
            Err(_) => FontEncoding::DoubleByte,
        },
        _ => FontEncoding::DoubleByte,
    }
}

/// Returns the collection that defines the character numbers of a font; `None` if it is unknown.
fn collection_of_font(pdf: &Document, font: &Dictionary) -> Option<CharacterCollection> {
    let system_info = font.get_deref(b"CIDSystemInfo", pdf).ok()?.as_dict().ok()?;
    let text_entry =
        |key: &[u8]| lopdf::decode_text_string(system_info.get_deref(key, pdf).ok()?).ok();
    if text_entry(b"Registry")? != "Adobe" {
        return None;
    }
    CharacterCollection::from_ordering(&text_entry(b"Ordering")?)
}

/// Returns the character encoding of a predefined CMap; `None` if the codes of the CMap are not
/// characters.
fn encoding_of_predefined_cmap(name: &str) -> Option<&'static Encoding> {
    const PREDEFINED_ENCODINGS: [(&str, &Encoding); 9] = [
        ("UCS2", encoding_rs::UTF_16BE),
        ("UTF16", encoding_rs::UTF_16BE),
        ("UTF8", encoding_rs::UTF_8),
        ("GBK", encoding_rs::GB18030),
        ("GB-EUC", encoding_rs::GB18030),
        ("GBpc", encoding_rs::GB18030),
        ("B5", encoding_rs::BIG5),
        ("RKSJ", encoding_rs::SHIFT_JIS),
        ("KSC", encoding_rs::EUC_KR),
    ];
    let encoding_entry = PREDEFINED_ENCODINGS.iter().find(|(part, _)| name.contains(part));
    encoding_entry
        .map(|(_, encoding)| *encoding)
        .or_else(|| name.starts_with("EUC-").then_some(encoding_rs::EUC_JP))
}

/// Returns the length in bytes of the first character of `bytes` in `encoding`.
fn first_character_length(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let second_byte = bytes.get(1).copied().unwrap_or_default();
    match bytes.first() {
        Some(0xD8..=0xDB) if encoding == encoding_rs::UTF_16BE => 4,
        _ if encoding == encoding_rs::UTF_16BE => 2,
        Some(0xF0..) if encoding == encoding_rs::UTF_8 => 4,
        Some(0xE0..) if encoding == encoding_rs::UTF_8 => 3,
        Some(0x81..) if encoding == encoding_rs::GB18030 && second_byte.is_ascii_digit() => 4,
        Some(0xA1..=0xDF) if encoding == encoding_rs::SHIFT_JIS => 1,
        Some(0x81..) => 2,
        _ => 1,
    }
}

/// Returns the glyph widths that a font with single-byte codes states; `None` if it states none.
fn stated_single_byte_glyph_widths(
    pdf: &Document,
    font: &Dictionary,
    descriptor: Option<&Dictionary>,
) -> Option<GlyphWidths> {
    let width_objects = font.get_deref(b"Widths", pdf).ok()?.as_array().ok()?;
    let first_code =
        font.get_deref(b"FirstChar", pdf).ok().and_then(|first_code| first_code.as_i64().ok());
    // In a Type 3 font, glyphs are drawings in the file, and the font matrix defines the unit of
    // width.
    let font_matrix =
        font.get_deref(b"FontMatrix", pdf).ok().and_then(|font_matrix| font_matrix.as_array().ok());
    let em_per_width_unit =
        font_matrix.and_then(|font_matrix| number(font_matrix.first()?)).unwrap_or(0.001).abs();
    let widths = width_objects.iter().take(256).map(|width| {
        let width = pdf.dereference(width).ok().and_then(|(_, width)| number(width));
        width.unwrap_or_default() * em_per_width_unit
    });
    let missing_width = descriptor.and_then(|d| number(d.get(b"MissingWidth").ok()?));
    Some(GlyphWidths {
        first_code: first_code
            .and_then(|first_code| u32::try_from(first_code).ok())
            .unwrap_or_default(),
        widths: widths.collect(),
        width_ranges: Vec::new(),
        default_width: missing_width
            .filter(|width| *width > 0.0)
            .map_or(DEFAULT_GLYPH_WIDTH, |w| w * 0.001),
    })
}

/// Returns the glyph widths of a composite font, which its descendant font states.
fn composite_font_glyph_widths(pdf: &Document, descendant: Option<&Dictionary>) -> GlyphWidths {
    let default_width = descendant.and_then(|font| number(font.get_deref(b"DW", pdf).ok()?));
    let mut width_ranges = Vec::new();
    let width_objects = descendant.and_then(|font| font.get_deref(b"W", pdf).ok()?.as_array().ok());
    let mut width_items =
        width_objects.into_iter().flatten().filter_map(|item| Some(pdf.dereference(item).ok()?.1));
    while let (Some(first), Some(second)) =
        (width_items.next().and_then(code_of_integer), width_items.next())
    {
        if let Ok(widths) = second.as_array() {
            for (code, width) in (first..).zip(widths) {
                width_ranges.push((code, code, number(width).unwrap_or_default() * 0.001));
            }
        } else if let Some((last, width)) =
            code_of_integer(second).zip(width_items.next().and_then(number))
        {
            width_ranges.push((first, last, width * 0.001));
        }
        if width_ranges.len() > MAX_WIDTH_RANGES {
            break;
        }
    }
    width_ranges.sort_by_key(|(first, ..)| *first);
    GlyphWidths {
        first_code: 0,
        widths: Vec::new(),
        width_ranges,
        default_width: default_width.unwrap_or(1_000.0) * 0.001,
    }
}

fn code_of_integer(object: &Object) -> Option<u32> {
    u32::try_from(object.as_i64().ok()?).ok()
}

fn name_entry<'a>(pdf: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> &'a [u8] {
    dictionary.get_deref(key, pdf).and_then(Object::as_name).unwrap_or_default()
}

fn dictionary_entry<'a>(
    pdf: &'a Document,
    dictionary: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Dictionary> {
    dictionary.get_deref(key, pdf).and_then(Object::as_dict).ok()
}

/// Returns the font that contains the glyphs of a composite font.
fn descendant_font<'a>(pdf: &'a Document, font: &'a Dictionary) -> Option<&'a Dictionary> {
    let fonts = font.get_deref(b"DescendantFonts", pdf).ok()?.as_array().ok()?;
    pdf.dereference(fonts.first()?).ok()?.1.as_dict().ok()
}

fn stream_entry(pdf: &Document, dictionary: &Dictionary, key: &[u8]) -> Option<Vec<u8>> {
    let stream = dictionary.get_deref(key, pdf).ok()?.as_stream().ok()?;
    stream.get_plain_content_with_limit(MAX_CMAP_BYTES).ok()
}
