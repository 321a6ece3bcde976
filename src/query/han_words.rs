//! Selects the Chinese words of an unquoted text that become query leaves.

use std::ops::Range;

use super::{
    figures::figures,
    joined_tokens::{follows_number, precedes_number},
    parsed_word::ParsedWord,
    tree::{Alternative, PhraseSlot},
};
use crate::{
    analysis::{Analysis, Analyzer, ExtraToken, HanWordKind},
    span::Span,
};

/// Maximum length in characters of a run of Han characters that is taken for a name or a term, in which every character
/// counts. A longer run is taken for a sentence.
const MAX_HAN_NAME_CHARS: usize = 6;

/// Options that determine which Han characters of a text become words of the query.
#[derive(Debug, Clone, Copy)]
pub(super) struct HanWordOptions {
    /// Whether words that consist of stop words only (`什么`) are words of the query.
    pub(super) includes_stop_words: bool,
    /// Whether a single character outside dictionary words, in a short run of Han characters, is searched: as a part
    /// of the dictionary word beside it, such as `署` in `水利署`, as a part of the word of a number, such as `条` in
    /// `第5条`, or else as a word.
    pub(super) searches_single_chars: bool,
}

/// Chinese words of a text.
#[derive(Default)]
pub(super) struct HanWords {
    /// Dictionary words, and bigrams and single characters outside dictionary words.
    pub(super) words: Vec<ParsedWord>,
    /// Indexes of the tokens of single characters that form one word with a number, such as `第` and `条` in `第5条`,
    /// in ascending order.
    pub(super) chars_beside_numbers: Vec<usize>,
}

/// Returns the Chinese words of a text: dictionary words, and bigrams of the characters outside dictionary words,
/// which mostly belong to names. Without a dictionary, all characters are outside dictionary words.
pub(super) fn han_words(
    text: &str,
    analyzer: &Analyzer,
    analysis: &Analysis,
    options: HanWordOptions,
) -> HanWords {
    let figures = figures(text, analysis);
    let words = analyzer.query_words(analysis).into_iter();
    let words = words
        .filter(|word| word.kind == HanWordKind::Word)
        .map(|word| word.first_token as usize..(word.first_token + word.char_count) as usize)
        .filter(|word| !is_in_figure(&figures, analysis, word.clone()));
    let mut content_words: Vec<Range<usize>> = words.collect();
    let is_stop_word = |index: usize| {
        let token = analysis.tokens.get(index);
        token.is_none_or(|token| analyzer.is_stop_word(analysis.term(token)))
    };
    let (mut outside_words, mut chars_beside_numbers) = (Vec::new(), Vec::new());
    for run in analysis.han_runs() {
        let mut groups = han_groups_outside_words(&figures, analysis, &run, &content_words);
        if options.searches_single_chars {
            let is_searched = |index| !is_stop_word(index);
            chars_beside_numbers.extend(split_off_chars_beside_numbers(
                text,
                analysis,
                &mut groups,
                is_searched,
            ));
        }
        let is_name = options.searches_single_chars
            && run.len() <= MAX_HAN_NAME_CHARS
            && !groups.iter().any(|group| is_stop_word(group.start) || is_stop_word(group.end - 1));
        for group in groups {
            if group.len() == 1 {
                if is_name && !attach_character_to_word(&mut content_words, group.start, &run) {
                    outside_words.push(group);
                }
                continue;
            }
            let pairs = (group.start..group.end - 1).map(|first| first..first + 2);
            outside_words.extend(pairs.filter(|pair| is_name || !pair.clone().any(is_stop_word)));
        }
    }
    if !options.includes_stop_words {
        content_words.retain(|word| is_content_word(analyzer, analysis, word));
    }
    let words = content_words
        .into_iter()
        .chain(outside_words)
        .filter_map(|range| han_word_of_tokens(analysis, range))
        .collect();
    HanWords { words, chars_beside_numbers }
}

/// Removes from `groups` each character directly beside a number that stands alone there: the only character of its
/// group, or one that a stop word separates from the rest of the sentence. Returns the token indexes of the characters
/// that form one word with the number. The character 年 after the four digits of a year is removed, but not returned,
/// because a year is found without it.
fn split_off_chars_beside_numbers(
    text: &str,
    analysis: &Analysis,
    groups: &mut Vec<Range<usize>>,
    is_searched: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut chars_beside_numbers = Vec::new();
    groups.retain_mut(|group| {
        let (first, last) = (group.start, group.end - 1);
        let stands_alone = |neighbour: usize| group.len() == 1 || !is_searched(neighbour);
        if is_searched(first)
            && stands_alone(first + 1)
            && let Some(number) = follows_number(text, analysis, first)
        {
            let is_year = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
            let unit = analysis.tokens.get(first).map(|token| analysis.term(token));
            if !(is_year && unit == Some("年")) {
                chars_beside_numbers.push(first);
            }
            group.start += 1;
        } else if is_searched(last)
            && stands_alone(last.saturating_sub(1))
            && precedes_number(text, analysis, last)
        {
            chars_beside_numbers.push(last);
            group.end -= 1;
        }
        group.start < group.end
    });
    chars_beside_numbers
}

/// Returns the longest groups of adjacent characters of `run` that are neither in a word nor in a figure. `run` and the
/// groups are ranges of token indexes.
fn han_groups_outside_words(
    figures: &[&ExtraToken],
    analysis: &Analysis,
    run: &Range<usize>,
    words: &[Range<usize>],
) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for index in run.clone() {
        let is_covered = words.iter().any(|word| word.contains(&index))
            || is_in_figure(figures, analysis, index..index + 1);
        match groups.last_mut() {
            _ if is_covered => {}
            Some(group) if group.end == index => group.end += 1,
            _ => groups.push(index..index + 1),
        }
    }
    groups
}

/// Returns whether one of `figures` covers any of the tokens with the indexes in `range`.
fn is_in_figure(figures: &[&ExtraToken], analysis: &Analysis, range: Range<usize>) -> bool {
    let tokens = analysis.tokens.get(range).unwrap_or_default();
    let Some((first, last)) = tokens.first().zip(tokens.last()) else { return false };
    figures
        .iter()
        .any(|figure| figure.span.start < last.span.end && first.span.start < figure.span.end)
}

/// Adds the character with the token index `index` to the word of `run` before it, or else to the word after it.
/// Returns whether there is such a word.
fn attach_character_to_word(words: &mut [Range<usize>], index: usize, run: &Range<usize>) -> bool {
    let is_in_run = |word: &Range<usize>| run.start <= word.start && word.end <= run.end;
    if let Some(before) = words.iter_mut().find(|word| word.end == index && is_in_run(word)) {
        before.end += 1;
        return true;
    }
    let after = words.iter_mut().find(|word| word.start == index + 1 && is_in_run(word));
    after.map(|after| after.start -= 1).is_some()
}

/// Returns whether a Chinese word is not a stop word, and does not consist of stop words only.
fn is_content_word(analyzer: &Analyzer, analysis: &Analysis, range: &Range<usize>) -> bool {
    let mut word = String::new();
    analysis.append_terms(range.start, range.len(), &mut word);
    let tokens = analysis.tokens.get(range.clone()).unwrap_or_default();
    !analyzer.is_stop_word(&word)
        && !tokens.iter().all(|token| analyzer.is_stop_word(analysis.term(token)))
}

/// Returns the Chinese word that consists of the tokens with the indexes in `range`. A word that the query spells with
/// spaces between its characters also matches with other spaces: `王 毅` finds 王毅 and 部长王 毅. `None` if the range is
/// empty or out of bounds.
fn han_word_of_tokens(analysis: &Analysis, range: Range<usize>) -> Option<ParsedWord> {
    let position_count = range.len() as u32;
    let tokens = analysis.tokens.get(range)?;
    let slots = tokens
        .iter()
        .enumerate()
        .map(|(offset, token)| PhraseSlot::term(offset as u32, analysis.term(token)));
    let (first_token, last_token) = (tokens.first()?, tokens.last()?);
    let is_contiguous = tokens
        .windows(2)
        .all(|pair| matches!(pair, [before, after] if before.span.end == after.span.start));
    Some(ParsedWord {
        alternatives: vec![Alternative { is_contiguous, ..Alternative::phrase(slots.collect()) }],
        date: None,
        position: first_token.position,
        position_count,
        span: Span::new(first_token.span.start, last_token.span.end),
    })
}

#[cfg(all(test, feature = "chinese"))]
mod tests {
    use super::*;
    use crate::{
        analysis::Chinese,
        fact::{Publication, push_terms},
        query::words::non_chinese_words,
    };

    #[test]
    fn every_character_of_a_chinese_name_is_searched() {
        for (text, expected) in [
            ("水利署", "水利署"),
            ("移民署 人員", "移民署 人员"),
            ("陳其邁委員", "委员 陈其 其迈"),
            ("port 港", "港 port"),
            ("百分之五税", "税 百分之五"),
            // The particles show that the text is a sentence.
            ("房价涨了吗", "房价"),
            ("我国对外贸易和投资有多大", "我国 对外贸易 投资 多大"),
        ] {
            assert_eq!(printed_words(text), expected, "{text}");
        }
    }

    #[test]
    fn only_a_word_without_spaces_is_contiguous() {
        for (text, expected) in
            [("王毅", true), ("王　毅", false), ("條 公", false), ("水利署", true)]
        {
            let words = words_of(text);
            let is_contiguous = |word: &ParsedWord| word.alternatives[0].is_contiguous;
            assert_eq!(words.len(), 1, "{text}");
            assert_eq!(words.iter().all(is_contiguous), expected, "{text}");
        }
    }

    #[test]
    fn characters_beside_numbers_form_one_word_with_them() {
        for (text, expected) in [
            ("第5条", "第5条"),
            ("第 5 條", "第5条"),
            ("第5條規定", "规定 第5条"),
            ("依照第5条的规定处理", "依照 规定 处理 第5条"),
            ("5月", "5月"),
            ("3月5日", "3月5日"),
            ("10月 会议", "会议 10月"),
            ("3号线", "号线 3"),
            ("2级 2楼", "2级 2楼"),
            // A year is found without 年, a unit is a part of the quantity, and a word stays a word.
            ("2024年预算", "预算 2024"),
            ("2024年5月", "2024 5月"),
            ("5人", "5人"),
            ("5G基站", "基站 5g"),
            ("3月底", "月底 3"),
            ("5和6", "5 6"),
        ] {
            assert_eq!(printed_words(text), expected, "{text}");
        }
    }

    /// Returns the Chinese words of a text, then its other words, separated by spaces.
    fn printed_words(text: &str) -> String {
        let to_text = |word: &ParsedWord| -> String {
            word.alternatives[0].slots.iter().map(|slot| slot.pattern.text()).collect()
        };
        words_of(text).iter().map(to_text).collect::<Vec<_>>().join(" ")
    }

    /// Returns the Chinese words of a text, then its other words.
    fn words_of(text: &str) -> Vec<ParsedWord> {
        let (analyzer, mut analysis) = (Analyzer::new(Chinese::Auto), Analysis::default());
        let options = HanWordOptions { includes_stop_words: false, searches_single_chars: true };
        analyzer.tokens(text, &mut analysis);
        push_terms(text, Publication::default(), &mut analysis);
        let HanWords { mut words, chars_beside_numbers } =
            han_words(text, &analyzer, &analysis, options);
        words.extend(non_chinese_words(text, &analyzer, &analysis, &chars_beside_numbers, false));
        words
    }
}
