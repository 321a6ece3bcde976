//! Reads OpenDocument texts (.odt) and presentations (.odp) as documents, also from a flat XML file (.fodt, .fodp).
//! Headings have their outline level, tables are read row by row, and notes follow the paragraph that refers to them.
//! The title of a slide is a heading. Deleted text and hidden slides are left out.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    archive::Package,
    expansion::ArchiveLimits,
    merged_cells::{MergedCells, RowSpan, TableCell},
    xml::{Attributes, XmlEvent, for_each_event},
};
use crate::{
    document::{
        blocks::BlockBuilder,
        left_out::{LeftOut, LeftOutReason},
        limits::ReadLimits,
        model::{BlockKind, Document},
        place::{Place, PlaceStart},
    },
    error::Result,
};

/// Elements whose content is skipped: deleted text, comments, forms, tables of contents, note numbers,
/// templates of pages, and the pronunciation of characters.
const SKIPPED_ELEMENTS: [&str; 7] = [
    "tracked-changes",
    "annotation",
    "forms",
    "table-of-content",
    "note-citation",
    "master-styles",
    "ruby-text",
];
/// Classes of the frames whose text is repeated on each slide.
const CLASSES_OF_REPEATED_FRAMES: [&str; 4] = ["header", "footer", "date-time", "page-number"];
/// Maximum number of spaces that one `s` element represents.
const MAX_SPACES_PER_ELEMENT: usize = 100;

/// Reads an OpenDocument text or presentation as a document.
pub(super) fn read(id: &str, bytes: &[u8], limits: ReadLimits) -> Result<Document, String> {
    let content = content_xml(bytes, limits, "text")?;
    let mut body = BodyReader::default();
    for_each_event(&content, |event| body.handle_event(&event))
        .map_err(|reason| format!("content.xml: {reason}"))?;
    let mut properties = read_properties(bytes, limits);
    let mut document = body.blocks.into_document(id, properties.remove("title"));
    document.places = body.slides;
    document.metadata.append(&mut properties);
    Ok(document)
}

/// Returns the XML with the content of an OpenDocument file: a member of the package, or the whole flat file.
/// `content_name` is the name of the content in the error message.
pub(super) fn content_xml<'a>(
    bytes: &'a [u8],
    limits: ReadLimits,
    content_name: &str,
) -> Result<Cow<'a, [u8]>, String> {
    if !bytes.starts_with(b"PK") {
        return Ok(Cow::Borrowed(bytes));
    }
    let content = Package::open(bytes, ArchiveLimits::new(limits))?.member("content.xml")?;
    content
        .map(Cow::Owned)
        .ok_or_else(|| format!("contains no {content_name} of an OpenDocument file"))
}

/// A paragraph or heading whose end has not been read yet.
#[derive(Debug)]
struct Paragraph {
    kind: BlockKind,
    text: String,
    /// Texts of the notes to which the paragraph refers.
    note_texts: Vec<String>,
}

/// A table cell whose end has not been read yet.
#[derive(Debug)]
struct OpenCell {
    text: String,
    column_span: u32,
    row_span: u32,
}

/// Converts the events of `content.xml` to blocks.
#[derive(Debug, Default)]
struct BodyReader {
    blocks: BlockBuilder,
    /// Nesting depth inside skipped elements: 1 in the outermost skipped element, 0 outside of all
    /// skipped elements.
    skip_depth: usize,
    /// Open paragraphs, outermost first. A note contains paragraphs inside of another paragraph.
    paragraphs: Vec<Paragraph>,
    /// Merged cells of each open table, outermost first.
    tables: Vec<MergedCells<String>>,
    /// Cells of each table row whose end has not been read yet, outermost row first.
    rows: Vec<Vec<OpenCell>>,
    is_in_header_rows: bool,
    /// For each open note, outermost first: number of open paragraphs around the note.
    note_depths: Vec<usize>,
    /// Offsets in the text at which the slides of a presentation begin, each with the number of the slide.
    slides: Vec<PlaceStart>,
    /// Number of the current slide, from 1.
    slide_number: u32,
    /// Class of the open frame of a slide: `title`, `outline`, `footer`.
    frame_class: String,
    /// Name of the style whose definition is open.
    style_name: String,
    /// Names of the styles of hidden slides.
    hidden_styles: BTreeSet<String>,
    is_in_hidden_slide: bool,
    /// Reason why the current skipped element is left out, and its text so far. `None` for an element whose text is not
    /// recorded.
    skipped_text: Option<(LeftOutReason, String)>,
}

impl BodyReader {
    fn handle_event(&mut self, event: &XmlEvent<'_>) {
        match event {
            XmlEvent::Open(..) if self.skip_depth > 0 => self.skip_depth += 1,
            XmlEvent::Close(_) if self.skip_depth > 0 => {
                self.skip_depth -= 1;
                if self.skip_depth == 0
                    && let Some((reason, text)) = self.skipped_text.take()
                {
                    self.blocks.left_out.extend(LeftOut::new(&text, reason));
                }
            }
            XmlEvent::Text(text) if self.skip_depth > 0 => {
                if let Some((_, skipped_text)) = &mut self.skipped_text {
                    skipped_text.push_str(text);
                    skipped_text.push(' ');
                }
            }
            XmlEvent::Open(name, attributes) => self.open_element(name, attributes),
            XmlEvent::Close(name) => self.close_element(name),
            XmlEvent::Text(text) => self.add_text(&text.replace(['\n', '\r', '\t'], " ")),
        }
    }

    fn open_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            _ if SKIPPED_ELEMENTS.contains(&name) => {
                let reason = match name {
                    "tracked-changes" => Some(LeftOutReason::Deleted),
                    "annotation" => Some(LeftOutReason::Comment),
                    "table-of-content" => Some(LeftOutReason::Contents),
                    "ruby-text" => Some(LeftOutReason::Pronunciation),
                    _ => None,
                };
                self.skip_depth = 1;
                self.skipped_text = reason.map(|reason| (reason, String::new()));
            }
            "style" => self.style_name = attributes.get("name").unwrap_or_default(),
            "drawing-page-properties"
                if attributes.get("visibility").as_deref() == Some("hidden") =>
            {
                self.hidden_styles.insert(self.style_name.clone());
            }
            "page" => self.open_slide(attributes),
            "frame" | "custom-shape" => {
                self.frame_class = attributes.get("class").unwrap_or_default();
            }
            "h" | "p" => {
                let level = attributes.get("outline-level").and_then(|level| level.parse().ok());
                let kind = match attributes.get("style-name").as_deref() {
                    Some("Title") => BlockKind::Title,
                    _ if self.frame_class == "title" => BlockKind::Heading(1),
                    _ if name == "h" => BlockKind::Heading(level.unwrap_or(1)),
                    _ => BlockKind::Paragraph,
                };
                self.paragraphs.push(Paragraph {
                    kind,
                    text: String::new(),
                    note_texts: Vec::new(),
                });
            }
            "table" => self.tables.push(MergedCells::default()),
            "table-header-rows" => self.is_in_header_rows = true,
            "table-row" => self.rows.push(Vec::new()),
            "table-cell" => {
                if let Some(row) = self.rows.last_mut() {
                    let number = |name| attributes.get(name).and_then(|number| number.parse().ok());
                    let column_span = number("number-columns-spanned");
                    row.push(OpenCell {
                        text: String::new(),
                        column_span: column_span.or(number("number-columns-repeated")).unwrap_or(1),
                        row_span: number("number-rows-spanned").unwrap_or(1),
                    });
                }
            }
            "note-body" => self.note_depths.push(self.paragraphs.len()),
            "s" => {
                let space_count = attributes
                    .get("c")
                    .and_then(|space_count| space_count.parse().ok())
                    .unwrap_or(1);
                self.add_text(&" ".repeat(space_count.min(MAX_SPACES_PER_ELEMENT)));
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
            "page" => self.is_in_hidden_slide = false,
            "frame" | "custom-shape" => self.frame_class.clear(),
            "table-row" => {
                let cells = self.rows.pop().unwrap_or_default();
                self.close_row(&cells);
            }
            "table" => drop(self.tables.pop()),
            "table-header-rows" => self.is_in_header_rows = false,
            _ => {}
        }
    }

    fn close_row(&mut self, cells: &[OpenCell]) {
        let table_cell = |cell: &OpenCell| {
            let text = cell.text.trim();
            TableCell::new(text.to_owned(), text)
                .spanning(cell.column_span, RowSpan::Rows(cell.row_span))
                .marked_as_header(self.is_in_header_rows)
        };
        let cells = cells.iter().map(table_cell).collect();
        let text = match self.tables.last_mut() {
            Some(table) => table.row_text(cells, 0),
            None => MergedCells::default().row_text(cells, 0),
        };
        self.add_block(BlockKind::Paragraph, &text);
    }

    fn open_slide(&mut self, attributes: &Attributes<'_>) {
        self.slide_number += 1;
        let style = attributes.get("style-name").unwrap_or_default();
        self.is_in_hidden_slide = self.hidden_styles.contains(&style);
        let place = Place::Slide(self.slide_number);
        self.slides.push(PlaceStart { offset: self.blocks.text.len(), place });
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
            Some(outer) if is_in_note => outer.note_texts.push(paragraph.text),
            _ => {
                self.add_block(paragraph.kind, &paragraph.text);
                for note in paragraph.note_texts {
                    self.add_block(BlockKind::Paragraph, &note);
                }
            }
        }
    }

    /// Adds the text to the current table cell, or as a block to the document if no cell is open.
    fn add_block(&mut self, kind: BlockKind, text: &str) {
        match self.rows.last_mut().map(|row| row.last_mut()) {
            Some(Some(cell)) => {
                cell.text.push(' ');
                cell.text.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
            }
            _ if CLASSES_OF_REPEATED_FRAMES.contains(&self.frame_class.as_str()) => {}
            _ if self.is_in_hidden_slide => {
                self.blocks.push(text);
                self.blocks.leave_out_current(LeftOutReason::Hidden);
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

/// Returns the properties of the file, from `meta.xml` or from the beginning of a flat file; an empty map if they
/// cannot be read.
pub(super) fn read_properties(bytes: &[u8], limits: ReadLimits) -> BTreeMap<String, String> {
    let mut properties: BTreeMap<String, String> = BTreeMap::new();
    let meta = if bytes.starts_with(b"PK") {
        let package = Package::open(bytes, ArchiveLimits::new(limits));
        let meta = package.and_then(|mut package| package.member("meta.xml"));
        meta.ok().flatten().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(bytes))
    };
    let Some(xml) = meta else { return properties };
    let (mut open_property, mut is_ended) = (None, false);
    let parse_result = for_each_event(&xml, |event| match event {
        XmlEvent::Close("meta") => is_ended = true,
        _ if is_ended => {}
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
    if parse_result.is_err() {
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
            <t:p>It<t:ruby><t:ruby-base>s</t:ruby-base><t:ruby-text>ess</t:ruby-text></t:ruby><t:s t:c='2'/>grew<t:note><t:note-citation>1</t:note-citation><t:note-body>\
            <t:p>See annex.</t:p></t:note-body></t:note> &amp;<t:line-break/>rose.</t:p>\
            <t:table><t:table-row><t:table-cell><t:p>Year</t:p></t:table-cell>\
            <t:table-cell><t:p>Yuan</t:p><t:p>(billion)</t:p></t:table-cell></t:table-row>\
            <t:table-row><t:table-cell t:number-rows-spanned='2'><t:p>2024</t:p></t:table-cell>\
            <t:table-cell><t:p>3</t:p></t:table-cell></t:table-row>\
            <t:table-row><t:covered-table-cell/><t:table-cell><t:p>4</t:p></t:table-cell></t:table-row></t:table>\
            <t:list><t:list-item><t:p>one</t:p></t:list-item></t:list>";
        let document = read("x", &odt_file(text), ReadLimits::default()).unwrap();
        let blocks: Vec<_> = document
            .blocks
            .iter()
            .map(|block| (block.kind, block.span.of(&document.text)))
            .collect();
        let left_out: Vec<_> = document
            .left_out
            .iter()
            .map(|left_out| (left_out.reason, left_out.text.as_str()))
            .collect();
        assert_eq!(
            left_out,
            [(LeftOutReason::Deleted, "gone"), (LeftOutReason::Pronunciation, "ess")]
        );
        let paragraph = BlockKind::Paragraph;
        assert_eq!(
            blocks,
            [
                (BlockKind::Title, "The Plan"),
                (BlockKind::Heading(2), "目标"),
                (paragraph, "Its grew &\nrose."),
                (paragraph, "See annex."),
                (paragraph, "Year | Yuan (billion)"),
                (paragraph, "2024 | 3"),
                (paragraph, "2024 | 4"),
                (paragraph, "one"),
            ]
        );
        assert_eq!(document.metadata["creator"], "Li Wei");
    }

    #[test]
    fn slides_have_their_number_and_title() {
        let slides = "<s:style s:name='h'><s:drawing-page-properties p:visibility='hidden'/></s:style>\
            <d:page><d:frame p:class='title'><d:text-box><t:p>Port plan</t:p></d:text-box></d:frame>\
            <d:frame p:class='outline'><t:list><t:list-item><t:p>Grow</t:p></t:list-item></t:list></d:frame>\
            <d:frame p:class='footer'><t:p>Footer</t:p></d:frame>\
            <p:notes><d:frame p:class='notes'><t:p>Say it slowly.</t:p></d:frame></p:notes></d:page>\
            <d:page d:style-name='h'><d:frame><t:p>Secret</t:p></d:frame></d:page>\
            <d:page><d:custom-shape><t:p>Thank you</t:p></d:custom-shape></d:page>";
        let document = read("x", &odt_file(slides), ReadLimits::default()).unwrap();
        let passages: Vec<_> = crate::passage::passages(&document)
            .iter()
            .map(|passage| {
                (passage.place.clone().unwrap().slide().unwrap(), passage.span.of(&document.text))
            })
            .collect();
        assert_eq!(passages, [(1, "Grow"), (1, "Say it slowly."), (3, "Thank you")]);
        assert_eq!(document.title.as_deref(), Some("Port plan"));
        assert_eq!(document.left_out[0].text, "Secret");
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
