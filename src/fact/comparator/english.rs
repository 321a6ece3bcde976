//! Finds English comparators before a number.

use super::{
    kind::ComparatorMatch,
    words::{ENGLISH_COMPARATORS_BEFORE_NUMBER, ENGLISH_FILLER_WORDS},
};
use crate::fact::{folded_text::FoldedText, unit::Dimension};

/// Returns the English comparator that ends at the byte offset `end`, or directly before a filler such as "a total of"
/// that ends there. `dimension` is the dimension of the unit of the number.
pub(super) fn english_comparator_before(
    source: &FoldedText,
    mut end: usize,
    dimension: Option<Dimension>,
) -> Option<ComparatorMatch> {
    for attempt in 0..2 {
        let window = source.window_before(end, 40);
        let last_byte = window.bytes().next_back();
        let ends_alike = |words: &str| words.bytes().next_back() == last_byte;
        let comparator_match =
            ENGLISH_COMPARATORS_BEFORE_NUMBER.iter().find_map(|&(words, comparator)| {
                // The last byte excludes most comparators.
                if !ends_alike(words) {
                    return None;
                }
                let length = length_of_words_at_end(window, words)?;
                let outer_offset = end - length;
                let (_, previous) = source.word_before(outer_offset);
                let is_comparator = match words {
                    // In "20% more than the £50", the words compare, and £50 is stated exactly.
                    _ if words.ends_with(" than") && follows_difference(source, outer_offset) => {
                        false
                    }
                    // In "over five years", "over" names a duration; in "for over five years", it is a comparator.
                    "over" => {
                        !matches!(dimension, Some(Dimension::Time))
                            || matches!(
                                previous,
                                "for"
                                    | "of"
                                    | "well"
                                    | "just"
                                    | "last"
                                    | "lasted"
                                    | "took"
                                    | "takes"
                                    | "is"
                                    | "with"
                                    | "after"
                                    | "to"
                                    | "aged"
                                    | "age"
                            )
                    }
                    "within" => matches!(dimension, Some(Dimension::Time | Dimension::Length)),
                    // In "picking up to 3.7%", "up to" is not a comparator, but introduces a level.
                    "up to" => !matches!(
                        previous,
                        "picking"
                            | "going"
                            | "speeding"
                            | "ramping"
                            | "moving"
                            | "climbing"
                            | "adding"
                            | "building"
                            | "went"
                            | "go"
                            | "goes"
                            | "gone"
                            | "picked"
                            | "ramped"
                    ),
                    "under" => previous != "from",
                    "some" => {
                        !matches!(previous, "in" | "of")
                            || !matches!(dimension, Some(Dimension::Time))
                    }
                    "around" => !matches!(previous, "way" | "turn" | "all"),
                    // In "think about 88 percent", "about" is not a comparator, but introduces a topic.
                    "about" => !matches!(
                        previous,
                        "think"
                            | "thinking"
                            | "talk"
                            | "talking"
                            | "talked"
                            | "know"
                            | "learn"
                            | "hear"
                            | "worry"
                            | "care"
                            | "information"
                            | "facts"
                    ),
                    _ => true,
                };
                is_comparator.then_some(ComparatorMatch { comparator, outer_offset })
            });
        if comparator_match.is_some() || attempt == 1 {
            return comparator_match;
        }
        let filler = ENGLISH_FILLER_WORDS
            .iter()
            .find_map(|filler| length_of_words_at_end(window, filler))?;
        end = source.skip_blanks_back(end - filler);
    }
    None
}

/// Returns whether a share or a multiple precedes the byte offset `end`, as in "20% more than" and "a third less than".
fn follows_difference(source: &FoldedText, end: usize) -> bool {
    let before = source.skip_blanks_back(end);
    source.char_before(before) == Some('%')
        || matches!(
            source.word_before(end).1,
            "percent"
                | "cent"
                | "third"
                | "thirds"
                | "quarter"
                | "quarters"
                | "half"
                | "fifth"
                | "times"
                | "points"
        )
}

/// Returns the number of bytes that `words` take at the end of `text`, where any blanks may separate the words. `None`
/// if `text` does not end with these whole words.
fn length_of_words_at_end(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    for (index, word) in words.rsplit(' ').enumerate() {
        if index > 0 {
            let trimmed = rest.trim_end_matches([' ', '\n', '\u{A0}']);
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        rest = rest.strip_suffix(word)?;
    }
    (!rest.ends_with(|c: char| c.is_alphanumeric() || c == '-')).then(|| text.len() - rest.len())
}
