//! Expands a word that occurs nowhere to the dotted names that begin with the word, such as `greengov` to
//! `greengov.sg`.

use super::terms::most_frequent_completions;
use crate::{
    error::Result,
    query::{
        Alternative, Note, PhraseSlot, QueryPlan, TextField,
        note_detail::{ExpandedPart, NoteDetail},
    },
    search::statistics::Statistics,
};

/// Minimum length in bytes of a word that is expanded.
const MIN_EXPANDED_WORD_BYTES: usize = 4;
/// Maximum number of dotted names that are added to a word. The most frequent names are added.
const MAX_DOTTED_NAMES_PER_WORD: usize = 4;

/// Expands each word of the query that no passage contains. Adds the names of web sites and domains that begin with the
/// word and a full stop. Such a name is one term of the index.
pub(super) fn add_dotted_names(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    for leaf in plan.leaves.iter_mut().filter(|leaf| leaf.field == TextField::Body) {
        let Some(word) = leaf.single_word().filter(|word| may_begin_dotted_name(word)) else {
            continue;
        };
        if !statistics.lacks_word(word)? {
            continue;
        }
        let prefix = format!("{word}.");
        let names =
            most_frequent_completions(&prefix, MAX_DOTTED_NAMES_PER_WORD, leaf.field, statistics)?;
        if names.is_empty() {
            continue;
        }
        let (word, spellings) = (leaf.label.clone(), names.join(", "));
        let to_alternative = |name: &String| Alternative::phrase(vec![PhraseSlot::term(0, name)]);
        leaf.alternatives.extend(names.iter().map(to_alternative));
        if leaf.adds_score() {
            let part = ExpandedPart::OtherSpelling { word, spellings };
            notes.push(Note::new(NoteDetail::Expanded(part)));
        }
    }
    Ok(())
}

/// Returns whether a word is long enough to be expanded, and has only ASCII letters and digits.
fn may_begin_dotted_name(word: &str) -> bool {
    word.len() >= MIN_EXPANDED_WORD_BYTES && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
