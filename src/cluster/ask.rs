//! Questions of a search → one request for all of them, and what is answered.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Cluster,
    client::Method,
    counts::Counts,
    lower::{chosen, column, counted, everything, field, passages, scored, shaped, term},
    reply::{Found, Hit},
    wire::{DOCUMENT, PASSAGE, SOURCE},
};
use crate::{
    error::{Error, Result},
    index::Entry,
    search::{
        HitCount,
        remote::{
            FacetTally, FetchedPassages, MAX_FETCHED, MatchTotals, RemoteAnswer, RemoteIndex,
            RemoteQuery, RemoteQuestion, narrows_counts,
        },
    },
};

/// More terms of one shape are not looked at.
const MOST_TERMS: usize = 10_000;
/// So many searches make one request.
const MOST_SEARCHES: usize = 1024;
/// More values of a facet are not counted.
const MOST_VALUES: usize = 10_000;
/// Up to so many documents are counted to the last.
const COUNTED_DOCUMENTS: u64 = 40_000;

/// A search of a multi-search request: its header and its body.
type Search = (Value, Value);

/// A cluster that is searched: what was counted for one search need not be counted for the next.
#[derive(Debug)]
pub(super) struct Asking {
    cluster: Cluster,
    counts: Counts,
}

impl Asking {
    pub(super) fn new(cluster: Cluster) -> Self {
        Self { cluster, counts: Counts::default() }
    }
}

impl RemoteIndex for Asking {
    fn ask(&self, questions: &[RemoteQuestion]) -> Result<Vec<Option<RemoteAnswer>>> {
        let all: Vec<_> = questions.iter().map(|question| self.prepared(question)).collect();
        // Which words are meant decides what else is asked.
        if all.iter().any(|one| matches!(one.known, Some(RemoteAnswer::Terms(_)))) {
            return Ok(all.into_iter().map(|one| one.known).collect());
        }
        let open =
            |one: &Prepared| if one.known.is_none() { one.searches.clone() } else { Vec::new() };
        let sent: Vec<Search> = all.iter().flat_map(open).collect();
        let mut replies = self.cluster.searched(&sent)?.into_iter();
        let answers =
            questions.iter().zip(all).map(|(question, Prepared { searches, key, known })| {
                if known.is_some() {
                    return Ok(known);
                }
                let own: Vec<Found> = replies.by_ref().take(searches.len()).collect();
                let is_whole = own.iter().all(|reply| reply.missing().is_none());
                let answer = self.cluster.answer(question, own)?;
                if let (true, Some(key)) = (is_whole, key) {
                    self.counts.keep(key, answer.clone());
                }
                Ok(Some(answer))
            });
        answers.collect()
    }
}

/// A question about to be asked.
struct Prepared {
    searches: Vec<Search>,
    /// What the answer is known by to those that ask the same; none for what is asked each time.
    key: Option<String>,
    known: Option<RemoteAnswer>,
}

impl Asking {
    fn prepared(&self, question: &RemoteQuestion) -> Prepared {
        let searches = searches(question);
        let key = is_count(question).then(|| lines(&searches));
        let known = key.as_deref().and_then(|key| self.counts.get(key));
        Prepared { searches, key, known }
    }
}

/// Whether numbers are asked for, or words.
const fn is_count(question: &RemoteQuestion) -> bool {
    match question {
        RemoteQuestion::Collection
        | RemoteQuestion::Terms(..)
        | RemoteQuestion::Frequencies(..)
        | RemoteQuestion::Passages(_) => true,
        RemoteQuestion::Matches(_) | RemoteQuestion::Document(_) | RemoteQuestion::Sources => false,
    }
}

fn lines(searches: &[Search]) -> String {
    let bodies: Vec<String> = searches.iter().map(|(_, body)| body.to_string()).collect();
    bodies.join("\n")
}

/// What is sent for a question; nothing where nothing can be.
fn searches(question: &RemoteQuestion) -> Vec<Search> {
    let plain = |body: Value| vec![(json!({}), body)];
    match question {
        RemoteQuestion::Collection => plain(json!({
            "size": 0, "track_total_hits": true, "query": everything(),
            "aggs": {"positions": {"sum": {"field": "length"}}},
        })),
        RemoteQuestion::Terms(vocabulary, shape) => {
            let of_shape = |query| json!({"size": MOST_TERMS, "query": query, "sort": ["_doc"], "_source": ["term"]});
            shaped(*vocabulary, shape).map(of_shape).map(plain).unwrap_or_default()
        }
        RemoteQuestion::Frequencies(vocabulary, terms) => {
            let field = field(*vocabulary);
            let one = |one: &String| (json!({}), count(&passages(&term(field, one))));
            terms.iter().map(one).collect()
        }
        RemoteQuestion::Passages(what) => plain(count(&counted(what))),
        RemoteQuestion::Matches(sought) => {
            vec![(json!({"search_type": "dfs_query_then_fetch"}), matches(sought))]
        }
        RemoteQuestion::Document(id) => plain(json!({
            "size": MOST_TERMS, "sort": [{"ordinal": {"order": "asc", "missing": "_last"}}],
            "query": {"bool": {"filter": [
                {"term": {"document": {"value": id}}}, {"terms": {"kind": [PASSAGE, DOCUMENT]}},
            ]}},
            "_source": ["entry"],
        })),
        RemoteQuestion::Sources => Vec::new(),
    }
}

/// How many entries a query finds.
pub(super) fn count(query: &Value) -> Value {
    json!({"size": 0, "track_total_hits": true, "query": query})
}

/// The best passages and how many there are.
fn matches(sought: &RemoteQuery) -> Value {
    let query = scored(sought);
    // What the cluster cannot tell is told here, from all of it.
    let size = if query.is_exact { sought.hits } else { MAX_FETCHED };
    let by_score = json!({"_score": {"order": "desc"}});
    let then = json!({"document": {"order": "asc"}});
    let sort = if sought.by_date {
        json!([{"date": {"order": "desc", "missing": "_last"}}, by_score])
    } else {
        json!([by_score, then])
    };
    let documents = json!({"cardinality": {
        "field": "document", "precision_threshold": COUNTED_DOCUMENTS,
    }});
    let mut aggs = serde_json::Map::new();
    aggs.insert(
        "chosen".to_owned(),
        json!({
            "filter": chosen(sought, |_| true), "aggs": {"documents": documents},
        }),
    );
    for &facet in &sought.facets {
        let narrows = |other| narrows_counts(facet, other, &sought.chosen);
        let values = json!({
            "values": {"terms": {"field": column(facet), "size": MOST_VALUES}, "aggs": {"documents": documents}},
            "without": {"missing": {"field": column(facet)}, "aggs": {"documents": documents}},
        });
        aggs.insert(
            facet.name().to_owned(),
            json!({"filter": chosen(sought, narrows), "aggs": values}),
        );
    }
    let mut body = json!({
        "size": size, "track_total_hits": true, "track_scores": true, "query": query.query, "sort": sort,
        "aggs": aggs,
    });
    if sought.is_narrowed()
        && let Some(body) = body.as_object_mut()
    {
        body.insert("post_filter".to_owned(), chosen(sought, |_| true));
        // The total of the hits is of what is chosen; this one is not.
        body.insert("track_total_hits".to_owned(), true.into());
        if let Some(aggs) = body.get_mut("aggs").and_then(Value::as_object_mut) {
            aggs.insert("found".to_owned(), json!({"filter": {"match_all": {}}}));
        }
    }
    body
}

impl Cluster {
    /// The answers to many searches, in one request; more than fit in one make several.
    pub(super) fn searched(&self, searches: &[Search]) -> Result<Vec<Found>> {
        let mut found = Vec::with_capacity(searches.len());
        for some in searches.chunks(MOST_SEARCHES) {
            let replies = self.multi_search(some)?;
            if replies.len() != some.len() {
                return Err(Error::Cluster("does not answer each search".to_owned()));
            }
            found.extend(replies);
        }
        Ok(found)
    }

    /// Sends one multi-search request; an error if the cluster refuses one of the searches.
    fn multi_search(&self, searches: &[Search]) -> Result<Vec<Found>> {
        #[derive(Deserialize)]
        struct Replies {
            responses: Vec<Found>,
        }
        let mut lines = String::new();
        for (header, body) in searches {
            lines.extend([header.to_string().as_str(), "\n", &body.to_string(), "\n"]);
        }
        let path = format!("/{}/_msearch", self.client.name());
        let Replies { responses } = self.client.read(Method::Post, &path, &lines)?;
        match responses.iter().find_map(|reply| Some((reply.status, reply.error.as_ref()?))) {
            Some((status, error)) => Err(self.client.refused_with(status, error)),
            None => Ok(responses),
        }
    }

    fn answer(&self, question: &RemoteQuestion, replies: Vec<Found>) -> Result<RemoteAnswer> {
        let only = |replies: Vec<Found>| replies.into_iter().next().unwrap_or_default();
        Ok(match question {
            RemoteQuestion::Collection => {
                let reply = only(replies);
                let positions = reply.aggregations.pointer("/positions/value");
                // A sum is a number with a point, whatever it is a sum of.
                let positions = positions.and_then(Value::as_f64).unwrap_or_default().max(0.0);
                #[expect(clippy::cast_sign_loss, reason = "it is none below 0")]
                RemoteAnswer::Collection {
                    passages: reply.total(),
                    positions: positions.round() as u64,
                }
            }
            RemoteQuestion::Terms(..) => {
                let hits = only(replies).into_hits().into_iter();
                let terms: BTreeSet<String> = hits.filter_map(|hit| hit.source.term).collect();
                RemoteAnswer::Terms(terms.into_iter().collect())
            }
            RemoteQuestion::Frequencies(_, terms) => {
                let counted = terms.iter().cloned().zip(replies.iter().map(Found::total));
                RemoteAnswer::Frequencies(counted.filter(|(_, count)| *count > 0).collect())
            }
            RemoteQuestion::Passages(_) => RemoteAnswer::Passages(only(replies).total()),
            RemoteQuestion::Matches(sought) => RemoteAnswer::Matches(found(sought, only(replies))),
            RemoteQuestion::Document(_) => RemoteAnswer::Entries(entries(only(replies))),
            RemoteQuestion::Sources => RemoteAnswer::Entries(self.records(SOURCE)?),
        })
    }

    /// The entries of all records of a kind.
    pub(super) fn records(&self, kind: &'static str) -> Result<Vec<Entry>> {
        self.scan(kind).collect()
    }

    /// The same one by one, by their keys: a document has the place that its passages have.
    pub(super) fn scan(&self, kind: &'static str) -> Scan<'_> {
        Scan { cluster: self, kind, page: Vec::new().into_iter(), after: Some(Value::Null) }
    }
}

/// The entries of a kind, a page at a time.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    cluster: &'a Cluster,
    kind: &'static str,
    page: std::vec::IntoIter<Entry>,
    /// What the next page comes after; none where there is no more.
    after: Option<Value>,
}

impl Scan<'_> {
    fn page(&mut self, after: Value) -> Result<()> {
        let mut body = json!({
            "size": 1000, "query": {"term": {"kind": {"value": self.kind}}}, "_source": ["entry"],
            "sort": [{"key": {"order": "asc"}}],
        });
        if let (false, Some(body)) = (after.is_null(), body.as_object_mut()) {
            body.insert("search_after".to_owned(), after);
        }
        let replies = self.cluster.searched(&[(json!({}), body)])?;
        let reply = replies.into_iter().next().unwrap_or_default();
        reply.whole()?;
        self.after = reply.hits().last().map(|hit| hit.sort.clone());
        let own = reply.into_hits().into_iter().filter_map(|hit| hit.source.entry);
        self.page = own.collect::<Vec<_>>().into_iter();
        Ok(())
    }
}

impl Iterator for Scan<'_> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.page.next() {
                return Some(Ok(entry));
            }
            let after = self.after.take()?;
            if let Err(error) = self.page(after) {
                return Some(Err(error));
            }
        }
    }
}

/// The entries of the hits, and the records that passages carry.
fn entries(reply: Found) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for Hit { source, .. } in reply.into_hits() {
        found.extend(source.entry);
        found.extend(source.head.filter(|head| seen.insert(head.document.clone())));
    }
    found
}

fn found(sought: &RemoteQuery, reply: Found) -> FetchedPassages {
    let fetched = reply.hits().len() as u64;
    let total = reply.total();
    let number = |path: &str| reply.aggregations.pointer(path).and_then(Value::as_u64);
    let narrowed = sought.is_narrowed();
    let count = |path: &str| {
        let passages = number(&format!("{path}/doc_count"));
        let documents = number(&format!("{path}/documents/value"));
        passages.zip(documents).unwrap_or_default()
    };
    let (chosen, documents) = count("/chosen");
    let mut totals = MatchTotals {
        matching: if narrowed { number("/found/doc_count").unwrap_or(total) } else { total },
        chosen,
        documents,
        missing_shards: reply.missing(),
        ..MatchTotals::default()
    };
    for &facet in &sought.facets {
        let path = format!("/{}", facet.name());
        let mut tally = FacetTally::default();
        let without = count(&format!("{path}/without"));
        tally.without = HitCount { passages: without.0, documents: without.1 };
        let buckets =
            reply.aggregations.pointer(&format!("{path}/values/buckets")).and_then(Value::as_array);
        for bucket in buckets.into_iter().flatten() {
            let value = match bucket.get("key") {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(year)) => format!("{:04}", year.as_u64().unwrap_or_default()),
                _ => continue,
            };
            let number =
                |path: &str| bucket.pointer(path).and_then(Value::as_u64).unwrap_or_default();
            let count =
                HitCount { passages: number("/doc_count"), documents: number("/documents/value") };
            tally.values.insert(value, count);
        }
        totals.facets.insert(facet, tally);
    }
    let is_all = fetched == total && !narrowed && totals.missing_shards.is_none();
    FetchedPassages { totals, is_all, entries: entries(reply) }
}
