//! Decodes the parts of MIME messages: of mails, and of web pages that are saved with their pictures.

use encoding_rs::{Encoding, GB18030, GBK};
use mailparse::ParsedMail;

use super::encoding;

/// Number of bytes at the beginning of a file in which the header of a web archive is searched for.
#[cfg(feature = "docx")]
const HEADER_SEARCH_BYTES: usize = 512;

/// Returns the HTML of a web archive (MHT). `None` if the bytes are not a web archive, or the archive has no HTML.
#[cfg(feature = "docx")]
pub(super) fn html_of_web_archive(bytes: &[u8]) -> Option<String> {
    let beginning =
        String::from_utf8_lossy(bytes.get(..HEADER_SEARCH_BYTES).unwrap_or(bytes)).to_lowercase();
    let is_message =
        beginning.trim_start_matches(['\u{FEFF}', '\r', '\n']).starts_with("mime-version:")
            || beginning.contains("\nmime-version:") && beginning.contains("content-type:");
    if !is_message {
        return None;
    }
    let message_start = bytes.iter().position(u8::is_ascii_alphabetic)?;
    let message = mailparse::parse_mail(bytes.get(message_start..)?).ok()?;
    part_text(html_part(&message)?).ok()
}

/// Returns the first part of a message that is HTML.
pub(super) fn html_part<'a>(message: &'a ParsedMail<'a>) -> Option<&'a ParsedMail<'a>> {
    message.parts().find(|part| part.ctype.mimetype == "text/html")
}

/// Returns the decoded bytes of a part, or the reason why they cannot be decoded.
pub(in crate::document::format) fn part_bytes(part: &ParsedMail<'_>) -> Result<Vec<u8>, String> {
    part.get_body_raw().map_err(|error| format!("is damaged in the mail: {error}"))
}

/// Returns the text of a part. Uses the declared encoding if it decodes the part without errors, and detects the
/// encoding otherwise.
pub(in crate::document::format) fn part_text(part: &ParsedMail<'_>) -> Result<String, String> {
    let bytes = part_bytes(part)?;
    let label = part.ctype.params.get("charset");
    let declared_encoding = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // Mails in GB18030 are often declared as GB2312.
    let declared_encoding =
        declared_encoding.map(|encoding| if encoding == GBK { GB18030 } else { encoding });
    let is_stated = part.ctype.params.contains_key("charset") && declared_encoding.is_some();
    if let Some(encoding) = declared_encoding.filter(|_| is_stated)
        && let (text, _, false) = encoding.decode(&bytes)
    {
        return Ok(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    encoding::decode(&bytes)
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
