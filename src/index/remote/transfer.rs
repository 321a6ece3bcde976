//! Documents as an index keeps them → the writer of another index, without the sources they were read from.

use std::collections::HashSet;

use crate::{
    error::{Error, Result},
    index::{
        Corruption, DocumentRecord, Index, IndexStats, IndexWriter, PassageRecord, Progress,
        Snapshot, Source, document_hash, lookup, recovery::joined,
    },
};

/// What a copy from one index to another did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Copied {
    /// How much the copy holds.
    pub stats: IndexStats,
    /// Documents that were left out because they are not there as a whole.
    pub left_out: Vec<Corruption>,
}

/// A document as it is kept.
pub(crate) type Whole = (DocumentRecord, Vec<PassageRecord>);

impl Index {
    /// Every document of the last commit.
    pub(crate) fn documents(&self) -> Result<impl Iterator<Item = Result<Whole>> + use<>> {
        let Snapshot { inner, fields, .. } = self.last()?;
        let records = lookup::document_addresses(&inner, fields)?;
        Ok(records.into_iter().map(move |address| {
            let record: DocumentRecord = lookup::stored(&inner, fields, address)?;
            let passages = lookup::passages(&inner, fields, &record.id)?;
            Ok((record, passages))
        }))
    }

    /// Every source file of the last commit, by path.
    pub(crate) fn sources(&self) -> Result<Vec<Source>> {
        let Snapshot { inner, fields, .. } = self.last()?;
        lookup::sources(&inner, fields)
    }
}

impl IndexWriter {
    /// Writes `documents`, of which there are about `count`, and the records of `sources`, and commits them. A
    /// document that is not what its hash says is left out, with the record of its source: the next update reads
    /// it again.
    pub(crate) fn take_over(
        self,
        documents: impl Iterator<Item = Result<Whole>>,
        sources: &[Source],
        count: u64,
        progress: &impl Progress,
    ) -> Result<Copied> {
        let mut left_out = Vec::new();
        let mut unsound = HashSet::new();
        for (done, document) in documents.enumerate() {
            if progress.is_stopped() {
                return Err(Error::Stopped(
                    "before the copy was complete: what was there stays in use",
                ));
            }
            let (record, passages) = document?;
            if document_hash(&joined(&record, &passages)) == record.hash {
                self.copy(&record, &passages)?;
            } else {
                let detail = "is incomplete: index its source again".to_owned();
                left_out.push(Corruption { what: record.id, detail });
                unsound.insert(record.source);
            }
            progress.advanced(done + 1, usize::try_from(count).unwrap_or(usize::MAX).max(done + 1));
        }
        for source in sources.iter().filter(|source| !unsound.contains(&source.path)) {
            self.add_source(source)?;
        }
        Ok(Copied { stats: self.commit()?, left_out })
    }
}
