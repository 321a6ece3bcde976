//! Reads the parts of an expression of time one after another.

use crate::fact::folded_text::{FoldedText, is_letter_of_spaced_script};

/// Reader of the parts of an expression of time, at an offset of a folded text. Each function `read_…` reads one
/// element, such as a year, and moves the offset to its end. If the element does not follow, the function returns
/// `None` and keeps the offset.
#[derive(Debug, Clone, Copy)]
pub(super) struct PeriodReader<'a> {
    /// Text that is read.
    pub(super) source: &'a FoldedText,
    /// Byte offset, in the folded text, at which the next element begins.
    pub(super) offset: usize,
}

/// A number in an expression of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeNumber {
    /// Value of the number.
    pub(super) value: u16,
    /// Number of digits or of Chinese numerals.
    pub(super) length: usize,
}

impl<'a> PeriodReader<'a> {
    /// Returns a reader that begins at `offset`.
    pub(super) const fn new(source: &'a FoldedText, offset: usize) -> Self {
        Self { source, offset }
    }

    /// Returns at most 64 bytes of text from the current offset on.
    pub(super) fn rest(&self) -> &'a str {
        self.source.window_after(self.offset, 64)
    }

    /// Skips blanks.
    pub(super) fn skip_blanks(&mut self) -> &mut Self {
        self.offset = self.source.skip_blanks(self.offset);
        self
    }

    /// Reads exactly the text `text`.
    pub(super) fn read_text(&mut self, text: &str) -> Option<()> {
        self.rest().starts_with(text).then(|| self.offset += text.len())
    }

    /// Reads one of the texts in `texts`, and returns its index.
    pub(super) fn read_any_of(&mut self, texts: &[&str]) -> Option<usize> {
        let rest = self.rest();
        let index = texts.iter().position(|text| rest.starts_with(text))?;
        self.offset += texts.get(index)?.len();
        Some(index)
    }

    /// Reads a word that is one of `words`, and returns its index in `words`.
    pub(super) fn read_word(&mut self, words: &[&str]) -> Option<usize> {
        let word = self.source.letters_at(self.offset);
        let index = words.iter().position(|other| *other == word)?;
        self.offset += word.len();
        Some(index)
    }

    /// Skips blanks, reads a word that is one of `words`, and returns its index in `words`.
    pub(super) fn read_next_word(&mut self, words: &[&str]) -> Option<usize> {
        let mut reader = *self;
        reader.skip_blanks();
        let index = reader.read_word(words)?;
        *self = reader;
        Some(index)
    }

    /// Reads up to four digits.
    pub(super) fn read_digits(&mut self) -> Option<TimeNumber> {
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = rest.get(..length)?.parse().ok().filter(|_| (1..=4).contains(&length))?;
        self.offset += length;
        Some(TimeNumber { value, length })
    }

    /// Reads a year of four digits from 1900 to 2100.
    pub(super) fn read_year(&mut self) -> Option<u16> {
        let mut reader = *self;
        let number = reader.read_digits()?;
        let is_year = number.length == 4
            && (1900..=2100).contains(&number.value)
            && !reader.is_followed_by_attached_text();
        is_year.then(|| {
            *self = reader;
            number.value
        })
    }

    /// Reads a number from 1 to `max` in digits.
    pub(super) fn read_number_up_to(&mut self, max: u16) -> Option<u16> {
        let mut reader = *self;
        let number = reader.read_digits()?;
        (number.length <= 3 && (1..=max).contains(&number.value)).then(|| {
            *self = reader;
            number.value
        })
    }

    /// Returns whether a letter, a percent sign, or a decimal separator and a digit follow without a blank.
    pub(super) fn is_followed_by_attached_text(&self) -> bool {
        let mut characters = self.rest().chars();
        let (next, next_but_one) =
            (characters.next().unwrap_or(' '), characters.next().unwrap_or(' '));
        is_letter_of_spaced_script(next)
            || next == '%'
            || (matches!(next, '.' | ',') && next_but_one.is_ascii_digit())
    }

    /// Reads a number in Chinese numerals below 1,000, or two to four numerals that are digits (二〇二五).
    pub(super) fn read_numerals(&mut self) -> Option<TimeNumber> {
        let digit = |c: char| {
            "零一二三四五六七八九".chars().position(|digit| {
                digit
                    == if c == '〇' || c == '○' {
                        '零'
                    } else if c == '两' {
                        '二'
                    } else {
                        c
                    }
            })
        };
        let (mut total, mut pending, mut digits, mut length) = (0_u16, None::<u16>, 0_u16, 0);
        let mut has_factor = false;
        for c in self.rest().chars().take(8) {
            if let Some(value) = digit(c).and_then(|value| u16::try_from(value).ok()) {
                digits = digits.checked_mul(10)?.checked_add(value)?;
                pending = Some(value);
            } else if let Some(factor) = match c {
                '十' => Some(10),
                '百' => Some(100),
                _ => None,
            } {
                total += pending.take().unwrap_or(1) * factor;
                has_factor = true;
            } else {
                break;
            }
            length += 1;
        }
        if length == 0 {
            return None;
        }
        let value = if has_factor { total + pending.unwrap_or(0) } else { digits };
        self.offset += 3 * length;
        Some(TimeNumber { value, length })
    }

    /// Reads a number in digits or in Chinese numerals.
    pub(super) fn read_chinese_number(&mut self) -> Option<TimeNumber> {
        self.read_digits().or_else(|| self.read_numerals())
    }
}
