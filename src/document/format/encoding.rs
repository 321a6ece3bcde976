//! Detects the character encoding of a file and decodes its text. A byte order mark takes
//! precedence, then strict UTF-8, then detection by content.
//!
//! An encoding that markup declares is often wrong. The declared encoding is used only if it leaves
//! at most as many undecodable characters as the detected encoding, or if it is an East Asian encoding in which almost
//! all bytes are characters.
//!
//! A few broken bytes, such as half a character before the dots of an abridged text, become replacement characters and
//! do not change the encoding.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};

/// Number of bytes at the beginning of a file that are read to detect the format and UTF-16, and to find a declaration
/// of the encoding.
const FORMAT_DETECTION_BYTES: usize = 4_096;
/// Maximum number of bytes that the encoding detector reads.
const MAX_ENCODING_DETECTION_BYTES: usize = 256 * 1024;
/// Minimum number of characters of a text for each control character in the text, not counting the
/// first [`MAX_TOLERATED_CONTROL_CHARS`] control characters.
const MIN_CHARS_PER_CONTROL_CHAR: usize = 200;
/// Minimum number of characters of a text for each undecodable character in the text.
const MIN_CHARS_PER_UNDECODABLE_CHAR: usize = 20;
/// Minimum number of bytes in well-formed UTF-8 sequences for each broken byte in a text that is damaged UTF-8.
const MIN_WELL_FORMED_BYTES_PER_BROKEN_BYTE: usize = 4;
/// Minimum number of bytes in well-formed UTF-8 sequences of a text that is damaged UTF-8, if the text does not declare
/// UTF-8. Shorter Chinese texts in other encodings may look like damaged UTF-8.
const MIN_WELL_FORMED_BYTES_OF_UNDECLARED_UTF_8: usize = 10;
/// Minimum number of East Asian characters beside each other for each broken byte in a damaged East Asian text.
const MIN_ADJACENT_EAST_ASIAN_CHARS_PER_BROKEN_BYTE: usize = 8;
/// Encodings of East Asian texts that are tried on a damaged text, whose broken bytes mislead the detection.
const EAST_ASIAN_ENCODINGS: [&Encoding; 5] = [GB18030, BIG5, SHIFT_JIS, EUC_JP, EUC_KR];
/// Maximum number of characters of an East Asian text for each East Asian punctuation mark in the text.
const MAX_CHARS_PER_PUNCTUATION_MARK: usize = 100;
/// Minimum number of characters of an East Asian text for each character of another script in the text.
const MIN_EAST_ASIAN_CHARS_PER_OTHER_CHAR: usize = 50;
/// Byte that begins the sequences which switch the character set in ISO-2022-JP.
const ESCAPE_BYTE: u8 = 0x1B;
/// Number of control characters that a text of any length may contain.
const MAX_TOLERATED_CONTROL_CHARS: usize = 2;

/// Decodes the bytes of a text file. Replaces each line end by `\n`, and removes invisible characters that only state
/// where a line may break.
///
/// # Errors
///
/// Returns the reason if the bytes are binary or in an unknown encoding.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, String> {
    if bytes.is_empty() {
        return Ok(String::new());
    }
    let text = decode_by_bom_or_declaration(bytes, None);
    let char_count = text.chars().count();
    let control_count = text.chars().filter(|&c| is_control(c)).count();
    if text.contains('\0')
        || control_count > MAX_TOLERATED_CONTROL_CHARS + char_count / MIN_CHARS_PER_CONTROL_CHAR
    {
        return Err("looks like a binary file: it contains control characters".to_owned());
    }
    if count_undecodable(&text) * MIN_CHARS_PER_UNDECODABLE_CHAR > char_count {
        return Err("is in an unknown encoding: too many of its bytes cannot be decoded".to_owned());
    }
    Ok(normalize_line_ends_and_remove_invisible(text))
}

/// Decodes the bytes of a text. `declared` is the encoding that is stated outside of the text, for example in the
/// header of a mail. Uses another encoding if the declaration contradicts the bytes. Removes control characters.
#[cfg(any(feature = "docx", feature = "mail"))]
pub(super) fn decode_with_declared_encoding(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
) -> String {
    let mut text = decode_by_bom_or_declaration(bytes, declared);
    text.retain(|c| !is_control(c));
    normalize_line_ends_and_remove_invisible(text)
}

/// Decodes bytes, without the zeros with which some systems fill the last block of a file. A byte order mark takes
/// precedence over the encoding `declared`, which is stated outside of the bytes.
fn decode_by_bom_or_declaration(bytes: &[u8], declared: Option<&'static Encoding>) -> String {
    let mut text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => decode_without_bom(bytes, declared),
    };
    text.truncate(text.trim_end_matches('\0').len());
    text
}

/// Decodes the first [`FORMAT_DETECTION_BYTES`] bytes of a file, which suffice to detect its format.
pub(super) fn decode_beginning(bytes: &[u8]) -> String {
    let beginning = bytes.get(..FORMAT_DETECTION_BYTES).unwrap_or(bytes);
    let bom_encoding = Encoding::for_bom(beginning).map(|(encoding, _)| encoding);
    let encoding = bom_encoding.or_else(|| detect_utf_16(beginning)).unwrap_or(UTF_8);
    encoding.decode(beginning).0.into_owned()
}

/// Decodes the bytes of a text without a byte order mark. `declared` is the encoding that is stated outside of the
/// bytes. If it is `None`, uses the encoding that markup in the bytes declares.
fn decode_without_bom(bytes: &[u8], declared: Option<&'static Encoding>) -> String {
    if let Some(encoding) =
        detect_utf_16(bytes).or_else(|| declared_utf_16_or_iso_2022_jp(bytes, declared))
    {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let declared = declared.or_else(|| declared_encoding(bytes));
    if is_damaged_utf_8(bytes, declared == Some(UTF_8)) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let declared = declared.and_then(encoding_to_decode_declared);
    let detected_encoding = detect_encoding(bytes);
    if detected_encoding.is_single_byte()
        && let Some(text) = decode_damaged_east_asian(bytes, declared)
    {
        return text;
    }
    let detected_text = detected_encoding.decode_without_bom_handling(bytes).0;
    let Some(declared) = declared.filter(|&declared| declared != detected_encoding) else {
        return detected_text.into_owned();
    };
    let declared_text = declared.decode_without_bom_handling(bytes).0;
    let detected_errors = count_undecodable(&detected_text);
    // A single-byte encoding decodes any bytes, so its declaration is no evidence against text that
    // decodes as Chinese without errors.
    let is_clean_chinese = is_chinese_encoding(detected_encoding) && detected_errors == 0;
    let is_declaration_overruled = declared.is_single_byte() && is_clean_chinese;
    let declared_errors = count_undecodable(&declared_text);
    let is_damaged_declared = EAST_ASIAN_ENCODINGS.contains(&declared)
        && is_damaged_east_asian(&declared_text, declared_errors);
    if is_declaration_overruled || (detected_errors < declared_errors && !is_damaged_declared) {
        detected_text.into_owned()
    } else {
        declared_text.into_owned()
    }
}

/// Decodes a damaged text in an East Asian encoding. Tries the encoding `declared` first. The other encodings count
/// only if the detector finds them in the text without its broken bytes. `None` if too many bytes are broken in all
/// encodings, or none.
fn decode_damaged_east_asian(bytes: &[u8], declared: Option<&'static Encoding>) -> Option<String> {
    let decode_if_damaged = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling(bytes).0;
        is_damaged_east_asian(&text, count_undecodable(&text)).then(|| text.into_owned())
    };
    let declared = declared.filter(|declared| EAST_ASIAN_ENCODINGS.contains(declared));
    declared.and_then(decode_if_damaged).or_else(|| {
        EAST_ASIAN_ENCODINGS.into_iter().find_map(|encoding| {
            let text = decode_if_damaged(encoding)?;
            let intact_text: String = text.chars().filter(|&c| !is_undecodable(c)).collect();
            let intact_bytes = encoding.encode(&intact_text).0;
            (detect_encoding(&intact_bytes) == encoding).then_some(text)
        })
    })
}

/// Returns whether `text` has a few broken bytes among many East Asian characters that stand beside each other. Western
/// text that is decoded as East Asian text has only single such characters. `error_count` is the number of undecodable
/// characters in the text.
fn is_damaged_east_asian(text: &str, error_count: usize) -> bool {
    let is_east_asian = |c: char| c >= '\u{3000}' && !is_undecodable(c);
    let pairs = text.chars().zip(text.chars().skip(1));
    let pair_count = pairs.filter(|&(c, next)| is_east_asian(c) && is_east_asian(next)).count();
    error_count > 0 && pair_count >= error_count * MIN_ADJACENT_EAST_ASIAN_CHARS_PER_BROKEN_BYTE
}

/// Returns the declared encoding if it is UTF-16 or ISO-2022-JP and the bytes fit it. The bytes of UTF-16 include NUL,
/// and the bytes of ISO-2022-JP include the escape character. The declaration is needed because detection by content
/// may miss these encodings.
fn declared_utf_16_or_iso_2022_jp(
    bytes: &[u8],
    declared: Option<&'static Encoding>,
) -> Option<&'static Encoding> {
    declared.filter(|&encoding| {
        encoding == ISO_2022_JP && bytes.contains(&ESCAPE_BYTE)
            || [UTF_16LE, UTF_16BE].contains(&encoding) && bytes.contains(&0)
    })
}

/// Returns the encoding with which text in a declared encoding is decoded: GB18030 for GBK, otherwise the encoding
/// itself. `None` for UTF-8 and UTF-16, because the caller has found that the bytes are in neither.
fn encoding_to_decode_declared(declared: &'static Encoding) -> Option<&'static Encoding> {
    match declared {
        encoding if encoding == GBK => Some(GB18030),
        encoding if [UTF_16LE, UTF_16BE, UTF_8].contains(&encoding) => None,
        encoding => Some(encoding),
    }
}

/// Detects UTF-16 in a file without a byte order mark, by its Western letters or by its Chinese punctuation.
fn detect_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let beginning = bytes.get(..FORMAT_DETECTION_BYTES).unwrap_or(bytes);
    detect_utf_16_by_nul_bytes(beginning).or_else(|| detect_east_asian_utf_16(beginning))
}

/// Detects UTF-16 in the beginning of a file that is mostly East Asian text, and so has few NUL bytes. The evidence is
/// East Asian punctuation: in UTF-16, its bytes include control characters, which texts in other encodings do not have.
fn detect_east_asian_utf_16(beginning: &[u8]) -> Option<&'static Encoding> {
    let text_end = beginning.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    let beginning = beginning.get(..text_end.next_multiple_of(2)).unwrap_or(beginning);
    let has_control_bytes = beginning.iter().any(|&byte| is_control(char::from(byte)));
    if !has_control_bytes
        || std::str::from_utf8(beginning).is_ok_and(|text| !text.contains(is_control))
    {
        return None;
    }
    [UTF_16LE, UTF_16BE].into_iter().find(|encoding| {
        let text = encoding.decode_without_bom_handling(beginning).0;
        let count = |accepts: fn(char) -> bool| text.chars().filter(|&c| accepts(c)).count();
        let char_count = text.chars().count();
        let punctuation_count = count(|c| matches!(c, '\u{3001}'..='\u{301F}' | '\u{FF01}'..='\u{FF65}'));
        let expected_count = count(|c| {
            matches!(c, '\u{2010}'..='\u{203B}' | '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF65}')
                || (c.is_ascii() && !is_control(c))
        });
        punctuation_count * MAX_CHARS_PER_PUNCTUATION_MARK >= char_count.max(1)
            && (char_count - expected_count) * MIN_EAST_ASIAN_CHARS_PER_OTHER_CHAR <= char_count
    })
}

/// Detects UTF-16 in the beginning of a file without a byte order mark. In the UTF-16 bytes of Western letters,
/// digits and line ends, every other byte is NUL.
fn detect_utf_16_by_nul_bytes(beginning: &[u8]) -> Option<&'static Encoding> {
    let count_nul_bytes =
        |offset: usize| beginning.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even_nuls, odd_nuls, half_length) =
        (count_nul_bytes(0), count_nul_bytes(1), beginning.len() / 2);
    let encoding = if odd_nuls > 3 && odd_nuls * 50 > half_length && even_nuls * 10 < odd_nuls {
        UTF_16LE
    } else if even_nuls > 3 && even_nuls * 50 > half_length && odd_nuls * 10 < even_nuls {
        UTF_16BE
    } else {
        return None;
    };
    let text = encoding.decode_without_bom_handling(beginning).0;
    let invalid_char_count = text.chars().filter(|&c| is_control(c) || is_undecodable(c)).count();
    (invalid_char_count <= 1).then_some(encoding)
}

/// Returns whether the file is UTF-8 with a few broken bytes. Text in another encoding hardly ever contains well-formed
/// UTF-8 sequences. `is_declared` tells whether the file declares UTF-8.
fn is_damaged_utf_8(bytes: &[u8], is_declared: bool) -> bool {
    let (mut well_formed_byte_count, mut broken_byte_count) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        well_formed_byte_count += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        broken_byte_count += chunk.invalid().len();
    }
    broken_byte_count * MIN_WELL_FORMED_BYTES_PER_BROKEN_BYTE <= well_formed_byte_count
        && (is_declared || well_formed_byte_count >= MIN_WELL_FORMED_BYTES_OF_UNDECLARED_UTF_8)
}

/// Returns the encoding that fits the content of the file best.
fn detect_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let detection_sample = bytes.get(..MAX_ENCODING_DETECTION_BYTES).unwrap_or(bytes);
    detector.feed(detection_sample, detection_sample.len() == bytes.len());
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if encoding == GBK { GB18030 } else { encoding }
}

/// Returns the encoding that markup declares near the beginning of the file: in `<meta charset=…>`,
/// in `charset=` of an `http-equiv` tag, or in `encoding=` of an XML declaration.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let beginning = bytes.get(..FORMAT_DETECTION_BYTES).unwrap_or(bytes);
    let beginning: String = beginning.iter().map(|&b| char::from(b.to_ascii_lowercase())).collect();
    if !beginning.contains("<meta") && !beginning.contains("<?xml") {
        return None;
    }
    let encoding_label =
        ["charset=", "encoding="].iter().find_map(|key| beginning.split(key).nth(1))?;
    let quotes_and_spaces = ['"', '\'', ' '];
    let encoding_label = encoding_label
        .trim_start_matches(quotes_and_spaces)
        .split([' ', '"', '\'', ';', '>', '/', '?'])
        .next();
    Encoding::for_label(encoding_label?.as_bytes())
}

fn is_chinese_encoding(encoding: &'static Encoding) -> bool {
    [GB18030, GBK, BIG5].contains(&encoding)
}

fn count_undecodable(text: &str) -> usize {
    text.chars().filter(|&c| is_undecodable(c)).count()
}

/// Returns whether `c` is the replacement character for undecodable bytes, a private-use character
/// or a C1 control character. Correctly decoded texts contain none of them.
const fn is_undecodable(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}')
}

const fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}' | '\u{B}' | '\u{1B}')
}

/// Replaces every line end by `\n`. Removes soft hyphens, zero-width spaces, word joiners and stray
/// byte order marks, which would split the words that contain these characters.
fn normalize_line_ends_and_remove_invisible(text: String) -> String {
    let is_changed = |c: char| {
        matches!(
            c,
            '\r' | '\u{B}'
                | '\u{C}'
                | '\u{85}'
                | '\u{AD}'
                | '\u{200B}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{2060}'
                | '\u{FEFF}'
        )
    };
    if !text.contains(is_changed) {
        return text;
    }
    let mut normalized_text = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' => normalized_text.push('\n'),
            '\u{2029}' => normalized_text.push_str("\n\n"),
            c if is_changed(c) => {}
            c => normalized_text.push(c),
        }
    }
    normalized_text
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;

    const SIMPLIFIED_TEXT: &str = "国务院办公厅关于加快发展服务业的若干意见，自二〇〇七年起施行。";
    const TRADITIONAL_TEXT: &str = "行政院關於加快發展服務業的若干意見，自民國九十六年起施行。";
    const LATIN_TEXT: &str = "The café’s naïve résumé — “quoted” — costs £5.";

    fn utf_16_bytes(text: &str, has_bom: bool, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let bom = has_bom.then_some(0xFEFF);
        bom.into_iter().chain(text.encode_utf16()).flat_map(order).collect()
    }

    #[test]
    fn encodings_are_detected_without_a_declaration() {
        for (encoding, text) in [
            (UTF_8, SIMPLIFIED_TEXT),
            (GB18030, SIMPLIFIED_TEXT),
            (GBK, SIMPLIFIED_TEXT),
            (BIG5, TRADITIONAL_TEXT),
            (WINDOWS_1252, LATIN_TEXT),
        ] {
            let bytes = encoding.encode(text).0;
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{}", encoding.name());
        }
        let lines = format!("1. {SIMPLIFIED_TEXT}\n2. {SIMPLIFIED_TEXT}\n{LATIN_TEXT}");
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            for bom in [true, false] {
                let bytes = utf_16_bytes(&lines, bom, order);
                assert_eq!(decode(&bytes).as_deref(), Ok(lines.as_str()), "byte order mark: {bom}");
            }
        }
    }

    #[test]
    fn chinese_utf_16_without_bom_is_decoded_and_trailing_zeros_are_removed() {
        let longer_text = format!("通知\n{}", SIMPLIFIED_TEXT.repeat(200));
        for text in [SIMPLIFIED_TEXT, TRADITIONAL_TEXT, &longer_text] {
            for order in [u16::to_le_bytes, u16::to_be_bytes] {
                let bytes = utf_16_bytes(text, false, order);
                assert_eq!(decode(&bytes).as_deref(), Ok(text));
                assert_eq!(decode(&[&bytes[..], &[0; 64]].concat()).as_deref(), Ok(text));
            }
            for encoding in [UTF_8, GB18030] {
                let bytes = [&encoding.encode(text).0[..], &[0; 512]].concat();
                assert_eq!(decode(&bytes).as_deref(), Ok(text));
            }
        }
        for binary in [&b"\x7FELF\x02\x01\x01\0\x30\x02\x30\x01ab"[..], b"a\0b\x02\x30\x7F"] {
            assert!(decode(binary).is_err(), "{binary:?}");
        }
    }

    #[test]
    fn declared_encodings_win_unless_detection_has_fewer_errors() {
        for (declaration, encoding, body) in [
            ("<meta charset=gb2312>", GBK, "港澳"),
            (
                "<META http-equiv=\"Content-Type\" content=\"text/html; charset=Big5\">",
                BIG5,
                "港澳",
            ),
            ("<?xml version='1.0' encoding='big5-hkscs'?>", BIG5, TRADITIONAL_TEXT),
            // Declarations that contradict the content.
            ("<meta charset=\"utf-8\">", GBK, SIMPLIFIED_TEXT),
            ("<meta charset=\"gb2312\">", UTF_8, SIMPLIFIED_TEXT),
            ("<meta charset=\"iso-8859-1\">", GBK, SIMPLIFIED_TEXT),
            ("<meta charset=\"big5\">", UTF_8, TRADITIONAL_TEXT),
            ("<meta charset=\"utf-16\">", UTF_8, TRADITIONAL_TEXT),
            ("<meta charset=\"nothing\">", WINDOWS_1252, LATIN_TEXT),
        ] {
            let text = format!("{declaration}{body}");
            let bytes = encoding.encode(&text).0;
            assert_eq!(decode(&bytes).as_deref(), Ok(text.as_str()), "{declaration}");
        }
    }

    #[cfg(any(feature = "docx", feature = "mail"))]
    #[test]
    fn encodings_declared_outside_the_text_win_unless_the_bytes_contradict_them() {
        use encoding_rs::{ISO_2022_JP, WINDOWS_1251};
        let ascii = WINDOWS_1252;
        for (declared, encoding, text) in [
            (ascii, UTF_8, "∮ E⋅da = Q, n → ∞"),
            (ascii, BIG5, TRADITIONAL_TEXT),
            (WINDOWS_1251, WINDOWS_1251, "Порт открыт"),
            (BIG5, BIG5, "港澳"),
            (ISO_2022_JP, ISO_2022_JP, "港を開く"),
            (GB18030, UTF_8, SIMPLIFIED_TEXT),
            (ascii, WINDOWS_1252, "Müller & Söhne eröffnen das Café"),
        ] {
            let bytes = encoding.encode(text).0;
            assert_eq!(
                decode_with_declared_encoding(&bytes, Some(declared)),
                text,
                "{}",
                encoding.name()
            );
        }
        assert_eq!(decode_with_declared_encoding(b"a\x08\0b\r\nc", None), "ab\nc");
    }

    #[test]
    fn broken_bytes_do_not_change_the_encoding() {
        let half = &GBK.encode("码").0[..1];
        let latin_mixture = "<meta charset=utf-8>São Tomé is served by one ferry";
        let short_latin_text = "The café “Müller” opens today, and the résumé is ready";
        for (declaration, encoding, text, broken_bytes) in [
            ("", UTF_8, SIMPLIFIED_TEXT, &"简".as_bytes()[..2]),
            ("", UTF_8, SIMPLIFIED_TEXT, b"\xE9"),
            ("", UTF_8, short_latin_text, b"\xE9"),
            ("", UTF_8, latin_mixture, b"\xE9"),
            ("", GBK, SIMPLIFIED_TEXT, half),
            ("", GBK, SIMPLIFIED_TEXT, b"\xFF"),
            ("", BIG5, TRADITIONAL_TEXT, b"\xA4"),
            ("<meta charset=gbk>", GBK, "本局决定开放北码头", half),
            ("<meta charset=big5>", BIG5, "本局決定開放北碼頭", b"\xA4"),
            ("<?xml version='1.0' encoding='gb2312'?>", GBK, "本局决定开放北码头", half),
            ("<meta charset=utf-8>", GBK, SIMPLIFIED_TEXT, half),
            ("<meta charset=iso-8859-1>", GBK, SIMPLIFIED_TEXT, half),
        ] {
            let text = format!("{declaration}<p>{text}");
            let text_bytes = encoding.encode(&text).0;
            for tail in ["", "...", "\nFee: 5"] {
                let bytes = [&text_bytes, broken_bytes, tail.as_bytes()].concat();
                let expected = format!("{text}\u{FFFD}{tail}");
                assert_eq!(decode(&bytes).as_deref(), Ok(expected.as_str()), "{text}");
            }
        }
        // Single accented letters are not damaged Chinese.
        for text in [LATIN_TEXT, "Müller & Söhne eröffnen das Café"] {
            let bytes = WINDOWS_1252.encode(text).0;
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn binary_files_are_refused() {
        let noise: Vec<u8> =
            (0..4_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for bytes in [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], b"a\0b", &noise] {
            assert!(decode(bytes).unwrap_err().contains("binary"), "{:?}", bytes.get(..8));
        }
    }

    #[test]
    fn invisible_characters_are_removed() {
        for (bytes, expected) in [
            ("a\r\nb\rc", "a\nb\nc"),
            ("co\u{AD}operation and zero\u{200B}width", "cooperation and zerowidth"),
            ("广\u{FEFF}州\u{2060}市", "广州市"),
            ("one\u{C}two\u{2029}three", "one\ntwo\n\nthree"),
            ("keeps\u{A0}this\u{3000}too", "keeps\u{A0}this\u{3000}too"),
        ] {
            assert_eq!(decode(bytes.as_bytes()).as_deref(), Ok(expected));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_text_or_a_reason(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            drop(decode(&bytes));
            drop(decode_beginning(&bytes));
        }
    }
}
