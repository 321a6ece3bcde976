//! Expands compounds to their spellings as one word, as two words and with a hyphen: ecommerce, e commerce,
//! e-commerce.

use super::terms::inflections;
use crate::{
    analysis::{self, is_known_word, is_stop_word, stem},
    error::Result,
    query::{
        Alternative, ExpandedTerm, Leaf, Note, PhraseSlot, QueryPlan, TermPattern, TextField,
        note_detail::{ExpandedPart, NoteDetail},
    },
    search::statistics::{Statistics, TermGroup},
};

/// Minimum length in bytes of a compound that is joined from two words. A shorter compound is often an unrelated word
/// by accident.
const MIN_JOINED_COMPOUND_BYTES: usize = 4;
/// Minimum length in bytes of the word after a prefix.
const MIN_WORD_AFTER_PREFIX_BYTES: usize = 3;
/// Minimum length in bytes of each half of a word that is split without a known prefix.
const MIN_HALF_BYTES: usize = 2;
/// Maximum ratio of the number of passages with a compound as one word to the number of passages with the compound as
/// two words. Above this ratio, the two words are adjacent only by accident: the list item "(e) merge" is not a
/// spelling of "emerge".
const MAX_PASSAGE_RATIO_OF_JOINED_TO_SPLIT: u64 = 20;
/// Prefixes that are written with and without a hyphen before a word, in alphabetical order.
const COMPOUND_PREFIXES: &[&str] = &[
    "anti", "bio", "co", "counter", "cross", "cyber", "e", "eco", "extra", "hydro", "infra",
    "inter", "intra", "macro", "mega", "micro", "mid", "mini", "mono", "multi", "nano", "neo",
    "non", "over", "photo", "post", "pre", "pro", "pseudo", "quasi", "re", "self", "semi", "socio",
    "sub", "super", "tele", "thermo", "trans", "ultra", "under", "well", "x",
];

/// Adds the other spellings of compounds, if these spellings occur in the index. Two adjacent words are also searched
/// as one word, and a single word is also searched as two words.
pub(super) fn add_compound_spellings(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let mut additions: Vec<(usize, Alternative, ExpandedPart)> = Vec::new();
    for (index, leaf) in plan.leaves.iter().enumerate() {
        if let Some((first_word, second_word)) = hyphenated_compound(leaf)
            && let Some(compound) = joined_compound(first_word, second_word, statistics)?
        {
            let spellings = format!("{first_word}{second_word}");
            let part = ExpandedPart::OtherSpelling { word: leaf.label.clone(), spellings };
            additions.push((index, compound, part));
        }
        let Some((_, word)) = ascii_body_word_at(plan, index) else { continue };
        let next_leaf = ascii_body_word_at(plan, index + 1)
            .filter(|(next, _)| leaf.position + leaf.position_count == next.position);
        if let Some((_, next_word)) = next_leaf
            && let Some(compound) = joined_compound(word, next_word, statistics)?
        {
            let part = ExpandedPart::OtherSpelling {
                word: format!("{word} {next_word}"),
                spellings: format!("{word}{next_word}"),
            };
            additions.push((index, compound.clone(), part.clone()));
            additions.push((index + 1, compound, part));
        }
        for (phrase, spelling) in two_word_splits_in_index(leaf, word, statistics)? {
            let part = ExpandedPart::OtherSpelling { word: word.to_owned(), spellings: spelling };
            additions.push((index, phrase, part));
        }
    }
    for (index, alternative, part) in additions {
        let Some(leaf) = plan.leaves.get_mut(index) else { continue };
        leaf.alternatives.push(alternative);
        if leaf.adds_score() {
            notes.push(Note::new(NoteDetail::Expanded(part)));
        }
    }
    Ok(())
}

/// Returns the two words of a query leaf that searches the body for two words joined by a hyphen, such as well-being.
/// `None` for any other leaf.
fn hyphenated_compound(leaf: &Leaf) -> Option<(&str, &str)> {
    let phrase = leaf.alternatives.first().filter(|_| leaf.field == TextField::Body)?;
    let [first, second] = &phrase.slots[..] else { return None };
    let words = (first.pattern.text(), second.pattern.text());
    let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    let has_hyphen = leaf.label.contains(['-', '\u{2010}', '\u{2011}']);
    let is_as_written = phrase.slop == 0 && !leaf.label.contains(char::is_whitespace);
    // In quotes, each word is searched exactly as written.
    let is_unquoted =
        phrase.slots.iter().any(|slot| matches!(slot.pattern, TermPattern::Stem { .. }));
    (has_hyphen && is_as_written && is_unquoted && is_word(words.0) && is_word(words.1))
        .then_some(words)
}

/// Returns the query leaf at `index` and its word. `None` if the leaf does not search the body for a single word of
/// the letters a to z.
fn ascii_body_word_at(plan: &QueryPlan, index: usize) -> Option<(&Leaf, &str)> {
    let leaf = plan.leaves.get(index).filter(|leaf| leaf.field == TextField::Body)?;
    let word =
        leaf.single_word().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))?;
    Some((leaf, word))
}

/// Returns the compound of the words `first_word` and `second_word`, written as one word. `None` if the compound is too
/// short or occurs in no passage.
fn joined_compound(
    first_word: &str,
    second_word: &str,
    statistics: &dyn Statistics,
) -> Result<Option<Alternative>> {
    let compound_text = format!("{first_word}{second_word}");
    if compound_text.len() < MIN_JOINED_COMPOUND_BYTES {
        return Ok(None);
    }
    let terms =
        statistics.occurring_words(TextField::Body, analysis::inflections(&compound_text))?;
    if terms.is_empty() {
        return Ok(None);
    }
    let terms = terms.into_iter().map(|term| ExpandedTerm { term, weight: 1.0 }).collect();
    let stem = stem(&compound_text).into_owned();
    let pattern = TermPattern::Stem { term: compound_text, stem };
    let compound = Alternative::phrase(vec![PhraseSlot { offset: 0, pattern, terms }]);
    // Most pairs of words form no compound, so a remote index is assumed to have 0 passages until it answers.
    let doc_freq = statistics.doc_freq(body_term_group(std::slice::from_ref(&compound)), 0)?;
    Ok((doc_freq > 0).then_some(compound))
}

/// Returns the ways to split a word into two words that occur in the index, each as a phrase and as text. If the word
/// itself occurs in the index, splits it only after a prefix.
fn two_word_splits_in_index(
    leaf: &Leaf,
    word: &str,
    statistics: &dyn Statistics,
) -> Result<Vec<(Alternative, String)>> {
    let mut phrases = Vec::new();
    for (first_word, second_word) in candidate_two_word_splits(leaf, word, statistics)? {
        let Some(phrase) = two_word_phrase(first_word, second_word, statistics)? else { continue };
        // Most splits occur in no passage, so a remote index is assumed to have 0 passages until it answers.
        let split_doc_freq =
            statistics.doc_freq(body_term_group(std::slice::from_ref(&phrase)), 0)?;
        if split_doc_freq > 0
            && split_doc_freq * MAX_PASSAGE_RATIO_OF_JOINED_TO_SPLIT
                >= statistics.doc_freq(body_term_group(&leaf.alternatives), 0)?
        {
            phrases.push((phrase, format!("{first_word} {second_word}")));
        }
    }
    Ok(phrases)
}

/// Returns the group of terms that are counted as one term: the terms of `alternatives` in the body.
const fn body_term_group(alternatives: &[Alternative]) -> TermGroup<'_> {
    TermGroup::Alternatives(TextField::Body, alternatives)
}

/// Returns the ways to split a word into two words, without a check whether the two words occur together.
fn candidate_two_word_splits<'w>(
    leaf: &Leaf,
    word: &'w str,
    statistics: &dyn Statistics,
) -> Result<Vec<(&'w str, &'w str)>> {
    let splits_after_prefix = COMPOUND_PREFIXES.iter().filter_map(|prefix| {
        let other_part = word.strip_prefix(prefix)?;
        word.split_at_checked(word.len() - other_part.len())
    });
    let splits_after_prefix = splits_after_prefix
        .filter(|(_, other_part)| other_part.len() >= MIN_WORD_AFTER_PREFIX_BYTES);
    let last_split = word.len().saturating_sub(MIN_HALF_BYTES);
    let splits_anywhere = (MIN_HALF_BYTES..=last_split)
        .filter_map(|at| word.split_at_checked(at))
        .filter(|(first_word, rest)| !is_stop_word(first_word) && !is_stop_word(rest));
    if statistics.occurs(leaf.field, &leaf.alternatives)? {
        // A word such as WiFi is two short words, neither of which is a prefix.
        let is_unknown_pair = word.len() == 2 * MIN_HALF_BYTES && !is_known_word(word);
        let splits_anywhere = splits_anywhere.filter(|_| is_unknown_pair);
        return Ok(splits_after_prefix.chain(splits_anywhere).collect());
    }
    Ok(splits_anywhere
        .chain(splits_after_prefix.filter(|(prefix, _)| prefix.len() < MIN_HALF_BYTES))
        .collect())
}

/// Returns the phrase of the word `first_word` and any inflection of the word `second_word`. `None` if the term
/// dictionary lacks `first_word`.
fn two_word_phrase(
    first_word: &str,
    second_word: &str,
    statistics: &dyn Statistics,
) -> Result<Option<Alternative>> {
    if statistics.lacks_word(first_word)? {
        return Ok(None);
    }
    let second_slot = if is_stop_word(second_word) {
        PhraseSlot::term(1, second_word)
    } else {
        let terms = inflections(second_word, TextField::Body, statistics)?;
        let stem = stem(second_word).into_owned();
        let pattern = TermPattern::Stem { term: second_word.to_owned(), stem };
        PhraseSlot { offset: 1, pattern, terms }
    };
    let slots = vec![PhraseSlot::term(0, first_word), second_slot];
    Ok(Some(Alternative::phrase(slots)))
}
