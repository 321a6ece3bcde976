//! Detection: the name and the first bytes of a file → its [`Format`]. The content decides, and the
//! name is a hint where the content is plain text.

use std::path::Path;

#[cfg(feature = "archive")]
use super::archive::{ArchiveLimits, Package};
use super::{
    encoding,
    formats::{Format, Signature},
};
#[cfg(feature = "archive")]
use crate::document::limits::ReadLimits;

/// Characters of the first tag that are compared.
const TAG_CHARS: usize = 24;

impl Format {
    /// Returns the format that a file's name tells, `None` if this build reads no such files.
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

    /// Returns the format of a file by its name and its first thousands of bytes, `None` if this
    /// build reads no such files.
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
            // The first line may be longer than the head.
            (None, Some(Self::JsonLines)) if is_cut_json_line(&head) => by_name,
            (None, Some(Self::Json | Self::JsonLines | Self::Text)) => by_json(&head).or(by_name),
            (None, Some(Self::Html)) if !head.contains('<') => Some(Self::Text),
            (None, None) if path.extension().is_none() && is_text(bytes, &head) => Some(Self::Text),
            (None, by_name) => by_name,
        }
    }
}

/// Returns the format whose signature is the first bytes of the file. Many formats that this
/// program does not read are zip archives: a file with the name of one of those is not unpacked.
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

/// Returns which format a zip archive is: many formats are zip archives inside.
#[cfg(feature = "archive")]
fn by_zip_members(bytes: &[u8], by_name: Option<Format>) -> Format {
    let package = Package::open(bytes, ArchiveLimits::new(ReadLimits::default()));
    let by_member = package.ok().and_then(|package| {
        Format::readable().find(|format| {
            matches!(format.signature(), Signature::ZipMember(Some(name)) if package.has(name))
        })
    });
    // Texts and spreadsheets of OpenDocument have equal members.
    let is_package = |format: &Format| matches!(format.signature(), Signature::ZipMember(_));
    by_member.or(by_name.filter(is_package)).unwrap_or(Format::Zip)
}

/// Returns the format that the first tag of the text tells, after declarations, comments and
/// processing instructions.
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

/// Returns whether the text is JSON or JSON Lines, `None` for other text. JSON begins with a
/// bracket and a quote or another bracket. It is JSON Lines if the first line is a complete object
/// and another object follows.
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

/// Returns whether the head is the beginning of one line with an object.
fn is_cut_json_line(head: &str) -> bool {
    head.trim_start_matches('\u{FEFF}').starts_with('{') && !head.contains('\n')
}

/// Returns whether the bytes are text without control characters and undecodable bytes.
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
