//! One hit as an HTML article: title, then for each passage its snippet, the passages before and after it, its
//! citation and near-duplicates.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};

use super::{address::ResultsAddress, markup, messages::Messages};
use crate::{
    error::Result,
    query::Query,
    render::{
        Citation, html_with_highlights, passage_issuer, passage_speaker, snippet_line, title_or_id,
    },
    search::{DocumentInfo, Hit, NearDuplicates, PassageInfo, SearchResults, Searcher},
    span::Span,
};

/// Number of passages that the reader can unfold before a hit, and also after a hit.
const NEIGHBOUR_PASSAGES: u32 = 1;

/// Maximum number of near-duplicate releases to list.
const MAX_LISTED_DUPLICATES: usize = 10;

/// Context of one shown passage of a hit: the passages around it, and the releases that contain a near-duplicate.
#[derive(Default)]
pub(super) struct HitContext {
    /// The shown passage and the passages before and after it, each with the spans that match the query.
    passages: Vec<(PassageInfo, Vec<Span>)>,
    /// Near-duplicate releases, oldest first.
    duplicates: Vec<DocumentInfo>,
}

impl HitContext {
    /// Loads the context of each [shown passage](SearchResults::shown_passages). Reads a release only once. Without a
    /// query, highlights nothing.
    pub(super) fn load(
        searcher: &Searcher,
        results: &SearchResults,
        query: Option<&Query>,
    ) -> Result<Vec<Self>> {
        if results.cut {
            // The search ran out of time, and a note tells the reader. No time remains to load neighbours.
            return Ok(results.shown_passages().map(|_| Self::default()).collect());
        }
        let mut passages_by_release: BTreeMap<&str, Vec<PassageInfo>> = BTreeMap::new();
        let mut contexts = Vec::with_capacity(results.hits.len());
        for Hit { document, passage, near_duplicates, .. } in results.shown_passages() {
            let (id, ordinal) = (document.id.as_str(), passage.ordinal);
            if !passages_by_release.contains_key(id) {
                let release = searcher.document(id)?;
                passages_by_release
                    .insert(id, release.map(|(_, passages)| passages).unwrap_or_default());
            }
            let ordinals = ordinal.saturating_sub(NEIGHBOUR_PASSAGES)
                ..=ordinal.saturating_add(NEIGHBOUR_PASSAGES);
            let neighbours = passages_by_release
                .get(id)
                .into_iter()
                .flatten()
                .filter(|passage| ordinals.contains(&passage.ordinal));
            let passages = neighbours.map(|passage| (passage.clone(), Vec::new())).collect();
            let duplicates = near_duplicates
                .iter()
                .flat_map(|duplicates| duplicates.documents.iter().take(MAX_LISTED_DUPLICATES))
                .filter_map(|id| searcher.document_info(id).transpose())
                .collect::<Result<_>>()?;
            contexts.push(Self { passages, duplicates });
        }
        if let Some(query) = query {
            highlight(searcher, query, &mut contexts)?;
        }
        Ok(contexts)
    }
}

/// Sets the spans that match the query, for each passage in `contexts`.
fn highlight(searcher: &Searcher, query: &Query, contexts: &mut [HitContext]) -> Result<()> {
    let passages = || contexts.iter().flat_map(|context| &context.passages);
    let texts: Vec<&str> = passages().map(|(passage, _)| passage.text.as_str()).collect();
    let highlights = searcher.highlights_of_all(query, &texts)?;
    let passages = contexts.iter_mut().flat_map(|context| &mut context.passages);
    for ((_, spans), highlights) in passages.zip(highlights) {
        *spans = highlights;
    }
    Ok(())
}

/// Returns the articles of all hits. `contexts` contains one element for each shown passage, in the order of the
/// passages.
pub(super) fn articles(
    results: &SearchResults,
    contexts: &[HitContext],
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let mut contexts = contexts.iter();
    html! {
        @for hit in &results.hits {
            (article(hit, contexts.by_ref().take(1 + hit.next_best.len()), address, messages))
        }
    }
}

fn article<'c>(
    hit: &Hit,
    contexts: impl Iterator<Item = &'c HitContext>,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let Hit { document, passage, snippet, collapsed, .. } = hit;
    let href = address.passage_href(&document.id, passage);
    html! {
        article.hit lang=(document.lang) {
            h3 { a href=(href) { (PreEscaped(html_with_highlights(title_or_id(document), &snippet.title))) } }
            @for (passage, context) in hit.with_next_best().zip(contexts) {
                (passage_content(passage, context, address, messages))
            }
            @if *collapsed > 0 && address.collapses_releases() && !address.lists_releases() {
                p.more lang=(messages.lang()) {
                    a href=(href) { (messages.more_in_release(*collapsed)) }
                }
            }
        }
    }
}

/// Returns the headings, the snippet and the actions of one passage of a hit.
fn passage_content(
    hit: &Hit,
    context: &HitContext,
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let Hit { document, passage, snippet, near_duplicates, missing, .. } = hit;
    let href = address.passage_href(&document.id, passage);
    html! {
        div.hit-passage {
            @if !passage.headings.is_empty() {
                p.headings {
                    @for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
                        span { (PreEscaped(html_with_highlights(heading, spans))) }
                    }
                }
            }
            (byline(document, passage))
            p.snippet { (PreEscaped(snippet_line(snippet, &passage.text, html_with_highlights))) }
            @if !missing.is_empty() {
                p.missing lang=(messages.lang()) {
                    (messages.without) " "
                    @for word in missing { s { (word) } " " }
                }
            }
            div.actions lang=(messages.lang()) {
                details.context {
                    summary { (messages.context) }
                    div lang=(document.lang) {
                        @for (neighbour, spans) in &context.passages {
                            p.current[neighbour.ordinal == passage.ordinal] {
                                (PreEscaped(html_with_highlights(&neighbour.text, spans)))
                            }
                        }
                        p lang=(messages.lang()) { a href=(href) { (messages.whole_release) } }
                    }
                }
                (citation(document, passage, messages))
                a href=(address.similar_href(passage)) { (messages.similar) }
                @if let Some(near_duplicates) = near_duplicates.as_ref().filter(|documents| documents.count > 0) {
                    (near_duplicate_list(near_duplicates, &context.duplicates, address, messages))
                }
            }
        }
    }
}

/// Returns the list of the releases that contain a near-duplicate of the passage. The page names only the releases in
/// `listed`.
fn near_duplicate_list(
    near_duplicates: &NearDuplicates,
    listed: &[DocumentInfo],
    address: &ResultsAddress,
    messages: &Messages,
) -> Markup {
    let first_date = near_duplicates.first.map(|date| date.to_string());
    let unlisted_count = near_duplicates.count.saturating_sub(listed.len() as u64);
    html! {
        details.near-duplicates {
            summary { (messages.also_in(near_duplicates.count, first_date.as_deref())) }
            div {
                ul {
                    @for document in listed {
                        li {
                            a href=(address.release_href(&document.id)) lang=(document.lang) {
                                (markup::escaped_text(title_or_id(document)))
                            }
                            @let date = document.date.map(|date| date.to_string());
                            @for detail in document.issuer.iter().chain(&date) {
                                span.quiet lang=(document.lang) { (markup::escaped_text(detail)) }
                            }
                        }
                    }
                }
                @if unlisted_count > 0 { p.quiet { (messages.more_values(unlisted_count)) } }
            }
        }
    }
}

/// Returns the speaker, issuer and date of a passage, as HTML. An inferred speaker is in square brackets.
fn byline(document: &DocumentInfo, passage: &PassageInfo) -> Markup {
    let date = document.date.map(|date| date.to_string());
    html! {
        @if passage.speaker.is_some() || passage_issuer(document, passage).is_some() || date.is_some() {
            p.about {
                @if let Some(speaker) = passage_speaker(passage) { span.speaker { (markup::escaped_text(&speaker)) } }
                @if let Some(issuer) = passage_issuer(document, passage) { span { (markup::escaped_text(issuer)) } }
                @if let Some(date) = &date { time datetime=(date) { (date) } }
            }
        }
    }
}

/// Returns the citation of a passage, with buttons that copy the citation. The buttons appear only if scripts run.
pub(super) fn citation(
    document: &DocumentInfo,
    passage: &PassageInfo,
    messages: &Messages,
) -> Markup {
    let citation = Citation::new(document, passage);
    html! {
        details.cite {
            summary { (messages.cite) }
            div {
                pre lang=(document.lang) { (citation.text()) }
                pre hidden { (citation.markdown()) }
                p.needs-script {
                    button type="button" data-copy="0" { (messages.copy) }
                    button type="button" data-copy="1" { (messages.copy_markdown) }
                }
            }
        }
    }
}
