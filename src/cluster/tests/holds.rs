//! A query or an aggregation and documents → which of them it holds of, and what it counts; none for what is not known.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use serde_json::{Map, Value, json};

/// Documents that match, by their ids.
type Found<'d> = Vec<(&'d String, &'d Value)>;

pub(super) fn matching<'d>(
    documents: &'d BTreeMap<String, Value>,
    query: &Value,
) -> Option<Found<'d>> {
    let mut found = Vec::new();
    for (id, document) in documents {
        if holds(document, query)? {
            found.push((id, document));
        }
    }
    Some(found)
}

pub(super) fn aggregated(found: &Found<'_>, agg: &Value) -> Option<Value> {
    let agg = agg.as_object()?;
    let (name, inner) = agg.iter().find(|(name, _)| *name != "aggs")?;
    let field = || inner.get("field")?.as_str();
    let within = |some: &Found<'_>| -> Option<Map<String, Value>> {
        let mut all = Map::from_iter([("doc_count".to_owned(), json!(some.len()))]);
        for (name, agg) in agg.get("aggs").and_then(Value::as_object).into_iter().flatten() {
            all.insert(name.clone(), aggregated(some, agg)?);
        }
        Some(all)
    };
    Some(match name.as_str() {
        "sum" => {
            let field = field()?;
            let numbers = found.iter().filter_map(|(_, doc)| doc.get(field)?.as_f64());
            json!({"value": numbers.sum::<f64>()})
        }
        "cardinality" => {
            let field = field()?;
            let values: BTreeSet<_> =
                found.iter().map(|(_, doc)| doc.get(field).map(Value::to_string)).collect();
            json!({"value": values.len()})
        }
        "filter" => {
            let checked: Option<Vec<bool>> =
                found.iter().map(|(_, doc)| holds(doc, inner)).collect();
            let some = found.iter().zip(checked?).filter(|(_, holds)| *holds).map(|(hit, _)| *hit);
            Value::Object(within(&some.collect())?)
        }
        "missing" => {
            let field = field()?;
            let some = found.iter().filter(|(_, doc)| doc.get(field).is_none()).copied();
            Value::Object(within(&some.collect())?)
        }
        "terms" => {
            let field = field()?;
            let mut by_value: BTreeMap<String, (Value, Found<'_>)> = BTreeMap::new();
            for &(id, doc) in found {
                if let Some(value) = doc.get(field) {
                    let entry = by_value.entry(value.to_string());
                    entry.or_insert_with(|| (value.clone(), Vec::new())).1.push((id, doc));
                }
            }
            let bucket = |(value, some): (Value, Found<'_>)| {
                let mut bucket = within(&some)?;
                bucket.insert("key".to_owned(), value);
                Some(Value::Object(bucket))
            };
            json!({"buckets": by_value.into_values().map(bucket).collect::<Option<Vec<_>>>()?})
        }
        _ => return None,
    })
}

/// Whether a query holds of a document; none for a query that is not known.
pub(super) fn holds(doc: &Value, query: &Value) -> Option<bool> {
    let (name, inner) = query.as_object().filter(|query| query.len() == 1)?.iter().next()?;
    let one = || inner.as_object().filter(|inner| inner.len() == 1)?.iter().next();
    let value = |about: &Value| Some(about.get("value")?.as_str().map(str::to_owned));
    Some(match name.as_str() {
        "match_all" => true,
        "match_none" => false,
        "term" => {
            let (field, about) = one()?;
            let wanted = about.get("value").unwrap_or(about);
            let shown =
                |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            terms(doc, field).contains(&shown(wanted))
        }
        "terms" => {
            let (field, wanted) = inner.as_object()?.iter().find(|(name, _)| *name != "boost")?;
            let all = terms(doc, field);
            wanted.as_array()?.iter().any(|one| {
                all.contains(&one.as_str().map_or_else(|| one.to_string(), str::to_owned))
            })
        }
        "exists" => doc.get(inner.get("field")?.as_str()?).is_some(),
        "range" => {
            let (field, bounds) = one()?;
            let Some(number) = doc.get(field).and_then(Value::as_u64) else { return Some(false) };
            let bound = |name: &str, or: u64| bounds.get(name).map_or(Some(or), Value::as_u64);
            (bound("gte", 0)?..=bound("lte", u64::MAX)?).contains(&number)
        }
        "prefix" => {
            let (field, about) = one()?;
            let prefix = value(about)??;
            terms(doc, field).iter().any(|term| term.starts_with(&prefix))
        }
        "wildcard" => {
            let (field, about) = one()?;
            let glob = value(about)??.replace("\\\\", "\\");
            terms(doc, field)
                .iter()
                .any(|term| crate::query::matches_glob(&glob.to_lowercase(), term))
        }
        "regexp" => {
            let (field, about) = one()?;
            let regex = compiled(&value(about)??)?;
            terms(doc, field).iter().any(|term| regex.is_match(term))
        }
        "fuzzy" => {
            let (field, about) = one()?;
            let (wanted, edits) = (value(about)??, about.get("fuzziness")?.as_u64()? as usize);
            terms(doc, field)
                .iter()
                .any(|term| crate::search::remote::edit_distance(term, &wanted) <= edits)
        }
        "match_phrase" => {
            let (field, about) = one()?;
            let words = about.get("query")?.as_str()?.split(' ').map(|word| vec![word.to_owned()]);
            in_order(doc, field, &words.collect::<Vec<_>>(), 0)
        }
        "span_near" => spans(doc, inner)?,
        "bool" => {
            const KNOWN: [&str; 4] = ["filter", "should", "must_not", "minimum_should_match"];
            let clauses =
                |name: &str| inner.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
            if !inner.as_object()?.keys().all(|key| KNOWN.contains(&key.as_str())) {
                return None;
            }
            let checked = |name: &str| {
                clauses(name).iter().map(|one| holds(doc, one)).collect::<Option<Vec<_>>>()
            };
            let (filter, should, not) =
                (checked("filter")?, checked("should")?, checked("must_not")?);
            let least = inner.get("minimum_should_match").map_or(Some(0), Value::as_u64)? as usize;
            filter.iter().all(|holds| *holds)
                && !not.contains(&true)
                && should.iter().filter(|holds| **holds).count() >= least
        }
        "constant_score" => holds(doc, inner.get("filter")?)?,
        "dis_max" => {
            let queries = inner.get("queries")?.as_array()?.iter();
            queries.map(|one| holds(doc, one)).collect::<Option<Vec<_>>>()?.contains(&true)
        }
        "function_score" => {
            inner.get("functions")?.as_array()?;
            holds(doc, inner.get("query")?)?
        }
        _ => return None,
    })
}

/// A regular expression of whole terms: it is looked at with each document.
fn compiled(text: &str) -> Option<regex::Regex> {
    static KNOWN: Mutex<BTreeMap<String, regex::Regex>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap();
    if !known.contains_key(text) {
        known.insert(text.to_owned(), regex::Regex::new(&format!("^(?:{text})$")).ok()?);
    }
    known.get(text).cloned()
}

/// Words in their order, each one of some.
fn spans(doc: &Value, query: &Value) -> Option<bool> {
    if !query.get("in_order")?.as_bool()? {
        return None;
    }
    let mut field = String::new();
    let mut choices = Vec::new();
    for clause in query.get("clauses")?.as_array()? {
        let clauses = clause.pointer("/span_or/clauses").and_then(Value::as_array);
        let clauses = clauses.map_or(std::slice::from_ref(clause), Vec::as_slice);
        let mut words = Vec::new();
        for term in clauses {
            let (own, about) = term.get("span_term")?.as_object()?.iter().next()?;
            own.clone_into(&mut field);
            words.push(about.get("value")?.as_str()?.to_owned());
        }
        choices.push(words);
    }
    Some(in_order(doc, &field, &choices, query.get("slop")?.as_u64()? as usize))
}

/// The terms of a field, cut at spaces where it is a text.
fn terms(doc: &Value, field: &str) -> Vec<String> {
    const TEXTS: [&str; 11] = [
        "exact",
        "exact_stems",
        "title",
        "title_stems",
        "heading",
        "heading_stems",
        "issuer",
        "issuer_stems",
        "speaker",
        "speaker_stems",
        "words",
    ];
    let Some(value) = doc.get(field) else { return Vec::new() };
    let cut = |text: &str| -> Vec<String> {
        if TEXTS.contains(&field) {
            text.split_whitespace().map(str::to_owned).collect()
        } else {
            vec![text.to_owned()]
        }
    };
    match value {
        Value::String(text) => cut(text),
        Value::Array(all) => all.iter().filter_map(Value::as_str).flat_map(cut).collect(),
        other => vec![other.to_string()],
    }
}

/// Whether words stand in this order, each one of some, with at most so many others between them altogether.
fn in_order(doc: &Value, field: &str, choices: &[Vec<String>], slop: usize) -> bool {
    let texts = match doc.get(field) {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text.as_str()],
        _ => Vec::new(),
    };
    texts.into_iter().any(|text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (0..words.len()).any(|start| {
            let (mut at, mut left) = (start, slop);
            choices.iter().enumerate().all(|(number, choice)| {
                let is_one = |word: &&str| choice.iter().any(|own| own == word);
                let Some(skipped) = words.get(at..).and_then(|rest| rest.iter().position(is_one))
                else {
                    return false;
                };
                if number == 0 && skipped > 0 || skipped > left {
                    return false;
                }
                left -= skipped;
                at += skipped + 1;
                true
            })
        })
    })
}
