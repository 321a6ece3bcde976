//! Selects the terms, fields and fast fields that a temporary index of a few passages contains.
//!
//! Creating a term dictionary or a fast field of texts takes longer than filling the dictionary or field with one page
//! of passages. A temporary index serves only one search, so it leaves out everything that this search does not read.

use std::collections::BTreeSet;

/// The terms, fields and fast fields that an index contains: the whole schema or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexedSubset {
    /// Terms to index in text fields. If `None`, the index contains all terms, and also the keys of records and the LSH
    /// bands of passages. If `Some`, the index contains these terms only, without keys and LSH bands.
    pub(crate) terms: Option<IndexedTerms>,
    /// Whether to index the words in the names of issuers and speakers.
    pub(crate) indexes_issuer_and_speaker_names: bool,
    /// Whether to index document ids, languages and file paths.
    pub(crate) indexes_ids_languages_and_paths: bool,
    /// Whether to write the fast fields of facet values.
    pub(crate) has_facet_fields: bool,
}

/// Set of terms that a temporary index contains. The index leaves out all other terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexedTerms {
    pub(crate) terms: BTreeSet<String>,
}

impl IndexedSubset {
    /// Returns the whole schema: all terms, names, keys and facets.
    pub(crate) const fn whole_schema() -> Self {
        Self {
            terms: None,
            indexes_issuer_and_speaker_names: true,
            indexes_ids_languages_and_paths: true,
            has_facet_fields: true,
        }
    }

    /// Returns a subset that contains only `terms`, without names, keys and facets.
    pub(crate) const fn of_terms(terms: IndexedTerms) -> Self {
        Self {
            terms: Some(terms),
            indexes_issuer_and_speaker_names: false,
            indexes_ids_languages_and_paths: false,
            has_facet_fields: false,
        }
    }
}

impl IndexedTerms {
    pub(super) fn contains(&self, term: &str) -> bool {
        self.terms.contains(term)
    }
}
