//! An embedded index → the index on the cluster, and back: as it is kept, without the sources.

use std::{iter::Peekable, path::Path};

use super::{
    Cluster, Layout,
    ask::Scan,
    wire::{self, DOCUMENT, PASSAGE, SOURCE},
};
use crate::{
    error::{Error, Result},
    index::{
        DocumentRecord, Entry, Index, IndexWriter, Progress, Source,
        remote::{self, Copied, StoredDocument},
    },
};

impl Cluster {
    /// Makes the index on the cluster a copy of the last commit of `index`. What was there before stays in use
    /// until the copy is complete.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where it cannot be written, [`Error::Damaged`] where `index` cannot be read, and
    /// [`Error::Stopped`] if `progress` stops it: what was there stays then.
    pub fn copy_from(
        &self,
        index: &Index,
        layout: Layout,
        progress: &impl Progress,
    ) -> Result<Copied> {
        let writer = self.writer(true, layout, Some(index.chinese()))?;
        let documents = index.stats()?.documents;
        let snapshot = index.last_commit()?;
        let sources = remote::sources(&snapshot)?;
        remote::copy_documents(writer, remote::documents(&snapshot)?, &sources, documents, progress)
    }

    /// Makes the index in the folder `dir` a copy of the one on the cluster. What was there before stays in use
    /// until the copy is complete. What somebody writes to the cluster meanwhile is in it or not.
    ///
    /// # Errors
    ///
    /// [`Error::Cluster`] where the cluster cannot be read, [`Error::Locked`] and [`Error::Io`] where the folder
    /// cannot be written, and [`Error::Stopped`] if `progress` stops it: what was there stays then.
    pub fn copy_to(&self, dir: impl AsRef<Path>, progress: &impl Progress) -> Result<Copied> {
        let analyzer = self.analyzer()?;
        self.client.refresh(self.client.name())?;
        let writer = IndexWriter::rebuild(dir, analyzer.chinese())?;
        let sources = self.scan(SOURCE).map(|entry| read(&entry?));
        let sources = sources.collect::<Result<Vec<Source>>>()?;
        let documents =
            Documents { records: self.scan(DOCUMENT), passages: self.scan(PASSAGE).peekable() };
        remote::copy_documents(writer, documents, &sources, self.stats()?.documents, progress)
    }
}

/// Documents with their passages: two scans in the same order.
struct Documents<'a> {
    records: Scan<'a>,
    passages: Peekable<Scan<'a>>,
}

impl Documents<'_> {
    fn whole(&mut self, record: &Entry) -> Result<StoredDocument> {
        let mut passages = Vec::new();
        let place = wire::short(&record.document);
        // Those of a document that is gone meanwhile stand before.
        let is_before = |passage: &Result<Entry>| {
            passage.as_ref().map_or(true, |passage| wire::short(&passage.document) <= place)
        };
        while let Some(passage) = self.passages.next_if(is_before) {
            let passage = passage?;
            if passage.document == record.document {
                passages.push(read(&passage)?);
            }
        }
        let record: DocumentRecord = read(record)?;
        passages.sort_by_key(|passage: &crate::index::PassageRecord| passage.ordinal);
        Ok((record, passages))
    }
}

impl Iterator for Documents<'_> {
    type Item = Result<StoredDocument>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = self.records.next()?;
        Some(record.and_then(|record| self.whole(&record)))
    }
}

/// What is stored under an entry.
fn read<T: serde::de::DeserializeOwned>(entry: &Entry) -> Result<T> {
    let read = serde_json::from_str(&entry.stored);
    read.map_err(|error| Error::Cluster(format!("holds what is no entry of this program: {error}")))
}
