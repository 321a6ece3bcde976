//! Splits a Chinese word that occurs nowhere in the index into shorter words that occur.

use super::{PreparedQuery, occurs_nowhere};
use crate::{
    analysis::Analysis,
    error::Result,
    query::{
        Alternative, Leaf, MatchTree, Note, PhraseSlot, TextField,
        note_detail::{NoteDetail, RelaxedPart},
    },
    search::{context::SearchContext, statistics::Statistics},
};

/// Minimum length in characters of a word that is split. A shorter word cannot be split into two words of two
/// characters each.
const MIN_SPLIT_WORD_CHARS: usize = 4;
/// Maximum number of words of a query that are looked up and split.
const MAX_SPLIT_WORDS_PER_QUERY: usize = 16;

/// Part of a Chinese word as a separate query leaf: a shorter word, or a pair of characters.
struct WordPart {
    /// Index of the first character of the part in the whole word.
    first_char: usize,
    /// Length of the part in characters.
    char_count: usize,
    leaf: Leaf,
}

/// Replaces each unquoted Chinese word that occurs nowhere in the index by its [parts](WordPart) that occur. Each part
/// becomes a query leaf. Adds a note on each replaced word.
pub(super) fn split_missing_words(
    context: &SearchContext,
    prepared_query: &mut PreparedQuery,
) -> Result<()> {
    let statistics = &*context.statistics;
    let plan = &mut prepared_query.plan;
    let mut checked_words = 0;
    for index in 0..plan.leaves.len() {
        let Some(leaf) = plan.leaves.get(index) else { break };
        let Some(word) = splittable_word(leaf).filter(|_| plan.tree.has_leaf_node(index)) else {
            continue;
        };
        checked_words += 1;
        if checked_words > MAX_SPLIT_WORDS_PER_QUERY || !occurs_nowhere(leaf, statistics)? {
            continue;
        }
        let mut parts = occurring_parts_of_word(context, leaf, &word)?.into_iter();
        let Some(first_part) = parts.next() else { continue };
        let part = RelaxedPart::WordParts { word: leaf.label.clone() };
        if let Some(leaf) = plan.leaves.get_mut(index) {
            *leaf = first_part;
        }
        let part_indices = std::iter::once(index).chain(plan.leaves.len()..);
        let operands = part_indices.take(parts.len() + 1).map(MatchTree::Leaf).collect();
        plan.leaves.extend(parts);
        plan.tree.replace_leaf_nodes(index, &MatchTree::AllWithHeadings(operands));
        prepared_query.notes.push(Note::new(NoteDetail::Relaxed(part)));
    }
    Ok(())
}

/// Returns the dictionary words inside `word` that occur in the index. For characters outside these words,
/// returns pairs of adjacent characters that occur.
fn occurring_parts_of_word(context: &SearchContext, leaf: &Leaf, word: &str) -> Result<Vec<Leaf>> {
    let statistics = &*context.statistics;
    let mut analysis = Analysis::default();
    context.analyzer.tokens(word, &mut analysis);
    let sub_words = context.analyzer.query_words(&analysis).into_iter();
    let char_count = analysis.tokens.len();
    let sub_words = sub_words.filter(|word| (word.char_count as usize) < char_count);
    let sub_word_ranges =
        sub_words.map(|word| (word.first_token as usize, word.char_count as usize)).collect();
    let mut parts = parts_at_ranges_that_occur(leaf, sub_word_ranges, statistics)?;
    let is_covered = |at: usize| {
        parts.iter().any(|part| (part.first_char..part.first_char + part.char_count).contains(&at))
    };
    let pair_ranges = (1..analysis.tokens.len())
        .filter(|&second| !is_covered(second - 1) || !is_covered(second))
        .map(|second| (second - 1, 2))
        .collect();
    parts.extend(parts_at_ranges_that_occur(leaf, pair_ranges, statistics)?);
    parts.sort_by_key(|part| (part.first_char, part.char_count));
    let part_ranges: Vec<_> =
        parts.iter().map(|part| part.first_char..part.first_char + part.char_count).collect();
    parts.retain(|part| {
        let part_end = part.first_char + part.char_count;
        let is_inside_longer = part_ranges.iter().any(|range| {
            range.start <= part.first_char && part_end <= range.end && range.len() > part.char_count
        });
        !is_inside_longer
    });
    Ok(parts.into_iter().map(|part| part.leaf).collect())
}

/// Returns the parts of a word that occur in the index. Each element of `ranges` is the index of the first character of
/// a part, and the length of the part in characters.
fn parts_at_ranges_that_occur(
    leaf: &Leaf,
    ranges: Vec<(usize, usize)>,
    statistics: &dyn Statistics,
) -> Result<Vec<WordPart>> {
    let mut parts = Vec::new();
    for (first_char, char_count) in ranges {
        let slots = leaf.alternatives.first().and_then(|word| word.slots.get(first_char..));
        let slots = slots.into_iter().flatten().take(char_count).zip(0..);
        let slots = slots.map(|(slot, offset)| PhraseSlot { offset, ..slot.clone() }).collect();
        let alternatives = vec![Alternative::contiguous(slots)];
        if statistics.occurs(leaf.field, &alternatives)? {
            let (position, position_count) = (leaf.position + first_char as u32, char_count as u32);
            let leaf = Leaf { alternatives, position, position_count, ..leaf.clone() };
            parts.push(WordPart { first_char, char_count, leaf });
        }
    }
    Ok(parts)
}

/// Returns the characters of the Chinese word that a query leaf searches in the body. `None` if the leaf is no Chinese
/// word, adds no score, or has fewer than [`MIN_SPLIT_WORD_CHARS`] characters.
fn splittable_word(leaf: &Leaf) -> Option<String> {
    let word = leaf
        .alternatives
        .first()
        .filter(|word| word.is_contiguous && word.slots.len() >= MIN_SPLIT_WORD_CHARS)?;
    if !leaf.adds_score() || leaf.field != TextField::Body {
        return None;
    }
    word.slots.iter().map(|slot| slot.terms.first().map(|form| form.term.as_str())).collect()
}
