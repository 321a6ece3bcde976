//! What of an index is looked up: of a small one that is made for one search, no more is indexed.
//!
//! A table of terms and a column of texts cost more to begin than a page of passages to put in them.

use std::collections::BTreeSet;

/// What is looked up in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexedSubset {
    /// The terms of texts. None where all are needed: then records are found by their keys as well, and passages by
    /// those that say nearly the same.
    pub(crate) terms: Option<IndexedTerms>,
    /// Whether issuers and speakers are searched.
    pub(crate) voices: bool,
    /// Whether passages are found by their documents, languages and files.
    pub(crate) keys: bool,
    /// Whether the values of facets are counted or chosen.
    pub(crate) facets: bool,
}

/// Some terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct IndexedTerms {
    pub(crate) terms: BTreeSet<String>,
    /// All that begin so are needed as well. There are few, and each is compared with every term of a page.
    pub(crate) prefixes: Vec<String>,
}

impl IndexedSubset {
    pub(crate) const fn everything() -> Self {
        Self { terms: None, voices: true, keys: true, facets: true }
    }

    /// Only these terms.
    pub(crate) const fn of(terms: IndexedTerms) -> Self {
        Self { terms: Some(terms), voices: false, keys: false, facets: false }
    }
}

impl IndexedTerms {
    pub(crate) fn have(&self, term: &str) -> bool {
        let begins = |prefix: &String| term.starts_with(prefix.as_str());
        self.terms.contains(term) || self.prefixes.iter().any(begins)
    }
}
