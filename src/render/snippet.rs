//! Snippet → the stretches of text that are marked and those that are not, and one line of them all.

use crate::{
    highlight::{Fragment, Snippet},
    search::{DocumentInfo, Hit, PassageInfo},
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
pub(super) fn line(
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
    line(&hit.snippet, &hit.passage.text, |text, _| text.to_owned())
}

/// The title of a document, or its id where it has none.
pub(super) fn title(document: &DocumentInfo) -> &str {
    document.title.as_deref().unwrap_or(&document.id)
}

/// Who says it, who announces it, and when: what is known of these.
pub(super) fn attribution(document: &DocumentInfo, passage: &PassageInfo) -> Vec<String> {
    let date = document.date.map(|date| date.to_string());
    let parts = [passage.speaker.as_deref(), issuer(document, passage), date.as_deref()];
    parts.into_iter().flatten().map(str::to_owned).collect()
}

/// The body that announces a passage, or else its release.
pub(super) fn issuer<'a>(document: &'a DocumentInfo, passage: &'a PassageInfo) -> Option<&'a str> {
    passage.issuer.as_deref().or(document.issuer.as_deref())
}

/// How many other passages a collapsed hit stands for, in words.
pub(super) fn more(collapsed: u64) -> Option<String> {
    (collapsed > 0).then(|| format!("+{collapsed} more in this document"))
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
            assert_eq!(line(&snippet, passage, |text, _| text.to_owned()), shown, "{spans:?}");
        }
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
