//! One opened commit of an index: its segments and their fast fields.

use std::{fmt, sync::Arc};

use tantivy::{SegmentReader, schema::Field};

use super::{
    fast_fields::FastFields,
    segment::{SegmentView, field_of},
};
use crate::{
    document::DeclaredFields,
    error::Result,
    index::Fields,
    query::{Deadline, TextField},
};

/// Point-in-time view of an index. A clone is cheap and shares the opened segments.
#[derive(Clone)]
pub(in crate::search) struct IndexReader {
    pub(in crate::search) searcher: tantivy::Searcher,
    pub(in crate::search) fields: Fields,
    pub(in crate::search) declared_fields: Arc<DeclaredFields>,
    pub(in crate::search) fast_fields: Arc<[FastFields]>,
    /// Deadline of the reads. A read after the deadline fails.
    pub(in crate::search) deadline: Deadline,
}

impl IndexReader {
    /// Opens the fast fields of every segment.
    pub(in crate::search) fn open(
        searcher: tantivy::Searcher,
        fields: Fields,
        declared_fields: Arc<DeclaredFields>,
    ) -> Result<Self> {
        Ok(Self {
            declared_fields,
            ..Self::open_with_fast_fields(searcher, fields, FastFields::open)?
        })
    }

    /// Opens an index that may lack passages and records of its documents, such as an index of passages fetched from a
    /// remote index.
    pub(in crate::search) fn open_partial(
        searcher: tantivy::Searcher,
        fields: Fields,
    ) -> Result<Self> {
        Self::open_with_fast_fields(searcher, fields, FastFields::open_partial)
    }

    /// Opens a reader. `open` opens the fast fields of one segment.
    fn open_with_fast_fields(
        searcher: tantivy::Searcher,
        fields: Fields,
        open: impl Fn(&SegmentReader) -> Result<FastFields>,
    ) -> Result<Self> {
        let fast_fields = searcher.segment_readers().iter().map(open).collect::<Result<_>>()?;
        let (declared_fields, deadline) = (Arc::default(), Deadline::never());
        Ok(Self { searcher, fields, declared_fields, fast_fields, deadline })
    }

    /// Returns a reader of the opened segments whose reads fail after `deadline`.
    pub(in crate::search) fn with_deadline(&self, deadline: Deadline) -> Self {
        Self { deadline, ..self.clone() }
    }

    /// Returns the tantivy field of a text field.
    pub(in crate::search) const fn field(&self, field: TextField) -> Field {
        field_of(self.fields, field)
    }

    /// Returns a view of each segment, in the order of segment ordinals.
    pub(in crate::search) fn segments(&self) -> impl Iterator<Item = SegmentView<'_>> {
        let readers = self.searcher.segment_readers().iter();
        readers.zip(self.fast_fields.iter()).map(|(reader, columns)| SegmentView {
            reader,
            columns,
            fields: self.fields,
            declared_fields: &self.declared_fields,
            deadline: self.deadline,
        })
    }
}

impl fmt::Debug for IndexReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IndexReader")
            .field("segments", &self.fast_fields.len())
            .finish_non_exhaustive()
    }
}
