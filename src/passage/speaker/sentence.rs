//! Finds the sentence around a verb of speech.

use super::words;
use crate::{script::ABBREVIATIONS, span::Span};

/// Maximum number of bytes before a verb of speech that are searched for its subject.
pub(super) const MAX_CLAUSE_BYTES: usize = 300;
/// Maximum number of bytes before a verb that are searched for the beginning of its sentence.
pub(super) const MAX_SENTENCE_BYTES: usize = 1_500;

/// Returns the byte offset at which the sentence with the byte `offset` begins. If the sentence begins more than
/// `max_bytes` before `offset`, returns the start of the first word within `max_bytes`.
pub(super) fn sentence_start(text: &str, offset: usize, max_bytes: usize) -> usize {
    let earliest = word_start(text, offset.saturating_sub(max_bytes), offset);
    let before = text.get(earliest..offset).unwrap_or_default();
    for (position, c) in before.char_indices().rev() {
        let end = position + c.len_utf8();
        let rest = before.get(end..).unwrap_or_default();
        let ends_sentence = match c {
            '\n' | ';' => true,
            '.' | '!' | '?' => {
                rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '”' | '"'))
                    && (c != '.' || !ends_with_abbreviation(before.get(..end).unwrap_or_default()))
            }
            _ => false,
        };
        if ends_sentence {
            let start = earliest + end;
            return start
                + (rest.len()
                    - rest
                        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '”' | '"'))
                        .len());
        }
    }
    earliest
}

/// Returns the byte offset of the first word that begins between the bytes `earliest` and `latest`. The start of the
/// text counts as the beginning of a word.
fn word_start(text: &str, earliest: usize, latest: usize) -> usize {
    if earliest == 0 {
        return 0;
    }
    let earliest = (earliest..=latest).find(|&start| text.is_char_boundary(start));
    let Some((earliest, span)) = earliest.and_then(|start| Some((start, text.get(start..latest)?)))
    else {
        return latest;
    };
    let space = span.char_indices().find(|(_, c)| c.is_whitespace());
    space.map_or(earliest, |(offset, space)| earliest + offset + space.len_utf8())
}

/// Returns whether a text ends with an abbreviation or an initial rather than the end of a sentence.
fn ends_with_abbreviation(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    words::is_honorific(word)
        || words::is_initial(word)
        || words::is_name_suffix(word)
        || ABBREVIATIONS.contains(&word.trim_end_matches('.').to_ascii_lowercase().as_str())
        || matches!(word, "U.S." | "U.K." | "U.N.")
}

/// Returns the span of the sentence around a verb.
pub(super) fn sentence_around(text: &str, verb: Span) -> Span {
    let start = sentence_start(text, verb.start, MAX_SENTENCE_BYTES);
    let after = text.get(verb.end..).unwrap_or_default();
    let mut end = text.len();
    for (position, c) in after.char_indices() {
        let after_mark = position + c.len_utf8();
        let ends = match c {
            '\n' => true,
            '.' | '!' | '?' => {
                let to_mark = text.get(start..verb.end + after_mark).unwrap_or_default();
                after
                    .get(after_mark..)
                    .unwrap_or_default()
                    .starts_with(|c: char| c.is_whitespace() || matches!(c, '”' | '"'))
                    && (c != '.' || !ends_with_abbreviation(to_mark))
            }
            _ => false,
        };
        if ends {
            end = verb.end + after_mark;
            break;
        }
    }
    Span::new(start, end).trimmed(text)
}
