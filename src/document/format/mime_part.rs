//! Decodes the parts of MIME messages: of mails, and of web pages that are saved with their pictures.

use std::borrow::Cow;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use encoding_rs::Encoding;
use mailparse::{ParsedMail, body::Body};

use super::encoding;

/// Number of bytes at the beginning of a file in which the header of a web archive is searched for.
#[cfg(feature = "docx")]
const WEB_ARCHIVE_HEADER_SEARCH_BYTES: usize = 512;

/// Minimum length, in bytes, of a line of Base64 characters that is certainly not text.
const MIN_BASE64_LINE_BYTES: usize = 40;
/// Decoder of Base64 without padding. Ignores superfluous bits of the last character.
const LENIENT_BASE64_DECODER: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns the HTML of a web archive (MHT). `None` if the bytes are not a web archive, or the archive has no HTML.
#[cfg(feature = "docx")]
pub(super) fn html_of_web_archive(bytes: &[u8]) -> Option<String> {
    let beginning =
        String::from_utf8_lossy(bytes.get(..WEB_ARCHIVE_HEADER_SEARCH_BYTES).unwrap_or(bytes))
            .to_lowercase();
    let is_message =
        beginning.trim_start_matches(['\u{FEFF}', '\r', '\n']).starts_with("mime-version:")
            || beginning.contains("\nmime-version:") && beginning.contains("content-type:");
    if !is_message {
        return None;
    }
    let message_start = bytes.iter().position(u8::is_ascii_alphabetic)?;
    let message = mailparse::parse_mail(bytes.get(message_start..)?).ok()?;
    Some(decoded_part_text(html_part(&message)?))
}

/// Returns the first part of a message that is HTML.
pub(super) fn html_part<'a>(message: &'a ParsedMail<'a>) -> Option<&'a ParsedMail<'a>> {
    message.parts().find(|part| part.ctype.mimetype == "text/html")
}

/// Returns the decoded bytes of a part, or the reason why they cannot be decoded.
pub(in crate::document::format) fn decoded_part_bytes(
    part: &ParsedMail<'_>,
) -> Result<Vec<u8>, String> {
    part.get_body_raw().map_err(|error| format!("is damaged in the mail: {error}"))
}

/// Beginning of the line that precedes each part of a message.
const PART_SEPARATOR_LINE_START: &[u8] = b"--";
/// Maximum number of parts of a message. The parser takes about 350 bytes of memory for a part, which may have only six
/// bytes.
const MAX_PARTS: usize = 100_000;

/// Parses a message, and returns the result of `read` for the parsed message. Repairs a message whose header fields
/// break the rules in a way that other mail programs accept.
///
/// An error if the message may have more than [`MAX_PARTS`] parts, or if neither `message` nor the repaired message has
/// header fields. In the latter case, the error is that of parsing `message`.
pub(in crate::document::format) fn with_message<T>(
    message: &[u8],
    read: impl FnOnce(&ParsedMail<'_>) -> T,
) -> Result<T, String> {
    let lines = message.split(|byte| *byte == b'\n');
    // The parser would keep all parts in memory, so they are counted before.
    if lines.filter(|line| line.starts_with(PART_SEPARATOR_LINE_START)).nth(MAX_PARTS).is_some() {
        return Err(format!("it has more than {MAX_PARTS} parts"));
    }
    let message = without_blanks_after_transfer_encodings(message);
    let message = &*message;
    let error = match mailparse::parse_mail(message) {
        Ok(mail) if !mail.headers.is_empty() => return Ok(read(&mail)),
        Ok(_) => "it has no header fields".to_owned(),
        Err(error) => error.to_string(),
    };
    match mailparse::parse_mail(&repaired_message(message)) {
        Ok(mail) if !mail.headers.is_empty() => Ok(read(&mail)),
        _ => Err(error),
    }
}

/// Removes the blanks at the end of each field `Content-Transfer-Encoding`, with which the parser would not know the
/// encoding.
fn without_blanks_after_transfer_encodings(message: &[u8]) -> Cow<'_, [u8]> {
    const FIELD_NAME: &[u8] = b"content-transfer-encoding:";
    let without_line_end = |line: &[u8]| line.trim_ascii_end().len();
    let has_blanks = |line: &[u8]| {
        let is_field =
            line.get(..FIELD_NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(FIELD_NAME));
        is_field
            && line.get(without_line_end(line)).is_some_and(|byte| matches!(byte, b' ' | b'\t'))
    };
    let lines = || message.split_inclusive(|byte| *byte == b'\n');
    if !lines().any(has_blanks) {
        return Cow::Borrowed(message);
    }
    let mut repaired_message = Vec::with_capacity(message.len());
    for line in lines() {
        if has_blanks(line) {
            repaired_message.extend_from_slice(line.trim_ascii_end());
            repaired_message.extend_from_slice(b"\r\n");
        } else {
            repaired_message.extend_from_slice(line);
        }
    }
    Cow::Owned(repaired_message)
}

/// Decodes Base64 whose padding may be missing. Ignores characters that are not Base64.
pub(super) fn decode_base64_without_padding(encoded: &[u8]) -> Vec<u8> {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut characters: Vec<u8> = encoded.iter().copied().filter(is_base64).collect();
    // A last character alone has only six bits, which are no byte.
    if characters.len() % 4 == 1 {
        characters.pop();
    }
    LENIENT_BASE64_DECODER.decode(&characters).unwrap_or_default()
}

/// Removes white space before the first header field, and changes each lone carriage return to a line feed. If the line
/// after a part boundary is indented, inserts an empty line between them, so that the indented line belongs to the text
/// of the part.
fn repaired_message(message: &[u8]) -> Vec<u8> {
    let mut repaired_message = Vec::with_capacity(message.len());
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let mut is_after_boundary = false;
    let mut rest = message.trim_ascii_start();
    while !rest.is_empty() {
        let line_length = rest.iter().position(is_line_end).unwrap_or(rest.len());
        let (line, line_end) = rest.split_at(line_length);
        if is_after_boundary && line.starts_with(b" ") {
            repaired_message.push(b'\n');
        }
        is_after_boundary = line.starts_with(b"--");
        repaired_message.extend_from_slice(line);
        repaired_message.push(b'\n');
        let line_end_length = if line_end.starts_with(b"\r\n") { 2 } else { 1 };
        rest = line_end.get(line_end_length..).unwrap_or_default();
    }
    repaired_message
}

/// Returns the text of a part. Uses the declared encoding unless the bytes contradict it. Of text in damaged Base64,
/// returns what can be decoded.
pub(in crate::document::format) fn decoded_part_text(part: &ParsedMail<'_>) -> String {
    let bytes = match part.get_body_encoded() {
        Body::Base64(body) => {
            body.get_decoded().unwrap_or_else(|_| decode_damaged_base64(body.get_raw()))
        }
        _ => part.get_body_raw().unwrap_or_default(),
    };
    let label = part.ctype.params.get("charset");
    let declared_encoding = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let text = encoding::decode_with_declared_encoding(&bytes, declared_encoding);
    if has_header_fields(part) { text } else { decode_header_as_text(part) + &text }
}

/// Returns whether the header of a part consists of header fields (`Name: value`). If a part has no header, the parser
/// takes the first lines of the part for the header.
fn has_header_fields(part: &ParsedMail<'_>) -> bool {
    part.headers.first().is_none_or(|field| {
        let name = field.get_key_raw();
        !name.contains(&b' ') && part.raw_bytes.get(name.len()) == Some(&b':')
    })
}

/// Returns the text above the first empty line of a part.
fn decode_header_as_text(part: &ParsedMail<'_>) -> String {
    let lines = part.raw_bytes.split_inclusive(|byte| *byte == b'\n');
    let header = lines.take_while(|line| !line.trim_ascii().is_empty());
    encoding::decode_with_declared_encoding(&header.collect::<Vec<_>>().concat(), None)
}

/// Decodes a text in damaged Base64. The lines below the Base64 remain unchanged: a mailing list may append a plain
/// footer to a text in Base64.
fn decode_damaged_base64(encoded: &[u8]) -> Vec<u8> {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let lines: Vec<&[u8]> = encoded.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect();
    let is_data = |line: &&[u8]| line.iter().all(is_base64);
    let is_long = |line: &&[u8]| line.len() >= MIN_BASE64_LINE_BYTES && is_data(line);
    let sure_count = lines.iter().rposition(is_long).map_or(0, |last| last + 1);
    let rest = lines.get(sure_count..).unwrap_or_default();
    let data_count = sure_count + rest.iter().take_while(|line| is_data(line)).count();
    let (data, footer) = lines.split_at(data_count);
    let mut decoded = Vec::with_capacity(encoded.len());
    let characters: Vec<u8> = data.concat().into_iter().filter(is_base64).collect();
    for piece in characters.split(|byte| *byte == b'=') {
        decoded.extend(decode_base64_without_padding(piece));
    }
    for line in footer {
        decoded.push(b'\n');
        decoded.extend_from_slice(line);
    }
    decoded
}

#[cfg(all(test, feature = "docx"))]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_web_archive_is_found() {
        let message = |encoding: &str, body: &str| {
            format!(
                "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"==x\"\r\n\r\n--==x\r\n\
                 Content-Type: image/png\r\n\r\nAAAA\r\n--==x\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n--==x--\r\n"
            )
        };
        for (encoding, body, expected) in [
            ("8bit", "<p>港口</p>", "<p>港口</p>"),
            (
                "quoted-printable",
                "<p class=3D=22a=22>=E6=B8=AF=\r\n=E5=8F=A3</p>",
                "<p class=\"a\">港口</p>",
            ),
            ("base64", "PHA+5riv\r\n5Y+jPC9wPg==", "<p>港口</p>"),
        ] {
            let html = html_of_web_archive(message(encoding, body).as_bytes());
            assert_eq!(html.as_deref().map(str::trim), Some(expected), "{encoding}");
        }
        assert_eq!(html_of_web_archive(b"<html>MIME-Version: 1.0</html>"), None);
    }
}
