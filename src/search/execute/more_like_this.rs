//! More Like This: finds the passages of other documents that are most similar to a passage.
//!
//! The words of the passage with the highest tf-idf weight are searched as a query.

use std::{cmp::Ordering, collections::BTreeMap, rc::Rc, time::Instant};

use crate::{
    analysis::{Analysis, Analyzer, HanWordKind, TokenKind, is_stop_word, stem},
    error::Result,
    index,
    query::{Clause, Collapse, Deadline, Query, Ranking, Sort},
    search::{
        context::SearchContext,
        lookup,
        page::{self, PageRequest},
        reader::BitSet,
        relaxation::search_with_relaxation,
        results::SearchResults,
        retrieval::{Depth, Matches},
        statistics::TermGroup,
    },
};

/// Maximum number of words of the passage that are searched. More words hardly change the result.
const MAX_WORDS: usize = 24;
/// Maximum term frequency that raises the weight of a word. A higher frequency counts as this one.
const MAX_TERM_FREQ: u32 = 4;

/// A word of the passage with its frequencies, from which its weight is computed.
struct TellingWord {
    word: String,
    term_freq: u32,
    /// Number of passages of other documents that contain the word.
    doc_freq: u64,
}

/// A word of the passage whose document frequency is not read yet.
struct CountedWord {
    word: String,
    is_chinese: bool,
    term_freq: u32,
}

/// Returns the passages of other documents that are most similar to the passage with this id, the best passage of each
/// document. `None` if the id is unknown.
pub(in crate::search) fn similar(
    context: &SearchContext,
    id: &str,
    limit: usize,
) -> Result<Option<SearchResults>> {
    let started = Instant::now();
    let Some((document, passages)) = lookup::passage(context, id, 0)? else { return Ok(None) };
    let texts = passages.iter().flat_map(|passage| {
        let heads = document.title.iter().chain(&passage.headings);
        heads.chain([&passage.text]).map(String::as_str)
    });
    let own_entries = entries_of(context, &document.id)?;
    let words = telling_words(context, texts, &own_entries)?;
    let clause = clause_of(words);
    let ranking = Ranking { regularization: 0.0, ..Ranking::default() };
    let query =
        Query::new(clause.to_string()).strict(true).ranking(ranking).collapse(Collapse::Document);
    let (depth, deadline) = (Depth::of(&query, page::COMPARED_HITS), Deadline::never());
    let (prepared, mut matches) =
        search_with_relaxation(context, &clause, &query, depth, deadline)?;
    remove_entries(&mut matches, &own_entries);
    let request = PageRequest {
        offset: 0,
        limit,
        after: None,
        collapse: true,
        sort: Sort::Score,
        count_documents: true,
    };
    let page = page::ranked_page(context, &matches, request, query.ranking.regularization)?;
    Ok(Some(SearchResults {
        hits: page::fetch_hits(context, &page, &prepared.plan, &query, deadline)?,
        query: query.text,
        notes: Vec::new(),
        total: page.total,
        total_documents: page.total_documents,
        facets: Vec::new(),
        cut: false,
        elapsed: started.elapsed(),
        next: None,
    }))
}

/// Returns a clause that matches passages with at least one of the words. A repeated word gets a higher boost. BM25
/// accounts for the rarity of each word.
fn clause_of(words: Vec<TellingWord>) -> Clause {
    let clauses = words.into_iter().map(|TellingWord { word, term_freq, .. }| {
        let boost = 1.0 + (term_freq.min(MAX_TERM_FREQ) as f32).ln();
        Clause::Boost(Box::new(Clause::Words(word)), boost)
    });
    Clause::Or(clauses.collect())
}

/// Returns the entries of a document in each segment.
fn entries_of(context: &SearchContext, id: &str) -> Result<Vec<BitSet>> {
    let segments = context.reader.segments();
    let mut entries: Vec<BitSet> =
        segments.map(|segment| BitSet::new(segment.reader.max_doc())).collect();
    for address in index::entry_addresses(&context.reader.searcher, context.reader.fields, id)? {
        if let Some(entries) = entries.get_mut(address.segment_ord as usize) {
            entries.insert(address.doc_id);
        }
    }
    Ok(entries)
}

fn remove_entries(matches: &mut Matches, entries: &[BitSet]) {
    for (matches, entries) in matches.segments.iter_mut().zip(entries) {
        Rc::make_mut(&mut matches.matched).difference_with(entries);
        matches.scored.retain(|scored| !entries.contains(scored.doc));
    }
}

/// Returns the words of texts with the highest tf-idf weight, the highest first. Leaves out words that occur only in
/// `own_entries`.
fn telling_words<'t>(
    context: &SearchContext,
    texts: impl Iterator<Item = &'t str>,
    own_entries: &[BitSet],
) -> Result<Vec<TellingWord>> {
    let mut words = Vec::new();
    for CountedWord { word, is_chinese, term_freq } in counted_words(&context.analyzer, texts) {
        let doc_freq = other_passages(context, &word, is_chinese, own_entries)?;
        if doc_freq > 0 {
            words.push(TellingWord { word, term_freq, doc_freq });
        }
    }
    let passages = context.collection().passages as f64;
    let weight = |word: &TellingWord| {
        let term_freq = f64::from(word.term_freq.min(MAX_TERM_FREQ));
        (1.0 + term_freq.ln()) * ((passages + 1.0) / (word.doc_freq as f64 + 1.0)).ln()
    };
    words.sort_by(|a, b| match weight(b).total_cmp(&weight(a)) {
        Ordering::Equal => a.word.cmp(&b.word),
        unequal => unequal,
    });
    words.truncate(MAX_WORDS);
    Ok(words)
}

/// Returns the words of texts with their frequencies. Words with the same stem are counted together.
fn counted_words<'t>(
    analyzer: &Analyzer,
    texts: impl Iterator<Item = &'t str>,
) -> impl Iterator<Item = CountedWord> {
    let mut by_stem: BTreeMap<String, CountedWord> = BTreeMap::new();
    let mut analysis = Analysis::default();
    for text in texts {
        analyzer.tokens(text, &mut analysis);
        let words = analysis.tokens.iter().filter(|token| token.kind == TokenKind::Word);
        let words = words.map(|token| (analysis.term(token).to_owned(), false));
        let chinese_words = han_words(analyzer, &analysis).map(|word| (word, true));
        for (word, is_chinese) in words.chain(chinese_words) {
            if !is_stop_word(&word) {
                let stem = stem(&word).into_owned();
                let first = CountedWord { word, is_chinese, term_freq: 0 };
                by_stem.entry(stem).or_insert(first).term_freq += 1;
            }
        }
    }
    by_stem.into_values()
}

/// Returns the Chinese words of at least two characters. If segmentation finds none, returns all pairs of adjacent
/// characters.
fn han_words<'a>(
    analyzer: &Analyzer,
    analysis: &'a Analysis,
) -> impl Iterator<Item = String> + use<'a> {
    let words = analyzer.query_words(analysis).into_iter();
    let words = words.filter(|word| word.kind == HanWordKind::Word && word.chars > 1);
    let mut ranges: Vec<(usize, usize)> =
        words.map(|word| (word.first as usize, word.chars as usize)).collect();
    if ranges.is_empty() {
        let pairs = analysis.han_runs().flat_map(|run| run.start..run.end.saturating_sub(1));
        ranges = pairs.map(|first| (first, 2)).collect();
    }
    ranges.into_iter().map(|(first, chars)| {
        let mut word = String::new();
        analysis.push_chars(first, chars, &mut word);
        word
    })
}

/// Returns the number of passages outside `own_entries` that contain a word.
fn other_passages(
    context: &SearchContext,
    word: &str,
    is_chinese: bool,
    own_entries: &[BitSet],
) -> Result<u64> {
    let mut in_segments = 0;
    for (segment, own_entries) in context.reader.segments().zip(own_entries) {
        let field = if is_chinese { segment.fields.ranking_terms } else { segment.fields.exact };
        let postings = segment.read_postings(field, word)?;
        let others = postings.docs().iter().filter(|&&doc| !own_entries.contains(doc));
        in_segments += others.count() as u64;
    }
    let group = if is_chinese { TermGroup::RankingTerm(word) } else { TermGroup::Word(word) };
    Ok(context.statistics.total_doc_freq(group, in_segments))
}
