//! Renders text for a terminal: wrapped lines, with coloured highlights.

use super::{
    Page,
    highlighted_text::split_at_highlights,
    link::linked_text,
    page::HitWithContext,
    sanitize::visible_text,
    snippet::{attribution, fragment_highlights, passages_with_remarks, title_or_id},
    wrap::wrap_lines,
};
use crate::{
    passage::Speaker,
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
    /// Whether the title of a release is a link to its original file or to its web address, for terminals that show
    /// links (OSC 8).
    pub links: bool,
}

/// Escape sequence that switches on bold yellow.
const HIGHLIGHT_ON: &str = "\u{1b}[1;33m";
/// Escape sequence that switches on bold.
const BOLD_ON: &str = "\u{1b}[1m";
/// Escape sequence that switches on dimmed text.
const DIM_ON: &str = "\u{1b}[2m";
/// Escape sequence that switches off all attributes of text.
const ATTRIBUTES_OFF: &str = "\u{1b}[0m";
/// Maximum number of words in the quotation that follows the name of a speaker on a line.
const MAX_SPEAKER_QUOTE_WORDS: usize = 6;
/// Maximum number of characters in the quotation that follows the name of a speaker on a line.
const MAX_SPEAKER_QUOTE_CHARS: usize = 40;
/// Indent of the lines below the title of a hit.
const INDENT: &str = "   ";
/// Indent of the passages before and after a hit.
const NEIGHBOUR_INDENT: &str = "      ";

/// Renders the hits of a page as text, separated by empty lines.
pub fn text<'a>(page: impl Into<Page<'a>>, style: Style) -> String {
    let hits: Vec<_> = page.into().hits().map(|passages| hit_text(&passages, style)).collect();
    hits.join("\n")
}

/// Renders one hit: the title of the release, then its passages.
fn hit_text(passages: &[HitWithContext<'_>], style: Style) -> String {
    let Some((Hit { rank, document, snippet, .. }, _)) = passages.first() else {
        return String::new();
    };
    let title = highlight(title_or_id(document), &snippet.title, style, BOLD_ON);
    let title = if style.links { linked_text(&title, document) } else { title };
    let passages = passages_with_remarks(passages)
        .map(|(passage, remarks)| passage_text(passage, &remarks, style));
    format!("{rank}. {title}\n{}", passages.collect::<String>())
}

fn passage_text((hit, context): HitWithContext<'_>, remarks: &[String], style: Style) -> String {
    let Hit { document, passage, snippet, explanation, .. } = hit;
    let mut text = String::new();
    for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
        text.push_str(&wrap_indented(&highlight(heading, spans, style, ""), style));
    }
    text.push_str(&attribution_line(document, passage, style));
    text.extend(context.iter().flat_map(|context| dimmed_neighbours(&context.before, style)));
    for fragment in &snippet.fragments {
        let ellipsis_before = if fragment.cut_before { "… " } else { "" };
        let ellipsis_after = if fragment.cut_after { " …" } else { "" };
        let highlighted_text = highlight(&fragment.text, &fragment_highlights(fragment), style, "");
        text.push_str(&wrap_indented(
            &format!("{ellipsis_before}{highlighted_text}{ellipsis_after}"),
            style,
        ));
    }
    text.extend(context.iter().flat_map(|context| dimmed_neighbours(&context.after, style)));
    text.extend(remarks.iter().map(|remark| wrap_dimmed(remark, INDENT, style)));
    for ScoreComponent { reason, score } in explanation {
        text.push_str(&wrap_dimmed(&format!("{score:>9.3}  {reason}"), INDENT, style));
    }
    text
}

/// Renders the passages before or after a hit as dimmed text, with a deeper indent than the hit.
fn dimmed_neighbours(passages: &[PassageInfo], style: Style) -> impl Iterator<Item = String> {
    passages.iter().map(move |passage| wrap_dimmed(&passage.text, NEIGHBOUR_INDENT, style))
}

/// Returns the line with the speaker, issuer, date, page, place (slide or cells) and id of a passage.
fn attribution_line(document: &DocumentInfo, passage: &PassageInfo, style: Style) -> String {
    let mut components = attribution(document, passage);
    components.push(passage.id.clone());
    let line = visible_text(&components.join(" · "));
    let (escape_before, escape_after) =
        if style.color { (DIM_ON, ATTRIBUTES_OFF) } else { ("", "") };
    format!("{INDENT}{escape_before}{line}{escape_after}\n")
}

/// Returns the line with the name and office of a speaker, the basis of the attribution, and the first words that the
/// person speaks.
fn speaker_line(speaker: &Speaker, passage: &PassageInfo, style: Style) -> String {
    let office = speaker.office.as_deref().filter(|office| !speaker.name.contains(office));
    let name_and_office =
        std::iter::once(speaker.name.as_str()).chain(office).collect::<Vec<_>>().join(", ");
    let inferred = if speaker.inferred { "inferred: " } else { "" };
    let words = speaker.span.of(&passage.text);
    let is_whole_passage = speaker.span.len() >= passage.text.trim_end().len();
    let first_words: Vec<&str> = words.split_whitespace().take(MAX_SPEAKER_QUOTE_WORDS).collect();
    let excerpt: String = first_words.join(" ").chars().take(MAX_SPEAKER_QUOTE_CHARS).collect();
    let excerpt = if is_whole_passage { String::new() } else { format!(": {excerpt} …") };
    let line = format!("speaker: {name_and_office} ({inferred}{}){excerpt}", speaker.basis.name());
    wrap_dimmed(&line, INDENT, style)
}

/// Renders the metadata of a document. Each field is one line, with the origin of its value.
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
        let is_inferred = document.inferred.iter().any(|field| field == name);
        let origin = match (document.origins.get(name), is_inferred) {
            (Some(origin), true) => format!(" (inferred: {origin})"),
            (Some(origin), false) => format!(" ({origin})"),
            (None, true) => " (inferred)".to_owned(),
            (None, false) => String::new(),
        };
        Some(format!("{name}: {}{origin}", value.filter(|value| !value.is_empty())?))
    });
    let metadata_lines = document.metadata.iter().map(|(name, value)| format!("{name}: {value}"));
    let copy_lines = document.also_at.iter().map(|path| format!("also at: {path}"));
    let lines = field_lines.chain(metadata_lines).chain(copy_lines);
    lines.map(|line| wrap_dimmed(&line, INDENT, style)).collect()
}

/// Renders the full text of a passage with `highlights`, below its headings, its attribution and its speakers.
pub fn passage(
    document: &DocumentInfo,
    passage: &PassageInfo,
    highlights: &[Span],
    style: Style,
) -> String {
    let headings =
        passage.headings.iter().map(|heading| wrap_indented(&visible_text(heading), style));
    let mut text: String = headings.collect();
    text.push_str(&attribution_line(document, passage, style));
    text.extend(passage.speakers.iter().map(|speaker| speaker_line(speaker, passage, style)));
    text.push_str(&wrap_indented(&highlight(&passage.text, highlights, style, ""), style));
    text
}

/// Replaces control characters of `text`, and highlights `spans` with colour, or with `**` if colour is off. If colour
/// is off, asterisks in `text` that look like a highlight are removed. `base` is the escape sequence that switches on
/// the colour of the text outside `spans`.
fn highlight(text: &str, spans: &[Span], style: Style, base: &str) -> String {
    let base = if style.color { base } else { "" };
    let mut highlighted_text = base.to_owned();
    let pieces = split_at_highlights(text, spans);
    for (index, &(piece, is_highlight)) in pieces.iter().enumerate() {
        let mut piece = visible_text(piece);
        if !style.color && !spans.is_empty() {
            let follows_highlight = index > 0 && !is_highlight;
            let precedes_highlight = index + 1 < pieces.len() && !is_highlight;
            piece = without_asterisk_runs(&piece, follows_highlight, precedes_highlight);
        }
        if !is_highlight {
            highlighted_text.push_str(&piece);
        } else if style.color {
            // Each word has its own colour sequence, so that a line may break at each space.
            for word in piece.split_inclusive(' ') {
                highlighted_text.extend([HIGHLIGHT_ON, word.trim_end(), ATTRIBUTES_OFF, base]);
                highlighted_text.push_str(if word.ends_with(' ') { " " } else { "" });
            }
        } else {
            highlighted_text.extend(["**", &piece, "**"]);
        }
    }
    highlighted_text.push_str(if base.is_empty() { "" } else { ATTRIBUTES_OFF });
    highlighted_text
}

/// Returns `text` without runs of two or more asterisks, which look like the start or the end of a highlight. A single
/// asterisk is removed only if it touches a highlight before or after `text`.
fn without_asterisk_runs(text: &str, follows_highlight: bool, precedes_highlight: bool) -> String {
    let mut text = text;
    if follows_highlight {
        text = text.trim_start_matches('*');
    }
    if precedes_highlight {
        text = text.trim_end_matches('*');
    }
    let asterisk_runs = text.split_inclusive(|c| c != '*');
    let is_asterisk_run = |run: &str| run.bytes().take_while(|byte| *byte == b'*').count() > 1;
    asterisk_runs
        .map(|run| if is_asterisk_run(run) { run.trim_start_matches('*') } else { run })
        .collect()
}

/// Wraps `text` into indented lines.
fn wrap_indented(text: &str, style: Style) -> String {
    let lines = wrap_lines(text, INDENT.len(), style.columns);
    lines.iter().flat_map(|line| [INDENT, line, "\n"]).collect()
}

/// Wraps plain `text` into dimmed lines. Each line begins with `indent`.
fn wrap_dimmed(text: &str, indent: &str, style: Style) -> String {
    let (escape_before, escape_after) =
        if style.color { (DIM_ON, ATTRIBUTES_OFF) } else { ("", "") };
    let lines = wrap_lines(&visible_text(text), indent.len(), style.columns);
    lines.iter().flat_map(|line| [indent, escape_before, line, escape_after, "\n"]).collect()
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
                let style = Style { color: false, columns, links: false };
                let rendered_text = wrap_indented(text, style);
                assert!(rendered_text.lines().count() > 1);
                // Closing punctuation stays on its line, even if the line becomes up to two columns too wide.
                for line in rendered_text.lines() {
                    let is_hanging = line.ends_with(['，', '。']);
                    assert!(
                        line.width() <= columns + 2 * usize::from(is_hanging),
                        "{rendered_text}"
                    );
                }
                assert_eq!(rendered_text.replace([' ', '\n'], ""), text.replace(' ', ""));
            }
        }
    }

    #[test]
    fn colour_sequences_take_no_columns() {
        let text = "广州市 flying car 预算安排和执行情况的报告 one two three four five six";
        let spans = [Span::new(10, 20), Span::new(21, 33)];
        let plain = |rendered_text: &str| {
            rendered_text.replace(HIGHLIGHT_ON, "").replace(ATTRIBUTES_OFF, "")
        };
        for columns in 23..60 {
            let rendered_text = wrap_indented(
                &highlight(text, &spans, Style { color: true, columns, links: false }, ""),
                Style { color: true, columns, links: false },
            );
            for line in plain(&rendered_text).lines() {
                assert!(line.width() <= columns, "{line}");
            }
        }
    }

    #[test]
    fn highlights_are_coloured() {
        let style = Style { color: true, columns: 80, links: false };
        assert_eq!(
            highlight("a flying car", &[Span::new(2, 12)], style, ""),
            "a \u{1b}[1;33mflying\u{1b}[0m \u{1b}[1;33mcar\u{1b}[0m"
        );
        let plain_style = Style { color: false, columns: 80, links: false };
        assert_eq!(
            highlight("a flying car", &[Span::new(2, 12)], plain_style, BOLD_ON),
            "a **flying car**"
        );
    }

    #[test]
    fn highlights_differ_from_asterisks_of_the_text() {
        let style = Style { color: false, columns: 80, links: false };
        for (text, word, expected) in [
            ("**Child Tax** Credit", "Child", "**Child** Tax Credit"),
            ("*Child* tax", "Child", "**Child** tax"),
            ("a ***car*** is **new**", "car", "a **car** is new"),
            ("car* 2 * 3 **", "car", "**car** 2 * 3 "),
            ("**bold** text", "", "**bold** text"),
        ] {
            let start = text.find(word).unwrap();
            let span = Span::new(start, start + word.len());
            let spans = if word.is_empty() { vec![] } else { vec![span] };
            assert_eq!(highlight(text, &spans, style, ""), expected);
        }
        let colored_style = Style { color: true, columns: 80, links: false };
        let colored_text = highlight("**car** b", &[Span::new(2, 5)], colored_style, "");
        assert!(
            colored_text.starts_with("**\u{1b}") && colored_text.ends_with("** b"),
            "{colored_text:?}"
        );
    }

    #[test]
    fn neighbours_surround_a_hit() {
        let results = sample::results_with_markup();
        let mut neighbour = results.hits[0].passage.clone();
        neighbour.text = "Before\u{1b}[31m.".to_owned();
        let contexts = [crate::render::Context { before: vec![neighbour], after: Vec::new() }];
        let style = Style { color: false, columns: 80, links: false };
        let rendered_text = text(Page::new(&results, &contexts), style);
        assert_eq!(
            rendered_text,
            "1. <script>alert(1)</script>\n   One, \"two\"\n   <h1> & **three**\n   Mr. *A* · Bureau | _B_ · 2025-12-17 · page 3 · <i>\"#0\n      Before\u{FFFD}[31m.\n   <b>a & \"**car**\"</b>, 广州 *bold* …\n   without: <port>\n   +2 more in this release\n"
        );
        let colored_text =
            text(Page::new(&results, &contexts), Style { color: true, columns: 80, links: false });
        assert!(
            colored_text.contains("      \u{1b}[2mBefore\u{FFFD}[31m.\u{1b}[0m\n"),
            "{colored_text}"
        );
    }

    #[test]
    fn titles_are_links_only_on_request() {
        let mut results = sample::results_with_markup();
        results.hits[0].document.url = Some("https://a.b/\u{1b}]8;;c\u{7}".to_owned());
        results.hits[0].document.title = Some("Title\u{1b}]8;;c\u{7}".to_owned());
        let style = Style { color: false, columns: 80, links: false };
        assert!(!text(&results, style).contains('\u{1b}'));
        let linked_text = text(&results, Style { links: true, ..style });
        let title =
            "\u{1b}]8;;https://a.b/%1B]8;;c%07\u{1b}\\Title\u{FFFD}]8;;c\u{FFFD}\u{1b}]8;;\u{1b}\\";
        assert!(linked_text.starts_with(&format!("1. {title}\n")), "{linked_text:?}");
        assert_eq!(linked_text.replace(title, "").matches('\u{1b}').count(), 0);
    }
}
