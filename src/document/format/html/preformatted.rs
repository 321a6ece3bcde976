//! Recognizes tables in preformatted text: consecutive lines whose columns are separated by several spaces.

/// Part of a preformatted text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PreformattedPart<'a> {
    /// Lines of running text, with their line ends.
    Text(&'a str),
    /// Cells of a line of a table.
    Row(Vec<&'a str>),
}

/// Splits a preformatted text into running text and the rows of tables. Two consecutive lines are rows of a table if
/// they have the same number of columns, more than one, and at least one of the lines has a digit.
pub(super) fn split_tables(text: &str) -> Vec<PreformattedPart<'_>> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let rows: Vec<Vec<&str>> = lines.iter().map(|line| cells(line)).collect();
    let has_number =
        |row: &[&str]| row.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    let are_rows = |first: Option<&Vec<&str>>, second: Option<&Vec<&str>>| {
        first.zip(second).is_some_and(|(first, second)| {
            first.len() > 1
                && first.len() == second.len()
                && (has_number(first) || has_number(second))
        })
    };
    let mut parts = Vec::new();
    let (mut text_start, mut offset) = (0, 0);
    for (index, line) in lines.iter().enumerate() {
        let row = rows.get(index);
        let above = index.checked_sub(1).and_then(|above| rows.get(above));
        if are_rows(above, row) || are_rows(row, rows.get(index + 1)) {
            parts.extend(text.get(text_start..offset).map(PreformattedPart::Text));
            parts.extend(row.cloned().map(PreformattedPart::Row));
            text_start = offset + line.len();
        }
        offset += line.len();
    }
    parts.extend(text.get(text_start..).map(PreformattedPart::Text));
    parts.retain(|part| !matches!(part, PreformattedPart::Text("")));
    parts
}

/// Returns the parts of a line that are separated by a tab or by several spaces. Spaces after the end of a sentence do
/// not separate.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let mut cells = Vec::new();
    let mut start = 0;
    let mut previous_end = 0;
    for (offset, word) in words(line) {
        let gap = line.get(previous_end..offset).unwrap_or_default();
        let before = line.get(start..previous_end).unwrap_or_default();
        let is_separator = gap.contains('\t')
            || gap.chars().count() > 1 && !before.ends_with(['.', '?', '!', ':']);
        if is_separator && !before.is_empty() {
            cells.push(before);
            start = offset;
        }
        previous_end = offset + word.len();
    }
    cells.extend(line.get(start..).filter(|cell| !cell.is_empty()));
    cells
}

/// Iterates over the words of a line, each with its offset.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    line.split_inclusive(char::is_whitespace).filter_map(move |part| {
        let start = offset;
        offset += part.len();
        let word = part.trim_end();
        (!word.is_empty()).then_some((start, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_split_from_running_text() {
        use PreformattedPart::{Row, Text};
        for (text, expected) in [
            (
                "Rates:\n\nYear  Rate a\n2024\t4.5\n  2025    4.2\nThe rate\nfell.",
                vec![
                    Text("Rates:\n\n"),
                    Row(vec!["Year", "Rate a"]),
                    Row(vec!["2024", "4.5"]),
                    Row(vec!["2025", "4.2"]),
                    Text("The rate\nfell."),
                ],
            ),
            (
                "It fell.  It rose 2.\nIt fell.  It rose 3.",
                vec![Text("It fell.  It rose 2.\nIt fell.  It rose 3.")],
            ),
            ("a  b\nc  d", vec![Text("a  b\nc  d")]),
            ("a  1\n\nb  2", vec![Text("a  1\n\nb  2")]),
            ("", vec![]),
        ] {
            assert_eq!(split_tables(text), expected, "{text}");
        }
    }
}
