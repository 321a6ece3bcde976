//! Every file of a generation → the same with a seal: the checksum of all before it, at its end.
//!
//! tantivy's own checksums cover neither its footers nor the small files that say which segments there
//! are. So each file is sealed below tantivy, as it is written: no commit and no file is ever without.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::Path,
    sync::Arc,
};

use crc32fast::Hasher;
use tantivy::{
    Directory, HasLen,
    directory::{
        AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, TerminatingWrite,
        WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

/// The digits of a CRC-32.
const SEAL_BYTES: usize = 8;
/// A file of at most so many bytes is verified whenever it is opened: that takes less than a millisecond.
const VERIFIED_WHEN_OPENED: usize = 1 << 20;

/// `bytes` and their seal.
pub(super) fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut hasher = Hasher::new();
    hasher.update(bytes);
    [bytes, &seal(hasher)].concat()
}

/// Whether a file is as it was when it was sealed.
pub(super) fn is_intact(file: &mut File) -> io::Result<bool> {
    let bytes = file.metadata()?.len();
    let Some(content) = bytes.checked_sub(SEAL_BYTES as u64) else { return Ok(false) };
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    let mut reader = file.take(content);
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
    let mut found = Vec::new();
    file.read_to_end(&mut found)?;
    Ok(found == seal(hasher))
}

fn seal(hasher: Hasher) -> [u8; SEAL_BYTES] {
    let (number, mut digits) = (hasher.finalize(), [b'0'; SEAL_BYTES]);
    for (place, digit) in digits.iter_mut().rev().enumerate() {
        let value = (number >> (4 * place)) & 0xF;
        *digit = char::from_digit(value, 16).map_or(b'0', |digit| digit as u8);
    }
    digits
}

/// What is inside the seal, where it is intact.
pub(super) fn opened(bytes: &[u8]) -> io::Result<&[u8]> {
    let content = bytes.split_last_chunk::<SEAL_BYTES>().and_then(|(content, found)| {
        let mut hasher = Hasher::new();
        hasher.update(content);
        (*found == seal(hasher)).then_some(content)
    });
    content.ok_or_else(|| broken("its checksum is wrong"))
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// A folder of sealed files, which tantivy sees without their seals.
#[derive(Debug, Clone)]
pub(super) struct Sealed(MmapDirectory);

impl Sealed {
    pub(super) fn open(folder: &Path) -> tantivy::Result<Self> {
        Ok(Self(MmapDirectory::open(folder)?))
    }
}

impl Directory for Sealed {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(self.open_read(path)?))
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        let file = self.0.open_read(path)?;
        let read = || -> io::Result<FileSlice> {
            if file.len() < SEAL_BYTES {
                return Err(broken("it is cut off"));
            }
            if file.len() <= VERIFIED_WHEN_OPENED {
                opened(&file.read_bytes()?)?;
            }
            Ok(file.slice_to(file.len() - SEAL_BYTES))
        };
        read().map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let inner = self.0.open_write(path)?;
        Ok(BufWriter::new(Box::new(Sealing { inner, hasher: Hasher::new() })))
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
    hasher: Hasher,
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for Sealing {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.write_all(&seal(self.hasher.clone()))?;
        self.inner.terminate_ref(token)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_changed_byte_breaks_the_seal(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            flip in 1..=u8::MAX,
        ) {
            let mut stored = sealed(&bytes);
            prop_assert_eq!(opened(&stored).unwrap(), &bytes);
            let at = at.index(stored.len());
            stored[at] ^= flip;
            prop_assert!(opened(&stored).is_err());
            stored[at] ^= flip;
            stored.pop();
            prop_assert!(opened(&stored).is_err());
        }
    }
}
