//! Paragraphs of a Word file while they are read.

use super::numbering::ListPosition;
use crate::{document::model::BlockKind, script::SENTENCE_ENDS};

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
    pub(super) style: String,
    /// Outline level, from 0 (outermost). `None` if the paragraph itself states none.
    pub(super) outline_level: Option<u8>,
    /// Position of the paragraph in a list.
    pub(super) list: ListPosition,
    /// Whether a tracked change deleted the paragraph mark. The next paragraph then continues this paragraph.
    pub(super) is_joined_to_next: bool,
    pub(super) has_bold_text: bool,
    /// Whether the paragraph has text that is not bold.
    pub(super) has_plain_text: bool,
    /// Keys of the notes to which the paragraph refers.
    pub(super) note_keys: Vec<String>,
    /// Paragraphs of the text boxes inside the paragraph.
    pub(super) text_box_paragraphs: Vec<Paragraph>,
}

/// An open element that contains paragraphs: a table row, or a paragraph with text boxes.
#[derive(Debug)]
pub(super) enum ParagraphContainer {
    Paragraph(Box<OpenParagraph>),
    /// Cells of a table row, each with its paragraphs.
    Row(Vec<Vec<Paragraph>>),
}

impl ParagraphContainer {
    pub(super) const fn is_row(&self) -> bool {
        matches!(self, Self::Row(_))
    }
}

/// State inside the current paragraph: which elements are open, and the format of the current text
/// run.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each follows an element of its own")]
pub(super) struct ParagraphContext {
    /// Whether the reader is inside of the properties of the paragraph (`pPr`).
    pub(super) in_paragraph_properties: bool,
    /// Whether the reader is inside of the properties of a text run (`rPr`).
    pub(super) in_run_properties: bool,
    /// Whether the reader is inside of a text element (`t`).
    pub(super) in_text: bool,
    /// Whether the text run is hidden.
    pub(super) is_hidden: bool,
    /// Whether the text run is bold.
    pub(super) is_bold: bool,
    /// Whether the text is a superscript.
    pub(super) is_raised: bool,
}

/// Returns whether a bold line is short, has letters and does not end a sentence.
pub(super) fn is_heading_line(text: &str) -> bool {
    let line = text.trim();
    line.chars().count() <= MAX_BOLD_HEADING_CHARS
        && line.chars().any(char::is_alphabetic)
        && !line.ends_with(SENTENCE_ENDS)
        && !line.ends_with([',', '，'])
}
