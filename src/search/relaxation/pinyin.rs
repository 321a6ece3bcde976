//! Interprets a query word that occurs nowhere in the index as pinyin, and also searches for the Chinese words with
//! this pinyin.

use super::{PreparedQuery, occurs_nowhere};
use crate::{
    analysis::is_known_word,
    error::Result,
    query::{
        Alternative, Note, PhraseOrigin, PhraseSlot, TextField,
        note_detail::{ExpandedPart, NoteDetail},
    },
    search::{context::SearchContext, suggest},
};

/// Minimum number of letters of a query word that is read as pinyin. Shorter words are mostly abbreviations.
const MIN_PINYIN_LETTERS: usize = 4;
/// Maximum number of Chinese words that are searched for one word in pinyin.
const MAX_CHINESE_WORDS_PER_PINYIN_WORD: usize = 3;
/// Maximum factor by which a Chinese word may be rarer than the most frequent Chinese word with the same pinyin. Rarer
/// words are not searched.
const MAX_HOMOPHONE_FREQUENCY_RATIO: u64 = 10;
/// Maximum number of words of a query that are read as pinyin. Each lookup scans all Chinese terms whose pinyin begins
/// with the same letter.
const MAX_PINYIN_WORDS_PER_QUERY: usize = 3;
/// Chinese name that is read as pinyin although it is also an English verb.
const PINYIN_NAME_THAT_IS_A_VERB: &str = "shanghai";

/// Adds Chinese words as alternatives to each query word that is their full pinyin, with a note. Only a query word
/// that occurs nowhere in the index and is not an English word gets such alternatives.
pub(super) fn add_words_spelled_in_pinyin(
    context: &SearchContext,
    prepared_query: &mut PreparedQuery,
) -> Result<()> {
    let statistics = &*context.statistics;
    let mut word_count = 0;
    for leaf in &mut prepared_query.plan.leaves {
        let Some(word) = leaf.single_word().filter(|_| leaf.field == TextField::Body) else {
            continue;
        };
        if !may_be_pinyin(word)
            || word_count == MAX_PINYIN_WORDS_PER_QUERY
            || !occurs_nowhere(leaf, statistics)?
        {
            continue;
        }
        word_count += 1;
        let letters = word.to_owned();
        statistics.require_all_terms();
        let homophones = suggest::words_with_pinyin(context, &letters)?;
        let max_doc_freq = homophones.first().map_or(0, |(_, doc_freq)| *doc_freq);
        let homophones: Vec<String> = homophones
            .into_iter()
            .filter(|(_, doc_freq)| doc_freq * MAX_HOMOPHONE_FREQUENCY_RATIO >= max_doc_freq)
            .take(MAX_CHINESE_WORDS_PER_PINYIN_WORD)
            .map(|(word, _)| word)
            .collect();
        if homophones.is_empty() {
            continue;
        }
        leaf.alternatives.extend(homophones.iter().map(|word| phrase_of_han_characters(word)));
        if leaf.adds_score() {
            let part =
                ExpandedPart::OtherSpelling { word: letters, spellings: homophones.join(", ") };
            prepared_query.notes.push(Note::new(NoteDetail::Expanded(part)));
        }
    }
    Ok(())
}

/// Returns whether a word has only the letters a to z, is long enough for two syllables, and is not an English word.
fn may_be_pinyin(word: &str) -> bool {
    word.len() >= MIN_PINYIN_LETTERS
        && word.bytes().all(|byte| byte.is_ascii_lowercase())
        && (word == PINYIN_NAME_THAT_IS_A_VERB || !is_known_word(word))
}

/// Returns the Han characters of a word as a phrase.
pub(super) fn phrase_of_han_characters(word: &str) -> Alternative {
    let mut buffer = [0; 4];
    let slots = word.chars().zip(0..);
    let slots = slots.map(|(c, offset)| PhraseSlot::term(offset, c.encode_utf8(&mut buffer)));
    Alternative { origin: PhraseOrigin::OtherSpelling, ..Alternative::contiguous(slots.collect()) }
}
