//! A hit → an article: where it stands, what it says, what stands around it, how to cite it.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};

use super::{address::Address, messages::Words, shown};
use crate::{
    error::Result,
    query::Query,
    render::{Citation, html_with_highlights, passage_issuer, snippet_line, title_or_id},
    search::{DocumentInfo, Hit, NearDuplicates, PassageInfo, SearchResults, Searcher},
    span::Span,
};

/// So many passages on each side of a hit can be unfolded.
const NEIGHBOURS: u32 = 1;

/// So many of the other releases that say the same are named.
const NAMED: usize = 10;

/// What is shown with a hit.
pub(super) struct Around {
    /// It and its neighbours, each with what is html_with_highlights in it.
    passages: Vec<(PassageInfo, Vec<Span>)>,
    /// Other releases that say the same, the earliest first.
    also: Vec<DocumentInfo>,
}

impl Around {
    /// For each hit. A release is read once for all its hits.
    pub(super) fn of(
        searcher: &Searcher,
        results: &SearchResults,
        query: Option<&Query>,
    ) -> Result<Vec<Self>> {
        let mut releases: BTreeMap<&str, Vec<PassageInfo>> = BTreeMap::new();
        let mut all = Vec::with_capacity(results.hits.len());
        for Hit { document, passage, also, .. } in &results.hits {
            let (id, ordinal) = (document.id.as_str(), passage.ordinal);
            if !releases.contains_key(id) {
                let release = searcher.document(id)?;
                releases.insert(id, release.map(|(_, passages)| passages).unwrap_or_default());
            }
            let near = ordinal.saturating_sub(NEIGHBOURS)..=ordinal.saturating_add(NEIGHBOURS);
            let passages = releases.get(id).into_iter().flatten();
            let passages = passages.filter(|passage| near.contains(&passage.ordinal));
            let with_marks = passages.map(|passage| {
                let marks =
                    query.map(|query| searcher.highlights(query, &passage.text)).transpose()?;
                Ok((passage.clone(), marks.unwrap_or_default()))
            });
            let passages = with_marks.collect::<Result<_>>()?;
            let ids = also.iter().flat_map(|also| also.documents.iter().take(NAMED));
            let also = ids.filter_map(|id| searcher.document_info(id).transpose());
            all.push(Self { passages, also: also.collect::<Result<_>>()? });
        }
        Ok(all)
    }
}

pub(super) fn article(hit: &Hit, around: &Around, address: &Address, words: &Words) -> Markup {
    let Hit { document, passage, snippet, collapsed, also, .. } = hit;
    let href = address.release(&document.id, passage);
    html! {
        article.hit lang=(document.lang) {
            h3 { a href=(href) { (PreEscaped(html_with_highlights(title_or_id(document), &snippet.title))) } }
            @if !passage.headings.is_empty() {
                p.headings {
                    @for (heading, spans) in passage.headings.iter().zip(&snippet.headings) {
                        span { (PreEscaped(html_with_highlights(heading, spans))) }
                    }
                }
            }
            (about(document, passage))
            p.snippet { (PreEscaped(snippet_line(snippet, &passage.text, html_with_highlights))) }
            div.actions lang=(words.lang()) {
                details.around {
                    summary { (words.context) }
                    div lang=(document.lang) {
                        @for (near, marks) in &around.passages {
                            p.itself[near.ordinal == passage.ordinal] { (PreEscaped(html_with_highlights(&near.text, marks))) }
                        }
                        p lang=(words.lang()) { a href=(href) { (words.open) } }
                    }
                }
                (cite(document, passage, words))
                a href=(address.similar(passage)) { (words.similar) }
                @if let Some(also) = also.as_ref().filter(|also| also.count > 0) {
                    (self::also(also, &around.also, address, words))
                }
                @if *collapsed > 0 && address.collapses() && !address.browses() {
                    a href=(href) { (words.more_here(*collapsed)) }
                }
            }
        }
    }
}

/// Where else the same is said.
fn also(also: &NearDuplicates, named: &[DocumentInfo], address: &Address, words: &Words) -> Markup {
    let first = also.first.map(|date| date.to_string());
    html! {
        details.also {
            summary { (words.also_in(also.count, first.as_deref())) }
            div {
                ul {
                    @for document in named {
                        li {
                            a href=(address.whole_release(&document.id)) lang=(document.lang) { (shown(title_or_id(document))) }
                            @let about = document.issuer.iter().cloned();
                            @for part in about.chain(document.date.map(|date| date.to_string())) {
                                span.quiet lang=(document.lang) { (shown(&part)) }
                            }
                        }
                    }
                }
                @let more = also.count.saturating_sub(named.len() as u64);
                @if more > 0 { p.quiet { (words.more_values(more)) } }
            }
        }
    }
}

/// Who says it, who announces it, and when.
pub(super) fn about(document: &DocumentInfo, passage: &PassageInfo) -> Markup {
    let date = document.date.map(|date| date.to_string());
    html! {
        @if passage.speaker.is_some() || passage_issuer(document, passage).is_some() || date.is_some() {
            p.about {
                @if let Some(speaker) = &passage.speaker { span.speaker { (shown(speaker)) } }
                @if let Some(issuer) = passage_issuer(document, passage) { span { (shown(issuer)) } }
                @if let Some(date) = &date { time datetime=(date) { (date) } }
            }
        }
    }
}

/// The citation of a passage, to be read and, with scripts, to be copied.
pub(super) fn cite(document: &DocumentInfo, passage: &PassageInfo, words: &Words) -> Markup {
    let citation = Citation::new(document, passage);
    html! {
        details.cite {
            summary { (words.cite) }
            div {
                pre lang=(document.lang) { (citation.text()) }
                pre hidden { (citation.markdown()) }
                p.needs-script {
                    button type="button" data-copy="0" { (words.copy) }
                    button type="button" data-copy="1" { (words.copy_markdown) }
                }
            }
        }
    }
}
