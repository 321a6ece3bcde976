//! Parses a PDF into objects, within a memory limit. Drops objects that contain no text.

use std::cell::Cell;

use super::{annotations::may_show_text, attachments::is_attachment_subtype};
use lopdf::{DecompressError, Dictionary, Document, LoadOptions, Object, ObjectId};

/// Maximum size of a PDF file in bytes.
const MAX_PDF_BYTES: usize = 256 << 20;
/// Maximum unpacked size of one object stream, in bytes.
const MAX_OBJECT_STREAM_BYTES: usize = 16 << 20;
/// Maximum number of values, such as numbers and names, in all loaded objects together. Each value
/// takes at least 100 bytes of memory.
const MAX_LOADED_VALUES: usize = 2_000_000;
/// Maximum size, in bytes, of the source text of one object. The content of streams does not count.
const MAX_OBJECT_BYTES: usize = 4 << 20;

/// Error for a file that exceeds a limit of the size or the number of objects.
const TOO_MANY_OBJECTS_ERROR: &str =
    "has more objects than any document needs: it is rejected as a decompression bomb";
/// Error for a file that needs a password.
const PASSWORD_ERROR: &str = "is protected by a password: save it without one";

thread_local! {
    /// Number of values that may still be loaded from the current file. A thread-local variable is
    /// needed because the object filter of the parser is a plain function without state.
    static LOADABLE_VALUES_LEFT: Cell<usize> = const { Cell::new(0) };
}

/// Loads the objects of a PDF.
///
/// # Errors
///
/// Returns the reason if the file is damaged, needs a password or exceeds a limit.
pub(super) fn load(bytes: &[u8]) -> Result<Document, String> {
    if bytes.len() > MAX_PDF_BYTES {
        return Err(format!("is larger than {} MiB", MAX_PDF_BYTES >> 20));
    }
    if ObjectSourceTexts(bytes)
        .any(|source| source.len() > MAX_OBJECT_BYTES && !is_xref_table(source))
    {
        return Err(TOO_MANY_OBJECTS_ERROR.to_owned());
    }
    let has_pages = |pdf: &Document| pdf.is_encrypted() || pdf.page_iter().next().is_some();
    let mut parse_result = parse(bytes, false);
    // A damaged cross-reference table can yield a PDF without pages. The second attempt ignores the
    // table and searches the file for objects.
    if parse_result.as_ref().is_ok_and(|pdf| !has_pages(pdf))
        && let Ok(reconstructed) = parse(bytes, true)
        && has_pages(&reconstructed)
    {
        parse_result = Ok(reconstructed);
    }
    match parse_result {
        Ok(pdf) if pdf.is_encrypted() => Err(PASSWORD_ERROR.to_owned()),
        Ok(pdf) => Ok(pdf),
        Err(None | Some(lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. }))) => {
            Err(TOO_MANY_OBJECTS_ERROR.to_owned())
        }
        Err(Some(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_))) => {
            Err(PASSWORD_ERROR.to_owned())
        }
        Err(Some(error)) => Err(format!("is damaged or cut off: {error}")),
    }
}

/// Parses a PDF. `force_reconstruct` states whether the parser ignores the cross-reference table and searches the file
/// for objects. The error is `None` if the file contains too many values.
fn parse(bytes: &[u8], force_reconstruct: bool) -> Result<Document, Option<lopdf::Error>> {
    LOADABLE_VALUES_LEFT.set(MAX_LOADED_VALUES);
    let load_options = LoadOptions {
        filter: Some(filter_object),
        max_decompressed_size: Some(MAX_OBJECT_STREAM_BYTES / encrypted_stream_count(bytes)),
        force_reconstruct,
        ..LoadOptions::default()
    };
    let parse_result = Document::load_mem_with_options(bytes, load_options);
    if LOADABLE_VALUES_LEFT.get() == 0 { Err(None) } else { parse_result.map_err(Some) }
}

/// Object filter of the parser. Drops the structure tree, links and image data, and all objects
/// after [`LOADABLE_VALUES_LEFT`] is exhausted.
fn filter_object(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = &mut *object {
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Image") {
            stream.content = Vec::new();
        }
        if stream.dict.has_type(b"ObjStm") {
            // The values of an object stream are counted here, before the parser creates objects
            // from the stream.
            let unpacked_stream = stream.get_plain_content_with_limit(MAX_OBJECT_STREAM_BYTES);
            if unpacked_stream
                .is_ok_and(|bytes| estimate_values(&bytes) > LOADABLE_VALUES_LEFT.get())
            {
                LOADABLE_VALUES_LEFT.set(0);
            }
        }
    }
    if LOADABLE_VALUES_LEFT.get() == 0 || object.as_dict().is_ok_and(is_dictionary_without_text) {
        return None;
    }
    LOADABLE_VALUES_LEFT.set(LOADABLE_VALUES_LEFT.get().saturating_sub(count_values(object)));
    // The parser uses the returned object only for members of object streams, which cannot be
    // streams.
    let returned_object = if object.as_stream().is_ok() { Object::Null } else { object.clone() };
    Some((id, returned_object))
}

/// Returns whether a dictionary contains no text: an annotation such as a link, or an element of
/// the structure tree.
fn is_dictionary_without_text(dictionary: &Dictionary) -> bool {
    match dictionary.get_type() {
        Ok(b"Annot") => {
            let subtype = dictionary.get(b"Subtype").and_then(Object::as_name);
            !subtype.is_ok_and(|name| may_show_text(name) || is_attachment_subtype(name))
        }
        Ok(kind) => matches!(kind, b"StructElem" | b"MCR" | b"OBJR"),
        Err(_) => dictionary.has(b"S") && dictionary.has(b"P") && dictionary.has(b"K"),
    }
}

/// Returns the number of values in an object.
fn count_values(object: &Object) -> usize {
    match object {
        Object::Array(items) => 1 + items.iter().map(count_values).sum::<usize>(),
        Object::Dictionary(entries) => {
            entries.iter().map(|(_, value)| 1 + count_values(value)).sum()
        }
        Object::Stream(stream) => {
            stream.dict.iter().map(|(_, value)| 1 + count_values(value)).sum()
        }
        _ => 1,
    }
}

/// Estimates the number of values in the PDF source `bytes`.
fn estimate_values(bytes: &[u8]) -> usize {
    let is_delimiter = |byte: u8| b"[]<>()/".contains(&byte);
    let is_end = |byte: u8| byte.is_ascii_whitespace() || is_delimiter(byte);
    bytes
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if (!is_end(*a) || is_delimiter(*a)) && is_end(*b)))
        .count()
}

/// Returns the number of object streams that together share the size limit of one unpacked stream. In an encrypted
/// file, all object streams share the limit (up to a maximum number), because their values cannot be counted before
/// they are unpacked. In any other file, each stream has the limit for itself, and the result is 1.
fn encrypted_stream_count(bytes: &[u8]) -> usize {
    let count_word =
        |word: &[u8]| bytes.windows(word.len()).filter(|window| *window == word).count();
    if count_word(b"/Encrypt") == 0 {
        1
    } else {
        count_word(b"/ObjStm").clamp(1, MAX_OBJECT_STREAM_BYTES >> 18)
    }
}

/// Iterator over the source text of the objects of a file, without streams. Each item ends before
/// `endobj` or before a stream.
struct ObjectSourceTexts<'a>(&'a [u8]);

impl<'a> Iterator for ObjectSourceTexts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        const OBJECT_END: &[u8] = b"endobj";
        const STREAM: &[u8] = b"stream";
        const STREAM_END: &[u8] = b"endstream";
        if self.0.is_empty() {
            return None;
        }
        let begins_with = |bytes: &[u8], index: usize, word: &[u8]| {
            bytes.get(index..).is_some_and(|rest| rest.starts_with(word))
        };
        let length = self.0.len();
        let source_end = (0..length).find(|&index| {
            begins_with(self.0, index, OBJECT_END) || begins_with(self.0, index, STREAM)
        });
        let (source, from_source_end) = self.0.split_at_checked(source_end.unwrap_or(length))?;
        let remaining_source = if from_source_end.starts_with(STREAM) {
            let stream_end = (0..from_source_end.len())
                .find(|&index| begins_with(from_source_end, index, STREAM_END));
            from_source_end.get(stream_end.unwrap_or(from_source_end.len()) + STREAM_END.len()..)
        } else {
            from_source_end.get(OBJECT_END.len()..)
        };
        self.0 = remaining_source.unwrap_or_default();
        Some(source)
    }
}

/// Returns whether the source text between two objects is only a cross-reference table, which
/// contains no objects.
fn is_xref_table(source: &[u8]) -> bool {
    let is_xref = source.trim_ascii_start().starts_with(b"xref");
    is_xref && !source.windows(3).any(|word| word == b"obj")
}
