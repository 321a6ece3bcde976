//! A Quickwit of one thread, for the tests: it refuses what Quickwit refuses, and is silent where Quickwit is.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::{Map, Value, json};

use crate::cluster::tests::{
    holds::{Found, aggregated, holds},
    stub::{Asked, Stub},
};

/// The server, and what it holds.
pub(super) struct Quickwit {
    pub(super) stub: Stub,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    indexes: BTreeMap<String, Index>,
    bulks: usize,
}

#[derive(Default)]
struct Index {
    config: Value,
    /// What can be searched.
    documents: Vec<Value>,
    /// What was taken, and cannot be searched yet.
    taken: Vec<Value>,
    /// Routes to remove, and the last batch of them.
    tasks: Vec<(Vec<String>, u64)>,
}

impl Quickwit {
    pub(super) fn new() -> Self {
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        let stub = Stub::scripted(move |asked, _| {
            let refused =
                || (400, json!({"status": 400, "error": {"reason": format!("{asked:?}")}}));
            Some(shared.lock().unwrap().answer(asked).unwrap_or_else(refused))
        });
        Self { stub, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How many documents of a kind lie in all indexes, there or gone.
    pub(super) fn stored(&self, kind: &str) -> usize {
        let state = self.state();
        let all = state.indexes.values().flat_map(|index| &index.documents);
        all.filter(|document| document["kind"] == kind).count()
    }

    pub(super) fn indexes(&self) -> Vec<String> {
        self.state().indexes.keys().cloned().collect()
    }

    /// Does what delete tasks say, as Quickwit does in its own time.
    pub(super) fn run_tasks(&self) {
        for index in self.state().indexes.values_mut() {
            for (routes, last) in std::mem::take(&mut index.tasks) {
                index.documents.retain(|document| {
                    let route = document["route"].as_str().unwrap_or_default();
                    !routes.iter().any(|gone| gone == route)
                        || document["batch"].as_u64().is_none_or(|batch| batch > last)
                });
            }
        }
    }
}

impl State {
    fn answer(&mut self, asked: &Asked) -> Option<(u16, Value)> {
        let (path, parameters) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        let path: Vec<&str> = path.trim_matches('/').split('/').collect();
        let body = || serde_json::from_str::<Value>(&asked.body).ok();
        Some(match (asked.method.as_str(), &path[..]) {
            // Its own page.
            ("GET", [""]) => (302, Value::Null),
            ("GET", ["api", "v1", "_elastic"]) => {
                (200, json!({"version": {"distribution": "quickwit", "number": "0.9.0"}}))
            }
            ("GET", ["api", "v1", "indexes"]) => {
                let all = self.indexes.values().map(|index| json!({"index_config": index.config}));
                (200, all.collect())
            }
            ("POST", ["api", "v1", "indexes"]) => self.create(&body()?)?,
            ("DELETE", ["api", "v1", "indexes", id]) => {
                self.indexes.remove(*id)?;
                (200, json!([]))
            }
            ("GET", ["api", "v1", "indexes", id, "describe"]) => {
                self.indexes.get(*id)?;
                (200, json!({"index_id": id, "size_published_splits": 1}))
            }
            ("POST", ["api", "v1", id, "delete-tasks"]) => {
                let task = task(body()?.get("query")?.as_str()?)?;
                self.indexes.get_mut(*id)?.tasks.push(task);
                (200, json!({"opstamp": 1}))
            }
            ("POST", ["api", "v1", "_elastic", id, "_bulk"]) => {
                self.bulks += 1;
                let is_busy = self.bulks.is_multiple_of(3);
                let Some(index) = self.indexes.get_mut(*id) else { return Some(missing(id)) };
                (200, index.bulk(&asked.body, parameters, is_busy)?)
            }
            ("POST", ["api", "v1", "_elastic", id, "_search"]) => match self.indexes.get(*id) {
                Some(index) => index.search(&body()?),
                None => missing(id),
            },
            ("POST", ["api", "v1", "_elastic", "_msearch"]) => {
                let lines: Option<Vec<Value>> =
                    asked.body.lines().map(|line| serde_json::from_str(line).ok()).collect();
                let lines = lines.filter(|lines| lines.len() % 2 == 0)?;
                let replies = lines.chunks(2).map(|pair| {
                    let index = self.indexes.get(pair[0].get("index")?.as_str()?)?;
                    Some(index.search(&pair[1]).1)
                });
                (200, json!({"responses": replies.collect::<Option<Vec<_>>>()?}))
            }
            _ => return None,
        })
    }

    fn create(&mut self, config: &Value) -> Option<(u16, Value)> {
        config.get("version")?.as_str()?;
        let id = config.get("index_id")?.as_str().filter(|id| id.len() >= 3)?.to_owned();
        for field in config.pointer("/doc_mapping/field_mappings")?.as_array()? {
            let of_kind = |names: &[&str]| {
                field.as_object()?.keys().all(|key| names.contains(&key.as_str())).then_some(())
            };
            match field.get("type")?.as_str()? {
                "text" => of_kind(&[
                    "name",
                    "type",
                    "tokenizer",
                    "record",
                    "fieldnorms",
                    "stored",
                    "fast",
                    "indexed",
                ])?,
                "u64" => of_kind(&["name", "type", "indexed", "fast", "stored"])?,
                "json" => of_kind(&["name", "type", "indexed", "stored"])?,
                _ => return None,
            }
        }
        let index = Index { config: config.clone(), ..Index::default() };
        self.indexes.insert(id, index).is_none().then_some((200, json!({"index_config": config})))
    }
}

impl Index {
    fn field(&self, name: &str) -> Option<&Value> {
        let fields = self.config.pointer("/doc_mapping/field_mappings")?.as_array()?;
        fields.iter().find(|field| field["name"] == name)
    }

    fn bulk(&mut self, body: &str, parameters: &str, is_busy: bool) -> Option<Value> {
        let mut items = Vec::new();
        let mut lines = body.lines();
        let mut number = 0;
        while let Some(action) = lines.next() {
            // Nothing is deleted or updated.
            let action: Value = serde_json::from_str(action).ok()?;
            action.get("create").or_else(|| action.get("index"))?;
            let mut document: Value = serde_json::from_str(lines.next()?).ok()?;
            number += 1;
            // The answer is 200, whatever became of the lines.
            if is_busy && number % 2 == 0 {
                items.push(
                    json!({"index": {"status": 429, "error": {"reason": "shard rate limiting"}}}),
                );
                continue;
            }
            document.as_object_mut()?.retain(|name, _| self.field(name).is_some());
            self.taken.push(document);
            items.push(json!({"index": {"status": 201}}));
        }
        if parameters == "refresh=true" {
            self.documents.append(&mut self.taken);
        }
        Some(json!({"errors": is_busy && number > 1, "items": items}))
    }

    fn search(&self, body: &Value) -> (u16, Value) {
        if body.to_string().contains("\"match\":") {
            return (500, json!({"status": 500, "error": {"reason": "internal error"}}));
        }
        self.found(body).map_or_else(
            || (400, json!({"status": 400, "error": {"reason": format!("not known: {body}")}})),
            |found| (200, found),
        )
    }

    fn found(&self, body: &Value) -> Option<Value> {
        const KNOWN: [&str; 6] =
            ["size", "query", "sort", "search_after", "aggs", "track_total_hits"];
        if !body.as_object()?.keys().all(|key| KNOWN.contains(&key.as_str())) {
            return None;
        }
        let query = body.get("query")?;
        self.knows(query)?;
        let ids: Vec<String> = (0..self.documents.len()).map(|id| id.to_string()).collect();
        let mut found: Found<'_> = Vec::new();
        for (id, document) in ids.iter().zip(&self.documents) {
            if holds(document, query)? {
                found.push((id, document));
            }
        }
        let mut aggregations = Map::new();
        for (name, agg) in body.get("aggs").and_then(Value::as_object).into_iter().flatten() {
            self.counts(agg)?;
            aggregations.insert(name.clone(), aggregated(&found, agg)?);
        }
        let total = found.len();
        let hits = self.page(found, body)?;
        Some(json!({
            "_shards": {"total": 1, "successful": 1, "failed": 0},
            "hits": {"total": {"value": total, "relation": "eq"}, "hits": hits},
            "aggregations": aggregations,
        }))
    }

    fn page(&self, mut found: Found<'_>, body: &Value) -> Option<Vec<Value>> {
        let keys = match body.get("sort") {
            Some(sort) => sort.as_array().filter(|sort| sort.len() <= 2)?.clone(),
            None => Vec::new(),
        };
        let mut names = Vec::new();
        for key in &keys {
            let (name, about) = key.as_object()?.iter().next()?;
            let field = self.field(name);
            let is_number =
                field.is_some_and(|field| field["type"] == "u64" && field["fast"] == true);
            let order =
                about.as_object().filter(|about| about.len() == 1)?.get("order")?.as_str()?;
            if name != "_score" && !is_number {
                return None;
            }
            names.push((name.clone(), order == "desc"));
        }
        let values = |document: &Value| -> Vec<u64> {
            let value = |(name, is_last): &(String, bool)| {
                let number = document.get(name).and_then(Value::as_u64).unwrap_or_default();
                if *is_last { u64::MAX - number } else { number }
            };
            names.iter().map(value).collect()
        };
        found.sort_by_key(|(_, document)| values(document));
        let shown = |document: &Value| -> Vec<Value> {
            names.iter().map(|(name, _)| document.get(name).cloned().unwrap_or_default()).collect()
        };
        if let Some(after) = body.get("search_after") {
            let after: Option<Vec<u64>> = after.as_array()?.iter().map(Value::as_u64).collect();
            let after = after.filter(|after| after.len() == names.len())?;
            found.retain(|(_, document)| values(document) > after);
        }
        found.truncate(body.get("size")?.as_u64()? as usize);
        let source = |document: &Value| {
            let mut source = document.as_object().cloned().unwrap_or_default();
            source.retain(|name, _| self.field(name).is_some_and(|field| field["stored"] != false));
            source
        };
        // No hit has an id.
        let hit = |(_, document): (&String, &Value)| json!({"_source": source(document), "sort": shown(document)});
        Some(found.into_iter().map(hit).collect())
    }

    /// Whether an aggregation is one of those that are known.
    fn counts(&self, agg: &Value) -> Option<()> {
        for (name, inner) in agg.as_object()? {
            match name.as_str() {
                "aggs" => inner.as_object()?.values().try_for_each(|agg| self.counts(agg))?,
                "terms" | "sum" | "cardinality" => {
                    let known = ["field", "size"];
                    inner
                        .as_object()?
                        .keys()
                        .all(|key| known.contains(&key.as_str()))
                        .then_some(())?;
                    self.field(inner.get("field")?.as_str()?)
                        .filter(|field| field["fast"] == true)?;
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Whether a query is one of those that are known, with what it may be told.
    fn knows(&self, query: &Value) -> Option<()> {
        let (name, inner) = query.as_object().filter(|query| query.len() == 1)?.iter().next()?;
        let one = |allowed: &[&str]| {
            let (field, about) =
                inner.as_object().filter(|inner| inner.len() == 1)?.iter().next()?;
            about.as_object()?.keys().all(|key| allowed.contains(&key.as_str())).then_some(())?;
            self.field(field)
        };
        match name.as_str() {
            "bool" => {
                for (key, clauses) in inner.as_object()? {
                    match key.as_str() {
                        "must" | "must_not" | "should" | "filter" => {
                            clauses.as_array()?.iter().try_for_each(|clause| self.knows(clause))?;
                        }
                        "boost" | "minimum_should_match" => {}
                        _ => return None,
                    }
                }
            }
            "match_all" | "match_none" => {}
            "exists" => drop(self.field(inner.get("field")?.as_str()?)?),
            "term" | "wildcard" => drop(one(&["value", "boost", "case_insensitive"])?),
            "range" => drop(one(&["gte", "lte", "boost"]).filter(|field| field["type"] == "u64")?),
            "prefix" | "regexp" => drop(one(&["value", "case_insensitive"])?),
            "match_phrase" => {
                one(&["query", "slop", "analyzer", "zero_terms_query"])
                    .filter(|field| field["record"] == "position")?;
            }
            _ => return None,
        }
        Some(())
    }
}

fn missing(id: &str) -> (u16, Value) {
    (404, json!({"status": 404, "error": {"reason": format!("no such index [{id}]")}}))
}

/// `(route:"a" OR route:"b") AND batch:[0 TO 7]`, and nothing else.
fn task(query: &str) -> Option<(Vec<String>, u64)> {
    let (routes, last) = query.strip_prefix('(')?.split_once(") AND batch:[0 TO ")?;
    let routes = routes
        .split(" OR ")
        .map(|route| Some(route.strip_prefix("route:\"")?.strip_suffix('"')?.to_owned()));
    Some((routes.collect::<Option<_>>()?, last.strip_suffix(']')?.parse().ok()?))
}
