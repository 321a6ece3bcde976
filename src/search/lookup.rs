//! Reads stored documents and passages by id.

use tantivy::DocAddress;

use super::{
    context::SearchContext,
    reader::IndexReader,
    results::{DocumentInfo, PassageInfo},
};
use crate::{
    document::FieldName,
    error::Result,
    index::{self, DocumentRecord, PassageRecord, RecordReader, Source, content_hash},
    span::Span,
};

/// Maximum number of documents of each segment whose metadata is read to find out whether a name is a metadata key.
const MAX_SAMPLED_RECORDS_PER_SEGMENT: usize = 64;

/// Returns a document with all its passages. `None` if the id is unknown.
pub(super) fn document(
    context: &SearchContext,
    id: &str,
) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
    let Some(record) = document_record(context, id)? else { return Ok(None) };
    let passages = passage_records(context, id)?;
    let document = document_info_from_record(context, record)?;
    Ok(Some((document, passages.into_iter().map(PassageInfo::from).collect())))
}

/// Returns a document without its passages. `None` if the id is unknown.
pub(super) fn document_info(context: &SearchContext, id: &str) -> Result<Option<DocumentInfo>> {
    document_record(context, id)?
        .map(|record| document_info_from_record(context, record))
        .transpose()
}

/// Returns the full text of a document. The spans of passages are byte ranges of this text. `None` if the id is
/// unknown.
pub(super) fn document_text(context: &SearchContext, id: &str) -> Result<Option<String>> {
    let Some(record) = document_record(context, id)? else { return Ok(None) };
    let passages = passage_records(context, id)?;
    let mut text: String =
        passages.into_iter().flat_map(|passage| [passage.text_before, passage.text]).collect();
    text.push_str(&record.text_after_passages);
    Ok(Some(text))
}

/// Returns the document of a passage, and the passage with up to `neighbour_count` passages before and after it, in
/// text order. `None` if the id is unknown.
pub(super) fn passage(
    context: &SearchContext,
    id: &str,
    neighbour_count: usize,
) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
    let Some((document_id, ordinal)) = split_passage_id(id) else { return Ok(None) };
    let Some((info, mut passages)) = document(context, document_id)? else { return Ok(None) };
    if ordinal >= passages.len() {
        return Ok(None);
    }
    passages.truncate(ordinal.saturating_add(neighbour_count).saturating_add(1));
    passages.drain(..ordinal.saturating_sub(neighbour_count));
    Ok(Some((info, passages)))
}

/// Returns the id of the passage whose text has this hash. Of several such passages, returns the first by document id
/// and ordinal. `None` if there is no such passage. Reads all passages.
///
/// # Errors
///
/// Returns an error if the deadline passes, or the index cannot be read.
pub(super) fn passage_id_with_hash(context: &SearchContext, hash: &str) -> Result<Option<String>> {
    let IndexReader { searcher, fields, deadline, .. } = &context.reader;
    let mut first: Option<(String, u32)> = None;
    let visit = |passage: PassageRecord| {
        if passage_text_hash(&passage.text) == hash {
            let location = (passage.document, passage.ordinal);
            first = Some(first.take().map_or(location.clone(), |other| other.min(location)));
        }
    };
    index::for_each_passage(searcher, *fields, || deadline.check(), visit)?;
    Ok(first.map(|(document, ordinal)| format!("{document}#{ordinal}")))
}

/// Returns the first 16 hexadecimal digits of the SHA-256 of the text of a passage.
fn passage_text_hash(text: &str) -> String {
    let mut hash = content_hash(text.as_bytes());
    hash.truncate(16);
    hash
}

/// Returns the document id and the ordinal of a passage id, `DOCUMENT#ORDINAL`. `None` if `id` has another form.
pub(super) fn split_passage_id(id: &str) -> Option<(&str, usize)> {
    let (document, ordinal) = id.rsplit_once('#')?;
    Some((document, ordinal.parse().ok()?))
}

/// Returns the names in `names` that are metadata keys of a document. Reads a sample of at most
/// [`MAX_SAMPLED_RECORDS_PER_SEGMENT`] documents of each segment, spread over the segment.
pub(super) fn names_that_are_metadata_keys(
    context: &SearchContext,
    names: &[FieldName],
) -> Result<Vec<FieldName>> {
    let (mut missing, mut present_names) = (names.to_vec(), Vec::new());
    if missing.is_empty() {
        return Ok(present_names);
    }
    let (searcher, fields) = (&context.reader.searcher, context.reader.fields);
    let mut reader = RecordReader::new(searcher, fields);
    for (segment_ord, columns) in (0..).zip(context.reader.fast_fields.iter()) {
        for doc_id in columns.sampled_records(MAX_SAMPLED_RECORDS_PER_SEGMENT) {
            if missing.is_empty() {
                return Ok(present_names);
            }
            context.deadline().check()?;
            let record: DocumentRecord = reader.read(DocAddress { segment_ord, doc_id })?;
            let keys: Vec<FieldName> =
                record.metadata.keys().filter_map(|key| FieldName::from_key(key)).collect();
            let (present, absent) = missing.into_iter().partition(|name| keys.contains(name));
            present_names.extend::<Vec<FieldName>>(present);
            missing = absent;
        }
    }
    Ok(present_names)
}

/// Returns the indexed source files, sorted by path.
pub(super) fn sources(context: &SearchContext) -> Result<Vec<Source>> {
    index::source_records(&context.reader.searcher, context.reader.fields)
}

/// Reads the passages of a document, in text order.
///
/// # Errors
///
/// Returns an error if the deadline passes, or the index cannot be read.
fn passage_records(context: &SearchContext, id: &str) -> Result<Vec<PassageRecord>> {
    let IndexReader { searcher, fields, deadline, .. } = &context.reader;
    index::passage_records(searcher, *fields, id, || deadline.check())
}

fn document_record(context: &SearchContext, id: &str) -> Result<Option<DocumentRecord>> {
    index::document_record(&context.reader.searcher, context.reader.fields, id)
}

/// Converts a document record to a document, and adds the paths of the other source files with the same content.
pub(super) fn document_info_from_record(
    context: &SearchContext,
    record: DocumentRecord,
) -> Result<DocumentInfo> {
    let (searcher, fields) = (&context.reader.searcher, context.reader.fields);
    let same_content_paths = match record.content_digest.as_deref() {
        Some(digest) => index::paths_with_digest(searcher, fields, digest)?,
        None => Vec::new(),
    };
    let mut document = DocumentInfo::from(record);
    document.also_at = same_content_paths;
    document.also_at.retain(|path| *path != document.source);
    Ok(document)
}

impl From<DocumentRecord> for DocumentInfo {
    fn from(record: DocumentRecord) -> Self {
        Self {
            id: record.id,
            title: record.title,
            source: record.source,
            also_at: Vec::new(),
            date: record.date,
            issuer: record.issuer,
            lang: record.lang,
            url: record.url,
            number: record.number,
            metadata: record.metadata,
            origins: record.origins,
            inferred: record.inferred,
            passages: record.passages,
        }
    }
}

impl From<PassageRecord> for PassageInfo {
    fn from(record: PassageRecord) -> Self {
        let PassageRecord { document, ordinal, paragraph, page, place, recognized, start, .. } =
            record;
        let PassageRecord { text, headings, issuer, speaker, speakers, .. } = record;
        let hash = passage_text_hash(&text);
        let span = Span::new(start.utf8, start.utf8 + text.len());
        Self {
            start,
            id: format!("{document}#{ordinal}"),
            ordinal,
            paragraph,
            hash,
            headings,
            issuer,
            speaker,
            speakers,
            page,
            place,
            recognized,
            span,
            text,
        }
    }
}
