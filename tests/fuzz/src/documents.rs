//! Target `documents`: a file of any format is read with valid spans, or refused with a reason.

use std::{fmt::Write as _, fs, io::Write, path::Path};

use gz_search::{
    Document, Error, Index,
    document::{Block, BlockKind, Format, read_all},
    index::{UpdateOptions, update},
    passage::passages,
};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::Outcome;

thread_local! {
    static FOLDER: TempDir = tempfile::tempdir().expect("a folder can be made");
}

/// Reads a file: the first line names its format by an extension, the other lines are its bytes.
///
/// The input of a zipped format lists the parts of the archive, each below a line `@@ NAME`, so that mutations do not
/// break the checksums; with `raw` after the extension, the bytes are the archive itself. The names `zip`, `gzip`,
/// `bzip2`, `xz`, `zstandard` and `ignore`, and unknown names, stand for a file that is indexed from a folder.
pub fn documents(bytes: &[u8]) -> Outcome {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let (kind, content) = bytes.split_at(end);
    let content = content.get(1..).unwrap_or_default();
    match kind {
        b"zip" => return index_file("file.zip", content),
        b"gzip" => return index_file("file.txt.gz", content),
        b"bzip2" => return index_file("file.txt.bz2", content),
        b"xz" => return index_file("file.txt.xz", content),
        b"zstandard" => return index_file("file.txt.zst", content),
        b"ignore" => return index_file(".gzsearchignore", content),
        _ => {}
    }
    let (extension, is_raw) = match kind.strip_suffix(b" raw") {
        Some(extension) => (extension, true),
        None => (kind, false),
    };
    let name = format!("file.{}", String::from_utf8_lossy(extension));
    let Some(format) = Format::from_path(Path::new(&name)) else {
        return index_file("file", content);
    };
    let is_package = !is_raw && content.starts_with(b"@@ ");
    let file = if is_package { package(content) } else { content.to_vec() };
    let mut outcome = format!("{format:?}");
    for document in read_all(format, "id", &file) {
        match document {
            Ok(document) => outcome.push_str(&check_document(&document)),
            Err(Error::Document { reason, .. }) => {
                assert!(!reason.is_empty(), "no reason");
                outcome.extend(reason.chars().filter(|c| !c.is_numeric()).take(40));
            }
            Err(error) => panic!("not an error of a document: {error}"),
        }
    }
    outcome
}

/// Checks the spans of a document, and returns the names of its fields and the order of its blocks.
fn check_document(document: &Document) -> Outcome {
    let text = &document.text;
    assert!(!document.id.is_empty(), "no id");
    assert!(!text.trim().is_empty(), "no text");
    let mut outcome = format!(
        "{} {} {} {} {} {}",
        document.title.is_some(),
        document.issuer.is_some(),
        document.date.is_some(),
        document.number.is_some(),
        document.pages.len().min(3),
        document.metadata.len().min(3)
    );
    let mut end = 0;
    for Block { span, kind } in &document.blocks {
        assert!(text.get(span.start..span.end).is_some(), "not a slice: {span:?} of {text:?}");
        assert!(span.start >= end, "blocks out of order: {:?}", document.blocks);
        end = span.end;
        let letter = match kind {
            BlockKind::Title => 't',
            BlockKind::Heading(_) => 'h',
            BlockKind::Paragraph => 'p',
        };
        if !outcome.ends_with(letter) {
            outcome.push(letter);
        }
    }
    let mut end = 0;
    let passages = passages(document);
    for (ordinal, passage) in passages.iter().enumerate() {
        let span = passage.span;
        assert!(passage.ordinal as usize == ordinal, "passages are not numbered");
        assert!(!span.of(text).trim().is_empty(), "an empty passage: {span:?} of {text:?}");
        assert!(span.start >= end, "passages out of order: at {end} and {span:?}");
        end = span.end;
    }
    write!(outcome, " {}", passages.len().min(3)).expect("a text can be written");
    outcome
}

/// Indexes a folder with this file and a valid file. The index run detects the format of this file, unpacks it and
/// reads it.
fn index_file(name: &str, content: &[u8]) -> Outcome {
    FOLDER.with(|folder| {
        let valid = folder.path().join("a.txt");
        fs::write(&valid, "A port opened.").expect("the folder can be written");
        let path = folder.path().join(name);
        fs::write(&path, content).expect("the folder can be written");
        let index = Index::in_memory();
        let mut writer = index.writer().expect("memory can be written");
        let (roots, options) = ([folder.path().to_owned()], UpdateOptions::default());
        let updated =
            update(&mut writer, &roots, &options, &std::sync::atomic::AtomicBool::new(false));
        fs::remove_file(&path).expect("the folder can be written");
        writer.commit().expect("memory can be written");
        let report = match updated {
            Ok(report) => report,
            Err(Error::InvalidArgument { reason, .. }) if name == ".gzsearchignore" => {
                return reason;
            }
            Err(error) => panic!("one file failed the whole run: {error}"),
        };
        let mut outcome = format!("{name} {} {:?}", report.added.min(4), report.skipped.keys());
        for failure in &report.failures {
            let reason = &failure.reason;
            assert!(!reason.contains("please report"), "a defect: {reason}");
            outcome.extend(reason.chars().filter(|c| !c.is_numeric()).take(40));
        }
        outcome
    })
}

/// Returns an uncompressed zip archive of the parts that `text` lists.
fn package(text: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_prefix(b"@@ ") {
            // The writer refuses a second part with the same name, so the lines of the second part go to the part
            // before.
            Some(name) => {
                drop(zip.start_file(String::from_utf8_lossy(name.trim_ascii_end()), stored));
            }
            // Lines before the first part are refused and dropped.
            None => drop(zip.write_all(line)),
        }
    }
    zip.finish().expect("memory can be written").into_inner()
}
