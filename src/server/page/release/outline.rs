//! Outline of a release: its headings, with the number of matches below each heading.

use maud::{Markup, html};

use super::ReleasePassage;
use crate::server::page::{
    markup::{self, anchor},
    messages::Messages,
};

/// Minimum number of headings for which an outline is useful.
const MIN_OUTLINE_HEADINGS: usize = 3;
/// Deepest level of the headings in the outline, from 0.
const MAX_HEADING_LEVEL: usize = 2;

/// Heading in the outline.
#[derive(Debug)]
struct OutlineEntry<'a> {
    level: usize,
    text: &'a str,
    /// Anchor of the first passage below the heading.
    anchor: String,
    /// Number of matches before the next heading.
    match_count: usize,
}

/// Returns the outline as HTML; `None` for a release with fewer than [`MIN_OUTLINE_HEADINGS`] headings.
pub(super) fn outline(passages: &[ReleasePassage], messages: &Messages) -> Option<Markup> {
    let entries = outline_entries(passages);
    (entries.len() >= MIN_OUTLINE_HEADINGS).then(|| {
        html! {
            nav.outline aria-label=(messages.release.outline_title) {
                details open {
                    summary { (messages.release.outline_title) }
                    ul {
                        @for OutlineEntry { level, text, anchor, match_count } in &entries {
                            li class={ "level-" (level) } {
                                a href={ "#" (anchor) } {
                                    span { (markup::text_with_lang(text)) }
                                    @if *match_count > 0 { span.found { (match_count) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn outline_entries(passages: &[ReleasePassage]) -> Vec<OutlineEntry<'_>> {
    let mut entries: Vec<OutlineEntry<'_>> = Vec::new();
    let mut previous: &[String] = &[];
    for (passage, spans) in passages {
        for (level, text) in new_headings(previous, &passage.headings) {
            if level <= MAX_HEADING_LEVEL {
                entries.push(OutlineEntry { level, text, anchor: anchor(passage), match_count: 0 });
            }
        }
        previous = &passage.headings;
        if let Some(entry) = entries.last_mut() {
            entry.match_count += spans.len();
        }
    }
    entries
}

/// Returns the headings that differ from the heading path of the previous passage, each with its level, from 0.
pub(super) fn new_headings<'a>(
    previous: &[String],
    headings: &'a [String],
) -> impl Iterator<Item = (usize, &'a str)> {
    let common_levels =
        previous.iter().zip(headings).take_while(|(before, now)| before == now).count();
    headings.iter().map(String::as_str).enumerate().skip(common_levels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_written_before_its_first_passage_only() {
        let heading_path = |text: &str| {
            text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        for (previous, headings, expected) in [
            ("", "a/b", vec![(0, "a"), (1, "b")]),
            ("a/b", "a/b", vec![]),
            ("a/b", "a/c", vec![(1, "c")]),
            ("a/b", "c/b", vec![(0, "c"), (1, "b")]),
            ("a/b", "a", vec![]),
            ("a", "", vec![]),
        ] {
            assert_eq!(
                new_headings(&heading_path(previous), &heading_path(headings)).collect::<Vec<_>>(),
                expected,
                "{previous} {headings}"
            );
        }
    }
}
