//! Compares quantities and periods of real passages with labels made by a person: see tests/facts/README.md.

use std::{collections::BTreeMap, env, fs, path::Path};

use gz_search::{
    document::{Date, Format, read_all},
    fact::{Facts, Publication, facts},
    passage::passages,
};
use sha2::{Digest, Sha256};

use crate::fixture::Folder;

const LABELS: &str = include_str!("../facts/gold.tsv");
/// Sample that was drawn and labelled after the last change of a rule.
const UNSEEN_SAMPLE: &str = "5";
/// Least F1 of value and unit, share of right comparators among these quantities, and F1 of periods.
const LEAST: [f64; 3] = [0.95, 0.95, 0.93];
/// Largest amount by which the unseen sample may fall below the other samples.
const LARGEST_LOSS: f64 = 0.03;

/// Label of one quantity or period.
struct Label<'a> {
    is_quantity: bool,
    start: usize,
    end: usize,
    /// Value, or first day.
    value: &'a str,
    /// Name of the unit, or last day.
    unit: &'a str,
    comparator: &'a str,
}

/// Counts of one sample: labels, facts of the program, and pairs of both that agree.
#[derive(Default)]
struct Tally {
    quantity_labels: u32,
    quantities: u32,
    right_quantities: u32,
    right_comparators: u32,
    period_labels: u32,
    periods: u32,
    right_periods: u32,
}

impl Tally {
    fn add(&mut self, labels: &[Label<'_>], facts: &Facts) {
        let mut is_taken = vec![false; facts.quantities.len()];
        for label in labels.iter().filter(|label| label.is_quantity) {
            self.quantity_labels += 1;
            let found = facts.quantities.iter().zip(&mut is_taken).find(|(quantity, is_taken)| {
                let unit = quantity.unit.map_or("-", |unit| unit.name);
                !**is_taken
                    && quantity.span.start < label.end
                    && label.start < quantity.span.end
                    && quantity.value.to_string() == label.value
                    && unit == label.unit
            });
            if let Some((quantity, is_taken)) = found {
                *is_taken = true;
                self.right_quantities += 1;
                self.right_comparators += u32::from(quantity.comparator.sign() == label.comparator);
            }
        }
        self.quantities += facts.quantities.len() as u32;
        let day = |day: Option<Date>| day.map_or("?".to_owned(), |day| day.to_string());
        for label in labels.iter().filter(|label| !label.is_quantity) {
            self.period_labels += 1;
            let is_found = facts.periods.iter().any(|period| {
                period.span.start < label.end
                    && label.start < period.span.end
                    && day(period.from) == label.value
                    && day(period.to) == label.unit
            });
            self.right_periods += u32::from(is_found);
        }
        self.periods += facts.periods.len() as u32;
    }

    /// Returns F1 of value and unit, the share of right comparators, and F1 of periods.
    fn measures(&self) -> [f64; 3] {
        let f1 = |right: u32, labels: u32, found: u32| {
            2.0 * f64::from(right) / f64::from(labels + found).max(1.0)
        };
        [
            f1(self.right_quantities, self.quantity_labels, self.quantities),
            f64::from(self.right_comparators) / f64::from(self.right_quantities).max(1.0),
            f1(self.right_periods, self.period_labels, self.periods),
        ]
    }

    fn merge(&mut self, other: &Self) {
        self.quantity_labels += other.quantity_labels;
        self.quantities += other.quantities;
        self.right_quantities += other.right_quantities;
        self.right_comparators += other.right_comparators;
        self.period_labels += other.period_labels;
        self.periods += other.periods;
        self.right_periods += other.right_periods;
    }
}

#[test]
fn facts_agree_with_gold_labels() {
    let Ok(data) = env::var("GZ_SEARCH_TEST_DATA") else {
        eprintln!("skipped: GZ_SEARCH_TEST_DATA is not set");
        return;
    };
    let rows: Vec<Vec<&str>> =
        LABELS.lines().skip(1).map(|row| row.split('\t').collect()).collect();
    let files: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    let texts = passage_texts(&data, &files);
    let mut labels: BTreeMap<(&str, &str, &str), Vec<Label<'_>>> = BTreeMap::new();
    for row in &rows {
        let passage_labels = labels.entry((row[0], row[2], row[3])).or_default();
        if row[4] != "-" {
            passage_labels.push(Label {
                is_quantity: row[4] == "quantity",
                start: row[5].parse().unwrap(),
                end: row[6].parse().unwrap(),
                value: row[7],
                unit: row[8],
                comparator: row[9],
            });
        }
    }
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let (passages, mut missing) = (labels.len(), 0);
    for ((sample, hash, date), labels) in labels {
        // Readers of documents may come to split a text in another way.
        let Some(text) = texts.get(hash) else {
            missing += 1;
            continue;
        };
        let publication = Publication { date: date.parse().ok(), is_inferred: false };
        tallies.entry(sample).or_default().add(&labels, &facts(text, publication));
    }
    let mut seen = Tally::default();
    for (sample, tally) in &tallies {
        println!(
            "sample {sample}: {:?} {} quantities, {} periods",
            tally.measures(),
            tally.quantity_labels,
            tally.period_labels
        );
        if *sample != UNSEEN_SAMPLE {
            seen.merge(tally);
        }
    }
    println!("{missing} passages are not in the corpus any more");
    let (seen_measures, unseen_measures) = (seen.measures(), tallies[UNSEEN_SAMPLE].measures());
    println!("seen {seen_measures:?}, unseen {unseen_measures:?}");
    assert!(10 * missing <= passages, "{missing} of {passages} passages are missing");
    for ((seen, unseen), least) in seen_measures.into_iter().zip(unseen_measures).zip(LEAST) {
        assert!(seen >= least, "{seen} is below {least}");
        assert!(unseen >= seen - LARGEST_LOSS, "{unseen} is below {seen} by more than the limit");
    }
}

/// Returns the texts of all passages of the files with these hashes, by the first 16 hexadecimal digits of their
/// SHA-256.
fn passage_texts(data: &str, files: &[&str]) -> BTreeMap<String, String> {
    let manifest = fs::read_to_string(format!("{data}/corpora/dev-MANIFEST.jsonl")).unwrap();
    let mut texts = BTreeMap::new();
    for line in manifest.lines() {
        let file: serde_json::Value = serde_json::from_str(line).unwrap();
        if !files.contains(&file["sha256"].as_str().unwrap()) {
            continue;
        }
        let path = file["path"].as_str().unwrap();
        let bytes = fs::read(Path::new(data).join("corpora/dev").join(path)).unwrap();
        let format = Format::detect(Path::new(path), &bytes).unwrap();
        for document in read_all(format, path, &bytes).into_iter().flatten() {
            for passage in passages(&document) {
                let text = passage.span.of(&document.text);
                let hash = Sha256::digest(text.as_bytes());
                let first_bytes: [u8; 8] = hash.as_slice()[..8].try_into().unwrap();
                let hex = format!("{:016x}", u64::from_be_bytes(first_bytes));
                texts.insert(hex, text.to_owned());
            }
        }
    }
    texts
}

#[test]
fn figures_of_a_query_are_a_table() {
    let folder = Folder::with_sample();
    let run = folder.run(&["facts", "skilled", "talents", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let rows = run.json();
    let value = |value: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["value"] == value);
        row.unwrap_or_else(|| panic!("{value}: {run:?}")).clone()
    };
    let before = value("3530000");
    assert_eq!((&before["from"], &before["to"]), (&"2021-01-01".into(), &"2021-12-31".into()));
    assert_eq!(before["quantity"], "3.53 million");
    assert_eq!(before["speaker"], "Xia Jianbao");
    assert!(before["sentence"].as_str().unwrap().starts_with("The total number of skilled"));
    assert_eq!(value("19.5")["unit"], "%");
    let csv = folder.run(&["facts", "flying car"]);
    assert!(csv.out.starts_with("\u{FEFF}measure,value,unit,comparator,"), "{csv:?}");
    assert!(csv.out.contains(",1000000000000,CNY,more than,"), "{csv:?}");
    let markdown = folder.run(&["facts", "--format", "markdown", "--speaker", "Luo Zheng"]);
    assert!(markdown.out.contains("| more than 10000000 m2 |"), "{markdown:?}");
    assert_eq!(folder.run(&["facts", "qwertzuiop"]).code, 1);
}

#[test]
fn figures_of_the_sample_are_computed_again() {
    let folder = Folder::with_sample();
    let run = folder.run(&["facts", "--check", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let check = run.json();
    let derivations = check["derivations"].as_array().unwrap();
    for figure in ["19.5%", "30%", "38.1%"] {
        let is_confirmed = |derivation: &serde_json::Value| {
            derivation["figure"] == figure && derivation["agrees"] == true
        };
        assert!(derivations.iter().any(is_confirmed), "{figure}: {check}");
    }
    let markdown = folder.run(&["facts", "--check", "skilled"]);
    assert!(
        markdown.out.contains("- Confirmed: 19.5% as growth (3.53 million, 4.22 million)"),
        "{markdown:?}"
    );
    assert_eq!(folder.run(&["facts", "--check", "--format", "csv"]).code, 2);
}

#[test]
fn releases_with_different_figures_raise_a_question() {
    let folder = Folder::new();
    let release = |id: &str, sum: &str| {
        format!(
            "{{\"id\": \"{id}\", \"title\": \"Port news\", \"issuer\": \"Bureau of Ports\", \"text\": \"The total \
             container traffic of the port reached {sum} tonnes in 2024.\"}}\n"
        )
    };
    folder.write(
        "a.jsonl",
        &(release("a", "5.1 million") + &release("b", "5.4 million") + &release("c", "5 million")),
    );
    assert_eq!(folder.run(&["index", "a.jsonl"]).code, 0);
    let run = folder.run(&["facts", "--check", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let check = run.json();
    let values: Vec<(&str, &str)> = check["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| {
            let value = |side: &str| difference[side]["value"].as_str().unwrap();
            (value("first"), value("second"))
        })
        .collect();
    // 5 million may be 5.1 or 5.4 million after rounding, but 5.1 million is not 5.4 million.
    assert_eq!(values, [("5100000", "5400000")], "{check}");
}
