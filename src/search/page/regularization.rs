//! Regularizes scores: moves the scores of the top hits towards the scores of similar hits, if the best hit covers too
//! little of the query. A passage that resembles good hits is likely to be good too.
//!
//! The method is described in Diaz, "Regularizing query-based retrieval scores" (2007), with the nearest neighbours of
//! each hit. Only the first [`COMPARED_HIT_COUNT`] hits are compared and reordered; the hits after them stay in the
//! order of their raw scores.

use std::collections::BTreeMap;

use super::{
    ranked_doc::RankedDoc,
    top_hits::{PageRequest, TopHits},
};
use crate::{
    error::Result,
    index::{TERM_VECTOR_FIELD, decode_term_vector_value},
    search::{context::SearchContext, reader::engine_error, retrieval::Matches},
};

/// Number of top hits that are compared with each other and reordered.
pub(in crate::search) const COMPARED_HIT_COUNT: usize = 200;
/// Maximum number of nearest neighbours whose scores influence the score of a hit.
const MAX_NEIGHBOURS: usize = 10;
/// Minimum coverage of the best hit at which scores are not regularized. The coverage is the share of the query words
/// that the hit contains, from 0 to 1.
const MIN_COVERAGE_WITHOUT_REGULARIZATION: f64 = 0.8;
/// Regularization reaches its full weight if the coverage of the best hit is lower than
/// [`MIN_COVERAGE_WITHOUT_REGULARIZATION`] by this difference.
const COVERAGE_DROP_TO_FULL_REGULARIZATION: f64 = 0.125;

/// The term vector of a hit, scaled to length 1, as pairs of term number and weight. Terms are numbered within the
/// compared hits.
type TermVector = Vec<(usize, f64)>;

/// Returns a page of the matches. Regularizes the scores of the first [`COMPARED_HIT_COUNT`] hits. `regularization`,
/// from 0 to 1, is the maximum weight that similar hits get in a score.
pub(in crate::search) fn ranked_page(
    context: &SearchContext,
    matches: &Matches,
    request: PageRequest<'_>,
    regularization: f64,
) -> Result<TopHits> {
    let PageRequest { offset, limit, cursor, order, .. } = request;
    let reader = &context.reader;
    if !order.is_by_score() || limit == 0 || regularization == 0.0 {
        return TopHits::new(reader, matches, request);
    }
    let first_hits = |limit: usize| {
        let request = PageRequest { offset: 0, limit, cursor: None, ..request };
        TopHits::new(reader, matches, request)
    };
    let page_end = offset.saturating_add(limit);
    let mut page = first_hits(page_end)?;
    let weight = page.hits.first().map_or(0.0, |first| regularization * lack_of_coverage(first));
    if weight > 0.0 && page_end < COMPARED_HIT_COUNT {
        context.statistics.announce_needed_hits(COMPARED_HIT_COUNT);
    }
    if weight == 0.0 && cursor.is_none() {
        page.skip_first_hits(offset);
        return Ok(page);
    }
    if page_end < COMPARED_HIT_COUNT {
        page = first_hits(COMPARED_HIT_COUNT)?;
    }
    let compared_count = page.hits.len().min(COMPARED_HIT_COUNT);
    if let (true, Some(hits)) = (weight > 0.0, page.hits.get_mut(..compared_count)) {
        let vectors = term_vectors(term_counts_of_hits(context, hits)?);
        regularize(hits, &vectors, weight);
    }
    let mut page_start = offset;
    if let Some(cursor) = cursor {
        let is_cursor_hit = |hit: &RankedDoc| {
            hit.document == cursor.document && hit.ordinal == u64::from(cursor.ordinal)
        };
        let Some(cursor_index) = page.hits.iter().take(COMPARED_HIT_COUNT).position(is_cursor_hit)
        else {
            return TopHits::new(reader, matches, request);
        };
        page_start = offset.saturating_add(cursor_index + 1);
        let page_end = page_start.saturating_add(limit);
        if page_end > page.hits.len() && (page.hits.len() as u64) < page.match_count() {
            let more_hits = first_hits(page_end)?;
            page.hits.extend(more_hits.hits.into_iter().skip(page.hits.len()));
        }
    }
    page.hits.truncate(page_start.saturating_add(limit));
    page.skip_first_hits(page_start);
    Ok(page)
}

/// Returns the terms of each hit with their frequencies in the passage, read from the fast field of term vectors.
fn term_counts_of_hits(
    context: &SearchContext,
    hits: &[RankedDoc],
) -> Result<Vec<Vec<(u16, u32)>>> {
    let segments = context.reader.searcher.segment_readers().iter();
    let columns = segments.map(|segment| segment.fast_fields().u64_lenient(TERM_VECTOR_FIELD));
    let columns = columns.collect::<tantivy::Result<Vec<_>>>().map_err(engine_error)?;
    let counts = hits.iter().map(|hit| {
        // A segment in which no passage has a vector lacks the fast field.
        let column = columns.get(hit.address.segment_ord as usize).and_then(Option::as_ref);
        let values =
            column.into_iter().flat_map(|(column, _)| column.values_for_doc(hit.address.doc_id));
        values.map(decode_term_vector_value).collect()
    });
    Ok(counts.collect())
}

impl TopHits {
    /// Removes the first `count` hits of the page, and sets the number of skipped matches. The page must begin with the
    /// best of all matches.
    fn skip_first_hits(&mut self, count: usize) {
        self.skipped_count = self.hits.drain(..count.min(self.hits.len())).len() as u64;
    }
}

/// Returns how strongly scores are regularized, from 0 to 1, given the coverage of the best hit. Returns 0 for a
/// coverage of at least [`MIN_COVERAGE_WITHOUT_REGULARIZATION`]. Grows to 1 as the coverage falls by
/// [`COVERAGE_DROP_TO_FULL_REGULARIZATION`].
fn lack_of_coverage(best_hit: &RankedDoc) -> f64 {
    ((MIN_COVERAGE_WITHOUT_REGULARIZATION - f64::from(best_hit.coverage))
        / COVERAGE_DROP_TO_FULL_REGULARIZATION)
        .clamp(0.0, 1.0)
}

/// Moves the score of each hit by `weight` towards the mean score of its nearest neighbours, weighted by cosine
/// similarity. Then sorts the hits by their new scores. Hits with equal new scores stay in their previous order.
fn regularize(hits: &mut [RankedDoc], vectors: &[TermVector], weight: f64) {
    let scores: Vec<f64> = hits.iter().map(|hit| hit.score).collect();
    let postings = hits_and_weights_by_term(vectors);
    for (index, (hit, vector)) in hits.iter_mut().zip(vectors).enumerate() {
        let neighbours = most_similar_hits(index, vector, &postings, scores.len());
        let cosine_sum: f64 = neighbours.iter().map(|(cosine, _)| cosine).sum();
        if cosine_sum > 0.0 {
            let score_of = |other: usize| scores.get(other).copied().unwrap_or_default();
            let weighted_score_sum: f64 =
                neighbours.iter().map(|&(cosine, other)| cosine * score_of(other)).sum();
            hit.score = (1.0 - weight) * hit.score + weight * weighted_score_sum / cosine_sum;
        }
    }
    hits.sort_by(|a, b| {
        let by_word_set = (b.match_kind, b.word_set_rank).cmp(&(a.match_kind, a.word_set_rank));
        by_word_set.then(b.score.total_cmp(&a.score))
    });
}

/// Returns an inverted index of the compared hits: for each term number, the hits that contain the term, as pairs of
/// hit index and weight of the term in the hit.
fn hits_and_weights_by_term(vectors: &[TermVector]) -> Vec<Vec<(usize, f64)>> {
    let mut postings: Vec<Vec<(usize, f64)>> = Vec::new();
    for (hit, vector) in vectors.iter().enumerate() {
        for &(term, weight) in vector {
            postings.resize_with(postings.len().max(term + 1), Vec::new);
            if let Some(hits) = postings.get_mut(term) {
                hits.push((hit, weight));
            }
        }
    }
    postings
}

/// Returns the hits that are most similar to the hit at `index`, the most similar first, as pairs of cosine similarity
/// and hit index. Leaves out the hit at `index` itself, and hits that share no term with this hit.
fn most_similar_hits(
    index: usize,
    vector: &TermVector,
    postings: &[Vec<(usize, f64)>],
    hit_count: usize,
) -> Vec<(f64, usize)> {
    let mut cosines = vec![0.0; hit_count];
    for &(term, weight) in vector {
        for &(other, other_weight) in postings.get(term).into_iter().flatten() {
            if let Some(cosine) = cosines.get_mut(other) {
                *cosine += weight * other_weight;
            }
        }
    }
    let mut neighbours: Vec<(f64, usize)> = cosines
        .into_iter()
        .enumerate()
        .filter(|&(other, cosine)| other != index && cosine > 0.0)
        .map(|(other, cosine)| (cosine, other))
        .collect();
    neighbours.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    neighbours.truncate(MAX_NEIGHBOURS);
    neighbours
}

/// Returns the term vectors of the compared hits, with the weight (1 + ln tf) · ln(1 + N / df) for each term, scaled to
/// length 1.
///
/// Document frequencies are counted in the compared hits only. So a term that occurs in all these hits, such as a query
/// word, has a low weight.
fn term_vectors(counts: Vec<Vec<(u16, u32)>>) -> Vec<TermVector> {
    let hit_count = counts.len() as f64;
    let mut numbers: BTreeMap<u16, usize> = BTreeMap::new();
    let mut doc_freqs: Vec<f64> = Vec::new();
    let mut vectors: Vec<TermVector> = Vec::with_capacity(counts.len());
    for terms in counts {
        let mut vector = TermVector::with_capacity(terms.len());
        for (term, count) in terms {
            let next_number = numbers.len();
            let number = *numbers.entry(term).or_insert(next_number);
            if number == next_number {
                doc_freqs.push(0.0);
            }
            if let Some(doc_freq) = doc_freqs.get_mut(number) {
                *doc_freq += 1.0;
            }
            vector.push((number, 1.0 + f64::from(count).ln()));
        }
        vectors.push(vector);
    }
    for vector in &mut vectors {
        for (number, weight) in vector.iter_mut() {
            *weight *= (1.0 + hit_count / doc_freqs.get(*number).copied().unwrap_or(1.0)).ln();
        }
        let vector_length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        for (_, weight) in vector.iter_mut() {
            *weight /= vector_length.max(f64::MIN_POSITIVE);
        }
    }
    vectors
}

#[cfg(test)]
mod tests {
    use tantivy::DocAddress;

    use super::*;
    use crate::search::results::MatchKind;

    fn hit(document: &str, score: f64, coverage: f32) -> RankedDoc {
        RankedDoc {
            match_kind: MatchKind::All,
            word_set_rank: 0,
            release_score: 0.0,
            sort_key: score,
            sort_keyword: None,
            score,
            raw_score: score,
            coverage,
            address: DocAddress::new(0, 0),
            document: document.to_owned(),
            ordinal: 0,
            collapsed_count: 0,
            next_best: Vec::new(),
            missing_words: Vec::new(),
        }
    }

    fn scores(hits: &[RankedDoc]) -> Vec<(&str, f64)> {
        let round_score = |score: f64| (score * 1e6).round() / 1e6;
        hits.iter().map(|hit| (hit.document.as_str(), round_score(hit.score))).collect()
    }

    #[test]
    fn scores_move_towards_those_of_similar_passages() {
        let mut hits = [hit("a", 10.0, 0.5), hit("b", 5.0, 0.5), hit("c", 1.0, 0.5)];
        // Cosines: a and b 0.6, a and c 0.8, b and c 0.
        let vectors = [vec![(0, 0.6), (1, 0.8)], vec![(0, 1.0)], vec![(1, 1.0)]];
        regularize(&mut hits, &vectors, 0.5);
        // a: 0.5 * 10 + 0.5 * (0.6 * 5 + 0.8 * 1) / (0.6 + 0.8) = 5 + 0.5 * 3.8 / 1.4
        // b: 0.5 * 5 + 0.5 * (0.6 * 10) / 0.6 = 7.5
        // c: 0.5 * 1 + 0.5 * (0.8 * 10) / 0.8 = 5.5
        assert_eq!(scores(&hits), [("b", 7.5), ("a", 6.357_143), ("c", 5.5)]);
        let raw_scores_are_unchanged =
            hits.iter().all(|hit| hit.raw_score.to_bits() == hit.sort_key.to_bits());
        assert!(raw_scores_are_unchanged);
    }

    #[test]
    fn a_passage_without_neighbours_keeps_its_score() {
        let mut hits = [hit("a", 10.0, 0.5), hit("b", 5.0, 0.5), hit("c", 1.0, 0.5)];
        let vectors = [vec![(0, 1.0)], vec![(1, 1.0)], vec![]];
        regularize(&mut hits, &vectors, 0.5);
        assert_eq!(scores(&hits), [("a", 10.0), ("b", 5.0), ("c", 1.0)]);
    }

    #[test]
    fn equal_scores_keep_their_order() {
        let mut hits = [hit("b", 2.0, 0.5), hit("a", 2.0, 0.5), hit("c", 2.0, 0.5)];
        regularize(&mut hits, &[vec![(0, 1.0)], vec![(0, 1.0)], vec![(0, 1.0)]], 0.5);
        assert_eq!(scores(&hits), [("b", 2.0), ("a", 2.0), ("c", 2.0)]);
    }

    #[test]
    fn only_the_most_similar_hits_influence_a_score() {
        // Hit 0 and 11 other hits: one more than the maximum number of neighbours. Hit 11 is least similar to hit 0.
        let postings = [(0..12).map(|hit| (hit, 1.0 - 0.01 * hit as f64)).collect()];
        let neighbours = most_similar_hits(0, &vec![(0, 1.0)], &postings, 12);
        let indexes: Vec<usize> = neighbours.iter().map(|&(_, index)| index).collect();
        assert_eq!(indexes, (1..=MAX_NEIGHBOURS).collect::<Vec<_>>());
    }

    #[test]
    fn term_vectors_are_weighted_by_tf_and_idf() {
        // Two passages: one has the terms 7 (three times) and 9, the other has only term 7.
        let vectors = term_vectors(vec![vec![(7, 3), (9, 1)], vec![(7, 1)]]);
        // Term 7: (1 + ln 3) * ln(1 + 2 / 2) = 2.0986122887 * 0.6931471806 = 1.4546471909
        // Term 9: (1 + ln 1) * ln(1 + 2 / 1) = ln 3 = 1.0986122887
        // Length: sqrt(1.4546471909^2 + 1.0986122887^2) = 1.8228953374
        let [first, second] = &vectors[..] else { panic!("{vectors:?}") };
        let expected = [(0, 0.797_987_224_6), (1, 0.602_674_364_3)];
        for (&(term, weight), (expected_term, expected_weight)) in first.iter().zip(expected) {
            assert_eq!(term, expected_term);
            assert!((weight - expected_weight).abs() < 1e-9, "{weight} {expected_weight}");
        }
        assert_eq!(second, &[(0, 1.0)]);
    }

    #[test]
    fn the_lack_of_coverage_sets_the_weight_of_regularization() {
        // (0.8 - coverage) / 0.125, from 0 to 1
        for (coverage, expected) in
            [(1.0, 0.0), (0.8, 0.0), (0.7375, 0.5), (0.675, 1.0), (0.0, 1.0)]
        {
            let lack = lack_of_coverage(&hit("a", 1.0, coverage));
            assert!((lack - expected).abs() < 1e-6, "{coverage}: {lack}");
        }
    }
}
