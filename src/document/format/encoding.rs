//! Bytes → text, whatever their encoding: by byte order mark, then strict UTF-8, then what the file
//! declares, then what its bytes look like.
//!
//! A declaration is only believed where nothing reads better: it is often wrong.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Declarations stand in the first bytes of a file.
const HEAD_BYTES: usize = 4_096;
/// Detection reads so much and no more: what is long enough is clear enough.
const DETECT_BYTES: usize = 256 * 1024;
/// Of so many characters, one may be a control character, and one may be unreadable.
const CHARS_A_CONTROL: usize = 200;
const CHARS_AN_UNREADABLE: usize = 20;
/// So many control characters may be in the shortest text.
const FEW: usize = 2;

/// The text in `bytes`, with `\n` as its line ends and without invisible characters that only say
/// where a line may break; or why there is none.
pub(in crate::document) fn decode(bytes: &[u8]) -> Result<String, String> {
    if bytes.is_empty() {
        return Ok(String::new());
    }
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None => without_mark(bytes),
    };
    let chars = text.chars().count();
    let controls = text.chars().filter(|&c| is_control(c)).count();
    if text.contains('\0') || controls > FEW + chars / CHARS_A_CONTROL {
        return Err("looks like a binary file: it holds control characters".to_owned());
    }
    if unreadable(&text) * CHARS_AN_UNREADABLE > chars {
        return Err(
            "is in no encoding that is known here: too much of it cannot be read".to_owned()
        );
    }
    Ok(normalized(text))
}

/// The beginning of a file as text, to see what kind of file it is.
pub(in crate::document) fn head(bytes: &[u8]) -> String {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let encoding = Encoding::for_bom(head).map(|(encoding, _)| encoding).or_else(|| utf_16(head));
    encoding.unwrap_or(UTF_8).decode(head).0.into_owned()
}

fn without_mark(bytes: &[u8]) -> String {
    if let Some(encoding) = utf_16(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let damaged = String::from_utf8_lossy(bytes);
    if is_damaged_utf8(&damaged) {
        return damaged.into_owned();
    }
    let detected = detected(bytes);
    let found = detected.decode_without_bom_handling(bytes).0;
    let Some(declared) = declared(bytes).filter(|&declared| declared != detected) else {
        return found.into_owned();
    };
    let said = declared.decode_without_bom_handling(bytes).0;
    // A single-byte encoding reads everything: it says nothing against Chinese that reads well.
    let (bad_said, bad_found) = (unreadable(&said), unreadable(&found));
    let overruled = declared.is_single_byte() && is_chinese(detected) && bad_found == 0;
    if overruled || bad_found < bad_said { found } else { said }.into_owned()
}

/// UTF-16 without its mark: in Western text, line ends and digits every other byte is NUL.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let nul = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, half) = (nul(0), nul(1), head.len() / 2);
    let encoding = match () {
        () if odd > 3 && odd * 50 > half && even * 10 < odd => UTF_16LE,
        () if even > 3 && even * 50 > half && odd * 10 < even => UTF_16BE,
        () => return None,
    };
    let text = encoding.decode_without_bom_handling(head).0;
    let strange = text.chars().filter(|&c| is_control(c) || is_unreadable(c)).count();
    (strange <= 1).then_some(encoding)
}

/// UTF-8 with a few broken bytes: what reads is far more than what does not. Other encodings hardly
/// ever give well-formed sequences.
fn is_damaged_utf8(text: &str) -> bool {
    let beyond_ascii = text.chars().filter(|c| !c.is_ascii()).count();
    unreadable(text) * 10 < beyond_ascii
}

fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let sample = bytes.get(..DETECT_BYTES).unwrap_or(bytes);
    detector.feed(sample, sample.len() == bytes.len());
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if encoding == GBK { GB18030 } else { encoding }
}

/// The encoding that markup names near its beginning: `<meta charset=…>`, `charset=` in an
/// `http-equiv`, `encoding=` in an XML declaration.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let head: String = head.iter().map(|&b| char::from(b.to_ascii_lowercase())).collect();
    if !head.contains("<meta") && !head.contains("<?xml") {
        return None;
    }
    let label = ["charset=", "encoding="].iter().find_map(|key| head.split(key).nth(1))?;
    let quotes = ['"', '\'', ' '];
    let label = label.trim_start_matches(quotes).split([' ', '"', '\'', ';', '>', '/', '?']).next();
    // Markup whose declaration could be read as single bytes is not in UTF-16.
    match Encoding::for_label(label?.as_bytes())? {
        encoding if encoding == GBK => Some(GB18030),
        encoding if [UTF_16LE, UTF_16BE, UTF_8].contains(&encoding) => None,
        encoding => Some(encoding),
    }
}

fn is_chinese(encoding: &'static Encoding) -> bool {
    [GB18030, GBK, BIG5].contains(&encoding)
}

fn unreadable(text: &str) -> usize {
    text.chars().filter(|&c| is_unreadable(c)).count()
}

/// Replaced bytes, and what no text uses: private use and the second block of control characters.
const fn is_unreadable(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}')
}

const fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}' | '\u{B}' | '\u{1B}')
}

/// One kind of line end, and no soft hyphens, zero-width spaces, word joiners and stray marks of byte
/// order: they would break the words that they stand in.
fn normalized(text: String) -> String {
    let strange = |c: char| {
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
    if !text.contains(strange) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' => clean.push('\n'),
            '\u{2029}' => clean.push_str("\n\n"),
            c if strange(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1252;

    const HANS: &str = "国务院办公厅关于加快发展服务业的若干意见，自二〇〇七年起施行。";
    const HANT: &str = "行政院關於加快發展服務業的若干意見，自民國九十六年起施行。";
    const LATIN: &str = "The café’s naïve résumé — “quoted” — costs £5.";

    fn utf_16_bytes(text: &str, mark: bool, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter().chain(text.encode_utf16()).flat_map(order).collect()
    }

    #[test]
    fn encodings_without_a_declaration() {
        for (encoding, text) in
            [(UTF_8, HANS), (GB18030, HANS), (GBK, HANS), (BIG5, HANT), (WINDOWS_1252, LATIN)]
        {
            let bytes = encoding.encode(text).0;
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{}", encoding.name());
        }
        let lines = format!("1. {HANS}\n2. {HANS}\n{LATIN}");
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            for mark in [true, false] {
                let bytes = utf_16_bytes(&lines, mark, order);
                assert_eq!(decode(&bytes).as_deref(), Ok(lines.as_str()), "mark {mark}");
            }
        }
    }

    #[test]
    fn declarations_are_believed_where_nothing_reads_better() {
        for (declaration, encoding, body) in [
            ("<meta charset=gb2312>", GBK, "港澳"),
            (
                "<META http-equiv=\"Content-Type\" content=\"text/html; charset=Big5\">",
                BIG5,
                "港澳",
            ),
            ("<?xml version='1.0' encoding='big5-hkscs'?>", BIG5, HANT),
            // Wrong ones.
            ("<meta charset=\"utf-8\">", GBK, HANS),
            ("<meta charset=\"gb2312\">", UTF_8, HANS),
            ("<meta charset=\"iso-8859-1\">", GBK, HANS),
            ("<meta charset=\"big5\">", UTF_8, HANT),
            ("<meta charset=\"utf-16\">", UTF_8, HANT),
            ("<meta charset=\"nothing\">", WINDOWS_1252, LATIN),
        ] {
            let text = format!("{declaration}{body}");
            let bytes = encoding.encode(&text).0;
            assert_eq!(decode(&bytes).as_deref(), Ok(text.as_str()), "{declaration}");
        }
    }

    #[test]
    fn one_broken_byte_does_not_change_the_encoding() {
        let mut bytes = HANS.as_bytes().to_vec();
        bytes.truncate(bytes.len() - 1);
        let text = decode(&bytes).unwrap();
        assert!(text.starts_with("国务院办公厅") && text.ends_with('\u{FFFD}'), "{text}");
    }

    #[test]
    fn binary_files_are_unreadable() {
        let noise: Vec<u8> =
            (0..4_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for bytes in [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], b"a\0b", &noise] {
            assert!(decode(bytes).unwrap_err().contains("binary"), "{:?}", bytes.get(..8));
        }
    }

    #[test]
    fn invisible_characters_break_no_words() {
        for (given, expected) in [
            ("a\r\nb\rc", "a\nb\nc"),
            ("co\u{AD}operation and zero\u{200B}width", "cooperation and zerowidth"),
            ("广\u{FEFF}州\u{2060}市", "广州市"),
            ("one\u{C}two\u{2029}three", "one\ntwo\n\nthree"),
            ("keeps\u{A0}this\u{3000}too", "keeps\u{A0}this\u{3000}too"),
        ] {
            assert_eq!(decode(given.as_bytes()).as_deref(), Ok(expected));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_text_or_a_reason(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            drop(decode(&bytes));
            drop(head(&bytes));
        }
    }
}
