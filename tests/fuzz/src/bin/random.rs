//! Runs a target with random inputs on any compiler: `random parser 10000000 [SEED]` for a number of inputs, `random
//! parser 600s` for a number of seconds, `random documents/pdf 600s` with only the seeds whose names begin with
//! `pdf`. Prints each failure with a shrunk input, inputs that take longer than a second, and the slowest input. The
//! exit code is 1 after a failure or a slow input.

use std::{path::Path, process::ExitCode, time::Duration};

use gz_search_fuzz::run::{Length, run};

/// Maximum time of an input. An input that takes longer is a failure.
const LIMIT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seed = arguments.get(2).map_or(Some(1), |seed| seed.parse().ok());
    let length = arguments.get(1).and_then(|argument| Length::read(argument));
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let outcome = match (length, seed) {
        (Some(length), Some(seed)) => run(&seeds, &arguments[0], length, seed, LIMIT),
        _ => None,
    };
    let Some(passed) = outcome else {
        eprintln!(
            "usage: random parser|highlighter|documents[/FORMAT]|folder|service COUNT|SECONDSs [SEED]"
        );
        return ExitCode::from(2);
    };
    ExitCode::from(u8::from(!passed))
}
