//! Links of a terminal (OSC 8), which open the original of a release.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::citation::web_address;
use crate::search::DocumentInfo;

/// Escape sequence before the address of a link. An empty address ends the link.
pub(super) const LINK_START: &str = "\u{1b}]8;;";
/// Escape sequence after the address of a link.
pub(super) const LINK_ADDRESS_END: &str = "\u{1b}\\";
/// Maximum length of an address in bytes. Some terminals show no link with a longer address.
const MAX_ADDRESS_BYTES: usize = 2_000;

/// Characters of a path that are percent-encoded in an address.
const PERCENT_ENCODED_CHARS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b':');

/// Returns `text` as a link to the original file of the document or, if the file is not on this machine, to its web
/// address. Returns `text` without a link if neither is known. `text` must not contain control characters other than
/// colour sequences.
pub(super) fn linked_text(text: &str, document: &DocumentInfo) -> String {
    let file = file_address(&document.source);
    let address = file.or_else(|| document.url.as_deref().and_then(web_address));
    match address.filter(|address| address.len() <= MAX_ADDRESS_BYTES) {
        Some(address) => {
            format!("{LINK_START}{address}{LINK_ADDRESS_END}{text}{LINK_START}{LINK_ADDRESS_END}")
        }
        None => text.to_owned(),
    }
}

/// Returns the address of a local file in ASCII. `None` if there is no such file, or if its path is not absolute.
fn file_address(path: &str) -> Option<String> {
    let is_file = Path::new(path).is_absolute() && Path::new(path).is_file();
    is_file.then(|| {
        let path = path.replace(std::path::MAIN_SEPARATOR, "/");
        let root = if path.starts_with('/') { "file://" } else { "file:///" };
        format!("{root}{}", utf8_percent_encode(&path, PERCENT_ENCODED_CHARS))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    fn document(source: &str, url: Option<&str>) -> DocumentInfo {
        let document = sample::results_with_markup().hits.remove(0).document;
        DocumentInfo { source: source.to_owned(), url: url.map(str::to_owned), ..document }
    }

    #[cfg(unix)]
    #[test]
    fn a_release_links_to_its_file_or_else_to_its_web_address() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("港 1#\u{7}.txt");
        std::fs::write(&file, "").unwrap();
        let (file, folder) = (file.to_str().unwrap(), folder.path().to_str().unwrap());
        let file_address = format!("file://{folder}/%E6%B8%AF%201%23%07.txt");
        let long_address = format!("https://a.b/{}", "c".repeat(MAX_ADDRESS_BYTES));
        for (source, url, expected) in [
            (file, Some("https://a.b/"), Some(file_address.as_str())),
            ("/absent.txt", Some("https://a.b/ü\u{1b}\\"), Some("https://a.b/%C3%BC%1B%5C")),
            ("", Some("http://a.b/1"), Some("http://a.b/1")),
            ("relative.txt", None, None),
            (folder, None, None),
            ("", Some("javascript:alert(1)"), None),
            ("", Some(&long_address), None),
        ] {
            let text = linked_text("Title", &document(source, url));
            let link = expected
                .map(|address| format!("\u{1b}]8;;{address}\u{1b}\\Title\u{1b}]8;;\u{1b}\\"));
            assert_eq!(text, link.unwrap_or("Title".to_owned()), "{source} {url:?}");
        }
    }
}
