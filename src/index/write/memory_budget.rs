//! Divides a memory limit for indexing among the buffers of the writer, its queue and the files that are read.

use crate::{
    document::ReadLimits,
    error::{Error, Result},
    index::stored::PassageRecord,
    passage::Passage,
};

/// Limit of the resident memory of a process while it indexes. An update does not read a file that would need more
/// memory, but reports the file as a failure.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// let index = gz_search::Index::in_memory();
/// let writer = index.writer()?.with_memory_limit(gz_search::index::MemoryBudget::mib(512)?)?;
/// # writer.commit()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryBudget {
    mib: usize,
}

/// Memory in MiB for the program, its dictionary and the merges of segments.
const BASE_MEMORY_MIB: usize = 128;
/// Divisor of the memory limit: the writer's buffers together take an eighth of the limit.
const BUFFERS_DIVISOR: usize = 8;
/// Divisor of the memory limit: the documents that wait to be written take at most a sixteenth of the limit.
const QUEUE_DIVISOR: usize = 16;
/// Maximum memory in bytes of the documents that wait to be written. This amount keeps the writing threads busy.
const MAX_QUEUE_BYTES: usize = 128 << 20;
/// Maximum size of the buffer of one writing thread, in bytes. A larger buffer does not make indexing faster.
const MAX_BUFFER_BYTES: usize = 64 << 20;
/// Minimum size in bytes that tantivy accepts for the buffer of one writing thread.
const MIN_BUFFER_BYTES: usize = 15 << 20;
/// Peak memory in bytes of reading a file, for each byte of the file. The memory includes the bytes of the file, the
/// extracted text (at most a sixth of the file size), and the tokens and entries of the text.
const PEAK_BYTES_PER_FILE_BYTE: usize = 13;

/// Maximum number of documents in memory at the same time: one document is written while another is analyzed.
const MAX_DOCUMENTS_IN_MEMORY: usize = 2;
/// Peak memory in bytes that a passage takes in addition to its text: records, entry, postings and fast fields.
const PEAK_BYTES_PER_PASSAGE: usize = 1_700;
/// Peak memory in bytes for each byte of text. The value holds for Chinese text, which needs the most memory for each
/// byte.
const PEAK_BYTES_PER_TEXT_BYTE: usize = 35;
/// Peak memory in bytes for each byte of the headings and names of a passage. Each passage has copies of these texts.
const PEAK_BYTES_PER_HEADING_BYTE: usize = 10;

impl MemoryBudget {
    /// Minimum limit in MiB. With a lower limit, large documents of common sizes could not be read.
    pub const LEAST_MIB: usize = 512;

    /// Returns a limit of `mib` MiB.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if `mib` is less than [`MemoryBudget::LEAST_MIB`].
    pub fn mib(mib: usize) -> Result<Self> {
        if mib < Self::LEAST_MIB {
            return Err(Error::invalid(
                "memory",
                format!("{mib} MiB of memory is too little: the minimum is {}", Self::LEAST_MIB),
            ));
        }
        Ok(Self { mib })
    }

    /// Returns the size in bytes of the buffer of each of `threads` writing threads.
    pub(super) fn buffer_bytes(self, threads: usize) -> usize {
        let total_bytes = (self.mib << 20) / BUFFERS_DIVISOR;
        (total_bytes / threads.max(1)).clamp(MIN_BUFFER_BYTES, MAX_BUFFER_BYTES)
    }

    /// Returns the maximum memory in bytes of the documents that wait to be written.
    pub(super) fn max_queue_bytes(self) -> usize {
        ((self.mib << 20) / QUEUE_DIVISOR).min(MAX_QUEUE_BYTES)
    }

    /// Returns the maximum sizes of the files to read, computed from the memory that remains after the buffers and
    /// [`BASE_MEMORY_MIB`].
    pub(super) fn read_limits(self) -> ReadLimits {
        let file_mib = self.mib - self.mib / BUFFERS_DIVISOR - BASE_MEMORY_MIB;
        ReadLimits::for_max_file_size((file_mib << 20) / PEAK_BYTES_PER_FILE_BYTE)
    }

    /// Returns the maximum memory in bytes that all passages of one document may take. [`peak_passage_bytes`] computes
    /// the memory of one passage.
    pub(super) fn max_document_memory_bytes(self) -> usize {
        let file_bytes = self.read_limits().max_file_bytes() as usize;
        PEAK_BYTES_PER_FILE_BYTE * file_bytes / MAX_DOCUMENTS_IN_MEMORY
    }
}

/// Returns the peak memory in bytes that a passage takes until it is written.
pub(super) fn peak_passage_bytes(passage: &Passage) -> usize {
    let Passage { span, headings, headings_directly_above, issuer, speaker, .. } = passage;
    peak_bytes(
        span.len(),
        headings.iter().chain(headings_directly_above).chain(issuer).chain(speaker),
    )
}

/// Returns the peak memory in bytes that the passage of a record takes until it is written.
pub(super) fn peak_record_bytes(record: &PassageRecord) -> usize {
    let PassageRecord { text, headings, headings_directly_above, issuer, speaker, .. } = record;
    peak_bytes(
        text.len(),
        headings.iter().chain(headings_directly_above).chain(issuer).chain(speaker),
    )
}

/// Returns the peak memory in bytes of a passage with `text_bytes` bytes of text. `headings` are its headings and
/// names.
fn peak_bytes<'a>(text_bytes: usize, headings: impl Iterator<Item = &'a String>) -> usize {
    PEAK_BYTES_PER_PASSAGE
        + PEAK_BYTES_PER_TEXT_BYTE * text_bytes
        + PEAK_BYTES_PER_HEADING_BYTE * headings.map(String::len).sum::<usize>()
}

impl Default for MemoryBudget {
    /// Returns 2 GiB, which is enough for the largest supported files.
    fn default() -> Self {
        Self { mib: 2048 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_and_one_file_fit_into_the_limit() {
        assert!(MemoryBudget::mib(511).is_err());
        assert_eq!(MemoryBudget::default().read_limits(), ReadLimits::default());
        for mib in [512, 600, 1024, 2048, 100_000] {
            let memory = MemoryBudget::mib(mib).unwrap();
            for threads in 1..=4 {
                let buffers = threads * memory.buffer_bytes(threads);
                let file = memory.read_limits().max_file_bytes() as usize;
                assert!(
                    buffers + PEAK_BYTES_PER_FILE_BYTE * file + (BASE_MEMORY_MIB << 20)
                        <= mib << 20,
                    "{mib} {threads}"
                );
            }
        }
    }
}
