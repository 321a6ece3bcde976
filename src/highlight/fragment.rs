//! Chooses the fragments of a passage for a snippet.
//!
//! A snippet contains as many different query leaves (words, phrases and patterns) as fit. Whole sentences are
//! preferred; around a query leaf in a sentence that does not fit, `excerpt.rs` cuts the sentence.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use unicode_width::UnicodeWidthStr;

use super::{
    Fragment,
    excerpt::{excerpt, trim_punctuation},
    occurrence::Occurrence,
};
use crate::{analysis::Analyzer, passage::sentences, span::Span};

/// Minimum width of a fragment, in terminal columns, if a snippet consists of several fragments that are not whole
/// sentences. A narrower fragment has too little text around its highlight.
const MIN_FRAGMENT_COLUMNS: usize = 30;

/// Returns the spans of at most `max_fragments` fragments of `text`, in text order, with a total width of at most
/// `max_columns` terminal columns.
///
/// Each fragment contains a highlight. Without a highlight in the text, the only fragment is the start of the text.
pub(super) fn select_fragments(
    text: &str,
    (max_columns, max_fragments): (usize, usize),
    occurrences: &[&Occurrence],
    highlights: &[Span],
    analyzer: &Analyzer,
) -> Vec<Span> {
    if max_fragments == 0 {
        return Vec::new();
    }
    if text.width() <= max_columns {
        return vec![Span::new(0, text.len())];
    }
    let selection = FragmentSelector::new(text, max_columns, max_fragments, occurrences);
    let spans = selection.fill_remaining_width(
        selection.fragments_around(&selection.choose_fewest_windows_with_most_leaves(), analyzer),
    );
    let trimmed_fragments = spans.iter().map(|&span| trim_punctuation(text, span, highlights));
    let fragments: Vec<Span> = trimmed_fragments.filter(|span| !span.is_empty()).collect();
    // If only punctuation fits, the punctuation is the fragment.
    if fragments.is_empty() { spans.into_iter().take(1).collect() } else { fragments }
}

/// Highlighted span, and the query leaf that occurs there. The span is a whole occurrence, or one word of a phrase with
/// slop.
#[derive(Debug, Clone, Copy)]
struct LeafSpan {
    span: Span,
    /// Index of the query leaf.
    leaf_index: usize,
}

/// Section of a sentence that a fragment should contain. It extends from the start of one highlighted occurrence to the
/// end of the same occurrence or of a later one.
#[derive(Debug, Clone)]
struct HighlightWindow {
    span: Span,
    /// Indexes of the query leaves that occur in this window but in no earlier window.
    new_leaves: BTreeSet<usize>,
    /// Width of the text in the window that is not highlighted, in terminal columns.
    gap_columns: usize,
}

/// Text, sentences and occurrences from which the fragments of a snippet are chosen.
struct FragmentSelector<'a> {
    text: &'a str,
    /// Maximum total width of the fragments in terminal columns.
    max_columns: usize,
    /// Maximum number of fragments.
    max_fragments: usize,
    /// Sentences of the text. The sentences cover the text without gaps.
    sentences: Vec<Span>,
    /// Highlighted occurrences, sorted by span.
    leaf_spans: Vec<LeafSpan>,
}

impl<'a> FragmentSelector<'a> {
    fn new(
        text: &'a str,
        max_columns: usize,
        max_fragments: usize,
        occurrences: &[&Occurrence],
    ) -> Self {
        let mut leaf_spans: Vec<LeafSpan> = occurrences
            .iter()
            .flat_map(|occurrence| {
                occurrence.spans.iter().map(|&span| LeafSpan { span, leaf_index: occurrence.leaf })
            })
            .collect();
        leaf_spans.sort_unstable_by_key(|leaf_span| (leaf_span.span, leaf_span.leaf_index));
        Self { text, max_columns, max_fragments, sentences: sentences(text), leaf_spans }
    }

    /// Returns the width of the text at `span`, in terminal columns.
    fn width_in_columns(&self, span: Span) -> usize {
        span.of(self.text).width()
    }

    /// Returns the highlighted occurrences that begin in `sentence`.
    fn leaf_spans_in(&self, sentence: Span) -> &[LeafSpan] {
        let start = self.leaf_spans.partition_point(|leaf| leaf.span.start < sentence.start);
        let end = self.leaf_spans.partition_point(|leaf| leaf.span.start < sentence.end);
        self.leaf_spans.get(start..end).unwrap_or_default()
    }

    /// Chooses the windows that together contain the most different query leaves, with as few windows as possible.
    /// Returns the windows in the order in which they were chosen.
    fn choose_fewest_windows_with_most_leaves(&self) -> Vec<HighlightWindow> {
        let leaf_count = self
            .leaf_spans
            .iter()
            .map(|leaf_span| leaf_span.leaf_index)
            .collect::<BTreeSet<_>>()
            .len();
        let max_windows =
            self.max_fragments.min(leaf_count).min(self.max_columns / MIN_FRAGMENT_COLUMNS).max(1);
        let covered_leaf_count = |windows: &[HighlightWindow]| {
            windows.iter().map(|window| window.new_leaves.len()).sum::<usize>()
        };
        let mut best_windows = Vec::new();
        for window_count in 1..=max_windows {
            let windows = self.choose_windows_greedily(window_count);
            if covered_leaf_count(&windows) > covered_leaf_count(&best_windows) {
                best_windows = windows;
            }
            if covered_leaf_count(&best_windows) == leaf_count {
                break;
            }
        }
        best_windows
    }

    /// Chooses up to `max_windows` windows by a greedy algorithm. The windows share the width of the snippet equally.
    /// Each window contains the most query leaves that no earlier window contains. If several windows contain equally
    /// many query leaves, prefers the window with the least text between its highlights, then a window in a sentence
    /// with more occurrences.
    fn choose_windows_greedily(&self, max_windows: usize) -> Vec<HighlightWindow> {
        let mut windows: Vec<HighlightWindow> = Vec::new();
        let mut covered_leaf_indexes = BTreeSet::new();
        while windows.len() < max_windows {
            let sentence_windows = self.sentences.iter().filter_map(|&sentence| {
                let leaf_spans = self.leaf_spans_in(sentence);
                let window = self.window_with_most_new_leaves(
                    leaf_spans,
                    self.max_columns / max_windows,
                    &covered_leaf_indexes,
                )?;
                Some((window, leaf_spans.len()))
            });
            let best_window = sentence_windows.max_by_key(|(window, occurrence_count)| {
                (
                    window.new_leaves.len(),
                    Reverse(window.gap_columns),
                    *occurrence_count,
                    Reverse(window.span.start),
                )
            });
            let Some((window, _)) = best_window else { break };
            covered_leaf_indexes.extend(window.new_leaves.iter().copied());
            windows.push(window);
        }
        windows
    }

    /// Returns the window of at most `max_columns` columns that contains the most query leaves outside
    /// `covered_leaf_indexes`. Of several such windows, returns the one with the least text between its occurrences.
    /// `None` if every occurrence belongs to one of `covered_leaf_indexes`. A single occurrence may be wider than
    /// `max_columns`.
    fn window_with_most_new_leaves(
        &self,
        leaf_spans: &[LeafSpan],
        max_columns: usize,
        covered_leaf_indexes: &BTreeSet<usize>,
    ) -> Option<HighlightWindow> {
        let new_leaf_spans: Vec<LeafSpan> = leaf_spans
            .iter()
            .filter(|leaf_span| !covered_leaf_indexes.contains(&leaf_span.leaf_index))
            .copied()
            .collect();
        let mut best_window: Option<HighlightWindow> = None;
        let mut leaf_counts: BTreeMap<usize, usize> = BTreeMap::new();
        let mut first_index = 0;
        for (last_index, last) in new_leaf_spans.iter().enumerate() {
            *leaf_counts.entry(last.leaf_index).or_default() += 1;
            while let Some(first) =
                new_leaf_spans.get(first_index).filter(|_| first_index < last_index)
            {
                let is_redundant =
                    leaf_counts.get(&first.leaf_index).is_some_and(|&count| count > 1);
                let columns = self.width_in_columns(Span::new(first.span.start, last.span.end));
                if !is_redundant && columns <= max_columns {
                    break;
                }
                if let Some(count) = leaf_counts.get_mut(&first.leaf_index) {
                    *count -= 1;
                }
                first_index += 1;
            }
            leaf_counts.retain(|_, count| *count > 0);
            let window_spans = new_leaf_spans.get(first_index..=last_index).unwrap_or_default();
            let window =
                self.window_over_leaf_spans(window_spans, leaf_counts.keys().copied().collect());
            let rank =
                |window: &HighlightWindow| (window.new_leaves.len(), Reverse(window.gap_columns));
            if best_window.as_ref().is_none_or(|best| rank(&window) > rank(best)) {
                best_window = Some(window);
            }
        }
        best_window
    }

    /// Returns the window from the start of the first to the end of the last of `leaf_spans`. `new_leaves` are the
    /// query leaves that occur in no earlier window.
    fn window_over_leaf_spans(
        &self,
        leaf_spans: &[LeafSpan],
        new_leaves: BTreeSet<usize>,
    ) -> HighlightWindow {
        let start = leaf_spans.first().map_or(0, |first| first.span.start);
        let span = Span::new(start, leaf_spans.last().map_or(start, |last| last.span.end));
        let highlighted_columns: usize =
            leaf_spans.iter().map(|leaf| self.width_in_columns(leaf.span)).sum();
        HighlightWindow {
            span,
            new_leaves,
            gap_columns: self.width_in_columns(span).saturating_sub(highlighted_columns),
        }
    }

    /// Returns the sentence that contains `window`. If a phrase crosses the end of a sentence, the span extends to the
    /// end of the last sentence in which the phrase occurs.
    fn sentence_around(&self, window: Span) -> Span {
        let first_index = self.sentences.partition_point(|sentence| sentence.end <= window.start);
        let last_index = self.sentences.partition_point(|sentence| sentence.end < window.end);
        let sentence_ends = self.sentences.get(first_index).zip(self.sentences.get(last_index));
        sentence_ends.map_or(window, |(first, last)| Span::new(first.start, last.end))
    }

    /// Returns the fragments around the windows. If the whole sentences around all windows together fit the width of
    /// the snippet, the fragments are these sentences. If not, short sentences stay whole, and long sentences are cut
    /// so that their windows share the remaining width. Without a window, returns the start of the first sentence.
    fn fragments_around(&self, windows: &[HighlightWindow], analyzer: &Analyzer) -> Vec<Span> {
        let first_sentence = self.sentences.first().copied().unwrap_or_default();
        let mut windows_by_sentence: BTreeMap<Span, Vec<Span>> = BTreeMap::new();
        for window in windows {
            let sentence = self.sentence_around(window.span);
            windows_by_sentence.entry(sentence).or_default().push(window.span);
        }
        if windows.is_empty() {
            let start = Span::new(first_sentence.start, first_sentence.start);
            windows_by_sentence.insert(first_sentence, vec![start]);
        }
        let mut windows_of_sentences: Vec<(Span, Vec<Span>)> =
            windows_by_sentence.into_iter().collect();
        windows_of_sentences.sort_by_key(|(sentence, windows)| {
            self.width_in_columns(*sentence) / windows.len().max(1)
        });
        let mut remaining_columns = self.max_columns;
        let mut remaining_windows: usize =
            windows_of_sentences.iter().map(|(_, windows)| windows.len()).sum();
        let mut fragments = Vec::new();
        for (sentence, windows) in windows_of_sentences {
            let columns_per_window = remaining_columns / remaining_windows.max(1);
            let sentence_columns = self.width_in_columns(sentence);
            remaining_windows -= windows.len();
            if sentence_columns <= columns_per_window * windows.len() {
                fragments.push(sentence);
                remaining_columns -= sentence_columns;
                continue;
            }
            for window in windows {
                let excerpt = excerpt(self.text, sentence, window, columns_per_window, analyzer);
                remaining_columns =
                    remaining_columns.saturating_sub(self.width_in_columns(excerpt));
                fragments.push(excerpt);
            }
        }
        join_spans_with_blank_gaps(self.text, fragments)
    }

    /// Uses the remaining width: adds further sentences with highlights, adds the text between two fragments, and
    /// extends a single fragment by the sentences around it.
    fn fill_remaining_width(&self, fragments: Vec<Span>) -> Vec<Span> {
        let fragments = self.add_sentences_with_highlights(fragments);
        let fragments = self.join_fragments_if_gap_fits(fragments);
        match fragments.as_slice() {
            [fragment] => vec![self.extend_by_whole_sentences(*fragment)],
            _ => fragments,
        }
    }

    /// Returns the number of terminal columns that `fragments` leave free in the snippet.
    fn remaining_columns(&self, fragments: &[Span]) -> usize {
        let used_columns: usize = fragments.iter().map(|&span| self.width_in_columns(span)).sum();
        self.max_columns.saturating_sub(used_columns)
    }

    /// Adds the sentences with highlights that fit, first the sentences with the most different query leaves.
    fn add_sentences_with_highlights(&self, mut fragments: Vec<Span>) -> Vec<Span> {
        let leaf_count = |sentence: Span| {
            let leaves = self.leaf_spans_in(sentence).iter().map(|leaf_span| leaf_span.leaf_index);
            leaves.collect::<BTreeSet<_>>().len()
        };
        let mut further_sentences: Vec<Span> = self
            .sentences
            .iter()
            .filter(|&&sentence| leaf_count(sentence) > 0)
            .filter(|sentence| !fragments.iter().any(|span| overlaps(*span, **sentence)))
            .copied()
            .collect();
        further_sentences.sort_by_key(|&sentence| Reverse(leaf_count(sentence)));
        for sentence in further_sentences {
            if self.width_in_columns(sentence) > self.remaining_columns(&fragments) {
                continue;
            }
            let mut extended_fragments = fragments.clone();
            extended_fragments.push(sentence);
            let extended_fragments = join_spans_with_blank_gaps(self.text, extended_fragments);
            if extended_fragments.len() <= self.max_fragments {
                fragments = extended_fragments;
            }
        }
        fragments
    }

    /// Joins adjacent fragments if the text between them fits.
    fn join_fragments_if_gap_fits(&self, fragments: Vec<Span>) -> Vec<Span> {
        let mut remaining_columns = self.remaining_columns(&fragments);
        let mut joined_fragments: Vec<Span> = Vec::new();
        for fragment in fragments {
            let gap_columns = joined_fragments
                .last()
                .map(|last| self.width_in_columns(Span::new(last.end, fragment.start)));
            match (joined_fragments.last_mut(), gap_columns) {
                (Some(last), Some(gap_columns)) if gap_columns <= remaining_columns => {
                    last.end = fragment.end;
                    remaining_columns -= gap_columns;
                }
                _ => joined_fragments.push(fragment),
            }
        }
        joined_fragments
    }

    /// Extends a fragment by the whole sentences that follow it, as long as they fit, then by the whole sentences that
    /// precede it.
    fn extend_by_whole_sentences(&self, fragment: Span) -> Span {
        let following_sentences =
            self.sentences.iter().filter(|sentence| sentence.start >= fragment.end);
        let preceding_sentences =
            self.sentences.iter().rev().filter(|sentence| sentence.end <= fragment.start);
        following_sentences.chain(preceding_sentences).fold(fragment, |fragment, sentence| {
            let extended_fragment =
                Span::new(fragment.start.min(sentence.start), fragment.end.max(sentence.end));
            let adjoins = is_blank_between(self.text, fragment.end, sentence.start)
                || is_blank_between(self.text, sentence.end, fragment.start);
            if adjoins && self.width_in_columns(extended_fragment) <= self.max_columns {
                extended_fragment
            } else {
                fragment
            }
        })
    }
}

fn overlaps(left: Span, right: Span) -> bool {
    left.start < right.end && right.start < left.end
}

/// Returns whether only white space lies between `start` and `end`, where `start` is not after `end`.
fn is_blank_between(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end).is_some_and(|gap| gap.trim().is_empty())
}

/// Sorts spans, and joins spans that overlap or have only white space in between.
fn join_spans_with_blank_gaps(text: &str, mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined_spans: Vec<Span> = Vec::new();
    for span in spans {
        match joined_spans.last_mut() {
            Some(last)
                if span.start <= last.end || is_blank_between(text, last.end, span.start) =>
            {
                last.end = last.end.max(span.end);
            }
            _ => joined_spans.push(span),
        }
    }
    joined_spans
}

/// Returns the fragments at `spans`. A highlight that crosses an end of a fragment is cut there.
pub(super) fn fragments_from_spans(
    text: &str,
    spans: &[Span],
    highlights: &[Span],
) -> Vec<Fragment> {
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
