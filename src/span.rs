//! Spans of a text (byte ranges on character boundaries), and offsets in bytes, UTF-16 code units or code points.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::named::{self, ParseNameError};

/// Byte range `start..end` in a UTF-8 text, with both ends on character boundaries. Serialized as
/// `[start, end]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(from = "(usize, usize)", into = "(usize, usize)")]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Returns whether the range is empty.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the slice of `text` at the span, or `""` if the span exceeds `text` or does not lie on character
    /// boundaries.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the span without the leading and trailing white space of its slice of `text`.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let slice = self.of(text);
        let trimmed_start = self.start + (slice.len() - slice.trim_start().len());
        Self::new(trimmed_start, trimmed_start + slice.trim().len())
    }

    /// Returns the span with `offset` added to both ends, in bytes.
    #[must_use]
    pub const fn shifted(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }
}

/// Unit in which a program counts offsets in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Bytes of UTF-8, as in Rust, Go and C.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Code units of UTF-16, as in JavaScript, Java and C#.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Code points, as in Python.
    Codepoint,
}

impl OffsetUnit {
    /// All units.
    pub const ALL: [Self; 3] = [Self::Utf8, Self::Utf16, Self::Codepoint];

    /// Returns the name of the unit in JSON: `utf-8`, `utf-16` or `codepoint`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Codepoint => "codepoint",
        }
    }
}

impl FromStr for OffsetUnit {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        named::parse_name(name, "offset unit", &Self::ALL, Self::name)
    }
}

/// Position in a text, counted in each [`OffsetUnit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "(usize, usize, usize)", into = "(usize, usize, usize)")]
pub struct Offset {
    /// Bytes of UTF-8.
    pub utf8: usize,
    /// Code units of UTF-16.
    pub utf16: usize,
    /// Code points.
    pub codepoint: usize,
}

impl Offset {
    /// Returns the offset of the end of `text` if `text` begins at this offset.
    ///
    /// ```
    /// use gz_search::span::{Offset, OffsetUnit};
    ///
    /// let end = Offset::default().advanced_by("a广😀");
    /// assert_eq!((end.utf8, end.utf16, end.codepoint), (8, 4, 3));
    /// assert_eq!(end.count("utf-16".parse::<OffsetUnit>().unwrap()), 4);
    /// ```
    #[must_use]
    pub fn advanced_by(self, text: &str) -> Self {
        Self {
            utf8: self.utf8 + text.len(),
            utf16: self.utf16 + text.chars().map(char::len_utf16).sum::<usize>(),
            codepoint: self.codepoint + text.chars().count(),
        }
    }

    /// Returns the offset counted in `unit`.
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
