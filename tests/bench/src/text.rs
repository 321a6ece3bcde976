//! A corpus → the files that every engine reads: documents, their passages, and queries drawn from these.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;

pub use crate::ask::EACH;
use crate::{ask, engine::Script};

/// The documents.
pub const SOURCE: &str = "source.jsonl";
/// The texts of their passages.
pub const PASSAGES: &str = "passages.jsonl";
const QUERIES: &str = "queries.tsv";

/// Writes the first bytes of a corpus of gzipped JSON Lines below `data`, again from its beginning where it
/// is shorter; returns the folder.
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
            // A second time it is another document.
            document["id"] = format!("{round}:{}", document["id"].as_str().unwrap()).into();
            let line = document.to_string();
            written += line.len() as u64 + 1;
            writeln!(source, "{line}").unwrap();
            for document in gz_search::document::read_json_lines(SOURCE, line.as_bytes()).map(Result::unwrap) {
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
    let asks = ask::drawn(&sample, Script::of(&dir));
    let lines: Vec<String> = asks.iter().map(ask::Ask::line).collect();
    fs::write(dir.join(QUERIES), lines.join("\n") + "\n").unwrap();
    dir
}

/// Does something with each passage that lies beside the documents.
pub fn each_passage(source: &Path, mut done: impl FnMut(&str)) {
    let passages = File::open(source.with_file_name(PASSAGES)).unwrap();
    for line in BufReader::new(passages).lines() {
        let passage: String = serde_json::from_str(&line.unwrap()).unwrap();
        done(&passage);
    }
}

/// The queries of a folder that [`prepare`] made.
pub fn queries(dir: &Path) -> Vec<ask::Ask> {
    let lines = fs::read_to_string(dir.join(QUERIES)).unwrap();
    lines.lines().map(ask::Ask::parse).collect()
}

/// What a run of warm queries printed: the kind of each and its nanoseconds.
pub fn times(printed: &[u8]) -> Vec<(String, f64)> {
    let lines = std::str::from_utf8(printed).unwrap().lines();
    let times = lines.map(|line| {
        let (kind, time) = line.split_once('\t').unwrap();
        (kind.to_owned(), time.parse().unwrap())
    });
    times.collect()
}
