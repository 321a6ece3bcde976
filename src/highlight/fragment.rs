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
/// `width` terminal columns. Chooses greedily the sentences that match most leaves of the query.
pub(super) fn select(
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
    for index in by_relevance(&sentences, occurrences) {
        let Some(&sentence) = sentences.get(index) else { continue };
        let columns = sentence.of(text).width();
        if columns <= left {
            chosen.push(sentence);
            chosen.sort_unstable();
            if join_neighbours(text, &chosen).len() > count {
                chosen.retain(|other| *other != sentence);
                continue;
            }
            left -= columns;
        } else if chosen.is_empty() {
            chosen.push(excerpt(text, sentence, width, highlights, analyzer));
            left = 0;
        }
    }
    join_neighbours(text, &chosen)
}

/// Returns the indexes of all sentences, in the order in which a snippet adds them: first greedily the
/// sentences with most leaves that no chosen sentence has yet, then the sentences after the best sentence, then
/// the sentences before it, backwards.
fn by_relevance(sentences: &[Span], occurrences: &[&Occurrence]) -> Vec<usize> {
    let mut leaves: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); sentences.len()];
    let mut counts = vec![0; sentences.len()];
    for occurrence in occurrences {
        for span in &occurrence.spans {
            let index = sentences.partition_point(|sentence| sentence.end <= span.start);
            if let Some((leaves, count)) = leaves.get_mut(index).zip(counts.get_mut(index)) {
                leaves.insert(occurrence.leaf);
                *count += 1;
            }
        }
    }
    let mut order: Vec<usize> = Vec::with_capacity(sentences.len());
    let mut covered: BTreeSet<usize> = BTreeSet::new();
    loop {
        let new_leaves = |index: &usize| {
            leaves.get(*index).map_or(0, |leaves| leaves.difference(&covered).count())
        };
        let best = (0..sentences.len())
            .filter(|index| !order.contains(index))
            .map(|index| (new_leaves(&index), counts.get(index).copied(), Reverse(index)))
            .max();
        match best {
            Some((new_leaves, _, Reverse(index))) if new_leaves > 0 => {
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

/// Returns the span of a long sentence around its first highlight, of at most `width` terminal columns.
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
    // Adds three pieces after the highlight for each piece before it, because the text after a highlight
    // explains more.
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

/// Returns the pieces between which a sentence may be cut. A piece is a word by UAX #29, a Chinese word of the
/// dictionary, or a number with its multiplier and unit (3.9万, £2.25 million).
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
    // An additional term spans a number with its multiplier and unit.
    words.extend(analysis.extras.iter().map(|extra| extra.span));
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

/// Joins spans that have only white space between them, and trims the result.
fn join_neighbours(text: &str, chosen: &[Span]) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for &span in chosen {
        match joined.last_mut() {
            Some(last)
                if text.get(last.end..span.start).is_some_and(|gap| gap.trim().is_empty()) =>
            {
                last.end = span.end;
            }
            _ => joined.push(span),
        }
    }
    joined.into_iter().map(|span| span.trimmed(text)).filter(|span| !span.is_empty()).collect()
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
