//! A stem → the terms of one segment that have it; a term → where its postings lie. Both are remembered:
//! people ask for the same words.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use tantivy::{postings::TermInfo, schema::Field};

use crate::error::Result;

/// Terms, each with its document frequency: the number of live entries that have it.
pub(in crate::search) type TermFrequencies = BTreeMap<String, u64>;

/// So much of a kind is remembered. Then it begins anew.
const KEPT: usize = 8192;

/// What was looked up in the dictionaries of a segment before.
#[derive(Default)]
pub(in crate::search) struct Known {
    stems: Memory<Arc<TermFrequencies>>,
    /// None for a term that the segment does not have.
    terms: Memory<Option<TermInfo>>,
}

impl Known {
    /// What `found` finds for a stem in a field, or found before.
    pub(in crate::search) fn stem(
        &self,
        field: Field,
        stem: &str,
        found: impl FnOnce() -> Result<TermFrequencies>,
    ) -> Result<Arc<TermFrequencies>> {
        self.stems.of(field, stem, || found().map(Arc::new))
    }

    /// What `found` finds for a term in a field, or found before.
    pub(in crate::search) fn term(
        &self,
        field: Field,
        term: &str,
        found: impl FnOnce() -> Result<Option<TermInfo>>,
    ) -> Result<Option<TermInfo>> {
        self.terms.of(field, term, found)
    }
}

/// Values by field and word.
struct Memory<V>(RwLock<HashMap<Field, HashMap<Box<str>, V>>>);

impl<V> Default for Memory<V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<V: Clone> Memory<V> {
    fn of(&self, field: Field, word: &str, found: impl FnOnce() -> Result<V>) -> Result<V> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known.get(&field).and_then(|words| words.get(word)) {
            return Ok(value.clone());
        }
        drop(known);
        let value = found()?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let words = known.entry(field).or_default();
        if words.len() >= KEPT {
            words.clear();
        }
        words.insert(word.into(), value.clone());
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_looked_up_once_and_never_too_much_is_kept() {
        let memory = Memory::default();
        let (title, body) = (Field::from_field_id(0), Field::from_field_id(1));
        let mut looked_up = 0;
        for (field, word, value) in
            [(title, "car", 1), (title, "factory", 2), (body, "car", 3), (title, "car", 1)]
        {
            let found = memory.of(field, word, || {
                looked_up += 1;
                Ok(value)
            });
            assert_eq!(found.unwrap(), value);
        }
        assert_eq!(looked_up, 3);
        for number in 0..=KEPT {
            memory.of(body, &number.to_string(), || Ok(0)).unwrap();
            assert!(memory.0.read().unwrap()[&body].len() <= KEPT);
        }
    }
}
