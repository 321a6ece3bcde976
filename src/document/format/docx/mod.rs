//! The bytes of a Word file (.docx) → a document: styles as headings, lists with their numbers, tables
//! row by row, footnotes after the paragraph that has them, tracked changes as if accepted.

mod body;
mod number;
mod style;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::{
    body::{Body, notes},
    number::Numbering,
    style::Styles,
};
use super::{
    archive::{ArchiveLimits, Package},
    xml::{Piece, walk},
};
use crate::{
    document::{Document, ReadLimits},
    error::Result,
};

/// How a file begins that Word 97 wrote, or that any Word encrypted.
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

pub(in crate::document) fn read(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
) -> Result<Document, String> {
    if bytes.starts_with(OLE) {
        let reason = "is protected by a password or of an old format: save it as .docx without one";
        return Err(reason.to_owned());
    }
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let main = main_part(&mut package)?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = |name: &str| format!("{folder}/{name}").trim_start_matches('/').to_owned();

    let styles = part(&mut package, &beside("styles.xml"), Styles::read)?.unwrap_or_default();
    let numbering = part(&mut package, &beside("numbering.xml"), Numbering::read)?;
    let mut all_notes = BTreeMap::new();
    for name in ["footnotes.xml", "endnotes.xml"] {
        let found = part(&mut package, &beside(name), |xml| notes(xml, &styles))?;
        all_notes.extend(found.unwrap_or_default());
    }
    let mut body = Body::new(&styles, numbering.unwrap_or_default(), all_notes);
    part(&mut package, &main, |xml| walk(xml, |piece| body.piece(piece)))?
        .ok_or("holds no text of a Word file")?;

    let mut properties = properties(&mut package);
    let mut document = body.document(id, properties.remove("title"));
    document.metadata.append(&mut properties);
    Ok(document)
}

/// What is made of the part at `path`, if there is such a part.
fn part<T>(
    package: &mut Package<'_>,
    path: &str,
    read: impl FnOnce(&[u8]) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let Some(xml) = package.part(path)? else { return Ok(None) };
    read(&xml).map(Some).map_err(|reason| format!("{path}: {reason}"))
}

/// The path of the part with the text.
fn main_part(package: &mut Package<'_>) -> Result<String, String> {
    let mut main = "word/document.xml".to_owned();
    part(package, "_rels/.rels", |xml| {
        walk(xml, |piece| {
            if let Piece::Open("Relationship", attributes) = piece
                && attributes.get("Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
                && let Some(target) = attributes.get("Target")
            {
                target.trim_start_matches('/').clone_into(&mut main);
            }
        })
    })?;
    Ok(main)
}

/// The core properties that are kept as metadata.
const PROPERTIES: [&str; 8] =
    ["title", "creator", "created", "modified", "subject", "keywords", "category", "description"];

/// What the file says about itself; where that cannot be read, nothing.
fn properties(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut open = None;
    let read = part(package, "docProps/core.xml", |xml| {
        walk(xml, |piece| match piece {
            Piece::Open(name, _) => open = PROPERTIES.iter().find(|kept| **kept == name),
            Piece::Close(_) => open = None,
            Piece::Text(text) => {
                if let Some(name) = open {
                    found.entry((*name).to_owned()).or_default().push_str(text);
                }
            }
        })
    });
    if read.is_err() {
        found.clear();
    }
    found.retain(|_, value| !value.trim().is_empty());
    found
}
