//! Searches a word that occurs nowhere and is the pinyin of Chinese words also as these words.

use super::{PreparedQuery, occurs_nowhere};
use crate::{
    analysis::is_known_word,
    error::Result,
    query::{Alternative, Note, NoteKind, PhraseSlot, TextField},
    search::{context::SearchContext, suggest},
};

/// Minimum length in letters of pinyin. Shorter words are mostly abbreviations.
const MIN_LETTERS: usize = 4;
/// Maximum number of Chinese words for one word of the query.
const MAX_HOMOPHONES: usize = 3;
/// Maximum ratio of the passages with the most frequent Chinese word to the passages with another word of this pinyin.
const MAX_FREQUENCY_RATIO: u64 = 10;
/// Maximum number of words of a query that are read as pinyin. Each look-up scans all terms whose first character has
/// the first letter.
const MAX_WORDS: usize = 3;
/// Chinese name that is also an English verb.
const CHINESE_NAME: &str = "shanghai";

/// Adds the Chinese words whose pinyin in full is a word of the query to the alternatives of this word, with a note. The
/// word must occur nowhere in the index and must not be an English word.
pub(super) fn add_words_spelled_in_pinyin(
    context: &SearchContext,
    prepared: &mut PreparedQuery,
) -> Result<()> {
    let statistics = &*context.statistics;
    let mut word_count = 0;
    for leaf in &mut prepared.plan.leaves {
        let Some(word) = leaf.single_word().filter(|_| leaf.field == TextField::Body) else {
            continue;
        };
        if !may_be_pinyin(word) || word_count == MAX_WORDS || !occurs_nowhere(leaf, statistics)? {
            continue;
        }
        word_count += 1;
        let letters = word.to_owned();
        statistics.require_all_terms();
        let homophones = suggest::words_spelled(context, &letters)?;
        let max_doc_freq = homophones.first().map_or(0, |(_, doc_freq)| *doc_freq);
        let homophones: Vec<String> = homophones
            .into_iter()
            .filter(|(_, doc_freq)| doc_freq * MAX_FREQUENCY_RATIO >= max_doc_freq)
            .take(MAX_HOMOPHONES)
            .map(|(word, _)| word)
            .collect();
        if homophones.is_empty() {
            continue;
        }
        leaf.alternatives.extend(homophones.iter().map(|word| han_phrase(word)));
        if leaf.adds_score() {
            let message = format!("{letters} also searched as {}", homophones.join(", "));
            prepared.notes.push(Note::new(NoteKind::Expanded, message));
        }
    }
    Ok(())
}

/// Returns whether a word has only the letters a to z, is long enough for two syllables, and is not an English word.
fn may_be_pinyin(word: &str) -> bool {
    word.len() >= MIN_LETTERS
        && word.bytes().all(|byte| byte.is_ascii_lowercase())
        && (word == CHINESE_NAME || !is_known_word(word))
}

/// Returns the Han characters of a word as a phrase.
pub(super) fn han_phrase(word: &str) -> Alternative {
    let mut buffer = [0; 4];
    let slots = word.chars().zip(0..);
    let slots = slots.map(|(c, offset)| PhraseSlot::term(offset, c.encode_utf8(&mut buffer)));
    Alternative { exact: false, ..Alternative::contiguous(slots.collect()) }
}
