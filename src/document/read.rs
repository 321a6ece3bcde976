//! Reads the bytes of a file as documents. A file contains one document, a list of documents (JSON, JSON Lines, feed),
//! or packed files that contain documents (gzip, zip).
//!
//! As the last step, [`with_inferred_metadata`] infers the missing metadata of each document from its text.

#[cfg(feature = "archive")]
use std::iter;
use std::{
    borrow::Cow,
    cell::RefCell,
    collections::BTreeMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    rc::Rc,
};

#[cfg(feature = "archive")]
use super::format::archive::{self, ArchiveLimits};
use super::{
    format::{
        Contained, Format, FormatReader,
        embedded_files::without_embedded_files,
        encoding,
        field_mapping::FieldMapping,
        json_lines::{RecordIds, read_mapped_json_lines},
    },
    limits::{ReadLimits, format_size},
    metadata,
    model::{Document, unreadable},
};
use crate::error::Result;

/// Iterator over the documents of a file, in order. Returns an error for an unreadable document and then continues with
/// the next document.
type DocumentIterator<'a> = Box<dyn Iterator<Item = Result<Document>> + 'a>;

/// Counts, by extension, of the files inside of a file that are skipped because their format is not supported.
type SkippedFileCounts<'a> = Rc<RefCell<&'a mut BTreeMap<String, u64>>>;

/// Reads the first document in the bytes of a file. For a file with several documents, see [`read_all`].
///
/// # Errors
///
/// [`Error::Document`](crate::Error::Document) if the bytes cannot be read or contain no text.
pub fn read(format: Format, id: &str, bytes: &[u8]) -> Result<Document> {
    let first_document = read_all(format, id, bytes).into_iter().next();
    first_document.unwrap_or_else(|| Err(unreadable(id, "holds no text")))
}

/// Reads all documents in the bytes of a file, with their stated and inferred metadata. Returns an error in place of
/// each unreadable document.
pub fn read_all(format: Format, id: &str, bytes: &[u8]) -> Vec<Result<Document>> {
    read_unpacked_file(format, id, bytes, &FieldMapping::default(), ReadLimits::default())
}

/// Reads the documents in the bytes of a file, one at a time where the format allows this.
///
/// `id` is the id of the file. The id of a file in an archive or a mail is `id`, a slash and its path. `mapping`
/// assigns JSON keys to document fields. `skipped` counts the files in an archive or a mail whose format is not
/// supported, by extension.
pub(crate) fn read_documents<'a>(
    format: Format,
    id: &str,
    bytes: &'a [u8],
    mapping: &'a FieldMapping,
    limits: ReadLimits,
    skipped: &'a mut BTreeMap<String, u64>,
) -> DocumentIterator<'a> {
    let skipped = Rc::new(RefCell::new(skipped));
    match format.reader() {
        #[cfg(feature = "archive")]
        Some(FormatReader::Zip) => read_zip(id, bytes, mapping, limits, skipped),
        Some(FormatReader::Contents(read)) => {
            let contents = read(id, bytes);
            let id = id.to_owned();
            Box::new(contents.flat_map(move |contained| {
                read_contained(&id, contained, mapping, limits, &skipped)
            }))
        }
        _ => read_file(format, id, Cow::Borrowed(bytes), mapping, limits, &skipped),
    }
}

/// Returns the extension of a file in lower case (`.css`), or `no extension`. The report of an update counts skipped
/// files by this text.
pub(crate) fn extension_label(path: &Path) -> String {
    path.extension().map_or("no extension".to_owned(), |extension| {
        format!(".{}", extension.to_string_lossy().to_lowercase())
    })
}

/// Returns whether a file is a lock of an office program (`~$report.docx`) or an unfinished download, by its name.
pub(crate) fn is_temporary(path: &Path) -> bool {
    const DOWNLOAD_EXTENSIONS: [&str; 4] = ["part", "partial", "crdownload", "download"];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    name.starts_with("~$") || DOWNLOAD_EXTENSIONS.contains(&extension.as_str())
}

/// Completes a document with metadata inferred from its text, including the language.
///
/// # Errors
///
/// [`Error::Document`](crate::Error::Document) if the document has no text.
pub(crate) fn with_inferred_metadata(mut document: Document) -> Result<Document> {
    if document.text.trim().is_empty() {
        return Err(unreadable(&document.id, "holds no text"));
    }
    metadata::complete(&mut document);
    Ok(document)
}

/// Reads the documents of a file that is not a zip archive.
fn read_file<'a>(
    format: Format,
    id: &str,
    bytes: Cow<'a, [u8]>,
    mapping: &FieldMapping,
    limits: ReadLimits,
    skipped: &SkippedFileCounts<'_>,
) -> DocumentIterator<'a> {
    match format.reader() {
        Some(FormatReader::JsonLines) => {
            let (reader, ids) = (Cursor::new(bytes), RecordIds::BelowFile);
            let line_documents = read_mapped_json_lines(id, reader, mapping.clone(), limits, ids);
            Box::new(line_documents.map(|document| document.and_then(with_inferred_metadata)))
        }
        #[cfg(feature = "archive")]
        Some(FormatReader::Gzip) => read_gzip(id, &bytes, mapping, limits, skipped),
        Some(FormatReader::Contents(read)) => {
            let read = || {
                let contents = read(id, &bytes);
                let documents = contents
                    .flat_map(|contained| read_contained(id, contained, mapping, limits, skipped));
                documents.collect()
            };
            Box::new(report_panic(id, read).into_iter())
        }
        _ => {
            let read = || read_unpacked_file(format, id, &bytes, mapping, limits);
            Box::new(report_panic(id, read).into_iter())
        }
    }
}

/// Returns the documents that `read` returns, or an error if it panics. A panic in a reader must not prevent the
/// program from reading the other files.
fn report_panic(id: &str, read: impl FnOnce() -> Vec<Result<Document>>) -> Vec<Result<Document>> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let reason = "the program failed to read the file because of a defect: please report it";
        vec![Err(unreadable(id, reason))]
    })
}

/// Returns the documents in `contained`, a document or a file that the reader of the file `id` found. Counts a file
/// whose format is not supported in `skipped`. An archive in another file is not unpacked.
fn read_contained(
    id: &str,
    contained: Contained,
    mapping: &FieldMapping,
    limits: ReadLimits,
    skipped: &SkippedFileCounts<'_>,
) -> Vec<Result<Document>> {
    let (path, content) = match contained {
        Contained::Document(document) => {
            let complete =
                |document| check_text_size(document, limits).and_then(with_inferred_metadata);
            return vec![document.and_then(complete)];
        }
        Contained::File { path, content } => (path, content),
    };
    let beginning = content.as_deref().unwrap_or_default();
    if !is_read_inside_file(&path, beginning, skipped) {
        return Vec::new();
    }
    let id = format!("{id}/{path}");
    let bytes = match content {
        Ok(bytes) => bytes,
        Err(reason) => return vec![Err(unreadable(&id, reason))],
    };
    let format = Format::detect(Path::new(&path), &bytes).unwrap_or(Format::Text);
    read_file(format, &id, Cow::Owned(bytes), mapping, limits, skipped).collect()
}

/// Returns whether a file inside another file is read: it is neither an archive nor temporary, and its format is
/// supported. The path determines the format, or else the beginning of the content does. Counts a file that is not read
/// in `skipped`.
fn is_read_inside_file(path: &str, beginning: &[u8], skipped: &SkippedFileCounts<'_>) -> bool {
    let path = Path::new(path);
    let format = Format::from_path(path).or_else(|| Format::detect(path, beginning));
    let is_read = !is_temporary(path) && format.is_some_and(|format| !format.is_archive());
    if !is_read {
        *skipped.borrow_mut().entry(extension_label(path)).or_default() += 1;
    }
    is_read
}

/// Reads all documents of a file that is not compressed. Returns an error for a gzip file or a zip archive.
fn read_unpacked_file(
    format: Format,
    id: &str,
    bytes: &[u8],
    mapping: &FieldMapping,
    limits: ReadLimits,
) -> Vec<Result<Document>> {
    let single_document = |document: Result<Document, String>| {
        vec![document.map_err(|reason| unreadable(id, reason))]
    };
    let documents = match format.reader() {
        None => {
            single_document(Err("this build of the program cannot read the file format".to_owned()))
        }
        Some(FormatReader::Text(read)) => {
            let bytes = without_embedded_files(bytes);
            single_document(decode(&bytes, limits).and_then(|text| read(id, text)))
        }
        Some(FormatReader::Texts(read)) => match decode(bytes, limits) {
            Ok(text) => read(id, &text, mapping),
            Err(reason) => single_document(Err(reason)),
        },
        Some(FormatReader::JsonLines) => {
            let ids = RecordIds::BelowFile;
            read_mapped_json_lines(id, bytes, mapping.clone(), limits, ids).collect()
        }
        Some(FormatReader::Bytes(read)) => single_document(read(id, bytes, limits)),
        Some(FormatReader::Contents(read)) => {
            let (mapping, mut skipped) = (FieldMapping::default(), BTreeMap::new());
            let skipped = Rc::new(RefCell::new(&mut skipped));
            let contents = read(id, bytes);
            return contents
                .flat_map(|contained| read_contained(id, contained, &mapping, limits, &skipped))
                .collect();
        }
        #[cfg(feature = "archive")]
        Some(FormatReader::Gzip | FormatReader::Zip) => {
            single_document(Err("is packed: unpack it first".to_owned()))
        }
    };
    let check_and_complete =
        |document: Document| check_text_size(document, limits).and_then(with_inferred_metadata);
    documents.into_iter().map(|document| document.and_then(check_and_complete)).collect()
}

/// Decodes the bytes of a text file.
fn decode(bytes: &[u8], limits: ReadLimits) -> Result<String, String> {
    if bytes.len() as u64 > limits.max_text_bytes() {
        return Err(format!("is text of more than {}", format_size(limits.max_text_bytes())));
    }
    encoding::decode(bytes)
}

/// Returns an error for a document whose text is too large. The limit of the file size is not enough, because a
/// compressed file (Word, EPUB, PDF) can be smaller than its text.
fn check_text_size(document: Document, limits: ReadLimits) -> Result<Document> {
    if document.text.len() as u64 > limits.max_text_bytes() {
        let reason = format!("holds text of more than {}", format_size(limits.max_text_bytes()));
        return Err(unreadable(&document.id, reason));
    }
    Ok(document)
}

/// Reads the documents of the file that a gzip file contains.
#[cfg(feature = "archive")]
fn read_gzip(
    id: &str,
    bytes: &[u8],
    mapping: &FieldMapping,
    limits: ReadLimits,
    skipped: &SkippedFileCounts<'_>,
) -> DocumentIterator<'static> {
    let unpacked_bytes = match archive::gunzip(bytes, ArchiveLimits::new(limits)) {
        Ok(unpacked_bytes) => unpacked_bytes,
        Err(reason) => return Box::new(iter::once(Err(unreadable(id, reason)))),
    };
    let path = Path::new(id);
    let unpacked_path = if extension_label(path) == ".tgz" {
        path.with_extension("tar")
    } else {
        path.with_extension("")
    };
    match Format::detect(&unpacked_path, &unpacked_bytes).unwrap_or(Format::Text) {
        Format::Gzip | Format::Zip => {
            let reason = "holds an archive in an archive, which is not unpacked";
            Box::new(iter::once(Err(unreadable(id, reason))))
        }
        format => read_file(format, id, Cow::Owned(unpacked_bytes), mapping, limits, skipped),
    }
}

/// Reads the documents of the files that a zip archive contains.
#[cfg(feature = "archive")]
fn read_zip<'a>(
    id: &str,
    bytes: &'a [u8],
    mapping: &'a FieldMapping,
    limits: ReadLimits,
    skipped: SkippedFileCounts<'a>,
) -> DocumentIterator<'a> {
    let skipped_in_archive = Rc::clone(&skipped);
    let is_supported = move |path: &str, beginning: &[u8]| {
        is_read_inside_file(path, beginning, &skipped_in_archive)
    };
    let entries = match archive::unpack_entries(bytes, ArchiveLimits::new(limits), is_supported) {
        Ok(entries) => entries,
        Err(reason) => return Box::new(iter::once(Err(unreadable(id, reason)))),
    };
    let id = id.to_owned();
    Box::new(entries.flat_map(move |(path, bytes)| {
        let id = format!("{id}/{path}");
        match bytes {
            Ok(bytes) => {
                let format = Format::detect(Path::new(&path), &bytes).unwrap_or(Format::Text);
                read_file(format, &id, Cow::Owned(bytes), mapping, limits, &skipped)
            }
            Err(reason) => Box::new(iter::once(Err(unreadable(&id, reason)))),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_without_text_are_refused() {
        for bytes in [&b"\xff\xfe"[..], b"a\0b", b" \n", b"---\ntitle: only\n---\n"] {
            assert!(read(Format::Markdown, "x", bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn pages_saved_with_their_pictures_are_read() {
        let picture = "A".repeat(17 << 20);
        for format in [Format::Html, Format::Markdown] {
            let page =
                format!("<p>A port opened.</p>\n<img src=\"data:image/png;base64,{picture}\">\n");
            let document = read(format, "x", page.as_bytes()).unwrap();
            assert_eq!(document.text.trim(), "A port opened.", "{format:?}");
        }
    }

    #[test]
    fn line_ends_and_byte_order_marks_are_normalized() {
        let document = read(Format::Text, "x", b"\xEF\xBB\xBFA Title\r\n\r\nText.\r\n").unwrap();
        assert_eq!(document.text, "A Title\n\nText.\n");
        assert_eq!((document.title.as_deref(), document.lang.as_str()), (Some("A Title"), "en"));
        assert_eq!(document.inferred, ["title", "lang"]);
    }

    /// Checks properties that every document of any format must have.
    fn check_documents(bytes: &[u8]) -> Result<(), proptest::test_runner::TestCaseError> {
        for format in Format::ALL {
            for document in read_all(*format, "x", bytes).into_iter().flatten() {
                let mut previous_end = 0;
                for block in &document.blocks {
                    let text = document.text.get(block.span.start..block.span.end);
                    proptest::prop_assert!(text.is_some(), "{format:?} {block:?}");
                    proptest::prop_assert!(
                        block.span.start >= previous_end && !block.span.is_empty()
                    );
                    previous_end = block.span.end;
                }
                proptest::prop_assert!(!document.text.trim().is_empty());
            }
        }
        Ok(())
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            check_documents(&bytes)?;
        }

        #[test]
        fn document_like_text_is_read_or_refused(
            text in r#"(<(/?(p|b|h1|h2|br|table|tr|td|th|title|li|div|a href="\#x"|item|entry|title|description|content|main|nav|pre)|meta name="pubdate" content="2025-1-1"|!\[CDATA\[)>|\]\]>|["{}\[\]:,]|"(title|text|body|date)":|---\n|\# |\n|&(amp|nbsp|z);|发布时间：|2025年1月1日|标题|局|一、|Text\. |[　  ]|\PC){0,80}"#
        ) {
            check_documents(text.as_bytes())?;
        }
    }
}

#[cfg(all(test, feature = "archive"))]
mod archive_tests {
    use super::*;
    use crate::document::format::archive::{gzip_file, zip_archive};

    fn described_documents(name: &str, bytes: &[u8]) -> Vec<String> {
        let (mut skipped, mapping) = (BTreeMap::new(), FieldMapping::default());
        let format = Format::detect(Path::new(name), bytes).unwrap_or(Format::Text);
        let documents =
            read_documents(format, name, bytes, &mapping, ReadLimits::default(), &mut skipped);
        let mut descriptions: Vec<String> = documents
            .map(|document| match document {
                Ok(document) => format!("{} {}", document.id, document.text.trim()),
                Err(error) => format!("! {error}"),
            })
            .collect();
        descriptions
            .extend(skipped.iter().map(|(extension, count)| format!("{count} {extension}")));
        descriptions
    }

    #[test]
    fn packed_files_are_read_by_their_format() {
        let json_lines = b"{\"id\":\"one\",\"text\":\"a\"}\n{\"text\":\"b\"}";
        let zip = zip_archive(&[
            ("d/a.txt", b"text"),
            ("b.jsonl", json_lines),
            ("c.txt.gz", &gzip_file(b"packed")),
            ("e.bin", b"x"),
            ("page.doc", b"<html><p>A page</p></html>"),
            ("README", b"Read me."),
            ("f.zip", &zip_archive(&[("x.txt", b"x")])),
            ("g.md", b"a\0b"),
        ]);
        let cases: [(&str, &[u8], &[&str]); 5] = [
            ("x.txt", b"text", &["x.txt text"]),
            ("x.jsonl.gz", &gzip_file(json_lines), &["x.jsonl.gz:one a", "x.jsonl.gz:2 b"]),
            ("x.md.gz", &gzip_file(b"# T\n\nt"), &["x.md.gz T\n\nt"]),
            (
                "x.txt.gz",
                &gzip_file(&gzip_file(b"twice")),
                &["! x.txt.gz: holds an archive in an archive, which is not unpacked"],
            ),
            (
                "z.zip",
                &zip,
                &[
                    "z.zip/d/a.txt text",
                    "z.zip/b.jsonl:one a",
                    "z.zip/b.jsonl:2 b",
                    "z.zip/c.txt.gz packed",
                    "z.zip/page.doc A page",
                    "z.zip/README Read me.",
                    "! z.zip/g.md: looks like a binary file: it contains control characters",
                    "1 .bin",
                    "1 .zip",
                ],
            ),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(described_documents(name, bytes), expected, "{name}");
        }
    }

    #[test]
    fn content_takes_precedence_over_the_file_name() {
        let zip = zip_archive(&[("a.txt", b"text")]);
        assert_eq!(described_documents("x.txt", &zip), ["x.txt/a.txt text"]);
        assert_eq!(described_documents("x.txt", &gzip_file(b"packed")), ["x.txt packed"]);
        assert!(described_documents("x.zip", b"plain text")[0].contains("damaged or cut off"));
    }
}
