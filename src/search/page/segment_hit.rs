//! A match in one segment, and its order among the matches of the segment.

use std::cmp::Ordering;

use tantivy::{DocAddress, DocId};

use super::{cursor::Cursor, order::HitOrder, ranked_doc::RankedDoc};
use crate::{
    error::Result,
    search::{ranking::ScoredDoc, reader::FastFields, results::MatchKind},
};

/// A match in one segment. Document ids are represented by numbers, which have the same order as the ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct SegmentHit {
    /// First sort key: the kind of match.
    pub(super) match_kind: MatchKind,
    /// Second sort key: the rank of the set of query words that the passage contains, see [`ScoredDoc`].
    pub(super) word_set_rank: u8,
    /// Third sort key: the score, the date as a Julian day, or the key of a declared field.
    pub(super) sort_key: f64,
    /// Score before regularization.
    pub(super) score: f64,
    /// Part of `score` that comes from the whole document of the passage.
    pub(super) release_score: f64,
    /// Twice the rank of the document id among the sorted ids of the segment, plus 1. An even number denotes a position
    /// between two documents, for a cursor whose document is not in the segment.
    pub(super) document_key: u64,
    /// Position of the passage in its document, from 0.
    pub(super) ordinal: u64,
    /// Entry number of the passage in its segment.
    pub(super) doc: DocId,
    /// Number of further passages of the document with the same kind of match, if documents are collapsed.
    pub(super) collapsed_count: u64,
    /// Share of the query words that the passage contains, weighted by idf, from 0 to 1.
    pub(super) coverage: f32,
}

impl SegmentHit {
    /// Compares two hits by their order on a page. The better hit compares as less.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let tie_break = (self.document_key, self.ordinal).cmp(&(other.document_key, other.ordinal));
        self.order_without_tie_break(other).then(tie_break)
    }

    /// Compares two hits by their sort keys and score, without the document id that breaks ties. Also valid for hits
    /// of different segments.
    pub(super) fn order_without_tie_break(&self, other: &Self) -> Ordering {
        let by_word_set =
            (other.match_kind, other.word_set_rank).cmp(&(self.match_kind, self.word_set_rank));
        let by_key = by_word_set.then(other.sort_key.total_cmp(&self.sort_key));
        by_key.then(other.score.total_cmp(&self.score))
    }
}

impl PartialEq for SegmentHit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for SegmentHit {}
impl PartialOrd for SegmentHit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for SegmentHit {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

impl SegmentHit {
    /// Returns the hit as a [`RankedDoc`]. `document` is the id of its document, and `segment_ord` is the ordinal of
    /// its segment.
    pub(super) fn into_ranked_doc(self, segment_ord: u32, document: String) -> RankedDoc {
        RankedDoc {
            match_kind: self.match_kind,
            word_set_rank: self.word_set_rank,
            sort_key: self.sort_key,
            sort_keyword: None,
            score: self.score,
            raw_score: self.score,
            release_score: self.release_score,
            coverage: self.coverage,
            address: DocAddress::new(segment_ord, self.doc),
            document,
            ordinal: self.ordinal,
            collapsed_count: self.collapsed_count,
            next_best: Vec::new(),
            missing_words: Vec::new(),
        }
    }
}

/// Converts a scored match to a hit. [`SegmentHit::document_key`] is 0 at first. The caller sets the key of a hit that
/// can be on the page.
pub(super) fn segment_hit(
    segment: (usize, &FastFields),
    scored: &ScoredDoc,
    order: &HitOrder<'_>,
) -> SegmentHit {
    let &ScoredDoc { doc, score, match_kind, word_set_rank, release_score, ordinal, coverage } =
        scored;
    let sort_key = order.sort_key(segment, doc, score);
    let ordinal = u64::from(ordinal);
    SegmentHit {
        match_kind,
        word_set_rank,
        sort_key,
        score,
        release_score,
        document_key: 0,
        ordinal,
        doc,
        collapsed_count: 0,
        coverage,
    }
}

/// Returns the value of [`SegmentHit::document_key`] for a passage.
pub(super) fn document_key(columns: &FastFields, doc: DocId) -> u64 {
    2 * columns.document_numbers.first(doc).unwrap_or_default() + 1
}

/// Returns the position of a cursor among the hits of a segment. If the segment lacks the document of the cursor, the
/// position is directly before the document with the next greater id.
pub(super) fn cursor_as_segment_hit(
    columns: &FastFields,
    cursor: &Cursor,
    order: &HitOrder<'_>,
) -> Result<SegmentHit> {
    let keyword = cursor.keyword.as_deref();
    let sort_key = keyword.map_or(cursor.sort_key, |keyword| order.sort_key_of_keyword(keyword));
    let next_document = columns.document_number(&cursor.document)?;
    Ok(SegmentHit {
        match_kind: cursor.match_kind,
        word_set_rank: cursor.word_set_rank,
        sort_key,
        score: cursor.score,
        release_score: 0.0,
        document_key: next_document
            .map_or(u64::MAX, |(number, is_same)| 2 * number + u64::from(is_same)),
        ordinal: if next_document.is_some() { u64::from(cursor.ordinal) } else { 0 },
        doc: 0,
        collapsed_count: 0,
        coverage: 0.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(sort_key: f64, score: f64, document_key: u64, ordinal: u64) -> SegmentHit {
        SegmentHit {
            match_kind: MatchKind::All,
            word_set_rank: 0,
            sort_key,
            score,
            release_score: 0.0,
            document_key,
            ordinal,
            doc: 0,
            collapsed_count: 0,
            coverage: 1.0,
        }
    }

    #[test]
    fn hits_are_ordered_by_key_then_score_then_document_then_ordinal() {
        let sorted = [
            hit(2.0, 1.0, 9, 9),
            hit(1.0, 5.0, 9, 9),
            hit(1.0, 4.0, 3, 7),
            hit(1.0, 4.0, 3, 8),
            hit(1.0, 4.0, 5, 0),
        ];
        for (index, better) in sorted.iter().enumerate() {
            for worse in &sorted[index + 1..] {
                assert!(better.order(worse).is_lt(), "{better:?} {worse:?}");
            }
        }
        assert!(
            sorted[2].order_without_tie_break(&sorted[4]).is_eq(),
            "only the tie break distinguishes the hits"
        );
    }
}
