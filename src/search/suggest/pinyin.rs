//! Latin letters → the Chinese words of the index that are spelled so; a word → those that sound the
//! same.

use std::cmp::Reverse;

use super::{
    CANDIDATES, Suggestion, SuggestionKind,
    input::{Open, Typed},
    terms::{Frequent, han_characters, most_frequent},
};
use crate::{
    analysis::{fold_char, is_word, pinyin},
    error::Result,
    script::is_han,
    search::context::SearchContext,
};

/// By how much a reading that is not the usual one of its character counts less: most are rare.
const UNUSUAL: u64 = 10;

/// Words whose pinyin begins with what was typed, if that is all letters: first those whose every
/// syllable was typed, be it by one letter.
pub(super) fn completions(context: &SearchContext, typed: &Typed<'_>) -> Result<Vec<Suggestion>> {
    let letters = pinyin::letters(typed.text).filter(|_| typed.open == Open::Word);
    let Some(letters) = letters else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for first in han_characters(context)? {
        if pinyin::begins(first, &letters) {
            let spelled = |term: &str| pinyin::spelling(term, &letters).is_some();
            found.extend(known_words(context, first, spelled)?);
        }
    }
    found.sort_by_cached_key(|Frequent { term, passages }| {
        let spelling = pinyin::spelling(term, &letters);
        let whole = spelling.is_some_and(|spelling| spelling.syllables == term.chars().count());
        let usual = spelling.is_some_and(|spelling| spelling.usual);
        let weight = if usual { *passages } else { passages / UNUSUAL };
        (!whole, Reverse(weight), term.clone())
    });
    let shown = found.into_iter().map(|Frequent { term, passages }| Suggestion {
        text: term,
        kind: SuggestionKind::Pinyin,
        passages,
    });
    Ok(shown.take(CANDIDATES).collect())
}

/// The dictionary words of the index that sound like `word`, tones aside, and in how many live
/// passages each occurs; most frequent first. Written as terms are, in Simplified characters.
pub(in crate::search) fn homophones(
    context: &SearchContext,
    word: &str,
) -> Result<Vec<(String, u64)>> {
    let word: String = word.chars().map(fold_char).collect();
    let mut found = Vec::new();
    let Some(first) = word.chars().next().filter(|_| word.chars().all(is_han)) else {
        return Ok(found);
    };
    for other in han_characters(context)? {
        if pinyin::sounds_alike(first, other) {
            let sounds = |term: &str| term != word && pinyin::homophones(term, &word);
            let words = known_words(context, other, sounds)?.into_iter();
            found.extend(words.map(|word| (word.term, word.passages)));
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(found)
}

/// The most frequent dictionary words of the index that begin with `first` and sound as is wanted.
fn known_words(
    context: &SearchContext,
    first: char,
    mut sounds: impl FnMut(&str) -> bool,
) -> Result<Vec<Frequent>> {
    most_frequent(
        context,
        context.reader.fields.ranking_terms,
        &String::from(first),
        CANDIDATES,
        |term| sounds(term) && (term.chars().count() > 2 || is_word(term)),
    )
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
            let found = homophones(&context, word).unwrap();
            let found: Vec<_> = found.iter().map(|(term, count)| (term.as_str(), *count)).collect();
            assert_eq!(found, expected, "{word}");
        }
    }
}
