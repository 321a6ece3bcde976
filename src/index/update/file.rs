//! A file → what is in it, its format and its hash, within limits.

use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::{
    document::Format,
    index::{content_hash, stored::hexadecimal},
};

/// So many bytes tell the format of a file.
const HEAD_BYTES: usize = 4_096;
const CHUNK_BYTES: usize = 1 << 16;

/// What is in a file.
#[derive(Debug)]
pub(in crate::index) enum Content {
    Bytes(Vec<u8>),
    /// JSON Lines, too many for memory.
    Lines(BufReader<File>),
}

/// A file that was read as a whole, or once and is to be read again line by line.
#[derive(Debug)]
pub(in crate::index) struct Whole {
    pub(in crate::index) content: Content,
    pub(in crate::index) format: Format,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub(in crate::index) hash: String,
}

/// Reads the file at `path`, which was `size` bytes long when it was looked at; or says why not. JSON Lines of
/// more than `most` bytes are left to be read line by line.
pub(in crate::index) fn whole(path: &Path, size: u64, most: u64) -> Result<Whole, String> {
    let said = |error: std::io::Error| error.to_string();
    let mut file = File::open(path).map_err(said)?;
    if size <= most {
        let bytes = all(&mut file, size)?;
        let format = Format::detect(path, &bytes).unwrap_or(Format::Text);
        let hash = content_hash(&bytes);
        return Ok(Whole { content: Content::Bytes(bytes), format, hash });
    }
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(said)?;
    if Format::detect(path, &head) != Some(Format::JsonLines) {
        return Err(format!("is larger than {} MiB: split or unpack it", most >> 20));
    }
    file.rewind().map_err(said)?;
    let hash = hash(&mut file, size)?;
    file.rewind().map_err(said)?;
    let lines = BufReader::with_capacity(CHUNK_BYTES, file);
    Ok(Whole { content: Content::Lines(lines), format: Format::JsonLines, hash })
}

/// All of `reader`, which has to be `size` bytes: what is being written now is not yet what it will be.
fn all(reader: &mut impl Read, size: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(size as usize);
    reader.take(size + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    is_whole(bytes.len() as u64, size)?;
    Ok(bytes)
}

fn hash(reader: &mut impl Read, size: u64) -> Result<String, String> {
    let (mut hasher, mut chunk, mut length) = (Sha256::new(), vec![0; CHUNK_BYTES], 0);
    let mut reader = reader.take(size + 1);
    loop {
        let read = reader.read(&mut chunk).map_err(|error| error.to_string())?;
        if read == 0 {
            break;
        }
        length += read as u64;
        hasher.update(chunk.get(..read).unwrap_or_default());
    }
    is_whole(length, size)?;
    Ok(hexadecimal(&hasher.finalize()))
}

fn is_whole(read: u64, size: u64) -> Result<(), String> {
    if read == size {
        return Ok(());
    }
    let change = if read > size { "grew" } else { "shrank" };
    Err(format!("{change} while it was read: the next run reads it again"))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn what_changes_while_it_is_read_is_told() {
        let text = b"some text";
        assert_eq!(all(&mut &text[..], 9), Ok(text.to_vec()));
        assert_eq!(hash(&mut &text[..], 9).unwrap(), content_hash(text));
        for (size, expected) in [(8, "grew while"), (10, "shrank while")] {
            assert!(all(&mut &text[..], size).unwrap_err().starts_with(expected));
            assert!(hash(&mut &text[..], size).unwrap_err().starts_with(expected));
        }
        // One that grows faster than it is read ends all the same.
        assert!(all(&mut io::repeat(b'x'), 1_000).unwrap_err().starts_with("grew"));
        assert!(hash(&mut io::repeat(b'x'), 1_000_000).unwrap_err().starts_with("grew"));
    }

    #[test]
    fn large_files_are_read_line_by_line_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        for (name, begin, expected) in [
            ("a.jsonl", "{\"text\":\"One\"}\n{\"text\":\"Two\"}\n", Ok(Format::JsonLines)),
            ("a.txt", "Text.\n", Err("is larger than 128 MiB: split or unpack it".to_owned())),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, begin).unwrap();
            // A hole takes no room on disk.
            let most = 128 << 20;
            let size = most + 1;
            File::options().write(true).open(&path).unwrap().set_len(size).unwrap();
            let read = whole(&path, size, most);
            if let Ok(whole) = &read {
                assert!(matches!(whole.content, Content::Lines(_)));
            }
            assert_eq!(read.map(|whole| whole.format), expected);
        }
    }
}
