//! Chooses a few passages of a document that together have every word of a query.

use std::ops::Range;

use tantivy::DocId;

use crate::search::matching::LeafPostings;

/// Finds a few passages of a document that together have every query leaf (word or phrase). Takes the documents of a
/// segment one after another, in ascending order.
pub(super) struct PassageCoverFinder<'a> {
    postings: &'a LeafPostings,
    /// The query leaves (words or phrases), as indexes in the plan, with their inverse document frequencies.
    leaves: &'a [(usize, f64)],
    /// For each query leaf, the index of its first posting after the previous document.
    next_postings: Vec<usize>,
    /// For each passage of the current document, the set of query leaves that the passage contains: bit n is set for
    /// the n-th of `leaves`.
    leaf_sets: Vec<u64>,
}

impl<'a> PassageCoverFinder<'a> {
    /// Creates a finder for the first 64 query leaves in `leaves`. Ignores further leaves.
    pub(super) fn new(postings: &'a LeafPostings, leaves: &'a [(usize, f64)]) -> Self {
        let leaves = leaves.get(..64).unwrap_or(leaves);
        Self { postings, leaves, next_postings: vec![0; leaves.len()], leaf_sets: Vec::new() }
    }

    /// Returns a few of the passages of a document that `is_candidate` accepts. Together the returned passages have
    /// every query leaf that any accepted passage has. Chooses greedily: the next passage adds the leaves with the
    /// highest sum of weights. `passages` are all passages of the document. The calls must pass the documents in
    /// ascending order.
    pub(super) fn passages_covering_leaves_of_document(
        &mut self,
        passages: Range<DocId>,
        is_candidate: impl Fn(DocId) -> bool,
    ) -> Vec<DocId> {
        self.leaf_sets.clear();
        self.leaf_sets.resize(passages.len(), 0);
        for (bit, (&(leaf, _), next)) in self.leaves.iter().zip(&mut self.next_postings).enumerate()
        {
            let list = self.postings.leaf_list(leaf);
            *next = list.seek(*next, passages.start);
            while let Some(&doc) = list.docs().get(*next).filter(|doc| passages.contains(doc)) {
                if let Some(set) = self.leaf_sets.get_mut((doc - passages.start) as usize) {
                    *set |= 1 << bit;
                }
                *next += 1;
            }
        }
        let with_sets = passages.zip(self.leaf_sets.iter().copied());
        let mut candidates: Vec<(DocId, u64)> =
            with_sets.filter(|(doc, set)| *set > 0 && is_candidate(*doc)).collect();
        let mut chosen = Vec::new();
        while let Some((doc, set)) = self.candidate_with_most_uncovered_weight(&candidates) {
            chosen.push(doc);
            candidates.retain_mut(|(_, uncovered)| {
                *uncovered &= !set;
                *uncovered > 0
            });
        }
        chosen
    }

    /// Returns the candidate that adds the query leaves with the highest sum of weights. Of several such candidates,
    /// returns the first. Each candidate is a passage with the set of leaves that it adds: leaves that no passage
    /// chosen before has.
    fn candidate_with_most_uncovered_weight(
        &self,
        candidates: &[(DocId, u64)],
    ) -> Option<(DocId, u64)> {
        let weight = |set: u64| -> f64 {
            let leaves = self.leaves.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
            leaves.map(|(_, (_, idf))| idf.max(f64::MIN_POSITIVE)).sum()
        };
        let weighted = candidates.iter().map(|&(doc, set)| (weight(set), doc, set));
        let best = weighted.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.map(|(_, doc, set)| (doc, set))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::reader::{Posting, PostingList};

    #[test]
    fn the_chosen_passages_of_each_document_have_every_leaf() {
        let list = |docs: &[DocId]| -> PostingList {
            docs.iter().map(|&doc| Posting { doc, freq: 1, inexact_weight: 0.0 }).collect()
        };
        // Passages 0 to 3 are the first document, passages 5 to 7 the second.
        let postings =
            LeafPostings::of_posting_lists([list(&[0, 2, 5]), list(&[1, 2, 6]), list(&[0, 3, 6])]);
        let leaves = [(0, 1.0), (1, 2.0), (2, 4.0)];
        let mut cover = PassageCoverFinder::new(&postings, &leaves);
        // Passage 0 has the leaves 0 and 2, of weight 5. Passages 1 and 2 add leaf 1; passage 1 is the first of them.
        assert_eq!(cover.passages_covering_leaves_of_document(0..4, |_| true), [0, 1]);
        assert_eq!(cover.passages_covering_leaves_of_document(5..8, |doc| doc != 6), [5]);
        let mut cover = PassageCoverFinder::new(&postings, &leaves);
        assert_eq!(cover.passages_covering_leaves_of_document(0..4, |doc| doc != 0), [3, 2]);
        assert_eq!(cover.passages_covering_leaves_of_document(5..8, |_| true), [6, 5]);
    }
}
