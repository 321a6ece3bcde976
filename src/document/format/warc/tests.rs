//! Tests the reader of web archives with handwritten archives.

use std::{collections::BTreeMap, path::Path};

use crate::document::{
    Document, Format,
    format::{compressed::gzip_file, field_mapping::FieldMapping},
    limits::ReadLimits,
    read::{ReadSettings, read_documents},
    read_all,
};

/// Returns a record with the given header fields, in which `;` separates the fields.
fn record(fields: &str, content: &[u8]) -> Vec<u8> {
    let fields = fields.replace(';', "\r\n");
    let head = format!("WARC/1.0\r\n{fields}\r\nContent-Length: {}\r\n\r\n", content.len());
    [head.as_bytes(), content, b"\r\n\r\n"].concat()
}

fn response(address: &str, head: &str, content: &[u8]) -> Vec<u8> {
    let answer = [format!("{}\r\n\r\n", head.replace(';', "\r\n")).as_bytes(), content].concat();
    let fields = format!(
        "WARC-Type: response;WARC-Target-URI: {address};WARC-Date: 2025-12-17T08:30:00Z;\
         Content-Type: application/http"
    );
    record(&fields, &answer)
}

const HTML_PAGE: &[u8] =
    b"<html><title>Port News</title><h1>Port News</h1><p>A port opened.</p></html>";
const HTML_HEAD: &str = "HTTP/1.1 200 OK;Content-Type: text/html";

fn read_archive(bytes: &[u8]) -> Vec<Result<Document, String>> {
    let documents = read_all(Format::Warc, "a.warc", bytes).into_iter();
    documents.map(|document| document.map_err(|error| error.to_string())).collect()
}

fn describe_archive(bytes: &[u8]) -> Vec<String> {
    let describe = |document: Result<Document, String>| match document {
        Ok(document) => format!("{} {}", document.id, document.text.trim().replace('\n', " ")),
        Err(reason) => reason,
    };
    read_archive(bytes).into_iter().map(describe).collect()
}

#[test]
fn pages_have_their_address_and_the_time_of_the_capture() {
    let archive = [
        record("WARC-Type: warcinfo", b"software: x"),
        response("https://ports.example/news/1", HTML_HEAD, HTML_PAGE),
        record("WARC-Type: request;WARC-Target-URI: https://ports.example/", b"GET / HTTP/1.1"),
        response("https://ports.example/empty", HTML_HEAD, b" "),
        record(
            "WARC-Type: resource;WARC-Target-URI: metadata://crawler/log;Content-Type: text/plain",
            b"Saved a page.",
        ),
    ]
    .concat();
    let documents = read_archive(&archive);
    assert_eq!(documents.len(), 1);
    let document = documents[0].as_ref().unwrap();
    assert_eq!(document.id, "a.warc:1");
    assert_eq!(document.title.as_deref(), Some("Port News"));
    assert_eq!(document.url.as_deref(), Some("https://ports.example/news/1"));
    assert_eq!(document.metadata["saved"], "2025-12-17T08:30:00Z");
    assert_eq!(document.date, None);
}

#[test]
fn responses_are_unpacked_and_read_by_their_media_type() {
    let chunks = b"6\r\nA port\r\n9;x=y\r\n opened. \r\n0\r\n\r\n";
    let plain = "HTTP/1.1 200 OK;Content-Type: text/plain; charset=utf-8";
    let cases: [(&str, String, Vec<u8>, Option<&str>); 11] = [
        ("http://a/b.txt", plain.to_owned(), b"A port opened.".to_vec(), Some("A port opened.")),
        (
            "http://a/n?id=1",
            HTML_HEAD.to_owned(),
            HTML_PAGE.to_vec(),
            Some("Port News  A port opened."),
        ),
        (
            "http://a/n",
            format!("{plain};Transfer-Encoding: chunked"),
            chunks.to_vec(),
            Some("A port opened."),
        ),
        (
            "http://a/n",
            format!("{plain};Transfer-Encoding: chunked"),
            b"A port opened.".to_vec(),
            Some("A port opened."),
        ),
        (
            "http://a/n",
            format!("{plain};Content-Encoding: gzip"),
            gzip_file(b"A port opened."),
            Some("A port opened."),
        ),
        (
            "http://a/n",
            format!("{plain};Content-Encoding: gzip"),
            b"A port opened.".to_vec(),
            Some("A port opened."),
        ),
        (
            "http://a/n.md",
            plain.to_owned(),
            b"# Ports\n\nA port opened.".to_vec(),
            Some("Ports  A port opened."),
        ),
        ("http://a/robots.txt", plain.to_owned(), b"User-agent: *".to_vec(), None),
        (
            "http://a/b.css",
            "HTTP/1.1 200 OK;Content-Type: text/css".to_owned(),
            b"p { }".to_vec(),
            None,
        ),
        (
            "http://a/n",
            "HTTP/1.1 404 Not Found;Content-Type: text/html".to_owned(),
            HTML_PAGE.to_vec(),
            None,
        ),
        ("http://a/n", "HTTP/1.1 301 Moved;Location: /m".to_owned(), b"moved".to_vec(), None),
    ];
    for (address, head, content, expected) in cases {
        let texts = describe_archive(&response(address, &head, &content));
        let texts: Vec<&str> =
            texts.iter().map(|text| text.trim_start_matches("a.warc:1 ")).collect();
        let expected: Vec<&str> = expected.into_iter().collect();
        assert_eq!(texts, expected, "{address} {head}");
    }
}

#[cfg(feature = "compression")]
#[test]
fn responses_in_newer_compressions_are_unpacked() {
    // `A port opened.`, compressed by Brotli 1.1.
    let brotli = b"\x8b\x06\x80\x41\x20\x70\x6f\x72\x74\x20\x6f\x70\x65\x6e\x65\x64\x2e\x03";
    let zstandard = zstd::stream::encode_all(&b"A port opened."[..], 3).unwrap();
    for (coding, content) in [("br", brotli.to_vec()), ("zstd", zstandard)] {
        let head = format!("HTTP/1.1 200 OK;Content-Type: text/plain;Content-Encoding: {coding}");
        assert_eq!(
            describe_archive(&response("http://a/n", &head, &content)),
            ["a.warc:1 A port opened."]
        );
    }
}

#[test]
fn damage_is_reported_and_the_files_before_it_are_read() {
    let page = response("http://a/n", HTML_HEAD, HTML_PAGE);
    let first = "a.warc:1 Port News  A port opened.";
    for (rest, reason) in [
        (&page[..page.len() - 20], "a.warc: is cut off: its last record is incomplete"),
        (b"plain text\n", "a.warc: is no web archive, or damaged: a record has no header"),
        (
            b"WARC/1.0\r\nWARC-Type: x\r\n\r\n",
            "a.warc: is damaged: a record does not state its length",
        ),
    ] {
        assert_eq!(describe_archive(&[&page, rest].concat()), [first, reason]);
    }
    let unknown = "HTTP/1.1 200 OK;Content-Type: text/html;Content-Encoding: lzx";
    let broken = [response("http://a/n", unknown, b"x"), page].concat();
    assert_eq!(
        describe_archive(&broken),
        [
            "a.warc:1: is compressed by lzx, which is not supported",
            "a.warc:2 Port News  A port opened."
        ]
    );
}

#[test]
fn compressed_archives_are_read_record_by_record() {
    let records = [
        record("WARC-Type: warcinfo", b"software: x"),
        response("http://a/1", HTML_HEAD, HTML_PAGE),
        record(
            "WARC-Type: resource;WARC-Target-URI: http://a/2.txt;Content-Type: text/plain",
            b"A ship came.",
        ),
    ];
    let archive: Vec<u8> = records.iter().flat_map(|record| gzip_file(record)).collect();
    let (mapping, mut skipped) = (FieldMapping::default(), BTreeMap::new());
    let name = "crawl.warc.gz";
    let format = Format::detect(Path::new(name), &archive).unwrap();
    let settings = ReadSettings::new(&mapping, ReadLimits::default());
    let documents = read_documents(format, name, &archive, settings, &mut skipped);
    let described: Vec<String> = documents
        .map(Result::unwrap)
        .map(|document| format!("{} {}", document.id, document.url.unwrap()))
        .collect();
    assert_eq!(described, ["crawl.warc.gz:1 http://a/1", "crawl.warc.gz:2 http://a/2.txt"]);
}

proptest::proptest! {
    #[test]
    fn broken_archives_never_panic(flips in proptest::collection::vec((0_usize..400, 0_u8..=255), 1..8)) {
        let mut archive = response("http://a/n", "HTTP/1.1 200 OK;Transfer-Encoding: chunked", b"5\r\nports\r\n0\r\n");
        for (at, byte) in flips {
            let length = archive.len();
            archive[at % length] = byte;
        }
        read_archive(&archive);
    }
}
