//! A search as `OpenSearch` reads it → searches that Quickwit reads; their answers → one, as `OpenSearch` gives it.
//!
//! Quickwit refuses what it does not know, or is silent about it: so nothing is sent that was not seen to work.

use serde_json::{Map, Value, json};

use crate::cluster::reply::Found;

/// A search that was split, and what becomes of the answers.
#[derive(Debug)]
pub(super) struct Split {
    /// Searches to send, the one with the hits first.
    pub(super) searches: Vec<Value>,
    aggregations: Vec<(String, Part)>,
}

/// Where the answer to an aggregation is found.
#[derive(Debug)]
enum Part {
    /// Among the aggregations of the search of this number, under this name.
    Within(usize, String),
    /// As the total of the search of this number, with those below it.
    Total(usize, Vec<(String, Self)>),
}

impl Split {
    /// Splits a search of passages of which `live` holds.
    pub(super) fn new(body: &Value, live: &Value) -> Self {
        let query = portable(body.get("query").unwrap_or(&json!({"match_all": {}})));
        let chosen = body.get("post_filter").map(portable);
        let filter: Vec<&Value> = std::iter::once(live).chain(&chosen).collect();
        let mut first = json!({
            "size": body.get("size").cloned().unwrap_or_else(|| 0.into()),
            "track_total_hits": true,
            "query": {"bool": {"must": [query], "filter": filter}},
        });
        if let Some(first) = first.as_object_mut() {
            if let Some(sort) = sort(body) {
                first.insert("sort".to_owned(), sort);
            }
            if let Some(after) = body.get("search_after") {
                first.insert("search_after".to_owned(), after.clone());
            }
        }
        let mut split = Self { searches: vec![first], aggregations: Vec::new() };
        if let Some(aggs) = body.get("aggs").and_then(Value::as_object) {
            // What is chosen of facets does not narrow what is counted.
            let at = if chosen.is_some() { None } else { Some(0) };
            split.aggregations = split.parts(aggs, &[&query, live], at);
        }
        split
    }

    /// Sees that aggregations are asked for over what all of `conditions` hold of: in the search `at`, or in one
    /// of its own.
    fn parts(
        &mut self,
        aggs: &Map<String, Value>,
        conditions: &[&Value],
        at: Option<usize>,
    ) -> Vec<(String, Part)> {
        let mut at = at;
        let mut parts = Vec::new();
        for (name, agg) in aggs {
            let below = agg.get("aggs").and_then(Value::as_object).cloned().unwrap_or_default();
            let narrowed = match (agg.get("filter"), agg.pointer("/missing/field")) {
                (Some(filter), _) => portable(filter),
                (_, Some(field)) => not(&json!({"exists": {"field": field}})),
                _ => {
                    let number = *at.get_or_insert_with(|| self.search(conditions));
                    let key = self.ask(number, agg);
                    parts.push((name.clone(), Part::Within(number, key)));
                    continue;
                }
            };
            let conditions: Vec<&Value> = conditions.iter().copied().chain([&narrowed]).collect();
            let number = self.search(&conditions);
            let below = self.parts(&below, &conditions, Some(number));
            parts.push((name.clone(), Part::Total(number, below)));
        }
        parts
    }

    /// Adds a search that counts; returns its number.
    fn search(&mut self, conditions: &[&Value]) -> usize {
        self.searches.push(json!({
            "size": 0, "track_total_hits": true, "query": {"bool": {"filter": conditions}},
        }));
        self.searches.len() - 1
    }

    /// Adds an aggregation to a search; returns its name there.
    fn ask(&mut self, number: usize, agg: &Value) -> String {
        let Some(search) = self.searches.get_mut(number).and_then(Value::as_object_mut) else {
            return String::new();
        };
        let aggs = search.entry("aggs").or_insert_with(|| json!({}));
        let key = format!("a{}", aggs.as_object().map_or(0, Map::len));
        if let Some(aggs) = aggs.as_object_mut() {
            aggs.insert(key.clone(), counted(agg));
        }
        key
    }

    /// The answers to all searches, as one.
    pub(super) fn joined(&self, replies: Vec<Found>) -> Found {
        let aggregations = Value::Object(below(&self.aggregations, &replies));
        let mut first = replies.into_iter().next().unwrap_or_default();
        first.aggregations = aggregations;
        first
    }
}

fn below(parts: &[(String, Part)], replies: &[Found]) -> Map<String, Value> {
    let found = |part: &Part| match part {
        Part::Within(number, key) => replies.get(*number)?.aggregations.get(key).cloned(),
        Part::Total(number, parts) => {
            let mut found = below(parts, replies);
            let total = replies.get(*number)?.total();
            found.insert("doc_count".to_owned(), total.into());
            Some(Value::Object(found))
        }
    };
    parts.iter().filter_map(|(name, part)| Some((name.clone(), found(part)?))).collect()
}

/// An aggregation, and those below it, without what Quickwit does not know.
fn counted(agg: &Value) -> Value {
    let mut agg = agg.clone();
    if let Some(cardinality) = agg.get_mut("cardinality").and_then(Value::as_object_mut) {
        cardinality.remove("precision_threshold");
    }
    if let Some(below) = agg.get_mut("aggs").and_then(Value::as_object_mut) {
        below.values_mut().for_each(|agg| *agg = counted(agg));
    }
    agg
}

/// Two keys at most, of numbers or the score.
fn sort(body: &Value) -> Option<Value> {
    let keys = body.get("sort")?.as_array()?;
    let mut found = Vec::new();
    for key in keys {
        let Some((name, about)) = key.as_object().and_then(|key| key.iter().next()) else {
            continue;
        };
        let order = about.get("order").cloned().unwrap_or_else(|| "asc".into());
        match name.as_str() {
            "key" => found
                .extend([json!({"place": {"order": order}}), json!({"rank": {"order": order}})]),
            "document" => {}
            name => found.push(json!({name: {"order": order}})),
        }
    }
    (!found.is_empty()).then_some(Value::Array(found))
}

fn not(query: &Value) -> Value {
    json!({"bool": {"must_not": [query]}})
}

fn any(queries: &[Value]) -> Value {
    json!({"bool": {"should": queries, "minimum_should_match": 1}})
}

/// A query of those that Quickwit has: it holds of the same, or of more where words may stand apart.
pub(super) fn portable(query: &Value) -> Value {
    let Some((name, inner)) = query.as_object().and_then(|query| query.iter().next()) else {
        return json!({"match_none": {}});
    };
    let one =
        || inner.as_object().and_then(|inner| inner.iter().find(|(name, _)| *name != "boost"));
    let boosted = |query: Value| match inner.get("boost").or_else(|| one()?.1.get("boost")) {
        Some(boost) => {
            json!({"bool": {"should": [query], "minimum_should_match": 1, "boost": boost}})
        }
        None => query,
    };
    match name.as_str() {
        "bool" => {
            let mut clauses = inner.clone();
            for all in clauses.as_object_mut().into_iter().flat_map(Map::values_mut) {
                for clause in all.as_array_mut().into_iter().flatten() {
                    *clause = portable(clause);
                }
            }
            json!({"bool": clauses})
        }
        "terms" => {
            let Some((field, values)) = one() else { return json!({"match_none": {}}) };
            let term = |value: &Value| json!({"term": {field: {"value": value}}});
            let terms: Vec<Value> = values.as_array().into_iter().flatten().map(term).collect();
            if terms.is_empty() { json!({"match_none": {}}) } else { boosted(any(&terms)) }
        }
        "constant_score" => {
            let filter = inner.get("filter").map(portable);
            boosted(filter.unwrap_or_else(|| json!({"match_none": {}})))
        }
        "dis_max" => {
            let queries = inner.get("queries").and_then(Value::as_array);
            any(&queries.into_iter().flatten().map(portable).collect::<Vec<_>>())
        }
        "function_score" => inner.get("query").map_or(Value::Null, portable),
        // Where words stand is looked at here.
        "span_near" => {
            let clauses = inner.get("clauses").and_then(Value::as_array).into_iter().flatten();
            json!({"bool": {"filter": clauses.map(portable).collect::<Vec<_>>()}})
        }
        "span_or" => {
            let clauses = inner.get("clauses").and_then(Value::as_array).into_iter().flatten();
            any(&clauses.map(portable).collect::<Vec<_>>())
        }
        "span_term" => json!({"term": inner}),
        "match_phrase" => {
            let Some((field, about)) = one() else { return json!({"match_none": {}}) };
            boosted(json!({"match_phrase": {field: {"query": about.get("query")}}}))
        }
        "regexp" => {
            let Some((field, about)) = one() else { return json!({"match_none": {}}) };
            let regex = about.get("value").and_then(Value::as_str).unwrap_or_default();
            json!({"regexp": {field: {"value": unescaped(regex)}}})
        }
        "fuzzy" => {
            let Some((field, about)) = one() else { return json!({"match_none": {}}) };
            let term = about.get("value").and_then(Value::as_str).unwrap_or_default();
            let edits = about.get("fuzziness").and_then(Value::as_u64).unwrap_or(1);
            json!({"regexp": {field: {"value": near(term, edits)}}})
        }
        _ => query.clone(),
    }
}

/// Whether a query is one that [`portable`] lets hold of more.
pub(super) fn is_loosened(query: &Value) -> bool {
    match query {
        Value::Object(all) => all.contains_key("span_near") || all.values().any(is_loosened),
        Value::Array(all) => all.iter().any(is_loosened),
        _ => false,
    }
}

/// A regular expression without backslashes before what means itself to Quickwit.
fn unescaped(regex: &str) -> String {
    let mut found = String::with_capacity(regex.len());
    let mut characters = regex.chars();
    while let Some(c) = characters.next() {
        match (c, characters.clone().next()) {
            ('\\', Some('"' | '@' | '#' | '&' | '<' | '>' | '~')) => {}
            ('\\', Some(next)) => {
                found.extend([c, next]);
                characters.next();
            }
            _ => found.push(c),
        }
    }
    found
}

/// What terms look like that so many edits make of another: at least those.
fn near(term: &str, edits: u64) -> String {
    let mut patterns =
        std::collections::BTreeSet::from([term.chars().map(escaped).collect::<Vec<_>>()]);
    for _ in 0..edits.min(2) {
        let mut next = std::collections::BTreeSet::new();
        for pattern in &patterns {
            for at in 0..=pattern.len() {
                let (before, after) = pattern.split_at(at);
                // One more, or another; nothing stands for one that is gone.
                next.insert([before, &[".?".to_owned()], after].concat());
                if let Some((_, rest)) = after.split_first() {
                    next.insert([before, &[".?".to_owned()], rest].concat());
                }
                if let [first, second, rest @ ..] = after {
                    next.insert([before, &[second.clone(), first.clone()], rest].concat());
                }
            }
        }
        patterns = next;
    }
    let patterns: Vec<String> = patterns.into_iter().map(|pattern| pattern.concat()).collect();
    format!("({})", patterns.join("|"))
}

fn escaped(c: char) -> String {
    if c.is_alphanumeric() { c.to_string() } else { format!("\\{c}") }
}
