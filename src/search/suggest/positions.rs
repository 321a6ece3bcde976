//! Finds the occurrences of phrases: the passages and positions at which a sequence of terms ends. Extends a phrase by
//! a further term.

use tantivy::{
    DocId, DocSet, TERMINATED,
    postings::{Postings, SegmentPostings},
    schema::IndexRecordOption,
};

use super::{input::TextTerm, terms::open_postings};
use crate::{
    error::Result,
    index::ORDINAL_FIELD,
    search::{
        context::SearchContext,
        reader::{BitSet, engine_error},
    },
};

/// Set of live passages, with one bit set for each segment.
#[derive(Debug)]
pub(super) struct PassageSet(Vec<BitSet>);

/// Occurrences of a phrase in each segment, in ascending order. Each occurrence is the passage, and the position of
/// the last term of the phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PhraseEnds(Vec<Vec<(DocId, u32)>>);

impl PassageSet {
    /// Finds the passages that contain all `terms`. [Joined](TextTerm::joins_previous) characters must be adjacent in
    /// the passage.
    pub(super) fn with_terms(context: &SearchContext, terms: &[TextTerm]) -> Result<Self> {
        let segment_ords = 0..context.reader.searcher.segment_readers().len();
        segment_ords
            .map(|segment_ord| passages_of_segment_with_terms(context, segment_ord, terms))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Finds the passages that are the first of their document and contain all `terms`.
    /// [Joined](TextTerm::joins_previous) characters must be adjacent in the passage. If `terms` is empty, finds the
    /// first passages of all documents.
    pub(super) fn first_passages_with_terms(
        context: &SearchContext,
        terms: &[TextTerm],
    ) -> Result<Self> {
        let mut segments = Vec::new();
        for (segment_ord, reader) in context.reader.searcher.segment_readers().iter().enumerate() {
            let ordinals = reader.fast_fields().u64(ORDINAL_FIELD).map_err(engine_error)?;
            let mut first_passages = BitSet::new(reader.max_doc());
            let mut add_if_first = |doc| {
                if ordinals.first(doc) == Some(0) {
                    first_passages.insert(doc);
                }
            };
            if terms.is_empty() {
                reader.doc_ids_alive().for_each(&mut add_if_first);
            } else {
                passages_of_segment_with_terms(context, segment_ord, terms)?
                    .iter()
                    .for_each(&mut add_if_first);
            }
            segments.push(first_passages);
        }
        Ok(Self(segments))
    }

    /// Returns the occurrences of `term` in the passages of the set.
    pub(super) fn occurrences(&self, context: &SearchContext, term: &str) -> Result<PhraseEnds> {
        let mut segments = Vec::with_capacity(self.0.len());
        for (segment_ord, passages) in self.0.iter().enumerate() {
            let postings = open_term_positions(context, segment_ord, term)?;
            segments.push(
                postings.map_or_else(Vec::new, |mut postings| occurrences(passages, &mut postings)),
            );
        }
        Ok(PhraseEnds(segments))
    }

    /// Returns the number of passages of the set.
    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(BitSet::len).sum()
    }

    /// Returns at most `max` passages of the set, as pairs of segment ordinal and entry, evenly spread over the set.
    pub(super) fn sample(&self, max: usize) -> Vec<(u32, DocId)> {
        let passages = self.0.iter().enumerate();
        let passages: Vec<_> = passages
            .flat_map(|(segment_ord, passages)| {
                passages.iter().map(move |doc| (segment_ord as u32, doc))
            })
            .collect();
        let sample_size = max.min(passages.len());
        (0..sample_size)
            .filter_map(|index| passages.get(index * passages.len() / sample_size).copied())
            .collect()
    }

    /// Returns the number of passages of the set that contain `term`.
    pub(super) fn count_with_term(&self, context: &SearchContext, term: &str) -> Result<u64> {
        let mut passage_count = 0;
        for (segment_ord, passages) in self.0.iter().enumerate() {
            let field = context.reader.fields.exact_terms;
            let postings =
                open_postings(context, segment_ord, field, term, IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else { continue };
            while postings.doc() != TERMINATED {
                passage_count += u64::from(passages.contains(postings.doc()));
                postings.advance();
            }
        }
        Ok(passage_count)
    }
}

impl PhraseEnds {
    /// Finds the occurrences of the phrase `terms`, which must not be empty.
    pub(super) fn of_phrase(context: &SearchContext, terms: &[TextTerm]) -> Result<Self> {
        Self::within_passages(context, &PassageSet::with_terms(context, terms)?, terms)
    }

    /// Finds the occurrences of the phrase `terms` in `passages`, each of which must contain all the terms. Finds
    /// nothing if `terms` is empty.
    pub(super) fn within_passages(
        context: &SearchContext,
        passages: &PassageSet,
        terms: &[TextTerm],
    ) -> Result<Self> {
        let Some((first_term, other_terms)) = terms.split_first() else {
            return Ok(Self(Vec::new()));
        };
        let mut phrase_ends = passages.occurrences(context, &first_term.term)?;
        for term in other_terms {
            // In `passages`, joined characters are adjacent, so they need no check here.
            phrase_ends = phrase_ends.followed_by(context, &term.term)?;
        }
        Ok(phrase_ends)
    }

    /// Extends the phrase by `term`: returns the occurrences of the phrase that this term directly follows.
    pub(super) fn followed_by(&self, context: &SearchContext, term: &str) -> Result<Self> {
        let mut segments = Vec::with_capacity(self.0.len());
        for (segment_ord, ends) in self.0.iter().enumerate() {
            let postings = if ends.is_empty() {
                None
            } else {
                open_term_positions(context, segment_ord, term)?
            };
            segments.push(postings.map_or_else(Vec::new, |mut postings| {
                occurrences_directly_after(ends, None, &mut postings)
            }));
        }
        Ok(Self(segments))
    }

    /// Extends the phrase by the Han character `next_character`: returns the occurrences of the phrase that this
    /// character directly follows. `last_character` is the last character of the phrase. Reads only passages that
    /// contain the bigram of the two characters.
    pub(super) fn followed_by_character(
        &self,
        context: &SearchContext,
        last_character: &str,
        next_character: &str,
    ) -> Result<Self> {
        let bigram = format!("{last_character}{next_character}");
        let field = context.reader.fields.ranking_terms;
        let mut segments = Vec::with_capacity(self.0.len());
        for (segment_ord, ends) in self.0.iter().enumerate() {
            let mut next_ends = Vec::new();
            if !ends.is_empty()
                && let Some(mut bigram_postings) =
                    open_postings(context, segment_ord, field, &bigram, IndexRecordOption::Basic)?
                && let Some(mut postings) =
                    open_term_positions(context, segment_ord, next_character)?
            {
                next_ends =
                    occurrences_directly_after(ends, Some(&mut bigram_postings), &mut postings);
            }
            segments.push(next_ends);
        }
        Ok(Self(segments))
    }

    /// Extends the phrase by a run of Han characters: returns the occurrences of the phrase that the run directly
    /// follows. `last_character` is the last character of the phrase if it is a Han character directly before the run.
    pub(super) fn followed_by_run(
        &self,
        context: &SearchContext,
        last_character: Option<&str>,
        run: &str,
    ) -> Result<Self> {
        let mut last_character = last_character.map(str::to_owned);
        let mut ends: Option<Self> = None;
        for next_character in run.chars().map(String::from) {
            let phrase = ends.as_ref().unwrap_or(self);
            ends = Some(match &last_character {
                Some(last_character) => {
                    phrase.followed_by_character(context, last_character, &next_character)?
                }
                None => phrase.followed_by(context, &next_character)?,
            });
            last_character = Some(next_character);
        }
        Ok(ends.unwrap_or_else(|| self.clone()))
    }

    /// Returns the number of occurrences of the phrase.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Iterates over the occurrences of the phrase. Each item is the passage (segment ordinal and entry), and the
    /// position of the last term.
    pub(super) fn iter(&self) -> impl Iterator<Item = ((u32, DocId), u32)> {
        self.0.iter().enumerate().flat_map(|(segment_ord, ends)| {
            ends.iter().map(move |&(doc, position)| ((segment_ord as u32, doc), position))
        })
    }

    /// Returns the number of passages in which the phrase occurs.
    pub(super) fn passage_count(&self) -> u64 {
        self.passages().count() as u64
    }

    /// Returns at most `max` passages in which the phrase occurs, as pairs of segment ordinal and entry. The sample is
    /// evenly spread over all passages in which the phrase occurs.
    pub(super) fn sample(&self, max: usize) -> Vec<(u32, DocId)> {
        let passage_count = self.passages().count();
        let sample_size = max.min(passage_count);
        let mut chosen_indexes =
            (0..sample_size).map(|index| index * passage_count / sample_size).peekable();
        self.passages()
            .enumerate()
            .filter(|(index, _)| chosen_indexes.next_if_eq(index).is_some())
            .map(|(_, passage)| passage)
            .collect()
    }

    /// Iterates over the passages in which the phrase occurs, as pairs of segment ordinal and entry.
    fn passages(&self) -> impl Iterator<Item = (u32, DocId)> {
        self.0.iter().enumerate().flat_map(|(segment_ord, ends)| {
            let ends_by_passage = ends.chunk_by(|a, b| a.0 == b.0);
            ends_by_passage.filter_map(move |ends| Some((segment_ord as u32, ends.first()?.0)))
        })
    }
}

/// Returns the live passages of a segment that contain all `terms`. For joined characters, reads the bigrams instead
/// of the characters, because bigrams have far shorter posting lists.
fn passages_of_segment_with_terms(
    context: &SearchContext,
    segment_ord: usize,
    terms: &[TextTerm],
) -> Result<BitSet> {
    let fields = context.reader.fields;
    let reader = context.reader.searcher.segment_reader(segment_ord as u32);
    let mut passages = BitSet::new(reader.max_doc());
    let mut posting_lists = Vec::with_capacity(terms.len());
    for (index, term) in terms.iter().enumerate() {
        let next_is_joined = terms.get(index + 1).is_some_and(|next| next.joins_previous);
        let previous_term = index.checked_sub(1).and_then(|previous_term| terms.get(previous_term));
        let (field, term_text) = match previous_term {
            Some(previous_term) if term.joins_previous => {
                (fields.ranking_terms, format!("{}{}", previous_term.term, term.term))
            }
            _ if next_is_joined => continue,
            _ => (fields.exact_terms, term.term.clone()),
        };
        let postings =
            open_postings(context, segment_ord, field, &term_text, IndexRecordOption::Basic)?;
        let Some(postings) = postings else { return Ok(passages) };
        posting_lists.push(postings);
    }
    posting_lists.sort_by_key(SegmentPostings::doc_freq);
    let mut posting_lists = posting_lists.into_iter();
    let Some(mut shortest_list) = posting_lists.next() else { return Ok(passages) };
    let mut docs = Vec::new();
    while shortest_list.doc() != TERMINATED {
        if !reader.is_deleted(shortest_list.doc()) {
            docs.push(shortest_list.doc());
        }
        shortest_list.advance();
    }
    for mut postings in posting_lists {
        docs.retain(|&doc| seek(&mut postings, doc) == doc);
    }
    for doc in docs {
        passages.insert(doc);
    }
    Ok(passages)
}

/// Opens the postings of `term`, with positions, in the segment with the ordinal `segment_ord`. `None` if the segment
/// lacks the term.
fn open_term_positions(
    context: &SearchContext,
    segment_ord: usize,
    term: &str,
) -> Result<Option<SegmentPostings>> {
    let field = context.reader.fields.exact_terms;
    open_postings(context, segment_ord, field, term, IndexRecordOption::WithFreqsAndPositions)
}

/// Returns all occurrences of a term in `passages`. Iterates over the postings or over `passages`, whichever is
/// shorter.
fn occurrences(passages: &BitSet, postings: &mut SegmentPostings) -> Vec<(DocId, u32)> {
    let (mut ends, mut positions) = (Vec::new(), Vec::new());
    let mut push_positions = |doc, postings: &mut SegmentPostings| {
        positions.clear();
        postings.append_positions_with_offset(0, &mut positions);
        positions.dedup();
        ends.extend(positions.iter().map(|&position| (doc, position)));
    };
    if u64::from(postings.doc_freq()) < passages.len() {
        while postings.doc() != TERMINATED {
            if passages.contains(postings.doc()) {
                push_positions(postings.doc(), postings);
            }
            postings.advance();
        }
    } else {
        for doc in passages.iter() {
            if seek(postings, doc) == doc {
                push_positions(doc, postings);
            }
        }
    }
    ends
}

/// Returns the occurrences of a term directly after the occurrences `ends` of a phrase. If `within` is given, reads
/// only passages of that posting list.
fn occurrences_directly_after(
    ends: &[(DocId, u32)],
    mut within: Option<&mut SegmentPostings>,
    postings: &mut SegmentPostings,
) -> Vec<(DocId, u32)> {
    let (mut next_ends, mut positions) = (Vec::new(), Vec::new());
    let mut remaining_ends = ends;
    while let Some(&(doc, _)) = remaining_ends.first() {
        let candidate = seek(within.as_deref_mut().unwrap_or(postings), doc);
        if candidate > doc {
            let skipped = remaining_ends.partition_point(|&(doc, _)| doc < candidate);
            remaining_ends = remaining_ends.get(skipped..).unwrap_or_default();
            continue;
        }
        let end_count = remaining_ends.iter().take_while(|end| end.0 == doc).count();
        let (in_passage, later_ends) = remaining_ends.split_at(end_count);
        remaining_ends = later_ends;
        if seek(postings, doc) == doc {
            positions.clear();
            postings.append_positions_with_offset(0, &mut positions);
            let next_positions = in_passage.iter().map(|&(doc, position)| (doc, position + 1));
            next_ends.extend(
                next_positions.filter(|(_, position)| positions.binary_search(position).is_ok()),
            );
        }
    }
    next_ends
}

/// Moves a postings cursor to the first passage at or after `doc`, and returns that passage. Does not move a cursor
/// that is already at or past `doc`.
fn seek(postings: &mut SegmentPostings, doc: DocId) -> DocId {
    if postings.doc() < doc { postings.seek(doc) } else { postings.doc() }
}
