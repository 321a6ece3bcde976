//! Statistics of the whole collection: size, document frequencies, terms of the dictionary, and numbers of matches.
//!
//! A search calls [`Statistics`] at most a few times per query term, never per posting. [`LocalStatistics`] computes
//! the statistics from the segments of this machine; `remote/` implements the trait for a cluster.

use std::{collections::BTreeMap, fmt, rc::Rc, sync::Arc};

use tantivy::{SegmentReader, columnar::Column, schema::Field};

use super::{
    ranking::{CollectionStats, ScoringTerm, ScoringTermKind},
    reader::{IndexReader, PostingList, SegmentView, TermFrequencies, engine_error},
    results::HitCount,
};
use crate::{
    error::Result,
    index::POSITION_COUNT_FIELD,
    query::{Alternative, Facet, Query, QueryPlan, TextField},
};

/// Terms that are counted together: a passage that contains several of them counts once.
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
    /// Returns the terms whose postings contribute to the score of a scoring term.
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

/// A set of terms that a pattern is matched against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// The words of a field.
    Words(TextField),
    /// The terms that define abbreviations.
    Definitions,
}

/// A pattern that selects terms of the dictionary.
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
    /// Terms from `from`, inclusive, to `to`, exclusive.
    Range {
        /// First term of the range.
        from: String,
        /// First term after the range.
        to: String,
    },
    /// Terms within an edit distance. Swapping two adjacent characters counts as one edit.
    Fuzzy {
        /// The term from which the distance is measured.
        term: String,
        /// The maximum edit distance.
        edits: u8,
    },
}

/// Numbers of matches in the whole collection.
#[derive(Debug, Clone, Default)]
pub(crate) struct MatchTotals {
    /// Number of passages that match the query.
    pub(crate) match_count: u64,
    /// Number of matching passages that have the chosen facet values.
    pub(crate) chosen_count: u64,
    /// Number of documents with a matching passage that has the chosen facet values.
    pub(crate) document_count: u64,
    /// Number of shards that did not answer, and total number of shards. `None` if all shards answered.
    pub(crate) missing_shards: Option<(u64, u64)>,
    /// Number of matches for each value, for each counted facet.
    pub(crate) facets: BTreeMap<Facet, FacetTally>,
}

/// Number of matches for each value of one facet.
#[derive(Debug, Clone, Default)]
pub(crate) struct FacetTally {
    /// Number of matches for each value.
    pub(crate) values: BTreeMap<String, HitCount>,
    /// Number of matches without any value of the facet.
    pub(crate) without_value: HitCount,
}

/// Statistics of the whole collection.
///
/// A local implementation always returns exact values. A remote implementation may return assumed values while its
/// requests are pending; the search is repeated once the cluster has answered.
pub(super) trait Statistics: fmt::Debug + Send + Sync {
    /// Returns the number of live passages, and their total length in token positions.
    fn collection(&self) -> CollectionStats;

    /// Returns whether the index has no segments, and therefore no term dictionary.
    fn is_empty(&self) -> bool;

    /// Returns the number of passages that contain at least one of the terms. A remote implementation returns
    /// `assumed_frequency` until the cluster has answered.
    fn doc_freq(&self, terms: TermGroup<'_>, assumed_frequency: u64) -> Result<u64>;

    /// Returns the number of passages of the whole collection that contain at least one of the terms, given the number
    /// `local_count` of such passages in the segments of this machine.
    fn total_doc_freq(&self, terms: TermGroup<'_>, local_count: u64) -> u64;

    /// Returns whether at least one of the alternatives occurs in `field` of any passage.
    fn occurs(&self, field: TextField, alternatives: &[Alternative]) -> Result<bool>;

    /// Returns whether no passage contains `word` in its text, according to the term dictionary. A remote
    /// implementation returns `false`, because a lookup would take a request to the cluster.
    fn lacks_word(&self, word: &str) -> Result<bool>;

    /// Returns the terms for which `accepts` returns true, with their document frequencies. `shape` only limits which
    /// terms are read, so `accepts` must check the full pattern.
    fn terms(
        &self,
        vocabulary: Vocabulary,
        shape: TermShape,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Result<TermFrequencies>;

    /// Returns the words in `words` that occur in `field`. A remote implementation returns all words, because a lookup
    /// would take a request to the cluster.
    fn occurring_words(&self, field: TextField, words: Vec<String>) -> Result<Vec<String>>;

    /// Returns the numbers of matches in the whole collection. `None` if the segments of this machine contain every
    /// match, so that the caller can count the matches itself.
    fn match_totals(
        &self,
        plan: &QueryPlan,
        chosen: &BTreeMap<Facet, Vec<String>>,
        query: &Query,
    ) -> Option<Arc<MatchTotals>>;

    /// Announces that the search needs the `count` best matches. A remote implementation then fetches at least `count`
    /// matches.
    fn announce_needed_hits(&self, _count: usize) {}

    /// Announces that the search also reads terms that match no word and no [pattern](TermShape) of the query, such as
    /// homophones and the LSH bands of near-duplicates.
    fn require_all_terms(&self) {}
}

/// Statistics of an index whose segments are all on this machine.
pub(super) struct LocalStatistics {
    reader: IndexReader,
    collection: CollectionStats,
}

impl LocalStatistics {
    /// Counts the live passages and their token positions.
    pub(super) fn new(reader: IndexReader) -> Result<Self> {
        let mut collection = CollectionStats::default();
        for segment in reader.segments() {
            let positions =
                segment.reader.fast_fields().u64(POSITION_COUNT_FIELD).map_err(engine_error)?;
            collection.passage_count +=
                sum_over_live_entries(segment.reader, &segment.columns.passage_counts);
            collection.position_count += sum_over_live_entries(segment.reader, &positions);
        }
        Ok(Self { reader, collection })
    }

    /// Returns the statistics of a reader whose passages and token positions are counted already.
    pub(super) const fn from_counted(reader: IndexReader, collection: CollectionStats) -> Self {
        Self { reader, collection }
    }

    /// Returns the field whose term dictionary contains the terms of a vocabulary.
    fn field(&self, vocabulary: Vocabulary) -> Field {
        match vocabulary {
            Vocabulary::Words(field) => self.reader.field(field),
            Vocabulary::Definitions => self.reader.fields.ranking_terms,
        }
    }
}

/// Returns the sum of a fast field over the live entries of a segment.
fn sum_over_live_entries(reader: &SegmentReader, column: &Column<u64>) -> u64 {
    if !reader.has_deletes() {
        return column.values.iter().sum();
    }
    let mut docs = Vec::new();
    column.get_docids_for_value_range(0..=u64::MAX, 0..reader.max_doc(), &mut docs);
    let live_docs = docs.into_iter().filter(|&doc| !reader.is_deleted(doc));
    live_docs.filter_map(|doc| column.first(doc)).sum()
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
            doc_freq += postings_of_term_group(segment, terms)?.len() as u64;
        }
        Ok(doc_freq)
    }

    fn total_doc_freq(&self, _terms: TermGroup<'_>, local_count: u64) -> u64 {
        local_count
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
            if segment.has_term(segment.fields.exact_terms, word)? {
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
                    add_terms_with_stem(segment, field, stem, accepts, &mut terms)?;
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
                TermShape::Range { from, to } => {
                    segment.add_terms_between(field, (from, to), accepts, &mut terms)?;
                }
                TermShape::Fuzzy { term, edits } => {
                    segment.add_terms_within_edits(field, (term, *edits), accepts, &mut terms)?;
                }
            }
        }
        Ok(terms)
    }

    fn occurring_words(&self, field: TextField, words: Vec<String>) -> Result<Vec<String>> {
        let mut occurring_words = Vec::new();
        for word in words {
            for segment in self.reader.segments() {
                if segment.has_term(segment.field(field), &word)? {
                    occurring_words.push(word);
                    break;
                }
            }
        }
        Ok(occurring_words)
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

/// Returns the posting list of a group of terms in one segment.
fn postings_of_term_group(
    segment: SegmentView<'_>,
    terms: TermGroup<'_>,
) -> Result<Rc<PostingList>> {
    match terms {
        TermGroup::Alternatives(field, alternatives) => segment.read_union(field, alternatives),
        TermGroup::Word(word) => {
            segment.read_postings(segment.fields.exact_terms, word).map(Rc::new)
        }
        TermGroup::RankingTerm(term) => {
            segment.read_postings(segment.fields.ranking_terms, term).map(Rc::new)
        }
    }
}

/// Adds the terms of one segment that have the stem `stem` and for which `accepts` returns true, with their document
/// frequencies.
fn add_terms_with_stem(
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
