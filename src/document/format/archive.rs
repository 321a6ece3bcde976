//! Unpacks gzip files and zip archives, within limits against decompression bombs.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::document::limits::ReadLimits;

/// Number of bytes to which even the smallest archive may expand, whatever the ratio of sizes.
const MIN_ALLOWANCE: u64 = 16 << 20;

/// Limits of the size to which an archive may expand. An archive that exceeds a limit is rejected
/// as a decompression bomb.
#[derive(Debug, Clone, Copy)]
pub(in crate::document) struct ArchiveLimits {
    /// Maximum number of bytes of one entry.
    entry: u64,
    /// Maximum number of bytes of all entries together.
    total: u64,
    /// Maximum number of bytes of all entries together per byte of the archive. At least
    /// [`MIN_ALLOWANCE`] bytes are allowed.
    ratio: u64,
    /// Maximum number of entries.
    entries: usize,
}

impl ArchiveLimits {
    pub(in crate::document) const fn new(limits: ReadLimits) -> Self {
        // Compression shrinks text by a factor of 20, repetitive markup by 50, and zeros by 1000.
        Self { entry: limits.packed_file(), total: 4 << 30, ratio: 200, entries: 100_000 }
    }
}

/// Number of bytes to which an archive may still expand.
#[derive(Debug)]
struct Budget {
    left: u64,
    entry: u64,
    /// Whether the ratio to the size of the archive limits the budget, rather than the limit of the
    /// total.
    is_by_ratio: bool,
}

impl Budget {
    fn new(limits: ArchiveLimits, archive_size: usize) -> Self {
        let by_ratio = (archive_size as u64).saturating_mul(limits.ratio).max(MIN_ALLOWANCE);
        Self {
            left: by_ratio.min(limits.total),
            entry: limits.entry,
            is_by_ratio: by_ratio < limits.total,
        }
    }

    /// Reads `reader` to its end. The error is the reason why this failed.
    fn read(&mut self, reader: impl Read) -> Result<Vec<u8>, String> {
        let allowed = self.left.min(self.entry);
        let mut bytes = Vec::new();
        reader
            .take(allowed + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("is damaged or cut off: {error}"))?;
        let length = bytes.len() as u64;
        if length > self.entry {
            return Err(format!("expands to more than {} MiB", self.entry >> 20));
        }
        if length > allowed {
            self.left = 0;
            let extent = if self.is_by_ratio { "to many times its size" } else { "without end" };
            return Err(format!("expands {extent}: it is rejected as a decompression bomb"));
        }
        self.left -= length;
        Ok(bytes)
    }
}

/// Returns the content of a gzip file. The contents of several members are joined.
pub(in crate::document) fn gunzip(bytes: &[u8], limits: ArchiveLimits) -> Result<Vec<u8>, String> {
    Budget::new(limits, bytes.len()).read(flate2::read::MultiGzDecoder::new(bytes))
}

/// An open zip archive, or an open file of a format that is based on zip.
#[derive(Debug)]
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    budget: Budget,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: ArchiveLimits) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| format!("is damaged or cut off: {error}"))?;
        if archive.len() > limits.entries {
            return Err(format!("has {} entries, more than {}", archive.len(), limits.entries));
        }
        Ok(Self { archive, budget: Budget::new(limits, bytes.len()) })
    }

    /// Returns whether the archive has a member with the given name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Returns the content of the member with the given name; `None` if there is none.
    pub(super) fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        self.content(index).map(Some).map_err(|reason| format!("{name} {reason}"))
    }

    fn content(&mut self, index: usize) -> Result<Vec<u8>, String> {
        match self.archive.by_index(index) {
            Ok(file) if file.encrypted() => Err("is protected by a password".to_owned()),
            Ok(file) => self.budget.read(file),
            Err(zip::result::ZipError::UnsupportedArchive(why)) => {
                Err(if why.contains("assword") {
                    "is protected by a password".to_owned()
                } else {
                    format!("uses an unsupported compression method: {why}")
                })
            }
            Err(error) => Err(format!("is damaged: {error}")),
        }
    }

    /// Returns the path of an entry; `None` for folders, links and hidden files.
    fn path(&self, index: usize) -> Option<String> {
        let entry = self.archive.by_index_data(index).ok()?;
        if entry.is_dir() || entry.is_symlink() {
            return None;
        }
        let raw = entry.name_raw();
        // Names are in UTF-8, or in the encoding of the system that wrote the archive. In China
        // this is mostly GBK.
        let name = match std::str::from_utf8(raw) {
            Ok(name) => name.to_owned(),
            Err(_) => match encoding_rs::GB18030.decode(raw) {
                (name, _, false) => name.into_owned(),
                _ => entry.name().ok()?.into_owned(),
            },
        };
        let parts: Vec<&str> =
            name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
        let is_hidden = |part: &&str| part.starts_with('.') || *part == "__MACOSX";
        (!parts.is_empty() && !parts.iter().any(is_hidden)).then(|| parts.join("/"))
    }
}

/// Unpacks the files of a zip archive whose paths `is_read` accepts, in the order of the archive.
///
/// Each item is the path of a file, with its content or the reason why the file cannot be read. The
/// iteration ends after a decompression bomb.
pub(in crate::document) fn entries<'a>(
    bytes: &'a [u8],
    limits: ArchiveLimits,
    mut is_read: impl FnMut(&str) -> bool + 'a,
) -> Result<impl Iterator<Item = (String, Result<Vec<u8>, String>)> + 'a, String> {
    let mut package = Package::open(bytes, limits)?;
    let indexes = 0..package.archive.len();
    Ok(indexes.filter_map(move |index| {
        let path = package.path(index).filter(|path| package.budget.left > 0 && is_read(path))?;
        let content = package.content(index);
        Some((path, content))
    }))
}

/// Returns a zip archive of the given files, as pairs of path and content.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests make it")]
pub(in crate::document) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;

    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Returns a gzip file of the given bytes.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests make it")]
pub(in crate::document) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIGHT: ArchiveLimits =
        ArchiveLimits { entry: 40 << 20, total: 64 << 20, ratio: 200, entries: 10 };

    fn list(bytes: &[u8]) -> Vec<String> {
        match entries(bytes, TIGHT, |path| path != "picture.png") {
            Err(reason) => vec![reason],
            Ok(entries) => entries
                .map(|(path, bytes)| match bytes {
                    Ok(bytes) => format!("{path} {}", bytes.len()),
                    Err(reason) => format!("{path} {reason}"),
                })
                .collect(),
        }
    }

    #[test]
    fn entries_have_clean_paths() {
        let zip = zipped(&[
            ("a/b.txt", b"text"),
            ("c\\d.txt", b"x"),
            ("../../e.txt", b"y"),
            ("__MACOSX/a.txt", b"x"),
            (".hidden/a.txt", b"x"),
            ("picture.png", b"x"),
        ]);
        assert_eq!(list(&zip), ["a/b.txt 4", "c/d.txt 1"]);
        let cut = &zip[..zip.len() - 30];
        assert!(list(cut)[0].contains("damaged or cut off"), "{:?}", list(cut));
        let many: Vec<_> = (0..11).map(|n| format!("{n}.txt")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(list(&zipped(&many)), ["has 11 entries, more than 10"]);
    }

    #[test]
    fn nothing_comes_after_a_bomb() {
        let zeros = vec![0; 18 << 20];
        let entries = list(&zipped(&[("a.txt", b"text"), ("b.txt", &zeros), ("c.txt", b"text")]));
        assert_eq!(entries.len(), 2);
        assert!(entries[1].contains("bomb"), "{entries:?}");
        let spread = [("a.txt", &zeros[..9 << 20]), ("b.txt", &zeros[..9 << 20])];
        assert!(list(&zipped(&spread))[1].contains("bomb"));
        assert!(gunzip(&gzipped(&zeros), TIGHT).unwrap_err().contains("bomb"));
        let big = ArchiveLimits { entry: 17 << 20, total: u64::MAX, ratio: 10_000, entries: 1 };
        assert_eq!(gunzip(&gzipped(&zeros), big).unwrap_err(), "expands to more than 17 MiB");
    }

    #[test]
    fn gzip_files_may_be_joined_or_broken() {
        let one = gzipped(b"one ");
        let two = [one.clone(), gzipped(b"two")].concat();
        assert_eq!(gunzip(&two, TIGHT).unwrap(), b"one two");
        assert!(gunzip(&one[..one.len() - 6], TIGHT).unwrap_err().contains("cut off"));
        assert!(gunzip(b"\x1f\x8b", TIGHT).is_err());
    }

    proptest::proptest! {
        #[test]
        fn broken_archives_never_panic(
            flips in proptest::collection::vec((0_usize..400, 0_u8..=255), 1..8)
        ) {
            let mut zip = zipped(&[("a.txt", b"some text"), ("b/c.txt", b"more text")]);
            for (at, byte) in flips {
                let length = zip.len();
                zip[at % length] = byte;
            }
            list(&zip);
        }
    }
}
