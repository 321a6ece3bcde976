//! Converts the XML events of the main document of a Word file (`word/document.xml`) to blocks.
//! List labels precede the text of their paragraph. Notes and text boxes follow the paragraph that
//! refers to them.

use std::{collections::BTreeMap, mem};

use super::{
    numbering::Numbering,
    paragraph::{
        OpenCell, OpenParagraph, OpenRow, Paragraph, ParagraphContainer, ParagraphContext,
        may_be_heading_line,
    },
    parts::WordPartBlocks,
    styles::{ParagraphRole, ParagraphStyles, role_of_outline_level},
};
use crate::document::{
    blocks::BlockBuilder,
    format::{
        drawn_field::OpenFields,
        formula::{FormulaElement, FormulaText, needs_space_before_formula},
        merged_cells::MergedCells,
        raised_text::{RaisedText, superscript},
        symbol_font::character_of_symbol_font,
        xml::{Attributes, XmlEvent},
    },
    left_out::{LeftOut, LeftOutReason},
    model::{BlockKind, Document},
};

/// Paragraph texts of each footnote or endnote. The key is the [`note_key`] of the note.
pub(super) type Notes = BTreeMap<String, Vec<String>>;

/// Returns the key of the note with this kind (`footnote`, `endnote`) and id.
pub(super) fn note_key(kind: &str, id: &str) -> String {
    format!("{kind} {id}")
}

/// Names of elements that are skipped with their content. They hold properties that a tracked change has replaced.
const SKIPPED_ELEMENTS: [&str; 6] =
    ["pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange"];
/// Maximum number of characters of a table row that becomes one block. A longer row with several
/// paragraphs in one cell serves as page layout, so each of its paragraphs becomes a block.
const MAX_CHARS_OF_ROW_IN_ONE_BLOCK: usize = 1_000;
/// Heading level of a bold line that counts as a heading.
const BOLD_HEADING_LEVEL: u8 = 2;

/// Converts the XML events of the main text, or of one note, to paragraphs.
#[derive(Debug)]
pub(super) struct BodyReader<'a> {
    styles: &'a ParagraphStyles,
    numbering: Numbering,
    notes: Notes,
    paragraphs: Vec<Paragraph>,
    /// Open table rows, and open paragraphs with text boxes, outermost first.
    open_containers: Vec<ParagraphContainer>,
    /// Merged cells of each open table, outermost first.
    open_tables: Vec<MergedCells<String>>,
    /// Nesting depth inside skipped elements: 1 in the outermost skipped element, 0 outside of all
    /// skipped elements.
    skip_depth: usize,
    /// Reason why the current skipped element is left out, and its text so far. `None` for an element whose text is not
    /// recorded.
    skipped_text: Option<(LeftOutReason, String)>,
    left_out: Vec<LeftOut>,
    /// Blocks of embedded documents and diagrams, by the id of their relationship.
    embedded_parts: BTreeMap<String, WordPartBlocks>,
    /// Kinds and relationship ids of the headers that the file refers to, in order.
    header_references: Vec<(String, String)>,
    /// Number of bytes of text that were added so far.
    added_bytes: usize,
    /// Value of `added_bytes` at the beginning of each open `AlternateContent` element, outermost first. Such an
    /// element holds the same content for newer and for older programs.
    alternative_starts: Vec<usize>,
    /// Drop-down list that is being read: the index of the chosen entry, and all entries.
    drop_down: Option<(usize, Vec<String>)>,
    fields: OpenFields,
    /// Formula that is being read.
    formula: Option<FormulaText>,
    context: ParagraphContext,
    /// Text of the preceding paragraphs whose paragraph marks a tracked change deleted. The next
    /// paragraph begins with this text.
    text_of_joined_paragraphs: String,
}

impl<'a> BodyReader<'a> {
    pub(super) fn new(
        styles: &'a ParagraphStyles,
        numbering: Numbering,
        notes: Notes,
        embedded_parts: BTreeMap<String, WordPartBlocks>,
    ) -> Self {
        Self {
            styles,
            numbering,
            notes,
            paragraphs: Vec::new(),
            open_containers: Vec::new(),
            open_tables: Vec::new(),
            skip_depth: 0,
            skipped_text: None,
            left_out: Vec::new(),
            embedded_parts,
            header_references: Vec::new(),
            added_bytes: 0,
            alternative_starts: Vec::new(),
            drop_down: None,
            fields: OpenFields::default(),
            formula: None,
            context: ParagraphContext::default(),
            text_of_joined_paragraphs: String::new(),
        }
    }

    pub(super) fn handle_event(&mut self, event: XmlEvent<'_>) {
        match event {
            XmlEvent::Open(..) if self.skip_depth > 0 => self.skip_depth += 1,
            XmlEvent::Close(_) if self.skip_depth > 0 => {
                self.skip_depth -= 1;
                if self.skip_depth == 0
                    && let Some((reason, text)) = self.skipped_text.take()
                {
                    self.left_out.extend(LeftOut::new(&text, reason));
                }
            }
            XmlEvent::Text(text) if self.skip_depth > 0 => {
                if let Some((_, skipped_text)) = &mut self.skipped_text {
                    skipped_text.push_str(text);
                }
            }
            XmlEvent::Open(name, attributes) => self.open_element(name, &attributes),
            XmlEvent::Close(name) => self.close_element(name),
            XmlEvent::Text(text) if self.formula.is_some() => self.add_formula_text(text),
            XmlEvent::Text(text) if self.context.is_in_text_element => self.add_text(text),
            XmlEvent::Text(text) if self.context.is_in_instruction_element => {
                self.fields.add_instruction_text(text);
            }
            XmlEvent::Text(_) => {}
        }
    }

    fn open_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            // In the properties of a paragraph, this element states that a tracked change deleted
            // the paragraph mark.
            "del" | "moveFrom" if self.context.is_in_run_properties => {
                if self.context.is_in_paragraph_properties
                    && let Some(paragraph) = self.current_paragraph()
                {
                    paragraph.continues_in_next_paragraph = true;
                }
                self.skip_element(None);
            }
            "del" | "moveFrom" => self.skip_element(Some(LeftOutReason::Deleted)),
            "rt" => self.skip_element(Some(LeftOutReason::Pronunciation)),
            "oMath" => self.formula.get_or_insert_default().open(FormulaElement::Row),
            _ if self.formula.is_some() => self.open_formula_element(name, attributes),
            "AlternateContent" => self.alternative_starts.push(self.added_bytes),
            // The content for older programs is skipped if the content for newer programs before it has text.
            "Fallback"
                if self
                    .alternative_starts
                    .last()
                    .is_some_and(|start| *start < self.added_bytes) =>
            {
                self.skip_element(None);
            }
            _ if SKIPPED_ELEMENTS.contains(&name) => self.skip_element(None),
            "headerReference" => {
                let kind = attributes.get("type").unwrap_or_default();
                self.header_references.extend(attributes.get("id").map(|id| (kind, id)));
            }
            "altChunk" => self.add_blocks_of_embedded_part(attributes.get("id")),
            "relIds" => self.add_blocks_of_embedded_part(attributes.get("dm")),
            "ddList" => self.drop_down = Some((0, Vec::new())),
            "result" | "listEntry" if self.drop_down.is_some() => {
                self.read_drop_down_entry_or_choice(name, attributes);
            }
            "p" => {
                let text = mem::take(&mut self.text_of_joined_paragraphs);
                let paragraph = OpenParagraph { text, ..OpenParagraph::default() };
                self.open_containers.push(ParagraphContainer::Paragraph(Box::new(paragraph)));
                self.context = ParagraphContext::default();
            }
            "tbl" => self.open_tables.push(MergedCells::default()),
            "tr" => self.open_containers.push(ParagraphContainer::Row(OpenRow::default())),
            "tc" | "gridSpan" | "vMerge" | "gridBefore" | "tblHeader" => {
                if let Some(ParagraphContainer::Row(row)) = self.open_containers.last_mut() {
                    row.open_element(name, attributes);
                }
            }
            "pPr" => self.context.is_in_paragraph_properties = true,
            "rPr" => self.context.is_in_run_properties = true,
            _ if self.context.is_in_paragraph_properties => {
                self.set_paragraph_property(name, attributes);
            }
            _ if self.context.is_in_run_properties => match name {
                "vanish" => self.context.is_hidden = attributes.sets_property_to_true(),
                "b" => self.context.is_bold = attributes.sets_property_to_true(),
                "vertAlign" => {
                    self.context.is_superscript =
                        attributes.val().as_deref() == Some("superscript");
                }
                _ => {}
            },
            _ => self.open_run_element(name, attributes),
        }
    }

    /// Begins an element of the formula, or sets a delimiter of the formula.
    fn open_formula_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        let Some(formula) = &mut self.formula else { return };
        if matches!(name, "begChr" | "endChr") {
            formula.set_delimiter(name == "endChr", attributes.val().unwrap_or_default());
        }
        formula.open(FormulaElement::of_word(name));
    }

    fn add_formula_text(&mut self, text: &str) {
        // Line breaks between elements are no text of the formula.
        if let Some(formula) = self.formula.as_mut().filter(|_| !text.trim_matches('\n').is_empty())
        {
            formula.add_text(text);
        }
    }

    /// Ends an element of the formula. The text of a complete formula becomes text of the paragraph.
    fn close_formula_element(&mut self) {
        let Some(text) = self.formula.as_mut().and_then(FormulaText::close) else { return };
        self.formula = None;
        (self.context.is_hidden, self.context.is_bold) = (false, false);
        self.context.is_superscript = false;
        let paragraph = self.current_paragraph();
        if paragraph.is_some_and(|paragraph| needs_space_before_formula(&paragraph.text, &text)) {
            self.add_text(" ");
        }
        self.add_text(&text);
    }

    /// Skips the current element. Records its text as left out for `reason`, or drops the text if `reason` is `None`.
    fn skip_element(&mut self, reason: Option<LeftOutReason>) {
        self.skip_depth = 1;
        self.skipped_text = reason.map(|reason| (reason, String::new()));
    }

    /// Adds the blocks of an embedded document or diagram. `id` is the id of the relationship that leads to this part
    /// of the file.
    fn add_blocks_of_embedded_part(&mut self, id: Option<String>) {
        let blocks = id.and_then(|id| self.embedded_parts.remove(&id)).unwrap_or_default();
        for (kind, text) in blocks {
            self.added_bytes += text.len();
            self.add_paragraph(Paragraph { kind, text, is_bold_line: false });
        }
    }

    /// Reads an entry of a drop-down list, or the index of the chosen entry.
    fn read_drop_down_entry_or_choice(&mut self, name: &str, attributes: &Attributes<'_>) {
        let Some(((chosen, entries), value)) = self.drop_down.as_mut().zip(attributes.val()) else {
            return;
        };
        match name {
            "result" => *chosen = value.parse().unwrap_or_default(),
            _ => entries.push(value),
        }
    }

    fn open_run_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "r" => {
                (self.context.is_hidden, self.context.is_bold) = (false, false);
                self.context.is_superscript = false;
            }
            "t" => self.context.is_in_text_element = true,
            "instrText" => self.context.is_in_instruction_element = true,
            "fldChar" => match attributes.get("fldCharType").as_deref() {
                Some("begin") => self.fields.begin(),
                Some("separate") => self.fields.begin_result(),
                _ => self.end_field(),
            },
            "tab" | "ptab" => self.add_text(" "),
            "br" | "cr" => self.add_text("\n"),
            "noBreakHyphen" => self.add_text("-"),
            "sym" => {
                let (font, code) = (attributes.get("font"), attributes.get("char"));
                let symbol =
                    character_of_symbol_font(&font.unwrap_or_default(), &code.unwrap_or_default());
                if let Some(symbol) = symbol {
                    self.add_text(symbol.encode_utf8(&mut [0; 4]));
                }
            }
            "footnoteReference" | "endnoteReference" => {
                let kind = name.trim_end_matches("Reference");
                let id = attributes.get("id").unwrap_or_default();
                if let Some(paragraph) = self.current_paragraph() {
                    paragraph.note_keys.push(note_key(kind, &id));
                }
            }
            _ => {}
        }
    }

    /// Ends a field. Adds what a program draws for a field without stored result.
    fn end_field(&mut self) {
        let Some(field) = self.fields.end() else { return };
        self.add_text(&field.text);
        let pronunciations = field.pronunciations.iter();
        self.left_out.extend(
            pronunciations.filter_map(|text| LeftOut::new(text, LeftOutReason::Pronunciation)),
        );
    }

    /// Sets a property of the current paragraph from the XML element `name`.
    fn set_paragraph_property(&mut self, name: &str, attributes: &Attributes<'_>) {
        // A drop capital has a paragraph of its own, whose word the next paragraph continues.
        let is_drop_capital =
            attributes.get("dropCap").is_some_and(|kind| name == "framePr" && kind != "none");
        if let Some(paragraph) = self.current_paragraph().filter(|_| is_drop_capital) {
            paragraph.continues_in_next_paragraph = true;
        }
        let Some((value, paragraph)) = attributes.val().zip(self.current_paragraph()) else {
            return;
        };
        match name {
            "pStyle" => paragraph.style_id = value,
            "outlineLvl" => paragraph.outline_level = value.parse().ok(),
            "numId" => paragraph.list.id = Some(value),
            "ilvl" => paragraph.list.level = value.parse().ok(),
            _ => {}
        }
    }

    fn close_element(&mut self, name: &str) {
        match name {
            _ if self.formula.is_some() => self.close_formula_element(),
            "t" => self.context.is_in_text_element = false,
            "instrText" => self.context.is_in_instruction_element = false,
            "AlternateContent" => drop(self.alternative_starts.pop()),
            "ddList" => {
                let chosen_entry = self
                    .drop_down
                    .take()
                    .and_then(|(chosen, entries)| entries.into_iter().nth(chosen));
                self.add_text(&chosen_entry.unwrap_or_default());
            }
            "pPr" => self.context.is_in_paragraph_properties = false,
            "rPr" => self.context.is_in_run_properties = false,
            "p" => {
                if let Some(ParagraphContainer::Paragraph(paragraph)) =
                    self.open_containers.pop_if(|c| !c.is_table_row())
                {
                    self.close_paragraph(*paragraph);
                }
            }
            "tbl" => drop(self.open_tables.pop()),
            "tr" => {
                if let Some(ParagraphContainer::Row(row)) =
                    self.open_containers.pop_if(|c| c.is_table_row())
                {
                    self.close_row(row);
                }
            }
            _ => {}
        }
    }

    fn current_paragraph(&mut self) -> Option<&mut OpenParagraph> {
        match self.open_containers.last_mut()? {
            ParagraphContainer::Paragraph(paragraph) => Some(paragraph),
            ParagraphContainer::Row(_) => None,
        }
    }

    fn add_text(&mut self, text: &str) {
        let (is_hidden, is_bold) = (self.context.is_hidden, self.context.is_bold);
        if is_hidden {
            self.left_out.extend(LeftOut::new(text, LeftOutReason::Hidden));
            return;
        }
        let is_superscript = self.context.is_superscript;
        let Some(paragraph) = self.current_paragraph() else { return };
        match RaisedText::classify(&paragraph.text, text) {
            RaisedText::NoteMark if is_superscript => {
                self.left_out.extend(LeftOut::new(text, LeftOutReason::NoteMark));
                return;
            }
            RaisedText::Exponent if is_superscript => {
                paragraph.text.extend(text.chars().map(superscript));
            }
            _ => paragraph.text.push_str(text),
        }
        if !text.trim().is_empty() {
            paragraph.has_bold_text |= is_bold;
            paragraph.has_non_bold_text |= !is_bold;
            self.added_bytes += text.len();
        }
    }

    /// Adds a finished paragraph, the paragraphs of its text boxes, and the notes to which it refers, in this order.
    fn close_paragraph(&mut self, open: OpenParagraph) {
        let is_bold_line =
            open.has_bold_text && !open.has_non_bold_text && may_be_heading_line(&open.text);
        if open.continues_in_next_paragraph {
            self.text_of_joined_paragraphs = open.text;
        } else {
            let role = open
                .outline_level
                .map_or_else(|| self.styles.role(&open.style_id), role_of_outline_level);
            let list_position =
                open.list.with_missing_values_from(self.styles.list_position(&open.style_id));
            let list_label = self.numbering.next_list_label(&list_position);
            let kind = match role {
                ParagraphRole::Title => BlockKind::Title,
                ParagraphRole::Heading(level) => BlockKind::Heading(level),
                ParagraphRole::TableOfContentsLine | ParagraphRole::Text => BlockKind::Paragraph,
            };
            if role == ParagraphRole::TableOfContentsLine {
                self.left_out.extend(LeftOut::new(&open.text, LeftOutReason::Contents));
            } else if !open.text.trim().is_empty() {
                self.add_paragraph(Paragraph { kind, text: list_label + &open.text, is_bold_line });
            }
        }
        for paragraph in open.text_box_paragraphs {
            self.add_paragraph(paragraph);
        }
        let note_texts: Vec<String> =
            open.note_keys.iter().filter_map(|key| self.notes.remove(key)).flatten().collect();
        for text in note_texts {
            self.add_paragraph(Paragraph { kind: BlockKind::Paragraph, text, is_bold_line: false });
        }
    }

    /// Adds a paragraph to the current table cell or text box. If neither is open, adds the
    /// paragraph to the document.
    fn add_paragraph(&mut self, paragraph: Paragraph) {
        match self.open_containers.last_mut() {
            Some(ParagraphContainer::Paragraph(outer)) => outer.text_box_paragraphs.push(paragraph),
            Some(ParagraphContainer::Row(row)) => match row.cells.last_mut() {
                Some(cell) => cell.paragraphs.push(paragraph),
                None => {
                    row.cells.push(OpenCell { paragraphs: vec![paragraph], ..OpenCell::default() });
                }
            },
            None => self.paragraphs.push(paragraph),
        }
    }

    /// Adds a table row as one paragraph. If the row serves as page layout or contains headings,
    /// adds each of its paragraphs instead.
    fn close_row(&mut self, row: OpenRow) {
        let paragraphs = || row.cells.iter().flat_map(|cell| &cell.paragraphs);
        let row_chars: usize = paragraphs().map(|p| p.text.chars().count()).sum();
        let has_long_cell = row.cells.iter().any(|cell| cell.paragraphs.len() > 1);
        let is_layout = has_long_cell && row_chars > MAX_CHARS_OF_ROW_IN_ONE_BLOCK;
        let has_heading = paragraphs().any(|p| p.kind != BlockKind::Paragraph);
        let cells = row.cells.iter().map(|cell| cell.to_table_cell(row.is_header)).collect();
        let text = match self.open_tables.last_mut() {
            Some(table) => table.row_text(cells, row.columns_before),
            None => MergedCells::default().row_text(cells, row.columns_before),
        };
        if is_layout || has_heading {
            for paragraph in row.cells.into_iter().flat_map(|cell| cell.paragraphs) {
                self.add_paragraph(paragraph);
            }
        } else {
            self.add_paragraph(Paragraph { kind: BlockKind::Paragraph, text, is_bold_line: false });
        }
    }

    /// Returns the texts of the paragraphs that were read.
    pub(super) fn into_paragraph_texts(self) -> Vec<String> {
        self.paragraphs.into_iter().map(|paragraph| paragraph.text).collect()
    }

    /// Returns the relationship id of the header of the first page: the header for first pages if there is one, else
    /// the header for all pages.
    pub(super) fn first_page_header_id(&self) -> Option<&str> {
        let header_of = |kind: &str| self.header_references.iter().find(|(other, _)| other == kind);
        let header = header_of("first").or_else(|| header_of("default"));
        header.map(|(_, id)| id.as_str())
    }

    /// Returns the document. `stated_title` is the title in the properties of the file.
    pub(super) fn into_document(mut self, id: &str, stated_title: Option<String>) -> Document {
        let text = mem::take(&mut self.text_of_joined_paragraphs);
        self.add_paragraph(Paragraph { kind: BlockKind::Paragraph, text, is_bold_line: false });
        let has_styled_headings =
            self.paragraphs.iter().any(|p| matches!(p.kind, BlockKind::Heading(_)));
        let mut blocks = BlockBuilder::default();
        blocks.left_out = mem::take(&mut self.left_out);
        let mut paragraphs = self.paragraphs.iter().peekable();
        let mut consecutive_bold_lines = 0;
        while let Some(Paragraph { kind, text, is_bold_line }) = paragraphs.next() {
            // If no paragraph has a heading style, the last of one or two consecutive bold lines is
            // a heading. Three or more consecutive bold lines are an address or emphasis.
            consecutive_bold_lines = if *is_bold_line { consecutive_bold_lines + 1 } else { 0 };
            let is_bold_heading = (1..3).contains(&consecutive_bold_lines)
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
