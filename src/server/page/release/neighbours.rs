//! Links from a release to the previous and the next release of the same issuer, by date.

use maud::{Markup, html};

use crate::{
    document::Date,
    error::Result,
    query::{Clause, Collapse, Facet, Period, Query, Sort},
    search::{DocumentInfo, Searcher},
    server::page::{address::ResultsAddress, markup, messages::Messages},
};

/// Maximum number of releases of one issuer and one day that are read to find the releases before and after a release.
const MAX_RELEASES_OF_DAY: usize = 200;

/// Returns the links as HTML; empty for a release without issuer or date.
pub(super) fn neighbouring_release_links(
    searcher: &Searcher,
    document: &DocumentInfo,
    address: &ResultsAddress,
    messages: &Messages,
) -> Result<Markup> {
    let (Some(issuer), Some(date)) = (&document.issuer, document.date) else {
        return Ok(html! {});
    };
    let [later, earlier] = later_and_earlier_release(searcher, &document.id, issuer, date)?;
    let link = |class: &str, label: &str, document: &DocumentInfo| {
        let date = document.date.map(|date| date.to_string()).unwrap_or_default();
        html! {
            a class=(class) href=(address.release_href(&document.id)) {
                span lang=(messages.lang) { (label) " · " (date) }
                (markup::text_with_lang(&markup::release_title(document)))
            }
        }
    };
    Ok(html! {
        @if later.is_some() || earlier.is_some() {
            nav.neighbours aria-label=(messages.release.releases_of_same_issuer) lang=(messages.lang) {
                h2 { (messages.release.releases_of_same_issuer) ": " (markup::text_with_lang(issuer)) }
                @if let Some(earlier) = &earlier { (link("earlier", messages.release.earlier_release_label, earlier)) }
                @if let Some(later) = &later { (link("later", messages.release.later_release_label, later)) }
            }
        }
    })
}

/// Returns the next later and the next earlier release of an issuer, in this order. Releases of one day are ordered as
/// in results sorted by date.
fn later_and_earlier_release(
    searcher: &Searcher,
    id: &str,
    issuer: &str,
    date: Date,
) -> Result<[Option<DocumentInfo>; 2]> {
    let query_of_issuer = |first: Option<Date>, last: Option<Date>| {
        Query::new("*")
            .only(Facet::Issuer, [issuer])
            .filter(Clause::Dates(Period { first, last }))
            .sort(Sort::Date)
            .collapse(Collapse::Document)
    };
    let ids = |query: Query| -> Result<Vec<String>> {
        Ok(searcher.ranking(&query)?.into_iter().map(|passage| passage.document).collect())
    };
    let info = |id: Option<String>| match id {
        Some(id) => searcher.document_info(&id),
        None => Ok(None),
    };
    let same_day = ids(query_of_issuer(Some(date), Some(date)).limit(MAX_RELEASES_OF_DAY))?;
    let Some(position) = same_day.iter().position(|other| other == id) else {
        return Ok([None, None]);
    };
    let later = if let Some(before) = position.checked_sub(1) {
        same_day.get(before).cloned()
    } else {
        let query = query_of_issuer(date.next_day(), None);
        let count = searcher.search(&query.clone().limit(0))?.total_documents as usize;
        match count.checked_sub(1) {
            Some(offset) => ids(query.limit(1).offset(offset))?.pop(),
            None => None,
        }
    };
    let earlier = match same_day.get(position + 1) {
        Some(next) => Some(next.clone()),
        None => ids(query_of_issuer(None, date.previous_day()).limit(1))?.pop(),
    };
    Ok([info(later)?, info(earlier)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Index};

    #[test]
    fn releases_of_one_issuer_link_to_each_other_by_date() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, issuer, date) in [
            ("a", "Ports", "2024-01-01"),
            ("b", "Ports", "2024-03-01"),
            ("c", "Ports", "2024-03-01"),
            ("d", "Ports", "2024-05-01"),
            ("x", "Rails", "2024-02-01"),
        ] {
            let mut document = Document::new(id, "It grows.");
            document.issuer = Some(issuer.to_owned());
            document.date = date.parse().ok();
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let mut chain = vec!["d".to_owned()];
        while let Some(id) = chain.last() {
            let date = searcher.document_info(id).unwrap().unwrap().date.unwrap();
            let [later, earlier] = later_and_earlier_release(&searcher, id, "Ports", date).unwrap();
            let before = chain.len().checked_sub(2).and_then(|position| chain.get(position));
            assert_eq!(later.map(|document| document.id).as_ref(), before, "later than {id}");
            let Some(earlier) = earlier else { break };
            chain.push(earlier.id);
        }
        assert_eq!(chain, ["d", "b", "c", "a"]);
    }
}
