//! Groups paragraphs that are side by side on a page into table rows.

use super::paragraph::Paragraph;
use crate::document::model::BlockKind;

/// Maximum number of characters of a table row. Longer paragraphs side by side are not a row, because a table with such
/// long cells only serves as page layout.
const MAX_TABLE_ROW_CHARS: usize = 1_500;

/// Paragraphs that are side by side on a page: the cells of a table row, or a list label and its
/// text. Most rows contain a single paragraph.
pub(super) struct ParagraphRow<'a> {
    /// Paragraphs of each cell. The cells are ordered from left to right.
    pub(super) cells: Vec<Vec<&'a Paragraph>>,
    /// Block kind of each paragraph of the row.
    kinds: Vec<BlockKind>,
}

impl<'a> ParagraphRow<'a> {
    pub(super) fn new(paragraph: &'a Paragraph, kind: BlockKind) -> Self {
        Self { cells: vec![vec![paragraph]], kinds: vec![kind] }
    }

    fn paragraphs(&self) -> impl Iterator<Item = &'a Paragraph> {
        self.cells.iter().flatten().copied()
    }

    /// Returns whether the paragraph `next` belongs to the row. Such a paragraph is at the height of the row, and
    /// begins a new cell or continues the last cell.
    pub(super) fn can_take_paragraph(&self, next: &Paragraph) -> bool {
        let char_count: usize =
            self.paragraphs().map(Paragraph::char_count).sum::<usize>() + next.char_count();
        let (low, high) = next.vertical_range();
        let is_beside = self.paragraphs().any(|paragraph| {
            let (other_low, other_high) = paragraph.vertical_range();
            let overlap = high.min(other_high) - low.max(other_low);
            paragraph.page() == next.page()
                && overlap > (high - low).min(other_high - other_low) * 0.5
        });
        is_beside
            && char_count <= MAX_TABLE_ROW_CHARS
            && (self.begins_cell(next) || self.continues_last_cell(next))
    }

    pub(super) fn add_paragraph(&mut self, next: &'a Paragraph, kind: BlockKind) {
        let begins_cell = self.begins_cell(next);
        self.kinds.push(kind);
        match self.cells.last_mut() {
            Some(cell) if !begins_cell => cell.push(next),
            _ => self.cells.push(vec![next]),
        }
    }

    /// Returns whether the paragraph `next` is to the right of all paragraphs of the row, so that
    /// it begins a cell.
    fn begins_cell(&self, next: &Paragraph) -> bool {
        let right_edge = self
            .paragraphs()
            .map(|paragraph| paragraph.horizontal_range().1)
            .fold(f32::MIN, f32::max);
        let (left_edge, size) = left_edge_and_size(next);
        left_edge >= right_edge - size * 0.5
    }

    /// Returns whether the paragraph `next` begins at about the same left end as the last cell, so
    /// that it continues the cell. False for a row of one cell.
    fn continues_last_cell(&self, next: &Paragraph) -> bool {
        let (left, size) = left_edge_and_size(next);
        let last_cell = self.cells.last().filter(|_| self.cells.len() > 1);
        last_cell
            .and_then(|last_cell| last_cell.first())
            .is_some_and(|paragraph| (paragraph.horizontal_range().0 - left).abs() < size * 2.0)
    }

    /// Returns the block kind of the row. A row of a single paragraph has the kind of the paragraph. A row of a list
    /// label and one other paragraph has the kind of this other paragraph. Any other row is a paragraph.
    pub(super) fn kind(&self) -> BlockKind {
        let begins_with_label =
            self.cells.first().is_some_and(|cell| cell.iter().all(|p| p.is_item_label()));
        match self.kinds[..] {
            [kind] => kind,
            [_, kind] if begins_with_label => kind,
            _ => BlockKind::Paragraph,
        }
    }
}

/// Returns the left end and the letter size of the first line of a paragraph.
fn left_edge_and_size(paragraph: &Paragraph) -> (f32, f32) {
    paragraph.lines.first().map_or((0.0, 1.0), |line| (line.start, line.size))
}
