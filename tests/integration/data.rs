//! Real releases, where the measuring data is at hand.

use std::{collections::BTreeMap, fs, path::Path};

use gz_search::{
    Index, Query, Searcher,
    analysis::{Analysis, Analyzer, Chinese},
    document::{Format, read},
    query::{Clause, Field},
    search::PassageInfo,
};
use serde_json::Value;

use crate::fixture::{Folder, Run};

fn hit_texts(run: &Run) -> Vec<String> {
    let page = run.json();
    let hits = page["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["passage"]["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn real_releases_of_every_kind() {
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
        let found = hit_texts(&query(text));
        assert!(found[0].contains("湾区") || found[0].contains("灣區"), "{}", found[0]);
    }
    // Either script finds the same passages, in the same order.
    let (traditional, simplified) = (query("預算").ids(), query("预算").ids());
    assert!(!traditional.is_empty());
    assert_eq!(traditional, simplified);
    phrases_are_found_where_they_stand(&folder, &report);
}

/// 500 phrases drawn from the text itself, half of them Chinese: each is found in the passage that it
/// came from, and marked exactly there.
fn phrases_are_found_where_they_stand(folder: &Folder, report: &Value) {
    let searcher = Index::open(folder.path("index")).unwrap().searcher().unwrap();
    let total = report["passages"].as_u64().unwrap() as usize;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |bound: usize| {
        // The generator xorshift64 (Marsaglia).
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % bound.max(1) as u64) as usize
    };
    let (mut english, mut chinese) = (0, 0);
    let mut drawn = Vec::new();
    while english < 250 || chinese < 250 {
        let Some(passage): Option<PassageInfo> = drawn.pop() else {
            let anything = Query::new("*").offset(next(total)).limit(20).width(20);
            let hits = searcher.search(&anything).unwrap().hits;
            drawn = hits.into_iter().map(|hit| hit.passage).collect();
            continue;
        };
        let text = passage.text;
        let mut analysis = Analysis::default();
        Analyzer::new(Chinese::Off).tokens(&text, &mut analysis);
        let tokens: Vec<_> = analysis.tokens.iter().filter(|token| !token.extra).collect();
        let length = 2 + next(7);
        if tokens.len() < length {
            continue;
        }
        let first = next(tokens.len() - length + 1);
        let (start, end) = (tokens[first].span.start, tokens[first + length - 1].span.end);
        let phrase = text.get(start..end).unwrap();
        let is_chinese = phrase.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let counted = if is_chinese { &mut chinese } else { &mut english };
        if *counted >= 250 {
            continue;
        }
        *counted += 1;
        assert_found(&searcher, phrase, &passage.id, (start, end));
    }
}

fn assert_found(searcher: &Searcher, phrase: &str, id: &str, (start, end): (usize, usize)) {
    let quoted =
        format!("\"{}\"", phrase.replace('\\', "\\\\").replace(['"', '“', '”', '＂'], " "));
    let own = Clause::Phrase { text: id.to_owned(), slop: 0 };
    let query = Query::new(&quoted).strict(true).width(1_000_000);
    let results = searcher.search(&query.filter(Clause::In(Field::Id, Box::new(own)))).unwrap();
    let hit = results.hits.first().unwrap_or_else(|| panic!("{quoted} is not found in {id}"));
    let mut marked = hit.snippet.fragments.iter().flat_map(|fragment| &fragment.highlights);
    let is_marked = marked.any(|span| (span.start, span.end) == (start, end));
    assert!(is_marked, "{quoted} in {id}: {:?}", hit.snippet);
}

/// Both documents of each pair that differ in script only are found by a sentence of either, on the first
/// page, and by a phrase of it in quotes.
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
        let found: Vec<String> = hits.into_iter().map(|hit| hit.document.id).collect();
        pair.iter().all(|id| found.iter().any(|found| found == id))
    };
    let (mut by_sentence, mut by_phrase) = (0, 0);
    for pair in &pairs {
        for text in pair.map(|id| &texts[id]) {
            let sentences = || text.split(['。', '\n']).filter(|sentence| sentence.len() > 90);
            let sentence = sentences().next().unwrap();
            assert!(finds(Query::new(sentence), pair), "{pair:?}: {sentence}");
            by_sentence += 1;
            // Wording differs between the scripts here and there: a phrase that both have is enough.
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
    println!("{by_sentence} of {} by a sentence, {by_phrase} by a phrase", 2 * pairs.len());
    assert!(by_sentence >= 180 && by_phrase == by_sentence, "{by_phrase}");
}
