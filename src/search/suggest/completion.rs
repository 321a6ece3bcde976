//! A completion as terms of the index, before its spelling is read from a passage.

use super::{
    input::{TextTerm, TypedText},
    suggestion::SuggestionKind,
};

/// A completion of a typed text: a phrase of index terms that replaces the end of the typed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Completion {
    /// Byte offset in the typed text at which the phrase begins. The text before this offset stays as typed.
    pub(super) start_byte: usize,
    /// The phrase: the typed terms that begin at or after `start_byte`, the last of which may be completed, followed by
    /// the added terms.
    pub(super) terms: Vec<TextTerm>,
    /// Number of typed terms at the beginning of `terms`.
    pub(super) typed_term_count: usize,
    pub(super) kind: SuggestionKind,
    /// Number of live passages that contain the completion: see [`Suggestion::passages`](super::Suggestion::passages).
    pub(super) passages: u64,
}

impl Completion {
    /// Returns the completion in which `term` replaces the last typed term. The phrase begins with the typed term of
    /// index `first_term`.
    pub(super) fn completing_last_term(
        typed: &TypedText<'_>,
        first_term: usize,
        term: &str,
        kind: SuggestionKind,
        passages: u64,
    ) -> Self {
        let mut terms = typed.terms.get(first_term..).unwrap_or_default().to_vec();
        if let Some(last) = terms.last_mut() {
            term.clone_into(&mut last.term);
        }
        Self {
            start_byte: start_byte_of(&terms),
            typed_term_count: terms.len(),
            terms,
            kind,
            passages,
        }
    }

    /// Returns the completion that adds the word `added` to the typed terms. The phrase begins with the typed term of
    /// index `first_term`. A Chinese word becomes one term for each character; `joins_previous` is true if no space
    /// precedes the word.
    pub(super) fn with_added_word(
        typed: &TypedText<'_>,
        first_term: usize,
        (added, joins_previous): (&str, bool),
        kind: SuggestionKind,
        passages: u64,
    ) -> Self {
        let mut terms = typed.terms.get(first_term..).unwrap_or_default().to_vec();
        let (start_byte, typed_term_count) = (start_byte_of(&terms), terms.len());
        terms.extend(TextTerm::of_word(added, joins_previous));
        Self { start_byte, terms, typed_term_count, kind, passages }
    }

    /// Returns the completion that replaces the whole typed text by the Chinese word `word`.
    #[cfg(feature = "chinese")]
    pub(super) fn replacing_all(word: &str, kind: SuggestionKind, passages: u64) -> Self {
        Self {
            start_byte: 0,
            terms: TextTerm::of_word(word, false),
            typed_term_count: 0,
            kind,
            passages,
        }
    }
}

/// Returns the byte offset in the typed text at which the first of `terms` begins. 0 if `terms` is empty.
fn start_byte_of(terms: &[TextTerm]) -> usize {
    terms.first().map_or(0, |term| term.start_byte)
}

/// Sorts completions by the number of passages, the most frequent first. Completions of equal frequency are sorted by
/// their terms.
pub(super) fn sort_by_passages(mut completions: Vec<Completion>) -> Vec<Completion> {
    completions.sort_by(|a, b| {
        let terms = |completion: &Completion| {
            completion.terms.iter().map(|term| term.term.clone()).collect::<Vec<_>>()
        };
        b.passages.cmp(&a.passages).then_with(|| terms(a).cmp(&terms(b)))
    });
    completions
}
