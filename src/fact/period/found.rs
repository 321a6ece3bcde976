//! Defines an expression of time at a place of the folded text.

use super::interval::Interval;

/// Bounds that a period sets to the statement of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PeriodKind {
    /// Within the period.
    During,
    /// At the end of the period: "as of July 2025", 截至.
    AsOf,
    /// From the period on: "since 2021", 以来.
    Since,
    /// Until the end of the period: "by 2030".
    Until,
}

/// Expression of time in the folded text.
#[derive(Debug, Clone, Copy)]
pub(in crate::fact) struct FoundPeriod {
    pub(in crate::fact) start: usize,
    pub(in crate::fact) end: usize,
    /// Days. `None` if they are not known.
    pub(super) interval: Option<Interval>,
    pub(super) kind: PeriodKind,
    pub(super) is_relative: bool,
}

impl FoundPeriod {
    /// Returns a period whose days are stated.
    pub(super) fn fixed(start: usize, end: usize, interval: Option<Interval>) -> Self {
        Self { start, end, interval, kind: PeriodKind::During, is_relative: false }
    }

    /// Returns a period whose days depend on the anchor.
    pub(super) fn relative(start: usize, end: usize, interval: Option<Interval>) -> Self {
        Self { start, end, interval, kind: PeriodKind::During, is_relative: true }
    }
}
