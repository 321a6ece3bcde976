//! Renders Markdown: a numbered list of hits. Highlights are bold, and all texts are escaped.

use super::{
    Page,
    highlighted_text::split_at_highlights,
    page::HitWithContext,
    sanitize::visible_text,
    snippet::{attribution, passages_with_remarks, snippet_line, title_or_id},
};
use crate::{
    search::{Hit, PassageInfo},
    span::Span,
};

/// Renders the hits of a page as a numbered list. Each item ends with the id of its passage.
pub fn markdown<'a>(page: impl Into<Page<'a>>) -> String {
    let hits: Vec<_> = page.into().hits().map(|passages| hit_list_item(&passages)).collect();
    hits.join("\n")
}

/// Renders one hit: the title of the release, then its passages.
fn hit_list_item(passages: &[HitWithContext<'_>]) -> String {
    let Some((Hit { rank, document, snippet, .. }, _)) = passages.first() else {
        return String::new();
    };
    let number = format!("{rank}. ");
    let mut item = format!("{number}{}\n", bold_highlights(title_or_id(document), &snippet.title));
    // All blocks of a list item after the first are indented by the width of the number.
    let indent = " ".repeat(number.len());
    item.extend(
        passages_with_remarks(passages)
            .map(|(passage, remarks)| passage_blocks(passage, &remarks, &indent)),
    );
    item
}

fn passage_blocks((hit, context): HitWithContext<'_>, remarks: &[String], indent: &str) -> String {
    let Hit { document, passage, snippet, .. } = hit;
    let mut item = String::new();
    let mut push_block = |quote: &str, text: &str| {
        item.extend(["\n", indent, quote, text, "\n"]);
    };
    let headings = passage.headings.iter().zip(&snippet.headings);
    let headings: Vec<_> =
        headings.map(|(heading, spans)| bold_highlights(heading, spans)).collect();
    if !headings.is_empty() {
        push_block("", &headings.join(" \\> "));
    }
    let attribution = attribution(document, passage);
    if !attribution.is_empty() {
        push_block("", &escape_line(&attribution.join(" · ")));
    }
    let context_texts = |passages: &[PassageInfo]| -> Vec<String> {
        passages.iter().map(|passage| escape_line(&passage.text)).collect()
    };
    let (texts_before, texts_after) = context
        .map(|context| (context_texts(&context.before), context_texts(&context.after)))
        .unwrap_or_default();
    for text in texts_before {
        push_block("", &text);
    }
    push_block("> ", &snippet_line(snippet, &passage.text, bold_highlights));
    for text in texts_after {
        push_block("", &text);
    }
    let remarks: String =
        remarks.iter().flat_map(|remark| [" ".to_owned(), escape_line(remark)]).collect();
    push_block("", &format!("\\[{}\\]{remarks}", escape_line(&passage.id)));
    item
}

/// Escapes `text` and makes `spans` bold. In Markdown, bold text cannot begin or end with punctuation that touches a
/// letter outside the bold text, such as the `%` of `5%` in `增长5%左右`. Such punctuation is not bold.
fn bold_highlights(text: &str, spans: &[Span]) -> String {
    let spans: Vec<Span> =
        spans.iter().map(|&span| without_outer_punctuation(text, span)).collect();
    let mut markdown = String::new();
    for (piece, highlighted) in split_at_highlights(text, &spans) {
        let delimiter = if highlighted { "**" } else { "" };
        let escaped_piece =
            if markdown.is_empty() { escape_line(piece) } else { escape_inline(piece) };
        markdown.extend([delimiter, &escaped_piece, delimiter]);
    }
    markdown
}

/// Returns `span` without the punctuation at its start if a letter or digit directly precedes the span, and without the
/// punctuation at its end if a letter or digit directly follows the span.
fn without_outer_punctuation(text: &str, span: Span) -> Span {
    let Span { mut start, mut end } = span;
    let char_before = text.get(..start).and_then(|before| before.chars().next_back());
    let char_after = text.get(end..).and_then(|after| after.chars().next());
    let is_punctuation = |c: char| !c.is_alphanumeric();
    if char_before.is_some_and(char::is_alphanumeric) {
        start = end - span.of(text).trim_start_matches(is_punctuation).len();
    }
    if char_after.is_some_and(char::is_alphanumeric) {
        end = start + Span::new(start, end).of(text).trim_end_matches(is_punctuation).len();
    }
    Span::new(start, end)
}

/// Escapes `text` for use at the start of a line.
pub(super) fn escape_line(text: &str) -> String {
    let escaped_text = escape_inline(text);
    let digit_count = escaped_text.bytes().take_while(u8::is_ascii_digit).count();
    let after_digits = escaped_text.get(digit_count..).unwrap_or_default();
    match after_digits.chars().next() {
        // These characters begin a list or underline a heading.
        Some('+' | '-' | '=') if digit_count == 0 => format!("\\{after_digits}"),
        Some('.' | ')') if digit_count > 0 => {
            format!("{}\\{after_digits}", escaped_text.get(..digit_count).unwrap_or_default())
        }
        _ => escaped_text,
    }
}

/// Escapes `text` for use in the middle of a line.
pub(super) fn escape_inline(text: &str) -> String {
    let text = visible_text(text);
    let mut escaped_text = String::with_capacity(text.len());
    for c in text.chars() {
        let is_special = matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '&'
                | '~'
                | '|'
                | '#'
                | '$'
                | '^'
                | '!'
        );
        if is_special {
            escaped_text.push('\\');
        }
        escaped_text.push(c);
    }
    escaped_text
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;
    use crate::render::sample;

    /// All extensions of the parser except typographic quotes and dashes.
    const PARSER_OPTIONS: Options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION);

    /// Parses Markdown. Returns the text without markup, and the bold text.
    fn parse_markdown(markdown: &str) -> (String, String) {
        let (mut all_text, mut bold_text, mut is_bold) = (String::new(), String::new(), false);
        for event in Parser::new_ext(markdown, PARSER_OPTIONS) {
            match event {
                Event::Start(Tag::Strong) => is_bold = true,
                Event::End(pulldown_cmark::TagEnd::Strong) => is_bold = false,
                Event::Text(text) => {
                    all_text.push_str(&text);
                    bold_text.push_str(if is_bold { &text } else { "" });
                }
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                other => panic!("{other:?} in {markdown}"),
            }
        }
        (all_text, bold_text)
    }

    #[test]
    fn escaped_text_is_parsed_as_itself() {
        for (text, span) in [
            ("a flying car", (2, 8)),
            ("*a* _b_ `c` [d](e) ![f](g) <b>h</b> &amp; ~~i~~ | $j$ ^k^", (0, 0)),
            ("# heading", (2, 9)),
            ("1. one", (3, 6)),
            ("12) one", (0, 2)),
            ("- item", (2, 6)),
            ("+ item", (0, 0)),
            ("=== line", (4, 8)),
            ("--- line", (0, 0)),
            ("> quote", (2, 7)),
            ("广州市", (3, 6)),
            ("back\\slash http://a.b/_c_", (0, 4)),
        ] {
            let spans = if span == (0, 0) { vec![] } else { vec![Span::from(span)] };
            let (all_text, bold_text) = parse_markdown(&bold_highlights(text, &spans));
            assert_eq!(all_text, text);
            assert_eq!(bold_text, Span::from(span).of(text), "{text}");
        }
    }

    #[test]
    fn punctuation_beside_letters_is_not_bold() {
        for (text, highlight, bold) in [
            ("增长5%左右", "5%", "5"),
            ("增长5%。", "5%", "5%"),
            ("费用$5亿", "$5", "5"),
            ("a $5 fee", "$5", "$5"),
            ("**Child Tax** b", "Child", "Child"),
            ("x%y", "%", ""),
        ] {
            let start = text.find(highlight).unwrap();
            let span = Span::new(start, start + highlight.len());
            let (all_text, bold_text) = parse_markdown(&bold_highlights(text, &[span]));
            assert_eq!((all_text.as_str(), bold_text.as_str()), (text, bold));
        }
    }

    #[test]
    fn hits_are_list_items() {
        let rendered_list = markdown(&sample::results_with_markup());
        for expected in [
            "1. \\<script\\>alert(1)\\</script\\>",
            "\n   Mr. \\*A\\* · Bureau \\| \\_B\\_ · 2025-12-17 · page 3\n",
            "\n   > \\<b\\>a \\& \"**car**\"\\</b\\>, 广州 \\*bold\\* …\n",
            "\n   \\[\\<i\\>\"\\#0\\] without: \\<port\\> \\+2 more in this release\n",
        ] {
            assert!(rendered_list.contains(expected), "{expected}\n{rendered_list}");
        }
    }
}
