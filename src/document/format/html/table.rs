//! Classifies tables as data, as page layout, or as metadata labels with values.

use std::collections::HashMap;

use super::{
    main_content::MainContent,
    tree::{NodeId, Tree, TreeStep},
};
use crate::document::{
    format::merged_cells::{MergedCells, RowCell, RowSpan, TableCell},
    metadata::fields,
};

/// Maximum length of a cell of a data table, in characters. A table with a longer cell serves as
/// page layout.
const MAX_DATA_CELL_CHARS: usize = 600;
/// Maximum length of a label that ends in a colon, in characters.
const MAX_LABEL_WITH_COLON_CHARS: usize = 24;
/// Range of the length of a label without a colon, in characters.
const LABEL_WITHOUT_COLON_CHAR_RANGE: std::ops::RangeInclusive<usize> = 2..=8;
/// Minimum number of labels that must name a metadata field, in a table of labels of which at least one lacks a colon.
const MIN_LABELS_OF_METADATA_FIELDS: usize = 2;

/// Maximum number of columns that a cell spans, as in browsers.
const MAX_COLUMN_SPAN: u32 = 1000;
/// A cell is written again in other rows only if a walk over its elements takes fewer steps than this number.
const MAX_REPEATED_STEPS: usize = 400;

/// Purpose of an HTML table.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TablePurpose {
    /// Data: each row becomes one line.
    Data,
    /// Page layout: the cells are read as if there were no table.
    Layout,
    /// Metadata of the document, as pairs of label and value: 发文机关：国务院.
    Labels(Vec<(String, String)>),
}

/// Returns the purpose of a table.
pub(super) fn purpose_of_table(tree: &Tree, content: &MainContent, table: NodeId) -> TablePurpose {
    let rows = table_rows(tree, content, table);
    let has_nested_blocks = tree
        .elements_named(table, &["table", "h1", "h2", "h3", "h4", "article", "form"])
        .any(|inner| inner != table && content.contains(inner));
    let is_presentation = matches!(tree.attribute(table, "role"), Some("presentation" | "none"));
    let column_count = rows.iter().map(Vec::len).max().unwrap_or(0);
    if has_nested_blocks || is_presentation || column_count < 2 {
        return TablePurpose::Layout;
    }
    let cell_texts: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|&cell| tree.full_text(cell)).collect()).collect();
    if cell_texts.iter().flatten().any(|text| text.chars().count() > MAX_DATA_CELL_CHARS) {
        return TablePurpose::Layout;
    }
    if let Some(pairs) = labels_and_values(&cell_texts) {
        return TablePurpose::Labels(pairs);
    }
    let has_several_texts =
        |row: &&Vec<String>| row.iter().filter(|text| !text.is_empty()).count() > 1;
    if cell_texts.iter().filter(has_several_texts).count() > 1 {
        TablePurpose::Data
    } else {
        TablePurpose::Layout
    }
}

/// Cells whose text is written again in another place of their table.
#[derive(Debug, Default)]
pub(super) struct RepeatedCells {
    /// For a cell: the cells of the rows above that extend into its row and stand directly before it.
    pub(super) before_cells: HashMap<NodeId, Vec<NodeId>>,
    /// For a header cell: the header cells above it that span its column, outermost first.
    pub(super) headers: HashMap<NodeId, Vec<NodeId>>,
    /// For a row: the cells of the rows above that extend into the row and stand after its last own cell.
    pub(super) row_ends: HashMap<NodeId, Vec<NodeId>>,
}

impl RepeatedCells {
    /// Finds the cells of a data table that span several rows, and the header cells that span several columns.
    pub(super) fn find(tree: &Tree, content: &MainContent, table: NodeId) -> Self {
        let mut repeated = Self::default();
        let mut merged = MergedCells::default();
        let mut section = None;
        for (row, cells) in rows_with_cells(tree, content, table) {
            let row_section = tree.parent(row);
            if section != row_section {
                merged.end_section();
                section = row_section;
            }
            let cells = cells.into_iter().map(|cell| table_cell(tree, cell)).collect();
            repeated.add_row(row, merged.complete_row(cells, 0));
        }
        repeated
    }

    fn add_row(&mut self, row: NodeId, cells: Vec<RowCell<NodeId>>) {
        let mut copies = Vec::new();
        for cell in cells {
            if cell.is_copy {
                copies.push(cell.content);
                continue;
            }
            if !copies.is_empty() {
                self.before_cells.insert(cell.content, std::mem::take(&mut copies));
            }
            if !cell.headers.is_empty() {
                self.headers.insert(cell.content, cell.headers);
            }
        }
        if !copies.is_empty() {
            self.row_ends.insert(row, copies);
        }
    }
}

/// Returns a cell with the numbers of rows and columns that it spans.
fn table_cell(tree: &Tree, cell: NodeId) -> TableCell<NodeId> {
    let span = |name: &str| tree.attribute(cell, name).and_then(|span| span.trim().parse().ok());
    let row_span = match span("rowspan") {
        // The cell extends to the end of the section.
        Some(0) => u32::MAX,
        span => span.unwrap_or(1),
    };
    let is_small = tree.walk(cell, |_| true).take(MAX_REPEATED_STEPS).count() < MAX_REPEATED_STEPS;
    let row_span = if is_small { row_span } else { 1 };
    TableCell::new(cell, &tree.full_text(cell))
        .spanning(span("colspan").unwrap_or(1).min(MAX_COLUMN_SPAN), RowSpan::Rows(row_span))
        .marked_as_header(is_small && tree.name(cell) == "th")
}

/// Returns the cells of each row of a table. Ignores the rows of nested tables.
fn table_rows(tree: &Tree, content: &MainContent, table: NodeId) -> Vec<Vec<NodeId>> {
    rows_with_cells(tree, content, table).into_iter().map(|(_, cells)| cells).collect()
}

/// Returns each row of a table with its cells. Ignores the rows of nested tables.
fn rows_with_cells(
    tree: &Tree,
    content: &MainContent,
    table: NodeId,
) -> Vec<(NodeId, Vec<NodeId>)> {
    let mut rows: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    let is_inside = |id: NodeId| content.contains(id) && (id == table || tree.name(id) != "table");
    for step in tree.walk(table, is_inside) {
        let TreeStep::Enter(id) = step else { continue };
        match tree.name(id) {
            "tr" => rows.push((id, Vec::new())),
            "td" | "th" => {
                if let Some((_, cells)) = rows.last_mut() {
                    cells.push(id);
                }
            }
            _ => {}
        }
    }
    rows
}

/// Returns the labels and values of a table in which label and value cells alternate. Omits empty
/// values. `None` if the cells do not alternate.
///
/// A label ends in a colon. A short label may omit the colon if at least [`MIN_LABELS_OF_METADATA_FIELDS`]
/// labels of the table name a metadata field.
fn labels_and_values(rows: &[Vec<String>]) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let (mut has_bare_label, mut field_label_count) = (false, 0);
    for row in rows.iter().filter(|row| row.iter().any(|text| !text.is_empty())) {
        for pair in row.chunks(2) {
            match pair {
                [label, value] if is_label(label) || may_be_label_without_colon(label) => {
                    has_bare_label |= !is_label(label);
                    field_label_count += usize::from(fields::field_of_label(label).is_some());
                    pairs.push((label.clone(), value.clone()));
                }
                [label, value] if label.is_empty() && value.is_empty() => {}
                [label] if label.is_empty() => {}
                _ => return None,
            }
        }
    }
    pairs.retain(|(_, value)| !value.is_empty());
    let is_label_table = !pairs.is_empty()
        && (!has_bare_label || field_label_count >= MIN_LABELS_OF_METADATA_FIELDS);
    is_label_table.then_some(pairs)
}

/// Returns whether a text may be a label without a colon: 2 to 8 characters, all of them letters.
/// Example: 发文字号.
fn may_be_label_without_colon(text: &str) -> bool {
    let mut visible_chars = text.chars().filter(|c| !c.is_whitespace());
    LABEL_WITHOUT_COLON_CHAR_RANGE.contains(&visible_chars.clone().count())
        && visible_chars.all(char::is_alphabetic)
}

/// Returns whether a text is a label: short, with a colon at its end.
pub(super) fn is_label(text: &str) -> bool {
    let label_without_colon = text.trim().strip_suffix([':', '：']);
    label_without_colon.is_some_and(|label_without_colon| {
        !label_without_colon.is_empty()
            && label_without_colon.chars().count() <= MAX_LABEL_WITH_COLON_CHARS
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::parse;

    #[test]
    fn tables_are_data_or_layout_or_metadata_labels() {
        let label_table = |pairs: &[(&str, &str)]| {
            TablePurpose::Labels(
                pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            )
        };
        for (markup, expected) in [
            ("<table><tr><th>Year<th>Sum<tr><td>2024<td>3</table>", TablePurpose::Data),
            (
                "<table><tr><td>menu<td><h2>News</h2>text<tr><td>a<td>b</table>",
                TablePurpose::Layout,
            ),
            ("<table><tr><td>only one<tr><td>column</table>", TablePurpose::Layout),
            ("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", TablePurpose::Layout),
            (
                "<table><tr><td>索 引 号：<td>0001<td>标　题：<td>通知<tr><td>主题词：<td></table>",
                label_table(&[("索 引 号：", "0001"), ("标 题：", "通知")]),
            ),
            (
                "<table><tr><td>索引号<td>0001<td>发文机关<td>某局<tr><td>成文日期<td>2024-1-2</table>",
                label_table(&[("索引号", "0001"), ("发文机关", "某局"), ("成文日期", "2024-1-2")]),
            ),
            ("<table><tr><td>日期<td>数量<tr><td>一月<td>三</table>", TablePurpose::Data),
            ("<table><tr><td>Total:<td>3<tr><td>2024<td>4</table>", TablePurpose::Data),
        ] {
            let tree = parse::parse(markup).unwrap();
            let table = tree.elements_named(Tree::ROOT, &["table"]).next().unwrap();
            assert_eq!(
                purpose_of_table(&tree, &MainContent::of_whole_page(&tree), table),
                expected,
                "{markup}"
            );
        }
    }
}
