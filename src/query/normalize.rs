//! Normal form of clauses: nested sequences, conjunctions and disjunctions are merged into one clause if the
//! meaning does not change. Therefore printing and parsing a clause gives an equal clause.

use super::{Clause, Occur, SequenceItem};

/// Returns a sequence item without a sign.
pub(super) const fn optional(clause: Clause) -> SequenceItem {
    SequenceItem { occur: Occur::Should, clause }
}

/// Returns the sequence of `items`. Merges inner sequences without signs into it, and joins adjacent words to
/// one clause. A single item without a sign is returned as its clause.
pub(super) fn sequence(items: Vec<SequenceItem>) -> Clause {
    let mut flat: Vec<SequenceItem> = Vec::new();
    for item in items {
        match item {
            SequenceItem { occur: Occur::Should, clause: Clause::Sequence(inner) }
                if inner.iter().all(|item| item.occur == Occur::Should) =>
            {
                for item in inner {
                    push(&mut flat, item);
                }
            }
            item => push(&mut flat, item),
        }
    }
    match &mut flat[..] {
        [] => Clause::Nothing,
        [SequenceItem { occur: Occur::Should, clause }] => {
            std::mem::replace(clause, Clause::Nothing)
        }
        _ => Clause::Sequence(flat),
    }
}

/// Adds an item to `items`. Words without a sign are appended to the last item if that is words without a sign
/// too.
fn push(items: &mut Vec<SequenceItem>, item: SequenceItem) {
    if let (
        Some(SequenceItem { occur: Occur::Should, clause: Clause::Words(before) }),
        SequenceItem { occur: Occur::Should, clause: Clause::Words(after) },
    ) = (items.last_mut(), &item)
    {
        before.push(' ');
        before.push_str(after);
        return;
    }
    items.push(item);
}

/// Returns the conjunction of `clauses`, with inner conjunctions merged into it.
pub(super) fn conjunction(clauses: Vec<Clause>) -> Clause {
    let parts = clauses.into_iter().flat_map(|clause| match clause {
        Clause::And(inner) => inner,
        other => vec![other],
    });
    Clause::And(parts.collect())
}

/// Returns the disjunction of `clauses`, with inner disjunctions merged into it.
pub(super) fn disjunction(clauses: Vec<Clause>) -> Clause {
    let parts = clauses.into_iter().flat_map(|clause| match clause {
        Clause::Or(inner) => inner,
        other => vec![other],
    });
    Clause::Or(parts.collect())
}
