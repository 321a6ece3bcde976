//! An index, queries → how many a process answers that has it open, all processors at work: what the service is
//! measured against.

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

/// Asks the lines of a file over and over, with snippets, and prints how many answers a second there were.
pub fn run(index: &Path, queries: &Path, seconds: u64) {
    let searcher = Index::open(index).unwrap().searcher().unwrap();
    let queries = fs::read_to_string(queries).unwrap();
    let queries: Vec<Query> = queries.lines().map(|query| Query::new(query).limit(LIMIT)).collect();
    for query in &queries {
        searcher.search(query).unwrap();
    }
    let answers = AtomicUsize::new(0);
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while begun.elapsed() < Duration::from_secs(seconds) {
                    let next = answers.fetch_add(1, Ordering::Relaxed);
                    std::hint::black_box(searcher.search(&queries[next % queries.len()]).unwrap());
                }
            });
        }
    });
    let answers = answers.into_inner() as f64 / begun.elapsed().as_secs_f64();
    println!("in process {answers:.0} requests/s");
}
