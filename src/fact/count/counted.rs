//! Describes the words after a number that name the counted things.

/// Words after a number that name the things that the number counts.
#[derive(Debug, Clone, Copy)]
pub(in crate::fact) struct CountedThings {
    /// Byte offset in the folded text at which the words that name the counted things begin.
    pub(in crate::fact) start: usize,
    /// Byte offset in the folded text at which the words that name the counted things end.
    pub(in crate::fact) end: usize,
    /// Byte offset in the folded text at which the Chinese classifier ends. Equal to `start` in English.
    pub(in crate::fact) classifier_end: usize,
    /// Whether the counted things are persons.
    pub(in crate::fact) counts_persons: bool,
}
