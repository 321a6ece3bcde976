//! What is decided outside the body of a passage: titles, filters, and what stands near what.

use tantivy::{
    TERMINATED,
    postings::Postings as _,
    schema::{Field, IndexRecordOption},
};

use crate::{
    document::Date,
    error::{Error, Result},
    index::SENTENCE_END,
    query::{
        self, Alternative, Filter, Period, PositionRange, QueryPlan, TextField, matches_glob,
        matches_path, near_count, same_sentence,
    },
    search::{
        engine,
        reader::{Alignment, BitSet, Posting, PostingList, SegmentView, reached},
    },
};

/// Postings of the variants of a leaf, as passages.
pub(in crate::search) fn leaf_postings(
    segment: SegmentView<'_>,
    scope: TextField,
    variants: &[Alternative],
) -> Result<PostingList> {
    let found = segment.variants(scope, variants)?;
    Ok(if scope == TextField::Title { spread(segment, &found) } else { found })
}

/// Titles stand on the records of documents: what is found there is so of all their passages.
fn spread(segment: SegmentView<'_>, records: &PostingList) -> PostingList {
    let passages = |record: Posting| {
        segment.columns.passages_of(record.doc).map(move |doc| Posting { doc, ..record })
    };
    records.iter().flat_map(passages).collect()
}

/// Every live passage.
pub(in crate::search) fn everything(segment: SegmentView<'_>) -> &BitSet {
    segment.columns.passages(segment.reader)
}

/// The live passages that a filter lets through.
pub(in crate::search) fn filtered(segment: SegmentView<'_>, filter: &Filter) -> Result<BitSet> {
    match filter {
        Filter::Dates(period) => Ok(dated(segment, *period)),
        Filter::Value { field: query::Field::Lang, glob } => {
            valued(segment, segment.fields.lang, |lang| matches_glob(glob, lang))
        }
        Filter::Path { glob, root } => {
            valued(segment, segment.fields.source, |path| matches_path(glob, root, path))
        }
        Filter::Value { glob, .. } => {
            let mut found = valued(segment, segment.fields.document, |id| matches_glob(glob, id))?;
            // The id of a passage ends with its ordinal.
            if let Some((document, ordinal)) = glob.rsplit_once('#')
                && let Ok(ordinal) = ordinal.parse::<u64>()
            {
                let ordinals = &segment.columns.ordinals;
                let passages =
                    valued(segment, segment.fields.document, |id| matches_glob(document, id))?;
                passages
                    .iter()
                    .filter(|&doc| ordinals.first(doc) == Some(ordinal))
                    .for_each(|doc| found.insert(doc));
            }
            Ok(found)
        }
    }
}

fn dated(segment: SegmentView<'_>, period: Period) -> BitSet {
    let first = period.first.map_or(0, Date::number);
    let last = period.last.map_or(u64::MAX, Date::number);
    let mut bits = BitSet::new(segment.reader.max_doc());
    // tantivy takes a range that ends before the least value for one that ends with it.
    let dates = segment.columns.dates.as_ref().filter(|dates| dates.min_value() <= last);
    if let Some(dates) = dates {
        let mut docs = Vec::new();
        dates.get_docids_for_value_range(first..=last, 0..segment.reader.max_doc(), &mut docs);
        bits.extend(docs);
    }
    bits.intersect(everything(segment));
    bits
}

/// The live passages with a term in `field` that is right.
fn valued(segment: SegmentView<'_>, field: Field, right: impl Fn(&str) -> bool) -> Result<BitSet> {
    let mut bits = BitSet::new(segment.reader.max_doc());
    let inverted = segment.reader.inverted_index(field).map_err(engine)?;
    let read = |error: std::io::Error| Error::Engine(Box::new(error));
    let mut terms = inverted.terms().stream().map_err(read)?;
    while terms.advance() {
        if !right(std::str::from_utf8(terms.key()).unwrap_or_default()) {
            continue;
        }
        let postings =
            inverted.read_block_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
        let mut postings = postings.map_err(read)?;
        while !postings.docs().is_empty() {
            bits.extend(postings.docs().iter().copied());
            postings.advance();
        }
    }
    bits.intersect(everything(segment));
    Ok(bits)
}

/// The live passages in which a leaf of every operand stands near the others, or, without a distance,
/// in one sentence with them.
pub(in crate::search) fn together(
    segment: SegmentView<'_>,
    query: &QueryPlan,
    operands: &[Vec<usize>],
    distance: Option<u32>,
) -> Result<BitSet> {
    let leaves = operands.iter().flatten().filter_map(|&leaf| query.leaves.get(leaf));
    let scope = leaves.map(|leaf| leaf.field).next().unwrap_or(TextField::Body);
    let mut searched: Vec<Vec<Alignment>> = Vec::with_capacity(operands.len());
    for operand in operands {
        let mut alignments = Vec::new();
        for leaf in operand.iter().filter_map(|&leaf| query.leaves.get(leaf)) {
            for variant in &leaf.alternatives {
                alignments.extend(segment.alignment(scope, variant)?);
            }
        }
        searched.push(alignments);
    }
    let found = standing_together(segment, scope, searched, distance)?;
    let found = if scope == TextField::Title { spread(segment, &found) } else { found };
    let mut bits = BitSet::new(segment.reader.max_doc());
    bits.extend(found.docs().iter().copied());
    Ok(bits)
}

fn standing_together(
    segment: SegmentView<'_>,
    scope: TextField,
    mut operands: Vec<Vec<Alignment>>,
    distance: Option<u32>,
) -> Result<PostingList> {
    let mut ends = segment.positions(segment.field(scope), SENTENCE_END)?;
    let mut found = PostingList::default();
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
            let here = |alignments: &mut Vec<Alignment>| -> Vec<PositionRange> {
                let found = alignments.iter_mut().filter_map(|alignment| {
                    (alignment.seek(doc) == doc).then(|| alignment.places(doc).collect::<Vec<_>>())
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
