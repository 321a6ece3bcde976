//! Words that are given by their shape → variants of a leaf. Terms of Han text are single characters, so
//! there a pattern is a sequence.

use super::{
    Note, NoteKind,
    tree::{Alternative, PhraseSlot, TermPattern},
};
use crate::{
    analysis::{self, Analysis, TokenKind},
    script::is_han,
};

/// What a star between Han characters stands for at most, in characters.
const HAN_GAP: u32 = 8;
/// Chinese words of fewer characters have too many neighbours one edit away.
const MIN_FUZZY_HAN: usize = 4;
/// Longer ones are searched as they are: each character makes four variants as long as the word.
const MAX_FUZZY_HAN: usize = 16;
/// Shorter words are searched as they are, and up to the second length one edit is allowed.
const MIN_FUZZY: usize = 3;
const MIN_TWO_EDITS: usize = 6;

/// A word with `*` and `?`: one slot for each stretch of letters, and one for each Han character.
pub(super) fn wildcard(text: &str) -> Vec<Alternative> {
    let text = analysis::pattern(text);
    let mut slots = Vec::new();
    let (mut offset, mut gap) = (0, 0);
    for part in parts(&text) {
        let letters = part.chars().any(char::is_alphanumeric);
        let wild = part.contains(['*', '?']);
        if letters && wild {
            slots.push(PhraseSlot::pattern(offset, TermPattern::Wildcard(part.to_owned())));
            offset += 1;
        } else if letters {
            slots.push(PhraseSlot::term(offset, part));
            offset += 1;
        } else if !slots.is_empty() {
            // Only marks, beside Han characters.
            offset += part.matches('?').count() as u32;
            gap = if part.contains('*') { HAN_GAP } else { gap };
        }
    }
    let han = |slot: &PhraseSlot| matches!(&slot.pattern, TermPattern::Term(term) if term.chars().all(is_han));
    let last = slots.last().map_or(0, |slot| slot.offset);
    let joined = gap == 0 && last as usize + 1 == slots.len() && slots.iter().all(han);
    // A star at the end says no more than that a word goes on.
    let gap = if slots.len() < 2 { 0 } else { gap };
    if slots.is_empty() {
        Vec::new()
    } else {
        vec![Alternative { slots, contiguous: joined, slop: gap, exact: true }]
    }
}

/// Stretches of letters and marks, and single Han characters; what separates words is left out.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let inside = c.is_alphanumeric() || matches!(c, '*' | '?');
        if !inside || is_han(c) {
            parts.push(text.get(start..at).unwrap_or_default());
            start = at + c.len_utf8();
            parts.push(if inside { text.get(at..start).unwrap_or_default() } else { "" });
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts.retain(|part| !part.is_empty());
    parts
}

/// A regular expression over whole terms.
pub(super) fn regex(text: &str, notes: &mut Vec<Note>) -> Vec<Alternative> {
    if text.chars().any(is_han) {
        notes.push(Note::new(
            NoteKind::Repaired,
            format!("/{text}/: a regular expression looks at one term, and Chinese terms are single characters: use ? and * instead"),
        ));
    }
    let slot = PhraseSlot::pattern(0, TermPattern::Regex(analysis::pattern(text)));
    vec![Alternative { slots: vec![slot], contiguous: false, slop: 0, exact: true }]
}

/// A word in almost the same spelling: edits of letters where it is one word, and of characters where
/// it is Chinese.
pub(super) fn fuzzy(
    analysis: &Analysis,
    word: &str,
    edits: Option<u8>,
    notes: &mut Vec<Note>,
) -> Vec<Alternative> {
    let tokens: Vec<_> = analysis.tokens.iter().filter(|token| !token.extra).collect();
    let terms: Vec<&str> = tokens.iter().map(|token| analysis.term(token)).collect();
    let han = !tokens.is_empty() && tokens.iter().all(|token| token.kind == TokenKind::Han);
    let too_long = han && terms.len() > MAX_FUZZY_HAN;
    if han && terms.len() >= MIN_FUZZY_HAN && !too_long && edits != Some(0) {
        return edited(&terms);
    }
    let mut exact = 0;
    let slots: Vec<PhraseSlot> = tokens
        .iter()
        .zip(&terms)
        .enumerate()
        .map(|(index, (token, term))| {
            let edits = if token.kind == TokenKind::Word { allowed(term, edits) } else { 0 };
            if edits == 0 {
                exact += 1;
                return PhraseSlot::term(index as u32, term);
            }
            let wanted = TermPattern::Fuzzy { term: (*term).to_owned(), edits };
            PhraseSlot::pattern(index as u32, wanted)
        })
        .collect();
    if too_long {
        notes.push(Note::new(
            NoteKind::Truncated,
            format!("~ after more than {MAX_FUZZY_HAN} Chinese characters: searched as they are"),
        ));
    } else if exact == slots.len() && edits != Some(0) && !slots.is_empty() {
        notes.push(Note::new(
            NoteKind::Ignored,
            format!("{word}~: numbers, words of fewer than {MIN_FUZZY} letters and Chinese words of fewer than {MIN_FUZZY_HAN} characters are searched as they are"),
        ));
    }
    if slots.is_empty() {
        Vec::new()
    } else {
        vec![Alternative { slots, contiguous: han, slop: 0, exact: true }]
    }
}

/// How many edits a word of that length may have.
fn allowed(term: &str, edits: Option<u8>) -> u8 {
    match term.chars().count() {
        length if length < MIN_FUZZY => 0,
        length if length < MIN_TWO_EDITS => edits.unwrap_or(1).min(1),
        _ => edits.unwrap_or(2),
    }
}

/// A Chinese word, and what one edit makes of it: a character replaced, left out, put in, or swapped
/// with the next.
fn edited(terms: &[&str]) -> Vec<Alternative> {
    let variant = |picked: &[(u32, &str)], exact| Alternative {
        slots: picked.iter().map(|&(offset, term)| PhraseSlot::term(offset, term)).collect(),
        contiguous: exact,
        slop: 0,
        exact,
    };
    let numbered: Vec<(u32, &str)> =
        terms.iter().enumerate().map(|(i, t)| (i as u32, *t)).collect();
    let mut variants = vec![variant(&numbered, true)];
    for index in 0..numbered.len() {
        let (before, after) = numbered.split_at(index);
        let Some((here, rest)) = after.split_first() else { break };
        // Replaced; at an end that is left out, which the next one covers.
        let replaced: Vec<_> = before.iter().chain(rest).copied().collect();
        let base = replaced.first().map_or(0, |(offset, _)| *offset);
        let replaced: Vec<_> =
            replaced.iter().map(|&(offset, term)| (offset - base, term)).collect();
        variants.push(variant(&replaced, false));
        if index > 0 {
            let dropped =
                before.iter().copied().chain(rest.iter().map(|&(offset, t)| (offset - 1, t)));
            variants.push(variant(&dropped.collect::<Vec<_>>(), false));
            let put_in =
                before.iter().copied().chain(after.iter().map(|&(offset, t)| (offset + 1, t)));
            variants.push(variant(&put_in.collect::<Vec<_>>(), false));
        }
        if let Some((next, rest)) = rest.split_first() {
            let swapped = [(here.0, next.1), (next.0, here.1)];
            let swapped = before.iter().chain(&swapped).chain(rest).copied();
            variants.push(variant(&swapped.collect::<Vec<_>>(), false));
        }
    }
    variants
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    /// How many variants a Chinese word of so many characters has, and how many notes.
    fn counts(characters: usize) -> (usize, usize) {
        let word = "汽".repeat(characters);
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(&word, &mut analysis);
        let mut notes = Vec::new();
        (fuzzy(&analysis, &word, None, &mut notes).len(), notes.len())
    }

    #[test]
    fn spellings_of_chinese_words_are_bounded() {
        assert_eq!(counts(MIN_FUZZY_HAN - 1), (1, 1));
        assert_eq!(counts(MIN_FUZZY_HAN), (4 * MIN_FUZZY_HAN - 2, 0));
        assert_eq!(counts(MAX_FUZZY_HAN), (4 * MAX_FUZZY_HAN - 2, 0));
        assert_eq!(counts(MAX_FUZZY_HAN + 1), (1, 1));
        assert_eq!(counts(600), (1, 1));
    }
}
