//! Splits very long paragraphs into passages of whole sentences.

use super::sentence::sentences;
use crate::span::Span;

/// Maximum size of a passage, in bytes, so that it can be read at a glance.
pub(super) const MAX_PASSAGE_BYTES: usize = 3_000;

/// Returns the spans of the passages of a paragraph: the whole paragraph, or runs of whole sentences if
/// the paragraph is too long. A sentence longer than a passage is cut between words.
pub(super) fn split_long_paragraph(text: &str, paragraph: Span) -> Vec<Span> {
    if paragraph.len() <= MAX_PASSAGE_BYTES {
        return vec![paragraph];
    }
    let parts = sentences(paragraph.of(text))
        .into_iter()
        .flat_map(|sentence| split_long_sentence(text, sentence.shifted(paragraph.start)));
    let mut passages: Vec<Span> = Vec::new();
    for part in parts {
        match passages.last_mut() {
            Some(last) if part.end - last.start <= MAX_PASSAGE_BYTES => last.end = part.end,
            _ => passages.push(part),
        }
    }
    passages
        .into_iter()
        .map(|passage| passage.trimmed(text))
        .filter(|passage| !passage.is_empty())
        .collect()
}

fn split_long_sentence(text: &str, mut sentence: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    while sentence.len() > MAX_PASSAGE_BYTES {
        let cut = last_cut(text, sentence.start);
        parts.push(Span::new(sentence.start, cut));
        sentence.start = cut;
    }
    parts.push(sentence);
    parts
}

/// Returns the byte offset at which to end a passage of maximum size that begins at `start`: after its
/// last space or Chinese comma, or at the maximum size if it contains neither.
fn last_cut(text: &str, start: usize) -> usize {
    let mut end = start + MAX_PASSAGE_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let slice = text.get(start..end).unwrap_or_default();
    let mut gaps = slice.rmatch_indices([' ', '\n', '，', '、', '；']);
    match gaps.next() {
        Some((at, gap)) if at > 0 => start + at + gap.len(),
        _ => end,
    }
}
