//! A set of the entries of one segment, one bit each: matching is bitwise and, or, not.

use std::ops::Range;

use tantivy::DocId;

/// A set of entry numbers below a fixed bound.
#[derive(Debug, Clone)]
pub(in crate::search) struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// The empty set of numbers below `bound`.
    pub(in crate::search) fn new(bound: DocId) -> Self {
        Self { words: vec![0; (bound as usize).div_ceil(64)] }
    }

    /// The empty set with the same bound.
    pub(in crate::search) fn none(&self) -> Self {
        Self { words: vec![0; self.words.len()] }
    }

    /// No number in the set reaches it; a multiple of 64.
    pub(in crate::search) fn bound(&self) -> DocId {
        self.words.len() as DocId * 64
    }

    pub(in crate::search) fn insert(&mut self, doc: DocId) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    /// Inserts neighbours, a word of them at a time.
    pub(in crate::search) fn insert_all(&mut self, docs: Range<DocId>) {
        let Range { mut start, end } = docs;
        while start < end {
            let next = end.min((start / 64 + 1) * 64);
            if let Some(word) = self.words.get_mut(start as usize / 64) {
                *word |= u64::MAX >> (64 - (next - start)) << (start % 64);
            }
            start = next;
        }
    }

    pub(in crate::search) fn clear(&mut self) {
        self.words.fill(0);
    }

    pub(in crate::search) fn contains(&self, doc: DocId) -> bool {
        self.words.get(doc as usize / 64).is_some_and(|word| word & (1 << (doc % 64)) != 0)
    }

    pub(in crate::search) fn unite(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub(in crate::search) fn intersect(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Adds those numbers that another set has in a range, counted from its start.
    pub(in crate::search) fn unite_at(&mut self, other: &Self, docs: Range<DocId>) {
        self.words.iter_mut().zip(other.slice(docs)).for_each(|(a, b)| *a |= b);
    }

    /// Keeps those numbers that, counted from the start of the range, another set has in it.
    pub(in crate::search) fn intersect_at(&mut self, other: &Self, docs: Range<DocId>) {
        self.words.iter_mut().zip(other.slice(docs)).for_each(|(a, b)| *a &= b);
    }

    pub(in crate::search) fn remove(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    pub(in crate::search) fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    pub(in crate::search) fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many of the stretches before each of `ends` hold a number of this set, of which none is an end.
    pub(in crate::search) fn stretches(&self, ends: &Self) -> u64 {
        let mut carry = false;
        let words = self.words.iter().zip(&ends.words);
        let counts = words.map(|(&word, &ends)| {
            // A stretch is a row of ones: whatever is added to it carries into its end.
            let (sum, over) = word.overflowing_add(!ends);
            let (sum, more) = sum.overflowing_add(u64::from(carry));
            carry = over || more;
            u64::from((sum & ends).count_ones())
        });
        counts.sum()
    }

    /// The numbers in the set, ascending, as a list.
    pub(in crate::search) fn to_vec(&self) -> Vec<DocId> {
        let mut all = Vec::with_capacity(self.len() as usize);
        push_all(&self.words, 0, &mut all);
        all
    }

    /// Adds the numbers in the set that lie in a range to a list; it begins at a multiple of 64, and ends at one.
    pub(in crate::search) fn push_within(&self, docs: Range<DocId>, all: &mut Vec<DocId>) {
        push_all(self.slice(docs.clone()), docs.start, all);
    }

    /// Whether none of the set lies in a range, as [`push_within`](Self::push_within).
    pub(in crate::search) fn is_empty_within(&self, docs: Range<DocId>) -> bool {
        self.slice(docs).iter().all(|&word| word == 0)
    }

    /// How many numbers of the set lie in a range, as [`push_within`](Self::push_within).
    pub(in crate::search) fn count_within(&self, docs: Range<DocId>) -> usize {
        self.slice(docs).iter().map(|word| word.count_ones() as usize).sum()
    }

    fn slice(&self, docs: Range<DocId>) -> &[u64] {
        let (start, end) = (docs.start as usize / 64, docs.end as usize / 64);
        self.words.get(start..end.min(self.words.len())).unwrap_or_default()
    }

    /// The numbers in the set, ascending.
    pub(in crate::search) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        self.words.iter().zip(0..).flat_map(|(&word, index)| numbers(word, index))
    }
}

impl Extend<DocId> for BitSet {
    fn extend<T: IntoIterator<Item = DocId>>(&mut self, docs: T) {
        for doc in docs {
            self.insert(doc);
        }
    }
}

/// Adds the numbers of the bits of words to a list, counted from `start` on.
fn push_all(words: &[u64], mut start: DocId, all: &mut Vec<DocId>) {
    for &word in words {
        let mut rest = word;
        while rest != 0 {
            all.push(start + rest.trailing_zeros());
            rest &= rest - 1;
        }
        start += 64;
    }
}

/// The numbers of the bits of one word, ascending.
fn numbers(word: u64, index: DocId) -> impl Iterator<Item = DocId> {
    let mut rest = word;
    std::iter::from_fn(move || {
        (rest != 0).then(|| {
            let bit = rest.trailing_zeros();
            rest &= rest - 1;
            index * 64 + bit
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    #[test]
    fn holds_what_was_inserted() {
        let mut bits = BitSet::new(130);
        let numbers = [0, 1, 63, 64, 129];
        for number in numbers {
            bits.insert(number);
        }
        assert_eq!(bits.iter().collect::<Vec<_>>(), numbers);
        assert_eq!(bits.len(), 5);
        assert!(bits.contains(63) && !bits.contains(62) && !bits.contains(1000));
    }

    proptest! {
        #[test]
        fn neighbours_are_inserted_as_if_one_by_one(start in 0_u32..200, count in 0_u32..200) {
            let (mut all, mut each) = (BitSet::new(300), BitSet::new(300));
            all.insert_all(start..start + count);
            each.extend(start..start + count);
            prop_assert_eq!(all.to_vec(), each.to_vec());
        }

        #[test]
        fn stretches_are_counted(
            ends in btree_set(0_u32..300, 0..40),
            numbers in btree_set(0_u32..300, 0..80),
        ) {
            let of = |numbers: &mut dyn Iterator<Item = DocId>| {
                let mut bits = BitSet::new(300);
                bits.extend(numbers);
                bits
            };
            let inside = || numbers.difference(&ends).copied();
            let ends_after = inside().filter_map(|number| ends.range(number..).next());
            let counted = ends_after.collect::<BTreeSet<_>>().len() as u64;
            prop_assert_eq!(of(&mut inside()).stretches(&of(&mut ends.iter().copied())), counted);
        }
    }
}
