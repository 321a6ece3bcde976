//! Formats texts with a number: chooses singular or plural, and separates groups of three digits.

use super::fill;

/// Text with a number, in singular and plural. The number replaces the placeholder `{}`.
#[derive(Debug, Clone, Copy)]
pub(in crate::server::page) struct CountedText {
    /// Text for the number 1.
    pub(super) singular: &'static str,
    /// Text for all numbers except 1.
    pub(super) plural: &'static str,
}

impl CountedText {
    /// Returns a text of a language that does not distinguish singular and plural.
    pub(super) const fn uninflected(text: &'static str) -> Self {
        Self { singular: text, plural: text }
    }

    /// Returns the text with the number.
    pub(in crate::server::page) fn with_number(&self, number: u64) -> String {
        fill(if number == 1 { self.singular } else { self.plural }, &[&format_number(number)])
    }
}

/// Formats a number with a comma between groups of three digits.
pub(in crate::server::page) fn format_number(number: u64) -> String {
    let digits = number.to_string();
    let mut formatted = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            formatted.push(',');
        }
        formatted.push(digit);
    }
    formatted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_and_texts_singular_or_plural() {
        for (value, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(format_number(value), expected);
        }
        let releases = CountedText { singular: "{} release", plural: "{} releases" };
        assert_eq!(
            [releases.with_number(1), releases.with_number(2_000)],
            ["1 release", "2,000 releases"]
        );
    }
}
