//! Words written apart, together or with a hyphen → one word: e-commerce, e commerce and ecommerce.

use super::terms::{stemmed, with_stem};
use crate::{
    analysis::{is_stop_word, stem},
    error::Result,
    query::{
        Alternative, ExpandedTerm, Leaf, Note, NoteKind, PhraseSlot, QueryPlan, TermPattern,
        TextField,
    },
    search::{
        reader::SegmentView,
        relaxation::found_nowhere,
        remote::{CountedTerms, whole_of},
    },
};

/// Shorter words are too often made by chance.
const MIN_JOINED: usize = 5;
/// What is left of a word without its prefix has so many letters at least, and so has one part of a word
/// that occurs nowhere.
const MIN_PART: usize = 3;
/// Its other part has so many.
const MIN_OTHER: usize = 2;
/// So many passages with the whole word there may be for one with its parts: fewer are accidents, as in
/// "(e) merge".
const MAX_WHOLE: u64 = 20;
/// What people join to words with and without a hyphen, sorted.
const PREFIXES: &[&str] = &[
    "anti", "bio", "co", "counter", "cross", "cyber", "e", "eco", "extra", "hydro", "infra",
    "inter", "intra", "macro", "mega", "micro", "mid", "mini", "mono", "multi", "nano", "neo",
    "non", "over", "photo", "post", "pre", "pro", "pseudo", "quasi", "re", "self", "semi", "socio",
    "sub", "super", "tele", "thermo", "trans", "ultra", "under",
];

/// Adds to two words side by side the word that they are together, and to a word its parts, where the
/// index has them.
pub(in crate::search) fn compounds(
    query: &mut QueryPlan,
    segments: &[SegmentView<'_>],
    notes: &mut Vec<Note>,
) -> Result<()> {
    let mut found: Vec<(usize, Alternative, String)> = Vec::new();
    for index in 0..query.leaves.len() {
        let Some((leaf, word)) = word_at(query, index) else { continue };
        let next = word_at(query, index + 1)
            .filter(|(next, _)| leaf.position + leaf.position_count == next.position);
        if let Some((_, after)) = next
            && let Some(whole) = together(word, after, segments)?
        {
            let note = format!("{word} {after} also as {word}{after}");
            found.push((index, whole.clone(), note.clone()));
            found.push((index + 1, whole, note));
        }
        for (parts, shown) in apart(leaf, word, segments)? {
            found.push((index, parts, format!("{word} also as {shown}")));
        }
    }
    for (index, variant, note) in found {
        let Some(leaf) = query.leaves.get_mut(index) else { continue };
        leaf.alternatives.push(variant);
        if leaf.adds_score() {
            notes.push(Note::new(NoteKind::Expanded, note));
        }
    }
    Ok(())
}

/// A leaf that is a word of letters a to z in the text of passages.
fn word_at(query: &QueryPlan, index: usize) -> Option<(&Leaf, &str)> {
    let leaf = query.leaves.get(index).filter(|leaf| leaf.field == TextField::Body)?;
    let word =
        leaf.single_word().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))?;
    Some((leaf, word))
}

fn together(
    first: &str,
    second: &str,
    segments: &[SegmentView<'_>],
) -> Result<Option<Alternative>> {
    let joined = format!("{first}{second}");
    let Some(segment) = segments.first().filter(|_| joined.len() >= MIN_JOINED) else {
        return Ok(None);
    };
    let stem = stem(&joined).into_owned();
    let forms = with_stem(&stem, segment.fields.exact, segments, |_| true)?.into_keys();
    let forms: Vec<_> = forms.map(|term| ExpandedTerm { term, weight: 1.0 }).collect();
    let wanted = TermPattern::Stem { term: joined, stem };
    let variant =
        Alternative::phrase(vec![PhraseSlot { offset: 0, pattern: wanted, terms: forms }]);
    Ok(variant.slots.iter().all(|slot| !slot.terms.is_empty()).then_some(variant))
}

/// The parts of a word, one after the other, as they stand in passages: a prefix and the rest; any two
/// words for one that occurs nowhere.
fn apart(
    leaf: &Leaf,
    word: &str,
    segments: &[SegmentView<'_>],
) -> Result<Vec<(Alternative, String)>> {
    let mut found = Vec::new();
    let prefixed = PREFIXES.iter().filter_map(|prefix| Some((*prefix, word.strip_prefix(prefix)?)));
    let mut splits: Vec<(&str, &str)> =
        prefixed.filter(|(_, rest)| rest.len() >= MIN_PART).collect();
    if found_nowhere(leaf.field, &leaf.alternatives, segments)? {
        splits = (MIN_OTHER..=word.len().saturating_sub(MIN_OTHER))
            .filter_map(|at| word.split_at_checked(at))
            .filter(|(first, rest)| first.len().max(rest.len()) >= MIN_PART)
            .filter(|(first, rest)| !is_stop_word(first) && !is_stop_word(rest))
            .chain(splits.into_iter().filter(|(prefix, _)| prefix.len() < MIN_OTHER))
            .collect();
    }
    for (first, rest) in splits {
        let Some(variant) = parts(first, rest, segments)? else { continue };
        let often = passages(std::slice::from_ref(&variant), segments)?;
        if often > 0 && often * MAX_WHOLE >= passages(&leaf.alternatives, segments)? {
            found.push((variant, format!("{first} {rest}")));
        }
    }
    Ok(found)
}

fn parts(first: &str, rest: &str, segments: &[SegmentView<'_>]) -> Result<Option<Alternative>> {
    let Some(segment) = segments.first() else { return Ok(None) };
    let field = segment.fields.exact;
    // Of a whole that is elsewhere it is asked at once how often both occur.
    if whole_of(segments).is_none() && !occurs(first, segments)? {
        return Ok(None);
    }
    let stem = stem(rest).into_owned();
    let forms = stemmed(rest, &stem, field, segments)?;
    let wanted = TermPattern::Stem { term: rest.to_owned(), stem };
    let slots =
        vec![PhraseSlot::term(0, first), PhraseSlot { offset: 1, pattern: wanted, terms: forms }];
    Ok(Some(Alternative::phrase(slots)))
}

fn occurs(term: &str, segments: &[SegmentView<'_>]) -> Result<bool> {
    for segment in segments {
        if segment.has(segment.fields.exact, term)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many passages have one of the variants.
fn passages(variants: &[Alternative], segments: &[SegmentView<'_>]) -> Result<u64> {
    if let Some(whole) = whole_of(segments) {
        return Ok(whole.passages(CountedTerms::of(TextField::Body, variants), 0));
    }
    let mut count = 0;
    for segment in segments {
        count += segment.variants(TextField::Body, variants)?.len() as u64;
    }
    Ok(count)
}
