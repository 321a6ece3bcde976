//! Finds the text encoding that a number in the file of a Windows program denotes: the number of a code page, or the
//! number of a language.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, ISO_8859_2, ISO_8859_5, ISO_8859_7,
    ISO_8859_15, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257, WINDOWS_1258,
};

/// Returns the encoding of the Windows code page with the number `code_page`. `None` if the number is unknown.
pub(super) fn encoding_of_code_page(code_page: i32) -> Option<&'static Encoding> {
    Some(match code_page {
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 | 54936 => GB18030,
        949 | 51949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 | 20127 | 28591 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 | 28599 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10000 => MACINTOSH,
        20866 => KOI8_R,
        21866 => KOI8_U,
        28592 => ISO_8859_2,
        28595 => ISO_8859_5,
        28597 => ISO_8859_7,
        28605 => ISO_8859_15,
        50220..=50222 => ISO_2022_JP,
        20932 | 51932 => EUC_JP,
        65001 => UTF_8,
        _ => return None,
    })
}

/// Returns the encoding that Windows uses by default for texts in a language. `language` is a locale identifier (LCID).
#[cfg(feature = "office97")]
pub(super) fn windows_encoding_of_language(language: u32) -> &'static Encoding {
    // The lower ten bits are the language, and the others are the region.
    match language & 0x3FF {
        // Taiwan, Hong Kong and Macao.
        0x04 if matches!(language, 0x0404 | 0x0C04 | 0x1404 | 0x7C04) => BIG5,
        0x04 => GB18030,
        0x01 | 0x20 | 0x29 => WINDOWS_1256,
        0x05 | 0x0E | 0x15 | 0x18 | 0x1A | 0x1B | 0x1C | 0x24 => WINDOWS_1250,
        0x02 | 0x19 | 0x22 | 0x23 | 0x2F => WINDOWS_1251,
        0x08 => WINDOWS_1253,
        0x0D => WINDOWS_1255,
        0x11 => SHIFT_JIS,
        0x12 => EUC_KR,
        0x1E => WINDOWS_874,
        0x1F | 0x2C => WINDOWS_1254,
        0x25..=0x27 => WINDOWS_1257,
        0x2A => WINDOWS_1258,
        _ => WINDOWS_1252,
    }
}
