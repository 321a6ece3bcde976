//! Size limits for reading files, all derived from the maximum file size.

/// Maximum file size, in bytes, if much memory is available. [`ReadLimits::for_max_file_size`] reduces larger sizes to
/// this size.
const MAX_FILE_BYTES: u64 = 128 << 20;

/// Maximum sizes, in bytes, of a file, of a file in an archive, and of the text of a document. All of them derive from
/// the maximum file size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadLimits {
    /// Maximum size of a file, in bytes.
    file_bytes: u64,
}

impl ReadLimits {
    /// Returns the limits for a maximum file size of `bytes`. Sizes above 128 MiB are reduced to
    /// 128 MiB.
    pub(crate) fn for_max_file_size(bytes: usize) -> Self {
        Self { file_bytes: (bytes as u64).min(MAX_FILE_BYTES) }
    }

    /// Returns the maximum size of a file, in bytes.
    pub(crate) const fn max_file_bytes(self) -> u64 {
        self.file_bytes
    }

    /// Returns the maximum size of a file in an archive, in bytes: twice the maximum file size.
    #[cfg(any(feature = "archive", feature = "pdf"))]
    pub(crate) const fn max_archived_file_bytes(self) -> u64 {
        self.file_bytes * 2
    }

    /// Returns the maximum size of the text of a document, and of a line of JSON, in bytes.
    ///
    /// The limit is a sixth of the maximum file size, because the passages and tokens of a Chinese text need 35 times
    /// as much memory as the text, and one document is written while another document is tokenized.
    pub(crate) const fn max_text_bytes(self) -> u64 {
        self.file_bytes / 6
    }
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { file_bytes: MAX_FILE_BYTES }
    }
}

/// Formats a number of bytes: in KiB if it is less than 10 MiB, and in MiB from 10 MiB.
pub(crate) fn format_size(bytes: u64) -> String {
    if bytes < 10 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}
