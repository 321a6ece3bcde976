//! A release → a page of all its passages, with what matches html_with_highlights, one after the other to step through.

use maud::{Markup, PreEscaped, html};

use super::{
    address::Address, anchor, frame::Frame, hit::cite, messages::Words, preferences::Preferences,
    shown,
};
use crate::{
    query::Query,
    render::{html_with_highlights, title_or_id},
    search::{DocumentInfo, PassageInfo, Searcher},
    server::{api::documents::unknown, api_error::Failure, place::shorten},
    span::Span,
};

/// A passage with what matches in it.
type Marked = (PassageInfo, Vec<Span>);

pub(super) fn page(
    searcher: &Searcher,
    id: &str,
    found_in: &Address,
    preferences: &Preferences,
) -> Result<String, Failure> {
    let words = preferences.words;
    let (mut document, passages) = searcher.document(id)?.ok_or_else(|| unknown(id))?;
    shorten(searcher, &mut document)?;
    let query = (!found_in.browses()).then(|| Query::new(&found_in.q));
    let marks = |text: &str| {
        let marks = query.as_ref().map(|query| searcher.highlights(query, text));
        marks.transpose().map(Option::unwrap_or_default)
    };
    let name = title_or_id(&document);
    let in_title = marks(name)?;
    let passages = passages.into_iter().map(|passage| {
        let marks = marks(&passage.text)?;
        Ok((passage, marks))
    });
    let passages = passages.collect::<Result<Vec<Marked>, Failure>>()?;
    let main = html! {
        nav.release-bar aria-label=(words.matches) {
            a #back href=(found_in.href()) { "← " (words.back) }
            @if query.is_some() { (steps(&passages, words)) }
        }
        article.release lang=(document.lang) {
            header {
                h1 { (PreEscaped(html_with_highlights(name, &in_title))) }
                (facts(&document, words))
            }
            (body(&document, &passages, found_in, words))
        }
    };
    Ok(Frame { preferences, title: name, address: found_in }.around(&main))
}

/// Where the matches are: with scripts, to step through; without, each leads to the next.
fn steps(passages: &[Marked], words: &Words) -> Markup {
    html! {
        @match passages.iter().find(|(_, marks)| !marks.is_empty()) {
            None => span.quiet { (words.no_match) },
            Some((first, _)) => {
                a.first href={ "#" (anchor(first)) } { (words.first_match) " ↓" }
                span.steps.needs-script {
                    button #previous type="button" aria-label=(words.previous_match) { "↑" }
                    output #at aria-label=(words.matches) { (count(passages)) }
                    button #next type="button" aria-label=(words.next_match) { "↓" }
                }
            }
        }
    }
}

fn count(passages: &[Marked]) -> usize {
    passages.iter().map(|(_, marks)| marks.len()).sum()
}

/// What is known of the release.
fn facts(document: &DocumentInfo, words: &Words) -> Markup {
    let DocumentInfo { issuer, date, number, source, url, .. } = document;
    let date = date.map(|date| date.to_string());
    let inferred = |field: &str| document.inferred.iter().any(|name| name == field);
    let web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    html! {
        @if issuer.is_some() || date.is_some() {
            p.about {
                @if let Some(issuer) = issuer { span { (shown(issuer)) (doubt(inferred("issuer"), words)) } }
                @if let Some(date) = &date { time datetime=(date) { (date) (doubt(inferred("date"), words)) } }
            }
        }
        dl lang=(words.lang()) {
            @if let Some(number) = number { dt { (words.number) } dd { (shown(number)) } }
            @if let Some(url) = url.as_ref().filter(web) {
                dt { (words.published_at) } dd { a href=(url) rel="noopener noreferrer" { (shown(url)) } }
            }
            @if !source.is_empty() { dt { (words.source) } dd { (shown(source)) } }
        }
    }
}

/// Says of a fact that it was inferred rather than read.
fn doubt(inferred: bool, words: &Words) -> Markup {
    html! { @if inferred { " " small.quiet lang=(words.lang()) { "[" (words.inferred) "]" } } }
}

/// The passages below their headings.
fn body(document: &DocumentInfo, passages: &[Marked], found_in: &Address, words: &Words) -> Markup {
    let above = [[].as_slice()]
        .into_iter()
        .chain(passages.iter().map(|(passage, _)| passage.headings.as_slice()));
    html! {
        @for (at, ((passage, marks), above)) in passages.iter().zip(above).enumerate() {
            @for (level, heading) in opened(above, &passage.headings) { (self::heading(level, heading)) }
            section.passage #(anchor(passage)) {
                p { (PreEscaped(html_with_highlights(&passage.text, marks))) }
                div.actions lang=(words.lang()) {
                    a href={ "#" (anchor(passage)) } { (words.paragraph(passage.paragraph, passage.page)) }
                    (cite(document, passage, words))
                    a href=(found_in.similar(passage)) { (words.similar) }
                    @if !marks.is_empty() { (onward(passages.get(at + 1..).unwrap_or_default(), words)) }
                }
            }
        }
    }
}

/// A link to the next passage with matches.
fn onward(rest: &[Marked], words: &Words) -> Markup {
    let next = rest.iter().find(|(_, marks)| !marks.is_empty());
    html! {
        @if let Some((next, _)) = next {
            a.onward href={ "#" (anchor(next)) } { (words.next_match) " ↓" }
        }
    }
}

/// Which of `headings` begin here, each with its level from 0, where `above` stood before.
fn opened<'a>(above: &[String], headings: &'a [String]) -> impl Iterator<Item = (usize, &'a str)> {
    let same = above.iter().zip(headings).take_while(|(above, here)| above == here).count();
    headings.iter().map(String::as_str).enumerate().skip(same)
}

fn heading(level: usize, text: &str) -> Markup {
    html! {
        @match level {
            0 => h2 { (shown(text)) },
            1 => h3 { (shown(text)) },
            2 => h4 { (shown(text)) },
            _ => h5 { (shown(text)) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_shown_where_it_begins() {
        let path = |text: &str| {
            text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        for (above, here, shown) in [
            ("", "a/b", vec![(0, "a"), (1, "b")]),
            ("a/b", "a/b", vec![]),
            ("a/b", "a/c", vec![(1, "c")]),
            ("a/b", "c/b", vec![(0, "c"), (1, "b")]),
            ("a/b", "a", vec![]),
            ("a", "", vec![]),
        ] {
            assert_eq!(
                opened(&path(above), &path(here)).collect::<Vec<_>>(),
                shown,
                "{above} {here}"
            );
        }
    }
}
