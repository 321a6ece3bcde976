//! Results → text for people at a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::{
    search::{DocumentInfo, Hit, PassageInfo, SearchResults},
    span::Span,
};

/// How text is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether highlights are coloured; otherwise they stand between asterisks.
    pub color: bool,
    /// How many columns a line has.
    pub columns: usize,
}

const MARK: &str = "\u{1b}[1;33m";
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const RESET: &str = "\u{1b}[0m";
const INDENT: &str = "   ";

/// The hits of a page, an empty line between two.
pub fn text(results: &SearchResults, style: Style) -> String {
    results.hits.iter().map(|found| hit(found, style)).collect::<Vec<_>>().join("\n")
}

fn hit(hit: &Hit, style: Style) -> String {
    let Hit { rank, document, passage, snippet, .. } = hit;
    let title = document.title.as_deref().unwrap_or(&document.id);
    let mut shown = format!("{rank}. {}\n", marked(title, &snippet.title, style, BOLD));
    for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
        shown.push_str(&wrapped(&marked(heading, spans, style, ""), style));
    }
    shown.push_str(&attribution(document, passage, style));
    for fragment in &snippet.fragments {
        let inside: Vec<Span> = fragment
            .highlights
            .iter()
            .map(|span| Span::new(span.start - fragment.span.start, span.end - fragment.span.start))
            .collect();
        let before = if fragment.cut_before { "… " } else { "" };
        let after = if fragment.cut_after { " …" } else { "" };
        shown.push_str(&wrapped(
            &format!("{before}{}{after}", marked(&fragment.text, &inside, style, "")),
            style,
        ));
    }
    shown
}

/// Who announces and says it, when, and where it stands.
fn attribution(document: &DocumentInfo, passage: &PassageInfo, style: Style) -> String {
    let date = document.date.map(|date| date.to_string());
    let parts =
        [passage.speaker.as_deref(), passage.issuer.as_deref(), date.as_deref(), Some(&passage.id)];
    let line = parts.into_iter().flatten().map(visible).collect::<Vec<_>>().join(" · ");
    let (on, off) = if style.color { (DIM, RESET) } else { ("", "") };
    format!("{INDENT}{on}{line}{off}\n")
}

/// A passage in full, with `highlights` in it.
pub fn passage(
    document: &DocumentInfo,
    passage: &PassageInfo,
    highlights: &[Span],
    style: Style,
) -> String {
    let headings = passage.headings.iter().map(|heading| wrapped(&visible(heading), style));
    let mut shown: String = headings.collect();
    shown.push_str(&attribution(document, passage, style));
    shown.push_str(&wrapped(&marked(&passage.text, highlights, style, ""), style));
    shown
}

/// `text` made visible, with `spans` in colour, or between asterisks where there is none, and the
/// rest in `base`.
fn marked(text: &str, spans: &[Span], style: Style, base: &str) -> String {
    let base = if style.color { base } else { "" };
    let mut shown = base.to_owned();
    let mut at = 0;
    for span in spans {
        shown.push_str(&visible(Span::new(at, span.start).of(text)));
        let inside = visible(span.of(text));
        if style.color {
            // Colour again after each space, so that a line may be broken there.
            for word in inside.split_inclusive(' ') {
                shown.extend([MARK, word.trim_end(), RESET, base]);
                shown.push_str(if word.ends_with(' ') { " " } else { "" });
            }
        } else {
            shown.extend(["**", &inside, "**"]);
        }
        at = span.end;
    }
    shown.push_str(&visible(text.get(at..).unwrap_or_default()));
    shown.push_str(if base.is_empty() { "" } else { RESET });
    shown
}

/// `text` as it may reach a terminal: white space as spaces; control characters and those that turn
/// the direction of writing replaced, so that no document steers the terminal.
///
/// ```
/// assert_eq!(gz_search::render::visible("a\u{1b}[31m\tb"), "a\u{FFFD}[31m b");
/// ```
pub fn visible(text: &str) -> String {
    let safe = |c: char| match c {
        '\n' | '\t' | '\r' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    };
    text.chars().map(safe).collect()
}

/// `text` in indented lines of at most the width of the terminal.
fn wrapped(text: &str, style: Style) -> String {
    let room = style.columns.saturating_sub(INDENT.len()).max(20);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(text) {
        let width = columns(&piece);
        if used + columns(piece.trim_end()) > room && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        let blank = used == 0 && piece.trim().is_empty();
        if let Some(line) = lines.last_mut().filter(|_| !blank) {
            line.push_str(&piece);
            used += width;
        }
    }
    lines.iter().flat_map(|line| [INDENT, line.trim_end(), "\n"]).collect()
}

/// What a line may be broken after: spaces and Han characters, but not before closing marks.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![String::new()];
    for grapheme in text.graphemes(true) {
        let wide = |piece: &String| {
            piece
                .graphemes(true)
                .next_back()
                .is_some_and(|last| last.width() > 1 && !"（《「『“".contains(last))
        };
        let closing = grapheme.starts_with([
            '，', '。', '、', '；', '：', '！', '？', '）', '》', '」', '』', '”', '\u{1b}', ',',
            '.', ')',
        ]);
        let broken =
            pieces.last().is_some_and(|piece| piece.ends_with(' ') || (wide(piece) && !closing));
        match pieces.last_mut() {
            Some(piece) if !broken => piece.push_str(grapheme),
            _ => pieces.push(grapheme.to_owned()),
        }
    }
    pieces
}

/// The width of `text` at a terminal; colours take none.
fn columns(text: &str) -> usize {
    let mut parts = text.split('\u{1b}');
    let plain = parts.next().unwrap_or_default().width();
    plain
        + parts.map(|part| part.split_once('m').map_or(0, |(_, rest)| rest.width())).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_the_width() {
        let style = Style { color: false, columns: 30 };
        for text in [
            "one two three four five six seven eight nine ten",
            "预算安排和执行情况的报告，已经审议通过，现予公布。请遵照执行。",
        ] {
            let shown = wrapped(text, style);
            assert!(shown.lines().count() > 1);
            assert!(shown.lines().all(|line| line.width() <= 32), "{shown}");
            assert_eq!(shown.replace([' ', '\n'], ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn marks_are_coloured() {
        let style = Style { color: true, columns: 80 };
        assert_eq!(
            marked("a flying car", &[Span::new(2, 12)], style, ""),
            "a \u{1b}[1;33mflying\u{1b}[0m \u{1b}[1;33mcar\u{1b}[0m"
        );
        let plain = Style { color: false, columns: 80 };
        assert_eq!(marked("a flying car", &[Span::new(2, 12)], plain, BOLD), "a **flying car**");
    }
}
