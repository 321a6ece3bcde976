//! Removes embedded files in base64, such as pictures, from the source of a text or web page. Such files hold no text,
//! but may make a page larger than the size limits allow.

use std::borrow::Cow;

/// Text directly before the base64 data of a file in a `data:` address (RFC 2397).
const BASE64_MARKER: &[u8] = b";base64,";
/// Minimum length, in bytes, of the data of an embedded file that is removed.
const MIN_REMOVED_DATA_BYTES: usize = 1_000;

/// Returns the bytes of a text without the data of embedded files. Keeps the beginnings of the `data:` addresses, up to
/// their data.
pub(in crate::document) fn without_embedded_files(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut remaining_bytes = bytes;
    let mut cleaned_bytes = Vec::new();
    while let Some((before, data, after)) = split_at_first_embedded_file(remaining_bytes) {
        cleaned_bytes.extend_from_slice(before);
        if data.len() < MIN_REMOVED_DATA_BYTES {
            cleaned_bytes.extend_from_slice(data);
        }
        remaining_bytes = after;
    }
    if cleaned_bytes.is_empty() {
        return Cow::Borrowed(bytes);
    }
    cleaned_bytes.extend_from_slice(remaining_bytes);
    Cow::Owned(cleaned_bytes)
}

/// Splits a text into the bytes before the data of its first embedded file, these data, and the bytes after them.
fn split_at_first_embedded_file(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let is_data = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let marker_start =
        bytes.windows(BASE64_MARKER.len()).position(|window| window == BASE64_MARKER)?;
    let (before, from_data) = bytes.split_at_checked(marker_start + BASE64_MARKER.len())?;
    let length = from_data.iter().position(|byte| !is_data(*byte)).unwrap_or(from_data.len());
    let (data, after) = from_data.split_at_checked(length)?;
    Some((before, data, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_base64_data_are_removed() {
        let data = "iVBORw0KGgo+/".repeat(100);
        for (text, expected) in [
            (
                format!("<img src='data:image/png;base64,{data}=='>Text"),
                "<img src='data:image/png;base64,'>Text",
            ),
            (format!("a;base64,{data} b;base64,{data}"), "a;base64, b;base64,"),
            ("a;base64,QUJD b".to_owned(), "a;base64,QUJD b"),
            ("no file".to_owned(), "no file"),
        ] {
            let cleaned_text = without_embedded_files(text.as_bytes());
            assert_eq!(String::from_utf8_lossy(&cleaned_text), expected);
        }
    }
}
