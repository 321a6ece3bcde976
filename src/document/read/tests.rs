//! Tests the reading of small files of several formats.

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

/// Checks that the documents of the bytes, read in any format, have text, and blocks that do not overlap.
fn check_documents(bytes: &[u8]) -> Result<(), proptest::test_runner::TestCaseError> {
    for format in Format::ALL {
        for document in read_all(*format, "x", bytes).into_iter().flatten() {
            let mut previous_end = 0;
            for block in &document.blocks {
                let text = document.text.get(block.span.start..block.span.end);
                proptest::prop_assert!(text.is_some(), "{format:?} {block:?}");
                proptest::prop_assert!(block.span.start >= previous_end && !block.span.is_empty());
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

#[cfg(feature = "archive")]
mod archives {
    use super::*;
    use crate::document::format::{archive::zip_archive, compressed::gzip_file};

    /// Returns the id and the text of each document of a file, its errors, and the number of skipped files by
    /// extension.
    fn describe_documents(name: &str, bytes: &[u8]) -> Vec<String> {
        let (mut skipped, mapping) = (BTreeMap::new(), FieldMapping::default());
        let format = Format::detect(Path::new(name), bytes).unwrap_or(Format::Text);
        let settings = ReadSettings::new(&mapping, ReadLimits::default());
        let documents = read_documents(format, name, bytes, settings, &mut skipped);
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
            assert_eq!(describe_documents(name, bytes), expected, "{name}");
        }
    }

    #[test]
    fn content_takes_precedence_over_the_file_name() {
        let zip = zip_archive(&[("a.txt", b"text")]);
        assert_eq!(describe_documents("x.txt", &zip), ["x.txt/a.txt text"]);
        assert_eq!(describe_documents("x.txt", &gzip_file(b"packed")), ["x.txt packed"]);
        assert!(describe_documents("x.zip", b"plain text")[0].contains("damaged or cut off"));
    }
}
