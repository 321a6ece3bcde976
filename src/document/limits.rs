//! Size limits for reading files, all derived from the maximum file size.

/// Upper bound of the maximum file size, in bytes, however much memory is available.
const MAX_FILE: u64 = 128 << 20;

/// Maximum sizes, in bytes, of a file, of the files packed in it, and of the text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadLimits {
    file: u64,
}

impl ReadLimits {
    /// Returns the limits for a maximum file size of `bytes`. Sizes above 128 MiB are reduced to
    /// 128 MiB.
    pub(crate) fn for_file_size(bytes: usize) -> Self {
        Self { file: (bytes as u64).min(MAX_FILE) }
    }

    /// Returns the maximum size of a file, in bytes.
    pub(crate) const fn file(self) -> u64 {
        self.file
    }

    /// Returns the maximum size of a file packed in another file, in bytes.
    #[cfg(feature = "archive")]
    pub(crate) const fn packed_file(self) -> u64 {
        self.file * 2
    }

    /// Returns the maximum size of the text of a document, and of a line of JSON, in bytes.
    ///
    /// The passages and tokens of a Chinese text need 35 times as much memory as the text. At the
    /// same time as one document is tokenized, another document is written.
    pub(crate) const fn text(self) -> u64 {
        self.file / 6
    }
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { file: MAX_FILE }
    }
}

/// Formats a number of bytes: in KiB if it is less than 10 MiB, otherwise in MiB.
pub(crate) fn format_size(bytes: u64) -> String {
    if bytes < 10 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}
