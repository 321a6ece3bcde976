//! Detects the [`Format`] of a file from its name and its first bytes. The content takes
//! precedence. The name decides if the content is plain text.

use std::path::Path;

#[cfg(feature = "archive")]
use super::archive::{ArchiveLimits, Package};
use super::{
    encoding,
    formats::{Format, Signature},
};
#[cfg(feature = "archive")]
use crate::document::limits::ReadLimits;

/// Maximum number of characters of the first tag that are compared.
const TAG_CHARS: usize = 24;

impl Format {
    /// Returns the format that the extension of the file name denotes; `None` if this build reads
    /// no such files.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use gz_search::document::Format;
    ///
    /// assert_eq!(Format::from_path(Path::new("notice.HTML")), Some(Format::Html));
    /// assert_eq!(Format::from_path(Path::new("notice.css")), None);
    /// ```
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        let format = Self::readable().find(|format| {
            format.extensions().iter().any(|name| extension.eq_ignore_ascii_case(name))
        })?;
        if format == Self::Gzip {
            Self::from_path(Path::new(path.file_stem()?))?;
        }
        Some(format)
    }

    /// Returns the format of a file, detected from its name and from its first few thousand bytes;
    /// `None` if this build reads no such files.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use gz_search::document::Format;
    ///
    /// let page = b"<!DOCTYPE html><title>Notice</title>";
    /// assert_eq!(Format::detect(Path::new("notice.txt"), page), Some(Format::Html));
    /// assert_eq!(Format::detect(Path::new("notice"), b"Notice\n"), Some(Format::Text));
    /// assert_eq!(Format::detect(Path::new("notice.css"), b"p { }"), None);
    /// ```
    pub fn detect(path: &Path, bytes: &[u8]) -> Option<Self> {
        let by_name = Self::from_path(path);
        if let Some(format) = by_first_bytes(path, by_name, bytes) {
            return Some(format);
        }
        let head = encoding::head(bytes);
        match (by_first_tag(&head), by_name) {
            // Markdown may begin with HTML.
            (Some(Self::Html), Some(Self::Markdown)) => by_name,
            (Some(format), _) => Some(format),
            // The first line may be longer than the bytes that were read.
            (None, Some(Self::JsonLines)) if is_cut_json_line(&head) => by_name,
            (None, Some(Self::Json | Self::JsonLines | Self::Text)) => by_json(&head).or(by_name),
            (None, Some(Self::Html)) if !head.contains('<') => Some(Self::Text),
            (None, None) if path.extension().is_none() && is_text(bytes, &head) => Some(Self::Text),
            (None, by_name) => by_name,
        }
    }
}

/// Returns the format whose signature the first bytes of the file match. Many formats that this
/// program does not read are based on zip. A file with the extension of such a format is not
/// unpacked.
fn by_first_bytes(path: &Path, by_name: Option<Format>, bytes: &[u8]) -> Option<Format> {
    let begins = |format: &Format| matches!(format.signature(), Signature::Bytes(first) if bytes.starts_with(first));
    match Format::readable().find(begins)? {
        Format::Gzip => by_name.map(|_| Format::Gzip),
        Format::Zip if by_name.is_none() && path.extension().is_some() => None,
        #[cfg(feature = "archive")]
        Format::Zip => Some(by_zip_members(bytes, by_name)),
        format => Some(format),
    }
}

/// Returns the format of a file that is a zip archive, which may be a format that is based on zip.
#[cfg(feature = "archive")]
fn by_zip_members(bytes: &[u8], by_name: Option<Format>) -> Format {
    let package = Package::open(bytes, ArchiveLimits::new(ReadLimits::default()));
    let by_member = package.ok().and_then(|package| {
        Format::readable().find(|format| {
            matches!(format.signature(), Signature::ZipMember(Some(name)) if package.has(name))
        })
    });
    // OpenDocument texts and spreadsheets have members of equal names.
    let is_package = |format: &Format| matches!(format.signature(), Signature::ZipMember(_));
    by_member.or(by_name.filter(is_package)).unwrap_or(Format::Zip)
}

/// Returns the format that the first tag of the text denotes. Declarations, comments and processing
/// instructions before the tag are skipped.
fn by_first_tag(head: &str) -> Option<Format> {
    let mut rest = head.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    while let Some((_, after)) = rest
        .strip_prefix("<?")
        .and_then(|inner| inner.split_once("?>"))
        .or_else(|| rest.strip_prefix("<!--").and_then(|inner| inner.split_once("-->")))
    {
        rest = after.trim_start();
    }
    let tag: String = rest.chars().take(TAG_CHARS).flat_map(char::to_lowercase).collect();
    Format::readable().find(|format| {
        matches!(format.signature(), Signature::Tag(tags) if tags.iter().any(|start| tag.starts_with(start)))
    })
}

/// Returns whether the text is JSON or JSON Lines; `None` for other text. JSON begins with a
/// bracket, followed by a quote or another bracket. The text is JSON Lines if its first line is a
/// complete object and is followed by another object.
fn by_json(head: &str) -> Option<Format> {
    let text = head.trim_start_matches('\u{FEFF}').trim_start();
    let inner = text.strip_prefix(['{', '['])?.trim_start();
    if !inner.starts_with(['"', '{', '[', ']', '}']) {
        return None;
    }
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_complete = text.starts_with('{') && line.trim_end().ends_with('}');
    let is_lines = is_complete && rest.trim_start().starts_with('{');
    Some(if is_lines { Format::JsonLines } else { Format::Json })
}

/// Returns whether `head` is the beginning of a long line that holds a JSON object.
fn is_cut_json_line(head: &str) -> bool {
    head.trim_start_matches('\u{FEFF}').starts_with('{') && !head.contains('\n')
}

/// Returns whether the bytes are text, with few control characters and few undecodable bytes.
fn is_text(bytes: &[u8], head: &str) -> bool {
    let has_control = head.chars().any(|c| c.is_control() && !c.is_whitespace());
    !bytes.is_empty() && !has_control && !head.contains('\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_by_name_and_content() {
        for (name, bytes, expected) in [
            ("a.txt", &b"Plain"[..], Some(Format::Text)),
            ("a.txt", b"\xEF\xBB\xBF <!-- x -->\n<HTML><body>", Some(Format::Html)),
            ("a.md", b"<title>x</title>", Some(Format::Markdown)),
            ("a.htm", b"no tag at all", Some(Format::Text)),
            ("a.htm", b"<p>fragment", Some(Format::Html)),
            (
                "a.aspx",
                b"<?xml version=\"1.0\"?>\r\n<!DOCTYPE html PUBLIC \"\">",
                Some(Format::Html),
            ),
            ("a.html", b"\xFF\xFE<\0h\0t\0m\0l\0>\0", Some(Format::Html)),
            ("a.json", b"{\n \"a\": 1}", Some(Format::Json)),
            ("a.json", b"{\"a\": 1}\n{\"a\": 2}\n", Some(Format::JsonLines)),
            ("a.jsonl", b"[{\"a\": 1}]", Some(Format::Json)),
            ("a.jsonl", b"{\"text\": \"longer than what is looked at", Some(Format::JsonLines)),
            ("a.jsonl", b"{\n \"a\": 1}", Some(Format::Json)),
            ("a.txt", b"{\"a\": 1}", Some(Format::Json)),
            ("a.txt", b"[Music] {applause}", Some(Format::Text)),
            ("a.xml", b"<?xml version='1.0'?><rss version='2.0'>", Some(Format::Feed)),
            ("a.xml", b"<!DOCTYPE rss [<!ENTITY a \"\">]>", Some(Format::Feed)),
            ("a.xml", b"<?xml version='1.0'?><note>", None),
            ("README", b"Read me.\n", Some(Format::Text)),
            ("core", b"\x7FELF\x02\x01\x01\0", None),
            ("a.css", b"p { }", None),
            ("a.png", b"\x89PNG\r\n\x1a\n", None),
            ("empty", b"", None),
        ] {
            assert_eq!(Format::detect(Path::new(name), bytes), expected, "{name} {bytes:?}");
        }
    }
}
