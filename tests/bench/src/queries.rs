//! Queries drawn from passages with a fixed seed, in the kinds that people type.

use jieba_rs::Jieba;

use crate::engine::Script;

/// A query. English words are in lower case. Chinese words come from the segmentation by jieba.
#[derive(Clone, Debug)]
pub enum BenchQuery {
    /// Any of the words.
    Words(Vec<String>),
    /// All words, adjacent and in this order.
    Phrase(Vec<String>),
    /// Words that begin with this prefix.
    Prefix(String),
}

impl BenchQuery {
    /// Returns the kind of query as the table names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Words(words) if words.len() == 1 => "1 word",
            Self::Words(words) if words.len() == 2 => "2 words",
            Self::Words(words) if words.len() == 3 => "3 words",
            Self::Words(_) => "question",
            Self::Phrase(_) => "phrase",
            Self::Prefix(_) => "prefix",
        }
    }

    /// Returns the words, or the prefix.
    pub fn words(&self) -> &[String] {
        match self {
            Self::Words(words) | Self::Phrase(words) => words,
            Self::Prefix(word) => std::slice::from_ref(word),
        }
    }

    /// Returns the query as a line of a file: kind, tab, words.
    pub fn line(&self) -> String {
        match self {
            Self::Words(words) => format!("words\t{}", words.join(" ")),
            Self::Phrase(words) => format!("phrase\t{}", words.join(" ")),
            Self::Prefix(word) => format!("prefix\t{word}"),
        }
    }

    /// Parses a line of [`line`](Self::line).
    pub fn parse(line: &str) -> Self {
        let (kind, words) = line.split_once('\t').unwrap();
        let split_words = || words.split(' ').map(str::to_owned).collect();
        match kind {
            "words" => Self::Words(split_words()),
            "phrase" => Self::Phrase(split_words()),
            _ => Self::Prefix(words.to_owned()),
        }
    }
}

/// Number of queries of each kind: one word, two words, three words, a question of eight words, a phrase, a prefix.
pub const QUERIES_PER_KIND: usize = 200;

/// Draws queries from passages. English words have at least four letters, and Chinese words have at least two
/// characters.
pub fn draw(passages: &[String], script: Script) -> Vec<BenchQuery> {
    let jieba = (script == Script::Chinese).then(Jieba::new);
    let mut random = Random::new(42);
    let mut queries = Vec::new();
    for kind in 0..6 {
        let mut missing = QUERIES_PER_KIND;
        while missing > 0 {
            let passage = &passages[random.below(passages.len())];
            let words = words(passage, jieba.as_ref());
            let count = [1, 2, 3, 8, 2, 1][kind];
            if words.len() < count + 4 {
                continue;
            }
            let first = random.below(words.len() - count);
            let (positions, words): (Vec<usize>, Vec<String>) =
                words[first..first + count].iter().cloned().unzip();
            queries.push(match kind {
                4 if positions[1] != positions[0] + 1 => continue,
                4 => BenchQuery::Phrase(words),
                5 => BenchQuery::Prefix(prefix(&words[0], script)),
                _ => BenchQuery::Words(words),
            });
            missing -= 1;
        }
    }
    queries
}

/// Returns the beginning of a word: four English letters or one Chinese character.
fn prefix(word: &str, script: Script) -> String {
    let chars = if script == Script::English { 4 } else { 1 };
    word.chars().take(chars).collect()
}

/// Returns the long words of a passage, each with its position among all words.
fn words(passage: &str, jieba: Option<&Jieba>) -> Vec<(usize, String)> {
    let is_long = |least: usize| move |(_, word): &(usize, String)| word.chars().count() >= least;
    match jieba {
        None => passage
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .enumerate()
            .filter(is_long(4))
            .collect(),
        Some(jieba) => jieba
            .cut(passage, false)
            .into_iter()
            .map(|token| token.word.to_owned())
            .enumerate()
            .filter(|(_, word)| word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
            .filter(is_long(2))
            .collect(),
    }
}

/// A linear congruential generator with the constants of Knuth's MMIX.
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next random number, less than `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
