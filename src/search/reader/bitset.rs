//! Bit set of entries of one segment, with one bit for each entry, so that AND, OR and NOT are bitwise operations.

use std::ops::Range;

use tantivy::DocId;

/// Set of entries of one segment, as numbers below a fixed bound.
#[derive(Debug, Clone)]
pub(in crate::search) struct BitSet {
    /// Bits of the set: bit n % 64 of element n / 64 stands for the number n.
    words: Vec<u64>,
}

impl BitSet {
    /// Returns an empty set for numbers below `bound`.
    pub(in crate::search) fn new(bound: DocId) -> Self {
        Self { words: vec![0; (bound as usize).div_ceil(64)] }
    }

    /// Returns an empty set with the same bound as this set.
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

    /// Inserts a number if `condition` holds. Has no branch on `condition`, so that an unpredictable condition costs no
    /// more than a predictable one.
    pub(in crate::search) fn insert_if(&mut self, doc: DocId, condition: bool) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word |= u64::from(condition) << (doc % 64);
        }
    }

    pub(in crate::search) fn remove(&mut self, doc: DocId) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word &= !(1 << (doc % 64));
        }
    }

    /// Inserts all numbers of a range, up to 64 of them in one operation.
    pub(in crate::search) fn insert_range(&mut self, docs: Range<DocId>) {
        let Range { mut start, end } = docs;
        while start < end {
            let word_end = end.min((start / 64 + 1) * 64);
            if let Some(word) = self.words.get_mut(start as usize / 64) {
                *word |= u64::MAX >> (64 - (word_end - start)) << (start % 64);
            }
            start = word_end;
        }
    }

    pub(in crate::search) fn clear(&mut self) {
        self.words.fill(0);
    }

    pub(in crate::search) fn contains(&self, doc: DocId) -> bool {
        self.words.get(doc as usize / 64).is_some_and(|word| word & (1 << (doc % 64)) != 0)
    }

    /// Returns the first number of the set that is at least `doc`.
    pub(in crate::search) fn first_number_from(&self, doc: DocId) -> Option<DocId> {
        let first_word = doc as usize / 64;
        let mut mask = u64::MAX << (doc % 64);
        for (index, word) in self.words.iter().enumerate().skip(first_word) {
            let masked = word & mask;
            if masked != 0 {
                return Some(index as DocId * 64 + masked.trailing_zeros());
            }
            mask = u64::MAX;
        }
        None
    }

    pub(in crate::search) fn union_with(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub(in crate::search) fn intersect_with(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Inserts `n - docs.start` for each number `n` of `other` in the range `docs`. The bounds of the range must be
    /// multiples of 64.
    pub(in crate::search) fn union_with_range(&mut self, other: &Self, docs: Range<DocId>) {
        self.words.iter_mut().zip(other.u64_words_in(docs)).for_each(|(a, b)| *a |= b);
    }

    /// Retains the numbers `n` for which `other` contains `docs.start + n`. The bounds of the range must be multiples
    /// of 64.
    pub(in crate::search) fn intersect_with_range(&mut self, other: &Self, docs: Range<DocId>) {
        self.words.iter_mut().zip(other.u64_words_in(docs)).for_each(|(a, b)| *a &= b);
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

    /// Returns the number of groups of consecutive numbers in which the set contains a number. `ends` contains the last
    /// number of each group; the next group begins after this number. The set must not contain any of the `ends`.
    ///
    /// Addition with carry counts the groups: any number of the set starts a carry, which moves through the group to
    /// its end.
    pub(in crate::search) fn count_groups_with_number(&self, ends: &Self) -> u64 {
        let mut carry = false;
        let words = self.words.iter().zip(&ends.words);
        let group_counts = words.map(|(&word, &ends)| {
            let (without_carry, overflows) = word.overflowing_add(!ends);
            let (sum, carry_overflows) = without_carry.overflowing_add(u64::from(carry));
            carry = overflows || carry_overflows;
            u64::from((sum & ends).count_ones())
        });
        group_counts.sum()
    }

    /// Returns the numbers in the set, in ascending order.
    pub(in crate::search) fn to_vec(&self) -> Vec<DocId> {
        let mut numbers = Vec::with_capacity(self.len() as usize);
        append_numbers_of_set_bits(&self.words, 0, &mut numbers);
        numbers
    }

    /// Appends the numbers of the set in the range `docs` to `numbers`, in ascending order. The bounds of the range
    /// must be multiples of 64.
    pub(in crate::search) fn append_range(&self, docs: Range<DocId>, numbers: &mut Vec<DocId>) {
        append_numbers_of_set_bits(self.u64_words_in(docs.clone()), docs.start, numbers);
    }

    /// Returns whether the set contains no number of the range `docs`. The bounds of the range must be multiples of 64.
    pub(in crate::search) fn is_empty_in(&self, docs: Range<DocId>) -> bool {
        self.u64_words_in(docs).iter().all(|&word| word == 0)
    }

    /// Returns how many numbers of the range `docs` the set contains. The bounds of the range must be multiples of 64.
    pub(in crate::search) fn count_in(&self, docs: Range<DocId>) -> usize {
        self.u64_words_in(docs).iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Returns the elements of `words` that contain the bits of the range `docs`.
    fn u64_words_in(&self, docs: Range<DocId>) -> &[u64] {
        let (first_word, end_word) = (docs.start as usize / 64, docs.end as usize / 64);
        self.words.get(first_word..end_word.min(self.words.len())).unwrap_or_default()
    }

    /// Iterates over the numbers in the set, in ascending order.
    pub(in crate::search) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        self.words.iter().zip(0..).flat_map(|(&word, index)| numbers_of_set_bits(word, index))
    }
}

impl Extend<DocId> for BitSet {
    fn extend<T: IntoIterator<Item = DocId>>(&mut self, docs: T) {
        for doc in docs {
            self.insert(doc);
        }
    }
}

/// Appends the number of each set bit of `words` to `numbers`. Each element of `words` holds 64 bits, and `start` is
/// the number of the first bit.
fn append_numbers_of_set_bits(words: &[u64], mut start: DocId, numbers: &mut Vec<DocId>) {
    for &word in words {
        let mut remaining_bits = word;
        while remaining_bits != 0 {
            numbers.push(start + remaining_bits.trailing_zeros());
            remaining_bits &= remaining_bits - 1;
        }
        start += 64;
    }
}

/// Returns the numbers of the set bits of `word`, in ascending order. `word` is the element at `index` of
/// the bits of the set.
fn numbers_of_set_bits(word: u64, index: DocId) -> impl Iterator<Item = DocId> {
    let mut remaining_bits = word;
    std::iter::from_fn(move || {
        if remaining_bits == 0 {
            return None;
        }
        let bit = remaining_bits.trailing_zeros();
        remaining_bits &= remaining_bits - 1;
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
        fn insert_range_inserts_every_number_of_the_range(start in 0_u32..200, count in 0_u32..200) {
            let (mut by_range, mut one_by_one) = (BitSet::new(300), BitSet::new(300));
            by_range.insert_range(start..start + count);
            one_by_one.extend(start..start + count);
            prop_assert_eq!(by_range.to_vec(), one_by_one.to_vec());
        }

        #[test]
        fn the_first_number_at_or_above_a_bound_is_found(
            numbers in btree_set(0_u32..300, 0..20), bound in 0_u32..400,
        ) {
            let mut bits = BitSet::new(300);
            bits.extend(numbers.iter().copied());
            prop_assert_eq!(bits.first_number_from(bound), numbers.range(bound..).next().copied());
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
            let not_ends = || numbers.difference(&ends).copied();
            let ends_after = not_ends().filter_map(|number| ends.range(number..).next());
            let expected = ends_after.collect::<BTreeSet<_>>().len() as u64;
            prop_assert_eq!(set_of(&mut not_ends()).count_groups_with_number(&set_of(&mut ends.iter().copied())), expected);
        }
    }
}
