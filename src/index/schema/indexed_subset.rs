//! The subset of terms, fields and columns that a temporary index of a few passages must index.
//!
//! To begin a term dictionary or a column of texts costs more than to fill it with one page of passages, so such an index leaves out
//! whatever its one search does not look up.

use std::collections::BTreeSet;

/// Parts of the schema that must be indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexedSubset {
    /// Terms of text fields. `None` indexes every term, and also the keys of records and the LSH bands of passages.
    pub(crate) terms: Option<IndexedTerms>,
    /// Whether to index the words in the names of issuers and speakers.
    pub(crate) names: bool,
    /// Whether to index the ids of documents, the languages and the paths of files.
    pub(crate) keys: bool,
    /// Whether to write the columns of facet values.
    pub(crate) facets: bool,
}

/// Terms that must be indexed, by name or by prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexedTerms {
    pub(crate) terms: BTreeSet<String>,
    /// Prefixes; each is compared with every term of a passage, so they should be few.
    pub(crate) prefixes: Vec<String>,
}

impl IndexedSubset {
    /// Returns the whole schema.
    pub(crate) const fn everything() -> Self {
        Self { terms: None, names: true, keys: true, facets: true }
    }

    /// Returns only these terms, without names, keys and facets.
    pub(crate) const fn of(terms: IndexedTerms) -> Self {
        Self { terms: Some(terms), names: false, keys: false, facets: false }
    }
}

impl IndexedTerms {
    pub(super) fn contains(&self, term: &str) -> bool {
        let is_prefix = |prefix: &String| term.starts_with(prefix.as_str());
        self.terms.contains(term) || self.prefixes.iter().any(is_prefix)
    }
}
