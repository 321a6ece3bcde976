//! Files that are attached to a PDF: to the file as a whole, or to a place on a page.

use std::collections::BTreeSet;

use lopdf::{DecompressError, Dictionary, Document, Object, ObjectId, Stream, decode_text_string};

use super::damage;
use crate::document::{
    format::contained::{ContainedItem, unique_file_name},
    limits::ReadLimits,
};

/// Maximum number of attached files.
const MAX_ATTACHMENTS: usize = 1_000;
/// Maximum number of nodes of the name tree that are visited.
const MAX_NAME_TREE_NODES: usize = 10_000;
/// Name for an attached file without a name.
const DEFAULT_FILE_NAME: &str = "attachment";

/// Returns whether annotations with this subtype may hold an attached file.
pub(super) fn is_attachment_subtype(subtype: &[u8]) -> bool {
    subtype == b"FileAttachment"
}

/// Returns the attached files: first the files attached to the whole PDF, then the files attached to places on pages.
pub(super) fn read_attachments(pdf: &Document, limits: ReadLimits) -> Vec<ContainedItem> {
    let specifications = file_specifications(pdf).into_iter();
    let specifications =
        specifications.chain(file_specifications_on_pages(pdf)).take(MAX_ATTACHMENTS);
    let (mut stream_ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    let mut bytes_left = limits.max_archived_file_bytes() as usize;
    let mut attachments = Vec::new();
    for specification in specifications {
        let Some((stream_id, stream)) = attached_stream(pdf, specification) else { continue };
        if stream_id.is_some_and(|id| !stream_ids.insert(id)) {
            continue;
        }
        let path = unique_file_name(&mut names, &file_name(pdf, specification));
        let content = unpack(stream, bytes_left);
        bytes_left -= content.as_ref().map_or(0, Vec::len).min(bytes_left);
        attachments.push(ContainedItem::File { path, content });
    }
    attachments
}

/// Returns the file specifications in the name tree of the catalog: one dictionary for each file.
fn file_specifications(pdf: &Document) -> Vec<&Dictionary> {
    let root = pdf
        .catalog()
        .and_then(|catalog| catalog.get_deref(b"Names", pdf))
        .and_then(Object::as_dict)
        .and_then(|names| names.get_deref(b"EmbeddedFiles", pdf))
        .and_then(Object::as_dict);
    let (mut nodes, mut specifications) = (Vec::from_iter(root), Vec::new());
    for _ in 0..MAX_NAME_TREE_NODES {
        let Some(node) = nodes.pop() else { break };
        // Names and file specifications alternate.
        let entries = array_items(pdf, node, b"Names").iter().skip(1).step_by(2);
        specifications.extend(entries.filter_map(|entry| as_dictionary(pdf, entry)));
        let children = array_items(pdf, node, b"Kids").iter().rev();
        nodes.extend(children.filter_map(|child| as_dictionary(pdf, child)));
    }
    specifications
}

/// Iterates over the file specifications of the annotations on pages.
fn file_specifications_on_pages(pdf: &Document) -> impl Iterator<Item = &Dictionary> {
    let pages = pdf.page_iter().filter_map(|page| pdf.get_dictionary(page).ok());
    let annotations = pages.flat_map(|page| array_items(pdf, page, b"Annots"));
    let annotations = annotations.filter_map(|annotation| as_dictionary(pdf, annotation));
    let is_attachment = |annotation: &&Dictionary| {
        let subtype = annotation.get_deref(b"Subtype", pdf).and_then(Object::as_name);
        subtype.is_ok_and(is_attachment_subtype)
    };
    annotations
        .filter(is_attachment)
        .filter_map(|annotation| annotation.get_deref(b"FS", pdf).ok()?.as_dict().ok())
}

/// Returns the items of an array in a dictionary. Returns no items if there is no such array.
fn array_items<'a>(pdf: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> &'a [Object] {
    let array = dictionary.get_deref(key, pdf).and_then(Object::as_array);
    array.map(Vec::as_slice).unwrap_or_default()
}

fn as_dictionary<'a>(pdf: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    pdf.dereference(object).ok()?.1.as_dict().ok()
}

/// Returns the stream with the content of a file, and the id of the stream.
fn attached_stream<'a>(
    pdf: &'a Document,
    specification: &'a Dictionary,
) -> Option<(Option<ObjectId>, &'a Stream)> {
    let files = specification.get_deref(b"EF", pdf).ok()?.as_dict().ok()?;
    let reference = [b"UF".as_slice(), b"F"].iter().find_map(|key| files.get(key).ok())?;
    let (id, stream) = pdf.dereference(reference).ok()?;
    Some((id, stream.as_stream().ok()?))
}

/// Returns the name of an attached file, or [`DEFAULT_FILE_NAME`] if the file has no name.
fn file_name(pdf: &Document, specification: &Dictionary) -> String {
    let name = [b"UF".as_slice(), b"F"]
        .iter()
        .find_map(|key| decode_text_string(specification.get_deref(key, pdf).ok()?).ok());
    name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| DEFAULT_FILE_NAME.to_owned())
}

/// Returns the unpacked content of an attached file, or the reason why it cannot be read or has more than `max_bytes`
/// bytes.
fn unpack(stream: &Stream, max_bytes: usize) -> Result<Vec<u8>, String> {
    if !damage::is_stream_complete(stream) {
        return Err("is damaged in the PDF".to_owned());
    }
    stream.get_plain_content_with_limit(max_bytes).map_err(|error| match error {
        lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => {
            "makes the files that are attached to the PDF too large".to_owned()
        }
        error => format!("is damaged in the PDF: {error}"),
    })
}
