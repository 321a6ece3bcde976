//! The id of a document or a passage → what is kept of it.

use super::{DocumentInfo, PassageInfo, Searcher};
use crate::{
    error::Result,
    index::{self, DocumentRecord, PassageRecord, content_hash},
    span::Span,
};

impl Searcher {
    /// A document with all its passages; none where the id is unknown.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index, Query};
    ///
    /// let text = "Exports grew.\n\nRails grew.\n\nRoads grew.\n";
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("release", text))?;
    /// writer.commit()?;
    /// let searcher = index.searcher()?;
    /// let (document, passages) = searcher.document("release")?.expect("it was added");
    /// assert_eq!((document.passages, passages.len()), (3, 3));
    /// assert_eq!(searcher.document_text("release")?.as_deref(), Some(text));
    /// assert_eq!(passages[1].span.of(text), "Rails grew.");
    /// // A passage with one neighbour on each side.
    /// let (_, around) = searcher.passage("release#2", 1)?.expect("there are three");
    /// assert_eq!(around[0].text, "Rails grew.");
    /// // What in a text satisfies a query.
    /// let marked = searcher.highlights(&Query::new("road"), &around[1].text)?;
    /// assert_eq!(marked[0].of(&around[1].text), "Roads");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
    pub fn document(&self, id: &str) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        self.through(|part| part.document_here(id))
    }

    fn document_here(&self, id: &str) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        self.fetch(id);
        let Some(record) = index::document(&self.inner, self.fields, id)? else { return Ok(None) };
        let passages = index::passages(&self.inner, self.fields, id)?;
        let document = self.described(record)?;
        Ok(Some((document, passages.into_iter().map(PassageInfo::from).collect())))
    }

    /// What is known of a document, without its passages; none where the id is unknown.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
    pub fn document_info(&self, id: &str) -> Result<Option<DocumentInfo>> {
        self.through(|part| {
            part.fetch(id);
            let record = index::document(&part.inner, part.fields, id)?;
            record.map(|record| part.described(record)).transpose()
        })
    }

    /// Sees that a document is here.
    fn fetch(&self, id: &str) {
        if let Some(whole) = &self.whole {
            whole.document(id);
        }
    }

    /// What is known of a document, with the other files that say the same.
    pub(super) fn described(&self, record: DocumentRecord) -> Result<DocumentInfo> {
        let said = record.content_digest.as_deref();
        let paths = said.map(|said| index::paths_of(&self.inner, self.fields, said)).transpose()?;
        let mut document = DocumentInfo::from(record);
        document.also_at = paths.unwrap_or_default();
        document.also_at.retain(|path| *path != document.source);
        Ok(document)
    }

    /// The text of a document as extraction produced it: what passage spans point into.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
    pub fn document_text(&self, id: &str) -> Result<Option<String>> {
        self.through(|part| {
            part.fetch(id);
            let record = index::document(&part.inner, part.fields, id)?;
            let Some(record) = record else { return Ok(None) };
            let passages = index::passages(&part.inner, part.fields, id)?;
            let mut text: String =
                passages.into_iter().flat_map(|passage| [passage.before, passage.text]).collect();
            text.push_str(&record.tail);
            Ok(Some(text))
        })
    }

    /// The passage of this id (`DOCUMENT#ORDINAL`) with up to `context` neighbours on each side;
    /// none where the id is unknown.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
    pub fn passage(
        &self,
        id: &str,
        context: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        self.through(|part| part.passage_here(id, context))
    }

    pub(super) fn passage_here(
        &self,
        id: &str,
        context: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        let split = id
            .rsplit_once('#')
            .and_then(|(document, ordinal)| Some((document, ordinal.parse::<usize>().ok()?)));
        let Some((document, ordinal)) = split else { return Ok(None) };
        let Some((info, mut passages)) = self.document_here(document)? else { return Ok(None) };
        if ordinal >= passages.len() {
            return Ok(None);
        }
        passages.truncate(ordinal.saturating_add(context).saturating_add(1));
        passages.drain(..ordinal.saturating_sub(context));
        Ok(Some((info, passages)))
    }

    /// The source files of the index, by path.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`](crate::Error::Engine) where the index cannot be read.
    pub fn sources(&self) -> Result<Vec<index::Source>> {
        self.through(|part| {
            part.whole.iter().for_each(|whole| whole.sources());
            index::sources(&part.inner, part.fields)
        })
    }
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
        let PassageRecord { document, ordinal, paragraph, page, start, .. } = record;
        let PassageRecord { text, headings, issuer, speaker, .. } = record;
        let mut hash = content_hash(text.as_bytes());
        hash.truncate(16);
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
            page,
            span,
            text,
        }
    }
}
