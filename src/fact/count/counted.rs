//! Describes the words after a number that name the counted things.

/// Words after a number that name the things that the number counts.
#[derive(Debug, Clone, Copy)]
pub(in crate::fact) struct CountedThings {
    /// Offset of the start of the words that name the counted things.
    pub(in crate::fact) start: usize,
    /// Offset of the end of the words that name the counted things.
    pub(in crate::fact) end: usize,
    /// Offset of the end of the classifier in Chinese, equal to `start` in English.
    pub(in crate::fact) classifier_end: usize,
    /// Whether the counted things are persons.
    pub(in crate::fact) counts_persons: bool,
}
