//! Chinese word segmentation by jieba. Indexing loads the whole dictionary into jieba; a query loads only the
//! dictionary words that occur in the query text.

use std::{
    ops::Range,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use fst::{Map, Streamer, raw::Fst};
use jieba_rs::Jieba;

use super::{Analysis, HanWord, HanWordKind, word_lists::UserDictionaryWords};

/// Constants that the build script computes.
#[allow(clippy::unreadable_literal, reason = "the build script writes these")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/dictionary.rs"));
}
pub(super) use generated::MAP_HASH;
use generated::{MAX_WORD_CHARS, TOTAL_FREQUENCY};
/// Finite-state map from word to frequency, made by the build script.
static WORD_FREQUENCY_MAP_BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.fst"));

/// Private-use character that stands for all words that a partial dictionary omits. Its frequency is the sum of the
/// frequencies of these words, so that word probabilities are the same as in the whole dictionary. No text contains
/// this character.
const OMITTED_WORDS_PLACEHOLDER: &str = "\u{F8FF}";

static WHOLE_DICTIONARY: OnceLock<Jieba> = OnceLock::new();
static WHOLE_DICTIONARY_LOAD_COUNT: AtomicU64 = AtomicU64::new(0);

/// Returns the number of times that this process has loaded the whole dictionary.
pub(super) fn whole_dictionary_load_count() -> u64 {
    WHOLE_DICTIONARY_LOAD_COUNT.load(Ordering::Relaxed)
}

/// Segments a run of Han tokens into words, with the whole dictionary. `han_run` holds the indexes of the tokens. Loads
/// the dictionary at the first call.
pub(super) fn segment_with_whole_dictionary(
    analysis: &Analysis,
    han_run: Range<usize>,
) -> Vec<HanWord> {
    segment_han_run(WHOLE_DICTIONARY.get_or_init(whole_dictionary), analysis, han_run)
}

/// Segments a run of Han tokens into words, with only the dictionary words that occur in the run, and the words of the
/// user. `han_run` holds the indexes of the tokens.
pub(super) fn segment_with_partial_dictionary(
    analysis: &Analysis,
    han_run: Range<usize>,
    user_words: Option<&UserDictionaryWords>,
) -> Vec<HanWord> {
    let mut run_text = String::new();
    analysis.append_terms(han_run.start, han_run.len(), &mut run_text);
    let mut dictionary = partial_dictionary(&run_text);
    for (word, frequency) in
        user_words.map(|words| words.user_words_in(&run_text)).unwrap_or_default()
    {
        // If `frequency` is `None`, jieba chooses a frequency that is high enough to keep the word unsplit.
        dictionary.add_word(word, frequency, None);
    }
    segment_han_run(&dictionary, analysis, han_run)
}

/// Returns whether the dictionary contains `word`.
pub(super) fn is_word_of_dictionary(word: &str) -> bool {
    word_frequency_map().is_some_and(|map| map.contains_key(word))
}

/// Returns the longest dictionary word at the start of `text`. `None` if `text` does not begin with a
/// dictionary word.
pub(super) fn longest_word_at_start(text: &str) -> Option<&str> {
    let mut word_end = 0;
    for_each_word_at_start(word_frequency_map()?.as_fst(), text, |word, _| word_end = word.len());
    text.get(..word_end).filter(|word| !word.is_empty())
}

/// Returns the finite-state map from the words of the dictionary to their frequencies. `None` if its data are invalid.
fn word_frequency_map() -> Option<Map<&'static [u8]>> {
    Map::new(WORD_FREQUENCY_MAP_BYTES).ok()
}

/// Loads all words of the dictionary into jieba.
fn whole_dictionary() -> Jieba {
    WHOLE_DICTIONARY_LOAD_COUNT.fetch_add(1, Ordering::Relaxed);
    let mut jieba = Jieba::empty();
    if let Some(map) = word_frequency_map() {
        let mut stream = map.stream();
        while let Some((word, frequency)) = stream.next() {
            let word = std::str::from_utf8(word).unwrap_or_default();
            jieba.add_word(word, Some(frequency as usize), None);
        }
    }
    jieba
}

/// Returns a dictionary of the words that occur in `text`, and of [`OMITTED_WORDS_PLACEHOLDER`].
fn partial_dictionary(text: &str) -> Jieba {
    let mut jieba = Jieba::empty();
    let mut omitted_frequency = TOTAL_FREQUENCY;
    if let Some(map) = word_frequency_map() {
        for (start, _) in text.char_indices() {
            let suffix = text.get(start..).unwrap_or_default();
            let window_end =
                suffix.char_indices().nth(MAX_WORD_CHARS).map_or(suffix.len(), |(end, _)| end);
            for_each_word_at_start(
                map.as_fst(),
                suffix.get(..window_end).unwrap_or_default(),
                |word, frequency| {
                    if !jieba.has_word(word) {
                        omitted_frequency = omitted_frequency.saturating_sub(frequency);
                        jieba.add_word(word, Some(frequency), None);
                    }
                },
            );
        }
    }
    jieba.add_word(OMITTED_WORDS_PLACEHOLDER, Some(omitted_frequency), None);
    jieba
}

/// Calls `visit` with every dictionary word at the start of `text` and the frequency of the word. Shorter words come
/// first.
fn for_each_word_at_start(
    fst: &Fst<&'static [u8]>,
    text: &str,
    mut visit: impl FnMut(&str, usize),
) {
    let mut node = fst.root();
    let mut frequency_so_far = fst::raw::Output::zero();
    for (index, byte) in text.bytes().enumerate() {
        let Some(transition) = node.find_input(byte) else { return };
        let transition = node.transition(transition);
        frequency_so_far = frequency_so_far.cat(transition.out);
        node = fst.node(transition.addr);
        if node.is_final()
            && let Some(word) = text.get(..=index)
        {
            visit(word, frequency_so_far.cat(node.final_output()).value() as usize);
        }
    }
}

/// Segments a run of Han tokens in the search mode of jieba. `han_run` holds the indexes of the tokens. The hidden
/// Markov model of jieba, which guesses words that the dictionary lacks, is off.
fn segment_han_run(jieba: &Jieba, analysis: &Analysis, han_run: Range<usize>) -> Vec<HanWord> {
    if han_run.len() < 2 {
        return Vec::new();
    }
    let mut run_text = String::new();
    analysis.append_terms(han_run.start, han_run.len(), &mut run_text);
    let jieba_tokens = jieba.cut_for_search(&run_text, false);
    let mut words: Vec<HanWord> = jieba_tokens
        .iter()
        .map(|token| HanWord {
            first_token: (han_run.start + token.start) as u32,
            char_count: (token.end - token.start) as u32,
            kind: HanWordKind::SubWord,
        })
        .collect();
    // jieba lists the words inside a longer word before the longer word. The loop therefore runs backwards: a
    // word belongs to the segmentation if the word ends where the following word of the segmentation begins.
    let mut next_word_start = han_run.end as u32;
    for word in words.iter_mut().rev() {
        if word.first_token + word.char_count == next_word_start {
            word.kind = HanWordKind::Word;
            next_word_start = word.first_token;
        }
    }
    words.retain(|word| word.char_count > 1);
    words
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

    use super::*;
    use crate::analysis::{Analyzer, Chinese, fold_text};

    /// Returns three lists for `text`: the terms of the words of the segmentation, the words found with the whole
    /// dictionary, and the words found with the partial dictionary.
    fn segment_with_both_dictionaries(text: &str) -> (Vec<String>, Vec<HanWord>, Vec<HanWord>) {
        let analyzer = Analyzer::new(Chinese::Auto);
        let mut analysis = Analysis::default();
        analyzer.tokens(text, &mut analysis);
        let all_words = analyzer.words(&analysis);
        let terms = all_words.iter().filter(|word| word.kind == HanWordKind::Word).map(|word| {
            let mut term = String::new();
            analysis.append_terms(word.first_token as usize, word.char_count as usize, &mut term);
            term
        });
        (terms.collect(), all_words.clone(), analyzer.query_words(&analysis))
    }

    #[test]
    fn policy_terms_stay_whole() {
        for (text, words) in [
            ("发展新质生产力", vec!["发展", "新质生产力"]),
            ("粵港澳大灣區建設", vec!["粤港澳大湾区", "建设"]),
            ("安装简单", vec!["安装简单"]),
            ("低空经济", vec!["低空经济"]),
        ] {
            assert_eq!(segment_with_both_dictionaries(text).0, words, "{text}");
        }
    }

    #[test]
    fn words_of_the_dictionary_are_folded() {
        let words = word_frequency_map().unwrap();
        let mut stream = words.stream();
        while let Some((word, _)) = stream.next() {
            let word = std::str::from_utf8(word).unwrap();
            assert_eq!(fold_text(word), word);
        }
    }

    #[test]
    fn look_ups_do_not_load_the_dictionary() {
        for (text, is_word, first) in [
            ("广州", true, Some("广州")),
            ("粤港澳大湾区建设", false, Some("粤港澳大湾区")),
            ("的预", false, Some("的")),
            ("", false, None),
            ("policy", false, None),
        ] {
            assert_eq!(
                (is_word_of_dictionary(text), longest_word_at_start(text)),
                (is_word, first),
                "{text}"
            );
        }
    }

    #[test]
    fn partial_dictionary_segments_real_text_like_the_whole_dictionary() {
        let text = include_str!("policy.txt");
        let lines: Vec<String> = text.lines().map(|line| line.replace(' ', "")).collect();
        for line in lines.iter().chain([&text.to_owned()]) {
            let (_, full, partial) = segment_with_both_dictionaries(line);
            assert_eq!(full, partial, "{line}");
        }
        let Ok(data_dir) = std::env::var("GZ_SEARCH_TEST_DATA") else {
            eprintln!("skipped the queries of the collections: GZ_SEARCH_TEST_DATA is not set");
            return;
        };
        for name in ["stard-gold", "drcd-t", "dureader-demo"] {
            let queries =
                std::fs::read_to_string(format!("{data_dir}/collections/{name}/queries.tsv"))
                    .unwrap();
            for line in queries.lines() {
                let (_, full, partial) = segment_with_both_dictionaries(line);
                assert_eq!(full, partial, "{line}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn partial_dictionary_segments_like_the_whole_dictionary(
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
            let (_, full, partial) = segment_with_both_dictionaries(&words.concat());
            proptest::prop_assert_eq!(full, partial);
        }
    }
}
