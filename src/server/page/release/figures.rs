//! Highlights the matches and the figures in the text of a passage. On hover, a figure shows its interpretation:
//! comparator, value, unit.

use maud::{Markup, PreEscaped};

use crate::{
    fact::{Publication, Quantity, facts},
    render::{escape_html, html_with_highlights},
    search::DocumentInfo,
    span::Span,
};

/// Returns the text as HTML with highlighted matches and figures. Does not highlight a figure that crosses an end of a
/// match.
pub(super) fn text_with_marked_figures(
    text: &str,
    matches: &[Span],
    document: &DocumentInfo,
) -> Markup {
    let is_inferred = document.inferred.iter().any(|field| field == "date");
    let quantities = facts(text, Publication { date: document.date, is_inferred }).quantities;
    let mut html = String::new();
    let mut written_end = 0;
    for quantity in &quantities {
        let Span { start, end } = quantity.span;
        let crosses = |span: &Span| {
            let is_outside = span.end <= start || end <= span.start;
            let is_inside = start <= span.start && span.end <= end;
            !is_outside && !is_inside
        };
        if start < written_end || matches.iter().any(crosses) {
            continue;
        }
        html.push_str(&text_with_matches(text, matches, Span::new(written_end, start)));
        let interpretation = escape_html(&figure_interpretation(quantity));
        html.push_str("<span class=\"figure\" title=\"");
        html.push_str(&interpretation);
        html.push_str("\">");
        html.push_str(&text_with_matches(text, matches, quantity.span));
        html.push_str("</span>");
        written_end = end;
    }
    html.push_str(&text_with_matches(text, matches, Span::new(written_end, text.len())));
    PreEscaped(html)
}

/// Returns the span `part` of the text as HTML, and highlights the matches in it. No match may cross an end of the
/// span.
fn text_with_matches(text: &str, matches: &[Span], part: Span) -> String {
    let inside = matches.iter().filter(|span| part.start <= span.start && span.end <= part.end);
    let spans: Vec<Span> =
        inside.map(|span| Span::new(span.start - part.start, span.end - part.start)).collect();
    html_with_highlights(part.of(text), &spans)
}

/// Returns the interpretation of a figure: comparator, value and unit, as in "> 1,000,000,000,000 CNY".
fn figure_interpretation(quantity: &Quantity) -> String {
    let sign = quantity.comparator.sign();
    let unit = quantity.unit.map_or("", |unit| unit.name);
    let value = quantity.value.to_string();
    let (whole, fraction) = value.split_once('.').unwrap_or((&value, ""));
    let whole =
        whole.parse().map_or_else(|_| whole.to_owned(), super::super::messages::format_number);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign} {whole}{point}{fraction} {unit}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Index};

    #[test]
    fn figures_and_matches_are_marked_together() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        writer.add(&Document::new("a", "It grows.")).unwrap();
        writer.commit().unwrap();
        let document = index.searcher().unwrap().document_info("a").unwrap().unwrap();
        let text = "Exports rose to more than 1.5 trillion yuan.";
        let word = Span::new(0, 7);
        let html = text_with_marked_figures(text, &[word], &document).into_string();
        assert!(html.starts_with("<mark>Exports</mark> rose to"), "{html}");
        assert!(html.contains("1,500,000,000,000 CNY\">"), "{html}");
        let crossing = Span::new(text.find("trillion").unwrap(), text.len());
        let html = text_with_marked_figures(text, &[crossing], &document).into_string();
        assert!(!html.contains("figure") && html.contains("<mark>trillion yuan.</mark>"), "{html}");
    }
}
