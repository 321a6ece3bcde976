//! Paragraphs that stand side by side → the rows of a table.

use super::paragraph::Paragraph;
use crate::document::BlockKind;

/// A row of a table with more text than this lays out a page: its cells stay apart.
const ROW_CHARS: usize = 1_500;

/// Paragraphs that stand side by side: mostly one alone, else the row of a table, or a number and
/// its text.
pub(super) struct Row<'a> {
    pub(super) cells: Vec<Vec<&'a Paragraph>>,
    kinds: Vec<BlockKind>,
}

impl<'a> Row<'a> {
    pub(super) fn new(paragraph: &'a Paragraph, kind: BlockKind) -> Self {
        Self { cells: vec![vec![paragraph]], kinds: vec![kind] }
    }

    fn paragraphs(&self) -> impl Iterator<Item = &'a Paragraph> {
        self.cells.iter().flatten().copied()
    }

    /// Whether `next` stands beside what is there.
    pub(super) fn takes(&self, next: &Paragraph) -> bool {
        let size = next.lines.first().map_or(1.0, |line| line.size);
        let chars: usize = self.paragraphs().map(Paragraph::chars).sum::<usize>() + next.chars();
        let (low, high) = next.height();
        let beside = self.paragraphs().any(|paragraph| {
            let (other_low, other_high) = paragraph.height();
            let shared = high.min(other_high) - low.max(other_low);
            paragraph.page() == next.page()
                && shared > (high - low).min(other_high - other_low) * 0.5
        });
        let left = next.lines.first().map_or(0.0, |line| line.start);
        let right = self.right();
        let column = self.cells.last().and_then(|cell| Some(cell.first()?.width().0));
        beside
            && chars <= ROW_CHARS
            && (left >= right - size * 0.5 || self.below(column, left, size))
    }

    fn right(&self) -> f32 {
        self.paragraphs().map(|paragraph| paragraph.width().1).fold(f32::MIN, f32::max)
    }

    /// Whether something that starts at `left` goes on with the last cell of several.
    fn below(&self, column: Option<f32>, left: f32, size: f32) -> bool {
        self.cells.len() > 1 && column.is_some_and(|column| (column - left).abs() < size * 2.0)
    }

    pub(super) fn add(&mut self, next: &'a Paragraph, kind: BlockKind) {
        let left = next.lines.first().map_or(0.0, |line| line.start);
        let right = self.right();
        let size = next.lines.first().map_or(1.0, |line| line.size);
        self.kinds.push(kind);
        match self.cells.last_mut().filter(|_| left < right - size * 0.5) {
            Some(cell) => cell.push(next),
            None => self.cells.push(vec![next]),
        }
    }

    /// Headings stand alone, or after their number.
    pub(super) fn kind(&self) -> BlockKind {
        let numbered = self.cells.first().is_some_and(|cell| cell.iter().all(|p| p.is_marker()));
        match self.kinds[..] {
            [kind] => kind,
            [_, kind] if numbered => kind,
            _ => BlockKind::Paragraph,
        }
    }
}
