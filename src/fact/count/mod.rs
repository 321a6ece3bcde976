//! Counts: finds the words that say of what a number without unit is a number.
//!
//! `english.rs` and `chinese.rs` find the counted things after a number; `evidence.rs` decides whether a bare number counts
//! at all.

mod chinese;
mod counted;
mod english;
mod evidence;

pub(super) use self::{
    chinese::chinese, counted::Counted, english::english, evidence::is_counting,
};
