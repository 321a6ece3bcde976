//! Suggests completions of a query that a user is typing, from the terms, texts and titles of the index.
//!
//! Words and phrases come first, then titles, then Chinese words by their pinyin. A share of the suggestions is
//! reserved for titles and for pinyin. Read this file first, then `input`. `prefix`, `next_word`, `chinese`, `titles`
//! and `pinyin` each find one kind of completion. `spelling` reads the spelling of a completion from a passage, outside
//! of `markup`. `terms` and `positions` read the index.

mod chinese;
mod completion;
#[cfg(test)]
mod expected_suggestions;
mod input;
mod markup;
mod next_word;
#[cfg(feature = "chinese")]
mod pinyin;
mod positions;
mod prefix;
mod spelling;
mod suggestion;
mod terms;
#[cfg(test)]
mod tests;
mod titles;

use std::collections::HashSet;

#[cfg(feature = "chinese")]
pub(super) use self::pinyin::{homophones, words_with_pinyin};
pub use self::suggestion::{Suggestion, SuggestionKind};
use self::{
    input::{TypedEnd, TypedText, text_terms},
    spelling::{Speller, has_typed_symbols},
};
use super::context::SearchContext;
use crate::{analysis::Analysis, error::Result};

/// Maximum number of suggestions that one call returns.
const MAX_SUGGESTIONS: usize = 100;

/// Returns completions of a text that a user is typing, the most likely first: at most `limit`, and at most 100.
pub(super) fn suggestions(
    context: &SearchContext,
    text: &str,
    limit: usize,
) -> Result<Vec<Suggestion>> {
    let limit = limit.min(MAX_SUGGESTIONS);
    let Some(typed) = TypedText::new(text, &context.analyzer).filter(|_| limit > 0) else {
        return Ok(Vec::new());
    };
    let mut speller = Speller::new(context, &typed);
    let candidates = prefix::completion_candidates(context, &typed)?;
    let completions = match typed.end {
        TypedEnd::Word => prefix::completions(context, &typed, &candidates, &mut speller)?,
        TypedEnd::Han(_) => chinese::completions(context, &typed)?,
        TypedEnd::Space | TypedEnd::Joiner => next_word::completions(context, &typed)?,
        TypedEnd::Other => Vec::new(),
    };
    // More completions are spelled than returned, since some of their spellings are duplicates.
    let spelled_limit = 2 * limit + 10;
    let completions = speller.spell_completions(&completions, spelled_limit)?;
    let mut titles = titles::completions(context, &typed, &candidates)?;
    titles.retain(|title| has_typed_symbols(&title.text, &typed));
    #[cfg(feature = "chinese")]
    let pinyin = {
        let words = pinyin::completions(context, &typed, &candidates, &mut speller)?;
        speller.spell_completions(&words, spelled_limit)?
    };
    #[cfg(not(feature = "chinese"))]
    let pinyin = Vec::new();
    let mut suggestion_lists = [completions, titles, pinyin];
    remove_duplicate_suggestions(context, text, &mut suggestion_lists);
    Ok(merge_suggestion_lists(limit, suggestion_lists))
}

/// Removes each suggestion whose terms equal the terms of the typed text or of an earlier suggestion.
fn remove_duplicate_suggestions(
    context: &SearchContext,
    text: &str,
    lists: &mut [Vec<Suggestion>; 3],
) {
    let mut analysis = Analysis::default();
    let mut terms_of = |text: &str| {
        context.analyzer.tokens(text, &mut analysis);
        text_terms(&analysis).into_iter().map(|term| term.term).collect::<Vec<_>>()
    };
    let mut seen_terms = HashSet::from([terms_of(text)]);
    for list in lists {
        list.retain(|suggestion| seen_terms.insert(terms_of(&suggestion.text)));
    }
}

/// Returns the first suggestions of each list, up to `limit` in total. The lists are: words and phrases, titles,
/// pinyin. 30 % of `limit` is reserved for titles and 20 % for pinyin. If a list does not fill its share, the
/// remainder of the share goes to the lists before it, then to the lists after it.
fn merge_suggestion_lists(limit: usize, lists: [Vec<Suggestion>; 3]) -> Vec<Suggestion> {
    let [_, titles, pinyin] = &lists;
    let reserved_counts = [titles.len().min(limit * 3 / 10), pinyin.len().min(limit * 2 / 10)];
    let mut suggestions = Vec::with_capacity(limit);
    for (index, list) in lists.into_iter().enumerate() {
        let reserved_for_later_lists: usize = reserved_counts.iter().skip(index).sum();
        let max_from_list = limit - suggestions.len() - reserved_for_later_lists;
        suggestions.extend(list.into_iter().take(max_from_list));
    }
    suggestions
}
