//! Reads the bytes of a file as documents. A file holds one document, one per line, or the
//! documents of the files packed in it.
//!
//! Finally, each document gets the metadata that is inferred from its text: see
//! [`with_inferred_metadata`].

#[cfg(feature = "archive")]
use std::iter;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

#[cfg(feature = "archive")]
use super::format::archive::{self, ArchiveLimits};
use super::{
    format::{
        Format, Reader, encoding, field_mapping::FieldMapping, json_lines::read_mapped_json_lines,
    },
    limits::{ReadLimits, format_size},
    metadata,
    model::{Document, unreadable},
};
use crate::error::Result;

/// Documents of a file, in order. An unreadable document is an error, and does not prevent reading
/// the next document.
type Documents<'a> = Box<dyn Iterator<Item = Result<Document>> + 'a>;

/// Reads the document in the bytes of a file. If the file contains several documents, reads the
/// first: see [`read_all`].
///
/// # Errors
///
/// [`Error::Document`](crate::Error::Document) if the bytes cannot be read or hold no text.
pub fn read(format: Format, id: &str, bytes: &[u8]) -> Result<Document> {
    let first = read_all(format, id, bytes).into_iter().next();
    first.unwrap_or_else(|| Err(unreadable(id, "holds no text")))
}

/// Reads all documents in the bytes of a file, with their stated and inferred metadata. An
/// unreadable document is an error.
pub fn read_all(format: Format, id: &str, bytes: &[u8]) -> Vec<Result<Document>> {
    read_at_once(format, id, bytes, &FieldMapping::default(), ReadLimits::default())
}

/// Reads the documents in the bytes of a file, one at a time where the format allows this.
///
/// Ids begin with `id`, followed by the path of the packed file if the file is an archive.
/// `mapping` names the JSON keys of fields. `skipped` counts packed files of unsupported formats,
/// by extension.
#[cfg_attr(not(feature = "archive"), expect(unused_variables, reason = "needs archives"))]
pub(crate) fn read_documents<'a>(
    format: Format,
    id: &str,
    bytes: &'a [u8],
    mapping: &'a FieldMapping,
    limits: ReadLimits,
    skipped: &'a mut BTreeMap<String, u64>,
) -> Documents<'a> {
    match format.reader() {
        #[cfg(feature = "archive")]
        Some(Reader::Zip) => read_zip(id, bytes, mapping, limits, skipped),
        _ => read_file(format, id, Cow::Borrowed(bytes), mapping, limits),
    }
}

/// Returns the extension of a file in lower case (`.css`), or `no extension`. Skipped files are
/// counted by these labels.
pub(crate) fn extension_label(path: &Path) -> String {
    path.extension().map_or("no extension".to_owned(), |extension| {
        format!(".{}", extension.to_string_lossy().to_lowercase())
    })
}

/// Completes a document with the metadata and the language that are inferred from its text.
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
) -> Documents<'a> {
    match format.reader() {
        Some(Reader::JsonLines) => {
            let lines = read_mapped_json_lines(id, Cursor::new(bytes), mapping.clone(), limits);
            Box::new(lines.map(|document| document.and_then(with_inferred_metadata)))
        }
        #[cfg(feature = "archive")]
        Some(Reader::Gzip) => read_gzip(id, &bytes, mapping, limits),
        _ => {
            // A panic in a reader must not prevent reading the other files.
            let read = || read_at_once(format, id, &bytes, mapping, limits);
            let documents = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
                vec![Err(unreadable(
                    id,
                    "the program failed to read the file because of a defect: please report it",
                ))]
            });
            Box::new(documents.into_iter())
        }
    }
}

/// Reads all documents of a file that is not an archive.
fn read_at_once(
    format: Format,
    id: &str,
    bytes: &[u8],
    mapping: &FieldMapping,
    limits: ReadLimits,
) -> Vec<Result<Document>> {
    let one = |document: Result<Document, String>| {
        vec![document.map_err(|reason| unreadable(id, reason))]
    };
    let documents = match format.reader() {
        None => one(Err("this build of the program cannot read the file format".to_owned())),
        Some(Reader::Text(read)) => one(decode(bytes, limits).and_then(|text| read(id, text))),
        Some(Reader::Texts(read)) => match decode(bytes, limits) {
            Ok(text) => read(id, &text, mapping),
            Err(reason) => one(Err(reason)),
        },
        Some(Reader::JsonLines) => {
            read_mapped_json_lines(id, bytes, mapping.clone(), limits).collect()
        }
        #[cfg(any(feature = "archive", feature = "pdf"))]
        Some(Reader::Bytes(read)) => one(read(id, bytes, limits)),
        #[cfg(feature = "archive")]
        Some(Reader::Gzip | Reader::Zip) => one(Err("is packed: unpack it first".to_owned())),
    };
    let complete =
        |document: Document| check_text_size(document, limits).and_then(with_inferred_metadata);
    documents.into_iter().map(|document| document.and_then(complete)).collect()
}

/// Decodes the bytes of a text file.
fn decode(bytes: &[u8], limits: ReadLimits) -> Result<String, String> {
    if bytes.len() as u64 > limits.text() {
        return Err(format!("is text of more than {}", format_size(limits.text())));
    }
    encoding::decode(bytes)
}

/// Rejects a document whose text is too large. A packed file may contain more text than it has
/// bytes.
fn check_text_size(document: Document, limits: ReadLimits) -> Result<Document> {
    if document.text.len() as u64 > limits.text() {
        let reason = format!("holds text of more than {}", format_size(limits.text()));
        return Err(unreadable(&document.id, reason));
    }
    Ok(document)
}

#[cfg(feature = "archive")]
fn read_gzip(
    id: &str,
    bytes: &[u8],
    mapping: &FieldMapping,
    limits: ReadLimits,
) -> Documents<'static> {
    let inner = match archive::gunzip(bytes, ArchiveLimits::new(limits)) {
        Ok(inner) => inner,
        Err(reason) => return Box::new(iter::once(Err(unreadable(id, reason)))),
    };
    let name = Path::new(id).file_stem().unwrap_or_default();
    match Format::detect(Path::new(name), &inner).unwrap_or(Format::Text) {
        Format::Gzip | Format::Zip => {
            let reason = "holds an archive in an archive, which is not unpacked";
            Box::new(iter::once(Err(unreadable(id, reason))))
        }
        format => read_file(format, id, Cow::Owned(inner), mapping, limits),
    }
}

#[cfg(feature = "archive")]
fn read_zip<'a>(
    id: &str,
    bytes: &'a [u8],
    mapping: &'a FieldMapping,
    limits: ReadLimits,
    skipped: &'a mut BTreeMap<String, u64>,
) -> Documents<'a> {
    let is_read = |path: &str| {
        let path = Path::new(path);
        let is_read = Format::from_path(path).is_some_and(|format| format != Format::Zip);
        if !is_read {
            *skipped.entry(extension_label(path)).or_default() += 1;
        }
        is_read
    };
    let entries = match archive::unpack_entries(bytes, ArchiveLimits::new(limits), is_read) {
        Ok(entries) => entries,
        Err(reason) => return Box::new(iter::once(Err(unreadable(id, reason)))),
    };
    let id = id.to_owned();
    Box::new(entries.flat_map(move |(path, bytes)| {
        let id = format!("{id}/{path}");
        match bytes {
            Ok(bytes) => {
                let format = Format::detect(Path::new(&path), &bytes).unwrap_or(Format::Text);
                read_file(format, &id, Cow::Owned(bytes), mapping, limits)
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
                let mut end = 0;
                for block in &document.blocks {
                    let text = document.text.get(block.span.start..block.span.end);
                    proptest::prop_assert!(text.is_some(), "{format:?} {block:?}");
                    proptest::prop_assert!(block.span.start >= end && !block.span.is_empty());
                    end = block.span.end;
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
        fn anything_like_a_document_is_read_or_refused(
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

    fn read_lines(name: &str, bytes: &[u8]) -> Vec<String> {
        let (mut skipped, mapping) = (BTreeMap::new(), FieldMapping::default());
        let format = Format::detect(Path::new(name), bytes).unwrap_or(Format::Text);
        let documents =
            read_documents(format, name, bytes, &mapping, ReadLimits::default(), &mut skipped);
        let mut lines: Vec<String> = documents
            .map(|document| match document {
                Ok(document) => format!("{} {}", document.id, document.text.trim()),
                Err(error) => format!("! {error}"),
            })
            .collect();
        lines.extend(skipped.iter().map(|(extension, count)| format!("{count} {extension}")));
        lines
    }

    #[test]
    fn packed_files_are_read_by_their_format() {
        let lines = b"{\"id\":\"one\",\"text\":\"a\"}\n{\"text\":\"b\"}";
        let zip = zip_archive(&[
            ("d/a.txt", b"text"),
            ("b.jsonl", lines),
            ("c.txt.gz", &gzip_file(b"packed")),
            ("e.bin", b"x"),
            ("f.zip", &zip_archive(&[("x.txt", b"x")])),
            ("g.md", b"a\0b"),
        ]);
        let cases: [(&str, &[u8], &[&str]); 5] = [
            ("x.txt", b"text", &["x.txt text"]),
            ("x.jsonl.gz", &gzip_file(lines), &["one a", "x.jsonl.gz:2 b"]),
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
                    "one a",
                    "z.zip/b.jsonl:2 b",
                    "z.zip/c.txt.gz packed",
                    "! z.zip/g.md: looks like a binary file: it contains control characters",
                    "1 .bin",
                    "1 .zip",
                ],
            ),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(read_lines(name, bytes), expected, "{name}");
        }
    }

    #[test]
    fn content_decides_against_the_name() {
        let zip = zip_archive(&[("a.txt", b"text")]);
        assert_eq!(read_lines("x.txt", &zip), ["x.txt/a.txt text"]);
        assert_eq!(read_lines("x.txt", &gzip_file(b"packed")), ["x.txt packed"]);
        assert!(read_lines("x.zip", b"plain text")[0].contains("damaged or cut off"));
    }
}
