//! Runs every fuzz target as a test: all seeds, among them inputs that once failed, and a few seconds of random inputs
//! (`GZ_SEARCH_FUZZ=SECONDS` for each target).
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]
#![allow(clippy::print_stdout, reason = "failing inputs are printed")]
#![allow(clippy::missing_panics_doc, clippy::string_slice, reason = "a target fails by a panic")]
#![allow(dead_code, unreachable_pub, reason = "the targets are a library, too")]

#[path = "src/lib.rs"]
mod targets;

use std::{collections::BTreeSet, path::Path, time::Duration};

use targets::{
    TARGETS,
    run::{Length, run},
};

/// Time limit for one input. It is high because tests are not optimized and run beside others.
const LIMIT: Duration = Duration::from_secs(20);

fn run_target(name: &str) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds");
    let seconds =
        std::env::var("GZ_SEARCH_FUZZ").map_or(2, |seconds| seconds.parse().expect("seconds"));
    println!("{name}:");
    let length = Length::Time(Duration::from_secs(seconds));
    assert_eq!(
        run(&seeds, name, length, seconds, LIMIT),
        Some(true),
        "{name}: the failures are printed above"
    );
}

macro_rules! every_target {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run_target(stringify!($name));
        })*

        #[test]
        fn every_target_has_a_test() {
            let names = TARGETS.map(|(name, _)| name);
            assert_eq!(BTreeSet::from(names), BTreeSet::from([$(stringify!($name)),*]));
        }
    };
}

every_target!(parser highlighter folder service documents);
