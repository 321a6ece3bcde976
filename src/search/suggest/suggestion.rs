//! A suggestion, and the limits that all kinds of completions share.

use std::fmt;

use serde::Serialize;

/// Maximum number of index terms that are examined as completions, the most frequent terms first.
pub(super) const MAX_COMPLETION_CANDIDATES: usize = 200;
/// Maximum number of positions in passages that are compared to find completions of one kind. Comparing this many
/// positions takes about ten milliseconds. Without the limit, frequent words before the unfinished word, as in "the
/// c", would take long.
pub(super) const MAX_COMPARED_POSITIONS: usize = 100_000;

/// A completion of a text that a user is typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Suggestion {
    /// The suggested query, spelled as in a passage of the index. A title, or a Chinese word found by its pinyin,
    /// replaces the whole typed text.
    pub text: String,
    /// Kind of the completion.
    pub kind: SuggestionKind,
    /// Number of live passages that contain the completion. For a word after other words, the number of passages that
    /// contain all these words; after operators or fields, the number of passages that contain the completed word. For
    /// a title, the number of passages of its document.
    pub passages: u64,
}

/// Kind of a [`Suggestion`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SuggestionKind {
    /// A word of the index that begins with the last typed word.
    Word,
    /// A phrase that occurs in a passage as a whole.
    Phrase,
    /// The title of a document.
    Title,
    /// A Chinese word whose pinyin was typed, in full or by the first letters of its syllables.
    Pinyin,
}

impl fmt::Display for SuggestionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Word => "word",
            Self::Phrase => "phrase",
            Self::Title => "title",
            Self::Pinyin => "pinyin",
        })
    }
}
