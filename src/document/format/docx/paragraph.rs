//! Paragraphs of a Word file while they are read.

use super::numbering::ListPosition;
use crate::{
    document::{
        format::{
            merged_cells::{RowSpan, TableCell},
            xml::Attributes,
        },
        model::BlockKind,
    },
    script::SENTENCE_ENDS,
};

/// Maximum length, in characters, of a bold line that counts as a heading.
const MAX_BOLD_HEADING_CHARS: usize = 120;

/// A paragraph that has been read completely.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    /// Whether the paragraph is short and entirely in bold. Such a paragraph may be a heading.
    pub(super) is_bold_line: bool,
}

/// The paragraph that is being read.
#[derive(Debug, Default)]
pub(super) struct OpenParagraph {
    pub(super) text: String,
    /// Id of the paragraph style.
    pub(super) style_id: String,
    /// Outline level, from 0 (outermost). `None` if the paragraph itself states none.
    pub(super) outline_level: Option<u8>,
    /// Position of the paragraph in a list.
    pub(super) list: ListPosition,
    /// Whether a tracked change deleted the paragraph mark. The next paragraph then continues this paragraph.
    pub(super) continues_in_next_paragraph: bool,
    pub(super) has_bold_text: bool,
    /// Whether the paragraph has text that is not bold.
    pub(super) has_non_bold_text: bool,
    /// Keys of the notes to which the paragraph refers.
    pub(super) note_keys: Vec<String>,
    /// Paragraphs of the text boxes inside the paragraph.
    pub(super) text_box_paragraphs: Vec<Paragraph>,
}

/// A table row that is being read.
#[derive(Debug, Default)]
pub(super) struct OpenRow {
    pub(super) cells: Vec<OpenCell>,
    /// Number of columns that the row leaves empty before its first cell.
    pub(super) columns_before: u32,
    /// Whether the file marks the row as a header row.
    pub(super) is_header: bool,
}

impl OpenRow {
    /// Begins a cell, or sets a property of the row or of its last cell, from the XML element `name`.
    pub(super) fn open_element(&mut self, name: &str, attributes: &Attributes<'_>) {
        let value = attributes.val();
        let number = value.as_deref().and_then(|value| value.parse().ok());
        match name {
            "tc" => self.cells.push(OpenCell::default()),
            "gridBefore" => self.columns_before = number.unwrap_or_default(),
            "tblHeader" => self.is_header = attributes.sets_property_to_true(),
            _ => {
                let Some(cell) = self.cells.last_mut() else { return };
                match name {
                    "gridSpan" => cell.column_span = number.unwrap_or(1),
                    "vMerge" if value.as_deref() == Some("restart") => {
                        cell.row_span = RowSpan::Open;
                    }
                    "vMerge" => cell.row_span = RowSpan::Continued,
                    _ => {}
                }
            }
        }
    }
}

impl OpenCell {
    /// Returns the cell with its text on one line.
    pub(super) fn to_table_cell(&self, is_header: bool) -> TableCell<String> {
        let words = self.paragraphs.iter().flat_map(|p| p.text.split_whitespace());
        let text = words.collect::<Vec<_>>().join(" ");
        let cell = TableCell::new(text.clone(), &text);
        cell.spanning(self.column_span, self.row_span).marked_as_header(is_header)
    }
}

/// A table cell that is being read.
#[derive(Debug)]
pub(super) struct OpenCell {
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) column_span: u32,
    pub(super) row_span: RowSpan,
}

impl Default for OpenCell {
    fn default() -> Self {
        Self { paragraphs: Vec::new(), column_span: 1, row_span: RowSpan::Rows(1) }
    }
}

/// An open element that contains paragraphs: a table row, or a paragraph with text boxes.
#[derive(Debug)]
pub(super) enum ParagraphContainer {
    Paragraph(Box<OpenParagraph>),
    Row(OpenRow),
}

impl ParagraphContainer {
    pub(super) const fn is_table_row(&self) -> bool {
        matches!(self, Self::Row(_))
    }
}

/// State inside the current paragraph: which elements are open, and the format of the current text
/// run.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each follows an element of its own")]
pub(super) struct ParagraphContext {
    /// Whether the reader is inside of the properties of the paragraph (`pPr`).
    pub(super) is_in_paragraph_properties: bool,
    /// Whether the reader is inside of the properties of a text run (`rPr`).
    pub(super) is_in_run_properties: bool,
    /// Whether the reader is inside of a text element (`t`).
    pub(super) is_in_text_element: bool,
    /// Whether the reader is inside of the instruction of a field (`instrText`).
    pub(super) is_in_instruction_element: bool,
    /// Whether the text run is hidden.
    pub(super) is_hidden: bool,
    /// Whether the text run is bold.
    pub(super) is_bold: bool,
    /// Whether the text is a superscript.
    pub(super) is_superscript: bool,
}

/// Returns whether a bold line is short, has letters and does not end a sentence.
pub(super) fn may_be_heading_line(text: &str) -> bool {
    let line = text.trim();
    line.chars().count() <= MAX_BOLD_HEADING_CHARS
        && line.chars().any(char::is_alphabetic)
        && !line.ends_with(SENTENCE_ENDS)
        && !line.ends_with([',', '，'])
}
