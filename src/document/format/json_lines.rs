//! Reads JSON Lines, with one document per line. A malformed line yields an error, and the lines
//! after it are still read.

use std::{
    io::{self, BufRead, Read},
    iter,
};

use serde_json::{Map, Value};

use super::json;
use crate::{
    document::{
        format::field_mapping::FieldMapping,
        limits::ReadLimits,
        metadata::language,
        model::{Document, unreadable},
    },
    error::Result,
};

/// Reads documents from JSON Lines, in order. Blank lines are skipped.
///
/// A line without an id gets the id `SOURCE:LINE`, where SOURCE is `source` and LINE is the line
/// number from 1. A line that cannot be read yields an error item. An I/O error of `reader` is the
/// last item.
pub fn read_json_lines<R: BufRead>(
    source: &str,
    reader: R,
) -> impl Iterator<Item = Result<Document>> + use<R> {
    let (mapping, limits) = (FieldMapping::default(), ReadLimits::default());
    read_mapped_json_lines(source, reader, mapping, limits, RecordIdForm::Stated)
}

/// How the id of a document is formed from the id that its line states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordIdForm {
    /// The id that the line states.
    Stated,
    /// The id of the file, a colon, and the id that the line states. Two files may then state equal ids.
    PrefixedByFileId,
}

/// Reads documents from JSON Lines like [`read_json_lines`], with a field mapping, limits and a form of the ids.
pub(crate) fn read_mapped_json_lines<R: BufRead>(
    source: &str,
    reader: R,
    mapping: FieldMapping,
    limits: ReadLimits,
    record_ids: RecordIdForm,
) -> impl Iterator<Item = Result<Document>> + use<R> {
    let source = source.to_owned();
    lines_up_to_max_bytes(reader, limits.max_text_bytes()).enumerate().filter_map(
        move |(index, line)| {
            let line_id = format!("{source}:{}", index + 1);
            let line = match line {
                Ok(line) => line,
                Err(error) => return Some(Err(unreadable(&line_id, error.to_string()))),
            };
            let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line);
            if line.trim_ascii().is_empty() {
                return None;
            }
            let document = document_of_json_line(&line_id, line, &mapping);
            Some(document.map(|mut document| {
                if record_ids == RecordIdForm::PrefixedByFileId && document.id != line_id {
                    document.id = format!("{source}:{}", document.id);
                }
                document
            }))
        },
    )
}

/// Iterates over the lines of `reader`. A line of more than `max_bytes` bytes yields an error item,
/// and the lines after it are still read. An I/O error is the last item.
fn lines_up_to_max_bytes<R: BufRead>(
    mut reader: R,
    max_bytes: u64,
) -> impl Iterator<Item = io::Result<Vec<u8>>> + use<R> {
    let mut is_ended = false;
    iter::from_fn(move || {
        if is_ended {
            return None;
        }
        let line = read_line_up_to_max_bytes(&mut reader, max_bytes);
        is_ended = matches!(&line, Err(error) if error.kind() != io::ErrorKind::FileTooLarge);
        line.transpose()
    })
}

fn read_line_up_to_max_bytes(
    reader: &mut impl BufRead,
    max_bytes: u64,
) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read_length = reader.by_ref().take(max_bytes + 1).read_until(b'\n', &mut line)?;
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if read_length as u64 > max_bytes {
        reader.skip_until(b'\n')?;
        let reason = format!("is longer than {} MiB", max_bytes >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
    }
    Ok((read_length > 0).then_some(line))
}

/// Reads the document of a line. `line_id` is the id of the document if the line contains no id.
fn document_of_json_line(line_id: &str, line: &[u8], mapping: &FieldMapping) -> Result<Document> {
    let object: Map<String, Value> = serde_json::from_slice(line)
        .map_err(|error| unreadable(line_id, format!("column {}: {error}", error.column())))?;
    document_of_line_object(line_id, object, mapping)
}

/// Reads the document of a JSON object in the same way as a line of JSON Lines. `line_id` is the id of the document if
/// the object has no id.
///
/// # Errors
///
/// [`Error::Document`](crate::Error::Document) if the object has neither a text nor a title.
pub(in crate::document) fn read_json_object(
    line_id: &str,
    object: Map<String, Value>,
) -> Result<Document> {
    document_of_line_object(line_id, object, &FieldMapping::default())
}

/// Reads the document of a JSON object that is a line of JSON Lines.
fn document_of_line_object(
    line_id: &str,
    object: Map<String, Value>,
    mapping: &FieldMapping,
) -> Result<Document> {
    if !mapping.is_empty() || !object.get("text").is_some_and(Value::is_string) {
        return read_object_with_unusual_keys(line_id, &object, mapping);
    }
    let mut document = Document::default();
    for (key, value) in object {
        let Some(text) = value_text(&value) else { continue };
        match key.as_str() {
            "id" => document.id = text,
            "title" => {
                document.title = Some(text.trim().to_owned()).filter(|title| !title.is_empty());
            }
            "text" => document.text = text.replace("\r\n", "\n").replace('\r', "\n"),
            "date" => {
                document.date =
                    json::text_of_json_scalar(&value).and_then(|date| date.parse().ok());
                if document.date.is_none() {
                    document.metadata.insert(key, text);
                }
            }
            "issuer" => document.issuer = json::issuers_in_list(&key, &value).or(Some(text)),
            "url" => document.url = Some(text),
            "lang" => document.lang = language::normalized_code(&text),
            _ => drop(document.metadata.insert(key, text)),
        }
    }
    document.set_origin_of_filled_fields("JSON");
    if document.id.is_empty() {
        line_id.clone_into(&mut document.id);
    }
    if document.text.trim().is_empty() {
        document.text = document
            .title
            .clone()
            .ok_or_else(|| unreadable(line_id, "has neither text nor title"))?;
    }
    Ok(document)
}

/// Reads the document of a line with unusual keys: some keys are mapped, or the key `text` is
/// missing or has no string. Keys that are not mapped are recognized by their names, as in a JSON
/// file.
fn read_object_with_unusual_keys(
    line_id: &str,
    object: &Map<String, Value>,
    mapping: &FieldMapping,
) -> Result<Document> {
    let id = mapping.id(object).or_else(|| object.get("id").and_then(value_text));
    let id = id.filter(|id| !id.is_empty()).unwrap_or_else(|| line_id.to_owned());
    json::read_object(&id, object, mapping).map_err(|reason| unreadable(line_id, reason))
}

/// Returns a string value unchanged, and any other value as JSON text; `None` for null.
fn value_text(value: &Value) -> Option<String> {
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
    fn long_lines_are_errors() {
        let texts: Vec<_> = lines_up_to_max_bytes(&b"one\ntwo and more\n\nfour\nfives"[..], 4)
            .map(|line| line.map(|line| String::from_utf8(line).unwrap()).unwrap_or_default())
            .collect();
        assert_eq!(texts, ["one", "", "", "four", ""]);
        assert_eq!(lines_up_to_max_bytes(&b"a\n"[..], 4).count(), 1);
    }

    #[test]
    fn lines_after_a_malformed_line_are_read() {
        let json_lines = "\u{FEFF}{\"id\":\"a\",\"text\":\"one\",\"n\":3}\r\n\n{\"text\":}\n{\"title\":\"t\",\"date\":\"2025-12-17\"}\n[]\n{\"id\":7,\"text\":\"x\"}";
        let documents: Vec<_> = read_json_lines("in", json_lines.as_bytes()).collect();
        let ids: Vec<_> = documents
            .iter()
            .map(|document| document.as_ref().map(|d| d.id.as_str()).ok())
            .collect();
        assert_eq!(ids, [Some("a"), None, Some("in:4"), None, Some("7")]);
        assert_eq!(documents[0].as_ref().unwrap().metadata["n"], "3");
        assert_eq!(documents[2].as_ref().unwrap().text, "t");
        assert!(documents[1].as_ref().unwrap_err().to_string().starts_with("in:3: column 9"));
    }

    #[test]
    fn every_issuer_of_a_list_is_named() {
        for (issuer, expected) in [
            (r#"["Transport Bureau", "Police Force"]"#, "Transport Bureau; Police Force"),
            (r#"[{"name": "Police Force"}]"#, "Police Force"),
            (r#""Police Force""#, "Police Force"),
        ] {
            let line = format!(r#"{{"id": "a", "text": "One.", "issuer": {issuer}}}"#);
            let document = read_json_lines("in", line.as_bytes()).next().unwrap().unwrap();
            assert_eq!(document.issuer.as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn a_reader_that_returns_one_byte_at_a_time_gives_the_same_documents() {
        struct OneByteReader<'a>(&'a [u8]);
        impl Read for OneByteReader<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let length = buffer.len().min(1);
                self.0.read(&mut buffer[..length])
            }
        }
        let lines =
            "{\"id\":\"a\",\"text\":\"港口\"}\r\n\n{\"text\":}\n{\"text\":\"x\"}".as_bytes();
        let describe = |documents: &mut dyn Iterator<Item = Result<Document>>| -> Vec<String> {
            documents.map(|document| format!("{document:?}")).collect()
        };
        let documents_of_slow_reader = io::BufReader::with_capacity(3, OneByteReader(lines));
        assert_eq!(
            describe(&mut read_json_lines("in", documents_of_slow_reader)),
            describe(&mut read_json_lines("in", lines))
        );
    }

    #[test]
    fn ids_of_records_follow_the_id_of_their_file() {
        let lines =
            &b"{\"id\":1,\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"id\":\"x:y\",\"body\":\"c\"}"[..];
        for (record_ids, expected) in [
            (RecordIdForm::Stated, ["1", "f.jsonl:2", "x:y"]),
            (RecordIdForm::PrefixedByFileId, ["f.jsonl:1", "f.jsonl:2", "f.jsonl:x:y"]),
        ] {
            let (mapping, limits) = (FieldMapping::default(), ReadLimits::default());
            let documents = read_mapped_json_lines("f.jsonl", lines, mapping, limits, record_ids);
            let ids: Vec<String> = documents.map(|document| document.unwrap().id).collect();
            assert_eq!(ids, expected);
        }
    }
}
