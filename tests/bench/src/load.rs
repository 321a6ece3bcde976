//! Measures the throughput of searches inside one process on all processors, as the baseline for the throughput of the
//! service.

use std::{
    fs,
    num::NonZero,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use gz_search::{Index, Query};

use crate::engine::LIMIT;

/// Runs the queries of a file repeatedly, with snippets, and prints the number of answers per second.
pub fn run(index: &Path, queries: &Path, seconds: u64) {
    let searcher = Index::open(index).unwrap().searcher().unwrap();
    let queries = fs::read_to_string(queries).unwrap();
    let queries: Vec<Query> = queries.lines().map(|query| Query::new(query).limit(LIMIT)).collect();
    for query in &queries {
        searcher.search(query).unwrap();
    }
    let answers = AtomicUsize::new(0);
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while started.elapsed() < Duration::from_secs(seconds) {
                    let next = answers.fetch_add(1, Ordering::Relaxed);
                    std::hint::black_box(searcher.search(&queries[next % queries.len()]).unwrap());
                }
            });
        }
    });
    let per_second = answers.into_inner() as f64 / started.elapsed().as_secs_f64();
    println!("in process {per_second:.0} requests/s");
}
