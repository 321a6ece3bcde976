//! Measures how long slow queries go on after their deadline.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use gz_search::{
    Index, Query,
    query::{Collapse, Facet, Sort},
};

use crate::queries::Random;

/// Number of slow queries.
const QUERIES: usize = 1_000;
/// Frequent English words, of which the slow queries consist.
const FREQUENT_WORDS: [&str; 24] = [
    "the",
    "that",
    "have",
    "with",
    "this",
    "from",
    "they",
    "were",
    "been",
    "which",
    "their",
    "there",
    "would",
    "about",
    "people",
    "government",
    "president",
    "states",
    "united",
    "will",
    "year",
    "make",
    "american",
    "public",
];

/// Runs slow queries with each of several deadlines, and prints how long the queries went on after their deadline.
pub fn run(index: &Path) {
    let searcher = Index::open(index).unwrap().searcher().unwrap();
    println!("deadline ms\tended late\tmedian ms late\t99 % ms late\tmost ms late");
    for deadline in [5, 20, 100].map(Duration::from_millis) {
        let mut random = Random::new(7);
        let mut overruns: Vec<f64> = Vec::new();
        for _ in 0..QUERIES {
            let query = slow_query(&mut random).timeout(deadline);
            let started = Instant::now();
            // A search that finds nothing in time is an error.
            let _ = std::hint::black_box(searcher.search(&query));
            overruns.extend(
                started.elapsed().checked_sub(deadline).map(|late| late.as_secs_f64() * 1e3),
            );
        }
        overruns.sort_by(f64::total_cmp);
        let quantile = |share: f64| {
            let index = (overruns.len() as f64 * share) as usize;
            overruns.get(index.min(overruns.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        let (median, high, most) = (quantile(0.5), quantile(0.99), quantile(1.0));
        let millis = deadline.as_millis();
        println!("{millis}\t{}\t{median:.1}\t{high:.1}\t{most:.1}", overruns.len());
    }
}

/// Draws a query of clauses that read many postings, with facets, often in an order or grouping that needs every match.
fn slow_query(random: &mut Random) -> Query {
    let mut words = |count: usize| -> Vec<&str> {
        (0..count).map(|_| FREQUENT_WORDS[random.below(FREQUENT_WORDS.len())]).collect()
    };
    let all = words(12);
    let text = match random.below(7) {
        0 => format!("({} OR {}) NEAR/50 ({} OR {})", all[0], all[1], all[2], all[3]),
        1 => "a* c* s* t* p*".to_owned(),
        2 => format!("{}~2 {}~2 {}~2", all[0], all[1], all[2]),
        3 => format!("({}) SAME ({}) -zebra", all[..3].join(" "), all[3..6].join(" ")),
        4 => "/[a-z]*tion.*/ /.*a.*e.*/".to_owned(),
        5 => format!("any:({})", all.join(" ")),
        _ => format!("\"{}\"~50 {}", all[..3].join(" "), all[3]),
    };
    let query = Query::new(text).limit(50).facets(Facet::ALL);
    match random.below(3) {
        0 => query.sort(Sort::Date),
        1 => query.collapse(Collapse::Near),
        _ => query,
    }
}
