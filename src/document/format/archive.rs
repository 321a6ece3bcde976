//! Unpacks zip archives, within limits against decompression bombs.

use std::{
    borrow::Cow,
    io::{Cursor, Read},
};

use zip::ZipArchive;

use super::expansion::{ArchiveLimits, ExpansionBudget};

/// Number of bytes at the beginning of an archived file from which its format is detected.
const FORMAT_DETECTION_BYTES: u64 = 4_096;

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
        self.index_of_member(name).is_some()
    }

    /// Returns the names of all members.
    #[cfg(feature = "docx")]
    pub(super) fn member_names(&self) -> Vec<String> {
        self.archive.file_names().flatten().map(Cow::into_owned).collect()
    }

    /// Returns the index of the member with the given name. Some programs write backslashes between the folders of a
    /// name.
    fn index_of_member(&self, name: &str) -> Option<usize> {
        let with_backslashes = || self.archive.index_for_name(&name.replace('/', "\\"));
        self.archive.index_for_name(name).or_else(with_backslashes)
    }

    /// Returns the content of the member with the given name. `None` if the archive has no such
    /// member.
    pub(super) fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(index) = self.index_of_member(name) else { return Ok(None) };
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
            Ok(file) => self.budget.read_entry_within_budget(file),
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

    /// Returns the first [`FORMAT_DETECTION_BYTES`] bytes of the entry with the index `index`. Returns no bytes if they
    /// cannot be read.
    fn entry_beginning(&mut self, index: usize) -> Vec<u8> {
        let mut beginning = Vec::new();
        if let Ok(file) = self.archive.by_index(index)
            && file.take(FORMAT_DETECTION_BYTES).read_to_end(&mut beginning).is_err()
        {
            beginning.clear();
        }
        beginning
    }

    /// Returns the path of the entry with the index `index`. `None` for folders, links and hidden files.
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

/// Unpacks the files in a zip archive, in the order of the archive. Skips a file if `should_unpack` rejects its path
/// and the first bytes of its content.
///
/// Each item is the path of a file and its content, or its path and the reason why the file cannot
/// be read. The iteration ends after a decompression bomb.
pub(in crate::document) fn unpack_entries<'a>(
    bytes: &'a [u8],
    limits: ArchiveLimits,
    mut should_unpack: impl FnMut(&str, &[u8]) -> bool + 'a,
) -> Result<impl Iterator<Item = (String, Result<Vec<u8>, String>)> + 'a, String> {
    let mut package = Package::open(bytes, limits)?;
    let entry_indexes = 0..package.archive.len();
    Ok(entry_indexes.filter_map(move |index| {
        let path = package.entry_path(index).filter(|_| package.budget.bytes_left > 0)?;
        if !should_unpack(&path, &package.entry_beginning(index)) {
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
