//! Counted things after a number.

/// Counted things after a number.
#[derive(Debug, Clone, Copy)]
pub(in crate::fact) struct Counted {
    /// Start of the words that name the things.
    pub(in crate::fact) start: usize,
    /// End of the words that name the things.
    pub(in crate::fact) end: usize,
    /// End of the classifier in Chinese, equal to `start` in English.
    pub(in crate::fact) classifier_end: usize,
    /// Whether the things are persons.
    pub(in crate::fact) is_persons: bool,
}
