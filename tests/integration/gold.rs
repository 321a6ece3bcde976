//! Compares metadata and body limits of real files with labels made by a person: see tests/documents/README.md.

use std::{collections::BTreeMap, env, fmt::Write, fs, path::Path};

use gz_search::{
    Document,
    document::{Block, BlockKind, Format, read_all},
    passage::{Passage, passages},
};
use sha2::{Digest, Sha256};

const LABELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/documents/gold.tsv");
/// Labelled fields, each with the minimum share of labels that the reader must meet. `None` for a field that people
/// label differently.
const FIELDS: [(&str, Option<f64>); 6] = [
    ("title", Some(0.95)),
    ("date", Some(0.95)),
    ("issuer", Some(0.90)),
    ("headings", None),
    ("first", Some(0.90)),
    ("last", Some(0.90)),
];
/// Fields whose precision and recall are counted, each with the minima.
const INFERRED_FIELDS: [(&str, f64, f64); 2] = [("date", 0.99, 0.95), ("issuer", 0.97, 0.90)];
/// Label of a field that the file does not contain.
const NOTHING: &str = "-";
/// Samples for which precision and recall are required.
const NEW_SAMPLES: [&str; 2] = ["3", "4"];
/// Number of letters of the first and of the last sentence that are compared.
const LETTERS: usize = 20;

#[test]
fn extracted_fields_agree_with_gold_labels() {
    let Ok(data) = env::var("GZ_SEARCH_TEST_DATA") else {
        eprintln!("skipped: GZ_SEARCH_TEST_DATA is not set");
        return;
    };
    let paths = paths(&format!("{data}/corpora/dev-MANIFEST.jsonl"));
    let mut met: BTreeMap<(String, &str), (u32, u32)> = BTreeMap::new();
    let mut tallies: BTreeMap<(String, &str), Tally> = BTreeMap::new();
    for label in fs::read_to_string(LABELS).unwrap().lines().skip(1) {
        let columns: Vec<&str> = label.split('\t').collect();
        let (sample, name) = (columns[0], columns[1]);
        let (hash, line) = name.split_once(':').unwrap_or((name, "1"));
        let path = &paths[hash];
        let document = document(&format!("{data}/corpora/dev"), path, line.parse().unwrap());
        let values = extracted(&document);
        for (((field, _), label), value) in FIELDS.iter().zip(&columns[2..]).zip(&values) {
            if label.is_empty() {
                continue;
            }
            let meets = label.split('|').any(|answer| agrees(field, answer, value));
            let counts = met.entry((sample.to_owned(), field)).or_default();
            *counts = (counts.0 + u32::from(meets), counts.1 + 1);
            let may_be_absent = label.split('|').any(|answer| answer == NOTHING);
            let tally = tallies.entry((sample.to_owned(), field)).or_default();
            tally.add(value != NOTHING, meets, may_be_absent);
            if !meets {
                println!("{name} {field}: {path} {:?}", short(value));
            }
        }
    }
    let mut missed = String::new();
    for ((sample, field), (met, all)) in met {
        let share = f64::from(met) / f64::from(all);
        println!("sample {sample} {field}: {met} of {all}, {:.1} %", 100.0 * share);
        let least = FIELDS.iter().find(|(name, _)| *name == field).and_then(|(_, least)| *least);
        if least.is_some_and(|least| share < least) {
            write!(missed, " {field} of sample {sample}").unwrap();
        }
    }
    for (field, min_precision, min_recall) in INFERRED_FIELDS {
        for ((sample, _), tally) in tallies.iter().filter(|((_, other), _)| *other == field) {
            let (precision, recall) = tally.precision_and_recall();
            println!("sample {sample} {field}: precision {precision:.3}, recall {recall:.3}");
            if NEW_SAMPLES.contains(&sample.as_str())
                && (precision < min_precision || recall < min_recall)
            {
                write!(missed, " precision or recall of {field} of sample {sample}").unwrap();
            }
        }
    }
    assert!(missed.is_empty(), "too few labels met:{missed}");
}

/// Counts of one field of a sample.
#[derive(Default)]
struct Tally {
    right: u32,
    wrong: u32,
    /// Fields that the file states but the reader does not find.
    absent: u32,
}

impl Tally {
    fn add(&mut self, has_value: bool, meets: bool, may_be_absent: bool) {
        match (has_value, meets) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, _) => self.absent += u32::from(!may_be_absent),
        }
    }

    /// Returns the share of values that are right, and the share of stated fields that are found.
    fn precision_and_recall(&self) -> (f64, f64) {
        let right = f64::from(self.right);
        let found = right + f64::from(self.wrong);
        (right / found.max(1.0), right / (found + f64::from(self.absent)).max(1.0))
    }
}

/// Writes the hashed labels from the plain ones in the file `GZ_SEARCH_LABELS`, which are never committed.
#[test]
fn labels_are_written_as_hashes() {
    let Ok(plain) = env::var("GZ_SEARCH_LABELS") else {
        println!("skipped: GZ_SEARCH_LABELS names no plain labels");
        return;
    };
    let plain = fs::read_to_string(plain).unwrap();
    let mut hashed = "sample\tfile\ttitle\tdate\tissuer\theadings\tfirst\tlast\n".to_owned();
    for line in plain.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        hashed.push_str(&columns[..2].join("\t"));
        for ((field, _), plain) in FIELDS.iter().zip(&columns[2..]) {
            let answers: Vec<String> =
                plain.split('¦').map(|answer| hashed_label(field, answer.trim())).collect();
            hashed.push('\t');
            hashed.push_str(&answers.join("|"));
        }
        hashed.push('\n');
    }
    fs::write(LABELS, hashed).unwrap();
}

/// Returns the path of each file by the hash of its bytes.
fn paths(manifest: &str) -> BTreeMap<String, String> {
    let manifest = fs::read_to_string(manifest).unwrap();
    let files = manifest.lines().map(|line| {
        let file: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| file[key].as_str().unwrap().to_owned();
        (text("sha256"), text("path"))
    });
    files.collect()
}

/// Reads the document with this number, counted from 1, of a file.
fn document(folder: &str, path: &str, number: usize) -> Document {
    let bytes = fs::read(Path::new(folder).join(path)).unwrap();
    let format = Format::detect(Path::new(path), &bytes).unwrap();
    read_all(format, path, &bytes).remove(number - 1).unwrap()
}

/// Returns the extracted values in the order of `FIELDS`.
fn extracted(document: &Document) -> [String; 6] {
    let passages = passages(document);
    // A heading without text of its own is a passage, but a reader does not count it as body.
    let (body, lone_headings): (Vec<&Passage>, Vec<&Passage>) =
        passages.iter().partition(|passage| !is_heading_above_text(document, passage));
    let headings =
        passages.iter().map(|passage| passage.headings_directly_above.len()).sum::<usize>()
            + lone_headings.len();
    let titles = usize::from(document.title.as_ref().is_some_and(|title| !title.is_empty()));
    let body: Vec<&str> = body.iter().map(|passage| passage.span.of(&document.text)).collect();
    let nothing = || NOTHING.to_owned();
    [
        document.title.clone().unwrap_or_else(nothing),
        document.date.map_or_else(nothing, |date| date.to_string()),
        document.issuer.clone().unwrap_or_else(nothing),
        (headings - titles).to_string(),
        body.join("\n"),
        body.join("\n"),
    ]
}

/// Returns whether a passage is a heading with text somewhere below it.
fn is_heading_above_text(document: &Document, passage: &Passage) -> bool {
    let is_text = |block: &Block| block.kind == BlockKind::Paragraph;
    let Some(last_text) = document.blocks.iter().rposition(is_text) else { return false };
    let blocks_above_text = document.blocks.get(..last_text).unwrap_or_default();
    blocks_above_text.iter().any(|block| !is_text(block) && block.span.start == passage.span.start)
}

fn agrees(field: &str, label: &str, value: &str) -> bool {
    let Some((count, _)) = label.split_once('.') else {
        return hashed_label(field, value) == label;
    };
    let count: usize = count.parse().unwrap();
    hashed_limit(field, value, count) == label
}

/// Returns a label in the form of `gold.tsv`: days and counts unchanged, names as hashes, and a limit of the body as a
/// number of letters with the hash of these letters.
fn hashed_label(field: &str, plain: &str) -> String {
    match field {
        _ if plain.is_empty() || plain == NOTHING => plain.to_owned(),
        "date" | "headings" => plain.to_owned(),
        "first" | "last" => hashed_limit(field, plain, LETTERS.min(letters(plain).len())),
        _ => hash(plain.chars().filter(|c| c.is_alphanumeric())),
    }
}

fn hashed_limit(field: &str, text: &str, count: usize) -> String {
    let letters = letters(text);
    let limit = match field {
        "first" => letters.get(..count),
        _ => letters.len().checked_sub(count).and_then(|start| letters.get(start..)),
    };
    format!("{count}.{}", hash(limit.unwrap_or(&letters).iter().copied()))
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

fn hash(chars: impl Iterator<Item = char>) -> String {
    let folded: String = chars.flat_map(char::to_lowercase).collect();
    let bytes = Sha256::digest(folded.as_bytes());
    bytes.iter().take(6).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Returns both ends of a long text, for a line of the report.
fn short(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 160 {
        return text.to_owned();
    }
    let part = |chars: &[char]| chars.iter().collect::<String>();
    format!("{} … {}", part(&chars[..70]), part(&chars[chars.len() - 80..]))
}
