//! Derives conditions on passages from query trees, phrases and filters.

use serde_json::{Map, Value, json};

use super::condition::{
    Condition, all_of, any_of, matching_passages_query, negated_query, term_query, wildcard_query,
};
use crate::{
    cluster::mapping::words_field,
    document::Date,
    query::{
        Alternative, Field, Filter, Leaf, MatchTree, Period, PhraseSlot, QueryPlan, TermPattern,
        TextField,
    },
    search::remote::CountedTerms,
};

/// Maximum number of terms at one position of a phrase (a [`PhraseSlot`]) that are scored separately. If a position has
/// more terms, all of its terms share one constant score.
const MAX_TERMS_SCORED_PER_SLOT: usize = 24;

/// Returns a query for the passages that contain at least one of `terms`.
pub(in crate::cluster) fn passages_containing_query(terms: &CountedTerms) -> Value {
    matching_passages_query(&match terms {
        CountedTerms::Alternatives(field, alternatives) => {
            any_alternative_condition(*field, alternatives).query
        }
        CountedTerms::RankingTerm(bigram) => term_query("words", bigram),
    })
}

/// Returns the condition that a passage matches a leaf of the query tree: a word, phrase or pattern in one field, with
/// its alternatives.
pub(super) fn leaf_condition(leaf: &Leaf) -> Condition {
    any_alternative_condition(leaf.field, &leaf.alternatives)
}

/// Returns the condition that a text field of a passage contains at least one of `alternatives`, each a word or a
/// phrase.
fn any_alternative_condition(field: TextField, alternatives: &[Alternative]) -> Condition {
    Condition::any_of(
        alternatives.iter().map(|alternative| alternative_condition(field, alternative)).collect(),
    )
}

/// Returns the condition that a text field of a passage contains a word or a phrase.
fn alternative_condition(field: TextField, alternative: &Alternative) -> Condition {
    let Alternative { slots, is_contiguous, .. } = alternative;
    if let [slot] = &slots[..] {
        return Condition::exact(any_of(slot_queries(field, slot)));
    }
    let is_contiguous_body = *is_contiguous && field == TextField::Body;
    if let (true, [_, _], Some(bigram)) =
        (is_contiguous_body, &slots[..], han_bigrams(slots).next())
    {
        return Condition::exact(term_query("words", &bigram));
    }
    let mut conditions = vec![phrase_query(field, alternative)];
    if is_contiguous_body {
        // The bigrams exclude passages in which other text is between the characters.
        conditions.extend(han_bigrams(slots).map(|bigram| term_query("words", &bigram)));
    }
    Condition { query: all_of(conditions), is_exact: unoccupied_position_count(slots) == 0 }
}

/// Returns a query for passages in which a text field contains a phrase of several words, in the order of the phrase.
pub(super) fn phrase_query(
    field: TextField,
    Alternative { slots, slop, .. }: &Alternative,
) -> Value {
    let field_name = words_field(field);
    let terms_by_slot: Vec<Vec<&str>> = slots.iter().map(terms_of_slot).collect();
    if terms_by_slot.iter().any(Vec::is_empty) {
        return any_of(Vec::new());
    }
    let unoccupied_position_count = unoccupied_position_count(slots);
    if terms_by_slot.iter().all(|terms| terms.len() == 1)
        && unoccupied_position_count == 0
        && *slop == 0
    {
        return json!({"match_phrase": {field_name: {"query": terms_by_slot.concat().join(" ")}}});
    }
    let clauses: Vec<Value> =
        terms_by_slot.iter().map(|terms| span_query(field_name, terms)).collect();
    json!({"span_near": {"clauses": clauses, "slop": slop + unoccupied_position_count, "in_order": true}})
}

/// Returns the number of positions within a phrase at which any term may occur, because the phrase has no slot there.
fn unoccupied_position_count(slots: &[PhraseSlot]) -> u32 {
    slots.last().map_or(0, |last| last.offset + 1).saturating_sub(slots.len() as u32)
}

/// Returns the bigrams of Han characters that the adjacent positions (slots) of a phrase form. A position with several
/// terms forms no bigram.
pub(super) fn han_bigrams(slots: &[PhraseSlot]) -> impl Iterator<Item = String> {
    slots.windows(2).filter_map(|pair| match pair {
        [first, second] => Some(format!("{}{}", single_term(first)?, single_term(second)?)),
        _ => None,
    })
}

/// Returns one query for each term that may occur at one position of a phrase (`slot`). If there are more than
/// [`MAX_TERMS_SCORED_PER_SLOT`] terms, returns one query for all of them.
pub(super) fn slot_queries(field: TextField, slot: &PhraseSlot) -> Vec<Value> {
    let terms = terms_of_slot(slot);
    if terms.len() > MAX_TERMS_SCORED_PER_SLOT {
        return vec![json!({"terms": {words_field(field): terms}})];
    }
    terms.into_iter().map(|text| term_query(words_field(field), text)).collect()
}

/// Returns the distinct terms that may occur at one position of a phrase.
fn terms_of_slot(slot: &PhraseSlot) -> Vec<&str> {
    let mut terms: Vec<&str> = slot.terms.iter().map(|expanded| expanded.term.as_str()).collect();
    if let TermPattern::Stem { term, .. } = &slot.pattern {
        terms.push(term);
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Returns a span query for an occurrence of any of `terms`.
fn span_query(field: &str, terms: &[&str]) -> Value {
    let span_term = |term: &&str| json!({"span_term": {field: {"value": term}}});
    match terms {
        [term] => span_term(term),
        terms => json!({"span_or": {"clauses": terms.iter().map(span_term).collect::<Vec<_>>()}}),
    }
}

/// Returns the only term that may occur at one position of a phrase; `None` if no term or several terms may occur
/// there.
fn single_term(slot: &PhraseSlot) -> Option<&str> {
    match &slot.terms[..] {
        [expanded] => Some(&expanded.term),
        _ => None,
    }
}

/// Returns a query for passages whose title or headings contain the word or phrase of a query leaf.
pub(super) fn heading_query(leaf: &Leaf) -> Value {
    let fields = [TextField::Heading, TextField::Title];
    any_of(fields.map(|field| leaf_condition(&Leaf { field, ..leaf.clone() }).query).to_vec())
}

/// Returns the condition that a passage matches `tree`. `is_positive` is false inside an odd number of NOT operators.
pub(super) fn tree_condition(plan: &QueryPlan, tree: &MatchTree, is_positive: bool) -> Condition {
    let child_conditions = |trees: &[MatchTree]| {
        trees.iter().map(|tree| tree_condition(plan, tree, is_positive)).collect()
    };
    match tree {
        MatchTree::Everything => Condition::exact(all_of(Vec::new())),
        MatchTree::Leaf(index) => {
            let condition = plan.leaves.get(*index).map(leaf_condition);
            let matches_nothing = || Condition::exact(any_of(Vec::new()));
            without_inexact_negation(condition.unwrap_or_else(matches_nothing), is_positive)
        }
        MatchTree::All(trees) => Condition::all_of(child_conditions(trees)),
        MatchTree::Any(trees) => Condition::any_of(child_conditions(trees)),
        MatchTree::AllWithHeadings(trees) => {
            let text_conditions: Vec<Condition> = child_conditions(trees);
            let heading_conditions =
                trees.iter().zip(text_conditions.clone()).map(|(tree, text)| match tree {
                    MatchTree::Leaf(index) => {
                        text_or_headings_condition(plan.leaves.get(*index), text)
                    }
                    _ => text,
                });
            let all_conditions = Condition::all_of(heading_conditions.collect());
            Condition::all_of(vec![all_conditions, Condition::any_of(text_conditions)])
        }
        MatchTree::Not(inner) => {
            let Condition { query, is_exact } = tree_condition(plan, inner, !is_positive);
            Condition { query: negated_query(&query), is_exact }
        }
        MatchTree::Prefer { required, .. } => tree_condition(plan, required, is_positive),
        MatchTree::Near { operands, .. } => {
            let any_leaf = |operand: &Vec<usize>| {
                let leaves = operand.iter().filter_map(|&index| plan.leaves.get(index));
                Condition::any_of(leaves.map(leaf_condition).collect())
            };
            let all_operands = Condition::all_of(operands.iter().map(any_leaf).collect());
            let is_exact = operands.len() < 2;
            without_inexact_negation(Condition { is_exact, ..all_operands }, is_positive)
        }
        MatchTree::Filter(filter) => Condition::exact(filter_query(filter)),
    }
}

/// Returns the condition that the text, the title or the headings of a passage match a query leaf. `text_condition` is
/// the condition that the text matches the leaf. Returns `text_condition` unchanged for a leaf of another field than
/// the text.
fn text_or_headings_condition(leaf: Option<&Leaf>, text_condition: Condition) -> Condition {
    match leaf.filter(|leaf| leaf.field == TextField::Body) {
        Some(leaf) => Condition {
            query: any_of(vec![text_condition.query, heading_query(leaf)]),
            ..text_condition
        },
        None => text_condition,
    }
}

/// Replaces an inexact condition under a NOT by a condition that matches nothing. An inexact condition matches too many
/// passages, so its negation would exclude passages that match the query.
fn without_inexact_negation(condition: Condition, is_positive: bool) -> Condition {
    if condition.is_exact || is_positive {
        return condition;
    }
    Condition { query: any_of(Vec::new()), is_exact: false }
}

/// Returns a query for the passages that a filter of the search, such as a range of dates, accepts.
fn filter_query(filter: &Filter) -> Value {
    match filter {
        Filter::Dates(Period { first, last }) => {
            let mut date_range = Map::new();
            for (bound, day) in [("gte", first), ("lte", last)] {
                if let Some(day) = day {
                    date_range.insert(bound.to_owned(), json!(Date::julian_day(*day)));
                }
            }
            if date_range.is_empty() {
                return json!({"exists": {"field": "date"}});
            }
            json!({"range": {"date": date_range}})
        }
        Filter::Path { glob, root } => {
            let below_root = wildcard_query("source", &format!("{}{glob}", escape_glob(root)));
            if root.is_empty() {
                return below_root;
            }
            let outside_root = vec![
                wildcard_query("source", glob),
                negated_query(&json!({"prefix": {"source": {"value": root}}})),
            ];
            any_of(vec![below_root, all_of(outside_root)])
        }
        Filter::Value { field: Field::Lang, glob } => wildcard_query("lang", glob),
        // An index on a cluster has no declared fields, so a query cannot name one.
        Filter::Declared { .. } => any_of(Vec::new()),
        Filter::Documents(ids) => json!({"terms": {"document": ids}}),
        Filter::Value { glob, .. } => {
            let by_document_id = wildcard_query("document", glob);
            let by_passage_id = glob.rsplit_once('#').and_then(|(document, ordinal)| {
                let ordinal: u64 = ordinal.parse().ok()?;
                Some(all_of(vec![
                    wildcard_query("document", document),
                    json!({"term": {"ordinal": {"value": ordinal}}}),
                ]))
            });
            any_of(std::iter::once(by_document_id).chain(by_passage_id).collect())
        }
    }
}

/// Escapes the wildcard characters `*` and `?` in a path.
fn escape_glob(text: &str) -> String {
    text.replace('*', "\\*").replace('?', "\\?")
}
