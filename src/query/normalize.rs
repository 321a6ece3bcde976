//! Normal form of clauses: nested sequences, conjunctions and disjunctions are merged into one clause if the
//! meaning does not change. Therefore printing and parsing a clause gives an equal clause.

use super::{Clause, Occur, SequenceItem};

/// Returns a sequence item without a sign.
pub(super) const fn optional_item(clause: Clause) -> SequenceItem {
    SequenceItem { occur: Occur::Should, clause }
}

/// Returns the sequence of `items`. Merges inner sequences without signs into the outer sequence, and joins
/// adjacent words to one clause. A single item without a sign is returned as its clause.
pub(super) fn sequence(items: Vec<SequenceItem>) -> Clause {
    let mut flat_items: Vec<SequenceItem> = Vec::new();
    for item in items {
        match item {
            SequenceItem { occur: Occur::Should, clause: Clause::Sequence(inner) }
                if inner.iter().all(|item| item.occur == Occur::Should) =>
            {
                for item in inner {
                    push_item(&mut flat_items, item);
                }
            }
            item => push_item(&mut flat_items, item),
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

/// Adds an item to `items`. If both the item and the last of `items` are words without a sign, joins the words
/// to one item.
fn push_item(items: &mut Vec<SequenceItem>, item: SequenceItem) {
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
