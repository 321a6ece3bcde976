//! Renders a release as Markdown: its metadata, then its passages in full, each with the data to cite it by.

use std::fmt::Write as _;

use super::{
    markdown::{escape_inline, escape_line},
    snippet::title_or_id,
};
use crate::{
    render::Citation,
    search::{DocumentInfo, PassageInfo},
};

/// Renders the metadata of a release and some of its passages, in the order of the release. The title is a heading. The
/// headings above a passage precede the passage, except headings that the previous passage also has. A line below each
/// passage is its citation. All texts are escaped.
pub(crate) fn release_markdown(document: &DocumentInfo, passages: &[PassageInfo]) -> String {
    let mut markdown = format!("# {}\n\n", escape_inline(title_or_id(document)));
    for (name, value) in metadata(document) {
        let _ = writeln!(markdown, "- {}: {}", escape_line(&name), escape_inline(&value));
    }
    let mut headings_above: &[String] = &[];
    for passage in passages {
        if passage.headings != headings_above && !passage.headings.is_empty() {
            let headings: Vec<String> =
                passage.headings.iter().map(|heading| escape_inline(heading)).collect();
            let _ = writeln!(markdown, "\n## {}", headings.join(" › "));
        }
        headings_above = &passage.headings;
        let citation = Citation::new(document, passage).markdown_within_release();
        let text = escape_line(passage.text.trim());
        let _ = writeln!(markdown, "\n{text}\n\n{citation}");
    }
    markdown
}

/// Renders the headings above a passage, and the citation of the passage. All texts are escaped.
pub(crate) fn passage_markdown(document: &DocumentInfo, passage: &PassageInfo) -> String {
    let headings: Vec<String> =
        passage.headings.iter().map(|heading| escape_line(heading)).collect();
    let headings = headings.join(" › ");
    let separator = if headings.is_empty() { "" } else { "\n\n" };
    format!("{headings}{separator}{}", Citation::new(document, passage).markdown())
}

/// Returns the names and values of the metadata other than the title. The suffix ` (inferred)` marks an inferred value.
fn metadata(document: &DocumentInfo) -> Vec<(String, String)> {
    let date = document.date.map(|date| date.to_string());
    let fields = [
        ("issuer", document.issuer.as_deref()),
        ("date", date.as_deref()),
        ("number", document.number.as_deref()),
        ("lang", Some(document.lang.as_str()).filter(|lang| !lang.is_empty())),
        ("url", document.url.as_deref()),
        ("id", Some(document.id.as_str())),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| {
        let is_inferred = document.inferred.iter().any(|inferred| inferred == name);
        let inferred_suffix = if is_inferred { " (inferred)" } else { "" };
        Some((name.to_owned(), format!("{}{inferred_suffix}", value?)))
    });
    let other = document.metadata.iter().map(|(name, value)| (name.clone(), value.clone()));
    fields.chain(other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn a_release_has_its_metadata_and_a_citation_below_each_passage() {
        let hit = sample::results_with_markup().hits.remove(0);
        let mut document = hit.document;
        document.title = Some("Port *News*".to_owned());
        document.inferred = vec!["date".to_owned()];
        let mut first = hit.passage;
        document.issuer.clone_from(&first.issuer);
        first.headings = vec!["Ports".to_owned(), "Cargo #1".to_owned()];
        let mut second = first.clone();
        second.text = "- One\nport.".to_owned();
        second.speaker = None;
        second.issuer = Some("Harbour Office".to_owned());
        let markdown = release_markdown(&document, &[first, second]);
        for expected in [
            "# Port \\*News\\*\n\n- issuer: Bureau \\| \\_B\\_\n- date: 2025-12-17 (inferred)\n",
            "\n## Ports › Cargo \\#1\n\n",
            "\n\n— Mr. \\*A\\*, paragraph 1, page 3 \\[\\<i\\>\"\\#0\\] `gz-search:",
            "\n\n\\- One port.\n\n— Harbour Office, paragraph 1, page 3 \\[",
        ] {
            assert!(markdown.contains(expected), "{expected}\n{markdown}");
        }
        assert_eq!(markdown.matches("## Ports").count(), 1, "{markdown}");
    }
}
