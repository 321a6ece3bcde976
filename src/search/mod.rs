//! Searches an index: turns a query into a page of ranked passages with snippets.
//!
//! A [`Searcher`] is a snapshot of an index. Its methods call a backend, which reads the segments on this machine or
//! queries a cluster. Read `execute/mod.rs` first: it runs the stages of a search in order.

mod backend;
mod context;
mod execute;
mod expansion;
mod lookup;
mod matching;
mod page;
mod passage_link;
mod ranking;
mod reader;
mod relaxation;
#[cfg_attr(
    not(feature = "cluster"),
    expect(dead_code, unused_imports, reason = "only a cluster is remote")
)]
pub(crate) mod remote;
mod resolution;
mod results;
mod retrieval;
mod statistics;
mod suggest;
#[cfg(test)]
mod tests;
mod written_id;

use std::{
    fmt::Debug,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

#[cfg(any(feature = "server", feature = "mcp"))]
pub(crate) use self::written_id::is_id_of_text;
use self::{
    backend::{LocalBackend, SearchBackend},
    context::SearchContext,
    written_id::find_by_id,
};
pub use self::{
    passage_link::{ParseLinkError, PassageLink},
    resolution::{LinkStatus, Resolution},
    results::{
        DocumentInfo, FacetCounts, FacetValue, Hit, HitCount, MatchKind, NearDuplicates,
        PassageInfo, RankedPassage, ScoreComponent, SearchResults,
    },
    suggest::{Suggestion, SuggestionKind},
};
use crate::{
    document::DeclaredFields,
    error::{Error, Result, catch_panic},
    index::{Index, IndexStats, IndexWriter, Indexes, Snapshot, Source},
    query::{Deadline, Query},
    span::Span,
};

/// A snapshot of an index that answers queries. Clones are cheap, and many threads can search at the same time. A
/// searcher never sees a later commit. To detect a later commit, compare [`Index::version`] with [`Searcher::version`].
#[derive(Debug, Clone)]
pub struct Searcher {
    version: Arc<str>,
    backend: Arc<dyn SearchBackend>,
    /// Deadline of the operations of `backend`.
    deadline: Deadline,
}

impl Index {
    /// Returns a snapshot of the last commit, including a commit by another process.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if the commit cannot be read.
    pub fn searcher(&self) -> Result<Searcher> {
        catch_panic(|| Searcher::of_snapshot(self.last_commit()?))
    }
}

impl Indexes {
    /// Returns a snapshot of the last commit of each index.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if a commit cannot be read, [`Error::InvalidArgument`] if one index is a copy of another.
    pub fn searcher(&self) -> Result<Searcher> {
        catch_panic(|| Searcher::of_snapshot(self.last_commits()?))
    }
}

/// The operations of an index that a service needs. The index can be in a folder, in memory or on a cluster.
pub trait IndexBackend: Debug + Send + Sync {
    /// Returns a snapshot of the last commit.
    ///
    /// # Errors
    ///
    /// Returns an error if the index cannot be read.
    fn searcher(&self) -> Result<Searcher>;

    /// Returns the name of the last commit, see [`Index::version`].
    ///
    /// # Errors
    ///
    /// Returns an error if the index cannot be read.
    fn version(&self) -> Result<String>;

    /// Returns the numbers of documents and passages of the index, and its size on disk in bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the index cannot be read.
    fn stats(&self) -> Result<IndexStats>;

    /// Opens a writer of the index.
    ///
    /// # Errors
    ///
    /// Returns an error if the index cannot be written, or another process writes to it.
    fn writer(&self) -> Result<IndexWriter>;

    /// Returns the folders of the indexes that are searched as one. An index in memory or on a cluster has no folder.
    fn dirs(&self) -> Vec<&Path>;

    /// Returns whether [`writer`](Self::writer) always fails, because several indexes are searched as one.
    fn is_read_only(&self) -> bool {
        false
    }
}

impl IndexBackend for Index {
    fn searcher(&self) -> Result<Searcher> {
        self.searcher()
    }

    fn version(&self) -> Result<String> {
        self.version()
    }

    fn stats(&self) -> Result<IndexStats> {
        self.stats()
    }

    fn writer(&self) -> Result<IndexWriter> {
        self.writer()
    }

    fn dirs(&self) -> Vec<&Path> {
        self.dir().into_iter().collect()
    }
}

impl IndexBackend for Indexes {
    fn searcher(&self) -> Result<Searcher> {
        self.searcher()
    }

    fn version(&self) -> Result<String> {
        self.version()
    }

    fn stats(&self) -> Result<IndexStats> {
        self.stats()
    }

    fn writer(&self) -> Result<IndexWriter> {
        self.writer()
    }

    fn dirs(&self) -> Vec<&Path> {
        self.dirs().collect()
    }

    fn is_read_only(&self) -> bool {
        self.is_read_only()
    }
}

impl Searcher {
    /// Returns a searcher of a snapshot of a local index.
    fn of_snapshot(snapshot: Snapshot) -> Result<Self> {
        let version = Arc::clone(&snapshot.version);
        let backend = Arc::new(LocalBackend(SearchContext::of_local_index(snapshot)?));
        Ok(Self { version, backend, deadline: Deadline::never() })
    }

    /// Returns a page of ranked passages.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index, Query, query::Facet};
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
    /// [`Error::InvalidArgument`] for an invalid cursor, [`Error::Engine`] if the index cannot be read. Every query
    /// text is valid.
    pub fn search(&self, query: &Query) -> Result<SearchResults> {
        let start_time = Instant::now();
        let answer =
            catch_panic(|| self.backend_within_timeout_of(query, start_time).search(query));
        let mut results = match answer {
            Err(Error::TimedOut(timeout)) => {
                SearchResults::page_cut_before_first_hit(query, timeout)
            }
            answer => answer?,
        };
        results.elapsed = start_time.elapsed();
        Ok(results)
    }

    /// Returns the page of [`search`](Self::search) as ids and scores. Reads no texts and makes no snippets, so that
    /// even a page of a thousand hits is fast.
    ///
    /// # Errors
    ///
    /// The errors of [`search`](Self::search), and [`Error::TimedOut`] if the query exceeds its
    /// [timeout](Query::timeout).
    pub fn ranking(&self, query: &Query) -> Result<Vec<RankedPassage>> {
        catch_panic(|| self.backend_within_timeout_of(query, Instant::now()).ranking(query))
    }

    /// Returns a searcher of the same snapshot whose operations together may take `timeout` from now. An operation that
    /// takes longer fails with [`Error::TimedOut`], but [`search`](Self::search) returns the hits that it has found by
    /// then.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use std::time::Duration;
    ///
    /// use gz_search::{Document, Error, Index};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("release", "Exports grew."))?;
    /// writer.commit()?;
    /// let searcher = index.searcher()?;
    /// let quick = searcher.with_timeout(Duration::from_secs(10));
    /// assert!(quick.similar("release#0", 5)?.is_some());
    /// let no_time = searcher.with_timeout(Duration::ZERO);
    /// assert!(matches!(no_time.similar("release#0", 5), Err(Error::TimedOut(_))));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with_deadline(Deadline::new(Instant::now(), Some(timeout)))
    }

    /// Returns a searcher of the same snapshot whose operations fail after `deadline`.
    pub(crate) fn with_deadline(&self, deadline: Deadline) -> Self {
        let deadline = self.deadline.earlier(deadline);
        let backend = self.backend.with_deadline(deadline);
        Self { version: Arc::clone(&self.version), backend, deadline }
    }

    /// Checks whether the deadline of the searcher has passed.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] if the deadline has passed.
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only a service has requests"))]
    pub(crate) fn check_deadline(&self) -> Result<()> {
        self.deadline.check()
    }

    /// Returns the backend for a query that began at `start_time`, with the time limit of the query.
    fn backend_within_timeout_of(
        &self,
        query: &Query,
        start_time: Instant,
    ) -> Arc<dyn SearchBackend> {
        match query.timeout {
            Some(_) => self.with_deadline(Deadline::new(start_time, query.timeout)).backend,
            None => Arc::clone(&self.backend),
        }
    }

    /// Returns the declared fields of the index. An index on a cluster has none.
    pub fn declared_fields(&self) -> &DeclaredFields {
        self.backend.declared_fields()
    }

    /// Returns the name of the commit that the searcher reads, see [`Index::version`].
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the spans of `text` that match a clause of the query, as byte ranges. The spans are in text order, and
    /// never overlap or touch.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn highlights(&self, query: &Query, text: &str) -> Result<Vec<Span>> {
        Ok(self.highlights_of_all(query, &[text])?.pop().unwrap_or_default())
    }

    /// Returns the [`highlights`](Self::highlights) of each of `texts`, in the same order. Prepares the query only
    /// once, because the preparation takes most of the time.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn highlights_of_all(&self, query: &Query, texts: &[&str]) -> Result<Vec<Vec<Span>>> {
        catch_panic(|| self.backend.highlights(query, texts))
    }

    /// Returns up to `limit` (at most 100) completions of a text that a user is typing, the most likely first.
    /// Completes the last word, or proposes the next word after a space. Completes the last characters of a Chinese
    /// text, Simplified or Traditional. Never suggests the text itself. An index on a cluster has no suggestions.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index, search::SuggestionKind};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("a", "The first flying car factory opened."))?;
    /// writer.add(&Document::new("b", "广州的预算报告。"))?;
    /// writer.commit()?;
    /// let searcher = index.searcher()?;
    /// let texts = |typed: &str| -> gz_search::Result<Vec<String>> {
    ///     Ok(searcher.suggest(typed, 10)?.into_iter().map(|suggestion| suggestion.text).collect())
    /// };
    /// assert_eq!(texts("Fa")?, ["factory"]);
    /// assert_eq!(texts("Flying c")?, ["flying car"]);
    /// # if cfg!(feature = "chinese") {
    /// assert_eq!(texts("預")?, ["预算"]);
    /// assert_eq!(texts("gz")?, ["广州"]);
    /// # }
    /// let suggestion = searcher.suggest("flying ", 1)?.remove(0);
    /// assert_eq!((suggestion.kind, suggestion.passages), (SuggestionKind::Phrase, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read. Every text is valid.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>> {
        catch_panic(|| self.backend.suggest(text, limit))
    }

    /// Returns the passages of other documents that are most similar to the passage with this id, at most one passage
    /// of each document. `None` if the id is unknown. The highlights of a hit are the words that the hit shares with
    /// the passage `id`. [`SearchResults::query`] is the query that was made from the passage `id`.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// use gz_search::{Document, Index};
    ///
    /// let index = Index::in_memory();
    /// let writer = index.writer()?;
    /// writer.add(&Document::new("ports", "Container ports handled more cargo."))?;
    /// writer.add(&Document::new("schools", "Schools opened on Monday."))?;
    /// writer.add(&Document::new("cargo", "Cargo grew at the container terminals."))?;
    /// writer.commit()?;
    /// let searcher = index.searcher()?;
    /// let similar = searcher.similar("ports#0", 5)?.expect("it was added").hits;
    /// assert_eq!(similar.len(), 1);
    /// assert_eq!(similar[0].passage.id, "cargo#0");
    /// assert_eq!(searcher.similar("unknown#0", 5)?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn similar(&self, id: &str, limit: usize) -> Result<Option<SearchResults>> {
        catch_panic(|| find_by_id(id, |id| self.backend.similar(id, limit)))
    }

    /// Returns a document with all its passages. `None` if the id is unknown.
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
    /// // A passage with one passage before and one passage after.
    /// let (_, around) = searcher.passage("release#2", 1)?.expect("there are three");
    /// assert_eq!(around[0].text, "Rails grew.");
    /// // The spans of a text that match a query.
    /// let highlights = searcher.highlights(&Query::new("road"), &around[1].text)?;
    /// assert_eq!(highlights[0].of(&around[1].text), "Roads");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn document(&self, id: &str) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        find_by_id(id, |id| self.backend.document(id))
    }

    /// Returns a document without its passages. `None` if the id is unknown.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn document_info(&self, id: &str) -> Result<Option<DocumentInfo>> {
        find_by_id(id, |id| self.backend.document_info(id))
    }

    /// Returns the text of a document as extracted from its file. The spans of passages are byte ranges of this text.
    /// `None` if the id is unknown.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn document_text(&self, id: &str) -> Result<Option<String>> {
        find_by_id(id, |id| self.backend.document_text(id))
    }

    /// Returns the document of the passage with this id (`DOCUMENT#ORDINAL`), and the passage itself with up to
    /// `context` passages before it and up to `context` passages after it, in text order. `None` if the id is unknown.
    /// The id may be written as in a citation or a link: in brackets, after `gz-search:`, or with `%23` for `#`. So may
    /// the ids of the other methods.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn passage(
        &self,
        id: &str,
        context: usize,
    ) -> Result<Option<(DocumentInfo, Vec<PassageInfo>)>> {
        find_by_id(id, |id| self.backend.passage(id, context))
    }

    /// Returns the indexed source files, sorted by path.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn sources(&self) -> Result<Vec<Source>> {
        self.backend.sources()
    }

    /// Returns the path of a source file relative to the indexed root, as in the values of the facet `source`. If the
    /// index has several roots, the path is relative to the deepest folder that contains all of them. Returns a path
    /// outside that folder unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] if the index cannot be read.
    pub fn relative_source<'a>(&self, source: &'a str) -> Result<&'a str> {
        self.backend.relative_source(source)
    }
}
