//! Joins the lines of a paragraph, and removes the hyphens that split words at line ends.

use std::collections::BTreeSet;

use super::{line::Line, paragraph::Paragraph, rows::ParagraphRow};
use crate::script::is_spaceless;

/// A document regularly hyphenates words if more than one in this number of lines ends with a hyphenated word.
const MAX_LINES_PER_HYPHENATED_LINE: usize = 40;

/// Joiner of the lines of paragraphs. Uses the words and the hyphenation of the whole document to remove hyphens.
pub(super) struct LineJoiner {
    /// Words that occur in the document, in lower case.
    words: BTreeSet<String>,
    /// Whether the document regularly hyphenates words at line ends.
    is_hyphenated: bool,
}

/// Text of joined lines, and the pages on which the lines are.
#[derive(Default)]
pub(super) struct JoinedText {
    pub(super) text: String,
    /// Pages that contain a line of the text, as pairs of page index and text offset at which the
    /// page begins.
    pub(super) page_indexes_and_offsets: Vec<(usize, usize)>,
}

/// Separator between two joined lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineSeparator {
    None,
    Space,
    /// No separator. The hyphen at the end of the first line is removed.
    Dehyphenated,
}

impl LineJoiner {
    pub(super) fn new(lines: &[Line]) -> Self {
        let words = lines
            .iter()
            .flat_map(|line| words_with_hyphens(&line.text))
            .map(str::to_lowercase)
            .collect();
        let hyphenated_lines = lines.windows(2).filter(|pair| match pair {
            [line, next] => may_be_hyphenated(&line.text, &next.text),
            _ => false,
        });
        let is_hyphenated = hyphenated_lines.count() * MAX_LINES_PER_HYPHENATED_LINE > lines.len();
        Self { words, is_hyphenated }
    }

    /// Joins the cells of a table row into one text.
    pub(super) fn join_cells_of_row(&self, row: &ParagraphRow<'_>) -> JoinedText {
        let mut row_text = JoinedText::default();
        let mut is_after_label = true;
        for cell in &row.cells {
            if !row_text.text.is_empty() {
                row_text.text.push_str(if is_after_label { " " } else { " | " });
            }
            for (index, paragraph) in cell.iter().enumerate() {
                let paragraph_text = self.join_paragraph(paragraph);
                row_text.text.push_str(if index > 0 { " " } else { "" });
                let paragraph_start = row_text.text.len();
                let page_indexes_and_offsets = paragraph_text.page_indexes_and_offsets.into_iter();
                row_text.page_indexes_and_offsets.extend(
                    page_indexes_and_offsets.map(|(page, offset)| (page, paragraph_start + offset)),
                );
                row_text.text.push_str(&paragraph_text.text);
            }
            is_after_label = cell.iter().all(|paragraph| paragraph.is_item_label());
        }
        row_text
    }

    fn join_paragraph(&self, paragraph: &Paragraph) -> JoinedText {
        let mut text = String::new();
        let mut page_indexes_and_offsets: Vec<(usize, usize)> = Vec::new();
        for line in &paragraph.lines {
            match self.separator_between_lines(&text, &line.text) {
                LineSeparator::None => {}
                LineSeparator::Space => text.push(' '),
                LineSeparator::Dehyphenated => drop(text.pop()),
            }
            if page_indexes_and_offsets.last().is_none_or(|(page, _)| *page != line.page) {
                page_indexes_and_offsets.push((line.page, text.len()));
            }
            text.push_str(&line.text);
        }
        JoinedText { text: text.replace('\u{AD}', "-"), page_indexes_and_offsets }
    }

    /// Returns the separator between the text before a line end and the next line.
    fn separator_between_lines(&self, before: &str, after: &str) -> LineSeparator {
        let (Some(last_char), Some(first_char)) =
            (before.chars().next_back(), after.chars().next())
        else {
            return LineSeparator::None;
        };
        if last_char == '\u{AD}' {
            return LineSeparator::Dehyphenated;
        }
        if may_be_hyphenated(before, after) {
            let word_start = words_with_hyphens(before)
                .last()
                .unwrap_or_default()
                .trim_end_matches('-')
                .to_lowercase();
            let word_end = words_with_hyphens(after).next().unwrap_or_default().to_lowercase();
            return if self.words.contains(&format!("{word_start}{word_end}")) {
                LineSeparator::Dehyphenated
            } else if self.words.contains(&format!("{word_start}-{word_end}")) {
                LineSeparator::None
            } else if self.is_hyphenated {
                LineSeparator::Dehyphenated
            } else {
                LineSeparator::None
            };
        }
        if is_spaceless(last_char)
            || is_spaceless(first_char)
            || (last_char == '-' && first_char.is_alphanumeric())
        {
            return LineSeparator::None;
        }
        LineSeparator::Space
    }
}

/// Returns the words of a text. A word includes its hyphens and apostrophes.
fn words_with_hyphens(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '’' || c == '\''));
    words.filter(|word| !word.is_empty())
}

/// Returns whether the line end between `before` and `after` may hyphenate a word: `before` ends with a letter and a
/// hyphen, and the next line `after` begins with a lower-case letter.
fn may_be_hyphenated(before: &str, after: &str) -> bool {
    let mut reversed_chars = before.chars().rev();
    matches!(reversed_chars.next(), Some('-' | '‐'))
        && reversed_chars.next().is_some_and(char::is_alphabetic)
        && after.starts_with(char::is_lowercase)
}
