//! Reads a Word file (.docx) as a document. Styles determine the headings, lists keep their
//! numbers, each table row becomes a block, and footnotes follow the paragraph that refers to them.
//! Embedded documents stand where the text refers to them, and the header of the first page before the text.
//!
//! Tracked changes are read as if accepted. Open `body.rs` first: it reads the main document.
//! `styles.rs` determines the roles of paragraphs, and `numbering.rs` computes their list labels.
//! Element names are from ECMA-376 (Office Open XML).

mod body;
mod notes;
mod numbering;
mod page_header;
mod paragraph;
mod parts;
mod styles;
mod symbol;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::{
    body::BodyReader,
    notes::read_notes,
    numbering::Numbering,
    page_header::add_headers,
    parts::{read_embedded_parts, read_relationships},
    styles::Styles,
};
use super::{
    archive::{ArchiveLimits, Package},
    xml::{XmlEvent, walk},
};
use crate::{
    document::{limits::ReadLimits, model::Document},
    error::Result,
};

/// First bytes of an OLE container, the format of Word 97 files and of encrypted files of any
/// version.
const OLE_SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Reads the document of a Word file.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    read_at_depth(id, bytes, limits, 0)
}

/// Reads the document of a Word file that `depth` other Word files contain. Reads embedded documents only at depth 0.
fn read_at_depth(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
    depth: usize,
) -> Result<Document, String> {
    if bytes.starts_with(OLE_SIGNATURE) {
        let reason = "is protected by a password or in an old Word format: \
                      save it as .docx without a password";
        return Err(reason.to_owned());
    }
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let main_path = main_document_path(&mut package)?;
    let folder = main_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let sibling_path = |name: &str| format!("{folder}/{name}").trim_start_matches('/').to_owned();

    let styles =
        read_member(&mut package, &sibling_path("styles.xml"), Styles::read)?.unwrap_or_default();
    let numbering = read_member(&mut package, &sibling_path("numbering.xml"), Numbering::read)?;
    let mut notes = BTreeMap::new();
    for name in ["footnotes.xml", "endnotes.xml"] {
        let notes_of_file =
            read_member(&mut package, &sibling_path(name), |xml| read_notes(xml, &styles))?;
        notes.extend(notes_of_file.unwrap_or_default());
    }
    let relationships = read_relationships(&mut package, &main_path);
    let mut unread = Vec::new();
    let embedded_parts = if depth == 0 {
        read_embedded_parts(&mut package, &relationships, limits, &mut unread)
    } else {
        BTreeMap::new()
    };
    let mut body = BodyReader::new(&styles, numbering.unwrap_or_default(), notes, embedded_parts);
    read_member(&mut package, &main_path, |xml| walk(xml, |event| body.handle_event(event)))?
        .ok_or("holds no text of a Word file")?;

    let mut properties = read_properties(&mut package);
    let first_page_header = body.first_page_header().map(str::to_owned);
    let mut document = body.into_document(id, properties.remove("title"));
    document.unread = unread;
    add_headers(&mut document, &mut package, &relationships, first_page_header.as_deref(), &styles);
    document.metadata.append(&mut properties);
    Ok(document)
}

/// Reads the package member at `path` with the function `read`. `None` if the package has no such
/// member.
fn read_member<T>(
    package: &mut Package<'_>,
    path: &str,
    read: impl FnOnce(&[u8]) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let Some(xml) = package.member(path)? else { return Ok(None) };
    read(&xml).map(Some).map_err(|reason| format!("{path}: {reason}"))
}

/// Returns the path of the package member that contains the text: `word/document.xml` in most
/// packages.
fn main_document_path(package: &mut Package<'_>) -> Result<String, String> {
    let mut path = "word/document.xml".to_owned();
    read_member(package, "_rels/.rels", |xml| {
        walk(xml, |event| {
            if let XmlEvent::Open("Relationship", attributes) = event
                && attributes.get("Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
                && let Some(target) = attributes.get("Target")
            {
                target.trim_start_matches('/').clone_into(&mut path);
            }
        })
    })?;
    Ok(path)
}

/// Names of the core properties that are added to the metadata.
const CORE_PROPERTIES: [&str; 8] =
    ["title", "creator", "created", "modified", "subject", "keywords", "category", "description"];

/// Reads the core properties of the file. Returns no properties if `docProps/core.xml` cannot be
/// read.
fn read_properties(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let mut open_property = None;
    let read_result = read_member(package, "docProps/core.xml", |xml| {
        walk(xml, |event| match event {
            XmlEvent::Open(name, _) => {
                open_property = CORE_PROPERTIES.iter().find(|property| **property == name);
            }
            XmlEvent::Close(_) => open_property = None,
            XmlEvent::Text(text) => {
                if let Some(name) = open_property {
                    properties.entry((*name).to_owned()).or_default().push_str(text);
                }
            }
        })
    });
    if read_result.is_err() {
        properties.clear();
    }
    properties.retain(|_, value| !value.trim().is_empty());
    properties
}
