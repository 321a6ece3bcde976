//! Splits a web archive into records, and reads the header fields of each record.

use std::io::{self, BufRead, Read};

use super::SIGNATURE;

/// Maximum length of a line of the header of a record, in bytes.
const MAX_LINE_BYTES: u64 = 64 << 10;
/// Maximum number of header fields of a record.
const MAX_HEADER_FIELDS: usize = 200;
/// Types of the records that hold a file: an HTTP response, a file, and a text that was converted from a file.
const TYPES_OF_FILE_RECORDS: [&str; 3] = ["response", "resource", "conversion"];

/// A record that holds a file.
#[derive(Debug)]
pub(super) struct Record {
    /// Type of the record, in lower case: `response`, `resource` or `conversion`.
    pub(super) kind: String,
    /// URL of the file.
    pub(super) address: String,
    /// Time when the file was saved.
    pub(super) saved_at: String,
    /// Media type of the content.
    pub(super) media_type: String,
    /// Content of the record, or the reason why it is not read.
    pub(super) content: Result<Vec<u8>, String>,
}

/// Reader of the records of a web archive.
#[derive(Debug)]
pub(super) struct RecordReader<R> {
    reader: R,
    /// Maximum size, in bytes, of the content of a record. A larger content is not read.
    max_content_bytes: u64,
    /// Whether the archive has ended, or cannot be read any further.
    has_ended: bool,
}

impl<R: BufRead> RecordReader<R> {
    pub(super) fn new(reader: R, max_content_bytes: u64) -> Self {
        Self { reader, max_content_bytes, has_ended: false }
    }

    /// Returns the next record that holds a file. The error is the reason why the rest of the archive cannot be read,
    /// and is the last item.
    pub(super) fn next_file_record(&mut self) -> Option<Result<Record, String>> {
        if self.has_ended {
            return None;
        }
        let record = self.read_record_of_any_type().transpose();
        self.has_ended = !matches!(record, Some(Ok(_)));
        record
    }

    fn read_record_of_any_type(&mut self) -> Result<Option<Record>, String> {
        loop {
            let first_line = loop {
                let Some(line) = self.read_line()? else { return Ok(None) };
                if !line.trim_ascii().is_empty() {
                    break line;
                }
            };
            if !first_line.starts_with(SIGNATURE) {
                return Err("is no web archive, or damaged: a record has no header".to_owned());
            }
            let (mut record, length) = self.read_record_header()?;
            let holds_file = TYPES_OF_FILE_RECORDS.contains(&record.kind.as_str());
            if !holds_file || length > self.max_content_bytes {
                self.skip(length)?;
                if !holds_file {
                    continue;
                }
                let max_mib = self.max_content_bytes >> 20;
                record.content = Err(format!("is larger than {max_mib} MiB"));
                return Ok(Some(record));
            }
            let mut content = Vec::new();
            let read = self.reader.by_ref().take(length).read_to_end(&mut content);
            read.map_err(|error| damage_error(&error))?;
            if (content.len() as u64) < length {
                return Err(truncation_error());
            }
            record.content = Ok(content);
            return Ok(Some(record));
        }
    }

    /// Reads the header fields of a record. Returns the record without its content, and the length of its content in
    /// bytes.
    fn read_record_header(&mut self) -> Result<(Record, u64), String> {
        let mut record = Record {
            kind: String::new(),
            address: String::new(),
            saved_at: String::new(),
            media_type: String::new(),
            content: Ok(Vec::new()),
        };
        let mut length = None;
        for _ in 0..MAX_HEADER_FIELDS {
            let line = self.read_line()?.ok_or_else(truncation_error)?;
            let line = String::from_utf8_lossy(&line);
            if line.trim().is_empty() {
                let length = length.ok_or("is damaged: a record does not state its length")?;
                return Ok((record, length));
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => record.kind = value.to_ascii_lowercase(),
                // Some programs write addresses in angle brackets.
                "warc-target-uri" => {
                    value.trim_matches(['<', '>']).clone_into(&mut record.address);
                }
                "warc-date" => value.clone_into(&mut record.saved_at),
                "content-type" => value.clone_into(&mut record.media_type),
                "content-length" => length = value.parse().ok(),
                _ => {}
            }
        }
        Err(format!("is damaged: a record has more than {MAX_HEADER_FIELDS} header fields"))
    }

    /// Returns the next line with its line break; `None` at the end of the archive.
    fn read_line(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut line = Vec::new();
        let read = self.reader.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line);
        let length = read.map_err(|error| damage_error(&error))?;
        if length as u64 == MAX_LINE_BYTES {
            return Err("is no web archive, or damaged: a line is too long".to_owned());
        }
        Ok((length > 0).then_some(line))
    }

    /// Skips `length` bytes of the archive.
    fn skip(&mut self, length: u64) -> Result<(), String> {
        let skipped = io::copy(&mut self.reader.by_ref().take(length), &mut io::sink());
        if skipped.map_err(|error| damage_error(&error))? < length {
            Err(truncation_error())
        } else {
            Ok(())
        }
    }
}

fn damage_error(error: &io::Error) -> String {
    format!("is damaged or cut off: {error}")
}

fn truncation_error() -> String {
    "is cut off: its last record is incomplete".to_owned()
}
