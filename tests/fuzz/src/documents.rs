//! The bytes of a file of any format → documents whose spans are right, whoever made the file.

use std::{fmt::Write as _, fs, io::Write, path::Path};

use gz_search::{
    Document, Error, Index,
    document::{Block, BlockKind, Format, read_all},
    index::{UpdateOptions, update},
    passage::passages,
};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::Deed;

thread_local! {
    static FOLDER: TempDir = tempfile::tempdir().expect("a folder can be made");
}

/// Reads a file. The first line names a format by an extension, the rest are the bytes of the file. A format that is a zip
/// archive is given by its parts, each below a line `@@ NAME`, so that no checksum keeps them from the reader; `raw` after
/// the extension takes the bytes as the archive. Other names are those of a file that is found in a folder.
pub fn documents(bytes: &[u8]) -> Deed {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let (kind, content) = bytes.split_at(end);
    let content = content.get(1..).unwrap_or_default();
    match kind {
        b"zip" => return indexed("file.zip", content),
        b"gzip" => return indexed("file.txt.gz", content),
        b"ignore" => return indexed(".gzsearchignore", content),
        _ => {}
    }
    let (extension, is_raw) = match kind.strip_suffix(b" raw") {
        Some(extension) => (extension, true),
        None => (kind, false),
    };
    let name = format!("file.{}", String::from_utf8_lossy(extension));
    let Some(format) = Format::from_path(Path::new(&name)) else {
        return indexed("file", content);
    };
    let is_package = !is_raw && content.starts_with(b"@@ ");
    let file = if is_package { package(content) } else { content.to_vec() };
    let mut deed = format!("{format:?}");
    for document in read_all(format, "id", &file) {
        match document {
            Ok(document) => deed.push_str(&checked(&document)),
            Err(Error::Document { reason, .. }) => {
                assert!(!reason.is_empty(), "no reason");
                deed.extend(reason.chars().filter(|c| !c.is_numeric()).take(40));
            }
            Err(error) => panic!("not an error of a document: {error}"),
        }
    }
    deed
}

/// What must hold for a document; which of its fields there are, and the order of its blocks.
fn checked(document: &Document) -> Deed {
    let text = &document.text;
    assert!(!document.id.is_empty(), "no id");
    assert!(!text.trim().is_empty(), "no text");
    let mut deed = format!(
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
        if !deed.ends_with(letter) {
            deed.push(letter);
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
    write!(deed, " {}", passages.len().min(3)).expect("a text can be written");
    deed
}

/// A file that is found in a folder beside another one: told by its content, unpacked, indexed.
fn indexed(name: &str, content: &[u8]) -> Deed {
    FOLDER.with(|folder| {
        let beside = folder.path().join("a.txt");
        fs::write(&beside, "A port opened.").expect("the folder can be written");
        let path = folder.path().join(name);
        fs::write(&path, content).expect("the folder can be written");
        let index = Index::in_memory();
        let mut writer = index.writer().expect("memory can be written");
        let (roots, options) = ([folder.path().to_owned()], UpdateOptions::default());
        let found =
            update(&mut writer, &roots, &options, &std::sync::atomic::AtomicBool::new(false));
        fs::remove_file(&path).expect("the folder can be written");
        writer.commit().expect("memory can be written");
        let found = match found {
            Ok(found) => found,
            Err(Error::InvalidArgument { reason, .. }) if name == ".gzsearchignore" => {
                return reason;
            }
            Err(error) => panic!("a file is no error of the run: {error}"),
        };
        let mut deed = format!("{name} {} {:?}", found.added.min(4), found.skipped.keys());
        for failure in &found.failures {
            let reason = &failure.reason;
            assert!(!reason.contains("please report"), "a defect: {reason}");
            deed.extend(reason.chars().filter(|c| !c.is_numeric()).take(40));
        }
        deed
    })
}

/// A zip archive of the parts that are written in `text`, not compressed.
fn package(text: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_prefix(b"@@ ") {
            // A name that is there twice is refused; its lines are those of the part before.
            Some(name) => {
                drop(zip.start_file(String::from_utf8_lossy(name.trim_ascii_end()), stored));
            }
            // Nothing stands before the first part.
            None => drop(zip.write_all(line)),
        }
    }
    zip.finish().expect("memory can be written").into_inner()
}
