//! Abbreviations of a query ↔ what they stand for, as the passages define them.

use super::terms::{TermFrequencies, begun, stemmed};
use crate::{
    analysis::stem,
    error::Result,
    index::{begun_with, long_forms_of, short_forms_of, words_of},
    query::{
        Alternative, LetterCase, Note, NoteKind, PhraseSlot, QueryPlan, QueryToken, TermPattern,
        TextField,
    },
    script::is_han,
    search::{
        reader::SegmentView,
        relaxation::found_nowhere,
        remote::{CountedTerms, whole_of},
    },
};

/// An abbreviation has so many characters.
const SHORT: std::ops::RangeInclusive<usize> = 2..=8;
/// So many meanings of an abbreviation are searched for, the most frequent ones, and so many
/// abbreviations of a long form.
const MAX_MEANINGS: usize = 2;
/// A long form has at most so many tokens.
const MAX_LONG: usize = 24;
/// What is not written in capitals is taken for an abbreviation if at least one of so many passages with it
/// defines it: CARE may be an act, and care is a word.
const MAX_WORD: u64 = 50;
/// What nobody defines, and whether the abbreviation is one in capitals only.
const KNOWN: &[(&str, &[&str], bool)] = &[
    ("eu", &["european", "union"], false),
    ("uk", &["united", "kingdom"], false),
    ("un", &["united", "nations"], true),
    ("us", &["united", "states"], true),
];

/// Adds to the leaves of each abbreviation its long forms, and to those of each long form its
/// abbreviations.
pub(in crate::search) fn abbreviations(
    query: &mut QueryPlan,
    segments: &[SegmentView<'_>],
    notes: &mut Vec<Note>,
) -> Result<()> {
    let mut found: Vec<(Vec<usize>, Vec<String>, String)> = Vec::new();
    let Some(segment) = segments.first() else { return Ok(()) };
    for start in 0..query.tokens.len() {
        let tokens = row(&query.tokens, start);
        let Some(first) = tokens.first() else { continue };
        let first = begun_with(std::iter::once(first.term.as_str()));
        let begun = begun(&first, segment.fields.ranking_terms, segments)?;
        for length in 1..=tokens.len() {
            let Some(tokens) = tokens.get(..length) else { break };
            let leaves = leaves_of(query, tokens);
            if leaves.is_empty() {
                continue;
            }
            let shown = shown(tokens.iter().map(|token| token.term.as_str()));
            for long in long_forms(tokens, segments)? {
                found.push((leaves.clone(), long, written(&shown, tokens)));
            }
            for short in short_forms(tokens, &begun) {
                found.push((leaves.clone(), vec![short], shown.clone()));
            }
        }
    }
    for (leaves, words, from) in found {
        let variant = phrase(&words, segments)?;
        if found_nowhere(TextField::Body, std::slice::from_ref(&variant), segments)? {
            continue;
        }
        let to = shown(words.iter().map(String::as_str));
        notes.push(Note::new(NoteKind::Expanded, format!("{from} also as {to}")));
        for leaf in leaves {
            if let Some(leaf) = query.leaves.get_mut(leaf) {
                leaf.alternatives.push(variant.clone());
            }
        }
    }
    Ok(())
}

/// The unquoted tokens from `start` on that follow each other.
fn row(tokens: &[QueryToken], start: usize) -> &[QueryToken] {
    let rest = tokens.get(start..).unwrap_or_default();
    let follows =
        |pair: &&[QueryToken]| matches!(pair, [a, b] if a.position + 1 == b.position && !b.quoted);
    let length = match rest.first() {
        Some(first) if !first.quoted => {
            1 + rest.windows(2).take(MAX_LONG - 1).take_while(follows).count()
        }
        _ => 0,
    };
    rest.get(..length).unwrap_or_default()
}

/// The leaves that the tokens are searched by; none where one goes beyond them.
fn leaves_of(query: &QueryPlan, tokens: &[QueryToken]) -> Vec<usize> {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Vec::new() };
    let all = query.leaves.iter().enumerate();
    let inside = |position: u32| (first.position..=last.position).contains(&position);
    let touched: Vec<_> = all
        .filter(|(_, leaf)| leaf.field == TextField::Body && leaf.adds_score())
        .map(|(index, leaf)| (index, leaf.position, leaf.position + leaf.position_count - 1))
        .filter(|&(_, start, end)| inside(start) || inside(end))
        .collect();
    let whole = touched.iter().all(|&(_, start, end)| inside(start) && inside(end));
    if whole { touched.into_iter().map(|(index, ..)| index).collect() } else { Vec::new() }
}

/// What the tokens stand for, where they are an abbreviation.
fn long_forms(tokens: &[QueryToken], segments: &[SegmentView<'_>]) -> Result<Vec<Vec<String>>> {
    let short: String = tokens.iter().map(|token| token.term.as_str()).collect();
    let is_one = tokens.len() == 1 || tokens.iter().all(|token| token.is_han);
    let Some(segment) = segments.first() else { return Ok(Vec::new()) };
    if !is_one || !SHORT.contains(&short.chars().count()) {
        return Ok(Vec::new());
    }
    let capitals = tokens.iter().all(|token| token.case == LetterCase::Upper);
    let known = KNOWN.iter().find(|(known, _, only)| *known == short && (capitals || !only));
    if let Some((_, words, _)) = known {
        return Ok(vec![words.iter().map(|&word| word.to_owned()).collect()]);
    }
    let mut keys = vec![long_forms_of(&short)];
    let singular = stem(&short);
    if singular != short {
        keys.push(long_forms_of(&singular));
    }
    for key in keys {
        let defined = begun(&key, segment.fields.ranking_terms, segments)?;
        let defining = defined.values().copied().max().unwrap_or_default();
        if defining > 0 && (capitals || defining * MAX_WORD >= passages(&short, segments)?) {
            let forms = most_frequent(&defined, &key).into_iter();
            return Ok(forms.map(|long| words_of(long).map(str::to_owned).collect()).collect());
        }
    }
    Ok(Vec::new())
}

/// The abbreviations of what the tokens say, among the definitions that begin with the first.
fn short_forms(tokens: &[QueryToken], begun: &TermFrequencies) -> Vec<String> {
    let terms = || tokens.iter().map(|token| token.term.as_str());
    // The pronoun would be found for the country.
    let known = KNOWN.iter().find(|(_, words, _)| terms().eq(words.iter().copied()));
    if let Some((short, ..)) = known.filter(|(short, ..)| *short != "us") {
        return vec![(*short).to_owned()];
    }
    if begun.is_empty() {
        return Vec::new();
    }
    most_frequent(begun, &short_forms_of(terms())).into_iter().map(str::to_owned).collect()
}

/// What comes after `key` in the most frequent terms that begin with it.
fn most_frequent<'t>(terms: &'t TermFrequencies, key: &str) -> Vec<&'t str> {
    let ends = terms.iter().filter_map(|(term, often)| Some((term.strip_prefix(key)?, often)));
    let mut found: Vec<(&str, &u64)> = ends.collect();
    found.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    found.into_iter().map(|(end, _)| end).take(MAX_MEANINGS).collect()
}

/// In how many passages a word occurs as it is written.
fn passages(word: &str, segments: &[SegmentView<'_>]) -> Result<u64> {
    let written = if word.chars().all(is_han) {
        phrase(&[word.to_owned()], segments)?
    } else {
        let slots = vec![PhraseSlot::term(0, word)];
        Alternative::phrase(slots)
    };
    let written = std::slice::from_ref(&written);
    if let Some(whole) = whole_of(segments) {
        return Ok(whole.passages(CountedTerms::of(TextField::Body, written), 1));
    }
    let mut count = 0;
    for segment in segments {
        count += segment.variants(TextField::Body, written)?.len() as u64;
    }
    Ok(count)
}

/// The words one after the other, each in any form; of a Chinese word its characters.
fn phrase(words: &[String], segments: &[SegmentView<'_>]) -> Result<Alternative> {
    let mut slots = Vec::new();
    for word in words {
        if word.chars().all(is_han) {
            let characters = word.chars().map(String::from);
            let offset = slots.len() as u32;
            slots.extend(characters.zip(offset..).map(|(c, at)| PhraseSlot::term(at, &c)));
            continue;
        }
        let stem = stem(word).into_owned();
        let field = segments.first().map(|segment| segment.fields.exact);
        let forms = field.map(|field| stemmed(word, &stem, field, segments)).transpose()?;
        let wanted = TermPattern::Stem { term: word.clone(), stem };
        let (offset, forms) = (slots.len() as u32, forms.unwrap_or_default());
        slots.push(PhraseSlot { offset, pattern: wanted, terms: forms });
    }
    let joined = words.iter().flat_map(|word| word.chars()).all(is_han);
    Ok(Alternative { slots, contiguous: joined, slop: 0, exact: true })
}

/// Words as people write them.
fn shown<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut shown = String::new();
    for word in words {
        if !shown.is_empty() && !word.starts_with(is_han) {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    shown
}

fn written(shown: &str, tokens: &[QueryToken]) -> String {
    let capitals = tokens.iter().all(|token| token.case == LetterCase::Upper);
    if capitals { shown.to_uppercase() } else { shown.to_owned() }
}
