//! A ranked list → the best of each group of passages that say nearly the same, and where else it is said.
//!
//! The list is walked from its start: a passage is shown unless it is near one that is shown already. So
//! every passage left out is near one before it, the groups of a page are those of the whole ranking, and
//! pages fit together however they are asked for.

use std::collections::{BTreeMap, HashMap};

use tantivy::{DocSet, TERMINATED, Term, columnar::Column, schema::IndexRecordOption};

use super::{PageRequest, RankedDoc, TopHits, regularization::page};
use crate::{
    document::Date,
    error::Result,
    index::{DATE, DOCUMENT, MinHash, SIGNATURE},
    search::{
        context::SearchContext,
        deadline::Deadline,
        reader::{SegmentView, engine_error, read_error},
        results::NearDuplicates,
        retrieval::Matches,
    },
};

/// So many places are walked first: more than one page seldom needs.
const FIRST_WALK: usize = 200;
/// Where groups have swallowed too many of them, so many times as many.
const WIDENING: usize = 4;
/// More documents are counted, not named.
const MOST_NAMED: usize = 100;

/// One page of groups, each shown by its best passage, and whether there are more after it.
pub(in crate::search) fn page_of_groups(
    context: &SearchContext,
    matches: &Matches,
    wanted: PageRequest<'_>,
    smoothing: f64,
    deadline: Deadline,
) -> Result<(TopHits, bool)> {
    context.statistics.require_all_terms();
    let PageRequest { offset, limit, after, .. } = wanted;
    let ranked = |after, limit| {
        page(context, matches, PageRequest { offset: 0, limit, after, ..wanted }, smoothing)
    };
    if limit == 0 {
        return Ok((ranked(None, 0)?, false));
    }
    // Where the cursor stands in the list of all places.
    let start = after.map(|_| ranked(after, 1)).transpose()?.map_or(0, |page| page.skipped);
    let start = start as usize;
    let last = offset.saturating_add(limit);
    let mut groups = Groups::new(context)?;
    let mut length = start.saturating_add(last).max(FIRST_WALK);
    let (mut walked, mut before, mut shown) = (0, 0, Vec::new());
    loop {
        deadline.check()?;
        let mut page = ranked(None, length)?;
        for (index, place) in page.places.iter().enumerate().skip(walked) {
            walked = index + 1;
            if !groups.is_new(place) {
                continue;
            }
            if index < start {
                before += 1;
            } else if shown.len() < last {
                shown.push(index);
            } else {
                page.keep(&shown, offset, before);
                return Ok((page, true));
            }
        }
        if page.places.len() < length {
            page.keep(&shown, offset, before);
            return Ok((page, false));
        }
        length = length.saturating_mul(WIDENING);
    }
}

/// The other documents with a passage that is near the one at `place`.
pub(in crate::search) fn also(
    context: &SearchContext,
    place: &RankedDoc,
) -> Result<NearDuplicates> {
    let signatures = Signatures::new(context)?;
    let mut days: BTreeMap<String, Option<u64>> = BTreeMap::new();
    if let Some(signature) = signatures.of(place) {
        for (segment, signatures) in context.reader.segments().zip(&signatures.columns) {
            near(segment, signatures.as_ref(), signature, &mut days)?;
        }
    }
    days.remove(&place.document);
    let mut dated: Vec<(Option<u64>, String)> =
        days.into_iter().map(|(document, day)| (day, document)).collect();
    dated.sort_by_key(|(day, _)| day.unwrap_or(u64::MAX));
    let count = dated.len() as u64;
    let first = dated.first().and_then(|(day, _)| Date::from_number((*day)?));
    let documents = dated.into_iter().take(MOST_NAMED).map(|(_, document)| document);
    Ok(NearDuplicates { count, first, documents: documents.collect() })
}

impl TopHits {
    /// Keeps the places at `shown`, in their order, without the first `offset` of them; `before` more
    /// are shown on pages before.
    fn keep(&mut self, shown: &[usize], offset: usize, before: u64) {
        let kept = shown.get(offset..).unwrap_or_default();
        let mut index = 0;
        self.places.retain(|_| {
            index += 1;
            kept.binary_search(&(index - 1)).is_ok()
        });
        self.skipped = before + offset.min(shown.len()) as u64;
    }
}

/// The documents of a segment with a passage that is near a signature, each with its day.
fn near(
    segment: SegmentView<'_>,
    signatures: Option<&Column<u64>>,
    signature: MinHash,
    days: &mut BTreeMap<String, Option<u64>>,
) -> Result<()> {
    let columns = segment.reader.fast_fields();
    let documents = columns.str(DOCUMENT).map_err(engine_error)?;
    let (Some(signatures), Some(documents)) = (signatures, documents) else { return Ok(()) };
    let dates = columns.u64_lenient(DATE).map_err(engine_error)?;
    let inverted = segment.reader.inverted_index(segment.fields.near).map_err(engine_error)?;
    for key in signature.keys() {
        let term = Term::from_field_u64(segment.fields.near, key);
        let postings =
            inverted.read_postings(&term, IndexRecordOption::Basic).map_err(read_error)?;
        let Some(mut postings) = postings else { continue };
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            let other = MinHash::from_values(signatures.values_for_doc(doc));
            if !segment.reader.is_deleted(doc)
                && other.is_some_and(|other| other.is_near(signature))
            {
                let mut id = String::new();
                let ord = documents.ords().first(doc).unwrap_or_default();
                documents.ord_to_str(ord, &mut id).map_err(read_error)?;
                days.insert(id, dates.as_ref().and_then(|(dates, _)| dates.first(doc)));
            }
            postings.advance();
        }
    }
    Ok(())
}

/// The signatures of all segments.
struct Signatures {
    columns: Vec<Option<Column<u64>>>,
}

impl Signatures {
    fn new(context: &SearchContext) -> Result<Self> {
        let readers = context.reader.searcher.segment_readers().iter();
        // A segment without any word has no such column.
        let column = |found: Option<(Column<u64>, _)>| found.map(|(column, _)| column);
        let columns = readers.map(|reader| reader.fast_fields().u64_lenient(SIGNATURE).map(column));
        Ok(Self { columns: columns.collect::<tantivy::Result<_>>().map_err(engine_error)? })
    }

    fn of(&self, place: &RankedDoc) -> Option<MinHash> {
        let column = self.columns.get(place.address.segment_ord as usize)?.as_ref()?;
        MinHash::from_values(column.values_for_doc(place.address.doc_id))
    }
}

/// The groups found so far.
struct Groups {
    signatures: Signatures,
    firsts: Vec<MinHash>,
    /// Which of them have a key.
    with_key: HashMap<u64, Vec<usize>>,
}

impl Groups {
    fn new(context: &SearchContext) -> Result<Self> {
        let signatures = Signatures::new(context)?;
        Ok(Self { signatures, firsts: Vec::new(), with_key: HashMap::new() })
    }

    /// Whether a place is in no group yet; then it is the first of one. What has no words is like
    /// nothing else.
    fn is_new(&mut self, place: &RankedDoc) -> bool {
        let Some(signature) = self.signatures.of(place) else { return true };
        let candidates = signature.keys().filter_map(|key| self.with_key.get(&key)).flatten();
        let mut firsts = candidates.filter_map(|&first| self.firsts.get(first));
        if firsts.any(|first| first.is_near(signature)) {
            return false;
        }
        for key in signature.keys() {
            self.with_key.entry(key).or_default().push(self.firsts.len());
        }
        self.firsts.push(signature);
        true
    }
}
