//! The pieces of text on a page → its lines, in reading order.

use super::drawing::Run;

/// A line of text on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// From 0.
    pub(super) page: usize,
    pub(super) text: String,
    pub(super) start: f32,
    pub(super) end: f32,
    pub(super) base: f32,
    pub(super) size: f32,
    /// Whether all of it is bold, but for a number or the like.
    pub(super) bold: bool,
}

/// A page is out of order where so many of its lines, one in so many, stand above the one before.
const OUT_OF_ORDER: usize = 4;
/// What stands farther to the right, in sizes, is the next cell of a table, or the text after a
/// number.
const CELL_GAP: f32 = 2.0;
/// The same where the file marks it as another part.
const PART_GAP: f32 = 0.8;
/// Units whose raised number is no note.
const UNITS: [&str; 5] = ["m", "km", "cm", "mm", "dm"];

/// The lines of a page. Text is taken in the order in which it is drawn, which nearly always is
/// that of reading; where it is drawn in no order, from top to bottom.
pub(super) fn lines(page: usize, mut runs: Vec<Run>) -> Vec<Line> {
    let chars = |turns: Option<u8>| -> usize {
        runs.iter().filter(|run| run.turns == turns).map(|run| run.text.chars().count()).sum()
    };
    // What stands across the others is a stamp, or the label of an axis.
    let upright = (0..4).map(Some).max_by_key(|turns| (chars(*turns), *turns == Some(0))).flatten();
    runs.retain(|run| run.turns == upright && !run.text.is_empty());
    let drawn = gathered(page, &runs);
    let above = drawn.windows(2).filter(|pair| match pair {
        [line, next] => next.base > line.base + line.size && next.start < line.end,
        _ => false,
    });
    if above.count() * OUT_OF_ORDER <= drawn.len().max(2 * OUT_OF_ORDER) {
        return drawn;
    }
    runs.sort_by(|a, b| {
        let row = |run: &Run| (-run.base / (run.size.max(1.0) * 0.3)).round();
        row(a).total_cmp(&row(b)).then(a.start.total_cmp(&b.start))
    });
    gathered(page, &runs)
}

/// A line to which more may come.
struct Open {
    line: Line,
    bold: usize,
    chars: usize,
    /// The height of the largest text decides, by how much of it there is.
    sizes: Vec<(f32, usize)>,
    space: bool,
    part: usize,
}

fn gathered(page: usize, runs: &[Run]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Option<Open> = None;
    let mut last: Option<&Run> = None;
    for run in runs {
        // Bold letters are made by drawing the same twice, a hair apart.
        let twice = last.is_some_and(|last| {
            let near = |a: f32, b: f32| (a - b).abs() < run.size * 0.2;
            last.text == run.text && near(last.start, run.start) && near(last.base, run.base)
        });
        if twice {
            continue;
        }
        last = Some(run);
        if let Some(line) = &mut open
            && line.goes_on(run)
        {
            line.add(run);
        } else if !run.text.trim().is_empty() {
            lines.extend(open.take().map(Open::closed));
            open = Some(Open::new(page, run));
        }
    }
    lines.extend(open.map(Open::closed));
    lines.retain(|line| !line.text.is_empty());
    lines
}

impl Open {
    fn new(page: usize, run: &Run) -> Self {
        let line = Line {
            page,
            text: String::new(),
            start: run.start,
            end: run.start,
            base: run.base,
            size: run.size,
            bold: false,
        };
        let mut open =
            Self { line, bold: 0, chars: 0, sizes: Vec::new(), space: false, part: run.part };
        open.add(run);
        open
    }

    fn goes_on(&self, run: &Run) -> bool {
        let size = self.line.size.max(run.size);
        let gap = run.start - self.line.end;
        let cell_gap = if run.part == self.part { CELL_GAP } else { PART_GAP };
        (run.base - self.line.base).abs() < size * 0.5 && gap > -size && gap < size * cell_gap
    }

    fn add(&mut self, run: &Run) {
        let text = run.text.trim();
        if text.is_empty() {
            self.space = true;
            return;
        }
        if self.is_note_mark(run, text) {
            self.line.end = self.line.end.max(run.end);
            return;
        }
        let gap = run.start - self.line.end;
        let size = self.line.size.min(run.size).max(0.1);
        let before = self.line.text.chars().next_back();
        let both_han = before.is_some_and(is_han) && text.chars().next().is_some_and(is_han);
        let spaced = self.space || gap > size * 0.15 || run.text.starts_with(char::is_whitespace);
        if before.is_some_and(|c| !c.is_whitespace()) && spaced && (!both_han || gap > size * 0.6) {
            self.line.text.push(' ');
        }
        self.space = run.text.ends_with(char::is_whitespace);
        self.part = run.part;
        push_visible(&mut self.line.text, text);
        let chars = text.chars().count();
        self.chars += chars;
        self.bold += if run.bold { chars } else { 0 };
        match self.sizes.iter_mut().find(|(of, _)| (*of - run.size).abs() < 0.2) {
            Some((_, count)) => *count += chars,
            None => self.sizes.push((run.size, chars)),
        }
        if run.size > self.line.size * 1.2 {
            (self.line.size, self.line.base) = (run.size, run.base);
        }
        self.line.end = self.line.end.max(run.end);
    }

    /// The raised number after a word that has a footnote.
    fn is_note_mark(&self, run: &Run, text: &str) -> bool {
        let raised = run.base > self.line.base + self.line.size * 0.15;
        let word = self.line.text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        raised
            && run.size < self.line.size * 0.85
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && self.line.text.ends_with(|c: char| !c.is_ascii_digit() && !c.is_whitespace())
            && !UNITS.contains(&word)
    }

    fn closed(self) -> Line {
        let most = self.sizes.iter().max_by_key(|(_, count)| *count).map(|(size, _)| *size);
        let mut line = self.line;
        line.size = most.unwrap_or(line.size);
        line.bold = self.bold * 10 >= self.chars * 8;
        line.text.truncate(line.text.trim_end().len());
        line
    }
}

/// Appends text with one space for all white space, and without what is not to be seen. A soft
/// hyphen stays where it is seen, at the end.
fn push_visible(into: &mut String, text: &str) {
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\u{AD}' if characters.peek().is_none() => into.push(c),
            '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !into.ends_with(' ') {
                    into.push(' ');
                }
            }
            c => into.push(c),
        }
    }
}

/// Whether a character is written without spaces to its neighbours: Chinese, and its punctuation.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, start: f32, base: f32) -> Run {
        let end = start + text.chars().map(|c| if is_han(c) { 10.0 } else { 5.0 }).sum::<f32>();
        Run {
            text: text.into(),
            start,
            end,
            base,
            size: 10.0,
            bold: false,
            part: 0,
            turns: Some(0),
        }
    }

    fn shown(runs: &[Run]) -> Vec<String> {
        lines(0, runs.to_vec()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn pieces_become_lines() {
        let small = |text: &str, start, base| Run { size: 6.0, ..run(text, start, base) };
        let cases: [(&[Run], &[&str]); 8] = [
            (&[run("fly", 0.0, 90.0), run("ing", 15.0, 90.0)], &["flying"]),
            (&[run("flying", 0.0, 90.0), run("car", 33.0, 90.0)], &["flying car"]),
            (&[run("a", 0.0, 90.0), run(" ", 5.0, 90.0), run("b", 6.0, 90.0)], &["a b"]),
            (&[run("广", 0.0, 90.0), run("州", 12.0, 90.0), run("市", 40.0, 90.0)], &["广州 市"]),
            (&[run("one", 0.0, 90.0), run("two", 0.0, 78.0)], &["one", "two"]),
            (&[run("twice", 0.0, 90.0), run("twice", 0.3, 90.0)], &["twice"]),
            (&[run("word", 0.0, 90.0), small("1", 20.0, 94.0), run(".", 23.0, 90.0)], &["word."]),
            (&[run("km", 0.0, 90.0), small("2", 10.0, 94.0)], &["km2"]),
        ];
        for (runs, expected) in cases {
            assert_eq!(shown(runs), expected);
        }
    }

    #[test]
    fn text_across_and_text_in_no_order() {
        let mut runs = vec![run("text", 0.0, 90.0)];
        runs.push(Run { turns: None, ..run("DRAFT COPY", 0.0, 50.0) });
        assert_eq!(shown(&runs), ["text"]);
        let rows: Vec<Run> =
            (0_u8..12).map(|n| run(&n.to_string(), 0.0, f32::from(n) * 20.0)).collect();
        assert_eq!(shown(&rows).first().map(String::as_str), Some("11"));
    }
}
