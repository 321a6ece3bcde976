//! Han characters → dictionary words, by jieba, which a query fills with only the words it needs.

use std::{
    ops::Range,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use fst::{Map, Streamer, raw::Fst};
use jieba_rs::Jieba;

use super::{Analysis, HanWord, HanWordKind};

/// What the build script counted.
#[allow(clippy::unreadable_literal, reason = "the build script writes these")]
mod built {
    include!(concat!(env!("OUT_DIR"), "/dictionary.rs"));
}
pub(super) use built::HASH;
use built::{LONGEST, TOTAL};
static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.fst"));

/// A word that no text can hold: it carries the frequency of all that a query leaves out, so that
/// probabilities are those of the whole dictionary.
const FILLER: &str = "\u{F8FF}";

static WHOLE: OnceLock<Jieba> = OnceLock::new();
static LOADS: AtomicU64 = AtomicU64::new(0);

/// How often the whole dictionary was loaded.
pub(super) fn loads() -> u64 {
    LOADS.load(Ordering::Relaxed)
}

/// The words of a run of Han tokens, by the whole dictionary.
pub(super) fn words(analysis: &Analysis, run: Range<usize>) -> Vec<HanWord> {
    cut(WHOLE.get_or_init(whole), analysis, run)
}

/// The same words, by the part of the dictionary that occurs in the run.
pub(super) fn query_words(analysis: &Analysis, run: Range<usize>) -> Vec<HanWord> {
    let mut text = String::new();
    analysis.push_chars(run.start, run.len(), &mut text);
    cut(&partial(&text), analysis, run)
}

/// Whether it has `word`.
pub(super) fn has(word: &str) -> bool {
    map().is_some_and(|map| map.contains_key(word))
}

/// The longest of its words that `text` begins with.
pub(super) fn first_word(text: &str) -> Option<&str> {
    let mut bytes = 0;
    each_prefix(map()?.as_fst(), text, |word, _| bytes = word.len());
    text.get(..bytes).filter(|word| !word.is_empty())
}

fn map() -> Option<Map<&'static [u8]>> {
    Map::new(WORDS).ok()
}

fn whole() -> Jieba {
    LOADS.fetch_add(1, Ordering::Relaxed);
    let mut jieba = Jieba::empty();
    if let Some(map) = map() {
        let mut stream = map.stream();
        while let Some((word, frequency)) = stream.next() {
            let word = std::str::from_utf8(word).unwrap_or_default();
            jieba.add_word(word, Some(frequency as usize), None);
        }
    }
    jieba
}

/// A dictionary of the words inside `text` and the filler.
fn partial(text: &str) -> Jieba {
    let mut jieba = Jieba::empty();
    let mut left = TOTAL;
    if let Some(map) = map() {
        for (start, _) in text.char_indices() {
            let rest = text.get(start..).unwrap_or_default();
            let end = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(end, _)| end);
            each_prefix(map.as_fst(), rest.get(..end).unwrap_or_default(), |word, frequency| {
                if !jieba.has_word(word) {
                    left = left.saturating_sub(frequency);
                    jieba.add_word(word, Some(frequency), None);
                }
            });
        }
    }
    jieba.add_word(FILLER, Some(left), None);
    jieba
}

/// Calls `found` with every word that `text` begins with.
fn each_prefix(fst: &Fst<&'static [u8]>, text: &str, mut found: impl FnMut(&str, usize)) {
    let mut node = fst.root();
    let mut output = fst::raw::Output::zero();
    for (index, byte) in text.bytes().enumerate() {
        let Some(transition) = node.find_input(byte) else { return };
        let transition = node.transition(transition);
        output = output.cat(transition.out);
        node = fst.node(transition.addr);
        if node.is_final()
            && let Some(word) = text.get(..=index)
        {
            found(word, output.cat(node.final_output()).value() as usize);
        }
    }
}

/// Cuts a run in search mode. The hidden Markov model is off: it splits new words that the
/// dictionary joins.
fn cut(jieba: &Jieba, analysis: &Analysis, run: Range<usize>) -> Vec<HanWord> {
    if run.len() < 2 {
        return Vec::new();
    }
    let mut text = String::new();
    analysis.push_chars(run.start, run.len(), &mut text);
    let tokens = jieba.cut_for_search(&text, false);
    let mut found: Vec<HanWord> = tokens
        .iter()
        .map(|token| HanWord {
            first: (run.start + token.start) as u32,
            chars: (token.end - token.start) as u32,
            kind: HanWordKind::SubWord,
        })
        .collect();
    // A word comes after the words inside it: from the end, each word that ends where the one after
    // it begins is on the path.
    let mut boundary = run.end as u32;
    for word in found.iter_mut().rev() {
        if word.first + word.chars == boundary {
            word.kind = HanWordKind::Word;
            boundary = word.first;
        }
    }
    found.retain(|word| word.chars > 1);
    found
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;
    use crate::analysis::{Analyzer, Chinese};

    fn both(text: &str) -> (Vec<String>, Vec<HanWord>, Vec<HanWord>) {
        let analyzer = Analyzer::new(Chinese::Auto);
        let mut analysis = Analysis::default();
        analyzer.tokens(text, &mut analysis);
        let whole = analyzer.words(&analysis);
        let shown = whole.iter().filter(|word| word.kind == HanWordKind::Word).map(|word| {
            let mut term = String::new();
            analysis.push_chars(word.first as usize, word.chars as usize, &mut term);
            term
        });
        (shown.collect(), whole.clone(), analyzer.query_words(&analysis))
    }

    #[test]
    fn policy_terms_stay_whole() {
        for (text, words) in [
            ("发展新质生产力", vec!["发展", "新质生产力"]),
            ("粵港澳大灣區建設", vec!["粤港澳大湾区", "建设"]),
            ("安装简单", vec!["安装简单"]),
            ("低空经济", vec!["低空经济"]),
        ] {
            assert_eq!(both(text).0, words, "{text}");
        }
    }

    #[test]
    fn words_are_known_without_loading_it() {
        for (text, known, first) in [
            ("广州", true, Some("广州")),
            ("粤港澳大湾区建设", false, Some("粤港澳大湾区")),
            ("的预", false, Some("的")),
            ("", false, None),
            ("policy", false, None),
        ] {
            assert_eq!((has(text), first_word(text)), (known, first), "{text}");
        }
    }

    #[test]
    fn a_query_cuts_as_the_whole_dictionary_does_on_real_text() {
        let text = include_str!("policy.txt");
        let lines: Vec<String> = text.lines().map(|line| line.replace(' ', "")).collect();
        for line in lines.iter().chain([&text.to_owned()]) {
            let (_, whole, partial) = both(line);
            assert_eq!(whole, partial, "{line}");
        }
        let Ok(data) = std::env::var("GZ_SEARCH_TEST_DATA") else {
            eprintln!("skipped the queries of the collections: GZ_SEARCH_TEST_DATA is not set");
            return;
        };
        for name in ["stard-gold", "drcd-t", "dureader-demo"] {
            let queries =
                std::fs::read_to_string(format!("{data}/collections/{name}/queries.tsv")).unwrap();
            for line in queries.lines() {
                let (_, whole, partial) = both(line);
                assert_eq!(whole, partial, "{line}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn a_query_cuts_as_the_whole_dictionary_does(
            words in proptest::collection::vec(
                proptest::prop_oneof![
                    proptest::sample::select(include_str!("policy.txt").split_whitespace().collect::<Vec<_>>())
                        .prop_map(str::to_owned),
                    "[\u{4e00}-\u{9fa5}]{1,3}",
                    "[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动]{1,8}",
                ],
                1..12,
            )
        ) {
            let (_, whole, partial) = both(&words.concat());
            proptest::prop_assert_eq!(whole, partial);
        }
    }
}
