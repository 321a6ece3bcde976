//! Reads web archives (.warc): each page, PDF or other file with text that a web server sent is a file of its own.
//!
//! `record.rs` splits the archive into records, and `response.rs` reads the HTTP response in a record. Names of header
//! fields are from ISO 28500 (WARC) and RFC 9110 (HTTP). Responses that report an error or redirect to another URL,
//! requests, and repeated captures of the same content are left out.

mod record;
mod response;
#[cfg(test)]
mod tests;

use std::io::{BufRead, BufReader, Read};

use self::{
    record::{Record, RecordReader},
    response::Response,
};
use super::{
    compressed::gzip_reader,
    contained::{ContainedItem, Contents, WebOrigin},
    expansion::{ArchiveLimits, max_expanded_bytes},
};
use crate::document::{limits::ReadLimits, model::unreadable};

/// First bytes of each record.
pub(super) const SIGNATURE: &[u8] = b"WARC/";

/// Reads the files of the web archive `id`, each with its number from 1.
pub(super) fn read<'a>(id: &str, bytes: &'a [u8], limits: ReadLimits) -> Contents<'a> {
    read_records(id, bytes, limits)
}

/// Reads the files of a web archive that is compressed by gzip, one at a time. The content is never in memory as a
/// whole.
pub(in crate::document) fn read_gzip<'a>(
    id: &str,
    bytes: &'a [u8],
    limits: ReadLimits,
) -> Contents<'a> {
    let max_bytes = max_expanded_bytes(ArchiveLimits::new(limits), bytes.len() as u64);
    read_records(id, BufReader::new(gzip_reader(bytes).take(max_bytes)), limits)
}

/// Reads the files of a web archive from `reader`. An archive that is damaged or cut off ends with an error.
pub(in crate::document) fn read_records<'a>(
    id: &str,
    reader: impl BufRead + 'a,
    limits: ReadLimits,
) -> Contents<'a> {
    let id = id.to_owned();
    let mut records = RecordReader::new(reader, limits.max_file_bytes());
    let mut file_number = 0;
    Box::new(std::iter::from_fn(move || {
        loop {
            let record = match records.next_file_record()? {
                Ok(record) => record,
                Err(reason) => {
                    return Some(ContainedItem::Document(Box::new(Err(unreadable(&id, reason)))));
                }
            };
            let Record { kind, address, saved_at, media_type, content } = record;
            let response = match kind.as_str() {
                "response" => content.and_then(|content| Response::parse(&content, limits)),
                _ => content.map(|content| Some(Response { media_type, content: Ok(content) })),
            };
            let (media_type, content) = match response {
                Ok(Some(Response { media_type, content })) => (media_type, content),
                Ok(None) => continue,
                Err(reason) => (String::new(), Err(reason)),
            };
            let is_empty = content.as_ref().is_ok_and(|content| content.trim_ascii().is_empty());
            if is_empty
                || !response::is_web_address(&address)
                || response::is_file_for_programs(&address)
            {
                continue;
            }
            file_number += 1;
            let name = response::file_name(&address, &media_type);
            let origin = WebOrigin { address, saved_at };
            return Some(ContainedItem::WebFile { number: file_number, name, origin, content });
        }
    }))
}
