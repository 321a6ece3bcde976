//! Reads the bytes of a file as documents. A file contains one document, a list of documents (JSON, JSON Lines, feed),
//! or packed files that contain documents (gzip, xz, zip).
//!
//! `context.rs` holds the settings, counts and limits that a file and the files inside it share. `strict.rs` reads a
//! JSON object that a program passes. As the last step, [`with_inferred_metadata`] infers the missing metadata of each
//! document from its text.

mod context;
mod strict;
#[cfg(test)]
mod tests;

#[cfg(feature = "archive")]
use std::io::{BufRead, BufReader};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::Cursor,
    iter,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

#[cfg(feature = "archive")]
use flate2::bufread::MultiGzDecoder;

use self::context::ReadContext;
pub(crate) use self::context::{ReadSettings, with_inferred_metadata};
pub use self::strict::read_strict_json;
#[cfg(feature = "server")]
pub(crate) use self::strict::read_strict_object;
#[cfg(feature = "archive")]
use super::format::{
    archive, compressed::UnpackFn, detect::is_compressed_tar, expansion::ArchiveLimits, warc,
};
use super::{
    format::{
        ContainedItem, Format, FormatReader,
        embedded_files::without_embedded_files,
        encoding,
        field_mapping::FieldMapping,
        json_lines::{RecordIdForm, read_mapped_json_lines},
    },
    limits::{ReadLimits, format_size},
    model::{Document, unreadable},
};
use crate::error::{Error, Result};

/// Iterator over the documents of a file, in order. Returns an error for an unreadable document and then continues with
/// the next document.
type DocumentIterator<'a> = Box<dyn Iterator<Item = Result<Document>> + 'a>;

/// Name under which the report of an update counts pictures in which no text was recognized.
#[cfg(feature = "pdf")]
const PICTURE_WITHOUT_TEXT: &str = "picture without text";

/// Reads the first document in the bytes of a file. For a file with several documents, see [`read_all`].
///
/// # Errors
///
/// [`Error::Document`] if the bytes cannot be read or contain no text.
pub fn read(format: Format, id: &str, bytes: &[u8]) -> Result<Document> {
    let first_document = read_all(format, id, bytes).into_iter().next();
    first_document.unwrap_or_else(|| Err(unreadable(id, "holds no text")))
}

/// Reads all documents in the bytes of a file, with their stated and inferred metadata. Returns an error in place of
/// each unreadable document.
pub fn read_all(format: Format, id: &str, bytes: &[u8]) -> Vec<Result<Document>> {
    let (mapping, mut skipped) = (FieldMapping::default(), BTreeMap::new());
    let settings = ReadSettings::new(&mapping, ReadLimits::default());
    read_documents(format, id, bytes, settings, &mut skipped).collect()
}

/// Reads the documents in the bytes of a file, one at a time where the format allows this.
///
/// `id` is the id of the file. The id of a file in an archive or a mail is `id`, a slash and its path. `skipped` counts
/// the files in an archive or a mail whose format is not supported, by extension.
pub(crate) fn read_documents<'a>(
    format: Format,
    id: &str,
    bytes: &'a [u8],
    settings: ReadSettings<'a>,
    skipped: &'a mut BTreeMap<String, u64>,
) -> DocumentIterator<'a> {
    let limits = settings.limits;
    let context = ReadContext::new(settings, skipped);
    match format.reader() {
        #[cfg(feature = "archive")]
        Some(FormatReader::Zip) => read_zip(id, bytes, context),
        #[cfg(feature = "archive")]
        Some(FormatReader::Compressed(_)) if is_compressed_web_archive(id, format) => {
            Box::new(read_contents(id, warc::read_gzip(id, bytes, limits), context))
        }
        Some(FormatReader::Contents(read)) => {
            let file_id = id.to_owned();
            let contents = iter::once_with(move || read(&file_id, bytes, limits)).flatten();
            Box::new(read_contents(id, contents, context))
        }
        #[cfg(feature = "pdf")]
        Some(FormatReader::Pages(read)) => {
            let (file_id, recognition) = (id.to_owned(), settings.recognition);
            let contents = iter::once_with(move || read(&file_id, bytes, limits, recognition));
            Box::new(read_contents(id, contents.flatten(), context))
        }
        _ => read_file(format, id, Cow::Borrowed(bytes), &context),
    }
}

/// Reads the documents of a web archive that is too large for memory, one at a time. `reader` returns the bytes of the
/// file, which may be compressed by gzip.
#[cfg(feature = "archive")]
pub(crate) fn read_large_web_archive<'a>(
    format: Format,
    id: &str,
    reader: impl BufRead + 'a,
    settings: ReadSettings<'a>,
    skipped: &'a mut BTreeMap<String, u64>,
) -> DocumentIterator<'a> {
    let limits = settings.limits;
    let context = ReadContext::new(settings, skipped);
    let contents = match format {
        Format::Gzip => warc::read_records(id, BufReader::new(MultiGzDecoder::new(reader)), limits),
        _ => warc::read_records(id, reader, limits),
    };
    Box::new(read_contents(id, contents, context))
}

/// Returns whether the name and the first bytes of a file show that it is a web archive, which may be compressed by
/// gzip.
#[cfg(feature = "archive")]
pub(crate) fn is_web_archive(path: &Path, beginning: &[u8]) -> bool {
    let format = Format::detect(path, beginning);
    format.is_some_and(|format| {
        format == Format::Warc || is_compressed_web_archive(&path.to_string_lossy(), format)
    })
}

/// Returns whether the name of a file shows that it is a web archive that is compressed by gzip.
#[cfg(feature = "archive")]
fn is_compressed_web_archive(name: &str, format: Format) -> bool {
    format == Format::Gzip && name.to_ascii_lowercase().ends_with(".warc.gz")
}

/// Returns the extension of a file in lower case (`.css`), or `no extension`. The report of an update counts skipped
/// files by this text.
pub(crate) fn extension_label(path: &Path) -> String {
    path.extension().map_or("no extension".to_owned(), |extension| {
        format!(".{}", extension.to_string_lossy().to_lowercase())
    })
}

/// Returns whether the name of a file shows that it is a lock of an office program (`~$report.docx`) or an unfinished
/// download.
pub(crate) fn is_lock_or_unfinished_download(path: &Path) -> bool {
    const DOWNLOAD_EXTENSIONS: [&str; 4] = ["part", "partial", "crdownload", "download"];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    name.starts_with("~$") || DOWNLOAD_EXTENSIONS.contains(&extension.as_str())
}

/// Reads the documents of a file that is not a zip archive.
fn read_file<'a>(
    format: Format,
    id: &str,
    bytes: Cow<'a, [u8]>,
    context: &ReadContext<'_>,
) -> DocumentIterator<'a> {
    match format.reader() {
        Some(FormatReader::JsonLines) => {
            let (reader, ids) = (Cursor::new(bytes), RecordIdForm::PrefixedByFileId);
            let ReadSettings { mapping, limits, .. } = context.settings;
            let line_documents = read_mapped_json_lines(id, reader, mapping.clone(), limits, ids);
            Box::new(line_documents.map(|document| document.and_then(with_inferred_metadata)))
        }
        #[cfg(feature = "archive")]
        Some(FormatReader::Compressed(unpack)) => read_compressed(id, &bytes, unpack, context),
        Some(FormatReader::Contents(read)) => {
            let contents = iter::once_with(|| read(id, &bytes, context.settings.limits)).flatten();
            let documents: Vec<_> = read_contents(id, contents, context.clone()).collect();
            Box::new(documents.into_iter())
        }
        #[cfg(feature = "pdf")]
        Some(FormatReader::Pages(read)) => {
            let ReadSettings { limits, recognition, .. } = context.settings;
            let contents = iter::once_with(|| read(id, &bytes, limits, recognition)).flatten();
            let documents: Vec<_> = read_contents(id, contents, context.clone()).collect();
            Box::new(documents.into_iter())
        }
        _ => {
            let read = || read_unpacked_file(format, id, &bytes, context);
            let documents = catch_unwind(AssertUnwindSafe(read));
            Box::new(documents.unwrap_or_else(|_| vec![Err(reader_panic_error(id))]).into_iter())
        }
    }
}

/// Reads the documents among the `contents` of the file `id`, which are documents and other files. If a reader panics,
/// the last item is an error.
fn read_contents<'x, C: Iterator<Item = ContainedItem>>(
    id: &str,
    mut contents: C,
    context: ReadContext<'x>,
) -> impl Iterator<Item = Result<Document>> + use<'x, C> {
    let id = id.to_owned();
    let mut is_ended = false;
    let batches = iter::from_fn(move || {
        if is_ended {
            return None;
        }
        let read_next = || Some(read_contained(&id, contents.next()?, &context));
        catch_unwind(AssertUnwindSafe(read_next)).unwrap_or_else(|_| {
            is_ended = true;
            Some(vec![Err(reader_panic_error(&id))])
        })
    });
    batches.flatten()
}

/// Returns the error for a file whose reader panics: a panic must not prevent the program from reading other files.
fn reader_panic_error(id: &str) -> Error {
    unreadable(id, "the program failed to read the file because of a defect: please report it")
}

/// Returns the documents in `contained`, a document or a file that the reader of the file `id` found. Counts a file
/// whose format is not supported. An archive in another file is not unpacked.
fn read_contained(
    id: &str,
    contained: ContainedItem,
    context: &ReadContext<'_>,
) -> Vec<Result<Document>> {
    let (id, path, unpacked_file, web_origin) = match contained {
        ContainedItem::Document(document) => {
            return vec![document.and_then(|document| context.complete_document(document))];
        }
        #[cfg(feature = "pdf")]
        ContainedItem::PictureWithoutText => {
            context.count_skipped_file(PICTURE_WITHOUT_TEXT);
            return Vec::new();
        }
        ContainedItem::File { path, content } => {
            (format!("{id}/{path}"), path, content, context.web_origin.clone())
        }
        ContainedItem::WebFile { number, name, origin, content } => {
            (format!("{id}:{number}"), name, content, Some(origin))
        }
    };
    let beginning = unpacked_file.as_deref().unwrap_or_default();
    if !is_read_inside_file(&path, beginning, context) {
        return Vec::new();
    }
    let in_context = |bytes| Ok((bytes, context.nested(web_origin)?));
    let (bytes, file_context) = match unpacked_file.and_then(in_context) {
        Ok(file) => file,
        Err(reason) => return vec![Err(unreadable(&id, reason))],
    };
    let format = Format::detect(Path::new(&path), &bytes).unwrap_or(Format::Text);
    read_file(format, &id, Cow::Owned(bytes), &file_context).collect()
}

/// Returns whether a file inside another file is read: it is neither an archive nor temporary, and its format is
/// supported. The path determines the format, or else the beginning of the content does. If the file is not read,
/// `context` counts it as skipped.
fn is_read_inside_file(path: &str, beginning: &[u8], context: &ReadContext<'_>) -> bool {
    let path = Path::new(path);
    let format = Format::from_path(path).or_else(|| Format::detect(path, beginning));
    let is_read = !is_lock_or_unfinished_download(path)
        && format.is_some_and(|format| {
            !format.is_archive()
                && (!format.needs_text_recognition() || context.settings.recognizes_text())
        });
    if !is_read {
        context.count_skipped_file(&extension_label(path));
    }
    is_read
}

/// Reads all documents of a file that neither is compressed nor holds files of other formats.
fn read_unpacked_file(
    format: Format,
    id: &str,
    bytes: &[u8],
    context: &ReadContext<'_>,
) -> Vec<Result<Document>> {
    let single_document = |document: Result<Document, String>| {
        vec![document.map_err(|reason| unreadable(id, reason))]
    };
    let limits = context.settings.limits;
    let documents = match format.reader() {
        Some(FormatReader::Text(read)) => {
            let bytes = without_embedded_files(bytes);
            single_document(decode_text_file(&bytes, limits).and_then(|text| read(id, text)))
        }
        Some(FormatReader::Texts(read)) => match decode_text_file(bytes, limits) {
            Ok(text) => read(id, &text, context.settings.mapping),
            Err(reason) => single_document(Err(reason)),
        },
        Some(FormatReader::Bytes(read)) => single_document(read(id, bytes, limits)),
        _ => {
            single_document(Err("this build of the program cannot read the file format".to_owned()))
        }
    };
    documents
        .into_iter()
        .map(|document| document.and_then(|document| context.complete_document(document)))
        .collect()
}

/// Decodes the bytes of a text file. The error is the reason, for example that the text is too large.
fn decode_text_file(bytes: &[u8], limits: ReadLimits) -> Result<String, String> {
    if bytes.len() as u64 > limits.max_text_bytes() {
        return Err(format!("is text of more than {}", format_size(limits.max_text_bytes())));
    }
    encoding::decode(bytes)
}

/// Reads the documents of the file that a compressed file contains.
#[cfg(feature = "archive")]
fn read_compressed(
    id: &str,
    bytes: &[u8],
    unpack: UnpackFn,
    context: &ReadContext<'_>,
) -> DocumentIterator<'static> {
    let unpack = || unpack(bytes, ArchiveLimits::new(context.settings.limits));
    let unpacked = catch_unwind(AssertUnwindSafe(unpack))
        .unwrap_or_else(|_| Err("is damaged: it cannot be unpacked".to_owned()));
    let unpacked_bytes = match unpacked {
        Ok(unpacked_bytes) => unpacked_bytes,
        Err(reason) => return Box::new(iter::once(Err(unreadable(id, reason)))),
    };
    let path = Path::new(id);
    let unpacked_path =
        if is_compressed_tar(path) { path.with_extension("tar") } else { path.with_extension("") };
    match Format::detect(&unpacked_path, &unpacked_bytes).unwrap_or(Format::Text) {
        format if format.is_compressed() || format == Format::Zip => {
            let reason = "holds an archive in an archive, which is not unpacked";
            Box::new(iter::once(Err(unreadable(id, reason))))
        }
        format => read_file(format, id, Cow::Owned(unpacked_bytes), context),
    }
}

/// Reads the documents of the files that a zip archive contains.
#[cfg(feature = "archive")]
fn read_zip<'a>(id: &str, bytes: &'a [u8], context: ReadContext<'a>) -> DocumentIterator<'a> {
    let context_of_entries = context.clone();
    let limits = context.settings.limits;
    let is_supported = move |path: &str, beginning: &[u8]| {
        is_read_inside_file(path, beginning, &context_of_entries)
    };
    let entries = match archive::unpack_entries(bytes, ArchiveLimits::new(limits), is_supported) {
        Ok(entries) => entries,
        Err(reason) => return Box::new(iter::once(Err(unreadable(id, reason)))),
    };
    let id = id.to_owned();
    Box::new(entries.flat_map(move |(path, bytes)| {
        let id = format!("{id}/{path}");
        match bytes {
            Ok(bytes) => {
                let format = Format::detect(Path::new(&path), &bytes).unwrap_or(Format::Text);
                read_file(format, &id, Cow::Owned(bytes), &context)
            }
            Err(reason) => Box::new(iter::once(Err(unreadable(&id, reason)))),
        }
    }))
}
