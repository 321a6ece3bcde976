//! Completes the rows of a table with the cells that extend into them: a cell that spans several rows belongs to each
//! of these rows, and a header cell that spans several columns belongs to each header cell below it.

use std::{collections::BTreeMap, mem};

use super::sheet::is_column_name;

/// Maximum number of bytes of all copies of cells in one table. As soon as the copies have more bytes, no cell extends
/// into further rows.
const MAX_COPIED_BYTES: usize = 1 << 20;
/// Number of bytes that are counted for each copy of a cell, in addition to the bytes of its text.
const BYTES_PER_COPY: usize = 8;
/// Maximum number of cells that extend into the same row.
const MAX_EXTENDED_CELLS: usize = 200;
/// Maximum number of bytes of the text of a cell that is copied. A longer text is prose, which is read once.
const MAX_COPY_BYTES: usize = 1000;
/// Maximum number of rows of a header whose cells span several rows and columns.
const MAX_HEADER_ROWS: u32 = 4;

/// Rows of a table that a cell covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "docx"),
    allow(
        dead_code,
        reason = "only Office files have a cell in each row that a merged cell covers"
    )
)]
pub(super) enum RowSpan {
    /// Number of rows, from 1. The file states the cell only in the first of these rows.
    Rows(u32),
    /// The row of the cell and the rows below it that have a [`RowSpan::Continued`] cell in the same column.
    Open,
    /// The cell continues an open cell above it and has no content.
    Continued,
}

/// A table cell as the file states it. The content `T` is a text, or a node of an HTML page.
#[derive(Debug, Clone)]
pub(super) struct TableCell<T> {
    content: T,
    column_span: u32,
    row_span: RowSpan,
    /// Whether the file marks the cell as a header cell.
    is_header: bool,
    /// Whether the text of the cell is empty or may be the name of a column.
    is_name: bool,
    /// Number of bytes of the text of the cell.
    byte_count: usize,
}

impl<T> TableCell<T> {
    /// Returns a cell that covers one row and one column. `text` is the text of its content.
    pub(super) fn new(content: T, text: &str) -> Self {
        let text = text.trim();
        Self {
            content,
            column_span: 1,
            row_span: RowSpan::Rows(1),
            is_header: false,
            is_name: text.is_empty() || is_column_name(text),
            byte_count: text.len(),
        }
    }

    /// Returns the cell with the numbers of columns and rows that it covers.
    pub(super) fn spanning(self, column_span: u32, row_span: RowSpan) -> Self {
        Self { column_span: column_span.max(1), row_span, ..self }
    }

    /// Returns the cell as a header cell if `is_header` is true.
    pub(super) fn marked_as_header(self, is_header: bool) -> Self {
        Self { is_header, ..self }
    }
}

/// A cell of a completed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowCell<T> {
    pub(super) content: T,
    /// Whether the cell belongs to a row above and extends into the current row.
    pub(super) is_copy: bool,
    /// Contents of the header cells above that span the column of this header cell, outermost first.
    pub(super) headers: Vec<T>,
}

/// A cell that extends below the current row.
#[derive(Debug, Clone)]
struct ExtendedCell<T> {
    content: T,
    column_span: u32,
    /// Number of further rows that the cell covers. `None` for [`RowSpan::Open`].
    rows_left: Option<u32>,
    /// Whether the cell begins in the first row of the table.
    is_in_first_row: bool,
    /// Number of bytes of the text of the cell.
    byte_count: usize,
}

/// A header cell that spans several columns.
#[derive(Debug, Clone)]
struct SpanningHeader<T> {
    columns: std::ops::Range<u32>,
    /// Contents of the header cells above the cell, outermost first, and of the cell itself.
    contents: Vec<T>,
    /// Number of bytes of the text of the contents.
    byte_count: usize,
}

/// Cells of a table, read row by row, that affect the next row: cells that extend into this row, and header cells that
/// span several columns.
#[derive(Debug)]
pub(super) struct MergedCells<T> {
    /// Cells that extend below the current row, by their first column.
    extended_cells: BTreeMap<u32, ExtendedCell<T>>,
    /// Header cells of the row above that span several columns.
    spanning_headers: Vec<SpanningHeader<T>>,
    /// Number of rows since the beginning of the table.
    row_count: u32,
    /// Whether the row above belongs to the header.
    is_in_header: bool,
    /// Number of bytes of all copies so far. [`MAX_COPIED_BYTES`] is the limit.
    copied_bytes: usize,
}

impl<T> Default for MergedCells<T> {
    fn default() -> Self {
        Self {
            extended_cells: BTreeMap::new(),
            spanning_headers: Vec::new(),
            row_count: 0,
            is_in_header: false,
            copied_bytes: 0,
        }
    }
}

impl<T: Clone> MergedCells<T> {
    /// Ends a section of the table. No cell extends into the next section.
    pub(super) fn end_section(&mut self) {
        self.extended_cells.clear();
    }

    /// Returns the cells of the next row in the order of their columns, with copies of the cells above that extend into
    /// the row. `first_column` is the column in which the first cell of `cells` begins. Returns no cells for a row
    /// without text of its own.
    pub(super) fn complete_row(
        &mut self,
        cells: Vec<TableCell<T>>,
        first_column: u32,
    ) -> Vec<RowCell<T>> {
        let has_own_text = cells.iter().any(|cell| cell.byte_count > 0);
        self.is_in_header = self.is_header_row(&cells);
        let headers_above = mem::take(&mut self.spanning_headers);
        let mut completed = Vec::with_capacity(cells.len());
        let mut new_extended_cells = Vec::new();
        let mut column = first_column;
        for cell in cells {
            self.copy_cells_above_at(&mut column, &mut completed);
            let columns = column..column.saturating_add(cell.column_span);
            let is_continued = cell.row_span == RowSpan::Continued;
            let above = self.extended_cells.get(&column).filter(|_| is_continued).cloned();
            if let Some(above) = above {
                self.push_copy(&above, &mut completed);
            } else {
                self.extended_cells.remove(&column);
                let headers = self.headers_of(&headers_above, &cell, &columns);
                new_extended_cells
                    .extend(self.extended_cell(&cell).map(|extended| (column, extended)));
                completed.push(RowCell { content: cell.content, is_copy: false, headers });
            }
            column = columns.end;
        }
        self.copy_cells_above_from(column, &mut completed);
        self.count_row();
        let free_count = MAX_EXTENDED_CELLS.saturating_sub(self.extended_cells.len());
        self.extended_cells.extend(new_extended_cells.into_iter().take(free_count));
        if has_own_text { completed } else { Vec::new() }
    }

    /// Returns whether the next row belongs to the header. All its cells must be names, all rows above must belong to
    /// the header, and one of three conditions must hold: the file marks all cells as header cells; the row is the
    /// first, and each of its cells spans several rows or columns or is empty; a cell of the first row extends into the
    /// row.
    fn is_header_row(&self, cells: &[TableCell<T>]) -> bool {
        let is_first = self.row_count == 0;
        let all_marked = cells.iter().all(|cell| cell.is_header);
        let all_span = is_first
            && cells.iter().all(|cell| {
                cell.column_span > 1 || cell.row_span != RowSpan::Rows(1) || cell.byte_count == 0
            });
        let has_continued = cells.iter().any(|cell| cell.row_span == RowSpan::Continued);
        let is_covered = self
            .extended_cells
            .values()
            .any(|above| above.is_in_first_row && (above.rows_left.is_some() || has_continued));
        (is_first || self.is_in_header)
            && self.row_count < MAX_HEADER_ROWS
            && (all_marked || all_span || is_covered)
            && cells.iter().all(|cell| cell.is_name)
    }

    /// Returns the contents of the header cells above that span the columns of `cell`, outermost first. If `cell`
    /// itself spans several columns, keeps it as a header cell for the next row.
    fn headers_of(
        &mut self,
        headers_above: &[SpanningHeader<T>],
        cell: &TableCell<T>,
        columns: &std::ops::Range<u32>,
    ) -> Vec<T> {
        if !self.is_in_header || cell.byte_count == 0 {
            return Vec::new();
        }
        let index = headers_above.partition_point(|header| header.columns.end <= columns.start);
        let header =
            headers_above.get(index).filter(|header| header.columns.contains(&columns.start));
        let header_bytes = header.map_or(0, |header| header.byte_count);
        self.copied_bytes += header_bytes;
        let header = header.filter(|_| self.copied_bytes <= MAX_COPIED_BYTES);
        let headers: Vec<T> = header.map(|header| header.contents.clone()).unwrap_or_default();
        if cell.column_span > 1 {
            let contents = headers.iter().cloned().chain([cell.content.clone()]).collect();
            let byte_count = header_bytes + cell.byte_count + BYTES_PER_COPY;
            let columns = columns.clone();
            self.spanning_headers.push(SpanningHeader { columns, contents, byte_count });
        }
        headers
    }

    /// Returns the part of a cell below its row. `None` if the cell covers one row.
    fn extended_cell(&self, cell: &TableCell<T>) -> Option<ExtendedCell<T>> {
        let rows_left = match cell.row_span {
            RowSpan::Rows(count) if count > 1 => Some(count - 1),
            RowSpan::Open => None,
            RowSpan::Rows(_) | RowSpan::Continued => return None,
        };
        Some(ExtendedCell {
            content: cell.content.clone(),
            column_span: cell.column_span,
            rows_left,
            is_in_first_row: self.row_count == 0,
            byte_count: cell.byte_count,
        })
    }

    /// Adds copies of the cells above that cover `column` and the columns directly after it. Sets `column` to the next
    /// free column. Ignores cells with an open number of rows ([`RowSpan::Open`]).
    fn copy_cells_above_at(&mut self, column: &mut u32, completed: &mut Vec<RowCell<T>>) {
        while let Some(above) = self.extended_cells.get(column)
            && above.rows_left.is_some()
        {
            let above = above.clone();
            self.push_copy(&above, completed);
            *column = column.saturating_add(above.column_span);
        }
    }

    /// Adds copies of the cells above that begin at `first_column` or to the right of it. Ignores cells with an open
    /// number of rows ([`RowSpan::Open`]).
    fn copy_cells_above_from(&mut self, first_column: u32, completed: &mut Vec<RowCell<T>>) {
        let counted_cells: Vec<ExtendedCell<T>> = self
            .extended_cells
            .range(first_column..)
            .map(|(_, above)| above.clone())
            .filter(|above| above.rows_left.is_some())
            .collect();
        for above in counted_cells {
            self.push_copy(&above, completed);
        }
    }

    fn push_copy(&mut self, above: &ExtendedCell<T>, completed: &mut Vec<RowCell<T>>) {
        self.copied_bytes += above.byte_count.min(MAX_COPY_BYTES) + BYTES_PER_COPY;
        if self.copied_bytes <= MAX_COPIED_BYTES && above.byte_count <= MAX_COPY_BYTES {
            let content = above.content.clone();
            completed.push(RowCell { content, is_copy: true, headers: Vec::new() });
        }
    }

    /// Counts a row, and removes the cells that end in it.
    fn count_row(&mut self) {
        self.row_count = self.row_count.saturating_add(1);
        if self.copied_bytes > MAX_COPIED_BYTES {
            self.extended_cells.clear();
        }
        self.extended_cells.retain(|_, above| {
            above.rows_left = above.rows_left.map(|count| count - 1);
            above.rows_left != Some(0)
        });
    }
}

#[cfg(feature = "docx")]
impl MergedCells<String> {
    /// Returns the text of the next row as one line. Empty cells are left out.
    pub(super) fn row_text(&mut self, cells: Vec<TableCell<String>>, first_column: u32) -> String {
        let cells = self.complete_row(cells, first_column).into_iter();
        let texts = cells.filter(|cell| !cell.content.is_empty()).map(|mut cell| {
            cell.headers.push(cell.content);
            cell.headers.join(" ")
        });
        texts.collect::<Vec<_>>().join(" | ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &'static str, column_span: u32, row_span: RowSpan) -> TableCell<&'static str> {
        TableCell::new(text, text).spanning(column_span, row_span)
    }

    /// Returns the completed rows, with the headers of a cell before its text.
    fn completed_rows(rows: Vec<Vec<TableCell<&'static str>>>) -> Vec<String> {
        let mut merged = MergedCells::default();
        let text = |cell: RowCell<&'static str>| {
            cell.headers.iter().chain([&cell.content]).copied().collect::<Vec<_>>().join(" ")
        };
        let row_text = |cells: Vec<TableCell<&'static str>>| {
            merged.complete_row(cells, 0).into_iter().map(text).collect::<Vec<_>>().join("|")
        };
        rows.into_iter().map(row_text).collect()
    }

    #[test]
    fn cells_belong_to_each_row_and_header_they_span() {
        let one = |text| cell(text, 1, RowSpan::Rows(1));
        let rows = vec![
            vec![cell("Ship", 1, RowSpan::Rows(2)), cell("Fee", 2, RowSpan::Rows(1))],
            vec![one("Day"), one("Night")],
            vec![cell("Tanker", 1, RowSpan::Rows(2)), one("100"), one("150")],
            vec![one("110"), cell("160", 1, RowSpan::Rows(2))],
            vec![one("Ferry"), one("90")],
        ];
        let expected = [
            "Ship|Fee",
            "Ship|Fee Day|Fee Night",
            "Tanker|100|150",
            "Tanker|110|160",
            "Ferry|90|160",
        ];
        assert_eq!(completed_rows(rows), expected);
        let open = |text| cell(text, 1, RowSpan::Open);
        let below = || cell("", 1, RowSpan::Continued);
        let rows = vec![
            vec![open("Ship"), cell("Fee", 2, RowSpan::Rows(1))],
            vec![below(), one("Day"), one("Night")],
            vec![open("Tanker"), one("100"), open("150")],
            vec![below(), one("110"), below()],
            vec![below(), one(""), below()],
            vec![one("Ferry"), one("90"), one("95")],
            vec![below(), one("80"), one("85")],
        ];
        let expected = [
            "Ship|Fee",
            "Ship|Fee Day|Fee Night",
            "Tanker|100|150",
            "Tanker|110|150",
            "",
            "Ferry|90|95",
            "|80|85",
        ];
        assert_eq!(completed_rows(rows), expected);
    }

    #[test]
    fn values_below_a_wide_cell_have_no_header() {
        let one = |text| cell(text, 1, RowSpan::Rows(1));
        let rows = vec![
            vec![cell("Ferry", 1, RowSpan::Rows(2)), cell("free", 2, RowSpan::Rows(1))],
            vec![one("110"), one("160")],
        ];
        assert_eq!(completed_rows(rows), ["Ferry|free", "Ferry|110|160"]);
        let rows = vec![
            vec![one("Port"), cell("Office", 2, RowSpan::Rows(1))],
            vec![one("Marlow"), one("Quay"), one("Room")],
        ];
        assert_eq!(completed_rows(rows), ["Port|Office", "Marlow|Quay|Room"]);
    }

    #[test]
    fn copies_are_bounded() {
        let text: &str = Box::leak("x".repeat(1000).into_boxed_str());
        let mut rows = vec![vec![cell(text, 1, RowSpan::Rows(u32::MAX))]];
        rows.extend(std::iter::repeat_with(|| vec![cell("y", 1, RowSpan::Rows(1))]).take(3000));
        let byte_count: usize = completed_rows(rows).iter().map(String::len).sum();
        assert!((1_000_000..1_100_000).contains(&byte_count), "{byte_count}");
    }
}
