//! Selects the tokens of an unquoted text that become query leaves.

use std::ops::Range;

use super::{
    figures::{figure_word, figures},
    joined_tokens::{JoinedTokens, capitals_term_of_stop_word, follows_number, precedes_number},
    parsed_word::ParsedWord,
    tree::{Alternative, PhraseSlot, TermPattern},
};
use crate::{
    analysis::{Analysis, Analyzer, ExtraToken, HanWordKind, Token, TokenKind, stem},
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

/// Returns the Chinese word that consists of the tokens with the indexes in `range`. `None` if the range is empty or
/// out of bounds.
fn han_word_of_tokens(analysis: &Analysis, range: Range<usize>) -> Option<ParsedWord> {
    let position_count = range.len() as u32;
    let tokens = analysis.tokens.get(range)?;
    let slots = tokens
        .iter()
        .enumerate()
        .map(|(offset, token)| PhraseSlot::term(offset as u32, analysis.term(token)));
    let (first_token, last_token) = (tokens.first()?, tokens.last()?);
    Some(ParsedWord {
        alternatives: vec![Alternative::contiguous(slots.collect())],
        date: None,
        position: first_token.position,
        position_count,
        span: Span::new(first_token.span.start, last_token.span.end),
    })
}

/// Returns the words of a text that are not Chinese, and the numbers of the text with their units. If
/// `includes_stop_words` is true, also returns stop words and single Han characters. Each word is searched by its most
/// specific term: `3.9万` by 39000, `5%` by the percentage, and a stop word in capitals, such as `WHO`, by the term of
/// the capitals. The Han characters with the token indexes in `chars_beside_numbers` form one word with their number.
pub(super) fn non_chinese_words(
    text: &str,
    analyzer: &Analyzer,
    analysis: &Analysis,
    chars_beside_numbers: &[usize],
    includes_stop_words: bool,
) -> Vec<ParsedWord> {
    let figures = figures(text, analysis);
    let figure_at = |token: &Token| {
        let index = figures.binary_search_by_key(&token.position, |figure| figure.position).ok()?;
        figures.get(index).copied()
    };
    let joined_tokens = JoinedTokens { text, analyzer, analysis, chars_beside_numbers };
    let mut words: Vec<ParsedWord> = Vec::new();
    let mut index = 0;
    while let Some(token) = analysis.tokens.get(index) {
        if let Some(figure) = figure_at(token) {
            // The figure also covers a name of the currency before the number.
            while words.pop_if(|word| figure.span.start <= word.span.start).is_some() {}
            let covered_tokens = analysis.tokens.get(index..).unwrap_or_default().iter();
            let covered_count =
                covered_tokens.take_while(|token| token.span.start < figure.span.end).count();
            words.push(figure_word(text, analysis, figure, covered_count));
            index += covered_count.max(1);
            continue;
        }
        let token_count = joined_tokens.count_from(index, figure_at);
        let tokens = analysis.tokens.get(index..index + token_count).unwrap_or_default();
        let is_stop_word =
            token.kind == TokenKind::Han || analyzer.is_stop_word(analysis.term(token));
        if token_count > 1
            || includes_stop_words
            || !is_stop_word
            || capitals_term_of_stop_word(analysis, token).is_some()
        {
            words.extend(word_of_tokens(analyzer, analysis, tokens));
        }
        index += token_count;
    }
    words
}

/// Replaces the words that overlap `word` by `word`. Does nothing if `word` is `None`.
pub(super) fn replace_words(words: &mut Vec<ParsedWord>, word: Option<ParsedWord>) {
    let Some(word) = word else { return };
    words.retain(|other| other.span.end <= word.span.start || word.span.end <= other.span.start);
    words.push(word);
}

/// Returns the word of a document number with a year in brackets, such as `国发〔2021〕23号`: the phrase of its tokens,
/// with any kind of brackets. `None` if `span` has no tokens.
pub(super) fn document_number_word(analysis: &Analysis, span: Span) -> Option<ParsedWord> {
    let is_inside = |token: &&Token| span.start <= token.span.start && token.span.end <= span.end;
    let tokens: Vec<&Token> = analysis.tokens.iter().filter(is_inside).collect();
    let (first, last) = (tokens.first()?, tokens.last()?);
    let terms = tokens.iter().map(|token| analysis.term(token)).filter(|term| *term != "第");
    let slots = terms.zip(0..).map(|(term, offset)| PhraseSlot::term(offset, term));
    Some(ParsedWord {
        alternatives: vec![Alternative::phrase(slots.collect())],
        date: None,
        position: first.position,
        position_count: tokens.len() as u32,
        span: Span::new(first.span.start, last.span.end),
    })
}

/// Returns the tokens of `text` that no word of `words` covers, as the text spells them. These tokens are stop words.
pub(super) fn uncovered_stop_words(
    text: &str,
    analysis: &Analysis,
    words: &[ParsedWord],
) -> Vec<String> {
    let is_searched = |token: &Token| {
        words
            .iter()
            .any(|word| word.span.start <= token.span.start && token.span.end <= word.span.end)
    };
    let tokens = analysis.tokens.iter();
    tokens
        .filter(|token| token.kind == TokenKind::Word && !is_searched(token))
        .map(|token| token.span.of(text).to_owned())
        .collect()
}

/// Returns the word that consists of these tokens. Several tokens form a phrase. `None` if there are no tokens.
fn word_of_tokens(
    analyzer: &Analyzer,
    analysis: &Analysis,
    tokens: &[Token],
) -> Option<ParsedWord> {
    let (first_token, last_token) = (tokens.first()?, tokens.last()?);
    let is_single_word = tokens.len() == 1;
    let slots = tokens.iter().zip(0..).map(|(token, offset)| {
        let term = analysis.term(token);
        // A stop word in a compound has no inflections: well-being does not find "well be".
        let is_stop_word = analyzer.is_stop_word(term)
            && capitals_term_of_stop_word(analysis, token).is_none_or(|_| term == "no");
        if is_stop_word && !is_single_word {
            PhraseSlot::term(offset, term)
        } else {
            slot_of_token(analyzer, analysis, token, offset)
        }
    });
    Some(ParsedWord {
        alternatives: vec![Alternative::phrase(slots.collect())],
        date: None,
        position: first_token.position,
        position_count: tokens.len() as u32,
        span: Span::new(first_token.span.start, last_token.span.end),
    })
}

/// Returns the phrase of all tokens of a text, with every inflection of its words. `None` if there are no tokens.
pub(super) fn phrase_of_tokens(analyzer: &Analyzer, analysis: &Analysis) -> Option<Alternative> {
    let tokens = analysis.tokens.iter();
    let slots =
        tokens.zip(0..).map(|(token, offset)| slot_of_token(analyzer, analysis, token, offset));
    let slots: Vec<_> = slots.collect();
    let is_chinese = analysis.tokens.iter().all(|token| token.kind == TokenKind::Han);
    (!slots.is_empty())
        .then_some(Alternative { is_contiguous: is_chinese, ..Alternative::phrase(slots) })
}

/// Returns the slot of a token in a phrase. A Han character, a stop word in capitals and a protected word match only
/// their exact term. Any other word matches in every inflection.
fn slot_of_token(
    analyzer: &Analyzer,
    analysis: &Analysis,
    token: &Token,
    offset: u32,
) -> PhraseSlot {
    // l’Union is searched as union, which finds l’Union, d’Union and Union.
    let term = analysis.most_specific_term(token);
    if token.kind == TokenKind::Han
        || capitals_term_of_stop_word(analysis, token).is_some()
        || analyzer.is_protected(term)
    {
        return PhraseSlot::term(offset, term);
    }
    let pattern = TermPattern::Stem { term: term.to_owned(), stem: stem(term).into_owned() };
    PhraseSlot::pattern(offset, pattern)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::Chinese,
        fact::{Publication, push_terms},
    };

    /// Returns the words of a text. Each word is printed as its position and its terms, which are joined by `+`.
    fn printed_positions_and_terms(text: &str) -> String {
        let (analyzer, mut analysis) = (Analyzer::new(Chinese::Off), Analysis::default());
        analyzer.tokens(text, &mut analysis);
        push_terms(text, Publication::default(), &mut analysis);
        let printed_word = |word: &ParsedWord| {
            let terms: Vec<&str> =
                word.alternatives[0].slots.iter().map(|slot| slot.pattern.text()).collect();
            format!("{}{}", word.position, terms.join("+"))
        };
        let words = non_chinese_words(text, &analyzer, &analysis, &[], false);
        words.iter().map(printed_word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_of_letters_and_digits_are_one_leaf() {
        for (text, expected) in [
            ("COVID19 vaccine", "0covid+19 2vaccine"),
            ("COVID-19 vaccine", "0covid+19 2vaccine"),
            ("COVID 19", "0covid 119"),
            ("COVID-19-related", "0covid+19 2related"),
            ("F-16s", "0f+16+s"),
            ("20-year plan", "020-year 2plan"),
            ("H1N1", "0h+1+n+1"),
            ("flying-car", "0flying 1car"),
            ("R&D", "0r+d"),
            ("R & D", "0r+d"),
            ("health & safety", "0health 1safety"),
            ("A-level results", "0A+level 2results"),
            ("I-9", "0I+9"),
            ("A380", "0A+380"),
            ("AT&T", "0AT+t"),
            ("2024-05", "02024 105"),
            ("the well-being of", "1well+being"),
            ("well being", "0well"),
            ("so-called by-elections", "0so+called 2by+elections"),
            ("not-for-profit", "0not+for+profit"),
            ("low-emission", "0low 1emission"),
            ("check‑in", "0check+in"),
            ("No. 5 and no. 10", "0no+5 3no+10"),
            ("NO.5 bus", "0no+5 2bus"),
            ("no 5% growth", "15% 2growth"),
            ("in 2024", "12024"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }

    #[cfg(feature = "chinese")]
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

    #[cfg(feature = "chinese")]
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
    #[cfg(feature = "chinese")]
    fn printed_words(text: &str) -> String {
        let (analyzer, mut analysis) = (Analyzer::new(Chinese::Auto), Analysis::default());
        let options = HanWordOptions { includes_stop_words: false, searches_single_chars: true };
        analyzer.tokens(text, &mut analysis);
        push_terms(text, Publication::default(), &mut analysis);
        let HanWords { mut words, chars_beside_numbers } =
            han_words(text, &analyzer, &analysis, options);
        words.extend(non_chinese_words(text, &analyzer, &analysis, &chars_beside_numbers, false));
        let to_text = |word: &ParsedWord| -> String {
            word.alternatives[0].slots.iter().map(|slot| slot.pattern.text()).collect()
        };
        words.iter().map(to_text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn figures_are_searched_with_their_units() {
        for (text, expected) in [
            ("5", "05"),
            ("5% growth", "05% 1growth"),
            ("5 per cent growth", "05 per cent 3growth"),
            ("£20 million fund", "0£20 million 2fund"),
            ("£20m", "0£20m"),
            ("20 million", "020000000"),
            ("RMB 500 million", "0RMB 500 million"),
            ("one trillion yuan", "0one trillion yuan"),
            ("5亿元", "05亿元"),
            ("百分之五", "0百分之五"),
            ("12.50", "012.50"),
            ("五十亿", "05000000000"),
            ("十万火急", ""),
            ("2,000 students", "02000 1students"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }

    #[test]
    fn a_date_with_its_year_is_one_word() {
        for (text, expected) in [
            ("March 5, 2024", "0March 5, 2024"),
            ("5 March 2024 port", "05 March 2024 3port"),
            ("5th March 2024", "05th March 2024"),
            ("port 2022-02-15", "0port 12022-02-15"),
            ("2024年3月5日", "02024年3月5日"),
            ("March 5", "0march 15"),
            ("March 2024", "0march 12024"),
            ("5/3/2024", "05 13 22024"),
            ("2024-05", "02024 105"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }

    #[test]
    fn stop_words_in_capitals_are_searched() {
        for (text, expected) in [
            ("the WHO treaty", "1WHO 2treaty"),
            ("vitamin A", "0vitamin 1A"),
            ("who signed the treaty", "1signed 3treaty"),
            ("May 2024", "0MAY 12024"),
            ("US trade", "0US 1trade"),
            ("join us", "0join 1us"),
            ("DO NOT TRAVEL TO HAITI", "2travel 4haiti"),
        ] {
            assert_eq!(printed_positions_and_terms(text), expected, "{text}");
        }
    }
}
