//! Adds the next best passages of each document to a page that shows each document once.

use std::collections::{BTreeMap, HashMap};

use super::{
    ranked_doc::RankedDoc,
    segment_hit::{SegmentHit, document_key, segment_hit},
    top_hits::{PageRequest, TopHits},
};
use crate::search::{reader::FastFields, retrieval::Matches};

impl TopHits {
    /// Adds to each hit the next best passages of its document whose [`MatchKind`](crate::search::MatchKind) value
    /// equals that of the hit. A hit then has at most [`PageRequest::passages_per_document`] passages, including its
    /// own. Takes one pass over the scored matches.
    pub(in crate::search) fn add_next_best_passages(
        &mut self,
        columns: &[FastFields],
        matches: &Matches,
        request: PageRequest<'_>,
    ) {
        let max_next_best = request.passages_per_document.saturating_sub(1);
        if max_next_best == 0 || !request.collapses_documents {
            return;
        }
        for (segment_ord, (columns, segment)) in columns.iter().zip(&matches.segments).enumerate() {
            // Maps the number of a document in the segment to the index of its hit on the page.
            let mut hits_by_document: HashMap<u64, usize> = HashMap::new();
            for (index, hit) in self.hits.iter().enumerate() {
                if hit.address.segment_ord as usize == segment_ord {
                    hits_by_document.insert(document_key(columns, hit.address.doc_id), index);
                }
            }
            let mut next_best_hits: BTreeMap<usize, Vec<SegmentHit>> = BTreeMap::new();
            for scored in &segment.scored_passages {
                let document = document_key(columns, scored.doc);
                let Some(&index) = hits_by_document.get(&document) else { continue };
                let Some(best) = self.hits.get(index) else { continue };
                if best.match_kind == scored.match_kind && best.address.doc_id != scored.doc {
                    let hit = segment_hit((segment_ord, columns), scored, request.order);
                    next_best_hits.entry(index).or_default().push(hit);
                }
            }
            for (index, mut next_best_hits) in next_best_hits {
                let Some(best) = self.hits.get_mut(index) else { continue };
                next_best_hits.sort_by(SegmentHit::order);
                next_best_hits.truncate(max_next_best);
                best.collapsed_count =
                    best.collapsed_count.saturating_sub(next_best_hits.len() as u64);
                let segment_ord = best.address.segment_ord;
                let sort_keyword = &best.sort_keyword;
                let ranked = |hit: SegmentHit| RankedDoc {
                    sort_keyword: sort_keyword.clone(),
                    ..hit.into_ranked_doc(segment_ord, best.document.clone())
                };
                best.next_best = next_best_hits.into_iter().map(ranked).collect();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Index, Query, query::Collapse};

    #[test]
    fn a_release_has_its_best_passages_and_counts_the_others() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        let text = "A car and a fast car.\n\nOne car is here.\n\nNo vehicle.\n\nThe last car of all cars.\n\nAnother car, then.";
        writer.add(&Document::new("a", text)).unwrap();
        writer.add(&Document::new("b", "A car.")).unwrap();
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let all_results = searcher.search(&Query::new("car")).unwrap();
        let ranking_of = |document: &str| -> Vec<String> {
            let hits = all_results.hits.iter().filter(|hit| hit.document.id == document);
            hits.map(|hit| hit.passage.id.clone()).collect()
        };
        for (size, collapsed) in [(1, 3), (3, 1), (9, 0)] {
            let query = Query::new("car").collapse(Collapse::Document).group_size(size);
            let results = searcher.search(&query).unwrap();
            assert_eq!(results.hits.len(), 2);
            let release = results.hits.iter().find(|hit| hit.document.id == "a").unwrap();
            let shown: Vec<String> =
                release.with_next_best().map(|hit| hit.passage.id.clone()).collect();
            assert_eq!(shown, ranking_of("a")[..size.min(4)]);
            assert_eq!(release.collapsed, collapsed);
            assert!(release.next_best.iter().all(|hit| hit.rank == release.rank));
        }
    }

    #[test]
    fn a_release_with_a_full_match_shows_no_passage_that_lacks_a_word() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        writer.add(&Document::new("a", "A flying car.\n\nA car.\n\nThe flying boat.")).unwrap();
        writer.add(&Document::new("b", "The car stops.\n\nIt is flying.")).unwrap();
        writer.commit().unwrap();
        let query = Query::new("flying car").collapse(Collapse::Document).group_size(3);
        let results = index.searcher().unwrap().search(&query).unwrap();
        let shown: Vec<Vec<&str>> = results
            .hits
            .iter()
            .map(|hit| hit.with_next_best().map(|hit| hit.passage.id.as_str()).collect())
            .collect();
        assert_eq!(shown[0], ["a#0"]);
        assert_eq!(results.hits[0].collapsed, 0);
        assert_eq!(shown[1].len(), 2, "both passages of b have a word: {shown:?}");
    }
}
