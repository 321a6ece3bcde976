//! Reads the texts of the hits on a page and makes their snippets.

use tantivy::DocAddress;

use super::{near_duplicates::near_duplicates, ranked_doc::RankedDoc, top_hits::TopHits};
use crate::{
    error::{Error, Result},
    highlight::{Highlighter, PassageTextsAndMetadata},
    index::{self, DocumentRecord, PassageRecord, RecordReader},
    query::{Collapse, DeclaredFieldValues, Query},
    search::{
        context::SearchContext,
        lookup,
        relaxation::PreparedQuery,
        results::{Hit, MatchKind},
    },
};

/// Returns the hits of a page with their texts and snippets. If the deadline passes, returns only the hits that are
/// ready, but at least one hit.
pub(in crate::search) fn fetch_hits(
    context: &SearchContext,
    page: &TopHits,
    prepared_query: &PreparedQuery,
    query: &Query,
) -> Result<Vec<Hit>> {
    let full_match_highlighter = Highlighter::new(&prepared_query.plan, &context.analyzer);
    let loose_plan = prepared_query.loose_plan.as_ref().unwrap_or(&prepared_query.plan);
    let other_match_highlighter = Highlighter::new(loose_plan, &context.analyzer);
    let mut hits = Vec::with_capacity(page.hits.len());
    let has_declared_field_filter = prepared_query.plan.tree.has_declared_field_filter();
    let mut reader = RecordReader::new(&context.reader.searcher, context.reader.fields);
    for (index, ranked) in page.hits.iter().enumerate() {
        let rank = page.skipped_count + index as u64 + 1;
        // The next best passages have the same `MatchKind` value as the hit, so they get the same highlighter.
        let is_full = ranked.match_kind == MatchKind::All;
        let highlighter = if is_full { &full_match_highlighter } else { &other_match_highlighter };
        let mut fetch_passage = |ranked: &RankedDoc| {
            let highlighting = (highlighter, has_declared_field_filter);
            fetch_hit(context, &mut reader, rank, ranked, highlighting, query)
        };
        let mut hit = match fetch_passage(ranked) {
            // The hits that are ready are a useful answer. The caller adds a note that further hits are missing.
            Err(Error::TimedOut(_)) if index > 0 => break,
            hit => hit?,
        };
        for (index, ranked_passage) in ranked.next_best.iter().enumerate() {
            match fetch_passage(ranked_passage) {
                Err(Error::TimedOut(_)) => {
                    hit.collapsed += (ranked.next_best.len() - index) as u64;
                    break;
                }
                passage_hit => hit.next_best.push(passage_hit?),
            }
        }
        hits.push(hit);
    }
    Ok(hits)
}

/// Reads the passage and the document of one hit, and makes its snippet. `has_declared_field_filter` states whether the
/// query has a condition on a declared field.
fn fetch_hit(
    context: &SearchContext,
    reader: &mut RecordReader<'_>,
    rank: u64,
    ranked: &RankedDoc,
    (highlighter, has_declared_field_filter): (&Highlighter<'_>, bool),
    query: &Query,
) -> Result<Hit> {
    context.deadline().check()?;
    let passage: PassageRecord = reader.read(ranked.address)?;
    let record = document_record_of_passage(context, reader, ranked.address, &passage.document)?;
    let document = lookup::document_info_from_record(context, record)?;
    let passage_fields = PassageTextsAndMetadata {
        text: &passage.text,
        headings_indexed_in_body: &passage.headings_directly_above,
        title: document.title.as_deref(),
        headings: &passage.headings,
        issuer: passage.issuer.as_deref(),
        speakers: passage.speaker_names(),
        date: document.date,
        lang: &document.lang,
        source_path: &document.source,
        document_id: &document.id,
        ordinal: passage.ordinal,
        field_values: has_declared_field_filter.then(|| {
            DeclaredFieldValues::new(
                context.declared_fields(),
                &document.metadata,
                &context.analyzer,
            )
        }),
    };
    let snippet =
        highlighter.snippet(&passage_fields, query.max_snippet_columns, query.max_fragments);
    let RankedDoc { score, collapsed_count, match_kind, .. } = *ranked;
    let near_duplicates = if query.collapse == Collapse::Near {
        Some(near_duplicates(context, ranked)?)
    } else {
        None
    };
    let (passage, explanation) = (passage.into(), Vec::new());
    let cursor = ranked.cursor(&context.collection()).to_string();
    Ok(Hit {
        rank,
        score,
        matched: match_kind,
        missing: ranked.missing_words.clone(),
        next_best: Vec::new(),
        collapsed: collapsed_count,
        near_duplicates,
        document,
        passage,
        snippet,
        explanation,
        cursor,
    })
}

/// Returns the record of the document `id`, which contains `passage`. Tries the first document record after the passage
/// in its segment. If this record has another id, searches the index by id.
fn document_record_of_passage(
    context: &SearchContext,
    reader: &mut RecordReader<'_>,
    passage: DocAddress,
    id: &str,
) -> Result<DocumentRecord> {
    let (searcher, fields) = (&context.reader.searcher, context.reader.fields);
    let columns = context.reader.fast_fields.get(passage.segment_ord as usize);
    if let Some(doc_id) = columns.and_then(|columns| columns.record_of(passage.doc_id)) {
        let address = DocAddress { doc_id, ..passage };
        let record: DocumentRecord = reader.read(address)?;
        if record.id == id {
            return Ok(record);
        }
    }
    index::document_record(searcher, fields, id)?.ok_or_else(|| missing_record_error(id))
}

fn missing_record_error(id: &str) -> Error {
    Error::Engine(format!("the record of document {id} is missing").into())
}
