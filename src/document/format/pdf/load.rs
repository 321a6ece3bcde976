//! The bytes of a PDF → its objects, without those that no text hangs on, and no more than memory
//! bears.

use std::cell::Cell;

use lopdf::{DecompressError, Dictionary, Document, LoadOptions, Object, ObjectId};

/// A larger file is not read.
const MAX_BYTES: usize = 256 << 20;
/// Bytes that one stream of objects may unpack to.
const MAX_UNPACKED: usize = 16 << 20;
/// Numbers, names and the like that are kept; each takes a hundred bytes or more.
const MAX_VALUES: usize = 2_000_000;
/// Bytes of one object outside of streams.
const MAX_OBJECT: usize = 4 << 20;

thread_local! {
    /// How many values may still be kept of the file that is being read. What chooses objects while
    /// they are read is a plain function and cannot hold it.
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

/// The objects of a PDF, or why there are none.
pub(super) fn load(bytes: &[u8]) -> Result<Document, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("is larger than {} MiB", MAX_BYTES >> 20));
    }
    let crowded = || "has more objects than any document needs: it is taken for a bomb".to_owned();
    if Gaps(bytes).any(|gap| gap.len() > MAX_OBJECT && !is_table(gap)) {
        return Err(crowded());
    }
    let read = |force_reconstruct| {
        LEFT.set(MAX_VALUES);
        let options = LoadOptions {
            filter: Some(kept),
            max_decompressed_size: Some(MAX_UNPACKED / sealed_streams(bytes)),
            force_reconstruct,
            ..LoadOptions::default()
        };
        let read = Document::load_mem_with_options(bytes, options);
        if LEFT.get() == 0 { Err(None) } else { read.map_err(Some) }
    };
    let has_pages = |pdf: &Document| pdf.is_encrypted() || pdf.page_iter().next().is_some();
    let first = read(false);
    // A table that points beside the objects is no obstacle: they can be found without it.
    let empty = first.as_ref().is_ok_and(|pdf| !has_pages(pdf));
    let again = if empty { read(true).ok().filter(has_pages) } else { None };
    let found = again.map_or(first, Ok);
    let locked = "is protected by a password: save it without one";
    match found {
        Ok(pdf) if pdf.is_encrypted() => Err(locked.to_owned()),
        Ok(pdf) => Ok(pdf),
        Err(None | Some(lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. }))) => {
            Err(crowded())
        }
        Err(Some(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_))) => {
            Err(locked.to_owned())
        }
        Err(Some(error)) => Err(format!("is damaged or cut off: {error}")),
    }
}

/// Keeps an object while there is room, without what is large and says nothing: pictures, the tree
/// of what is marked, links.
fn kept(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = &mut *object {
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Image") {
            stream.content = Vec::new();
        }
        if stream.dict.has_type(b"ObjStm") {
            // What is packed in it is counted before it is made into objects.
            let unpacked = stream.get_plain_content_with_limit(MAX_UNPACKED);
            if unpacked.is_ok_and(|bytes| values_in(&bytes) > LEFT.get()) {
                LEFT.set(0);
            }
        }
    }
    if LEFT.get() == 0 || object.as_dict().is_ok_and(says_nothing) {
        return None;
    }
    LEFT.set(LEFT.get().saturating_sub(values(object)));
    // What is returned counts for what was packed in a stream, where there are no streams.
    let packed = if object.as_stream().is_ok() { Object::Null } else { object.clone() };
    Some((id, packed))
}

/// Whether a dictionary is part of what does without it: links, and the tree of what is marked.
fn says_nothing(dictionary: &Dictionary) -> bool {
    match dictionary.get_type() {
        Ok(kind) => matches!(kind, b"StructElem" | b"Annot" | b"MCR" | b"OBJR"),
        Err(_) => dictionary.has(b"S") && dictionary.has(b"P") && dictionary.has(b"K"),
    }
}

/// How many values an object is made of.
fn values(object: &Object) -> usize {
    match object {
        Object::Array(items) => 1 + items.iter().map(values).sum::<usize>(),
        Object::Dictionary(entries) => entries.iter().map(|(_, value)| 1 + values(value)).sum(),
        Object::Stream(stream) => stream.dict.iter().map(|(_, value)| 1 + values(value)).sum(),
        _ => 1,
    }
}

/// How many values are written in `bytes`, roughly.
fn values_in(bytes: &[u8]) -> usize {
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"[]<>()/".contains(&byte);
    bytes
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if (!ends(*a) || b"[]<>()/".contains(a)) && ends(*b)))
        .count()
}

/// Streams of objects in a protected file are not counted before they are made into objects: each
/// is allowed its part.
fn sealed_streams(bytes: &[u8]) -> usize {
    let count = |word: &[u8]| bytes.windows(word.len()).filter(|part| *part == word).count();
    if count(b"/Encrypt") == 0 { 1 } else { count(b"/ObjStm").clamp(1, MAX_UNPACKED >> 18) }
}

/// What stands between the objects and outside of the streams of a file.
struct Gaps<'a>(&'a [u8]);

impl<'a> Iterator for Gaps<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let begins = |at: usize, word: &[u8]| self.0.get(at..).is_some_and(|b| b.starts_with(word));
        let length = self.0.len();
        let mark = (0..length).find(|at| begins(*at, b"endobj") || begins(*at, b"stream"));
        let (gap, after) = self.0.split_at_checked(mark.unwrap_or(length))?;
        let rest = if after.starts_with(b"stream") {
            let end = (0..after.len())
                .find(|at| after.get(*at..).is_some_and(|b| b.starts_with(b"endstream")));
            after.get(end.unwrap_or(after.len()) + 9..)
        } else {
            after.get(6..)
        };
        let rest = rest.unwrap_or_default();
        self.0 = rest;
        Some(gap)
    }
}

/// Whether it is the table of where objects stand, which holds none.
fn is_table(gap: &[u8]) -> bool {
    let starts = gap.trim_ascii_start().starts_with(b"xref");
    starts && !gap.windows(3).any(|word| word == b"obj")
}
