//! Cache for lookups in the term dictionary of one segment, because users often search for the same words.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use tantivy::{postings::TermInfo, schema::Field};

use crate::error::Result;

/// Terms with their document frequencies: for each term, the number of live entries that contain it.
pub(in crate::search) type TermFrequencies = BTreeMap<String, u64>;

/// Maximum number of cached words of one field. When the cache of a field is full, all its words are removed.
const MAX_CACHED_WORDS: usize = 8192;

/// Cached results of lookups in the term dictionary of one segment.
#[derive(Default)]
pub(in crate::search) struct TermCache {
    /// Terms of each stem.
    terms_by_stem: WordCache<Arc<TermFrequencies>>,
    /// Location of the postings of each term. `None` for a term that the segment lacks.
    term_infos: WordCache<Option<TermInfo>>,
}

impl TermCache {
    /// Returns the terms with the stem `stem` in a field. Calls `look_up` only if the cache does not contain the
    /// result.
    pub(in crate::search) fn terms_with_stem(
        &self,
        field: Field,
        stem: &str,
        look_up: impl FnOnce() -> Result<TermFrequencies>,
    ) -> Result<Arc<TermFrequencies>> {
        self.terms_by_stem.get_or_insert(field, stem, || look_up().map(Arc::new))
    }

    /// Returns the location of the postings of a term in a field. `None` if the segment lacks the term. Calls
    /// `look_up` only if the cache does not contain the result.
    pub(in crate::search) fn term_info(
        &self,
        field: Field,
        term: &str,
        look_up: impl FnOnce() -> Result<Option<TermInfo>>,
    ) -> Result<Option<TermInfo>> {
        self.term_infos.get_or_insert(field, term, look_up)
    }
}

/// Cached values by field and word.
struct WordCache<V>(RwLock<HashMap<Field, HashMap<Box<str>, V>>>);

impl<V> Default for WordCache<V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<V: Clone> WordCache<V> {
    fn get_or_insert(
        &self,
        field: Field,
        word: &str,
        look_up: impl FnOnce() -> Result<V>,
    ) -> Result<V> {
        let words_by_field = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached_value) = words_by_field.get(&field).and_then(|words| words.get(word)) {
            return Ok(cached_value.clone());
        }
        drop(words_by_field);
        let looked_up_value = look_up()?;
        let mut words_by_field = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let words = words_by_field.entry(field).or_default();
        if words.len() >= MAX_CACHED_WORDS {
            words.clear();
        }
        words.insert(word.into(), looked_up_value.clone());
        Ok(looked_up_value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_looked_up_once_and_the_capacity_is_a_limit() {
        let cache = WordCache::default();
        let (title, body) = (Field::from_field_id(0), Field::from_field_id(1));
        let mut lookups = 0;
        for (field, word, value) in
            [(title, "car", 1), (title, "factory", 2), (body, "car", 3), (title, "car", 1)]
        {
            let cached = cache.get_or_insert(field, word, || {
                lookups += 1;
                Ok(value)
            });
            assert_eq!(cached.unwrap(), value);
        }
        assert_eq!(lookups, 3);
        for number in 0..=MAX_CACHED_WORDS {
            cache.get_or_insert(body, &number.to_string(), || Ok(0)).unwrap();
            assert!(cache.0.read().unwrap()[&body].len() <= MAX_CACHED_WORDS);
        }
    }
}
