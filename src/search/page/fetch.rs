//! Reads the texts of the hits of a page and makes their snippets.

use tantivy::DocAddress;

use super::{RankedDoc, TopHits};
use crate::{
    error::{Error, Result},
    highlight::{Highlighter, Subject},
    index::{self, DocumentRecord, PassageRecord},
    query::{Collapse, Query, QueryPlan},
    search::{Hit, Searcher, deadline::Deadline},
};

impl Searcher {
    /// Returns the hits of a page with their texts and snippets. If the time is over, returns those that are ready, at
    /// least one.
    pub(in crate::search) fn hits(
        &self,
        page: &TopHits,
        lowered: &QueryPlan,
        query: &Query,
        deadline: Deadline,
    ) -> Result<Vec<Hit>> {
        let mut explanation = if query.explain {
            self.explained(&page.places, lowered, &query.ranking)?
        } else {
            Vec::new()
        };
        let highlighter = Highlighter::new(lowered, &self.analyzer);
        let mut hits = Vec::with_capacity(page.places.len());
        for (index, ranked) in page.places.iter().enumerate() {
            if index > 0 && deadline.is_over() {
                break;
            }
            let rank = page.skipped + index as u64 + 1;
            let mut hit = self.hit(rank, ranked, &highlighter, query)?;
            hit.explanation = explanation.get_mut(index).map(std::mem::take).unwrap_or_default();
            hits.push(hit);
        }
        Ok(hits)
    }

    fn hit(
        &self,
        rank: u64,
        ranked: &RankedDoc,
        highlighter: &Highlighter<'_>,
        query: &Query,
    ) -> Result<Hit> {
        let passage: PassageRecord = index::stored(&self.inner, self.fields, ranked.address)?;
        let document = self.described(self.record_of(ranked.address, &passage.document)?)?;
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
        let RankedDoc { score, collapsed, .. } = *ranked;
        let also = if query.collapse == Collapse::Near {
            Some(self.near_duplicates(ranked)?)
        } else {
            None
        };
        let (passage, explanation) = (passage.into(), Vec::new());
        let cursor = ranked.cursor(&self.collection).to_string();
        Ok(Hit { rank, score, collapsed, also, document, passage, snippet, explanation, cursor })
    }

    /// Returns the record of the document that contains a passage. The column of records is a shortcut; the id
    /// decides.
    fn record_of(&self, passage: DocAddress, id: &str) -> Result<DocumentRecord> {
        let columns = self.columns.get(passage.segment_ord as usize);
        if let Some(doc_id) = columns.and_then(|columns| columns.record_of(passage.doc_id)) {
            let address = DocAddress { doc_id, ..passage };
            let record: DocumentRecord = index::stored(&self.inner, self.fields, address)?;
            if record.id == id {
                return Ok(record);
            }
        }
        index::document(&self.inner, self.fields, id)?.ok_or_else(|| missing_record(id))
    }
}

fn missing_record(id: &str) -> Error {
    Error::Engine(format!("the record of document {id} is missing").into())
}
