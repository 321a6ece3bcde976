//! Query tree → ranked hits with snippets: the one place that joins the stages.

mod backend;
mod deadline;
mod execute;
mod expansion;
mod explanation;
mod facets;
mod lookup;
mod matching;
mod more_like_this;
mod page;
mod ranking;
mod reader;
mod relaxation;
#[cfg_attr(not(feature = "cluster"), expect(dead_code, reason = "a cluster asks and answers"))]
mod remote;
mod results;
mod source_paths;
mod suggest;

use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

use tantivy::SegmentReader;

#[cfg(all(test, feature = "cluster"))]
pub(crate) use self::expansion::edits;
pub(crate) use self::remote::RemoteIndex;
pub use self::{
    backend::IndexBackend,
    results::{
        DocumentInfo, FacetCounts, FacetValue, Hit, HitCount, NearDuplicates, PassageInfo,
        RankedPassage, ScoreComponent, SearchResults,
    },
    suggest::{Suggestion, SuggestionKind},
};
use self::{
    deadline::Deadline,
    execute::SegmentMatches,
    page::{Cursor, PageRequest, RankedDoc, TopHits},
    ranking::CollectionStats,
    reader::{FastFields, SegmentView},
    relaxation::kept,
    remote::RemoteStatistics,
};
#[cfg(feature = "cluster")]
pub(crate) use self::{
    expansion::stem_of,
    facets::FacetTally,
    remote::{
        CountedTerms, FetchedPassages, MOST_FETCHED, MatchTotals, RemoteAnswer, RemoteQuery,
        RemoteQuestion, TermShape, Vocabulary,
    },
};
use crate::{
    analysis::Analyzer,
    error::{Error, Result, catch_panic},
    highlight::Highlighter,
    index::{Fields, Index, Snapshot},
    query::{self, Collapse, Note, NoteKind, Query, QueryPlan},
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
    columns: Arc<[FastFields]>,
    collection: CollectionStats,
    root: Arc<OnceLock<String>>,
    /// What keeps the index, where it is not here.
    engine: Option<Arc<dyn RemoteIndex>>,
    /// What is known of the whole, where this is a part of one.
    whole: Option<Arc<RemoteStatistics>>,
}

impl std::fmt::Debug for Searcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Searcher").field("collection", &self.collection).finish_non_exhaustive()
    }
}

/// A page before anything of it is read, and what it takes to show it.
struct SearchOutcome {
    notes: Vec<Note>,
    lowered: QueryPlan,
    page: TopHits,
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
        catch_panic(|| {
            let snapshot = self.last_commit()?;
            let readers = snapshot.inner.segment_readers();
            let columns: Arc<[FastFields]> =
                readers.iter().map(FastFields::open).collect::<Result<_>>()?;
            let collection = execute::collection(readers, &columns)?;
            Ok(Searcher::new(snapshot, columns, collection))
        })
    }
}

impl Searcher {
    fn new(snapshot: Snapshot, columns: Arc<[FastFields]>, collection: CollectionStats) -> Self {
        let Snapshot { inner, fields, analyzer, version } = snapshot;
        let (root, engine, whole) = (Arc::default(), None, None);
        Self { inner, fields, analyzer, version, columns, collection, root, engine, whole }
    }

    /// Answers a query with a page of ranked passages.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Facet, Index, Query};
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
    ///     release.date = date.parse().ok();
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
    /// [`Error::InvalidArgument`] for a cursor that is none, [`Error::Engine`] where the index cannot be
    /// read. Never for the text of the query.
    pub fn search(&self, query: &Query) -> Result<SearchResults> {
        let started = Instant::now();
        let deadline = Deadline::of(query, started);
        let answer = catch_panic(|| self.through(|part| part.answer(query, deadline)));
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
    pub fn ranking(&self, query: &Query) -> Result<Vec<RankedPassage>> {
        let deadline = Deadline::of(query, Instant::now());
        catch_panic(|| {
            self.through(|part| {
                let places = part.found(query, false, deadline)?.page.places.into_iter();
                Ok(places.map(RankedPassage::from).collect())
            })
        })
    }

    /// The name of the commit that it searches, see [`Index::version`].
    pub fn version(&self) -> &str {
        &self.version
    }

    fn found(&self, query: &Query, counts: bool, deadline: Deadline) -> Result<SearchOutcome> {
        if let Some(whole) = self.whole.as_ref().filter(|_| query.collapse == Collapse::Near) {
            whole.look_through();
        }
        let (clause, mut notes) = query::parse(&query.text);
        let after = query.cursor.as_deref().map(Cursor::parse).transpose()?;
        if after.as_ref().is_some_and(|cursor| !cursor.is_of(&self.collection)) {
            notes.push(Note::new(NoteKind::Changed, "the index has changed since the page before: passages may be missing or come twice"));
        }
        let (prepared, matches) = self.climbed(&clause, query, deadline)?;
        deadline.check()?;
        let facets = self.faceted(&matches, query)?;
        notes.extend(partial(&matches));
        notes.extend(prepared.notes);
        let wanted = PageRequest {
            offset: query.offset,
            limit: query.limit,
            after: after.as_ref(),
            collapse: query.collapse == Collapse::Document,
            sort: query.sort,
            counts,
        };
        // Term vectors have no Chinese.
        let chinese = prepared.query.tokens.iter().any(|token| token.is_han);
        let smoothing = if chinese { 0.0 } else { query.ranking.regularization };
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
        Ok(SearchOutcome { notes, lowered: prepared.query, page, facets, more })
    }

    fn answer(&self, query: &Query, deadline: Deadline) -> Result<SearchResults> {
        let SearchOutcome { mut notes, lowered, mut page, facets, more } =
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

    fn segments(&self) -> Vec<SegmentView<'_>> {
        segments(self.inner.segment_readers(), self.fields, &self.columns, self.whole.as_deref())
    }

    /// What matches of what was `asked` for, and the scores of what may stand on the page.
    fn matches(
        &self,
        query: &QueryPlan,
        asked: &Query,
        deadline: Deadline,
    ) -> Result<Vec<SegmentMatches>> {
        let only = self.chosen(asked)?;
        let (segments, collection) = (self.segments(), self.collection);
        let keep = kept(asked);
        let mut matches =
            execute::matches(&segments, query, &only, &asked.ranking, collection, keep, deadline)?;
        if let (Some(whole), Some(first)) = (&self.whole, matches.first_mut()) {
            first.totals = whole.matches(query, &only, asked);
        }
        Ok(matches)
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
                remote::add_forms(&mut prepared.query, text, &part.analyzer);
            }
            Ok(Highlighter::new(&prepared.query, &part.analyzer).highlights(text))
        })
    }
}

fn segments<'a>(
    readers: &'a [SegmentReader],
    fields: Fields,
    columns: &'a [FastFields],
    whole: Option<&'a RemoteStatistics>,
) -> Vec<SegmentView<'a>> {
    let both = readers.iter().zip(columns);
    both.map(|(reader, columns)| SegmentView { reader, columns, fields, whole }).collect()
}

impl From<RankedDoc> for RankedPassage {
    fn from(place: RankedDoc) -> Self {
        let RankedDoc { score, document, ordinal, .. } = place;
        Self { document, ordinal: ordinal as u32, score }
    }
}

/// Says that parts of the whole did not answer.
fn partial(matches: &[SegmentMatches]) -> Option<Note> {
    let (failed, all) = matches.iter().find_map(|matches| matches.totals.as_ref()?.missing)?;
    let message =
        format!("{failed} of {all} parts of the index did not answer: passages are missing");
    Some(Note::new(NoteKind::Partial, message))
}

/// Notes without repetitions, in their order.
fn distinct(mut notes: Vec<Note>) -> Vec<Note> {
    let mut seen = std::collections::HashSet::new();
    notes.retain(|note| seen.insert(note.clone()));
    notes
}

fn engine(error: tantivy::TantivyError) -> Error {
    Error::Engine(Box::new(error))
}
