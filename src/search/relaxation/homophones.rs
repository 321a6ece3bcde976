//! Chinese words that occur nowhere → words of the index that sound the same: what an input method offers
//! beside what was meant.

use std::collections::BTreeSet;

use super::{found_nowhere, meant};
use crate::{
    error::Result,
    query::{Alternative, Leaf, Note, PhraseSlot, QueryPlan, TextField},
    search::{Searcher, reader::SegmentView},
};

/// Longer runs of Han characters are no word.
const MAX_RUN_CHARS: usize = 8;
/// So many runs are looked at, and so many words of each: a look-up goes through all that begins alike.
const MAX_RUNS: usize = 3;
const MAX_WORDS: usize = 2;

impl Searcher {
    /// Says which Chinese words sound like those that occur nowhere: what an input method offers
    /// beside what was meant.
    pub(in crate::search) fn sounding(&self, query: &QueryPlan) -> Result<Vec<Note>> {
        let segments = self.segments();
        let mut notes = Vec::new();
        for run in han_runs(query).into_iter().take(MAX_RUNS) {
            let words = query.leaves.iter().filter_map(joined_word);
            let words = words.filter(|word| run.contains(word) && *word != run).take(MAX_WORDS);
            if !occurs_nowhere(&run, &segments)? {
                continue;
            }
            for word in std::iter::once(run.clone()).chain(words) {
                if !occurs_nowhere(&word, &segments)? {
                    continue;
                }
                if let Some(whole) = &self.whole {
                    whole.look_through();
                }
                if let Some((meant_word, _)) = self.homophones(&word)?.into_iter().next() {
                    notes.push(meant(&(word, meant_word)));
                    break;
                }
            }
        }
        Ok(notes)
    }
}

/// The runs of Han characters that the query searches for, each once.
fn han_runs(query: &QueryPlan) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for token in query.tokens.iter().filter(|token| token.is_han && !token.quoted) {
        match runs.last_mut() {
            Some(run) if token.contiguous => run.push_str(&token.term),
            _ => runs.push(token.term.clone()),
        }
    }
    let mut seen = BTreeSet::new();
    runs.retain(|run| {
        (2..=MAX_RUN_CHARS).contains(&run.chars().count()) && seen.insert(run.clone())
    });
    runs
}

/// The characters of a leaf that is a Chinese word.
fn joined_word(leaf: &Leaf) -> Option<String> {
    let variant =
        leaf.alternatives.first().filter(|variant| variant.contiguous && leaf.positive)?;
    variant.slots.iter().map(|slot| slot.terms.first().map(|form| form.term.as_str())).collect()
}

/// Whether the characters of `word` stand together in no passage.
fn occurs_nowhere(word: &str, segments: &[SegmentView<'_>]) -> Result<bool> {
    let mut buffer = [0; 4];
    let slots = word.chars().enumerate();
    let slots =
        slots.map(|(at, c)| PhraseSlot::term(at as u32, c.encode_utf8(&mut buffer))).collect();
    let variant = Alternative::contiguous(slots);
    found_nowhere(TextField::Body, std::slice::from_ref(&variant), segments)
}
