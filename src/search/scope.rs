//! What is decided outside the body of a passage: titles, filters, and what stands near what.

use tantivy::{DocId, TERMINATED, postings::Postings};

use super::{
    bits::Bits,
    engine,
    postings::{Alignment, Posting, Segment, reached},
};
use crate::{
    document::Date,
    error::{Error, Result},
    index::{DOCUMENT, LANG, SENTENCE_END, SOURCE},
    query::{
        Field, Filter, Lowered, Period, Place, Scope, Variant, matches_glob, near_count,
        same_sentence,
    },
};

/// Postings of the variants of a leaf, as passages.
pub(super) fn leaf_postings(
    segment: Segment<'_>,
    scope: Scope,
    variants: &[Variant],
) -> Result<Vec<Posting>> {
    let found = segment.variants(scope, variants)?;
    Ok(if scope == Scope::Title { spread(segment, &found) } else { found })
}

/// Titles stand on the records of documents: what is found there is so of all their passages.
fn spread(segment: Segment<'_>, records: &[Posting]) -> Vec<Posting> {
    let passages = |record: &Posting| {
        let record = *record;
        segment.columns.passages_of(record.doc).map(move |doc| Posting { doc, ..record })
    };
    records.iter().flat_map(passages).collect()
}

/// Every live passage.
pub(super) fn everything(segment: Segment<'_>) -> &Bits {
    segment.columns.passages(segment.reader)
}

/// The live passages that a filter lets through.
pub(super) fn filtered(segment: Segment<'_>, filter: &Filter) -> Result<Bits> {
    match filter {
        Filter::Dates(period) => Ok(dated(segment, *period)),
        Filter::Value { field: Field::Lang, glob } => valued(segment, LANG, glob),
        Filter::Value { field: Field::Source, glob } => valued(segment, SOURCE, glob),
        Filter::Value { glob, .. } => {
            let mut found = valued(segment, DOCUMENT, glob)?;
            // The id of a passage ends with its ordinal.
            if let Some((document, ordinal)) = glob.rsplit_once('#')
                && let Ok(ordinal) = ordinal.parse::<u64>()
            {
                let ordinals = &segment.columns.ordinals;
                let passages = valued(segment, DOCUMENT, document)?;
                passages
                    .iter()
                    .filter(|&doc| ordinals.first(doc) == Some(ordinal))
                    .for_each(|doc| found.insert(doc));
            }
            Ok(found)
        }
    }
}

fn dated(segment: Segment<'_>, period: Period) -> Bits {
    let first = period.first.map_or(0, Date::number);
    let last = period.last.map_or(u64::MAX, Date::number);
    let mut bits = Bits::new(segment.reader.max_doc());
    if let Some(dates) = &segment.columns.dates {
        let within = |doc: &DocId| dates.first(*doc).is_some_and(|day| first <= day && day <= last);
        everything(segment).iter().filter(within).for_each(|doc| bits.insert(doc));
    }
    bits
}

/// The live passages of which a column holds a value that `glob` describes.
fn valued(segment: Segment<'_>, column: &str, glob: &str) -> Result<Bits> {
    let mut bits = Bits::new(segment.reader.max_doc());
    let Some(values) = segment.reader.fast_fields().str(column).map_err(engine)? else {
        return Ok(bits);
    };
    let mut wanted = Bits::new(values.num_terms() as u32);
    let read = |error: std::io::Error| Error::Engine(Box::new(error));
    let mut stream = values.dictionary().stream().map_err(read)?;
    while stream.advance() {
        if matches_glob(glob, std::str::from_utf8(stream.key()).unwrap_or_default()) {
            wanted.insert(stream.term_ord() as u32);
        }
    }
    let has =
        |doc: &DocId| values.ords().first(*doc).is_some_and(|ord| wanted.contains(ord as u32));
    everything(segment).iter().filter(has).for_each(|doc| bits.insert(doc));
    Ok(bits)
}

/// The live passages in which a leaf of every operand stands near the others, or, without a distance,
/// in one sentence with them.
pub(super) fn together(
    segment: Segment<'_>,
    query: &Lowered,
    operands: &[Vec<usize>],
    distance: Option<u32>,
) -> Result<Bits> {
    let leaves = operands.iter().flatten().filter_map(|&leaf| query.leaves.get(leaf));
    let scope = leaves.map(|leaf| leaf.scope).next().unwrap_or(Scope::Body);
    let mut searched: Vec<Vec<Alignment>> = Vec::with_capacity(operands.len());
    for operand in operands {
        let mut alignments = Vec::new();
        for leaf in operand.iter().filter_map(|&leaf| query.leaves.get(leaf)) {
            for variant in &leaf.variants {
                alignments.extend(segment.alignment(scope, variant)?);
            }
        }
        searched.push(alignments);
    }
    let found = standing_together(segment, scope, searched, distance)?;
    let found = if scope == Scope::Title { spread(segment, &found) } else { found };
    let mut bits = Bits::new(segment.reader.max_doc());
    for posting in &found {
        bits.insert(posting.doc);
    }
    Ok(bits)
}

fn standing_together(
    segment: Segment<'_>,
    scope: Scope,
    mut operands: Vec<Vec<Alignment>>,
    distance: Option<u32>,
) -> Result<Vec<Posting>> {
    let mut ends = segment.positions(segment.field(scope), SENTENCE_END)?;
    let mut found = Vec::new();
    let mut doc = 0;
    'docs: loop {
        for alignments in &mut operands {
            let next = alignments.iter_mut().map(|alignment| alignment.seek(doc)).min();
            let next = next.unwrap_or(TERMINATED);
            if next == TERMINATED {
                return Ok(found);
            }
            if next > doc {
                doc = next;
                continue 'docs;
            }
        }
        if !segment.reader.is_deleted(doc) {
            let here = |alignments: &mut Vec<Alignment>| -> Vec<Place> {
                let found = alignments.iter_mut().filter_map(|alignment| {
                    (alignment.seek(doc) == doc).then(|| alignment.places(doc))
                });
                found.flatten().collect()
            };
            let places: Vec<_> = operands.iter_mut().map(here).collect();
            let holds = match (distance, &mut ends) {
                (Some(distance), _) => near_count(&places, distance) > 0,
                (None, Some(cursor)) => {
                    let mut positions = Vec::new();
                    if reached(cursor, doc) == doc {
                        cursor.append_positions_with_offset(0, &mut positions);
                    }
                    !same_sentence(&places, &positions).is_empty()
                }
                (None, None) => false,
            };
            if holds {
                found.push(Posting { doc, freq: 1, near: 0.0 });
            }
        }
        doc += 1;
    }
}
