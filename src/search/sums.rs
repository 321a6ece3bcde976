//! Candidates of a segment + what features count → their sums, passage by passage.

use std::ops::Range;

use tantivy::DocId;

use super::{
    list::Postings,
    postings::Segment,
    score::{Collection, TermWeight, norm},
};
use crate::query::Ranking;

/// So many entries are summed up at a time: what is known of them stays in the cache.
const WINDOW: DocId = 2048;
/// A list that is so many times longer is searched, not gone through.
const SEARCHED: usize = 16;

/// A feature in one segment.
pub(super) struct Addend<'a> {
    pub(super) postings: &'a Postings,
    /// The place of the first that was not summed up.
    pub(super) next: usize,
    pub(super) weight: TermWeight,
    /// Whether the length of the passage matters: it does for what stands in its text.
    pub(super) of_text: bool,
}

impl Addend<'_> {
    /// Takes the postings before `end`, and returns the places of those of them from `start` on.
    fn until(&mut self, start: DocId, end: DocId) -> Range<usize> {
        let first = self.postings.seek(self.next, start);
        self.next = self.postings.seek(first, end);
        first..self.next
    }
}

/// What is known of the entries that are summed up; one is enough for all segments.
pub(super) struct Window {
    sums: Vec<f64>,
    /// Of what is no candidate infinite, so that it gets nothing.
    norms: Vec<f64>,
}

impl Window {
    pub(super) fn new() -> Self {
        let entries = WINDOW as usize;
        Self { sums: vec![0.0; entries], norms: vec![f64::INFINITY; entries] }
    }
}

/// What [`norm`] is for every length.
pub(super) struct Norms<'a> {
    ranking: &'a Ranking,
    collection: Collection,
    by_length: Vec<f64>,
}

impl<'a> Norms<'a> {
    /// Of shorter passages it is worked out once.
    const KEPT: u32 = 256;

    pub(super) fn new(ranking: &'a Ranking, collection: Collection) -> Self {
        let by_length = (0..Self::KEPT).map(|length| norm(ranking, collection, length)).collect();
        Self { ranking, collection, by_length }
    }

    fn of(&self, length: u32) -> f64 {
        let kept = self.by_length.get(length as usize).copied();
        kept.unwrap_or_else(|| norm(self.ranking, self.collection, length))
    }

    /// Hands each candidate, of which there are ascending `docs`, to `done`, with what the addends add up to,
    /// in their order.
    pub(super) fn sums(
        &self,
        segment: Segment<'_>,
        docs: &[DocId],
        mut addends: Vec<Addend<'_>>,
        Window { sums, norms }: &mut Window,
        mut done: impl FnMut(DocId, f64),
    ) {
        let mut rest = docs;
        while let [first, ..] = rest {
            let start = first - first % WINDOW;
            let (docs, after) = rest.split_at(rest.partition_point(|&doc| doc < start + WINDOW));
            rest = after;
            let place = |doc: DocId| (doc - start) as usize;
            segment.columns.lengths.each(docs, |doc, length| {
                if let Some(norm) = norms.get_mut(place(doc)) {
                    *norm = self.of(length);
                }
            });
            for addend in &mut addends {
                let here = addend.until(start, start + WINDOW);
                let Addend { postings, weight, of_text, .. } = *addend;
                let mut add = |doc: DocId, times: f64| {
                    let place = place(doc);
                    if let (Some(sum), Some(&norm)) = (sums.get_mut(place), norms.get(place)) {
                        let flat = !of_text && norm.is_finite();
                        let norm = if flat { self.ranking.k1 } else { norm };
                        *sum += weight.score(times, norm);
                    }
                };
                if here.len() < docs.len().saturating_mul(SEARCHED) {
                    postings.each(here, add);
                    continue;
                }
                let mut next = here.start;
                for &doc in docs {
                    next = postings.seek(next, doc);
                    let same = postings.get(next).filter(|posting| posting.doc == doc);
                    if let Some(posting) = same {
                        add(doc, posting.weight());
                    }
                }
            }
            for &doc in docs {
                let place = place(doc);
                if let (Some(sum), Some(norm)) = (sums.get_mut(place), norms.get_mut(place)) {
                    *norm = f64::INFINITY;
                    done(doc, std::mem::take(sum));
                }
            }
        }
    }
}
