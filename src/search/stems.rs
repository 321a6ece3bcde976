//! A stem → the terms of one segment that have it, remembered: people ask for the same words.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::schema::Field;

use super::expand::Terms;
use crate::error::Result;

/// The terms of so many stems are remembered. Then it begins anew.
const KEPT: usize = 4096;

/// What was found before.
#[derive(Default)]
pub(super) struct Stems {
    known: Mutex<HashMap<(Field, String), Arc<Terms>>>,
}

impl Stems {
    /// What `found` finds for a stem in a field, or found before.
    pub(super) fn of(
        &self,
        field: Field,
        stem: &str,
        found: impl FnOnce() -> Result<Terms>,
    ) -> Result<Arc<Terms>> {
        let key = (field, stem.to_owned());
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(terms) = known().get(&key) {
            return Ok(Arc::clone(terms));
        }
        let terms = Arc::new(found()?);
        let mut known = known();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, Arc::clone(&terms));
        Ok(terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_looked_up_once_and_never_too_much_is_kept() {
        let stems = Stems::default();
        let (field, mut looked_up) = (Field::from_field_id(0), 0);
        for stem in ["car", "car", "factori", "car"] {
            let terms = stems.of(field, stem, || {
                looked_up += 1;
                Ok(Terms::from([(format!("{stem}s"), 1)]))
            });
            assert_eq!(*terms.unwrap(), Terms::from([(format!("{stem}s"), 1)]));
        }
        assert_eq!(looked_up, 2);
        for number in 0..=KEPT {
            stems.of(field, &number.to_string(), || Ok(Terms::new())).unwrap();
            assert!(stems.known.lock().unwrap().len() <= KEPT);
        }
    }
}
