//! Measures the text size and the line spacing of a document, and joins lines into paragraphs.

use std::collections::BTreeMap;

use super::{
    line::Line,
    paragraph::{Paragraph, begins_list_item, ends_sentence},
};
use crate::{
    document::metadata::date_line::{DateLabel, DateLine},
    script::{is_han, is_spaceless},
};

/// Text size, in points, that is assumed for a document without text.
const DEFAULT_TEXT_SIZE: f32 = 10.0;
/// Line spacing, as a multiple of the text size, that is assumed for a document with too few lines.
const DEFAULT_LEADING: f32 = 1.2;
/// Range of the baseline distances that are measured as line spacing, as multiples of the text size. A smaller
/// distance belongs to raised or lowered text, and a larger distance separates paragraphs.
const LINE_SPACING_SIZE_RATIO_RANGE: std::ops::Range<f32> = 0.9..2.6;
/// Minimum letter size of running text, as a multiple of the text size. Paragraphs in smaller
/// letters at the foot of a page are footnotes.
const MIN_RUNNING_TEXT_SIZE_RATIO: f32 = 0.93;
/// Minimum length, in characters, of the last line of a page whose paragraph continues on the next
/// page.
const MIN_CONTINUED_LINE_CHARS: usize = 13;
/// Minimum width of the last line of a page whose paragraph continues on the next page, as a multiple of the text size.
/// Applies only if the next page begins neither with a lower-case letter nor with a character of a script without
/// spaces.
const MIN_CONTINUED_LINE_WIDTH_RATIO: f32 = 20.0;

/// Minimum letter size of a title of several centred lines, as a multiple of the text size.
const MIN_LARGE_SIZE_RATIO: f32 = 1.12;
/// Additional tolerance for the distance between the centres of two title lines, as a fraction of the width of the
/// title. A file may lack the widths of its letters, which makes the ends of the lines uncertain.
const TITLE_CENTRE_TOLERANCE_RATIO: f32 = 0.1;

/// Maximum number of characters of a line that consists of a date.
const MAX_DATE_LINE_CHARS: usize = 30;
/// Minimum distance between the left ends of running text and of a line that is set apart from it, such as a
/// signature, as a multiple of the text size. Larger than the indent of the first line of a paragraph.
const MIN_SIGNATURE_INDENT_SIZE_RATIO: f32 = 4.0;

/// Letter size, line spacing and width of most of the text of a document.
pub(super) struct TextLayout {
    /// Letter size of most of the text, in points.
    pub(super) text_size: f32,
    /// Distance between baselines, as a multiple of the text size.
    pub(super) leading: f32,
    /// Distance of the left end of most lines from the left of the page, in points.
    left_edge: f32,
    /// Distance of the right end of the longest line from the left of the page, in points.
    right_edge: f32,
}

impl TextLayout {
    /// Measures the letter size and the line spacing of most of the text in `lines`.
    pub(super) fn measure<'a>(lines: impl Iterator<Item = &'a Line> + Clone) -> Self {
        let sizes = lines.clone().map(|line| (line.size, line.text.chars().count()));
        let text_size = weighted_mode(sizes).unwrap_or(DEFAULT_TEXT_SIZE);
        let is_text = |line: &Line| (line.size - text_size).abs() < 0.5;
        let text_lines = lines.clone().filter(|line| is_text(line));
        let left_edges = text_lines.clone().map(|line| (line.start, line.text.chars().count()));
        let left_edge = weighted_mode(left_edges).unwrap_or_default();
        let right_edge = text_lines.map(|line| line.end).fold(left_edge, f32::max);
        let leadings = lines.clone().zip(lines.skip(1)).filter_map(|(line, next)| {
            let leading = (line.baseline - next.baseline) / line.size.max(1.0);
            (is_text(line) && is_text(next) && LINE_SPACING_SIZE_RATIO_RANGE.contains(&leading))
                .then_some((leading, 1))
        });
        let leading = weighted_mode(leadings).unwrap_or(DEFAULT_LEADING);
        Self { text_size, leading, left_edge, right_edge }
    }

    /// Joins lines into paragraphs.
    pub(super) fn join_lines_into_paragraphs(&self, lines: Vec<Line>) -> Vec<Paragraph> {
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        for line in lines {
            // Running text on a new page may continue the paragraph that is above the footnotes of
            // the previous page.
            let footnotes = paragraphs.iter().rev().take_while(|paragraph| {
                paragraph.lines.last().is_some_and(|last| {
                    last.page != line.page
                        && last.size < self.text_size * MIN_RUNNING_TEXT_SIZE_RATIO
                        && line.size >= self.text_size * MIN_RUNNING_TEXT_SIZE_RATIO
                })
            });
            let footnote_count = footnotes.count().min(paragraphs.len().saturating_sub(1));
            let paragraph_index = (paragraphs.len() - footnote_count).saturating_sub(1);
            let paragraph_and_footnotes = paragraphs.get_mut(paragraph_index..).unwrap_or_default();
            match paragraph_and_footnotes {
                [paragraph, footnotes @ ..] if self.continues_paragraph(paragraph, &line) => {
                    let first_page = paragraph.page();
                    let is_on_first_page = footnotes.iter().all(|note| note.page() == first_page);
                    paragraph.lines.push(line);
                    // The footnotes precede the paragraph that goes on after their page, so that the text of each page
                    // follows the text of the page before it.
                    if is_on_first_page {
                        paragraph_and_footnotes.rotate_left(1);
                    }
                }
                _ => paragraphs.push(Paragraph { lines: vec![line] }),
            }
        }
        paragraphs
    }

    /// Returns whether a line break separates a Chinese date line from the line before or after it: the date below the
    /// name of an office, or a note below the date. `last` is the line before `line`.
    fn separates_date_line(&self, last: &Line, line: &Line) -> bool {
        let is_indented =
            last.start > self.left_edge + self.text_size * MIN_SIGNATURE_INDENT_SIZE_RATIO;
        if is_chinese_date_line(&last.text) {
            let is_left =
                line.start < last.start - self.text_size * MIN_SIGNATURE_INDENT_SIZE_RATIO;
            return is_indented && (is_left || line.text.starts_with(['（', '(']));
        }
        let fits_in_last_line = last.end + (line.end - line.start) < self.right_edge;
        is_chinese_date_line(&line.text)
            && last.text.ends_with(is_han)
            && (fits_in_last_line || is_indented)
    }

    /// Returns whether `line` continues a paragraph.
    fn continues_paragraph(&self, paragraph: &Paragraph, line: &Line) -> bool {
        let (Some(first_line), Some(last_line)) = (paragraph.lines.first(), paragraph.lines.last())
        else {
            return false;
        };
        let is_same_size =
            (last_line.size - line.size).abs() <= last_line.size.max(line.size) * 0.1;
        if !is_same_size || begins_list_item(&line.text) {
            return false;
        }
        if self.separates_date_line(last_line, line) {
            return false;
        }
        // A bold line above text is a heading, unless it is the last line of a paragraph of several
        // lines. A bold line below other text begins a new paragraph.
        if last_line.is_bold != line.is_bold && (paragraph.lines.len() == 1 || line.is_bold) {
            return false;
        }
        let base_line_distance = last_line.baseline - line.baseline;
        let letter_size = last_line.size.max(1.0);
        if last_line.page != line.page || base_line_distance < -letter_size * 0.5 {
            return self.continues_across_page_or_column(last_line, line);
        }
        let is_same_row = base_line_distance < letter_size * 0.5;
        let is_far_below = base_line_distance > letter_size * self.leading.max(1.0) * 1.3 + 0.5;
        let is_beside = line.start > last_line.end || line.end < last_line.start;
        if is_same_row || is_far_below || is_beside {
            return false;
        }
        let left_edge = paragraph.lines.iter().map(|line| line.start).fold(f32::MAX, f32::min);
        let right_edge = paragraph.lines.iter().map(|line| line.end).fold(line.end, f32::max);
        let width = (right_edge - left_edge).max(letter_size);
        let is_indented = line.start > left_edge + letter_size * 0.8;
        let is_hanging_indent = paragraph.lines.len() == 1 && begins_list_item(&first_line.text);
        // A centred line has the same centre as the previous line. In large letters, the two lines are a title, and the
        // end of a line is uncertain if the file has no widths of its letters.
        let is_large = letter_size > self.text_size * MIN_LARGE_SIZE_RATIO;
        let uncertainty = if is_large { width * TITLE_CENTRE_TOLERANCE_RATIO } else { 0.0 };
        let centre_shift =
            ((last_line.start + last_line.end) - (line.start + line.end)).abs() / 2.0;
        let is_centred = centre_shift < letter_size * 0.25 + uncertainty;
        if is_indented && !is_hanging_indent && !is_centred {
            // An indented line below a list item of several lines belongs to the list item.
            return begins_list_item(&first_line.text)
                && paragraph.lines.len() > 1
                && line.start <= last_line.start + letter_size * 0.5;
        }
        let is_last_line_short = last_line.end < right_edge - width * 0.12 - letter_size
            && ends_sentence(&last_line.text);
        !is_last_line_short
    }

    /// Returns whether `line` continues the paragraph that ends with the line `last`. `line` is at
    /// the top of a page or column, and `last` is at the bottom of the preceding page or column.
    fn continues_across_page_or_column(&self, last: &Line, line: &Line) -> bool {
        let is_text = |line: &Line| (line.size - self.text_size).abs() <= self.text_size * 0.1;
        let begins_mid_sentence =
            line.text.starts_with(|c: char| c.is_lowercase() || is_spaceless(c));
        let ends_paragraph = ends_sentence(&last.text) || last.text.ends_with([':', '：']);
        let ends_mid_sentence =
            last.text.ends_with(|c: char| c.is_alphanumeric() || ",，、;；-–".contains(c));
        let is_wide = last.end - last.start > self.text_size * MIN_CONTINUED_LINE_WIDTH_RATIO;
        is_text(last)
            && is_text(line)
            && !ends_paragraph
            && last.text.chars().count() >= MIN_CONTINUED_LINE_CHARS
            && (begins_mid_sentence || (ends_mid_sentence && is_wide))
    }
}

/// Returns whether a line consists of a date, and the date is in Chinese or in digits.
fn is_chinese_date_line(text: &str) -> bool {
    text.chars().all(|c| !c.is_ascii_alphabetic())
        && text.chars().nth(MAX_DATE_LINE_CHARS).is_none()
        && DateLine::parse(text).is_some_and(|line| line.label == DateLabel::None)
}

/// Returns the value with the largest total weight. `None` if there are no values. Values are rounded to tenths. Each
/// item of `values` is a value and its weight.
fn weighted_mode(values: impl Iterator<Item = (f32, usize)>) -> Option<f32> {
    let mut weights: BTreeMap<i64, usize> = BTreeMap::new();
    for (value, weight) in values {
        *weights.entry((value * 10.0).round() as i64).or_default() += weight;
    }
    let (value, _) = weights.into_iter().max_by_key(|(value, weight)| (*weight, -value))?;
    Some(value as f32 / 10.0)
}
