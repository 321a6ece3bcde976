//! Scores the whole documents of other matches: measures how well a document as a whole answers the query if none of
//! its passages contains every word.

use tantivy::DocId;

use crate::{
    query::Ranking,
    search::{
        ranking::{DocumentToScore, QueryPostings, ScoredDoc, Scorer},
        reader::SegmentView,
        results::MatchKind,
    },
};

/// Maximum number of other matches whose documents are scored, the best first. Further matches with the same score as
/// the last of these matches are also scored. The remaining other matches keep their order.
pub(super) const MAX_CANDIDATES_WITH_DOCUMENT_SCORE: usize = 200;

/// Factor on the weight of the document score if the document has every word of the query. With this factor, the
/// document scores decide the order of these documents, and the passage scores only order the passages of one document.
const DOCUMENT_SCORE_FACTOR_WITH_EVERY_WORD: f64 = 10.0;

/// A passage among the other matches, with its segment.
pub(super) struct Candidate {
    /// Index of the segment.
    pub(super) segment_ord: usize,
    pub(super) scored_doc: ScoredDoc,
}

/// Adds a document score to the score of each of the best candidates. The document score is the BM25 score of the whole
/// document, scaled so that the best document gets the highest score of a candidate, times a weight. The weight grows
/// with the share of the query that the best candidate lacks.
pub(super) fn add_release_scores(
    segments: &[SegmentView<'_>],
    postings: &[QueryPostings],
    scorer: &Scorer<'_>,
    ranking: &Ranking,
    candidates: &mut [Candidate],
) {
    let has_partial_segment = segments.iter().any(|segment| segment.columns.is_partial());
    if ranking.release_weight <= 0.0 || has_partial_segment {
        return;
    }
    candidates.sort_by(|a, b| {
        let by_word_set = (b.scored_doc.match_kind, b.scored_doc.word_set_rank)
            .cmp(&(a.scored_doc.match_kind, a.scored_doc.word_set_rank));
        by_word_set.then(b.scored_doc.score.total_cmp(&a.scored_doc.score))
    });
    let count = scored_candidate_count(candidates);
    let Some(best) = candidates.get_mut(..count) else { return };
    let document_scores = document_scores_of_candidates(segments, postings, scorer, best);
    let highest = document_scores.iter().copied().fold(0.0, f64::max);
    if highest <= 0.0 {
        return;
    }
    let top_score = best.iter().map(|candidate| candidate.scored_doc.score).fold(0.0, f64::max);
    let coverage = best.iter().map(|candidate| candidate.scored_doc.coverage).fold(0.0, f32::max);
    let weight = ranking.release_weight * (1.0 + 3.0 * (1.0 - f64::from(coverage)));
    for (candidate, score) in best.iter_mut().zip(document_scores) {
        let is_release = candidate.scored_doc.match_kind == MatchKind::Release;
        let weight =
            if is_release { DOCUMENT_SCORE_FACTOR_WITH_EVERY_WORD * weight } else { weight };
        candidate.scored_doc.release_score = weight * top_score * score / highest;
        candidate.scored_doc.score += candidate.scored_doc.release_score;
    }
}

/// Returns the number of candidates whose documents are scored: the first [`MAX_CANDIDATES_WITH_DOCUMENT_SCORE`]
/// candidates, and the following candidates with the same score as candidate number
/// [`MAX_CANDIDATES_WITH_DOCUMENT_SCORE`]. `candidates` must be sorted.
fn scored_candidate_count(candidates: &[Candidate]) -> usize {
    let Some(last) = candidates.get(MAX_CANDIDATES_WITH_DOCUMENT_SCORE - 1) else {
        return candidates.len();
    };
    let key = |candidate: &Candidate| {
        let ScoredDoc { match_kind, word_set_rank, score, .. } = candidate.scored_doc;
        (match_kind, word_set_rank, score.to_bits())
    };
    let ties = candidates
        .iter()
        .skip(MAX_CANDIDATES_WITH_DOCUMENT_SCORE)
        .take_while(|other| key(other) == key(last));
    MAX_CANDIDATES_WITH_DOCUMENT_SCORE + ties.count()
}

/// Returns the mean number of token positions of a document. Never less than 1.
fn mean_document_length(segments: &[SegmentView<'_>]) -> f64 {
    let (documents, positions) = segments.iter().fold((0, 0), |(documents, positions), segment| {
        let (count, sum) = segment.columns.live_document_count_and_total_length(segment.reader);
        (documents + count, positions + sum)
    });
    (positions as f64 / (documents as f64).max(1.0)).max(1.0)
}

/// Returns the BM25 score of the whole document of each candidate. Candidates of one document have the same score.
fn document_scores_of_candidates(
    segments: &[SegmentView<'_>],
    postings: &[QueryPostings],
    scorer: &Scorer<'_>,
    candidates: &[Candidate],
) -> Vec<f64> {
    let mean_length = mean_document_length(segments);
    let records: Vec<Option<DocId>> = candidates
        .iter()
        .map(|candidate| {
            segments.get(candidate.segment_ord)?.columns.record_of(candidate.scored_doc.doc)
        })
        .collect();
    let mut candidate_scores = vec![0.0; candidates.len()];
    for (ord, (segment, postings)) in segments.iter().zip(postings).enumerate() {
        let in_segment = candidates.iter().zip(&records).zip(&mut candidate_scores).filter_map(
            |((candidate, record), score)| {
                Some(((*record)?, score)).filter(|_| candidate.segment_ord == ord)
            },
        );
        let in_segment: Vec<(DocId, &mut f64)> = in_segment.collect();
        let mut records: Vec<DocId> = in_segment.iter().map(|(record, _)| *record).collect();
        records.sort_unstable();
        records.dedup();
        let documents: Vec<DocumentToScore> =
            records.iter().map(|&record| document_to_score(segment, record, mean_length)).collect();
        let document_scores = scorer.document_scores(postings, &documents);
        for (record, score) in in_segment {
            let index = records.binary_search(&record).ok();
            *score =
                index.and_then(|index| document_scores.get(index).copied()).unwrap_or_default();
        }
    }
    candidate_scores
}

/// Returns the document whose document record is the entry `record`, with all its passages.
fn document_to_score(
    segment: &SegmentView<'_>,
    record: DocId,
    mean_length: f64,
) -> DocumentToScore {
    let length = segment.columns.document_lengths.first(record).unwrap_or_default();
    DocumentToScore {
        passages: segment.columns.passages_of(record),
        relative_length: length as f64 / mean_length,
    }
}
