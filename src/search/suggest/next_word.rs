//! Finds the words that follow a phrase in the texts of the index.
//!
//! The inverted index maps words to passages, not passages to words. So the texts of a sample of passages are read, and
//! the words that follow the phrase in the sample are counted in the whole index.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use tantivy::DocAddress;

use super::{
    completion::{Completion, sort_by_passages},
    input::{TextTerm, TypedText, text_terms},
    positions::PhraseEnds,
    suggestion::{MAX_COMPARED_POSITIONS, SuggestionKind},
    terms,
};
use crate::{
    analysis::{Analysis, is_stop_word, longest_word_at_start},
    error::Result,
    index::{PassageRecord, RecordReader},
    script::is_han,
    search::context::SearchContext,
};

/// Maximum number of passages whose texts are read to find the next words.
const MAX_PASSAGES_READ_FOR_NEXT_WORDS: usize = 48;
/// Maximum number of words from the sample that are counted in the whole index, the most frequent first.
const MAX_SAMPLE_WORDS_TO_COUNT: usize = 24;
/// Maximum length in characters of a suggested Chinese word.
const MAX_HAN_WORD_CHARS: usize = 10;

/// Word that follows a phrase in the index.
#[derive(Debug)]
pub(super) struct NextWord {
    pub(super) word: String,
    /// Number of passages in which the word follows the phrase.
    pub(super) passages: u64,
}

/// Returns completions of a text that ends in a space or in a character that joins two words.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
) -> Result<Vec<Completion>> {
    let phrase_ends = PhraseEnds::of_phrase(context, &typed.terms)?;
    let next_words = next_words(context, &typed.terms, &phrase_ends, false)?.into_iter();
    let completions = next_words.map(|next| {
        let kind = SuggestionKind::Phrase;
        Completion::with_added_word(typed, 0, (&next.word, false), kind, next.passages)
    });
    Ok(sort_by_passages(completions.collect()))
}

/// Returns the words that follow `phrase`, whose occurrences are `phrase_ends`. If `joins_previous` is set, returns
/// only Han words that follow without a space.
pub(super) fn next_words(
    context: &SearchContext,
    phrase: &[TextTerm],
    phrase_ends: &PhraseEnds,
    joins_previous: bool,
) -> Result<Vec<NextWord>> {
    let mut sample_counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut reader = RecordReader::new(&context.reader.searcher, context.reader.fields);
    for (ord, doc) in phrase_ends.sample(MAX_PASSAGES_READ_FOR_NEXT_WORDS) {
        let record: PassageRecord = reader.read(DocAddress::new(ord, doc))?;
        let mut words = BTreeSet::new();
        for text in record.headings.iter().chain([&record.text]) {
            collect_words_after_phrase(context, text, phrase, joins_previous, &mut words);
        }
        for word in words {
            *sample_counts.entry(word).or_default() += 1;
        }
    }
    let mut words: Vec<_> = sample_counts.into_iter().collect();
    words.sort_by_key(|&(_, count)| Reverse(count));
    words.truncate(MAX_SAMPLE_WORDS_TO_COUNT);
    let last_character = phrase.last().filter(|_| joins_previous).map(|term| term.term.as_str());
    count_words_after_phrase_in_index(
        context,
        phrase_ends,
        last_character,
        words.into_iter().map(|(word, _)| word),
    )
}

/// Returns each word with the number of passages in which the word follows the phrase. Leaves out words that follow the
/// phrase in no passage, and words that would take too many comparisons of positions to count. `last_character` is the
/// last character of the phrase if it is a Han character directly before the words.
fn count_words_after_phrase_in_index(
    context: &SearchContext,
    phrase_ends: &PhraseEnds,
    last_character: Option<&str>,
    words: impl Iterator<Item = String>,
) -> Result<Vec<NextWord>> {
    let mut budget = MAX_COMPARED_POSITIONS;
    let mut next_words = Vec::new();
    for word in words {
        let is_han = word.starts_with(is_han);
        let first_term = word.chars().take(if is_han { 1 } else { usize::MAX }).collect::<String>();
        let doc_freq = terms::doc_freq(context, context.reader.fields.exact_terms, &first_term)?;
        let position_count = phrase_ends.len().min(doc_freq as usize);
        let Some(remaining_budget) = budget.checked_sub(position_count) else { continue };
        budget = remaining_budget;
        let phrase_ends = if is_han {
            phrase_ends.followed_by_run(context, last_character, &word)?
        } else {
            phrase_ends.followed_by(context, &word)?
        };
        next_words.push(NextWord { word, passages: phrase_ends.passage_count() });
    }
    next_words.retain(|next| next.passages > 0);
    Ok(next_words)
}

/// Adds the words that follow each occurrence of `phrase` in `text` to `words`.
fn collect_words_after_phrase(
    context: &SearchContext,
    text: &str,
    phrase: &[TextTerm],
    joins_previous: bool,
    words: &mut BTreeSet<String>,
) {
    let mut analysis = Analysis::default();
    context.analyzer.tokens(text, &mut analysis);
    let terms = text_terms(&analysis);
    for start in 0..terms.len().saturating_sub(phrase.len()) {
        let (before, after) = terms.split_at(start + phrase.len());
        let preceding_terms = before.get(start..).unwrap_or_default();
        if preceding_terms.iter().zip(phrase).all(|(term, expected)| term.term == expected.term)
            && let Some(word) = first_word_of_terms(after, joins_previous)
        {
            words.insert(word);
        }
    }
}

/// Returns the first word of `terms`. For Han characters, this is the longest dictionary word that `terms` begin with.
/// Returns `None` for a stop word and for a single Han character. If `joins_previous` is set, also returns `None` for
/// every word except a joined Han word.
fn first_word_of_terms(terms: &[TextTerm], joins_previous: bool) -> Option<String> {
    let first_term = terms.first()?;
    if !first_term.term.starts_with(is_han) {
        return (!joins_previous && !is_stop_word(&first_term.term))
            .then(|| first_term.term.clone());
    }
    if joins_previous && !first_term.joins_previous {
        return None;
    }
    let joined_terms = terms.iter().skip(1).take_while(|term| term.joins_previous);
    let run: String = [first_term]
        .into_iter()
        .chain(joined_terms)
        .take(MAX_HAN_WORD_CHARS)
        .map(|term| term.term.as_str())
        .collect();
    longest_word_at_start(&run).filter(|word| word.chars().count() > 1).map(str::to_owned)
}
