//! Completions of a run of Han characters that is being typed.
//!
//! Chinese has no spaces that mark the beginning of the unfinished word. So each suffix of the run is tried as the
//! prefix of a dictionary word, and a completion must occur in a passage and be a word of its segmentation too.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use super::{
    input::{TextTerm, TypedText},
    next_word,
    positions::PhraseEnds,
    suggestion::{MAX_CANDIDATES, POSITION_BUDGET, Suggestion, SuggestionKind, by_passages},
    terms::{IndexTerm, most_frequent_terms},
};
use crate::{
    analysis::{Analysis, Chinese, HanWordKind, is_word},
    error::Result,
    search::context::SearchContext,
};

/// Maximum length in characters of the suffixes of the run that are tried as the prefix of a dictionary word.
const MAX_PREFIX_CHARS: usize = 6;

/// Text that follows a phrase in the index, as a possible completion.
struct Continuation {
    rest: String,
    kind: SuggestionKind,
    passages: u64,
}

/// Returns completions of the last run of Han characters. First come completions that occur after all preceding terms,
/// then completions of the run alone.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
) -> Result<Vec<Suggestion>> {
    let (before, run) = typed.split_open();
    let mut suggestions = Vec::new();
    if !before.is_empty() {
        let phrases = continuations(context, &typed.terms, run.len())?.into_iter();
        let kind = SuggestionKind::Phrase;
        let phrases = phrases.map(|next| typed.suggestion(&next.rest, kind, next.passages));
        suggestions = by_passages(phrases.collect());
    }
    let words = continuations(context, run, run.len())?.into_iter().map(|next| {
        let kind = if before.is_empty() { next.kind } else { SuggestionKind::Word };
        typed.suggestion(&next.rest, kind, next.passages)
    });
    suggestions.extend(by_passages(words.collect()));
    Ok(suggestions)
}

/// Returns the continuations of `terms` that occur in the index. The last `run_chars` terms are the unfinished run of
/// Han characters.
fn continuations(
    context: &SearchContext,
    terms: &[TextTerm],
    run_chars: usize,
) -> Result<Vec<Continuation>> {
    let phrase = OpenPhrase { context, terms, run_chars, run: suffix(terms, run_chars) };
    let mut continuations =
        if terms.len() == run_chars { phrase.words_from_start()? } else { Vec::new() };
    if terms.len() > 1 {
        let ends = PhraseEnds::of(context, terms)?;
        continuations.extend(phrase.words_from_inside(&ends)?);
        if phrase.ends_in_word("", 2) {
            continuations.extend(phrase.words_after(&ends)?);
        } else if continuations.is_empty() {
            continuations.extend(phrase.characters_after(&ends)?);
        }
    } else if continuations.is_empty() {
        continuations.extend(phrase.bigrams()?);
    }
    Ok(continuations)
}

/// Returns the last `chars` characters of Han terms as a string.
fn suffix(terms: &[TextTerm], chars: usize) -> String {
    let start = terms.len().saturating_sub(chars);
    terms.iter().skip(start).map(|term| term.term.as_str()).collect()
}

/// Returns the most frequent dictionary words of the index with a prefix. A term of more than two characters in the
/// field `words` is always a dictionary word.
fn dictionary_words(context: &SearchContext, prefix: &str) -> Result<Vec<IndexTerm>> {
    most_frequent_terms(
        context,
        context.reader.fields.ranking_terms,
        prefix,
        MAX_CANDIDATES,
        |term| term.chars().count() > 2 || is_word(term),
    )
}

/// A typed query that ends with a run of Han characters, which a completion may continue.
struct OpenPhrase<'a> {
    context: &'a SearchContext,
    terms: &'a [TextTerm],
    /// Length of the run in characters. Each character is one term.
    run_chars: usize,
    run: String,
}

impl OpenPhrase<'_> {
    /// Returns continuations that complete the run to a dictionary word.
    fn words_from_start(&self) -> Result<Vec<Continuation>> {
        let words = dictionary_words(self.context, &self.run)?;
        Ok(words.iter().map(|word| word_continuation(word, &self.run)).collect())
    }

    /// Returns words whose beginning is the end of the run, if the typed phrase followed by the rest of the word occurs
    /// in the index.
    fn words_from_inside(&self, ends: &PhraseEnds) -> Result<Vec<Continuation>> {
        // For each rest of a word: the length of the shortest prefix, and the maximum document frequency of the words
        // with this rest.
        let mut rests: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        let is_run_alone = self.terms.len() == self.run_chars;
        let max_prefix = if is_run_alone { self.run_chars - 1 } else { self.run_chars };
        for prefix_chars in 1..=max_prefix.min(MAX_PREFIX_CHARS) {
            let prefix = suffix(self.terms, prefix_chars);
            for word in dictionary_words(self.context, &prefix)? {
                let rest = word.term.strip_prefix(&prefix).unwrap_or_default().to_owned();
                let (_, doc_freq) = rests.entry(rest).or_insert((prefix_chars, 0));
                *doc_freq = word.doc_freq.max(*doc_freq);
            }
        }
        let mut rests: Vec<_> = rests.into_iter().collect();
        rests.sort_by_key(|&(_, (_, doc_freq))| Reverse(doc_freq));
        let mut counter = ContinuationCounter::new(self, ends);
        let mut continuations = Vec::new();
        for (rest, (prefix_chars, _)) in rests {
            let passages = counter.passages(&rest)?;
            if passages > 0 && self.ends_in_word(&rest, prefix_chars + rest.chars().count()) {
                continuations.push(Continuation { rest, kind: SuggestionKind::Phrase, passages });
            }
        }
        Ok(continuations)
    }

    /// Returns dictionary words that follow the run.
    fn words_after(&self, ends: &PhraseEnds) -> Result<Vec<Continuation>> {
        let next_words = next_word::next_words(self.context, self.terms, ends, true)?;
        let phrases = next_words.into_iter().map(|next| Continuation {
            rest: next.word,
            kind: SuggestionKind::Phrase,
            passages: next.passages,
        });
        Ok(phrases
            .filter(|next| self.ends_in_word(&next.rest, next.rest.chars().count()))
            .collect())
    }

    /// Returns single characters that follow the run. Names, and all text without a dictionary, have no other
    /// completions.
    fn characters_after(&self, ends: &PhraseEnds) -> Result<Vec<Continuation>> {
        let mut counter = ContinuationCounter::new(self, ends);
        let mut continuations = Vec::new();
        for mut next in self.bigrams()? {
            next.kind = SuggestionKind::Phrase;
            next.passages = counter.passages(&next.rest)?;
            if next.passages > 0 {
                continuations.push(next);
            }
        }
        Ok(continuations)
    }

    /// Returns the second characters of the bigrams that begin with the last character of the run.
    fn bigrams(&self) -> Result<Vec<Continuation>> {
        let last = suffix(self.terms, 1);
        let field = self.context.reader.fields.ranking_terms;
        let bigrams = most_frequent_terms(self.context, field, &last, MAX_CANDIDATES, |term| {
            term.chars().count() == 2
        })?;
        Ok(bigrams.iter().map(|bigram| word_continuation(bigram, &last)).collect())
    }

    /// Returns whether the segmentation of the run followed by `rest` ends in a word of at least `chars` characters,
    /// and covers at least as many characters of the run by words as the segmentation of the run alone. So 国家 does
    /// not
    /// complete 中国: the segmentation of 中国家 is 中 and 国家, where no word covers 中. Without segmentation, any
    /// `rest` that
    /// is not empty is accepted.
    fn ends_in_word(&self, rest: &str, chars: usize) -> bool {
        if self.context.analyzer.chinese() == Chinese::Off || cfg!(not(feature = "chinese")) {
            return !rest.is_empty();
        }
        let text = format!("{}{rest}", self.run);
        let text_chars = text.chars().count();
        let words_before = segmented_words(self.context, &self.run);
        let words_after = segmented_words(self.context, &text);
        let ends_in_word =
            words_after.last().is_some_and(|word| word.end == text_chars && word.len() >= chars);
        ends_in_word && self.covered_chars(&words_after) >= self.covered_chars(&words_before)
    }

    /// Returns the number of characters of the run that `words` cover.
    fn covered_chars(&self, words: &[Range<usize>]) -> usize {
        words.iter().map(|word| word.end.min(self.run_chars).saturating_sub(word.start)).sum()
    }
}

/// Returns a continuation with the rest of a term after `prefix`.
fn word_continuation(term: &IndexTerm, prefix: &str) -> Continuation {
    Continuation {
        rest: term.term.strip_prefix(prefix).unwrap_or_default().to_owned(),
        kind: SuggestionKind::Word,
        passages: term.doc_freq,
    }
}

/// Segments a run of Han characters, and returns its dictionary words as ranges of characters.
fn segmented_words(context: &SearchContext, run: &str) -> Vec<Range<usize>> {
    let mut analysis = Analysis::default();
    context.analyzer.tokens(run, &mut analysis);
    let words = context.analyzer.query_words(&analysis).into_iter();
    words
        .filter(|word| word.kind == HanWordKind::Word)
        .map(|word| word.first as usize..(word.first + word.chars) as usize)
        .collect()
}

/// Counts the passages in which a given continuation follows the run. Caches occurrences by the first character of the
/// continuation, which many continuations share.
struct ContinuationCounter<'a> {
    phrase: &'a OpenPhrase<'a>,
    last: String,
    ends: &'a PhraseEnds,
    by_first: BTreeMap<char, PhraseEnds>,
    budget: usize,
}

impl<'a> ContinuationCounter<'a> {
    fn new(phrase: &'a OpenPhrase<'a>, ends: &'a PhraseEnds) -> Self {
        let last = suffix(phrase.terms, 1);
        Self { phrase, last, ends, by_first: BTreeMap::new(), budget: POSITION_BUDGET }
    }

    /// Returns the number of passages in which `rest` follows the run. Returns 0 if the budget of positions is used up.
    fn passages(&mut self, rest: &str) -> Result<u64> {
        let mut characters = rest.chars();
        let Some(first) = characters.next() else { return Ok(0) };
        let context = self.phrase.context;
        let character = String::from(first);
        if !self.by_first.contains_key(&first) {
            let Some(budget) = self.budget.checked_sub(self.ends.len()) else { return Ok(0) };
            self.budget = budget;
            let ends = self.ends.followed_by_character(context, &self.last, &character)?;
            self.by_first.insert(first, ends);
        }
        let Some(ends) = self.by_first.get(&first) else { return Ok(0) };
        let ends = ends.followed_by_run(context, Some(&character), characters.as_str())?;
        Ok(ends.passage_count())
    }
}
