//! Bit set of the entries of one segment, with one bit for each entry, so that AND, OR and NOT are bitwise
//! operations.

use std::ops::Range;

use tantivy::DocId;

/// Set of document numbers of one segment, below a fixed bound.
#[derive(Debug, Clone)]
pub(in crate::search) struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    /// Returns an empty set for numbers below `bound`.
    pub(in crate::search) fn new(bound: DocId) -> Self {
        Self { words: vec![0; (bound as usize).div_ceil(64)] }
    }

    /// Returns an empty set with the bound of this set.
    pub(in crate::search) fn empty_like(&self) -> Self {
        Self { words: vec![0; self.words.len()] }
    }

    /// Returns the bound of the set: a multiple of 64 that is greater than every number in the set.
    pub(in crate::search) fn bound(&self) -> DocId {
        self.words.len() as DocId * 64
    }

    pub(in crate::search) fn insert(&mut self, doc: DocId) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    /// Inserts all numbers of a range, up to 64 in one step.
    pub(in crate::search) fn insert_range(&mut self, docs: Range<DocId>) {
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

    pub(in crate::search) fn union_with(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub(in crate::search) fn intersect_with(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Adds the numbers that `other` contains within the range `docs`, each reduced by `docs.start`. The range
    /// begins and ends at a multiple of 64.
    pub(in crate::search) fn union_with_range(&mut self, other: &Self, docs: Range<DocId>) {
        self.words.iter_mut().zip(other.slice(docs)).for_each(|(a, b)| *a |= b);
    }

    /// Removes the numbers `n` for which `other` does not contain `docs.start + n`. The range begins and ends
    /// at a multiple of 64.
    pub(in crate::search) fn intersect_with_range(&mut self, other: &Self, docs: Range<DocId>) {
        self.words.iter_mut().zip(other.slice(docs)).for_each(|(a, b)| *a &= b);
    }

    pub(in crate::search) fn difference_with(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    pub(in crate::search) fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    pub(in crate::search) fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Returns the number of groups that have at least one number in the set. A group consists of one of the
    /// `ends` and all numbers between the previous end and this end. The set must not contain any of the
    /// `ends`.
    ///
    /// Addition with carry counts the groups: any number of the set starts a carry, which moves through its
    /// group up to the end of the group.
    pub(in crate::search) fn count_groups(&self, ends: &Self) -> u64 {
        let mut carry = false;
        let words = self.words.iter().zip(&ends.words);
        let counts = words.map(|(&word, &ends)| {
            let (without_carry, overflows) = word.overflowing_add(!ends);
            let (sum, carry_overflows) = without_carry.overflowing_add(u64::from(carry));
            carry = overflows || carry_overflows;
            u64::from((sum & ends).count_ones())
        });
        counts.sum()
    }

    /// Returns the numbers in the set, in ascending order.
    pub(in crate::search) fn to_vec(&self) -> Vec<DocId> {
        let mut numbers = Vec::with_capacity(self.len() as usize);
        append_numbers(&self.words, 0, &mut numbers);
        numbers
    }

    /// Appends the numbers of the set within a range to a list, in ascending order. The range begins and ends
    /// at a multiple of 64.
    pub(in crate::search) fn append_range(&self, docs: Range<DocId>, numbers: &mut Vec<DocId>) {
        append_numbers(self.slice(docs.clone()), docs.start, numbers);
    }

    /// Returns whether the set has no number within a range that begins and ends at a multiple of 64.
    pub(in crate::search) fn is_empty_in(&self, docs: Range<DocId>) -> bool {
        self.slice(docs).iter().all(|&word| word == 0)
    }

    /// Returns the number of elements of the set within a range that begins and ends at a multiple of 64.
    pub(in crate::search) fn count_in(&self, docs: Range<DocId>) -> usize {
        self.slice(docs).iter().map(|word| word.count_ones() as usize).sum()
    }

    fn slice(&self, docs: Range<DocId>) -> &[u64] {
        let (start, end) = (docs.start as usize / 64, docs.end as usize / 64);
        self.words.get(start..end.min(self.words.len())).unwrap_or_default()
    }

    /// Iterates over the numbers in the set, in ascending order.
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

/// Appends the number of each bit that is set in `words`. The first bit of `words` has the number `start`.
fn append_numbers(words: &[u64], mut start: DocId, numbers: &mut Vec<DocId>) {
    for &word in words {
        let mut rest = word;
        while rest != 0 {
            numbers.push(start + rest.trailing_zeros());
            rest &= rest - 1;
        }
        start += 64;
    }
}

/// Returns the numbers of the bits that are set in one word of the bit set, in ascending order. `index` is the
/// index of the word in the set.
fn numbers(word: u64, index: DocId) -> impl Iterator<Item = DocId> {
    let mut rest = word;
    std::iter::from_fn(move || {
        if rest == 0 {
            return None;
        }
        let bit = rest.trailing_zeros();
        rest &= rest - 1;
        Some(index * 64 + bit)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::btree_set, prelude::*};

    use super::*;

    #[test]
    fn a_set_has_the_inserted_numbers() {
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
        fn a_range_is_inserted_as_if_number_by_number(start in 0_u32..200, count in 0_u32..200) {
            let (mut all, mut each) = (BitSet::new(300), BitSet::new(300));
            all.insert_range(start..start + count);
            each.extend(start..start + count);
            prop_assert_eq!(all.to_vec(), each.to_vec());
        }

        #[test]
        fn groups_with_a_number_are_counted(
            ends in btree_set(0_u32..300, 0..40),
            numbers in btree_set(0_u32..300, 0..80),
        ) {
            let set_of = |numbers: &mut dyn Iterator<Item = DocId>| {
                let mut bits = BitSet::new(300);
                bits.extend(numbers);
                bits
            };
            let inside = || numbers.difference(&ends).copied();
            let ends_after = inside().filter_map(|number| ends.range(number..).next());
            let counted = ends_after.collect::<BTreeSet<_>>().len() as u64;
            prop_assert_eq!(set_of(&mut inside()).count_groups(&set_of(&mut ends.iter().copied())), counted);
        }
    }
}
