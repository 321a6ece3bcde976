//! End-to-end tests of the command and the library.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod batch;
mod concurrency;
mod configuration;
mod damage;
mod declared_fields;
mod evaluate;
mod facts;
mod figure_windows;
mod file_selection;
mod first_pages;
mod first_steps;
mod fixture;
mod gold;
mod help;
mod hostile;
mod interruption;
mod language;
mod left_out;
mod library;
mod memory;
mod nesting;
#[cfg(feature = "pdf")]
mod ocr;
mod query;
mod query_options;
#[path = "../random.rs"]
mod random;
mod readme;
mod real_releases;
mod relevance;
mod repair;
mod several_indexes;
mod suggest;
mod system_limits;
mod update;
mod versions;
mod watch;
mod word_variants;
