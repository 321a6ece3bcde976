//! Measures the time of each query of a folder with one engine in a running process.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use crate::{corpus, engine};

/// Number of runs of every query. The shortest run counts.
const ROUNDS: usize = 5;
/// Time after which no further round begins.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Prints the kind and the nanoseconds of each query.
///
/// Options: `--sum` prints the median and the 99th percentile of each kind instead, `--rank` leaves out snippets,
/// `--only=KIND` runs one kind, `--rounds=N` sets the number of rounds, for a profiler.
pub fn run(engine: &str, dir: &Path, options: &[&str]) {
    let snippets = !options.contains(&"--rank");
    let only = options.iter().find_map(|option| option.strip_prefix("--only="));
    let mut queries = corpus::queries(dir);
    queries.retain(|query| only.is_none_or(|only| query.kind() == only));
    let rounds = options.iter().find_map(|option| option.strip_prefix("--rounds="));
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let index = engine::open(engine, &dir.join(engine));
    let mut best = vec![Duration::MAX; queries.len()];
    let run_started = Instant::now();
    for round in 0..rounds {
        if round > 0 && run_started.elapsed() > TIME_LIMIT {
            break;
        }
        for (best, query) in best.iter_mut().zip(&queries) {
            let started = Instant::now();
            std::hint::black_box(index.search(query, snippets));
            *best = (*best).min(started.elapsed());
        }
    }
    if !options.contains(&"--sum") {
        for (query, time) in queries.iter().zip(best) {
            println!("{}\t{}", query.kind(), time.as_nanos());
        }
        return;
    }
    let mut kinds: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (query, time) in queries.iter().zip(best) {
        kinds.entry(query.kind()).or_default().push(time);
        kinds.entry("all").or_default().push(time);
    }
    for (kind, mut times) in kinds {
        times.sort_unstable();
        let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!("{engine}\t{kind}\t{median:.1?}\t{p99:.1?}");
    }
}
