//! Every file of a generation → the same with a seal at its end: the checksums of all before it.
//!
//! tantivy's own checksums cover neither its footers nor the small files that say which segments there
//! are, and are of whole files: nobody reads a whole file to answer a query. So each file is sealed below
//! tantivy, as it is written, block by block, and a block is verified when something of it is read first.
//! No search sees a byte that is not as it was written.

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
use super::fault::Disk;
#[cfg(not(test))]
use tantivy::directory::MmapDirectory as Disk;

/// What is verified at once, in bytes: that takes about a microsecond.
const BLOCK_BYTES: usize = 1 << 14;
/// The bytes of a checksum in a table of them.
const SUM_BYTES: usize = 4;
/// The digits of a checksum at the end of a file.
const SEAL_BYTES: usize = 8;

/// The checksums of bytes that come one after the other.
#[derive(Default)]
struct Sums {
    /// Of complete blocks.
    table: Vec<u8>,
    block: Hasher,
    /// Bytes of the block that is not complete.
    begun: usize,
}

impl Sums {
    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - self.begun));
            self.block.update(now);
            self.begun += now.len();
            if self.begun == BLOCK_BYTES {
                self.end_block();
            }
            bytes = later;
        }
    }

    fn end_block(&mut self) {
        let sum = std::mem::take(&mut self.block).finalize();
        self.table.extend(sum.to_le_bytes());
        self.begun = 0;
    }

    /// What follows the bytes in a sealed file: the checksum of the only block, or those of all blocks
    /// and the checksum of these.
    fn seal(mut self) -> Vec<u8> {
        if self.begun > 0 || self.table.is_empty() {
            self.end_block();
        }
        if let Ok(sum) = <[u8; SUM_BYTES]>::try_from(self.table.as_slice()) {
            return digits(u32::from_le_bytes(sum));
        }
        let sum = crc32fast::hash(&self.table);
        self.table.extend(digits(sum));
        self.table
    }
}

fn digits(sum: u32) -> Vec<u8> {
    format!("{sum:08x}").into_bytes()
}

/// How many of `bytes` bytes of a sealed file are its content; none where no content is that long.
fn content_bytes(bytes: usize) -> Option<usize> {
    let below = bytes.checked_sub(SEAL_BYTES)?;
    if below <= BLOCK_BYTES {
        return Some(below);
    }
    let content = below - SUM_BYTES * below.div_ceil(BLOCK_BYTES + SUM_BYTES);
    let blocks = content.div_ceil(BLOCK_BYTES);
    (blocks > 1 && content + SUM_BYTES * blocks == below).then_some(content)
}

/// `bytes` and their seal.
pub(in crate::index) fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut sums = Sums::default();
    sums.update(bytes);
    [bytes, &sums.seal()].concat()
}

/// Whether a file is as it was when it was sealed.
pub(in crate::index) fn is_intact(file: &mut File) -> io::Result<bool> {
    let bytes = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let Some(content) = content_bytes(bytes) else { return Ok(false) };
    let mut sums = Sums::default();
    let mut buffer = vec![0; 1 << 16];
    let mut reader = file.take(content as u64);
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        sums.update(buffer.get(..read).unwrap_or_default());
    }
    let mut found = Vec::new();
    file.read_to_end(&mut found)?;
    Ok(found == sums.seal())
}

/// What is inside the seal, where it is intact.
pub(in crate::index) fn opened(bytes: &[u8]) -> io::Result<&[u8]> {
    let content = content_bytes(bytes.len()).ok_or_else(|| broken("it is cut off"))?;
    let (content, found) = bytes.split_at(content);
    let mut sums = Sums::default();
    sums.update(content);
    if found == sums.seal() { Ok(content) } else { Err(broken("its checksum is wrong")) }
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// The content of a sealed file of more than one block.
#[derive(Debug)]
struct Blocks {
    content: FileSlice,
    table: OwnedBytes,
    /// Which blocks are known to be as they were written.
    verified: Box<[AtomicBool]>,
}

impl Blocks {
    fn open(file: &FileSlice, content: usize) -> io::Result<Self> {
        let (content, seal) = file.clone().split(content);
        let (table, found) = seal.split_from_end(SEAL_BYTES);
        let table = table.read_bytes()?;
        if *found.read_bytes()? != digits(crc32fast::hash(&table)) {
            return Err(broken("its checksums are not those that were written"));
        }
        let verified = (0..table.len() / SUM_BYTES).map(|_| AtomicBool::new(false)).collect();
        Ok(Self { content, table, verified })
    }

    fn verify(&self, range: &Range<usize>) -> io::Result<()> {
        let blocks = range.start / BLOCK_BYTES..range.end.div_ceil(BLOCK_BYTES);
        let sums = self.table.chunks_exact(SUM_BYTES).zip(&self.verified).enumerate();
        for (block, (sum, verified)) in sums.skip(blocks.start).take(blocks.len()) {
            if verified.load(Ordering::Relaxed) {
                continue;
            }
            let start = block * BLOCK_BYTES;
            let end = self.content.len().min(start + BLOCK_BYTES);
            let bytes = self.content.read_bytes_slice(start..end)?;
            if crc32fast::hash(&bytes).to_le_bytes() != sum {
                return Err(broken("its checksum is wrong"));
            }
            verified.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl HasLen for Blocks {
    fn len(&self) -> usize {
        self.content.len()
    }
}

impl FileHandle for Blocks {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.verify(&range)?;
        self.content.read_bytes_slice(range)
    }
}

/// The content of a sealed file: what is read of it is verified.
fn content(file: &FileSlice) -> io::Result<FileSlice> {
    let bytes = content_bytes(file.len()).ok_or_else(|| broken("it is cut off"))?;
    if bytes > BLOCK_BYTES {
        return Ok(FileSlice::new(Arc::new(Blocks::open(file, bytes)?)));
    }
    opened(&file.read_bytes()?)?;
    Ok(file.slice_to(bytes))
}

/// A folder of sealed files, which tantivy sees without their seals.
#[derive(Debug, Clone)]
pub(in crate::index) struct Sealed(Disk);

impl Sealed {
    pub(in crate::index) fn open(folder: &Path) -> tantivy::Result<Self> {
        Ok(Self(Disk::open(folder)?))
    }
}

impl Directory for Sealed {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(self.open_read(path)?))
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        let file = self.0.open_read(path)?;
        content(&file).map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let inner = self.0.open_write(path)?;
        Ok(BufWriter::new(Box::new(Sealing { inner, sums: Sums::default() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let bytes = self.0.atomic_read(path)?;
        let content = opened(&bytes).map(<[u8]>::to_vec);
        content.map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, &sealed(data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    /// A reader locks out the removal of files; where it may not create the lock, it reads without.
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

fn is_read_only(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
}

/// Writes the seal when the file is complete.
struct Sealing {
    inner: WritePtr,
    sums: Sums,
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sums.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for Sealing {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.write_all(&std::mem::take(&mut self.sums).seal())?;
        self.inner.terminate_ref(token)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `bytes` as the content of a sealed file that is read as searches read it.
    fn file(stored: Vec<u8>) -> io::Result<FileSlice> {
        content(&FileSlice::from(stored))
    }

    /// Lengths about those at which something changes.
    fn lengths() -> impl Strategy<Value = usize> {
        let near = (0..4_usize, 0..20_usize);
        near.prop_map(|(blocks, more)| (blocks * BLOCK_BYTES + more).saturating_sub(10))
    }

    proptest! {
        #[test]
        fn any_changed_byte_breaks_the_seal(
            length in lengths(),
            seed in any::<u8>(),
            at in any::<prop::sample::Index>(),
            flip in 1..=u8::MAX,
        ) {
            let bytes: Vec<u8> = (0..length).map(|at| (at as u8).wrapping_mul(seed)).collect();
            let mut stored = sealed(&bytes);
            prop_assert_eq!(opened(&stored).unwrap(), &bytes);
            prop_assert_eq!(&*file(stored.clone()).unwrap().read_bytes().unwrap(), &bytes);
            let at = at.index(stored.len());
            stored[at] ^= flip;
            prop_assert!(opened(&stored).is_err());
            prop_assert!(file(stored.clone()).and_then(|file| file.read_bytes()).is_err());
            stored[at] ^= flip;
            stored.pop();
            prop_assert!(opened(&stored).is_err());
            prop_assert!(file(stored).and_then(|file| file.read_bytes()).is_err());
        }

        #[test]
        fn what_is_read_is_what_was_written(
            length in 1..4 * BLOCK_BYTES,
            ends in any::<[prop::sample::Index; 2]>(),
            at in any::<prop::sample::Index>(),
        ) {
            let bytes: Vec<u8> = (0..length).map(|at| (at / 7) as u8).collect();
            let mut stored = sealed(&bytes);
            stored[at.index(length)] ^= 1;
            let [a, b] = ends.map(|end| end.index(length));
            let range = a.min(b)..a.max(b);
            // The rest of the file may be damaged: what is read is right, or refused.
            if let Ok(read) = file(stored).and_then(|file| file.read_bytes_slice(range.clone())) {
                prop_assert_eq!(&*read, &bytes[range]);
            }
        }

        #[test]
        fn no_other_length_is_that_of_a_content(length in 0..6 * BLOCK_BYTES) {
            let written = sealed(&vec![0; length]).len();
            prop_assert_eq!(content_bytes(written), Some(length));
        }
    }
}
