//! A query that finds nothing → the first looser one that does, with a note that says which.

mod decompounding;
#[cfg(feature = "chinese")]
mod homophones;

use std::collections::BTreeMap;

use super::{
    Searcher,
    deadline::Deadline,
    execute::SegmentMatches,
    expansion::{TermFrequencies, edits, expand, expand_words, spelled, widen},
    reader::SegmentView,
    remote::whole_of,
};
use crate::{
    analysis::stem,
    error::Result,
    query::{
        self, Alternative, Clause, Collapse, Leaf, Note, NoteKind, PhraseSlot, Query, QueryPlan,
        Sort, TermPattern, TextField,
    },
};

/// A word that occurs nowhere, of so many letters at least, is searched in a spelling that differs by one
/// letter and not by its first.
const MIN_MENDED_CHARS: usize = 5;
/// Longer words may have two edits.
const TWO_EDITS_CHARS: usize = 6;
/// Shorter words have too many neighbours.
const MIN_CHARS: usize = 4;
/// The spelling of so many words is looked up at most.
const MAX_TRIED: usize = 16;

/// A query ready to be matched and highlighted.
pub(super) struct Prepared {
    pub(super) query: QueryPlan,
    pub(super) notes: Vec<Note>,
}

impl Searcher {
    pub(super) fn prepared(&self, clause: &Clause, query: &Query) -> Result<Prepared> {
        let mut notes = Vec::new();
        let mut lowered = query::plan_query(clause, &query.filters, &self.analyzer, &mut notes);
        self.below_root(&mut lowered)?;
        expand(&mut lowered, &self.segments(), &mut notes)?;
        if !query.strict {
            widen(&mut lowered, &self.segments(), &mut notes)?;
        }
        Ok(Prepared { query: lowered, notes })
    }

    /// The query and its matches; where there are none, those of the first rung that has some: without
    /// demands, then with words that occur nowhere in another spelling.
    pub(super) fn climbed(
        &self,
        clause: &Clause,
        query: &Query,
        deadline: Deadline,
    ) -> Result<(Prepared, Vec<SegmentMatches>)> {
        let mut prepared =
            if query.strict { self.prepared(clause, query) } else { self.mended(clause, query) }?;
        let matches = self.matches(&prepared.query, query, deadline)?;
        if any(&matches) {
            if !deadline.is_over() {
                self.suggest_spelling(&mut prepared)?;
            }
            return Ok((prepared, matches));
        }
        if query.strict {
            return Ok((prepared, matches));
        }
        let relaxed = query::relax(clause);
        let mut said = Vec::new();
        if let Some(relaxed) = &relaxed {
            said.push(Note::new(
                NoteKind::Relaxed,
                format!("nothing matches {clause}: searched for {relaxed}"),
            ));
            let mut looser = self.prepared(relaxed, query)?;
            let found = self.matches(&looser.query, query, deadline)?;
            if any(&found) {
                looser.notes.append(&mut said);
                return Ok((looser, found));
            }
        }
        let loosest = relaxed.as_ref().unwrap_or(clause);
        let mut corrected = self.prepared(loosest, query)?;
        deadline.check()?;
        let corrections = self.correct(&mut corrected.query)?;
        if !corrections.is_empty() {
            let found = self.matches(&corrected.query, query, deadline)?;
            if any(&found) {
                corrected.notes.append(&mut said);
                corrected.notes.extend(corrections.iter().map(searched));
                return Ok((corrected, found));
            }
        }
        prepared.notes.extend(corrections.iter().map(meant));
        prepared.notes.extend(self.sounding(&corrected.query)?);
        Ok((prepared, matches))
    }

    /// The query with what would find nothing beside what does in a form that may: a phrase that occurs
    /// nowhere as its words, a Chinese word that occurs nowhere as its parts, another word that occurs
    /// nowhere in the closest spelling as well, where there is little doubt.
    fn mended(&self, clause: &Clause, query: &Query) -> Result<Prepared> {
        let segments = self.segments();
        let occurs = |phrase: &Clause| -> Result<bool> {
            let alone = self.prepared(phrase, query)?.query;
            let missing = alone.leaves.first().map(|leaf| is_missing(leaf, &segments));
            Ok(!missing.transpose()?.unwrap_or_default())
        };
        let (opened, phrases) = query::phrases_to_words(clause, occurs)?;
        let mut prepared = self.prepared(&opened, query)?;
        prepared.notes.extend(phrases.iter().map(|phrase| {
            let message = format!("{phrase} occurs nowhere: searched for its words");
            Note::new(NoteKind::Relaxed, message)
        }));
        self.part_missing(&mut prepared.query, &mut prepared.notes)?;
        let mut tried = 0;
        for leaf in prepared.query.leaves.iter_mut().filter(|leaf| leaf.adds_score()) {
            let Some(term) = leaf.single_word().map(str::to_owned) else { continue };
            let long = term.chars().count() >= MIN_MENDED_CHARS;
            if !long || leaf.field != TextField::Body || !is_missing(leaf, &segments)? {
                continue;
            }
            tried += 1;
            if tried > MAX_TRIED {
                break;
            }
            let Some(close) = closest(&term, 1, &segments)? else { continue };
            if close.chars().next() != term.chars().next() {
                continue;
            }
            let wanted = TermPattern::Stem { stem: stem(&close).into_owned(), term: close.clone() };
            let slots = vec![PhraseSlot::pattern(0, wanted)];
            leaf.alternatives.push(Alternative { slots, contiguous: false, slop: 0, exact: false });
            prepared.notes.push(searched(&(term, close)));
        }
        expand_words(&mut prepared.query, &segments)?;
        Ok(prepared)
    }

    /// Says what may have been meant by words that occur nowhere, where others do.
    fn suggest_spelling(&self, prepared: &mut Prepared) -> Result<()> {
        let mut copy = prepared.query.clone();
        prepared.notes.extend(self.correct(&mut copy)?.iter().map(meant));
        prepared.notes.extend(self.sounding(&prepared.query)?);
        Ok(())
    }

    #[cfg(not(feature = "chinese"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as it is with pinyin")]
    fn sounding(&self, _: &QueryPlan) -> Result<Vec<Note>> {
        Ok(Vec::new())
    }

    /// Replaces words that occur nowhere by the closest spelling of the index; returns both.
    fn correct(&self, query: &mut QueryPlan) -> Result<Vec<(String, String)>> {
        let segments = self.segments();
        let mut corrections: Vec<(String, String)> = Vec::new();
        let mut tried: BTreeMap<String, Option<String>> = BTreeMap::new();
        for leaf in query.leaves.iter_mut().filter(|leaf| leaf.positive && leaf.boost > 0.0) {
            let Some(term) = leaf.single_word().map(str::to_owned) else { continue };
            if leaf.field != TextField::Body || !is_missing(leaf, &segments)? {
                continue;
            }
            if !tried.contains_key(&term) {
                if tried.len() >= MAX_TRIED {
                    break;
                }
                let most = if term.chars().count() >= TWO_EDITS_CHARS { 2 } else { 1 };
                tried.insert(term.clone(), closest(&term, most, &segments)?);
            }
            if let Some(closest) = tried.get(&term).cloned().flatten() {
                let stem = stem(&closest).into_owned();
                leaf.alternatives.truncate(1);
                for slot in leaf.alternatives.iter_mut().flat_map(|variant| &mut variant.slots) {
                    slot.pattern = TermPattern::Stem { term: closest.clone(), stem: stem.clone() };
                }
                if !corrections.iter().any(|(corrected, _)| *corrected == term) {
                    corrections.push((term, closest));
                }
            }
        }
        if !corrections.is_empty() {
            expand(query, &segments, &mut Vec::new())?;
        }
        Ok(corrections)
    }
}

pub(super) fn meant((from, to): &(String, String)) -> Note {
    Note::new(NoteKind::Suggestion, format!("{from} occurs nowhere: did you mean {to}"))
}

fn searched((from, to): &(String, String)) -> Note {
    Note::new(NoteKind::Corrected, format!("{from} occurs nowhere: searched for {to}"))
}

/// Whether a leaf occurs in no passage.
fn is_missing(leaf: &Leaf, segments: &[SegmentView<'_>]) -> Result<bool> {
    found_nowhere(leaf.field, &leaf.alternatives, segments)
}

pub(super) fn found_nowhere(
    scope: TextField,
    variants: &[Alternative],
    segments: &[SegmentView<'_>],
) -> Result<bool> {
    if let Some(whole) = whole_of(segments) {
        return Ok(!whole.occurs(scope, variants));
    }
    for segment in segments {
        for variant in variants {
            if segment.occurs(scope, variant)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// How many of the best matches a page is made of; all of them where it takes more than their scores.
pub(super) fn kept(query: &Query) -> usize {
    if query.collapse != Collapse::None || query.cursor.is_some() || query.sort != Sort::Score {
        return usize::MAX;
    }
    if query.limit == 0 { 0 } else { query.offset.saturating_add(query.limit) }
}

/// Whether a query finds anything: what is chosen of it never changes how it is read.
fn any(matches: &[SegmentMatches]) -> bool {
    matches.iter().any(|matches| match &matches.totals {
        Some(totals) => totals.found > 0,
        None => !matches.selection.found().is_empty(),
    })
}

/// The term of the index that is spelled most like `term`, with `most` edits at most; of several the most
/// frequent.
fn closest(term: &str, most: u8, segments: &[SegmentView<'_>]) -> Result<Option<String>> {
    let chars = term.chars().count();
    let letters = term.chars().all(char::is_alphabetic);
    if chars < MIN_CHARS || !letters {
        return Ok(None);
    }
    let Some(segment) = segments.first() else { return Ok(None) };
    let found: TermFrequencies = spelled(term, most, segment.fields.exact, segments)?;
    let best = found.into_iter().min_by_key(|(found, frequency)| {
        (edits(term, found), std::cmp::Reverse(*frequency), found.clone())
    });
    Ok(best.map(|(closest, _)| closest))
}
