//! Converts the XML events of a Word file's main component (`word/document.xml`) to blocks. List
//! numbers, notes and text boxes are placed where the paragraphs refer to them.

use std::{collections::BTreeMap, mem};

use super::{
    numbering::{ListPosition, Numbering},
    styles::{Role, Styles, outline_role},
};
use crate::{
    document::{
        blocks::BlockBuilder,
        format::xml::{Attributes, XmlEvent, walk},
        model::{BlockKind, Document},
    },
    script::SENTENCE_ENDS,
};

/// Names of elements that are skipped with their content: text deleted by tracked changes,
/// duplicates for older programs, and properties before a tracked change.
const SKIPPED_ELEMENTS: [&str; 9] = [
    "del",
    "moveFrom",
    "Fallback",
    "pPrChange",
    "rPrChange",
    "sectPrChange",
    "tblPrChange",
    "trPrChange",
    "tcPrChange",
];
/// Maximum number of characters of a table row that becomes one block. A longer row with several
/// paragraphs in one cell lays out the page, so its paragraphs become blocks of their own.
const MAX_ROW_CHARS: usize = 1_000;
/// Maximum length of a heading that is recognized by bold text, in characters.
const MAX_BOLD_HEADING_CHARS: usize = 120;
/// Heading level of a bold line that counts as a heading.
const BOLD_HEADING_LEVEL: u8 = 2;

/// A completely read paragraph.
#[derive(Debug)]
struct Paragraph {
    kind: BlockKind,
    text: String,
    /// Whether the paragraph is a short line in bold only.
    is_bold_line: bool,
}

/// The paragraph that is being read.
#[derive(Debug, Default)]
struct OpenParagraph {
    text: String,
    style: String,
    outline: Option<u8>,
    list: ListPosition,
    /// Whether a tracked change deleted the end of the paragraph, so that the next paragraph
    /// continues it.
    is_joined: bool,
    has_bold: bool,
    has_plain: bool,
    /// Keys of the notes that the paragraph refers to.
    notes: Vec<String>,
    /// Paragraphs of the text boxes inside the paragraph.
    boxes: Vec<Paragraph>,
}

/// An unfinished element that collects paragraphs.
#[derive(Debug)]
enum Container {
    Paragraph(Box<OpenParagraph>),
    /// Cells of a table row, each with its paragraphs.
    Row(Vec<Vec<Paragraph>>),
}

impl Container {
    const fn is_row(&self) -> bool {
        matches!(self, Self::Row(_))
    }
}

/// Paragraphs of each footnote or endnote, by the kind and id of the note.
pub(super) type Notes = BTreeMap<String, Vec<String>>;

/// Reads the XML events of a component with text: the main text, the footnotes or the endnotes.
#[derive(Debug)]
pub(super) struct BodyReader<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    notes: Notes,
    paragraphs: Vec<Paragraph>,
    open: Vec<Container>,
    /// Number of unclosed elements, counted from the outermost skipped element. 0 outside of
    /// skipped elements.
    skip_depth: usize,
    context: Context,
    /// Text of paragraphs whose end a tracked change deleted. The next paragraph begins with this
    /// text.
    carried: String,
}

/// State inside the current paragraph: the unclosed elements, and the look of the current run of
/// text.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each follows an element of its own")]
struct Context {
    in_paragraph_properties: bool,
    in_run_properties: bool,
    in_text: bool,
    is_hidden: bool,
    is_bold: bool,
}

impl<'a> BodyReader<'a> {
    pub(super) fn new(styles: &'a Styles, numbering: Numbering, notes: Notes) -> Self {
        Self {
            styles,
            numbering,
            notes,
            paragraphs: Vec::new(),
            open: Vec::new(),
            skip_depth: 0,
            context: Context::default(),
            carried: String::new(),
        }
    }

    pub(super) fn event(&mut self, event: XmlEvent<'_>) {
        match event {
            XmlEvent::Open(..) if self.skip_depth > 0 => self.skip_depth += 1,
            XmlEvent::Close(_) if self.skip_depth > 0 => self.skip_depth -= 1,
            XmlEvent::Text(_) if self.skip_depth > 0 => {}
            XmlEvent::Open(name, attributes) => self.open(name, &attributes),
            XmlEvent::Close(name) => self.close(name),
            XmlEvent::Text(text) if self.context.in_text => self.add_text(text),
            XmlEvent::Text(_) => {}
        }
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            // In the properties of a paragraph, this element states that the end of the paragraph
            // was deleted.
            "del" | "moveFrom" if self.context.in_run_properties => {
                if self.context.in_paragraph_properties
                    && let Some(paragraph) = self.open_paragraph()
                {
                    paragraph.is_joined = true;
                }
                self.skip_depth = 1;
            }
            _ if SKIPPED_ELEMENTS.contains(&name) => self.skip_depth = 1,
            "p" => {
                let text = mem::take(&mut self.carried);
                let paragraph = OpenParagraph { text, ..OpenParagraph::default() };
                self.open.push(Container::Paragraph(Box::new(paragraph)));
                self.context = Context::default();
            }
            "tr" => self.open.push(Container::Row(Vec::new())),
            "tc" => {
                if let Some(Container::Row(cells)) = self.open.last_mut() {
                    cells.push(Vec::new());
                }
            }
            "pPr" => self.context.in_paragraph_properties = true,
            "rPr" => self.context.in_run_properties = true,
            _ if self.context.in_paragraph_properties => self.set_property(name, attributes),
            _ if self.context.in_run_properties => match name {
                "vanish" => self.context.is_hidden = attributes.is_on(),
                "b" => self.context.is_bold = attributes.is_on(),
                _ => {}
            },
            _ => self.open_in_run(name, attributes),
        }
    }

    fn open_in_run(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "r" => (self.context.is_hidden, self.context.is_bold) = (false, false),
            "t" => self.context.in_text = true,
            "tab" | "ptab" => self.add_text(" "),
            "br" | "cr" => self.add_text("\n"),
            "noBreakHyphen" => self.add_text("-"),
            "footnoteReference" | "endnoteReference" => {
                let kind = name.trim_end_matches("Reference");
                let id = attributes.get("id").unwrap_or_default();
                if let Some(paragraph) = self.open_paragraph() {
                    paragraph.notes.push(note_key(kind, &id));
                }
            }
            _ => {}
        }
    }

    /// Sets a property of the current paragraph from an XML element.
    fn set_property(&mut self, name: &str, attributes: &Attributes<'_>) {
        let Some((value, paragraph)) = attributes.val().zip(self.open_paragraph()) else { return };
        match name {
            "pStyle" => paragraph.style = value,
            "outlineLvl" => paragraph.outline = value.parse().ok(),
            "numId" => paragraph.list.id = Some(value),
            "ilvl" => paragraph.list.level = value.parse().ok(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "t" => self.context.in_text = false,
            "pPr" => self.context.in_paragraph_properties = false,
            "rPr" => self.context.in_run_properties = false,
            "p" => {
                if let Some(Container::Paragraph(paragraph)) = self.open.pop_if(|c| !c.is_row()) {
                    self.close_paragraph(*paragraph);
                }
            }
            "tr" => {
                if let Some(Container::Row(cells)) = self.open.pop_if(|c| c.is_row()) {
                    self.close_row(cells);
                }
            }
            _ => {}
        }
    }

    fn open_paragraph(&mut self) -> Option<&mut OpenParagraph> {
        match self.open.last_mut()? {
            Container::Paragraph(paragraph) => Some(paragraph),
            Container::Row(_) => None,
        }
    }

    fn add_text(&mut self, text: &str) {
        let (is_hidden, is_bold) = (self.context.is_hidden, self.context.is_bold);
        let Some(paragraph) = self.open_paragraph().filter(|_| !is_hidden) else { return };
        paragraph.text.push_str(text);
        if !text.trim().is_empty() {
            paragraph.has_bold |= is_bold;
            paragraph.has_plain |= !is_bold;
        }
    }

    /// Adds a finished paragraph, its text boxes, and the notes that the paragraph refers to, in
    /// this order.
    fn close_paragraph(&mut self, open: OpenParagraph) {
        let is_bold_line = open.has_bold && !open.has_plain && is_heading_line(&open.text);
        if open.is_joined {
            self.carried = open.text;
        } else {
            let role = open.outline.map_or_else(|| self.styles.role(&open.style), outline_role);
            let list = open.list.or(self.styles.list_position(&open.style));
            let number = self.numbering.next_label(&list);
            let kind = match role {
                Role::Title => BlockKind::Title,
                Role::Heading(level) => BlockKind::Heading(level),
                Role::Contents | Role::Text => BlockKind::Paragraph,
            };
            if role != Role::Contents && !open.text.trim().is_empty() {
                self.add(Paragraph { kind, text: number + &open.text, is_bold_line });
            }
        }
        for paragraph in open.boxes {
            self.add(paragraph);
        }
        let notes: Vec<String> =
            open.notes.iter().filter_map(|key| self.notes.remove(key)).flatten().collect();
        for text in notes {
            self.add(Paragraph { kind: BlockKind::Paragraph, text, is_bold_line: false });
        }
    }

    /// Adds a paragraph to the current cell or text box, or to the document outside of both.
    fn add(&mut self, paragraph: Paragraph) {
        match self.open.last_mut() {
            Some(Container::Paragraph(outer)) => outer.boxes.push(paragraph),
            Some(Container::Row(cells)) => match cells.last_mut() {
                Some(cell) => cell.push(paragraph),
                None => cells.push(vec![paragraph]),
            },
            None => self.paragraphs.push(paragraph),
        }
    }

    /// Adds a table row as one paragraph. If the row lays out the page or contains headings, adds
    /// its paragraphs one by one.
    fn close_row(&mut self, cells: Vec<Vec<Paragraph>>) {
        let chars: usize = cells.iter().flatten().map(|p| p.text.chars().count()).sum();
        let is_layout = cells.iter().any(|cell| cell.len() > 1) && chars > MAX_ROW_CHARS;
        let has_heading = cells.iter().flatten().any(|p| p.kind != BlockKind::Paragraph);
        if is_layout || has_heading {
            for paragraph in cells.into_iter().flatten() {
                self.add(paragraph);
            }
            return;
        }
        let cell_text = |cell: &Vec<Paragraph>| {
            cell.iter().flat_map(|p| p.text.split_whitespace()).collect::<Vec<_>>().join(" ")
        };
        let texts: Vec<String> =
            cells.iter().map(cell_text).filter(|text| !text.is_empty()).collect();
        let text = texts.join(" | ");
        self.add(Paragraph { kind: BlockKind::Paragraph, text, is_bold_line: false });
    }

    /// Returns the document. `stated_title` is the title in the properties of the file.
    pub(super) fn into_document(mut self, id: &str, stated_title: Option<String>) -> Document {
        let text = mem::take(&mut self.carried);
        self.add(Paragraph { kind: BlockKind::Paragraph, text, is_bold_line: false });
        let has_styled_headings =
            self.paragraphs.iter().any(|p| matches!(p.kind, BlockKind::Heading(_)));
        let mut blocks = BlockBuilder::default();
        let mut paragraphs = self.paragraphs.iter().peekable();
        let mut bold_lines = 0;
        while let Some(Paragraph { kind, text, is_bold_line }) = paragraphs.next() {
            // If no style marks headings, a bold line before a paragraph that is not bold is a
            // heading. The third and later bold lines in a row are an address or emphasis.
            bold_lines = if *is_bold_line { bold_lines + 1 } else { 0 };
            let is_bold_heading = (1..3).contains(&bold_lines)
                && !has_styled_headings
                && paragraphs.peek().is_some_and(|next| !next.is_bold_line);
            let kind = match kind {
                BlockKind::Paragraph if is_bold_heading => BlockKind::Heading(BOLD_HEADING_LEVEL),
                kind => *kind,
            };
            blocks.add_block(kind, text);
        }
        blocks.into_document(id, stated_title)
    }
}

/// Returns whether a bold line is short, has letters and does not end a sentence.
fn is_heading_line(text: &str) -> bool {
    let line = text.trim();
    line.chars().count() <= MAX_BOLD_HEADING_CHARS
        && line.chars().any(char::is_alphabetic)
        && !line.ends_with(SENTENCE_ENDS)
        && !line.ends_with([',', '，'])
}

fn note_key(kind: &str, id: &str) -> String {
    format!("{kind} {id}")
}

/// Reads the notes of the footnote or endnote component.
pub(super) fn read_notes(xml: &[u8], styles: &Styles) -> Result<Notes, String> {
    let mut notes = Notes::new();
    let mut open: Option<(String, BodyReader<'_>)> = None;
    walk(xml, |event| match (&event, &mut open) {
        (XmlEvent::Open(kind @ ("footnote" | "endnote"), attributes), None) => {
            let key = note_key(kind, &attributes.get("id").unwrap_or_default());
            open = Some((key, BodyReader::new(styles, Numbering::default(), Notes::new())));
        }
        (XmlEvent::Close("footnote" | "endnote"), Some(_)) => {
            if let Some((key, body)) = open.take() {
                notes.insert(key, body.paragraphs.into_iter().map(|p| p.text).collect());
            }
        }
        (_, Some((_, body))) => body.event(event),
        (_, None) => {}
    })?;
    Ok(notes)
}
