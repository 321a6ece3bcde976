//! A table → what it is: rows of data, a frame for the layout of the page, or labels with their values.

use super::{
    main_content::Content,
    tree::{Id, Step, Tree},
};
use crate::document::metadata::fields;

/// A cell with more than so many characters is a column of a page.
const MAX_CELL_CHARS: usize = 600;
/// A longer label is none.
const MAX_LABEL_CHARS: usize = 24;
const MAX_BARE_CHARS: usize = 8;
/// A table of labels without colons has so many that are known.
const MIN_KNOWN: usize = 2;

/// What a table is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Each row is read as one line.
    Data,
    /// Its cells are read as if there were no table.
    Layout,
    /// Labels and values about the document: 发文机关：国务院.
    Labels(Vec<(String, String)>),
}

/// What the table `id` is for.
pub(super) fn use_of(tree: &Tree, content: &Content, id: Id) -> Use {
    let rows = rows(tree, content, id);
    let nested = tree.named(id, &["table", "h1", "h2", "h3", "h4", "article", "form"]);
    let nested = nested.filter(|&inner| inner != id).any(|inner| content.has(inner));
    let presentation = matches!(tree.attribute(id, "role"), Some("presentation" | "none"));
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    if nested || presentation || columns < 2 {
        return Use::Layout;
    }
    let texts: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|&cell| tree.all_text(cell)).collect()).collect();
    if texts.iter().flatten().any(|text| text.chars().count() > MAX_CELL_CHARS) {
        return Use::Layout;
    }
    if let Some(labels) = labels(&texts) {
        return Use::Labels(labels);
    }
    let filled = |row: &&Vec<String>| row.iter().filter(|text| !text.is_empty()).count() > 1;
    if texts.iter().filter(filled).count() > 1 { Use::Data } else { Use::Layout }
}

/// The cells of the rows of a table, not those of tables inside it.
fn rows(tree: &Tree, content: &Content, table: Id) -> Vec<Vec<Id>> {
    let mut rows: Vec<Vec<Id>> = Vec::new();
    let inside = |id: Id| content.has(id) && (id == table || tree.name(id) != "table");
    for step in tree.walk(table, inside) {
        let Step::Enter(id) = step else { continue };
        match tree.name(id) {
            "tr" => rows.push(Vec::new()),
            "td" | "th" => {
                if let Some(row) = rows.last_mut() {
                    row.push(id);
                }
            }
            _ => {}
        }
    }
    rows
}

/// The pairs of a table whose cells are labels and their values, in turn: labels end in a colon, or are
/// short, and two of them at least are known. One that has no value is left out.
fn labels(rows: &[Vec<String>]) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let (mut bare, mut known) = (false, 0);
    for row in rows.iter().filter(|row| row.iter().any(|text| !text.is_empty())) {
        for pair in row.chunks(2) {
            match pair {
                [label, value] if is_label(label) || is_bare_label(label) => {
                    bare |= !is_label(label);
                    known += usize::from(fields::field_of_label(label).is_some());
                    pairs.push((label.clone(), value.clone()));
                }
                [label, value] if label.is_empty() && value.is_empty() => {}
                [label] if label.is_empty() => {}
                _ => return None,
            }
        }
    }
    pairs.retain(|(_, value)| !value.is_empty());
    (!pairs.is_empty() && (!bare || known >= MIN_KNOWN)).then_some(pairs)
}

/// Whether a text is as short as a label without a colon: 发文字号.
fn is_bare_label(text: &str) -> bool {
    let letters = text.chars().filter(|c| !c.is_whitespace());
    (2..=MAX_BARE_CHARS).contains(&letters.clone().count())
        && letters.clone().all(char::is_alphabetic)
}

/// Whether a short text ends in a colon.
pub(super) fn is_label(text: &str) -> bool {
    let bare = text.trim().strip_suffix([':', '：']);
    bare.is_some_and(|bare| !bare.is_empty() && bare.chars().count() <= MAX_LABEL_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::html::parse;

    #[test]
    fn uses_of_tables() {
        let labels = |pairs: &[(&str, &str)]| {
            Use::Labels(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
        };
        for (markup, expected) in [
            ("<table><tr><th>Year<th>Sum<tr><td>2024<td>3</table>", Use::Data),
            ("<table><tr><td>menu<td><h2>News</h2>text<tr><td>a<td>b</table>", Use::Layout),
            ("<table><tr><td>only one<tr><td>column</table>", Use::Layout),
            ("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", Use::Layout),
            (
                "<table><tr><td>索 引 号：<td>0001<td>标　题：<td>通知<tr><td>主题词：<td></table>",
                labels(&[("索 引 号：", "0001"), ("标 题：", "通知")]),
            ),
            (
                "<table><tr><td>索引号<td>0001<td>发文机关<td>某局<tr><td>成文日期<td>2024-1-2</table>",
                labels(&[("索引号", "0001"), ("发文机关", "某局"), ("成文日期", "2024-1-2")]),
            ),
            ("<table><tr><td>日期<td>数量<tr><td>一月<td>三</table>", Use::Data),
            ("<table><tr><td>Total:<td>3<tr><td>2024<td>4</table>", Use::Data),
        ] {
            let tree = parse::tree(markup).unwrap();
            let table = tree.named(Tree::ROOT, &["table"]).next().unwrap();
            assert_eq!(use_of(&tree, &Content::whole(&tree), table), expected, "{markup}");
        }
    }
}
