//! Tests on real releases: skipped unless `GZ_SEARCH_TEST_DATA` names the folder that holds them.

use std::{collections::BTreeMap, fs, path::Path};

use gz_search::{
    Index, Query, Searcher,
    analysis::{Analysis, Analyzer, Chinese},
    document::{Format, read},
    query::{Clause, Field},
    search::PassageInfo,
};
use serde_json::Value;

use crate::{
    first_pages::assert_first_pages,
    fixture::{Folder, Run},
};

fn hit_texts(run: &Run) -> Vec<String> {
    let page = run.json();
    let hits = page["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["passage"]["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn real_releases_are_indexed_and_found() {
    let Ok(data) = std::env::var("GZ_SEARCH_TEST_DATA") else {
        eprintln!("skipped: GZ_SEARCH_TEST_DATA is not set");
        return;
    };
    let folder = Folder::new();
    let run = folder.run(&["index", &format!("{data}/corpora/dev"), "--json"]);
    let report = run.json();
    assert!(report["documents"]["added"].as_u64().unwrap() > 500, "{report}");
    let query = |text: &str| folder.run(&["query", text, "--format", "json", "-n", "50"]);
    let lead = hit_texts(&query("lead pipes"));
    assert!(lead[0].to_lowercase().contains("lead pipe"), "{}", lead[0]);
    for text in ["粤港澳大湾区", "大湾区建设"] {
        let texts = hit_texts(&query(text));
        assert!(texts[0].contains("湾区") || texts[0].contains("灣區"), "{}", texts[0]);
    }
    // Simplified and Traditional queries find the same passages in the same order.
    let (traditional, simplified) = (query("預算").ids(), query("预算").ids());
    assert!(!traditional.is_empty());
    assert_eq!(traditional, simplified);
    assert_phrases_are_found_and_highlighted(&folder, &report);
    folder.run(&["index", concat!(env!("CARGO_MANIFEST_DIR"), "/seeds")]);
    assert_first_pages(&Index::open(folder.path("index")).unwrap().searcher().unwrap());
}

/// Draws 500 phrases from the passages, half of them Chinese. A search for each phrase must find the passage of the
/// phrase, and highlight the phrase at its position.
fn assert_phrases_are_found_and_highlighted(folder: &Folder, report: &Value) {
    let searcher = Index::open(folder.path("index")).unwrap().searcher().unwrap();
    let total = report["passages"].as_u64().unwrap() as usize;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |bound: usize| {
        // xorshift64 (Marsaglia 2003).
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % bound.max(1) as u64) as usize
    };
    let (mut english, mut chinese) = (0, 0);
    let mut passages = Vec::new();
    while english < 250 || chinese < 250 {
        let Some(passage): Option<PassageInfo> = passages.pop() else {
            let anything = Query::new("*").offset(next(total)).limit(20).width(20);
            let hits = searcher.search(&anything).unwrap().hits;
            passages = hits.into_iter().map(|hit| hit.passage).collect();
            continue;
        };
        let text = passage.text;
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(&text, &mut analysis);
        let tokens: Vec<_> = analysis.tokens.iter().collect();
        let length = 2 + next(7);
        if tokens.len() < length {
            continue;
        }
        let first = next(tokens.len() - length + 1);
        let (start, end) = (tokens[first].span.start, tokens[first + length - 1].span.end);
        let phrase = text.get(start..end).unwrap();
        let is_chinese = phrase.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let count = if is_chinese { &mut chinese } else { &mut english };
        if *count >= 250 {
            continue;
        }
        *count += 1;
        assert_found(&searcher, phrase, &passage.id, (start, end));
    }
}

fn assert_found(searcher: &Searcher, phrase: &str, id: &str, (start, end): (usize, usize)) {
    let quoted =
        format!("\"{}\"", phrase.replace('\\', "\\\\").replace(['"', '“', '”', '＂'], " "));
    let passage_id = Clause::Phrase { text: id.to_owned(), slop: 0 };
    let query = Query::new(&quoted).strict(true).width(1_000_000);
    let results =
        searcher.search(&query.filter(Clause::In(Field::Id, Box::new(passage_id)))).unwrap();
    let hit = results.hits.first().unwrap_or_else(|| panic!("{quoted} is not found in {id}"));
    let mut highlights = hit.snippet.fragments.iter().flat_map(|fragment| &fragment.highlights);
    // Overlapping occurrences of the phrase are one highlight.
    let is_highlighted = highlights.any(|span| span.start <= start && end <= span.end);
    assert!(is_highlighted, "{quoted} in {id}: {:?}", hit.snippet);
}

/// Takes each pair of documents that differ only in script. A search for a sentence of either document, and a search
/// for a quoted phrase of the sentence, must find both documents on the first page.
#[test]
fn documents_in_both_scripts_are_found_by_the_same_query() {
    let Ok(data) = std::env::var("GZ_SEARCH_TEST_DATA") else {
        eprintln!("skipped: GZ_SEARCH_TEST_DATA is not set");
        return;
    };
    let corpora = Path::new(&data).join("corpora");
    let pairs = fs::read_to_string(corpora.join("dev-PAIRS.tsv")).unwrap();
    let pairs: Vec<[&str; 2]> = pairs
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|columns| columns.last() == Some(&"same document, both scripts"))
        .map(|columns| [columns[0], columns[1]])
        .collect();
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    let mut texts = BTreeMap::new();
    for id in pairs.iter().flatten() {
        let bytes = fs::read(corpora.join("dev").join(id)).unwrap();
        let document = read(Format::detect(Path::new(id), &bytes).unwrap(), id, &bytes).unwrap();
        writer.add(&document).unwrap();
        texts.insert(*id, document.text);
    }
    writer.commit().unwrap();
    let searcher = index.searcher().unwrap();
    let finds = |query: Query, pair: &[&str; 2]| {
        let hits = searcher
            .search(&query.collapse(gz_search::query::Collapse::Document).limit(10))
            .unwrap()
            .hits;
        let hit_ids: Vec<String> = hits.into_iter().map(|hit| hit.document.id).collect();
        pair.iter().all(|id| hit_ids.iter().any(|hit_id| hit_id == id))
    };
    let (mut by_sentence, mut by_phrase) = (0, 0);
    for pair in &pairs {
        for text in pair.map(|id| &texts[id]) {
            let sentences = || text.split(['。', '\n']).filter(|sentence| sentence.len() > 90);
            let sentence = sentences().next().unwrap();
            assert!(finds(Query::new(sentence), pair), "{pair:?}: {sentence}");
            by_sentence += 1;
            // The wording differs in places, so one phrase that both documents contain is enough.
            let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            let mut phrases = sentences().flat_map(|sentence| sentence.split(|c| !is_han(c)));
            let phrase = phrases.find(|phrase| {
                let length = phrase.chars().count();
                (6..=14).contains(&length)
                    && finds(Query::new(format!("\"{phrase}\"")).strict(true), pair)
            });
            by_phrase += usize::from(phrase.is_some());
        }
    }
    println!("{by_sentence} of {} found by a sentence, {by_phrase} by a phrase", 2 * pairs.len());
    assert!(by_sentence >= 180 && by_phrase == by_sentence, "{by_phrase}");
}
