//! Unpacks gzip files and zip archives, within limits against decompression bombs.

use std::{
    borrow::Cow,
    io::{self, Cursor, Read},
};

use flate2::bufread::GzDecoder;
use zip::ZipArchive;

use crate::document::limits::ReadLimits;

/// Number of bytes to which every archive may expand, even if [`ArchiveLimits::max_expansion_ratio`] allows less.
const MIN_ALLOWED_BYTES: u64 = 16 << 20;

/// Number of bytes at the beginning of a packed file from which its format is detected.
const BEGINNING_BYTES: u64 = 4_096;

/// Limits of the size to which an archive may expand. An archive that exceeds a limit is rejected
/// as a decompression bomb.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "each limit is a maximum")]
pub(in crate::document) struct ArchiveLimits {
    /// Maximum unpacked size of one entry, in bytes.
    max_entry_bytes: u64,
    /// Maximum unpacked size of all entries together, in bytes.
    max_total_bytes: u64,
    /// Maximum unpacked size of all entries together, as a multiple of the size of the archive. The
    /// limit is never lower than [`MIN_ALLOWED_BYTES`].
    max_expansion_ratio: u64,
    /// Maximum number of entries.
    max_entries: usize,
}

impl ArchiveLimits {
    pub(in crate::document) const fn new(limits: ReadLimits) -> Self {
        // Compression shrinks text by a factor of 20, repetitive markup by 50, and zeros by 1000.
        Self {
            max_entry_bytes: limits.max_packed_file_bytes(),
            max_total_bytes: 4 << 30,
            max_expansion_ratio: 200,
            max_entries: 100_000,
        }
    }
}

/// Remaining number of bytes to which the entries of an archive may expand.
#[derive(Debug)]
struct ExpansionBudget {
    bytes_left: u64,
    /// Maximum unpacked size of one entry, in bytes.
    max_entry_bytes: u64,
    /// Whether [`ArchiveLimits::max_expansion_ratio`] is the limit that determines the budget. If not,
    /// [`ArchiveLimits::max_total_bytes`] does.
    is_limited_by_ratio: bool,
}

impl ExpansionBudget {
    fn new(limits: ArchiveLimits, archive_size: usize) -> Self {
        let max_bytes_by_ratio =
            (archive_size as u64).saturating_mul(limits.max_expansion_ratio).max(MIN_ALLOWED_BYTES);
        Self {
            bytes_left: max_bytes_by_ratio.min(limits.max_total_bytes),
            max_entry_bytes: limits.max_entry_bytes,
            is_limited_by_ratio: max_bytes_by_ratio < limits.max_total_bytes,
        }
    }

    /// Reads the content of an entry from `reader`, and deducts its size from the budget.
    ///
    /// # Errors
    ///
    /// Returns the reason if the entry cannot be read or exceeds a limit.
    fn read_entry(&mut self, reader: impl Read) -> Result<Vec<u8>, String> {
        let allowed_bytes = self.bytes_left.min(self.max_entry_bytes);
        let mut bytes = Vec::new();
        reader
            .take(allowed_bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("is damaged or cut off: {error}"))?;
        let length = bytes.len() as u64;
        if length > self.max_entry_bytes {
            return Err(format!("expands to more than {} MiB", self.max_entry_bytes >> 20));
        }
        if length > allowed_bytes {
            self.bytes_left = 0;
            let expansion_description =
                if self.is_limited_by_ratio { "to many times its size" } else { "without end" };
            return Err(format!(
                "expands {expansion_description}: it is rejected as a decompression bomb"
            ));
        }
        self.bytes_left -= length;
        Ok(bytes)
    }
}

/// First bytes of each member of a gzip file (RFC 1952).
const GZIP_SIGNATURE: &[u8] = &[0x1F, 0x8B];

/// Returns the unpacked content of a gzip file. If the file has several members, their contents are joined. Bytes after
/// the last member, such as the padding of a tape, are ignored.
pub(in crate::document) fn gunzip(bytes: &[u8], limits: ArchiveLimits) -> Result<Vec<u8>, String> {
    let members = GzipMembers(GzDecoder::new(bytes));
    ExpansionBudget::new(limits, bytes.len()).read_entry(members)
}

/// Reader of the contents of the members of a gzip file.
struct GzipMembers<'a>(GzDecoder<&'a [u8]>);

impl Read for GzipMembers<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.0.read(buffer)?;
            let following_bytes = *self.0.get_ref();
            if length > 0 || buffer.is_empty() || !following_bytes.starts_with(GZIP_SIGNATURE) {
                return Ok(length);
            }
            self.0 = GzDecoder::new(following_bytes);
        }
    }
}

/// An open zip archive, or an open file of a format that is based on zip. Counts the unpacked bytes of all its entries
/// together.
#[derive(Debug)]
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    budget: ExpansionBudget,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: ArchiveLimits) -> Result<Self, String> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| format!("is damaged or cut off: {error}"))?;
        if archive.len() > limits.max_entries {
            return Err(format!("has {} entries, more than {}", archive.len(), limits.max_entries));
        }
        Ok(Self { archive, budget: ExpansionBudget::new(limits, bytes.len()) })
    }

    /// Returns whether the archive has a member with the given name.
    pub(super) fn has_member(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Returns the content of the member with the given name. `None` if the archive has no such
    /// member.
    pub(super) fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        self.entry_content(index).map(Some).map_err(|reason| format!("{name} {reason}"))
    }

    /// Returns the content of the member with the given name, or else of the member whose name differs only in letter
    /// case. `None` if the archive has neither.
    pub(super) fn member_in_any_case(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        if self.has_member(name) {
            return self.member(name);
        }
        let lower_case_name = name.to_lowercase();
        let is_similar = |other: &Cow<'_, str>| other.to_lowercase() == lower_case_name;
        let similar_name = self.archive.file_names().flatten().find(is_similar);
        match similar_name.map(Cow::into_owned) {
            Some(similar_name) => self.member(&similar_name),
            None => Ok(None),
        }
    }

    /// Returns the unpacked content of the entry with the index `index`.
    fn entry_content(&mut self, index: usize) -> Result<Vec<u8>, String> {
        match self.archive.by_index(index) {
            Ok(file) if file.encrypted() => Err("is protected by a password".to_owned()),
            Ok(file) => self.budget.read_entry(file),
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

    /// Returns the first bytes of an entry, which suffice to detect its format. Returns no bytes if they cannot be
    /// read.
    fn entry_beginning(&mut self, index: usize) -> Vec<u8> {
        let mut beginning = Vec::new();
        if let Ok(file) = self.archive.by_index(index)
            && file.take(BEGINNING_BYTES).read_to_end(&mut beginning).is_err()
        {
            beginning.clear();
        }
        beginning
    }

    /// Returns the path of an entry; `None` for folders, links and hidden files.
    fn entry_path(&self, index: usize) -> Option<String> {
        let entry = self.archive.by_index_data(index).ok()?;
        if entry.is_dir() || entry.is_symlink() {
            return None;
        }
        let raw_name = entry.name_raw();
        // Names are in UTF-8, or in the encoding of the system that wrote the archive. In China,
        // this encoding is mostly GBK.
        let name = match std::str::from_utf8(raw_name) {
            Ok(name) => name.to_owned(),
            Err(_) => match encoding_rs::GB18030.decode(raw_name) {
                (name, _, false) => name.into_owned(),
                _ => entry.name().ok()?.into_owned(),
            },
        };
        let components: Vec<&str> = name
            .split(['/', '\\'])
            .filter(|component| !component.is_empty() && *component != ".")
            .collect();
        let is_hidden = |component: &&str| component.starts_with('.') || *component == "__MACOSX";
        (!components.is_empty() && !components.iter().any(is_hidden)).then(|| components.join("/"))
    }
}

/// Unpacks the files in a zip archive, in the order of the archive. Skips a file if `is_read`
/// rejects its path and the first bytes of its content.
///
/// Each item is the path of a file and its content, or its path and the reason why the file cannot
/// be read. The iteration ends after a decompression bomb.
pub(in crate::document) fn unpack_entries<'a>(
    bytes: &'a [u8],
    limits: ArchiveLimits,
    mut is_read: impl FnMut(&str, &[u8]) -> bool + 'a,
) -> Result<impl Iterator<Item = (String, Result<Vec<u8>, String>)> + 'a, String> {
    let mut package = Package::open(bytes, limits)?;
    let entry_indexes = 0..package.archive.len();
    Ok(entry_indexes.filter_map(move |index| {
        let path = package.entry_path(index).filter(|_| package.budget.bytes_left > 0)?;
        if !is_read(&path, &package.entry_beginning(index)) {
            return None;
        }
        let content = package.entry_content(index);
        Some((path, content))
    }))
}

/// Returns a zip archive with the given files. Each file is a pair of path and content.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "only tests call this function")]
pub(in crate::document) fn zip_archive(files: &[(&str, &[u8])]) -> Vec<u8> {
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
#[allow(clippy::unwrap_used, reason = "only tests call this function")]
pub(in crate::document) fn gzip_file(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIGHT_LIMITS: ArchiveLimits = ArchiveLimits {
        max_entry_bytes: 40 << 20,
        max_total_bytes: 64 << 20,
        max_expansion_ratio: 200,
        max_entries: 10,
    };

    fn list_entries(bytes: &[u8]) -> Vec<String> {
        match unpack_entries(bytes, TIGHT_LIMITS, |path, _| path != "picture.png") {
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
        let zip = zip_archive(&[
            ("a/b.txt", b"text"),
            ("c\\d.txt", b"x"),
            ("../../e.txt", b"y"),
            ("__MACOSX/a.txt", b"x"),
            (".hidden/a.txt", b"x"),
            ("picture.png", b"x"),
        ]);
        assert_eq!(list_entries(&zip), ["a/b.txt 4", "c/d.txt 1"]);
        let cut_archive = &zip[..zip.len() - 30];
        assert!(
            list_entries(cut_archive)[0].contains("damaged or cut off"),
            "{:?}",
            list_entries(cut_archive)
        );
        let many_files: Vec<_> = (0..11).map(|n| format!("{n}.txt")).collect();
        let many_files: Vec<(&str, &[u8])> =
            many_files.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(list_entries(&zip_archive(&many_files)), ["has 11 entries, more than 10"]);
    }

    #[test]
    fn unpacking_ends_at_a_decompression_bomb() {
        let zeros = vec![0; 18 << 20];
        let entries = list_entries(&zip_archive(&[
            ("a.txt", b"text"),
            ("b.txt", &zeros),
            ("c.txt", b"text"),
        ]));
        assert_eq!(entries.len(), 2);
        assert!(entries[1].contains("bomb"), "{entries:?}");
        let two_large_files = [("a.txt", &zeros[..9 << 20]), ("b.txt", &zeros[..9 << 20])];
        assert!(list_entries(&zip_archive(&two_large_files))[1].contains("bomb"));
        assert!(gunzip(&gzip_file(&zeros), TIGHT_LIMITS).unwrap_err().contains("bomb"));
        let limits_of_large_entry = ArchiveLimits {
            max_entry_bytes: 17 << 20,
            max_total_bytes: u64::MAX,
            max_expansion_ratio: 10_000,
            max_entries: 1,
        };
        assert_eq!(
            gunzip(&gzip_file(&zeros), limits_of_large_entry).unwrap_err(),
            "expands to more than 17 MiB"
        );
    }

    #[test]
    fn gzip_members_are_joined_and_broken_files_are_errors() {
        let first_member = gzip_file(b"one ");
        let both_members = [first_member.clone(), gzip_file(b"two")].concat();
        for following_bytes in [&b""[..], &[0; 512], b"trailing"] {
            let bytes = [&both_members, following_bytes].concat();
            assert_eq!(gunzip(&bytes, TIGHT_LIMITS).unwrap(), b"one two");
        }
        assert!(
            gunzip(&first_member[..first_member.len() - 6], TIGHT_LIMITS)
                .unwrap_err()
                .contains("cut off")
        );
        assert!(gunzip(b"\x1f\x8b", TIGHT_LIMITS).is_err());
    }

    proptest::proptest! {
        #[test]
        fn broken_archives_never_panic(
            flips in proptest::collection::vec((0_usize..400, 0_u8..=255), 1..8)
        ) {
            let mut zip = zip_archive(&[("a.txt", b"some text"), ("b/c.txt", b"more text")]);
            for (at, byte) in flips {
                let length = zip.len();
                zip[at % length] = byte;
            }
            list_entries(&zip);
        }
    }
}
