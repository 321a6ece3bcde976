//! Reads a Word file (.docx) as a document. Styles determine the headings, lists keep their numbers, each table row
//! becomes a block, and footnotes follow the paragraph that refers to them. The text of an embedded document stands
//! where the main document refers to it, and the header of the first page precedes the text.
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
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::{
    body::BodyReader,
    notes::read_notes,
    numbering::Numbering,
    page_header::add_first_header_and_leave_out_others,
    parts::{Relationship, read_embedded_parts, read_relationships},
    styles::ParagraphStyles,
};
use super::{
    archive::Package,
    expansion::ArchiveLimits,
    office_package::{
        main_part_path, read_chart, read_comments, read_member, read_properties,
        reject_ole_container,
    },
    xml::for_each_event,
};
use crate::{
    document::{left_out::LeftOut, limits::ReadLimits, model::Document},
    error::Result,
};

/// Reads the document of a Word file.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    read_at_embedding_depth(id, bytes, limits, 0)
}

/// Returns the comments and the words of the charts of a Word file.
fn left_out_parts(
    package: &mut Package<'_>,
    relationships: &BTreeMap<String, Relationship>,
) -> Result<Vec<LeftOut>, String> {
    let mut left_out = Vec::new();
    for part in relationships.values() {
        let texts = match part.kind.as_str() {
            "comments" => read_member(package, &part.path, read_comments)?,
            "chart" => read_member(package, &part.path, read_chart)?,
            _ => None,
        };
        left_out.extend(texts.unwrap_or_default());
    }
    Ok(left_out)
}

/// Reads the document of a Word file. `depth` is the number of Word files that enclose the file. Reads embedded
/// documents only at depth 0.
fn read_at_embedding_depth(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
    depth: usize,
) -> Result<Document, String> {
    reject_ole_container(bytes, "Word", ".docx")?;
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let main_path = main_part_path(&mut package, "word/document.xml")?;
    let folder = main_path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let sibling_path = |name: &str| format!("{folder}/{name}").trim_start_matches('/').to_owned();

    let styles = read_member(&mut package, &sibling_path("styles.xml"), ParagraphStyles::read)?
        .unwrap_or_default();
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
    read_member(&mut package, &main_path, |xml| {
        for_each_event(xml, |event| body.handle_event(event))
    })?
    .ok_or("holds no text of a Word file")?;

    let mut properties = read_properties(&mut package);
    let first_page_header_id = body.first_page_header_id().map(str::to_owned);
    let mut document = body.into_document(id, properties.remove("title"));
    document.unread = unread;
    document.left_out.extend(left_out_parts(&mut package, &relationships).unwrap_or_default());
    add_first_header_and_leave_out_others(
        &mut document,
        &mut package,
        &relationships,
        first_page_header_id.as_deref(),
        &styles,
    );
    document.metadata.append(&mut properties);
    styles.language().clone_into(&mut document.declared_lang);
    Ok(document)
}
