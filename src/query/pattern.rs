//! Turns wildcards, regular expressions and fuzzy words into alternative phrases of a query leaf. Each Han character
//! is a term of its own, so a pattern over Han text is a phrase.

use super::{
    Note,
    note::detail::{ExceededLimit, IgnoredPart, NoteDetail, Repair},
    tree::{Alternative, PhraseOrigin, PhraseSlot, TermPattern},
};
use crate::{
    analysis::{self, Analysis, TokenKind},
    script::is_han,
};

/// Maximum number of characters that a `*` between Han characters matches.
const MAX_HAN_CHARS_PER_STAR: u32 = 8;
/// Minimum number of characters of a fuzzy Chinese word. A shorter word is searched exactly, since too many other words
/// are one edit away from such a word.
const MIN_FUZZY_HAN_CHARS: usize = 4;
/// Maximum number of characters of a fuzzy Chinese word. A longer word is searched exactly: each character adds four
/// alternatives, and each alternative is as long as the word.
const MAX_FUZZY_HAN_CHARS: usize = 16;
/// Minimum number of characters of a fuzzy word that is not Chinese and may differ by one edit. A shorter word is
/// searched exactly.
const MIN_FUZZY_CHARS: usize = 3;
/// Minimum number of characters of a fuzzy word that is not Chinese and may differ by two edits.
const MIN_FUZZY_CHARS_FOR_TWO_EDITS: usize = 6;

/// Returns the phrase for a word with `*` and `?`, as the only alternative. The phrase has one slot for each run of
/// letters and wildcards, and one slot for each Han character. Returns no alternative if the word contains no letter
/// or digit.
pub(super) fn wildcard_alternatives(text: &str) -> Vec<Alternative> {
    let pattern = analysis::normalize_pattern(text);
    // Terms of web sites lack this prefix.
    let text = pattern.strip_prefix("www.").unwrap_or(&pattern);
    let mut slots: Vec<PhraseSlot> = Vec::new();
    let (mut offset, mut slop) = (0, 0);
    for run in split_pattern_into_runs(text) {
        let has_wildcard = run.contains(['*', '?']);
        if !run.chars().any(char::is_alphanumeric) {
            // The run has only wildcards, before or after a Han character. Wildcards at the start have no
            // effect.
            if !slots.is_empty() {
                offset += run.matches('?').count() as u32;
                slop = if run.contains('*') { MAX_HAN_CHARS_PER_STAR } else { slop };
            }
            continue;
        }
        slots.push(if has_wildcard {
            PhraseSlot::pattern(offset, TermPattern::Wildcard(run.to_owned()))
        } else {
            PhraseSlot::term(offset, run)
        });
        offset += 1;
    }
    let Some(last_slot) = slots.last() else { return Vec::new() };
    let has_no_gap = slop == 0 && last_slot.offset as usize + 1 == slots.len();
    let is_contiguous = has_no_gap && slots.iter().all(is_han_slot);
    // After a single slot, a final star only means that the word may continue.
    let slop = if slots.len() < 2 { 0 } else { slop };
    vec![Alternative { slots, is_contiguous, slop, origin: PhraseOrigin::Query }]
}

fn is_han_slot(slot: &PhraseSlot) -> bool {
    matches!(&slot.pattern, TermPattern::Term(term) if term.chars().all(is_han))
}

/// Splits a pattern into runs of letters, digits and wildcards. A dot belongs to a run between digits, as in 38.1*, and
/// between letters, as in gov.*. Each Han character is a run of its own. Drops all other characters.
fn split_pattern_into_runs(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut run_start = 0;
    for (index, c) in text.char_indices() {
        let is_pattern_char = c.is_alphanumeric()
            || matches!(c, '*' | '?')
            || c == '.' && is_dot_inside_term(text.split_at_checked(index));
        if !is_pattern_char || is_han(c) {
            runs.push(text.get(run_start..index).unwrap_or_default());
            run_start = index + c.len_utf8();
            runs.push(if is_pattern_char {
                text.get(index..run_start).unwrap_or_default()
            } else {
                ""
            });
        }
    }
    runs.push(text.get(run_start..).unwrap_or_default());
    runs.retain(|run| !run.is_empty());
    runs
}

/// Returns whether the dot at the start of the second text belongs to a term: before it is a digit or a letter, and
/// after it a character of the same kind or a wildcard.
fn is_dot_inside_term(texts: Option<(&str, &str)>) -> bool {
    let characters =
        texts.and_then(|(before, after)| before.chars().last().zip(after.chars().nth(1)));
    characters.is_some_and(|(before, after)| {
        let is_end_of_same_kind = |is_kind: fn(char) -> bool| {
            is_kind(before) && (is_kind(after) || matches!(after, '*' | '?'))
        };
        is_end_of_same_kind(|c| c.is_ascii_digit())
            || is_end_of_same_kind(|c| c.is_alphabetic() && !is_han(c))
    })
}

/// Returns the alternative for a regular expression, which must match whole terms.
pub(super) fn regex_alternatives(text: &str, notes: &mut Vec<Note>) -> Vec<Alternative> {
    if text.chars().any(is_han) {
        let repair = Repair::ChineseRegex { pattern: text.to_owned() };
        notes.push(Note::new(NoteDetail::Repaired(repair)));
    }
    let pattern = TermPattern::Regex(analysis::normalize_pattern(text));
    vec![Alternative::phrase(vec![PhraseSlot::pattern(0, pattern)])]
}

/// Returns the alternatives of a fuzzy word. A Chinese word has one alternative for itself and one for each spelling
/// that is one character edit away. Any other word has one phrase, whose terms may differ from the word by letter
/// edits. If `edits` is `None`, the length of each term determines the maximum number of edits.
pub(super) fn fuzzy_alternatives(
    analysis: &Analysis,
    word: &str,
    edits: Option<u8>,
    notes: &mut Vec<Note>,
) -> Vec<Alternative> {
    let tokens = &analysis.tokens;
    let terms: Vec<&str> = tokens.iter().map(|token| analysis.term(token)).collect();
    let is_chinese = !tokens.is_empty() && tokens.iter().all(|token| token.kind == TokenKind::Han);
    let is_too_long = is_chinese && terms.len() > MAX_FUZZY_HAN_CHARS;
    if is_chinese && terms.len() >= MIN_FUZZY_HAN_CHARS && !is_too_long && edits != Some(0) {
        return chinese_alternatives_within_one_edit(&terms);
    }
    let mut exact_slot_count = 0;
    let slots: Vec<PhraseSlot> = tokens
        .iter()
        .zip(&terms)
        .enumerate()
        .map(|(index, (token, term))| {
            let edits =
                if token.kind == TokenKind::Word { max_edits_for_term(term, edits) } else { 0 };
            if edits == 0 {
                exact_slot_count += 1;
                return PhraseSlot::term(index as u32, term);
            }
            let pattern = TermPattern::Fuzzy { term: (*term).to_owned(), edits };
            PhraseSlot::pattern(index as u32, pattern)
        })
        .collect();
    if is_too_long {
        let limit = ExceededLimit::FuzzyChineseWord { max_chars: MAX_FUZZY_HAN_CHARS };
        notes.push(Note::new(NoteDetail::Truncated(limit)));
    } else if exact_slot_count == slots.len() && edits != Some(0) && !slots.is_empty() {
        notes.push(Note::new(NoteDetail::Ignored(IgnoredPart::ShortFuzzyWord {
            word: word.to_owned(),
            min_letters: MIN_FUZZY_CHARS,
            min_han_chars: MIN_FUZZY_HAN_CHARS,
        })));
    }
    if slots.is_empty() {
        Vec::new()
    } else {
        vec![Alternative { slots, is_contiguous: is_chinese, slop: 0, origin: PhraseOrigin::Query }]
    }
}

/// Returns the maximum edit distance for `term`. The distance depends on the length of `term`, and is at most `edits`.
fn max_edits_for_term(term: &str, edits: Option<u8>) -> u8 {
    match term.chars().count() {
        length if length < MIN_FUZZY_CHARS => 0,
        length if length < MIN_FUZZY_CHARS_FOR_TWO_EDITS => edits.unwrap_or(1).min(1),
        _ => edits.unwrap_or(2),
    }
}

/// Returns the alternatives for a Chinese word: the word, and each word that is one edit away, with a character
/// replaced, removed, inserted, or swapped with the next character. At a replaced or inserted character, the phrase
/// has a gap that any term fills.
fn chinese_alternatives_within_one_edit(terms: &[&str]) -> Vec<Alternative> {
    let alternative = |characters: &[(u32, &str)]| {
        let slots = characters.iter().map(|&(offset, term)| PhraseSlot::term(offset, term));
        Alternative {
            slots: slots.collect(),
            is_contiguous: false,
            slop: 0,
            origin: PhraseOrigin::OtherSpelling,
        }
    };
    let characters_with_offsets: Vec<(u32, &str)> =
        terms.iter().enumerate().map(|(index, term)| (index as u32, *term)).collect();
    let as_written = Alternative {
        is_contiguous: true,
        origin: PhraseOrigin::Query,
        ..alternative(&characters_with_offsets)
    };
    let mut alternatives = vec![as_written];
    for index in 0..characters_with_offsets.len() {
        let (before, after) = characters_with_offsets.split_at(index);
        let Some((character, rest)) = after.split_first() else { break };
        // If the last or the first character is removed, the phrase also matches words in which this character
        // is replaced.
        let without_character: Vec<_> = before.iter().chain(rest).copied().collect();
        let first_offset = without_character.first().map_or(0, |(offset, _)| *offset);
        let without_character: Vec<_> =
            without_character.iter().map(|&(offset, term)| (offset - first_offset, term)).collect();
        alternatives.push(alternative(&without_character));
        if index > 0 {
            let moved_left = rest.iter().map(|&(offset, term)| (offset - 1, term));
            let slots_after_removal: Vec<_> = before.iter().copied().chain(moved_left).collect();
            alternatives.push(alternative(&slots_after_removal));
            let moved_right = after.iter().map(|&(offset, term)| (offset + 1, term));
            let slots_after_insertion: Vec<_> = before.iter().copied().chain(moved_right).collect();
            alternatives.push(alternative(&slots_after_insertion));
        }
        if let Some((next, rest)) = rest.split_first() {
            let swapped_slots = [(character.0, next.1), (next.0, character.1)];
            let swapped_slots: Vec<_> =
                before.iter().chain(&swapped_slots).chain(rest).copied().collect();
            alternatives.push(alternative(&swapped_slots));
        }
    }
    alternatives
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    /// Returns the number of alternatives and the number of notes for a fuzzy Chinese word of this length.
    fn fuzzy_word_alternative_and_note_counts(characters: usize) -> (usize, usize) {
        let word = "汽".repeat(characters);
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(&word, &mut analysis);
        let mut notes = Vec::new();
        (fuzzy_alternatives(&analysis, &word, None, &mut notes).len(), notes.len())
    }

    #[test]
    fn patterns_are_split_into_terms() {
        for (text, expected) in [
            ("38.1*", "38.1*"),
            ("38.*", "38.*"),
            ("harbour.gov.*", "harbour.gov.*"),
            ("www.harb*", "harb*"),
            ("e-comm*", "e comm*"),
            ("v2.1*", "v2.1*"),
            ("no.5*", "no 5*"),
            ("end. st*", "end st*"),
            ("港.口*", "港 口"),
        ] {
            let alternatives = wildcard_alternatives(text);
            let terms = alternatives[0].slots.iter().map(|slot| slot.pattern.text());
            assert_eq!(terms.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }

    #[test]
    fn alternatives_of_fuzzy_chinese_words_are_bounded() {
        assert_eq!(fuzzy_word_alternative_and_note_counts(MIN_FUZZY_HAN_CHARS - 1), (1, 1));
        assert_eq!(
            fuzzy_word_alternative_and_note_counts(MIN_FUZZY_HAN_CHARS),
            (4 * MIN_FUZZY_HAN_CHARS - 2, 0)
        );
        assert_eq!(
            fuzzy_word_alternative_and_note_counts(MAX_FUZZY_HAN_CHARS),
            (4 * MAX_FUZZY_HAN_CHARS - 2, 0)
        );
        assert_eq!(fuzzy_word_alternative_and_note_counts(MAX_FUZZY_HAN_CHARS + 1), (1, 1));
        assert_eq!(fuzzy_word_alternative_and_note_counts(600), (1, 1));
    }
}
