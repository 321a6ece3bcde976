//! Relaxes a query: turns a query without matches into a looser query, in which required words are optional.

use super::{
    Clause, Occur, SequenceItem,
    normalize::{item_without_sign, sequence},
};

/// Returns the query with all words optional. The operands of AND and NEAR stand side by side, phrases become words,
/// and `+` is dropped. NOT and conditions on dates and fields stay. `None` if no word of the query is required, so
/// that the query would not change.
pub(crate) fn with_all_words_optional(clause: &Clause) -> Option<Clause> {
    let loosened_clause = loosen_clause(clause);
    if loosened_clause == *clause { None } else { Some(loosened_clause) }
}

/// Replaces each phrase that has no sign and no matches by the words of the phrase, if the query also has other
/// clauses. `occurs` returns whether a phrase has matches. Returns the changed query and the replaced phrases.
///
/// # Errors
///
/// The first error that `occurs` returns.
pub(crate) fn replace_missing_phrases_with_words<E>(
    clause: &Clause,
    mut occurs: impl FnMut(&Clause) -> Result<bool, E>,
) -> Result<(Clause, Vec<Clause>), E> {
    let mut phrases = Vec::new();
    let Clause::Sequence(items) = clause else { return Ok((clause.clone(), phrases)) };
    let mut items = items.clone();
    for item in &mut items {
        if let (Occur::Should, Clause::Phrase { text, .. }) = (item.occur, &item.clause)
            && !occurs(&item.clause)?
        {
            let words = Clause::Words(text.clone());
            phrases.push(std::mem::replace(&mut item.clause, words));
        }
    }
    Ok((Clause::Sequence(items), phrases))
}

fn loosen_clause(clause: &Clause) -> Clause {
    match clause {
        Clause::And(clauses) => loosen_conjunction(clauses),
        Clause::Phrase { text, .. } => Clause::Words(text.clone()),
        Clause::Near { clauses, .. } | Clause::Same(clauses) => loosened_sequence(clauses.iter()),
        Clause::Or(clauses) => Clause::Or(clauses.iter().map(loosen_clause).collect()),
        Clause::Sequence(items) => {
            Clause::Sequence(items.iter().map(loosen_sequence_item).collect())
        }
        Clause::Any(inner) => Clause::Any(Box::new(loosen_clause(inner))),
        Clause::In(field, inner) => Clause::In(*field, Box::new(loosen_clause(inner))),
        Clause::Boost(inner, factor) => Clause::Boost(Box::new(loosen_clause(inner)), *factor),
        Clause::Everything
        | Clause::Nothing
        | Clause::Words(_)
        | Clause::Wildcard(_)
        | Clause::Fuzzy { .. }
        | Clause::Regex(_)
        | Clause::Dates(_)
        | Clause::Figure(_)
        | Clause::Mentions { .. } => clause.clone(),
    }
}

/// Returns the query that consists of `clauses` side by side. Each clause is optional and loosened.
fn loosened_sequence<'c>(clauses: impl Iterator<Item = &'c Clause>) -> Clause {
    sequence(clauses.map(|clause| item_without_sign(loosen_clause(clause))).collect())
}

/// Returns a conjunction of `clauses` in which filters are required and all other clauses are optional.
fn loosen_conjunction(clauses: &[Clause]) -> Clause {
    let (filters, words): (Vec<&Clause>, Vec<&Clause>) =
        clauses.iter().partition(|clause| only_restricts_matches(clause));
    let optional_words = loosened_sequence(words.into_iter());
    if filters.is_empty() {
        return optional_words;
    }
    let mut conjuncts: Vec<Clause> = filters.into_iter().cloned().collect();
    conjuncts.push(optional_words);
    Clause::And(conjuncts)
}

fn loosen_sequence_item(item: &SequenceItem) -> SequenceItem {
    let clause = match item.occur {
        Occur::MustNot => item.clause.clone(),
        Occur::Must | Occur::Should => loosen_clause(&item.clause),
    };
    let occur = match item.occur {
        Occur::Must if !only_restricts_matches(&item.clause) => Occur::Should,
        occur => occur,
    };
    SequenceItem { occur, clause }
}

/// Returns whether the clause only restricts matches: it is a condition on a field or a date, or contains only excluded
/// clauses.
fn only_restricts_matches(clause: &Clause) -> bool {
    let only_excludes = match clause {
        Clause::Sequence(items) => items.iter().all(|item| item.occur == Occur::MustNot),
        _ => false,
    };
    only_excludes || clause.is_field_or_date_condition()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn phrases_without_matches_become_words() {
        let parsed = |text: &str| Clause::parse(text).0;
        for (text, expected) in [
            ("\"flying car\" factory", "flying car factory"),
            ("\"flying car\" \"car port\"", "flying car \"car port\""),
            ("+\"flying car\" factory", "+\"flying car\" factory"),
            ("\"flying car\"", "\"flying car\""),
            ("factory -\"flying car\"", "factory -\"flying car\""),
        ] {
            let occurs = |phrase: &Clause| Ok::<_, ()>(phrase.to_string().contains("port"));
            let (changed, _) = replace_missing_phrases_with_words(&parsed(text), occurs).unwrap();
            let printed = parsed(&changed.to_string()).to_string();
            assert_eq!(printed, parsed(expected).to_string(), "{text}");
        }
    }

    #[test]
    fn words_of_a_relaxed_query_are_optional_and_conditions_stay() {
        let parsed = |text: &str| Clause::parse(text).0;
        for (text, expected) in [
            ("flying car", None),
            ("flying AND car", Some("flying car")),
            ("\"flying car\" factory", Some("flying car factory")),
            ("+flying -toy", Some("flying NOT toy")),
            ("flying AND date:2025-01-02 AND -toy", Some("date:2025-01-02 AND NOT toy AND flying")),
            ("flying NEAR/3 car", Some("flying car")),
            ("lang:en AND port", None),
        ] {
            let relaxed = with_all_words_optional(&parsed(text));
            let printed = relaxed.map(|clause| parsed(&clause.to_string()).to_string());
            assert_eq!(printed.as_deref(), expected, "{text}");
        }
    }
}
