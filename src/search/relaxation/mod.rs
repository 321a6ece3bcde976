//! Query relaxation: looser queries for a query without matches, and corrections of words that occur nowhere.
//!
//! A clause comes in; the first plan with matches goes out, with the matches and a note on each change. Each
//! step runs only if the step before it has no matches: first missing words are repaired, then required words
//! become optional, then spelling is corrected. Open this file first: it runs the steps. The other files
//! split or correct words.

mod decompounding;
#[cfg(feature = "chinese")]
mod homophones;
#[cfg(feature = "chinese")]
mod pinyin;
mod spelling;
#[cfg(test)]
mod tests;

use super::{
    context::{SearchContext, chosen_facets, resolve_path_filters},
    expansion::{add_completions_of_last_word, expand_equivalents, expand_new_words, expand_terms},
    retrieval::{Depth, Matches, retrieve},
    statistics::Statistics,
};
use crate::{
    error::Result,
    query::{self, Clause, Deadline, Leaf, Note, NoteKind, Query, QueryPlan},
};

/// Query plan that is ready for matching and highlighting.
pub(super) struct PreparedQuery {
    pub(super) plan: QueryPlan,
    /// Notes on the terms that the plan adds to the query text.
    pub(super) notes: Vec<Note>,
}

/// Returns the plan of a clause, in which every word and pattern is expanded to terms of the index.
pub(super) fn prepare(
    context: &SearchContext,
    clause: &Clause,
    query: &Query,
) -> Result<PreparedQuery> {
    let statistics = &*context.statistics;
    let mut notes = Vec::new();
    let mut plan = query::plan_query(clause, &query.filters, &context.analyzer, &mut notes);
    resolve_path_filters(context, &mut plan)?;
    expand_terms(&mut plan, statistics, &mut notes)?;
    add_completions_of_last_word(&mut plan, query, statistics)?;
    if !query.strict {
        expand_equivalents(&mut plan, statistics, &mut notes)?;
    }
    Ok(PreparedQuery { plan, notes })
}

/// Returns the first plan that has matches, and these matches. If no plan has matches, returns the plan closest
/// to the query. Never changes a [strict](Query::strict) query.
pub(super) fn search_with_relaxation(
    context: &SearchContext,
    clause: &Clause,
    query: &Query,
    depth: Depth,
    deadline: Deadline,
) -> Result<(PreparedQuery, Matches)> {
    Relaxation { context, query, depth, deadline }.search(clause)
}

/// Settings of a search, which apply to the original clause and to its relaxed forms.
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
        let matches = self.retrieve_matches(&prepared.plan)?;
        if matches.has_any() {
            if !self.deadline.is_over() {
                self.suggest_spelling(&mut prepared)?;
            }
            return Ok((prepared, matches));
        }
        if self.query.strict {
            return Ok((prepared, matches));
        }
        let relaxed_clause = query::relax(clause);
        let mut relaxation_note = None;
        if let Some(relaxed_clause) = &relaxed_clause {
            relaxation_note = Some(Note::new(
                NoteKind::Relaxed,
                format!("nothing matches {clause}: searched for {relaxed_clause}"),
            ));
            let mut relaxed = prepare(self.context, relaxed_clause, self.query)?;
            let relaxed_matches = self.retrieve_matches(&relaxed.plan)?;
            if relaxed_matches.has_any() {
                relaxed.notes.extend(relaxation_note);
                return Ok((relaxed, relaxed_matches));
            }
        }
        let loosest_clause = relaxed_clause.as_ref().unwrap_or(clause);
        let mut corrected = prepare(self.context, loosest_clause, self.query)?;
        self.deadline.check()?;
        let corrections = spelling::correct(&mut corrected.plan, self.statistics())?;
        if !corrections.is_empty() {
            let corrected_matches = self.retrieve_matches(&corrected.plan)?;
            if corrected_matches.has_any() {
                corrected.notes.extend(relaxation_note);
                corrected.notes.extend(corrections.iter().map(spelling::correction_note));
                return Ok((corrected, corrected_matches));
            }
        }
        prepared.notes.extend(corrections.iter().map(spelling::suggestion_note));
        prepared.notes.extend(self.homophone_notes(&corrected.plan)?);
        Ok((prepared, matches))
    }

    fn retrieve_matches(&self, plan: &QueryPlan) -> Result<Matches> {
        let chosen = chosen_facets(self.context, self.query)?;
        retrieve(self.context, plan, &chosen, self.query, self.depth, self.deadline)
    }

    fn statistics(&self) -> &dyn Statistics {
        &*self.context.statistics
    }

    /// Returns the plan of a clause with repairs of terms that occur nowhere in the index. A phrase is replaced by its
    /// words, and a Chinese word by its parts. Any other word gets its closest spelling as an alternative if that
    /// spelling is nearly certain.
    fn repair_missing_terms(&self, clause: &Clause) -> Result<PreparedQuery> {
        let occurs = |phrase: &Clause| -> Result<bool> {
            let phrase_plan = prepare(self.context, phrase, self.query)?.plan;
            let Some(leaf) = phrase_plan.leaves.first() else { return Ok(true) };
            Ok(!occurs_nowhere(leaf, self.statistics())?)
        };
        let (clause, replaced_phrases) = query::replace_phrases_with_words(clause, occurs)?;
        let mut prepared = prepare(self.context, &clause, self.query)?;
        prepared.notes.extend(replaced_phrases.iter().map(|phrase| {
            let message = format!("{phrase} occurs nowhere: searched for its words");
            Note::new(NoteKind::Relaxed, message)
        }));
        decompounding::split_missing_words(self.context, &mut prepared)?;
        #[cfg(feature = "chinese")]
        pinyin::add_words_spelled_in_pinyin(self.context, &mut prepared)?;
        let corrections = spelling::add_closest_spellings(&mut prepared.plan, self.statistics())?;
        prepared.notes.extend(corrections.iter().map(spelling::correction_note));
        expand_new_words(&mut prepared.plan, self.statistics())?;
        Ok(prepared)
    }

    /// Adds spelling suggestions for words that occur nowhere.
    fn suggest_spelling(&self, prepared: &mut PreparedQuery) -> Result<()> {
        let mut corrected_plan = prepared.plan.clone();
        let corrections = spelling::correct(&mut corrected_plan, self.statistics())?;
        prepared.notes.extend(corrections.iter().map(spelling::suggestion_note));
        prepared.notes.extend(self.homophone_notes(&prepared.plan)?);
        Ok(())
    }

    #[cfg(feature = "chinese")]
    fn homophone_notes(&self, plan: &QueryPlan) -> Result<Vec<Note>> {
        homophones::homophone_suggestions(self.context, plan)
    }

    #[cfg(not(feature = "chinese"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the signature of the variant with pinyin"
    )]
    fn homophone_notes(&self, _plan: &QueryPlan) -> Result<Vec<Note>> {
        Ok(Vec::new())
    }
}

/// Returns whether no passage contains any alternative of a leaf.
fn occurs_nowhere(leaf: &Leaf, statistics: &dyn Statistics) -> Result<bool> {
    Ok(!statistics.occurs(leaf.field, &leaf.alternatives)?)
}
