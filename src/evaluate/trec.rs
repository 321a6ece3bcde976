//! Reads queries (topics) and relevance judgments (qrels) in TREC formats.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
};

use crate::error::{Error, Result};

/// A query with its id. Relevance judgments refer to this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Topic {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Relevance grades by query id and then by document or passage id.
pub(crate) type Judgments = BTreeMap<String, BTreeMap<String, i32>>;

/// Reads topics from lines of the form `ID<TAB>TEXT`. Blank lines are skipped.
///
/// # Errors
///
/// [`Error::Io`] if the file cannot be read, and [`Error::InvalidArgument`] for a malformed line or a repeated id.
pub(crate) fn read_topics(path: &Path) -> Result<Vec<Topic>> {
    parse_topics(path, &read_file(path)?)
}

/// Reads judgments from lines of the form `QUERY ITERATION ID GRADE`, such as `12 0 release.txt 1`. An id may
/// contain spaces.
///
/// # Errors
///
/// [`Error::Io`] if the file cannot be read, and [`Error::InvalidArgument`] for a malformed line or contradictory
/// grades.
pub(crate) fn read_judgments(path: &Path) -> Result<Judgments> {
    parse_judgments(path, &read_file(path)?)
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Error::io("read", path))
}

fn parse_topics(path: &Path, bytes: &[u8]) -> Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    let mut seen_ids = HashSet::new();
    for (location, line) in nonblank_lines(path, bytes) {
        let line = line?;
        let (id, text) =
            line.split_once('\t').map(|(id, text)| (id.trim(), text.trim())).unwrap_or_default();
        if id.is_empty() || id.contains(char::is_whitespace) || text.is_empty() {
            return Err(invalid_line_error(
                &location,
                "is not a query: write ID, a tab and the text, with no space in the ID",
            ));
        }
        if !seen_ids.insert(id.to_owned()) {
            return Err(invalid_line_error(
                &location,
                &format!("repeats the ID {id:?}: give each query its own"),
            ));
        }
        topics.push(Topic { id: id.to_owned(), text: text.to_owned() });
    }
    Ok(topics)
}

pub(super) fn parse_judgments(path: &Path, bytes: &[u8]) -> Result<Judgments> {
    let mut judgments = Judgments::new();
    for (location, line) in nonblank_lines(path, bytes) {
        let line = line?;
        let Some((query, id, grade)) = split_judgment_line(line) else {
            return Err(invalid_line_error(
                &location,
                "is not a judgment: write QUERY 0 ID GRADE with a whole number as the grade, such as `12 0 release.txt 1`",
            ));
        };
        let previous_grade =
            judgments.entry(query.to_owned()).or_default().insert(id.to_owned(), grade);
        if previous_grade.is_some_and(|previous_grade| previous_grade != grade) {
            return Err(invalid_line_error(
                &location,
                &format!(
                    "gives {id:?} another grade for query {query:?} than a line before: keep one of the two"
                ),
            ));
        }
    }
    Ok(judgments)
}

/// Splits a line into query id, document or passage id, and grade; `None` if the line is malformed.
fn split_judgment_line(line: &str) -> Option<(&str, &str, i32)> {
    let (query, after_query) = line.trim().split_once(char::is_whitespace)?;
    let (_iteration, id_and_grade) = after_query.trim_start().split_once(char::is_whitespace)?;
    let (id, grade) = id_and_grade.trim_start().rsplit_once(char::is_whitespace)?;
    Some((query, id.trim_end(), grade.parse().ok()?))
}

/// Returns the lines of a file that are not blank, each with its location `FILE:LINE`.
fn nonblank_lines<'a>(
    path: &'a Path,
    bytes: &'a [u8],
) -> impl Iterator<Item = (String, Result<&'a str>)> + use<'a> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = bytes.split(|&byte| byte == b'\n').enumerate();
    lines.filter(|(_, line)| !line.trim_ascii().is_empty()).map(move |(index, line)| {
        let location = format!("{}:{}", path.display(), index + 1);
        let text = str::from_utf8(line)
            .map_err(|_| invalid_line_error(&location, "is not UTF-8: convert the file"));
        (location, text)
    })
}

/// Returns the error for the line at `location` (`FILE:LINE`). `problem` follows the location in the message.
fn invalid_line_error(location: &str, problem: &str) -> Error {
    Error::invalid("file", format!("{location}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_path() -> &'static Path {
        Path::new("file")
    }

    #[test]
    fn topic_lines_are_split_into_id_and_text() {
        let file = "\u{FEFF}1\tflying car\r\n\n q-2 \t 低空经济\tand a tab\n";
        let topics = parse_topics(file_path(), file.as_bytes()).unwrap();
        let ids_and_texts: Vec<_> =
            topics.iter().map(|t| (t.id.as_str(), t.text.as_str())).collect();
        assert_eq!(ids_and_texts, [("1", "flying car"), ("q-2", "低空经济\tand a tab")]);
    }

    #[test]
    fn judgment_lines_are_split_into_query_item_and_grade() {
        let file = "1 0 a.txt 1\r\n\n1\t0\ta b.txt#4\t-1\n 2  Q0  c  3 \n1 0 a.txt 1\n";
        let judgments = parse_judgments(file_path(), file.as_bytes()).unwrap();
        let grades: Vec<_> = judgments
            .iter()
            .flat_map(|(query, grades)| {
                grades.iter().map(move |(id, grade)| (&**query, &**id, *grade))
            })
            .collect();
        assert_eq!(grades, [("1", "a b.txt#4", -1), ("1", "a.txt", 1), ("2", "c", 3)]);
    }

    #[test]
    fn errors_name_the_invalid_line() {
        for (file, expected) in [
            ("1\ta\n2 b\n", "file:2: is not a query"),
            ("1 2\ta\n", "file:1: is not a query"),
            ("\ta\n", "file:1: is not a query"),
            ("1\t \n", "file:1: is not a query"),
            ("1\ta\n\n1\tb\n", "file:3: repeats the ID \"1\""),
        ] {
            let error = parse_topics(file_path(), file.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let cases: [(&[u8], &str); 5] = [
            (b"1 0 a 1\n1 0 b\n", "file:2: is not a judgment"),
            (b"1 0 a 0.5\n", "file:1: is not a judgment"),
            (b"1 Q0 a 1 9.5 run\n", "file:1: is not a judgment"),
            (b"1 0 a 1\n1 0 a 2\n", "file:2: gives \"a\" another grade for query \"1\""),
            (b"1 0 a 1\n1 0 \xFF 1\n", "file:2: is not UTF-8"),
        ];
        for (file, expected) in cases {
            let error = parse_judgments(file_path(), file).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
