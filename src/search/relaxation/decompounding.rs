//! A Chinese word that occurs nowhere → its parts that do.

use super::found_nowhere;
use crate::{
    analysis::{Analysis, HanWordKind},
    error::Result,
    query::{Alternative, Leaf, MatchTree, Note, NoteKind, PhraseSlot, QueryPlan, TextField},
    search::{Searcher, reader::SegmentView},
};

/// A shorter word has no parts of two characters on both sides.
const MIN_CHARS: usize = 4;
/// So many words are looked at.
const MAX_TRIED: usize = 16;

impl Searcher {
    /// Searches unquoted Chinese words that occur nowhere as their parts, each a leaf of its own.
    pub(in crate::search) fn part_missing(
        &self,
        query: &mut QueryPlan,
        notes: &mut Vec<Note>,
    ) -> Result<()> {
        let segments = self.segments();
        let mut tried = 0;
        for index in 0..query.leaves.len() {
            let Some(leaf) = query.leaves.get(index) else { break };
            let Some(word) = word_of(leaf).filter(|_| query.tree.has_leaf(index)) else {
                continue;
            };
            tried += 1;
            if tried > MAX_TRIED || !found_nowhere(leaf.field, &leaf.alternatives, &segments)? {
                continue;
            }
            let mut parts = self.parts(leaf, &word, &segments)?.into_iter();
            let Some(first) = parts.next() else { continue };
            if let Some(leaf) = query.leaves.get_mut(index) {
                *leaf = first;
            }
            let all = std::iter::once(index).chain(query.leaves.len()..);
            let all = all.take(parts.len() + 1).map(MatchTree::Leaf).collect();
            query.leaves.extend(parts);
            query.tree.replace_leaf(index, &MatchTree::Any(all));
            let message = format!("{word} occurs nowhere: searched for its parts");
            notes.push(Note::new(NoteKind::Relaxed, message));
        }
        Ok(())
    }

    /// The dictionary words inside `word` that occur, and the pairs that do where there are none.
    fn parts(&self, leaf: &Leaf, word: &str, segments: &[SegmentView<'_>]) -> Result<Vec<Leaf>> {
        let mut analysis = Analysis::default();
        self.analyzer.tokens(word, &mut analysis);
        let words = self.analyzer.query_words(&analysis).into_iter();
        let words = words.filter(|word| word.kind == HanWordKind::SubWord);
        let words = words.map(|word| (word.first as usize, word.chars as usize)).collect();
        let mut found = occurring(leaf, words, segments)?;
        let covered =
            |at: usize| found.iter().any(|&(first, chars, _)| (first..first + chars).contains(&at));
        let pairs = (1..analysis.tokens.len())
            .filter(|&second| !covered(second - 1) || !covered(second))
            .map(|second| (second - 1, 2))
            .collect();
        found.extend(occurring(leaf, pairs, segments)?);
        found.sort_by_key(|&(first, chars, _)| (first, chars));
        let ranges: Vec<_> = found.iter().map(|&(first, chars, _)| first..first + chars).collect();
        let inside = |first: usize, chars: usize| {
            let within = |other: &std::ops::Range<usize>| {
                other.start <= first && first + chars <= other.end && other.len() > chars
            };
            ranges.iter().any(within)
        };
        found.retain(|&(first, chars, _)| !inside(first, chars));
        Ok(found.into_iter().map(|(_, _, leaf)| leaf).collect())
    }
}

/// The characters of `leaf` at `ranges` (first, how many) as leaves, of those that occur.
fn occurring(
    leaf: &Leaf,
    ranges: Vec<(usize, usize)>,
    segments: &[SegmentView<'_>],
) -> Result<Vec<(usize, usize, Leaf)>> {
    let mut found = Vec::new();
    for (first, chars) in ranges {
        let slots = leaf.alternatives.first().and_then(|variant| variant.slots.get(first..));
        let slots = slots.into_iter().flatten().take(chars).zip(0..);
        let slots = slots.map(|(slot, offset)| PhraseSlot { offset, ..slot.clone() }).collect();
        let variants = vec![Alternative::contiguous(slots)];
        if !found_nowhere(leaf.field, &variants, segments)? {
            let (position, positions) = (leaf.position + first as u32, chars as u32);
            found.push((
                first,
                chars,
                Leaf {
                    alternatives: variants,
                    position,
                    position_count: positions,
                    ..leaf.clone()
                },
            ));
        }
    }
    Ok(found)
}

/// The characters of a leaf that is a long Chinese word.
fn word_of(leaf: &Leaf) -> Option<String> {
    let variant = leaf.alternatives.first().filter(|variant| variant.contiguous)?;
    let wanted =
        leaf.adds_score() && leaf.field == TextField::Body && variant.slots.len() >= MIN_CHARS;
    let form = |slot: &PhraseSlot| slot.terms.first().map(|form| form.term.clone());
    wanted.then(|| variant.slots.iter().map(form).collect())?
}
