//! Questions of a search → one request for all of them, and what is answered.

use serde_json::{Value, json};

use super::{
    Cluster,
    dialect::{Dialect, Search},
    lower::{chosen, column, counted, everything, field, scored, shaped},
    reply::{Found, Hit},
    wire::{DOCUMENT, PASSAGE, SOURCE},
};
use crate::{
    error::{Error, Result},
    index::Entry,
    query::Facet,
    search::{Answer, Count, Engine, Fetched, MOST_FETCHED, Question, Sought, Tally, Totals, What},
};

/// More terms of one shape are not looked at.
const MOST_TERMS: usize = 10_000;
/// More values of a facet are not counted.
const MOST_VALUES: usize = 10_000;
/// Up to so many documents are counted to the last.
const COUNTED_DOCUMENTS: u64 = 40_000;

impl Engine for Cluster {
    fn ask(&self, questions: &[Question]) -> Result<Vec<Answer>> {
        let mut searches = Vec::with_capacity(questions.len());
        let mut is_sent = Vec::with_capacity(questions.len());
        for question in questions {
            let search = request(question, self.dialect.as_ref());
            is_sent.push(search.is_some());
            searches.extend(search);
        }
        let mut replies = self.searched(&searches)?.into_iter();
        let answers = questions.iter().zip(is_sent).map(|(question, is_sent)| {
            let reply = if is_sent { replies.next() } else { None };
            self.answer(question, reply.unwrap_or_default())
        });
        answers.collect()
    }
}

/// What is sent for a question; none where nothing can be.
fn request(question: &Question, dialect: &dyn Dialect) -> Option<Search> {
    let plain = |body: Value| (json!({}), body);
    Some(match question {
        Question::Collection => plain(json!({
            "size": 0, "track_total_hits": true, "query": everything(),
            "aggs": {"positions": {"sum": {"field": "length"}}},
        })),
        Question::Terms(vocabulary, shape) => plain(json!({
            "size": MOST_TERMS, "query": shaped(*vocabulary, shape)?, "sort": ["_doc"],
            "_source": ["term"],
        })),
        Question::Passages(what) => plain(count(what)),
        Question::Matches(sought) => {
            (json!({"search_type": "dfs_query_then_fetch"}), matches(sought, dialect))
        }
        Question::Document(id) => plain(json!({
            "size": MOST_TERMS, "sort": [{"ordinal": {"order": "asc", "missing": "_last"}}],
            "query": {"bool": {"filter": [
                {"term": {"document": {"value": id}}}, {"terms": {"kind": [PASSAGE, DOCUMENT]}},
            ]}},
            "_source": ["entry"],
        })),
        Question::Sources => return None,
    })
}

fn count(what: &What) -> Value {
    json!({"size": 0, "track_total_hits": true, "query": counted(what)})
}

/// The best passages and how many there are.
fn matches(sought: &Sought, dialect: &dyn Dialect) -> Value {
    let query = scored(sought);
    let is_exact = query.is_exact && dialect.is_exact(&query.query);
    // What the cluster cannot tell is told here, from all of it.
    let size = if is_exact { sought.keep } else { MOST_FETCHED };
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
        let one = sought.only.get(&facet).is_some_and(|values| values.len() == 1);
        let narrows = |other| other != facet || facet == Facet::Source && one;
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
    if sought.only.values().any(|values| !values.is_empty())
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
    /// The answers to many searches, in one request.
    pub(super) fn searched(&self, searches: &[Search]) -> Result<Vec<Found>> {
        if searches.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.dialect.search(&self.client, searches)?;
        if found.len() == searches.len() {
            return Ok(found);
        }
        Err(Error::Cluster("does not answer each search".to_owned()))
    }

    fn answer(&self, question: &Question, reply: Found) -> Result<Answer> {
        Ok(match question {
            Question::Collection => {
                let positions = reply.aggregations.pointer("/positions/value");
                // A sum is a number with a point, whatever it is a sum of.
                let positions = positions.and_then(Value::as_f64).unwrap_or_default().max(0.0);
                #[expect(clippy::cast_sign_loss, reason = "it is none below 0")]
                Answer::Collection { passages: reply.total(), positions: positions.round() as u64 }
            }
            Question::Terms(vocabulary, _) => {
                Answer::Terms(self.frequencies(field(*vocabulary), &reply)?)
            }
            Question::Passages(_) => Answer::Passages(reply.total()),
            Question::Matches(sought) => Answer::Matches(found(sought, reply)),
            Question::Document(_) => Answer::Entries(entries(reply)),
            Question::Sources => Answer::Entries(self.records(SOURCE)?),
        })
    }

    /// The terms of a reply, with the number of passages that have each: those of passages that are gone are
    /// known still.
    fn frequencies(
        &self,
        field: &str,
        reply: &Found,
    ) -> Result<std::collections::BTreeMap<String, u64>> {
        let terms = reply.hits().iter().filter_map(|hit| hit.source.term.as_deref());
        let terms: Vec<&str> = terms.collect();
        let query = |term: &&str| {
            let filter = [everything(), json!({"term": {field: {"value": term}}})];
            (
                json!({}),
                json!({"size": 0, "track_total_hits": true, "query": {"bool": {"filter": filter}}}),
            )
        };
        let mut found = std::collections::BTreeMap::new();
        for some in terms.chunks(1024) {
            let counts = self.searched(&some.iter().map(query).collect::<Vec<_>>())?;
            for (term, count) in some.iter().zip(counts) {
                if count.total() > 0 {
                    found.insert((*term).to_owned(), count.total());
                }
            }
        }
        Ok(found)
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
    let mut seen = std::collections::BTreeSet::new();
    for Hit { source, .. } in reply.into_hits() {
        found.extend(source.entry);
        found.extend(source.head.filter(|head| seen.insert(head.document.clone())));
    }
    found
}

fn found(sought: &Sought, reply: Found) -> Fetched {
    let fetched = reply.hits().len() as u64;
    let total = reply.total();
    let number = |path: &str| reply.aggregations.pointer(path).and_then(Value::as_u64);
    let narrowed = sought.only.values().any(|values| !values.is_empty());
    let count = |path: &str| {
        let passages = number(&format!("{path}/doc_count"));
        let documents = number(&format!("{path}/documents/value"));
        passages.zip(documents).unwrap_or_default()
    };
    let (chosen, documents) = count("/chosen");
    let mut totals = Totals {
        found: if narrowed { number("/found/doc_count").unwrap_or(total) } else { total },
        chosen,
        documents,
        missing: reply.missing(),
        ..Totals::default()
    };
    for &facet in &sought.facets {
        let path = format!("/{}", facet.name());
        let mut tally = Tally::default();
        let without = count(&format!("{path}/without"));
        tally.without = Count { passages: without.0, documents: without.1 };
        let buckets =
            reply.aggregations.pointer(&format!("{path}/values/buckets")).and_then(Value::as_array);
        for bucket in buckets.into_iter().flatten() {
            let value = match bucket.get("key") {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(year)) => format!("{:04}", year.as_f64().unwrap_or_default()),
                _ => continue,
            };
            let number =
                |path: &str| bucket.pointer(path).and_then(Value::as_u64).unwrap_or_default();
            let count =
                Count { passages: number("/doc_count"), documents: number("/documents/value") };
            tally.values.insert(value, count);
        }
        totals.facets.insert(facet, tally);
    }
    let is_all = fetched == total && !narrowed && totals.missing.is_none();
    Fetched { totals, is_all, entries: entries(reply) }
}
