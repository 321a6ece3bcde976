//! Candidates of a segment + what features count → their sums, passage by passage.

use tantivy::DocId;

use super::{
    bits::Bits,
    postings::{Posting, Segment, from},
    score::{Collection, TermWeight, norm},
};
use crate::query::Ranking;

/// So many entries are summed up at a time: what is known of them stays in the cache.
const WINDOW: DocId = 8192;
/// A list that is so many times longer is searched, not gone through.
const SEARCHED: usize = 16;

/// A feature in one segment.
pub(super) struct Addend<'a> {
    pub(super) postings: &'a [Posting],
    pub(super) weight: TermWeight,
    /// Whether the length of the passage matters: it does for what stands in its text.
    pub(super) of_text: bool,
}

/// What [`norm`] is for every length.
pub(super) struct Norms<'a> {
    ranking: &'a Ranking,
    collection: Collection,
    by_length: Vec<f64>,
}

impl<'a> Norms<'a> {
    /// Of shorter passages it is worked out once.
    const KEPT: u32 = 1024;

    pub(super) fn new(ranking: &'a Ranking, collection: Collection) -> Self {
        let by_length = (0..Self::KEPT).map(|length| norm(ranking, collection, length)).collect();
        Self { ranking, collection, by_length }
    }

    fn of(&self, length: u32) -> f64 {
        let kept = self.by_length.get(length as usize).copied();
        kept.unwrap_or_else(|| norm(self.ranking, self.collection, length))
    }

    /// Hands each candidate to `done`, ascending, with what the addends add up to, in their order.
    pub(super) fn sums(
        &self,
        segment: Segment<'_>,
        candidates: &Bits,
        mut addends: Vec<Addend<'_>>,
        mut done: impl FnMut(DocId, f64),
    ) {
        let mut sums = vec![0.0; WINDOW as usize];
        // What is no candidate gets nothing: a score is 0 where repetition never counts.
        let mut norms = vec![f64::INFINITY; WINDOW as usize];
        let mut docs: Vec<DocId> = Vec::new();
        for start in (0..segment.reader.max_doc()).step_by(WINDOW as usize) {
            let end = start + WINDOW;
            docs.clear();
            candidates.within(start..end, &mut docs);
            if docs.is_empty() {
                continue;
            }
            let place = |doc: DocId| (doc - start) as usize;
            for (&doc, length) in docs.iter().zip(segment.columns.lengths.of(&docs)) {
                if let Some(norm) = norms.get_mut(place(doc)) {
                    *norm = self.of(length);
                }
            }
            for Addend { postings, weight, of_text } in &mut addends {
                let here = from(postings, start);
                let next = from(here, end);
                let here = here.get(..here.len() - next.len()).unwrap_or_default();
                *postings = next;
                let mut add = |posting: &Posting| {
                    let place = place(posting.doc);
                    if let (Some(sum), Some(&norm)) = (sums.get_mut(place), norms.get(place)) {
                        let flat = !*of_text && norm.is_finite();
                        let norm = if flat { self.ranking.k1 } else { norm };
                        *sum += weight.score(posting.weight(), norm);
                    }
                };
                if here.len() < docs.len().saturating_mul(SEARCHED) {
                    here.iter().for_each(add);
                    continue;
                }
                let mut rest = here;
                for &doc in &docs {
                    rest = from(rest, doc);
                    rest.first()
                        .filter(|posting| posting.doc == doc)
                        .into_iter()
                        .for_each(&mut add);
                }
            }
            for &doc in &docs {
                let place = place(doc);
                if let (Some(sum), Some(norm)) = (sums.get_mut(place), norms.get_mut(place)) {
                    *norm = f64::INFINITY;
                    done(doc, std::mem::take(sum));
                }
            }
        }
    }
}
