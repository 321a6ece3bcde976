//! Represents paragraphs as lines, and recognizes list items, headings and sentence ends.

use super::line::Line;
use crate::{
    document::metadata::letterhead,
    script::{LEADING_ABBREVIATIONS, SENTENCE_ENDS, is_spaceless},
};

/// Maximum number of characters of a heading.
const MAX_HEADING_CHARS: usize = 160;
/// Maximum number of lines of a heading.
const MAX_HEADING_LINES: usize = 4;
/// Characters with which a heading does not end. A question mark is not among them: a heading may be a question.
const CHARACTERS_NOT_ENDING_HEADINGS: [char; 7] = ['.', '。', '；', ';', '，', ',', '！'];

/// Consecutive lines that form a paragraph.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub(super) lines: Vec<Line>,
}

impl Paragraph {
    /// Returns whether all lines of the paragraph are bold.
    pub(super) fn is_bold(&self) -> bool {
        self.lines.iter().all(|line| line.is_bold)
    }

    /// Returns whether the paragraph is an embargo, the name of a document type, or the letterhead of a Chinese
    /// document.
    pub(super) fn is_above_title(&self) -> bool {
        let texts: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        let text = texts.join(" ");
        letterhead::is_document_type(&text)
            || letterhead::is_letterhead(&text)
            || text.to_lowercase().contains("embargoed")
    }

    /// Returns the number of characters of the paragraph.
    pub(super) fn char_count(&self) -> usize {
        self.lines.iter().map(|line| line.text.chars().count()).sum()
    }

    /// Returns whether the paragraph can be a heading: it is short, contains letters and does not
    /// end a sentence.
    pub(super) fn is_heading_like(&self) -> bool {
        let has_letters = self.lines.iter().any(|line| line.text.chars().any(char::is_alphabetic));
        let first_line_text = self.lines.first().map_or("", |line| line.text.as_str());
        let last_line_text = self.lines.last().map_or("", |line| line.text.as_str());
        has_letters
            && self.lines.len() <= MAX_HEADING_LINES
            && self.char_count() <= MAX_HEADING_CHARS
            && !last_line_text.ends_with(CHARACTERS_NOT_ENDING_HEADINGS)
            && !first_line_text.starts_with(char::is_lowercase)
    }

    /// Returns the left and right ends of the paragraph, in points from the left of the page.
    pub(super) fn horizontal_range(&self) -> (f32, f32) {
        let left_edge = self.lines.iter().map(|line| line.start).fold(f32::MAX, f32::min);
        (left_edge, self.lines.iter().map(|line| line.end).fold(left_edge, f32::max))
    }

    /// Returns the lower and upper ends of the paragraph, in points from the bottom of the page.
    pub(super) fn vertical_range(&self) -> (f32, f32) {
        let bottom = self.lines.last().map_or(0.0, |line| line.baseline - line.size * 0.2);
        (bottom, self.lines.first().map_or(0.0, |line| line.baseline + line.size * 0.8))
    }

    /// Returns the index of the page on which the paragraph begins.
    pub(super) fn page(&self) -> usize {
        self.lines.first().map_or(0, |line| line.page)
    }

    /// Returns whether the paragraph consists only of the bullet or the number of a list item.
    pub(super) fn is_item_label(&self) -> bool {
        let [line] = &self.lines[..] else { return false };
        let text = line.text.as_str();
        let is_short = text.chars().count() <= 6 && !text.contains(' ');
        let is_number = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_short && (begins_list_item(text) || is_number)
    }
}

/// Returns whether the text of a line ends a sentence. A full stop after an abbreviation such as
/// `e.g.` does not end a sentence.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['”', '’', '"', '\'', ')', '）', '」', '』', '】', ']']);
    let last_word = text.rsplit([' ', '(', '（']).next().unwrap_or_default().to_lowercase();
    let abbreviation = last_word.strip_suffix('.').filter(|w| LEADING_ABBREVIATIONS.contains(w));
    text.ends_with(SENTENCE_ENDS) && abbreviation.is_none()
}

/// Returns whether the text of a line begins with the bullet or number of a list item, or with the
/// number of a section.
pub(super) fn begins_list_item(text: &str) -> bool {
    const HAN_DIGITS: &str = "一二三四五六七八九十百零〇";
    if begins_with_bullet(text) {
        return true;
    }
    let after_parenthesis = text.strip_prefix(['(', '（']);
    let has_ordinal_prefix = text.starts_with('第');
    let label = after_parenthesis.or_else(|| text.strip_prefix('第')).unwrap_or(text);
    let is_digit = |c: char| c.is_ascii_digit() || HAN_DIGITS.contains(c) || c == '.';
    let (number, after_number) = label
        .split_at_checked(label.find(|c: char| !is_digit(c)).unwrap_or(label.len()))
        .unwrap_or_default();
    if has_ordinal_prefix {
        return !number.is_empty()
            && after_number.starts_with(['条', '條', '章', '节', '節', '款', '项']);
    }
    if after_parenthesis.is_some() {
        let closes_early = label.find([')', '）']).is_some_and(|end| (1..=4).contains(&end));
        let is_letter_label = closes_early && label.starts_with(|c: char| c.is_ascii_lowercase());
        return !number.is_empty() && after_number.starts_with([')', '）']) || is_letter_label;
    }
    if number.is_empty() {
        return begins_with_letter_label(text);
    }
    if !number.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return after_number.starts_with(['、', '．']);
    }
    let is_number_closed =
        number.ends_with('.') || after_number.starts_with([')', '）', '、', '．']);
    let is_label_separated = after_number.is_empty()
        || after_number.starts_with([' ', ')', '）', '、', '．'])
        || after_number.starts_with(is_spaceless);
    // A line that begins with a year and a full stop goes on in a sentence: 2000. Almost half.
    let year = number.strip_suffix('.').and_then(|year| year.parse::<u32>().ok());
    let is_year = year.is_some_and(|year| (1000..3000).contains(&year));
    number.len() <= 6 && !is_year && is_number_closed && is_label_separated
}

/// Returns whether the text of a line begins with a bullet: a common bullet character, a
/// private-use character of a symbol font, or the letter o before a space.
fn begins_with_bullet(text: &str) -> bool {
    const BULLETS: &str = "•◦▪▫●○■□◆◇➢✓✔‣⁃∙·–—*";
    let Some(first_char) = text.chars().next() else { return false };
    BULLETS.contains(first_char)
        || ('\u{F000}'..='\u{F0FF}').contains(&first_char)
        || text.starts_with("o ")
}

/// Returns whether the text of a line begins with a list label made of a lower-case letter or a
/// Roman numeral, such as `a)`, `b.` or `iii.`.
fn begins_with_letter_label(text: &str) -> bool {
    let letters_end = text.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(0);
    let (letters, after_letters) = text.split_at_checked(letters_end).unwrap_or_default();
    let is_list_label = letters.len() == 1 || letters.chars().all(|c| "ivx".contains(c));
    (1..=4).contains(&letters.len())
        && is_list_label
        && (after_letters.starts_with([')', '）'])
            || after_letters.starts_with(". ")
            || after_letters == ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_at_the_start_of_a_line_is_no_item_number() {
        for (text, expected) in [
            ("2. The port", true),
            ("2.1. The port", true),
            ("12) The port", true),
            ("1000) The port", true),
            ("2000. Almost half", false),
            ("1998. 港口", false),
        ] {
            assert_eq!(begins_list_item(text), expected, "{text}");
        }
    }
}
