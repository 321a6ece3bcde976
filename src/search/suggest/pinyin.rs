//! Finds Chinese words of the index by their pinyin, and the homophones of a word.

use std::cmp::Reverse;

use super::{
    completion::Completion,
    input::{TypedEnd, TypedText},
    spelling::Speller,
    suggestion::{MAX_COMPLETION_CANDIDATES, SuggestionKind},
    terms::{IndexTerm, doc_freq, han_characters_of_index, most_frequent_terms},
};
use crate::{
    analysis::{fold_text, is_dictionary_word, pinyin},
    error::Result,
    script::is_han,
    search::context::SearchContext,
};

/// Divisor of the frequency of a word that matches the typed letters only by an unusual pronunciation of one of its
/// characters. The divisor lowers the rank of such a word, since most unusual pronunciations are rare.
const UNUSUAL_PINYIN_FREQUENCY_DIVISOR: u64 = 10;

/// Factor by which a Chinese word must be more frequent than every Latin word with the typed letters. Otherwise the
/// user probably means a Latin word.
const MAX_PASSAGE_RATIO_OF_HAN_TO_LATIN: u64 = 10;
/// Minimum frequency of a Chinese word that is found by the initials of its syllables: one passage in this number of
/// passages contains the word. Rarer words have no well-known initials.
const MAX_PASSAGES_PER_INITIALS_WORD: u64 = 2_000;
/// Maximum length of a Chinese word that is found by its initials, in characters.
const MAX_INITIALS_CHARS: usize = 4;

/// Latin words of the index that the user may mean with the typed letters.
struct LatinWords<'a> {
    /// The words that begin with the typed letters, the most frequent first.
    completions: &'a [IndexTerm],
    /// The typed letters as a term, with document frequency 0 if they are not a word of the index.
    typed: IndexTerm,
    /// Whether the most frequent words with the typed letters are names, which are written with a capital letter.
    are_names: bool,
}

impl LatinWords<'_> {
    /// Returns the document frequency of the most frequent of the Latin words.
    fn max_doc_freq(&self) -> u64 {
        self.completions.first().map_or(0, |term| term.doc_freq).max(self.typed.doc_freq)
    }

    /// Returns whether a name among the Latin words is the pinyin of the first `syllable_count` characters of `word`:
    /// "Guangzhou" is the pinyin of "广州".
    fn has_name_with_pinyin_of(&self, word: &str, syllable_count: usize) -> bool {
        let name: String = word.chars().take(syllable_count).collect();
        self.are_names
            && self
                .completions
                .iter()
                .chain([&self.typed])
                .any(|latin| latin.doc_freq > 0 && pinyin::is_spelled_in_full(&name, &latin.term))
    }
}

/// Returns completions with the dictionary words whose pinyin begins with the typed letters. `latin_completions` are
/// the completions of the typed text to Latin words. A syllable must be typed in full, unless the letters are the
/// initials of a frequent word. If a Latin word with these letters is frequent, the Latin word must be the pinyin of
/// the Chinese word.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
    latin_completions: &[IndexTerm],
    speller: &mut Speller<'_>,
) -> Result<Vec<Completion>> {
    let letters =
        pinyin::normalize_pinyin_input(typed.text).filter(|_| typed.end == TypedEnd::Word);
    let Some(letters) = letters.filter(|letters| letters.len() > 1) else { return Ok(Vec::new()) };
    let latin = latin_words(context, typed, latin_completions, speller)?;
    let passage_count = context.statistics.collection().passage_count;
    let mut words = Vec::new();
    for first_char in han_characters_of_index(context)? {
        if pinyin::matches_initial(first_char, &letters) {
            let is_spelled = |term: &str| pinyin::match_word_start(term, &letters).is_some();
            words.extend(dictionary_words(context, first_char, is_spelled)?);
        }
    }
    words.retain(|word| should_suggest(word, &letters, &latin, passage_count));
    // A word with an unusual pronunciation is kept only if the letters spell no complete word in its usual
    // pronunciation.
    let is_usual_and_whole = |word: &IndexTerm| {
        let pinyin_match = pinyin::match_word_start(&word.term, &letters);
        pinyin_match.is_some_and(|best| {
            best.uses_usual_readings && best.syllable_count == word.term.chars().count()
        })
    };
    if words.iter().any(is_usual_and_whole) {
        words.retain(|word| {
            pinyin::match_word_start(&word.term, &letters)
                .is_some_and(|pinyin_match| pinyin_match.uses_usual_readings)
        });
    }
    words.sort_by_cached_key(|IndexTerm { term, doc_freq }| {
        let pinyin_match = pinyin::match_word_start(term, &letters);
        let is_whole = pinyin_match
            .is_some_and(|pinyin_match| pinyin_match.syllable_count == term.chars().count());
        let uses_usual_readings =
            pinyin_match.is_some_and(|pinyin_match| pinyin_match.uses_usual_readings);
        let weight = if uses_usual_readings {
            *doc_freq
        } else {
            doc_freq / UNUSUAL_PINYIN_FREQUENCY_DIVISOR
        };
        (!is_whole, Reverse(weight), term.clone())
    });
    let completions = words.into_iter().map(|IndexTerm { term, doc_freq }| {
        Completion::replacing_all(&term, SuggestionKind::Pinyin, doc_freq)
    });
    Ok(completions.take(MAX_COMPLETION_CANDIDATES).collect())
}

/// Returns whether the Chinese word `word` is suggested for the typed letters `letters`. If a Latin word is more
/// probable, the word is suggested only if its pinyin is a Latin name. Otherwise the letters must spell a syllable in
/// full, or be the initials of a frequent word.
fn should_suggest(
    word: &IndexTerm,
    letters: &str,
    latin: &LatinWords<'_>,
    passage_count: u64,
) -> bool {
    let Some(spelling) = pinyin::match_word_start(&word.term, letters) else { return false };
    let has_latin_word =
        latin.max_doc_freq() * MAX_PASSAGE_RATIO_OF_HAN_TO_LATIN >= word.doc_freq.max(1);
    if has_latin_word && latin.max_doc_freq() > 0 {
        return spelling.full_syllable_count > 0
            && spelling.syllable_count > 1
            && latin.has_name_with_pinyin_of(&word.term, spelling.syllable_count);
    }
    spelling.full_syllable_count > 0
        || (spelling.uses_usual_readings
            && spelling.syllable_count > 1
            && word.term.chars().count() <= MAX_INITIALS_CHARS
            && word.doc_freq * MAX_PASSAGES_PER_INITIALS_WORD >= passage_count)
}

/// Returns the Latin words that the user may be typing.
fn latin_words<'a>(
    context: &SearchContext,
    typed: &TypedText<'_>,
    completions: &'a [IndexTerm],
    speller: &mut Speller<'_>,
) -> Result<LatinWords<'a>> {
    let [term] = &typed.terms[..] else {
        let typed = IndexTerm { term: String::new(), doc_freq: 0 };
        return Ok(LatinWords { completions: &[], typed, are_names: false });
    };
    let doc_freq = doc_freq(context, context.reader.fields.exact_terms, &term.term)?;
    let most_frequent = completions.first().filter(|term| term.doc_freq > doc_freq);
    let term_text = most_frequent.map_or(&term.term, |term| &term.term);
    let completion =
        Completion::completing_last_term(typed, 0, term_text, SuggestionKind::Word, doc_freq);
    let spelled_completions = speller.spell_completions(&[completion], 1)?;
    let are_names = spelled_completions
        .iter()
        .any(|suggestion| suggestion.text.starts_with(char::is_uppercase));
    let typed = IndexTerm { term: term.term.clone(), doc_freq };
    Ok(LatinWords { completions, typed, are_names })
}

/// Returns the dictionary words of the index whose full pinyin, in the letters a to z, is `letters`. Each word comes
/// with the number of live passages that contain it, the most frequent first.
pub(in crate::search) fn words_with_pinyin(
    context: &SearchContext,
    letters: &str,
) -> Result<Vec<(String, u64)>> {
    let mut words = Vec::new();
    for first_char in han_characters_of_index(context)? {
        if pinyin::matches_initial(first_char, letters) {
            let is_spelled = |term: &str| pinyin::is_spelled_in_full(term, letters);
            let spelled_words = dictionary_words(context, first_char, is_spelled)?.into_iter();
            words.extend(spelled_words.map(|word| (word.term, word.doc_freq)));
        }
    }
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(words)
}

/// Returns the dictionary words of the index that sound like `word`, in Simplified characters. Each word comes with the
/// number of live passages that contain it. Sorted by similarity of sound, then by frequency in descending order.
pub(in crate::search) fn homophones(
    context: &SearchContext,
    word: &str,
) -> Result<Vec<(String, u64)>> {
    let word = fold_text(word);
    let mut homophones = Vec::new();
    let Some(first) = word.chars().next().filter(|_| word.chars().all(is_han)) else {
        return Ok(homophones);
    };
    for other in han_characters_of_index(context)? {
        if pinyin::character_sound_likeness(first, other).is_some() {
            let is_homophone =
                |term: &str| term != word && pinyin::word_sound_likeness(term, &word).is_some();
            let words = dictionary_words(context, other, is_homophone)?.into_iter();
            homophones.extend(words.map(|word| (word.term, word.doc_freq)));
        }
    }
    homophones.sort_by_cached_key(|(term, doc_freq)| {
        (Reverse((pinyin::word_sound_likeness(term, &word), *doc_freq)), term.clone())
    });
    Ok(homophones)
}

/// Returns the most frequent dictionary words of the index that begin with `first_character` and for which `accepts`
/// returns true. The field `ranking_terms` contains Chinese words and bigrams, so a term of two characters is checked
/// against the dictionary.
fn dictionary_words(
    context: &SearchContext,
    first_character: char,
    mut accepts: impl FnMut(&str) -> bool,
) -> Result<Vec<IndexTerm>> {
    let (field, prefix) = (context.reader.fields.ranking_terms, String::from(first_character));
    most_frequent_terms(context, field, &prefix, MAX_COMPLETION_CANDIDATES, |term| {
        accepts(term) && (term.chars().count() > 2 || is_dictionary_word(term))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Index};

    #[test]
    fn homophones_are_words_of_the_index() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, text) in [
            ("a", "财政预算公开，预算报告。"),
            ("b", "玉蒜预算"),
            ("c", "大学生权利"),
            ("d", "权力与權利"),
        ] {
            writer.add(&Document::new(id, text)).unwrap();
        }
        writer.commit().unwrap();
        let context = SearchContext::of_local_index(index.last_commit().unwrap()).unwrap();
        for (word, expected) in [
            ("玉算", vec![("预算", 2)]),
            ("预算", vec![]),
            ("權力", vec![("权利", 2)]),
            ("权丽", vec![("权利", 2), ("权力", 1)]),
            ("policy", vec![]),
            ("预a", vec![]),
            ("", vec![]),
        ] {
            let homophones = homophones(&context, word).unwrap();
            let homophones: Vec<_> =
                homophones.iter().map(|(term, doc_freq)| (term.as_str(), *doc_freq)).collect();
            assert_eq!(homophones, expected, "{word}");
        }
    }
}
