//! Decides whether a number without unit counts something, in Latin script.

use super::counted::CountedThings;
use crate::fact::{
    folded_text::{FoldedText, is_letter_of_spaced_script},
    number::{Notation, Number},
    words::{is_function_word, is_identifier_word, is_plural},
};

/// Returns whether a number without unit counts something, judged by the words in Latin script around the number.
/// `counted_things` are the words after the number that may name the counted things.
pub(in crate::fact) fn counts_things(
    source: &FoldedText,
    number: &Number,
    has_comparator: bool,
    counted_things: Option<CountedThings>,
) -> bool {
    if has_comparator && !follows_identifier_word(source, number) {
        return true;
    }
    if follows_identifier_word(source, number) {
        return false;
    }
    if number.has_quantity_notation {
        return true;
    }
    let value = number.value.to_integer();
    let (_, next) = source.word_after(number.end);
    let (previous_start, previous) = source.word_before(number.start);
    if number.notation == Notation::Words {
        let is_noun = counted_things.is_some_and(|counted| {
            let head = source.text_between(counted.start, counted.end);
            head.split([' ', '\n'])
                .any(|word| is_plural(word.trim_matches(|c: char| !is_letter_of_spaced_script(c))))
        });
        let has_of_after = next == "of" && value.is_some_and(|value| value > 1);
        return value.is_some_and(|value| value > 1) && (is_noun || has_of_after);
    }
    let has_of_after = next == "of" && !number.has_decimals;
    let is_noun = counted_things.is_some_and(|counted| {
        let head = source.text_between(counted.start, counted.end);
        let is_plural_head = head
            .split([' ', '\n'])
            .any(|word| is_plural(word.trim_matches(|c: char| !is_letter_of_spaced_script(c))));
        is_plural_head || counted.counts_persons
    });
    // The digit 1 counts one thing in "1 country".
    let is_one = value == Some(1)
        && counted_things.is_some_and(|counted| {
            !source.is_capital(counted.start) && source.letters_at(counted.start).len() > 3
        })
        && matches!(
            source.char_before(source.skip_blanks_back(number.start)),
            Some('a'..='z' | ',' | '(' | '–' | '-')
        );
    let is_year = value.is_some_and(|value| (1900..=2100).contains(&value));
    let is_predicate = !is_year
        && matches!(
            previous,
            "to" | "reached"
                | "reach"
                | "reaching"
                | "totaled"
                | "totalled"
                | "totaling"
                | "totalling"
                | "was"
                | "were"
                | "by"
                | "from"
                | "only"
                | "just"
                | "all"
                | "killed"
                | "with"
                | "of"
                | "total"
                | "than"
                | "is"
                | "are"
                | "these"
                | "those"
        )
        && !source.is_capital(previous_start);
    let is_number_of = (previous == "to" && introduces_reached_level(source, previous_start))
        || previous == "of"
        || previous == "reached"
        || previous == "totaled"
        || previous == "totalled"
        || previous == "totaling"
        || previous == "reach"
        || previous == "reaching";
    has_of_after
        || is_noun
        || is_one
        || (is_predicate && is_number_of && value.is_some_and(|value| value > 12))
}

/// Returns whether the word "to" at the byte offset `start` introduces the level that a value reached, as in "increased
/// to" and "down to".
fn introduces_reached_level(source: &FoldedText, start: usize) -> bool {
    let (_, word) = source.word_before(start);
    let is_change = [
        "increase", "rise", "rose", "grew", "grow", "fell", "fall", "drop", "declin", "decreas",
        "reduc", "rais", "expand", "down", "up", "total", "amount", "number",
    ]
    .iter()
    .any(|stem| word.starts_with(stem));
    is_change || source.window_before(start, 40).contains("from ")
}

/// Returns whether the word before the number turns the number into a name: Section 5, Phase 2, No. 7.
fn follows_identifier_word(source: &FoldedText, number: &Number) -> bool {
    let mut end = source.skip_blanks_back(number.start);
    if source.char_before(end) == Some('.') {
        end -= 1;
    }
    let word = source.letters_before(end);
    if word.is_empty() {
        return false;
    }
    if is_identifier_word(word, source.is_capital(end - word.len())) {
        return true;
    }
    let start = end - word.len();
    let is_name = source.is_capital(start)
        && !source.begins_sentence(start)
        && !is_function_word(word)
        && !["s", "ed", "ing", "ly"].iter().any(|ending| word.ends_with(ending));
    is_name && end == source.skip_blanks_back(number.start) && !number.has_quantity_notation
}
