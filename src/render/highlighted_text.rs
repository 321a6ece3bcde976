//! Splits a text at its highlights, and renders it as escaped HTML.

use super::sanitize::visible_char;
use crate::span::Span;

/// Splits `text` at `spans`. Returns the non-empty pieces in order. The flag of a piece states whether the
/// piece is one of `spans`.
pub(super) fn split_at_highlights<'a>(text: &'a str, spans: &[Span]) -> Vec<(&'a str, bool)> {
    let mut pieces = Vec::with_capacity(2 * spans.len() + 1);
    let mut previous_end = 0;
    for &span in spans {
        pieces.push((Span::new(previous_end, span.start).of(text), false));
        pieces.push((span.of(text), true));
        previous_end = span.end;
    }
    pieces.push((text.get(previous_end..).unwrap_or_default(), false));
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

/// Escapes `text` and encloses `spans` in `<mark>` elements.
pub(crate) fn html_with_highlights(text: &str, spans: &[Span]) -> String {
    let mut html = String::new();
    for (piece, highlighted) in split_at_highlights(text, spans) {
        let (opening_tag, closing_tag) = if highlighted { ("<mark>", "</mark>") } else { ("", "") };
        html.push_str(opening_tag);
        push_escaped_html(piece, &mut html);
        html.push_str(closing_tag);
    }
    html
}

/// Escapes `text` for use in element content and attribute values.
pub(crate) fn escape_html(text: &str) -> String {
    let mut html = String::new();
    push_escaped_html(text, &mut html);
    html
}

fn push_escaped_html(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c if c.is_whitespace() => html.push(c),
            c => html.push(visible_char(c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_between_highlights_join_to_the_text() {
        for (spans, expected) in [
            (vec![], vec![("a广b", false)]),
            (vec![Span::new(1, 4)], vec![("a", false), ("广", true), ("b", false)]),
            (vec![Span::new(0, 5)], vec![("a广b", true)]),
        ] {
            assert_eq!(split_at_highlights("a广b", &spans), expected);
        }
    }

    #[test]
    fn highlighted_text_is_escaped() {
        let text = "<b>a & \"car\"</b>";
        let html = html_with_highlights(text, &[Span::new(8, 11)]);
        assert_eq!(html, "&lt;b&gt;a &amp; &quot;<mark>car</mark>&quot;&lt;/b&gt;");
    }
}
