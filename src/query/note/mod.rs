//! Notes of a search: messages on each difference between the query as written and the query as searched (repairs,
//! expansions, truncations), and on limits of the results.

pub(crate) mod detail;
mod english;

use std::fmt;

use serde::Serialize;

use self::detail::NoteDetail;

/// Message about a repair, expansion or truncation of a query, or about a limit of the results.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Note {
    /// Kind of the note, for programs. The serialized name of a kind never changes.
    pub kind: NoteKind,
    /// Text of the note, for people, in English.
    pub message: String,
    /// Content of the note, for texts in other languages.
    #[serde(skip)]
    pub(crate) detail: NoteDetail,
}

/// Kind of a [`Note`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteKind {
    /// A text in the query was not valid as written, and was interpreted in another way.
    Repaired,
    /// A text in the query was ignored.
    Ignored,
    /// The query exceeded a limit and was shortened.
    Truncated,
    /// A word or pattern of the query was expanded to several terms of the index.
    Expanded,
    /// No passage matched all required words, so the required words became optional.
    Relaxed,
    /// A word that does not occur in the index was replaced with another spelling.
    Corrected,
    /// The user may have meant another spelling. The note names this spelling, but the search did not use it.
    Suggestion,
    /// A word of the query occurs nowhere in the index.
    Missing,
    /// Some hits lack a word of the query. These hits follow the full matches.
    Other,
    /// The time limit was reached, so some or all hits are missing.
    Cut,
    /// The index has changed since the cursor of the query was created.
    Changed,
    /// Some shards of the index did not respond.
    Partial,
}

impl Note {
    pub(crate) fn new(detail: NoteDetail) -> Self {
        Self { kind: detail.kind(), message: detail.to_string(), detail }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
