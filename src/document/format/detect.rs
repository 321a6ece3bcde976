//! The name and the first bytes of a file → its [`Format`]: what the bytes say decides, the name is a
//! hint where they say nothing.

use std::path::Path;

use super::encoding;
use crate::document::Format;

impl Format {
    /// The format that a file's name tells; none where this program does not read such files.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "htm" | "html" | "xhtml" | "shtml" => Some(Self::Html),
            "json" => Some(Self::Json),
            "rss" | "atom" => Some(Self::Feed),
            #[cfg(feature = "pdf")]
            "pdf" => Some(Self::Pdf),
            #[cfg(feature = "docx")]
            "docx" | "docm" | "dotx" => Some(Self::Docx),
            #[cfg(feature = "docx")]
            "odt" | "ott" => Some(Self::Odt),
            #[cfg(feature = "archive")]
            "epub" => Some(Self::Epub),
            #[cfg(feature = "archive")]
            "gz" => Self::of(Path::new(path.file_stem()?)).map(|_| Self::Gzip),
            #[cfg(feature = "archive")]
            "zip" => Some(Self::Zip),
            _ => None,
        }
    }

    /// The format of a file by its name and by its bytes, of which the first thousands are enough;
    /// none where this program does not read such files.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use gz_search::Format;
    ///
    /// let page = b"<!DOCTYPE html><title>Notice</title>";
    /// assert_eq!(Format::told(Path::new("notice.txt"), page), Some(Format::Html));
    /// assert_eq!(Format::told(Path::new("notice"), b"Notice\n"), Some(Format::Text));
    /// assert_eq!(Format::told(Path::new("notice.css"), b"p { }"), None);
    /// ```
    pub fn told(path: &Path, bytes: &[u8]) -> Option<Self> {
        let named = Self::of(path);
        if let Some(format) = by_signature(path, named, bytes) {
            return Some(format);
        }
        let head = encoding::head(bytes);
        match (by_markup(&head), named) {
            // Markdown may begin with HTML.
            (Some(Self::Html), Some(Self::Markdown)) => named,
            (Some(format), _) => Some(format),
            // A line may be longer than what is seen of it.
            (None, Some(Self::JsonLines)) if is_begun(&head) => named,
            (None, Some(Self::Json | Self::JsonLines | Self::Text)) => by_json(&head).or(named),
            (None, Some(Self::Html)) if !head.contains('<') => Some(Self::Text),
            (None, None) if path.extension().is_none() && is_text(bytes, &head) => Some(Self::Text),
            (None, named) => named,
        }
    }
}

/// By the bytes with which a file of a binary format has to begin. Many a format that is not read is a
/// zip archive too: where a name says one of those, it is believed.
#[cfg_attr(not(feature = "archive"), expect(unused_variables, reason = "for archives"))]
fn by_signature(path: &Path, named: Option<Format>, bytes: &[u8]) -> Option<Format> {
    match bytes {
        #[cfg(feature = "pdf")]
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Format::Pdf),
        #[cfg(feature = "archive")]
        [0x1F, 0x8B, ..] if named.is_some() => Some(Format::Gzip),
        #[cfg(feature = "archive")]
        [b'P', b'K', 3, 4, ..] if named.is_some() || path.extension().is_none() => {
            Some(super::archive::format(bytes, named.unwrap_or(Format::Zip)))
        }
        _ => None,
    }
}

/// By the first tag of a file, after what may stand before it.
fn by_markup(head: &str) -> Option<Format> {
    const FEEDS: [&str; 4] = ["<rss", "<feed", "<rdf:rdf", "<!doctype rss"];
    const HTML: [&str; 6] = ["<!doctype html", "<html", "<head", "<body", "<title", "<meta"];
    let mut rest = head.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    // Declarations, comments and processing instructions.
    while let Some((_, after)) = rest
        .strip_prefix("<?")
        .and_then(|inner| inner.split_once("?>"))
        .or_else(|| rest.strip_prefix("<!--").and_then(|inner| inner.split_once("-->")))
    {
        rest = after.trim_start();
    }
    let tag: String = rest.chars().take(24).flat_map(char::to_lowercase).collect();
    let begins = |starts: &[&str]| starts.iter().any(|start| tag.starts_with(start));
    match () {
        () if begins(&HTML) => Some(Format::Html),
        () if begins(&FEEDS) => Some(Format::Feed),
        () => None,
    }
}

/// JSON begins with a bracket and a quote; a line that is whole and followed by another is JSON Lines.
fn by_json(head: &str) -> Option<Format> {
    let text = head.trim_start_matches('\u{FEFF}').trim_start();
    let inner = text.strip_prefix(['{', '['])?.trim_start();
    if !inner.starts_with(['"', '{', '[', ']', '}']) {
        return None;
    }
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let lines = text.starts_with('{') && line.trim_end().ends_with('}');
    Some(if lines && rest.trim_start().starts_with('{') { Format::JsonLines } else { Format::Json })
}

/// Whether it is one object on one line, as far as it is seen.
fn is_begun(head: &str) -> bool {
    head.trim_start_matches('\u{FEFF}').starts_with('{') && !head.contains('\n')
}

fn is_text(bytes: &[u8], head: &str) -> bool {
    let strange = head.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    !bytes.is_empty() && strange == 0 && !head.contains('\u{FFFD}')
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
            assert_eq!(Format::told(Path::new(name), bytes), expected, "{name} {bytes:?}");
        }
    }
}
