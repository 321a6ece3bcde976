//! Searches on a cluster: converts the questions of a search ([`RemoteQuestion`]) to one multi-search request, and the
//! responses to answers.
//!
//! Counts and terms are cached, because successive searches often ask for the same terms.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Cluster,
    client::Method,
    count_cache::CountCache,
    query_dsl::{
        all_passages_query, best_passages_query, chosen_facet_values_query, facet_field,
        matching_passages_query, passages_containing_query, term_pattern_query, term_query,
        vocabulary_field,
    },
    search_response::{ClusterHit, SearchResponse},
    wire::{DOCUMENT_KIND, PASSAGE_KIND, SOURCE_KIND},
};
use crate::{
    error::{Error, Result},
    index::Entry,
    search::{
        HitCount,
        remote::{
            FacetTally, FetchedPassages, MAX_FETCHED_PASSAGES, MatchTotals, RemoteAnswer,
            RemoteIndex, RemoteQuery, RemoteQuestion, narrows_counts,
        },
    },
};

/// Maximum number of hits of a search for terms by pattern, and of a search for the entries of one document.
const MAX_HITS_PER_SEARCH: usize = 10_000;
/// Maximum number of searches in one multi-search request.
const MAX_SEARCHES_PER_REQUEST: usize = 1024;
/// Maximum number of values of one facet that the cluster counts.
const MAX_FACET_VALUES: usize = 10_000;
/// Maximum number of distinct documents that the cluster counts almost exactly (`precision_threshold`).
const MAX_NEARLY_EXACT_DISTINCT_COUNT: u64 = 40_000;

/// Header and body of one search in a multi-search request.
type MultiSearchItem = (Value, Value);

/// Remote index of a searcher: an index on a cluster, with a cache of counts.
#[derive(Debug)]
pub(super) struct ClusterSearch {
    cluster: Cluster,
    count_cache: CountCache,
}

impl ClusterSearch {
    pub(super) fn new(cluster: Cluster) -> Self {
        Self { cluster, count_cache: CountCache::default() }
    }
}

impl RemoteIndex for ClusterSearch {
    fn ask(&self, questions: &[RemoteQuestion]) -> Result<Vec<Option<RemoteAnswer>>> {
        let prepared_questions: Vec<_> =
            questions.iter().map(|question| self.prepare_question(question)).collect();
        // If the cache contains terms, only cached answers are returned, without a request. The caller then asks the
        // other questions again, because these depend on the terms.
        if prepared_questions
            .iter()
            .any(|question| matches!(question.cached_answer, Some(RemoteAnswer::Terms(_))))
        {
            return Ok(prepared_questions
                .into_iter()
                .map(|question| question.cached_answer)
                .collect());
        }
        let uncached_questions =
            prepared_questions.iter().filter(|question| question.cached_answer.is_none());
        let searches: Vec<MultiSearchItem> =
            uncached_questions.flat_map(|question| question.searches.clone()).collect();
        let mut responses = self.cluster.run_searches(&searches)?.into_iter();
        let answers = questions.iter().zip(prepared_questions).map(
            |(question, PreparedQuestion { searches, cache_key, cached_answer })| {
                if cached_answer.is_some() {
                    return Ok(cached_answer);
                }
                let own_responses: Vec<SearchResponse> =
                    responses.by_ref().take(searches.len()).collect();
                let all_shards_answered =
                    own_responses.iter().all(|response| response.missing_shards().is_none());
                let answer = self.cluster.answer_from_responses(question, own_responses)?;
                if let (true, Some(key)) = (all_shards_answered, cache_key) {
                    self.count_cache.insert(key, answer.clone());
                }
                Ok(Some(answer))
            },
        );
        answers.collect()
    }
}

/// Question to the cluster, with the searches that answer the question and the answer if it is cached.
struct PreparedQuestion {
    /// Searches whose responses together answer the question.
    searches: Vec<MultiSearchItem>,
    /// Key of the answer in the cache; `None` for a question whose answer is not cached.
    cache_key: Option<String>,
    cached_answer: Option<RemoteAnswer>,
}

impl ClusterSearch {
    /// Converts a question to searches, and looks up the answer in the cache.
    fn prepare_question(&self, question: &RemoteQuestion) -> PreparedQuestion {
        let searches = searches_for(question);
        let cache_key = is_cacheable(question).then(|| cache_key(&searches));
        let cached_answer = cache_key.as_deref().and_then(|key| self.count_cache.get(key));
        PreparedQuestion { searches, cache_key, cached_answer }
    }
}

/// Returns whether the answer to `question` may be cached. Only counts and terms are cached, because counts and terms
/// change slowly.
const fn is_cacheable(question: &RemoteQuestion) -> bool {
    match question {
        RemoteQuestion::Collection
        | RemoteQuestion::Terms(..)
        | RemoteQuestion::Frequencies(..)
        | RemoteQuestion::Passages(_) => true,
        RemoteQuestion::Matches(_) | RemoteQuestion::Document(_) | RemoteQuestion::Sources => false,
    }
}

/// Returns the text under which the answer to `searches` is cached: the bodies of the searches.
fn cache_key(searches: &[MultiSearchItem]) -> String {
    let bodies: Vec<String> = searches.iter().map(|(_, body)| body.to_string()).collect();
    bodies.join("\n")
}

/// Returns the searches whose responses together answer `question`. Returns no search if the cluster cannot express
/// the question.
fn searches_for(question: &RemoteQuestion) -> Vec<MultiSearchItem> {
    let without_header = |body: Value| vec![(json!({}), body)];
    match question {
        RemoteQuestion::Collection => without_header(json!({
            "size": 0, "track_total_hits": true, "query": all_passages_query(),
            "aggs": {"positions": {"sum": {"field": "length"}}},
        })),
        RemoteQuestion::Terms(vocabulary, shape) => {
            let term_search = |query| json!({"size": MAX_HITS_PER_SEARCH, "query": query, "sort": ["_doc"], "_source": ["term"]});
            term_pattern_query(*vocabulary, shape)
                .map(term_search)
                .map(without_header)
                .unwrap_or_default()
        }
        RemoteQuestion::Frequencies(vocabulary, terms) => {
            let field = vocabulary_field(*vocabulary);
            let count_search = |text: &String| {
                (json!({}), count_search_body(&matching_passages_query(&term_query(field, text))))
            };
            terms.iter().map(count_search).collect()
        }
        RemoteQuestion::Passages(terms) => {
            without_header(count_search_body(&passages_containing_query(terms)))
        }
        RemoteQuestion::Matches(remote_query) => {
            vec![(
                json!({"search_type": "dfs_query_then_fetch"}),
                best_passages_search_body(remote_query),
            )]
        }
        RemoteQuestion::Document(id) => without_header(json!({
            "size": MAX_HITS_PER_SEARCH, "sort": [{"ordinal": {"order": "asc", "missing": "_last"}}],
            "query": {"bool": {"filter": [
                {"term": {"document": {"value": id}}}, {"terms": {"kind": [PASSAGE_KIND, DOCUMENT_KIND]}},
            ]}},
            "_source": ["entry"],
        })),
        RemoteQuestion::Sources => Vec::new(),
    }
}

/// Returns a search body that requests the number of documents matching `query`, without hits.
pub(super) fn count_search_body(query: &Value) -> Value {
    json!({"size": 0, "track_total_hits": true, "query": query})
}

/// Returns a search body that requests the best passages for a query, and the number of all matches.
fn best_passages_search_body(remote_query: &RemoteQuery) -> Value {
    let query = best_passages_query(remote_query);
    // If the cluster cannot express the query exactly, the search fetches all candidates, and this program checks the
    // candidates.
    let max_hits =
        if query.is_exact { remote_query.max_passage_count } else { MAX_FETCHED_PASSAGES };
    let by_score = json!({"_score": {"order": "desc"}});
    let by_document = json!({"document": {"order": "asc"}});
    let sort = if remote_query.sorts_by_date {
        json!([{"date": {"order": "desc", "missing": "_last"}}, by_score])
    } else {
        json!([by_score, by_document])
    };
    let document_count = json!({"cardinality": {
        "field": "document", "precision_threshold": MAX_NEARLY_EXACT_DISTINCT_COUNT,
    }});
    let mut aggs = serde_json::Map::new();
    aggs.insert(
        "chosen".to_owned(),
        json!({
            "filter": chosen_facet_values_query(remote_query, |_| true), "aggs": {"documents": document_count},
        }),
    );
    for &facet in &remote_query.facets {
        let narrows = |other| narrows_counts(facet, other, &remote_query.chosen_facet_values);
        let facet_aggs = json!({
            "values": {"terms": {"field": facet_field(facet), "size": MAX_FACET_VALUES}, "aggs": {"documents": document_count}},
            "without": {"missing": {"field": facet_field(facet)}, "aggs": {"documents": document_count}},
        });
        aggs.insert(
            facet.name().to_owned(),
            json!({"filter": chosen_facet_values_query(remote_query, narrows), "aggs": facet_aggs}),
        );
    }
    let mut body = json!({
        "size": max_hits, "track_total_hits": true, "track_scores": true, "query": query.query, "sort": sort,
        "aggs": aggs,
    });
    if remote_query.filters_by_facet()
        && let Some(body) = body.as_object_mut()
    {
        body.insert("post_filter".to_owned(), chosen_facet_values_query(remote_query, |_| true));
        // The number of hits includes only passages with the chosen facet values. The aggregation `found` counts all
        // matches.
        body.insert("track_total_hits".to_owned(), true.into());
        if let Some(aggs) = body.get_mut("aggs").and_then(Value::as_object_mut) {
            aggs.insert("found".to_owned(), json!({"filter": {"match_all": {}}}));
        }
    }
    body
}

impl Cluster {
    /// Sends searches in as few requests as possible, and returns the responses in the order of the searches.
    pub(super) fn run_searches(&self, searches: &[MultiSearchItem]) -> Result<Vec<SearchResponse>> {
        let mut all_responses = Vec::with_capacity(searches.len());
        for batch in searches.chunks(MAX_SEARCHES_PER_REQUEST) {
            let responses = self.multi_search(batch)?;
            if responses.len() != batch.len() {
                return Err(Error::cluster("does not return one response per search"));
            }
            all_responses.extend(responses);
        }
        Ok(all_responses)
    }

    /// Sends one multi-search request. Fails if the cluster refuses one of the searches.
    fn multi_search(&self, searches: &[MultiSearchItem]) -> Result<Vec<SearchResponse>> {
        /// Response to a multi-search request: one response for each search, in order.
        #[derive(Deserialize)]
        struct MultiResponse {
            responses: Vec<SearchResponse>,
        }
        let mut request_lines = String::new();
        for (header, body) in searches {
            request_lines.extend([header.to_string().as_str(), "\n", &body.to_string(), "\n"]);
        }
        let path = format!("/{}/_msearch", self.client.index_name());
        let response = self.client.send_expecting_success(Method::Post, &path, &request_lines)?;
        let MultiResponse { responses } = response.parse()?;
        match responses
            .iter()
            .find_map(|response| Some((response.status, response.error.as_ref()?)))
        {
            Some((status, error)) => Err(self.client.unsuccessful_response_error(status, error)),
            None => Ok(responses),
        }
    }

    /// Converts the responses to the searches of one question into the answer to the question.
    fn answer_from_responses(
        &self,
        question: &RemoteQuestion,
        responses: Vec<SearchResponse>,
    ) -> Result<RemoteAnswer> {
        let only_response =
            |responses: Vec<SearchResponse>| responses.into_iter().next().unwrap_or_default();
        Ok(match question {
            RemoteQuestion::Collection => {
                let response = only_response(responses);
                let positions = response.aggregations.pointer("/positions/value");
                // The cluster returns the result of a sum aggregation as a float.
                let positions = positions.and_then(Value::as_f64).unwrap_or_default().max(0.0);
                #[expect(clippy::cast_sign_loss, reason = "the sum is at least 0")]
                RemoteAnswer::Collection {
                    passage_count: response.total(),
                    position_count: positions.round() as u64,
                }
            }
            RemoteQuestion::Terms(..) => {
                let hits = only_response(responses).into_hits().into_iter();
                let terms: BTreeSet<String> = hits.filter_map(|hit| hit.source.term).collect();
                RemoteAnswer::Terms(terms.into_iter().collect())
            }
            RemoteQuestion::Frequencies(_, terms) => {
                let terms_with_counts =
                    terms.iter().cloned().zip(responses.iter().map(SearchResponse::total));
                RemoteAnswer::Frequencies(
                    terms_with_counts.filter(|(_, count)| *count > 0).collect(),
                )
            }
            RemoteQuestion::Passages(_) => RemoteAnswer::Passages(only_response(responses).total()),
            RemoteQuestion::Matches(remote_query) => {
                RemoteAnswer::Matches(fetched_passages(remote_query, only_response(responses)))
            }
            RemoteQuestion::Document(_) => {
                RemoteAnswer::Entries(hit_entries(only_response(responses)))
            }
            RemoteQuestion::Sources => RemoteAnswer::Entries(self.entries_of_kind(SOURCE_KIND)?),
        })
    }

    /// Returns all entries of one kind: [`PASSAGE_KIND`], [`DOCUMENT_KIND`] or [`SOURCE_KIND`].
    pub(super) fn entries_of_kind(&self, kind: &'static str) -> Result<Vec<Entry>> {
        self.scan_entries(kind).collect()
    }

    /// Returns an iterator over the entries of one kind, sorted by key. A scan of [`DOCUMENT_KIND`] and a scan of
    /// [`PASSAGE_KIND`] both go through the documents in the same order, so a caller can merge the two scans.
    pub(super) fn scan_entries(&self, kind: &'static str) -> EntryScan<'_> {
        EntryScan {
            cluster: self,
            kind,
            page_entries: Vec::new().into_iter(),
            search_after: Some(Value::Null),
        }
    }
}

/// Iterator over all entries of one kind. Fetches one page of entries at a time.
#[derive(Debug)]
pub(super) struct EntryScan<'a> {
    cluster: &'a Cluster,
    /// Kind of the entries, such as [`PASSAGE_KIND`].
    kind: &'static str,
    /// Entries of the current page that the iterator has not returned yet.
    page_entries: std::vec::IntoIter<Entry>,
    /// Sort values of the last hit of the current page; `None` after the last page.
    search_after: Option<Value>,
}

impl EntryScan<'_> {
    /// Fetches the page of entries after the entry with the sort values `search_after`. If `search_after` is null,
    /// fetches the first page.
    fn fetch_page(&mut self, search_after: Value) -> Result<()> {
        let mut body = json!({
            "size": 1000, "query": {"term": {"kind": {"value": self.kind}}}, "_source": ["entry"],
            "sort": [{"key": {"order": "asc"}}],
        });
        if let (false, Some(body)) = (search_after.is_null(), body.as_object_mut()) {
            body.insert("search_after".to_owned(), search_after);
        }
        let responses = self.cluster.run_searches(&[(json!({}), body)])?;
        let response = responses.into_iter().next().unwrap_or_default();
        response.check_all_shards_answered()?;
        self.search_after = response.hits().last().map(|hit| hit.sort.clone());
        let entries = response.into_hits().into_iter().filter_map(|hit| hit.source.entry);
        self.page_entries = entries.collect::<Vec<_>>().into_iter();
        Ok(())
    }
}

impl Iterator for EntryScan<'_> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.page_entries.next() {
                return Some(Ok(entry));
            }
            let search_after = self.search_after.take()?;
            if let Err(error) = self.fetch_page(search_after) {
                return Some(Err(error));
            }
        }
    }
}

/// Returns the entries of all hits, and the record of each document once. Each passage in the cluster stores a copy of
/// the record of its document.
fn hit_entries(response: SearchResponse) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut seen_documents = BTreeSet::new();
    for ClusterHit { source, .. } in response.into_hits() {
        entries.extend(source.entry);
        entries.extend(
            source.document_record.filter(|record| seen_documents.insert(record.document.clone())),
        );
    }
    entries
}

/// Converts the response to a search for passages. Returns the entries of the fetched passages, and the totals and the
/// facet counts of all matches.
fn fetched_passages(remote_query: &RemoteQuery, response: SearchResponse) -> FetchedPassages {
    let fetched_hits = response.hits().len() as u64;
    let total_hits = response.total();
    let aggregated_number =
        |path: &str| response.aggregations.pointer(path).and_then(Value::as_u64);
    let filters_by_facet = remote_query.filters_by_facet();
    let hit_count = |path: &str| {
        let passage_count = aggregated_number(&format!("{path}/doc_count"));
        let document_count = aggregated_number(&format!("{path}/documents/value"));
        passage_count.zip(document_count).unwrap_or_default()
    };
    let (chosen_count, document_count) = hit_count("/chosen");
    let mut totals = MatchTotals {
        match_count: if filters_by_facet {
            aggregated_number("/found/doc_count").unwrap_or(total_hits)
        } else {
            total_hits
        },
        chosen_count,
        document_count,
        missing_shards: response.missing_shards(),
        ..MatchTotals::default()
    };
    for &facet in &remote_query.facets {
        let facet_path = format!("/{}", facet.name());
        let mut tally = FacetTally::default();
        let without_value = hit_count(&format!("{facet_path}/without"));
        tally.without_value = HitCount { passages: without_value.0, documents: without_value.1 };
        let buckets = response
            .aggregations
            .pointer(&format!("{facet_path}/values/buckets"))
            .and_then(Value::as_array);
        for bucket in buckets.into_iter().flatten() {
            let facet_value = match bucket.get("key") {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(year)) => format!("{:04}", year.as_u64().unwrap_or_default()),
                _ => continue,
            };
            let bucket_number =
                |path: &str| bucket.pointer(path).and_then(Value::as_u64).unwrap_or_default();
            let bucket_count = HitCount {
                passages: bucket_number("/doc_count"),
                documents: bucket_number("/documents/value"),
            };
            tally.values.insert(facet_value, bucket_count);
        }
        totals.facets.insert(facet, tally);
    }
    let has_all_matches =
        fetched_hits == total_hits && !filters_by_facet && totals.missing_shards.is_none();
    FetchedPassages { totals, has_all_matches, entries: hit_entries(response) }
}
