//! Size limits of reading, all derived from the largest file that is read.

/// Largest file that is read, whatever memory there is.
const MAX_FILE: u64 = 128 << 20;

/// Largest sizes, in bytes, of a file that is read as a whole, of the files packed in it and of its
/// text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadLimits {
    file: u64,
}

impl ReadLimits {
    /// Returns the limits for files of at most `bytes`, but never more than 128 MiB.
    pub(crate) fn for_file_size(bytes: usize) -> Self {
        Self { file: (bytes as u64).min(MAX_FILE) }
    }

    /// Returns the largest size of a file.
    pub(crate) const fn file(self) -> u64 {
        self.file
    }

    /// Returns the largest size of a file that is packed in another one.
    #[cfg(feature = "archive")]
    pub(crate) const fn packed_file(self) -> u64 {
        self.file * 2
    }

    /// Returns the largest size of the text of a document, and of a line of JSON.
    ///
    /// The passages and tokens of a Chinese text take 35 times as much memory as the text, and
    /// while one document is cut into tokens another one is written.
    pub(crate) const fn text(self) -> u64 {
        self.file / 6
    }
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { file: MAX_FILE }
    }
}

/// Returns a number of bytes in KiB below 10 MiB, and in MiB from there on.
pub(crate) fn format_size(bytes: u64) -> String {
    if bytes < 10 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}
