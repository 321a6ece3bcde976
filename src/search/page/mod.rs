//! Matches of all segments → one page of them: best first, ties by document id and ordinal.

mod cursor;
mod fetch;
mod near_duplicates;
mod regularization;

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap},
};

use tantivy::{DocAddress, DocId};

pub(super) use self::{
    cursor::Cursor,
    fetch::hits,
    near_duplicates::page_of_groups,
    regularization::{BLOCK as COMPARED_HITS, page},
};
use super::{
    ranking::{CollectionStats, ScoredDoc},
    reader::FastFields,
    results::RankedPassage,
    retrieval::{Matches, SegmentMatches},
};
use crate::{error::Result, query::Sort};

/// One page, and how it sits among all matches.
#[derive(Debug, Default)]
pub(super) struct TopHits {
    pub(super) places: Vec<RankedDoc>,
    /// How many matches come before it; documents where they are collapsed.
    pub(super) skipped: u64,
    pub(super) total: u64,
    pub(super) total_documents: u64,
}

/// A match on a page.
#[derive(Debug)]
pub(super) struct RankedDoc {
    /// What the page is sorted by, before the first hits are smoothed.
    pub(super) key: f64,
    pub(super) score: f64,
    /// The score before that.
    pub(super) plain: f64,
    /// Which share of the query it has.
    pub(super) covered: f32,
    pub(super) address: DocAddress,
    pub(super) document: String,
    pub(super) ordinal: u64,
    /// How many other matches of its document it stands for.
    pub(super) collapsed: u64,
}

impl RankedDoc {
    /// What continues after it.
    pub(super) fn cursor(&self, collection: &CollectionStats) -> Cursor {
        let passage = (self.document.as_str(), self.ordinal as u32);
        Cursor::new((self.key, self.plain), passage, collection)
    }
}

/// Which matches make a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PageRequest<'a> {
    pub(super) offset: usize,
    pub(super) limit: usize,
    pub(super) after: Option<&'a Cursor>,
    pub(super) collapse: bool,
    pub(super) sort: Sort,
    /// Whether documents are counted, which takes a look at every match.
    pub(super) counts: bool,
}

/// A match within its segment, where document ids compare as the numbers they have there.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    key: f64,
    score: f64,
    /// Twice the number of its document and one more: even numbers are places between documents.
    document: u64,
    ordinal: u64,
    doc: u32,
    collapsed: u64,
    covered: f32,
}

impl Candidate {
    /// Less is better.
    fn order(&self, other: &Self) -> Ordering {
        let ties = (self.document, self.ordinal).cmp(&(other.document, other.ordinal));
        self.keys(other).then(ties)
    }

    /// The order before ties, which holds between segments too.
    fn keys(&self, other: &Self) -> Ordering {
        other.key.total_cmp(&self.key).then(other.score.total_cmp(&self.score))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Candidate {}
impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

impl From<RankedDoc> for RankedPassage {
    fn from(place: RankedDoc) -> Self {
        let RankedDoc { score, document, ordinal, .. } = place;
        Self { document, ordinal: ordinal as u32, score }
    }
}

impl TopHits {
    /// How many matches there are of what a page counts.
    pub(super) fn counted(&self, wanted: PageRequest<'_>) -> u64 {
        if wanted.collapse { self.total_documents } else { self.total }
    }

    /// Returns whether there are matches after the page.
    pub(super) fn has_next(&self, wanted: PageRequest<'_>) -> bool {
        self.skipped + (self.places.len() as u64) < self.counted(wanted)
    }

    /// The best matches after a cursor and an offset.
    pub(super) fn new(
        columns: &[FastFields],
        matches: &Matches,
        wanted: PageRequest<'_>,
    ) -> Result<Self> {
        let PageRequest { offset, limit, .. } = wanted;
        let mut page = Self::default();
        page.count(columns, matches, wanted.counts);
        // What is left out at the front must be found too: it decides where the page begins.
        let keep = if limit == 0 { 0 } else { offset.saturating_add(limit) };
        let mut best = Vec::new();
        for (ord, (columns, matches)) in columns.iter().zip(&matches.segments).enumerate() {
            let here = page.add(columns, matches, keep, wanted)?;
            best.extend(here.into_iter().map(|candidate| (ord, candidate)));
        }
        // Ids are looked up only of those that may stand on the page; they break ties.
        best.sort_by(|(_, a), (_, b)| a.keys(b));
        if let Some((_, last)) = keep.checked_sub(1).and_then(|last| best.get(last)).copied() {
            best.truncate(best.partition_point(|(_, other)| other.keys(&last).is_le()));
        }
        for (ord, candidate) in best {
            let document = columns.get(ord).map(|columns| columns.id(candidate.document / 2));
            page.places.push(RankedDoc {
                key: candidate.key,
                score: candidate.score,
                plain: candidate.score,
                covered: candidate.covered,
                address: DocAddress::new(ord as u32, candidate.doc),
                document: document.transpose()?.unwrap_or_default(),
                ordinal: candidate.ordinal,
                collapsed: candidate.collapsed,
            });
        }
        page.places.sort_by(|a, b| {
            let keys = b.key.total_cmp(&a.key).then(b.score.total_cmp(&a.score));
            keys.then_with(|| (&a.document, a.ordinal).cmp(&(&b.document, b.ordinal)))
        });
        page.places.truncate(keep);
        page.skipped += page.places.drain(..offset.min(page.places.len())).len() as u64;
        Ok(page)
    }

    /// Counts the matches, and their documents if `counts_documents`.
    fn count(&mut self, columns: &[FastFields], matches: &Matches, counts_documents: bool) {
        if let Some(totals) = &matches.totals {
            (self.total, self.total_documents) = (totals.chosen, totals.documents);
            return;
        }
        for (columns, segment) in columns.iter().zip(&matches.segments) {
            self.total += segment.matched.len();
            if counts_documents {
                self.total_documents += columns.distinct(&segment.matched);
            }
        }
    }

    /// Returns the `keep` best matches of a segment after the cursor.
    fn add(
        &mut self,
        columns: &FastFields,
        matches: &SegmentMatches,
        keep: usize,
        wanted: PageRequest<'_>,
    ) -> Result<Vec<Candidate>> {
        if keep == 0 {
            return Ok(Vec::new());
        }
        let after = wanted.after.map(|cursor| place_of(columns, cursor)).transpose()?;
        let mut heap: BinaryHeap<Candidate> = BinaryHeap::new();
        let mut keep_best = |candidate: Candidate| {
            if after.is_some_and(|after| candidate.order(&after).is_le()) {
                self.skipped += 1;
            } else if heap.len() < keep {
                heap.push(candidate);
            } else if heap.peek().is_some_and(|worst| candidate.order(worst).is_lt()) {
                heap.pop();
                heap.push(candidate);
            }
            heap.peek().filter(|_| heap.len() == keep).copied()
        };
        if wanted.collapse {
            for candidate in collapsed(columns, matches, wanted.sort).into_values() {
                keep_best(candidate);
            }
            return Ok(heap.into_sorted_vec());
        }
        let mut worst: Option<Candidate> = None;
        for scored in &matches.scored {
            let mut candidate = candidate(columns, scored, wanted.sort);
            // Most are no better than those that are kept, whatever breaks the tie.
            if after.is_none() && worst.is_some_and(|worst| candidate.keys(&worst).is_gt()) {
                continue;
            }
            candidate.document = number(columns, scored.doc);
            worst = keep_best(candidate);
        }
        Ok(heap.into_sorted_vec())
    }
}

/// The best match of each document, with how many others there are. A document stands in one segment as a
/// whole.
fn collapsed(
    columns: &FastFields,
    matches: &SegmentMatches,
    sort: Sort,
) -> BTreeMap<u64, Candidate> {
    let mut groups: BTreeMap<u64, Candidate> = BTreeMap::new();
    for scored in &matches.scored {
        let mut candidate = candidate(columns, scored, sort);
        candidate.document = number(columns, scored.doc);
        let best = groups.entry(candidate.document).or_insert(candidate);
        if best.doc != scored.doc {
            let collapsed = best.collapsed + 1;
            if candidate.order(best).is_lt() {
                *best = candidate;
            }
            best.collapsed = collapsed;
        }
    }
    groups
}

/// A match, before it is known which document it is of.
fn candidate(columns: &FastFields, scored: &ScoredDoc, sort: Sort) -> Candidate {
    let &ScoredDoc { doc, score, ordinal, covered } = scored;
    let date = || columns.dates.as_ref().and_then(|dates| dates.first(doc));
    let key = match sort {
        Sort::Score => score,
        Sort::Date => date().map_or(-1.0, |day| day as f64),
    };
    let ordinal = u64::from(ordinal);
    Candidate { key, score, document: 0, ordinal, doc, collapsed: 0, covered }
}

/// The number of the document of a passage, as [`Candidate`] has it.
fn number(columns: &FastFields, doc: DocId) -> u64 {
    2 * columns.documents.first(doc).unwrap_or_default() + 1
}

/// The cursor in the numbers of one segment. Where its document is not in it, it stands directly before
/// the next document that is.
fn place_of(columns: &FastFields, cursor: &Cursor) -> Result<Candidate> {
    let next = columns.number(&cursor.document)?;
    Ok(Candidate {
        key: cursor.key,
        score: cursor.score,
        document: next.map_or(u64::MAX, |(number, same)| 2 * number + u64::from(same)),
        ordinal: if next.is_some() { u64::from(cursor.ordinal) } else { 0 },
        doc: 0,
        collapsed: 0,
        covered: 0.0,
    })
}
