//! Adds rotated lines to their pages, and leaves out watermarks. A line is rotated if most of the text of its page has
//! another rotation: labels of diagrams and tables, stamps and watermarks.
//!
//! A watermark is large, or is on several pages. All other rotated text belongs to the page, and follows its lines.

use std::collections::{BTreeMap, BTreeSet};

use super::{layout::TextLayout, line::Line};
use crate::{
    document::left_out::{LeftOut, LeftOutReason},
    script::is_spaceless,
};

/// Minimum letter size of a watermark, as a multiple of the letter size of the text.
const MIN_WATERMARK_SIZE_RATIO: f32 = 2.5;
/// Minimum number of letters of a rotated line that is text. A line with fewer letters is a value on the axis of a
/// diagram, unless it has a year. A character of a script without spaces counts as two letters.
const MIN_LETTERS_OF_ROTATED_TEXT: usize = 2;
/// Number of digits of a year. A rotated line with at least this number of digits is text, not a value on an axis.
const YEAR_DIGIT_COUNT: usize = 4;
/// Distance by which rotated lines are moved below the page, in points, so that they do not continue a paragraph of the
/// page.
const ROTATED_LINES_DISTANCE_BELOW_PAGE: f32 = 100_000.0;

/// Adds the rotated lines of each page to the other lines of the page. Adds watermarks and values on the axes of
/// diagrams to `left_out` instead.
pub(super) fn add_rotated_lines(
    pages: &mut [Vec<Line>],
    rotated_lines: Vec<Vec<Line>>,
    left_out: &mut Vec<LeftOut>,
) {
    let text_size = TextLayout::measure(pages.iter().flatten()).text_size;
    let mut pages_of_text: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for line in rotated_lines.iter().flatten() {
        pages_of_text.entry(letters_and_digits(&line.text)).or_default().insert(line.page);
    }
    for (page, lines) in pages.iter_mut().zip(rotated_lines) {
        for mut line in lines {
            let letters = letters_and_digits(&line.text);
            let is_repeated = pages_of_text.get(&letters).is_some_and(|pages| pages.len() > 1);
            let is_large = line.size >= text_size * MIN_WATERMARK_SIZE_RATIO;
            if is_repeated || is_large || is_axis_value(&letters) {
                left_out.extend(LeftOut::new(&line.text, LeftOutReason::Watermark));
                continue;
            }
            line.baseline -= ROTATED_LINES_DISTANCE_BELOW_PAGE;
            // A rotated line is never a heading.
            line.size = line.size.min(text_size);
            line.is_bold = false;
            page.push(line);
        }
    }
}

/// Returns whether a line is a value on the axis of a diagram. `letters` are the letters and digits of the line.
fn is_axis_value(letters: &str) -> bool {
    let letters_of_char =
        |c: char| if is_spaceless(c) { 2 } else { usize::from(c.is_alphabetic()) };
    let letter_count: usize = letters.chars().map(letters_of_char).sum();
    let digit_count = letters.chars().filter(char::is_ascii_digit).count();
    letter_count < MIN_LETTERS_OF_ROTATED_TEXT && digit_count < YEAR_DIGIT_COUNT
}

/// Returns the letters and digits of a text in lower case.
fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: usize, text: &str, size: f32) -> Line {
        Line {
            page,
            text: text.into(),
            start: 0.0,
            end: 100.0,
            baseline: 50.0,
            size,
            is_bold: false,
        }
    }

    #[test]
    fn rotated_labels_are_text_and_watermarks_are_left_out() {
        let mut pages: Vec<Vec<Line>> =
            (0..2).map(|page| vec![line(page, "The port opened.", 10.0)]).collect();
        let rotated_lines = vec![
            vec![
                line(0, "日", 9.0),
                line(0, "2020", 20.0),
                line(0, "Copy 7", 10.0),
                line(0, "25", 9.0),
            ],
            vec![line(1, "DRAFT", 60.0), line(1, "COPY 7", 10.0)],
        ];
        let mut left_out = Vec::new();
        add_rotated_lines(&mut pages, rotated_lines, &mut left_out);
        let texts: Vec<&str> = pages.iter().flatten().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["The port opened.", "日", "2020", "The port opened."]);
        let left_out: Vec<&str> = left_out.iter().map(|left_out| left_out.text.as_str()).collect();
        assert_eq!(left_out, ["Copy 7", "25", "DRAFT", "COPY 7"]);
    }
}
