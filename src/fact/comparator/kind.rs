//! Relations between a true value and the number in the text.

/// Relation of the true value to the number that the text states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Comparator {
    /// The number itself.
    #[default]
    Equal,
    /// About the number.
    About,
    /// A little less than the number: "nearly", 近.
    Nearly,
    /// More than the number: "over", "exceeding", 超过, 余.
    MoreThan,
    /// The number or more: "at least", 以上, and numbers such as "dozens".
    AtLeast,
    /// Less than the number: "under", 不到.
    LessThan,
    /// The number or less: "up to", 以内.
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

/// Comparator at a place of the text.
#[derive(Debug, Clone, Copy)]
pub(in crate::fact) struct FoundComparator {
    pub(in crate::fact) comparator: Comparator,
    /// Start of a comparator before a number, or end of a comparator after a number.
    pub(in crate::fact) edge: usize,
}
