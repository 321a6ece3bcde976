//! Quickwit 0.9: it only grows. Nothing in it is replaced, no document has an id, and what is removed goes later.
//!
//! So each document carries the batch that it was written with, and a batch is there once the state of the index
//! lists it: a run that is interrupted leaves nothing that anybody sees. What was replaced or removed stands in the
//! state as well, with the batch before which it is gone; delete tasks of Quickwit take it away in their own time.
//! Every search asks only for what is there: so counts are right at once, and nothing comes twice.

mod search;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::search::Split;
use super::{
    client::{Client, Method},
    dialect::{Dialect, Search, State},
    elastic::replies,
    mapping::{self, Layout, SCOPES},
    reply::Found,
    wire::STATE,
};
use crate::{
    analysis::Analyzer,
    error::{Error, Result},
};

/// Where it answers as `OpenSearch` does.
pub(super) const ELASTIC: &str = "/api/v1/_elastic";
/// More that was replaced or removed is not kept apart: the index has to be made anew.
const MOST_GONE: usize = 4_000;
/// Stands between texts of one field: no phrase has it.
const GAP: &str = " \u{241E} ";
/// So many removals are one delete task.
const TASK_REMOVALS: usize = 100;

/// The dialect, and what it knows of the index.
#[derive(Debug, Default)]
pub(super) struct Quickwit {
    used: Mutex<Option<Used>>,
    written: Mutex<Written>,
}

/// An index, with its state.
#[derive(Debug, Clone, Default)]
struct Used {
    index: String,
    kept: Kept,
}

/// The state of an index, as a document of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    version: String,
    root: String,
    /// What made the index.
    made_by: Value,
    /// Whether it is complete: one that is being rebuilt is not.
    ready: bool,
    /// The batches that are there.
    batches: BTreeSet<u64>,
    /// What was routed so is gone, if an earlier batch wrote it.
    gone: BTreeMap<String, u64>,
}

/// What is being written.
#[derive(Debug, Default)]
struct Written {
    kept: Kept,
    batch: u64,
    /// Routes that were replaced since delete tasks were made.
    gone: Vec<String>,
    /// Places of what the batch has.
    places: HashSet<u64>,
}

impl Quickwit {
    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The index in use.
    fn used(&self, client: &Client) -> Result<Used> {
        let known = self.used.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.map_or_else(|| self.look(client), Ok)
    }

    /// The same, asked anew: the last that is complete, or the first.
    fn look(&self, client: &Client) -> Result<Used> {
        let mut indexes = self.indexes(client)?;
        indexes.sort();
        let mut found = None;
        for (_, index) in indexes {
            let Some(kept) = kept(client, &index)? else { continue };
            if kept.ready || found.is_none() {
                found = Some(Used { index, kept });
            }
        }
        let found = found.ok_or_else(|| client.missing(""))?;
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
        Ok(found)
    }

    /// Writes the state of an index, and waits until everything before can be seen.
    fn keep(&self, client: &Client, index: &str, kept: &Kept) -> Result<()> {
        let state = serde_json::to_string(kept).unwrap_or_default();
        let document = json!({"kind": STATE, "batch": now(), "state": state});
        let lines = format!("{{\"create\":{{}}}}\n{document}\n");
        let path = format!("{}?refresh=true", self.bulk(index));
        let reply = client.done(Method::Post, &path, &lines)?;
        if reply.get("errors").and_then(Value::as_bool) == Some(true) {
            return Err(Error::Cluster(format!("does not take the state of the index: {reply}")));
        }
        self.used.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(())
    }

    /// Has Quickwit take away what a batch replaced or removed.
    fn remove(&self, client: &Client, index: &str, batch: u64) -> Result<()> {
        let gone = std::mem::take(&mut self.written().gone);
        for some in gone.chunks(TASK_REMOVALS) {
            let any: Vec<String> = some.iter().map(|route| format!("route:\"{route}\"")).collect();
            let query =
                format!("({}) AND batch:[0 TO {}]", any.join(" OR "), batch.saturating_sub(1));
            let body = json!({"query": query}).to_string();
            client.done(Method::Post, &format!("/api/v1/{index}/delete-tasks"), &body)?;
        }
        Ok(())
    }
}

impl Dialect for Quickwit {
    fn indexes(&self, client: &Client) -> Result<Vec<(u64, String)>> {
        let reply = client.done(Method::Get, "/api/v1/indexes", "")?;
        let ids = reply.as_array().into_iter().flatten();
        let ids = ids.filter_map(|index| index.pointer("/index_config/index_id")?.as_str());
        let numbered = ids.filter_map(|id| {
            let number = id.strip_prefix(client.name())?.strip_prefix('-')?.parse().ok()?;
            Some((number, id.to_owned()))
        });
        Ok(numbered.collect())
    }

    fn create(&self, client: &Client, index: &str, _: Layout, analyzer: &Analyzer) -> Result<()> {
        if self.indexes(client)?.iter().any(|(_, known)| known == index) {
            client.done(Method::Delete, &format!("/api/v1/indexes/{index}"), "")?;
        }
        client.done(Method::Post, "/api/v1/indexes", &definition(index).to_string())?;
        let kept = Kept { made_by: mapping::made_by(analyzer), ..Kept::default() };
        self.keep(client, index, &kept)?;
        *self.written() = Written { kept, batch: now(), ..Written::default() };
        Ok(())
    }

    fn switch(&self, client: &Client, target: &str) -> Result<()> {
        let kept = {
            let mut written = self.written();
            written.kept.ready = true;
            written.kept.clone()
        };
        self.keep(client, target, &kept)?;
        for (_, index) in self.indexes(client)?.iter().filter(|(_, index)| index != target) {
            client.done(Method::Delete, &format!("/api/v1/indexes/{index}"), "")?;
        }
        Ok(())
    }

    fn made_by(&self, client: &Client) -> Result<Value> {
        Ok(self.look(client)?.kept.made_by)
    }

    fn state(&self, client: &Client) -> Result<State> {
        let Kept { version, root, made_by, .. } = self.look(client)?.kept;
        Ok(State { version, root, made_by })
    }

    fn bytes(&self, client: &Client) -> Result<u64> {
        let path = format!("/api/v1/indexes/{}/describe", self.used(client)?.index);
        let reply = client.done(Method::Get, &path, "")?;
        Ok(reply.get("size_published_splits").and_then(Value::as_u64).unwrap_or_default())
    }

    fn is_exact(&self, query: &Value) -> bool {
        !search::is_loosened(query)
    }

    fn search(&self, client: &Client, searches: &[Search]) -> Result<Vec<Found>> {
        let Used { index, kept } = self.used(client)?;
        let (header, live) = (json!({"index": index}).to_string(), live(&kept));
        let splits: Vec<Split> = searches.iter().map(|(_, body)| Split::new(body, &live)).collect();
        let mut lines = String::new();
        for search in splits.iter().flat_map(|split| &split.searches) {
            lines.extend([header.as_str(), "\n", &search.to_string(), "\n"]);
        }
        let mut answered = replies(client, &format!("{ELASTIC}/_msearch"), &lines)?.into_iter();
        let joined = splits
            .iter()
            .map(|split| split.joined(answered.by_ref().take(split.searches.len()).collect()));
        Ok(joined.collect())
    }

    fn begin(&self, client: &Client) -> Result<String> {
        let Used { index, kept } = self.look(client)?;
        *self.written() = Written { kept, batch: now(), ..Written::default() };
        Ok(index)
    }

    fn bulk(&self, index: &str) -> String {
        format!("{ELASTIC}/{index}/_bulk")
    }

    fn put(&self, lines: &mut String, _: &str, route: &str, mut document: Value) {
        let batch = {
            let mut written = self.written();
            written.places.insert(place(route));
            written.batch
        };
        if let Some(fields) = document.as_object_mut() {
            // Several values of a field would be neighbours.
            for texts in fields.values_mut() {
                let all: Option<Vec<&str>> =
                    texts.as_array().map(|all| all.iter().filter_map(Value::as_str).collect());
                if let Some(all) = all {
                    *texts = all.join(GAP).into();
                }
            }
            let rank = fields.get("ordinal").cloned().unwrap_or_else(|| 0.into());
            fields.insert("batch".to_owned(), batch.into());
            fields.insert("route".to_owned(), route.into());
            fields.insert("place".to_owned(), place(route).into());
            fields.insert("rank".to_owned(), rank);
        }
        lines.extend(["{\"create\":{}}\n", &document.to_string(), "\n"]);
    }

    fn delete(&self, _: &mut String, _: &str, _: &str) {}

    fn shows_halves(&self) -> bool {
        false
    }

    fn replace(&self, route: &str) -> bool {
        let mut written = self.written();
        let batch = written.batch;
        if written.places.contains(&place(route)) {
            return false;
        }
        written.kept.gone.insert(route.to_owned(), batch);
        written.gone.push(route.to_owned());
        true
    }

    fn publish(&self, client: &Client, index: &str, state: &State) -> Result<()> {
        let (batch, kept) = {
            let mut written = self.written();
            let batch = std::mem::replace(&mut written.batch, now());
            written.places.clear();
            let kept = &mut written.kept;
            kept.batches.insert(batch);
            (kept.version, kept.root) = (state.version.clone(), state.root.clone());
            if kept.gone.len() > MOST_GONE {
                return Err(Error::Cluster(format!(
                    "is Quickwit, for archives that only grow, and more than {MOST_GONE} releases have changed: make the index anew with `gz-search index --rebuild`"
                )));
            }
            (batch, kept.clone())
        };
        self.keep(client, index, &kept)?;
        self.remove(client, index, batch)
    }
}

/// What is there: of a batch that is listed, and not replaced by a later one.
fn live(kept: &Kept) -> Value {
    let batch = |batch: &u64| json!({"term": {"batch": {"value": batch}}});
    let gone = kept.gone.iter().map(|(route, batch)| {
        json!({"bool": {"filter": [
            {"term": {"route": {"value": route}}}, {"range": {"batch": {"lte": batch.saturating_sub(1)}}},
        ]}})
    });
    let batches: Vec<Value> = kept.batches.iter().map(batch).collect();
    if batches.is_empty() {
        return json!({"match_none": {}});
    }
    json!({"bool": {
        "should": batches, "minimum_should_match": 1, "must_not": gone.collect::<Vec<_>>(),
    }})
}

/// The last state of an index; none where another program made it.
fn kept(client: &Client, index: &str) -> Result<Option<Kept>> {
    let body = json!({
        "size": 1, "query": {"term": {"kind": {"value": STATE}}}, "sort": [{"batch": {"order": "desc"}}],
    });
    let reply =
        client.done(Method::Post, &format!("{ELASTIC}/{index}/_search"), &body.to_string())?;
    let state = reply.pointer("/hits/hits/0/_source/state").and_then(Value::as_str);
    Ok(state.and_then(|state| serde_json::from_str(state).ok()))
}

/// Settings and mapping of a new index: the fields of [`mapping::definition`].
fn definition(index: &str) -> Value {
    let text = |name: &str, record: &str| {
        json!({
            "name": name, "type": "text", "tokenizer": "terms", "record": record, "fieldnorms": true,
            "stored": false,
        })
    };
    let mut fields = vec![text("words", "freq")];
    for scope in SCOPES {
        let both = [mapping::words(scope), mapping::stems(scope)];
        fields.extend(both.map(|name| text(name, "position")));
    }
    // The names of texts that are one term each are columns as well.
    let one = |name: &&str| json!({"name": name, "type": "text", "tokenizer": "raw", "fast": true, "stored": *name == "term"});
    fields.extend(mapping::KEYWORDS.iter().chain(&["route"]).map(one));
    let number = |name: &&str| json!({"name": name, "type": "u64", "indexed": true, "fast": true, "stored": false});
    fields.extend(mapping::NUMBERS.iter().chain(&["batch", "place", "rank"]).map(number));
    // What is shown is not searched.
    let shown =
        |name: &str| json!({"name": name, "type": "json", "indexed": false, "stored": true});
    fields.extend(["entry", "head"].map(shown));
    fields.push(json!({"name": "state", "type": "text", "indexed": false, "stored": true}));
    json!({
        "version": "0.9",
        "index_id": index,
        "doc_mapping": {
            "mode": "lenient",
            "store_source": false,
            "field_mappings": fields,
            "tokenizers": [{"name": "terms", "type": "regex", "pattern": "[^ ]+"}],
        },
        "indexing_settings": {"commit_timeout_secs": 10},
        "search_settings": {"default_search_fields": ["words"]},
    })
}

/// A number that what is routed together has in common, in the order of routes.
fn place(route: &str) -> u64 {
    let hash = route.rsplit_once(':').map_or(route, |(_, hash)| hash);
    u64::from_str_radix(hash.get(..13).unwrap_or_default(), 16).unwrap_or_default()
}

/// A number that no batch before has.
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or_default()
}
