//! Snapshot of the query language: how each input is parsed, and what it matches and highlights.
//!
//! `language.txt` holds inputs (`?`), each followed by its query tree (`=`), its notes (`!`) and its hits (`>`), best
//! first. A hit is a document id, the highlights in the passage, and the highlights in the title. After an intended
//! change, `GZ_SEARCH_BLESS=1` rewrites the file: review the difference.

use std::{fmt::Write, fs, path::Path};

use gz_search::{Document, Index, Query, Searcher, query::Clause};

/// Returns releases short enough to read in the table.
fn releases() -> Vec<Document> {
    let release = |id: &str, title: &str, date: &str, issuer: &str, text: &str| {
        let mut release = Document::new(id, text);
        release.title = Some(title.to_owned()).filter(|title| !title.is_empty());
        release.date = date.parse().ok();
        release.issuer = Some(issuer.to_owned()).filter(|issuer| !issuer.is_empty());
        release.source = format!("/releases/{id}.txt");
        release.detect_lang();
        release
    };
    vec![
        release(
            "car",
            "Flying Car Factory Opens",
            "2025-12-17",
            "Bureau of Commerce",
            "the world’s first flying car mass production factory opened. it employs 39,000 people.",
        ),
        release(
            "cars",
            "",
            "2025-06-01",
            "",
            "cars were flying off the shelves. a car is not a plane; GDP grew by 1.5% in 2024.",
        ),
        release(
            "office",
            "",
            "2024-01-31",
            "Ministry of Finance",
            "the bureau for commerce met the bureau of trade. the city’s e-commerce grew, Li Wei, Director, said.",
        ),
        release(
            "energy",
            "",
            "",
            "",
            "solar power and wind power grew. wind came first. the U.S. followed with 2.25 million panels.",
        ),
        release(
            "plan",
            "",
            "2025-03-05",
            "",
            "the 2+14+N plan uses ＡＩ and C++ for café owners. colour and color are both written.",
        ),
        release(
            "gz",
            "广州市飞行汽车产业规划",
            "2025-12-17",
            "市工业和信息化局",
            "广州建成飞行汽车量产工厂。安装简单，成本下降。低空经济快速发展，新质生产力加快形成。",
        ),
        release(
            "hz",
            "",
            "2024-05-20",
            "",
            "惠州的汽水厂扩建，投资3.9万元。市商务局副局长罗政表示，粤港澳大湾区建设提速。",
        ),
        release("tw", "預算案", "2023-08-01", "行政院", "行政院通過總預算案，編列新台幣１２億元。"),
    ]
}

fn searcher() -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    for release in releases() {
        writer.add(&release).unwrap();
    }
    writer.commit().unwrap();
    index.searcher().unwrap()
}

/// Returns the lines of the table below an input.
fn answer(searcher: &Searcher, input: &str) -> String {
    let mut lines = String::new();
    writeln!(lines, "= {}", Clause::parse(input).0).unwrap();
    let results = searcher.search(&Query::new(input)).unwrap();
    for note in &results.notes {
        let kind = serde_json::to_value(note.kind).unwrap();
        writeln!(lines, "! {}: {}", kind.as_str().unwrap(), note.message).unwrap();
    }
    for hit in &results.hits {
        let fragments = hit.snippet.fragments.iter();
        let in_passage = fragments.flat_map(|fragment| &fragment.highlights);
        let in_passage: Vec<&str> = in_passage.map(|span| span.of(&hit.passage.text)).collect();
        write!(lines, "> {}: {}", hit.document.id, in_passage.join(" | ")).unwrap();
        let title = hit.document.title.as_deref().unwrap_or_default();
        let in_title: Vec<&str> = hit.snippet.title.iter().map(|span| span.of(title)).collect();
        if !in_title.is_empty() {
            write!(lines, " title: {}", in_title.join(" | ")).unwrap();
        }
        lines.push('\n');
    }
    lines
}

#[test]
fn parsed_queries_and_highlights_equal_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/language.txt");
    let table = fs::read_to_string(&path).unwrap();
    let searcher = searcher();
    let mut expected = String::new();
    let mut inputs = 0;
    for line in table.lines() {
        if let Some(input) = line.strip_prefix("? ") {
            inputs += 1;
            // The table writes control characters as JSON escapes.
            let input: String =
                serde_json::from_str(&format!("\"{}\"", input.replace('"', "\\\"")))
                    .unwrap_or_else(|_| input.to_owned());
            writeln!(expected, "{line}\n{}", answer(&searcher, &input).trim_end()).unwrap();
        } else if line.is_empty() || line.starts_with('#') {
            writeln!(expected, "{line}").unwrap();
        }
    }
    assert!(inputs >= 150, "{inputs}");
    if std::env::var_os("GZ_SEARCH_BLESS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    for (in_table, computed) in table.lines().zip(expected.lines()) {
        assert_eq!(in_table, computed);
    }
    assert_eq!(table.lines().count(), expected.lines().count());
}
