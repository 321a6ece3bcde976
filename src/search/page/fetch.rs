//! The places of a page → its hits: what is read of each, with a snippet.

use tantivy::DocAddress;

use super::{RankedDoc, TopHits, near_duplicates::also};
use crate::{
    error::{Error, Result},
    highlight::{Highlighter, Subject},
    index::{self, DocumentRecord, PassageRecord},
    query::{Collapse, Query, QueryPlan},
    search::{context::SearchContext, deadline::Deadline, lookup, results::Hit},
};

/// The passages of a page, with what is to be shown of them; the first of them where the time is over, and at
/// least one.
pub(in crate::search) fn hits(
    context: &SearchContext,
    page: &TopHits,
    lowered: &QueryPlan,
    query: &Query,
    deadline: Deadline,
) -> Result<Vec<Hit>> {
    let highlighter = Highlighter::new(lowered, &context.analyzer);
    let mut hits = Vec::with_capacity(page.places.len());
    for (index, place) in page.places.iter().enumerate() {
        if index > 0 && deadline.is_over() {
            break;
        }
        let rank = page.skipped + index as u64 + 1;
        hits.push(hit(context, rank, place, &highlighter, query)?);
    }
    Ok(hits)
}

fn hit(
    context: &SearchContext,
    rank: u64,
    place: &RankedDoc,
    highlighter: &Highlighter<'_>,
    query: &Query,
) -> Result<Hit> {
    let (searcher, fields) = (&context.reader.searcher, context.reader.fields);
    let passage: PassageRecord = index::stored(searcher, fields, place.address)?;
    let record = record_of(context, place.address, &passage.document)?;
    let document = lookup::with_copies(context, record)?;
    let subject = Subject {
        text: &passage.text,
        heads: &passage.heads,
        title: document.title.as_deref(),
        headings: &passage.headings,
        issuer: passage.issuer.as_deref(),
        speaker: passage.speaker.as_deref(),
        date: document.date,
        lang: &document.lang,
        source: &document.source,
        document: &document.id,
        ordinal: passage.ordinal,
    };
    let snippet = highlighter.snippet(&subject, query.width, query.fragments);
    let RankedDoc { score, collapsed, .. } = *place;
    let near = query.collapse == Collapse::Near;
    let also = near.then(|| also(context, place)).transpose()?;
    let (passage, reasons) = (passage.into(), Vec::new());
    let cursor = place.cursor(&context.collection()).to_string();
    Ok(Hit { rank, score, collapsed, also, document, passage, snippet, reasons, cursor })
}

/// The record of the document that a passage is of.
fn record_of(context: &SearchContext, passage: DocAddress, id: &str) -> Result<DocumentRecord> {
    let (searcher, fields) = (&context.reader.searcher, context.reader.fields);
    let columns = context.reader.fast_fields.get(passage.segment_ord as usize);
    if let Some(doc_id) = columns.and_then(|columns| columns.record_of(passage.doc_id)) {
        let address = DocAddress { doc_id, ..passage };
        let record: DocumentRecord = index::stored(searcher, fields, address)?;
        if record.id == id {
            return Ok(record);
        }
    }
    index::document(searcher, fields, id)?.ok_or_else(|| missing(id))
}

fn missing(id: &str) -> Error {
    Error::Engine(format!("the record of document {id} is missing").into())
}
