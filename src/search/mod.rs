//! Query tree → ranked hits with snippets: the one place that joins the stages.

mod abbreviation;
mod beside;
mod bits;
mod columns;
mod compound;
mod cursor;
mod deadline;
mod expand;
mod explain;
mod facet;
mod kept;
mod known;
mod ladder;
mod near;
mod page;
mod parts;
mod postings;
mod rank;
mod results;
mod scope;
mod score;
mod scorer;
mod segment;
mod similar;
mod smooth;
#[cfg(feature = "chinese")]
mod sounding;
mod source;
mod suggest;
mod sums;
#[cfg_attr(not(feature = "cluster"), expect(dead_code, reason = "a cluster asks and answers"))]
mod whole;
mod widen;

use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

use tantivy::{DocAddress, SegmentReader};

#[cfg(all(test, feature = "cluster"))]
pub(crate) use self::expand::edits;
pub(crate) use self::whole::Engine;
use self::{
    columns::Columns,
    cursor::Cursor,
    deadline::Deadline,
    ladder::kept,
    page::{Page, Place, Wanted},
    postings::Segment,
    score::Collection,
    segment::Matches,
    whole::Whole,
};
#[cfg(feature = "cluster")]
pub(crate) use self::{
    expand::stem_of,
    facet::Tally,
    whole::{Answer, Fetched, MOST_FETCHED, Question, Shape, Sought, Totals, Vocabulary, What},
};
pub use self::{
    kept::Kept,
    results::{
        Also, Count, DocumentInfo, FacetCounts, FacetValue, Hit, PassageInfo, Ranked, Reason,
        SearchResults,
    },
    suggest::{Suggestion, SuggestionKind},
};
use crate::{
    analysis::Analyzer,
    error::{Error, Result, guarded},
    highlight::{Highlighter, Subject},
    index::{self, DocumentRecord, Fields, Index, PassageRecord, Snapshot, content_hash},
    query::{self, Collapse, Lowered, Note, NoteKind, Query},
    span::Span,
};

/// A snapshot of an index that answers queries. Cheap to clone; clones may search at the same time
/// from many threads, and none of them sees a later commit: whether there is one says
/// [`Index::version`].
#[derive(Clone)]
pub struct Searcher {
    inner: tantivy::Searcher,
    fields: Fields,
    analyzer: Analyzer,
    version: Arc<str>,
    columns: Arc<[Columns]>,
    collection: Collection,
    root: Arc<OnceLock<String>>,
    /// What keeps the index, where it is not here.
    engine: Option<Arc<dyn Engine>>,
    /// What is known of the whole, where this is a part of one.
    whole: Option<Arc<Whole>>,
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Searcher").field("collection", &self.collection).finish_non_exhaustive()
    }
}

/// A page before anything of it is read, and what it takes to show it.
struct Found {
    notes: Vec<Note>,
    lowered: Lowered,
    page: Page,
    facets: Vec<FacetCounts>,
    /// Whether there is a page after it.
    more: bool,
}

impl Index {
    /// A snapshot of the last commit, whichever process made it.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where it cannot be read.
    pub fn searcher(&self) -> Result<Searcher> {
        guarded(|| {
            let Snapshot { inner, fields, analyzer, version } = self.last()?;
            let readers = inner.segment_readers();
            let columns: Arc<[Columns]> =
                readers.iter().map(Columns::open).collect::<Result<_>>()?;
            let collection = segment::collection(readers).map_err(engine)?;
            let (root, engine, whole) = (Arc::default(), None, None);
            Ok(Searcher {
                inner,
                fields,
                analyzer,
                version,
                columns,
                collection,
                root,
                engine,
                whole,
            })
        })
    }
}

impl Searcher {
    /// Answers a query with a page of ranked passages.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Date, Document, Facet, Index, Query};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// for (id, issuer, date) in [
    ///     ("a", "Bureau of Commerce", "2024-03-01"),
    ///     ("b", "Bureau of Commerce", "2025-06-30"),
    ///     ("c", "Ministry of Finance", "2025-12-17"),
    /// ] {
    ///     let mut release = Document::new(id, "Exports grew.");
    ///     release.issuer = Some(issuer.to_owned());
    ///     release.date = Date::parse(date);
    ///     writer.add(&release)?;
    /// }
    /// writer.commit()?;
    /// let query = Query::new("exports").only(Facet::Year, ["2025"]).facets([Facet::Issuer]);
    /// let results = index.searcher()?.search(&query)?;
    /// assert_eq!(results.total, 2);
    /// let issuers = &results.facets[0].values;
    /// assert_eq!(issuers[0].value, "Bureau of Commerce");
    /// assert_eq!(issuers[0].count.documents, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a cursor that is none, [`Error::Engine`] where the index cannot be
    /// read. Never for the text of the query.
    pub fn search(&self, query: &Query) -> Result<SearchResults> {
        let started = Instant::now();
        let deadline = Deadline::of(query, started);
        let answer = guarded(|| self.through(|part| part.answer(query, deadline)));
        let mut results = match answer {
            Err(error @ Error::TimedOut(_)) => SearchResults::cut_before_any(query, &error),
            answer => answer?,
        };
        results.elapsed = started.elapsed();
        Ok(results)
    }

    /// The same page as ids and scores alone: no text is read and no snippet made, so that a page
    /// may be a thousand long.
    ///
    /// # Errors
    ///
    /// As [`search`](Self::search), and [`Error::TimedOut`] where the query may not take as long as it does.
    pub fn ranking(&self, query: &Query) -> Result<Vec<Ranked>> {
        let deadline = Deadline::of(query, Instant::now());
        guarded(|| {
            self.through(|part| {
                let places = part.found(query, false, deadline)?.page.places.into_iter();
                Ok(places.map(Ranked::from).collect())
            })
        })
    }

    /// The name of the commit that it searches, see [`Index::version`].
    pub fn version(&self) -> &str {
        &self.version
    }

    fn found(&self, query: &Query, counts: bool, deadline: Deadline) -> Result<Found> {
        let (clause, mut notes) = query::parse(&query.text);
        let after = query.cursor.as_deref().map(Cursor::parse).transpose()?;
        if after.as_ref().is_some_and(|cursor| !cursor.is_of(&self.collection)) {
            notes.push(Note::new(NoteKind::Changed, "the index has changed since the page before: passages may be missing or come twice"));
        }
        let (prepared, matches) = self.climbed(&clause, query, deadline)?;
        deadline.check()?;
        let facets = self.faceted(&matches, query)?;
        let missing = matches.iter().find_map(|matches| matches.totals.as_ref()?.missing);
        notes.extend(missing.map(|(failed, all)| {
            let message = format!(
                "{failed} of {all} parts of the index did not answer: passages are missing"
            );
            Note::new(NoteKind::Partial, message)
        }));
        notes.extend(prepared.notes);
        let wanted = Wanted {
            offset: query.offset,
            limit: query.limit,
            after: after.as_ref(),
            collapse: query.collapse == Collapse::Document,
            sort: query.sort,
            counts,
        };
        // Term vectors have no Chinese.
        let chinese = prepared.query.tokens.iter().any(|token| token.han);
        let smoothing = if chinese { 0.0 } else { query.ranking.smoothing };
        let (page, more) = if query.collapse == Collapse::Near {
            self.page_of_groups(&matches, wanted, smoothing, deadline)?
        } else {
            let page = self.page(&matches, wanted, smoothing)?;
            let more = page.skipped + (page.places.len() as u64) < page.counted(wanted);
            (page, more)
        };
        if let Some(whole) = &self.whole
            && page.places.len() < query.limit
            && page.skipped + (page.places.len() as u64) < page.counted(wanted)
            && matches.iter().any(|matches| matches.totals.is_some())
        {
            whole.want_more(query);
        }
        Ok(Found { notes, lowered: prepared.query, page, facets, more })
    }

    fn answer(&self, query: &Query, deadline: Deadline) -> Result<SearchResults> {
        let Found { mut notes, lowered, mut page, facets, more } =
            self.found(query, true, deadline)?;
        let hits = self.hits(&page, &lowered, query, deadline)?;
        let cut = hits.len() < page.places.len();
        if cut {
            let message =
                format!("the time was over after {} of {} hits", hits.len(), page.places.len());
            notes.push(Note::new(NoteKind::Cut, message));
            page.places.truncate(hits.len());
        }
        let last = page.places.last().filter(|_| more || cut);
        Ok(SearchResults {
            query: query.text.clone(),
            notes: distinct(notes),
            total: page.total,
            total_documents: page.total_documents,
            hits,
            facets,
            cut,
            elapsed: std::time::Duration::ZERO,
            next: last.map(|place| place.cursor(&self.collection).to_string()),
        })
    }

    /// The passages of a page, with what is to be shown of them; the first of them where the time is over, and at
    /// least one.
    fn hits(
        &self,
        page: &Page,
        lowered: &Lowered,
        query: &Query,
        deadline: Deadline,
    ) -> Result<Vec<Hit>> {
        let mut reasons = if query.explain {
            self.explained(&page.places, lowered, &query.ranking)?
        } else {
            Vec::new()
        };
        let highlighter = Highlighter::new(lowered, &self.analyzer);
        let mut hits = Vec::with_capacity(page.places.len());
        for (index, place) in page.places.iter().enumerate() {
            if index > 0 && deadline.is_over() {
                break;
            }
            let rank = page.skipped + index as u64 + 1;
            let mut hit = self.hit(rank, place, &highlighter, query)?;
            hit.reasons = reasons.get_mut(index).map(std::mem::take).unwrap_or_default();
            hits.push(hit);
        }
        Ok(hits)
    }

    fn segments(&self) -> Vec<Segment<'_>> {
        segments(self.inner.segment_readers(), self.fields, &self.columns, self.whole.as_deref())
    }

    /// What matches of what was `asked` for, and the scores of what may stand on the page.
    fn matches(&self, query: &Lowered, asked: &Query, deadline: Deadline) -> Result<Vec<Matches>> {
        let only = self.chosen(asked)?;
        let (segments, collection) = (self.segments(), self.collection);
        let keep = kept(asked);
        let mut matches =
            segment::matches(&segments, query, &only, &asked.ranking, collection, keep, deadline)?;
        if let (Some(whole), Some(first)) = (&self.whole, matches.first_mut()) {
            first.totals = whole.matches(query, &only, asked);
        }
        Ok(matches)
    }

    fn hit(
        &self,
        rank: u64,
        place: &Place,
        highlighter: &Highlighter<'_>,
        query: &Query,
    ) -> Result<Hit> {
        let passage: PassageRecord = index::stored(&self.inner, self.fields, place.address)?;
        let document = self.described(self.record_of(place.address, &passage.document)?)?;
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
        let Place { score, collapsed, .. } = *place;
        let near = query.collapse == Collapse::Near;
        let also = near.then(|| self.also(place)).transpose()?;
        let (passage, reasons) = (passage.into(), Vec::new());
        let cursor = place.cursor(&self.collection).to_string();
        Ok(Hit { rank, score, collapsed, also, document, passage, snippet, reasons, cursor })
    }

    /// The record of the document that a passage is of.
    fn record_of(&self, passage: DocAddress, id: &str) -> Result<DocumentRecord> {
        let columns = self.columns.get(passage.segment_ord as usize);
        if let Some(doc_id) = columns.and_then(|columns| columns.record_of(passage.doc_id)) {
            let address = DocAddress { doc_id, ..passage };
            let record: DocumentRecord = index::stored(&self.inner, self.fields, address)?;
            if record.id == id {
                return Ok(record);
            }
        }
        index::document(&self.inner, self.fields, id)?.ok_or_else(|| missing(id))
    }

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
    /// [`Error::Engine`] where the index cannot be read.
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
    /// [`Error::Engine`] where the index cannot be read.
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
    fn described(&self, record: DocumentRecord) -> Result<DocumentInfo> {
        let said = record.said.as_deref();
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
    /// [`Error::Engine`] where the index cannot be read.
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
    /// [`Error::Engine`] where the index cannot be read.
    pub fn passage(
        &self,
        id: &str,
        context: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        self.through(|part| part.passage_here(id, context))
    }

    fn passage_here(
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

    /// What in `text` satisfies a part of the query: spans in order, disjoint, never adjacent.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the index cannot be read.
    pub fn highlights(&self, query: &Query, text: &str) -> Result<Vec<Span>> {
        self.through(|part| {
            let mut prepared = part.prepared(&query::parse(&query.text).0, query)?;
            if part.whole.is_some() {
                whole::add_forms(&mut prepared.query, text, &part.analyzer);
            }
            Ok(Highlighter::new(&prepared.query, &part.analyzer).highlights(text))
        })
    }

    /// The source files of the index, by path.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the index cannot be read.
    pub fn sources(&self) -> Result<Vec<index::Source>> {
        self.through(|part| {
            part.whole.iter().for_each(|whole| whole.sources());
            index::sources(&part.inner, part.fields)
        })
    }
}

fn segments<'a>(
    readers: &'a [SegmentReader],
    fields: Fields,
    columns: &'a [Columns],
    whole: Option<&'a Whole>,
) -> Vec<Segment<'a>> {
    let both = readers.iter().zip(columns);
    both.map(|(reader, columns)| Segment { reader, columns, fields, whole }).collect()
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

impl From<Place> for Ranked {
    fn from(place: Place) -> Self {
        let Place { score, document, ordinal, .. } = place;
        Self { document, ordinal: ordinal as u32, score }
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

/// Notes without repetitions, in their order.
fn distinct(mut notes: Vec<Note>) -> Vec<Note> {
    let mut seen = std::collections::HashSet::new();
    notes.retain(|note| seen.insert(note.clone()));
    notes
}

fn missing(id: &str) -> Error {
    Error::Engine(format!("the record of document {id} is missing").into())
}

fn engine(error: tantivy::TantivyError) -> Error {
    Error::Engine(Box::new(error))
}
