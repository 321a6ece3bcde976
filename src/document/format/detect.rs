//! Detects the [`Format`] of a file from its name and its first bytes. The content takes precedence
//! over the name. If the content is plain text, the name decides.

use std::path::Path;

#[cfg(feature = "office97")]
use super::office_package::OLE_SIGNATURE;
#[cfg(feature = "archive")]
use super::{archive::Package, expansion::ArchiveLimits};
use super::{
    encoding,
    formats::{Format, FormatSignature},
    json,
};
#[cfg(feature = "archive")]
use crate::document::limits::ReadLimits;

/// Maximum number of characters at the beginning of the first tag that are compared with [`FormatSignature::Tag`].
const MAX_COMPARED_TAG_CHARS: usize = 24;

impl Format {
    /// Returns the format that the extension of the file name denotes; `None` if this build cannot
    /// read files with this extension.
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
        let format = Self::readable_formats().find(|format| {
            format.extensions().iter().any(|name| extension.eq_ignore_ascii_case(name))
        })?;
        if format.is_compressed() && !is_compressed_tar(path) {
            Self::from_path(Path::new(path.file_stem()?))
                .filter(|format| !format.needs_text_recognition())?;
        }
        Some(format)
    }

    /// Returns the format of a file, detected from its name and from its first few thousand bytes;
    /// `None` if this build cannot read the file.
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
        let format_by_name = Self::from_path(path);
        if let Some(format) = detect_by_first_bytes(path, format_by_name, bytes) {
            return Some(format);
        }
        let beginning = encoding::decode_beginning(bytes);
        match (detect_by_first_tag(&beginning), format_by_name) {
            // A Markdown file may begin with an HTML tag, so the file name decides.
            (Some(Self::Html), Some(Self::Markdown)) => format_by_name,
            (Some(format), _) => Some(format),
            // The beginning of the file may end within the first line of a JSON Lines file.
            (None, Some(Self::JsonLines)) if ends_inside_json_line(&beginning) => format_by_name,
            (None, Some(Self::Text)) => match detect_json_or_json_lines(&beginning) {
                Some(_) if is_json_lines(bytes) => Some(Self::JsonLines),
                // A text may begin with a line of JSON.
                Some(Self::JsonLines) => format_by_name,
                format => format.or(format_by_name),
            },
            (None, Some(Self::Json | Self::JsonLines)) => {
                detect_json_or_json_lines(&beginning).or(format_by_name)
            }
            (None, Some(Self::Html)) if !beginning.contains('<') => Some(Self::Text),
            (None, None) if path.extension().is_none() && is_plain_text(bytes, &beginning) => {
                Some(Self::Text)
            }
            (None, Some(Self::Doc | Self::Xls | Self::Ppt))
                if is_plain_text(bytes, &beginning) || is_text_of_any_code_page(bytes) =>
            {
                detect_text_with_name_of_office_file(format_by_name, &beginning)
            }
            (None, format_by_name) => format_by_name,
        }
    }
}

/// Returns the format of a text whose name is that of an Office file. Programs give such names to texts, tables and web
/// pages, because Office opens them. Returns `format_by_name` for XML.
fn detect_text_with_name_of_office_file(
    format_by_name: Option<Format>,
    beginning: &str,
) -> Option<Format> {
    let text = beginning.trim_start_matches('\u{FEFF}').trim_start();
    let first_line = text.lines().next().unwrap_or_default();
    let has_mail_header =
        first_line.get(..13).is_some_and(|name| name.eq_ignore_ascii_case("MIME-Version:"));
    if text.starts_with('<') {
        format_by_name
    } else if has_mail_header && Format::readable_formats().any(|format| format == Format::Mhtml) {
        Some(Format::Mhtml)
    } else if format_by_name == Some(Format::Xls) && first_line.contains(['\t', ',']) {
        Some(Format::Csv)
    } else {
        Some(Format::Text)
    }
}

/// Returns whether a file has the short name of a compressed tar archive: `a.tgz` for `a.tar.gz`.
pub(in crate::document) fn is_compressed_tar(path: &Path) -> bool {
    const COMPRESSED_TAR_EXTENSIONS: [&str; 5] = ["tgz", "tbz2", "tbz", "txz", "tzst"];
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    COMPRESSED_TAR_EXTENSIONS.iter().any(|name| extension.eq_ignore_ascii_case(name))
}

/// Returns the format whose signature matches the first bytes of the file. `None` also for a zip
/// archive with an unknown extension, because many formats that this program does not read are
/// based on zip.
fn detect_by_first_bytes(
    path: &Path,
    format_by_name: Option<Format>,
    bytes: &[u8],
) -> Option<Format> {
    #[cfg(feature = "office97")]
    if bytes.starts_with(OLE_SIGNATURE) {
        return detect_by_ole_streams(path, format_by_name, bytes);
    }
    let has_signature = |format: &Format| matches!(format.signature(), FormatSignature::Bytes(first) if bytes.starts_with(first));
    match Format::readable_formats().find(has_signature)? {
        format if format.is_compressed() => format_by_name.map(|_| format),
        Format::Zip if format_by_name.is_none() && path.extension().is_some() => None,
        #[cfg(feature = "archive")]
        Format::Zip => Some(detect_by_zip_members(bytes, format_by_name)),
        format => Some(format),
    }
}

/// Returns the format of an OLE container. The file name decides if it denotes a format of OLE containers. Otherwise,
/// the names of the streams in the container decide.
#[cfg(feature = "office97")]
fn detect_by_ole_streams(
    path: &Path,
    format_by_name: Option<Format>,
    bytes: &[u8],
) -> Option<Format> {
    let has_unknown_extension = format_by_name.is_none() && path.extension().is_some();
    if has_unknown_extension
        || matches!(format_by_name, Some(Format::Doc | Format::Xls | Format::Ppt | Format::Msg))
    {
        return format_by_name;
    }
    let has_stream = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|window| window == name)
    };
    if has_stream("EncryptedPackage") {
        format_by_name
    } else if has_stream("WordDocument") {
        Some(Format::Doc)
    } else if has_stream("Workbook") {
        Some(Format::Xls)
    } else if has_stream("PowerPoint Document") {
        Some(Format::Ppt)
    } else {
        format_by_name
    }
}

/// Returns the format of a file that is a zip archive: a format that is based on zip, such as EPUB,
/// or [`Format::Zip`].
#[cfg(feature = "archive")]
fn detect_by_zip_members(bytes: &[u8], format_by_name: Option<Format>) -> Format {
    let package = Package::open(bytes, ArchiveLimits::new(ReadLimits::default()));
    let format_by_member = package.ok().and_then(|package| {
        Format::readable_formats().find(|format| {
            matches!(format.signature(), FormatSignature::ZipMember(Some(name)) if package.has_member(name))
        })
    });
    // OpenDocument texts and spreadsheets have members of the same names, so the file name decides.
    let is_zip_based =
        |format: &Format| matches!(format.signature(), FormatSignature::ZipMember(_));
    format_by_member.or(format_by_name.filter(is_zip_based)).unwrap_or(Format::Zip)
}

/// Returns the format that the first tag of the text denotes. Declarations, comments and processing
/// instructions before the tag are skipped.
fn detect_by_first_tag(beginning: &str) -> Option<Format> {
    let mut remaining_text = beginning.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    while let Some((_, following_text)) = remaining_text
        .strip_prefix("<?")
        .and_then(|after_opening| after_opening.split_once("?>"))
        .or_else(|| {
            remaining_text
                .strip_prefix("<!--")
                .and_then(|after_opening| after_opening.split_once("-->"))
        })
    {
        remaining_text = following_text.trim_start();
    }
    let tag: String =
        remaining_text.chars().take(MAX_COMPARED_TAG_CHARS).flat_map(char::to_lowercase).collect();
    Format::readable_formats().find(|format| {
        matches!(format.signature(), FormatSignature::Tag(tags) if tags.iter().any(|start| tag.starts_with(start)))
    })
}

/// Returns [`Format::Json`] or [`Format::JsonLines`] for a text that looks like JSON; `None` for
/// any other text. JSON begins with a bracket, followed by a quote or another bracket. The text is
/// JSON Lines if a complete object in the first line is followed by another object.
fn detect_json_or_json_lines(beginning: &str) -> Option<Format> {
    let text = beginning.trim_start_matches('\u{FEFF}').trim_start();
    let after_bracket = text.strip_prefix(['{', '['])?.trim_start();
    if !after_bracket.starts_with(['"', '{', '[', ']', '}']) {
        return None;
    }
    let (first_line, later_lines) = text.split_once('\n').unwrap_or((text, ""));
    let is_complete_object = text.starts_with('{') && first_line.trim_end().ends_with('}');
    let is_json_lines = is_complete_object && later_lines.trim_start().starts_with('{');
    Some(if is_json_lines { Format::JsonLines } else { Format::Json })
}

/// Returns whether each line of a file is a JSON object with a text. The last line may be cut off, because the bytes
/// may be only the beginning of the file.
fn is_json_lines(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut lines =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).peekable();
    let mut object_count = 0;
    while let Some(line) = lines.next() {
        let is_cut_off = lines.peek().is_none() && object_count > 0 && line.starts_with(b"{");
        match serde_json::from_slice(line) {
            Ok(object) if json::has_text_under_usual_key(&object) => object_count += 1,
            Err(_) if is_cut_off => object_count += 1,
            _ => return false,
        }
    }
    object_count > 1
}

/// Returns whether `beginning` starts with a JSON object and ends before the end of the first line.
fn ends_inside_json_line(beginning: &str) -> bool {
    beginning.trim_start_matches('\u{FEFF}').starts_with('{') && !beginning.contains('\n')
}

/// Returns whether a file is plain text: not empty, and without control characters and undecodable
/// bytes. `beginning` is the decoded beginning of `bytes`.
fn is_plain_text(bytes: &[u8], beginning: &str) -> bool {
    let has_control_chars = beginning.chars().any(|c| c.is_control() && !c.is_whitespace());
    !bytes.is_empty() && !has_control_chars && !beginning.contains('\u{FFFD}')
}

/// Returns whether bytes may be text of a code page: not empty, and without control characters.
fn is_text_of_any_code_page(bytes: &[u8]) -> bool {
    let is_text_byte = |byte: &u8| *byte >= b' ' || byte.is_ascii_whitespace();
    !bytes.is_empty() && bytes.iter().all(is_text_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_content_determine_the_format() {
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
            ("a.txt", b"{\"text\": \"One.\"}\n\n{\"body\": \"Two.\"}\n", Some(Format::JsonLines)),
            ("a.txt", b"{\"text\": \"One.\"}\n{\"text\": \"cut", Some(Format::JsonLines)),
            ("a.txt", b"{\"text\": \"One.\"}\n{\"a\": 2}\n", Some(Format::Text)),
            (
                "a.txt",
                b"{\"text\": \"One.\"}\n{as above}\n{\"text\": \"Two.\"}",
                Some(Format::Text),
            ),
            ("a.txt", b"[Music] {applause}", Some(Format::Text)),
            ("a.xml", b"<?xml version='1.0'?><rss version='2.0'>", Some(Format::Feed)),
            ("a.xml", b"<!DOCTYPE rss [<!ENTITY a \"\">]>", Some(Format::Feed)),
            ("a.xml", b"<?xml version='1.0'?><note>", None),
            ("README", b"Read me.\n", Some(Format::Text)),
            ("core", b"\x7FELF\x02\x01\x01\0", None),
            ("a.css", b"p { }", None),
            #[cfg(feature = "pdf")]
            ("a.png", b"\x89PNG\r\n\x1a\n", Some(Format::Picture)),
            ("a.png.gz", b"\x1F\x8B\x08\0", None),
            ("empty", b"", None),
            #[cfg(feature = "office97")]
            ("a.xls", b"Ship\tFee\nHeron\t40\n", Some(Format::Csv)),
            #[cfg(feature = "office97")]
            ("a.doc", b"A notice.\n\nThe port opened.", Some(Format::Text)),
            #[cfg(feature = "office97")]
            ("a.doc", b"\xB8\xDB\xBF\xDA\xBF\xAA\xB7\xC5", Some(Format::Text)),
            #[cfg(feature = "office97")]
            ("a.doc", b"<?xml version='1.0'?><w:wordDocument>", Some(Format::Doc)),
            #[cfg(feature = "office97")]
            ("a.doc", b"\xDB\xA5-\0\0\0", Some(Format::Doc)),
            #[cfg(all(feature = "office97", feature = "mail"))]
            ("a.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Some(Format::Mhtml)),
        ] {
            assert_eq!(Format::detect(Path::new(name), bytes), expected, "{name} {bytes:?}");
        }
    }
}
