//! Expands compounds to their spellings as one word, as two words and with a hyphen: ecommerce, e commerce,
//! e-commerce.

use super::terms::inflections;
use crate::{
    analysis::{is_stop_word, stem},
    error::Result,
    query::{
        Alternative, ExpandedTerm, Leaf, Note, NoteKind, PhraseSlot, QueryPlan, TermPattern,
        TextField,
    },
    search::statistics::{Statistics, TermGroup, TermShape, Vocabulary},
};

/// Minimum length in bytes of a word that is joined from two words. Two words often form a shorter word by
/// accident.
const MIN_JOINED: usize = 5;
/// Minimum length in bytes of a word without its prefix. Also the minimum length of the longer part of a word
/// that occurs nowhere.
const MIN_PART: usize = 3;
/// Minimum length in bytes of the shorter part of a word that is split.
const MIN_SHORT_PART: usize = 2;
/// Maximum number of passages with the whole word for each passage with its parts. Above this ratio the parts
/// are adjacent by accident, as in "(e) merge".
const MAX_WHOLE_PER_PARTS: u64 = 20;
/// Prefixes that people join to words with and without a hyphen, sorted.
const PREFIXES: &[&str] = &[
    "anti", "bio", "co", "counter", "cross", "cyber", "e", "eco", "extra", "hydro", "infra",
    "inter", "intra", "macro", "mega", "micro", "mid", "mini", "mono", "multi", "nano", "neo",
    "non", "over", "photo", "post", "pre", "pro", "pseudo", "quasi", "re", "self", "semi", "socio",
    "sub", "super", "tele", "thermo", "trans", "ultra", "under",
];

/// Adds the joined word to two adjacent words, and the parts to a single word, if the index contains them.
pub(super) fn add_compounds(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let mut additions: Vec<(usize, Alternative, String)> = Vec::new();
    for index in 0..plan.leaves.len() {
        let Some((leaf, word)) = word_at(plan, index) else { continue };
        let next = word_at(plan, index + 1)
            .filter(|(next, _)| leaf.position + leaf.position_count == next.position);
        if let Some((_, next_word)) = next
            && let Some(joined) = joined_word(word, next_word, statistics)?
        {
            let note = format!("{word} {next_word} also searched as {word}{next_word}");
            additions.push((index, joined.clone(), note.clone()));
            additions.push((index + 1, joined, note));
        }
        for (parts, spelling) in split_word(leaf, word, statistics)? {
            additions.push((index, parts, format!("{word} also searched as {spelling}")));
        }
    }
    for (index, alternative, note) in additions {
        let Some(leaf) = plan.leaves.get_mut(index) else { continue };
        leaf.alternatives.push(alternative);
        if leaf.adds_score() {
            notes.push(Note::new(NoteKind::Expanded, note));
        }
    }
    Ok(())
}

/// Returns the leaf at an index and its word, if the leaf searches a word of the letters a to z in the passage
/// text.
fn word_at(plan: &QueryPlan, index: usize) -> Option<(&Leaf, &str)> {
    let leaf = plan.leaves.get(index).filter(|leaf| leaf.field == TextField::Body)?;
    let word =
        leaf.single_word().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))?;
    Some((leaf, word))
}

/// Returns the word that two words form together, if that word occurs in the index.
fn joined_word(
    first: &str,
    second: &str,
    statistics: &dyn Statistics,
) -> Result<Option<Alternative>> {
    let joined = format!("{first}{second}");
    if joined.len() < MIN_JOINED {
        return Ok(None);
    }
    let stem = stem(&joined).into_owned();
    let vocabulary = Vocabulary::Words(TextField::Body);
    let terms = statistics.terms(vocabulary, TermShape::Stem(stem.clone()), &|_| true)?;
    if terms.is_empty() {
        return Ok(None);
    }
    let terms = terms.into_keys().map(|term| ExpandedTerm { term, weight: 1.0 }).collect();
    let pattern = TermPattern::Stem { term: joined, stem };
    Ok(Some(Alternative::phrase(vec![PhraseSlot { offset: 0, pattern, terms }])))
}

/// Returns the splits of a word, each as a phrase and its spelling. A word that occurs is split only after a
/// prefix. A word that occurs nowhere is split into any two words.
fn split_word(
    leaf: &Leaf,
    word: &str,
    statistics: &dyn Statistics,
) -> Result<Vec<(Alternative, String)>> {
    let mut phrases = Vec::new();
    for (first, rest) in candidate_splits(leaf, word, statistics)? {
        let Some(phrase) = phrase_of(first, rest, statistics)? else { continue };
        // Most pairs of parts occur in no passage.
        let of_parts = statistics.doc_freq(body_group(std::slice::from_ref(&phrase)), 0)?;
        if of_parts > 0
            && of_parts * MAX_WHOLE_PER_PARTS
                >= statistics.doc_freq(body_group(&leaf.alternatives), 0)?
        {
            phrases.push((phrase, format!("{first} {rest}")));
        }
    }
    Ok(phrases)
}

const fn body_group(alternatives: &[Alternative]) -> TermGroup<'_> {
    TermGroup::Alternatives(TextField::Body, alternatives)
}

fn candidate_splits<'w>(
    leaf: &Leaf,
    word: &'w str,
    statistics: &dyn Statistics,
) -> Result<Vec<(&'w str, &'w str)>> {
    let prefixed = PREFIXES.iter().filter_map(|prefix| {
        let rest = word.strip_prefix(prefix)?;
        word.split_at_checked(word.len() - rest.len())
    });
    let prefixed = prefixed.filter(|(_, rest)| rest.len() >= MIN_PART);
    if statistics.occurs(leaf.field, &leaf.alternatives)? {
        return Ok(prefixed.collect());
    }
    let anywhere = (MIN_SHORT_PART..=word.len().saturating_sub(MIN_SHORT_PART))
        .filter_map(|at| word.split_at_checked(at))
        .filter(|(first, rest)| first.len().max(rest.len()) >= MIN_PART)
        .filter(|(first, rest)| !is_stop_word(first) && !is_stop_word(rest));
    Ok(anywhere.chain(prefixed.filter(|(prefix, _)| prefix.len() < MIN_SHORT_PART)).collect())
}

/// Returns the phrase of a word and any inflection of a second word. `None` if the first word occurs nowhere.
fn phrase_of(first: &str, rest: &str, statistics: &dyn Statistics) -> Result<Option<Alternative>> {
    if statistics.lacks_word(first)? {
        return Ok(None);
    }
    let stem = stem(rest).into_owned();
    let terms = inflections(rest, &stem, TextField::Body, statistics)?;
    let pattern = TermPattern::Stem { term: rest.to_owned(), stem };
    let slots = vec![PhraseSlot::term(0, first), PhraseSlot { offset: 1, pattern, terms }];
    Ok(Some(Alternative::phrase(slots)))
}
