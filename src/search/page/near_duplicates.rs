//! Groups near-duplicates: the page shows the best passage of each group, and lists the other documents that contain a
//! near-duplicate of that passage.
//!
//! Near-duplicates are found by `MinHash` (Broder, 1997; Li and König, 2010): passages that share a band of
//! locality-sensitive hashing (LSH) are candidates, and their signatures are compared. The hits are examined in rank
//! order, and a passage is omitted if it is a near-duplicate of a passage that is already on the page. So every omitted
//! passage is a near-duplicate of a better passage, and the groups do not depend on the size of the pages.

use std::collections::{BTreeMap, HashMap};

use tantivy::{DocSet, TERMINATED, Term, columnar::Column, schema::IndexRecordOption};

use super::{
    ranked_doc::RankedDoc,
    regularization::ranked_page,
    top_hits::{PageRequest, TopHits},
};
use crate::{
    document::Date,
    error::Result,
    index::{DATE_FIELD, DOCUMENT_FIELD, MINHASH_FIELD, MinHash},
    query::Deadline,
    search::{
        context::SearchContext,
        reader::{SegmentView, engine_error, read_error},
        results::NearDuplicates,
        retrieval::Matches,
    },
};

/// Minimum number of ranked hits that are examined to fill a page. With this number, few pages need a second attempt
/// with more hits.
const MIN_EXAMINED_HITS: usize = 200;
/// Factor by which the number of examined hits grows with each attempt to fill a page.
const EXAMINED_HITS_GROWTH_FACTOR: usize = 4;
/// Maximum number of documents with a near-duplicate that are listed by id. Further documents are only counted.
const MAX_LISTED_NEAR_DUPLICATES: usize = 100;

/// Returns one page of hits, each the best passage of a group of near-duplicates, and whether more groups follow.
pub(in crate::search) fn page_grouped_by_near_duplicates(
    context: &SearchContext,
    matches: &Matches,
    request: PageRequest<'_>,
    regularization: f64,
    deadline: Deadline,
) -> Result<(TopHits, bool)> {
    context.statistics.require_all_terms();
    let PageRequest { offset, limit, cursor, .. } = request;
    let rank_from_first = |cursor, limit| {
        let request = PageRequest { offset: 0, limit, cursor, ..request };
        ranked_page(context, matches, request, regularization)
    };
    if limit == 0 {
        return Ok((rank_from_first(None, 0)?, false));
    }
    let hit_count_before_cursor = match cursor {
        Some(_) => rank_from_first(cursor, 1)?.skipped_count as usize,
        None => 0,
    };
    let wanted_group_count = offset.saturating_add(limit);
    let mut groups = NearDuplicateGroups::new(context)?;
    let mut wanted_hit_count =
        hit_count_before_cursor.saturating_add(wanted_group_count).max(MIN_EXAMINED_HITS);
    let mut examined_hit_count = 0;
    // Number of groups before the cursor, and the indexes of the hits that begin the groups after the cursor.
    let (mut group_count_before_cursor, mut group_starts) = (0, Vec::new());
    loop {
        deadline.check()?;
        let mut page = rank_from_first(None, wanted_hit_count)?;
        for (index, hit) in page.hits.iter().enumerate().skip(examined_hit_count) {
            examined_hit_count = index + 1;
            if !groups.begin_group_if_new(hit) {
                continue;
            }
            if index < hit_count_before_cursor {
                group_count_before_cursor += 1;
            } else if group_starts.len() < wanted_group_count {
                group_starts.push(index);
            } else {
                page.retain_first_hits_of_groups(&group_starts, offset, group_count_before_cursor);
                return Ok((page, true));
            }
        }
        if page.hits.len() < wanted_hit_count {
            page.retain_first_hits_of_groups(&group_starts, offset, group_count_before_cursor);
            return Ok((page, false));
        }
        wanted_hit_count = wanted_hit_count.saturating_mul(EXAMINED_HITS_GROWTH_FACTOR);
    }
}

/// Returns the other documents that contain a near-duplicate of a hit, sorted by date, the earliest first.
pub(super) fn near_duplicates(context: &SearchContext, hit: &RankedDoc) -> Result<NearDuplicates> {
    let signatures = MinHashSignatures::new(context)?;
    let mut dates: BTreeMap<String, Option<u64>> = BTreeMap::new();
    if let Some(signature) = signatures.signature_of_hit(hit) {
        for (segment, signatures) in context.reader.segments().zip(&signatures.columns) {
            add_documents_with_near_duplicate(segment, signatures.as_ref(), signature, &mut dates)?;
        }
    }
    dates.remove(&hit.document);
    let mut documents: Vec<(Option<u64>, String)> =
        dates.into_iter().map(|(document, date)| (date, document)).collect();
    documents.sort_by_key(|(date, _)| date.unwrap_or(u64::MAX));
    let count = documents.len() as u64;
    let earliest_date = documents.first().and_then(|(date, _)| Date::from_julian_day((*date)?));
    let documents =
        documents.into_iter().take(MAX_LISTED_NEAR_DUPLICATES).map(|(_, document)| document);
    Ok(NearDuplicates { count, first: earliest_date, documents: documents.collect() })
}

impl TopHits {
    /// Retains the first hit of each group of near-duplicates, without the first `offset` groups. `group_starts`
    /// contains the index of the first hit of each group, in ascending order. `group_count_before_cursor` is the number
    /// of groups before the cursor.
    fn retain_first_hits_of_groups(
        &mut self,
        group_starts: &[usize],
        offset: usize,
        group_count_before_cursor: u64,
    ) {
        let retained_indexes = group_starts.get(offset..).unwrap_or_default();
        let mut index = 0;
        self.hits.retain(|_| {
            index += 1;
            retained_indexes.binary_search(&(index - 1)).is_ok()
        });
        self.skipped_count = group_count_before_cursor + offset.min(group_starts.len()) as u64;
    }
}

/// Adds the documents of a segment that contain a near-duplicate of the passage with the signature `signature`, each
/// with its date as a Julian day.
fn add_documents_with_near_duplicate(
    segment: SegmentView<'_>,
    signatures: Option<&Column<u64>>,
    signature: MinHash,
    dates: &mut BTreeMap<String, Option<u64>>,
) -> Result<()> {
    let columns = segment.reader.fast_fields();
    let documents = columns.str(DOCUMENT_FIELD).map_err(engine_error)?;
    let (Some(signatures), Some(documents)) = (signatures, documents) else { return Ok(()) };
    let date_column = columns.u64_lenient(DATE_FIELD).map_err(engine_error)?;
    let inverted_index =
        segment.reader.inverted_index(segment.fields.lsh_bands).map_err(engine_error)?;
    for band in signature.lsh_bands() {
        let term = Term::from_field_u64(segment.fields.lsh_bands, band);
        let postings =
            inverted_index.read_postings(&term, IndexRecordOption::Basic).map_err(read_error)?;
        let Some(mut postings) = postings else { continue };
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            let candidate = MinHash::from_fast_field_values(signatures.values_for_doc(doc));
            if !segment.reader.is_deleted(doc)
                && candidate.is_some_and(|candidate| candidate.is_near_duplicate(signature))
            {
                let mut id = String::new();
                let ord = documents.ords().first(doc).unwrap_or_default();
                documents.ord_to_str(ord, &mut id).map_err(read_error)?;
                let date = date_column.as_ref().and_then(|(column, _)| column.first(doc));
                dates.insert(id, date);
            }
            postings.advance();
        }
    }
    Ok(())
}

/// The `MinHash` signatures of all passages, by segment.
struct MinHashSignatures {
    /// Fast field with the signatures, for each segment. `None` for a segment in which no passage has words.
    columns: Vec<Option<Column<u64>>>,
}

impl MinHashSignatures {
    fn new(context: &SearchContext) -> Result<Self> {
        let columns = context.reader.searcher.segment_readers().iter().map(|reader| {
            let column = reader.fast_fields().u64_lenient(MINHASH_FIELD)?;
            Ok(column.map(|(column, _)| column))
        });
        Ok(Self { columns: columns.collect::<tantivy::Result<_>>().map_err(engine_error)? })
    }

    /// Returns the signature of the passage of a hit. `None` if the passage has no words.
    fn signature_of_hit(&self, hit: &RankedDoc) -> Option<MinHash> {
        let column = self.columns.get(hit.address.segment_ord as usize)?.as_ref()?;
        MinHash::from_fast_field_values(column.values_for_doc(hit.address.doc_id))
    }
}

/// The groups of near-duplicates among the hits examined so far.
struct NearDuplicateGroups {
    signatures: MinHashSignatures,
    /// The signature of the first passage of each group.
    group_signatures: Vec<MinHash>,
    /// Indexes of groups in `group_signatures`, by the LSH bands of the first passage of each group.
    groups_by_band: HashMap<u64, Vec<usize>>,
}

impl NearDuplicateGroups {
    fn new(context: &SearchContext) -> Result<Self> {
        let signatures = MinHashSignatures::new(context)?;
        Ok(Self { signatures, group_signatures: Vec::new(), groups_by_band: HashMap::new() })
    }

    /// Returns whether a hit begins a new group, and adds the new group. A passage without words has no near-duplicates
    /// and therefore always begins a group.
    fn begin_group_if_new(&mut self, hit: &RankedDoc) -> bool {
        let Some(signature) = self.signatures.signature_of_hit(hit) else { return true };
        let candidates =
            signature.lsh_bands().filter_map(|band| self.groups_by_band.get(&band)).flatten();
        let mut candidate_signatures =
            candidates.filter_map(|&group| self.group_signatures.get(group));
        if candidate_signatures.any(|candidate| candidate.is_near_duplicate(signature)) {
            return false;
        }
        for band in signature.lsh_bands() {
            self.groups_by_band.entry(band).or_default().push(self.group_signatures.len());
        }
        self.group_signatures.push(signature);
        true
    }
}

#[cfg(test)]
mod tests {
    use tantivy::DocAddress;

    use super::*;
    use crate::search::results::MatchKind;

    #[test]
    fn a_page_retains_the_first_hits_of_its_groups() {
        let hit = |ordinal| RankedDoc {
            match_kind: MatchKind::All,
            word_set_rank: 0,
            release_score: 0.0,
            sort_key: 1.0,
            sort_keyword: None,
            score: 1.0,
            raw_score: 1.0,
            coverage: 1.0,
            address: DocAddress::new(0, 0),
            document: "a".to_owned(),
            ordinal,
            collapsed_count: 0,
            next_best: Vec::new(),
            missing_words: Vec::new(),
        };
        let mut page = TopHits { hits: (0..8).map(hit).collect(), ..TopHits::default() };
        // Hits 2, 3, 5 and 7 begin groups. Two groups are before the cursor, and the page skips the group of hit 2.
        page.retain_first_hits_of_groups(&[2, 3, 5, 7], 1, 2);
        let ordinals: Vec<u64> = page.hits.iter().map(|hit| hit.ordinal).collect();
        assert_eq!((ordinals, page.skipped_count), (vec![3, 5, 7], 3));
    }
}
