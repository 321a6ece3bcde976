//! Adds checksums to files: each file of a generation ends with a trailer, which contains CRC-32 checksums of all bytes
//! before the trailer.
//!
//! Tantivy's own checksums do not cover its footers and the small files that list the segments. Moreover, each of its
//! checksums covers a whole file, and no query reads a whole file. So [`ChecksummedDirectory`] computes a checksum of
//! each block while tantivy writes a file, and verifies each block before the first read of the block. A search never
//! sees a byte that differs from the written byte.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    ops::Range,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crc32fast::Hasher;
use tantivy::{
    Directory, HasLen,
    directory::{
        AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, OwnedBytes, TerminatingWrite,
        WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

#[cfg(test)]
use super::fault::DiskDirectory;
#[cfg(not(test))]
use tantivy::directory::MmapDirectory as DiskDirectory;

/// Name of the file that lists the segments of a commit.
pub(in crate::index) const META_FILE: &str = "meta.json";
/// Size in bytes of a block. Each block has its own checksum. Verifying a block takes about a microsecond.
const BLOCK_BYTES: usize = 1 << 14;
/// Size in bytes of a checksum in the table of block checksums.
const CHECKSUM_BYTES: usize = 4;
/// Length in bytes of the final checksum in a trailer. The checksum is written in hexadecimal digits.
const FINAL_CHECKSUM_BYTES: usize = 8;

/// Computes the checksum trailer of a file. Several calls may each add some bytes of the file.
#[derive(Default)]
struct TrailerBuilder {
    /// Checksums of the complete blocks, little-endian.
    block_checksums: Vec<u8>,
    /// Checksum of the incomplete block.
    partial_block_hasher: Hasher,
    /// Number of bytes of the incomplete block so far.
    partial_block_bytes: usize,
}

impl TrailerBuilder {
    /// Adds the next bytes of the file.
    fn add_bytes(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (current_bytes, later_bytes) =
                bytes.split_at(bytes.len().min(BLOCK_BYTES - self.partial_block_bytes));
            self.partial_block_hasher.update(current_bytes);
            self.partial_block_bytes += current_bytes.len();
            if self.partial_block_bytes == BLOCK_BYTES {
                self.end_block();
            }
            bytes = later_bytes;
        }
    }

    /// Ends the incomplete block, and appends its checksum to the checksums of the complete blocks.
    fn end_block(&mut self) {
        let checksum = std::mem::take(&mut self.partial_block_hasher).finalize();
        self.block_checksums.extend(checksum.to_le_bytes());
        self.partial_block_bytes = 0;
    }

    /// Returns the trailer. The trailer of a file of one block is the checksum of this block, in hexadecimal digits.
    /// The trailer of a larger file is a table of the checksums of its blocks, followed by the checksum of the table,
    /// in hexadecimal digits.
    fn trailer(mut self) -> Vec<u8> {
        if self.partial_block_bytes > 0 || self.block_checksums.is_empty() {
            self.end_block();
        }
        if let Ok(checksum) = <[u8; CHECKSUM_BYTES]>::try_from(self.block_checksums.as_slice()) {
            return hexadecimal_digits(u32::from_le_bytes(checksum));
        }
        let checksum = crc32fast::hash(&self.block_checksums);
        self.block_checksums.extend(hexadecimal_digits(checksum));
        self.block_checksums
    }
}

/// Returns a checksum as eight hexadecimal digits.
fn hexadecimal_digits(checksum: u32) -> Vec<u8> {
    format!("{checksum:08x}").into_bytes()
}

/// Returns the length of the content, without the checksum trailer, of a file of `file_bytes` bytes; `None` if no file
/// with a trailer has this length.
fn content_length_without_trailer(file_bytes: usize) -> Option<usize> {
    let bytes_before_end = file_bytes.checked_sub(FINAL_CHECKSUM_BYTES)?;
    if bytes_before_end <= BLOCK_BYTES {
        return Some(bytes_before_end);
    }
    let content_bytes =
        bytes_before_end - CHECKSUM_BYTES * bytes_before_end.div_ceil(BLOCK_BYTES + CHECKSUM_BYTES);
    let block_count = content_bytes.div_ceil(BLOCK_BYTES);
    (block_count > 1 && content_bytes + CHECKSUM_BYTES * block_count == bytes_before_end)
        .then_some(content_bytes)
}

/// Returns `bytes`, followed by their checksum trailer.
pub(in crate::index) fn with_trailer(bytes: &[u8]) -> Vec<u8> {
    let mut builder = TrailerBuilder::default();
    builder.add_bytes(bytes);
    [bytes, &builder.trailer()].concat()
}

/// Returns whether the checksum trailer of a file matches its content. Reads the whole file.
pub(in crate::index) fn is_intact(file: &mut File) -> io::Result<bool> {
    let file_bytes = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let Some(content_bytes) = content_length_without_trailer(file_bytes) else { return Ok(false) };
    let mut builder = TrailerBuilder::default();
    let mut buffer = vec![0; 1 << 16];
    let mut content_reader = file.take(content_bytes as u64);
    loop {
        let bytes_read = content_reader.read(&mut buffer)?;
        if bytes_read == 0 {
            break;
        }
        builder.add_bytes(buffer.get(..bytes_read).unwrap_or_default());
    }
    let mut trailer = Vec::new();
    file.read_to_end(&mut trailer)?;
    Ok(trailer == builder.trailer())
}

/// Verifies the checksum trailer at the end of `bytes`, the bytes of a file, and returns the content before the
/// trailer.
///
/// # Errors
///
/// [`io::ErrorKind::InvalidData`] if a checksum is wrong.
pub(in crate::index) fn verify_trailer(bytes: &[u8]) -> io::Result<&[u8]> {
    let content_bytes = content_length_without_trailer(bytes.len())
        .ok_or_else(|| damage_error("it is truncated"))?;
    let (content, trailer) = bytes.split_at(content_bytes);
    let mut builder = TrailerBuilder::default();
    builder.add_bytes(content);
    if trailer == builder.trailer() {
        Ok(content)
    } else {
        Err(damage_error("its checksum is wrong"))
    }
}

fn damage_error(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Content of a file with several blocks and a checksum trailer. A read first verifies the blocks that contain the
/// requested bytes.
#[derive(Debug)]
struct VerifiedBlocks {
    content: FileSlice,
    /// Checksums of the blocks, in the order of the blocks.
    block_checksums: OwnedBytes,
    /// Whether each block has been verified, in the order of the blocks.
    is_block_verified: Box<[AtomicBool]>,
}

impl VerifiedBlocks {
    /// Opens a file whose content has `content_bytes` bytes. Verifies only the table of checksums.
    fn open(file: &FileSlice, content_bytes: usize) -> io::Result<Self> {
        let (content, trailer) = file.clone().split(content_bytes);
        let (block_checksums, final_checksum) = trailer.split_from_end(FINAL_CHECKSUM_BYTES);
        let block_checksums = block_checksums.read_bytes()?;
        if *final_checksum.read_bytes()? != hexadecimal_digits(crc32fast::hash(&block_checksums)) {
            return Err(damage_error("its table of checksums is damaged"));
        }
        let is_block_verified =
            (0..block_checksums.len() / CHECKSUM_BYTES).map(|_| AtomicBool::new(false)).collect();
        Ok(Self { content, block_checksums, is_block_verified })
    }

    /// Verifies the blocks that contain the bytes `range` and that have not been verified yet.
    fn verify_blocks(&self, range: &Range<usize>) -> io::Result<()> {
        let block_range = range.start / BLOCK_BYTES..range.end.div_ceil(BLOCK_BYTES);
        let checksums = self
            .block_checksums
            .chunks_exact(CHECKSUM_BYTES)
            .zip(&self.is_block_verified)
            .enumerate();
        for (block, (checksum, is_verified)) in
            checksums.skip(block_range.start).take(block_range.len())
        {
            if is_verified.load(Ordering::Relaxed) {
                continue;
            }
            let block_start = block * BLOCK_BYTES;
            let block_end = self.content.len().min(block_start + BLOCK_BYTES);
            let block_bytes = self.content.read_bytes_slice(block_start..block_end)?;
            if crc32fast::hash(&block_bytes).to_le_bytes() != checksum {
                return Err(damage_error("its checksum is wrong"));
            }
            is_verified.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl HasLen for VerifiedBlocks {
    fn len(&self) -> usize {
        self.content.len()
    }
}

impl FileHandle for VerifiedBlocks {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.verify_blocks(&range)?;
        self.content.read_bytes_slice(range)
    }
}

/// Returns the content of a file with a checksum trailer. Verifies a file of one block at once, and each block of a
/// larger file before the first read of the block.
fn open_verified(file: &FileSlice) -> io::Result<FileSlice> {
    let content_bytes = content_length_without_trailer(file.len())
        .ok_or_else(|| damage_error("it is truncated"))?;
    if content_bytes > BLOCK_BYTES {
        return Ok(FileSlice::new(Arc::new(VerifiedBlocks::open(file, content_bytes)?)));
    }
    verify_trailer(&file.read_bytes()?)?;
    Ok(file.slice_to(content_bytes))
}

/// Tantivy directory of files with checksum trailers. Tantivy sees the files without their trailers.
#[derive(Debug, Clone)]
pub(in crate::index) struct ChecksummedDirectory(DiskDirectory);

impl ChecksummedDirectory {
    pub(in crate::index) fn open(folder: &Path) -> tantivy::Result<Self> {
        Ok(Self(DiskDirectory::open(folder)?))
    }
}

impl Directory for ChecksummedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(self.open_read(path)?))
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        let file = self.0.open_read(path)?;
        open_verified(&file).map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let inner = self.0.open_write(path)?;
        Ok(BufWriter::new(Box::new(ChecksumWriter { inner, trailer: TrailerBuilder::default() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let bytes = self.0.atomic_read(path)?;
        let content = verify_trailer(&bytes).map(<[u8]>::to_vec);
        content.map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    /// Replaces a file. The replacement of the meta file is a commit. Tantivy syncs the folder only before this
    /// replacement, so this function syncs the folder again after the replacement.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, &with_trailer(data))?;
        if path == Path::new(META_FILE) { self.0.sync_directory() } else { Ok(()) }
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    /// Acquires a lock of tantivy. The lock of a reader prevents the removal of files while the reader opens them. In a
    /// folder without write permission, returns a lock without effect.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.0.acquire_lock(lock) {
            Err(LockError::IoError(error)) if lock.is_blocking && is_read_only(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            result => result,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}

/// Returns whether an error means that the program may not write in a folder.
fn is_read_only(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
}

/// Writes the bytes of a file, followed by the checksum trailer.
struct ChecksumWriter {
    inner: WritePtr,
    trailer: TrailerBuilder,
}

impl Write for ChecksumWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes_written = self.inner.write(bytes)?;
        self.trailer.add_bytes(bytes.get(..bytes_written).unwrap_or_default());
        Ok(bytes_written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for ChecksumWriter {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.write_all(&std::mem::take(&mut self.trailer).trailer())?;
        self.inner.terminate_ref(token)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Opens a file with a checksum trailer as a search does, and returns the content of the file.
    fn open_with_checksums(stored_bytes: Vec<u8>) -> io::Result<FileSlice> {
        open_verified(&FileSlice::from(stored_bytes))
    }

    /// Generates lengths up to 10 bytes below or above a multiple of the block size.
    fn lengths_near_block_ends() -> impl Strategy<Value = usize> {
        let blocks_and_bytes = (0..4_usize, 0..20_usize);
        blocks_and_bytes.prop_map(|(blocks, more)| (blocks * BLOCK_BYTES + more).saturating_sub(10))
    }

    proptest! {
        #[test]
        fn any_changed_byte_makes_the_checksums_wrong(
            length in lengths_near_block_ends(),
            seed in any::<u8>(),
            at in any::<prop::sample::Index>(),
            flip in 1..=u8::MAX,
        ) {
            let bytes: Vec<u8> = (0..length).map(|at| (at as u8).wrapping_mul(seed)).collect();
            let mut stored_bytes = with_trailer(&bytes);
            prop_assert_eq!(verify_trailer(&stored_bytes).unwrap(), &bytes);
            prop_assert_eq!(&*open_with_checksums(stored_bytes.clone()).unwrap().read_bytes().unwrap(), &bytes);
            let at = at.index(stored_bytes.len());
            stored_bytes[at] ^= flip;
            prop_assert!(verify_trailer(&stored_bytes).is_err());
            prop_assert!(open_with_checksums(stored_bytes.clone()).and_then(|file| file.read_bytes()).is_err());
            stored_bytes[at] ^= flip;
            stored_bytes.pop();
            prop_assert!(verify_trailer(&stored_bytes).is_err());
            prop_assert!(open_with_checksums(stored_bytes).and_then(|file| file.read_bytes()).is_err());
        }

        #[test]
        fn a_read_returns_the_written_bytes_or_fails(
            length in 1..4 * BLOCK_BYTES,
            ends in any::<[prop::sample::Index; 2]>(),
            at in any::<prop::sample::Index>(),
        ) {
            let bytes: Vec<u8> = (0..length).map(|at| (at / 7) as u8).collect();
            let mut stored_bytes = with_trailer(&bytes);
            stored_bytes[at.index(length)] ^= 1;
            let [a, b] = ends.map(|end| end.index(length));
            let range = a.min(b)..a.max(b);
            // If the flipped byte lies outside the range that is read, the read succeeds with the written bytes.
            if let Ok(read) = open_with_checksums(stored_bytes).and_then(|file| file.read_bytes_slice(range.clone())) {
                prop_assert_eq!(&*read, &bytes[range]);
            }
        }

        #[test]
        fn content_length_follows_from_the_length_of_a_file(length in 0..6 * BLOCK_BYTES) {
            let file_length = with_trailer(&vec![0; length]).len();
            prop_assert_eq!(content_length_without_trailer(file_length), Some(length));
        }
    }
}
