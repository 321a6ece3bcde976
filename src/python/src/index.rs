//! The class `Index`.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use gz_search::{Query, Searcher, document::DeclaredFields};
use pyo3::prelude::*;

use crate::{
    errors::{invalid_argument, python_exception},
    passage::Passage,
    query::{DateText, Filters, NamedValues, PageOptions, Texts},
    release::Document,
    repr::quoted,
    results::Results,
    suggestion::Suggestion,
    update::Update,
    writer::Writer,
};

/// An index of passages, in a folder or in memory. Threads may share an index.
#[pyclass(frozen, module = "gz_search")]
pub(crate) struct Index {
    index: gz_search::Index,
    /// Searcher of the last commit that was read. `None` before the first search.
    searcher: Mutex<Option<Searcher>>,
}

impl Index {
    fn new(index: gz_search::Index) -> Self {
        Self { index, searcher: Mutex::new(None) }
    }

    /// Returns a searcher of the last commit of this or any other process.
    fn last_commit(&self) -> gz_search::Result<Searcher> {
        let mut searcher = self.searcher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(searcher) = &*searcher
            && searcher.version() == self.index.version()?
        {
            return Ok(searcher.clone());
        }
        let latest = self.index.searcher()?;
        *searcher = Some(latest.clone());
        Ok(latest)
    }

    /// Calls `read` on a searcher of the last commit, without the interpreter lock.
    fn read<T: Send>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&Searcher) -> gz_search::Result<T> + Send,
    ) -> PyResult<T> {
        py.detach(|| read(&self.last_commit()?)).map_err(python_exception)
    }
}

/// Returns the declared fields. `types` maps the name of each field to its type.
fn declared_fields(types: Option<NamedValues<String>>) -> PyResult<DeclaredFields> {
    let mut fields = DeclaredFields::default();
    for (name, field_type) in types.into_iter().flat_map(|NamedValues(types)| types) {
        fields.declare_from_text(&format!("{name}:{field_type}")).map_err(python_exception)?;
    }
    Ok(fields)
}

#[pymethods]
impl Index {
    /// Opens the index in a folder, or creates it if there is none. Without a path, the index is in memory. `fields`
    /// maps the name of each declared field to its type: "text", "keyword", "number", "date" or "bool".
    #[new]
    #[pyo3(signature = (path = None, *, fields = None))]
    fn open_or_create(
        py: Python<'_>,
        path: Option<PathBuf>,
        fields: Option<NamedValues<String>>,
    ) -> PyResult<Self> {
        let Some(path) = path else {
            let fields = declared_fields(fields)?;
            return Ok(Self::new(py.detach(|| gz_search::Index::in_memory_with(fields))));
        };
        if !py.detach(|| gz_search::Index::exists(&path)).map_err(python_exception)? {
            return Self::create(py, path, fields);
        }
        let opened = Self::open(py, path)?;
        if fields.is_some() {
            let (stated, declared) = (declared_fields(fields)?, opened.index.declared_fields());
            if stated != declared {
                return Err(invalid_argument(format!(
                    "the index declares the fields {declared}, not {stated}: other fields need another folder"
                )));
            }
        }
        Ok(opened)
    }

    /// Opens the index in a folder.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| gz_search::Index::open(path)).map(Self::new).map_err(python_exception)
    }

    /// Creates an empty index in a folder.
    #[staticmethod]
    #[pyo3(signature = (path, *, fields = None))]
    fn create(
        py: Python<'_>,
        path: PathBuf,
        fields: Option<NamedValues<String>>,
    ) -> PyResult<Self> {
        let fields = declared_fields(fields)?;
        let created = py.detach(|| gz_search::Index::create_with(path, fields));
        created.map(Self::new).map_err(python_exception)
    }

    /// Folder of the index. None for an index in memory.
    #[getter]
    fn path(&self) -> Option<PathBuf> {
        self.index.dir().map(Into::into)
    }

    /// Types of the declared fields, by name.
    #[getter]
    fn fields(&self) -> BTreeMap<String, String> {
        let fields = self.index.declared_fields();
        fields.iter().map(|(name, kind)| (name.to_string(), kind.to_string())).collect()
    }

    /// Opens a writer. At most one writer of an index exists at a time, in all processes.
    fn writer(&self, py: Python<'_>) -> PyResult<Writer> {
        let writer = py.detach(|| self.index.writer()).map_err(python_exception)?;
        Ok(Writer::new(writer, self.index.declared_fields()))
    }

    /// Adds documents like Writer.add, and commits.
    fn add(&self, py: Python<'_>, documents: &Bound<'_, PyAny>) -> PyResult<usize> {
        let writer = self.writer(py)?;
        let added = writer.add(py, documents)?;
        writer.commit(py)?;
        Ok(added)
    }

    /// Updates the documents of files and folders like Writer.update, and commits.
    #[expect(clippy::too_many_arguments, reason = "Python callers name the arguments")]
    #[pyo3(signature = (
        paths, *, include = Vec::new(), exclude = Vec::new(), reread = false, issuer = None, lang = None,
    ))]
    fn update(
        &self,
        py: Python<'_>,
        paths: &Bound<'_, PyAny>,
        include: Vec<String>,
        exclude: Vec<String>,
        reread: bool,
        issuer: Option<String>,
        lang: Option<String>,
    ) -> PyResult<Update> {
        let writer = self.writer(py)?;
        let report = writer.update(py, paths, include, exclude, reread, issuer, lang)?;
        writer.commit(py)?;
        Ok(report)
    }

    /// Removes documents by id like Writer.remove, and commits.
    fn remove(&self, py: Python<'_>, ids: &Bound<'_, PyAny>) -> PyResult<()> {
        let writer = self.writer(py)?;
        writer.remove(py, ids)?;
        writer.commit(py)?;
        Ok(())
    }

    /// Returns a page of ranked passages. Every text is a valid query.
    #[expect(clippy::too_many_arguments, reason = "Python callers name the arguments")]
    #[expect(clippy::fn_params_excessive_bools, reason = "Python callers name the arguments")]
    #[pyo3(signature = (
        text, *, limit = 10, offset = 0, cursor = None, sort = "score", group = "none", group_size = 1,
        issuer = None, speaker = None, lang = None, source = None, after = None, before = None,
        filters = None, only = None, facets = None, facet_limit = 20, strict = false, synonyms = true,
        prefix_last = false, explain = false, fragments = 3, width = 320, timeout = None,
    ))]
    fn search(
        &self,
        py: Python<'_>,
        text: &str,
        limit: usize,
        offset: usize,
        cursor: Option<String>,
        sort: &str,
        group: &str,
        group_size: usize,
        issuer: Option<Texts>,
        speaker: Option<Texts>,
        lang: Option<Texts>,
        source: Option<Texts>,
        after: Option<DateText>,
        before: Option<DateText>,
        filters: Option<Texts>,
        only: Option<NamedValues<Texts>>,
        facets: Option<Texts>,
        facet_limit: usize,
        strict: bool,
        synonyms: bool,
        prefix_last: bool,
        explain: bool,
        fragments: usize,
        width: usize,
        timeout: Option<f64>,
    ) -> PyResult<Results> {
        let filters =
            Filters { issuer, speaker, lang, source, after, before, conditions: filters, only };
        let (sort, group) = (sort.to_owned(), group.to_owned());
        let page = PageOptions {
            limit,
            offset,
            cursor,
            sort,
            group,
            group_size,
            facets,
            facet_limit,
            timeout,
        };
        let query = Query::new(text)
            .strict(strict)
            .synonyms(synonyms)
            .prefix_last(prefix_last)
            .explain(explain)
            .fragments(fragments)
            .width(width);
        let query = page.apply(filters.apply(query)?)?;
        let results = self.read(py, |searcher| searcher.search(&query))?;
        Results::new(py, results)
    }

    /// Copies the last commit into a new or empty folder, as an independent index.
    fn snapshot(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.index.snapshot(path)).map_err(python_exception)
    }

    /// Returns completions of a text that a user is typing, the most likely first.
    #[pyo3(signature = (text, *, limit = 10))]
    fn suggest(&self, py: Python<'_>, text: &str, limit: usize) -> PyResult<Vec<Suggestion>> {
        let suggestions = self.read(py, |searcher| searcher.suggest(text, limit))?;
        Ok(suggestions.into_iter().map(Suggestion::from).collect())
    }

    /// Returns the passages of other documents that are most similar to a passage. None if the id is unknown.
    #[pyo3(signature = (passage_id, *, limit = 10))]
    fn similar(&self, py: Python<'_>, passage_id: &str, limit: usize) -> PyResult<Option<Results>> {
        let results = self.read(py, |searcher| searcher.similar(passage_id, limit))?;
        results.map(|results| Results::new(py, results)).transpose()
    }

    /// Returns a document. None if the id is unknown.
    fn document(&self, py: Python<'_>, id: &str) -> PyResult<Option<Document>> {
        Ok(self.read(py, |searcher| searcher.document_info(id))?.map(Document))
    }

    /// Returns the text of a document. None if the id is unknown.
    fn document_text(&self, py: Python<'_>, id: &str) -> PyResult<Option<String>> {
        self.read(py, |searcher| searcher.document_text(id))
    }

    /// Returns the passages of a document in the order of the text. Empty if the id is unknown.
    fn passages(&self, py: Python<'_>, id: &str) -> PyResult<Vec<Passage>> {
        let document = self.read(py, |searcher| searcher.document(id))?;
        let passages = document.map(|(_, passages)| passages).unwrap_or_default();
        Ok(passages.into_iter().map(Passage).collect())
    }

    /// Returns a passage by its id, such as "release#3". None if the id is unknown.
    fn passage(&self, py: Python<'_>, id: &str) -> PyResult<Option<Passage>> {
        Ok(self.passages_around(py, id, 0)?.pop())
    }

    /// Returns a passage with the passages before and after it. Empty if the id is unknown.
    #[pyo3(signature = (id, context = 1))]
    fn passages_around(&self, py: Python<'_>, id: &str, context: usize) -> PyResult<Vec<Passage>> {
        let passages = self.read(py, |searcher| searcher.passage(id, context))?;
        let passages = passages.map(|(_, passages)| passages).unwrap_or_default();
        Ok(passages.into_iter().map(Passage).collect())
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        let stats = py.detach(|| self.index.stats()).map_err(python_exception)?;
        Ok(usize::try_from(stats.documents)?)
    }

    /// Returns true, even for an empty index.
    #[expect(clippy::unused_self, reason = "Python calls it on a value")]
    fn __bool__(&self) -> bool {
        true
    }

    fn __contains__(&self, py: Python<'_>, id: &str) -> PyResult<bool> {
        Ok(self.document(py, id)?.is_some())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(match self.index.dir() {
            Some(path) => format!("Index({})", quoted(py, &path.to_string_lossy())?),
            None => "Index()".to_owned(),
        })
    }
}
