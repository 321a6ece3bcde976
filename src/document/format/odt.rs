//! The bytes of an OpenDocument text (.odt) → a document: headings by their level, tables row by row,
//! notes after the paragraph that has them, deleted text left out.

use std::collections::BTreeMap;

use super::{
    archive::{ArchiveLimits, Package},
    xml::{Attributes, Piece, walk},
};
use crate::{
    document::{BlockKind, Document, ReadLimits, blocks::BlockBuilder},
    error::Result,
};

/// What was deleted and is kept for the record, what is said of the text, and tables of contents.
const LEFT_OUT: [&str; 5] =
    ["tracked-changes", "annotation", "forms", "table-of-content", "note-citation"];
/// So many spaces an element may stand for.
const MAX_SPACES: usize = 100;

pub(in crate::document) fn read(
    id: &str,
    bytes: &[u8],
    limits: ReadLimits,
) -> Result<Document, String> {
    let mut package = Package::open(bytes, ArchiveLimits::new(limits))?;
    let content = package.part("content.xml")?.ok_or("holds no text of an OpenDocument file")?;
    let mut body = Body::default();
    walk(&content, |piece| body.piece(&piece))
        .map_err(|reason| format!("content.xml: {reason}"))?;
    let mut properties = properties(&mut package);
    let mut document = body.blocks.into_document(id, properties.remove("title"));
    document.metadata.append(&mut properties);
    Ok(document)
}

/// A paragraph that is open, what it is, and the notes that hang on it.
#[derive(Debug)]
struct Paragraph {
    kind: BlockKind,
    text: String,
    notes: Vec<String>,
}

/// Reads the text of a file.
#[derive(Debug, Default)]
struct Body {
    blocks: BlockBuilder,
    /// How deep within something that is left out.
    skipped: usize,
    open: Vec<Paragraph>,
    /// The cells of the rows that are open.
    rows: Vec<Vec<String>>,
    /// How many paragraphs were open where a note began.
    notes: Vec<usize>,
}

impl Body {
    fn piece(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Open(..) if self.skipped > 0 => self.skipped += 1,
            Piece::Close(_) if self.skipped > 0 => self.skipped -= 1,
            Piece::Text(_) if self.skipped > 0 => {}
            Piece::Open(name, attributes) => self.opened(name, attributes),
            Piece::Close(name) => self.closed(name),
            Piece::Text(text) => self.say(&text.replace(['\n', '\r', '\t'], " ")),
        }
    }

    fn opened(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            _ if LEFT_OUT.contains(&name) => self.skipped = 1,
            "h" | "p" => {
                let level = attributes.get("outline-level").and_then(|level| level.parse().ok());
                let kind = match attributes.get("style-name").as_deref() {
                    Some("Title") => BlockKind::Title,
                    _ if name == "h" => BlockKind::Heading(level.unwrap_or(1)),
                    _ => BlockKind::Paragraph,
                };
                self.open.push(Paragraph { kind, text: String::new(), notes: Vec::new() });
            }
            "table-row" => self.rows.push(Vec::new()),
            "table-cell" => {
                if let Some(row) = self.rows.last_mut() {
                    row.push(String::new());
                }
            }
            "note-body" => self.notes.push(self.open.len()),
            "s" => {
                let count = attributes.get("c").and_then(|count| count.parse().ok()).unwrap_or(1);
                self.say(&" ".repeat(count.min(MAX_SPACES)));
            }
            "tab" => self.say(" "),
            "line-break" => self.say("\n"),
            _ => {}
        }
    }

    fn closed(&mut self, name: &str) {
        match name {
            "h" | "p" => {
                if let Some(paragraph) = self.open.pop() {
                    self.end(paragraph);
                }
            }
            "note-body" => drop(self.notes.pop()),
            "table-row" => {
                let cells = self.rows.pop().unwrap_or_default();
                let filled: Vec<&str> =
                    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
                self.put(BlockKind::Paragraph, &filled.join(" | "));
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn end(&mut self, paragraph: Paragraph) {
        let within_note = self.notes.last().is_some_and(|depth| self.open.len() == *depth);
        match self.open.last_mut() {
            Some(outer) if within_note => outer.notes.push(paragraph.text),
            _ => {
                self.put(paragraph.kind, &paragraph.text);
                for note in paragraph.notes {
                    self.put(BlockKind::Paragraph, &note);
                }
            }
        }
    }

    /// Puts a paragraph into the cell that is open, or into the text.
    fn put(&mut self, kind: BlockKind, text: &str) {
        match self.rows.last_mut().map(|row| row.last_mut()) {
            Some(Some(cell)) => {
                cell.push(' ');
                cell.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
            }
            _ => self.blocks.add_block(kind, text),
        }
    }
}

/// The properties that are kept, and what they are called as metadata.
const PROPERTIES: [(&str, &str); 7] = [
    ("title", "title"),
    ("initial-creator", "creator"),
    ("creation-date", "created"),
    ("date", "modified"),
    ("subject", "subject"),
    ("keyword", "keywords"),
    ("description", "description"),
];

/// What the file says about itself; where that cannot be read, nothing.
fn properties(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let Ok(Some(xml)) = package.part("meta.xml") else { return found };
    let mut open = None;
    let read = walk(&xml, |piece| match piece {
        Piece::Open(name, _) => open = PROPERTIES.iter().find(|(kept, _)| *kept == name),
        Piece::Close(_) => open = None,
        Piece::Text(text) => {
            if let Some((_, name)) = open {
                found.entry((*name).to_owned()).or_default().push_str(text);
            }
        }
    });
    if read.is_err() {
        found.clear();
    }
    found.retain(|_, value| !value.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::format::archive::zipped;

    fn file(text: &str) -> Vec<u8> {
        let content = format!("<o:content><o:body><o:text>{text}</o:text></o:body></o:content>");
        let meta =
            "<m><dc:title>Stale</dc:title><meta:initial-creator>Li Wei</meta:initial-creator></m>";
        zipped(&[("content.xml", content.as_bytes()), ("meta.xml", meta.as_bytes())])
    }

    #[test]
    fn the_parts_of_a_text() {
        let text = "<t:tracked-changes><t:p>gone</t:p></t:tracked-changes>\
            <t:p t:style-name='Title'>The Plan</t:p><t:h t:outline-level='2'>目标</t:h>\
            <t:p>It<t:s t:c='2'/>grew<t:note><t:note-citation>1</t:note-citation><t:note-body>\
            <t:p>See annex.</t:p></t:note-body></t:note> &amp;<t:line-break/>rose.</t:p>\
            <t:table><t:table-row><t:table-cell><t:p>Year</t:p></t:table-cell>\
            <t:table-cell><t:p>Yuan</t:p><t:p>(billion)</t:p></t:table-cell></t:table-row></t:table>\
            <t:list><t:list-item><t:p>one</t:p></t:list-item></t:list>";
        let document = read("x", &file(text), ReadLimits::default()).unwrap();
        let shown: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        let paragraph = BlockKind::Paragraph;
        assert_eq!(
            shown,
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
    fn what_cannot_be_read_is_told() {
        for (bytes, expected) in [
            (zipped(&[("x.txt", b"x")]), "no text of an OpenDocument"),
            (file(&"<t:p>".repeat(50_000)), "nested deeper"),
            (zipped(&[("content.xml", b"<a>")]), "ends in the middle"),
        ] {
            let error = read("x", &bytes, ReadLimits::default()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn broken_text_never_panics(text in "(<t:p>|</t:p>|<t:note-body>|</t:note-body>|<t:table-row>|</t:table-row>|<t:table-cell/>|<t:p/>|a){0,30}") {
            drop(read("x", &file(&text), ReadLimits::default()));
        }
    }
}
