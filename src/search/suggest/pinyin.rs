//! Finds Chinese words of the index by their pinyin, and the homophones of a word.

use std::cmp::Reverse;

use super::{
    input::{TypedEnd, TypedText},
    suggestion::{MAX_CANDIDATES, Suggestion, SuggestionKind},
    terms::{IndexTerm, han_characters, most_frequent_terms},
};
use crate::{
    analysis::{fold_text, is_word, pinyin},
    error::Result,
    script::is_han,
    search::context::SearchContext,
};

/// Divisor of the frequency of a word that matches only by an unusual pinyin of one of its characters. Most unusual
/// readings are rare.
const UNUSUAL_PINYIN_DIVISOR: u64 = 10;

/// Returns the dictionary words whose pinyin begins with the typed letters. Words come first if all their syllables
/// were typed, each in full or by its first letter.
pub(super) fn completions(
    context: &SearchContext,
    typed: &TypedText<'_>,
) -> Result<Vec<Suggestion>> {
    let letters = pinyin::normalize_input(typed.text).filter(|_| typed.end == TypedEnd::Word);
    let Some(letters) = letters else { return Ok(Vec::new()) };
    let mut words = Vec::new();
    for first in han_characters(context)? {
        if pinyin::matches_initial(first, &letters) {
            let is_spelled = |term: &str| pinyin::match_start(term, &letters).is_some();
            words.extend(dictionary_words(context, first, is_spelled)?);
        }
    }
    words.sort_by_cached_key(|IndexTerm { term, doc_freq }| {
        let spelling = pinyin::match_start(term, &letters);
        let is_whole = spelling.is_some_and(|spelling| spelling.syllables == term.chars().count());
        let is_usual = spelling.is_some_and(|spelling| spelling.usual);
        let weight = if is_usual { *doc_freq } else { doc_freq / UNUSUAL_PINYIN_DIVISOR };
        (!is_whole, Reverse(weight), term.clone())
    });
    let suggestions = words.into_iter().map(|IndexTerm { term, doc_freq }| Suggestion {
        text: term,
        kind: SuggestionKind::Pinyin,
        passages: doc_freq,
    });
    Ok(suggestions.take(MAX_CANDIDATES).collect())
}

/// Returns the dictionary words of the index with the same pinyin as `word`, ignoring tones, in Simplified characters.
/// Each word comes with the number of live passages that contain it, the most frequent first.
pub(in crate::search) fn homophones(
    context: &SearchContext,
    word: &str,
) -> Result<Vec<(String, u64)>> {
    let word = fold_text(word);
    let mut homophones = Vec::new();
    let Some(first) = word.chars().next().filter(|_| word.chars().all(is_han)) else {
        return Ok(homophones);
    };
    for other in han_characters(context)? {
        if pinyin::sounds_alike(first, other) {
            let is_homophone = |term: &str| term != word && pinyin::are_homophones(term, &word);
            let words = dictionary_words(context, other, is_homophone)?.into_iter();
            homophones.extend(words.map(|word| (word.term, word.doc_freq)));
        }
    }
    homophones.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(homophones)
}

/// Returns the most frequent dictionary words of the index that begin with `first` and for which `accepts` returns
/// true. The field `words` contains Chinese words and bigrams, so a term of two characters is checked against the
/// dictionary.
fn dictionary_words(
    context: &SearchContext,
    first: char,
    mut accepts: impl FnMut(&str) -> bool,
) -> Result<Vec<IndexTerm>> {
    let (field, prefix) = (context.reader.fields.ranking_terms, String::from(first));
    most_frequent_terms(context, field, &prefix, MAX_CANDIDATES, |term| {
        accepts(term) && (term.chars().count() > 2 || is_word(term))
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
        let context = SearchContext::local(index.last_commit().unwrap()).unwrap();
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
