//! Normalizes clauses: merges a nested sequence, conjunction or disjunction into the outer clause if the meaning does
//! not change. Therefore printing and parsing a clause gives an equal clause.

use super::{Clause, Occur, SequenceItem};

/// Returns the clause as an item of a sequence, without a sign.
pub(super) const fn item_without_sign(clause: Clause) -> SequenceItem {
    SequenceItem { occur: Occur::Should, clause }
}

/// Returns a [`Clause::Sequence`] of `items`. Merges inner sequences whose items have no sign, and joins adjacent
/// words to one clause. If one item without a sign remains, returns the clause of this item.
pub(super) fn sequence(items: Vec<SequenceItem>) -> Clause {
    let mut flat_items: Vec<SequenceItem> = Vec::new();
    for item in items {
        match item {
            SequenceItem { occur: Occur::Should, clause: Clause::Sequence(inner) }
                if inner.iter().all(|item| item.occur == Occur::Should) =>
            {
                for item in inner {
                    push_item_or_join_words(&mut flat_items, item);
                }
            }
            item => push_item_or_join_words(&mut flat_items, item),
        }
    }
    match &mut flat_items[..] {
        [] => Clause::Nothing,
        [SequenceItem { occur: Occur::Should, clause }] => {
            std::mem::replace(clause, Clause::Nothing)
        }
        _ => Clause::Sequence(flat_items),
    }
}

/// Appends `item` to `items`. If `item` and the last element of `items` are both words without a sign, appends the
/// words to the last element instead.
fn push_item_or_join_words(items: &mut Vec<SequenceItem>, item: SequenceItem) {
    if let (
        Some(SequenceItem { occur: Occur::Should, clause: Clause::Words(last_words) }),
        SequenceItem { occur: Occur::Should, clause: Clause::Words(new_words) },
    ) = (items.last_mut(), &item)
    {
        last_words.push(' ');
        last_words.push_str(new_words);
        return;
    }
    items.push(item);
}

/// Returns the conjunction of `clauses`, with inner conjunctions merged into it.
pub(super) fn conjunction(clauses: Vec<Clause>) -> Clause {
    let flat_clauses = clauses.into_iter().flat_map(|clause| match clause {
        Clause::And(inner) => inner,
        other => vec![other],
    });
    Clause::And(flat_clauses.collect())
}

/// Returns the disjunction of `clauses`, with inner disjunctions merged into it.
pub(super) fn disjunction(clauses: Vec<Clause>) -> Clause {
    let flat_clauses = clauses.into_iter().flat_map(|clause| match clause {
        Clause::Or(inner) => inner,
        other => vec![other],
    });
    Clause::Or(flat_clauses.collect())
}
