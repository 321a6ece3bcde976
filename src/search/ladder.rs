//! A query that finds nothing → the first looser one that does, with a note that says which.

use super::{
    Searcher,
    expand::{Terms, edits, expand, spelled},
    postings::Segment,
    segment::Matches,
};
use crate::{
    error::Result,
    query::{self, Clause, Leaf, Lowered, Note, NoteKind, Query, Scope, Wanted},
};

/// Longer words may have two edits.
const TWO_EDITS_CHARS: usize = 6;
/// Shorter words have too many neighbours.
const MIN_CHARS: usize = 4;

/// A query ready to be matched and highlighted.
pub(super) struct Prepared {
    pub(super) query: Lowered,
    pub(super) notes: Vec<Note>,
}

impl Searcher {
    pub(super) fn prepared(&self, clause: &Clause, query: &Query) -> Result<Prepared> {
        let mut notes = Vec::new();
        let mut lowered = query::lowered(clause, &query.filters, &self.analyzer, &mut notes);
        expand(&mut lowered, &self.segments(), &mut notes)?;
        Ok(Prepared { query: lowered, notes })
    }

    /// The query and its matches; where there are none, those of the first rung that has some: without
    /// demands, then with words that occur nowhere in another spelling.
    pub(super) fn climbed(
        &self,
        clause: &Clause,
        query: &Query,
    ) -> Result<(Prepared, Vec<Matches>)> {
        let mut prepared = self.prepared(clause, query)?;
        let matches = self.matches(&prepared.query)?;
        if count(&matches) > 0 {
            self.suggest_spelling(&mut prepared)?;
            return Ok((prepared, matches));
        }
        if query.strict {
            return Ok((prepared, matches));
        }
        let relaxed = query::relaxed(clause);
        if let Some(relaxed) = &relaxed {
            let mut looser = self.prepared(relaxed, query)?;
            let found = self.matches(&looser.query)?;
            if count(&found) > 0 {
                looser.notes.push(Note::new(
                    NoteKind::Relaxed,
                    format!("nothing matches {clause}: searched for {relaxed}"),
                ));
                return Ok((looser, found));
            }
        }
        let loosest = relaxed.as_ref().unwrap_or(clause);
        let mut corrected = self.prepared(loosest, query)?;
        let said = self.correct(&mut corrected.query)?;
        if !said.is_empty() {
            let found = self.matches(&corrected.query)?;
            if count(&found) > 0 {
                corrected.notes.extend(said);
                return Ok((corrected, found));
            }
        }
        prepared.notes.extend(said.into_iter().map(|note| Note {
            kind: NoteKind::Suggestion,
            message: note.message.replace("searched for", "did you mean"),
        }));
        Ok((prepared, matches))
    }

    /// Says what may have been meant by words that occur nowhere.
    fn suggest_spelling(&self, prepared: &mut Prepared) -> Result<()> {
        let mut copy = prepared.query.clone();
        for note in self.correct(&mut copy)? {
            let message = note.message.replace("searched for", "did you mean");
            prepared.notes.push(Note { kind: NoteKind::Suggestion, message });
        }
        Ok(())
    }

    /// Replaces words that occur nowhere by the closest spelling of the index, and says so.
    fn correct(&self, query: &mut Lowered) -> Result<Vec<Note>> {
        let segments = self.segments();
        let mut notes = Vec::new();
        for leaf in query.leaves.iter_mut().filter(|leaf| leaf.positive && leaf.boost > 0.0) {
            if leaf.scope != Scope::Body || !missing(leaf, &segments)? {
                continue;
            }
            let Some(term) = leaf.word().map(str::to_owned) else { continue };
            if let Some((closest, _)) = closest(&term, &segments)? {
                notes.push(Note::new(
                    NoteKind::Corrected,
                    format!("{term} occurs nowhere: searched for {closest}"),
                ));
                let stem = crate::analysis::stem(&closest).into_owned();
                for slot in leaf.variants.iter_mut().flat_map(|variant| &mut variant.slots) {
                    slot.wanted = Wanted::Stem { term: closest.clone(), stem: stem.clone() };
                }
            }
        }
        expand(query, &segments, &mut Vec::new())?;
        Ok(notes)
    }
}

fn count(matches: &[Matches]) -> u64 {
    matches.iter().map(|matches| matches.matched.len()).sum()
}

/// Whether a leaf of one word occurs in no segment.
fn missing(leaf: &Leaf, segments: &[Segment<'_>]) -> Result<bool> {
    if leaf.word().is_none() {
        return Ok(false);
    }
    for &segment in segments {
        if !segment.variants(leaf.scope, &leaf.variants)?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The term of the index that is spelled most like `term`; of several the most frequent.
fn closest(term: &str, segments: &[Segment<'_>]) -> Result<Option<(String, u64)>> {
    let chars = term.chars().count();
    let letters = term.chars().all(char::is_alphabetic);
    if chars < MIN_CHARS || !letters {
        return Ok(None);
    }
    let Some(segment) = segments.first() else { return Ok(None) };
    let most = if chars >= TWO_EDITS_CHARS { 2 } else { 1 };
    let found: Terms = spelled(term, most, segment.fields.exact, segments)?;
    let best = found.into_iter().min_by_key(|(found, frequency)| {
        (edits(term, found), std::cmp::Reverse(*frequency), found.clone())
    });
    Ok(best)
}
