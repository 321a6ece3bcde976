//! Selects the top k hits of a query from the scored matches of all segments.
//!
//! Each segment yields its k best hits from a heap. Within a segment, document ids are compared by their ordinals in
//! the term dictionary, so the text of an id is read only for hits that can be on the page.

use std::collections::{BTreeMap, BinaryHeap};

use super::{
    cursor::Cursor,
    order::HitOrder,
    ranked_doc::RankedDoc,
    segment_hit::{SegmentHit, cursor_as_segment_hit, document_key, segment_hit},
};
use crate::{
    error::Result,
    query::WorkMeter,
    search::{
        reader::{FastFields, IndexReader},
        retrieval::{Matches, SegmentMatches},
    },
};

/// Work of reading the id of one document, in units of the [work meter](crate::query::WorkMeter), which checks the
/// deadline.
const WORK_UNITS_PER_DOCUMENT_ID: usize = 16;

/// The hits of one page, and the position of the page among all matches.
#[derive(Debug, Default)]
pub(in crate::search) struct TopHits {
    pub(in crate::search) hits: Vec<RankedDoc>,
    /// Number of matches before the page: passages, or documents if matches are collapsed by document.
    pub(in crate::search) skipped_count: u64,
    /// Number of passages that match in full.
    pub(in crate::search) full_match_count: u64,
    /// Number of matches on all pages: documents if matches are collapsed by document, passages if not. If matches are
    /// collapsed, counts only documents with a scored passage.
    pub(super) match_count: u64,
    /// Number of documents with a full match. 0 if [`PageRequest::counts_documents`] is not set.
    pub(in crate::search) total_documents: u64,
}

/// The range, order and grouping of the matches on a page.
#[derive(Clone, Copy)]
pub(in crate::search) struct PageRequest<'a> {
    /// Number of matches to skip, counted from the cursor if there is a cursor.
    pub(in crate::search) offset: usize,
    /// Maximum number of matches on the page.
    pub(in crate::search) limit: usize,
    /// Cursor after which the page begins.
    pub(in crate::search) cursor: Option<&'a Cursor>,
    /// Whether the page contains each document only once.
    pub(in crate::search) collapses_documents: bool,
    /// Maximum number of passages of each document on the page, if documents are collapsed.
    pub(in crate::search) passages_per_document: usize,
    pub(in crate::search) order: &'a HitOrder<'a>,
    /// Whether to count the documents with a match. Counting reads every match.
    pub(in crate::search) counts_documents: bool,
}

impl TopHits {
    /// Returns the number of matches on all pages: passages, or documents if matches are collapsed by document.
    pub(in crate::search) fn match_count(&self) -> u64 {
        self.match_count
    }

    /// Returns whether there are matches after the page.
    pub(in crate::search) fn has_next_page(&self) -> bool {
        self.skipped_count + (self.hits.len() as u64) < self.match_count
    }

    /// Selects the page of the request from the matches of all segments.
    pub(in crate::search) fn new(
        reader: &IndexReader,
        matches: &Matches,
        request: PageRequest<'_>,
    ) -> Result<Self> {
        let (columns, mut meter) = (&reader.fast_fields, reader.deadline.work_meter());
        let PageRequest { offset, limit, .. } = request;
        let mut page = Self::default();
        page.count_matches(columns, matches, request.counts_documents);
        if !request.collapses_documents {
            page.match_count =
                page.full_match_count + matches.other_match_count.unwrap_or_default();
        }
        // The hits that the offset skips are selected too, because they determine where the page begins.
        let max_hits = if limit == 0 { 0 } else { offset.saturating_add(limit) };
        let mut best_hits = Vec::new();
        for (ord, (columns, matches)) in columns.iter().zip(&matches.segments).enumerate() {
            let segment = (ord, columns);
            let hits = page.best_hits_of_segment(segment, matches, (max_hits, request), &mut meter);
            let segment_best = hits?;
            best_hits.extend(segment_best.into_iter().map(|hit| (ord, hit)));
        }
        // Document ids break ties between segments. Only the ids of hits that can be on the page are read.
        best_hits.sort_by(|(_, a), (_, b)| a.order_without_tie_break(b));
        if let Some((_, worst)) =
            max_hits.checked_sub(1).and_then(|index| best_hits.get(index)).copied()
        {
            best_hits.truncate(
                best_hits.partition_point(|(_, hit)| hit.order_without_tie_break(&worst).is_le()),
            );
        }
        for (ord, hit) in best_hits {
            meter.add(WORK_UNITS_PER_DOCUMENT_ID)?;
            let document =
                columns.get(ord).map(|columns| columns.document_id(hit.document_key / 2));
            page.hits
                .push(hit.into_ranked_doc(ord as u32, document.transpose()?.unwrap_or_default()));
        }
        page.hits.sort_by(|a, b| {
            (b.match_kind, b.word_set_rank)
                .cmp(&(a.match_kind, a.word_set_rank))
                .then(b.sort_key.total_cmp(&a.sort_key))
                .then(b.score.total_cmp(&a.score))
                .then_with(|| (&a.document, a.ordinal).cmp(&(&b.document, b.ordinal)))
        });
        page.hits.truncate(max_hits);
        for hit in &mut page.hits {
            hit.sort_keyword = request.order.keyword_of_sort_key(hit.sort_key).map(str::to_owned);
        }
        page.skipped_count += page.hits.drain(..offset.min(page.hits.len())).len() as u64;
        Ok(page)
    }

    /// Counts the matches. If `counts_documents` is set, also counts the documents with a match.
    fn count_matches(&mut self, columns: &[FastFields], matches: &Matches, counts_documents: bool) {
        if let Some(totals) = &matches.totals {
            (self.full_match_count, self.total_documents) =
                (totals.chosen_count, totals.document_count);
            return;
        }
        for (columns, segment) in columns.iter().zip(&matches.segments) {
            self.full_match_count += segment.full_matches.len();
            if counts_documents {
                self.total_documents += columns.count_documents(&segment.full_matches);
            }
        }
    }

    /// Returns the `max_hits` best hits of a segment after the cursor, the best first. Adds the number of hits before
    /// the cursor to `skipped_count`.
    fn best_hits_of_segment(
        &mut self,
        segment: (usize, &FastFields),
        matches: &SegmentMatches,
        (max_hits, request): (usize, PageRequest<'_>),
        meter: &mut WorkMeter,
    ) -> Result<Vec<SegmentHit>> {
        if max_hits == 0 {
            return Ok(Vec::new());
        }
        let (_, columns) = segment;
        let to_position = |cursor| cursor_as_segment_hit(columns, cursor, request.order);
        let cursor_hit = request.cursor.map(to_position).transpose()?;
        let mut heap: BinaryHeap<SegmentHit> = BinaryHeap::new();
        // Adds a hit to the heap. If the heap is full, returns its worst hit.
        let mut push = |hit: SegmentHit| {
            if cursor_hit.is_some_and(|cursor_hit| hit.order(&cursor_hit).is_le()) {
                self.skipped_count += 1;
            } else if heap.len() < max_hits {
                heap.push(hit);
            } else if heap.peek().is_some_and(|worst| hit.order(worst).is_lt()) {
                heap.pop();
                heap.push(hit);
            }
            heap.peek().filter(|_| heap.len() == max_hits).copied()
        };
        if request.collapses_documents {
            let hits = best_hit_by_document(segment, matches, request.order, meter)?;
            let document_count = hits.len() as u64;
            for hit in hits.into_values() {
                meter.add(1)?;
                push(hit);
            }
            self.match_count += document_count;
            return Ok(heap.into_sorted_vec());
        }
        let mut worst: Option<SegmentHit> = None;
        for scored in &matches.scored_passages {
            meter.add(1)?;
            let mut hit = segment_hit(segment, scored, request.order);
            // Fast path: the score of most matches is so low that no tie break matters.
            if cursor_hit.is_none()
                && worst.is_some_and(|worst| hit.order_without_tie_break(&worst).is_gt())
            {
                continue;
            }
            hit.document_key = document_key(columns, scored.doc);
            worst = push(hit);
        }
        Ok(heap.into_sorted_vec())
    }
}

/// Returns the best match of each document of a segment, by document number. [`SegmentHit::collapsed_count`] is the
/// number of further passages of the document with the same kind of match. All passages of a document are in one
/// segment.
fn best_hit_by_document(
    segment: (usize, &FastFields),
    matches: &SegmentMatches,
    order: &HitOrder<'_>,
    meter: &mut WorkMeter,
) -> Result<BTreeMap<u64, SegmentHit>> {
    let mut documents: BTreeMap<u64, SegmentHit> = BTreeMap::new();
    for scored in &matches.scored_passages {
        meter.add(1)?;
        let mut hit = segment_hit(segment, scored, order);
        hit.document_key = document_key(segment.1, scored.doc);
        let best_hit = documents.entry(hit.document_key).or_insert(hit);
        if best_hit.doc == scored.doc || hit.match_kind < best_hit.match_kind {
            continue;
        }
        let collapsed_count =
            if hit.match_kind == best_hit.match_kind { best_hit.collapsed_count + 1 } else { 0 };
        if hit.order(best_hit).is_lt() {
            *best_hit = hit;
        }
        best_hit.collapsed_count = collapsed_count;
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index, Query, Searcher, query::Collapse};

    /// Returns a searcher for three documents in two segments. Document `a` has two passages with `car`.
    fn searcher() -> Searcher {
        let index = Index::in_memory();
        for documents in
            [vec![("a", "A car.\n\nOne car and a car.")], vec![("b", "No car."), ("c", "A car.")]]
        {
            let writer = index.writer().unwrap();
            for (id, text) in documents {
                writer.add(&Document::new(id, text)).unwrap();
            }
            writer.commit().unwrap();
        }
        index.searcher().unwrap()
    }

    fn ids(searcher: &Searcher, query: &Query) -> Vec<String> {
        let hits = searcher.search(query).unwrap().hits;
        hits.into_iter().map(|hit| hit.passage.id).collect()
    }

    #[test]
    fn a_collapsed_document_shows_its_best_passage_and_counts_the_others() {
        let searcher = searcher();
        let query = Query::new("car").collapse(Collapse::Document);
        let results = searcher.search(&query).unwrap();
        let hits: Vec<_> =
            results.hits.iter().map(|hit| (hit.document.id.as_str(), hit.collapsed)).collect();
        assert_eq!((results.total, results.total_documents), (4, 3));
        assert_eq!(hits.len(), 3);
        assert!(hits.contains(&("a", 1)) && hits.contains(&("b", 0)) && hits.contains(&("c", 0)));
        let best_of_a =
            ids(&searcher, &Query::new("car")).into_iter().find(|id| id.starts_with("a#"));
        assert_eq!(
            results.hits.iter().map(|hit| &hit.passage.id).find(|id| id.starts_with("a#")),
            best_of_a.as_ref()
        );
    }

    #[test]
    fn pages_of_one_hit_together_equal_the_complete_ranking() {
        let searcher = searcher();
        let all_ids = ids(&searcher, &Query::new("car"));
        assert_eq!(all_ids.len(), 4);
        let by_offset: Vec<String> = (0..4)
            .flat_map(|offset| ids(&searcher, &Query::new("car").limit(1).offset(offset)))
            .collect();
        assert_eq!(by_offset, all_ids);
        let mut by_cursor = Vec::new();
        let mut query = Query::new("car").limit(1);
        loop {
            let page = searcher.search(&query).unwrap();
            assert_eq!(page.hits.len(), 1);
            assert_eq!(page.hits[0].rank, by_cursor.len() as u64 + 1);
            by_cursor.extend(page.hits.into_iter().map(|hit| hit.passage.id));
            let Some(next) = page.next else { break };
            query = Query::new("car").limit(1).cursor(next);
        }
        assert_eq!(by_cursor, all_ids);
    }
}
