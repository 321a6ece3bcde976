//! Han characters that are being typed → the words and phrases of the index that they may become.
//!
//! Nothing tells where the word begins that is being typed: each ending of what was typed is tried as
//! the beginning of a dictionary word, and what is found must occur, and be cut so by segmentation.

use std::{collections::BTreeMap, ops::Range};

use super::{
    BUDGET, CANDIDATES, Suggestion, SuggestionKind, by_passages,
    input::{Part, Typed},
    next_word,
    positions::Places,
    terms::{Frequent, most_frequent},
};
use crate::{
    analysis::{Analysis, Chinese, HanWordKind, is_word},
    error::Result,
    search::context::SearchContext,
};

/// So many of the last characters may be the beginning of a word.
const MAX_BEGUN: usize = 6;

/// How a row of characters may go on.
struct Continuation {
    rest: String,
    kind: SuggestionKind,
    passages: u64,
}

/// Completions of the last run of Han characters: with all that stands before it, and then alone.
pub(super) fn completions(context: &SearchContext, typed: &Typed<'_>) -> Result<Vec<Suggestion>> {
    let (before, run) = typed.split();
    let mut found = Vec::new();
    if !before.is_empty() {
        let whole = continuations(context, &typed.parts, run.len())?.into_iter();
        let phrase = SuggestionKind::Phrase;
        found = by_passages(
            whole.map(|next| typed.suggestion(&next.rest, phrase, next.passages)).collect(),
        );
    }
    let alone = continuations(context, run, run.len())?.into_iter();
    let alone = alone.map(|next| {
        let kind = if before.is_empty() { next.kind } else { SuggestionKind::Word };
        typed.suggestion(&next.rest, kind, next.passages)
    });
    found.extend(by_passages(alone.collect()));
    Ok(found)
}

/// How `parts`, of which the last `chars` are the open run, go on in the index.
fn continuations(
    context: &SearchContext,
    parts: &[Part],
    chars: usize,
) -> Result<Vec<Continuation>> {
    let row = Row { context, parts, chars, run: ending(parts, chars) };
    let mut found = if parts.len() == chars { row.words()? } else { Vec::new() };
    if parts.len() > 1 {
        let places = Places::of(context, parts)?;
        found.extend(row.longer(&places)?);
        if row.ends_in_word("", 2) {
            found.extend(row.next(&places)?);
        } else if found.is_empty() {
            found.extend(row.pairs(&places)?);
        }
    } else if found.is_empty() {
        found.extend(row.any_pairs()?);
    }
    Ok(found)
}

/// The last `chars` characters of a row.
fn ending(row: &[Part], chars: usize) -> String {
    let start = row.len().saturating_sub(chars);
    row.iter().skip(start).map(|part| part.term.as_str()).collect()
}

/// The dictionary words of the index that begin with `begun`. A longer term than a pair is one.
fn words(context: &SearchContext, begun: &str) -> Result<Vec<Frequent>> {
    most_frequent(context, context.reader.fields.ranking_terms, begun, CANDIDATES, |term| {
        term.chars().count() > 2 || is_word(term)
    })
}

/// What was typed, the last of it an open run of Han characters.
struct Row<'a> {
    context: &'a SearchContext,
    parts: &'a [Part],
    chars: usize,
    run: String,
}

impl Row<'_> {
    /// Words that begin with the run.
    fn words(&self) -> Result<Vec<Continuation>> {
        let words = words(self.context, &self.run)?.into_iter();
        let shown = words.map(|word| Continuation {
            rest: word.term.strip_prefix(&self.run).unwrap_or_default().to_owned(),
            kind: SuggestionKind::Word,
            passages: word.passages,
        });
        Ok(shown.collect())
    }

    /// Words begun in the middle of the run, where the whole of it stands before their rest.
    fn longer(&self, places: &Places) -> Result<Vec<Continuation>> {
        let mut rests: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        let inside = if self.parts.len() == self.chars { self.chars - 1 } else { self.chars };
        for begun_chars in 1..=inside.min(MAX_BEGUN) {
            let begun = ending(self.parts, begun_chars);
            for word in words(self.context, &begun)? {
                let rest = word.term.strip_prefix(&begun).unwrap_or_default().to_owned();
                let known = rests.entry(rest).or_insert((begun_chars, 0));
                known.1 = known.1.max(word.passages);
            }
        }
        let mut rests: Vec<_> = rests.into_iter().collect();
        rests.sort_by_key(|&(_, (_, passages))| std::cmp::Reverse(passages));
        let mut steps = Steps::new(self, places);
        let mut found = Vec::new();
        for (rest, (begun_chars, _)) in rests {
            let passages = steps.passages(&rest)?;
            if passages > 0 && self.ends_in_word(&rest, begun_chars + rest.chars().count()) {
                found.push(Continuation { rest, kind: SuggestionKind::Phrase, passages });
            }
        }
        Ok(found)
    }

    /// Words that come after the run.
    fn next(&self, places: &Places) -> Result<Vec<Continuation>> {
        let next = next_word::words(self.context, self.parts, places, true)?.into_iter();
        let phrases = next.map(|next| Continuation {
            rest: next.word,
            kind: SuggestionKind::Phrase,
            passages: next.passages,
        });
        Ok(phrases
            .filter(|next| self.ends_in_word(&next.rest, next.rest.chars().count()))
            .collect())
    }

    /// Single characters that come after the run: all there is for names, and without a dictionary.
    fn pairs(&self, places: &Places) -> Result<Vec<Continuation>> {
        let mut steps = Steps::new(self, places);
        let mut found = Vec::new();
        for mut next in self.any_pairs()? {
            next.kind = SuggestionKind::Phrase;
            next.passages = steps.passages(&next.rest)?;
            if next.passages > 0 {
                found.push(next);
            }
        }
        Ok(found)
    }

    fn any_pairs(&self) -> Result<Vec<Continuation>> {
        let last = ending(self.parts, 1);
        let field = self.context.reader.fields.ranking_terms;
        let pairs = most_frequent(self.context, field, &last, CANDIDATES, |term| {
            term.chars().count() == 2
        })?;
        let shown = pairs.into_iter().map(|pair| Continuation {
            rest: pair.term.strip_prefix(&last).unwrap_or_default().to_owned(),
            kind: SuggestionKind::Word,
            passages: pair.passages,
        });
        Ok(shown.collect())
    }

    /// Whether segmentation lets the run with `rest` after it end in a word of `chars` characters at
    /// least, and leaves no character of the run alone for that which was in a word before: 国家 is
    /// no word in 中国家. Where there is no segmentation, anything may be one.
    fn ends_in_word(&self, rest: &str, chars: usize) -> bool {
        if self.context.analyzer.chinese() == Chinese::Off || cfg!(not(feature = "chinese")) {
            return !rest.is_empty();
        }
        let before = words_over(self.context, &self.run);
        let text = format!("{}{rest}", self.run);
        let after = words_over(self.context, &text);
        let covered = |words: &[Range<usize>]| {
            let inside =
                words.iter().map(|word| word.end.min(self.chars).saturating_sub(word.start));
            inside.sum::<usize>()
        };
        let ends = |word: &Range<usize>| word.end == text.chars().count() && word.len() >= chars;
        after.last().is_some_and(ends) && covered(&after) >= covered(&before)
    }
}

/// The dictionary words of a row of Han characters, as segmentation cuts it.
fn words_over(context: &SearchContext, row: &str) -> Vec<Range<usize>> {
    let mut analysis = Analysis::default();
    context.analyzer.tokens(row, &mut analysis);
    let words = context.analyzer.query_words(&analysis).into_iter();
    let cut = words.filter(|word| word.kind == HanWordKind::Word);
    cut.map(|word| word.first as usize..(word.first + word.chars) as usize).collect()
}

/// Places after a run, kept by the character that comes next: many words begin with the same.
struct Steps<'a> {
    row: &'a Row<'a>,
    last: String,
    places: &'a Places,
    known: BTreeMap<char, Places>,
    budget: usize,
}

impl<'a> Steps<'a> {
    fn new(row: &'a Row<'a>, places: &'a Places) -> Self {
        Self { row, last: ending(row.parts, 1), places, known: BTreeMap::new(), budget: BUDGET }
    }

    /// In how many passages `rest` comes after the run; 0 where it would take too long to tell.
    fn passages(&mut self, rest: &str) -> Result<u64> {
        let mut characters = rest.chars();
        let Some(first) = characters.next() else { return Ok(0) };
        let context = self.row.context;
        if !self.known.contains_key(&first) {
            let Some(left) = self.budget.checked_sub(self.places.len()) else { return Ok(0) };
            self.budget = left;
            let next = self.places.joined(context, &self.last, &String::from(first))?;
            self.known.insert(first, next);
        }
        let Some(next) = self.known.get(&first) else { return Ok(0) };
        let after = next.spelled(context, Some(&String::from(first)), characters.as_str())?;
        Ok(after.passages())
    }
}
