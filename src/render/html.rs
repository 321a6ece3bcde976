//! Renders HTML: one self-contained page. All texts are escaped, and highlights are `<mark>` elements.

use super::{
    Page,
    highlighted_text::{escape_html, html_with_highlights},
    page::HitWithContext,
    snippet::{attribution, passages_with_remarks, snippet_line, title_or_id},
};
use crate::search::{Hit, PassageInfo};

/// Start of the HTML page. Its content security policy forbids scripts and requests, whatever the documents contain.
const HTML_HEAD: &str = r#"<!doctype html>
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

/// Renders the page as HTML, with an `<article>` for each hit. The HTML contains no script and loads no other file.
pub fn html<'a>(page: impl Into<Page<'a>>) -> String {
    let page = page.into();
    let results = page.results;
    let query_html = escape_html(&results.query);
    let mut html = format!(
        "{HTML_HEAD}<title>{query_html}</title>\n</head>\n<body>\n<h1>{query_html}</h1>\n<p class=\"about\">Passages: {} · Documents: {}</p>\n",
        results.total, results.total_documents
    );
    for note in &results.notes {
        html.push_str(&paragraph_element("about", &escape_html(&note.message)));
    }
    html.extend(page.hits().map(|passages| hit_article(&passages)));
    html.push_str("</body>\n</html>\n");
    html
}

/// Renders one hit: the title of the release, then its passages.
fn hit_article(passages: &[HitWithContext<'_>]) -> String {
    let Some((Hit { rank, document, snippet, .. }, _)) = passages.first() else {
        return String::new();
    };
    let mut html = format!(
        "<article lang=\"{}\">\n<h2>{rank}. {}</h2>\n",
        escape_html(&document.lang),
        html_with_highlights(title_or_id(document), &snippet.title)
    );
    html.extend(
        passages_with_remarks(passages).map(|(passage, remarks)| passage_html(passage, &remarks)),
    );
    html.push_str("</article>\n");
    html
}

fn passage_html((hit, context): HitWithContext<'_>, remarks: &[String]) -> String {
    let Hit { document, passage, snippet, .. } = hit;
    let mut html = String::new();
    for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
        html.push_str(&paragraph_element("about", &html_with_highlights(heading, spans)));
    }
    let attribution = attribution(document, passage);
    if !attribution.is_empty() {
        html.push_str(&paragraph_element("about", &escape_html(&attribution.join(" · "))));
    }
    let context_paragraphs = |passages: &[PassageInfo]| -> String {
        passages
            .iter()
            .map(|passage| paragraph_element("context", &escape_html(&passage.text)))
            .collect()
    };
    html.push_str(&context.map_or(String::new(), |context| context_paragraphs(&context.before)));
    let snippet_html = snippet_line(snippet, &passage.text, html_with_highlights);
    html.extend(["<blockquote>", &snippet_html, "</blockquote>\n"]);
    html.push_str(&context.map_or(String::new(), |context| context_paragraphs(&context.after)));
    html.extend(["<cite>", &escape_html(&passage.id), "</cite>\n"]);
    html.extend(remarks.iter().map(|remark| paragraph_element("about", &escape_html(remark))));
    html
}

/// Returns a paragraph element of the class `class`. `html` must be escaped already.
fn paragraph_element(class: &str, html: &str) -> String {
    format!("<p class=\"{class}\">{html}</p>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_page_escapes_everything() {
        let results = sample::results_with_markup();
        let page_html = html(&results);
        assert!(
            page_html.starts_with(
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
            )
        );
        assert_eq!(page_html.matches("<article ").count(), results.hits.len());
        for tag_and_text in page_html.split('<').skip(1) {
            let tag = tag_and_text.split(['>', ' ']).next().unwrap();
            let allowed_tags = [
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
            assert!(allowed_tags.contains(&tag.trim_start_matches('/')), "{tag} in {page_html}");
        }
        for expected in [
            "&lt;script&gt;",
            "<mark>car</mark>",
            "<cite>&lt;i&gt;&quot;#0</cite>",
            "+2 more in this release",
            "lang=\"&quot;&gt;\"",
        ] {
            assert!(page_html.contains(expected), "{expected} {page_html}");
        }
        assert!(!page_html.contains("://"));
    }
}
