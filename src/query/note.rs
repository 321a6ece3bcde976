//! Notes: what a search did beyond taking the query as it was written.

use std::fmt;

use serde::Serialize;

/// Repair, expansion or truncation of a query, or a limit of the result, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Note {
    /// Kind; its serialized name is stable.
    pub kind: NoteKind,
    /// Sentence for people.
    pub message: String,
}

/// Kind of a [`Note`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteKind {
    /// Part of the query was not valid as written and was read in another way.
    Repaired,
    /// Part of the query was left out.
    Ignored,
    /// The query was longer than the limits allow.
    Truncated,
    /// Part of the query was expanded to several terms of the index.
    Expanded,
    /// No passage met all requirements, so they became optional.
    Relaxed,
    /// A word that does not occur was replaced by another spelling.
    Corrected,
    /// Another spelling that the user may have meant; it was not searched for.
    Suggestion,
    /// The time limit was reached: some or all hits are missing.
    Cut,
    /// The index has changed since the cursor was created.
    Changed,
    /// Some parts of the index did not respond.
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
