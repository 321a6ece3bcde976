//! Parts of a Word file that its main document refers to: embedded documents (`altChunk`), diagrams, headers and
//! footers.

use std::{collections::BTreeMap, path::Path};

use crate::document::{
    format::{
        Format,
        archive::Package,
        encoding, html, mime_part,
        xml::{XmlEvent, for_each_event},
    },
    limits::ReadLimits,
    model::{BlockKind, Document},
};

/// Blocks of a part of a Word file, in order. Each block is its kind and its text.
pub(super) type WordPartBlocks = Vec<(BlockKind, String)>;

/// Reference from one part of a Word file, such as the main document, to another part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relationship {
    /// Type of the relationship, without the URL before it, such as `header` or `aFChunk`.
    pub(super) kind: String,
    /// Path, in the zip package, of the part to which the reference leads.
    pub(super) path: String,
}

/// Returns the references from the part at `path` to other parts, by the id of the relationship. References to targets
/// outside of the package, such as web pages, are left out.
pub(super) fn read_relationships(
    package: &mut Package<'_>,
    path: &str,
) -> BTreeMap<String, Relationship> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let relationships_path = format!("{folder}/_rels/{name}.rels");
    let mut relationships = BTreeMap::new();
    let Ok(Some(xml)) = package.member(relationships_path.trim_start_matches('/')) else {
        return relationships;
    };
    let parse_result = for_each_event(&xml, |event| {
        let XmlEvent::Open("Relationship", attributes) = event else { return };
        let (id, kind, target) =
            (attributes.get("Id"), attributes.get("Type"), attributes.get("Target"));
        let is_external = attributes.get("TargetMode").is_some_and(|mode| mode == "External");
        if let (Some(id), Some(kind), Some(target), false) = (id, kind, target, is_external) {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relationships.insert(id, Relationship { kind, path: path_in_package(folder, &target) });
        }
    });
    if parse_result.is_err() {
        relationships.clear();
    }
    relationships
}

/// Returns the path of `target` in the package. The target is a path relative to `folder`, unless it begins with a
/// slash.
fn path_in_package(folder: &str, target: &str) -> String {
    if let Some(path) = target.strip_prefix('/') {
        return path.to_owned();
    }
    let mut components: Vec<&str> =
        folder.split('/').filter(|component| !component.is_empty()).collect();
    for component in target.split('/') {
        match component {
            ".." => drop(components.pop()),
            "" | "." => {}
            component => components.push(component),
        }
    }
    components.join("/")
}

/// Returns the texts of the embedded documents and diagrams of the main document, by the id of their relationship. Adds
/// an error message to `unread` for each of them that cannot be read.
pub(super) fn read_embedded_parts(
    package: &mut Package<'_>,
    relationships: &BTreeMap<String, Relationship>,
    limits: ReadLimits,
    unread: &mut Vec<String>,
) -> BTreeMap<String, WordPartBlocks> {
    let mut parts = BTreeMap::new();
    for (id, Relationship { kind, path }) in relationships {
        let is_chunk = kind == "aFChunk";
        if !is_chunk && kind != "diagramData" {
            continue;
        }
        let bytes = match package.member_in_any_case(path) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err("is missing".to_owned()),
            Err(reason) => Err(reason),
        };
        let blocks = bytes.and_then(|bytes| {
            if is_chunk {
                read_embedded_document(path, &bytes, limits)
            } else {
                read_diagram(&bytes)
            }
        });
        match blocks {
            Ok(blocks) => drop(parts.insert(id.clone(), blocks)),
            Err(reason) => unread.push(format!("the part {path} {reason}")),
        }
    }
    parts
}

/// Reads an embedded document: HTML, a web archive (MHT), plain text, or another Word file without embedded documents
/// of its own.
fn read_embedded_document(
    path: &str,
    bytes: &[u8],
    limits: ReadLimits,
) -> Result<WordPartBlocks, String> {
    if let Some(markup) = mime_part::html_of_web_archive(bytes) {
        return html_blocks(&markup);
    }
    match Format::detect(Path::new(path), bytes) {
        Some(Format::Html) => html_blocks(&encoding::decode(bytes)?),
        Some(Format::Docx) => super::read_at_embedding_depth("", bytes, limits, 1)
            .map(|document| document_blocks(&document)),
        Some(Format::Text) => {
            let text = encoding::decode(bytes)?;
            let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
            Ok(paragraphs.map(|text| (BlockKind::Paragraph, text.trim().to_owned())).collect())
        }
        _ => Err("is in a format that is not read inside of a Word file".to_owned()),
    }
}

fn html_blocks(markup: &str) -> Result<WordPartBlocks, String> {
    let fragment = html::read_fragment(markup)?;
    let blocks = fragment.blocks.iter();
    Ok(blocks.map(|block| (block.kind, block.span.of(&fragment.text).to_owned())).collect())
}

fn document_blocks(document: &Document) -> WordPartBlocks {
    let blocks = document.blocks.iter();
    blocks.map(|block| (block.kind, block.span.of(&document.text).to_owned())).collect()
}

/// Reads the texts of a diagram (`SmartArt`), one block for each paragraph.
fn read_diagram(xml: &[u8]) -> Result<WordPartBlocks, String> {
    let mut blocks = Vec::new();
    let (mut text, mut is_in_text) = (String::new(), false);
    for_each_event(xml, |event| match event {
        XmlEvent::Open("p", _) => text.clear(),
        XmlEvent::Open("t", _) => is_in_text = true,
        XmlEvent::Close("t") => is_in_text = false,
        XmlEvent::Close("p") if !text.trim().is_empty() => {
            blocks.push((BlockKind::Paragraph, std::mem::take(&mut text)));
        }
        XmlEvent::Text(part) if is_in_text => text.push_str(part),
        _ => {}
    })?;
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_folder_of_the_main_document() {
        for (target, expected) in [
            ("a.xml", "word/a.xml"),
            ("../b/a.xml", "b/a.xml"),
            ("/c/a.xml", "c/a.xml"),
            ("./d//a.xml", "word/d/a.xml"),
        ] {
            assert_eq!(path_in_package("word", target), expected);
        }
    }
}
