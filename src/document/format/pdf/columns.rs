//! Puts the lines of two columns of running text into reading order, where a file draws the columns row by row.
//!
//! The cells of a table are side by side as well. Running text differs: its lines fill their column, and many of them
//! end in the middle of a sentence.

use std::mem;

use super::{line::Line, paragraph::ends_sentence};
use crate::script::is_spaceless;

/// Minimum number of rows with a line in both columns.
const MIN_ROWS_WITH_BOTH_COLUMNS: usize = 6;
/// Minimum distance between the columns, as a multiple of the letter size.
const MIN_GUTTER_SIZE_RATIO: f32 = 0.8;
/// Maximum distance between consecutive rows, as a multiple of the letter size. Farther rows belong to other columns.
const MAX_ROW_DISTANCE_SIZE_RATIO: f32 = 3.2;
/// Maximum indent of a line in its column, as a multiple of the letter size.
const MAX_INDENT_SIZE_RATIO: f32 = 3.0;
/// Minimum average length of the lines of running text, in ems.
const MIN_AVERAGE_LINE_EMS: f32 = 9.0;
/// Minimum length of a full line, as a fraction of the width of its column.
const MIN_FULL_LINE_WIDTH_RATIO: f32 = 0.75;

/// Returns the lines of a page in reading order: where two columns of running text were drawn row by row, the lines of
/// the left column precede the lines of the right column.
pub(super) fn order_columns(lines: Vec<Line>) -> Vec<Line> {
    let mut ordered_lines = Vec::with_capacity(lines.len());
    let mut columns = PossibleTextColumns::default();
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let right_line = lines.next_if(|next| is_beside(&line, next));
        let is_right = right_line.is_none() && line.start >= columns.right_column_start;
        let row = if is_right { (None, Some(line)) } else { (Some(line), right_line) };
        if !columns.is_continued_by_row(&row) {
            mem::take(&mut columns).append_in_reading_order(&mut ordered_lines);
        }
        columns.push(row);
    }
    columns.append_in_reading_order(&mut ordered_lines);
    ordered_lines
}

/// Returns whether `next` begins to the right of the end of `line`, on the same baseline and in the same letter size.
fn is_beside(line: &Line, next: &Line) -> bool {
    (line.baseline - next.baseline).abs() < line.size * 0.3
        && (line.size - next.size).abs() < line.size * 0.15
        && next.start >= line.end + line.size * MIN_GUTTER_SIZE_RATIO
}

/// Lines of the left and the right column at one height of the page. `None` for a column without a line at this height.
type LeftAndRightLine = (Option<Line>, Option<Line>);

/// Consecutive rows of lines that may form two columns of text. Positions are in points, from the left and the bottom
/// of the page.
#[derive(Debug)]
struct PossibleTextColumns {
    rows: Vec<LeftAndRightLine>,
    /// Baseline of the last row.
    baseline: f32,
    /// Left end of the left column.
    left_column_start: f32,
    /// Right end of the left column.
    left_column_end: f32,
    /// Left end of the right column. Infinite until a row has a right line.
    right_column_start: f32,
}

impl Default for PossibleTextColumns {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            baseline: 0.0,
            left_column_start: f32::INFINITY,
            left_column_end: f32::NEG_INFINITY,
            right_column_start: f32::INFINITY,
        }
    }
}

impl PossibleTextColumns {
    /// Returns whether a row continues the columns: it follows at a small distance, and its lines begin near the left
    /// ends of the columns.
    fn is_continued_by_row(&self, row: &LeftAndRightLine) -> bool {
        let Some(line) = row.0.as_ref().or(row.1.as_ref()).filter(|_| !self.rows.is_empty()) else {
            return self.rows.is_empty();
        };
        let size = line.size.max(1.0);
        let starts_near = |line: Option<&Line>, column_start: f32| {
            line.is_none_or(|line| {
                column_start.is_infinite()
                    || (line.start - column_start).abs() <= size * MAX_INDENT_SIZE_RATIO
            })
        };
        let left_column_end =
            row.0.as_ref().map_or(self.left_column_end, |left| left.end.max(self.left_column_end));
        let right_column_start = row
            .1
            .as_ref()
            .map_or(self.right_column_start, |right| right.start.min(self.right_column_start));
        (0.5..MAX_ROW_DISTANCE_SIZE_RATIO).contains(&((self.baseline - line.baseline) / size))
            && left_column_end + size * MIN_GUTTER_SIZE_RATIO * 0.5 <= right_column_start
            && starts_near(row.0.as_ref(), self.left_column_start)
            && starts_near(row.1.as_ref(), self.right_column_start)
    }

    /// Adds a row, and extends the columns to the ends of its lines.
    fn push(&mut self, row: LeftAndRightLine) {
        if let Some(left) = &row.0 {
            self.baseline = left.baseline;
            self.left_column_start = self.left_column_start.min(left.start);
            self.left_column_end = self.left_column_end.max(left.end);
        }
        if let Some(right) = &row.1 {
            self.baseline = right.baseline;
            self.right_column_start = self.right_column_start.min(right.start);
        }
        self.rows.push(row);
    }

    /// Appends the lines to `ordered_lines`: column by column if they are running text, else row by row.
    fn append_in_reading_order(self, ordered_lines: &mut Vec<Line>) {
        if !are_columns_of_text(&self.rows) {
            let rows = self.rows.into_iter();
            ordered_lines.extend(rows.flat_map(|(left, right)| left.into_iter().chain(right)));
            return;
        }
        let (left, right): (Vec<_>, Vec<_>) = self.rows.into_iter().unzip();
        ordered_lines.extend(left.into_iter().chain(right).flatten());
    }
}

/// Returns whether the rows form two columns of running text.
fn are_columns_of_text(rows: &[LeftAndRightLine]) -> bool {
    let full_row_count =
        rows.iter().filter(|(left, right)| left.is_some() && right.is_some()).count();
    let left: Vec<&Line> = rows.iter().filter_map(|(left, _)| left.as_ref()).collect();
    let right: Vec<&Line> = rows.iter().filter_map(|(_, right)| right.as_ref()).collect();
    full_row_count >= MIN_ROWS_WITH_BOTH_COLUMNS
        && is_column_of_running_text(&left)
        && is_column_of_running_text(&right)
}

/// Returns whether a column is running text: its lines are long, most of them fill the column, and many of them end
/// inside of a sentence that the next line continues.
fn is_column_of_running_text(column: &[&Line]) -> bool {
    let left_end = column.iter().map(|line| line.start).fold(f32::MAX, f32::min);
    let right_end = column.iter().map(|line| line.end).fold(f32::MIN, f32::max);
    let width = right_end - left_end;
    let is_full = |line: &&&Line| line.end - line.start >= width * MIN_FULL_LINE_WIDTH_RATIO;
    let full_count = column.iter().filter(is_full).count();
    let average_ems: f32 =
        column.iter().map(|line| (line.end - line.start) / line.size.max(1.0)).sum::<f32>()
            / column.len().max(1) as f32;
    let continues_in_next = |pair: &&[&Line]| match pair {
        [line, next] => {
            let begins_mid_sentence =
                next.text.starts_with(|c: char| c.is_lowercase() || is_spaceless(c));
            !ends_sentence(&line.text) && begins_mid_sentence
        }
        _ => false,
    };
    let continued_count = column.windows(2).filter(continues_in_next).count();
    full_count * 10 >= column.len() * 6
        && average_ems >= MIN_AVERAGE_LINE_EMS
        && continued_count * 10 >= column.len().saturating_sub(1) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, start: f32, baseline: f32) -> Line {
        let end = start + text.chars().count() as f32 * 5.0;
        Line { page: 0, text: text.into(), start, end, baseline, size: 10.0, is_bold: false }
    }

    fn ordered_texts(rows: &[[&str; 2]]) -> Vec<String> {
        let heights = (0_u8..).map(|index| 700.0 - f32::from(index) * 14.0);
        let lines = rows.iter().zip(heights).flat_map(|([left, right], baseline)| {
            let lines = [line(left, 60.0, baseline), line(right, 320.0, baseline)];
            lines.into_iter().filter(|line| !line.text.is_empty())
        });
        order_columns(lines.collect()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn columns_of_text_are_read_one_after_the_other() {
        let rows: Vec<[String; 2]> = (0..8)
            .map(|n| {
                [
                    format!("left text of the harbour office row {n}"),
                    format!("right text about the lock and row {n}"),
                ]
            })
            .collect();
        let mut rows: Vec<[&str; 2]> =
            rows.iter().map(|[left, right]| [&**left, &**right]).collect();
        rows.push(["left ends.", ""]);
        let texts = ordered_texts(&rows);
        assert!(texts[..9].iter().all(|text| text.starts_with("left")), "{texts:?}");
        assert!(texts[9..].iter().all(|text| text.starts_with("right")), "{texts:?}");
    }

    #[test]
    fn rows_of_tables_stay_together() {
        for row in [
            ["Berth number", "39,000 crowns"],
            ["Ferry berth at the northern lock of the bay", "Opened"],
            [
                "The office opens the berth on Wednesday.",
                "The lock is closed until the month of May.",
            ],
        ] {
            assert_eq!(ordered_texts(&[row; 8]), row.repeat(8));
        }
        // Too few rows.
        let row =
            ["left text of the harbour office and row", "right text about the lock and the row"];
        assert_eq!(ordered_texts(&[row; 3]), row.repeat(3));
    }
}
