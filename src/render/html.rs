//! Results → one HTML page that needs nothing else: everything escape_html, highlights in `<mark>`.

use super::{
    Page,
    page::Context,
    snippet::{attribution, more, snippet_line, stretches, title_or_id},
    text::visible_char,
};
use crate::{
    search::{Hit, PassageInfo},
    span::Span,
};

/// Nothing on the page may run or be fetched, whatever a document says.
const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
article { margin: 2rem 0; }
h2 { font-size: 1.1rem; margin: 0; }
blockquote { margin: .5rem 0; padding-left: 1rem; border-left: .2rem solid #ccc; }
.about, .context { color: #666; margin: .2rem 0; }
</style>
"#;

/// A page with an `<article>` for each hit. It has no script and asks for nothing from elsewhere.
pub fn html<'a>(page: impl Into<Page<'a>>) -> String {
    let page = page.into();
    let results = page.results;
    let query = escape_html(&results.query);
    let mut shown = format!(
        "{HEAD}<title>{query}</title>\n</head>\n<body>\n<h1>{query}</h1>\n<p class=\"about\">Passages: {} · Documents: {}</p>\n",
        results.total, results.total_documents
    );
    for note in &results.notes {
        shown.push_str(&paragraph("about", &escape_html(&note.message)));
    }
    shown.extend(page.hits().map(|(hit, context)| article(hit, context)));
    shown.push_str("</body>\n</html>\n");
    shown
}

fn article(hit: &Hit, context: Option<&Context>) -> String {
    let Hit { rank, document, passage, snippet, .. } = hit;
    let mut shown = format!(
        "<article lang=\"{}\">\n<h2>{rank}. {}</h2>\n",
        escape_html(&document.lang),
        html_with_highlights(title_or_id(document), &snippet.title)
    );
    for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
        shown.push_str(&paragraph("about", &html_with_highlights(heading, spans)));
    }
    let said = attribution(document, passage);
    if !said.is_empty() {
        shown.push_str(&paragraph("about", &escape_html(&said.join(" · "))));
    }
    let around = |passages: &[PassageInfo]| -> String {
        passages.iter().map(|passage| paragraph("context", &escape_html(&passage.text))).collect()
    };
    shown.push_str(&context.map_or(String::new(), |context| around(&context.before)));
    let text = snippet_line(snippet, &passage.text, html_with_highlights);
    shown.extend(["<blockquote>", &text, "</blockquote>\n"]);
    shown.push_str(&context.map_or(String::new(), |context| around(&context.after)));
    shown.extend(["<cite>", &escape_html(&passage.id), "</cite>\n"]);
    if let Some(more) = more(hit) {
        shown.push_str(&paragraph("about", &more));
    }
    shown.push_str("</article>\n");
    shown
}

fn paragraph(class: &str, html: &str) -> String {
    format!("<p class=\"{class}\">{html}</p>\n")
}

/// `text` with `spans` html_with_highlights; no byte of it is markup.
pub(crate) fn html_with_highlights(text: &str, spans: &[Span]) -> String {
    let mut html = String::new();
    for (stretch, highlighted) in stretches(text, spans) {
        let (on, off) = if highlighted { ("<mark>", "</mark>") } else { ("", "") };
        html.push_str(on);
        escape(stretch, &mut html);
        html.push_str(off);
    }
    html
}

/// `text` as it may stand anywhere on a page.
pub(crate) fn escape_html(text: &str) -> String {
    let mut html = String::new();
    escape(text, &mut html);
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
            c if c.is_whitespace() => html.push(c),
            c => html.push(visible_char(c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn nothing_of_a_document_is_markup() {
        let text = "<b>a & \"car\"</b>";
        let shown = html_with_highlights(text, &[Span::new(8, 11)]);
        assert_eq!(shown, "&lt;b&gt;a &amp; &quot;<mark>car</mark>&quot;&lt;/b&gt;");
    }

    #[test]
    fn a_page_escapes_everything() {
        let results = sample::hostile();
        let page = html(&results);
        assert!(
            page.starts_with(
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
            )
        );
        assert_eq!(page.matches("<article ").count(), results.hits.len());
        for opened in page.split('<').skip(1) {
            let tag = opened.split(['>', ' ']).next().unwrap();
            let known = [
                "!doctype",
                "html",
                "head",
                "meta",
                "style",
                "title",
                "body",
                "h1",
                "h2",
                "p",
                "article",
                "blockquote",
                "mark",
                "cite",
            ];
            assert!(known.contains(&tag.trim_start_matches('/')), "{tag} in {page}");
        }
        for says in [
            "&lt;script&gt;",
            "<mark>car</mark>",
            "<cite>&lt;i&gt;&quot;#0</cite>",
            "+2 more in this document",
            "lang=\"&quot;&gt;\"",
        ] {
            assert!(page.contains(says), "{says} {page}");
        }
        assert!(!page.contains("://"));
    }
}
