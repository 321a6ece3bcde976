//! Joins the lines of a paragraph, and removes the hyphens of words that are hyphenated at a line
//! end.

use std::collections::BTreeSet;

use super::{lines::Line, paragraph::Paragraph, rows::ParagraphRow};
use crate::script::is_spaceless;

/// A document hyphenates its words if more than one line in this many lines ends with a
/// hyphenation.
const LINES_PER_HYPHENATION: usize = 40;

/// Joins lines, using the words and the hyphenation of the whole document.
pub(super) struct LineJoiner {
    /// Words that occur in the document, in lower case.
    words: BTreeSet<String>,
    /// Whether the document regularly hyphenates words at line ends.
    is_hyphenated: bool,
}

/// Text of joined lines, with the pages that it covers.
#[derive(Default)]
pub(super) struct JoinedText {
    pub(super) text: String,
    /// Index of each page that contains some of the text, with the offset in the text at which the
    /// page begins.
    pub(super) page_offsets: Vec<(usize, usize)>,
}

/// Separator between two joined lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    None,
    Space,
    /// No separator. The hyphen at the end of the first line is removed.
    Dehyphenated,
}

impl LineJoiner {
    pub(super) fn new(lines: &[Line]) -> Self {
        let words =
            lines.iter().flat_map(|line| words(&line.text)).map(str::to_lowercase).collect();
        let hyphenations = lines.windows(2).filter(|pair| match pair {
            [line, next] => is_hyphenation(&line.text, &next.text),
            _ => false,
        });
        let is_hyphenated = hyphenations.count() * LINES_PER_HYPHENATION > lines.len();
        Self { words, is_hyphenated }
    }

    /// Joins the text of a table row, cell by cell.
    pub(super) fn join_row(&self, row: &ParagraphRow<'_>) -> JoinedText {
        let mut row_text = JoinedText::default();
        let mut is_after_label = true;
        for cell in &row.cells {
            if !row_text.text.is_empty() {
                row_text.text.push_str(if is_after_label { " " } else { " | " });
            }
            for (index, paragraph) in cell.iter().enumerate() {
                let joined = self.join_paragraph(paragraph);
                row_text.text.push_str(if index > 0 { " " } else { "" });
                let start = row_text.text.len();
                let offsets = joined.page_offsets.into_iter();
                row_text.page_offsets.extend(offsets.map(|(page, offset)| (page, start + offset)));
                row_text.text.push_str(&joined.text);
            }
            is_after_label = cell.iter().all(|paragraph| paragraph.is_item_label());
        }
        row_text
    }

    fn join_paragraph(&self, paragraph: &Paragraph) -> JoinedText {
        let mut text = String::new();
        let mut page_offsets: Vec<(usize, usize)> = Vec::new();
        for line in &paragraph.lines {
            match self.joint(&text, &line.text) {
                Joint::None => {}
                Joint::Space => text.push(' '),
                Joint::Dehyphenated => drop(text.pop()),
            }
            if page_offsets.last().is_none_or(|(page, _)| *page != line.page) {
                page_offsets.push((line.page, text.len()));
            }
            text.push_str(&line.text);
        }
        JoinedText { text: text.replace('\u{AD}', "-"), page_offsets }
    }

    /// Returns the separator between the text before a line end and the next line.
    fn joint(&self, before: &str, after: &str) -> Joint {
        let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
            return Joint::None;
        };
        if last == '\u{AD}' {
            return Joint::Dehyphenated;
        }
        if is_hyphenation(before, after) {
            let head =
                words(before).last().unwrap_or_default().trim_end_matches('-').to_lowercase();
            let tail = words(after).next().unwrap_or_default().to_lowercase();
            return if self.words.contains(&format!("{head}{tail}")) {
                Joint::Dehyphenated
            } else if self.words.contains(&format!("{head}-{tail}")) {
                Joint::None
            } else if self.is_hyphenated {
                Joint::Dehyphenated
            } else {
                Joint::None
            };
        }
        if is_spaceless(last) || is_spaceless(first) || (last == '-' && first.is_alphanumeric()) {
            return Joint::None;
        }
        Joint::Space
    }
}

/// Returns the words of a text. A word includes its hyphens and apostrophes.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '’' || c == '\''));
    words.filter(|word| !word.is_empty())
}

/// Returns whether a line may end inside a word, which means a letter and a hyphen at its end and a
/// lower-case letter after it.
fn is_hyphenation(before: &str, after: &str) -> bool {
    let mut reversed = before.chars().rev();
    matches!(reversed.next(), Some('-' | '‐'))
        && reversed.next().is_some_and(char::is_alphabetic)
        && after.starts_with(char::is_lowercase)
}
