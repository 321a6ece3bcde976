//! Joins the text runs of a page into lines, in reading order.

use super::{
    columns::order_columns, content::PageText, letter_spacing, line::Line, page_state::TextRun,
    vertical::rotate_vertical_columns,
};
use crate::{
    document::{
        format::raised_text::{RaisedText, superscript},
        left_out::{LeftOut, LeftOutReason},
    },
    script::is_spaceless,
};

/// Page of a PDF as lines of text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    /// Lines that are rotated against most of the text of the page.
    pub(super) rotated_lines: Vec<Line>,
    /// Heights of the lower and the upper end of the page, in points. `None` if the file does not state them.
    pub(super) vertical_range: Option<(f32, f32)>,
    /// Texts of the page that are not part of the document.
    pub(super) left_out: Vec<LeftOut>,
}

/// The runs of a page are sorted from top to bottom if more than one in this number of lines is higher on the page than
/// the line drawn before it.
const MAX_LINES_PER_MISPLACED_LINE: usize = 4;
/// Maximum gap between two runs of a line, as a multiple of the font size. A run after a larger gap
/// begins another line: the next cell of a table, or the text after a list label.
const MAX_RUN_GAP_SIZE_RATIO: f32 = 2.0;
/// Maximum gap between two runs of a line that belong to different marked-content sequences, as a
/// multiple of the font size.
const MAX_SEQUENCE_GAP_SIZE_RATIO: f32 = 0.8;
/// Maximum gap between a word and the footnote mark after it, as a multiple of the font size.
const MAX_NOTE_MARK_GAP_SIZE_RATIO: f32 = 0.5;
/// Maximum gap between two runs that are parts of one number, as a multiple of the font size.
const MAX_NUMBER_PART_GAP_SIZE_RATIO: f32 = 0.1;

/// Returns the lines of a page.
///
/// Joins the runs in drawing order, which is nearly always the reading order. If many lines are
/// above the previous line, joins the runs from the top to the bottom of the page instead.
pub(super) fn page_lines(page: usize, text: PageText) -> Page {
    let PageText { mut runs, left_out: left_out_runs, visible_box } = text;
    let count_chars = |quarter_turns: Option<u8>| -> usize {
        let runs_with_rotation = runs.iter().filter(|run| run.quarter_turns == quarter_turns);
        runs_with_rotation.map(|run| run.text.chars().count()).sum()
    };
    // Text with another rotation than most of the text on the page is a stamp or an axis label.
    let main_rotation =
        (0..4).map(Some).max_by_key(|turns| (count_chars(*turns), *turns == Some(0))).flatten();
    let mut left_out = left_out_texts(&left_out_runs);
    let is_rotated = |run: &mut TextRun| run.quarter_turns != main_rotation;
    let rotated_runs: Vec<TextRun> = runs.extract_if(.., is_rotated).collect();
    let rotated_lines = join_runs_into_lines(page, &rotated_runs, &mut left_out);
    runs.retain(|run| !run.text.is_empty());
    rotate_vertical_columns(&mut runs);
    join_parts_of_numbers(&mut runs);
    let lines = lines_in_reading_order(page, runs, &mut left_out);
    let vertical_range = visible_box.map(|visible| visible.vertical_range(main_rotation));
    Page { lines: order_columns(lines), rotated_lines, vertical_range, left_out }
}

/// Joins adjacent runs that are the sign and the digits of one number. The meaning of a raised number depends on all of
/// its parts.
fn join_parts_of_numbers(runs: &mut Vec<TextRun>) {
    let is_number_part = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || "+-−–".contains(c))
    };
    runs.dedup_by(|next, run| {
        let max_gap = run.size * MAX_NUMBER_PART_GAP_SIZE_RATIO;
        let is_continued = (next.start - run.end).abs() < max_gap
            && (next.baseline - run.baseline).abs() < max_gap
            && (next.size - run.size).abs() < max_gap
            && next.sequence_number == run.sequence_number
            && next.is_bold == run.is_bold
            && is_number_part(&run.text)
            && is_number_part(&next.text);
        if is_continued {
            run.text.push_str(&next.text);
            run.end = next.end;
        }
        is_continued
    });
}

/// Joins runs that are left out into texts, one text for each line and reason.
fn left_out_texts(runs: &[(LeftOutReason, TextRun)]) -> Vec<LeftOut> {
    let is_same_line = |(reason, run): &(LeftOutReason, TextRun),
                        (next_reason, next): &(LeftOutReason, TextRun)| {
        reason == next_reason && (run.baseline - next.baseline).abs() < run.size * 0.5
    };
    let lines = runs.chunk_by(is_same_line);
    let texts = lines.filter_map(|line| {
        let runs: Vec<TextRun> = line.iter().map(|(_, run)| run.clone()).collect();
        let lines = join_runs_into_lines(0, &runs, &mut Vec::new()).into_iter();
        let text: Vec<String> = lines.map(|line| line.text).collect();
        LeftOut::new(&text.join(" "), line.first()?.0)
    });
    texts.collect()
}

/// Joins the runs of a page into lines in reading order. Adds the footnote marks, which are removed from the lines, to
/// `left_out`.
fn lines_in_reading_order(
    page: usize,
    mut runs: Vec<TextRun>,
    left_out: &mut Vec<LeftOut>,
) -> Vec<Line> {
    let mut note_marks = Vec::new();
    let lines = join_runs_into_lines(page, &runs, &mut note_marks);
    let is_misplaced = |pair: &&[Line]| match pair {
        [line, next] => next.baseline > line.baseline + line.size && next.start < line.end,
        _ => false,
    };
    let misplaced_lines = lines.windows(2).filter(is_misplaced).count();
    if misplaced_lines * MAX_LINES_PER_MISPLACED_LINE
        <= lines.len().max(2 * MAX_LINES_PER_MISPLACED_LINE)
    {
        left_out.append(&mut note_marks);
        return lines;
    }
    runs.sort_by(|a, b| {
        let height_step = |run: &TextRun| (-run.baseline / (run.size.max(1.0) * 0.3)).round();
        height_step(a).total_cmp(&height_step(b)).then(a.start.total_cmp(&b.start))
    });
    join_runs_into_lines(page, &runs, left_out)
}

/// Joins text runs into lines, in the order of the runs. Adds the footnote marks, which are removed from the lines, to
/// `note_marks`.
fn join_runs_into_lines(page: usize, runs: &[TextRun], note_marks: &mut Vec<LeftOut>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open_line: Option<OpenLine> = None;
    let mut previous: Option<&TextRun> = None;
    for (index, run) in runs.iter().enumerate() {
        if previous.is_some_and(|previous| is_double_strike(previous, run)) {
            continue;
        }
        previous = Some(run);
        if let Some(line) = &mut open_line
            && line.is_continued_by_run(run)
        {
            if !line.add_run(run, runs.get(index + 1)) {
                note_marks.extend(LeftOut::new(&run.text, LeftOutReason::NoteMark));
            }
        } else if !run.text.trim().is_empty() {
            lines.extend(open_line.take().map(OpenLine::into_line));
            open_line = Some(OpenLine::new(page, run));
        }
    }
    lines.extend(open_line.map(OpenLine::into_line));
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// Returns whether a run draws the text of the previous run again at nearly the same position. Some
/// programs make letters bold in this way.
fn is_double_strike(previous: &TextRun, run: &TextRun) -> bool {
    let is_near = |a: f32, b: f32| (a - b).abs() < run.size * 0.2;
    previous.text == run.text
        && is_near(previous.start, run.start)
        && is_near(previous.baseline, run.baseline)
}

/// A line under construction, which further runs may continue.
struct OpenLine {
    line: Line,
    char_count: usize,
    bold_char_count: usize,
    /// Font sizes in the line, each with the number of characters in this size.
    sizes: Vec<(f32, usize)>,
    /// Whether the line ends with white space.
    ends_with_space: bool,
    /// Number of the marked-content sequence that contains the last run of the line.
    sequence_number: usize,
    /// Texts and horizontal positions of the runs, by which letter spacing is recognized.
    pieces: Vec<letter_spacing::LinePiece>,
}

impl OpenLine {
    fn new(page: usize, run: &TextRun) -> Self {
        let line = Line {
            page,
            text: String::new(),
            start: run.start,
            end: run.start,
            baseline: run.baseline,
            size: run.size,
            is_bold: false,
        };
        let mut open = Self {
            line,
            char_count: 0,
            bold_char_count: 0,
            sizes: Vec::new(),
            ends_with_space: false,
            sequence_number: run.sequence_number,
            pieces: Vec::new(),
        };
        open.add_run(run, None);
        open
    }

    /// Returns whether a run continues the line.
    fn is_continued_by_run(&self, run: &TextRun) -> bool {
        let size = self.line.size.max(run.size);
        let horizontal_gap = run.start - self.line.end;
        let max_gap = if run.sequence_number == self.sequence_number {
            MAX_RUN_GAP_SIZE_RATIO
        } else {
            MAX_SEQUENCE_GAP_SIZE_RATIO
        };
        (run.baseline - self.line.baseline).abs() < size * 0.5
            && horizontal_gap > -size
            && horizontal_gap < size * max_gap
    }

    /// Adds a run to the line. `next` is the run after it. Returns `false` if the run is left out because it is the mark
    /// of a footnote.
    fn add_run(&mut self, run: &TextRun, next: Option<&TextRun>) -> bool {
        let text = run.text.trim();
        if text.is_empty() {
            self.ends_with_space = true;
            return true;
        }
        let raised_text = self.raised_text(run, next);
        if raised_text == RaisedText::NoteMark {
            self.line.end = self.line.end.max(run.end);
            return false;
        }
        let follows_space = self.ends_with_space || run.text.starts_with(char::is_whitespace);
        self.pieces.push(letter_spacing::LinePiece {
            text: text.to_owned(),
            start: run.start,
            end: run.end,
            follows_space,
        });
        if self.is_drop_capital(run, text) {
            // `run` is the first line of the paragraph beside the drop capital, so it determines the position and the
            // size.
            (self.line.start, self.line.baseline, self.line.size) =
                (run.start, run.baseline, run.size);
        } else if self.needs_space_before(run, text)
            || self.is_note_number(run)
            || is_numerator(run, next) && self.line.text.ends_with(|c: char| c.is_ascii_digit())
        {
            self.line.text.push(' ');
        }
        self.ends_with_space = run.text.ends_with(char::is_whitespace);
        self.sequence_number = run.sequence_number;
        if raised_text == RaisedText::Exponent {
            self.line.text.extend(text.chars().map(superscript));
        } else {
            push_visible_text(&mut self.line.text, text);
        }
        let char_count = text.chars().count();
        self.char_count += char_count;
        self.bold_char_count += if run.is_bold { char_count } else { 0 };
        match self.sizes.iter_mut().find(|(size, _)| (*size - run.size).abs() < 0.2) {
            Some((_, count)) => *count += char_count,
            None => self.sizes.push((run.size, char_count)),
        }
        if run.size > self.line.size * 1.2 {
            (self.line.size, self.line.baseline) = (run.size, run.baseline);
        }
        self.line.end = self.line.end.max(run.end);
        true
    }

    /// Returns whether the line so far is only a drop capital: a large capital letter whose word `run` continues in
    /// small letters.
    fn is_drop_capital(&self, run: &TextRun, text: &str) -> bool {
        let mut characters = self.line.text.chars();
        let is_capital =
            characters.next().is_some_and(char::is_uppercase) && characters.next().is_none();
        is_capital
            && run.size < self.line.size * 0.6
            && text.starts_with(char::is_lowercase)
            && run.start - self.line.end < run.size * 0.8
            && !self.ends_with_space
    }

    /// Returns whether the line so far is the number of a footnote: small raised digits before `run`, the text of the
    /// footnote.
    fn is_note_number(&self, run: &TextRun) -> bool {
        self.line.text.bytes().all(|byte| byte.is_ascii_digit())
            && run.size > self.line.size * 1.15
            && self.line.baseline > run.baseline + run.size * 0.1
    }

    /// Returns whether a space is needed between the line so far and `text`, the text of `run`. Between Chinese
    /// characters, a gap counts as a space only if it is wide.
    fn needs_space_before(&self, run: &TextRun, text: &str) -> bool {
        let Some(last_char) = self.line.text.chars().next_back() else { return false };
        let gap = run.start - self.line.end;
        let size = self.line.size.min(run.size).max(0.1);
        let is_between_spaceless =
            is_spaceless(last_char) && text.chars().next().is_some_and(is_spaceless);
        let has_space_or_gap =
            self.ends_with_space || gap > size * 0.1 || run.text.starts_with(char::is_whitespace);
        !last_char.is_whitespace()
            && has_space_or_gap
            && (!is_between_spaceless || gap > size * 0.6)
    }

    /// Returns the meaning of a run that may be raised text: text in small letters above the baseline of the line.
    /// `next` is the run after it.
    fn raised_text(&self, run: &TextRun, next: Option<&TextRun>) -> RaisedText {
        let size = self.line.size;
        let is_raised = run.baseline > self.line.baseline + size * 0.15 && run.size < size * 0.85;
        let gap = run.start - self.line.end;
        let is_apart = self.ends_with_space || gap > run.size * 0.15;
        let is_mark_or_exponent = gap < size * MAX_NOTE_MARK_GAP_SIZE_RATIO
            && !(is_apart && self.line.text.ends_with(|c: char| c.is_ascii_digit()))
            && run.text.contains(|c: char| c.is_ascii_digit() || "*†‡§¶".contains(c));
        if is_raised && is_mark_or_exponent && !is_numerator(run, next) {
            RaisedText::classify(&self.line.text, &run.text)
        } else {
            RaisedText::Plain
        }
    }

    fn into_line(self) -> Line {
        let main_font_size =
            self.sizes.iter().max_by_key(|(_, count)| *count).map(|(size, _)| *size);
        let mut line = self.line;
        if let Some(text) = letter_spacing::without_letter_spacing(&self.pieces, line.size) {
            line.text = text;
        }
        if let Some(text) = letter_spacing::without_spaces_between_ideographs(&line.text) {
            line.text = text;
        }
        line.size = main_font_size.unwrap_or(line.size);
        line.is_bold = self.bold_char_count * 10 >= self.char_count * 8;
        line.text.truncate(line.text.trim_end().len());
        line
    }
}

/// Returns whether a run is the numerator of a fraction such as ½ that is written with raised and lowered digits. `next`
/// is the run after it.
fn is_numerator(run: &TextRun, next: Option<&TextRun>) -> bool {
    next.is_some_and(|next| {
        next.text.starts_with(['/', '⁄'])
            && run.size < next.size * 0.85
            && run.text.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Appends `text` to `target` without invisible characters. Replaces each run of white space by one
/// space. Keeps a soft hyphen only at the end of `text`, where the hyphen is visible.
fn push_visible_text(target: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\u{AD}' if characters.peek().is_none() => target.push(c),
            '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !target.ends_with(' ') {
                    target.push(' ');
                }
            }
            c => target.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, start: f32, baseline: f32) -> TextRun {
        let end =
            start + text.chars().map(|c| if is_spaceless(c) { 10.0 } else { 5.0 }).sum::<f32>();
        TextRun {
            text: text.into(),
            start,
            end,
            baseline,
            size: 10.0,
            is_bold: false,
            sequence_number: 0,
            quarter_turns: Some(0),
        }
    }

    fn line_texts(runs: &[TextRun]) -> Vec<String> {
        let text = PageText { runs: runs.to_vec(), left_out: Vec::new(), visible_box: None };
        page_lines(0, text).lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn runs_become_lines() {
        let small =
            |text: &str, start, baseline| TextRun { size: 6.0, ..run(text, start, baseline) };
        let large =
            |text: &str, start, baseline| TextRun { size: 30.0, ..run(text, start, baseline) };
        let cases: [(&[TextRun], &[&str]); 15] = [
            (&[small("12", 0.0, 94.0), run("The budget", 6.0, 90.0)], &["12 The budget"]),
            (
                &[large("T", 0.0, 76.0), run("he office", 12.0, 90.0), run("said", 12.0, 76.0)],
                &["The office", "said"],
            ),
            (&[run("fly", 0.0, 90.0), run("ing", 15.0, 90.0)], &["flying"]),
            (&[run("flying", 0.0, 90.0), run("car", 33.0, 90.0)], &["flying car"]),
            (&[run("a", 0.0, 90.0), run(" ", 5.0, 90.0), run("b", 6.0, 90.0)], &["a b"]),
            (&[run("广", 0.0, 90.0), run("州", 12.0, 90.0), run("市", 40.0, 90.0)], &["广州 市"]),
            (&[run("one", 0.0, 90.0), run("two", 0.0, 78.0)], &["one", "two"]),
            (&[run("twice", 0.0, 90.0), run("twice", 0.3, 90.0)], &["twice"]),
            (&[run("word", 0.0, 90.0), small("1", 20.0, 94.0), run(".", 23.0, 90.0)], &["word."]),
            (&[run("km", 0.0, 90.0), small("2", 10.0, 94.0)], &["km²"]),
            (
                &[run("5 x 10", 0.0, 90.0), small("6", 30.0, 94.0), run("t", 38.0, 90.0)],
                &["5 x 10⁶ t"],
            ),
            (&[run("10", 0.0, 90.0), small("-", 10.0, 94.0), small("3", 15.0, 94.0)], &["10⁻³"]),
            (&[run("in 2024", 0.0, 90.0), small("3", 35.0, 94.0)], &["in 2024"]),
            (&[run("5", 0.0, 90.0), small("1", 5.0, 94.0), run("/2", 8.0, 90.0)], &["5 1/2"]),
            (&[run("the 5", 0.0, 90.0), small("th", 25.0, 94.0)], &["the 5th"]),
        ];
        for (runs, expected) in cases {
            assert_eq!(line_texts(runs), expected);
        }
    }

    #[test]
    fn stamps_are_dropped_and_misplaced_lines_are_sorted() {
        let mut runs = vec![run("text", 0.0, 90.0)];
        runs.push(TextRun { quarter_turns: None, ..run("DRAFT COPY", 0.0, 50.0) });
        assert_eq!(line_texts(&runs), ["text"]);
        let rows: Vec<TextRun> =
            (0_u8..12).map(|n| run(&n.to_string(), 0.0, f32::from(n) * 20.0)).collect();
        assert_eq!(line_texts(&rows).first().map(String::as_str), Some("11"));
    }
}
