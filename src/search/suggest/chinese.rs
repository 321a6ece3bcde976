//! Completions of a run of Han characters that is being typed.
//!
//! Chinese has no spaces, so the beginning of the unfinished word is unknown. Each suffix of the run is tried as the
//! prefix of a dictionary word. A completion must occur in a passage, and the segmentation of the completed run must
//! end in a word.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use super::{
    completion::{Completion, sort_by_passages},
    input::{TextTerm, TypedText},
    next_word,
    positions::{PassageSet, PhraseEnds},
    suggestion::{MAX_COMPARED_POSITIONS, MAX_COMPLETION_CANDIDATES, SuggestionKind},
    terms::{IndexTerm, most_frequent_terms},
};
use crate::{
    analysis::{Analysis, Chinese, HanWordKind, is_dictionary_word},
    error::Result,
    search::context::SearchContext,
};

/// Maximum length in characters of the suffixes of the run that are tried as the prefix of a dictionary word.
const MAX_RUN_SUFFIX_CHARS: usize = 6;
/// Maximum number of completing words that are counted together with the preceding words. Each count takes a lookup of
/// the passages that contain the word and the preceding words.
const MAX_WORDS_COUNTED_WITH_PRECEDING: usize = 50;

/// Text that follows a phrase in the index, and may complete the typed text.
struct PhraseContinuation {
    /// The text that is added to the typed text.
    added_text: String,
    kind: SuggestionKind,
    /// Number of passages in which the continuation occurs.
    passages: u64,
}

/// Returns completions of the last run of Han characters. Completions that occur after all preceding terms come first,
/// then completions of the run alone.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
) -> Result<Vec<Completion>> {
    let (preceding, run) = typed.split_off_unfinished_terms();
    let completion = |first: usize, next: &PhraseContinuation, kind| {
        Completion::with_added_word(typed, first, (&next.added_text, true), kind, next.passages)
    };
    let mut completions = Vec::new();
    if !preceding.is_empty() {
        let phrase_continuations = continuations(context, &typed.terms, run.len())?;
        let phrase_continuations =
            phrase_continuations.iter().map(|next| completion(0, next, SuggestionKind::Phrase));
        completions = sort_by_passages(phrase_continuations.collect());
    }
    let words = continuations(context, run, run.len())?;
    if preceding.is_empty() {
        let words = words.iter().map(|next| completion(0, next, next.kind));
        completions.extend(sort_by_passages(words.collect()));
        return Ok(completions);
    }
    let words = words.iter().map(|next| completion(preceding.len(), next, SuggestionKind::Word));
    let words = sort_by_passages(words.collect());
    completions.extend(words_that_occur_with_preceding_words(context, typed, words)?);
    Ok(completions)
}

/// Returns the words in `words` that occur in a passage with the preceding words, each with the number of these
/// passages. Returns all `words` if the typed text contains operators or fields.
fn words_that_occur_with_preceding_words(
    context: &SearchContext,
    typed: &TypedText<'_>,
    words: Vec<Completion>,
) -> Result<Vec<Completion>> {
    if typed.has_query_syntax() {
        return Ok(words);
    }
    let preceding_terms = typed.split_off_unfinished_terms().0;
    let mut co_occurring = Vec::new();
    for mut word in words.into_iter().take(MAX_WORDS_COUNTED_WITH_PRECEDING) {
        let terms = [preceding_terms, &word.terms[..]].concat();
        word.passages = PassageSet::with_terms(context, &terms)?.len();
        if word.passages > 0 {
            co_occurring.push(word);
        }
    }
    Ok(sort_by_passages(co_occurring))
}

/// Returns the continuations of `terms` that occur in the index. The last `run_char_count` terms are the unfinished run
/// of Han characters.
fn continuations(
    context: &SearchContext,
    terms: &[TextTerm],
    run_char_count: usize,
) -> Result<Vec<PhraseContinuation>> {
    let phrase = UnfinishedPhrase {
        context,
        terms,
        run_char_count,
        run: last_chars_of_terms(terms, run_char_count),
    };
    let mut continuations =
        if terms.len() == run_char_count { phrase.words_with_run_as_prefix()? } else { Vec::new() };
    if terms.len() > 1 {
        let phrase_ends = PhraseEnds::of_phrase(context, terms)?;
        continuations.extend(phrase.words_overlapping_run(&phrase_ends)?);
        if phrase.run_with_added_text_ends_in_word("", 2) {
            continuations.extend(phrase.next_words(&phrase_ends)?);
        } else if continuations.is_empty() {
            continuations.extend(phrase.next_characters(&phrase_ends)?);
        }
    } else if continuations.is_empty() {
        continuations.extend(phrase.bigrams()?);
    }
    Ok(continuations)
}

/// Returns the last `char_count` characters of a sequence of Han terms, as a string.
fn last_chars_of_terms(terms: &[TextTerm], char_count: usize) -> String {
    let start = terms.len().saturating_sub(char_count);
    terms.iter().skip(start).map(|term| term.term.as_str()).collect()
}

/// Returns the most frequent dictionary words of the index with a prefix. The field `ranking_terms` contains Chinese
/// words and bigrams, so a term of two characters is checked against the dictionary.
fn dictionary_words(context: &SearchContext, prefix: &str) -> Result<Vec<IndexTerm>> {
    most_frequent_terms(
        context,
        context.reader.fields.ranking_terms,
        prefix,
        MAX_COMPLETION_CANDIDATES,
        |term| term.chars().count() > 2 || is_dictionary_word(term),
    )
}

/// A typed query that ends with a run of Han characters, which a completion may continue.
struct UnfinishedPhrase<'a> {
    context: &'a SearchContext,
    terms: &'a [TextTerm],
    /// Length of the run in characters. Each character is one term.
    run_char_count: usize,
    /// The run as text.
    run: String,
}

impl UnfinishedPhrase<'_> {
    /// Returns the continuations that complete the whole run of Han characters to a dictionary word.
    fn words_with_run_as_prefix(&self) -> Result<Vec<PhraseContinuation>> {
        let words = dictionary_words(self.context, &self.run)?;
        Ok(words.iter().map(|word| continuation_to_term(word, &self.run)).collect())
    }

    /// Returns the continuations that complete a suffix of the run to a dictionary word. The typed phrase with the
    /// continuation must occur in the index.
    fn words_overlapping_run(&self, phrase_ends: &PhraseEnds) -> Result<Vec<PhraseContinuation>> {
        // For each remainder (the characters of a word after a prefix): the length in characters of the shortest prefix
        // before it, and the maximum document frequency of the words with this remainder.
        let mut remainders: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        let is_run_alone = self.terms.len() == self.run_char_count;
        let max_prefix = if is_run_alone { self.run_char_count - 1 } else { self.run_char_count };
        for prefix_chars in 1..=max_prefix.min(MAX_RUN_SUFFIX_CHARS) {
            let prefix = last_chars_of_terms(self.terms, prefix_chars);
            for word in dictionary_words(self.context, &prefix)? {
                let remainder = word.term.strip_prefix(&prefix).unwrap_or_default().to_owned();
                let (_, doc_freq) = remainders.entry(remainder).or_insert((prefix_chars, 0));
                *doc_freq = word.doc_freq.max(*doc_freq);
            }
        }
        let mut remainders: Vec<_> = remainders.into_iter().collect();
        remainders.sort_by_key(|&(_, (_, doc_freq))| Reverse(doc_freq));
        let mut counter = ContinuationCounter::new(self, phrase_ends);
        let mut continuations = Vec::new();
        for (remainder, (prefix_chars, _)) in remainders {
            let passages = counter.count_passages(&remainder)?;
            if passages > 0
                && self.run_with_added_text_ends_in_word(
                    &remainder,
                    prefix_chars + remainder.chars().count(),
                )
            {
                continuations.push(PhraseContinuation {
                    added_text: remainder,
                    kind: SuggestionKind::Phrase,
                    passages,
                });
            }
        }
        Ok(continuations)
    }

    /// Returns the dictionary words that follow the run.
    fn next_words(&self, phrase_ends: &PhraseEnds) -> Result<Vec<PhraseContinuation>> {
        let next_words = next_word::next_words(self.context, self.terms, phrase_ends, true)?;
        let continuations = next_words.into_iter().map(|next| PhraseContinuation {
            added_text: next.word,
            kind: SuggestionKind::Phrase,
            passages: next.passages,
        });
        Ok(continuations
            .filter(|next| {
                self.run_with_added_text_ends_in_word(
                    &next.added_text,
                    next.added_text.chars().count(),
                )
            })
            .collect())
    }

    /// Returns single characters that follow the run. They complete names that the dictionary lacks, and any text if
    /// there is no dictionary.
    fn next_characters(&self, phrase_ends: &PhraseEnds) -> Result<Vec<PhraseContinuation>> {
        let mut counter = ContinuationCounter::new(self, phrase_ends);
        let mut continuations = Vec::new();
        for mut next in self.bigrams()? {
            next.kind = SuggestionKind::Phrase;
            next.passages = counter.count_passages(&next.added_text)?;
            if next.passages > 0 {
                continuations.push(next);
            }
        }
        Ok(continuations)
    }

    /// Returns, as continuations, the characters that follow the last character of the run in the most frequent bigrams
    /// of the index.
    fn bigrams(&self) -> Result<Vec<PhraseContinuation>> {
        let last_character = last_chars_of_terms(self.terms, 1);
        let field = self.context.reader.fields.ranking_terms;
        let bigrams = most_frequent_terms(
            self.context,
            field,
            &last_character,
            MAX_COMPLETION_CANDIDATES,
            |term| term.chars().count() == 2,
        )?;
        Ok(bigrams.iter().map(|bigram| continuation_to_term(bigram, &last_character)).collect())
    }

    /// Returns whether the segmentation of the run followed by `added_text` ends in a word of at least `char_count`
    /// characters. The words of this segmentation must also cover at least as many characters of the run as the words
    /// of the run alone. So the typed run "中国" is not completed to "中国家". The segmentation of "中国家" is "中" and "国家",
    /// where no word covers "中". Without segmentation, accepts any `added_text` that is not empty.
    fn run_with_added_text_ends_in_word(&self, added_text: &str, char_count: usize) -> bool {
        if self.context.analyzer.chinese() == Chinese::Off || cfg!(not(feature = "chinese")) {
            return !added_text.is_empty();
        }
        let completed_run = format!("{}{added_text}", self.run);
        let completed_chars = completed_run.chars().count();
        let run_words = segmented_words(self.context, &self.run);
        let completed_words = segmented_words(self.context, &completed_run);
        let run_with_added_text_ends_in_word = completed_words
            .last()
            .is_some_and(|word| word.end == completed_chars && word.len() >= char_count);
        run_with_added_text_ends_in_word
            && self.run_chars_covered_by(&completed_words) >= self.run_chars_covered_by(&run_words)
    }

    /// Returns the number of characters of the run that `words` cover.
    fn run_chars_covered_by(&self, words: &[Range<usize>]) -> usize {
        words.iter().map(|word| word.end.min(self.run_char_count).saturating_sub(word.start)).sum()
    }
}

/// Returns the continuation that completes `prefix` to `term`.
fn continuation_to_term(term: &IndexTerm, prefix: &str) -> PhraseContinuation {
    PhraseContinuation {
        added_text: term.term.strip_prefix(prefix).unwrap_or_default().to_owned(),
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
        .map(|word| word.first_token as usize..(word.first_token + word.char_count) as usize)
        .collect()
}

/// Counts the passages in which a continuation follows the typed phrase. Many continuations begin with the same
/// character, so the occurrences of the phrase with one more character are cached.
struct ContinuationCounter<'a> {
    phrase: &'a UnfinishedPhrase<'a>,
    /// Last character of the typed phrase.
    last_character: String,
    phrase_ends: &'a PhraseEnds,
    /// Occurrences of the typed phrase with one more character, by this character.
    ends_by_character: BTreeMap<char, PhraseEnds>,
    /// Number of positions that may still be compared.
    remaining_positions: usize,
}

impl<'a> ContinuationCounter<'a> {
    fn new(phrase: &'a UnfinishedPhrase<'a>, phrase_ends: &'a PhraseEnds) -> Self {
        let last_character = last_chars_of_terms(phrase.terms, 1);
        Self {
            phrase,
            last_character,
            phrase_ends,
            ends_by_character: BTreeMap::new(),
            remaining_positions: MAX_COMPARED_POSITIONS,
        }
    }

    /// Returns the number of passages in which `added_text` follows the typed phrase. Returns 0 if too many positions
    /// were compared before.
    fn count_passages(&mut self, added_text: &str) -> Result<u64> {
        let mut characters = added_text.chars();
        let Some(first_character) = characters.next() else { return Ok(0) };
        let context = self.phrase.context;
        let character = String::from(first_character);
        if !self.ends_by_character.contains_key(&first_character) {
            let Some(positions_left) = self.remaining_positions.checked_sub(self.phrase_ends.len())
            else {
                return Ok(0);
            };
            self.remaining_positions = positions_left;
            let phrase_ends = self.phrase_ends.followed_by_character(
                context,
                &self.last_character,
                &character,
            )?;
            self.ends_by_character.insert(first_character, phrase_ends);
        }
        let Some(phrase_ends) = self.ends_by_character.get(&first_character) else { return Ok(0) };
        let phrase_ends =
            phrase_ends.followed_by_run(context, Some(&character), characters.as_str())?;
        Ok(phrase_ends.passage_count())
    }
}
