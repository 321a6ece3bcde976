//! Multipliers after a number: 万, million, bn. A multiplier is a power of ten.

use crate::analysis::fold::fold_char;

/// English multipliers, each with the exponent of its power of ten.
const MULTIPLIER_WORDS: &[(&str, usize)] = &[
    ("thousand", 3),
    ("thousands", 3),
    ("million", 6),
    ("millions", 6),
    ("billion", 9),
    ("billions", 9),
    ("trillion", 12),
    ("trillions", 12),
];
/// Abbreviations that are always multipliers, each with the exponent of its power of ten.
const CERTAIN_ABBREVIATIONS: &[(&str, usize)] =
    &[("mn", 6), ("mln", 6), ("bn", 9), ("tn", 12), ("trn", 12)];
/// Abbreviations that are multipliers only after a number with a currency sign, each with the exponent of its power of
/// ten. Elsewhere 20m may be metres, and 5k a run.
const AMBIGUOUS_ABBREVIATIONS: &[(&str, usize)] =
    &[("k", 3), ("m", 6), ("mil", 6), ("b", 9), ("t", 12)];
/// Maximum number of space characters before a multiplier, including at most one line break.
const MAX_BLANKS: usize = 3;
/// Maximum number of Chinese multipliers in sequence, as in 千万亿.
const MAX_CHINESE_MULTIPLIERS: usize = 3;

/// Parses a multiplier such as 万, " million" or "bn" at the start of `after`, the text after a number. `has_currency`
/// is true if a currency precedes the number, which allows ambiguous abbreviations such as m. Returns the exponent of
/// the power of ten, and the length in bytes of the multiplier with the spaces before it. `None` if the text does not
/// begin with a multiplier.
pub(super) fn multiplier(after: &str, has_currency: bool) -> Option<(usize, usize)> {
    chinese_multiplier(after).or_else(|| english_multiplier(after, has_currency))
}

/// Returns the exponent of the power of ten for an English multiplier in lower case. `None` for any other word.
pub(super) fn word_exponent(word: &str) -> Option<usize> {
    // This fast check rejects most words.
    let may_be_multiplier = matches!(word.as_bytes(), [b't' | b'm' | b'b', b'h' | b'i' | b'r', ..]);
    if may_be_multiplier { exponent_of(MULTIPLIER_WORDS, word) } else { None }
}

fn exponent_of(multipliers: &[(&str, usize)], word: &str) -> Option<usize> {
    let entry = multipliers.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    entry.map(|&(_, exponent)| exponent)
}

fn english_multiplier(after: &str, has_currency: bool) -> Option<(usize, usize)> {
    let remaining_text =
        after.trim_start_matches([' ', '\u{A0}', '\u{2009}', '\u{202F}', '\t', '\n', '\r']);
    let blanks = after.get(..after.len() - remaining_text.len())?;
    let is_hyphenated = blanks.is_empty() && remaining_text.starts_with('-');
    let remaining_text =
        if is_hyphenated { remaining_text.strip_prefix('-')? } else { remaining_text };
    let word_bytes = remaining_text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = remaining_text.get(..word_bytes)?;
    let is_whole_word =
        remaining_text.chars().nth(word_bytes).is_none_or(|next| !next.is_alphanumeric());
    let is_same_line_or_next =
        blanks.chars().count() <= MAX_BLANKS && blanks.bytes().filter(|&b| b == b'\n').count() < 2;
    if word_bytes == 0 || !is_whole_word || !is_same_line_or_next {
        return None;
    }
    let is_close =
        !is_hyphenated && matches!(blanks, "" | " " | "\u{A0}" | "\u{2009}" | "\u{202F}");
    let abbreviation = || exponent_of(CERTAIN_ABBREVIATIONS, word).filter(|_| is_close);
    let currency_abbreviation = || {
        let exponent = exponent_of(AMBIGUOUS_ABBREVIATIONS, word)?;
        (has_currency && !is_hyphenated && blanks.is_empty()).then_some(exponent)
    };
    let exponent = word_exponent(&word.to_ascii_lowercase())
        .or_else(abbreviation)
        .or_else(currency_abbreviation)?;
    Some((exponent, after.len() - remaining_text.len() + word_bytes))
}

fn chinese_multiplier(after: &str) -> Option<(usize, usize)> {
    let text_after_blanks = after.strip_prefix([' ', '\u{A0}']).unwrap_or(after);
    let (mut exponent, mut bytes) = (0, 0);
    let mut characters = text_after_blanks.chars().peekable();
    for _ in 0..MAX_CHINESE_MULTIPLIERS {
        let Some(c) = characters.next() else { break };
        let next_char = characters.peek().map(|&next_char| fold_char(next_char));
        let multiplier = fold_char(c);
        if begins_unit(multiplier, next_char) {
            break;
        }
        exponent += match multiplier {
            '百' => 2,
            '千' => 3,
            '万' => 4,
            '亿' => 8,
            // 兆 is a trillion in Taiwan and a million in units such as 兆瓦, but no unit of money begins with 兆.
            '兆' if matches!(next_char, Some('元' | '圆')) => 12,
            _ => break,
        };
        bytes += c.len_utf8();
    }
    (exponent > 0).then_some((exponent, after.len() - text_after_blanks.len() + bytes))
}

/// Returns whether `multiplier` and the `next` character begin a unit or another word: 千瓦 is a kilowatt, not a
/// thousand. Both characters must be folded.
pub(super) fn begins_unit(multiplier: char, next: Option<char>) -> bool {
    match (multiplier, next) {
        ('千', Some(next)) => "瓦克米帕卡伏赫焦乏兆".contains(next),
        ('百', Some(next)) => "帕分".contains(next),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipliers_after_a_number() {
        for (after, has_currency, expected) in [
            (" million cars", false, Some((6, 8))),
            ("\nmillion", false, Some((6, 8))),
            ("\n\nmillion", false, None),
            ("million", false, Some((6, 7))),
            ("-million", false, Some((6, 8))),
            (" Billions", false, Some((9, 9))),
            (" millionaires", false, None),
            ("bn for rail", false, Some((9, 2))),
            (" bn", false, Some((9, 3))),
            ("m for buses", true, Some((6, 1))),
            ("m for buses", false, None),
            (" m", true, None),
            ("k", true, Some((3, 1))),
            ("B", true, Some((9, 1))),
            ("mm", true, None),
            (" a", true, None),
            ("万人", false, Some((4, "万".len()))),
            (" 億元", false, Some((8, " 億".len()))),
            ("万亿元", false, Some((12, "万亿".len()))),
            ("万千瓦", false, Some((4, "万".len()))),
            ("千瓦时", false, None),
            ("千克", false, None),
            ("百帕", false, None),
            ("百分点", false, None),
            ("千兆", false, None),
            ("千元", false, Some((3, "千".len()))),
            ("兆元", false, Some((12, "兆".len()))),
            ("兆瓦", false, None),
            ("", false, None),
        ] {
            assert_eq!(multiplier(after, has_currency), expected, "{after}");
        }
    }
}
