//! Fragments → HTML: everything escaped, highlights in `<mark>`.

use crate::{highlight::Fragment, span::Span};

/// The text of a fragment with its highlights marked; no byte of it is markup.
pub(super) fn fragment(fragment: &Fragment) -> String {
    let mut html = String::new();
    let mut at = 0;
    for highlight in &fragment.highlights {
        let inside =
            Span::new(highlight.start - fragment.span.start, highlight.end - fragment.span.start);
        escape(Span::new(at, inside.start).of(&fragment.text), &mut html);
        html.push_str("<mark>");
        escape(inside.of(&fragment.text), &mut html);
        html.push_str("</mark>");
        at = inside.end;
    }
    escape(fragment.text.get(at..).unwrap_or_default(), &mut html);
    html
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_is_markup() {
        let text = "<b>a & \"car\"</b>".to_owned();
        let span = Span::new(10, 10 + text.len());
        let shown = Fragment {
            text,
            span,
            highlights: vec![Span::new(18, 21)],
            cut_before: false,
            cut_after: false,
        };
        assert_eq!(fragment(&shown), "&lt;b&gt;a &amp; &quot;<mark>car</mark>&quot;&lt;/b&gt;");
    }
}
