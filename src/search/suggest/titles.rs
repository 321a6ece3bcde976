//! Words → the titles that have them, in their order.
//!
//! The title stands before the text of a document's first passage in the index. So the index tells in
//! which documents to look, and in which of them the words come early; few records have to be read.

use std::collections::BTreeMap;

use tantivy::DocId;

use super::{
    Suggestion, SuggestionKind,
    input::{Open, Part, Typed, parts},
    positions::{Holders, Places},
    terms::Frequent,
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

/// So many titles are read: where more documents may have one, those whose words come first.
const READ: usize = 60;
/// Among so many documents the order does not depend on how they came into the index.
const CONSIDERED: usize = 2_000;

/// Where the typed words stand in a title; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Beginning,
    Together,
    Apart,
}

/// The titles that have the typed words in their order, the last one as far as it was typed; first
/// those that begin with them, then those in which they stand together. `open` are the words that
/// the last one may become.
pub(super) fn completions(
    context: &SearchContext,
    typed: &Typed<'_>,
    open: &[Frequent],
) -> Result<Vec<Suggestion>> {
    let mut analysis = Analysis::default();
    let mut found = Vec::new();
    for id in documents(context, typed, open)? {
        let record = index::document(&context.reader.searcher, context.reader.fields, &id)?;
        let Some((text, passages)) = record.and_then(|r| Some((r.title?, r.passages))) else {
            continue;
        };
        context.analyzer.tokens(&text, &mut analysis);
        if let Some(place) = place(&parts(&analysis), typed) {
            let kind = SuggestionKind::Title;
            found.push((place, Suggestion { text, kind, passages: u64::from(passages) }));
        }
    }
    found.sort_by(|(a, title), (b, other)| {
        a.cmp(b)
            .then_with(|| other.passages.cmp(&title.passages))
            .then_with(|| title.text.cmp(&other.text))
    });
    Ok(found.into_iter().map(|(_, title)| title).collect())
}

/// The ids of the documents whose first passage, which is indexed with the title, holds the words;
/// those first in which they stand nearest to the beginning.
fn documents(context: &SearchContext, typed: &Typed<'_>, open: &[Frequent]) -> Result<Vec<String>> {
    let starts = starts(context, typed, open)?;
    let mut starts: Vec<_> = starts.into_iter().map(|(place, start)| (start, place)).collect();
    starts.sort_unstable();
    starts.truncate(CONSIDERED);
    let mut found = Vec::with_capacity(starts.len());
    for (start, (ord, doc)) in starts {
        let columns = context.reader.searcher.segment_reader(ord).fast_fields();
        let column = columns.str(DOCUMENT).map_err(engine_error)?;
        let mut id = String::new();
        if let Some(column) = column
            && let Some(term) = column.term_ords(doc).next()
        {
            column.ord_to_str(term, &mut id).map_err(read_error)?;
            found.push((start, id));
        }
    }
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, id)| id).take(READ).collect())
}

/// The first passages that hold the words, and at which position the words stand in a row there, if
/// they do.
fn starts(
    context: &SearchContext,
    typed: &Typed<'_>,
    open: &[Frequent],
) -> Result<BTreeMap<(u32, DocId), u32>> {
    let whole = if typed.open == Open::Word { typed.split().0 } else { &typed.parts };
    let held = Holders::in_first_passages(context, whole)?;
    let row = Places::within(context, &held, whole)?;
    let mut found = BTreeMap::new();
    let mut note = |places: &Places, words: Option<usize>| {
        for (place, end) in places.iter() {
            let start = words.map_or(u32::MAX, |words| (end + 1).saturating_sub(words as u32));
            let known = found.entry(place).or_insert(start);
            *known = start.min(*known);
        }
    };
    if typed.open != Open::Word {
        let first = whole.first().map_or("", |part| part.term.as_str());
        note(&held.places(context, first)?, None);
        note(&row, Some(whole.len()));
        return Ok(found);
    }
    let typed = typed.parts.last().map(|part| part.term.as_str());
    for term in open.iter().map(|word| word.term.as_str()).chain(typed) {
        note(&held.places(context, term)?, whole.is_empty().then_some(1));
        note(&row.followed(context, term)?, Some(whole.len() + 1));
    }
    Ok(found)
}

fn place(title: &[Part], typed: &Typed<'_>) -> Option<Place> {
    let row = &typed.parts;
    let is_open = typed.open == Open::Word;
    let begins = |start: usize, row: &[Part], open: bool| {
        title.get(start..start + row.len()).is_some_and(|here| fits(here, row, open))
    };
    if begins(0, row, is_open) {
        return Some(Place::Beginning);
    }
    if (1..title.len()).any(|start| begins(start, row, is_open)) {
        return Some(Place::Together);
    }
    // The first place for each group leaves the most room for those after it.
    let mut start = 0;
    let mut groups = row.chunk_by(|_, next| next.joined).peekable();
    while let Some(group) = groups.next() {
        let open = is_open && groups.peek().is_none();
        start = group.len() + (start..title.len()).find(|&start| begins(start, group, open))?;
    }
    Some(Place::Apart)
}

/// Whether a stretch of a title has the terms of `row`, joined where they are there; of the last one
/// at least the beginning where it is open.
fn fits(here: &[Part], row: &[Part], open: bool) -> bool {
    here.iter().zip(row).enumerate().all(|(index, (part, typed))| {
        let same = if open && index + 1 == row.len() {
            part.term.starts_with(&typed.term)
        } else {
            part.term == typed.term
        };
        same && (part.joined || !typed.joined)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    #[test]
    fn titles_have_the_words_in_order() {
        let analyzer = Analyzer::new(Chinese::Auto);
        let mut analysis = Analysis::default();
        for (title, text, expected) in [
            ("Flying Cars over Guangzhou", "flying c", Some(Place::Beginning)),
            ("The Flying Cars", "flying cars", Some(Place::Together)),
            ("Flying Electric Cars", "flying c", Some(Place::Apart)),
            ("Cars Flying", "flying c", None),
            ("Flying Cars", "flying car ", None),
            ("Flying Cars", "flying cars, ", Some(Place::Beginning)),
            ("粤港澳大湾区建设", "大灣區", Some(Place::Together)),
            ("大型湾区", "大湾区", None),
            ("广州市建设大湾区", "广州 大湾", Some(Place::Apart)),
            ("Über uns", "ub", Some(Place::Beginning)),
        ] {
            analyzer.tokens(title, &mut analysis);
            let typed = Typed::new(text, &analyzer).unwrap();
            assert_eq!(place(&parts(&analysis), &typed), expected, "{title} {text}");
        }
    }
}
