//! Defines an expression of time that was found in the folded text.

use super::interval::Interval;

/// Relation between a statement of the text and a period, as "since" and "by" express it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PeriodKind {
    /// The statement holds within the period.
    During,
    /// The statement holds at the end of the period: "as of July 2025", 截至.
    AsOf,
    /// The statement holds from the first day of the period on: "since 2021", 以来.
    Since,
    /// The statement holds until the last day of the period: "by 2030".
    Until,
}

/// Expression of time in the folded text.
#[derive(Debug, Clone, Copy)]
pub(in crate::fact) struct PeriodMatch {
    /// Byte offset in the folded text at which the expression begins.
    pub(in crate::fact) start: usize,
    /// Byte offset in the folded text at which the expression ends.
    pub(in crate::fact) end: usize,
    /// Days of the period. `None` if the days are not known.
    pub(super) interval: Option<Interval>,
    pub(super) kind: PeriodKind,
    /// Whether the days depend on the day of publication.
    pub(in crate::fact) is_relative: bool,
}

impl PeriodMatch {
    /// Returns a period whose days are stated.
    pub(super) fn fixed(start: usize, end: usize, interval: Option<Interval>) -> Self {
        Self { start, end, interval, kind: PeriodKind::During, is_relative: false }
    }

    /// Returns a period whose days depend on the day of publication.
    pub(super) fn relative(start: usize, end: usize, interval: Option<Interval>) -> Self {
        Self { start, end, interval, kind: PeriodKind::During, is_relative: true }
    }
}
