//! Reads a file within a size limit, and determines its format and its hash.

use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    path::Path,
};

use sha2::{Digest, Sha256};

#[cfg(feature = "archive")]
use crate::document::is_web_archive;
use crate::{
    document::Format,
    index::stored::{content_hash, to_hexadecimal},
};

/// Number of bytes at the beginning of a file that are read to detect its format.
const FORMAT_DETECTION_BYTES: u64 = 4_096;
/// Number of bytes of a large file that are read at a time.
const CHUNK_BYTES: usize = 1 << 16;

/// Content of a file: all bytes in memory, or a reader.
#[derive(Debug)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// Reader at the first line of a JSON Lines file that is larger than the size limit.
    Lines(BufReader<File>),
    /// Reader at the beginning of a web archive that is larger than the size limit.
    #[cfg(feature = "archive")]
    WebArchive(BufReader<File>),
}

/// A file with its format and hash.
#[derive(Debug)]
pub(super) struct FileContent {
    pub(super) content: Content,
    pub(super) format: Format,
    /// SHA-256 of the bytes, in hexadecimal digits.
    pub(super) hash: String,
}

/// Reads a file of `size` bytes. If the file is larger than `max_size` bytes and its format is JSON Lines or a web
/// archive, computes only the hash, and returns a reader.
///
/// # Errors
///
/// A message if the file cannot be read, is too large, or no longer has `size` bytes.
pub(super) fn read_within_limit(
    path: &Path,
    size: u64,
    max_size: u64,
) -> Result<FileContent, String> {
    let to_message = |error: std::io::Error| error.to_string();
    let mut file = File::open(path).map_err(to_message)?;
    if size <= max_size {
        let bytes = read_exactly(&mut file, size)?;
        let format = Format::detect(path, &bytes).unwrap_or(Format::Text);
        let hash = content_hash(&bytes);
        return Ok(FileContent { content: Content::Bytes(bytes), format, hash });
    }
    let first_bytes = read_first_bytes(&mut file).map_err(to_message)?;
    let format = Format::detect(path, &first_bytes);
    let stream: fn(BufReader<File>) -> Content = match format {
        Some(Format::JsonLines) => Content::Lines,
        #[cfg(feature = "archive")]
        _ if is_web_archive(path, &first_bytes) => Content::WebArchive,
        _ => return Err(format!("is larger than {} MiB: split or unpack it", max_size >> 20)),
    };
    file.rewind().map_err(to_message)?;
    let hash = hash_exactly(&mut file, size)?;
    file.rewind().map_err(to_message)?;
    let content = stream(BufReader::with_capacity(CHUNK_BYTES, file));
    Ok(FileContent { content, format: format.unwrap_or(Format::Text), hash })
}

/// Reads the first bytes of a file. These bytes determine the format of the file.
pub(super) fn read_first_bytes(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut first_bytes = Vec::new();
    file.take(FORMAT_DETECTION_BYTES).read_to_end(&mut first_bytes)?;
    Ok(first_bytes)
}

/// Reads exactly `size` bytes. Fails if `reader` has fewer or more bytes, which means that another program is writing
/// the file.
fn read_exactly(reader: &mut impl Read, size: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(size as usize);
    reader.take(size + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    check_expected_size(bytes.len() as u64, size)?;
    Ok(bytes)
}

/// Returns the SHA-256 of exactly `size` bytes. Fails if `reader` has fewer or more bytes, which means that another
/// program is writing the file.
fn hash_exactly(reader: &mut impl Read, size: u64) -> Result<String, String> {
    let (mut hasher, mut chunk, mut total_bytes) = (Sha256::new(), vec![0; CHUNK_BYTES], 0);
    let mut reader = reader.take(size + 1);
    loop {
        let bytes_read = reader.read(&mut chunk).map_err(|error| error.to_string())?;
        if bytes_read == 0 {
            break;
        }
        total_bytes += bytes_read as u64;
        hasher.update(chunk.get(..bytes_read).unwrap_or_default());
    }
    check_expected_size(total_bytes, size)?;
    Ok(to_hexadecimal(&hasher.finalize()))
}

/// Fails if the number of bytes that were read differs from `size`, the expected number.
fn check_expected_size(bytes_read: u64, size: u64) -> Result<(), String> {
    if bytes_read == size {
        return Ok(());
    }
    let change = if bytes_read > size { "grew" } else { "shrank" };
    Err(format!("{change} while it was read: the next run reads it again"))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_fails() {
        let text = b"some text";
        assert_eq!(read_exactly(&mut &text[..], 9), Ok(text.to_vec()));
        assert_eq!(hash_exactly(&mut &text[..], 9).unwrap(), content_hash(text));
        for (size, expected) in [(8, "grew while"), (10, "shrank while")] {
            assert!(read_exactly(&mut &text[..], size).unwrap_err().starts_with(expected));
            assert!(hash_exactly(&mut &text[..], size).unwrap_err().starts_with(expected));
        }
        // A file that grows faster than it is read must not make the read endless.
        assert!(read_exactly(&mut io::repeat(b'x'), 1_000).unwrap_err().starts_with("grew"));
        assert!(hash_exactly(&mut io::repeat(b'x'), 1_000_000).unwrap_err().starts_with("grew"));
    }

    #[test]
    fn large_files_are_read_line_by_line_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        for (name, first_bytes, expected) in [
            ("a.jsonl", "{\"text\":\"One\"}\n{\"text\":\"Two\"}\n", Ok(Format::JsonLines)),
            #[cfg(feature = "archive")]
            ("a.warc", "WARC/1.0\r\nWARC-Type: response\r\n", Ok(Format::Warc)),
            ("a.txt", "Text.\n", Err("is larger than 128 MiB: split or unpack it".to_owned())),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, first_bytes).unwrap();
            // A sparse file takes no space on disk.
            let max_size = 128 << 20;
            let size = max_size + 1;
            File::options().write(true).open(&path).unwrap().set_len(size).unwrap();
            let file = read_within_limit(&path, size, max_size);
            if let Ok(file) = &file {
                assert!(!matches!(file.content, Content::Bytes(_)));
            }
            assert_eq!(file.map(|file| file.format), expected);
        }
    }
}
