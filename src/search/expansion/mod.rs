//! TODO.

mod abbreviations;
mod compounds;
mod spelling_variants;
mod terms;

pub(crate) use self::terms::{edits, stem_of};
pub(super) use self::{
    spelling_variants::widen,
    terms::{TermFrequencies, expand, expand_words, form_prefix, has_forms, spelled},
};
