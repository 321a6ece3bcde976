//! Expands abbreviations to their long forms, and long forms to their abbreviations. Both come from definitions in the
//! passages, such as "low-altitude economy (LAE)".

use super::terms::inflections;
use crate::{
    analysis::{abbreviation_term, is_known_word, stem},
    error::Result,
    index::{
        definition_prefix_of_long_form, definition_prefix_of_long_form_start,
        definition_prefix_of_short_form, long_form_words,
    },
    query::{
        Alternative, LetterCase, Note, PhraseSlot, QueryPlan, QueryToken, TermPattern, TextField,
        note_detail::{ExpandedPart, NoteDetail},
    },
    script::is_han,
    search::{
        reader::TermFrequencies,
        statistics::{Statistics, TermGroup, TermShape, Vocabulary},
    },
};

/// Possible lengths of an abbreviation in characters.
const ABBREVIATION_CHAR_COUNTS: std::ops::RangeInclusive<usize> = 2..=8;
/// Maximum number of long forms that are added to an abbreviation, and maximum number of abbreviations that are added
/// to a long form. The most frequent forms are added.
const MAX_FORMS_PER_EXPANSION: usize = 2;
/// Maximum number of tokens of a long form.
const MAX_LONG_FORM_TOKENS: usize = 24;
/// Maximum ratio of the number of passages that contain a word to the number of passages that define the word as an
/// abbreviation. Above this ratio, a word that is not typed in capitals counts as an ordinary word: CARE may be the
/// name of an act, but `care` is an ordinary word.
const MAX_PASSAGES_PER_ABBREVIATION_DEFINITION: u64 = 50;
/// Ratio that replaces [`MAX_PASSAGES_PER_ABBREVIATION_DEFINITION`] for a word of the lexicon, such as tips.
const MAX_PASSAGES_PER_DEFINITION_OF_LEXICON_WORD: u64 = 10;
/// Abbreviations that are expanded without a definition in any passage: the abbreviation, its long form, and whether
/// the abbreviation must be typed in capitals.
const BUILT_IN_ABBREVIATIONS: &[(&str, &[&str], bool)] = &[
    ("eu", &["european", "union"], false),
    ("uk", &["united", "kingdom"], false),
    ("un", &["united", "nations"], true),
    ("us", &["united", "states"], true),
];

/// Words that are added to query leaves: the long form of an abbreviation in the query, or the abbreviation of a long
/// form in the query.
struct AbbreviationExpansion {
    /// Indexes of the expanded query leaves in the query plan.
    leaves: Vec<usize>,
    /// Words of the long form, or the abbreviation.
    words: Vec<String>,
    /// Text of the query words that are expanded, for the note on the expansion.
    label: String,
}

/// Adds long forms to the query leaves of an abbreviation, and abbreviations to the query leaves of a long form, each
/// with a note.
pub(super) fn add_abbreviations(
    plan: &mut QueryPlan,
    statistics: &dyn Statistics,
    notes: &mut Vec<Note>,
) -> Result<()> {
    for AbbreviationExpansion { leaves, words, label } in
        find_abbreviation_expansions(plan, statistics)?
    {
        let phrase = phrase_of_inflected_words(&words, statistics)?;
        if !statistics.occurs(TextField::Body, std::slice::from_ref(&phrase))? {
            continue;
        }
        let expanded_text = join_words(words.iter().map(String::as_str));
        let expanded_part = ExpandedPart::OtherSpelling { word: label, spellings: expanded_text };
        notes.push(Note::new(NoteDetail::Expanded(expanded_part)));
        for leaf in leaves {
            if let Some(leaf) = plan.leaves.get_mut(leaf) {
                leaf.alternatives.push(phrase.clone());
            }
        }
    }
    Ok(())
}

/// Returns the expansions of all abbreviations and long forms in the query. Does not check whether the expansions occur
/// in the index.
fn find_abbreviation_expansions(
    plan: &QueryPlan,
    statistics: &dyn Statistics,
) -> Result<Vec<AbbreviationExpansion>> {
    let mut expansions = Vec::new();
    for start in 0..plan.tokens.len() {
        let tokens = adjacent_unquoted_tokens_from(&plan.tokens, start);
        let Some(first_token) = tokens.first() else { continue };
        let definition_prefix =
            definition_prefix_of_long_form_start(std::iter::once(first_token.term.as_str()));
        let definitions = abbreviation_definitions_with_prefix(definition_prefix, statistics)?;
        for token_count in 1..=tokens.len() {
            let Some(tokens) = tokens.get(..token_count) else { break };
            let leaves = leaves_covering_tokens(plan, tokens);
            if leaves.is_empty() {
                continue;
            }
            let label = join_words(tokens.iter().map(typed_text));
            for words in long_forms_of_abbreviation(tokens, statistics)? {
                let label = label_in_case_of_tokens(&label, tokens);
                expansions.push(AbbreviationExpansion { leaves: leaves.clone(), words, label });
            }
            for abbreviation in abbreviations_of_long_form(tokens, &definitions) {
                let (leaves, label) = (leaves.clone(), label.clone());
                expansions.push(AbbreviationExpansion { leaves, words: vec![abbreviation], label });
            }
        }
    }
    Ok(expansions)
}

/// Returns the index terms that define abbreviations and begin with `prefix`, with their document frequencies.
fn abbreviation_definitions_with_prefix(
    prefix: String,
    statistics: &dyn Statistics,
) -> Result<TermFrequencies> {
    statistics.terms(Vocabulary::Definitions, TermShape::Prefix(prefix), &|_| true)
}

/// Returns the longest run of unquoted tokens at consecutive positions that begins at index `start`, up to
/// [`MAX_LONG_FORM_TOKENS`] tokens.
fn adjacent_unquoted_tokens_from(tokens: &[QueryToken], start: usize) -> &[QueryToken] {
    let tokens_from_start = tokens.get(start..).unwrap_or_default();
    let is_adjacent_pair = |pair: &&[QueryToken]| matches!(pair, [a, b] if a.position + 1 == b.position && !b.is_quoted);
    let run_length = match tokens_from_start.first() {
        Some(first) if !first.is_quoted => {
            1 + tokens_from_start
                .windows(2)
                .take(MAX_LONG_FORM_TOKENS - 1)
                .take_while(is_adjacent_pair)
                .count()
        }
        _ => 0,
    };
    tokens_from_start.get(..run_length).unwrap_or_default()
}

/// Returns the indexes of the query leaves that cover `tokens`. Returns no indexes if one of these query leaves also
/// covers further tokens.
fn leaves_covering_tokens(plan: &QueryPlan, tokens: &[QueryToken]) -> Vec<usize> {
    let (Some(first_token), Some(last_token)) = (tokens.first(), tokens.last()) else {
        return Vec::new();
    };
    let is_inside =
        |position: u32| (first_token.position..=last_token.position).contains(&position);
    let mut covering_leaves = Vec::new();
    for (index, leaf) in plan.leaves.iter().enumerate() {
        if leaf.field != TextField::Body || !leaf.adds_score() {
            continue;
        }
        let last_position = leaf.position + leaf.position_count - 1;
        match (is_inside(leaf.position), is_inside(last_position)) {
            (true, true) => covering_leaves.push(index),
            (false, false) => {}
            _ => return Vec::new(),
        }
    }
    covering_leaves
}

/// Returns the long forms of the abbreviation that `tokens` spell, each as its words. Returns no long forms if `tokens`
/// are not an abbreviation.
fn long_forms_of_abbreviation(
    tokens: &[QueryToken],
    statistics: &dyn Statistics,
) -> Result<Vec<Vec<String>>> {
    let abbreviation: String = tokens.iter().map(|token| token.term.as_str()).collect();
    let is_one_word = tokens.len() == 1 || tokens.iter().all(|token| token.is_han);
    if !is_one_word || !ABBREVIATION_CHAR_COUNTS.contains(&abbreviation.chars().count()) {
        return Ok(Vec::new());
    }
    let is_upper = tokens.iter().all(|token| token.letter_case == LetterCase::Upper);
    let built_in_entry = BUILT_IN_ABBREVIATIONS
        .iter()
        .find(|(built_in, _, only_upper)| *built_in == abbreviation && (is_upper || !only_upper));
    if let Some((_, long_form, _)) = built_in_entry {
        return Ok(vec![long_form.iter().map(|&word| word.to_owned()).collect()]);
    }
    let singular = abbreviation.strip_suffix('s').unwrap_or(&abbreviation);
    let max_passages_per_definition = if is_known_word(&abbreviation) || is_known_word(singular) {
        MAX_PASSAGES_PER_DEFINITION_OF_LEXICON_WORD
    } else {
        MAX_PASSAGES_PER_ABBREVIATION_DEFINITION
    };
    let mut short_forms = vec![abbreviation.as_str()];
    if singular != abbreviation {
        short_forms.push(singular);
    }
    for (index, short_form) in short_forms.iter().enumerate() {
        let prefix = definition_prefix_of_short_form(short_form);
        let definitions = abbreviation_definitions_with_prefix(prefix.clone(), statistics)?;
        let defining_passages = definitions.values().copied().max().unwrap_or_default();
        // Most words have no definition. Their passages, which take long to count, are not counted.
        if defining_passages == 0 {
            continue;
        }
        let mut passages_with_short_form = 0;
        for form in short_forms.iter().take(if is_upper { 0 } else { index + 1 }) {
            passages_with_short_form += count_passages_with_exact_word(form, statistics)?;
        }
        if defining_passages * max_passages_per_definition >= passages_with_short_form {
            let long_forms = most_frequent_suffixes(&definitions, &prefix).into_iter();
            return Ok(long_forms
                .map(|long_form| long_form_words(long_form).map(str::to_owned).collect())
                .collect());
        }
    }
    Ok(Vec::new())
}

/// Returns the abbreviations of the long form that `tokens` spell. `definitions` contains the definitions of all long
/// forms that begin with the first token.
fn abbreviations_of_long_form(tokens: &[QueryToken], definitions: &TermFrequencies) -> Vec<String> {
    let words = || tokens.iter().map(|token| token.term.as_str());
    let built_in_entry = BUILT_IN_ABBREVIATIONS
        .iter()
        .find(|(_, long_form, _)| words().eq(long_form.iter().copied()));
    if let Some((abbreviation, ..)) = built_in_entry {
        return vec![abbreviation_term(abbreviation)];
    }
    if definitions.is_empty() {
        return Vec::new();
    }
    most_frequent_suffixes(definitions, &definition_prefix_of_long_form(words()))
        .into_iter()
        .map(abbreviation_term)
        .collect()
}

/// Returns the [`MAX_FORMS_PER_EXPANSION`] most frequent terms that begin with `prefix`, without this prefix.
fn most_frequent_suffixes<'t>(terms: &'t TermFrequencies, prefix: &str) -> Vec<&'t str> {
    let suffixes =
        terms.iter().filter_map(|(term, doc_freq)| Some((term.strip_prefix(prefix)?, doc_freq)));
    let mut suffixes: Vec<(&str, &u64)> = suffixes.collect();
    suffixes.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    suffixes.into_iter().map(|(suffix, _)| suffix).take(MAX_FORMS_PER_EXPANSION).collect()
}

/// Returns the number of passages that contain `word` in exactly this form, without its inflections.
fn count_passages_with_exact_word(word: &str, statistics: &dyn Statistics) -> Result<u64> {
    let exact_phrase = if word.chars().all(is_han) {
        phrase_of_inflected_words(&[word.to_owned()], statistics)?
    } else {
        Alternative::phrase(vec![PhraseSlot::term(0, word)])
    };
    let group = TermGroup::Alternatives(TextField::Body, std::slice::from_ref(&exact_phrase));
    statistics.doc_freq(group, 1)
}

/// Returns a phrase that matches the words in any inflection. A Chinese word is matched as the sequence of its
/// characters. A word in capitals is matched only in capitals.
fn phrase_of_inflected_words(words: &[String], statistics: &dyn Statistics) -> Result<Alternative> {
    let mut slots = Vec::new();
    for word in words {
        let offset = slots.len() as u32;
        if word.chars().all(is_han) {
            let characters = word.chars().map(String::from);
            slots.extend(characters.zip(offset..).map(|(c, at)| PhraseSlot::term(at, &c)));
            continue;
        }
        if word.starts_with(|c: char| c.is_ascii_uppercase()) {
            slots.push(PhraseSlot::term(offset, word));
            continue;
        }
        let terms = inflections(word, TextField::Body, statistics)?;
        let pattern = TermPattern::Stem { term: word.clone(), stem: stem(word).into_owned() };
        slots.push(PhraseSlot { offset, pattern, terms });
    }
    let is_chinese = words.iter().flat_map(|word| word.chars()).all(is_han);
    Ok(if is_chinese { Alternative::contiguous(slots) } else { Alternative::phrase(slots) })
}

/// Returns the text of a token: for a Han character, the character as the query spells it; for any other token, the
/// index term.
fn typed_text(token: &QueryToken) -> &str {
    if token.is_han { &token.text } else { &token.term }
}

/// Joins words into a text, with a space before each word that is not Chinese.
fn join_words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && !word.starts_with(is_han) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Returns `label`. Converts `label` to capitals if the user typed all `tokens` in capitals.
fn label_in_case_of_tokens(label: &str, tokens: &[QueryToken]) -> String {
    let is_upper = tokens.iter().all(|token| token.letter_case == LetterCase::Upper);
    if is_upper { label.to_uppercase() } else { label.to_owned() }
}
