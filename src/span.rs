//! Places in a text: byte ranges on character boundaries, and offsets in the units that others count.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A byte range `start..end` in a UTF-8 text. Both ends lie on character boundaries of the text it
/// was made for. Serialized as `[start, end]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds nothing.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The slice of `text` that the span names, or "" where it does not fit that text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the span without the white space at both ends of its slice of `text`.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let slice = self.of(text);
        let start = self.start + (slice.len() - slice.trim_start().len());
        Self::new(start, start + slice.trim().len())
    }

    /// The same range moved right by `offset` bytes.
    #[must_use]
    pub const fn shifted(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }
}

/// What programs count the characters of a text in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Bytes of UTF-8: Rust, Go, C.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Code units of UTF-16: JavaScript, Java, C#.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Code points: Python.
    Codepoint,
}

impl OffsetUnit {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Codepoint => "codepoint",
        }
    }
}

/// A place in a text, in every unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "(usize, usize, usize)", into = "(usize, usize, usize)")]
pub struct Offset {
    /// In bytes of UTF-8.
    pub utf8: usize,
    /// In code units of UTF-16.
    pub utf16: usize,
    /// In code points.
    pub codepoint: usize,
}

impl Offset {
    /// The place after `text`, which begins here.
    ///
    /// ```
    /// use gz_search::span::{Offset, OffsetUnit};
    ///
    /// let end = Offset::default().after("a广😀");
    /// assert_eq!((end.utf8, end.utf16, end.codepoint), (8, 4, 3));
    /// assert_eq!(end.count(OffsetUnit::Utf16), 4);
    /// ```
    #[must_use]
    pub fn after(self, text: &str) -> Self {
        Self {
            utf8: self.utf8 + text.len(),
            utf16: self.utf16 + text.chars().map(char::len_utf16).sum::<usize>(),
            codepoint: self.codepoint + text.chars().count(),
        }
    }

    /// The place in one unit.
    pub const fn count(self, unit: OffsetUnit) -> usize {
        match unit {
            OffsetUnit::Utf8 => self.utf8,
            OffsetUnit::Utf16 => self.utf16,
            OffsetUnit::Codepoint => self.codepoint,
        }
    }
}

impl From<(usize, usize, usize)> for Offset {
    fn from((utf8, utf16, codepoint): (usize, usize, usize)) -> Self {
        Self { utf8, utf16, codepoint }
    }
}

impl From<Offset> for (usize, usize, usize) {
    fn from(offset: Offset) -> Self {
        (offset.utf8, offset.utf16, offset.codepoint)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl From<(usize, usize)> for Span {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start, end }
    }
}

impl From<Span> for (usize, usize) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}
