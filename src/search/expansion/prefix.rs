//! Expands the last word of a query, which the user is still typing, to words of the index that begin with it.

use super::terms::most_frequent_completions;
use crate::{
    error::Result,
    query::{ExpandedTerm, Query, QueryPlan, TermPattern},
    search::statistics::Statistics,
};

/// Maximum number of words that are added for the unfinished word. The most frequent words are added.
const MAX_COMPLETIONS_OF_LAST_WORD: usize = 50;
/// Minimum length of an unfinished word that is expanded, in characters. A single letter begins thousands of words.
const MIN_UNFINISHED_WORD_CHARS: usize = 2;
/// Weight of an occurrence of a word that begins with the unfinished word. The unfinished word itself has weight 1.
const COMPLETION_WEIGHT: f32 = 0.5;

/// Adds to the last word of the query the words of the index that begin with this word. Does nothing unless
/// [`Query::prefix_last`] is set and the query text ends in a word of at least two characters that is not Chinese.
pub(in crate::search) fn add_completions_of_last_word(
    plan: &mut QueryPlan,
    query: &Query,
    statistics: &dyn Statistics,
) -> Result<()> {
    if !query.last_word_is_unfinished
        || statistics.is_empty()
        || !ends_in_non_han_letter(&query.text)
    {
        return Ok(());
    }
    let Some(last_token) = plan.tokens.iter().max_by_key(|token| token.position) else {
        return Ok(());
    };
    let word = last_token.term.clone();
    if last_token.is_han || word.chars().count() < MIN_UNFINISHED_WORD_CHARS {
        return Ok(());
    }
    let Some(leaf) = plan.leaves.iter_mut().max_by_key(|leaf| leaf.position) else { return Ok(()) };
    let field = leaf.field;
    let Some(slot) = leaf.alternatives.first_mut().and_then(|phrase| phrase.slots.last_mut())
    else {
        return Ok(());
    };
    let is_last_word = matches!(
        &slot.pattern,
        TermPattern::Term(term) | TermPattern::Stem { term, .. } if *term == word
    );
    if is_last_word {
        for term in
            most_frequent_completions(&word, MAX_COMPLETIONS_OF_LAST_WORD, field, statistics)?
        {
            if slot.terms.iter().all(|expanded| expanded.term != term) {
                slot.terms.push(ExpandedTerm { term, weight: COMPLETION_WEIGHT });
            }
        }
    }
    Ok(())
}

/// Returns whether the text ends in a letter that is not a Han character. After a space or a punctuation mark, the last
/// word is finished.
fn ends_in_non_han_letter(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphabetic() && !crate::script::is_han(c))
}
