//! Splits CSV and tab-separated values into rows.

/// A row of cells.
#[derive(Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "cli"),
    allow(dead_code, reason = "only the command reports lines and defects")
)]
pub(crate) struct DelimitedRow {
    /// Number of the line at which the row begins, from 1.
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
    /// Defect of a quotation mark in the row. `None` if the row is well-formed.
    pub(crate) problem: Option<&'static str>,
}

/// Iterates over the rows of `text`, whose line ends are line feeds. Quotation marks enclose a cell with delimiters,
/// line breaks or doubled quotation marks. A quotation mark that is never closed is a character of its cell, and text
/// after a closing quotation mark belongs to the cell. Both defects are reported as a problem of the row.
pub(crate) fn delimited_rows(text: &str, delimiter: char) -> impl Iterator<Item = DelimitedRow> {
    let (mut remaining_text, mut line) = (text, 1);
    std::iter::from_fn(move || {
        if remaining_text.is_empty() {
            return None;
        }
        let mut row = DelimitedRow { line, cells: Vec::new(), problem: None };
        let following_text = read_first_row(remaining_text, delimiter, &mut row);
        let row_end = remaining_text.len() - following_text.len();
        line += remaining_text.get(..row_end).unwrap_or_default().matches('\n').count();
        remaining_text = following_text;
        Some(row)
    })
}

/// Reads the first row of `text`, and returns the text after the row.
fn read_first_row<'a>(text: &'a str, delimiter: char, row: &mut DelimitedRow) -> &'a str {
    let mut remaining_text = text;
    loop {
        let following_text = read_first_cell(remaining_text, delimiter, row);
        match following_text.strip_prefix(delimiter) {
            Some(following_cells) => remaining_text = following_cells,
            None => return following_text.strip_prefix('\n').unwrap_or(following_text),
        }
    }
}

/// Reads the first cell of `text`, and returns the text after the cell: nothing, or a text that begins with a delimiter
/// or a line break.
fn read_first_cell<'a>(text: &'a str, delimiter: char, row: &mut DelimitedRow) -> &'a str {
    let (cell, following_text) = match text.strip_prefix('"').map(split_at_closing_quote) {
        Some(Some((mut cell, following_text))) => {
            let (rest, following_text) =
                split_before_delimiter_or_line_break(following_text, delimiter);
            if !rest.is_empty() {
                row.problem = Some(
                    "text follows the closing quotation mark of a cell: double the \
                     quotation marks inside, as in \"\"\"flying car\"\" factory\"",
                );
            }
            cell.push_str(rest);
            (cell, following_text)
        }
        quoted => {
            if quoted.is_some() {
                row.problem = Some("a quotation mark at the beginning of a cell is not closed");
            }
            let (cell, following_text) = split_before_delimiter_or_line_break(text, delimiter);
            (cell.to_owned(), following_text)
        }
    };
    row.cells.push(cell);
    following_text
}

/// Reads a text up to its closing quotation mark. Returns the text, without the doubling of quotation marks, and the
/// text after the closing quotation mark. `None` if no quotation mark closes the text.
fn split_at_closing_quote(text: &str) -> Option<(String, &str)> {
    let (content, mut following_text) = text.split_once('"')?;
    let mut quoted = content.to_owned();
    while let Some(next) = following_text.strip_prefix('"') {
        let (content, next_text) = next.split_once('"')?;
        quoted.push('"');
        quoted.push_str(content);
        following_text = next_text;
    }
    Some((quoted, following_text))
}

/// Splits `text` at the first delimiter or line break.
fn split_before_delimiter_or_line_break(text: &str, delimiter: char) -> (&str, &str) {
    text.split_at(text.find([delimiter, '\n']).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed_rows_of(text: &str) -> Vec<String> {
        delimited_rows(text, ',')
            .map(|DelimitedRow { line, cells, problem }| match problem {
                None => format!("{line}:{}", cells.join("|")),
                Some(reason) => format!("{line}:! {}", reason.split(' ').next().unwrap()),
            })
            .collect()
    }

    #[test]
    fn quotation_marks_bound_cells() {
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
            assert_eq!(printed_rows_of(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn line_numbers_of_rows_ascend(text in "[a\",\n]{0,40}") {
            let lines: Vec<usize> = delimited_rows(&text, ',').map(|row| row.line).collect();
            proptest::prop_assert!(lines.is_sorted_by(|a, b| a < b), "{:?}", lines);
            proptest::prop_assert!(lines.last().is_none_or(|last| *last <= text.lines().count()));
            proptest::prop_assert_eq!(lines.is_empty(), text.is_empty());
        }
    }
}
