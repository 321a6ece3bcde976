//! Prepares a corpus: writes the files that every engine reads (documents, passages, and queries drawn from the
//! passages).

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;

pub use crate::queries::QUERIES_PER_KIND;
use crate::{
    engine::Script,
    queries::{BenchQuery, draw},
};

/// File of the documents.
pub const SOURCE: &str = "source.jsonl";
/// File of the passage texts.
pub const PASSAGES: &str = "passages.jsonl";
const QUERIES: &str = "queries.tsv";

/// Writes the first `bytes` of a corpus of gzipped JSON Lines to a folder below `data` and returns the folder. A
/// shorter corpus is repeated.
pub fn prepare(corpus: &Path, bytes: u64, data: &Path) -> PathBuf {
    let name = corpus.file_name().unwrap().to_string_lossy();
    let name = name.split('.').next().unwrap();
    let dir = data.join(format!("{name}-{}", bytes / 1_000_000));
    if dir.join(QUERIES).exists() {
        return dir;
    }
    fs::create_dir_all(&dir).unwrap();
    let mut source = BufWriter::new(File::create(dir.join(SOURCE)).unwrap());
    let mut passages = BufWriter::new(File::create(dir.join(PASSAGES)).unwrap());
    let mut sample = Vec::new();
    let (mut written, mut round, mut seen) = (0, 0, 0_usize);
    while written < bytes {
        let lines = BufReader::new(MultiGzDecoder::new(File::open(corpus).unwrap())).lines();
        for line in lines.map(Result::unwrap) {
            let mut document: serde_json::Value = serde_json::from_str(&line).unwrap();
            // Repeated documents need ids of their own.
            document["id"] = format!("{round}:{}", document["id"].as_str().unwrap()).into();
            let line = document.to_string();
            written += line.len() as u64 + 1;
            writeln!(source, "{line}").unwrap();
            for document in
                gz_search::document::read_json_lines(SOURCE, line.as_bytes()).map(Result::unwrap)
            {
                for passage in gz_search::passage::passages(&document) {
                    let text = passage.span.of(&document.text);
                    writeln!(passages, "{}", serde_json::Value::from(text)).unwrap();
                    seen += 1;
                    if seen.is_multiple_of(8) && sample.len() < 100_000 {
                        sample.push(text.to_owned());
                    }
                }
            }
            if written >= bytes {
                break;
            }
        }
        round += 1;
    }
    source.flush().unwrap();
    passages.flush().unwrap();
    let queries = draw(&sample, Script::of(&dir));
    let lines: Vec<String> = queries.iter().map(BenchQuery::line).collect();
    fs::write(dir.join(QUERIES), lines.join("\n") + "\n").unwrap();
    dir
}

/// Calls `visit` with each passage of the folder of `source`.
pub fn for_each_passage(source: &Path, mut visit: impl FnMut(&str)) {
    let passages = File::open(source.with_file_name(PASSAGES)).unwrap();
    for line in BufReader::new(passages).lines() {
        let passage: String = serde_json::from_str(&line.unwrap()).unwrap();
        visit(&passage);
    }
}

/// Returns the queries of a folder that [`prepare`] wrote.
pub fn queries(dir: &Path) -> Vec<BenchQuery> {
    let lines = fs::read_to_string(dir.join(QUERIES)).unwrap();
    lines.lines().map(BenchQuery::parse).collect()
}

/// Parses the output of a run of warm queries: the kind of each query and its nanoseconds.
pub fn times(printed: &[u8]) -> Vec<(String, f64)> {
    let lines = std::str::from_utf8(printed).unwrap().lines();
    let times = lines.map(|line| {
        let (kind, time) = line.split_once('\t').unwrap();
        (kind.to_owned(), time.parse().unwrap())
    });
    times.collect()
}
