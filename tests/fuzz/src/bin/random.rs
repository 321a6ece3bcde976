//! The targets with random inputs, on any compiler: `random parser 10000000 [SEED]`, or for so many seconds
//! (`600s`); `random documents/pdf 600s` begins with those seeds only whose names begin so. Prints each failure
//! with the shortest input that was found for it, what took longer than a second, and the slowest input;
//! the exit code is 1 after a failure or a slow input.

use std::{path::Path, process::ExitCode, time::Duration};

use gz_search_fuzz::run::{Length, run};

/// An input that takes longer is a failure.
const LIMIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seed = arguments.get(2).map_or(Some(1), |seed| seed.parse().ok());
    let length = arguments.get(1).and_then(|argument| Length::read(argument));
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let done = match (length, seed) {
        (Some(length), Some(seed)) => run(&seeds, &arguments[0], length, seed, LIMIT),
        _ => None,
    };
    let Some(sound) = done else {
        eprintln!(
            "usage: random parser|highlighter|documents[/FORMAT]|folder|service COUNT|SECONDSs [SEED]"
        );
        return ExitCode::from(2);
    };
    ExitCode::from(u8::from(!sound))
}
