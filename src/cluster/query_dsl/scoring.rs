//! Approximate score that the cluster computes, so that the best passages are among the fetched passages. This program
//! then computes the final scores.

use serde_json::{Value, json};

use super::{
    condition::{Condition, all_of, all_passages_query, any_of, term_query},
    matching::{
        han_bigrams, heading_query, leaf_condition, phrase_query, slot_queries, tree_condition,
    },
};
use crate::{
    query::{Alternative, Leaf, Ranking, TextField},
    search::remote::{CountedTerms, RemoteQuery},
};

/// Boost of passages that contain every word of the query. The boost is greater than the sum of all other components
/// of the score.
const ALL_TERMS_BOOST: f64 = 1024.0;
/// Assumed inverse document frequency of words in titles and headings. A search does not request the document
/// frequencies in these fields.
const ASSUMED_IDF_IN_HEADINGS: f64 = 4.0;

/// Returns the query for the best passages, as a condition. The condition is exact if its query matches only passages
/// that match `remote_query`.
pub(in crate::cluster) fn best_passages_query(remote_query: &RemoteQuery) -> Condition {
    let RemoteQuery { plan, scoring_terms, ranking, .. } = remote_query;
    let Condition { query: condition, is_exact } = tree_condition(plan, &plan.tree, true);
    let mut should_clauses: Vec<Value> = scoring_terms
        .iter()
        .filter_map(|(weight, terms)| boosted_terms_query(terms, *weight))
        .collect();
    let leaves: Vec<&Leaf> = plan.leaves.iter().filter(|leaf| leaf.adds_score()).collect();
    for leaf in leaves.iter().filter(|leaf| leaf.field == TextField::Body) {
        let boost = leaf.boost * ranking.heading_weight * ASSUMED_IDF_IN_HEADINGS;
        if boost > 0.0 {
            should_clauses.push(constant_score_query(&heading_query(leaf), boost));
        }
    }
    if leaves.len() > 1 && ranking.text_bonus > 0.0 {
        let leaf_in_any_field = |leaf: &&Leaf| match leaf.field {
            TextField::Body => any_of(vec![leaf_condition(leaf).query, heading_query(leaf)]),
            _ => leaf_condition(leaf).query,
        };
        let every_leaf = all_of(leaves.iter().map(leaf_in_any_field).collect());
        should_clauses
            .push(constant_score_query(&every_leaf, ALL_TERMS_BOOST * ranking.text_bonus));
    }
    let mut bool_query = json!({"filter": [all_passages_query(), condition]});
    if let (false, Some(bool_query)) = (should_clauses.is_empty(), bool_query.as_object_mut()) {
        bool_query.insert("should".to_owned(), should_clauses.into());
        bool_query.insert("minimum_should_match".to_owned(), 0.into());
    }
    Condition { query: with_position_boost(&bool_query, ranking), is_exact }
}

/// Returns a query that multiplies the score of `bool_query` by 1 plus a boost. The boost decreases with the ordinal
/// of the passage in its document.
fn with_position_boost(bool_query: &Value, ranking: &Ranking) -> Value {
    let boost = json!({
        "exp": {"ordinal": {"origin": 0, "offset": 0, "scale": Ranking::POSITION_BOOST_HALF_LIFE_IN_PASSAGES, "decay": 0.5}},
        "weight": ranking.position_boost.max(0.0),
    });
    json!({"function_score": {
        "query": {"bool": bool_query},
        "functions": [boost, {"filter": {"match_all": {}}, "weight": 1}],
        "score_mode": "sum",
        "boost_mode": "multiply",
    }})
}

/// Returns a query that gives each document that matches `filter` the score `boost`.
fn constant_score_query(filter: &Value, boost: f64) -> Value {
    json!({"constant_score": {"filter": filter, "boost": boost}})
}

/// Returns a query whose score is the BM25 score of `terms`, multiplied by `weight`. `None` if no passage can match.
fn boosted_terms_query(terms: &CountedTerms, weight: f64) -> Option<Value> {
    match terms {
        CountedTerms::RankingTerm(bigram) => with_boost(term_query("words", bigram), weight),
        CountedTerms::Alternatives(field, alternatives) => {
            let queries = alternatives
                .iter()
                .flat_map(|alternative| alternative_score_queries(*field, alternative));
            let mut boosted_queries: Vec<Value> =
                queries.filter_map(|query| with_boost(query, weight)).collect();
            match boosted_queries.len() {
                0 | 1 => boosted_queries.pop(),
                _ => Some(json!({"dis_max": {"queries": boosted_queries, "tie_breaker": 0.1}})),
            }
        }
    }
}

/// Returns the queries that score one alternative (a word or a phrase) of a query leaf: one query for each term of a
/// word, or one query for a phrase.
fn alternative_score_queries(field: TextField, alternative: &Alternative) -> Vec<Value> {
    let Alternative { slots, is_contiguous, .. } = alternative;
    match (&slots[..], han_bigrams(slots).next()) {
        ([slot], _) => slot_queries(field, slot),
        ([_, _], Some(bigram)) if *is_contiguous && field == TextField::Body => {
            vec![term_query("words", &bigram)]
        }
        _ => vec![phrase_query(field, alternative)],
    }
}

/// Returns `query` with a boost. `None` if the query matches no document.
fn with_boost(mut query: Value, boost: f64) -> Option<Value> {
    let (query_kind, query_body) = query.as_object_mut()?.iter_mut().next()?;
    let options = match query_kind.as_str() {
        "match_none" => return None,
        "term" | "match_phrase" => query_body.as_object_mut()?.values_mut().next()?,
        _ => query_body,
    };
    options.as_object_mut()?.insert("boost".to_owned(), json!(boost));
    Some(query)
}
