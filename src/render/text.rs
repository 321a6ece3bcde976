//! Results → text for people at a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{
    Page,
    page::Context,
    snippet::{attribution, inside, more, stretches, title_or_id},
};
use crate::{
    search::{DocumentInfo, Hit, PassageInfo, ScoreComponent},
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
const NEIGHBOUR: &str = "      ";
/// Narrower lines than that would not be read.
const LEAST_ROOM: usize = 20;

/// The hits of a page, an empty line between two.
pub fn text<'a>(page: impl Into<Page<'a>>, style: Style) -> String {
    let hits: Vec<_> =
        page.into().hits().map(|(found, context)| hit(found, context, style)).collect();
    hits.join("\n")
}

fn hit(hit: &Hit, context: Option<&Context>, style: Style) -> String {
    let Hit { rank, document, passage, snippet, explanation, .. } = hit;
    let mut shown =
        format!("{rank}. {}\n", marked(title_or_id(document), &snippet.title, style, BOLD));
    for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
        shown.push_str(&wrapped(&marked(heading, spans, style, ""), style));
    }
    shown.push_str(&said(document, passage, style));
    shown.extend(context.iter().flat_map(|context| neighbours(&context.before, style)));
    for fragment in &snippet.fragments {
        let before = if fragment.cut_before { "… " } else { "" };
        let after = if fragment.cut_after { " …" } else { "" };
        let text = marked(&fragment.text, &inside(fragment), style, "");
        shown.push_str(&wrapped(&format!("{before}{text}{after}"), style));
    }
    shown.extend(context.iter().flat_map(|context| neighbours(&context.after, style)));
    if let Some(more) = more(hit) {
        shown.push_str(&dimmed(&more, INDENT, style));
    }
    for ScoreComponent { what, score } in explanation {
        shown.push_str(&dimmed(&format!("{score:>9.3}  {what}"), INDENT, style));
    }
    shown
}

/// Passages around a hit: further in than the hit, and dimmed.
fn neighbours(passages: &[PassageInfo], style: Style) -> impl Iterator<Item = String> {
    passages.iter().map(move |passage| dimmed(&passage.text, NEIGHBOUR, style))
}

/// Who announces and says it, when, and where it stands.
fn said(document: &DocumentInfo, passage: &PassageInfo, style: Style) -> String {
    let mut parts = attribution(document, passage);
    parts.push(passage.id.clone());
    let line = visible(&parts.join(" · "));
    let (on, off) = if style.color { (DIM, RESET) } else { ("", "") };
    format!("{INDENT}{on}{line}{off}\n")
}

/// What is known about a document, a line for each field, with where it was found.
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
    let known = fields.into_iter().filter_map(|(name, value)| {
        let inferred = document.inferred.iter().any(|inferred| inferred == name);
        let origin = match (document.origins.get(name), inferred) {
            (Some(origin), true) => format!(" (inferred: {origin})"),
            (Some(origin), false) => format!(" ({origin})"),
            (None, true) => " (inferred)".to_owned(),
            (None, false) => String::new(),
        };
        Some(format!("{name}: {}{origin}", value.filter(|value| !value.is_empty())?))
    });
    let rest = document.metadata.iter().map(|(name, value)| format!("{name}: {value}"));
    let copies = document.also_at.iter().map(|path| format!("also at: {path}"));
    known.chain(rest).chain(copies).map(|line| dimmed(&line, INDENT, style)).collect()
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
    shown.push_str(&said(document, passage, style));
    shown.push_str(&wrapped(&marked(&passage.text, highlights, style, ""), style));
    shown
}

/// `text` made visible, with `spans` in colour, or between asterisks where there is none, and the
/// rest in `base`.
fn marked(text: &str, spans: &[Span], style: Style, base: &str) -> String {
    let base = if style.color { base } else { "" };
    let mut shown = base.to_owned();
    for (stretch, highlighted) in stretches(text, spans) {
        let stretch = visible(stretch);
        if !highlighted {
            shown.push_str(&stretch);
        } else if style.color {
            // Colour again after each space, so that a line may be broken there.
            for word in stretch.split_inclusive(' ') {
                shown.extend([MARK, word.trim_end(), RESET, base]);
                shown.push_str(if word.ends_with(' ') { " " } else { "" });
            }
        } else {
            shown.extend(["**", &stretch, "**"]);
        }
    }
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
    text.chars().map(visible_char).collect()
}

pub(super) fn visible_char(c: char) -> char {
    match c {
        '\n' | '\t' | '\r' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c if c.is_control() => '\u{FFFD}',
        c => c,
    }
}

/// `text` in indented lines of at most the width of the terminal.
fn wrapped(text: &str, style: Style) -> String {
    lines(text, INDENT, style).iter().flat_map(|line| [INDENT, line, "\n"]).collect()
}

/// Plain `text` in lines that are indented by `indent` and dimmed.
fn dimmed(text: &str, indent: &str, style: Style) -> String {
    let (on, off) = if style.color { (DIM, RESET) } else { ("", "") };
    let lines = lines(&visible(text), indent, style);
    lines.iter().flat_map(|line| [indent, on, line, off, "\n"]).collect()
}

/// `text` in lines that fit the terminal behind `indent`.
fn lines(text: &str, indent: &str, style: Style) -> Vec<String> {
    let room = style.columns.saturating_sub(indent.len()).max(LEAST_ROOM);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(text).iter().flat_map(|piece| fitting(piece, room)) {
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
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// A piece that is wider than a line, an address perhaps, in parts that are not; colours stay whole.
fn fitting(piece: &str, room: usize) -> Vec<String> {
    if columns(piece.trim_end()) <= room || piece.contains('\u{1b}') {
        return vec![piece.to_owned()];
    }
    let mut parts: Vec<String> = vec![String::new()];
    for grapheme in piece.graphemes(true) {
        match parts.last_mut() {
            Some(last) if columns(last) + columns(grapheme) <= room => last.push_str(grapheme),
            _ => parts.push(grapheme.to_owned()),
        }
    }
    parts
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
    use crate::render::sample;

    #[test]
    fn lines_keep_to_the_width() {
        let address = "https://127.0.0.1/".repeat(5);
        for text in [
            "one two three four five six seven eight nine ten",
            "预算安排和执行情况的报告，已经审议通过，现予公布。请遵照执行。",
            "ＡＩ 😀😀😀 👩‍👩‍👧‍👦👩‍👩‍👧‍👦 🇨🇳🇨🇳 e\u{301}te\u{301} 广州 flying car 预算安排和执行情况的报告",
            &address,
        ] {
            for columns in 23..40 {
                let style = Style { color: false, columns };
                let shown = wrapped(text, style);
                assert!(shown.lines().count() > 1);
                // A closing mark stays on its line, even where it takes two columns too many.
                for line in shown.lines() {
                    let hanging = line.ends_with(['，', '。']);
                    assert!(line.width() <= columns + 2 * usize::from(hanging), "{shown}");
                }
                assert_eq!(shown.replace([' ', '\n'], ""), text.replace(' ', ""));
            }
        }
    }

    #[test]
    fn colours_take_no_columns() {
        let text = "广州市 flying car 预算安排和执行情况的报告 one two three four five six";
        let spans = [Span::new(10, 20), Span::new(21, 33)];
        let plain = |shown: &str| shown.replace(MARK, "").replace(RESET, "");
        for columns in 23..60 {
            let shown = wrapped(
                &marked(text, &spans, Style { color: true, columns }, ""),
                Style { color: true, columns },
            );
            for line in plain(&shown).lines() {
                assert!(line.width() <= columns, "{line}");
            }
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

    #[test]
    fn a_hit_in_its_context() {
        let results = sample::hostile();
        let mut neighbour = results.hits[0].passage.clone();
        neighbour.text = "Before\u{1b}[31m.".to_owned();
        let contexts = [Context { before: vec![neighbour], after: Vec::new() }];
        let style = Style { color: false, columns: 80 };
        let shown = text(Page::new(&results, &contexts), style);
        assert_eq!(
            shown,
            "1. <script>alert(1)</script>\n   One, \"two\"\n   <h1> & **three**\n   Mr. *A* · Bureau | _B_ · 2025-12-17 · page 3 · <i>\"#0\n      Before\u{FFFD}[31m.\n   <b>a & \"**car**\"</b>, 广州 *bold* …\n   +2 more in this document\n"
        );
        let colored = text(Page::new(&results, &contexts), Style { color: true, columns: 80 });
        assert!(colored.contains("      \u{1b}[2mBefore\u{FFFD}[31m.\u{1b}[0m\n"), "{colored}");
    }
}
