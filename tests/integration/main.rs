//! The command and the library as their users call them: few tests, through the whole line.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod damage;
mod data;
mod evaluate;
mod fixture;
mod flags;
mod gold;
mod help;
mod hostile;
mod language;
mod library;
mod machine;
mod memory;
mod query;
#[path = "../random.rs"]
mod random;
mod readme;
mod relevance;
mod repair;
mod suggest;
mod together;
mod update;
mod versions;
mod walk;
mod watch;
mod words;
