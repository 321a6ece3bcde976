//! Finds the counted things in English.

use super::counted::CountedThings;
use crate::fact::{
    folded_text::{FoldedText, is_letter_of_spaced_script},
    number::{Notation, Number},
    words::{is_function_word, is_person_noun, is_plural, is_plural_used_before_nouns},
};

/// Maximum number of words after a number in which the counted noun is searched for.
const MAX_WORDS_SEARCHED_FOR_NOUN: usize = 12;

/// Returns the words after `number` that name the counted things in English. `None` if there are no such words.
pub(in crate::fact) fn things_counted_in_english(
    source: &FoldedText,
    number: &Number,
) -> Option<CountedThings> {
    let mut offset = number.end;
    let mut first = None;
    let mut best = None;
    for index in 0..MAX_WORDS_SEARCHED_FOR_NOUN {
        let Some((start, end)) = next_word_without_punctuation(source, offset, index > 0) else {
            break;
        };
        let word = source.text_between(start, end);
        if word == "of" && index == 0 && number.notation == Notation::Words && number.multiplier > 1
        {
            // "of" may follow a number in words: dozens of achievements.
            offset = end;
            continue;
        }
        if is_function_word(word) && word != "and" {
            break;
        }
        first.get_or_insert((start, end));
        if word != "and" && is_plural(word) {
            best = Some((start, end));
            if !is_plural_used_before_nouns(word) {
                let next = next_word_without_punctuation(source, end, false)
                    .map(|(start, end)| source.text_between(start, end));
                let goes_on = next.is_some_and(|next| is_plural(next) && !is_function_word(next));
                if !goes_on {
                    break;
                }
            }
        }
        offset = end;
    }
    let (first_start, first_end) = first?;
    let end = best.map_or(first_end, |(_, end)| end);
    let (head_start, head_end) = best.unwrap_or((first_start, first_end));
    let counts_persons = is_person_noun(source.text_between(head_start, head_end));
    Some(CountedThings { start: first_start, end, classifier_end: first_start, counts_persons })
}

/// Returns the byte offsets of the start and the end of the next word. Skips blanks and quotes before the word and, if
/// `may_skip_comma` is set, a comma. `None` if other punctuation or a number precedes the word.
fn next_word_without_punctuation(
    source: &FoldedText,
    offset: usize,
    may_skip_comma: bool,
) -> Option<(usize, usize)> {
    let mut start = offset;
    for c in source.text_after(offset).chars().take(4) {
        let is_gap = matches!(c, ' ' | '\n' | '\u{A0}' | '“' | '”' | '"' | '*' | '_' | '’' | '‘')
            || (c == ',' && may_skip_comma);
        if !is_gap {
            break;
        }
        start += c.len_utf8();
    }
    if start == offset {
        return None;
    }
    let window = source.window_after(start, 40);
    // A digit and a letter are one word: 5G factories.
    let digits = window.bytes().take_while(u8::is_ascii_digit).count();
    let letters = source.letters_at(start + digits);
    if digits == 1 && letters.len() == 1 {
        return Some((start, start + 2));
    }
    if window.starts_with("u.s. ") || window.starts_with("u.k. ") {
        return Some((start, start + 4));
    }
    let length = window
        .find(|c: char| {
            !(is_letter_of_spaced_script(c) || matches!(c, '-' | '‑' | '’' | '\'' | '/' | '&'))
        })
        .unwrap_or(window.len());
    (length > 0 && window.starts_with(is_letter_of_spaced_script))
        .then_some((start, start + length))
}
