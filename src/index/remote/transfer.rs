//! Copies documents from one index to another, using their stored records instead of their source files.

use std::collections::HashSet;

use crate::{
    error::{Error, Result},
    index::{
        lookup,
        recovery::Corruption,
        statistics::IndexStats,
        storage::Snapshot,
        stored::{DocumentRecord, PassageRecord, Source},
        update::Progress,
        write::IndexWriter,
    },
};

/// Result of a copy from one index to another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CopyReport {
    /// Size of the new index.
    pub stats: IndexStats,
    /// Documents that were not copied because they are damaged or incomplete.
    pub left_out: Vec<Corruption>,
}

/// The record of a document and the records of its passages, in order.
pub(crate) type StoredDocument = (DocumentRecord, Vec<PassageRecord>);

/// Iterates over the documents of a snapshot.
pub(crate) fn documents(
    snapshot: &Snapshot,
) -> Result<impl Iterator<Item = Result<StoredDocument>> + '_> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let addresses = lookup::document_record_addresses(searcher, *fields)?;
    Ok(addresses.into_iter().map(move |address| {
        let record: DocumentRecord = lookup::read_record(searcher, *fields, address)?;
        let passages = lookup::passage_records(searcher, *fields, &record.id, || Ok(()))?;
        Ok((record, passages))
    }))
}

/// Returns the records of all source files of a snapshot, sorted by path.
pub(crate) fn sources(snapshot: &Snapshot) -> Result<Vec<Source>> {
    lookup::source_records(&snapshot.searcher, snapshot.fields)
}

/// Returns the innermost folder that contains the roots of all `sources`, with a separator at its end.
pub(crate) fn common_source_root(sources: &[Source]) -> String {
    lookup::root_folder_of_sources(sources)
}

/// Writes `documents` and the records of `sources` with `writer`, and commits. If the hash of a document is wrong,
/// skips the document and the record of its source file; the next update then reads that file again. `document_count`
/// is the expected number of documents, for the reports to `progress`.
///
/// # Errors
///
/// [`Error::Stopped`] if `progress` stops the copy, and errors of either index. After an error, nothing is committed.
pub(crate) fn copy_documents(
    writer: IndexWriter,
    documents: impl Iterator<Item = Result<StoredDocument>>,
    sources: &[Source],
    document_count: u64,
    progress: &impl Progress,
) -> Result<CopyReport> {
    let mut left_out = Vec::new();
    let mut damaged_sources = HashSet::new();
    for (copied_count, document) in documents.enumerate() {
        if progress.should_stop() {
            return Err(Error::Stopped(
                "before the copy was complete: what was there stays in use",
            ));
        }
        let (record, passages) = document?;
        if record.is_intact(&passages) {
            writer.copy_document(&record, &passages)?;
        } else {
            let detail = "is incomplete: index its source again".to_owned();
            left_out.push(Corruption { item: record.id, detail });
            damaged_sources.insert(record.source);
        }
        progress.advanced(
            copied_count + 1,
            usize::try_from(document_count).unwrap_or(usize::MAX).max(copied_count + 1),
        );
    }
    for source in sources.iter().filter(|source| !damaged_sources.contains(&source.path)) {
        writer.add_source(source)?;
    }
    Ok(CopyReport { stats: writer.commit()?, left_out })
}
