//! What was done with a query beyond searching for it as it stands.

use std::fmt;

use serde::Serialize;

/// One repair, expansion or truncation, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Note {
    /// Stable name of what was done.
    pub kind: NoteKind,
    /// The same for people.
    pub message: String,
}

/// What a [`Note`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteKind {
    /// Part of the query could not be read as it was written.
    Repaired,
    /// Part of the query was left out.
    Ignored,
    /// The query was longer than the limits allow.
    Truncated,
    /// Part of the query stands for several words of the index.
    Expanded,
    /// Nothing had all that was asked for: what was required became optional.
    Relaxed,
    /// Words that occur nowhere were searched for in another spelling.
    Corrected,
    /// What might have been meant; it was not searched for.
    Suggestion,
    /// The time that the query may take was over: hits are missing, or all that would have come of it.
    Cut,
    /// The index has changed since the cursor was made.
    Changed,
    /// Parts of the index did not answer.
    Partial,
}

impl Note {
    pub(crate) fn new(kind: NoteKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
