//! Reads tar archives (.tar): each regular file is read by its own format. Headers are those of POSIX (ustar and pax)
//! and GNU.

use super::contained::{ContainedItem, Contents};
use crate::document::model::unreadable;

/// Size of a block, in bytes. A header is one block, and the content of a file fills whole blocks.
const TAR_BLOCK_BYTES: usize = 512;
/// Maximum number of files.
const MAX_FILES: usize = 100_000;

/// Iterates over the files of an archive. The last item is an error if the archive is cut off.
pub(super) fn read<'a>(id: &str, bytes: &'a [u8]) -> Contents<'a> {
    let id = id.to_owned();
    let failure =
        move |reason: String| ContainedItem::Document(Box::new(Err(unreadable(&id, reason))));
    let mut archive = TarReader { unread_bytes: bytes, stated_path: None };
    let mut file_count = 0;
    Box::new(std::iter::from_fn(move || {
        let file = archive.next_file().transpose()?;
        file_count += 1;
        if file_count > MAX_FILES {
            archive.unread_bytes = &[];
            return Some(failure(format!("has more than {MAX_FILES} files")));
        }
        match file {
            Ok((path, content)) => {
                Some(ContainedItem::File { path, content: Ok(content.to_vec()) })
            }
            Err(reason) => {
                archive.unread_bytes = &[];
                Some(failure(reason))
            }
        }
    }))
}

/// Reader of the files of a tar archive.
struct TarReader<'a> {
    /// Bytes of the archive that have not been read yet.
    unread_bytes: &'a [u8],
    /// Path of the next file, if a separate header states it because it is too long for the header of the file.
    stated_path: Option<String>,
}

impl<'a> TarReader<'a> {
    /// Returns the path and the content of the next regular file. `None` at the end of the archive.
    fn next_file(&mut self) -> Result<Option<(String, &'a [u8])>, String> {
        loop {
            let Some(header) =
                self.unread_bytes.get(..TAR_BLOCK_BYTES).filter(|header| header[0] != 0)
            else {
                return Ok(None);
            };
            if !has_correct_checksum(header) {
                return Err(
                    "is no tar archive, or damaged: the checksum of a header is wrong".to_owned()
                );
            }
            let cut_off = || "is cut off: its last file is incomplete".to_owned();
            let size = stated_file_size(header).ok_or_else(cut_off)?;
            let content =
                self.unread_bytes.get(TAR_BLOCK_BYTES..).and_then(|rest| rest.get(..size));
            let content = content.ok_or_else(cut_off)?;
            let stored_bytes = TAR_BLOCK_BYTES + size.next_multiple_of(TAR_BLOCK_BYTES);
            self.unread_bytes = self.unread_bytes.get(stored_bytes..).unwrap_or_default();
            match header.get(156).copied().unwrap_or_default() {
                b'L' => self.stated_path = Some(text_before_first_zero(content)),
                b'x' => self.stated_path = path_in_pax_header(content).or(self.stated_path.take()),
                b'0' | 0 => {
                    let path = self.stated_path.take().unwrap_or_else(|| file_path(header));
                    if let Some(path) = path_without_empty_components(&path) {
                        return Ok(Some((path, content)));
                    }
                }
                _ => self.stated_path = None,
            }
        }
    }
}

/// Returns whether the bytes of a header have the sum that the header states.
fn has_correct_checksum(header: &[u8]) -> bool {
    let sum: u64 = header
        .iter()
        .enumerate()
        .map(|(index, byte)| if (148..156).contains(&index) { 32 } else { u64::from(*byte) })
        .sum();
    octal_number(header.get(148..156).unwrap_or_default()) == Some(sum)
}

/// Returns the size of the file that a header states: an octal number, or a binary number in the form of GNU.
fn stated_file_size(header: &[u8]) -> Option<usize> {
    let field = header.get(124..136)?;
    let size = match field {
        [first, rest @ ..] if first & 0x80 != 0 => rest
            .iter()
            .try_fold(0_u64, |size, byte| size.checked_mul(256)?.checked_add(u64::from(*byte)))?,
        _ => octal_number(field)?,
    };
    usize::try_from(size).ok().filter(|size| *size < usize::MAX / 2)
}

fn octal_number(field: &[u8]) -> Option<u64> {
    let text = text_before_first_zero(field);
    let digits = text.trim();
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// Returns the text of bytes up to the first zero: UTF-8, or else GB18030.
fn text_before_first_zero(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(text).0.into_owned(),
    }
}

/// Returns the path that a header states.
fn file_path(header: &[u8]) -> String {
    let name = text_before_first_zero(header.get(..100).unwrap_or_default());
    let is_posix = header.get(257..263) == Some(b"ustar\0");
    let prefix =
        header.get(345..500).filter(|_| is_posix).map(text_before_first_zero).unwrap_or_default();
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

/// Returns the path in the extended header of a file, whose lines are `LENGTH path=PATH`.
fn path_in_pax_header(content: &[u8]) -> Option<String> {
    let text = text_before_first_zero(content);
    let mut lines = text.lines();
    lines.find_map(|line| line.split_once(" path=").map(|(_, path)| path.to_owned()))
}

/// Returns a path without empty components; `None` for a hidden file.
fn path_without_empty_components(path: &str) -> Option<String> {
    let components: Vec<&str> =
        path.split('/').filter(|component| !matches!(*component, "" | "." | "..")).collect();
    let is_hidden =
        components.iter().any(|component| component.starts_with('.') || *component == "__MACOSX");
    (!components.is_empty() && !is_hidden).then(|| components.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the bytes of one file in an archive: a header with a correct checksum, and the content in whole blocks.
    fn entry(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut header = vec![0; TAR_BLOCK_BYTES];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = kind;
        header[257..263].copy_from_slice(b"ustar\0");
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        let mut bytes = [&header, content].concat();
        bytes.resize(bytes.len().next_multiple_of(TAR_BLOCK_BYTES), 0);
        bytes
    }

    fn printed_files(bytes: &[u8]) -> Vec<String> {
        read("t.tar", bytes)
            .map(|contained| match contained {
                ContainedItem::File { path, content } => {
                    format!("{path} {}", content.unwrap().len())
                }
                ContainedItem::Document(document) => document.unwrap_err().to_string(),
                ContainedItem::WebFile { name, .. } => name,
                #[cfg(feature = "pdf")]
                ContainedItem::PictureWithoutText => String::new(),
            })
            .collect()
    }

    #[test]
    fn regular_files_have_their_paths() {
        let long_path = "d/".repeat(80) + "a.txt";
        let archive = [
            entry("./a/b.txt", b'0', b"text"),
            entry("a", b'5', b""),
            entry(".hidden", b'0', b"x"),
            entry("././@LongLink", b'L', long_path.as_bytes()),
            entry("cut", b'0', b"longer"),
            entry("pax", b'x', "20 path=港口.txt\n".as_bytes()),
            entry("x", b'0', b"y"),
            vec![0; 1_024],
        ]
        .concat();
        assert_eq!(printed_files(&archive), ["a/b.txt 4", &format!("{long_path} 6"), "港口.txt 1"]);
    }

    #[test]
    fn damaged_archives_end_with_a_reason() {
        let archive = entry("a.txt", b'0', &[b'x'; 600]);
        assert_eq!(
            printed_files(&archive[..700]),
            ["t.tar: is cut off: its last file is incomplete"]
        );
        let two_files = [entry("a.txt", b'0', b"x"), vec![b'x'; TAR_BLOCK_BYTES]].concat();
        assert!(printed_files(&two_files)[1].contains("checksum of a header is wrong"));
    }

    proptest::proptest! {
        #[test]
        fn broken_archives_never_panic(flips in proptest::collection::vec((0_usize..1_024, 0_u8..=255), 1..8)) {
            let mut archive = entry("a.txt", b'0', b"text");
            for (at, byte) in flips {
                let length = archive.len();
                archive[at % length] = byte;
            }
            printed_files(&archive);
        }
    }
}
