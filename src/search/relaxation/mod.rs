//! Relaxes a query: adds other matches to a page that the full matches do not fill, loosens a query without matches,
//! and corrects words that occur nowhere.
//!
//! [`search_with_relaxation`] turns a clause into a plan with its full and other matches, and adds a note on each
//! change. First, words that occur nowhere are replaced where possible. If the full matches do not fill the page, other
//! matches are added. If nothing matches, required words become optional, then the spelling is corrected. Finally,
//! notes name the words that still occur nowhere. Read this file first: it runs the steps. The other files find and
//! replace words.

mod decompounding;
#[cfg(feature = "chinese")]
mod homophones;
mod missing_words;
#[cfg(feature = "chinese")]
mod pinyin;
mod spelling;
#[cfg(test)]
mod tests;
mod unknown_names;
mod unknown_values;

#[cfg(feature = "chinese")]
use self::homophones::MissingWordHomophone;
use self::spelling::Correction;
use super::{
    context::{
        SearchContext, add_numbered_documents, chosen_facet_values, set_root_of_path_filters,
    },
    expansion::{
        add_completions_of_last_word, add_derivations, add_equivalents_of_words,
        add_synonyms_in_index, fill_slots_with_index_terms, remove_inflections_of_acronyms,
        remove_protected_words_from_other_words,
    },
    retrieval::{Matches, SearchDepth, add_other_matches, retrieve_full_matches},
    statistics::Statistics,
};
use crate::{
    error::Result,
    query::{
        self, Alternative, Clause, Deadline, Leaf, Note, PhraseSlot, Query, QueryPlan, Sort,
        note_detail::{NoteDetail, OtherMatches, RelaxedPart},
    },
};

/// Query plan for matching and highlighting, with the terms of the index for every word and pattern.
pub(super) struct PreparedQuery {
    pub(super) plan: QueryPlan,
    /// The plan for other matches. A passage matches this plan if it has at least one word of the query. `None` if
    /// other matches were not searched.
    pub(super) loose_plan: Option<QueryPlan>,
    /// Chinese words that occur nowhere, each with the homophone that other matches may have instead.
    #[cfg(feature = "chinese")]
    homophones: Vec<MissingWordHomophone>,
    /// Notes on the terms that the plan adds to the query text.
    pub(super) notes: Vec<Note>,
}

/// Returns the plan of a clause, with the terms of every word and pattern filled in.
pub(super) fn prepare_query(
    context: &SearchContext,
    clause: &Clause,
    query: &Query,
) -> Result<PreparedQuery> {
    prepare_corrected_query(context, clause, query, &[])
}

/// Returns the plan of a clause in which words are corrected, and notes on the corrections.
fn prepare_corrected_query(
    context: &SearchContext,
    clause: &Clause,
    query: &Query,
    corrections: &[Correction],
) -> Result<PreparedQuery> {
    let statistics = &*context.statistics;
    let mut notes = corrections.iter().map(spelling::correction_note).collect();
    let (fields, analyzer) = (context.declared_fields(), &context.analyzer);
    let mut plan = query::plan_query(clause, &query.filters, fields, analyzer, &mut notes);
    spelling::apply_corrections(&mut plan, corrections);
    set_root_of_path_filters(context, &mut plan)?;
    add_numbered_documents(context, &mut plan, &mut notes)?;
    fill_slots_with_index_terms(&mut plan, statistics, &mut notes)?;
    remove_inflections_of_acronyms(&mut plan, statistics)?;
    add_completions_of_last_word(&mut plan, query, statistics)?;
    if !query.is_strict {
        add_equivalents_of_words(&mut plan, statistics, &mut notes)?;
        if query.uses_synonyms {
            add_synonyms_in_index(&mut plan, statistics, &mut notes)?;
        }
    }
    remove_protected_words_from_other_words(&mut plan, &context.analyzer);
    Ok(PreparedQuery {
        plan,
        loose_plan: None,
        #[cfg(feature = "chinese")]
        homophones: Vec::new(),
        notes,
    })
}

/// Returns the plan of a query, its full matches, and other matches if the full matches do not fill the page. If
/// nothing matches, makes required words optional and searches again. If still nothing matches, corrects the spelling
/// and searches again. Never changes a [strict](Query::strict) query.
pub(super) fn search_with_relaxation(
    context: &SearchContext,
    clause: &Clause,
    query: &Query,
    depth: SearchDepth,
    deadline: Deadline,
) -> Result<(PreparedQuery, Matches)> {
    RelaxationSettings { context, query, depth, deadline }.search(clause)
}

/// Settings of a search, shared by the original clause and its looser forms.
struct RelaxationSettings<'a> {
    context: &'a SearchContext,
    query: &'a Query,
    depth: SearchDepth,
    deadline: Deadline,
}

impl RelaxationSettings<'_> {
    /// Searches a clause. Unless the query is strict, repairs and relaxes the clause, and adds notes on its words.
    fn search(&self, clause: &Clause) -> Result<(PreparedQuery, Matches)> {
        if self.query.is_strict {
            let prepared_query = prepare_query(self.context, clause, self.query)?;
            let matches = self.find_full_matches(&prepared_query.plan)?;
            return Ok((prepared_query, matches));
        }
        let (mut prepared_query, matches) = self.search_with_repaired_words(clause)?;
        if !self.deadline.has_passed() {
            self.add_notes_on_missing_and_rare_words(&mut prepared_query)?;
        }
        Ok((prepared_query, matches))
    }

    /// Searches a clause with repaired words. If nothing matches, relaxes the clause.
    fn search_with_repaired_words(&self, clause: &Clause) -> Result<(PreparedQuery, Matches)> {
        let mut prepared_query = self.prepare_with_missing_words_repaired(clause)?;
        let mut matches = self.find_full_matches(&prepared_query.plan)?;
        if self.full_matches_suffice(&matches) {
            return Ok((prepared_query, matches));
        }
        self.add_other_matches(&mut prepared_query, &mut matches)?;
        if matches.has_full_match() || matches.has_passages_lacking_a_word {
            return Ok((prepared_query, matches));
        }
        self.search_looser_forms(clause, prepared_query, matches)
    }

    /// Searches looser forms of a clause that has no matches: first with optional words, then with corrected spelling.
    fn search_looser_forms(
        &self,
        clause: &Clause,
        prepared_query: PreparedQuery,
        matches: Matches,
    ) -> Result<(PreparedQuery, Matches)> {
        let relaxed_clause = query::with_all_words_optional(clause);
        let note = relaxed_clause.as_ref().map(|relaxed_clause| {
            let (from, to) = (clause.to_string(), relaxed_clause.to_string());
            Note::new(NoteDetail::Relaxed(RelaxedPart::Query { from, to }))
        });
        if let Some(relaxed_clause) = &relaxed_clause {
            let relaxed_query = prepare_query(self.context, relaxed_clause, self.query)?;
            if let Some((mut relaxed_query, matches)) =
                self.full_and_other_matches_of(relaxed_query)?
            {
                relaxed_query.notes.extend(note);
                return Ok((relaxed_query, matches));
            }
        }
        let loosest_clause = relaxed_clause.as_ref().unwrap_or(clause);
        let uncorrected_query = prepare_query(self.context, loosest_clause, self.query)?;
        self.deadline.check()?;
        let min_doc_freq = spelling::min_doc_freq_of_certain_correction(self.statistics());
        let corrections = spelling::possible_corrections(
            &uncorrected_query.plan,
            min_doc_freq,
            self.statistics(),
        )?;
        if !corrections.is_empty() {
            let corrected_query =
                prepare_corrected_query(self.context, loosest_clause, self.query, &corrections)?;
            if let Some((mut corrected_query, matches)) =
                self.full_and_other_matches_of(corrected_query)?
            {
                corrected_query.notes.extend(note);
                return Ok((corrected_query, matches));
            }
        }
        Ok((prepared_query, matches))
    }

    /// Returns the full matches and the other matches of `prepared_query`, a looser form of the query. `None` if
    /// nothing matches.
    fn full_and_other_matches_of(
        &self,
        mut prepared_query: PreparedQuery,
    ) -> Result<Option<(PreparedQuery, Matches)>> {
        let mut matches = self.find_full_matches(&prepared_query.plan)?;
        if !self.full_matches_suffice(&matches) {
            self.add_other_matches(&mut prepared_query, &mut matches)?;
        }
        let has_any = matches.has_full_match() || matches.has_passages_lacking_a_word;
        Ok(has_any.then_some((prepared_query, matches)))
    }

    /// Returns whether the full matches suffice, so that other matches are not searched. The full matches suffice if
    /// there are more of them than the page shows. If hits are not sorted by score, or if the query requests no hits, a
    /// single full match suffices, because such a query orders and counts full matches only.
    fn full_matches_suffice(&self, matches: &Matches) -> bool {
        let by_value = self.query.sort != Sort::Score && matches.has_full_match();
        let count_full_matches = || matches.count_full_matches(self.query.collapse, self.context);
        by_value
            || self.depth.needed_passage_count == 0 && matches.has_full_match()
            || count_full_matches() > self.depth.page_end as u64
    }

    /// Adds the other matches of a query to its full matches, and sets [`PreparedQuery::loose_plan`].
    fn add_other_matches(
        &self,
        prepared_query: &mut PreparedQuery,
        matches: &mut Matches,
    ) -> Result<()> {
        let mut loose_plan = prepared_query.plan.to_loose_plan();
        add_derivations(&mut loose_plan, self.statistics())?;
        remove_protected_words_from_other_words(&mut loose_plan, &self.context.analyzer);
        #[cfg(feature = "chinese")]
        {
            prepared_query.homophones =
                homophones::homophones_of_missing_words(self.context, &prepared_query.plan)?;
            homophones::add_homophones(&mut loose_plan, &prepared_query.homophones);
        }
        let chosen = chosen_facet_values(self.context, self.query)?;
        let (query, depth) = (self.query, self.depth);
        let plans = (&prepared_query.plan, &loose_plan);
        add_other_matches(self.context, matches, plans, &chosen, query, depth, self.deadline)?;
        if matches.has_passages_lacking_a_word {
            prepared_query.notes.extend(bare_number_notes(&loose_plan, self.statistics())?);
            let day_notes = days_without_year_notes(&prepared_query.plan, self.statistics())?;
            prepared_query.notes.extend(day_notes);
        }
        prepared_query.loose_plan = Some(loose_plan);
        Ok(())
    }

    /// Returns the full matches of a plan.
    fn find_full_matches(&self, plan: &QueryPlan) -> Result<Matches> {
        let chosen = chosen_facet_values(self.context, self.query)?;
        retrieve_full_matches(self.context, plan, &chosen, self.query, self.depth, self.deadline)
    }

    fn statistics(&self) -> &dyn Statistics {
        &*self.context.statistics
    }

    /// Returns the plan of a clause in which phrases and words that occur nowhere are replaced: a phrase by its words,
    /// a Chinese word by its parts, and any other word by the closest spelling if that spelling is nearly certain.
    fn prepare_with_missing_words_repaired(&self, clause: &Clause) -> Result<PreparedQuery> {
        let occurs = |phrase: &Clause| -> Result<bool> {
            let alone = prepare_query(self.context, phrase, self.query)?.plan;
            let Some(leaf) = alone.leaves.first() else { return Ok(true) };
            Ok(!occurs_nowhere(leaf, self.statistics())?)
        };
        let (clause, phrases) = query::replace_missing_phrases_with_words(clause, occurs)?;
        let mut prepared_query = prepare_query(self.context, &clause, self.query)?;
        let corrections =
            spelling::corrections_of_unknown_words(&prepared_query.plan, self.statistics())?;
        if !corrections.is_empty() {
            prepared_query =
                prepare_corrected_query(self.context, &clause, self.query, &corrections)?;
        }
        prepared_query.notes.extend(phrases.iter().map(|phrase| {
            let part = RelaxedPart::PhraseWords { phrase: phrase.to_string() };
            Note::new(NoteDetail::Relaxed(part))
        }));
        decompounding::split_missing_words(self.context, &mut prepared_query)?;
        #[cfg(feature = "chinese")]
        pinyin::add_words_spelled_in_pinyin(self.context, &mut prepared_query)?;
        Ok(prepared_query)
    }

    /// Adds a note on each word that occurs nowhere, and on rare words that may be misspelled.
    fn add_notes_on_missing_and_rare_words(
        &self,
        prepared_query: &mut PreparedQuery,
    ) -> Result<()> {
        let (plan, statistics) = (&prepared_query.plan, self.statistics());
        if statistics.collection().passage_count == 0 {
            return Ok(());
        }
        let suggestions = spelling::possible_corrections(plan, 1, statistics)?;
        #[cfg_attr(not(feature = "chinese"), expect(unused_mut, reason = "no homophones"))]
        let mut named_words: Vec<&str> =
            suggestions.iter().map(|(word, _)| word.as_str()).collect();
        #[cfg(feature = "chinese")]
        named_words
            .extend(prepared_query.homophones.iter().map(|homophone| homophone.word.as_str()));
        let missing_word_notes = missing_words::missing_word_notes(plan, &named_words, statistics)?;
        let rare_word_notes = spelling::rare_word_suggestions(plan, statistics)?;
        prepared_query.notes.extend(suggestions.iter().map(spelling::suggestion_note));
        #[cfg(feature = "chinese")]
        prepared_query.notes.extend(prepared_query.homophones.iter().map(
            |MissingWordHomophone {
                 typed_word,
                 replacement_as_spelled_in_passage,
                 is_word,
                 ..
             }| {
                let correction = (typed_word.clone(), replacement_as_spelled_in_passage.clone());
                if *is_word {
                    spelling::suggestion_note(&correction)
                } else {
                    spelling::correction_note(&correction)
                }
            },
        ));
        let unknown_name_notes = unknown_names::unknown_name_notes(self.context, plan)?;
        let unknown_value_notes = unknown_values::unknown_value_notes(self.context, plan)?;
        let word_notes = missing_word_notes.into_iter().chain(rare_word_notes);
        prepared_query
            .notes
            .extend(word_notes.chain(unknown_name_notes).chain(unknown_value_notes));
        Ok(())
    }
}

/// Returns a note on each quantity of the query whose number occurs in the index. The note says that other matches may
/// have the number without a unit or with another unit.
fn bare_number_notes(plan: &QueryPlan, statistics: &dyn Statistics) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for leaf in plan.leaves.iter().filter(|leaf| leaf.adds_score()) {
        let Some(number) = leaf.bare_number() else { continue };
        let number_alone = Alternative::phrase(vec![PhraseSlot::term(0, number)]);
        if statistics.occurs(leaf.field, &[number_alone])? {
            let label = leaf.label.clone();
            let matches = OtherMatches::BareNumber { number: number.to_owned(), label };
            notes.push(Note::new(NoteDetail::Other(matches)));
        }
    }
    Ok(notes)
}

/// Returns a note on each date of the query whose day and month occur in the index. The note says that other matches
/// may lack the year.
fn days_without_year_notes(plan: &QueryPlan, statistics: &dyn Statistics) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    for leaf in plan.leaves.iter().filter(|leaf| leaf.adds_score()) {
        if !leaf.loose_alternatives.is_empty()
            && statistics.occurs(leaf.field, &leaf.loose_alternatives)?
        {
            let label = leaf.label.clone();
            notes.push(Note::new(NoteDetail::Other(OtherMatches::DayWithoutYear { label })));
        }
    }
    Ok(notes)
}

/// Returns whether no passage contains any alternative of a query leaf.
fn occurs_nowhere(leaf: &Leaf, statistics: &dyn Statistics) -> Result<bool> {
    Ok(!statistics.occurs(leaf.field, &leaf.alternatives)?)
}
