//! Query tree → the query language of the cluster: what matches, and a score near enough to ours that the best
//! are among those that are fetched.
//!
//! Some of what we ask for it cannot say, as who stands in one sentence with whom. Then it is asked for more than
//! that, and what does not match is found out here.

use serde_json::{Map, Value, json};

use super::{
    mapping::{stems, words},
    wire::{PASSAGE, TERM},
};
use crate::{
    document::Date,
    query::{
        Alternative, Facet, Field, Filter, Leaf, MatchTree, Period, PhraseSlot, QueryPlan, Ranking,
        TermPattern, TextField,
    },
    search::remote::{CountedTerms, RemoteQuery, TermShape, Vocabulary, indexed_stem},
};

/// So many terms are scored one by one; more count the same.
const MOST_SCORED: usize = 8;
/// What it counts to have every word: more than all else together.
const COMPLETE: f64 = 1024.0;
/// How rare a word is that nothing is known of.
const USUAL_IDF: f64 = 4.0;

/// A condition, and whether it is all of what was meant: otherwise it lets more through.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) query: Value,
    pub(super) is_exact: bool,
}

impl Condition {
    const fn exact(query: Value) -> Self {
        Self { query, is_exact: true }
    }

    /// All of them hold.
    fn all(conditions: Vec<Self>) -> Self {
        let is_exact = conditions.iter().all(|condition| condition.is_exact);
        let queries: Vec<_> = conditions.into_iter().map(|condition| condition.query).collect();
        Self { query: all(queries), is_exact }
    }

    /// One of them holds.
    fn any(conditions: Vec<Self>) -> Self {
        let is_exact = conditions.iter().all(|condition| condition.is_exact);
        let queries: Vec<_> = conditions.into_iter().map(|condition| condition.query).collect();
        Self { query: any(queries), is_exact }
    }
}

fn all(mut queries: Vec<Value>) -> Value {
    match queries.len() {
        0 => json!({"match_all": {}}),
        1 => queries.remove(0),
        _ => json!({"bool": {"filter": queries}}),
    }
}

fn any(mut queries: Vec<Value>) -> Value {
    match queries.len() {
        0 => json!({"match_none": {}}),
        1 => queries.remove(0),
        _ => json!({"bool": {"should": queries, "minimum_should_match": 1}}),
    }
}

fn not(query: &Value) -> Value {
    json!({"bool": {"must_not": [query]}})
}

pub(super) fn term(field: &str, term: &str) -> Value {
    json!({"term": {field: {"value": term}}})
}

/// Passages of which something holds.
pub(super) fn passages(query: &Value) -> Value {
    json!({"bool": {"filter": [term("kind", PASSAGE), query]}})
}

/// What counts the passages with something.
pub(super) fn counted(what: &CountedTerms) -> Value {
    passages(&found(what).query)
}

/// Every passage.
pub(super) fn everything() -> Value {
    term("kind", PASSAGE)
}

fn found(what: &CountedTerms) -> Condition {
    match what {
        CountedTerms::Alternatives(scope, variants) => {
            Condition::any(variants.iter().map(|one| variant(*scope, one)).collect())
        }
        CountedTerms::RankingTerm(pair) => Condition::exact(term("words", pair)),
    }
}

fn leaf(leaf: &Leaf) -> Condition {
    Condition::any(leaf.alternatives.iter().map(|one| variant(leaf.field, one)).collect())
}

/// Words that stand one after the other.
fn variant(scope: TextField, one: &Alternative) -> Condition {
    let Alternative { slots, contiguous: joined, .. } = one;
    if let [slot] = &slots[..] {
        return Condition::exact(any(slot_terms(scope, slot)));
    }
    if let (true, TextField::Body, [_, _], Some(pair)) =
        (*joined, scope, &slots[..], pairs(slots).next())
    {
        return Condition::exact(term("words", &pair));
    }
    let mut parts = vec![phrase(scope, one)];
    if *joined && scope == TextField::Body {
        // Nothing at all stands between the characters.
        parts.extend(pairs(slots).map(|pair| term("words", &pair)));
    }
    if has_any_form(slots) {
        // Among stems a word that was asked for as it is written would be found in any form.
        let written = slots.iter().filter(|slot| matches!(slot.pattern, TermPattern::Term(_)));
        parts.extend(written.map(|slot| any(slot_terms(scope, slot))));
    }
    Condition { query: all(parts), is_exact: holes(slots) == 0 }
}

/// The words of several slots, in their order.
fn phrase(scope: TextField, Alternative { slots, slop: gap, .. }: &Alternative) -> Value {
    // Where a word may have any form, all of them are looked at as stems.
    let any_form = has_any_form(slots);
    let field = if any_form { stems(scope) } else { words(scope) };
    let choices: Vec<Vec<String>> = slots.iter().map(|slot| choices(slot, any_form)).collect();
    if choices.iter().any(Vec::is_empty) {
        return any(Vec::new());
    }
    let holes = holes(slots);
    if choices.iter().all(|terms| terms.len() == 1) && holes == 0 && *gap == 0 {
        return json!({"match_phrase": {field: {"query": choices.concat().join(" ")}}});
    }
    let clauses: Vec<Value> = choices.iter().map(|terms| spans(field, terms)).collect();
    json!({"span_near": {"clauses": clauses, "slop": gap + holes, "in_order": true}})
}

fn has_any_form(slots: &[PhraseSlot]) -> bool {
    slots.iter().any(|slot| matches!(slot.pattern, TermPattern::Stem { .. }))
}

/// How many places between the slots may hold anything.
fn holes(slots: &[PhraseSlot]) -> u32 {
    slots.last().map_or(0, |last| last.offset + 1).saturating_sub(slots.len() as u32)
}

/// Two Han characters side by side, where each can be only one.
fn pairs(slots: &[PhraseSlot]) -> impl Iterator<Item = String> {
    slots.windows(2).filter_map(|pair| match pair {
        [first, second] => Some(format!("{}{}", only_form(first)?, only_form(second)?)),
        _ => None,
    })
}

/// The terms that may stand in a slot, one query each.
fn slot_terms(scope: TextField, slot: &PhraseSlot) -> Vec<Value> {
    let mut queries = Vec::new();
    let mut forms: Vec<&str> = slot.terms.iter().map(|form| form.term.as_str()).collect();
    if let TermPattern::Stem { term: written, stem } = &slot.pattern {
        if is_stem(stem) {
            queries.push(term(stems(scope), stem));
        } else {
            forms.insert(0, written);
        }
    }
    forms.dedup();
    if forms.len() > MOST_SCORED {
        queries.push(json!({"terms": {words(scope): forms}}));
    } else {
        queries.extend(forms.into_iter().map(|form| term(words(scope), form)));
    }
    queries
}

/// What may stand in a slot of several: terms, or the stems of these.
fn choices(slot: &PhraseSlot, any_form: bool) -> Vec<String> {
    let mut terms: Vec<String> = slot.terms.iter().map(|form| form.term.clone()).collect();
    if let TermPattern::Stem { term, .. } = &slot.pattern {
        terms.push(term.clone());
    }
    if any_form {
        for term in &mut terms {
            *term = indexed_stem(term).into_owned();
        }
    }
    terms.sort();
    terms.dedup();
    terms
}

fn spans(field: &str, terms: &[String]) -> Value {
    let one = |term: &String| json!({"span_term": {field: {"value": term}}});
    match terms {
        [term] => one(term),
        terms => json!({"span_or": {"clauses": terms.iter().map(one).collect::<Vec<_>>()}}),
    }
}

fn only_form(slot: &PhraseSlot) -> Option<&str> {
    match &slot.terms[..] {
        [form] => Some(&form.term),
        _ => None,
    }
}

/// Whether a word has other forms: numbers and words of other scripts have none.
fn is_stem(stem: &str) -> bool {
    stem.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// What matches; `positive` where no NOT stands around it.
fn matching(lowered: &QueryPlan, tree: &MatchTree, positive: bool) -> Condition {
    let each =
        |trees: &[MatchTree]| trees.iter().map(|one| matching(lowered, one, positive)).collect();
    match tree {
        MatchTree::Everything => Condition::exact(all(Vec::new())),
        MatchTree::Leaf(index) => {
            let found = lowered.leaves.get(*index).map(leaf);
            narrowed(found.unwrap_or_else(|| Condition::exact(any(Vec::new()))), positive)
        }
        MatchTree::All(trees) => Condition::all(each(trees)),
        MatchTree::Any(trees) => Condition::any(each(trees)),
        MatchTree::Not(inner) => {
            let Condition { query, is_exact } = matching(lowered, inner, !positive);
            Condition { query: not(&query), is_exact }
        }
        MatchTree::Prefer { required, .. } => matching(lowered, required, positive),
        MatchTree::Near { operands, .. } => {
            let one = |operand: &Vec<usize>| {
                let leaves = operand.iter().filter_map(|&index| lowered.leaves.get(index));
                Condition::any(leaves.map(leaf).collect())
            };
            let found = Condition::all(operands.iter().map(one).collect());
            narrowed(Condition { is_exact: operands.len() < 2, ..found }, positive)
        }
        MatchTree::Filter(filter) => Condition::exact(filtered(filter)),
    }
}

/// Where more is let through than was meant, a NOT around it must not keep out what matches.
fn narrowed(condition: Condition, positive: bool) -> Condition {
    if condition.is_exact || positive {
        return condition;
    }
    Condition { query: any(Vec::new()), is_exact: false }
}

fn filtered(filter: &Filter) -> Value {
    match filter {
        Filter::Dates(Period { first, last }) => {
            let mut range = Map::new();
            let days = [("gte", first), ("lte", last)];
            for (bound, day) in days {
                if let Some(day) = day {
                    range.insert(bound.to_owned(), json!(Date::julian_day(*day)));
                }
            }
            if range.is_empty() {
                return json!({"exists": {"field": "date"}});
            }
            json!({"range": {"date": range}})
        }
        Filter::Path { glob, root } => {
            let below = wildcard("source", &format!("{}{glob}", escaped(root)));
            if root.is_empty() {
                return below;
            }
            let elsewhere = vec![
                wildcard("source", glob),
                not(&json!({"prefix": {"source": {"value": root}}})),
            ];
            any(vec![below, all(elsewhere)])
        }
        Filter::Value { field: Field::Lang, glob } => wildcard("lang", glob),
        Filter::Value { glob, .. } => {
            let whole = wildcard("document", glob);
            let passage = glob.rsplit_once('#').and_then(|(document, ordinal)| {
                let ordinal: u64 = ordinal.parse().ok()?;
                Some(all(vec![
                    wildcard("document", document),
                    json!({"term": {"ordinal": {"value": ordinal}}}),
                ]))
            });
            any(std::iter::once(whole).chain(passage).collect())
        }
    }
}

/// `*` and `?` mean the same there; a backslash is none of ours.
fn wildcard(field: &str, glob: &str) -> Value {
    let glob = glob.replace('\\', "\\\\");
    json!({"wildcard": {field: {"value": glob, "case_insensitive": true}}})
}

fn escaped(text: &str) -> String {
    text.replace('*', "\\*").replace('?', "\\?")
}

/// Terms of a shape, among those of a field.
pub(super) fn shaped(vocabulary: Vocabulary, shape: &TermShape) -> Option<Value> {
    let field = field(vocabulary);
    let query = match shape {
        TermShape::Stem(stem) => term("stem", stem),
        TermShape::Prefix(prefix) => json!({"prefix": {"term": {"value": prefix}}}),
        TermShape::Glob(glob) => {
            json!({"wildcard": {"term": {"value": glob.replace('\\', "\\\\")}}})
        }
        TermShape::Regex(regex) => {
            json!({"regexp": {"term": {"value": automaton(regex)?, "flags": "NONE"}}})
        }
        TermShape::Fuzzy { term, edits } => json!({"fuzzy": {"term": {
            "value": term, "fuzziness": edits, "prefix_length": 0, "max_expansions": 1000, "transpositions": true,
        }}}),
    };
    Some(all(vec![term("kind", TERM), term("in", field), query]))
}

/// The field that the terms of a vocabulary stand in.
pub(super) const fn field(vocabulary: Vocabulary) -> &'static str {
    match vocabulary {
        Vocabulary::Words(scope) => words(scope),
        Vocabulary::Definitions => "words",
    }
}

/// A regular expression as the cluster reads it; none where it has no such thing. It may hold of more: what does not
/// match is left out here.
fn automaton(regex: &str) -> Option<String> {
    let inner = regex.trim_start_matches('^').trim_end_matches('$');
    let mut found = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next()? {
                'd' => found.push_str("[0-9]"),
                'w' | 'S' | 'D' | 'W' => found.push('.'),
                'p' | 'P' | 'b' | 'B' | 's' | 'x' | 'u' | 'A' | 'z' => return None,
                other => found.extend(['\\', other]),
            },
            '"' | '@' | '#' | '&' | '<' | '>' | '~' => found.extend(['\\', c]),
            '(' if characters.as_str().starts_with('?') => return None,
            '^' if !found.ends_with('[') => return None,
            '$' => return None,
            // The lazy and the greedy hold of the same.
            '?' if found.ends_with(['*', '+', '?', '}']) => {}
            c => found.push(c),
        }
    }
    Some(found)
}

/// A query with its score, and whether it finds no more than was meant.
pub(super) fn scored(sought: &RemoteQuery) -> Condition {
    let RemoteQuery { plan: query, scoring_terms: features, ranking, .. } = sought;
    let Condition { query: condition, is_exact } = matching(query, &query.tree, true);
    let mut should: Vec<Value> =
        features.iter().filter_map(|(weight, what)| ranked(what, *weight)).collect();
    let leaves: Vec<&Leaf> = query.leaves.iter().filter(|leaf| leaf.adds_score()).collect();
    let above = |one: &Leaf| {
        let scopes = [TextField::Heading, TextField::Title];
        let found = scopes.map(|scope| leaf(&Leaf { field: scope, ..one.clone() }).query);
        any(found.to_vec())
    };
    for one in leaves.iter().filter(|one| one.field == TextField::Body) {
        let boost = one.boost * ranking.heading_weight * USUAL_IDF;
        if boost > 0.0 {
            should.push(json!({"constant_score": {"filter": above(one), "boost": boost}}));
        }
    }
    if leaves.len() > 1 && ranking.all_terms_bonus > 0.0 {
        let has = |one: &&Leaf| match one.field {
            TextField::Body => any(vec![leaf(one).query, above(one)]),
            _ => leaf(one).query,
        };
        let every = all(leaves.iter().map(has).collect());
        should.push(
            json!({"constant_score": {"filter": every, "boost": COMPLETE * ranking.all_terms_bonus}}),
        );
    }
    let mut inner = json!({"filter": [everything(), condition]});
    if let (false, Some(inner)) = (should.is_empty(), inner.as_object_mut()) {
        inner.insert("should".to_owned(), should.into());
        inner.insert("minimum_should_match".to_owned(), 0.into());
    }
    let early = json!({"exp": {"ordinal": {"origin": 0, "offset": 0, "scale": Ranking::POSITION_HALF_LIFE, "decay": 0.5}}, "weight": ranking.position_boost.max(0.0)});
    let query = json!({"function_score": {
        "query": {"bool": inner},
        "functions": [early, {"filter": {"match_all": {}}, "weight": 1}],
        "score_mode": "sum",
        "boost_mode": "multiply",
    }});
    Condition { query, is_exact }
}

/// What raises the score.
fn ranked(what: &CountedTerms, weight: f64) -> Option<Value> {
    let boosted = |mut query: Value| {
        let object = query.as_object_mut()?;
        let (kind, inner) = object.iter_mut().next()?;
        match kind.as_str() {
            "term" | "match_phrase" => {
                let (_, field) = inner.as_object_mut()?.iter_mut().next()?;
                field.as_object_mut()?.insert("boost".to_owned(), json!(weight));
            }
            "match_none" => return None,
            _ => {
                inner.as_object_mut()?.insert("boost".to_owned(), json!(weight));
            }
        }
        Some(query)
    };
    match what {
        CountedTerms::RankingTerm(pair) => boosted(term("words", pair)),
        CountedTerms::Alternatives(scope, variants) => {
            let mut queries: Vec<Value> = Vec::new();
            for one in variants {
                match &one.slots[..] {
                    [slot] => queries.extend(slot_terms(*scope, slot)),
                    _ => match (one.contiguous, pairs(&one.slots).next(), one.slots.len()) {
                        (true, Some(pair), 2) if *scope == TextField::Body => {
                            queries.push(term("words", &pair));
                        }
                        _ => queries.push(phrase(*scope, one)),
                    },
                }
            }
            let boosted: Vec<Value> = queries.into_iter().filter_map(boosted).collect();
            match boosted.len() {
                0 => None,
                1 => boosted.into_iter().next(),
                _ => Some(json!({"dis_max": {"queries": boosted, "tie_breaker": 0.1}})),
            }
        }
    }
}

/// What has the values that are chosen of the facets that `narrows` says.
pub(super) fn chosen(sought: &RemoteQuery, narrows: impl Fn(Facet) -> bool) -> Value {
    let chosen =
        sought.chosen.iter().filter(|(facet, values)| !values.is_empty() && narrows(**facet));
    all(chosen.map(|(facet, values)| of_values(*facet, values)).collect())
}

fn of_values(facet: Facet, values: &[String]) -> Value {
    let field = column(facet);
    let (folders, whole): (Vec<&String>, Vec<&String>) = values
        .iter()
        .partition(|value| facet == Facet::Source && value.ends_with(std::path::is_separator));
    let years = || whole.iter().filter_map(|year| year.parse::<u64>().ok()).collect::<Vec<_>>();
    let whole = match facet {
        Facet::Year => json!({"terms": {field: years()}}),
        _ => json!({"terms": {field: whole}}),
    };
    let folders = folders.into_iter().map(|folder| json!({"prefix": {field: {"value": folder}}}));
    any(std::iter::once(whole).chain(folders).collect())
}

/// The column of the values of a facet.
pub(super) const fn column(facet: Facet) -> &'static str {
    match facet {
        Facet::Issuer => "issuer_name",
        Facet::Speaker => "speaker_name",
        Facet::Year => "year",
        Facet::Lang => "lang",
        Facet::Source => "source",
    }
}
