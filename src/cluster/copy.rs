//! Copies the stored documents of an embedded index to a cluster, or back. The source files are not needed.

use std::{iter::Peekable, path::Path};

use super::{
    Cluster, Layout,
    search::EntryScan,
    wire::{self, DOCUMENT_KIND, PASSAGE_KIND, SOURCE_KIND},
};
use crate::{
    error::{Error, Result},
    index::{
        DocumentRecord, Entry, Index, IndexWriter, Progress, Source,
        remote::{self, CopyReport, StoredDocument},
    },
};

impl Cluster {
    /// Replaces the index on the cluster by a copy of the last commit of `index`. The old index stays in use
    /// until the copy is complete.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the cluster cannot be written, [`Error::Damaged`] if `index` cannot be read, and
    /// [`Error::Stopped`] if `progress` stops the copy. After an error, the old index stays in use.
    pub fn copy_from(
        &self,
        index: &Index,
        layout: Layout,
        progress: &impl Progress,
    ) -> Result<CopyReport> {
        if !index.declared_fields().is_empty() {
            let message = "the index has declared fields, which an index on a cluster cannot have: build it from the source files";
            return Err(Error::invalid("engine", message));
        }
        let writer = self.writer(true, layout, Some(index.chinese()))?;
        let document_count = index.stats()?.documents;
        let snapshot = index.last_commit()?;
        let sources = remote::sources(&snapshot)?;
        remote::copy_documents(
            writer,
            remote::documents(&snapshot)?,
            &sources,
            document_count,
            progress,
        )
    }

    /// Replaces the index in the folder `dir` by a copy of the index on the cluster. The old index stays in use until
    /// the copy is complete. Changes that are written to the cluster during the copy may be missing from the copy.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] if the cluster cannot be read, [`Error::Locked`] and [`Error::Io`] if the folder
    /// cannot be written, and [`Error::Stopped`] if `progress` stops the copy. After an error, the old index stays in
    /// use.
    pub fn copy_to(&self, dir: impl AsRef<Path>, progress: &impl Progress) -> Result<CopyReport> {
        let analyzer = self.analyzer()?;
        self.client.make_writes_visible(self.client.index_name())?;
        let writer = IndexWriter::rebuild(dir, analyzer.chinese())?;
        let sources = self.scan_entries(SOURCE_KIND).map(|entry| parse_stored_record(&entry?));
        let sources = sources.collect::<Result<Vec<Source>>>()?;
        let documents = ClusterDocuments {
            records: self.scan_entries(DOCUMENT_KIND),
            passages: self.scan_entries(PASSAGE_KIND).peekable(),
        };
        remote::copy_documents(writer, documents, &sources, self.stats()?.documents, progress)
    }
}

/// Iterator over the documents of an index on a cluster, each with its passages. Merges a scan of the document records
/// and a scan of the passages. Both scans are sorted by the hash of the document id.
struct ClusterDocuments<'a> {
    /// Records of documents that the iterator has not returned yet.
    records: EntryScan<'a>,
    /// Passages of documents that the iterator has not returned yet.
    passages: Peekable<EntryScan<'a>>,
}

impl ClusterDocuments<'_> {
    /// Returns the document record in the entry `record`, and the passages of this document. Reads the passages from
    /// the scan of passages.
    fn document_with_passages(&mut self, record: &Entry) -> Result<StoredDocument> {
        let mut passages = Vec::new();
        let record_key = wire::short_hash(&record.document);
        // If a document was removed during the copy, the scan may still return passages of that document. Such passages
        // sort before the passages of this document, and are skipped.
        let sorts_up_to_record = |passage: &Result<Entry>| {
            passage
                .as_ref()
                .map_or(true, |passage| wire::short_hash(&passage.document) <= record_key)
        };
        while let Some(passage) = self.passages.next_if(sorts_up_to_record) {
            let passage = passage?;
            if passage.document == record.document {
                passages.push(parse_stored_record(&passage)?);
            }
        }
        let record: DocumentRecord = parse_stored_record(record)?;
        passages.sort_by_key(|passage: &crate::index::PassageRecord| passage.ordinal);
        Ok((record, passages))
    }
}

impl Iterator for ClusterDocuments<'_> {
    type Item = Result<StoredDocument>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = self.records.next()?;
        Some(record.and_then(|record| self.document_with_passages(&record)))
    }
}

/// Deserializes the stored record of an entry.
fn parse_stored_record<T: serde::de::DeserializeOwned>(entry: &Entry) -> Result<T> {
    serde_json::from_str(&entry.stored_record).map_err(|error| {
        Error::cluster(format!("contains an entry that this program did not write: {error}"))
    })
}
