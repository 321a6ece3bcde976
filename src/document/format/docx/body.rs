//! The main part of a Word file, piece by piece → blocks.

use std::collections::BTreeMap;

use super::{
    number::{Numbering, Place},
    style::{Role, Styles, outlined},
};
use crate::document::{
    BlockKind, Document,
    blocks::BlockBuilder,
    format::xml::{Attributes, Piece, walk},
};

/// What was there before a change that somebody tracked, what stands there twice for older programs,
/// and properties as they were.
const LEFT_OUT: [&str; 9] = [
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
/// A row of a table with more text than this lays out a page: its paragraphs stay apart.
const ROW_CHARS: usize = 1_000;
/// A longer line in bold letters is a paragraph.
const BOLD_CHARS: usize = 120;

/// A paragraph that is complete.
#[derive(Debug)]
struct Made {
    kind: BlockKind,
    text: String,
    /// A short line with nothing but bold letters.
    bold: bool,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    style: String,
    outline: Option<u8>,
    place: Place,
    /// Its end was deleted: what comes next goes on with it.
    joined: bool,
    bold: bool,
    plain: bool,
    notes: Vec<String>,
    /// What stands in text boxes that hang on it.
    boxes: Vec<Made>,
}

/// What is open around the piece at hand.
#[derive(Debug)]
enum Frame {
    Paragraph(Box<Paragraph>),
    /// A row of a table: its cells.
    Row(Vec<Vec<Made>>),
}

/// The notes of a file, by kind and id: their paragraphs.
pub(super) type Notes = BTreeMap<String, Vec<String>>;

/// Reads the text of a Word file.
#[derive(Debug)]
pub(super) struct Body<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    notes: Notes,
    made: Vec<Made>,
    open: Vec<Frame>,
    /// How deep within something that is left out.
    skipped: usize,
    within: Within,
    /// The text before a paragraph end that was deleted.
    carried: String,
}

/// Where the piece at hand stands in its paragraph.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is told by an element of its own")]
struct Within {
    paragraph_properties: bool,
    run_properties: bool,
    text: bool,
    hidden: bool,
    bold: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(styles: &'a Styles, numbering: Numbering, notes: Notes) -> Self {
        Self {
            styles,
            numbering,
            notes,
            made: Vec::new(),
            open: Vec::new(),
            skipped: 0,
            within: Within::default(),
            carried: String::new(),
        }
    }

    pub(super) fn piece(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Open(..) if self.skipped > 0 => self.skipped += 1,
            Piece::Close(_) if self.skipped > 0 => self.skipped -= 1,
            Piece::Text(_) if self.skipped > 0 => {}
            Piece::Open(name, attributes) => self.opened(name, &attributes),
            Piece::Close(name) => self.closed(name),
            Piece::Text(text) if self.within.text => self.say(text),
            Piece::Text(_) => {}
        }
    }

    fn opened(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            // In the properties of a paragraph it tells that its end was deleted.
            "del" | "moveFrom" if self.within.run_properties => {
                if self.within.paragraph_properties
                    && let Some(paragraph) = self.paragraph()
                {
                    paragraph.joined = true;
                }
                self.skipped = 1;
            }
            _ if LEFT_OUT.contains(&name) => self.skipped = 1,
            "p" => {
                let text = std::mem::take(&mut self.carried);
                self.open
                    .push(Frame::Paragraph(Box::new(Paragraph { text, ..Paragraph::default() })));
                self.within = Within::default();
            }
            "tr" => self.open.push(Frame::Row(Vec::new())),
            "tc" => {
                if let Some(Frame::Row(cells)) = self.open.last_mut() {
                    cells.push(Vec::new());
                }
            }
            "pPr" => self.within.paragraph_properties = true,
            "rPr" => self.within.run_properties = true,
            _ if self.within.paragraph_properties => self.paragraph_property(name, attributes),
            _ if self.within.run_properties => match name {
                "vanish" => self.within.hidden = attributes.is_on(),
                "b" => self.within.bold = attributes.is_on(),
                _ => {}
            },
            _ => self.in_run(name, attributes),
        }
    }

    fn in_run(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "r" => (self.within.hidden, self.within.bold) = (false, false),
            "t" => self.within.text = true,
            "tab" | "ptab" => self.say(" "),
            "br" | "cr" => self.say("\n"),
            "noBreakHyphen" => self.say("-"),
            "footnoteReference" | "endnoteReference" => {
                let kind = name.trim_end_matches("Reference");
                let id = attributes.get("id").unwrap_or_default();
                if let Some(paragraph) = self.paragraph() {
                    paragraph.notes.push(format!("{kind} {id}"));
                }
            }
            _ => {}
        }
    }

    fn paragraph_property(&mut self, name: &str, attributes: &Attributes<'_>) {
        let Some((value, paragraph)) = attributes.val().zip(self.paragraph()) else { return };
        match name {
            "pStyle" => paragraph.style = value,
            "outlineLvl" => paragraph.outline = value.parse().ok(),
            "numId" => paragraph.place.list = Some(value),
            "ilvl" => paragraph.place.level = value.parse().ok(),
            _ => {}
        }
    }

    fn closed(&mut self, name: &str) {
        match name {
            "t" => self.within.text = false,
            "pPr" => self.within.paragraph_properties = false,
            "rPr" => self.within.run_properties = false,
            "p" => {
                if let Some(Frame::Paragraph(paragraph)) = self.open.pop_if(|f| !f.is_row()) {
                    self.end_paragraph(*paragraph);
                }
            }
            "tr" => {
                if let Some(Frame::Row(cells)) = self.open.pop_if(|f| f.is_row()) {
                    self.end_row(cells);
                }
            }
            _ => {}
        }
    }

    fn paragraph(&mut self) -> Option<&mut Paragraph> {
        match self.open.last_mut()? {
            Frame::Paragraph(paragraph) => Some(paragraph),
            Frame::Row(_) => None,
        }
    }

    fn say(&mut self, text: &str) {
        let (hidden, bold) = (self.within.hidden, self.within.bold);
        let Some(paragraph) = self.paragraph().filter(|_| !hidden) else { return };
        paragraph.text.push_str(text);
        if !text.trim().is_empty() {
            paragraph.bold |= bold;
            paragraph.plain |= !bold;
        }
    }

    fn end_paragraph(&mut self, paragraph: Paragraph) {
        let Paragraph { text, style, outline, place, joined, bold, plain, notes, boxes } =
            paragraph;
        if joined {
            self.carried = text;
        } else {
            let role = outline.map_or_else(|| self.styles.role(&style), outlined);
            let number = self.numbering.next(&place.or(self.styles.list(&style)));
            let kind = match role {
                Role::Title => BlockKind::Title,
                Role::Heading(level) => BlockKind::Heading(level),
                Role::Contents | Role::Text => BlockKind::Paragraph,
            };
            if role != Role::Contents && !text.trim().is_empty() {
                let bold = bold && !plain && is_short_line(&text);
                self.put(Made { kind, text: number + &text, bold });
            }
        }
        for made in boxes {
            self.put(made);
        }
        for text in
            notes.iter().filter_map(|id| self.notes.remove(id)).flatten().collect::<Vec<_>>()
        {
            self.put(Made { kind: BlockKind::Paragraph, text, bold: false });
        }
    }

    /// Puts a paragraph where it belongs: into the cell or the text box that is open, or into the text.
    fn put(&mut self, made: Made) {
        match self.open.last_mut() {
            Some(Frame::Paragraph(paragraph)) => paragraph.boxes.push(made),
            Some(Frame::Row(cells)) => match cells.last_mut() {
                Some(cell) => cell.push(made),
                None => cells.push(vec![made]),
            },
            None => self.made.push(made),
        }
    }

    fn end_row(&mut self, cells: Vec<Vec<Made>>) {
        let chars: usize = cells.iter().flatten().map(|made| made.text.chars().count()).sum();
        let paragraphs = cells.iter().any(|cell| cell.len() > 1) && chars > ROW_CHARS;
        let headed = cells.iter().flatten().any(|made| made.kind != BlockKind::Paragraph);
        if paragraphs || headed {
            for made in cells.into_iter().flatten() {
                self.put(made);
            }
            return;
        }
        let joined = |cell: &Vec<Made>| {
            cell.iter().flat_map(|made| made.text.split_whitespace()).collect::<Vec<_>>().join(" ")
        };
        let filled: Vec<String> =
            cells.iter().map(joined).filter(|cell| !cell.is_empty()).collect();
        let text = filled.join(" | ");
        self.put(Made { kind: BlockKind::Paragraph, text, bold: false });
    }

    /// The document that was read, and the title that its properties state.
    pub(super) fn document(mut self, id: &str, stated: Option<String>) -> Document {
        let carried = std::mem::take(&mut self.carried);
        self.put(Made { kind: BlockKind::Paragraph, text: carried, bold: false });
        let styled = self.made.iter().any(|made| matches!(made.kind, BlockKind::Heading(_)));
        let mut blocks = BlockBuilder::default();
        let mut made = self.made.iter().peekable();
        let mut bold_lines = 0;
        while let Some(Made { kind, text, bold }) = made.next() {
            // Where no style says what is a heading, a bold line above a paragraph looks like one, but
            // not the last of several: that is an address, or emphasis.
            bold_lines = if *bold { bold_lines + 1 } else { 0 };
            let heads = (1..3).contains(&bold_lines)
                && !styled
                && made.peek().is_some_and(|next| !next.bold);
            let kind = match kind {
                BlockKind::Paragraph if heads => BlockKind::Heading(2),
                kind => *kind,
            };
            blocks.add_block(kind, text);
        }
        blocks.into_document(id, stated)
    }
}

impl Frame {
    const fn is_row(&self) -> bool {
        matches!(self, Self::Row(_))
    }
}

fn is_short_line(text: &str) -> bool {
    let line = text.trim();
    line.chars().count() <= BOLD_CHARS
        && line.chars().any(char::is_alphabetic)
        && !line.ends_with(['.', '!', '?', '。', '！', '？', '；', ';', '，', ','])
}

/// The paragraphs of a part with footnotes or endnotes, by kind and id.
pub(super) fn notes(xml: &[u8], styles: &Styles) -> Result<Notes, String> {
    let mut notes = Notes::new();
    let mut open: Option<(String, Body<'_>)> = None;
    walk(xml, |piece| match (&piece, &mut open) {
        (Piece::Open(kind @ ("footnote" | "endnote"), attributes), None) => {
            let key = format!("{kind} {}", attributes.get("id").unwrap_or_default());
            open = Some((key, Body::new(styles, Numbering::default(), Notes::new())));
        }
        (Piece::Close("footnote" | "endnote"), Some(_)) => {
            if let Some((key, body)) = open.take() {
                notes.insert(key, body.made.into_iter().map(|made| made.text).collect());
            }
        }
        (_, Some((_, body))) => body.piece(piece),
        (_, None) => {}
    })?;
    Ok(notes)
}
