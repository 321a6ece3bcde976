//! Recognizes the header row of a table. A row is a header row only with evidence: the file marks it, its cells are
//! bold and the cells below are not, its words are above numbers or dates, it lists years or other periods, or its
//! words are usual column names.

use std::collections::BTreeSet;

use super::{
    Cell, CellKind, Row,
    value::{is_column_name, is_time_period},
};
use crate::document::metadata::fields::{field_of_label, normalized_label};

/// Number of rows at the beginning of a table that are searched for the header row.
const MAX_HEADER_SEARCH_ROWS: usize = 8;
/// Maximum number of rows below a header row that are compared with it.
const MAX_ROWS_COMPARED_WITH_HEADER: usize = 100;
/// Minimum number of rows below the header row of a table of two columns, if numbers below words are the only evidence
/// for the header row. A table with fewer rows may be a list of labels and values.
const MIN_ROWS_BELOW_TWO_COLUMN_HEADER: usize = 5;
/// Minimum length, in characters, of a text that is too long for a column name.
const MIN_CHARS_TOO_LONG_FOR_COLUMN_NAME: usize = 40;
/// Usual column names, as [`normalized_label`] returns them, in addition to the labels of metadata fields.
const USUAL_COLUMN_NAMES: [&str; 58] = [
    "id",
    "no",
    "number",
    "name",
    "code",
    "type",
    "kind",
    "status",
    "amount",
    "total",
    "unit",
    "value",
    "remarks",
    "remark",
    "notes",
    "description",
    "year",
    "month",
    "quantity",
    "price",
    "budget",
    "region",
    "category",
    "address",
    "phone",
    "telephone",
    "email",
    "contact",
    "text",
    "body",
    "content",
    "序号",
    "编号",
    "姓名",
    "单位",
    "金额",
    "备注",
    "合计",
    "项目",
    "项目名称",
    "类别",
    "数量",
    "地址",
    "电话",
    "联系人",
    "联系电话",
    "年份",
    "正文",
    "内容",
    "序號",
    "編號",
    "名稱",
    "單位",
    "金額",
    "備註",
    "項目",
    "數量",
    "電話",
];

/// Header of a table: the names of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct TableHeader {
    /// Indexes of the columns, from 0, each with the name of the column, in order.
    names: Vec<(u32, String)>,
    /// Indexes of the columns that hold numbers or dates, from 0.
    value_columns: BTreeSet<u32>,
}

impl TableHeader {
    /// Returns the name of a column. `None` if the header row has no text above the column.
    pub(super) fn name(&self, column: u32) -> Option<&str> {
        let index = self.names.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        self.names.get(index).map(|(_, name)| name.as_str())
    }

    /// Returns the names of the columns that a cell covers.
    pub(super) fn names_above(&self, cell: &Cell) -> Vec<&str> {
        let columns = cell.column..cell.column.saturating_add(cell.column_span.max(1));
        let first = self.names.partition_point(|(column, _)| *column < columns.start);
        let names = self.names.iter().skip(first);
        names
            .take_while(|(column, _)| columns.contains(column))
            .map(|(_, name)| name.as_str())
            .collect()
    }

    /// Returns the columns that have a name, each with its name.
    pub(super) fn names(&self) -> &[(u32, String)] {
        &self.names
    }

    /// Returns whether rows that are separated from the table of this header continue the table: all their cells have a
    /// column name, and the columns of numbers and dates hold numbers or dates.
    pub(super) fn is_continued_by_rows(&self, rows: &[Row]) -> bool {
        let cells = || rows.iter().flat_map(|row| &row.cells);
        let mut value_cells =
            cells().filter(|cell| self.value_columns.contains(&cell.column)).peekable();
        value_cells.peek().is_some()
            && value_cells.all(|cell| cell.kind == CellKind::Value)
            && cells().all(|cell| self.name(cell.column).is_some())
    }
}

/// Finds the header row of a table. `stated_row` is the number of the row that the file marks as header row. Returns
/// the header, the index of its first row in `rows`, and the number of its rows.
pub(super) fn find_header(
    rows: &[Row],
    stated_row: Option<u32>,
) -> Option<(TableHeader, usize, usize)> {
    (0..rows.len().min(MAX_HEADER_SEARCH_ROWS)).find_map(|index| {
        let (candidate, following_rows) = rows.get(index..)?.split_first()?;
        let (names, row_count) = column_names(candidate, following_rows)?;
        let data_rows = following_rows.get(row_count - 1..)?;
        let data_rows = data_rows.get(..MAX_ROWS_COMPARED_WITH_HEADER).unwrap_or(data_rows);
        let stated_rows = candidate.number..candidate.number + row_count as u32;
        let is_stated_header = stated_row.is_some_and(|row| stated_rows.contains(&row));
        let is_bold =
            is_bold_row(candidate) && !data_rows.is_empty() && !data_rows.iter().all(is_bold_row);
        let value_columns: BTreeSet<u32> = names
            .iter()
            .filter(|(column, _)| {
                column_mostly_satisfies(data_rows, *column, |cell| cell.kind == CellKind::Value)
            })
            .map(|(column, _)| *column)
            .collect();
        let is_header = names_cover_most_used_columns(&names, data_rows)
            && (is_stated_header
                || is_bold
                || has_usual_names(&names)
                || has_period_names_above_numbers(&names, data_rows)
                || cells_differ_from_names(&names, data_rows));
        is_header.then_some((TableHeader { names, value_columns }, index, row_count))
    })
}

/// Returns the column names in a row that may be a header row, and the number of header rows. If the row has merged
/// cells, the row below may be a second header row, whose names follow the names above: `2025` below `Budget` becomes
/// `Budget 2025`. `None` if the row cannot be a header row.
fn column_names(row: &Row, following_rows: &[Row]) -> Option<(Vec<(u32, String)>, usize)> {
    if row.cells.len() < 2 || !row.cells.iter().all(may_be_column_name) {
        return None;
    }
    let has_merged_cells = row.cells.iter().any(|cell| cell.column_span > 1);
    let second_row = following_rows.first().filter(|second_row| {
        has_merged_cells
            && following_rows.len() > 1
            && second_row.cells.iter().all(may_be_column_name)
    });
    let mut names: Vec<(u32, String)> = Vec::new();
    for cell in &row.cells {
        let columns = cell.column..cell.column.saturating_add(cell.column_span.max(1));
        let lower_cells = second_row.map_or(&[][..], |row| &row.cells);
        let mut lower_cells =
            lower_cells.iter().filter(|lower| columns.contains(&lower.column)).peekable();
        if lower_cells.peek().is_none() {
            names.push((cell.column, cell.text.clone()));
        }
        for lower in lower_cells {
            let is_repeated = lower.text == cell.text;
            let name = if is_repeated {
                cell.text.clone()
            } else {
                format!("{} {}", cell.text, lower.text)
            };
            names.push((lower.column, name));
        }
    }
    let has_no_name = |cell: &&Cell| names.iter().all(|(column, _)| *column != cell.column);
    let cells_beside_names: Vec<&Cell> =
        second_row.map_or(&[][..], |row| &row.cells).iter().filter(has_no_name).collect();
    let cells_beside_names: Vec<_> =
        cells_beside_names.into_iter().map(|cell| (cell.column, cell.text.clone())).collect();
    names.extend(cells_beside_names);
    names.sort();
    let distinct_names: BTreeSet<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
    let row_count = 1 + usize::from(second_row.is_some());
    (distinct_names.len() == names.len() && names.len() >= 2).then_some((names, row_count))
}

/// Returns whether a cell may be a column name: its text is a time period, such as a year, or the cell holds words that
/// have the form of a column name.
fn may_be_column_name(cell: &Cell) -> bool {
    is_time_period(&cell.text) || cell.kind == CellKind::Text && is_column_name(&cell.text)
}

/// Returns whether at least four fifths of the used columns have a name. A column is used if at least half of the rows
/// have a cell in it. If three or more columns are used, one of them may always lack a name.
fn names_cover_most_used_columns(names: &[(u32, String)], rows: &[Row]) -> bool {
    let mut cell_counts = std::collections::BTreeMap::<u32, usize>::new();
    for cell in rows.iter().flat_map(|row| &row.cells) {
        *cell_counts.entry(cell.column).or_default() += 1;
    }
    let used_columns: Vec<u32> = cell_counts
        .iter()
        .filter(|(_, count)| **count * 2 >= rows.len())
        .map(|(column, _)| *column)
        .collect();
    let covered_count = used_columns
        .iter()
        .filter(|column| names.iter().any(|(name_column, _)| name_column == *column))
        .count();
    let min_covered_count = (used_columns.len() * 4).div_ceil(5);
    // The column of the row names often has no name of its own.
    !used_columns.is_empty()
        && (covered_count >= min_covered_count
            || used_columns.len() >= 3 && covered_count + 1 == used_columns.len())
}

fn is_bold_row(row: &Row) -> bool {
    row.cells.iter().all(|cell| cell.is_bold)
}

/// Returns whether at least two names are usual column names.
fn has_usual_names(names: &[(u32, String)]) -> bool {
    let is_usual = |name: &str| {
        field_of_label(name).is_some()
            || USUAL_COLUMN_NAMES.contains(&normalized_label(name).as_str())
    };
    names.iter().filter(|(_, name)| is_usual(name)).count() >= 2
}

/// Returns whether at least two names are time periods or end with a time period, such as a year, and numbers that are
/// not time periods are below these names.
fn has_period_names_above_numbers(names: &[(u32, String)], rows: &[Row]) -> bool {
    let period_columns = names.iter().filter(|(column, name)| {
        let is_other_number =
            |cell: &Cell| cell.kind == CellKind::Value && !is_time_period(&cell.text);
        let last_word = name.split_whitespace().last().unwrap_or_default();
        (is_time_period(name) || is_time_period(last_word))
            && column_mostly_satisfies(rows, *column, is_other_number)
    });
    period_columns.count() >= 2
}

/// Returns whether the cells below the names differ from names in at least one column: numbers, dates, addresses or
/// long texts below words. For a single row, at least two such columns are needed.
fn cells_differ_from_names(names: &[(u32, String)], rows: &[Row]) -> bool {
    let has_only_two_columns = names.len() == 2;
    if has_only_two_columns && rows.len() < MIN_ROWS_BELOW_TWO_COLUMN_HEADER {
        return false;
    }
    let contrasting_columns = names.iter().filter(|(column, name)| {
        let is_word = CellKind::of_text(name) == CellKind::Text && !is_time_period(name);
        let name_has_digit = name.contains(|c: char| c.is_ascii_digit());
        is_word
            && column_mostly_satisfies(rows, *column, |cell| {
                let has_number =
                    cell.text.contains(|c: char| c.is_ascii_digit()) && !name_has_digit;
                let is_unlike_a_name = has_number
                    || cell.text.contains('@')
                    || cell.text.contains("://")
                    || cell.text.chars().count()
                        >= MIN_CHARS_TOO_LONG_FOR_COLUMN_NAME.max(name.chars().count() * 3);
                cell.kind == CellKind::Value || !has_only_two_columns && is_unlike_a_name
            })
    });
    contrasting_columns.count() >= if rows.len() == 1 { 2 } else { 1 }
}

/// Returns whether at least four fifths of the cells in a column satisfy `condition`. `false` for an empty column.
fn column_mostly_satisfies(rows: &[Row], column: u32, condition: impl Fn(&Cell) -> bool) -> bool {
    let cells = rows.iter().filter_map(|row| row.cells.iter().find(|cell| cell.column == column));
    let (mut cell_count, mut satisfying_count) = (0_usize, 0_usize);
    for cell in cells {
        cell_count += 1;
        satisfying_count += usize::from(condition(cell));
    }
    cell_count > 0 && satisfying_count * 5 >= cell_count * 4
}
