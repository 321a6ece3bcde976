//! Runs the stages of a search in order: parse, retrieve full matches with relaxation, count facets, select the hits of
//! the page, read their texts.
//!
//! [`search`] turns a query into a page of results. Read this file first. `more_like_this.rs` builds a query from a
//! passage and runs the same stages. `empty_period.rs` finds conditions on the date that exclude each other.

mod empty_period;
mod more_like_this;

use std::{collections::HashSet, time::Duration};

use self::empty_period::empty_period_note;
pub(super) use self::more_like_this::similar;
use super::{
    context::SearchContext,
    lookup,
    page::{self, Cursor, HitOrder, PageRequest, RankedDoc, TopHits},
    relaxation::{PreparedQuery, prepare_query, search_with_relaxation},
    results::{FacetCounts, Hit, MatchKind, RankedPassage, SearchResults},
    retrieval::{Matches, ScoredHit, SearchDepth, explain, facet_counts},
};
use crate::{
    analysis::{Analyzer, WordLists},
    document::FieldName,
    error::Result,
    highlight::Highlighter,
    query::{
        self, Collapse, Note, Query, QueryPlan,
        note_detail::{IgnoredPart, NoteDetail, OtherMatches, Repair, TimeLimit},
    },
    span::Span,
};

/// A page of hits whose texts are not read yet, with the query plan, notes and facet counts.
pub(super) struct UnreadResultPage {
    notes: Vec<Note>,
    prepared_query: PreparedQuery,
    /// Number of other matches, which lack a word of the query. `None` if other matches were not searched.
    other_match_count: Option<u64>,
    page: TopHits,
    facets: Vec<FacetCounts>,
    /// Whether another page follows this page.
    has_next: bool,
    /// Whether the page has fewer hits than requested although the cluster has more matches. Always `false` for a local
    /// index.
    pub(super) page_lacks_hits: bool,
}

/// Runs a query, and returns a page of hits with their texts and snippets.
pub(super) fn search(context: &SearchContext, query: &Query) -> Result<SearchResults> {
    let unread_page = select_page_hits(context, query, true)?;
    read_page_texts(context, query, unread_page)
}

/// Runs a query, and returns a page of hits as document ids, passage ordinals and scores. Reads no texts.
pub(super) fn ranking(context: &SearchContext, query: &Query) -> Result<Vec<RankedPassage>> {
    Ok(select_page_hits(context, query, false)?.into_ranking())
}

/// Returns, for each of `texts`, the spans that match a clause of the query, as byte ranges. Prepares the query once
/// for all texts.
pub(super) fn highlights(
    context: &SearchContext,
    query: &Query,
    texts: &[&str],
) -> Result<Vec<Vec<Span>>> {
    let (clause, _) = query::Clause::parse_with(&query.text, context.declared_fields());
    let PreparedQuery { plan, .. } = prepare_query(context, &clause, query)?;
    let highlighter = Highlighter::new(&plan, &context.analyzer);
    let highlight = |text: &&str| {
        context.deadline().check()?;
        Ok(highlighter.highlights(text))
    };
    texts.iter().map(highlight).collect()
}

/// Selects the hits of a page, without reading their texts. If `counts_documents` is set, also counts the documents
/// with a match, which takes a pass over all matches.
pub(super) fn select_page_hits(
    context: &SearchContext,
    query: &Query,
    counts_documents: bool,
) -> Result<UnreadResultPage> {
    let deadline = context.deadline();
    query::check_declared_fields_of_query(query, context.declared_fields(), &context.analyzer)?;
    let (clause, mut notes) = query::Clause::parse_with(&query.text, context.declared_fields());
    notes.extend(undeclared_key_notes(context, &query.text)?);
    let page_cursor = query.cursor.as_deref().map(Cursor::parse).transpose()?;
    if page_cursor
        .as_ref()
        .is_some_and(|cursor| !cursor.has_same_index_size_as(&context.collection()))
    {
        notes.push(Note::new(NoteDetail::Changed));
    }
    notes.extend(unusable_word_list_line_notes(&context.analyzer));
    let depth = SearchDepth::of(query, page::COMPARED_HIT_COUNT);
    let (mut prepared_query, matches) =
        search_with_relaxation(context, &clause, query, depth, deadline)?;
    deadline.check()?;
    let facets = facet_counts(context, &matches, query)?;
    notes.extend(missing_shards_note(&matches));
    notes.append(&mut prepared_query.notes);
    notes.extend(empty_period_note(&prepared_query.plan));
    if query.explains_scores && !prepared_query.plan.unsearched_stop_words.is_empty() {
        let words = prepared_query.plan.unsearched_stop_words.clone();
        notes.push(Note::new(NoteDetail::Ignored(IgnoredPart::CommonWords { words })));
    }
    let order = HitOrder::new(context, query.sort)?;
    let request = PageRequest {
        offset: query.offset,
        limit: query.limit,
        cursor: page_cursor.as_ref(),
        collapses_documents: query.collapse == Collapse::Document,
        passages_per_document: query.group_size,
        order: &order,
        counts_documents,
    };
    // Regularization is off for Chinese queries, because term vectors contain no Chinese words.
    let is_chinese = prepared_query.plan.tokens.iter().any(|token| token.is_han);
    let is_off = is_chinese || context.has_long_documents();
    let regularization = if is_off { 0.0 } else { query.ranking.regularization };
    let (mut page, has_next) = if query.collapse == Collapse::Near {
        page::page_grouped_by_near_duplicates(context, &matches, request, regularization, deadline)?
    } else {
        let page = page::ranked_page(context, &matches, request, regularization)?;
        let has_next = page.has_next_page();
        (page, has_next)
    };
    let page_lacks_hits =
        page.hits.len() < query.limit && page.has_next_page() && matches.totals.is_some();
    page.add_next_best_passages(&context.reader.fast_fields, &matches, request);
    for hit in &mut page.hits {
        hit.missing_words = missing_words(hit, &prepared_query.plan, &matches);
        for passage in &mut hit.next_best {
            passage.missing_words = missing_words(passage, &prepared_query.plan, &matches);
        }
    }
    let other_match_count = matches.other_match_count;
    Ok(UnreadResultPage {
        notes,
        prepared_query,
        other_match_count,
        page,
        facets,
        has_next,
        page_lacks_hits,
    })
}

/// Reads the texts of the hits on a page, and makes their snippets. If the deadline passes first, returns only the hits
/// that are ready, and adds a note.
pub(super) fn read_page_texts(
    context: &SearchContext,
    query: &Query,
    unread_page: UnreadResultPage,
) -> Result<SearchResults> {
    let UnreadResultPage {
        mut notes,
        prepared_query,
        other_match_count,
        mut page,
        facets,
        has_next,
        ..
    } = unread_page;
    let mut components = Vec::new();
    if query.explains_scores {
        // The full matches come before the other matches.
        let passages: Vec<&RankedDoc> =
            page.hits.iter().flat_map(RankedDoc::with_next_best).collect();
        let full_match_count = passages.partition_point(|hit| hit.match_kind == MatchKind::All);
        for (hits, plan) in [
            (passages.get(..full_match_count), Some(&prepared_query.plan)),
            (passages.get(full_match_count..), prepared_query.loose_plan.as_ref()),
        ] {
            if let Some((hits, plan)) = hits.filter(|hits| !hits.is_empty()).zip(plan) {
                let hits = hits.iter().map(|hit| to_scored_hit(hit));
                components.extend(explain(context, hits, plan, &query.ranking)?);
            }
        }
    }
    let mut hits = page::fetch_hits(context, &page, &prepared_query, query)?;
    let mut components = components.into_iter();
    for hit in &mut hits {
        hit.for_each_passage(|passage| {
            passage.explanation = components.next().unwrap_or_default();
        });
    }
    let is_cut = hits.len() < page.hits.len();
    if is_cut {
        notes.push(unread_hits_note(hits.len(), page.hits.len()));
        page.hits.truncate(hits.len());
    }
    notes.extend(other_matches_note(&hits, page.full_match_count));
    let last_hit = page.hits.last().filter(|_| has_next || is_cut);
    Ok(SearchResults {
        query: query.text.clone(),
        notes: remove_repeated_notes(notes),
        total: page.full_match_count,
        total_documents: page.total_documents,
        total_other: other_match_count.unwrap_or_default(),
        total_other_exact: other_match_count.is_some(),
        hits,
        facets,
        cut: is_cut,
        elapsed: Duration::ZERO,
        next: last_hit.map(|hit| hit.cursor(&context.collection()).to_string()),
    })
}

impl UnreadResultPage {
    /// Returns the document ids, passage ordinals and scores of the hits on the page.
    pub(super) fn into_ranking(self) -> Vec<RankedPassage> {
        self.page.hits.into_iter().map(RankedPassage::from).collect()
    }
}

const fn to_scored_hit(hit: &RankedDoc) -> ScoredHit {
    let &RankedDoc { address, ordinal, score, raw_score, release_score, match_kind, .. } = hit;
    ScoredHit { address, ordinal, score, raw_score, release_score, match_kind }
}

/// Returns the words of the query that a hit has neither in its text nor in the title and headings above it.
fn missing_words(hit: &RankedDoc, plan: &QueryPlan, matches: &Matches) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let postings = matches.postings.get(hit.address.segment_ord as usize);
    let Some(postings) = postings.filter(|_| hit.match_kind != MatchKind::All) else {
        return words;
    };
    let postings = &postings.leaves;
    let doc = hit.address.doc_id;
    for (index, leaf) in plan.leaves.iter().enumerate().filter(|(_, leaf)| leaf.adds_score()) {
        let has_leaf = postings.leaf_list(index).docs().binary_search(&doc).is_ok()
            || postings.heading_matches(index).is_some_and(|headings| headings.contains(doc));
        if !has_leaf && !words.contains(&leaf.label) {
            words.push(leaf.label.clone());
        }
    }
    words
}

/// Returns the note for a page whose hits were not all read before the deadline.
fn unread_hits_note(read_count: usize, hit_count: usize) -> Note {
    let limit = TimeLimit::AfterHits { read_count, hit_count };
    Note::new(NoteDetail::Cut(limit))
}

/// Returns a note that states at which hit the other matches (passages that lack a word of the query) begin. `None` if
/// the first other match is not on the page.
fn other_matches_note(hits: &[Hit], total: u64) -> Option<Note> {
    let first_other = hits.iter().find(|hit| hit.matched != MatchKind::All)?;
    let matches = match total {
        _ if first_other.rank != total + 1 => return None,
        0 => OtherMatches::NoFullMatch,
        _ => OtherMatches::From { rank: first_other.rank },
    };
    Some(Note::new(NoteDetail::Other(matches)))
}

/// Returns a note for each undeclared name before a colon in the query text, such as `grade` in `grade:high`. Leaves
/// out names that are not a metadata key of any document.
fn undeclared_key_notes(context: &SearchContext, text: &str) -> Result<Vec<Note>> {
    let names = query::undeclared_names_before_colons(text, context.declared_fields());
    let keys = lookup::names_that_are_metadata_keys(context, &names)?;
    let to_note = |name: &FieldName| {
        Note::new(NoteDetail::Repaired(Repair::UndeclaredKey { name: name.to_string() }))
    };
    Ok(keys.iter().map(to_note).collect())
}

/// Returns a note for each word list of the user with lines that cannot be used. The note names the first of these
/// lines.
fn unusable_word_list_line_notes(analyzer: &Analyzer) -> Vec<Note> {
    let problems = analyzer.word_lists().map(WordLists::problems).unwrap_or_default();
    let notes_by_list = problems.chunk_by(|a, b| a.list == b.list).filter_map(|problems| {
        let (first, others) = problems.split_first()?;
        Some(Note::new(NoteDetail::Ignored(IgnoredPart::WordListLine {
            file: first.list.file_name(),
            line: first.line,
            problem: first.message.clone(),
            other_count: others.len(),
        })))
    });
    notes_by_list.collect()
}

/// Returns a note if some shards did not answer.
fn missing_shards_note(matches: &Matches) -> Option<Note> {
    let (missing, total) = matches.totals.as_ref()?.missing_shards?;
    Some(Note::new(NoteDetail::Partial { missing, total }))
}

/// Removes each note that equals an earlier note.
fn remove_repeated_notes(mut notes: Vec<Note>) -> Vec<Note> {
    let mut seen_notes = HashSet::new();
    notes.retain(|note| seen_notes.insert(note.clone()));
    notes
}
