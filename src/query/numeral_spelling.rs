//! Adds the other spelling of the numbers that name an item: `第3条` and `第三条`, `21世纪` and `二十一世纪`, "third" and "3rd".

use std::ops::Range;

use super::{
    parsed_word::ParsedWord,
    tree::{Alternative, PhraseOrigin, PhraseSlot, TermPattern},
};
use crate::{
    analysis::{Analysis, TokenKind},
    fact::{ORDINALS_IN_WORDS, integer_of_numerals, numerals_of_integer},
};

/// Words after the number of an item: 号 in `3号`.
const NOUNS_AFTER_NUMBERS: [&str; 19] = [
    "条", "章", "节", "款", "项", "号", "届", "级", "楼", "层", "期", "次", "版", "类", "批", "季",
    "世纪", "年代", "个",
];
/// Maximum number of characters of a number that has another spelling.
const MAX_NUMERALS: usize = 6;

/// Adds to each word that names an item by its number the phrase with the other spelling of the number. `analysis` holds
/// the tokens of the text of the words.
pub(super) fn add_numeral_spellings(text: &str, analysis: &Analysis, words: &mut [ParsedWord]) {
    for word in words {
        let is_plain = |slot: &PhraseSlot| {
            matches!(slot.pattern, TermPattern::Term(_) | TermPattern::Stem { .. })
        };
        let Some(first) = word.alternatives.first() else { continue };
        if !first.slots.iter().all(is_plain) {
            continue;
        }
        let tokens = &analysis.tokens;
        let start = tokens.partition_point(|token| token.span.end <= word.span.start);
        let end = tokens.partition_point(|token| token.span.start < word.span.end);
        let other = match analysis.tokens.get(start..end) {
            Some([only]) if only.kind != TokenKind::Han => {
                other_spelling_of_ordinal(analysis.term(only))
                    .or_else(|| other_spelling(&Tokens { text, analysis }, start..end))
            }
            Some(_) => other_spelling(&Tokens { text, analysis }, start..end),
            None => None,
        };
        word.alternatives.extend(
            other.map(|other| Alternative { origin: PhraseOrigin::OtherSpelling, ..other }),
        );
    }
}

/// Returns the phrase of an English ordinal number in words if `term` is one in digits, and the other way round. `None`
/// for any other word.
fn other_spelling_of_ordinal(term: &str) -> Option<Alternative> {
    let phrase_of = |words: &str| {
        let slots = words.split('-').zip(0..).map(|(word, offset)| PhraseSlot::term(offset, word));
        Alternative::phrase(slots.collect())
    };
    if let Some(index) = ORDINALS_IN_WORDS.iter().position(|word| *word == term) {
        return Some(phrase_of(&ordinal_in_digits(index + 1)));
    }
    let digits = term.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let index = digits.parse::<usize>().ok()?.checked_sub(1)?;
    let words = ORDINALS_IN_WORDS.get(index)?;
    (term == ordinal_in_digits(index + 1)).then(|| phrase_of(words))
}

/// Returns an ordinal number in digits: 22nd for 22.
pub(super) fn ordinal_in_digits(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1..=3, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Tokens of a text.
struct Tokens<'a> {
    text: &'a str,
    analysis: &'a Analysis,
}

impl Tokens<'_> {
    /// Returns the term of the token with this index. An empty string if there is no such token.
    fn term(&self, index: usize) -> &str {
        self.analysis.tokens.get(index).map_or("", |token| self.analysis.term(token))
    }

    /// Returns whether the token with this index directly follows the token before it.
    fn is_joined(&self, index: usize) -> bool {
        let tokens = &self.analysis.tokens;
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        before
            .zip(tokens.get(index))
            .is_some_and(|(before, after)| before.span.end == after.span.start)
    }

    /// Returns whether the token with this index is a Chinese numeral.
    fn is_numeral(&self, index: usize) -> bool {
        integer_of_numerals(self.term(index)).is_some()
    }

    /// Returns whether a word of [`NOUNS_AFTER_NUMBERS`] directly follows the token before the token with this index.
    fn is_noun_of_number(&self, index: usize) -> bool {
        let rest =
            self.analysis.tokens.get(index).and_then(|token| self.text.get(token.span.start..));
        let following =
            [self.term(index), if self.is_joined(index + 1) { self.term(index + 1) } else { "" }];
        rest.is_some()
            && self.is_joined(index)
            && NOUNS_AFTER_NUMBERS.iter().any(|noun| following.concat().starts_with(noun))
    }

    /// Returns whether 第 directly precedes the token with this index.
    fn follows_ordinal_prefix(&self, index: usize) -> bool {
        self.is_joined(index) && self.term(index - 1) == "第"
    }
}

/// Returns the phrase of the word that consists of the tokens with the indexes in `word`, with the other spelling of the
/// number in it. `None` if the word has no number that names an item.
fn other_spelling(tokens: &Tokens<'_>, word: Range<usize>) -> Option<Alternative> {
    let is_number = |index: usize| {
        tokens.is_numeral(index) || tokens.term(index).bytes().all(|byte| byte.is_ascii_digit())
    };
    let start = word.clone().find(|&index| is_number(index))?;
    if tokens.is_joined(start)
        && tokens.is_numeral(start)
        && tokens.is_numeral(start.wrapping_sub(1))
    {
        return None;
    }
    if tokens.is_numeral(start) {
        spelling_in_digits(tokens, word, start)
    } else {
        spelling_in_numerals(tokens, word, start)
    }
}

/// Returns the phrase of a word whose numerals, from the token `start` on, are written in digits.
fn spelling_in_digits(
    tokens: &Tokens<'_>,
    word: Range<usize>,
    start: usize,
) -> Option<Alternative> {
    let mut end = start + 1;
    while tokens.is_joined(end) && tokens.is_numeral(end) && end - start < MAX_NUMERALS {
        end += 1;
    }
    let names_item = tokens.follows_ordinal_prefix(start) || tokens.is_noun_of_number(end);
    if end > word.end || !names_item {
        return None;
    }
    let numerals: String = (start..end).map(|index| tokens.term(index)).collect();
    let digits = integer_of_numerals(&numerals)?.to_string();
    let terms = (word.start..start).map(|index| tokens.term(index));
    let terms =
        terms.chain([digits.as_str()]).chain((end..word.end).map(|index| tokens.term(index)));
    let slots = terms.zip(0..).map(|(term, offset)| PhraseSlot::term(offset, term));
    Some(Alternative::phrase(slots.collect()))
}

/// Returns the phrase of a word whose digits, the token `start`, are written in Chinese numerals, with the character
/// after them. The phrase begins with 第, or with numerals that are rarely the end of a longer number: `二十一世纪`.
fn spelling_in_numerals(
    tokens: &Tokens<'_>,
    word: Range<usize>,
    start: usize,
) -> Option<Alternative> {
    let integer: u64 = tokens.term(start).parse().ok()?;
    let has_prefix = tokens.follows_ordinal_prefix(start);
    if !tokens.is_noun_of_number(start + 1) || !(has_prefix || integer >= 20) {
        return None;
    }
    let numerals = numerals_of_integer(integer)?;
    let first = if has_prefix { start - 1 } else { start };
    let before = (word.start.min(first)..start).map(|index| tokens.term(index).to_owned());
    let after = (start + 1..word.end.max(start + 2)).map(|index| tokens.term(index).to_owned());
    let terms = before.chain(numerals.chars().map(String::from)).chain(after);
    let slots = terms.zip(0..).map(|(term, offset)| PhraseSlot::term(offset, &term));
    Some(Alternative::contiguous(slots.collect()))
}

#[cfg(all(test, feature = "chinese"))]
mod tests {
    use super::*;
    use crate::{
        analysis::{Analyzer, Chinese},
        query::{
            han_words::{HanWordOptions, HanWords, han_words},
            words::non_chinese_words,
        },
    };

    /// Returns the words of a text whose numbers have another spelling, each followed by the other spelling.
    fn printed_spellings(text: &str) -> String {
        let (analyzer, mut analysis) = (Analyzer::new(Chinese::Auto), Analysis::default());
        analyzer.tokens(text, &mut analysis);
        let options = HanWordOptions { includes_stop_words: false, searches_single_chars: true };
        let HanWords { mut words, chars_beside_numbers } =
            han_words(text, &analyzer, &analysis, options);
        words.extend(non_chinese_words(text, &analyzer, &analysis, &chars_beside_numbers, false));
        add_numeral_spellings(text, &analysis, &mut words);
        words.sort_by_key(|word| word.position);
        let printed = words.iter().filter_map(|word| {
            let other = word.alternatives.get(1)?;
            let terms: Vec<&str> = other.slots.iter().map(|slot| slot.pattern.text()).collect();
            Some(format!("{}={}", word.span.of(text), terms.join("+")))
        });
        printed.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_of_items_have_their_other_spelling() {
        for (text, expected) in [
            ("依照第三条", "第三条=第+3+条"),
            ("第十一條", "第十一條=第+11+条"),
            ("一号码头", "一号=1+号"),
            ("二十一世纪", "二十一=21"),
            ("21世纪", "21=二+十+一+世"),
            ("80年代", "80=八+十+年"),
            // 1号 is no other spelling of 一号, which can be the end of 十一号.
            ("1号码头", ""),
            ("三分之一的人", ""),
            ("统一市场", ""),
            ("十万火急", ""),
            ("third reading", "third=3rd"),
            ("3rd reading", "3rd=third"),
            ("21st century", "21st=twenty+first"),
            ("12th", "12th=twelfth"),
            ("3nd", ""),
            ("a 3 km road", ""),
        ] {
            assert_eq!(printed_spellings(text), expected, "{text}");
        }
    }
}
