//! How large what is read at once may be.

/// Bytes of a file that is read as a whole; what is packed in it and its text follow from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReadLimits {
    file: u64,
}

/// No larger file is read, whatever memory there is.
const MAX_FILE: u64 = 128 << 20;

impl ReadLimits {
    /// Files of at most so many bytes.
    pub(crate) fn of(bytes: usize) -> Self {
        Self { file: (bytes as u64).min(MAX_FILE) }
    }

    /// Of a file.
    pub(crate) const fn file(self) -> u64 {
        self.file
    }

    /// Of a file that is packed in another one.
    #[cfg(feature = "archive")]
    pub(crate) const fn entry(self) -> u64 {
        self.file * 2
    }

    /// Of the text of a document, and of a line of JSON: what is made of it takes 35 times as much in Chinese, and
    /// while one is cut into tokens another is written.
    pub(crate) const fn text(self) -> u64 {
        self.file / 6
    }
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { file: MAX_FILE }
    }
}

/// A number of bytes in MiB, or in KiB where it is less than ten of these.
pub(crate) fn shown(bytes: u64) -> String {
    if bytes < 10 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}
