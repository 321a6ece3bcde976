//! Words in a row → the words that often come next, as some of their passages say.
//!
//! The index knows which passages a word is in, not which words a passage holds: so the texts of a
//! sample of passages are read, and what is found there is then counted in all of them.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::DocAddress;

use super::{
    BUDGET, Suggestion, SuggestionKind, by_passages,
    input::{Part, Typed, parts},
    positions::Places,
    terms,
};
use crate::{
    analysis::{Analysis, first_word, is_stop_word},
    error::Result,
    index::{self, PassageRecord},
    script::is_han,
    search::context::SearchContext,
};

/// So many passages are read.
const SAMPLE: usize = 48;
/// So many of the words found there are counted.
const COUNTED: usize = 24;
/// No dictionary word is longer that is worth a suggestion.
const MAX_HAN: usize = 10;

/// A word that comes next.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) word: String,
    /// It is of Han characters.
    pub(super) han: bool,
    /// In how many passages it does.
    pub(super) passages: u64,
}

/// What comes after a space.
pub(super) fn completions(context: &SearchContext, typed: &Typed<'_>) -> Result<Vec<Suggestion>> {
    let places = Places::of(context, &typed.parts)?;
    let found = words(context, &typed.parts, &places, false)?.into_iter();
    let shown =
        found.map(|next| typed.suggestion(&next.word, SuggestionKind::Phrase, next.passages));
    Ok(by_passages(shown.collect()))
}

/// The words that come after `row`, which ends at `places`. Where it is `joined`, only Han words that
/// stand there with nothing between.
pub(super) fn words(
    context: &SearchContext,
    row: &[Part],
    places: &Places,
    joined: bool,
) -> Result<Vec<Next>> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (ord, doc) in places.sample(SAMPLE) {
        let address = DocAddress::new(ord, doc);
        let record: PassageRecord =
            index::stored(&context.reader.searcher, context.reader.fields, address)?;
        let mut here = BTreeSet::new();
        for text in record.headings.iter().chain([&record.text]) {
            push_words(context, text, row, joined, &mut here);
        }
        for word in here {
            *seen.entry(word).or_default() += 1;
        }
    }
    let mut seen: Vec<_> = seen.into_iter().collect();
    seen.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    seen.truncate(COUNTED);
    let last = row.last().filter(|_| joined).map(|part| part.term.as_str());
    counted(context, places, last, seen.into_iter().map(|(word, _)| word))
}

/// How often each of the words comes next, as far as the budget goes.
fn counted(
    context: &SearchContext,
    places: &Places,
    last: Option<&str>,
    words: impl Iterator<Item = String>,
) -> Result<Vec<Next>> {
    let mut budget = BUDGET;
    let mut found = Vec::new();
    for word in words {
        let han = word.starts_with(is_han);
        let first = word.chars().take(if han { 1 } else { usize::MAX }).collect::<String>();
        let frequency = terms::passages(context, context.reader.fields.exact, &first)?;
        let cost = places.len().min(frequency as usize);
        let Some(left) = budget.checked_sub(cost) else { continue };
        budget = left;
        let places = if han {
            places.spelled(context, last, &word)?
        } else {
            places.followed(context, &word)?
        };
        found.push(Next { word, han, passages: places.passages() });
    }
    found.retain(|next| next.passages > 0);
    Ok(found)
}

/// The words that come after each occurrence of `row` in `text`.
fn push_words(
    context: &SearchContext,
    text: &str,
    row: &[Part],
    joined: bool,
    out: &mut BTreeSet<String>,
) {
    let mut analysis = Analysis::default();
    context.analyzer.tokens(text, &mut analysis);
    let tokens = parts(&analysis);
    for start in 0..tokens.len().saturating_sub(row.len()) {
        let (here, after) = tokens.split_at(start + row.len());
        let here = here.get(start..).unwrap_or_default();
        if here.iter().zip(row).all(|(token, part)| token.term == part.term)
            && let Some(word) = word(after, joined)
        {
            out.insert(word);
        }
    }
}

/// The word that begins with the first of `tokens`: of Han characters the longest of the dictionary.
fn word(tokens: &[Part], joined: bool) -> Option<String> {
    let first = tokens.first()?;
    if !first.term.starts_with(is_han) {
        return (!joined && !is_stop_word(&first.term)).then(|| first.term.clone());
    }
    if joined && !first.joined {
        return None;
    }
    let rest = tokens.iter().skip(1).take_while(|token| token.joined);
    let run: String =
        [first].into_iter().chain(rest).take(MAX_HAN).map(|token| token.term.as_str()).collect();
    first_word(&run).filter(|word| word.chars().count() > 1).map(str::to_owned)
}
