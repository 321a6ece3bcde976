//! Finds titles that contain the typed words in their order.
//!
//! The title of a document is indexed before the text of its first passage. So the postings of first passages show
//! which documents begin with the words, and only few document records are read.

use std::collections::BTreeMap;

use tantivy::DocId;

use super::{
    input::{TextTerm, TypedEnd, TypedText, text_terms},
    positions::{PassageSet, PhraseEnds},
    suggestion::{Suggestion, SuggestionKind},
    terms::IndexTerm,
};
use crate::{
    analysis::Analysis,
    error::Result,
    index::{self, DOCUMENT_FIELD},
    search::{
        context::SearchContext,
        reader::{engine_error, read_error},
    },
};

/// Maximum number of titles that are read. Titles of documents in which the typed words occur early are read first.
const MAX_READ_TITLES: usize = 60;
/// Maximum number of documents whose ids are read for sorting. Up to this number of documents, the result does not
/// depend on the order in which the documents were indexed.
const MAX_DOCUMENTS_SORTED_BY_ID: usize = 2_000;

/// Kind of match of a title with the typed words. The variants are ordered from the best match to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TitleMatch {
    /// The title begins with the typed words.
    Prefix,
    /// The title contains the typed words as a phrase.
    Phrase,
    /// The title contains the typed words in their order.
    InOrder,
}

/// Returns the titles that contain the typed words in their order. If the last word is unfinished, a word of the title
/// only has to begin with the unfinished word; `candidates` are the completions of the last word. Titles that begin
/// with the typed words come first, then titles that contain the typed words as a phrase.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<Vec<Suggestion>> {
    let mut analysis = Analysis::default();
    let mut titles = Vec::new();
    for id in matching_document_ids(context, typed, candidates)? {
        let record = index::document_record(&context.reader.searcher, context.reader.fields, &id)?;
        let title_and_passages = record.and_then(|record| Some((record.title?, record.passages)));
        let Some((text, passages)) = title_and_passages else { continue };
        context.analyzer.tokens(&text, &mut analysis);
        if let Some(title_match) = title_match(&text_terms(&analysis), typed) {
            let kind = SuggestionKind::Title;
            titles.push((title_match, Suggestion { text, kind, passages: u64::from(passages) }));
        }
    }
    titles.sort_by(|(a_match, a), (b_match, b)| {
        a_match
            .cmp(b_match)
            .then_with(|| b.passages.cmp(&a.passages))
            .then_with(|| a.text.cmp(&b.text))
    });
    Ok(titles.into_iter().map(|(_, suggestion)| suggestion).collect())
}

/// Returns the ids of the documents whose first passage contains the typed words, since the title is indexed with the
/// first passage. Documents in which the words occur earliest come first.
fn matching_document_ids(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<Vec<String>> {
    let starts = first_passages_with_typed_words(context, typed, candidates)?;
    let mut starts: Vec<_> = starts.into_iter().map(|(passage, start)| (start, passage)).collect();
    starts.sort_unstable();
    starts.truncate(MAX_DOCUMENTS_SORTED_BY_ID);
    let mut documents_by_start = Vec::with_capacity(starts.len());
    for (start, (ord, doc)) in starts {
        let columns = context.reader.searcher.segment_reader(ord).fast_fields();
        let column = columns.str(DOCUMENT_FIELD).map_err(engine_error)?;
        let mut id = String::new();
        if let Some(column) = column
            && let Some(term) = column.term_ords(doc).next()
        {
            column.ord_to_str(term, &mut id).map_err(read_error)?;
            documents_by_start.push((start, id));
        }
    }
    documents_by_start.sort_unstable();
    Ok(documents_by_start.into_iter().map(|(_, id)| id).take(MAX_READ_TITLES).collect())
}

/// Returns all passages that contain the typed words and are the first of their document. Each passage comes with the
/// position at which the words begin as a phrase, or `u32::MAX` if the words are not adjacent.
fn first_passages_with_typed_words(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<BTreeMap<(u32, DocId), u32>> {
    let finished_terms = if typed.end == TypedEnd::Word {
        typed.split_off_unfinished_terms().0
    } else {
        &typed.terms
    };
    let passages = PassageSet::first_passages_with_terms(context, finished_terms)?;
    let phrase_ends = PhraseEnds::within_passages(context, &passages, finished_terms)?;
    let mut starts_by_passage = BTreeMap::new();
    // `word_count` is the number of words of the phrase. `None` if the words may not be adjacent.
    let mut add_starts = |phrase_ends: &PhraseEnds, word_count: Option<usize>| {
        for (passage, end) in phrase_ends.iter() {
            let phrase_start =
                word_count.map_or(u32::MAX, |count| (end + 1).saturating_sub(count as u32));
            let earliest = starts_by_passage.entry(passage).or_insert(phrase_start);
            *earliest = phrase_start.min(*earliest);
        }
    };
    if typed.end != TypedEnd::Word {
        let first_term = finished_terms.first().map_or("", |term| term.term.as_str());
        add_starts(&passages.occurrences(context, first_term)?, None);
        add_starts(&phrase_ends, Some(finished_terms.len()));
        return Ok(starts_by_passage);
    }
    let unfinished_term = typed.terms.last().map(|term| term.term.as_str());
    for term in candidates.iter().map(|candidate| candidate.term.as_str()).chain(unfinished_term) {
        let occurrences = passages.occurrences(context, term)?;
        add_starts(&occurrences, finished_terms.is_empty().then_some(1));
        add_starts(&phrase_ends.followed_by(context, term)?, Some(finished_terms.len() + 1));
    }
    Ok(starts_by_passage)
}

/// Returns the kind of match of a title with the typed words. `None` if the title does not match.
fn title_match(title: &[TextTerm], typed: &TypedText<'_>) -> Option<TitleMatch> {
    let phrase = &typed.terms;
    let is_unfinished = typed.end == TypedEnd::Word;
    let matches_at = |start: usize, phrase: &[TextTerm], is_unfinished: bool| {
        let terms = title.get(start..start + phrase.len());
        terms.is_some_and(|terms| title_terms_equal_typed_terms(terms, phrase, is_unfinished))
    };
    if matches_at(0, phrase, is_unfinished) {
        return Some(TitleMatch::Prefix);
    }
    if (1..title.len()).any(|start| matches_at(start, phrase, is_unfinished)) {
        return Some(TitleMatch::Phrase);
    }
    // Searches each group of joined terms after the previous group. Taking the first occurrence of a group leaves the
    // most terms for the later groups.
    let mut search_start = 0;
    let mut groups = phrase.chunk_by(|_, next| next.joins_previous).peekable();
    while let Some(group) = groups.next() {
        let is_unfinished = is_unfinished && groups.peek().is_none();
        let group_start =
            (search_start..title.len()).find(|&start| matches_at(start, group, is_unfinished))?;
        search_start = group_start + group.len();
    }
    Some(TitleMatch::InOrder)
}

/// Returns whether terms of a title equal the typed terms one by one. Han characters that were typed without a gap must
/// also be adjacent in the title. If `is_unfinished` is set, the last term of the title only has to begin with the last
/// typed term.
fn title_terms_equal_typed_terms(
    title_terms: &[TextTerm],
    typed_terms: &[TextTerm],
    is_unfinished: bool,
) -> bool {
    title_terms.iter().zip(typed_terms).enumerate().all(|(index, (term, typed))| {
        let has_same_text = if is_unfinished && index + 1 == typed_terms.len() {
            term.term.starts_with(&typed.term)
        } else {
            term.term == typed.term
        };
        has_same_text && (term.joins_previous || !typed.joins_previous)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    #[test]
    fn a_title_matches_if_it_has_the_typed_words_in_order() {
        let analyzer = Analyzer::new(Chinese::Auto);
        let mut analysis = Analysis::default();
        for (title, text, expected) in [
            ("Flying Cars over Guangzhou", "flying c", Some(TitleMatch::Prefix)),
            ("The Flying Cars", "flying cars", Some(TitleMatch::Phrase)),
            ("Flying Electric Cars", "flying c", Some(TitleMatch::InOrder)),
            ("Cars Flying", "flying c", None),
            ("Flying Cars", "flying car ", None),
            ("Flying Cars", "flying cars, ", Some(TitleMatch::Prefix)),
            ("粤港澳大湾区建设", "大灣區", Some(TitleMatch::Phrase)),
            ("大型湾区", "大湾区", None),
            ("广州市建设大湾区", "广州 大湾", Some(TitleMatch::InOrder)),
            ("Über uns", "ub", Some(TitleMatch::Prefix)),
        ] {
            analyzer.tokens(title, &mut analysis);
            let typed = TypedText::new(text, &analyzer).unwrap();
            assert_eq!(title_match(&text_terms(&analysis), &typed), expected, "{title} {text}");
        }
    }
}
