//! Chinese words that occur nowhere, searched as their parts that do.

use super::{PreparedQuery, occurs_nowhere};
use crate::{
    analysis::{Analysis, HanWordKind},
    error::Result,
    query::{Alternative, Leaf, MatchTree, Note, NoteKind, PhraseSlot, TextField},
    search::{context::SearchContext, statistics::Statistics},
};

/// Least length in characters of a word that is split. A shorter word has no two parts of two characters.
const MIN_CHARS: usize = 4;
/// Largest number of words of a query that are looked up.
const MAX_WORDS: usize = 16;

/// A part of a word.
struct Part {
    /// Number of characters of the word before the part.
    first: usize,
    chars: usize,
    leaf: Leaf,
}

/// Replaces unquoted Chinese words that occur nowhere by their parts that occur, each a leaf of its own, with a note.
pub(super) fn split_missing_words(
    context: &SearchContext,
    prepared: &mut PreparedQuery,
) -> Result<()> {
    let statistics = &*context.statistics;
    let plan = &mut prepared.plan;
    let mut looked_up = 0;
    for index in 0..plan.leaves.len() {
        let Some(leaf) = plan.leaves.get(index) else { break };
        let Some(word) = long_word(leaf).filter(|_| plan.tree.has_leaf(index)) else {
            continue;
        };
        looked_up += 1;
        if looked_up > MAX_WORDS || !occurs_nowhere(leaf, statistics)? {
            continue;
        }
        let mut parts = occurring_parts(context, leaf, &word)?.into_iter();
        let Some(first) = parts.next() else { continue };
        if let Some(leaf) = plan.leaves.get_mut(index) {
            *leaf = first;
        }
        let part_indices = std::iter::once(index).chain(plan.leaves.len()..);
        let operands = part_indices.take(parts.len() + 1).map(MatchTree::Leaf).collect();
        plan.leaves.extend(parts);
        plan.tree.replace_leaf(index, &MatchTree::Any(operands));
        let message = format!("{word} occurs nowhere: searched for its parts");
        prepared.notes.push(Note::new(NoteKind::Relaxed, message));
    }
    Ok(())
}

/// Returns the dictionary words inside `word` that occur. Characters that none of them covers are covered by pairs of
/// characters that occur.
fn occurring_parts(context: &SearchContext, leaf: &Leaf, word: &str) -> Result<Vec<Leaf>> {
    let statistics = &*context.statistics;
    let mut analysis = Analysis::default();
    context.analyzer.tokens(word, &mut analysis);
    let sub_words = context.analyzer.query_words(&analysis).into_iter();
    let sub_words = sub_words.filter(|word| word.kind == HanWordKind::SubWord);
    let ranges = sub_words.map(|word| (word.first as usize, word.chars as usize)).collect();
    let mut parts = keep_occurring(leaf, ranges, statistics)?;
    let is_covered =
        |at: usize| parts.iter().any(|part| (part.first..part.first + part.chars).contains(&at));
    let pairs = (1..analysis.tokens.len())
        .filter(|&second| !is_covered(second - 1) || !is_covered(second))
        .map(|second| (second - 1, 2))
        .collect();
    parts.extend(keep_occurring(leaf, pairs, statistics)?);
    parts.sort_by_key(|part| (part.first, part.chars));
    let ranges: Vec<_> = parts.iter().map(|part| part.first..part.first + part.chars).collect();
    parts.retain(|part| {
        let end = part.first + part.chars;
        let is_inside_longer = ranges
            .iter()
            .any(|range| range.start <= part.first && end <= range.end && range.len() > part.chars);
        !is_inside_longer
    });
    Ok(parts.into_iter().map(|part| part.leaf).collect())
}

/// Returns the stretches of a word that occur. `ranges` are their first characters and lengths.
fn keep_occurring(
    leaf: &Leaf,
    ranges: Vec<(usize, usize)>,
    statistics: &dyn Statistics,
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (first, chars) in ranges {
        let slots = leaf.alternatives.first().and_then(|word| word.slots.get(first..));
        let slots = slots.into_iter().flatten().take(chars).zip(0..);
        let slots = slots.map(|(slot, offset)| PhraseSlot { offset, ..slot.clone() }).collect();
        let alternatives = vec![Alternative::contiguous(slots)];
        if statistics.occurs(leaf.field, &alternatives)? {
            let (position, position_count) = (leaf.position + first as u32, chars as u32);
            let leaf = Leaf { alternatives, position, position_count, ..leaf.clone() };
            parts.push(Part { first, chars, leaf });
        }
    }
    Ok(parts)
}

/// Returns the characters of a leaf that is a long Chinese word in the text of passages.
fn long_word(leaf: &Leaf) -> Option<String> {
    let word = leaf
        .alternatives
        .first()
        .filter(|word| word.contiguous && word.slots.len() >= MIN_CHARS)?;
    if !leaf.adds_score() || leaf.field != TextField::Body {
        return None;
    }
    word.slots.iter().map(|slot| slot.terms.first().map(|form| form.term.as_str())).collect()
}
