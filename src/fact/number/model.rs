//! Defines a number that was found in the folded text.

use crate::fact::{comparator::Comparator, value::Value};

/// Notation of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fact) enum Notation {
    /// Digits, perhaps with a multiplier: 39,000, 2.25 million, 3.9万.
    Digits,
    /// English words: one trillion.
    Words,
    /// Chinese numerals: 三百五十三万.
    Numerals,
}

/// Unit that the words of a number imply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fact) enum ImpliedUnit {
    /// The number implies no unit. A unit may stand before or after the number.
    None,
    /// The value is a share in percent, as in "two thirds" and 两成.
    Share,
    /// The value is a multiple, as in "doubled" and 翻一番.
    Multiple,
}

/// Number in the folded text of a passage.
#[derive(Debug, Clone)]
pub(in crate::fact) struct Number {
    /// Byte offset in the folded text at which the number begins.
    pub(in crate::fact) start: usize,
    /// Byte offset in the folded text after the number and its multiplier.
    pub(in crate::fact) end: usize,
    /// Exact value, with the multiplier.
    pub(in crate::fact) value: Value,
    pub(in crate::fact) notation: Notation,
    /// Multiplier that is written as a word, such as 1,000,000 for "million". 1 if the number has no multiplier.
    pub(in crate::fact) multiplier: i128,
    /// Whether the notation alone shows a quantity, such as grouped digits (39,000), a multiplier (2 million) or a
    /// share (two thirds).
    pub(in crate::fact) has_quantity_notation: bool,
    /// Whether the number has a decimal fraction.
    pub(in crate::fact) has_decimals: bool,
    /// Comparator that the number itself expresses, as "dozens", 数百 and 3000余 do.
    pub(in crate::fact) comparator: Option<Comparator>,
    /// Unit that the words of the number imply.
    pub(in crate::fact) implied_unit: ImpliedUnit,
}

impl Number {
    /// Returns a plain number without multiplier.
    pub(in crate::fact) fn plain(
        start: usize,
        end: usize,
        value: Value,
        notation: Notation,
    ) -> Self {
        Self {
            start,
            end,
            value,
            notation,
            multiplier: 1,
            has_quantity_notation: false,
            has_decimals: false,
            comparator: None,
            implied_unit: ImpliedUnit::None,
        }
    }
}

/// Result of scanning the text at one offset: the number, if there is one, and the offset at which the scan continues.
#[derive(Debug)]
pub(super) struct ScanResult {
    /// Number at the scanned offset. `None` if there is no number.
    pub(super) number: Option<Number>,
    /// Byte offset at which the scan of the text continues.
    pub(super) end: usize,
}

impl ScanResult {
    /// Returns the result for characters that are no number.
    pub(super) const fn no_number(end: usize) -> Self {
        Self { number: None, end }
    }

    /// Returns the result for a number.
    pub(super) const fn with_number(number: Number) -> Self {
        let end = number.end;
        Self { number: Some(number), end }
    }
}

/// Returns the fraction of a character such as ½, as numerator and denominator.
pub(super) const fn fraction_character(c: char) -> Option<(i128, i128)> {
    Some(match c {
        '½' => (1, 2),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '⅕' => (1, 5),
        '⅛' => (1, 8),
        _ => return None,
    })
}
