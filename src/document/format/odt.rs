//! Reads OpenDocument text (.odt) as a document. Headings have their outline level, tables are read
//! row by row, and notes follow the paragraph that refers to them. Deleted text is left out.

use std::collections::BTreeMap;

use super::{
    archive::{ArchiveLimits, Package},
    xml::{Attributes, XmlEvent, walk},
};
use crate::{
    document::{
        blocks::BlockBuilder,
        limits::ReadLimits,
        model::{BlockKind, Document},
    },
    error::Result,
};

/// Elements whose content is skipped: deleted text, comments, forms, tables of contents and note
/// numbers.
const SKIPPED_ELEMENTS: [&str; 5] =
    ["tracked-changes", "annotation", "forms", "table-of-content", "note-citation"];
/// Maximum number of spaces that one `s` element represents.
const MAX_SPACES: usize = 100;

/// Reads an OpenDocument text as a document.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let content =
        package.member("content.xml")?.ok_or("contains no text of an OpenDocument file")?;
    let mut body = BodyReader::default();
    walk(&content, |event| body.handle_event(&event))
        .map_err(|reason| format!("content.xml: {reason}"))?;
    let mut properties = read_properties(&mut package);
    let mut document = body.blocks.into_document(id, properties.remove("title"));
    document.metadata.append(&mut properties);
    Ok(document)
}

/// A paragraph or heading whose end has not been read yet.
#[derive(Debug)]
struct Paragraph {
    kind: BlockKind,
    text: String,
    /// Texts of the notes to which the paragraph refers.
    notes: Vec<String>,
}

/// Converts the events of `content.xml` to blocks.
#[derive(Debug, Default)]
struct BodyReader {
    blocks: BlockBuilder,
    /// Nesting depth inside skipped elements: 1 in the outermost skipped element, 0 outside of all
    /// skipped elements.
    skip_depth: usize,
    paragraphs: Vec<Paragraph>,
    /// Cell texts of each table row whose end has not been read yet, outermost row first.
    rows: Vec<Vec<String>>,
    /// For each open note, outermost first: number of open paragraphs that enclose the note.
    note_depths: Vec<usize>,
}

impl BodyReader {
    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            XmlEvent::Open(..) if self.skip_depth > 0 => self.skip_depth += 1,
            XmlEvent::Close(_) if self.skip_depth > 0 => self.skip_depth -= 1,
            XmlEvent::Text(_) if self.skip_depth > 0 => {}
            XmlEvent::Open(name, attributes) => self.open_element(name, attributes),
            XmlEvent::Close(name) => self.close_element(name),
            XmlEvent::Text(text) => self.add_text(&text.replace(['\n', '\r', '\t'], " ")),
        }
    }

    fn open_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            _ if SKIPPED_ELEMENTS.contains(&name) => self.skip_depth = 1,
            "h" | "p" => {
                let level = attributes.get("outline-level").and_then(|level| level.parse().ok());
                let kind = match attributes.get("style-name").as_deref() {
                    Some("Title") => BlockKind::Title,
                    _ if name == "h" => BlockKind::Heading(level.unwrap_or(1)),
                    _ => BlockKind::Paragraph,
                };
                self.paragraphs.push(Paragraph { kind, text: String::new(), notes: Vec::new() });
            }
            "table-row" => self.rows.push(Vec::new()),
            "table-cell" => {
                if let Some(row) = self.rows.last_mut() {
                    row.push(String::new());
                }
            }
            "note-body" => self.note_depths.push(self.paragraphs.len()),
            "s" => {
                let space_count = attributes
                    .get("c")
                    .and_then(|space_count| space_count.parse().ok())
                    .unwrap_or(1);
                self.add_text(&" ".repeat(space_count.min(MAX_SPACES)));
            }
            "tab" => self.add_text(" "),
            "line-break" => self.add_text("\n"),
            _ => {}
        }
    }

    fn close_element(&mut self, name: &str) {
        match name {
            "h" | "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.close_paragraph(paragraph);
                }
            }
            "note-body" => drop(self.note_depths.pop()),
            "table-row" => {
                let cells = self.rows.pop().unwrap_or_default();
                let non_empty_cells: Vec<&str> =
                    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
                self.add_block(BlockKind::Paragraph, &non_empty_cells.join(" | "));
            }
            _ => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    /// Adds a paragraph whose end has been read. The text of a paragraph inside a note goes to the
    /// notes of the paragraph that refers to the note. Any other paragraph becomes a block,
    /// followed by one block for each note to which the paragraph refers.
    fn close_paragraph(&mut self, paragraph: Paragraph) {
        let is_in_note =
            self.note_depths.last().is_some_and(|depth| self.paragraphs.len() == *depth);
        match self.paragraphs.last_mut() {
            Some(outer) if is_in_note => outer.notes.push(paragraph.text),
            _ => {
                self.add_block(paragraph.kind, &paragraph.text);
                for note in paragraph.notes {
                    self.add_block(BlockKind::Paragraph, &note);
                }
            }
        }
    }

    /// Adds the text to the current table cell, or as a block to the document if no cell is open.
    fn add_block(&mut self, kind: BlockKind, text: &str) {
        match self.rows.last_mut().map(|row| row.last_mut()) {
            Some(Some(cell)) => {
                cell.push(' ');
                cell.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
            }
            _ => self.blocks.add_block(kind, text),
        }
    }
}

/// Elements of `meta.xml` that become metadata, each with its metadata key.
const METADATA_ELEMENTS: [(&str, &str); 7] = [
    ("title", "title"),
    ("initial-creator", "creator"),
    ("creation-date", "created"),
    ("date", "modified"),
    ("subject", "subject"),
    ("keyword", "keywords"),
    ("description", "description"),
];

/// Returns the properties of the file from `meta.xml`; an empty map if `meta.xml` cannot be read.
fn read_properties(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let Ok(Some(xml)) = package.member("meta.xml") else { return properties };
    let mut open_property = None;
    let walk_result = walk(&xml, |event| match event {
        XmlEvent::Open(name, _) => {
            open_property = METADATA_ELEMENTS.iter().find(|(element, _)| *element == name);
        }
        XmlEvent::Close(_) => open_property = None,
        XmlEvent::Text(text) => {
            if let Some((_, name)) = open_property {
                properties.entry((*name).to_owned()).or_default().push_str(text);
            }
        }
    });
    if walk_result.is_err() {
        properties.clear();
    }
    properties.retain(|_, value| !value.trim().is_empty());
    properties
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::archive::zip_archive;

    fn odt_file(text: &str) -> Vec<u8> {
        let content = format!("<o:content><o:body><o:text>{text}</o:text></o:body></o:content>");
        let meta =
            "<m><dc:title>Stale</dc:title><meta:initial-creator>Li Wei</meta:initial-creator></m>";
        zip_archive(&[("content.xml", content.as_bytes()), ("meta.xml", meta.as_bytes())])
    }

    #[test]
    fn elements_become_blocks() {
        let text = "<t:tracked-changes><t:p>gone</t:p></t:tracked-changes>\
            <t:p t:style-name='Title'>The Plan</t:p><t:h t:outline-level='2'>目标</t:h>\
            <t:p>It<t:s t:c='2'/>grew<t:note><t:note-citation>1</t:note-citation><t:note-body>\
            <t:p>See annex.</t:p></t:note-body></t:note> &amp;<t:line-break/>rose.</t:p>\
            <t:table><t:table-row><t:table-cell><t:p>Year</t:p></t:table-cell>\
            <t:table-cell><t:p>Yuan</t:p><t:p>(billion)</t:p></t:table-cell></t:table-row></t:table>\
            <t:list><t:list-item><t:p>one</t:p></t:list-item></t:list>";
        let document = read("x", &odt_file(text), ReadLimits::default()).unwrap();
        let blocks: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        let paragraph = BlockKind::Paragraph;
        assert_eq!(
            blocks,
            [
                (BlockKind::Title, "The Plan"),
                (BlockKind::Heading(2), "目标"),
                (paragraph, "It grew &\nrose."),
                (paragraph, "See annex."),
                (paragraph, "Year | Yuan (billion)"),
                (paragraph, "one"),
            ]
        );
        assert_eq!(document.metadata["creator"], "Li Wei");
    }

    #[test]
    fn broken_files_are_refused_with_a_reason() {
        for (bytes, expected) in [
            (zip_archive(&[("x.txt", b"x")]), "no text of an OpenDocument"),
            (odt_file(&"<t:p>".repeat(50_000)), "nested deeper"),
            (zip_archive(&[("content.xml", b"<a>")]), "ends in the middle"),
        ] {
            let error = read("x", &bytes, ReadLimits::default()).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn broken_text_never_panics(text in "(<t:p>|</t:p>|<t:note-body>|</t:note-body>|<t:table-row>|</t:table-row>|<t:table-cell/>|<t:p/>|a){0,30}") {
            drop(read("x", &odt_file(&text), ReadLimits::default()));
        }
    }
}
