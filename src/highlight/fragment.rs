//! Fragment selection: chooses the sentences of a passage that a snippet shows. A sentence that is too long is
//! cut, but never inside a character, a word or a number.

use std::{cmp::Reverse, collections::BTreeSet};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Fragment, occurrence::Occurrence};
use crate::{
    analysis::{Analysis, Analyzer},
    passage::sentences,
    span::Span,
};

/// Returns the spans of at most `count` fragments of `text`, in text order, with a total width of at most
/// `width` terminal columns. Greedily chooses the sentences that match most leaves (words, phrases and
/// patterns) of the query.
pub(super) fn select_fragments(
    text: &str,
    (width, count): (usize, usize),
    occurrences: &[&Occurrence],
    highlights: &[Span],
    analyzer: &Analyzer,
) -> Vec<Span> {
    if text.width() <= width {
        return vec![Span::new(0, text.len())];
    }
    let sentences = sentences(text);
    let mut chosen_sentences = Vec::new();
    let mut remaining_columns = width;
    for index in sentences_by_relevance(&sentences, occurrences) {
        let Some(&sentence) = sentences.get(index) else { continue };
        let columns = sentence.of(text).width();
        if columns <= remaining_columns {
            chosen_sentences.push(sentence);
            chosen_sentences.sort_unstable();
            if join_adjacent_spans(text, &chosen_sentences).len() > count {
                chosen_sentences.retain(|other| *other != sentence);
                continue;
            }
            remaining_columns -= columns;
        } else if chosen_sentences.is_empty() {
            chosen_sentences.push(excerpt(text, sentence, width, highlights, analyzer));
            remaining_columns = 0;
        }
    }
    join_adjacent_spans(text, &chosen_sentences)
}

/// Returns the indexes of all sentences, in the order in which a snippet adds them. First come the sentences
/// that match leaves of the query, chosen greedily: each next sentence matches most leaves that no earlier
/// sentence matches. Then come the sentences after the best sentence, in text order, and last the sentences
/// before the best sentence, in reverse order.
fn sentences_by_relevance(sentences: &[Span], occurrences: &[&Occurrence]) -> Vec<usize> {
    let mut leaves_by_sentence: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); sentences.len()];
    let mut occurrence_counts = vec![0; sentences.len()];
    for occurrence in occurrences {
        for span in &occurrence.spans {
            let index = sentences.partition_point(|sentence| sentence.end <= span.start);
            if let Some((leaves, count)) =
                leaves_by_sentence.get_mut(index).zip(occurrence_counts.get_mut(index))
            {
                leaves.insert(occurrence.leaf);
                *count += 1;
            }
        }
    }
    let mut sentence_order: Vec<usize> = Vec::with_capacity(sentences.len());
    let mut covered_leaves: BTreeSet<usize> = BTreeSet::new();
    loop {
        let new_leaves = |index: &usize| {
            leaves_by_sentence
                .get(*index)
                .map_or(0, |leaves| leaves.difference(&covered_leaves).count())
        };
        let best_sentence = (0..sentences.len())
            .filter(|index| !sentence_order.contains(index))
            .map(|index| {
                (new_leaves(&index), occurrence_counts.get(index).copied(), Reverse(index))
            })
            .max();
        match best_sentence {
            Some((new_leaves, _, Reverse(index))) if new_leaves > 0 => {
                covered_leaves.extend(leaves_by_sentence.get(index).into_iter().flatten());
                sentence_order.push(index);
            }
            _ => break,
        }
    }
    let best_index = sentence_order.first().copied().unwrap_or(0);
    let other_indexes: Vec<usize> = (best_index..sentences.len())
        .chain((0..best_index).rev())
        .filter(|index| !sentence_order.contains(index))
        .collect();
    sentence_order.extend(other_indexes);
    sentence_order
}

/// Returns a span of at most `width` terminal columns around the first highlight of a long sentence.
fn excerpt(
    text: &str,
    sentence: Span,
    width: usize,
    highlights: &[Span],
    analyzer: &Analyzer,
) -> Span {
    let pieces = unbreakable_pieces(text, sentence, analyzer);
    let anchor =
        highlights.iter().find(|span| sentence.start <= span.start && span.start < sentence.end);
    let anchor = anchor.map_or(sentence.start, |span| span.start);
    let mut first_piece = pieces.iter().position(|piece| piece.end > anchor).unwrap_or(0);
    let mut last_piece = first_piece;
    let mut used_columns = pieces.get(first_piece).map_or(0, |piece| piece.of(text).width());
    // Adds three pieces after the highlight for each piece before the highlight, because the text after a
    // highlight explains more than the text before the highlight.
    let mut added_pieces = 0;
    loop {
        let previous_piece = first_piece.checked_sub(1).and_then(|index| pieces.get(index));
        let following_piece = pieces.get(last_piece + 1);
        let (piece, extends_forward) = match (previous_piece, following_piece) {
            (None, None) => break,
            (Some(piece), None) => (piece, false),
            (None, Some(piece)) => (piece, true),
            (Some(previous_piece), Some(following_piece)) => {
                if added_pieces % 4 == 0 {
                    (previous_piece, false)
                } else {
                    (following_piece, true)
                }
            }
        };
        used_columns += piece.of(text).width();
        if used_columns > width {
            break;
        }
        if extends_forward {
            last_piece += 1;
        } else {
            first_piece -= 1;
        }
        added_pieces += 1;
    }
    let end_pieces = pieces.get(first_piece).zip(pieces.get(last_piece));
    end_pieces
        .map_or(sentence, |(first_piece, last_piece)| Span::new(first_piece.start, last_piece.end))
        .trimmed(text)
}

/// Returns the pieces between which a sentence may be cut. A piece is a word by UAX #29, a Chinese word of the
/// dictionary, or a number with its multiplier and unit (3.9万, £2.25 million).
fn unbreakable_pieces(text: &str, sentence: Span, analyzer: &Analyzer) -> Vec<Span> {
    let sentence_text = sentence.of(text);
    let mut analysis = Analysis::default();
    analyzer.tokens(sentence_text, &mut analysis);
    let mut unbreakable: Vec<Span> = analyzer
        .query_words(&analysis)
        .iter()
        .filter_map(|word| {
            let first_token = analysis.tokens.get(word.first as usize)?;
            let last_token = analysis.tokens.get((word.first + word.chars - 1) as usize)?;
            Some(Span::new(first_token.span.start, last_token.span.end))
        })
        .collect();
    // An additional term spans a number with its multiplier and unit.
    unbreakable.extend(analysis.extras.iter().map(|extra| extra.span));
    unbreakable.sort_unstable();
    let mut pieces: Vec<Span> = Vec::new();
    let mut unbreakable_spans = unbreakable.iter().peekable();
    for (start, piece) in sentence_text.split_word_bound_indices() {
        while unbreakable_spans.next_if(|word| word.end <= start).is_some() {}
        let starts_inside_word = unbreakable_spans.peek().is_some_and(|word| word.start < start);
        match pieces.last_mut() {
            Some(last_piece) if starts_inside_word => last_piece.end = start + piece.len(),
            _ => pieces.push(Span::new(start, start + piece.len())),
        }
    }
    pieces.into_iter().map(|piece| piece.shifted(sentence.start)).collect()
}

/// Joins neighbouring spans with only white space in between. Returns spans without surrounding white space.
fn join_adjacent_spans(text: &str, chosen: &[Span]) -> Vec<Span> {
    let mut joined_spans: Vec<Span> = Vec::new();
    for &span in chosen {
        match joined_spans.last_mut() {
            Some(last)
                if text.get(last.end..span.start).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                last.end = span.end;
            }
            _ => joined_spans.push(span),
        }
    }
    joined_spans
        .into_iter()
        .map(|span| span.trimmed(text))
        .filter(|span| !span.is_empty())
        .collect()
}

/// Returns the fragments at `spans`. A highlight that crosses the end of a fragment is cut at that end.
pub(super) fn fragments(text: &str, spans: &[Span], highlights: &[Span]) -> Vec<Fragment> {
    let fragment = |&span: &Span| Fragment {
        text: span.of(text).to_owned(),
        span,
        highlights: highlights
            .iter()
            .filter(|highlight| highlight.start < span.end && span.start < highlight.end)
            .map(|highlight| {
                Span::new(highlight.start.max(span.start), highlight.end.min(span.end))
            })
            .collect(),
        cut_before: text.get(..span.start).is_some_and(|before| !before.trim().is_empty()),
        cut_after: text.get(span.end..).is_some_and(|after| !after.trim().is_empty()),
    };
    spans.iter().map(fragment).collect()
}
