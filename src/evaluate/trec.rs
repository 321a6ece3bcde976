//! Files in the formats of TREC → queries and judgments.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
};

use crate::error::{Error, Result};

/// A query with a name, so that judgments can speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Topic {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// By query and then by document or passage: how well the one answers the other.
pub(crate) type Judgments = BTreeMap<String, BTreeMap<String, i32>>;

/// Reads lines of `ID<TAB>TEXT`; those that are blank are passed over.
pub(crate) fn topics(path: &Path) -> Result<Vec<Topic>> {
    parse_topics(path, &read(path)?)
}

/// Reads lines of `QUERY ITERATION ID GRADE`, such as `12 0 release.txt 1`. An id may hold spaces.
pub(crate) fn judgments(path: &Path) -> Result<Judgments> {
    parse_judgments(path, &read(path)?)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Error::io("read", path))
}

fn parse_topics(path: &Path, bytes: &[u8]) -> Result<Vec<Topic>> {
    let mut topics: Vec<Topic> = Vec::new();
    let mut seen = HashSet::new();
    for (place, line) in lines(path, bytes) {
        let line = line?;
        let (id, text) =
            line.split_once('\t').map(|(id, text)| (id.trim(), text.trim())).unwrap_or_default();
        if id.is_empty() || id.contains(char::is_whitespace) || text.is_empty() {
            return Err(bad(
                &place,
                "is no query: write ID, a tab and the text, with no space in the ID",
            ));
        }
        if !seen.insert(id.to_owned()) {
            return Err(bad(&place, &format!("has the ID {id:?} again: give each query its own")));
        }
        topics.push(Topic { id: id.to_owned(), text: text.to_owned() });
    }
    Ok(topics)
}

pub(super) fn parse_judgments(path: &Path, bytes: &[u8]) -> Result<Judgments> {
    let mut judgments = Judgments::new();
    for (place, line) in lines(path, bytes) {
        let line = line?;
        let Some((query, id, grade)) = judgment(line) else {
            return Err(bad(
                &place,
                "is no judgment: write QUERY 0 ID GRADE, the grade a whole number, such as `12 0 release.txt 1`",
            ));
        };
        let before = judgments.entry(query.to_owned()).or_default().insert(id.to_owned(), grade);
        if before.is_some_and(|before| before != grade) {
            return Err(bad(
                &place,
                &format!(
                    "judges {id:?} for query {query:?} again with another grade: keep one of the lines"
                ),
            ));
        }
    }
    Ok(judgments)
}

fn judgment(line: &str) -> Option<(&str, &str, i32)> {
    let (query, rest) = line.trim().split_once(char::is_whitespace)?;
    let (_iteration, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let (id, grade) = rest.trim_start().rsplit_once(char::is_whitespace)?;
    Some((query, id.trim_end(), grade.parse().ok()?))
}

/// The lines that are not blank, each with its `FILE:LINE`.
fn lines<'a>(
    path: &'a Path,
    bytes: &'a [u8],
) -> impl Iterator<Item = (String, Result<&'a str>)> + use<'a> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = bytes.split(|&byte| byte == b'\n').enumerate();
    lines.filter(|(_, line)| !line.trim_ascii().is_empty()).map(move |(index, line)| {
        let place = format!("{}:{}", path.display(), index + 1);
        let text = str::from_utf8(line).map_err(|_| bad(&place, "is not UTF-8: convert the file"));
        (place, text)
    })
}

fn bad(place: &str, what: &str) -> Error {
    Error::invalid("file", format!("{place}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> &'static Path {
        Path::new("file")
    }

    #[test]
    fn queries_are_read() {
        let file = "\u{FEFF}1\tflying car\r\n\n q-2 \t 低空经济\tand a tab\n";
        let found = parse_topics(path(), file.as_bytes()).unwrap();
        let found: Vec<_> = found.iter().map(|t| (t.id.as_str(), t.text.as_str())).collect();
        assert_eq!(found, [("1", "flying car"), ("q-2", "低空经济\tand a tab")]);
    }

    #[test]
    fn judgments_are_read() {
        let file = "1 0 a.txt 1\r\n\n1\t0\ta b.txt#4\t-1\n 2  Q0  c  3 \n1 0 a.txt 1\n";
        let found = parse_judgments(path(), file.as_bytes()).unwrap();
        let found: Vec<_> = found
            .iter()
            .flat_map(|(query, grades)| {
                grades.iter().map(move |(id, grade)| (&**query, &**id, *grade))
            })
            .collect();
        assert_eq!(found, [("1", "a b.txt#4", -1), ("1", "a.txt", 1), ("2", "c", 3)]);
    }

    #[test]
    fn a_bad_line_is_named() {
        for (file, says) in [
            ("1\ta\n2 b\n", "file:2: is no query"),
            ("1 2\ta\n", "file:1: is no query"),
            ("\ta\n", "file:1: is no query"),
            ("1\t \n", "file:1: is no query"),
            ("1\ta\n\n1\tb\n", "file:3: has the ID \"1\" again"),
        ] {
            let error = parse_topics(path(), file.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
        let cases: [(&[u8], &str); 5] = [
            (b"1 0 a 1\n1 0 b\n", "file:2: is no judgment"),
            (b"1 0 a 0.5\n", "file:1: is no judgment"),
            (b"1 Q0 a 1 9.5 run\n", "file:1: is no judgment"),
            (b"1 0 a 1\n1 0 a 2\n", "file:2: judges \"a\" for query \"1\" again"),
            (b"1 0 a 1\n1 0 \xFF 1\n", "file:2: is not UTF-8"),
        ];
        for (file, says) in cases {
            let error = parse_judgments(path(), file).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
    }
}
