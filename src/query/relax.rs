//! A query that finds nothing → a looser one: what was required becomes what may match.

use super::{Clause, Item, Sign};

/// The same query without demands on its words: AND is any of them, phrases and neighbours are words,
/// `+` is dropped. What restricts by date or field, and NOT, stays. None where nothing was demanded.
pub(crate) fn relax(clause: &Clause) -> Option<Clause> {
    let loose = loosened(clause);
    (loose != *clause).then_some(loose)
}

/// The same query with phrases that `occurs` denies as their words, where they stand beside something
/// else and nothing demands them; and those phrases.
pub(crate) fn phrases_to_words<E>(
    clause: &Clause,
    mut occurs: impl FnMut(&Clause) -> Result<bool, E>,
) -> Result<(Clause, Vec<Clause>), E> {
    let mut phrases = Vec::new();
    let Clause::Sequence(items) = clause else { return Ok((clause.clone(), phrases)) };
    let mut phrases_to_words = items.clone();
    for item in &mut phrases_to_words {
        if let (Sign::May, Clause::Phrase { text, .. }) = (item.sign, &item.clause)
            && !occurs(&item.clause)?
        {
            let words = Clause::Words(text.clone());
            phrases.push(std::mem::replace(&mut item.clause, words));
        }
    }
    Ok((Clause::Sequence(phrases_to_words), phrases))
}

fn loosened(clause: &Clause) -> Clause {
    match clause {
        Clause::And(clauses) => required_filters(clauses),
        Clause::Phrase { text, .. } => Clause::Words(text.clone()),
        Clause::Near { clauses, .. } | Clause::Same(clauses) => {
            Clause::Or(clauses.iter().map(loosened).collect())
        }
        Clause::Or(clauses) => Clause::Or(clauses.iter().map(loosened).collect()),
        Clause::Sequence(items) => Clause::Sequence(items.iter().map(loosened_item).collect()),
        Clause::In(field, inner) => Clause::In(*field, Box::new(loosened(inner))),
        Clause::Boost(inner, factor) => Clause::Boost(Box::new(loosened(inner)), *factor),
        other => other.clone(),
    }
}

/// Of what AND joins, conditions stay required and words become optional.
fn required_filters(clauses: &[Clause]) -> Clause {
    let (filters, words): (Vec<&Clause>, Vec<&Clause>) =
        clauses.iter().partition(|clause| is_filter(clause));
    let words = Clause::Or(words.into_iter().map(loosened).collect());
    if filters.is_empty() {
        return words;
    }
    let mut all: Vec<Clause> = filters.into_iter().cloned().collect();
    all.push(words);
    Clause::And(all)
}

fn loosened_item(item: &Item) -> Item {
    let sign = match item.sign {
        Sign::Must if !is_filter(&item.clause) => Sign::May,
        sign => sign,
    };
    let clause = if item.sign == Sign::Not { item.clause.clone() } else { loosened(&item.clause) };
    Item { sign, clause }
}

fn is_filter(clause: &Clause) -> bool {
    match clause {
        clause if clause.is_condition() => true,
        Clause::Sequence(items) => items.iter().all(|item| item.sign == Sign::Not),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn phrases_that_occur_nowhere_are_their_words() {
        for (text, open) in [
            ("\"flying car\" factory", "flying car factory"),
            ("\"flying car\" \"car port\"", "flying car \"car port\""),
            ("+\"flying car\" factory", "+\"flying car\" factory"),
            ("\"flying car\"", "\"flying car\""),
            ("factory -\"flying car\"", "factory -\"flying car\""),
        ] {
            let occurs = |phrase: &Clause| Ok::<_, ()>(phrase.to_string().contains("port"));
            let (phrases_to_words, _) = phrases_to_words(&parse(text).0, occurs).unwrap();
            let shown = parse(&phrases_to_words.to_string()).0.to_string();
            assert_eq!(shown, parse(open).0.to_string(), "{text}");
        }
    }

    #[test]
    fn demands_are_dropped_and_conditions_stay() {
        for (text, loose) in [
            ("flying car", None),
            ("flying AND car", Some("flying OR car")),
            ("\"flying car\" factory", Some("flying car factory")),
            ("+flying -toy", Some("flying NOT toy")),
            ("flying AND date:2025-01-02 AND -toy", Some("date:2025-01-02 AND NOT toy AND flying")),
            ("flying NEAR/3 car", Some("flying OR car")),
            ("lang:en AND port", Some("lang:en AND port")),
        ] {
            let shown =
                relax(&parse(text).0).map(|clause| parse(&clause.to_string()).0.to_string());
            assert_eq!(shown.as_deref(), loose, "{text}");
        }
    }
}
