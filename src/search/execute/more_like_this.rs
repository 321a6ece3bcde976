//! Implements More Like This: finds the passages of other documents that are most similar to a source passage.
//!
//! The words with the highest tf-idf weight in the source passage are searched as a query.

use std::{cmp::Ordering, collections::BTreeMap, rc::Rc, time::Instant};

use super::unread_hits_note;
use crate::{
    analysis::{Analysis, Analyzer, HanWordKind, TokenKind, is_stop_word, stem},
    error::Result,
    index,
    query::{Clause, Collapse, Query, Ranking},
    search::{
        context::SearchContext,
        lookup,
        page::{self, HitOrder, PageRequest},
        reader::BitSet,
        relaxation::search_with_relaxation,
        results::SearchResults,
        retrieval::{Matches, SearchDepth},
        statistics::TermGroup,
    },
};

/// Maximum number of words of the source passage from which the query is built. More words hardly change the hits.
const MAX_SOURCE_WORDS_IN_QUERY: usize = 24;
/// Maximum term frequency that counts for the weight of a word. A higher term frequency counts as this maximum.
const MAX_COUNTED_TERM_FREQ: u32 = 4;

/// A word of the source passage, with the frequencies from which the weight of the word is computed.
struct WeightedSourceWord {
    word: String,
    term_freq: u32,
    /// Number of passages of other documents that contain the word.
    doc_freq: u64,
}

/// A word of the source passage, with its term frequency in the passage.
struct SourceWordCount {
    word: String,
    is_chinese: bool,
    term_freq: u32,
}

/// Returns the passages of other documents that are most similar to the passage `id`, at most one passage of each
/// document. The word lists of the user have no effect. Returns `None` if the id is unknown.
pub(in crate::search) fn similar(
    context: &SearchContext,
    id: &str,
    limit: usize,
) -> Result<Option<SearchResults>> {
    let start_time = Instant::now();
    let context = &context.without_word_lists();
    let Some((document, passages)) = lookup::passage(context, id, 0)? else { return Ok(None) };
    let texts = passages.iter().flat_map(|passage| {
        let title_and_headings = document.title.iter().chain(&passage.headings);
        title_and_headings.chain([&passage.text]).map(String::as_str)
    });
    let source_entries = entries_of_document(context, &document.id)?;
    let words = highest_weighted_words(context, texts, &source_entries)?;
    let clause = any_word_clause(words);
    let ranking = Ranking { regularization: 0.0, ..Ranking::default() };
    let query =
        Query::new(clause.to_string()).strict(true).ranking(ranking).collapse(Collapse::Document);
    let (depth, deadline) = (SearchDepth::of(&query, page::COMPARED_HIT_COUNT), context.deadline());
    let (prepared_query, mut matches) =
        search_with_relaxation(context, &clause, &query, depth, deadline)?;
    remove_entries_from_matches(&mut matches, &source_entries);
    let request = PageRequest {
        offset: 0,
        limit,
        cursor: None,
        collapses_documents: true,
        passages_per_document: 1,
        order: &HitOrder::Score,
        counts_documents: true,
    };
    let page = page::ranked_page(context, &matches, request, query.ranking.regularization)?;
    let hits = page::fetch_hits(context, &page, &prepared_query, &query)?;
    let is_cut = hits.len() < page.hits.len();
    Ok(Some(SearchResults {
        query: query.text,
        notes: is_cut.then(|| unread_hits_note(hits.len(), page.hits.len())).into_iter().collect(),
        hits,
        total: page.full_match_count,
        total_documents: page.total_documents,
        total_other: 0,
        total_other_exact: true,
        facets: Vec::new(),
        cut: is_cut,
        elapsed: start_time.elapsed(),
        next: None,
    }))
}

/// Returns a clause that matches passages with at least one of the words. The boost of a word grows with its term
/// frequency in the source passage. Rare words need no boost, because BM25 weights them by idf.
fn any_word_clause(words: Vec<WeightedSourceWord>) -> Clause {
    let clauses = words.into_iter().map(|WeightedSourceWord { word, term_freq, .. }| {
        let boost = 1.0 + (term_freq.min(MAX_COUNTED_TERM_FREQ) as f32).ln();
        Clause::Boost(Box::new(Clause::Words(word)), boost)
    });
    Clause::Or(clauses.collect())
}

/// Returns the entries (record and passages) of the document `id`, as one bit set for each segment.
fn entries_of_document(context: &SearchContext, id: &str) -> Result<Vec<BitSet>> {
    let segments = context.reader.segments();
    let mut entries: Vec<BitSet> =
        segments.map(|segment| BitSet::new(segment.reader.max_doc())).collect();
    for address in
        index::entry_addresses_of_document(&context.reader.searcher, context.reader.fields, id)?
    {
        if let Some(entries) = entries.get_mut(address.segment_ord as usize) {
            entries.insert(address.doc_id);
        }
    }
    Ok(entries)
}

/// Removes index entries from the full matches and from the scored passages. `entries` holds a bit set for each
/// segment, with the entries to remove.
fn remove_entries_from_matches(matches: &mut Matches, entries: &[BitSet]) {
    for (matches, entries) in matches.segments.iter_mut().zip(entries) {
        Rc::make_mut(&mut matches.full_matches).difference_with(entries);
        matches.scored_passages.retain(|scored| !entries.contains(scored.doc));
    }
}

/// Returns the words with the highest tf-idf weight in `texts`, the highest first. Leaves out words that occur only in
/// `source_entries`, the entries of the source document.
fn highest_weighted_words<'t>(
    context: &SearchContext,
    texts: impl Iterator<Item = &'t str>,
    source_entries: &[BitSet],
) -> Result<Vec<WeightedSourceWord>> {
    let mut words = Vec::new();
    for SourceWordCount { word, is_chinese, term_freq } in count_words(&context.analyzer, texts) {
        let doc_freq = count_passages_outside_source(context, &word, is_chinese, source_entries)?;
        if doc_freq > 0 {
            words.push(WeightedSourceWord { word, term_freq, doc_freq });
        }
    }
    let passage_count = context.collection().passage_count as f64;
    let weight = |word: &WeightedSourceWord| {
        let term_freq = f64::from(word.term_freq.min(MAX_COUNTED_TERM_FREQ));
        (1.0 + term_freq.ln()) * ((passage_count + 1.0) / (word.doc_freq as f64 + 1.0)).ln()
    };
    words.sort_by(|a, b| match weight(b).total_cmp(&weight(a)) {
        Ordering::Equal => a.word.cmp(&b.word),
        unequal => unequal,
    });
    words.truncate(MAX_SOURCE_WORDS_IN_QUERY);
    Ok(words)
}

/// Returns the words in `texts`, each with its term frequency. Words with the same stem are counted together.
fn count_words<'t>(
    analyzer: &Analyzer,
    texts: impl Iterator<Item = &'t str>,
) -> impl Iterator<Item = SourceWordCount> {
    let mut by_stem: BTreeMap<String, SourceWordCount> = BTreeMap::new();
    let mut analysis = Analysis::default();
    for text in texts {
        analyzer.tokens(text, &mut analysis);
        let words = analysis.tokens.iter().filter(|token| token.kind == TokenKind::Word);
        let words = words.map(|token| (analysis.term(token).to_owned(), false));
        let chinese_words = han_words(analyzer, &analysis).map(|word| (word, true));
        for (word, is_chinese) in words.chain(chinese_words) {
            if !is_stop_word(&word) {
                let stem = stem(&word).into_owned();
                let zero_count = SourceWordCount { word, is_chinese, term_freq: 0 };
                by_stem.entry(stem).or_insert(zero_count).term_freq += 1;
            }
        }
    }
    by_stem.into_values()
}

/// Returns the Chinese words of at least two characters in an analyzed text. If segmentation finds no such word,
/// returns all pairs of adjacent characters.
fn han_words<'a>(
    analyzer: &Analyzer,
    analysis: &'a Analysis,
) -> impl Iterator<Item = String> + use<'a> {
    let words = analyzer.query_words(analysis).into_iter();
    let words = words.filter(|word| word.kind == HanWordKind::Word && word.char_count > 1);
    let mut ranges: Vec<(usize, usize)> =
        words.map(|word| (word.first_token as usize, word.char_count as usize)).collect();
    if ranges.is_empty() {
        let pair_starts = analysis.han_runs().flat_map(|run| run.start..run.end.saturating_sub(1));
        ranges = pair_starts.map(|first| (first, 2)).collect();
    }
    ranges.into_iter().map(|(first, chars)| {
        let mut word = String::new();
        analysis.append_terms(first, chars, &mut word);
        word
    })
}

/// Returns the number of passages that contain a word and are not in `source_entries`, the entries of the source
/// document.
fn count_passages_outside_source(
    context: &SearchContext,
    word: &str,
    is_chinese: bool,
    source_entries: &[BitSet],
) -> Result<u64> {
    let mut local_count = 0;
    for (segment, source_entries) in context.reader.segments().zip(source_entries) {
        let field =
            if is_chinese { segment.fields.ranking_terms } else { segment.fields.exact_terms };
        let postings = segment.read_postings(field, word)?;
        let other_docs = postings.docs().iter().filter(|&&doc| !source_entries.contains(doc));
        local_count += other_docs.count() as u64;
    }
    let group = if is_chinese { TermGroup::RankingTerm(word) } else { TermGroup::Word(word) };
    Ok(context.statistics.total_doc_freq(group, local_count))
}
