//! A passage + what matched in it → the stretches of it that fit a width, at sentence ends where
//! length allows, never inside a character, a word or a number.

use std::{cmp::Reverse, collections::BTreeSet};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Fragment, occurrence::Occurrence};
use crate::{
    analysis::{Analysis, Analyzer},
    passage::sentences,
    span::Span,
};

/// At most `count` stretches of `text`, of at most `width` columns together: the sentences that satisfy most of the
/// query, in the order of the text.
pub(super) fn stretches(
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
    let mut chosen = Vec::new();
    let mut left = width;
    for index in by_worth(&sentences, occurrences) {
        let Some(&sentence) = sentences.get(index) else { continue };
        let columns = sentence.of(text).width();
        if columns <= left {
            chosen.push(sentence);
            chosen.sort_unstable();
            if joined(text, &chosen).len() > count {
                chosen.retain(|other| *other != sentence);
                continue;
            }
            left -= columns;
        } else if chosen.is_empty() {
            chosen.push(excerpt(text, sentence, width, highlights, analyzer));
            left = 0;
        }
    }
    joined(text, &chosen)
}

/// Indexes of sentences, those first that satisfy a leaf which none before them does; then those
/// that follow them, so that what was said goes on; then the rest from the beginning.
fn by_worth(sentences: &[Span], occurrences: &[&Occurrence]) -> Vec<usize> {
    let mut leaves: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); sentences.len()];
    let mut counts = vec![0; sentences.len()];
    for (found, span) in
        occurrences.iter().flat_map(|found| found.spans.iter().map(move |span| (found, span)))
    {
        let index = sentences.partition_point(|sentence| sentence.end <= span.start);
        if let Some((leaves, count)) = leaves.get_mut(index).zip(counts.get_mut(index)) {
            leaves.insert(found.leaf);
            *count += 1;
        }
    }
    let mut order: Vec<usize> = Vec::with_capacity(sentences.len());
    let mut covered: BTreeSet<usize> = BTreeSet::new();
    loop {
        let fresh = |index: &usize| {
            leaves.get(*index).map_or(0, |leaves| leaves.difference(&covered).count())
        };
        let best = (0..sentences.len())
            .filter(|index| !order.contains(index))
            .map(|index| (fresh(&index), counts.get(index).copied(), Reverse(index)))
            .max();
        match best {
            Some((fresh, _, Reverse(index))) if fresh > 0 => {
                covered.extend(leaves.get(index).into_iter().flatten());
                order.push(index);
            }
            _ => break,
        }
    }
    let first = order.first().copied().unwrap_or(0);
    let rest: Vec<usize> = (first..sentences.len())
        .chain((0..first).rev())
        .filter(|index| !order.contains(index))
        .collect();
    order.extend(rest);
    order
}

/// The part of a long sentence around its first highlight, within `width` columns.
fn excerpt(
    text: &str,
    sentence: Span,
    width: usize,
    highlights: &[Span],
    analyzer: &Analyzer,
) -> Span {
    let pieces = pieces(text, sentence, analyzer);
    let anchor =
        highlights.iter().find(|span| sentence.start <= span.start && span.start < sentence.end);
    let anchor = anchor.map_or(sentence.start, |span| span.start);
    let mut first = pieces.iter().position(|piece| piece.end > anchor).unwrap_or(0);
    let mut last = first;
    let mut used = pieces.get(first).map_or(0, |piece| piece.of(text).width());
    // Three columns after the highlight for each one before it: what follows explains more.
    let mut turn = 0;
    loop {
        let before = first.checked_sub(1).and_then(|index| pieces.get(index));
        let after = pieces.get(last + 1);
        let (piece, forward) = match (before, after) {
            (None, None) => break,
            (Some(piece), None) => (piece, false),
            (None, Some(piece)) => (piece, true),
            (Some(before), Some(after)) => {
                if turn % 4 == 0 {
                    (before, false)
                } else {
                    (after, true)
                }
            }
        };
        used += piece.of(text).width();
        if used > width {
            break;
        }
        if forward {
            last += 1;
        } else {
            first -= 1;
        }
        turn += 1;
    }
    let ends = pieces.get(first).zip(pieces.get(last));
    ends.map_or(sentence, |(first, last)| Span::new(first.start, last.end)).trimmed(text)
}

/// What a sentence may be cut between: words by UAX #29, Han words of the dictionary, and numbers.
fn pieces(text: &str, sentence: Span, analyzer: &Analyzer) -> Vec<Span> {
    let slice = sentence.of(text);
    let mut analysis = Analysis::default();
    analyzer.tokens(slice, &mut analysis);
    let mut words: Vec<Span> = analyzer
        .query_words(&analysis)
        .iter()
        .filter_map(|word| {
            let first = analysis.tokens.get(word.first as usize)?;
            let last = analysis.tokens.get((word.first + word.chars - 1) as usize)?;
            Some(Span::new(first.span.start, last.span.end))
        })
        .collect();
    // A number with what multiplies it: 3.9万, 2.25 million.
    words.extend(analysis.tokens.iter().filter(|token| token.extra).map(|token| token.span));
    words.sort_unstable();
    let mut pieces: Vec<Span> = Vec::new();
    let mut word = words.iter().peekable();
    for (start, piece) in slice.split_word_bound_indices() {
        while word.next_if(|word| word.end <= start).is_some() {}
        let inside = word.peek().is_some_and(|word| word.start < start);
        match pieces.last_mut() {
            Some(last) if inside => last.end = start + piece.len(),
            _ => pieces.push(Span::new(start, start + piece.len())),
        }
    }
    pieces.into_iter().map(|piece| piece.shifted(sentence.start)).collect()
}

/// Neighbouring stretches as one, without white space at the ends.
fn joined(text: &str, chosen: &[Span]) -> Vec<Span> {
    let mut stretches: Vec<Span> = Vec::new();
    for &span in chosen {
        match stretches.last_mut() {
            Some(last)
                if text.get(last.end..span.start).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                last.end = span.end;
            }
            _ => stretches.push(span),
        }
    }
    stretches.into_iter().map(|span| span.trimmed(text)).filter(|span| !span.is_empty()).collect()
}

/// The fragments of `stretches`, with the highlights inside them; one that is cut is cut as the text.
pub(super) fn fragments(text: &str, stretches: &[Span], highlights: &[Span]) -> Vec<Fragment> {
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
    stretches.iter().map(fragment).collect()
}
