//! Defines the relations between a true value and the number that a text states.

/// Relation of the true value to the number that the text states: "over 5 million" states the number 5 million, and the
/// true value is more than this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Comparator {
    /// The true value is the number itself.
    #[default]
    Equal,
    /// The true value is about the number.
    About,
    /// The true value is a little less than the number: "nearly", 近.
    Nearly,
    /// The true value is more than the number: "over", "exceeding", 超过, 余.
    MoreThan,
    /// The true value is the number or more: "at least", 以上, and numbers such as "dozens".
    AtLeast,
    /// The true value is less than the number: "under", 不到.
    LessThan,
    /// The true value is the number or less: "up to", 以内.
    AtMost,
}

impl Comparator {
    /// Returns the name of the comparator: `equal`, `about`, `nearly`, `more than`, `at least`, `less than`, `at most`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::About => "about",
            Self::Nearly => "nearly",
            Self::MoreThan => "more than",
            Self::AtLeast => "at least",
            Self::LessThan => "less than",
            Self::AtMost => "at most",
        }
    }

    /// Returns the comparator as a mathematical symbol: `=`, `~`, `<~`, `>`, `>=`, `<`, `<=`.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::About => "~",
            Self::Nearly => "<~",
            Self::MoreThan => ">",
            Self::AtLeast => ">=",
            Self::LessThan => "<",
            Self::AtMost => "<=",
        }
    }
}

/// Comparator found before or after a number of the text.
#[derive(Debug, Clone, Copy)]
pub(in crate::fact) struct ComparatorMatch {
    pub(in crate::fact) comparator: Comparator,
    /// Byte offset of the end that is away from the number: the start of a comparator before the number, or the end of
    /// a comparator after the number.
    pub(in crate::fact) outer_offset: usize,
}
