//! Finds the unit before or after a number. `table.rs` lists the units.

mod kind;
mod table;

pub use self::kind::{Dimension, Unit};

use std::{collections::HashMap, sync::OnceLock};

use self::table::{CURRENCY_PREFIXES, UNITS};
use super::{
    folded_text::{FoldedText, is_letter_of_spaced_script},
    value::Value,
};

impl Unit {
    /// Returns the unit with this name. `None` if there is no such unit.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        UNITS.iter().find(|unit| unit.name == name)
    }

    /// Returns the root unit: the base unit of the base unit. For most units, the base unit is the root unit already.
    /// Units such as the terabyte have another base unit, because their factor to the root unit is too large for one
    /// row of the table.
    pub(super) fn root(&'static self) -> &'static Self {
        let base_of = |unit: &Self| Self::by_name(unit.base);
        base_of(self).and_then(base_of).unwrap_or(self)
    }

    /// Returns a value of this unit in the base unit. `None` if the result is too large.
    pub fn to_base(&self, value: Value) -> Option<Value> {
        value.times(i128::from(self.factor.0), i128::from(self.factor.1))
    }
}

/// Unit found before or after a number of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnitMatch {
    pub(super) unit: &'static Unit,
    /// Byte offset of the end that is away from the number: the start of a unit before the number, or the end of a unit
    /// after the number.
    pub(super) outer_offset: usize,
}

/// Spelling of a unit.
#[derive(Debug, Clone, Copy)]
struct UnitSpelling {
    text: &'static str,
    kind: SpellingKind,
    unit: &'static Unit,
}

/// Kind of the spelling of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SpellingKind {
    /// English words, in singular or plural.
    Word,
    /// Symbol such as km, whose letter case must match.
    Symbol,
    /// Chinese word such as 公里.
    Han,
}

/// Spellings by their first character, in lower case. Longer spellings come before shorter spellings.
type SpellingIndex = HashMap<char, Vec<UnitSpelling>>;

/// Returns the index of the spellings of all units.
fn spelling_index() -> &'static SpellingIndex {
    static SPELLING_INDEX: OnceLock<SpellingIndex> = OnceLock::new();
    SPELLING_INDEX.get_or_init(|| {
        let rows = UNITS.iter().flat_map(|unit| {
            let lists = [
                (unit.english_words, SpellingKind::Word),
                (unit.symbols, SpellingKind::Symbol),
                (unit.chinese_words, SpellingKind::Han),
            ];
            lists.into_iter().flat_map(move |(list, kind)| {
                list.split('|').map(move |text| UnitSpelling { text, kind, unit })
            })
        });
        let mut spellings: Vec<UnitSpelling> = rows.collect();
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.text.len()));
        let mut index = SpellingIndex::new();
        for spelling in spellings {
            if let Some(first) = spelling.text.chars().next() {
                index.entry(first.to_ascii_lowercase()).or_default().push(spelling);
            }
        }
        index
    })
}

/// Words that may stand between a number and its unit: three consecutive years.
const ADJECTIVES_BEFORE_UNITS: [&str; 15] = [
    "consecutive",
    "straight",
    "calendar",
    "additional",
    "more",
    "full",
    "whole",
    "further",
    "extra",
    "long",
    "short",
    "successive",
    "chinese",
    "new",
    "different",
];

/// Returns the unit after the byte offset `end`, at which a number ends.
pub(super) fn unit_after(source: &FoldedText, end: usize) -> Option<UnitMatch> {
    let after_blanks = source.skip_blanks(end);
    let is_attached = after_blanks == end;
    if let Some(unit_match) = unit_at(source, after_blanks, is_attached) {
        return Some(unit_match);
    }
    if let Some(rest) = source.text_after(end).strip_prefix('-') {
        let start = source.lowercase.len() - rest.len();
        return unit_at(source, start, false)
            .filter(|unit_match| unit_match.outer_offset - start > 1);
    }
    let (word_end, word) = source.word_after(end);
    if !is_attached && ADJECTIVES_BEFORE_UNITS.contains(&word) {
        let unit_match = unit_at(source, source.skip_blanks(word_end), false)?;
        return Some(unit_match);
    }
    None
}

/// Returns the unit at the byte offset `start`. `is_attached` says whether the unit directly follows its number. A
/// symbol that is a single letter counts only if it is attached.
fn unit_at(source: &FoldedText, start: usize, is_attached: bool) -> Option<UnitMatch> {
    let text = source.window_after(start, 48);
    let first = text.chars().next()?;
    let spellings = spelling_index().get(&first)?;
    spellings.iter().find_map(|spelling| {
        let length = match spelling.kind {
            SpellingKind::Word => matched_words_length(text, spelling.text)?,
            SpellingKind::Symbol => {
                let with_capitals = source.with_capitals.get(start..)?;
                let rest = with_capitals.strip_prefix(spelling.text)?;
                let ends_word = !spelling.text.ends_with(is_letter_of_spaced_script)
                    || !rest
                        .starts_with(|c: char| is_letter_of_spaced_script(c) || c.is_ascii_digit());
                let is_sure = is_attached || spelling.text.len() > 1 || !first.is_alphabetic();
                (ends_word && is_sure).then_some(spelling.text.len())?
            }
            SpellingKind::Han => {
                let rest = text.strip_prefix(spelling.text)?;
                is_han_unit_before(spelling.text, rest).then_some(spelling.text.len())?
            }
        };
        Some(UnitMatch { unit: spelling.unit, outer_offset: start + length })
    })
}

/// Returns the number of bytes that `words` take at the start of `text`, in singular or plural. Any blank or hyphen may
/// stand between the words. `None` if `text` does not begin with these words.
fn matched_words_length(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    for (index, word) in words.split(' ').enumerate() {
        if index > 0 {
            rest = rest.strip_prefix([' ', '\u{A0}', '-', '\n'])?;
        }
        rest = rest.strip_prefix(word)?;
    }
    for plural in ["es", "s"] {
        if let Some(after_plural) = rest.strip_prefix(plural)
            && !after_plural.starts_with(is_letter_of_spaced_script)
        {
            rest = after_plural;
            break;
        }
    }
    let ends_word =
        !rest.starts_with(|c: char| is_letter_of_spaced_script(c) || c.is_ascii_digit());
    ends_word.then(|| text.len() - rest.len())
}

/// Returns whether the Chinese word `unit`, which the text `rest` follows, is a unit. The word is no unit if it begins
/// another word together with `rest`: 人 begins 人民, and 天 begins 天津.
fn is_han_unit_before(unit: &str, rest: &str) -> bool {
    let next = rest.chars().next().unwrap_or(' ');
    let other_words = match unit {
        "人" => "民均才工口大类物事际权员",
        "天" => "津然空文气下",
        "元" => "旦素月宵",
        "米" => "其",
        "年" => "轻龄级货度",
        "日" => "报本常用",
        "周" => "边围末刊",
        "克" => "服隆",
        "升" => "级",
        "度" => "假",
        _ => return true,
    };
    !other_words.contains(next)
}

/// Returns the currency before the byte offset `start`, at which a number begins.
pub(super) fn unit_before(source: &FoldedText, start: usize) -> Option<UnitMatch> {
    let before_blanks = source.skip_blanks_back(start);
    let ends = [Some(start), Some(before_blanks).filter(|end| *end < start)];
    ends.into_iter().flatten().find_map(|end| {
        let text = source.window_before(end, 16);
        let last_byte = text.bytes().next_back()?;
        CURRENCY_PREFIXES.iter().find_map(|&(prefix, name)| {
            // The last byte excludes most prefixes.
            if prefix.as_bytes().last() != Some(&last_byte) {
                return None;
            }
            let before = text.strip_suffix(prefix)?;
            let is_word = prefix.starts_with(is_letter_of_spaced_script);
            if is_word && before.ends_with(is_letter_of_spaced_script) {
                return None;
            }
            Some(UnitMatch { unit: Unit::by_name(name)?, outer_offset: end - prefix.len() })
        })
    })
}

/// Returns whether letters before digits are the code of a currency: RMB500.
pub(super) fn is_currency_code(letters: &str) -> bool {
    CURRENCY_PREFIXES.iter().any(|&(prefix, _)| prefix == letters)
}

/// Returns whether a Chinese multiplier at the start of `text` is the beginning of a unit: 千 in 千瓦.
pub(super) fn begins_unit(text: &str) -> bool {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some('千'), Some(next)) => "瓦克米卡伏赫帕".contains(next),
        (Some('百'), Some(next)) => "分帕".contains(next),
        (Some('兆'), Some(next)) => "瓦赫帕".contains(next),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_has_a_base_unit_and_a_unique_name() {
        for unit in UNITS {
            assert!(Unit::by_name(unit.base).is_some(), "{}", unit.name);
            assert!(unit.factor.0 > 0 && unit.factor.1 > 0, "{}", unit.name);
            assert!(std::ptr::eq(Unit::by_name(unit.name).unwrap(), unit), "{}", unit.name);
        }
        for (_, name) in CURRENCY_PREFIXES {
            assert!(Unit::by_name(name).is_some(), "{name}");
        }
    }

    #[test]
    fn units_after_numbers_are_found() {
        for (text, expected) in [
            ("5 percent", "%"),
            ("5 percentage points", "pp"),
            ("5%", "%"),
            ("5 square kilometres", "km2"),
            ("5 km", "km"),
            ("5kg", "kg"),
            ("5G", "-"),
            ("5-year", "year"),
            ("5 consecutive years", "year"),
            ("5千瓦时", "kWh"),
            ("5千瓦", "kW"),
            ("5个百分点", "pp"),
            ("5人次", "person-time"),
            ("5人民", "-"),
            ("5公里", "km"),
            ("5 m", "-"),
            ("5 meters", "m"),
            ("5 apples", "-"),
        ] {
            let source = FoldedText::new(text);
            let unit = unit_after(&source, 1).map_or("-", |unit_match| unit_match.unit.name);
            assert_eq!(unit, expected, "{text}");
        }
    }
}
