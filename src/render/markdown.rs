//! Results → Markdown: a numbered list, highlights bold, no mark of a document's text with a meaning.

use super::{
    Page,
    page::Context,
    snippet::{attribution, more, snippet_line, stretches, title_or_id},
    text::visible,
};
use crate::{
    search::{Hit, PassageInfo},
    span::Span,
};

/// The hits of a page as a numbered list, each with its passage's id to cite it by.
pub fn markdown<'a>(page: impl Into<Page<'a>>) -> String {
    let hits: Vec<_> = page.into().hits().map(|(found, context)| hit(found, context)).collect();
    hits.join("\n")
}

fn hit(hit: &Hit, context: Option<&Context>) -> String {
    let Hit { rank, document, passage, snippet, .. } = hit;
    let number = format!("{rank}. ");
    // What belongs to an item is indented as far as its text.
    let indent = " ".repeat(number.len());
    let mut shown = format!("{number}{}\n", marked(title_or_id(document), &snippet.title));
    let mut block = |quote: &str, text: &str| {
        shown.extend(["\n", &indent, quote, text, "\n"]);
    };
    let headings = passage.headings.iter().zip(&snippet.headings);
    let headings: Vec<_> = headings.map(|(heading, spans)| marked(heading, spans)).collect();
    if !headings.is_empty() {
        block("", &headings.join(" \\> "));
    }
    let said = attribution(document, passage);
    if !said.is_empty() {
        block("", &escaped(&said.join(" · ")));
    }
    let around = |passages: &[PassageInfo]| -> Vec<String> {
        passages.iter().map(|passage| escaped(&passage.text)).collect()
    };
    let (before, after) = context
        .map(|context| (around(&context.before), around(&context.after)))
        .unwrap_or_default();
    for text in before {
        block("", &text);
    }
    block("> ", &snippet_line(snippet, &passage.text, marked));
    for text in after {
        block("", &text);
    }
    let more = more(hit).map(|more| format!(" \\{more}")).unwrap_or_default();
    block("", &format!("\\[{}\\]{more}", escaped(&passage.id)));
    shown
}

/// `text` with `spans` bold.
fn marked(text: &str, spans: &[Span]) -> String {
    let mut shown = String::new();
    for (stretch, highlighted) in stretches(text, spans) {
        let bold = if highlighted { "**" } else { "" };
        let first = shown.is_empty();
        let stretch = if first { escaped(stretch) } else { escaped_inside(stretch) };
        shown.extend([bold, &stretch, bold]);
    }
    shown
}

/// `text` as it may begin a line.
pub(super) fn escaped(text: &str) -> String {
    let shown = escaped_inside(text);
    let digits = shown.bytes().take_while(u8::is_ascii_digit).count();
    let rest = shown.get(digits..).unwrap_or_default();
    match rest.chars().next() {
        // What begins a list, or underlines a heading.
        Some('+' | '-' | '=') if digits == 0 => format!("\\{rest}"),
        Some('.' | ')') if digits > 0 => {
            format!("{}\\{rest}", shown.get(..digits).unwrap_or_default())
        }
        _ => shown,
    }
}

/// `text` as it may stand inside a line.
pub(super) fn escaped_inside(text: &str) -> String {
    let text = visible(text);
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let special = matches!(
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
        if special {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;
    use crate::render::sample;

    /// Everything but typographic quotes and dashes.
    const OPTIONS: Options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION);

    /// The text that a reader of Markdown sees, and what of it is bold.
    fn read(markdown: &str) -> (String, String) {
        let (mut all, mut bold, mut inside) = (String::new(), String::new(), false);
        for event in Parser::new_ext(markdown, OPTIONS) {
            match event {
                Event::Start(Tag::Strong) => inside = true,
                Event::End(pulldown_cmark::TagEnd::Strong) => inside = false,
                Event::Text(text) => {
                    all.push_str(&text);
                    bold.push_str(if inside { &text } else { "" });
                }
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                other => panic!("{other:?} in {markdown}"),
            }
        }
        (all, bold)
    }

    #[test]
    fn a_reader_sees_the_text_and_nothing_else() {
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
            let (all, bold) = read(&marked(text, &spans));
            assert_eq!(all, text);
            assert_eq!(bold, Span::from(span).of(text), "{text}");
        }
    }

    #[test]
    fn a_hit_is_an_item_of_a_list() {
        let shown = markdown(&sample::hostile());
        for says in [
            "1. \\<script\\>alert(1)\\</script\\>",
            "\n   Mr. \\*A\\* · Bureau \\| \\_B\\_ · 2025-12-17 · page 3\n",
            "\n   > \\<b\\>a \\& \"**car**\"\\</b\\>, 广州 \\*bold\\* …\n",
            "\n   \\[\\<i\\>\"\\#0\\] \\+2 more in this document\n",
        ] {
            assert!(shown.contains(says), "{says}\n{shown}");
        }
    }
}
