//! A suggestion, and the limits that all kinds of completions share.

use std::fmt;

use serde::Serialize;

/// Number of terms that are examined as completions: the most frequent ones.
pub(super) const MAX_CANDIDATES: usize = 200;
/// Number of positions in passages that one kind of completion compares, about ten milliseconds. Without it, frequent
/// words before the open one would make it slow: "the c".
pub(super) const POSITION_BUDGET: usize = 100_000;

/// A completion of a text that is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Suggestion {
    /// The whole text: the typed text, unchanged, and its continuation. A title stands alone, and so does a word that is
    /// found by its pinyin.
    pub text: String,
    /// Kind of the completion.
    pub kind: SuggestionKind,
    /// Number of live passages that contain the completion. For a word after other words: the passages that contain
    /// all of them, or the word alone if none does. For a title: the passages of its document.
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
    /// A Chinese word whose pinyin, or its first letters, was typed.
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

/// Sorts suggestions by the number of passages, the most frequent first, and equal ones alphabetically.
pub(super) fn by_passages(mut suggestions: Vec<Suggestion>) -> Vec<Suggestion> {
    suggestions.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.text.cmp(&b.text)));
    suggestions
}
