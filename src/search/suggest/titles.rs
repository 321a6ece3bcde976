//! Finds titles that contain the typed words in their order.
//!
//! The title of a document is indexed before the text of its first passage. So the postings of first passages show
//! which documents have the words at the beginning, and only few document records are read.

use std::collections::BTreeMap;

use tantivy::DocId;

use super::{
    input::{OpenEnd, TextTerm, TypedText, text_terms},
    positions::{PassageSet, PhraseEnds},
    suggestion::{Suggestion, SuggestionKind},
    terms::IndexTerm,
};
use crate::{
    analysis::Analysis,
    error::Result,
    index::{self, DOCUMENT},
    search::{
        context::SearchContext,
        reader::{engine_error, read_error},
    },
};

/// Maximum number of titles that are read. Titles of documents in which the words occur earliest are read first.
const MAX_READ: usize = 60;
/// Maximum number of documents whose ids are read for sorting. Up to this number of candidates, the result does not
/// depend on the order in which documents were indexed.
const MAX_CONSIDERED: usize = 2_000;

/// Kind of match of a title with the typed words, in ascending order from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TitleMatch {
    /// The title begins with the typed words.
    Prefix,
    /// The title contains the typed words as a phrase.
    Phrase,
    /// The title contains the typed words in their order.
    InOrder,
}

/// Returns the titles that contain the typed words in their order. An unfinished last word only has to be a prefix of a
/// word; `candidates` are its completions. Titles that begin with the typed words come first, then titles that contain
/// them as a phrase.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<Vec<Suggestion>> {
    let mut analysis = Analysis::default();
    let mut titles = Vec::new();
    for id in documents(context, typed, candidates)? {
        let record = index::document(&context.reader.searcher, context.reader.fields, &id)?;
        let title = record.and_then(|record| Some((record.title?, record.passages)));
        let Some((text, passages)) = title else { continue };
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
    Ok(titles.into_iter().map(|(_, title)| title).collect())
}

/// Returns the ids of the documents whose first passage contains the typed words; the title is indexed with the first
/// passage. Documents in which the words occur earliest come first.
fn documents(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<Vec<String>> {
    let starts = phrase_starts(context, typed, candidates)?;
    let mut starts: Vec<_> = starts.into_iter().map(|(passage, start)| (start, passage)).collect();
    starts.sort_unstable();
    starts.truncate(MAX_CONSIDERED);
    let mut documents = Vec::with_capacity(starts.len());
    for (start, (ord, doc)) in starts {
        let columns = context.reader.searcher.segment_reader(ord).fast_fields();
        let column = columns.str(DOCUMENT).map_err(engine_error)?;
        let mut id = String::new();
        if let Some(column) = column
            && let Some(term) = column.term_ords(doc).next()
        {
            column.ord_to_str(term, &mut id).map_err(read_error)?;
            documents.push((start, id));
        }
    }
    documents.sort_unstable();
    Ok(documents.into_iter().map(|(_, id)| id).take(MAX_READ).collect())
}

/// Returns the first passages of documents that contain the typed words, each with the position at which the words
/// begin as a phrase. The position is `u32::MAX` if the words are not adjacent.
fn phrase_starts(
    context: &SearchContext,
    typed: &TypedText<'_>,
    candidates: &[IndexTerm],
) -> Result<BTreeMap<(u32, DocId), u32>> {
    let finished = if typed.end == OpenEnd::Word { typed.split_open().0 } else { &typed.terms };
    let passages = PassageSet::first_with_terms(context, finished)?;
    let ends = PhraseEnds::within(context, &passages, finished)?;
    let mut starts = BTreeMap::new();
    // `words` is the number of words of the phrase. `None` if the words may not be adjacent.
    let mut add = |ends: &PhraseEnds, words: Option<usize>| {
        for (passage, end) in ends.iter() {
            let start = words.map_or(u32::MAX, |words| (end + 1).saturating_sub(words as u32));
            let earliest = starts.entry(passage).or_insert(start);
            *earliest = start.min(*earliest);
        }
    };
    if typed.end != OpenEnd::Word {
        let first = finished.first().map_or("", |term| term.term.as_str());
        add(&passages.occurrences(context, first)?, None);
        add(&ends, Some(finished.len()));
        return Ok(starts);
    }
    let open = typed.terms.last().map(|term| term.term.as_str());
    for term in candidates.iter().map(|candidate| candidate.term.as_str()).chain(open) {
        let occurrences = passages.occurrences(context, term)?;
        add(&occurrences, finished.is_empty().then_some(1));
        add(&ends.followed_by(context, term)?, Some(finished.len() + 1));
    }
    Ok(starts)
}

/// Returns the kind of match of a title with the typed words. `None` if the title does not match.
fn title_match(title: &[TextTerm], typed: &TypedText<'_>) -> Option<TitleMatch> {
    let phrase = &typed.terms;
    let is_open = typed.end == OpenEnd::Word;
    let matches_at = |start: usize, phrase: &[TextTerm], is_open: bool| {
        let terms = title.get(start..start + phrase.len());
        terms.is_some_and(|terms| matches_phrase(terms, phrase, is_open))
    };
    if matches_at(0, phrase, is_open) {
        return Some(TitleMatch::Prefix);
    }
    if (1..title.len()).any(|start| matches_at(start, phrase, is_open)) {
        return Some(TitleMatch::Phrase);
    }
    // Searches each group of joined terms after the previous group. Taking the first occurrence leaves the most terms
    // for the remaining groups.
    let mut start = 0;
    let mut groups = phrase.chunk_by(|_, next| next.joined).peekable();
    while let Some(group) = groups.next() {
        let is_open = is_open && groups.peek().is_none();
        let position = (start..title.len()).find(|&start| matches_at(start, group, is_open))?;
        start = position + group.len();
    }
    Some(TitleMatch::InOrder)
}

/// Returns whether `terms` equal the terms of `phrase`, and are joined wherever the terms of `phrase` are joined. If
/// `is_open`, the last term of `phrase` only has to be a prefix.
fn matches_phrase(terms: &[TextTerm], phrase: &[TextTerm], is_open: bool) -> bool {
    terms.iter().zip(phrase).enumerate().all(|(index, (term, typed))| {
        let is_same = if is_open && index + 1 == phrase.len() {
            term.term.starts_with(&typed.term)
        } else {
            term.term == typed.term
        };
        is_same && (term.joined || !typed.joined)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    #[test]
    fn titles_contain_the_words_in_order() {
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
