//! One engine, one folder → how long each of its queries takes in a process that goes on.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use crate::{engine, text};

/// Every query is asked so often; the shortest time counts.
const ROUNDS: usize = 5;
/// No round is begun after so much time.
const ENOUGH: Duration = Duration::from_secs(60);

/// Prints a line for each query: its kind and its nanoseconds; with `--sum` the median and the 99th percentile
/// of each kind, with `--rank` without snippets, with `--only=KIND` of one kind, with `--rounds=N` for a profiler.
pub fn run(engine: &str, dir: &Path, options: &[&str]) {
    let snippets = !options.contains(&"--rank");
    let only = options.iter().find_map(|option| option.strip_prefix("--only="));
    let mut asks = text::queries(dir);
    asks.retain(|ask| only.is_none_or(|only| ask.kind() == only));
    let rounds = options.iter().find_map(|option| option.strip_prefix("--rounds="));
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let open = engine::open(engine, &dir.join(engine));
    let mut best = vec![Duration::MAX; asks.len()];
    let begun = Instant::now();
    for round in 0..rounds {
        if round > 0 && begun.elapsed() > ENOUGH {
            break;
        }
        for (best, ask) in best.iter_mut().zip(&asks) {
            let started = Instant::now();
            std::hint::black_box(open.search(ask, snippets));
            *best = (*best).min(started.elapsed());
        }
    }
    if !options.contains(&"--sum") {
        for (ask, time) in asks.iter().zip(best) {
            println!("{}\t{}", ask.kind(), time.as_nanos());
        }
        return;
    }
    let mut kinds: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (ask, time) in asks.iter().zip(best) {
        kinds.entry(ask.kind()).or_default().push(time);
        kinds.entry("all").or_default().push(time);
    }
    for (kind, mut times) in kinds {
        times.sort_unstable();
        let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!("{engine}\t{kind}\t{median:.1?}\t{p99:.1?}");
    }
}
