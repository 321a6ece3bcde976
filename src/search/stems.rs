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
