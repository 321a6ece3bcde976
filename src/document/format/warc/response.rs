//! Reads the HTTP response in a record of a web archive: status, header fields and content.

use crate::document::{
    format::{
        Format,
        compressed::{unpack_deflate, unpack_gzip},
        expansion::ArchiveLimits,
    },
    limits::ReadLimits,
};

/// Media types of files with text, each with the extension of such files.
const MEDIA_TYPES: [(&str, &str); 12] = [
    ("text/html", "html"),
    ("application/xhtml+xml", "html"),
    ("application/pdf", "pdf"),
    ("text/plain", "txt"),
    ("text/markdown", "md"),
    ("text/csv", "csv"),
    ("application/rtf", "rtf"),
    ("text/rtf", "rtf"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/rss+xml", "rss"),
    ("application/atom+xml", "atom"),
];
/// Names of files of a web server that are meant for programs, not for people.
const NAMES_OF_FILES_FOR_PROGRAMS: [&str; 4] =
    ["robots.txt", "humans.txt", "ads.txt", "security.txt"];
/// Maximum number of content codings (compressions) of a response, applied one after another.
const MAX_CONTENT_CODINGS: usize = 4;

/// HTTP response with a file.
#[derive(Debug)]
pub(super) struct Response {
    /// Media type of the file, as the server states it.
    pub(super) media_type: String,
    /// Content of the file, or the reason why it cannot be unpacked.
    pub(super) content: Result<Vec<u8>, String>,
}

impl Response {
    /// Parses an HTTP response. `None` if the response reports an error or redirects to another URL.
    ///
    /// # Errors
    ///
    /// The reason, if the bytes are not an HTTP response.
    pub(super) fn parse(bytes: &[u8], limits: ReadLimits) -> Result<Option<Self>, String> {
        let (head, content) = split_head_and_content(bytes)
            .ok_or("is not a response of a web server, or is cut off")?;
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let status_line = lines.next().unwrap_or_default();
        let status = status_line.split_whitespace().nth(1).unwrap_or_default();
        if !status_line.starts_with("HTTP/") {
            return Err("is not a response of a web server, or is damaged".to_owned());
        }
        if !status.starts_with('2') {
            return Ok(None);
        }
        let (mut media_type, mut is_chunked, mut codings) = (String::new(), false, Vec::new());
        for line in lines {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim().to_ascii_lowercase();
            match name.trim().to_ascii_lowercase().as_str() {
                "content-type" => media_type = value,
                "transfer-encoding" => is_chunked = value.contains("chunked"),
                "content-encoding" => {
                    codings.extend(value.split(',').map(|coding| coding.trim().to_owned()));
                }
                _ => {}
            }
        }
        // Some archives store the content unpacked, but keep the header fields that declare its coding.
        let joined_chunks = if is_chunked { join_chunks(content) } else { None };
        let content = joined_chunks.unwrap_or_else(|| content.to_vec());
        Ok(Some(Self { media_type, content: unpack_content(content, &codings, limits) }))
    }
}

/// Splits a response into its head and its content, which an empty line separates.
fn split_head_and_content(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut line_start = 0;
    loop {
        let line = bytes.get(line_start..)?;
        let line_length = line.iter().position(|byte| *byte == b'\n')? + 1;
        let line_end = line_start + line_length;
        if bytes.get(line_start..line_end)?.trim_ascii().is_empty() {
            return Some((bytes.get(..line_start)?, bytes.get(line_end..)?));
        }
        line_start = line_end;
    }
}

/// Joins the chunks of a response with chunked transfer coding. Each chunk follows a line with its length in
/// hexadecimal digits. `None` if the content does not consist of chunks.
fn join_chunks(content: &[u8]) -> Option<Vec<u8>> {
    let (mut rest, mut joined) = (content, Vec::new());
    loop {
        let line_length = rest.iter().take(100).position(|byte| *byte == b'\n')? + 1;
        let (line, after_line) = rest.split_at_checked(line_length)?;
        let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
        let length = usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        if length == 0 {
            return Some(joined);
        }
        // The last chunk of an answer that was cut off is as long as the rest.
        joined.extend_from_slice(after_line.get(..length).unwrap_or(after_line));
        rest = after_line.get(length..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(joined);
        }
    }
}

/// Unpacks the content of a response. `codings` are the content codings in the order in which the server applied them.
/// Returns the content unchanged if it is not compressed, although the server declares a content coding.
fn unpack_content(
    mut content: Vec<u8>,
    codings: &[String],
    limits: ReadLimits,
) -> Result<Vec<u8>, String> {
    if codings.len() > MAX_CONTENT_CODINGS {
        return Err(format!("is compressed more than {MAX_CONTENT_CODINGS} times"));
    }
    let limits = ArchiveLimits::new(limits);
    for coding in codings.iter().rev() {
        content = match coding.as_str() {
            "gzip" | "x-gzip" if content.starts_with(&[0x1F, 0x8B]) => {
                unpack_gzip(&content, limits)?
            }
            "deflate" => unpack_deflate(&content, limits)?,
            #[cfg(feature = "compression")]
            "br" => super::super::compressed::unpack_brotli(&content, limits)?,
            #[cfg(feature = "compression")]
            "zstd" => super::super::compressed::unpack_zstandard(&content, limits)?,
            "" | "identity" | "gzip" | "x-gzip" => content,
            other => return Err(format!("is compressed by {other}, which is not supported")),
        };
    }
    Ok(content)
}

/// Returns whether a URL is on the web. Crawlers store their own log and settings under other URLs.
pub(super) fn is_web_address(address: &str) -> bool {
    let scheme = address.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https", "ftp"].iter().any(|name| scheme.eq_ignore_ascii_case(name))
}

/// Returns whether the file at a URL is meant for programs, such as `robots.txt`.
pub(super) fn is_file_for_programs(address: &str) -> bool {
    NAMES_OF_FILES_FOR_PROGRAMS.contains(&last_path_component(address))
}

/// Returns a file name with the extension of the media type, or else with the extension in the URL.
pub(super) fn file_name(address: &str, media_type: &str) -> String {
    let name = last_path_component(address);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let extension = MEDIA_TYPES.iter().find(|(other, _)| *other == essence);
    match extension {
        // A file such as `notice.md` is often sent as plain text.
        Some((_, "txt")) if Format::from_path(std::path::Path::new(name)).is_some() => {
            name.to_owned()
        }
        Some((_, extension)) => format!("{name}.{extension}"),
        None => name.to_owned(),
    }
}

/// Returns the last component of the path of a URL, without the query.
fn last_path_component(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, path)| path);
    path.split_once('/').map_or("", |(_, path)| path).rsplit('/').next().unwrap_or_default()
}
