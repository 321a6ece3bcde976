//! Reads the parts of an expression of time one after the other.

use crate::fact::source::{Source, is_latin};

/// Position in a folded text, from which parts of an expression are read. Each function reads one kind of part. If no
/// such part follows, the function returns `None` and the position stays the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) at: usize,
}

/// A number in an expression of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SmallNumber {
    pub(super) value: u16,
    /// Number of digits or of Chinese numerals.
    pub(super) length: usize,
}

impl<'a> Reader<'a> {
    /// Returns a reader at `at`.
    pub(super) const fn new(source: &'a Source, at: usize) -> Self {
        Self { source, at }
    }

    /// Returns at most 64 bytes of text from the current position on.
    pub(super) fn rest(&self) -> &'a str {
        self.source.window_after(self.at, 64)
    }

    /// Skips blanks.
    pub(super) fn blanks(&mut self) -> &mut Self {
        self.at = self.source.skip_blanks(self.at);
        self
    }

    /// Reads `text`.
    pub(super) fn text(&mut self, text: &str) -> Option<()> {
        self.rest().starts_with(text).then(|| self.at += text.len())
    }

    /// Reads one of `texts` and returns its index in `texts`.
    pub(super) fn any(&mut self, texts: &[&str]) -> Option<usize> {
        let rest = self.rest();
        let found = texts.iter().position(|text| rest.starts_with(text))?;
        self.at += texts.get(found)?.len();
        Some(found)
    }

    /// Reads a word that is one of `words`, and returns its index in `words`.
    pub(super) fn word(&mut self, words: &[&str]) -> Option<usize> {
        let word = self.source.letters_at(self.at);
        let found = words.iter().position(|other| *other == word)?;
        self.at += word.len();
        Some(found)
    }

    /// Reads blanks and then a word that is one of `words`.
    pub(super) fn next_word(&mut self, words: &[&str]) -> Option<usize> {
        let mut reader = *self;
        reader.blanks();
        let found = reader.word(words)?;
        *self = reader;
        Some(found)
    }

    /// Reads up to four digits.
    pub(super) fn digits(&mut self) -> Option<SmallNumber> {
        let rest = self.rest();
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = rest.get(..length)?.parse().ok().filter(|_| (1..=4).contains(&length))?;
        self.at += length;
        Some(SmallNumber { value, length })
    }

    /// Reads a year of four digits from 1900 to 2100.
    pub(super) fn year(&mut self) -> Option<u16> {
        let mut reader = *self;
        let number = reader.digits()?;
        let is_year =
            number.length == 4 && (1900..=2100).contains(&number.value) && !reader.is_joined();
        is_year.then(|| {
            *self = reader;
            number.value
        })
    }

    /// Reads a number from 1 to `max` in digits.
    pub(super) fn number_up_to(&mut self, max: u16) -> Option<u16> {
        let mut reader = *self;
        let number = reader.digits()?;
        (number.length <= 3 && (1..=max).contains(&number.value)).then(|| {
            *self = reader;
            number.value
        })
    }

    /// Returns whether a letter, a percent sign, or a separator and a digit follow directly.
    pub(super) fn is_joined(&self) -> bool {
        let mut characters = self.rest().chars();
        let (next, next_but_one) =
            (characters.next().unwrap_or(' '), characters.next().unwrap_or(' '));
        is_latin(next)
            || next == '%'
            || (matches!(next, '.' | ',') && next_but_one.is_ascii_digit())
    }

    /// Reads a number in Chinese numerals below 1,000, or two to four numerals that are digits (二〇二五).
    pub(super) fn numerals(&mut self) -> Option<SmallNumber> {
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
        self.at += 3 * length;
        Some(SmallNumber { value, length })
    }

    /// Reads a number in digits or in Chinese numerals.
    pub(super) fn chinese_number(&mut self) -> Option<SmallNumber> {
        self.digits().or_else(|| self.numerals())
    }
}
