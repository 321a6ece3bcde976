//! Every fuzz target with the tests: its seeds, among them what once failed, and a few seconds of random
//! inputs; `GZ_SEARCH_FUZZ=SECONDS` for each.
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]
#![allow(clippy::print_stdout, reason = "an input that fails is to be seen")]
#![allow(clippy::missing_panics_doc, clippy::string_slice, reason = "a target fails by a panic")]
#![allow(dead_code, unreachable_pub, reason = "the targets are a library, too")]

#[path = "src/lib.rs"]
mod targets;

use std::{collections::BTreeSet, path::Path, time::Duration};

use targets::{
    TARGETS,
    run::{Length, run},
};

/// These tests are not optimized, and others run at the same time.
const LIMIT: Duration = Duration::from_secs(20);

fn holds(name: &str) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds");
    let seconds =
        std::env::var("GZ_SEARCH_FUZZ").map_or(2, |seconds| seconds.parse().expect("seconds"));
    println!("{name}:");
    let length = Length::Time(Duration::from_secs(seconds));
    assert_eq!(run(&seeds, name, length, seconds, LIMIT), Some(true), "{name}, see above");
}

macro_rules! every_target {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            holds(stringify!($name));
        })*

        #[test]
        fn no_target_is_left_out() {
            let names = TARGETS.map(|(name, _)| name);
            assert_eq!(BTreeSet::from(names), BTreeSet::from([$(stringify!($name)),*]));
        }
    };
}

every_target!(parser highlighter folder service documents);
