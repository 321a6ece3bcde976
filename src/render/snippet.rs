//! Snippet → the stretches of text that are marked and those that are not, and one line of them all.

use crate::{
    highlight::{Fragment, Snippet},
    search::{DocumentInfo, Hit, NearDuplicates, PassageInfo},
    span::Span,
};

/// What stands where text was cut.
const CUT: &str = "…";

/// `text` in order, each stretch with whether it is one of `spans`.
pub(super) fn stretches<'a>(text: &'a str, spans: &[Span]) -> Vec<(&'a str, bool)> {
    let mut stretches = Vec::with_capacity(2 * spans.len() + 1);
    let mut at = 0;
    for &span in spans {
        stretches.push((Span::new(at, span.start).of(text), false));
        stretches.push((span.of(text), true));
        at = span.end;
    }
    stretches.push((text.get(at..).unwrap_or_default(), false));
    stretches.retain(|(stretch, _)| !stretch.is_empty());
    stretches
}

/// The highlights of a fragment as spans of the fragment's own text.
pub(super) fn inside(fragment: &Fragment) -> Vec<Span> {
    let start = fragment.span.start;
    let moved = |span: &Span| Span::new(span.start - start, span.end - start);
    fragment.highlights.iter().map(moved).collect()
}

/// All fragments in one line, as `shown`, with `…` where text of the passage was cut and only there.
pub(crate) fn snippet_line(
    snippet: &Snippet,
    passage: &str,
    shown: impl Fn(&str, &[Span]) -> String,
) -> String {
    let mut line = String::new();
    let mut before: Option<&Fragment> = None;
    for fragment in &snippet.fragments {
        match before {
            None if fragment.cut_before => line.extend([CUT, " "]),
            None => {}
            Some(last) => {
                let between = Span::new(last.span.end, fragment.span.start).of(passage);
                let cut = !between.trim().is_empty();
                line.push_str(if cut { " … " } else { " " });
            }
        }
        line.push_str(&shown(&fragment.text, &inside(fragment)));
        before = Some(fragment);
    }
    if before.is_some_and(|last| last.cut_after) {
        line.extend([" ", CUT]);
    }
    line
}

/// What of the passage of a hit is shown, in one line, as it stands there.
#[cfg(feature = "mcp")]
pub(crate) fn excerpt(hit: &Hit) -> String {
    snippet_line(&hit.snippet, &hit.passage.text, |text, _| text.to_owned())
}

/// The title of a document, or its id where it has none.
pub(crate) fn title_or_id(document: &DocumentInfo) -> &str {
    document.title.as_deref().unwrap_or(&document.id)
}

/// Who says it, who announces it, when, and on which page: what is known of these.
pub(super) fn attribution(document: &DocumentInfo, passage: &PassageInfo) -> Vec<String> {
    let date = document.date.map(|date| date.to_string());
    let page = passage.page.map(|page| format!("page {page}"));
    let issuer = passage_issuer(document, passage);
    let parts = [passage.speaker.as_deref(), issuer, date.as_deref(), page.as_deref()];
    parts.into_iter().flatten().map(str::to_owned).collect()
}

/// The body that announces a passage, or else its release.
pub(crate) fn passage_issuer<'a>(
    document: &'a DocumentInfo,
    passage: &'a PassageInfo,
) -> Option<&'a str> {
    passage.issuer.as_deref().or(document.issuer.as_deref())
}

/// What a collapsed hit stands for, in words.
pub(super) fn more(hit: &Hit) -> Option<String> {
    let here = hit.collapsed;
    let here = (here > 0).then(|| format!("+{here} more in this document"));
    here.or_else(|| hit.also.as_ref().and_then(also))
}

/// In how many other documents it stands too, and since when.
fn also(NearDuplicates { count, first, .. }: &NearDuplicates) -> Option<String> {
    let documents = match count {
        0 => return None,
        1 => "1 release".to_owned(),
        count => format!("{count} releases"),
    };
    let since = first.map(|first| format!(", first {first}")).unwrap_or_default();
    Some(format!("also in {documents}{since}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_where_text_was_cut() {
        let passage = "One. Two. Three. Four.";
        let fragment = |start: usize, end: usize| Fragment {
            text: Span::new(start, end).of(passage).to_owned(),
            span: Span::new(start, end),
            highlights: Vec::new(),
            cut_before: start > 0,
            cut_after: end < passage.len(),
        };
        for (spans, shown) in [
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
                shown,
                "{spans:?}"
            );
        }
    }

    #[test]
    fn what_a_hit_stands_for() {
        let mut hit = super::super::sample::hostile().hits.remove(0);
        assert_eq!(more(&hit).as_deref(), Some("+2 more in this document"));
        hit.collapsed = 0;
        let first = "2024-01-11".parse().ok();
        for (count, first, words) in [
            (0, None, None),
            (1, None, Some("also in 1 release")),
            (3, first, Some("also in 3 releases, first 2024-01-11")),
        ] {
            hit.also = Some(NearDuplicates { count, first, documents: Vec::new() });
            assert_eq!(more(&hit).as_deref(), words);
        }
        hit.also = None;
        assert_eq!(more(&hit), None);
    }

    #[test]
    fn stretches_are_the_text() {
        for (spans, expected) in [
            (vec![], vec![("a广b", false)]),
            (vec![Span::new(1, 4)], vec![("a", false), ("广", true), ("b", false)]),
            (vec![Span::new(0, 5)], vec![("a广b", true)]),
        ] {
            assert_eq!(stretches("a广b", &spans), expected);
        }
    }
}
