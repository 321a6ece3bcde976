//! Functions that several formats share: joining the fragments of a snippet, and describing the attribution and the
//! collapsed matches of a hit.

use super::{highlighted_text::html_with_highlights, page::HitWithContext};
use crate::{
    highlight::{Fragment, Snippet},
    search::{DocumentInfo, Hit, NearDuplicates, PassageInfo},
    span::Span,
};

/// Replacement of text that a snippet omits.
const ELLIPSIS: &str = "…";

/// Returns the highlights of a fragment as spans of the text of the fragment.
pub(super) fn fragment_highlights(fragment: &Fragment) -> Vec<Span> {
    let fragment_start = fragment.span.start;
    let relative_span =
        |span: &Span| Span::new(span.start - fragment_start, span.end - fragment_start);
    fragment.highlights.iter().map(relative_span).collect()
}

/// Joins all fragments into one line, with `…` in place of omitted text of the passage. `render` receives the text and
/// the highlights of one fragment.
pub(crate) fn snippet_line(
    snippet: &Snippet,
    passage: &str,
    render: impl Fn(&str, &[Span]) -> String,
) -> String {
    let mut snippet_text = String::new();
    let mut previous_fragment: Option<&Fragment> = None;
    for fragment in &snippet.fragments {
        match previous_fragment {
            None if fragment.cut_before => snippet_text.extend([ELLIPSIS, " "]),
            None => {}
            Some(last) => {
                let omitted_text = Span::new(last.span.end, fragment.span.start).of(passage);
                let omits_text = !omitted_text.trim().is_empty();
                snippet_text.push_str(if omits_text { " … " } else { " " });
            }
        }
        snippet_text.push_str(&render(&fragment.text, &fragment_highlights(fragment)));
        previous_fragment = Some(fragment);
    }
    if previous_fragment.is_some_and(|last| last.cut_after) {
        snippet_text.extend([" ", ELLIPSIS]);
    }
    snippet_text
}

/// Returns the snippet of a hit as one line of plain text, without highlights.
pub fn snippet_text(hit: &Hit) -> String {
    snippet_line(&hit.snippet, &hit.passage.text, |text, _| text.to_owned())
}

/// Returns the snippet of a hit as one line of HTML, with the highlights in `<mark>` elements.
///
/// ```
/// # fn main() -> gz_search::Result<()> {
/// use gz_search::{Document, Index, Query, render};
///
/// let index = Index::in_memory();
/// let writer = index.writer()?;
/// writer.add(&Document::new("release", "Exports & imports grew."))?;
/// writer.commit()?;
/// let hit = &index.searcher()?.search(&Query::new("exports"))?.hits[0];
/// assert_eq!(render::snippet_text(hit), "Exports & imports grew.");
/// assert_eq!(render::snippet_html(hit), "<mark>Exports</mark> &amp; imports grew.");
/// # Ok(())
/// # }
/// ```
pub fn snippet_html(hit: &Hit) -> String {
    snippet_line(&hit.snippet, &hit.passage.text, html_with_highlights)
}

/// Returns the title of a document, or its id if it has no title.
pub(crate) fn title_or_id(document: &DocumentInfo) -> &str {
    document.title.as_deref().unwrap_or(&document.id)
}

/// Returns the name of the speaker of a passage, in square brackets if the speaker was inferred.
pub(crate) fn passage_speaker(passage: &PassageInfo) -> Option<String> {
    let name = passage.speaker.as_deref()?;
    let inferred = passage.principal_speaker().is_some_and(|speaker| speaker.inferred);
    Some(if inferred { format!("[{name}]") } else { name.to_owned() })
}

/// Returns the speaker, issuer, date, page and place (slide or cells) of a passage, and whether its text was recognized
/// in a picture. Unknown values are omitted. An inferred speaker is in square brackets.
pub(super) fn attribution(document: &DocumentInfo, passage: &PassageInfo) -> Vec<String> {
    let date = document.date.map(|date| date.to_string());
    let page = passage.page.map(|page| format!("page {page}"));
    let place = passage.place.as_ref().map(ToString::to_string);
    let issuer = passage_issuer(document, passage);
    let speaker = passage_speaker(passage);
    let recognized = passage.recognized.then_some("recognized text");
    let (speaker, date) = (speaker.as_deref(), date.as_deref());
    let components = [speaker, issuer, date, page.as_deref(), place.as_deref(), recognized];
    components.into_iter().flatten().map(str::to_owned).collect()
}

/// Returns the issuer of a passage, or the issuer of the document if the passage has no issuer.
pub(crate) fn passage_issuer<'a>(
    document: &'a DocumentInfo,
    passage: &'a PassageInfo,
) -> Option<&'a str> {
    passage.issuer.as_deref().or(document.issuer.as_deref())
}

/// Lists the words of the query that a hit lacks; `None` if the hit lacks no word.
fn describe_missing_words(hit: &Hit) -> Option<String> {
    if hit.missing.is_empty() { None } else { Some(format!("without: {}", hit.missing.join(", "))) }
}

/// Returns the passages of a hit, each with remarks to print below the passage. The remarks name the words that the
/// passage lacks; a remark on the last passage also counts the matches that the hit does not show.
pub(super) fn passages_with_remarks<'p, 'a>(
    passages: &'p [HitWithContext<'a>],
) -> impl Iterator<Item = (HitWithContext<'a>, Vec<String>)> + 'p {
    passages.iter().enumerate().map(|(index, &(hit, context))| {
        let is_last_passage = index + 1 == passages.len();
        let hidden_matches = passages.first().filter(|_| is_last_passage);
        let hidden_matches = hidden_matches.and_then(|(hit, _)| describe_hidden_matches(hit));
        ((hit, context), describe_missing_words(hit).into_iter().chain(hidden_matches).collect())
    })
}

/// Describes how many further matches the release of a hit has that are not shown. Without such matches, describes how
/// many documents contain a near-duplicate of the hit. `None` if there are neither matches nor near-duplicates.
fn describe_hidden_matches(hit: &Hit) -> Option<String> {
    match hit.collapsed {
        0 => hit.near_duplicates.as_ref().and_then(describe_near_duplicates),
        collapsed => Some(format!("+{collapsed} more in this release")),
    }
}

/// Describes how many other documents contain a near-duplicate, and the earliest date of these documents. `None` if no
/// other document contains a near-duplicate.
fn describe_near_duplicates(
    NearDuplicates { count, first, .. }: &NearDuplicates,
) -> Option<String> {
    let release_count = match count {
        0 => return None,
        1 => "1 release".to_owned(),
        count => format!("{count} releases"),
    };
    let first_date = first.map(|first| format!(", first {first}")).unwrap_or_default();
    Some(format!("also in {release_count}{first_date}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn ellipses_replace_omitted_text() {
        let passage = "One. Two. Three. Four.";
        let fragment = |start: usize, end: usize| Fragment {
            text: Span::new(start, end).of(passage).to_owned(),
            span: Span::new(start, end),
            highlights: Vec::new(),
            cut_before: start > 0,
            cut_after: end < passage.len(),
        };
        for (spans, expected) in [
            (vec![(0, 22)], "One. Two. Three. Four."),
            (vec![(0, 4)], "One. …"),
            (vec![(5, 9)], "… Two. …"),
            (vec![(17, 22)], "… Four."),
            (vec![(0, 4), (10, 16)], "One. … Three. …"),
            (vec![(0, 4), (5, 9)], "One. Two. …"),
            (vec![], ""),
        ] {
            let fragments = spans.iter().map(|&(start, end)| fragment(start, end)).collect();
            let snippet = Snippet { fragments, ..Snippet::default() };
            assert_eq!(
                snippet_line(&snippet, passage, |text, _| text.to_owned()),
                expected,
                "{spans:?}"
            );
        }
    }

    #[test]
    fn collapsed_hits_describe_the_matches_they_represent() {
        let mut hit = sample::results_with_markup().hits.remove(0);
        assert_eq!(describe_hidden_matches(&hit).as_deref(), Some("+2 more in this release"));
        hit.collapsed = 0;
        let first_date = "2024-01-11".parse().ok();
        for (count, first_date, words) in [
            (0, None, None),
            (1, None, Some("also in 1 release")),
            (3, first_date, Some("also in 3 releases, first 2024-01-11")),
        ] {
            hit.near_duplicates =
                Some(NearDuplicates { count, first: first_date, documents: Vec::new() });
            assert_eq!(describe_hidden_matches(&hit).as_deref(), words);
        }
        hit.near_duplicates = None;
        assert_eq!(describe_hidden_matches(&hit), None);
    }

    #[test]
    fn the_last_passage_of_a_release_has_the_remark_on_matches_not_shown() {
        let hit = sample::results_with_markup().hits.remove(0);
        let passages = [(&hit, None), (&hit, None)];
        let remarks: Vec<Vec<String>> =
            passages_with_remarks(&passages).map(|(_, remarks)| remarks).collect();
        assert_eq!(remarks[0], ["without: <port>"]);
        assert_eq!(remarks[1], ["without: <port>", "+2 more in this release"]);
    }
}
