//! Queries and aggregations of the stub: the subset of the query DSL that this program uses. Functions return `None`
//! for unsupported queries.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use serde_json::{Map, Value, json};

/// Matching documents with their ids.
type MatchingDocuments<'d> = Vec<(&'d String, &'d Value)>;

/// Returns the documents of an index that match `query`; `None` if the stub does not support the query.
pub(super) fn matching_documents<'d>(
    documents: &'d BTreeMap<String, Value>,
    query: &Value,
) -> Option<MatchingDocuments<'d>> {
    let mut matches = Vec::new();
    for (id, document) in documents {
        if is_match(document, query)? {
            matches.push((id, document));
        }
    }
    Some(matches)
}

/// Returns the result of the aggregation `agg` over `matches`; `None` if the stub does not support the aggregation.
pub(super) fn aggregate(matches: &MatchingDocuments<'_>, agg: &Value) -> Option<Value> {
    let agg = agg.as_object()?;
    let (name, options) = agg.iter().find(|(name, _)| *name != "aggs")?;
    let field = || options.get("field")?.as_str();
    let with_sub_aggregations =
        |selected_matches: &MatchingDocuments<'_>| -> Option<Map<String, Value>> {
            let mut aggregations =
                Map::from_iter([("doc_count".to_owned(), json!(selected_matches.len()))]);
            for (name, agg) in agg.get("aggs").and_then(Value::as_object).into_iter().flatten() {
                aggregations.insert(name.clone(), aggregate(selected_matches, agg)?);
            }
            Some(aggregations)
        };
    Some(match name.as_str() {
        "sum" => {
            let field = field()?;
            let numbers = matches.iter().filter_map(|(_, doc)| doc.get(field)?.as_f64());
            json!({"value": numbers.sum::<f64>()})
        }
        "cardinality" => {
            let field = field()?;
            let values: BTreeSet<_> =
                matches.iter().map(|(_, doc)| doc.get(field).map(Value::to_string)).collect();
            json!({"value": values.len()})
        }
        "filter" => {
            let filter_results: Option<Vec<bool>> =
                matches.iter().map(|(_, doc)| is_match(doc, options)).collect();
            let selected_matches = matches
                .iter()
                .zip(filter_results?)
                .filter(|(_, is_match)| *is_match)
                .map(|(hit, _)| *hit);
            Value::Object(with_sub_aggregations(&selected_matches.collect())?)
        }
        "missing" => {
            let field = field()?;
            let selected_matches =
                matches.iter().filter(|(_, doc)| doc.get(field).is_none()).copied();
            Value::Object(with_sub_aggregations(&selected_matches.collect())?)
        }
        "terms" => {
            let field = field()?;
            let mut by_value: BTreeMap<String, (Value, MatchingDocuments<'_>)> = BTreeMap::new();
            for &(id, doc) in matches {
                let values = match doc.get(field) {
                    Some(Value::Array(values)) => values.iter().collect(),
                    value => Vec::from_iter(value),
                };
                for value in values {
                    let value_entry = by_value.entry(value.to_string());
                    value_entry.or_insert_with(|| (value.clone(), Vec::new())).1.push((id, doc));
                }
            }
            let bucket = |(value, selected_matches): (Value, MatchingDocuments<'_>)| {
                let mut bucket = with_sub_aggregations(&selected_matches)?;
                bucket.insert("key".to_owned(), value);
                Some(Value::Object(bucket))
            };
            json!({"buckets": by_value.into_values().map(bucket).collect::<Option<Vec<_>>>()?})
        }
        _ => return None,
    })
}

/// Returns whether a document matches a query; `None` if the stub does not support the query.
pub(super) fn is_match(doc: &Value, query: &Value) -> Option<bool> {
    let (name, inner) = query.as_object().filter(|query| query.len() == 1)?.iter().next()?;
    let only_field = || inner.as_object().filter(|inner| inner.len() == 1)?.iter().next();
    let value_text = |options: &Value| Some(options.get("value")?.as_str().map(str::to_owned));
    Some(match name.as_str() {
        "match_all" => true,
        "match_none" => false,
        "term" => {
            let (field, options) = only_field()?;
            let expected = options.get("value").unwrap_or(options);
            let to_text =
                |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            field_terms(doc, field).contains(&to_text(expected))
        }
        "terms" => {
            let (field, values) = inner.as_object()?.iter().find(|(name, _)| *name != "boost")?;
            let doc_terms = field_terms(doc, field);
            values.as_array()?.iter().any(|value| {
                doc_terms.contains(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            })
        }
        "exists" => doc.get(inner.get("field")?.as_str()?).is_some(),
        "range" => {
            let (field, bounds) = only_field()?;
            let Some(number) = doc.get(field).and_then(Value::as_u64) else { return Some(false) };
            let bound = |name: &str, or: u64| bounds.get(name).map_or(Some(or), Value::as_u64);
            (bound("gte", 0)?..=bound("lte", u64::MAX)?).contains(&number)
        }
        "prefix" => {
            let (field, options) = only_field()?;
            let prefix = value_text(options)??;
            field_terms(doc, field).iter().any(|term| term.starts_with(&prefix))
        }
        "wildcard" => {
            let (field, options) = only_field()?;
            let glob = value_text(options)??.replace("\\\\", "\\");
            field_terms(doc, field)
                .iter()
                .any(|term| crate::query::matches_glob(&glob.to_lowercase(), term))
        }
        "regexp" => {
            let (field, options) = only_field()?;
            let regex = cached_regex(&value_text(options)??)?;
            field_terms(doc, field).iter().any(|term| regex.is_match(term))
        }
        "fuzzy" => {
            let (field, options) = only_field()?;
            let (word, edits) =
                (value_text(options)??, options.get("fuzziness")?.as_u64()? as usize);
            field_terms(doc, field)
                .iter()
                .any(|term| crate::search::remote::edit_distance(term, &word) <= edits)
        }
        "match_phrase" => {
            let (field, options) = only_field()?;
            let words =
                options.get("query")?.as_str()?.split(' ').map(|word| vec![word.to_owned()]);
            has_words_in_order(doc, field, &words.collect::<Vec<_>>(), 0)
        }
        "span_near" => matches_span_near(doc, inner)?,
        "bool" => {
            const SUPPORTED_BOOL_CLAUSES: [&str; 4] =
                ["filter", "should", "must_not", "minimum_should_match"];
            let clauses =
                |name: &str| inner.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
            if !inner.as_object()?.keys().all(|key| SUPPORTED_BOOL_CLAUSES.contains(&key.as_str()))
            {
                return None;
            }
            let clause_results = |name: &str| {
                clauses(name).iter().map(|clause| is_match(doc, clause)).collect::<Option<Vec<_>>>()
            };
            let (filter, should, must_not) =
                (clause_results("filter")?, clause_results("should")?, clause_results("must_not")?);
            let min_matches =
                inner.get("minimum_should_match").map_or(Some(0), Value::as_u64)? as usize;
            filter.iter().all(|is_match| *is_match)
                && !must_not.contains(&true)
                && should.iter().filter(|is_match| **is_match).count() >= min_matches
        }
        "constant_score" => is_match(doc, inner.get("filter")?)?,
        "dis_max" => {
            let queries = inner.get("queries")?.as_array()?.iter();
            queries.map(|clause| is_match(doc, clause)).collect::<Option<Vec<_>>>()?.contains(&true)
        }
        "function_score" => {
            inner.get("functions")?.as_array()?;
            is_match(doc, inner.get("query")?)?
        }
        _ => return None,
    })
}

/// Returns a compiled regular expression that matches whole terms. Caches the compiled expression, because a search
/// compares the expression with every document.
fn cached_regex(text: &str) -> Option<regex::Regex> {
    static REGEX_CACHE: Mutex<BTreeMap<String, regex::Regex>> = Mutex::new(BTreeMap::new());
    let mut cache = REGEX_CACHE.lock().unwrap();
    if !cache.contains_key(text) {
        cache.insert(text.to_owned(), regex::Regex::new(&format!("^(?:{text})$")).ok()?);
    }
    cache.get(text).cloned()
}

/// Returns whether a document matches a `span_near` query. Returns `None` if the query is malformed, or if it accepts
/// its clauses in any order, which the stub does not support.
fn matches_span_near(doc: &Value, query: &Value) -> Option<bool> {
    if !query.get("in_order")?.as_bool()? {
        return None;
    }
    let mut field = String::new();
    let mut words_by_slot = Vec::new();
    for clause in query.get("clauses")?.as_array()? {
        let clauses = clause.pointer("/span_or/clauses").and_then(Value::as_array);
        let clauses = clauses.map_or(std::slice::from_ref(clause), Vec::as_slice);
        let mut words = Vec::new();
        for term in clauses {
            let (term_field, about) = term.get("span_term")?.as_object()?.iter().next()?;
            term_field.clone_into(&mut field);
            words.push(about.get("value")?.as_str()?.to_owned());
        }
        words_by_slot.push(words);
    }
    Some(has_words_in_order(doc, &field, &words_by_slot, query.get("slop")?.as_u64()? as usize))
}

/// Returns the terms of a field. The terms of a text field are separated by spaces.
fn field_terms(doc: &Value, field: &str) -> Vec<String> {
    const TEXT_FIELDS: [&str; 6] = ["exact", "title", "heading", "issuer", "speaker", "words"];
    let Some(value) = doc.get(field) else { return Vec::new() };
    let split_terms = |text: &str| -> Vec<String> {
        if TEXT_FIELDS.contains(&field) {
            text.split_whitespace().map(str::to_owned).collect()
        } else {
            vec![text.to_owned()]
        }
    };
    match value {
        Value::String(text) => split_terms(text),
        Value::Array(texts) => {
            texts.iter().filter_map(Value::as_str).flat_map(split_terms).collect()
        }
        other => vec![other.to_string()],
    }
}

/// Returns whether a text of the field contains one word of each element of `choices`, in the order of `choices`, with
/// at most `slop` other words between these words.
fn has_words_in_order(doc: &Value, field: &str, choices: &[Vec<String>], slop: usize) -> bool {
    let texts = match doc.get(field) {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text.as_str()],
        _ => Vec::new(),
    };
    texts.into_iter().any(|text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        (0..words.len()).any(|first_position| {
            let (mut position, mut remaining_slop) = (first_position, slop);
            choices.iter().enumerate().all(|(number, choice)| {
                let is_choice = |word: &&str| choice.iter().any(|own| own == word);
                let Some(skipped) =
                    words.get(position..).and_then(|rest| rest.iter().position(is_choice))
                else {
                    return false;
                };
                if number == 0 && skipped > 0 || skipped > remaining_slop {
                    return false;
                }
                remaining_slop -= skipped;
                position += skipped + 1;
                true
            })
        })
    })
}
