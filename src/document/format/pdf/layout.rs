//! How the text of a document is set → which of its lines make a paragraph.

use std::collections::BTreeMap;

use super::{
    lines::{Line, is_han},
    paragraph::{Paragraph, begins_item, ends_sentence},
};

/// How the text of a document is set.
pub(super) struct Shape {
    /// The size of most of the text.
    pub(super) size: f32,
    /// From one base line to the next, in sizes.
    leading: f32,
}

impl Shape {
    pub(super) fn of(lines: &[Line]) -> Self {
        let chars = |line: &Line| line.text.chars().count();
        let size = most(lines.iter().map(|line| (line.size, chars(line)))).unwrap_or(10.0);
        let leadings = lines.windows(2).filter_map(|pair| {
            let [line, next] = pair else { return None };
            let leading = (line.base - next.base) / line.size.max(1.0);
            let text = (line.size - size).abs() < 0.5 && (next.size - size).abs() < 0.5;
            (text && (0.9..2.6).contains(&leading)).then_some((leading, 1))
        });
        Self { size, leading: most(leadings).unwrap_or(1.2) }
    }

    pub(super) fn paragraphs(&self, lines: Vec<Line>) -> Vec<Paragraph> {
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        for line in lines {
            // The text goes on above what stands at the foot of a page in small letters: the notes.
            let notes = paragraphs.iter().rev().take_while(|paragraph| {
                paragraph.lines.last().is_some_and(|last| {
                    last.page != line.page
                        && last.size < self.size * 0.93
                        && line.size >= self.size * 0.93
                })
            });
            let above = paragraphs.len() - notes.count().min(paragraphs.len().saturating_sub(1));
            match above.checked_sub(1).and_then(|at| paragraphs.get_mut(at)) {
                Some(paragraph) if self.goes_on(paragraph, &line) => paragraph.lines.push(line),
                _ => paragraphs.push(Paragraph { lines: vec![line] }),
            }
        }
        paragraphs
    }

    /// Whether `line` goes on with the paragraph before it.
    fn goes_on(&self, paragraph: &Paragraph, line: &Line) -> bool {
        let (Some(first), Some(last)) = (paragraph.lines.first(), paragraph.lines.last()) else {
            return false;
        };
        let same_size = (last.size - line.size).abs() <= last.size.max(line.size) * 0.1;
        if !same_size || begins_item(&line.text) {
            return false;
        }
        // A bold line over text is a heading; a bold word in text is not a whole line.
        if last.bold != line.bold && (paragraph.lines.len() == 1 || line.bold) {
            return false;
        }
        let down = last.base - line.base;
        let size = last.size.max(1.0);
        if last.page != line.page || down < -size * 0.5 {
            return self.goes_on_above(last, line);
        }
        // Another cell of the same row is a paragraph of its own, for now.
        if down < size * 0.5
            || down > size * self.leading.max(1.0) * 1.3 + 0.5
            || line.start > last.end
            || line.end < last.start
        {
            return false;
        }
        let left = paragraph.lines.iter().map(|line| line.start).fold(f32::MAX, f32::min);
        let right = paragraph.lines.iter().map(|line| line.end).fold(line.end, f32::max);
        let width = (right - left).max(size);
        let indented = line.start > left + size * 0.8;
        let hangs = paragraph.lines.len() == 1 && begins_item(&first.text);
        let short = last.end < right - width * 0.12 - size && ends_sentence(&last.text);
        // A centred line stands as far from both margins as the one before.
        let centred = ((last.start + last.end) - (line.start + line.end)).abs() < size * 0.5;
        if indented && !hangs && !centred {
            // Text under a list item stays with it.
            return begins_item(&first.text)
                && paragraph.lines.len() > 1
                && line.start <= last.start + size * 0.5;
        }
        !short
    }

    /// Whether a line at the top of a page or a column goes on with what stands at the foot before
    /// it.
    fn goes_on_above(&self, last: &Line, line: &Line) -> bool {
        let text = |line: &Line| (line.size - self.size).abs() <= self.size * 0.1;
        let lower = line.text.starts_with(|c: char| c.is_lowercase() || is_han(c));
        let open = !ends_sentence(&last.text) && !last.text.ends_with([':', '：']);
        let sentence =
            last.text.ends_with(|c: char| c.is_alphanumeric() || ",，、;；-–".contains(c));
        let enough = last.text.chars().count() > 12;
        text(last)
            && text(line)
            && open
            && enough
            && (lower || (sentence && last.end - last.start > self.size * 20.0))
    }
}

/// The value that weighs most, to a tenth.
fn most(values: impl Iterator<Item = (f32, usize)>) -> Option<f32> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for (value, weight) in values {
        *counts.entry((value * 10.0).round() as i64).or_default() += weight;
    }
    let (value, _) = counts.into_iter().max_by_key(|(value, count)| (*count, -value))?;
    Some(value as f32 / 10.0)
}
