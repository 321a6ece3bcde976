//! The bytes of a file → its documents: one, one a line, or one for each file that is packed in it.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

#[cfg(feature = "archive")]
use std::iter;

#[cfg(feature = "archive")]
use super::format::archive::Limits;
use super::{Document, FieldMapping, Format, ReadLimits, completed, mapped_lines, read_within};
use crate::error::{Error, Result};

/// The documents of a file, in order; each that cannot be read is an error of its own.
type Documents<'a> = Box<dyn Iterator<Item = Result<Document>> + 'a>;

/// The documents in the bytes of a file. Ids begin with `id`; in an archive the path of the packed file
/// follows. Keys of JSON are those that `mapping` names. Packed files of kinds that are not read are counted in `skipped`.
#[cfg_attr(not(feature = "archive"), expect(unused_variables, reason = "nothing is packed then"))]
pub(crate) fn documents<'a>(
    format: Format,
    id: &str,
    bytes: &'a [u8],
    mapping: &'a FieldMapping,
    bounds: ReadLimits,
    skipped: &'a mut BTreeMap<String, u64>,
) -> Documents<'a> {
    match format {
        #[cfg(feature = "archive")]
        Format::Zip => packed(id, bytes, mapping, bounds, skipped),
        format => unpacked(format, id, Cow::Borrowed(bytes), mapping, bounds),
    }
}

/// What is said of a file that is not read: its extension.
pub(crate) fn kind(path: &Path) -> String {
    path.extension().map_or("no extension".to_owned(), |extension| {
        format!(".{}", extension.to_string_lossy().to_lowercase())
    })
}

/// The documents of a file that is no archive.
fn unpacked<'a>(
    format: Format,
    id: &str,
    bytes: Cow<'a, [u8]>,
    mapping: &FieldMapping,
    bounds: ReadLimits,
) -> Documents<'a> {
    match format {
        Format::JsonLines => {
            let lines = mapped_lines(id, Cursor::new(bytes), mapping.clone(), bounds);
            Box::new(lines.map(|document| document.and_then(completed)))
        }
        #[cfg(feature = "archive")]
        Format::Gzip => gunzipped(id, &bytes, mapping, bounds),
        format => {
            // A defect in a reader must not take the other files down.
            let read = || read_within(format, id, &bytes, mapping, bounds);
            let read = catch_unwind(AssertUnwindSafe(read));
            let failed = || refused(id, "the reader failed on it: please report this file");
            Box::new(read.unwrap_or_else(|_| vec![Err(failed())]).into_iter())
        }
    }
}

#[cfg(feature = "archive")]
fn gunzipped(
    id: &str,
    bytes: &[u8],
    mapping: &FieldMapping,
    bounds: ReadLimits,
) -> Documents<'static> {
    let inner = match super::format::archive::gunzip(bytes, Limits::within(bounds)) {
        Ok(inner) => inner,
        Err(reason) => return Box::new(iter::once(Err(refused(id, &reason)))),
    };
    let named = Path::new(id).file_stem().unwrap_or_default();
    match Format::told(Path::new(named), &inner).unwrap_or(Format::Text) {
        Format::Gzip | Format::Zip => {
            let reason = "holds an archive in an archive, which is not unpacked";
            Box::new(iter::once(Err(refused(id, reason))))
        }
        format => unpacked(format, id, Cow::Owned(inner), mapping, bounds),
    }
}

#[cfg(feature = "archive")]
fn packed<'a>(
    id: &str,
    bytes: &'a [u8],
    mapping: &'a FieldMapping,
    bounds: ReadLimits,
    skipped: &'a mut BTreeMap<String, u64>,
) -> Documents<'a> {
    let wanted = |path: &str| {
        let path = Path::new(path);
        let known = Format::of(path).is_some_and(|format| format != Format::Zip);
        if !known {
            *skipped.entry(kind(path)).or_default() += 1;
        }
        known
    };
    let entries = match super::format::archive::entries(bytes, Limits::within(bounds), wanted) {
        Ok(entries) => entries,
        Err(reason) => return Box::new(iter::once(Err(refused(id, &reason)))),
    };
    let id = id.to_owned();
    Box::new(entries.flat_map(move |(path, bytes)| {
        let id = format!("{id}/{path}");
        match bytes {
            Ok(bytes) => {
                let format = Format::told(Path::new(&path), &bytes).unwrap_or(Format::Text);
                unpacked(format, &id, Cow::Owned(bytes), mapping, bounds)
            }
            Err(reason) => Box::new(iter::once(Err(refused(&id, &reason)))),
        }
    }))
}

fn refused(id: &str, reason: &str) -> Error {
    Error::Document { id: id.to_owned(), reason: reason.to_owned() }
}

#[cfg(all(test, feature = "archive"))]
mod tests {
    use super::*;
    use crate::document::format::archive::{gzipped, packed};

    fn shown(name: &str, bytes: &[u8]) -> Vec<String> {
        let (mut skipped, mapping) = (BTreeMap::new(), FieldMapping::default());
        let format = Format::told(Path::new(name), bytes).unwrap_or(Format::Text);
        let mut shown: Vec<String> =
            documents(format, name, bytes, &mapping, ReadLimits::default(), &mut skipped)
                .map(|document| match document {
                    Ok(document) => format!("{} {}", document.id, document.text.trim()),
                    Err(error) => format!("! {error}"),
                })
                .collect();
        shown.extend(skipped.iter().map(|(kind, count)| format!("{count} {kind}")));
        shown
    }

    #[test]
    fn files_with_one_and_with_many_documents() {
        let lines = b"{\"id\":\"one\",\"text\":\"a\"}\n{\"text\":\"b\"}";
        let zip = packed(&[
            ("d/a.txt", b"text"),
            ("b.jsonl", lines),
            ("c.txt.gz", &gzipped(b"packed")),
            ("e.bin", b"x"),
            ("f.zip", &packed(&[("x.txt", b"x")])),
            ("g.md", b"a\0b"),
        ]);
        let cases: [(&str, &[u8], &[&str]); 5] = [
            ("x.txt", b"text", &["x.txt text"]),
            ("x.jsonl.gz", &gzipped(lines), &["one a", "x.jsonl.gz:2 b"]),
            ("x.md.gz", &gzipped(b"# T\n\nt"), &["x.md.gz T\n\nt"]),
            (
                "x.txt.gz",
                &gzipped(&gzipped(b"twice")),
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
                    "! z.zip/g.md: looks like a binary file: it holds control characters",
                    "1 .bin",
                    "1 .zip",
                ],
            ),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(shown(name, bytes), expected, "{name}");
        }
    }

    #[test]
    fn content_tells_more_than_the_name() {
        let zip = packed(&[("a.txt", b"text")]);
        assert_eq!(shown("x.txt", &zip), ["x.txt/a.txt text"]);
        assert_eq!(shown("x.txt", &gzipped(b"packed")), ["x.txt packed"]);
        assert!(shown("x.zip", b"plain text")[0].contains("damaged or cut off"));
    }
}
