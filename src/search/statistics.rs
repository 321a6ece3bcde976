//! Statistics of the whole collection: its size, document frequencies, the terms of its dictionary, numbers of matches.
//!
//! A search calls [`Statistics`] at most a few times per query term, never per posting. [`LocalStatistics`] reads the
//! answers from the segments of this machine; an index elsewhere implements the same trait.

use std::{collections::BTreeMap, fmt, sync::Arc};

use tantivy::{SegmentReader, columnar::Column, schema::Field};

use super::{
    ranking::{CollectionStats, ScoringTerm, ScoringTermKind},
    reader::{IndexReader, PostingList, SegmentView, TermFrequencies, engine_error},
    results::HitCount,
};
use crate::{
    error::Result,
    index::POSITIONS,
    query::{Alternative, Facet, Query, QueryPlan, TextField},
};

/// Terms that are counted as one: a passage with any of them counts once.
#[derive(Debug, Clone, Copy)]
pub(super) enum TermGroup<'a> {
    /// The alternatives of a query leaf.
    Alternatives(TextField, &'a [Alternative]),
    /// A word or a Han character in the text of passages, unstemmed.
    Word(&'a str),
    /// A term of the ranking field: two adjacent Han characters, or a Chinese word.
    RankingTerm(&'a str),
}

impl<'a> TermGroup<'a> {
    /// Returns the terms whose postings a scoring term scores.
    pub(super) fn of_scoring_term(term: &'a ScoringTerm<'a>, plan: &'a QueryPlan) -> Self {
        match &term.kind {
            ScoringTermKind::Leaf(leaf) => match plan.leaves.get(*leaf) {
                Some(leaf) => Self::Alternatives(leaf.field, &leaf.alternatives),
                None => Self::Alternatives(TextField::Body, &[]),
            },
            ScoringTermKind::Unstemmed(term) => Self::Word(term),
            ScoringTermKind::Bigram(pair) => Self::RankingTerm(pair),
            ScoringTermKind::AdjacentPair(_, phrase) => {
                Self::Alternatives(TextField::Body, std::slice::from_ref(phrase))
            }
        }
    }
}

/// A part of the term dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// The words of a field.
    Words(TextField),
    /// The definitions of abbreviations.
    Definitions,
}

/// A pattern of terms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TermShape {
    /// Terms with this stem.
    Stem(String),
    /// Terms with this prefix.
    Prefix(String),
    /// Terms that match a pattern with `*` and `?`.
    Glob(String),
    /// Terms that match a regular expression as a whole, in the syntax of the crate `regex`.
    Regex(String),
    /// Terms within an edit distance, where a swap of neighbours is one edit.
    Fuzzy {
        /// The term at distance 0.
        term: String,
        /// The largest distance.
        edits: u8,
    },
}

/// Numbers of matches in the whole collection.
#[derive(Debug, Clone, Default)]
pub(crate) struct MatchTotals {
    /// Passages that match the query.
    pub(crate) matching: u64,
    /// Matching passages that have the chosen facet values.
    pub(crate) chosen: u64,
    /// Documents of the chosen passages.
    pub(crate) documents: u64,
    /// Number of shards that did not answer, and number of all shards. `None` if all answered.
    pub(crate) missing_shards: Option<(u64, u64)>,
    /// Counts by facet value.
    pub(crate) facets: BTreeMap<Facet, FacetTally>,
}

/// Numbers of matches by facet value.
#[derive(Debug, Clone, Default)]
pub(crate) struct FacetTally {
    /// Matches with each value.
    pub(crate) values: BTreeMap<String, HitCount>,
    /// Matches without any value.
    pub(crate) without: HitCount,
}

/// Statistics of the whole collection.
///
/// A local implementation knows every answer. A remote one may return an assumption while the answer is on its way,
/// and repeat the search once it has come.
pub(super) trait Statistics: fmt::Debug + Send + Sync {
    /// Returns the size of the collection.
    fn collection(&self) -> CollectionStats;

    /// Returns whether the index has no segment at all, so that no term can be looked up.
    fn is_empty(&self) -> bool;

    /// Returns the number of passages with one of the terms. A remote implementation returns `assumed` until it knows.
    fn doc_freq(&self, terms: TermGroup<'_>, assumed: u64) -> Result<u64>;

    /// Returns the number of passages with one of the terms, if `in_segments` of the segments of this machine have one.
    fn total_doc_freq(&self, terms: TermGroup<'_>, in_segments: u64) -> u64;

    /// Returns whether one of the alternatives occurs in any passage.
    fn occurs(&self, field: TextField, alternatives: &[Alternative]) -> Result<bool>;

    /// Returns whether a look-up in the term dictionary proves that no passage has `word` in its text. `false` if the
    /// look-up would take a request.
    fn lacks_word(&self, word: &str) -> Result<bool>;

    /// Returns the terms of a shape that `accepts` accepts. `accepts` decides: the shape only says where to look.
    fn terms(
        &self,
        vocabulary: Vocabulary,
        shape: TermShape,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<TermFrequencies>;

    /// Returns the inflections of a stem that occur in a field of the passages of this machine and that `accepts`
    /// accepts.
    fn inflections(
        &self,
        field: TextField,
        stem: &str,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<TermFrequencies>;

    /// Returns the numbers of matches in the whole collection. `None` if the segments of this machine hold every match,
    /// so that counting them gives the same numbers.
    fn match_totals(
        &self,
        plan: &QueryPlan,
        chosen: &BTreeMap<Facet, Vec<String>>,
        query: &Query,
    ) -> Option<Arc<MatchTotals>>;

    /// Announces that the search reads the best `count` matches.
    fn require_hits(&self, _count: usize) {}

    /// Announces that the search looks up terms that are neither in the query nor of a [shape](TermShape), as homophones
    /// and the LSH bands of near-duplicates.
    fn require_all_terms(&self) {}
}

/// Statistics of an index whose segments are all on this machine.
pub(super) struct LocalStatistics {
    reader: IndexReader,
    collection: CollectionStats,
}

impl LocalStatistics {
    /// Counts the live passages and their positions.
    pub(super) fn new(reader: IndexReader) -> Result<Self> {
        let mut collection = CollectionStats::default();
        for segment in reader.segments() {
            let positions = segment.reader.fast_fields().u64(POSITIONS).map_err(engine_error)?;
            collection.passages += sum_of_live(segment.reader, &segment.columns.passage_counts);
            collection.positions += sum_of_live(segment.reader, &positions);
        }
        Ok(Self { reader, collection })
    }

    fn field(&self, vocabulary: Vocabulary) -> Field {
        match vocabulary {
            Vocabulary::Words(field) => self.reader.field(field),
            Vocabulary::Definitions => self.reader.fields.ranking_terms,
        }
    }
}

/// Returns the sum of a column over live entries.
fn sum_of_live(reader: &SegmentReader, column: &Column<u64>) -> u64 {
    if !reader.has_deletes() {
        return column.values.iter().sum();
    }
    let mut docs = Vec::new();
    column.get_docids_for_value_range(0..=u64::MAX, 0..reader.max_doc(), &mut docs);
    let live = docs.into_iter().filter(|&doc| !reader.is_deleted(doc));
    live.filter_map(|doc| column.first(doc)).sum()
}

impl fmt::Debug for LocalStatistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalStatistics")
            .field("collection", &self.collection)
            .finish_non_exhaustive()
    }
}

impl Statistics for LocalStatistics {
    fn collection(&self) -> CollectionStats {
        self.collection
    }

    fn is_empty(&self) -> bool {
        self.reader.fast_fields.is_empty()
    }

    fn doc_freq(&self, terms: TermGroup<'_>, _assumed: u64) -> Result<u64> {
        let mut doc_freq = 0;
        for segment in self.reader.segments() {
            doc_freq += postings_of(segment, terms)?.len() as u64;
        }
        Ok(doc_freq)
    }

    fn total_doc_freq(&self, _terms: TermGroup<'_>, in_segments: u64) -> u64 {
        in_segments
    }

    fn occurs(&self, field: TextField, alternatives: &[Alternative]) -> Result<bool> {
        for segment in self.reader.segments() {
            for alternative in alternatives {
                if segment.has_phrase(field, alternative)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn lacks_word(&self, word: &str) -> Result<bool> {
        for segment in self.reader.segments() {
            if segment.has_term(segment.fields.exact, word)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn terms(
        &self,
        vocabulary: Vocabulary,
        shape: TermShape,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<TermFrequencies> {
        let field = self.field(vocabulary);
        let mut terms = TermFrequencies::new();
        for segment in self.reader.segments() {
            match &shape {
                TermShape::Stem(stem) => {
                    add_inflections(segment, field, stem, accepts, &mut terms)?;
                }
                TermShape::Prefix(prefix) => {
                    segment.add_terms_with_prefix(field, prefix, accepts, &mut terms)?;
                }
                TermShape::Glob(pattern) => {
                    let prefix = pattern.split(['*', '?']).next().unwrap_or_default();
                    segment.add_terms_with_prefix(field, prefix, accepts, &mut terms)?;
                }
                TermShape::Regex(_) => {
                    segment.add_terms_with_prefix(field, "", accepts, &mut terms)?;
                }
                TermShape::Fuzzy { term, edits } => {
                    segment.add_terms_near(field, (term, *edits), accepts, &mut terms)?;
                }
            }
        }
        Ok(terms)
    }

    fn inflections(
        &self,
        field: TextField,
        stem: &str,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<TermFrequencies> {
        let mut terms = TermFrequencies::new();
        for segment in self.reader.segments() {
            add_inflections(segment, segment.field(field), stem, accepts, &mut terms)?;
        }
        Ok(terms)
    }

    fn match_totals(
        &self,
        _plan: &QueryPlan,
        _chosen: &BTreeMap<Facet, Vec<String>>,
        _query: &Query,
    ) -> Option<Arc<MatchTotals>> {
        None
    }
}

fn postings_of(segment: SegmentView<'_>, terms: TermGroup<'_>) -> Result<PostingList> {
    match terms {
        TermGroup::Alternatives(field, alternatives) => segment.read_union(field, alternatives),
        TermGroup::Word(word) => segment.read_postings(segment.fields.exact, word),
        TermGroup::RankingTerm(term) => segment.read_postings(segment.fields.ranking_terms, term),
    }
}

/// Adds the terms of one segment with a stem.
pub(super) fn add_inflections(
    segment: SegmentView<'_>,
    field: Field,
    stem: &str,
    accepts: &dyn Fn(&str) -> bool,
    terms: &mut TermFrequencies,
) -> Result<()> {
    let with_stem = segment.terms_with_stem(field, stem)?;
    for (term, doc_freq) in with_stem.iter().filter(|(term, _)| accepts(term)) {
        *terms.entry(term.clone()).or_default() += doc_freq;
    }
    Ok(())
}
