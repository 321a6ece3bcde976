//! Finds the words that name the things that a number without unit counts.
//!
//! `english.rs` and `chinese.rs` find the counted things after a number; `evidence.rs` decides whether a number without
//! unit counts anything.

mod chinese;
mod counted;
mod english;
mod evidence;

pub(super) use self::{
    chinese::things_counted_in_chinese, counted::CountedThings, english::things_counted_in_english,
    evidence::counts_things,
};
