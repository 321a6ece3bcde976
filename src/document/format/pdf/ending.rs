//! Finds the end of a PDF in the bytes of a file. Servers append pages of their own, and some programs omit the end
//! marker.

use std::borrow::Cow;

/// Marker at the end of a PDF and of each of its revisions.
const END_MARKER: &[u8] = b"%%EOF";
/// Keyword before the number that states the offset of the last cross-reference table. The number is directly before
/// the end marker.
const STARTXREF_KEYWORD: &[u8] = b"startxref";
/// Keyword at the beginning of each object.
const OBJECT_KEYWORD: &[u8] = b" obj";

/// Bytes of a PDF file up to its end marker, without the bytes after it.
#[derive(Debug)]
pub(super) struct TrimmedFile<'a> {
    /// Bytes of the file up to and including its end marker, which is added if only the marker is missing. All bytes of
    /// a file that may be cut off.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Whether the file itself has an end marker after its last object. A file without such a marker may be cut off.
    pub(super) has_end_marker: bool,
}

impl<'a> TrimmedFile<'a> {
    /// Returns the bytes up to and including the end marker. If only the end marker is missing, adds it after the
    /// offset of the last cross-reference table.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let marker_end = last_position(bytes, END_MARKER).map_or(0, |at| at + END_MARKER.len());
        let after_marker = bytes.get(marker_end..).unwrap_or_default();
        if let Some(end) = end_of_startxref_number(after_marker) {
            let through_position = bytes.get(..marker_end + end).unwrap_or(bytes);
            let bytes = Cow::Owned([through_position, b"\n", END_MARKER, b"\n"].concat());
            return Self { bytes, has_end_marker: false };
        }
        let has_end_marker =
            marker_end > 0 && last_position(after_marker, OBJECT_KEYWORD).is_none();
        let through_marker = bytes.get(..marker_end).filter(|_| has_end_marker);
        Self { bytes: Cow::Borrowed(through_marker.unwrap_or(bytes)), has_end_marker }
    }
}

/// Returns the end of the last number in `bytes` that follows the keyword `startxref`, as an offset in `bytes`.
fn end_of_startxref_number(bytes: &[u8]) -> Option<usize> {
    let keyword_end = last_position(bytes, STARTXREF_KEYWORD)? + STARTXREF_KEYWORD.len();
    let after_keyword = bytes.get(keyword_end..)?;
    let digits = after_keyword.trim_ascii_start();
    let digit_count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digit_count > 0).then_some(bytes.len() - digits.len() + digit_count)
}

/// Returns the offset of the last occurrence of `word` in `bytes`.
fn last_position(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_after_the_last_end_marker_are_removed() {
        for (bytes, expected, has_end_marker) in [
            ("1 0 obj startxref\n9\n%%EOF\n", "1 0 obj startxref\n9\n%%EOF", true),
            ("1 0 obj startxref\n9\n%%EOF<html>more</html>", "1 0 obj startxref\n9\n%%EOF", true),
            ("1 0 obj startxref\n9\n", "1 0 obj startxref\n9\n%%EOF\n", false),
            (
                "startxref 9 %%EOF 2 0 obj startxref 12 -",
                "startxref 9 %%EOF 2 0 obj startxref 12\n%%EOF\n",
                false,
            ),
            ("startxref 9 %%EOF 2 0 obj <<", "startxref 9 %%EOF 2 0 obj <<", false),
            ("1 0 obj << startxref", "1 0 obj << startxref", false),
            ("", "", false),
        ] {
            let file = TrimmedFile::new(bytes.as_bytes());
            let text = String::from_utf8_lossy(&file.bytes);
            assert_eq!((text.as_ref(), file.has_end_marker), (expected, has_end_marker));
        }
    }
}
