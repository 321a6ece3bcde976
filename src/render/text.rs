//! Text output for a terminal: wrapped lines, with coloured highlights.

use super::{
    Page,
    page::Context,
    sanitize::visible,
    snippet::{
        attribution, describe_collapsed, describe_missing, fragment_highlights, stretches,
        title_or_id,
    },
    wrap::wrap_lines,
};
use crate::{
    search::{DocumentInfo, Hit, PassageInfo, ScoreComponent},
    span::Span,
};

/// Colour mode and line width of text output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour highlights. Without colour, `**` encloses each highlight.
    pub color: bool,
    /// Maximum width of a line in terminal columns.
    pub columns: usize,
}

const HIGHLIGHT: &str = "\u{1b}[1;33m";
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const RESET: &str = "\u{1b}[0m";
const INDENT: &str = "   ";
const NEIGHBOUR_INDENT: &str = "      ";

/// Renders the hits of a page as text, separated by empty lines.
pub fn text<'a>(page: impl Into<Page<'a>>, style: Style) -> String {
    let hits: Vec<_> =
        page.into().hits().map(|(hit, context)| hit_text(hit, context, style)).collect();
    hits.join("\n")
}

fn hit_text(hit: &Hit, context: Option<&Context>, style: Style) -> String {
    let Hit { rank, document, passage, snippet, explanation, .. } = hit;
    let title = highlight(title_or_id(document), &snippet.title, style, BOLD);
    let mut text = format!("{rank}. {title}\n");
    for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
        text.push_str(&indented(&highlight(heading, spans, style, ""), style));
    }
    text.push_str(&attribution_line(document, passage, style));
    text.extend(context.iter().flat_map(|context| neighbours(&context.before, style)));
    for fragment in &snippet.fragments {
        let before = if fragment.cut_before { "… " } else { "" };
        let after = if fragment.cut_after { " …" } else { "" };
        let highlighted = highlight(&fragment.text, &fragment_highlights(fragment), style, "");
        text.push_str(&indented(&format!("{before}{highlighted}{after}"), style));
    }
    text.extend(context.iter().flat_map(|context| neighbours(&context.after, style)));
    for line in describe_missing(hit).into_iter().chain(describe_collapsed(hit)) {
        text.push_str(&dimmed(&line, INDENT, style));
    }
    for ScoreComponent { what, score } in explanation {
        text.push_str(&dimmed(&format!("{score:>9.3}  {what}"), INDENT, style));
    }
    text
}

/// Renders the passages before or after a hit dimmed, with a deeper indent than the hit.
fn neighbours(passages: &[PassageInfo], style: Style) -> impl Iterator<Item = String> {
    passages.iter().map(move |passage| dimmed(&passage.text, NEIGHBOUR_INDENT, style))
}

/// Returns the line with the speaker, issuer, date, page and id of a passage.
fn attribution_line(document: &DocumentInfo, passage: &PassageInfo, style: Style) -> String {
    let mut parts = attribution(document, passage);
    parts.push(passage.id.clone());
    let line = visible(&parts.join(" · "));
    let (on, off) = if style.color { (DIM, RESET) } else { ("", "") };
    format!("{INDENT}{on}{line}{off}\n")
}

/// Renders the metadata of a document as one line for each field, with the origin of the value.
pub fn document_metadata(document: &DocumentInfo, style: Style) -> String {
    let date = document.date.map(|date| date.to_string());
    let fields = [
        ("title", document.title.as_ref()),
        ("date", date.as_ref()),
        ("issuer", document.issuer.as_ref()),
        ("number", document.number.as_ref()),
        ("url", document.url.as_ref()),
        ("lang", Some(&document.lang)),
    ];
    let field_lines = fields.into_iter().filter_map(|(name, value)| {
        let inferred = document.inferred.iter().any(|inferred| inferred == name);
        let origin = match (document.origins.get(name), inferred) {
            (Some(origin), true) => format!(" (inferred: {origin})"),
            (Some(origin), false) => format!(" ({origin})"),
            (None, true) => " (inferred)".to_owned(),
            (None, false) => String::new(),
        };
        Some(format!("{name}: {}{origin}", value.filter(|value| !value.is_empty())?))
    });
    let other_lines = document.metadata.iter().map(|(name, value)| format!("{name}: {value}"));
    let copies = document.also_at.iter().map(|path| format!("also at: {path}"));
    let lines = field_lines.chain(other_lines).chain(copies);
    lines.map(|line| dimmed(&line, INDENT, style)).collect()
}

/// Renders the full text of a passage with `highlights`, below its headings and attribution.
pub fn passage(
    document: &DocumentInfo,
    passage: &PassageInfo,
    highlights: &[Span],
    style: Style,
) -> String {
    let headings = passage.headings.iter().map(|heading| indented(&visible(heading), style));
    let mut text: String = headings.collect();
    text.push_str(&attribution_line(document, passage, style));
    text.push_str(&indented(&highlight(&passage.text, highlights, style, ""), style));
    text
}

/// Replaces control characters of `text` and highlights `spans` with colour, or with `**` without colour. `base` is the
/// escape sequence of the text outside `spans`.
fn highlight(text: &str, spans: &[Span], style: Style, base: &str) -> String {
    let base = if style.color { base } else { "" };
    let mut highlighted = base.to_owned();
    for (stretch, is_highlight) in stretches(text, spans) {
        let stretch = visible(stretch);
        if !is_highlight {
            highlighted.push_str(&stretch);
        } else if style.color {
            // Each word has its own colour sequence, so that a line may break at each space.
            for word in stretch.split_inclusive(' ') {
                highlighted.extend([HIGHLIGHT, word.trim_end(), RESET, base]);
                highlighted.push_str(if word.ends_with(' ') { " " } else { "" });
            }
        } else {
            highlighted.extend(["**", &stretch, "**"]);
        }
    }
    highlighted.push_str(if base.is_empty() { "" } else { RESET });
    highlighted
}

/// Wraps `text` into indented lines.
fn indented(text: &str, style: Style) -> String {
    let lines = wrap_lines(text, INDENT.len(), style.columns);
    lines.iter().flat_map(|line| [INDENT, line, "\n"]).collect()
}

/// Wraps plain `text` into dimmed lines. Each line begins with `indent`.
fn dimmed(text: &str, indent: &str, style: Style) -> String {
    let (on, off) = if style.color { (DIM, RESET) } else { ("", "") };
    let lines = wrap_lines(&visible(text), indent.len(), style.columns);
    lines.iter().flat_map(|line| [indent, on, line, off, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::render::sample;

    #[test]
    fn lines_fit_the_width() {
        let address = "https://127.0.0.1/".repeat(5);
        for text in [
            "one two three four five six seven eight nine ten",
            "预算安排和执行情况的报告，已经审议通过，现予公布。请遵照执行。",
            "ＡＩ 😀😀😀 👩‍👩‍👧‍👦👩‍👩‍👧‍👦 🇨🇳🇨🇳 e\u{301}te\u{301} 广州 flying car 预算安排和执行情况的报告",
            &address,
        ] {
            for columns in 23..40 {
                let style = Style { color: false, columns };
                let rendered = indented(text, style);
                assert!(rendered.lines().count() > 1);
                // Closing punctuation stays on its line, even if the line becomes up to two columns too wide.
                for line in rendered.lines() {
                    let hanging = line.ends_with(['，', '。']);
                    assert!(line.width() <= columns + 2 * usize::from(hanging), "{rendered}");
                }
                assert_eq!(rendered.replace([' ', '\n'], ""), text.replace(' ', ""));
            }
        }
    }

    #[test]
    fn colour_sequences_take_no_columns() {
        let text = "广州市 flying car 预算安排和执行情况的报告 one two three four five six";
        let spans = [Span::new(10, 20), Span::new(21, 33)];
        let plain = |rendered: &str| rendered.replace(HIGHLIGHT, "").replace(RESET, "");
        for columns in 23..60 {
            let rendered = indented(
                &highlight(text, &spans, Style { color: true, columns }, ""),
                Style { color: true, columns },
            );
            for line in plain(&rendered).lines() {
                assert!(line.width() <= columns, "{line}");
            }
        }
    }

    #[test]
    fn highlights_are_coloured() {
        let style = Style { color: true, columns: 80 };
        assert_eq!(
            highlight("a flying car", &[Span::new(2, 12)], style, ""),
            "a \u{1b}[1;33mflying\u{1b}[0m \u{1b}[1;33mcar\u{1b}[0m"
        );
        let plain = Style { color: false, columns: 80 };
        assert_eq!(highlight("a flying car", &[Span::new(2, 12)], plain, BOLD), "a **flying car**");
    }

    #[test]
    fn neighbours_surround_a_hit() {
        let results = sample::hostile();
        let mut neighbour = results.hits[0].passage.clone();
        neighbour.text = "Before\u{1b}[31m.".to_owned();
        let contexts = [Context { before: vec![neighbour], after: Vec::new() }];
        let style = Style { color: false, columns: 80 };
        let rendered = text(Page::new(&results, &contexts), style);
        assert_eq!(
            rendered,
            "1. <script>alert(1)</script>\n   One, \"two\"\n   <h1> & **three**\n   Mr. *A* · Bureau | _B_ · 2025-12-17 · page 3 · <i>\"#0\n      Before\u{FFFD}[31m.\n   <b>a & \"**car**\"</b>, 广州 *bold* …\n   +2 more in this document\n"
        );
        let colored = text(Page::new(&results, &contexts), Style { color: true, columns: 80 });
        assert!(colored.contains("      \u{1b}[2mBefore\u{FFFD}[31m.\u{1b}[0m\n"), "{colored}");
    }
}
