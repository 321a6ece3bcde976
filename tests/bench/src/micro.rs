//! Measures the time of each stage, for English and for Chinese: `cargo bench --manifest-path tests/bench/Cargo.toml`.
//!
//! The text is the beginning of `GZ_SEARCH_TEST_DATA/corpora/speed`; if the variable is unset, the text is the sample
//! release, for both languages.

use std::{
    env,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    sync::LazyLock,
};

use divan::{Bencher, black_box, counter::BytesCount};
use flate2::read::MultiGzDecoder;
use gz_search::{
    Document, Index, Query, SearchResults, Searcher,
    analysis::{Analysis, Analyzer, Chinese},
    render,
    span::OffsetUnit,
};

/// Number of bytes of text in each language.
const BYTES: usize = 1_000_000;
const TEXTS: [&str; 2] = ["en", "zh-Hans"];

/// Input of every stage in one language.
struct Text {
    lines: String,
    documents: Vec<Document>,
    passages: Vec<String>,
    queries: Vec<&'static str>,
    searcher: Searcher,
    results: SearchResults,
}

impl Text {
    fn new(name: &str) -> Self {
        let lines = lines(name);
        let documents: Vec<Document> = gz_search::document::read_json_lines(name, lines.as_bytes())
            .map(Result::unwrap)
            .collect();
        let texts = documents.iter().flat_map(|document| {
            let passages = gz_search::passage::passages(document).into_iter();
            passages.map(|passage| passage.span.of(&document.text).to_owned())
        });
        let passages = texts.collect();
        let queries = match name {
            "en" => vec![
                "government",
                "\"climate change\"",
                "new energy car*",
                "what did the president say about taxes",
            ],
            _ => vec!["经济", "\"高质量发展\"", "新能源 汽车", "政府如何支持中小企业发展"],
        };
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        documents.iter().for_each(|document| writer.add(document).unwrap());
        writer.commit().unwrap();
        let searcher = index.searcher().unwrap();
        let results = searcher.search(&Query::new(queries[0])).unwrap();
        Self { lines, documents, passages, queries, searcher, results }
    }

    fn of(name: &str) -> &'static Self {
        static BOTH: LazyLock<[Text; 2]> = LazyLock::new(|| TEXTS.map(Text::new));
        &BOTH[usize::from(name != TEXTS[0])]
    }

    fn bytes(&self) -> BytesCount {
        BytesCount::new(self.passages.iter().map(String::len).sum::<usize>())
    }
}

/// Returns documents as JSON Lines.
fn lines(name: &str) -> String {
    let Some(data) = env::var_os("GZ_SEARCH_TEST_DATA") else {
        let sample =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds/000_a379037c3665faf0.txt");
        let text = std::fs::read_to_string(sample).unwrap();
        let line =
            |number: usize| serde_json::json!({"id": number.to_string(), "text": text}).to_string();
        return (0..BYTES / text.len()).map(|number| line(number) + "\n").collect();
    };
    let path = Path::new(&data).join(format!("corpora/speed/{name}.jsonl.gz"));
    let mut text = BufReader::new(MultiGzDecoder::new(File::open(path).unwrap()));
    let mut lines = String::new();
    while lines.len() < BYTES && text.read_line(&mut lines).unwrap() > 0 {}
    lines
}

#[divan::bench(args = TEXTS)]
fn read(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.counter(text.bytes()).bench(|| {
        gz_search::document::read_json_lines(name, text.lines.as_bytes())
            .map(Result::unwrap)
            .for_each(|document| {
                black_box(document);
            });
    });
}

#[divan::bench(args = TEXTS)]
fn split(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.counter(text.bytes()).bench(|| {
        text.documents.iter().for_each(|document| {
            black_box(gz_search::passage::passages(document));
        });
    });
}

#[divan::bench(args = TEXTS)]
fn tokens(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    let (analyzer, mut analysis) = (Analyzer::new(Chinese::Auto), Analysis::default());
    bencher.counter(text.bytes()).bench_local(|| {
        for passage in &text.passages {
            analyzer.tokens(passage, &mut analysis);
            black_box(analyzer.words(&analysis));
        }
    });
}

#[divan::bench(args = TEXTS, sample_count = 10)]
fn index(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.counter(text.bytes()).bench(|| {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        text.documents.iter().for_each(|document| writer.add(document).unwrap());
        writer.commit().unwrap()
    });
}

#[divan::bench(args = TEXTS)]
fn parse(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.bench(|| {
        text.queries.iter().map(|query| gz_search::query::Clause::parse(query)).collect::<Vec<_>>()
    });
}

/// Measures ranking alone: ids and scores.
#[divan::bench(args = TEXTS)]
fn ranking(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.bench(|| {
        let rankings =
            text.queries.iter().map(|query| text.searcher.ranking(&Query::new(*query)).unwrap());
        rankings.map(|ranking| ranking.len()).sum::<usize>()
    });
}

/// Measures whole searches, with snippets and metadata.
#[divan::bench(args = TEXTS)]
fn search(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.bench(|| {
        let pages =
            text.queries.iter().map(|query| text.searcher.search(&Query::new(*query)).unwrap());
        pages.map(|results| results.hits.len()).sum::<usize>()
    });
}

/// Measures highlighting of the passages of one page.
#[divan::bench(args = TEXTS)]
fn highlight(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    let query = Query::new(text.queries[0]);
    bencher.bench(|| {
        let hits = text.results.hits.iter();
        hits.map(|hit| text.searcher.highlights(&query, &hit.passage.text).unwrap().len())
            .sum::<usize>()
    });
}

#[divan::bench(args = TEXTS)]
fn render_json(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.bench(|| render::json(&text.results, OffsetUnit::Utf8));
}

#[divan::bench(args = TEXTS)]
fn render_html(bencher: Bencher<'_, '_>, name: &str) {
    let text = Text::of(name);
    bencher.bench(|| render::html(&text.results));
}

fn main() {
    divan::main();
}
