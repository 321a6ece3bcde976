//! Passages → queries as people ask them: always the same for the same text.

use jieba_rs::Jieba;

use crate::engine::Script;

/// One query. Words are lower case; of Chinese they are words as well.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Any of the words.
    Words(Vec<String>),
    /// All of them, one after the other.
    Phrase(Vec<String>),
    /// What begins so.
    Prefix(String),
}

impl Ask {
    /// Of what kind it is, as the table calls it.
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

    /// Its words, or the beginning of one.
    pub fn words(&self) -> &[String] {
        match self {
            Self::Words(words) | Self::Phrase(words) => words,
            Self::Prefix(word) => std::slice::from_ref(word),
        }
    }

    /// As a line of a file: the kind, a tab, the words.
    pub fn line(&self) -> String {
        match self {
            Self::Words(words) => format!("words\t{}", words.join(" ")),
            Self::Phrase(words) => format!("phrase\t{}", words.join(" ")),
            Self::Prefix(word) => format!("prefix\t{word}"),
        }
    }

    /// What [`line`](Self::line) wrote.
    pub fn parse(line: &str) -> Self {
        let (kind, words) = line.split_once('\t').unwrap();
        let all = || words.split(' ').map(str::to_owned).collect();
        match kind {
            "words" => Self::Words(all()),
            "phrase" => Self::Phrase(all()),
            _ => Self::Prefix(words.to_owned()),
        }
    }
}

/// So many queries of each kind: one word, two, three, a question of eight, a phrase, a prefix.
pub const EACH: usize = 200;

/// Draws queries from passages; words of four letters and more, Chinese ones of two characters and more.
pub fn drawn(passages: &[String], script: Script) -> Vec<Ask> {
    let jieba = (script == Script::Chinese).then(Jieba::new);
    let mut random = Random(42);
    let mut asks = Vec::new();
    for kind in 0..6 {
        let mut left = EACH;
        while left > 0 {
            let passage = &passages[random.below(passages.len())];
            let words = words(passage, jieba.as_ref());
            let count = [1, 2, 3, 8, 2, 1][kind];
            if words.len() < count + 4 {
                continue;
            }
            let first = random.below(words.len() - count);
            let (places, words): (Vec<usize>, Vec<String>) =
                words[first..first + count].iter().cloned().unzip();
            asks.push(match kind {
                4 if places[1] != places[0] + 1 => continue,
                4 => Ask::Phrase(words),
                5 => Ask::Prefix(beginning(&words[0], script)),
                _ => Ask::Words(words),
            });
            left -= 1;
        }
    }
    asks
}

/// A word as far as it is typed when one looks up.
fn beginning(word: &str, script: Script) -> String {
    let chars = if script == Script::English { 4 } else { 1 };
    word.chars().take(chars).collect()
}

/// The long words of a passage, each with its place among all its words.
fn words(passage: &str, jieba: Option<&Jieba>) -> Vec<(usize, String)> {
    let long = |least: usize| move |(_, word): &(usize, String)| word.chars().count() >= least;
    match jieba {
        None => passage
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .enumerate()
            .filter(long(4))
            .collect(),
        Some(jieba) => jieba
            .cut(passage, false)
            .into_iter()
            .map(|token| token.word.to_owned())
            .enumerate()
            .filter(|(_, word)| word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
            .filter(long(2))
            .collect(),
    }
}

/// A linear congruential generator (the constants of Knuth's MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
