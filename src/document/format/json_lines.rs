//! JSON Lines → documents, one a line. A bad line is an error of its own and never stops the others.

use std::{
    io::{self, BufRead, Read},
    iter,
};

use serde_json::{Map, Value};

use super::json;
use crate::{
    document::{Document, FieldMapping, ReadLimits, metadata::language, unreadable},
    error::Result,
};

/// The documents of `reader`, in order; blank lines are passed over. A line without an id gets
/// `SOURCE:LINE`.
pub fn read_json_lines<R: BufRead>(
    source: &str,
    reader: R,
) -> impl Iterator<Item = Result<Document>> + use<R> {
    read_mapped_json_lines(source, reader, FieldMapping::default(), ReadLimits::default())
}

/// The same, where keys are named.
pub(crate) fn read_mapped_json_lines<R: BufRead>(
    source: &str,
    reader: R,
    mapping: FieldMapping,
    limits: ReadLimits,
) -> impl Iterator<Item = Result<Document>> + use<R> {
    let source = source.to_owned();
    lines(reader, limits.text()).enumerate().filter_map(move |(index, line)| {
        let place = format!("{source}:{}", index + 1);
        let line = match line {
            Ok(line) => line,
            Err(error) => return Some(Err(unreadable(&place, error.to_string()))),
        };
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line);
        (!line.trim_ascii().is_empty()).then(|| document(&place, line, &mapping))
    })
}

/// The lines of `reader`, each of at most `most` bytes; after an error of the system none.
fn lines<R: BufRead>(
    mut reader: R,
    most: u64,
) -> impl Iterator<Item = io::Result<Vec<u8>>> + use<R> {
    let mut ended = false;
    iter::from_fn(move || {
        if ended {
            return None;
        }
        let line = next_line(&mut reader, most);
        ended = matches!(&line, Err(error) if error.kind() != io::ErrorKind::FileTooLarge);
        line.transpose()
    })
}

fn next_line(reader: &mut impl BufRead, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = reader.by_ref().take(most + 1).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if read as u64 > most {
        reader.skip_until(b'\n')?;
        let reason = format!("is longer than {} MiB", most >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
    }
    Ok((read > 0).then_some(line))
}

fn document(place: &str, line: &[u8], mapping: &FieldMapping) -> Result<Document> {
    let value: Map<String, Value> = serde_json::from_slice(line)
        .map_err(|error| unreadable(place, format!("column {}: {error}", error.column())))?;
    if !mapping.is_empty() || !value.get("text").is_some_and(Value::is_string) {
        return other(place, &value, mapping);
    }
    let mut document = Document::default();
    for (key, value) in value {
        let Some(text) = plain(&value) else { continue };
        match key.as_str() {
            "id" => document.id = text,
            "title" => {
                document.title = Some(text.trim().to_owned()).filter(|title| !title.is_empty());
            }
            "text" => document.text = text.replace("\r\n", "\n").replace('\r', "\n"),
            "date" => {
                document.date = text.parse().ok();
                if document.date.is_none() {
                    document.metadata.insert(key, text);
                }
            }
            "issuer" => document.issuer = Some(text),
            "url" => document.url = Some(text),
            "lang" => document.lang = language::normalized(&text),
            _ => drop(document.metadata.insert(key, text)),
        }
    }
    document.set_all_origins("JSON");
    if document.id.is_empty() {
        place.clone_into(&mut document.id);
    }
    if document.text.trim().is_empty() {
        document.text = document
            .title
            .clone()
            .ok_or_else(|| unreadable(place, "has neither text nor title".to_owned()))?;
    }
    Ok(document)
}

/// A line of other keys than these: its text is found as in any JSON.
fn other(place: &str, value: &Map<String, Value>, mapping: &FieldMapping) -> Result<Document> {
    let id =
        mapping.id(value).or_else(|| value.get("id").and_then(plain)).filter(|id| !id.is_empty());
    let id = id.unwrap_or_else(|| place.to_owned());
    json::document(&id, value, mapping).map_err(|reason| unreadable(place, reason))
}

/// A value as text: strings as they are, others as JSON; nothing for null.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded() {
        let read: Vec<_> = lines(&b"one\ntwo and more\n\nfour\nfives"[..], 4)
            .map(|line| line.map(|line| String::from_utf8(line).unwrap()).unwrap_or_default())
            .collect();
        assert_eq!(read, ["one", "", "", "four", ""]);
        assert_eq!(lines(&b"a\n"[..], 4).count(), 1);
    }

    #[test]
    fn a_bad_line_does_not_stop_the_others() {
        let lines = "\u{FEFF}{\"id\":\"a\",\"text\":\"one\",\"n\":3}\r\n\n{\"text\":}\n{\"title\":\"t\",\"date\":\"2025-12-17\"}\n[]\n{\"id\":7,\"text\":\"x\"}";
        let read: Vec<_> = read_json_lines("in", lines.as_bytes()).collect();
        let ids: Vec<_> =
            read.iter().map(|document| document.as_ref().map(|d| d.id.as_str()).ok()).collect();
        assert_eq!(ids, [Some("a"), None, Some("in:4"), None, Some("7")]);
        assert_eq!(read[0].as_ref().unwrap().metadata["n"], "3");
        assert_eq!(read[2].as_ref().unwrap().text, "t");
        assert!(read[1].as_ref().unwrap_err().to_string().starts_with("in:3: column 9"));
    }
}
