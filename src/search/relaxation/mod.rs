//! Looser queries for a query that finds nothing, and repairs of words that occur nowhere.
//!
//! A clause comes in; the plan that finds something goes out, with its matches and a note on each change. Each step is
//! tried only if the one before finds nothing: the query with its missing words repaired, without its demands, with
//! corrected spelling. Open this file first: it runs the steps. The other files change words.

mod decompounding;
#[cfg(feature = "chinese")]
mod homophones;
mod spelling;
#[cfg(test)]
mod tests;

use super::{
    context::{SearchContext, chosen_facets, resolve_filters},
    expansion::{expand_equivalents, expand_new_words, expand_terms},
    retrieval::{Depth, Matches, retrieve},
    statistics::Statistics,
};
use crate::{
    error::Result,
    query::{self, Clause, Deadline, Leaf, Note, NoteKind, Query, QueryPlan},
};

/// A query plan that is ready to be matched and highlighted.
pub(super) struct PreparedQuery {
    pub(super) plan: QueryPlan,
    /// Notes on what the plan stands for beyond the query text.
    pub(super) notes: Vec<Note>,
}

/// Returns the plan of a clause, with the terms of the index that it stands for.
pub(super) fn prepare(
    context: &SearchContext,
    clause: &Clause,
    query: &Query,
) -> Result<PreparedQuery> {
    let statistics = &*context.statistics;
    let mut notes = Vec::new();
    let mut plan = query::plan_query(clause, &query.filters, &context.analyzer, &mut notes);
    resolve_filters(context, &mut plan)?;
    expand_terms(&mut plan, statistics, &mut notes)?;
    if !query.strict {
        expand_equivalents(&mut plan, statistics, &mut notes)?;
    }
    Ok(PreparedQuery { plan, notes })
}

/// Returns the first plan that finds something, and its matches. If no plan does, returns the plan closest to the query.
/// A [strict](Query::strict) query is never changed.
pub(super) fn search_with_relaxation(
    context: &SearchContext,
    clause: &Clause,
    query: &Query,
    depth: Depth,
    deadline: Deadline,
) -> Result<(PreparedQuery, Matches)> {
    Relaxation { context, query, depth, deadline }.search(clause)
}

/// A search for one query, whatever clause stands for it.
struct Relaxation<'a> {
    context: &'a SearchContext,
    query: &'a Query,
    depth: Depth,
    deadline: Deadline,
}

impl Relaxation<'_> {
    fn search(&self, clause: &Clause) -> Result<(PreparedQuery, Matches)> {
        let mut prepared = if self.query.strict {
            prepare(self.context, clause, self.query)?
        } else {
            self.repair_missing_terms(clause)?
        };
        let matches = self.matches(&prepared.plan)?;
        if matches.any() {
            if !self.deadline.is_over() {
                self.suggest_spelling(&mut prepared)?;
            }
            return Ok((prepared, matches));
        }
        if self.query.strict {
            return Ok((prepared, matches));
        }
        let relaxed = query::relax(clause);
        let mut relaxation_note = None;
        if let Some(relaxed) = &relaxed {
            relaxation_note = Some(Note::new(
                NoteKind::Relaxed,
                format!("nothing matches {clause}: searched for {relaxed}"),
            ));
            let mut relaxed = prepare(self.context, relaxed, self.query)?;
            let relaxed_matches = self.matches(&relaxed.plan)?;
            if relaxed_matches.any() {
                relaxed.notes.extend(relaxation_note);
                return Ok((relaxed, relaxed_matches));
            }
        }
        let loosest = relaxed.as_ref().unwrap_or(clause);
        let mut corrected = prepare(self.context, loosest, self.query)?;
        self.deadline.check()?;
        let corrections = spelling::correct(&mut corrected.plan, self.statistics())?;
        if !corrections.is_empty() {
            let corrected_matches = self.matches(&corrected.plan)?;
            if corrected_matches.any() {
                corrected.notes.extend(relaxation_note);
                corrected.notes.extend(corrections.iter().map(spelling::correction_note));
                return Ok((corrected, corrected_matches));
            }
        }
        prepared.notes.extend(corrections.iter().map(spelling::suggestion_note));
        prepared.notes.extend(self.homophone_notes(&corrected.plan)?);
        Ok((prepared, matches))
    }

    fn matches(&self, plan: &QueryPlan) -> Result<Matches> {
        let chosen = chosen_facets(self.context, self.query)?;
        retrieve(self.context, plan, &chosen, self.query, self.depth, self.deadline)
    }

    fn statistics(&self) -> &dyn Statistics {
        &*self.context.statistics
    }

    /// Returns the plan of a clause with another form beside each part that occurs nowhere: the words of a phrase, the
    /// parts of a Chinese word, the closest spelling of another word if there is little doubt.
    fn repair_missing_terms(&self, clause: &Clause) -> Result<PreparedQuery> {
        let occurs = |phrase: &Clause| -> Result<bool> {
            let alone = prepare(self.context, phrase, self.query)?.plan;
            let Some(leaf) = alone.leaves.first() else { return Ok(true) };
            Ok(!occurs_nowhere(leaf, self.statistics())?)
        };
        let (clause, phrases) = query::phrases_to_words(clause, occurs)?;
        let mut prepared = prepare(self.context, &clause, self.query)?;
        prepared.notes.extend(phrases.iter().map(|phrase| {
            let message = format!("{phrase} occurs nowhere: searched for its words");
            Note::new(NoteKind::Relaxed, message)
        }));
        decompounding::split_missing_words(self.context, &mut prepared)?;
        let corrections = spelling::add_closest_spellings(&mut prepared.plan, self.statistics())?;
        prepared.notes.extend(corrections.iter().map(spelling::correction_note));
        expand_new_words(&mut prepared.plan, self.statistics())?;
        Ok(prepared)
    }

    /// Adds notes on what words that occur nowhere may mean.
    fn suggest_spelling(&self, prepared: &mut PreparedQuery) -> Result<()> {
        let mut copy = prepared.plan.clone();
        let corrections = spelling::correct(&mut copy, self.statistics())?;
        prepared.notes.extend(corrections.iter().map(spelling::suggestion_note));
        prepared.notes.extend(self.homophone_notes(&prepared.plan)?);
        Ok(())
    }

    #[cfg(feature = "chinese")]
    fn homophone_notes(&self, plan: &QueryPlan) -> Result<Vec<Note>> {
        homophones::notes(self.context, plan)
    }

    #[cfg(not(feature = "chinese"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the signature with pinyin")]
    fn homophone_notes(&self, _plan: &QueryPlan) -> Result<Vec<Note>> {
        Ok(Vec::new())
    }
}

/// Returns whether no passage has any alternative of a leaf.
fn occurs_nowhere(leaf: &Leaf, statistics: &dyn Statistics) -> Result<bool> {
    Ok(!statistics.occurs(leaf.field, &leaf.alternatives)?)
}
