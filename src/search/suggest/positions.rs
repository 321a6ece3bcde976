//! Words in a row → the passages and positions where they stand so, and what may be put after them.

use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use super::{input::Part, terms::cursor};
use crate::{
    error::Result,
    index::ORDINAL,
    search::{
        context::SearchContext,
        reader::{BitSet, engine_error},
    },
};

/// The live passages of each segment that hold some words.
#[derive(Debug)]
pub(super) struct Holders(Vec<BitSet>);

/// Where a row of words ends: in each segment the passage and the position of its last word,
/// ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places(Vec<Vec<(DocId, u32)>>);

impl Holders {
    /// The passages that hold all `parts`, and joined characters next to each other.
    pub(super) fn of(context: &SearchContext, parts: &[Part]) -> Result<Self> {
        let segments = 0..context.reader.searcher.segment_readers().len();
        segments.map(|ord| holders(context, ord, parts)).collect::<Result<_>>().map(Self)
    }

    /// Those of them that are the first of their document.
    pub(super) fn in_first_passages(context: &SearchContext, parts: &[Part]) -> Result<Self> {
        let mut found = Vec::new();
        for (ord, reader) in context.reader.searcher.segment_readers().iter().enumerate() {
            let ordinals = reader.fast_fields().u64(ORDINAL).map_err(engine_error)?;
            let mut first = BitSet::new(reader.max_doc());
            let mut keep = |doc| {
                if ordinals.first(doc) == Some(0) {
                    first.insert(doc);
                }
            };
            if parts.is_empty() {
                reader.doc_ids_alive().for_each(&mut keep);
            } else {
                holders(context, ord, parts)?.iter().for_each(&mut keep);
            }
            found.push(first);
        }
        Ok(Self(found))
    }

    /// Where `term` stands in them.
    pub(super) fn places(&self, context: &SearchContext, term: &str) -> Result<Places> {
        let mut segments = Vec::with_capacity(self.0.len());
        for (ord, held) in self.0.iter().enumerate() {
            let cursor = positions(context, ord, term)?;
            segments.push(cursor.map_or_else(Vec::new, |mut cursor| starts(held, &mut cursor)));
        }
        Ok(Places(segments))
    }

    /// How many of the passages hold `term` too.
    pub(super) fn with(&self, context: &SearchContext, term: &str) -> Result<u64> {
        let mut count = 0;
        for (ord, held) in self.0.iter().enumerate() {
            let field = context.reader.fields.exact;
            let cursor = cursor(context, ord, field, term, IndexRecordOption::Basic)?;
            let Some(mut cursor) = cursor else { continue };
            while cursor.doc() != TERMINATED {
                count += u64::from(held.contains(cursor.doc()));
                cursor.advance();
            }
        }
        Ok(count)
    }
}

impl Places {
    /// Where `parts`, of which there is one at least, stand in a row.
    pub(super) fn of(context: &SearchContext, parts: &[Part]) -> Result<Self> {
        Self::within(context, &Holders::of(context, parts)?, parts)
    }

    /// The same, where it is known which passages hold them.
    pub(super) fn within(
        context: &SearchContext,
        holders: &Holders,
        parts: &[Part],
    ) -> Result<Self> {
        let Some((first, rest)) = parts.split_first() else {
            return Ok(Self(Vec::new()));
        };
        let mut places = holders.places(context, &first.term)?;
        for part in rest {
            // Which characters are joined was seen to by the choice of passages.
            places = places.followed(context, &part.term)?;
        }
        Ok(places)
    }

    /// Those places after which `term` stands, moved to that.
    pub(super) fn followed(&self, context: &SearchContext, term: &str) -> Result<Self> {
        let mut segments = Vec::with_capacity(self.0.len());
        for (ord, places) in self.0.iter().enumerate() {
            let cursor = if places.is_empty() { None } else { positions(context, ord, term)? };
            segments.push(
                cursor.map_or_else(Vec::new, |mut cursor| following(places, None, &mut cursor)),
            );
        }
        Ok(Self(segments))
    }

    /// The same for Han characters, where `before` is the last one of the row: only in passages in
    /// which the two are neighbours with nothing between.
    pub(super) fn joined(&self, context: &SearchContext, before: &str, next: &str) -> Result<Self> {
        let pair = format!("{before}{next}");
        let field = context.reader.fields.ranking_terms;
        let mut segments = Vec::with_capacity(self.0.len());
        for (ord, places) in self.0.iter().enumerate() {
            let mut found = Vec::new();
            if !places.is_empty()
                && let Some(mut pair) =
                    cursor(context, ord, field, &pair, IndexRecordOption::Basic)?
                && let Some(mut cursor) = positions(context, ord, next)?
            {
                found = following(places, Some(&mut pair), &mut cursor);
            }
            segments.push(found);
        }
        Ok(Self(segments))
    }

    /// Those places after which the characters of `text` stand with nothing between them, moved to
    /// its end; where `before` is given, with nothing between that last character and them either.
    pub(super) fn spelled(
        &self,
        context: &SearchContext,
        before: Option<&str>,
        text: &str,
    ) -> Result<Self> {
        let mut before = before.map(str::to_owned);
        let mut places: Option<Self> = None;
        for next in text.chars().map(String::from) {
            let from = places.as_ref().unwrap_or(self);
            places = Some(match &before {
                Some(before) => from.joined(context, before, &next)?,
                None => from.followed(context, &next)?,
            });
            before = Some(next);
        }
        Ok(places.unwrap_or_else(|| self.clone()))
    }

    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Each place: a segment and its entry, and the position.
    pub(super) fn iter(&self) -> impl Iterator<Item = ((u32, DocId), u32)> {
        self.0.iter().enumerate().flat_map(|(ord, places)| {
            places.iter().map(move |&(doc, position)| ((ord as u32, doc), position))
        })
    }

    /// In how many passages.
    pub(super) fn passages(&self) -> u64 {
        self.docs().count() as u64
    }

    /// Up to `most` of these passages, as far from each other as can be: a segment and its entry.
    pub(super) fn sample(&self, most: usize) -> Vec<(u32, DocId)> {
        let all = self.docs().count();
        let wanted = most.min(all);
        let chosen = (0..wanted).map(|index| index * all / wanted);
        let mut chosen = chosen.peekable();
        let docs = self.docs().enumerate();
        docs.filter(|(index, _)| chosen.next_if_eq(index).is_some()).map(|(_, doc)| doc).collect()
    }

    fn docs(&self) -> impl Iterator<Item = (u32, DocId)> {
        self.0.iter().enumerate().flat_map(|(ord, places)| {
            let chunks = places.chunk_by(|a, b| a.0 == b.0);
            chunks.filter_map(move |chunk| Some((ord as u32, chunk.first()?.0)))
        })
    }
}

/// The passages of one segment that hold all `parts`. Pairs of neighbours are far rarer than their
/// characters, so each character that is in a pair is left to it.
fn holders(context: &SearchContext, ord: usize, parts: &[Part]) -> Result<BitSet> {
    let fields = context.reader.fields;
    let reader = context.reader.searcher.segment_reader(ord as u32);
    let mut held = BitSet::new(reader.max_doc());
    let mut cursors = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let next_joined = parts.get(index + 1).is_some_and(|next| next.joined);
        let before = index.checked_sub(1).and_then(|before| parts.get(before));
        let (field, term) = match before {
            Some(before) if part.joined => {
                (fields.ranking_terms, format!("{}{}", before.term, part.term))
            }
            _ if next_joined => continue,
            _ => (fields.exact, part.term.clone()),
        };
        let cursor = cursor(context, ord, field, &term, IndexRecordOption::Basic)?;
        let Some(cursor) = cursor else { return Ok(held) };
        cursors.push(cursor);
    }
    cursors.sort_by_key(SegmentPostings::doc_freq);
    let mut cursors = cursors.into_iter();
    let Some(mut rarest) = cursors.next() else { return Ok(held) };
    let mut docs = Vec::new();
    while rarest.doc() != TERMINATED {
        if !reader.is_deleted(rarest.doc()) {
            docs.push(rarest.doc());
        }
        rarest.advance();
    }
    for mut cursor in cursors {
        docs.retain(|&doc| reach(&mut cursor, doc) == doc);
    }
    for doc in docs {
        held.insert(doc);
    }
    Ok(held)
}

fn positions(context: &SearchContext, ord: usize, term: &str) -> Result<Option<SegmentPostings>> {
    let field = context.reader.fields.exact;
    cursor(context, ord, field, term, IndexRecordOption::WithFreqsAndPositions)
}

/// Every place of a term in the passages `held`; the shorter list leads.
fn starts(held: &BitSet, cursor: &mut SegmentPostings) -> Vec<(DocId, u32)> {
    let (mut found, mut positions) = (Vec::new(), Vec::new());
    let mut push = |doc, cursor: &mut SegmentPostings| {
        positions.clear();
        cursor.append_positions_with_offset(0, &mut positions);
        positions.dedup();
        found.extend(positions.iter().map(|&position| (doc, position)));
    };
    if u64::from(cursor.doc_freq()) < held.len() {
        while cursor.doc() != TERMINATED {
            if held.contains(cursor.doc()) {
                push(cursor.doc(), cursor);
            }
            cursor.advance();
        }
    } else {
        for doc in held.iter() {
            if reach(cursor, doc) == doc {
                push(doc, cursor);
            }
        }
    }
    found
}

/// The places right after `places` where a term stands; only in passages of `within`, if given.
fn following(
    places: &[(DocId, u32)],
    mut within: Option<&mut SegmentPostings>,
    cursor: &mut SegmentPostings,
) -> Vec<(DocId, u32)> {
    let (mut found, mut positions) = (Vec::new(), Vec::new());
    let mut rest = places;
    while let Some(&(doc, _)) = rest.first() {
        let reached = reach(within.as_deref_mut().unwrap_or(cursor), doc);
        if reached > doc {
            let skipped = rest.partition_point(|&(doc, _)| doc < reached);
            rest = rest.get(skipped..).unwrap_or_default();
            continue;
        }
        let count = rest.iter().take_while(|place| place.0 == doc).count();
        let (here, later) = rest.split_at(count);
        rest = later;
        if reach(cursor, doc) == doc {
            positions.clear();
            cursor.append_positions_with_offset(0, &mut positions);
            let next = here.iter().map(|&(doc, position)| (doc, position + 1));
            found.extend(next.filter(|(_, position)| positions.binary_search(position).is_ok()));
        }
    }
    found
}

/// The first passage at or after `doc` that a cursor has.
fn reach(cursor: &mut SegmentPostings, doc: DocId) -> DocId {
    if cursor.doc() < doc { cursor.seek(doc) } else { cursor.doc() }
}
