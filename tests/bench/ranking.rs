//! What a page of ten costs beside plain tantivy: the same passages, its default analyzer, any word matching,
//! its own BM25 and pruning. Prints the median and the 99th percentile of each kind of query, and their ratio.
//!
//! ```text
//! cargo bench --bench ranking -- corpora/speed/en.jsonl.gz [MEGABYTES]
//! ```
//!
//! Queries are drawn from the text itself, always the same ones.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark stops where something is wrong, and prints"
)]

use std::{
    env,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    time::{Duration, Instant},
};

use flate2::read::MultiGzDecoder;
use gz_search::{Document, Index, Query, Searcher};
use tantivy::{
    TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, TermQuery},
    schema::{Field, IndexRecordOption, STORED, Schema, TEXT},
};

const QUERIES: usize = 200;
const ROUNDS: usize = 5;

fn main() {
    let mut arguments = env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(path) = arguments.next() else {
        println!("skipped: name a gzipped file of JSON Lines, and how many MB of it");
        return;
    };
    let megabytes: usize = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(100);
    let documents = documents(Path::new(&path), megabytes * 1_000_000);
    let passages = passages(&documents);
    println!("{} documents, {} passages", documents.len(), passages.len());
    let ours = ours(&documents);
    let (plain, text) = plain(&passages);
    println!("words\tours median\tours p99\tplain median\tplain p99\tratio of medians");
    for words in [1, 2, 3, 8] {
        let queries = queries(&passages, words);
        let mut a = times(&queries, |query| {
            ours.ranking(&Query::new(query.join(" ")).limit(10).strict(true)).unwrap().len()
        });
        let mut b = times(&queries, |query| {
            let words = query.iter().map(|word| {
                let term = Term::from_field_text(text, word);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                (Occur::Should, Box::new(query) as Box<dyn tantivy::query::Query>)
            });
            let any = BooleanQuery::new(words.collect());
            plain.search(&any, &TopDocs::with_limit(10).order_by_score()).unwrap().len()
        });
        let (ours, plain) = (summary(&mut a), summary(&mut b));
        let ratio = ours.0.as_secs_f64() / plain.0.as_secs_f64();
        println!(
            "{words}\t{:.0?}\t{:.0?}\t{:.0?}\t{:.0?}\t{ratio:.2}",
            ours.0, ours.1, plain.0, plain.1
        );
    }
}

fn documents(path: &Path, bytes: usize) -> Vec<Document> {
    let lines = BufReader::new(MultiGzDecoder::new(File::open(path).unwrap())).lines();
    let mut left = bytes;
    let mut documents = Vec::new();
    for line in lines.map(Result::unwrap) {
        let Some(rest) = left.checked_sub(line.len()) else { break };
        left = rest;
        documents.extend(gz_search::json_lines("x", line.as_bytes()).map(Result::unwrap));
    }
    for (number, document) in documents.iter_mut().enumerate() {
        document.id = number.to_string();
    }
    documents
}

fn passages(documents: &[Document]) -> Vec<String> {
    let of = |document: &Document| {
        let passages = gz_search::passages(document);
        passages.into_iter().map(|passage| passage.span.of(&document.text).to_owned()).collect()
    };
    documents.iter().flat_map(|document| -> Vec<String> { of(document) }).collect()
}

fn ours(documents: &[Document]) -> Searcher {
    let folder = tempfile::tempdir().unwrap().keep();
    let index = Index::create(&folder).unwrap();
    let writer = index.writer().unwrap();
    for document in documents {
        writer.add(document).unwrap();
    }
    writer.commit().unwrap();
    index.searcher().unwrap()
}

fn plain(passages: &[String]) -> (tantivy::Searcher, Field) {
    let mut schema = Schema::builder();
    let text = schema.add_text_field("text", TEXT | STORED);
    let folder = tempfile::tempdir().unwrap().keep();
    let index = tantivy::Index::create_in_dir(&folder, schema.build()).unwrap();
    let mut writer = index.writer_with_num_threads(2, 256 << 20).unwrap();
    for passage in passages {
        let mut document = TantivyDocument::new();
        document.add_text(text, passage);
        writer.add_document(document).unwrap();
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    (index.reader().unwrap().searcher(), text)
}

/// Words of four letters and more from one sentence's reach of one passage each.
fn queries(passages: &[String], words: usize) -> Vec<Vec<String>> {
    let mut state: u64 = 42 + words as u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut queries = Vec::new();
    while queries.len() < QUERIES {
        let passage = &passages[next(passages.len())];
        let found: Vec<String> = passage
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| word.len() >= 4)
            .map(str::to_lowercase)
            .collect();
        if found.len() >= words + 4 {
            let first = next(found.len() - words);
            queries.push(found[first..first + words].to_vec());
        }
    }
    queries
}

/// The shortest time of several rounds for each query.
fn times(queries: &[Vec<String>], search: impl Fn(&[String]) -> usize) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; queries.len()];
    for _ in 0..ROUNDS {
        for (best, query) in best.iter_mut().zip(queries) {
            let started = Instant::now();
            std::hint::black_box(search(query));
            *best = (*best).min(started.elapsed());
        }
    }
    best
}

fn summary(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}
