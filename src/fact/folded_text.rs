//! Folds the text of a passage before numbers and periods are searched for: folds full-width and Traditional
//! characters, and maps offsets back to the original text.

use crate::{analysis::fold_char, span::Span};

/// Maximum length, in bytes, of the runs of letters that [`FoldedText::letters_at`] and [`FoldedText::letters_before`]
/// return.
const MAX_WORD_BYTES: usize = 32;

/// A text counts as written in Traditional characters if folding changes more than `1 /
/// RECIPROCAL_OF_TRADITIONAL_SHARE` of its Han characters.
const RECIPROCAL_OF_TRADITIONAL_SHARE: usize = 8;

/// Folded text of a passage. Offsets are byte offsets in the folded text; [`span`](Self::span) maps them to the
/// original text.
#[derive(Debug)]
pub(super) struct FoldedText {
    /// Folded text, with ASCII letters in lower case.
    pub(super) lowercase: String,
    /// Folded text with its capital letters. Offsets are those of [`lowercase`](Self::lowercase).
    pub(super) with_capitals: String,
    /// Pairs of an offset in the folded text and the same offset in the original text, ascending. There is a pair for
    /// each offset at which the difference between the two offsets changes.
    offset_pairs: Vec<(usize, usize)>,
    /// Whether the text has Han characters.
    pub(super) has_han: bool,
    /// Whether the text is written in Traditional characters.
    pub(super) is_traditional: bool,
}

impl FoldedText {
    /// Returns the folded form of a text.
    pub(super) fn new(text: &str) -> Self {
        let mut with_capitals = String::with_capacity(text.len());
        let mut offset_pairs = vec![(0, 0)];
        let (mut han_count, mut traditional_count) = (0_usize, 0_usize);
        let mut offset = 0;
        loop {
            // Most characters are plain ASCII, which folds to itself.
            let rest = text.get(offset..).unwrap_or_default();
            let plain_length =
                rest.bytes().position(|byte| !is_unchanged_by_folding(byte)).unwrap_or(rest.len());
            let (plain, rest) = rest.split_at(plain_length);
            with_capitals.push_str(plain);
            offset += plain_length;
            let Some(c) = rest.chars().next() else { break };
            if c == '\n' && ends_inside_numeral(&with_capitals) {
                // A line break inside a Chinese numeral is left out, with the indentation of the next line.
                let next_line =
                    rest.get(1..).unwrap_or_default().trim_start_matches([' ', '\u{3000}']);
                offset += rest.len() - next_line.len();
                offset_pairs.push((with_capitals.len(), offset));
                continue;
            }
            let folded = match c {
                // A full-width comma separates thousands between full-width digits, and clauses in other places.
                '，' if !ends_with_full_width_digit(text.get(..offset).unwrap_or_default()) => c,
                '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{2007}' => '\u{A0}',
                '‐' | '‑' | '−' | '﹣' => '-',
                '\r' | '\t' => ' ',
                _ => fold_char(c),
            };
            han_count += usize::from(is_han(folded));
            traditional_count += usize::from(folded != c && is_han(c));
            with_capitals.push(folded);
            offset += c.len_utf8();
            if folded.len_utf8() != c.len_utf8() {
                offset_pairs.push((with_capitals.len(), offset));
            }
        }
        let is_traditional = traditional_count * RECIPROCAL_OF_TRADITIONAL_SHARE > han_count;
        Self {
            lowercase: with_capitals.to_ascii_lowercase(),
            with_capitals,
            offset_pairs,
            has_han: han_count > 0,
            is_traditional,
        }
    }

    /// Returns the folded text from the byte `offset` on, in lower case.
    pub(super) fn text_after(&self, offset: usize) -> &str {
        self.lowercase.get(offset..).unwrap_or_default()
    }

    /// Returns the folded text before the byte `offset`, in lower case.
    pub(super) fn text_before(&self, offset: usize) -> &str {
        self.lowercase.get(..offset).unwrap_or_default()
    }

    /// Returns the folded text between two byte offsets, in lower case.
    pub(super) fn text_between(&self, start: usize, end: usize) -> &str {
        self.lowercase.get(start..end).unwrap_or_default()
    }

    /// Returns the last `bytes` bytes of the folded text before the byte `offset`, in lower case: fewer if less text
    /// precedes, or if the first byte would split a character.
    pub(super) fn window_before(&self, offset: usize, bytes: usize) -> &str {
        let mut start = offset.saturating_sub(bytes);
        while !self.lowercase.is_char_boundary(start) {
            start += 1;
        }
        self.text_between(start, offset)
    }

    /// Returns the first `bytes` bytes of the folded text from the byte `offset` on, in lower case: fewer if less text
    /// follows, or if the last byte would split a character.
    pub(super) fn window_after(&self, offset: usize, bytes: usize) -> &str {
        let mut end = (offset + bytes).min(self.lowercase.len());
        while !self.lowercase.is_char_boundary(end) {
            end -= 1;
        }
        self.text_between(offset, end)
    }

    /// Returns the character at the byte `offset`, in lower case.
    pub(super) fn char_at(&self, offset: usize) -> Option<char> {
        self.text_after(offset).chars().next()
    }

    /// Returns the character before the byte `offset`, in lower case.
    pub(super) fn char_before(&self, offset: usize) -> Option<char> {
        self.text_before(offset).chars().next_back()
    }

    /// Returns whether an upper-case letter stands at the byte `offset`.
    pub(super) fn is_capital(&self, offset: usize) -> bool {
        self.with_capitals
            .get(offset..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(char::is_uppercase)
    }

    /// Returns the byte offset after the blanks at `offset`: at most two spaces and one line break.
    pub(super) fn skip_blanks(&self, offset: usize) -> usize {
        let mut end = offset;
        let mut has_line_break = false;
        for c in self.text_after(offset).chars().take(3) {
            match c {
                ' ' | '\u{A0}' => {}
                '\n' if !has_line_break => has_line_break = true,
                _ => break,
            }
            end += c.len_utf8();
        }
        end
    }

    /// Returns the byte offset before the blanks that end at `offset`: at most two spaces and one line break.
    pub(super) fn skip_blanks_back(&self, offset: usize) -> usize {
        let mut start = offset;
        let mut has_line_break = false;
        for c in self.text_before(offset).chars().rev().take(3) {
            match c {
                ' ' | '\u{A0}' => {}
                '\n' if !has_line_break => has_line_break = true,
                _ => break,
            }
            start -= c.len_utf8();
        }
        start
    }

    /// Returns the run of Latin letters at the byte `offset`, in lower case, without apostrophes.
    pub(super) fn letters_at(&self, offset: usize) -> &str {
        // Most words consist of ASCII letters alone.
        let bytes = self.lowercase.as_bytes().get(offset..).unwrap_or_default();
        let ascii_length =
            bytes.iter().take(MAX_WORD_BYTES).take_while(|byte| byte.is_ascii_alphabetic()).count();
        if ascii_length < MAX_WORD_BYTES && bytes.get(ascii_length).is_none_or(u8::is_ascii) {
            return self.text_between(offset, offset + ascii_length);
        }
        let window = self.window_after(offset, MAX_WORD_BYTES);
        let length = window.find(|c: char| !is_letter_of_spaced_script(c)).unwrap_or(window.len());
        window.get(..length).unwrap_or_default()
    }

    /// Returns the run of Latin letters that ends at the byte `offset`, in lower case.
    pub(super) fn letters_before(&self, offset: usize) -> &str {
        let window = self.window_before(offset, MAX_WORD_BYTES);
        let start = window.rfind(|c: char| !is_letter_of_spaced_script(c)).map_or(0, |at| {
            at + window.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        });
        window.get(start..).unwrap_or_default()
    }

    /// Returns the word before the byte `offset`, with the byte offset at which the word begins. Blanks may follow the
    /// word. The word is empty if no word precedes.
    pub(super) fn word_before(&self, offset: usize) -> (usize, &str) {
        let end = self.skip_blanks_back(offset);
        let word = self.letters_before(end);
        (end - word.len(), word)
    }

    /// Returns the word after the byte `offset`, with the byte offset at which the word ends. Blanks may precede the
    /// word. The word is empty if no word follows.
    pub(super) fn word_after(&self, offset: usize) -> (usize, &str) {
        let start = self.skip_blanks(offset);
        let word = self.letters_at(start);
        (start + word.len(), word)
    }

    /// Returns whether a sentence or a line begins at the byte `offset`.
    pub(super) fn begins_sentence(&self, offset: usize) -> bool {
        let text = self
            .window_before(offset, 16)
            .trim_end_matches([' ', '\u{A0}', '“', '"', '‘', '*', '_', '(']);
        text.is_empty()
            || text.ends_with([
                '.', '!', '?', ':', '\n', '•', '-', '–', '。', '：', '#', '>', '|', ';',
            ])
    }

    /// Returns the span of the original text that corresponds to two byte offsets of the folded text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.original_offset(start), self.original_offset(end))
    }

    /// Returns the byte offset in the original text that corresponds to `offset`, a byte offset in the folded text.
    fn original_offset(&self, offset: usize) -> usize {
        let next = self.offset_pairs.partition_point(|&(folded, _)| folded <= offset);
        let shift = next.checked_sub(1).and_then(|last| self.offset_pairs.get(last));
        shift.map_or(offset, |&(folded, original)| original + (offset - folded))
    }
}

/// Returns whether a byte is an ASCII character that folding keeps.
const fn is_unchanged_by_folding(byte: u8) -> bool {
    byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | b'\t')
}

fn ends_with_full_width_digit(text: &str) -> bool {
    text.ends_with(|c: char| ('０'..='９').contains(&c))
}

/// Returns whether a folded text ends inside a Chinese numeral or a fraction, so that the next line continues it.
fn ends_inside_numeral(text: &str) -> bool {
    // A text whose last character is ASCII needs no further check.
    text.bytes().next_back().is_some_and(|byte| !byte.is_ascii())
        && (text.ends_with(|c: char| "零一二三四五六七八九十百千万亿".contains(c))
            || text.ends_with("分之")
            || text.ends_with("百分"))
}

/// Returns whether `c` is a letter of a script with spaces between words, such as Latin, Greek or Cyrillic.
pub(super) fn is_letter_of_spaced_script(c: char) -> bool {
    c.is_ascii_alphabetic() || (c.is_alphabetic() && c < '\u{2E80}')
}

/// Returns whether `c` is a Han character.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{3007}' | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_point_into_the_original_text() {
        let text = "共１２３萬\u{202F}元，计５％。";
        let source = FoldedText::new(text);
        for piece in ["123万", "元", "5%"] {
            let start = source.lowercase.find(piece).unwrap();
            let span = source.span(start, start + piece.len());
            let folded: String = span.of(text).chars().map(fold_char).collect();
            assert_eq!(folded, piece);
        }
    }
}
