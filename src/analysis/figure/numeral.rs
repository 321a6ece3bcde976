//! Numbers in words: English number words and Chinese numerals.

use super::multiplier::begins_unit;
use crate::analysis::fold::fold_char;

/// English number words from zero to nineteen, in order.
const WORDS_BELOW_TWENTY: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// English number words from twenty to ninety, in order.
const WORDS_FOR_TENS: &[&str] =
    &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// Chinese digits from zero to nine, in order.
const CHINESE_DIGITS: &str = "零一二三四五六七八九";
/// Maximum length of a Chinese numeral in characters.
const MAX_CHINESE_NUMERAL_CHARS: usize = 16;

/// Returns whether a term is a word that a number in English words may contain.
pub(super) fn is_number_word(term: &str) -> bool {
    matches!(term, "hundred" | "and")
        || WORDS_BELOW_TWENTY.contains(&term)
        || WORDS_FOR_TENS.contains(&term)
}

/// Returns the number that English number words spell. `None` if they do not spell a number from 1 to 999.
pub(super) fn number_from_words<'a>(words: impl Iterator<Item = &'a str>) -> Option<u64> {
    let mut number = 0;
    let mut last_word_value = None;
    for word in words {
        let value = match word {
            "and" if last_word_value == Some(100) => continue,
            "hundred" if (1..10).contains(&number) => {
                number *= 100;
                last_word_value = Some(100);
                continue;
            }
            _ => value_below_hundred(word)?,
        };
        let may_follow = match last_word_value {
            None | Some(100) => true,
            Some(tens) => tens >= 20 && value < 10,
        };
        if !may_follow || value == 0 {
            return None;
        }
        number += value;
        last_word_value = Some(value);
    }
    Some(number).filter(|&number| number > 0)
}

fn value_below_hundred(word: &str) -> Option<u64> {
    let index = |words: &[&str]| words.iter().position(|&other| other == word);
    let value =
        index(WORDS_BELOW_TWENTY).or_else(|| index(WORDS_FOR_TENS).map(|index| 20 + 10 * index))?;
    Some(value as u64)
}

/// Number that Chinese numerals spell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChineseNumber {
    /// Decimal form of the number.
    pub(super) value: String,
    /// Length of the numerals in the text, in bytes.
    pub(super) byte_len: usize,
    pub(super) multiplier: ChineseMultiplier,
}

/// Largest multiplier among the numerals of a Chinese number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ChineseMultiplier {
    /// No multiplier: 五.
    One,
    /// The largest multiplier is 十, 百 or 千.
    Small,
    /// The largest multiplier is 万 or 亿.
    Large,
}

/// Parses the Chinese numerals at the start of a text, with decimals after 点. `None` if the text does not begin with a
/// number, or if the number is not exact (十几).
pub(super) fn chinese_number(text: &str) -> Option<ChineseNumber> {
    let folded_chars: Vec<char> =
        text.chars().take(MAX_CHINESE_NUMERAL_CHARS + 1).map(fold_char).collect();
    let is_numeral = |c: &&char| digit_value(**c).is_some() || "十百千万亿".contains(**c);
    let mut char_count =
        folded_chars.iter().take(MAX_CHINESE_NUMERAL_CHARS).take_while(is_numeral).count();
    while let Some(&last) = char_count.checked_sub(1).and_then(|last| folded_chars.get(last))
        && begins_unit(last, folded_chars.get(char_count).copied())
    {
        char_count -= 1;
    }
    let numerals = folded_chars.get(..char_count)?;
    let (integer, multiplier) = integer_value(numerals)?;
    let mut value = integer.to_string();
    if folded_chars.get(char_count) == Some(&'点') {
        let decimals = folded_chars.iter().skip(char_count + 1).map_while(|&c| digit_value(c));
        let decimals: String = decimals.map(|digit| char::from(b'0' + digit)).collect();
        if decimals.is_empty() {
            return None;
        }
        char_count += 1 + decimals.len();
        value = format!("{value}.{}", decimals.trim_end_matches('0'));
        value.truncate(value.trim_end_matches('.').len());
    }
    if matches!(folded_chars.get(char_count), Some('几' | '点')) {
        return None;
    }
    let byte_count = text.chars().take(char_count).map(char::len_utf8).sum();
    Some(ChineseNumber { value, byte_len: byte_count, multiplier })
}

/// Returns the value of a Chinese digit, which must be folded. `None` for any other character.
fn digit_value(c: char) -> Option<u8> {
    match c {
        '〇' => Some(0),
        '两' => Some(2),
        _ => CHINESE_DIGITS.chars().position(|digit| digit == c).map(|digit| digit as u8),
    }
}

/// Returns the value of Chinese numerals, and the largest multiplier among them. `None` if the numerals are a sequence
/// of digits (二〇二五), or end with a digit whose multiplier is left out (三万八).
fn integer_value(numerals: &[char]) -> Option<(u64, ChineseMultiplier)> {
    let (mut total_value, mut section_value, mut pending_digit) = (0_u64, 0_u64, None);
    let mut largest_multiplier = ChineseMultiplier::One;
    // Whether a final digit counts ones, and not the next smaller multiplier.
    let mut is_ones_place = true;
    for &c in numerals {
        if let Some(digit) = digit_value(c) {
            if pending_digit.is_some_and(|pending_digit| pending_digit > 0) {
                return None;
            }
            is_ones_place |= digit == 0;
            pending_digit =
                Some(u64::from(digit)).filter(|&digit| digit > 0 || numerals.len() == 1);
            continue;
        }
        largest_multiplier = largest_multiplier.max(match c {
            '万' | '亿' => ChineseMultiplier::Large,
            _ => ChineseMultiplier::Small,
        });
        is_ones_place = c == '十';
        match c {
            '十' => section_value += 10 * pending_digit.take().unwrap_or(1),
            '百' if section_value == 0 && pending_digit.is_none() && numerals.len() == 1 => {
                section_value = 100;
            }
            '百' => section_value += 100 * pending_digit.take()?,
            '千' => section_value += 1_000 * pending_digit.take()?,
            _ => {
                section_value += pending_digit.take().unwrap_or(0);
                if total_value + section_value == 0 {
                    return None;
                }
                let factor = if c == '万' { 10_000 } else { 100_000_000 };
                let multiplied_part =
                    if c == '万' { section_value } else { total_value + section_value };
                let added_part = if c == '万' { total_value } else { 0 };
                total_value = multiplied_part.checked_mul(factor)?.checked_add(added_part)?;
                section_value = 0;
            }
        }
    }
    if pending_digit.is_some() && !is_ones_place || numerals.is_empty() {
        return None;
    }
    total_value
        .checked_add(section_value + pending_digit.unwrap_or(0))
        .map(|value| (value, largest_multiplier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_words_spell_numbers() {
        for (words, expected) in [
            ("one", Some(1)),
            ("twenty", Some(20)),
            ("twenty five", Some(25)),
            ("one hundred", Some(100)),
            ("one hundred and fifty two", Some(152)),
            ("five twenty", None),
            ("hundred", None),
            ("one two", None),
            ("many", None),
            ("zero", None),
            ("", None),
        ] {
            assert_eq!(number_from_words(words.split_whitespace()), expected, "{words}");
        }
    }

    #[test]
    fn chinese_numerals_have_values() {
        for (text, expected) in [
            ("五", Some(("5", "五"))),
            ("十五人", Some(("15", "十五"))),
            ("二十", Some(("20", "二十"))),
            ("一百零五", Some(("105", "一百零五"))),
            ("百", Some(("100", "百"))),
            ("五十以上", Some(("50", "五十"))),
            ("五点一，", Some(("5.1", "五点一"))),
            ("五點一零", Some(("5.1", "五點一零"))),
            ("5", None),
            ("十几", None),
            ("零點幾", None),
            ("两万元", Some(("20000", "两万"))),
            ("三億六千萬", Some(("360000000", "三億六千萬"))),
            ("一万亿元", Some(("1000000000000", "一万亿"))),
            ("五万千瓦", Some(("50000", "五万"))),
            ("三万八", None),
            ("三万八千", Some(("38000", "三万八千"))),
            ("二〇二五", None),
            ("万一", None),
            ("人", None),
            ("", None),
        ] {
            let number = chinese_number(text);
            let number = number.as_ref().map(|number| {
                (number.value.as_str(), text.get(..number.byte_len).unwrap_or_default())
            });
            assert_eq!(number, expected, "{text}");
        }
    }
}
