//! Splits CSV and tab-separated values into rows with their line numbers. A malformed row ends at the end of its line, so
//! that the rows after it are read.

/// Maximum length of a cell in bytes.
const MAX_CELL_BYTES: usize = 64 * 1024;

/// A row of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Number of the line at which the row begins, from 1.
    pub(super) line: usize,
    /// The cells, or the reason why the row is malformed.
    pub(super) cells: Result<Vec<String>, &'static str>,
}

/// Iterates over the rows of `text`, whose line ends are line feeds. Quotation marks enclose a cell with delimiters, line
/// breaks or doubled quotation marks.
pub(super) fn rows(text: &str, delimiter: char) -> impl Iterator<Item = Row> {
    let (mut remaining_text, mut line) = (text, 1);
    std::iter::from_fn(move || {
        if remaining_text.is_empty() {
            return None;
        }
        let (cells, following_text) = match read_row(remaining_text, delimiter) {
            Ok((cells, following_text)) => (Ok(cells), following_text),
            Err(reason) => {
                let line_end =
                    remaining_text.find('\n').map_or(remaining_text.len(), |end| end + 1);
                (Err(reason), remaining_text.get(line_end..).unwrap_or_default())
            }
        };
        let row_end = remaining_text.len() - following_text.len();
        let row = Row { line, cells };
        line += remaining_text.get(..row_end).unwrap_or_default().matches('\n').count();
        remaining_text = following_text;
        Some(row)
    })
}

/// Returns the cells of the first row of `text`, and the text after the row.
fn read_row(text: &str, delimiter: char) -> Result<(Vec<String>, &str), &'static str> {
    let (mut cells, mut remaining_text) = (Vec::new(), text);
    loop {
        let (cell, following_text) = read_cell(remaining_text, delimiter)?;
        cells.push(cell);
        match following_text.strip_prefix(delimiter) {
            Some(text) => remaining_text = text,
            None => {
                return Ok((cells, following_text.strip_prefix('\n').unwrap_or(following_text)));
            }
        }
    }
}

/// Returns the first cell of `text`, and the text after the cell: nothing, or a text that begins with a delimiter or a
/// line feed.
fn read_cell(text: &str, delimiter: char) -> Result<(String, &str), &'static str> {
    let Some(mut remaining_text) = text.strip_prefix('"') else {
        let end = text.find([delimiter, '\n']).unwrap_or(text.len());
        let (cell, following_text) = text.split_at(end);
        return Ok((cell.to_owned(), following_text));
    };
    let mut cell = String::new();
    loop {
        let (content, following_text) = split_at_quotation_mark(remaining_text)?;
        cell.push_str(content);
        if cell.len() > MAX_CELL_BYTES {
            return Err("a cell is longer than 64 KiB");
        }
        match following_text.strip_prefix('"') {
            Some(text) => {
                cell.push('"');
                remaining_text = text;
            }
            None if following_text.is_empty() || following_text.starts_with([delimiter, '\n']) => {
                return Ok((cell, following_text));
            }
            None => {
                return Err("text follows the closing quotation mark of a cell: double the \
                            quotation marks inside, as in \"\"\"flying car\"\" factory\"");
            }
        }
    }
}

/// Splits `text` at the first quotation mark, which must be near.
fn split_at_quotation_mark(text: &str) -> Result<(&str, &str), &'static str> {
    let near_bytes = text.as_bytes().get(..=MAX_CELL_BYTES).unwrap_or(text.as_bytes());
    let position = near_bytes.iter().position(|byte| *byte == b'"');
    let position = position.ok_or("a quotation mark at the beginning of a cell is not closed")?;
    Ok((text.get(..position).unwrap_or_default(), text.get(position + 1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(text: &str) -> Vec<String> {
        rows(text, ',')
            .map(|Row { line, cells }| match cells {
                Ok(cells) => format!("{line}:{}", cells.join("|")),
                Err(reason) => format!("{line}:! {}", reason.split(' ').next().unwrap()),
            })
            .collect()
    }

    #[test]
    fn rows_follow_quotation_marks() {
        let cases: [(&str, &[&str]); 8] = [
            ("", &[]),
            ("a,b\n\n,c", &["1:a|b", "2:", "3:|c"]),
            ("\"a, b\",\"\"\"c d\"\" e\"\nf", &["1:a, b|\"c d\" e", "2:f"]),
            ("\"a\nb\",c\nd\n", &["1:a\nb|c", "3:d"]),
            ("\"a\" b\nc", &["1:! text", "2:c"]),
            ("x,\"a\nb\nc", &["1:! a", "2:b", "3:c"]),
            ("a \"b\" c", &["1:a \"b\" c"]),
            ("\"\",\"\"\"\"", &["1:|\""]),
        ];
        for (text, expected) in cases {
            assert_eq!(rows_of(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quoted_cells_have_a_maximum_length() {
        let long_cell = "a".repeat(MAX_CELL_BYTES + 1);
        assert_eq!(rows_of(&format!("\"{long_cell}\"\nb")), ["1:! a", "2:b"]);
        assert_eq!(
            rows_of(&format!("\"{}\"\nb", "\"\"".repeat(MAX_CELL_BYTES + 1))),
            ["1:! a", "2:b"]
        );
    }

    proptest::proptest! {
        #[test]
        fn every_line_begins_in_order(text in "[a\",\n]{0,40}") {
            let lines: Vec<usize> = rows(&text, ',').map(|row| row.line).collect();
            proptest::prop_assert!(lines.is_sorted_by(|a, b| a < b), "{:?}", lines);
            proptest::prop_assert!(lines.last().is_none_or(|last| *last <= text.lines().count()));
            proptest::prop_assert_eq!(lines.is_empty(), text.is_empty());
        }
    }
}
