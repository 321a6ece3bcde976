//! Limits of the size to which archives and compressed files may expand, against decompression bombs.

use std::io::Read;

use crate::document::limits::ReadLimits;

/// Number of bytes to which every archive may expand, even if [`ArchiveLimits::max_expansion_ratio`] allows less.
const ALWAYS_ALLOWED_EXPANSION_BYTES: u64 = 16 << 20;

/// Limits of the size to which an archive may expand. An archive that exceeds a limit is rejected
/// as a decompression bomb.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "each limit is a maximum")]
pub(in crate::document) struct ArchiveLimits {
    /// Maximum unpacked size of one entry, in bytes.
    pub(super) max_entry_bytes: u64,
    /// Maximum unpacked size of all entries together, in bytes.
    pub(super) max_total_bytes: u64,
    /// Maximum unpacked size of all entries together, as a multiple of the size of the archive. The
    /// limit is never lower than [`ALWAYS_ALLOWED_EXPANSION_BYTES`].
    pub(super) max_expansion_ratio: u64,
    /// Maximum number of entries.
    pub(super) max_entries: usize,
}

impl ArchiveLimits {
    pub(in crate::document) const fn new(limits: ReadLimits) -> Self {
        // Compression shrinks text by a factor of 20, repetitive markup by 50, and zeros by 1000.
        Self {
            max_entry_bytes: limits.max_archived_file_bytes(),
            max_total_bytes: 4 << 30,
            max_expansion_ratio: 200,
            max_entries: 100_000,
        }
    }
}

/// Remaining number of bytes to which the entries of an archive may expand.
#[derive(Debug)]
pub(super) struct ExpansionBudget {
    /// Number of bytes that may still be unpacked.
    pub(super) bytes_left: u64,
    /// Maximum unpacked size of one entry, in bytes.
    max_entry_bytes: u64,
    /// Whether [`ArchiveLimits::max_expansion_ratio`] is the limit that determines the budget. If not,
    /// [`ArchiveLimits::max_total_bytes`] does.
    is_limited_by_ratio: bool,
}

impl ExpansionBudget {
    pub(super) fn new(limits: ArchiveLimits, archive_size: usize) -> Self {
        let max_expanded_bytes_by_ratio = max_expanded_bytes_by_ratio(limits, archive_size as u64);
        Self {
            bytes_left: max_expanded_bytes_by_ratio.min(limits.max_total_bytes),
            max_entry_bytes: limits.max_entry_bytes,
            is_limited_by_ratio: max_expanded_bytes_by_ratio < limits.max_total_bytes,
        }
    }

    /// Reads the content of an entry from `reader`, and deducts its size from the budget.
    ///
    /// # Errors
    ///
    /// Returns the reason if the entry cannot be read or exceeds a limit.
    pub(super) fn read_entry_within_budget(
        &mut self,
        reader: impl Read,
    ) -> Result<Vec<u8>, String> {
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

/// Returns the number of bytes to which an archive of `archive_bytes` bytes may expand.
pub(super) fn max_expanded_bytes(limits: ArchiveLimits, archive_bytes: u64) -> u64 {
    max_expanded_bytes_by_ratio(limits, archive_bytes).min(limits.max_total_bytes)
}

fn max_expanded_bytes_by_ratio(limits: ArchiveLimits, archive_bytes: u64) -> u64 {
    archive_bytes.saturating_mul(limits.max_expansion_ratio).max(ALWAYS_ALLOWED_EXPANSION_BYTES)
}
