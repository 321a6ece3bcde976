//! Parses the table of words that the program `tesseract` writes (TSV).

use super::page::{RecognizedLine, RecognizedPage};
use crate::script::is_spaceless;

/// Level of a row that describes the whole page.
const PAGE_ROW_LEVEL: u32 = 1;
/// Level of a row that describes a line.
const LINE_ROW_LEVEL: u32 = 4;
/// Level of a row that describes a word.
const WORD_ROW_LEVEL: u32 = 5;

/// A row of the table of words, which describes the page, a line or a word. Lengths are in dots.
struct WordTableRow<'a> {
    /// Level of the described part of the page, such as [`WORD_ROW_LEVEL`].
    level: u32,
    /// Distance from the left edge of the page, in dots.
    left: u32,
    /// Distance from the top of the page, in dots.
    top: u32,
    /// Width of the page, the line or the word, in dots.
    width: u32,
    /// Height of the page, the line or the word, in dots.
    height: u32,
    /// Confidence of the recognition of a word, in percent.
    confidence: f32,
    /// Recognized word. Empty in a row for a line or the page.
    text: &'a str,
}

/// Line whose words are being read.
#[derive(Default)]
struct OpenLine {
    line: RecognizedLine,
    /// Number of characters of the words read so far, without spaces.
    char_count: f32,
    /// Sum of the confidences of all characters, in percent.
    confidence_sum: f32,
}

/// Returns the page that the table describes; `None` if the text is not such a table.
pub(super) fn parse_table(table: &str) -> Option<RecognizedPage> {
    let mut page = RecognizedPage::default();
    let mut open_line: Option<OpenLine> = None;
    for row in table.lines().skip(1).map(parse_word_table_row) {
        let row = row?;
        match row.level {
            PAGE_ROW_LEVEL => page.height = row.height,
            LINE_ROW_LEVEL => {
                page.lines.extend(open_line.take().and_then(OpenLine::into_line_with_words));
                open_line = Some(OpenLine::new(&row));
            }
            WORD_ROW_LEVEL => {
                if let Some(line) = &mut open_line {
                    line.add_word(&row);
                }
            }
            _ => {}
        }
    }
    page.lines.extend(open_line.and_then(OpenLine::into_line_with_words));
    (page.height > 0).then_some(page)
}

/// Parses a row. Its columns are level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn parse_word_table_row(row: &str) -> Option<WordTableRow<'_>> {
    let mut columns = row.splitn(12, '\t');
    let mut next_number = |skipped: usize| columns.nth(skipped)?.parse::<u32>().ok();
    let (level, left) = (next_number(0)?, next_number(5)?);
    let (top, width, height) = (next_number(0)?, next_number(0)?, next_number(0)?);
    let confidence = columns.next()?.parse().ok()?;
    let text = columns.next().unwrap_or_default().trim();
    Some(WordTableRow { level, left, top, width, height, confidence, text })
}

impl OpenLine {
    /// Returns a line without words, at the position that the row states.
    fn new(row: &WordTableRow<'_>) -> Self {
        let WordTableRow { left, top, width, height, .. } = *row;
        let (right, bottom) = (left.saturating_add(width), top.saturating_add(height));
        let line = RecognizedLine { left, right, top, bottom, ..RecognizedLine::default() };
        Self { line, ..Self::default() }
    }

    /// Adds a word, after a space unless both characters beside it belong to a script without spaces.
    fn add_word(&mut self, row: &WordTableRow<'_>) {
        let text = &mut self.line.text;
        let Some(first_char) = row.text.chars().next() else { return };
        if text
            .chars()
            .next_back()
            .is_some_and(|last| !are_words_without_space_between(last, first_char))
        {
            text.push(' ');
        }
        text.push_str(row.text);
        let char_count = row.text.chars().count() as f32;
        self.char_count += char_count;
        self.confidence_sum += row.confidence.clamp(0.0, 100.0) * char_count;
    }

    /// Returns the line; `None` if it has no words.
    fn into_line_with_words(mut self) -> Option<RecognizedLine> {
        #[expect(clippy::cast_sign_loss, reason = "confidences are at least 0")]
        let confidence = (self.confidence_sum / self.char_count.max(1.0)).round() as u32;
        self.line.confidence = confidence;
        (!self.line.text.is_empty()).then_some(self.line)
    }
}

/// Returns whether no space stands between two words. `last` is the last character of the first word, and `first` is
/// the first character of the second word.
fn are_words_without_space_between(last: char, first: char) -> bool {
    let is_mark = |c: char| c.is_ascii_punctuation() || c.is_ascii_digit() || is_quote(c);
    matches!(last, '‘' | '“')
        || matches!(first, '’' | '”')
        || is_spaceless(last) && (is_spaceless(first) || is_mark(first))
        || is_spaceless(first) && is_mark(last)
}

/// Returns whether `c` is a quotation mark that is common to Chinese and English.
const fn is_quote(c: char) -> bool {
    matches!(c, '‘' | '’' | '“' | '”')
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const WORD_TABLE_HEADER: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

    #[test]
    fn spaces_between_words_of_a_line_depend_on_the_script() {
        let mut table = format!("{WORD_TABLE_HEADER}1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t\n");
        for (number, (words, _)) in WORDS_AND_TEXTS_OF_LINES.iter().enumerate() {
            let top = 100 + 50 * number;
            writeln!(table, "4\t1\t1\t1\t{number}\t0\t300\t{top}\t900\t40\t-1\t").unwrap();
            for word in *words {
                writeln!(table, "5\t1\t1\t1\t{number}\t1\t300\t{top}\t90\t40\t90.5\t{word}")
                    .unwrap();
            }
        }
        let page = parse_table(&table).unwrap();
        let texts: Vec<&str> = page.lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, WORDS_AND_TEXTS_OF_LINES.map(|(_, expected)| expected)[..3]);
        let first = &page.lines[0];
        assert_eq!((page.height, first.left, first.right), (3508, 300, 1200));
        assert_eq!((first.top, first.bottom, first.confidence), (100, 140, 91));
    }

    /// Words of a line, and the text of the line. The last line has no text and is left out.
    const WORDS_AND_TEXTS_OF_LINES: [(&[&str], &str); 4] = [
        (&["Exports", "grew", "by", "5", "%."], "Exports grew by 5 %."),
        (&["广", "州", "“", "2025", "年", "”", "增长", "。"], "广州“2025年”增长。"),
        (&["使用", "Tesseract", "识别"], "使用 Tesseract 识别"),
        (&[" "], ""),
    ];

    #[test]
    fn texts_that_are_no_table_of_words_are_refused() {
        for text in ["", WORD_TABLE_HEADER, "level\nno number\t1", "level\n5\t1\t1"] {
            assert_eq!(parse_table(text), None, "{text}");
        }
    }
}
