//! A set of the entries of one segment, one bit each: matching is bitwise and, or, not.

use tantivy::DocId;

/// A set of entry numbers below a fixed bound.
#[derive(Debug, Clone)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// The empty set of numbers below `bound`.
    pub(super) fn new(bound: DocId) -> Self {
        Self { words: vec![0; (bound as usize).div_ceil(64)] }
    }

    /// The empty set with the same bound.
    pub(super) fn none(&self) -> Self {
        Self { words: vec![0; self.words.len()] }
    }

    pub(super) fn insert(&mut self, doc: DocId) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word |= 1 << (doc % 64);
        }
    }

    pub(super) fn contains(&self, doc: DocId) -> bool {
        self.words.get(doc as usize / 64).is_some_and(|word| word & (1 << (doc % 64)) != 0)
    }

    pub(super) fn unite(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub(super) fn intersect(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    pub(super) fn remove(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    pub(super) fn len(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Finds the place of each number among those of the set.
    pub(super) fn ranks(&self) -> Ranks<'_> {
        let mut before = 0;
        let counts = self.words.iter().map(|word| {
            let here = before;
            before += word.count_ones();
            here
        });
        Ranks { before: counts.collect(), bits: self }
    }

    /// The numbers in the set, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    index as DocId * 64 + bit
                })
            })
        })
    }
}

impl Extend<DocId> for Bits {
    fn extend<T: IntoIterator<Item = DocId>>(&mut self, docs: T) {
        for doc in docs {
            self.insert(doc);
        }
    }
}

/// The places of the numbers of a set, the least of which is at 0: what is known of each is kept in a list
/// that is as long as the set and not as its bound.
#[derive(Debug)]
pub(super) struct Ranks<'a> {
    bits: &'a Bits,
    /// How many numbers are in the words before each.
    before: Vec<u32>,
}

impl Ranks<'_> {
    /// The place of a number; none where it is not in the set.
    pub(super) fn of(&self, doc: DocId) -> Option<usize> {
        let index = doc as usize / 64;
        let (word, before) = (self.bits.words.get(index)?, self.before.get(index)?);
        let bit = 1 << (doc % 64);
        (word & bit != 0).then(|| (before + (word & (bit - 1)).count_ones()) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_inserted() {
        let mut bits = Bits::new(130);
        let numbers = [0, 1, 63, 64, 129];
        for number in numbers {
            bits.insert(number);
        }
        assert_eq!(bits.iter().collect::<Vec<_>>(), numbers);
        assert_eq!(bits.len(), 5);
        assert!(bits.contains(63) && !bits.contains(62) && !bits.contains(1000));
        let ranks = bits.ranks();
        assert_eq!(numbers.map(|number| ranks.of(number)), [0, 1, 2, 3, 4].map(Some));
        assert_eq!([2, 62, 128, 1000].map(|number| ranks.of(number)), [None; 4]);
    }
}
