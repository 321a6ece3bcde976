//! Serves the file from which a release was read, and returns the link to this file for the page of the release.
//!
//! Only files of the index are served, and only while they lie in the folder that was indexed. A browser displays plain
//! text, PDF and web pages, and saves all other files. A web page may not run scripts or send requests.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    search::{DocumentInfo, Searcher},
    server::{
        api_error::{ApiError, Code},
        page::address::query_string,
    },
};

/// Maximum size of a file that the service sends, in bytes.
const MAX_SENT_FILE_BYTES: u64 = 128 << 20;

/// Content security policy of a web page or a text: no scripts, no forms, no requests.
const SANDBOX_CONTENT_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
/// Content security policy of a PDF file. The viewer of a browser does not work in a sandbox.
const PDF_CONTENT_POLICY: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'";

/// Content and file name of an original file.
#[derive(Debug)]
pub(in crate::server::page) struct OriginalFile {
    bytes: Vec<u8>,
    name: String,
}

/// Media type and content security policy of a file that a browser displays; `None` for a file that a browser saves.
type BrowserDisplay = Option<(&'static str, &'static str)>;

/// Returns the address of the original file of a release. The address of a PDF file leads to the page number `page`.
/// `None` if the release has no file on this machine.
pub(super) fn href(document: &DocumentInfo, page: Option<u32>) -> Option<String> {
    if document.source.is_empty() || !Path::new(&document.source).is_file() {
        return None;
    }
    let address = format!("original?{}", query_string(vec![("id", document.id.clone())]));
    match page {
        Some(page) if extension(&document.source) == "pdf" => {
            Some(format!("{address}#page={page}"))
        }
        _ => Some(address),
    }
}

/// Reads the original file of a release.
///
/// # Errors
///
/// [`Code::UnknownDocument`] for an unknown id, [`Code::UnknownOriginal`] if the file is not a file of the index, is
/// gone, or lies outside the indexed folder.
pub(in crate::server::page) fn read(
    searcher: &Searcher,
    id: &str,
) -> Result<OriginalFile, ApiError> {
    let document = searcher.document_info(id)?.ok_or_else(|| ApiError::unknown_document(id))?;
    let sources = searcher.sources()?;
    let source = sources.iter().find(|source| source.path == document.source);
    let path = source.and_then(|source| real_path_inside(&source.path, &source.root));
    let bytes = path.as_deref().and_then(read_file_of_limited_size);
    let (Some(path), Some(bytes)) = (path, bytes) else {
        return Err(ApiError::new(
            Code::UnknownOriginal,
            format!("the file of {id:?} cannot be opened"),
            "it was moved or removed since it was indexed",
        ));
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(OriginalFile { bytes, name: name.unwrap_or_default() })
}

/// Returns the real path of a file that lies in `root` or is `root`; `None` if the path leads elsewhere.
fn real_path_inside(path: &str, root: &str) -> Option<PathBuf> {
    let (path, root) = (fs::canonicalize(path).ok()?, fs::canonicalize(root).ok()?);
    (path.starts_with(&root) && path.is_file()).then_some(path)
}

fn read_file_of_limited_size(path: &Path) -> Option<Vec<u8>> {
    let file = File::open(path).ok()?;
    let mut bytes = Vec::new();
    file.take(MAX_SENT_FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MAX_SENT_FILE_BYTES).then_some(bytes)
}

fn extension(path: &str) -> String {
    Path::new(path)
        .extension()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default()
}

/// Returns the media type and the content security policy for a file with this name.
fn browser_display(name: &str) -> BrowserDisplay {
    match extension(name).as_str() {
        "pdf" => Some(("application/pdf", PDF_CONTENT_POLICY)),
        "html" | "htm" | "xhtml" => Some(("text/html", SANDBOX_CONTENT_POLICY)),
        "txt" | "md" | "markdown" | "csv" | "tsv" | "json" | "jsonl" | "xml" | "eml" | "rst" => {
            Some(("text/plain", SANDBOX_CONTENT_POLICY))
        }
        _ => None,
    }
}

impl IntoResponse for OriginalFile {
    fn into_response(self) -> Response {
        let Self { bytes, name } = self;
        let is_utf8 = std::str::from_utf8(&bytes).is_ok();
        let display = browser_display(&name);
        let disposition = if display.is_some() { "inline" } else { "attachment" };
        let (media_type, policy) =
            display.unwrap_or(("application/octet-stream", SANDBOX_CONTENT_POLICY));
        let media_type = if is_utf8 && media_type.starts_with("text/") {
            format!("{media_type}; charset=utf-8")
        } else {
            media_type.to_owned()
        };
        let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let headers: [(HeaderName, String); 4] = [
            (header::CONTENT_TYPE, media_type),
            (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
            (header::CACHE_CONTROL, "private, no-cache".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("{disposition}; filename*=UTF-8''{}", name.replace('+', "%20")),
            ),
        ];
        let mut response = Body::from(bytes).into_response();
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_in_the_indexed_folder_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("releases");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("port.txt"), "A port opened today.").unwrap();
        fs::write(dir.path().join("secret.txt"), "secret").unwrap();
        let path = |path: PathBuf| path.to_string_lossy().into_owned();
        let root_text = path(root.clone());
        assert!(real_path_inside(&path(root.join("port.txt")), &root_text).is_some());
        assert_eq!(real_path_inside(&path(root.join("../secret.txt")), &root_text), None);
        assert_eq!(real_path_inside(&path(root.join("none.txt")), &root_text), None);
        assert_eq!(real_path_inside(&root_text, &root_text), None);
        #[cfg(unix)]
        {
            let link = root.join("link.txt");
            std::os::unix::fs::symlink(dir.path().join("secret.txt"), &link).unwrap();
            assert_eq!(real_path_inside(&path(link), &root_text), None);
        }
    }

    #[test]
    fn formats_with_scripts_are_sandboxed_or_not_displayed() {
        for (name, expected) in [
            ("a.pdf", Some(("application/pdf", PDF_CONTENT_POLICY))),
            ("a.HTML", Some(("text/html", SANDBOX_CONTENT_POLICY))),
            ("a.md", Some(("text/plain", SANDBOX_CONTENT_POLICY))),
            ("a.svg", None),
            ("a.docx", None),
            ("a", None),
        ] {
            assert_eq!(browser_display(name), expected, "{name}");
        }
    }
}
