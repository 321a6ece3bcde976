//! Removes running heads, running feet and page numbers from the lines of all pages.
//!
//! Repetition alone is weak evidence: in a file that bundles several documents, the first lines of the documents are
//! alike. So a repeated line is removed only if it is near the edge of the page, is not a heading, and is set apart
//! from the text of the page by its distance or by small letters. Repeated lines have the same numbers, except for a
//! page number. Another number may count something else, such as the day in the datelines of the bundled documents.

use std::collections::{BTreeMap, HashSet};

use super::{
    layout::TextLayout,
    line::Line,
    lines::Page,
    page_number::{is_at_page_number_position, is_page_number, pattern_and_numbers},
};
use crate::document::left_out::{LeftOut, LeftOutReason};

/// Number of lines at the top of a page, and also at its bottom, that are checked for running heads and feet.
const CHECKED_EDGE_LINE_COUNT: usize = 3;
/// Step, in points, to which the vertical positions of lines on the page are rounded. Lines whose rounded positions
/// differ by at most one step count as lines at the same position.
const LINE_POSITION_STEP: f32 = 8.0;
/// Minimum gap between a running head and the text of the page, as a multiple of the line spacing. Applies to a running
/// head in letters of the text size.
const MIN_RUNNING_HEAD_GAP_LEADINGS: f32 = 1.6;
/// Maximum letter size of small letters, as a multiple of the letter size of the text.
const MAX_SMALL_LETTER_SIZE_RATIO: f32 = 0.9;
/// Maximum letter size of a running head, as a multiple of the letter size of the text. A line in larger letters is a
/// heading.
const MAX_RUNNING_HEAD_SIZE_RATIO: f32 = 1.05;

/// Maximum distance between the edge of the page and a running head in small letters, as a fraction of the page height.
const MAX_SMALL_RUNNING_HEAD_MARGIN: f32 = 0.15;
/// Maximum distance between the edge of the page and a running head whose letters are as large as those of the text, as
/// a fraction of the page height.
const MAX_TEXT_SIZE_RUNNING_HEAD_MARGIN: f32 = 0.12;
/// Minimum number of pages with the same running head if its letters are as large as those of the text. Does not apply
/// if a number in the running head counts the pages, or if all pages are numbered.
const MIN_PAGES_WITH_RUNNING_HEAD: usize = 3;

/// Line at the top or the bottom of a page, with the data by which it is compared with lines of other pages.
struct EdgeLine {
    /// Index of the page that contains the line.
    page_index: usize,
    /// Index of the line on its page.
    line_index: usize,
    /// Whether the line is among the upper half of the lines of its page.
    is_at_top: bool,
    /// Whether the line is the first or the last of its page, by height.
    is_outermost: bool,
    /// Text of the line in lower case, without white space, with `#` in place of each number.
    pattern: String,
    /// Vertical position of the line on its page, in steps of [`LINE_POSITION_STEP`].
    position_step: i64,
    /// Numbers in the text of the line.
    numbers: Vec<u64>,
}

/// Removes page numbers and running heads from the top and the bottom of each page. Returns the remaining lines of each
/// page, and the removed texts. A running head is a line that is repeated at the same height on many pages, with the
/// same text or with the number of the page.
pub(super) fn remove_running_heads(pages: Vec<Page>) -> (Vec<Vec<Line>>, Vec<LeftOut>) {
    let vertical_ranges = pages.iter().map(|page| page.vertical_range).collect();
    let (pages, left_out): (Vec<Vec<Line>>, Vec<Vec<LeftOut>>) =
        pages.into_iter().map(|page| (page.lines, page.left_out)).unzip();
    let mut left_out = left_out.concat();
    let edge_lines: Vec<EdgeLine> = pages.iter().enumerate().flat_map(page_edge_lines).collect();
    let repeated_groups = repeated_line_groups(&edge_lines, pages.len());
    let layout = TextLayout::measure(pages.iter().flatten());
    let repeated_line_keys =
        repeated_groups.iter().flatten().map(|line| (line.page_index, line.line_index)).collect();
    let page_lines = LinesOfAllPages { pages: &pages, vertical_ranges, layout, repeated_line_keys };
    let mut removal_reasons: BTreeMap<(usize, usize), LeftOutReason> = BTreeMap::new();
    // Pages with consecutive numbers belong to one document, so two of them suffice.
    let are_pages_numbered = page_lines.are_all_pages_numbered(&edge_lines);
    for group in &repeated_groups {
        let counts_pages = group
            .windows(2)
            .any(|pair| matches!(pair, [line, next] if line.numbers != next.numbers));
        let max_size_ratio =
            if group.len() >= MIN_PAGES_WITH_RUNNING_HEAD || counts_pages || are_pages_numbered {
                MAX_RUNNING_HEAD_SIZE_RATIO
            } else {
                MAX_SMALL_LETTER_SIZE_RATIO
            };
        let is_running_head = |edge_line: &&&EdgeLine| {
            page_lines.is_set_apart_from_text(edge_line)
                && page_lines.is_near_page_edge(edge_line, max_size_ratio)
        };
        let running_heads = group.iter().filter(is_running_head).count();
        if running_heads * 2 > group.len() {
            let keys = group.iter().map(|edge_line| (edge_line.page_index, edge_line.line_index));
            removal_reasons.extend(keys.map(|key| (key, LeftOutReason::RunningHead)));
        }
    }
    for edge_line in &edge_lines {
        if page_lines.is_page_number(edge_line) {
            removal_reasons
                .insert((edge_line.page_index, edge_line.line_index), LeftOutReason::PageNumber);
        }
    }
    let (remaining_pages, removed_lines) = remove_lines(pages, &removal_reasons);
    left_out.extend(removed_lines);
    (remaining_pages, left_out)
}

/// Removes the lines whose page index and line index are keys of `removal_reasons`. Returns the other lines of each
/// page, and the removed lines.
fn remove_lines(
    pages: Vec<Vec<Line>>,
    removal_reasons: &BTreeMap<(usize, usize), LeftOutReason>,
) -> (Vec<Vec<Line>>, Vec<LeftOut>) {
    let mut left_out = Vec::new();
    let mut take_from_page = |(page, lines): (usize, Vec<Line>)| {
        let mut remaining_lines = Vec::with_capacity(lines.len());
        for (index, line) in lines.into_iter().enumerate() {
            match removal_reasons.get(&(page, index)) {
                Some(reason) => left_out.extend(LeftOut::new(&line.text, *reason)),
                None => remaining_lines.push(line),
            }
        }
        remaining_lines
    };
    let remaining_pages = pages.into_iter().enumerate().map(&mut take_from_page).collect();
    (remaining_pages, left_out)
}

/// Lines of all pages, with the layout data by which a line is recognized as a running head.
struct LinesOfAllPages<'a> {
    pages: &'a [Vec<Line>],
    /// Heights of the lower and the upper end of each page, where the file states them.
    vertical_ranges: Vec<Option<(f32, f32)>>,
    layout: TextLayout,
    /// Page index and line index of each repeated line.
    repeated_line_keys: HashSet<(usize, usize)>,
}

impl LinesOfAllPages<'_> {
    fn line(&self, edge_line: &EdgeLine) -> Option<&Line> {
        self.pages.get(edge_line.page_index)?.get(edge_line.line_index)
    }

    /// Returns whether a line is the number of its page, set apart from the text of the page.
    fn is_page_number(&self, edge_line: &EdgeLine) -> bool {
        let text = self.line(edge_line).map_or("", |line| line.text.as_str());
        edge_line.is_outermost
            && is_page_number(text, edge_line.page_index, self.pages.len())
            && self.is_set_apart_from_text(edge_line)
    }

    /// Returns whether each page shows its number, and the numbers follow each other.
    fn are_all_pages_numbered(&self, edge_lines: &[EdgeLine]) -> bool {
        let mut numbers: BTreeMap<usize, u64> = BTreeMap::new();
        for edge_line in edge_lines.iter().filter(|edge_line| self.is_page_number(edge_line)) {
            numbers.extend(edge_line.numbers.first().map(|number| (edge_line.page_index, *number)));
        }
        let mut pairs = numbers.values().zip(numbers.values().skip(1));
        numbers.len() == self.pages.len() && pairs.all(|(number, next)| number + 1 == *next)
    }

    /// Returns whether a line is set apart from the text of its page: its letters are small, or a wide gap separates it
    /// from the nearest line that is not repeated. A line in large letters is never apart.
    fn is_set_apart_from_text(&self, edge_line: &EdgeLine) -> bool {
        let Some(line) = self.line(edge_line) else { return false };
        let text_size = self.layout.text_size;
        if line.size > text_size * MAX_RUNNING_HEAD_SIZE_RATIO {
            return false;
        }
        let min_gap = text_size * self.layout.leading * MIN_RUNNING_HEAD_GAP_LEADINGS;
        line.size <= text_size * MAX_SMALL_LETTER_SIZE_RATIO
            || self.widest_gap_to_text(edge_line, line.baseline).is_none_or(|gap| gap >= min_gap)
    }

    /// Returns whether a line is near the edge of its page, and its letter size is at most `max_size_ratio` times the
    /// letter size of the text. A page of unknown height has no edge, so all its lines count as near.
    fn is_near_page_edge(&self, edge_line: &EdgeLine, max_size_ratio: f32) -> bool {
        let Some(line) = self.line(edge_line) else { return false };
        let text_size = self.layout.text_size;
        let max_margin = if line.size <= text_size * MAX_SMALL_LETTER_SIZE_RATIO {
            MAX_SMALL_RUNNING_HEAD_MARGIN
        } else {
            MAX_TEXT_SIZE_RUNNING_HEAD_MARGIN
        };
        let range = self.vertical_ranges.get(edge_line.page_index).copied().flatten();
        let is_near_edge = range.is_none_or(|(bottom, top)| {
            (top - line.baseline).min(line.baseline - bottom) <= (top - bottom) * max_margin
        });
        line.size <= text_size * max_size_ratio && is_near_edge
    }

    /// Returns the widest gap between consecutive lines, from the line `edge_line` inwards to the nearest line that is
    /// not repeated. `None` if the page has no such line. `baseline` is the height of `edge_line`.
    fn widest_gap_to_text(&self, edge_line: &EdgeLine, baseline: f32) -> Option<f32> {
        let page = self.pages.get(edge_line.page_index)?;
        let distance_inwards = |line: &Line| {
            let distance = line.baseline - baseline;
            if edge_line.is_at_top { -distance } else { distance }
        };
        let mut inner_lines: Vec<(f32, bool)> = page
            .iter()
            .enumerate()
            .map(|(index, line)| {
                let is_repeated = self.repeated_line_keys.contains(&(edge_line.page_index, index));
                (distance_inwards(line), is_repeated)
            })
            .filter(|(distance, _)| *distance > 1.0)
            .collect();
        inner_lines.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let first_text = inner_lines.iter().position(|(_, is_repeated)| !is_repeated)?;
        let distances = [0.0].into_iter().chain(inner_lines.iter().map(|(distance, _)| *distance));
        let gaps =
            inner_lines.iter().zip(distances).map(|((distance, _), before)| distance - before);
        gaps.take(first_text + 1).max_by(f32::total_cmp)
    }
}

/// Returns the [`CHECKED_EDGE_LINE_COUNT`] lines nearest to the top of a page, and as many lines nearest to its bottom.
fn page_edge_lines((page_index, lines): (usize, &Vec<Line>)) -> Vec<EdgeLine> {
    let mut indexes: Vec<usize> = (0..lines.len()).collect();
    let height = |index: usize| lines.get(index).map_or(0.0, |line| line.baseline);
    indexes.sort_by(|a, b| height(*b).total_cmp(&height(*a)));
    let last = indexes.len().saturating_sub(1);
    let is_edge =
        |rank: &usize| *rank < CHECKED_EDGE_LINE_COUNT || rank + CHECKED_EDGE_LINE_COUNT > last;
    let edge_ranks = (0..indexes.len()).filter(is_edge);
    edge_ranks
        .filter_map(|rank| {
            let line_index = *indexes.get(rank)?;
            let line = lines.get(line_index)?;
            let (pattern, numbers) = pattern_and_numbers(&line.text);
            Some(EdgeLine {
                page_index,
                line_index,
                is_at_top: rank * 2 < last,
                is_outermost: rank == 0 || rank == last,
                pattern,
                position_step: (line.baseline / LINE_POSITION_STEP).round() as i64,
                numbers,
            })
        })
        .collect()
}

/// Returns the groups of lines that are repeated on at least two pages, and on at least a third of all pages. A third
/// suffices because left and right pages may have different running heads.
fn repeated_line_groups(edge_lines: &[EdgeLine], page_count: usize) -> Vec<Vec<&EdgeLine>> {
    let mut lines_by_pattern: BTreeMap<&str, Vec<&EdgeLine>> = BTreeMap::new();
    for edge_line in edge_lines {
        lines_by_pattern.entry(&edge_line.pattern).or_default().push(edge_line);
    }
    let mut groups: Vec<Vec<&EdgeLine>> = Vec::new();
    for lines in lines_by_pattern.into_values() {
        let mut pattern_groups: Vec<Vec<&EdgeLine>> = Vec::new();
        for edge_line in lines {
            let continued =
                pattern_groups.iter_mut().rev().take(2 * CHECKED_EDGE_LINE_COUNT).find(|group| {
                    group.last().is_some_and(|last| repeats_line_of_earlier_page(last, edge_line))
                });
            match continued {
                Some(group) => group.push(edge_line),
                None => pattern_groups.push(vec![edge_line]),
            }
        }
        groups.extend(pattern_groups);
    }
    groups.retain(|group| group.len() >= 2 && group.len() * 3 >= page_count);
    groups
}

/// Returns whether the line `next` repeats `line`, a line of an earlier page: at the same height, and with the same
/// numbers except for one that counts the pages. The patterns of both lines are equal.
fn repeats_line_of_earlier_page(line: &EdgeLine, next: &EdgeLine) -> bool {
    let is_same_position = (line.position_step - next.position_step).abs() <= 1;
    let pages_between = (next.page_index - line.page_index) as u64;
    let numbers = line.numbers.iter().zip(&next.numbers).enumerate();
    let mut changed_numbers = numbers.filter(|(_, (number, next))| number != next);
    let counts_pages = match (changed_numbers.next(), changed_numbers.next()) {
        (None, _) => true,
        (Some((index, (number, next_number))), None) => {
            number.wrapping_add(pages_between) == *next_number
                && is_at_page_number_position(&next.pattern, index)
        }
        _ => false,
    };
    is_same_position && pages_between > 0 && counts_pages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: usize, text: &str, baseline: f32) -> Line {
        Line {
            page,
            text: text.into(),
            start: 0.0,
            end: 100.0,
            baseline,
            size: 10.0,
            is_bold: false,
        }
    }

    #[test]
    fn repeated_lines_are_removed() {
        let pages = (0..4).map(|page| {
            let mut lines = vec![
                line(page, "Annual Report 2025", 830.0),
                line(page, &format!("Heading {}", ["A", "B", "C", "D"][page]), 780.0),
            ];
            lines.extend(
                (0_u8..6).map(|n| line(page, "the same line", 700.0 - f32::from(n) * 20.0)),
            );
            lines.push(line(
                page,
                &format!("end of page {}", ["one", "two", "three", "four"][page]),
                60.0,
            ));
            lines.push(line(page, &format!("Page {} of 4", page + 1), 20.0));
            lines
        });
        let pages = pages.map(|lines| Page { lines, ..Page::default() });
        let (pages, left_out) = remove_running_heads(pages.collect());
        let count = |reason| left_out.iter().filter(|line| line.reason == reason).count();
        assert_eq!((count(LeftOutReason::RunningHead), count(LeftOutReason::PageNumber)), (4, 4));
        let texts: Vec<&str> = pages[1].iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts.first(), Some(&"Heading B"));
        assert_eq!(texts.last(), Some(&"end of page two"));
        assert!(texts.len() >= 6);
    }

    #[test]
    fn running_heads_of_two_numbered_pages_are_removed() {
        for (numbers, expected) in
            [(["Page 1 of 2", "Page 2 of 2"], 2), (["the end", "the end?"], 0)]
        {
            let pages =
                (0..2).map(|page| {
                    let mut lines = vec![line(page, "Office of Ports – Press Release", 815.0)];
                    lines.extend((0_u8..9).map(|n| {
                        line(page, &format!("text {page} {n}"), 760.0 - f32::from(n) * 14.0)
                    }));
                    lines.push(line(page, numbers[page], 20.0));
                    Page { lines, vertical_range: Some((0.0, 842.0)), ..Page::default() }
                });
            let (_, left_out) = remove_running_heads(pages.collect());
            let heads = left_out.iter().filter(|line| line.reason == LeftOutReason::RunningHead);
            assert_eq!(heads.count(), expected, "{numbers:?}");
        }
    }

    #[test]
    fn documents_of_a_bundle_keep_their_first_and_last_lines() {
        let large = |page, text: &str, baseline| Line { size: 14.0, ..line(page, text, baseline) };
        let pages = (0..3).map(|page| {
            let mut lines = vec![
                large(page, &format!("Statement No. {}", page + 1), 780.0),
                line(page, &format!("HARBOUR, {} May 2025", page + 7), 760.0),
            ];
            lines.extend(
                (0_u8..9)
                    .map(|n| line(page, &format!("text {page} {n}"), 740.0 - f32::from(n) * 14.0)),
            );
            lines.extend([
                line(page, "Votes in favour", 610.0),
                line(page, &(page + 1).to_string(), 596.0),
                line(page, "Carried", 582.0),
            ]);
            lines
        });
        let vertical_range = Some((0.0, 842.0));
        let pages: Vec<Page> =
            pages.map(|lines| Page { lines, vertical_range, ..Page::default() }).collect();
        for page_count in [2, 3] {
            let pages = pages[..page_count].to_vec();
            let (remaining_pages, left_out) = remove_running_heads(pages.clone());
            assert_eq!(left_out, []);
            assert!(remaining_pages.iter().eq(pages.iter().map(|page| &page.lines)));
        }
    }

    #[test]
    fn equal_vote_lines_on_two_pages_are_kept() {
        let text = |page: usize, baseline: f32| {
            line(page, &format!("text {page} at {baseline}"), baseline)
        };
        for baseline in [200.0, 80.0] {
            let pages = (0..2).map(|page| {
                let lines = vec![
                    text(page, 760.0),
                    text(page, 745.0),
                    text(page, 730.0),
                    text(page, 715.0),
                    line(page, "Votes in favour", baseline),
                    line(page, if page == 0 { "12" } else { "15" }, baseline - 20.0),
                    line(page, "Carried", baseline - 40.0),
                ];
                Page { lines, vertical_range: Some((0.0, 842.0)), ..Page::default() }
            });
            let (remaining_pages, left_out) = remove_running_heads(pages.collect());
            assert_eq!((remaining_pages[1].len(), left_out), (7, vec![]), "{baseline}");
        }
    }
}
