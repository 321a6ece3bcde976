//! Splits very long paragraphs into passages of whole sentences.

use super::sentence::sentences;
use crate::span::Span;

/// Maximum size of a passage, in bytes. A longer passage would be hard to read as one hit.
pub(super) const MAX_PASSAGE_BYTES: usize = 3_000;

/// Returns the spans of the passages of a paragraph: the whole paragraph, or runs of whole sentences if
/// the paragraph is too long. A sentence longer than a passage is cut between words.
pub(super) fn split_long_paragraph(text: &str, paragraph: Span) -> Vec<Span> {
    if paragraph.len() <= MAX_PASSAGE_BYTES {
        return vec![paragraph];
    }
    let sentence_parts = sentences(paragraph.of(text))
        .into_iter()
        .flat_map(|sentence| split_long_sentence(text, sentence.shifted(paragraph.start)));
    let mut passages: Vec<Span> = Vec::new();
    for part in sentence_parts {
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

/// Splits a sentence into spans of at most [`MAX_PASSAGE_BYTES`] bytes.
fn split_long_sentence(text: &str, mut sentence: Span) -> Vec<Span> {
    let mut sentence_parts = Vec::new();
    while sentence.len() > MAX_PASSAGE_BYTES {
        let cut_offset = passage_end_offset(text, sentence.start);
        sentence_parts.push(Span::new(sentence.start, cut_offset));
        sentence.start = cut_offset;
    }
    sentence_parts.push(sentence);
    sentence_parts
}

/// Returns the byte offset at which to end a passage that begins at `start` and is too long. The offset is after the
/// last space, line break, Chinese comma or Chinese semicolon within [`MAX_PASSAGE_BYTES`], or at the maximum size if
/// there is none of them.
fn passage_end_offset(text: &str, start: usize) -> usize {
    let mut max_end = start + MAX_PASSAGE_BYTES;
    while !text.is_char_boundary(max_end) {
        max_end -= 1;
    }
    let longest_passage = text.get(start..max_end).unwrap_or_default();
    let mut separators = longest_passage.rmatch_indices([' ', '\n', '，', '、', '；']);
    match separators.next() {
        Some((at, gap)) if at > 0 => start + at + gap.len(),
        _ => max_end,
    }
}
