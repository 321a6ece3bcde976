//! Finds the page in a web archive (MHT): the first HTML part of a MIME message.

use super::encoding;

/// Number of bytes at the beginning of a file in which the header of a web archive begins.
const HEADER_SEARCH_BYTES: usize = 512;

/// Returns the HTML of a web archive. `None` if the bytes are no web archive, or it has no HTML.
pub(super) fn html_of_web_archive(bytes: &[u8]) -> Option<String> {
    let beginning =
        String::from_utf8_lossy(bytes.get(..HEADER_SEARCH_BYTES).unwrap_or(bytes)).to_lowercase();
    let is_message =
        beginning.trim_start_matches(['\u{FEFF}', '\r', '\n']).starts_with("mime-version:")
            || beginning.contains("\nmime-version:") && beginning.contains("content-type:");
    if !is_message {
        return None;
    }
    // Headers and transfer encodings are ASCII, so the message can be split as Latin-1.
    let text: String = bytes.iter().map(|byte| char::from(*byte)).filter(|c| *c != '\r').collect();
    let mut parts = vec![text.as_str()];
    for boundary in boundaries(&text) {
        let separator = format!("--{boundary}");
        parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
    }
    parts.into_iter().find_map(html_of_part)
}

/// Returns the boundaries between parts that the headers state.
fn boundaries(text: &str) -> Vec<&str> {
    let values = text.match_indices("boundary=").filter_map(|(at, key)| text.get(at + key.len()..));
    let boundaries = values.filter_map(|value| match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([';', ' ', '\n']).next(),
    });
    boundaries.filter(|boundary| !boundary.is_empty()).take(8).collect()
}

/// Returns the HTML of a part, if the header of the part says that it is HTML.
fn html_of_part(part: &str) -> Option<String> {
    let (header, body) = part.trim_start().split_once("\n\n")?;
    let header = header.to_lowercase();
    if !header.contains("text/html") {
        return None;
    }
    let bytes = if header.contains("quoted-printable") {
        decode_quoted_printable(body)
    } else if header.contains("base64") {
        decode_base64(body)
    } else {
        body.chars().map(|c| c as u8).collect()
    };
    encoding::decode(&bytes).ok()
}

fn decode_quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '=' {
            bytes.push(c as u8);
            continue;
        }
        let rest = characters.as_str();
        if let Some(after_line_end) = rest.strip_prefix('\n') {
            characters = after_line_end.chars();
        } else if let Some(byte) =
            rest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok())
        {
            bytes.push(byte);
            characters = rest.get(2..).unwrap_or_default().chars();
        } else {
            bytes.push(b'=');
        }
    }
    bytes
}

fn decode_base64(text: &str) -> Vec<u8> {
    let value = |c: char| match c {
        'A'..='Z' => Some(c as u32 - 'A' as u32),
        'a'..='z' => Some(c as u32 - 'a' as u32 + 26),
        '0'..='9' => Some(c as u32 - '0' as u32 + 52),
        '+' => Some(62),
        '/' => Some(63),
        _ => None,
    };
    let digits: Vec<u32> = text.chars().filter_map(value).collect();
    let groups = digits.chunks(4).flat_map(|group| {
        let bits = (0..4).fold(0, |bits, index| bits << 6 | group.get(index).copied().unwrap_or(0));
        let bytes = [(bits >> 16) as u8, (bits >> 8) as u8, bits as u8];
        bytes.into_iter().take(group.len().saturating_sub(1))
    });
    groups.collect()
}

#[cfg(test)]
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
