//! Finds the documents whose number a query names. The number is a field of the document record and is not indexed, so
//! the first such query reads the document records of each segment.

use std::collections::BTreeSet;

use tantivy::{DocAddress, DocId};

use super::SearchContext;
use crate::{
    document::document_number,
    error::Result,
    index::{DocumentRecord, RecordReader},
    query::{
        Filter, MatchTree, Note, QueryDocumentNumber, QueryPlan,
        note_detail::{ExpandedPart, ListedTerms, NoteDetail},
    },
    search::reader::{BitSet, RecordsByNumber},
};

/// Maximum number of documents in an index in which document numbers are found. In a larger index, reading all document
/// records takes too long.
const MAX_DOCUMENTS: u64 = 20_000;
/// Maximum number of releases that a note names.
const MAX_TITLES_IN_NOTE: usize = 3;

/// Finds the documents whose number the query contains. Each of these documents then matches in place of the words of
/// the number. Adds a note on each number found, and removes the other numbers from the plan. Does nothing for an index
/// on a cluster.
pub(in crate::search) fn add_numbered_documents(
    context: &SearchContext,
    plan: &mut QueryPlan,
    notes: &mut Vec<Note>,
) -> Result<()> {
    for number in std::mem::take(&mut plan.document_numbers) {
        let QueryDocumentNumber { leaves, label } = &number;
        let documents = documents_with_number(context, &document_number::key(label))?;
        if documents.is_empty() {
            continue;
        }
        let ids = documents.iter().map(|document| document.id.clone());
        plan.tree.add_alternative(leaves, &MatchTree::Filter(Filter::Documents(ids.collect())));
        let titles: BTreeSet<&str> = documents
            .iter()
            .map(|document| document.title.as_deref().unwrap_or(&document.id))
            .collect();
        let titles = ListedTerms::new(titles.into_iter(), MAX_TITLES_IN_NOTE);
        let part = ExpandedPart::DocumentNumber { number: label.clone(), titles };
        notes.push(Note::new(NoteDetail::Expanded(part)));
        plan.document_numbers.push(number);
    }
    Ok(())
}

fn documents_with_number(context: &SearchContext, key: &str) -> Result<Vec<DocumentRecord>> {
    let segments = context.segments();
    let counts = segments
        .iter()
        .map(|segment| segment.columns.live_document_count_and_total_length(segment.reader).0);
    let is_partial = segments.iter().any(|segment| segment.columns.is_partial());
    if is_partial || counts.sum::<u64>() > MAX_DOCUMENTS {
        return Ok(Vec::new());
    }
    let mut reader = RecordReader::new(&context.reader.searcher, context.reader.fields);
    let mut documents = Vec::new();
    for (segment_ord, segment) in (0..).zip(&segments) {
        let read = |doc_id| reader.read(DocAddress { segment_ord, doc_id });
        let records = if let Some(records) = segment.columns.records_by_number.get() {
            records
        } else {
            let records = records_by_number(context, segment.columns.document_records(), read)?;
            segment.columns.records_by_number.get_or_init(|| records)
        };
        for &doc_id in records.get(key).map(Vec::as_slice).unwrap_or_default() {
            if !segment.reader.is_deleted(doc_id) {
                documents.push(reader.read(DocAddress { segment_ord, doc_id })?);
            }
        }
    }
    Ok(documents)
}

/// Returns the document records in `records` that have a document number. The key of the result is the number in the
/// form in which numbers are compared.
fn records_by_number(
    context: &SearchContext,
    records: &BitSet,
    mut read: impl FnMut(DocId) -> Result<DocumentRecord>,
) -> Result<RecordsByNumber> {
    let mut by_number = RecordsByNumber::new();
    for record in records.iter() {
        context.deadline().check()?;
        if let Some(number) = read(record)?.number {
            by_number.entry(document_number::key(&number)).or_default().push(record);
        }
    }
    Ok(by_number)
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index, Query};

    #[test]
    fn a_document_number_finds_its_release_in_any_brackets() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        let release = |id: &str, number: Option<&str>, text: &str| {
            let mut document = Document::new(id, text);
            document.number = number.map(str::to_owned);
            document
        };
        for document in [
            release("reply", Some("国函〔2018〕144号"), "同意建立职业教育联席会议制度。"),
            release("cites", None, "根据国函（2018）144号，建立职业教育制度。"),
            release("loose", None, "国函在2018年批复，第144号码头开放。"),
            release("order", Some("国令第706号"), "专利代理条例已经通过。"),
            release("gang", Some("17-1431"), "A member of the gang was sentenced."),
            release("years", None, "In 17 cases, 1431 members of the gang were sentenced."),
        ] {
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        for (query, expected, has_note) in [
            ("国函〔2018〕144号", "cites reply", true),
            ("国函[2018]144号", "cites reply", true),
            ("国函(2018)144号", "cites reply", true),
            ("國函（2018）第144號", "cites reply", true),
            ("根据国函〔2018〕144号", "cites", true),
            ("国函〔2018〕144号 联席会议", "reply", true),
            ("国函〔2018〕145号", "", false),
            ("国务院令第706号", "order", true),
            ("17-1431", "gang years", true),
            ("gang 17-1431 sentenced", "gang years", true),
            ("17-1432", "", false),
        ] {
            let results = searcher.search(&Query::new(query)).unwrap();
            let total = usize::try_from(results.total).unwrap();
            let full_matches = results.hits.iter().take(total);
            let mut ids: Vec<&str> = full_matches.map(|hit| hit.document.id.as_str()).collect();
            ids.sort_unstable();
            assert_eq!(ids.join(" "), expected, "{query}");
            let mut notes = results.notes.iter().map(|note| note.message.as_str());
            let is_note = |note: &str| note.contains("is the number of a release");
            assert_eq!(notes.any(is_note), has_note, "{query}");
            let mut notes = results.notes.iter().map(|note| note.message.as_str());
            let is_missing = notes.any(|note| note.ends_with("occurs nowhere"));
            assert_eq!(is_missing, !has_note, "{query}: {:?}", results.notes);
        }
        let excluded = searcher.search(&Query::new("sentenced -\"17-1431\"")).unwrap();
        assert_eq!(excluded.total, 2);
    }
}
