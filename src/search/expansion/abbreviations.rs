//! Expands abbreviations to their long forms and back, by definitions in the passages such as "low-altitude
//! economy (LAE)".

use super::terms::inflections;
use crate::{
    analysis::stem,
    error::Result,
    index::{
        definition_prefix_of_first_words, definition_prefix_of_long_form,
        definition_prefix_of_short_form, long_form_words,
    },
    query::{
        Alternative, LetterCase, Note, NoteKind, PhraseSlot, QueryPlan, QueryToken, TermPattern,
        TextField,
    },
    script::is_han,
    search::{
        reader::TermFrequencies,
        statistics::{Statistics, TermGroup, TermShape, Vocabulary},
    },
};

/// Minimum and maximum number of characters of an abbreviation.
const SHORT_CHARS: std::ops::RangeInclusive<usize> = 2..=8;
/// Maximum number of long forms searched for an abbreviation, and of abbreviations searched for a long form.
/// The most frequent ones are searched.
const MAX_MEANINGS: usize = 2;
/// Maximum number of tokens of a long form.
const MAX_LONG_TOKENS: usize = 24;
/// Maximum ratio of the passages that contain a word to the passages that define it as an abbreviation, for a
/// word that is not typed in capitals. Above this ratio it is an ordinary word: CARE may be the name of an act,
/// but care is a word.
const MAX_PASSAGES_PER_DEFINITION: u64 = 50;
/// Abbreviations that no passage needs to define: the abbreviation, its long form, and whether the abbreviation
/// must be typed in capitals.
const UNDEFINED: &[(&str, &[&str], bool)] = &[
    ("eu", &["european", "union"], false),
    ("uk", &["united", "kingdom"], false),
    ("un", &["united", "nations"], true),
    ("us", &["united", "states"], true),
];

/// Additional words for some leaves of the query: a long form of their abbreviation, or an abbreviation of
/// their long form.
struct Meaning {
    leaves: Vec<usize>,
    words: Vec<String>,
    /// The words of the query, as the note cites them.
    label: String,
}

/// Adds the long forms of each abbreviation to the leaves of the abbreviation, and the abbreviations of each
/// long form to the leaves of the long form.
pub(super) fn add_abbreviations(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    if statistics.is_empty() {
        return Ok(());
    }
    for Meaning { leaves, words, label } in meanings(plan, statistics)? {
        let phrase = phrase_of(&words, statistics)?;
        if !statistics.occurs(TextField::Body, std::slice::from_ref(&phrase))? {
            continue;
        }
        let meaning = spelled(words.iter().map(String::as_str));
        notes.push(Note::new(NoteKind::Expanded, format!("{label} also searched as {meaning}")));
        for leaf in leaves {
            if let Some(leaf) = plan.leaves.get_mut(leaf) {
                leaf.alternatives.push(phrase.clone());
            }
        }
    }
    Ok(())
}

fn meanings(plan: &QueryPlan, statistics: &dyn Statistics) -> Result<Vec<Meaning>> {
    let mut meanings = Vec::new();
    for start in 0..plan.tokens.len() {
        let tokens = adjacent_tokens(&plan.tokens, start);
        let Some(first) = tokens.first() else { continue };
        let key = definition_prefix_of_first_words(std::iter::once(first.term.as_str()));
        let definitions = definitions_with_prefix(key, statistics)?;
        for length in 1..=tokens.len() {
            let Some(tokens) = tokens.get(..length) else { break };
            let leaves = leaves_of(plan, tokens);
            if leaves.is_empty() {
                continue;
            }
            let label = spelled(tokens.iter().map(|token| token.term.as_str()));
            for words in long_forms(tokens, statistics)? {
                let label = in_case_of(&label, tokens);
                meanings.push(Meaning { leaves: leaves.clone(), words, label });
            }
            for short in short_forms(tokens, &definitions) {
                let (leaves, label) = (leaves.clone(), label.clone());
                meanings.push(Meaning { leaves, words: vec![short], label });
            }
        }
    }
    Ok(meanings)
}

fn definitions_with_prefix(prefix: String, statistics: &dyn Statistics) -> Result<TermFrequencies> {
    statistics.terms(Vocabulary::Definitions, TermShape::Prefix(prefix), &|_| true)
}

/// Returns the longest run of unquoted tokens at consecutive positions that begins at index `start`.
fn adjacent_tokens(tokens: &[QueryToken], start: usize) -> &[QueryToken] {
    let rest = tokens.get(start..).unwrap_or_default();
    let follows =
        |pair: &&[QueryToken]| matches!(pair, [a, b] if a.position + 1 == b.position && !b.quoted);
    let length = match rest.first() {
        Some(first) if !first.quoted => {
            1 + rest.windows(2).take(MAX_LONG_TOKENS - 1).take_while(follows).count()
        }
        _ => 0,
    };
    rest.get(..length).unwrap_or_default()
}

/// Returns the leaves that search the tokens. Returns an empty list if one of these leaves covers other tokens
/// too.
fn leaves_of(plan: &QueryPlan, tokens: &[QueryToken]) -> Vec<usize> {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Vec::new() };
    let is_inside = |position: u32| (first.position..=last.position).contains(&position);
    let mut covered = Vec::new();
    for (index, leaf) in plan.leaves.iter().enumerate() {
        if leaf.field != TextField::Body || !leaf.adds_score() {
            continue;
        }
        let end = leaf.position + leaf.position_count - 1;
        match (is_inside(leaf.position), is_inside(end)) {
            (true, true) => covered.push(index),
            (false, false) => {}
            _ => return Vec::new(),
        }
    }
    covered
}

/// Returns the long forms of the tokens if the tokens are an abbreviation, or an empty list.
fn long_forms(tokens: &[QueryToken], statistics: &dyn Statistics) -> Result<Vec<Vec<String>>> {
    let short: String = tokens.iter().map(|token| token.term.as_str()).collect();
    let is_one_word = tokens.len() == 1 || tokens.iter().all(|token| token.is_han);
    if !is_one_word || !SHORT_CHARS.contains(&short.chars().count()) {
        return Ok(Vec::new());
    }
    let is_upper = tokens.iter().all(|token| token.case == LetterCase::Upper);
    let undefined = UNDEFINED
        .iter()
        .find(|(abbreviation, _, only_upper)| *abbreviation == short && (is_upper || !only_upper));
    if let Some((_, words, _)) = undefined {
        return Ok(vec![words.iter().map(|&word| word.to_owned()).collect()]);
    }
    let mut keys = vec![definition_prefix_of_short_form(&short)];
    let singular = stem(&short);
    if singular != short {
        keys.push(definition_prefix_of_short_form(&singular));
    }
    for key in keys {
        let definitions = definitions_with_prefix(key.clone(), statistics)?;
        let defining = definitions.values().copied().max().unwrap_or_default();
        if defining > 0
            && (is_upper
                || defining * MAX_PASSAGES_PER_DEFINITION >= passages_with(&short, statistics)?)
        {
            let long_forms = most_frequent(&definitions, &key).into_iter();
            return Ok(long_forms
                .map(|long| long_form_words(long).map(str::to_owned).collect())
                .collect());
        }
    }
    Ok(Vec::new())
}

/// Returns the abbreviations of the words of the tokens. `definitions` are the definitions whose long form
/// begins with the first word.
fn short_forms(tokens: &[QueryToken], definitions: &TermFrequencies) -> Vec<String> {
    let words = || tokens.iter().map(|token| token.term.as_str());
    let undefined = UNDEFINED.iter().find(|(_, long, _)| words().eq(long.iter().copied()));
    // The term "us" would match the pronoun.
    if let Some((short, ..)) = undefined.filter(|(short, ..)| *short != "us") {
        return vec![(*short).to_owned()];
    }
    if definitions.is_empty() {
        return Vec::new();
    }
    most_frequent(definitions, &definition_prefix_of_long_form(words()))
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Returns the most frequent of the terms that begin with `key`, each without `key`.
fn most_frequent<'t>(terms: &'t TermFrequencies, key: &str) -> Vec<&'t str> {
    let rests =
        terms.iter().filter_map(|(term, doc_freq)| Some((term.strip_prefix(key)?, doc_freq)));
    let mut rests: Vec<(&str, &u64)> = rests.collect();
    rests.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    rests.into_iter().map(|(rest, _)| rest).take(MAX_MEANINGS).collect()
}

/// Returns the number of passages that contain `word` in exactly this form.
fn passages_with(word: &str, statistics: &dyn Statistics) -> Result<u64> {
    let as_written = if word.chars().all(is_han) {
        phrase_of(&[word.to_owned()], statistics)?
    } else {
        Alternative::phrase(vec![PhraseSlot::term(0, word)])
    };
    let group = TermGroup::Alternatives(TextField::Body, std::slice::from_ref(&as_written));
    statistics.doc_freq(group, 1)
}

/// Returns a phrase of the words, each in any inflection. A Chinese word becomes a phrase of its characters.
fn phrase_of(words: &[String], statistics: &dyn Statistics) -> Result<Alternative> {
    let mut slots = Vec::new();
    for word in words {
        let offset = slots.len() as u32;
        if word.chars().all(is_han) {
            let characters = word.chars().map(String::from);
            slots.extend(characters.zip(offset..).map(|(c, at)| PhraseSlot::term(at, &c)));
            continue;
        }
        let stem = stem(word).into_owned();
        let terms = inflections(word, &stem, TextField::Body, statistics)?;
        let pattern = TermPattern::Stem { term: word.clone(), stem };
        slots.push(PhraseSlot { offset, pattern, terms });
    }
    let is_chinese = words.iter().flat_map(|word| word.chars()).all(is_han);
    Ok(if is_chinese { Alternative::contiguous(slots) } else { Alternative::phrase(slots) })
}

/// Joins words in their usual spelling: with spaces, but without spaces between Chinese words.
fn spelled<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && !word.starts_with(is_han) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Returns `label`, in capitals if all tokens are in capitals.
fn in_case_of(label: &str, tokens: &[QueryToken]) -> String {
    let is_upper = tokens.iter().all(|token| token.case == LetterCase::Upper);
    if is_upper { label.to_uppercase() } else { label.to_owned() }
}
