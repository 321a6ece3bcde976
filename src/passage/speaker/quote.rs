//! Finds the quotations of a passage: the spans between quotation marks.

use crate::span::Span;

/// A quotation in a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    /// Span from the opening mark to the closing mark, both included.
    pub(super) span: Span,
    /// Whether the quotation has no closing mark, because it continues in the next paragraph.
    pub(super) is_open: bool,
}

/// Returns the quotations of `text`, in order. Quotation marks inside a quotation are part of this quotation.
pub(super) fn quotes(text: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    // The marks “ and 「 begin with the bytes 0xE2 and 0xE3. Most texts without quotations contain none of the three
    // bytes.
    if ![b'"', 0xE2, 0xE3].iter().any(|byte| text.as_bytes().contains(byte)) {
        return quotes;
    }
    let mut opening: Option<(usize, char)> = None;
    let mut previous = None;
    for (offset, c) in text.char_indices() {
        match (opening, c) {
            (None, '“' | '「') => opening = Some((offset, closing_mark(c))),
            (None, '"') if previous.is_none_or(straight_mark_opens_quotation_after) => {
                opening = Some((offset, '"'));
            }
            (Some((start, closing)), c) if c == closing => {
                let span = Span::new(start, offset + c.len_utf8());
                quotes.push(Quote { span, is_open: false });
                opening = None;
            }
            _ => {}
        }
        previous = Some(c);
    }
    if let Some((start, _)) = opening {
        quotes.push(Quote { span: Span::new(start, text.len()), is_open: true });
    }
    quotes
}

/// Returns the mark that closes a quotation that begins with `opening`.
const fn closing_mark(opening: char) -> char {
    if opening == '「' { '」' } else { '”' }
}

/// Returns whether a straight quotation mark after `previous` opens a quotation.
fn straight_mark_opens_quotation_after(previous: char) -> bool {
    previous.is_whitespace()
        || matches!(previous, '(' | '—' | '–' | '-' | '：' | ':' | '，' | '（' | '[')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_end_with_their_own_mark() {
        for (text, expected) in [
            ("He said, “Yes,” and “no”.", vec!["“Yes,”", "“no”"]),
            ("\"Yes,\" said Mei Lim. \"No.\"", vec!["\"Yes,\"", "\"No.\""]),
            ("“He said \"no\" twice.”", vec!["“He said \"no\" twice.”"]),
            ("“The harbour opens.", vec!["“The harbour opens."]),
            ("罗政说：“好。”他走了。", vec!["“好。”"]),
            ("他說「好」。", vec!["「好」"]),
            ("a 6\" pipe", vec![]),
        ] {
            let actual: Vec<_> = quotes(text).iter().map(|quote| quote.span.of(text)).collect();
            assert_eq!(actual, expected, "{text}");
        }
        assert!(quotes("“The harbour opens.").iter().all(|quote| quote.is_open));
    }
}
