//! Finds homophones of Chinese words that occur nowhere, because users of an input method may pick the wrong homophone.
//! Other matches may have them.

use std::collections::BTreeSet;

use super::{pinyin::han_phrase, spelling::Correction};
use crate::{
    error::Result,
    query::{Leaf, QueryPlan, TextField},
    search::{context::SearchContext, statistics::Statistics, suggest},
};

/// Maximum length in characters of a run of Han characters that is looked up. A longer run is not a word.
const MAX_RUN_CHARS: usize = 8;
/// Maximum number of runs of Han characters for which homophones are searched. Each search scans all terms whose first
/// character sounds like that of the word.
const MAX_RUNS: usize = 3;
/// Maximum number of words in each run of Han characters for which homophones are searched.
const MAX_WORDS_PER_RUN: usize = 2;

/// Adds homophones to a loose plan, as other ways to write the words that occur nowhere.
pub(super) fn add_homophones(loose: &mut QueryPlan, homophones: &[Correction]) {
    for (word, homophone) in homophones {
        let first = word.chars().next();
        // A run outside the dictionary is searched as pairs of characters: the first pair stands for the run.
        let leaf = loose.leaves.iter_mut().find(|leaf| {
            han_word(leaf)
                .is_some_and(|pair| word.starts_with(&pair) && pair.chars().next() == first)
        });
        if let Some(leaf) = leaf {
            leaf.alternatives.push(han_phrase(homophone));
        }
    }
}

/// Returns homophones of words that occur nowhere in the index, at most one for each run of Han characters.
pub(super) fn homophones_of_missing_words(
    context: &SearchContext,
    plan: &QueryPlan,
) -> Result<Vec<Correction>> {
    let statistics = &*context.statistics;
    let mut homophones = Vec::new();
    for run in han_runs(plan).into_iter().take(MAX_RUNS) {
        let words = plan.leaves.iter().filter_map(han_word);
        let words = words.filter(|word| run.contains(word) && *word != run).take(MAX_WORDS_PER_RUN);
        if !occurs_nowhere(&run, statistics)? {
            continue;
        }
        for word in std::iter::once(run.clone()).chain(words) {
            if !occurs_nowhere(&word, statistics)? {
                continue;
            }
            statistics.require_all_terms();
            if let Some((homophone, _)) = suggest::homophones(context, &word)?.into_iter().next() {
                homophones.push((word, homophone));
                break;
            }
        }
    }
    Ok(homophones)
}

/// Returns the distinct unquoted runs of 2 to [`MAX_RUN_CHARS`] Han characters in the query.
fn han_runs(plan: &QueryPlan) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for token in plan.tokens.iter().filter(|token| token.is_han && !token.quoted) {
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

/// Returns the characters of a leaf if the leaf is a Chinese word.
fn han_word(leaf: &Leaf) -> Option<String> {
    let word = leaf.alternatives.first().filter(|word| word.contiguous && leaf.positive)?;
    word.slots.iter().map(|slot| slot.terms.first().map(|form| form.term.as_str())).collect()
}

/// Returns whether no passage contains all characters of `word` in sequence.
fn occurs_nowhere(word: &str, statistics: &dyn Statistics) -> Result<bool> {
    Ok(!statistics.occurs(TextField::Body, std::slice::from_ref(&han_phrase(word)))?)
}
