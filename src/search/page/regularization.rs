//! The first hits → the same in a better order, where none of them answers the whole query: what resembles
//! good hits is good as well.
//!
//! Score regularization after Diaz, "Regularizing query-based retrieval scores" (2007), over the nearest
//! neighbours of each hit. It orders a first block of fixed size; later pages go on by the plain score.

use std::collections::BTreeMap;

use super::{PageRequest, RankedDoc, TopHits};
use crate::{
    error::Result,
    index::{VECTOR, vector_entry},
    query::Sort,
    search::{context::SearchContext, reader::engine_error, retrieval::Matches},
};

/// So many hits are compared with each other.
pub(in crate::search) const BLOCK: usize = 200;
/// Each with so many that resemble it most.
const NEIGHBOURS: usize = 10;
/// Where the first hit has more than this share of the query, weighed by idf, the plain order is trusted.
const TRUSTED: f64 = 0.8;
/// So much less than that and it is smoothed in full.
const RAMP: f64 = 0.125;

/// Words of a hit by their number in the block, with their weights; of length 1.
type Vector = Vec<(usize, f64)>;

/// One page of the matches, the first block of them smoothed, in full by `smoothing`.
pub(in crate::search) fn page(
    context: &SearchContext,
    matches: &Matches,
    wanted: PageRequest<'_>,
    smoothing: f64,
) -> Result<TopHits> {
    let PageRequest { offset, limit, after, sort, .. } = wanted;
    if sort != Sort::Score || limit == 0 || smoothing == 0.0 {
        return TopHits::new(&context.reader.fast_fields, matches, wanted);
    }
    let whole = |keep: usize| PageRequest { offset: 0, limit: keep, after: None, ..wanted };
    let end = offset.saturating_add(limit);
    let mut page = TopHits::new(&context.reader.fast_fields, matches, whole(end))?;
    let weight = page.places.first().map_or(0.0, |first| smoothing * missing(first));
    if weight > 0.0 && end < BLOCK {
        context.statistics.require_hits(BLOCK);
    }
    if weight == 0.0 && after.is_none() {
        page.skipped = page.places.drain(..offset.min(page.places.len())).len() as u64;
        return Ok(page);
    }
    if end < BLOCK {
        page = TopHits::new(&context.reader.fast_fields, matches, whole(BLOCK))?;
    }
    let block = page.places.len().min(BLOCK);
    if let (true, Some(places)) = (weight > 0.0, page.places.get_mut(..block)) {
        smooth(context, places, weight)?;
    }
    let mut start = offset;
    if let Some(after) = after {
        let is_last = |place: &RankedDoc| {
            (place.document.as_str(), place.ordinal)
                == (after.document.as_str(), u64::from(after.ordinal))
        };
        let Some(last) = page.places.iter().take(BLOCK).position(is_last) else {
            return TopHits::new(&context.reader.fast_fields, matches, wanted);
        };
        start = offset.saturating_add(last + 1);
        let end = start.saturating_add(limit);
        if end > page.places.len() && (page.places.len() as u64) < page.counted(wanted) {
            let more = TopHits::new(&context.reader.fast_fields, matches, whole(end))?;
            page.places.extend(more.places.into_iter().skip(page.places.len()));
        }
    }
    page.places.truncate(start.saturating_add(limit));
    page.skipped = page.places.drain(..start.min(page.places.len())).len() as u64;
    Ok(page)
}

/// Orders places anew: each score is moved by `weight` towards those of its neighbours.
fn smooth(context: &SearchContext, places: &mut [RankedDoc], weight: f64) -> Result<()> {
    let vectors = vectors(context, places)?;
    let mut with_word: Vec<Vec<(usize, f64)>> = Vec::new();
    for (place, vector) in vectors.iter().enumerate() {
        for &(word, value) in vector {
            with_word.resize_with(with_word.len().max(word + 1), Vec::new);
            if let Some(places) = with_word.get_mut(word) {
                places.push((place, value));
            }
        }
    }
    let scores: Vec<f64> = places.iter().map(|place| place.score).collect();
    for (index, (place, vector)) in places.iter_mut().zip(&vectors).enumerate() {
        let mut cosines = vec![0.0; scores.len()];
        for &(word, value) in vector {
            for &(other, of_other) in with_word.get(word).into_iter().flatten() {
                if let Some(cosine) = cosines.get_mut(other) {
                    *cosine += value * of_other;
                }
            }
        }
        let mut near: Vec<(f64, usize)> = cosines
            .into_iter()
            .enumerate()
            .filter(|&(other, cosine)| other != index && cosine > 0.0)
            .map(|(other, cosine)| (cosine, other))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(NEIGHBOURS);
        let total: f64 = near.iter().map(|(cosine, _)| cosine).sum();
        if total > 0.0 {
            let of = |other: usize| scores.get(other).copied().unwrap_or_default();
            let sum: f64 = near.iter().map(|&(cosine, other)| cosine * of(other)).sum();
            place.score = (1.0 - weight) * place.score + weight * sum / total;
        }
    }
    // Those that are equal stay in the plain order.
    places.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(())
}

/// The term vectors of places, weighed by tf and idf within the block: a word that all of them
/// have, as those of the query, tells nothing.
fn vectors(context: &SearchContext, places: &[RankedDoc]) -> Result<Vec<Vector>> {
    let segments = context.reader.searcher.segment_readers().iter();
    let columns = segments.map(|segment| segment.fast_fields().u64_lenient(VECTOR));
    let columns = columns.collect::<tantivy::Result<Vec<_>>>().map_err(engine_error)?;
    let mut numbers: BTreeMap<u16, usize> = BTreeMap::new();
    let mut frequencies: Vec<f64> = Vec::new();
    let mut vectors: Vec<Vector> = Vec::new();
    for place in places {
        // A segment in which nothing has a vector has no such column.
        let column = columns.get(place.address.segment_ord as usize).and_then(Option::as_ref);
        let values = column.into_iter().flat_map(|(c, _)| c.values_for_doc(place.address.doc_id));
        let mut vector = Vector::new();
        for (word, count) in values.map(vector_entry) {
            let next = numbers.len();
            let number = *numbers.entry(word).or_insert(next);
            if number == next {
                frequencies.push(0.0);
            }
            if let Some(frequency) = frequencies.get_mut(number) {
                *frequency += 1.0;
            }
            vector.push((number, 1.0 + f64::from(count).ln()));
        }
        vectors.push(vector);
    }
    let all = places.len() as f64;
    for vector in &mut vectors {
        for (number, value) in vector.iter_mut() {
            *value *= (1.0 + all / frequencies.get(*number).copied().unwrap_or(1.0)).ln();
        }
        let length = vector.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
        for (_, value) in vector.iter_mut() {
            *value /= length.max(f64::MIN_POSITIVE);
        }
    }
    Ok(vectors)
}

/// Whether the first hit has the query, 0, or misses so much of it that others may be better, 1.
fn missing(first: &RankedDoc) -> f64 {
    let missing = TRUSTED - f64::from(first.covered);
    (missing / RAMP).clamp(0.0, 1.0)
}
