//! The lines of a paragraph → its text, with the words whole that were broken at line ends.

use std::collections::BTreeSet;

use super::{
    lines::{Line, is_han},
    paragraph::Paragraph,
    rows::Row,
};

/// What the whole text tells of words that are broken.
pub(super) struct Joining {
    words: BTreeSet<String>,
    /// Whether words are broken at line ends as a rule.
    hyphenated: bool,
}

impl Joining {
    pub(super) fn of(lines: &[Line]) -> Self {
        let words =
            lines.iter().flat_map(|line| words(&line.text)).map(str::to_lowercase).collect();
        let broken = lines.windows(2).filter(|pair| match pair {
            [line, next] => breaks_word(&line.text, &next.text),
            _ => false,
        });
        Self { words, hyphenated: broken.count() * 40 > lines.len() }
    }

    /// The text of a row, cell by cell, and the pages that it stands on.
    pub(super) fn row(&self, row: &Row<'_>) -> (String, Vec<(usize, usize)>) {
        let mut text = String::new();
        let mut places = Vec::new();
        let mut marked = true;
        for cell in &row.cells {
            if !text.is_empty() {
                text.push_str(if marked { " " } else { " | " });
            }
            for (index, paragraph) in cell.iter().enumerate() {
                let (joined, of) = self.joined(paragraph);
                text.push_str(if index > 0 { " " } else { "" });
                places.extend(of.into_iter().map(|(page, offset)| (page, text.len() + offset)));
                text.push_str(&joined);
            }
            marked = cell.iter().all(|paragraph| paragraph.is_marker());
        }
        (text, places)
    }

    /// The text of a paragraph, and the pages that it stands on with the offset where each begins.
    fn joined(&self, paragraph: &Paragraph) -> (String, Vec<(usize, usize)>) {
        let mut text = String::new();
        let mut places: Vec<(usize, usize)> = Vec::new();
        for line in &paragraph.lines {
            let joint = self.joint(&text, &line.text);
            match joint {
                Joint::None => {}
                Joint::Space => text.push(' '),
                Joint::Healed => drop(text.pop()),
            }
            if places.last().is_none_or(|(page, _)| *page != line.page) {
                places.push((line.page, text.len()));
            }
            text.push_str(&line.text);
        }
        (text.replace('\u{AD}', "-"), places)
    }

    /// What stands between two lines when they are joined.
    fn joint(&self, before: &str, after: &str) -> Joint {
        let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
            return Joint::None;
        };
        if last == '\u{AD}' {
            return Joint::Healed;
        }
        if breaks_word(before, after) {
            let head =
                words(before).last().unwrap_or_default().trim_end_matches('-').to_lowercase();
            let tail = words(after).next().unwrap_or_default().to_lowercase();
            let known = |word: &str| self.words.contains(word);
            return match () {
                () if known(&format!("{head}{tail}")) => Joint::Healed,
                () if known(&format!("{head}-{tail}")) => Joint::None,
                () if self.hyphenated => Joint::Healed,
                () => Joint::None,
            };
        }
        if is_han(last) || is_han(first) || (last == '-' && first.is_alphanumeric()) {
            return Joint::None;
        }
        Joint::Space
    }
}

/// How two lines are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    None,
    Space,
    /// Without the hyphen that the first ends with.
    Healed,
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '’' || c == '\''));
    words.filter(|word| !word.is_empty())
}

/// Whether a line ends in the middle of a word, as far as can be seen.
fn breaks_word(before: &str, after: &str) -> bool {
    let mut last = before.chars().rev();
    matches!(last.next(), Some('-' | '‐'))
        && last.next().is_some_and(char::is_alphabetic)
        && after.starts_with(char::is_lowercase)
}
