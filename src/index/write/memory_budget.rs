//! How much memory indexing may take → what of it each part may: the buffers of the writer, a file, its text.

use crate::{
    document::ReadLimits,
    error::{Error, Result},
};

/// How much memory a process takes while it indexes, as the system counts what is resident. Files that would
/// need more are not read, and named among the failures.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// let index = gz_search::Index::in_memory();
/// let writer = index.writer()?.limited(gz_search::index::MemoryBudget::mib(512)?)?;
/// # writer.commit()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryBudget {
    mib: usize,
}

/// The program, its dictionary, merges of segments.
const BASE_MIB: usize = 128;
/// What is buffered by all threads is such a part of all.
const BUFFERS: usize = 8;
/// What waits for them is such a part.
const WAITING: usize = 16;
/// Threads that write are kept busy by so much.
const MAX_WAITING_BYTES: usize = 32 << 20;
/// A thread gains nothing from more.
const MAX_BUFFER_BYTES: usize = 64 << 20;
/// The engine needs as much for each.
const MIN_BUFFER_BYTES: usize = 15 << 20;
/// A file takes so many times its size at most, with its text, a sixth of it, and what is made of that.
const TIMES: usize = 13;

impl MemoryBudget {
    /// With less the largest documents that are common could not be read.
    pub const LEAST_MIB: usize = 512;

    /// So many MiB.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for fewer than [`MemoryBudget::LEAST_MIB`].
    pub fn mib(mib: usize) -> Result<Self> {
        if mib < Self::LEAST_MIB {
            return Err(Error::invalid(
                "memory",
                format!("{mib} MiB of memory are too few: give {} or more", Self::LEAST_MIB),
            ));
        }
        Ok(Self { mib })
    }

    /// What each of so many threads may buffer, in bytes.
    pub(in crate::index) fn buffer(self, threads: usize) -> usize {
        let all = (self.mib << 20) / BUFFERS;
        (all / threads.max(1)).clamp(MIN_BUFFER_BYTES, MAX_BUFFER_BYTES)
    }

    /// How many bytes of entries may wait to be written.
    pub(in crate::index) fn waiting(self) -> usize {
        ((self.mib << 20) / WAITING).min(MAX_WAITING_BYTES)
    }

    /// What is read at once.
    pub(in crate::index) fn bounds(self) -> ReadLimits {
        let left = self.mib - self.mib / BUFFERS - BASE_MIB;
        ReadLimits::for_file_size((left << 20) / TIMES)
    }
}

impl Default for MemoryBudget {
    /// 2 GiB: enough for the largest files that are read at all.
    fn default() -> Self {
        Self { mib: 2048 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_no_more_than_all() {
        assert!(MemoryBudget::mib(511).is_err());
        assert_eq!(MemoryBudget::default().bounds(), ReadLimits::default());
        for mib in [512, 600, 1024, 2048, 100_000] {
            let memory = MemoryBudget::mib(mib).unwrap();
            for threads in 1..=4 {
                let buffers = threads * memory.buffer(threads);
                let file = memory.bounds().file() as usize;
                assert!(buffers + TIMES * file + (BASE_MIB << 20) <= mib << 20, "{mib} {threads}");
            }
        }
    }
}
