//! Reads numbers in digits: 39,000, 1 250 000, 12.50, 2.25 million, 3.9万, ½.

use super::{
    chinese,
    mixed::fraction_of_mixed_number,
    model::{ImpliedUnit, Notation, Number, ScanResult, fraction_character},
    share::ratio_after,
};
use crate::fact::{
    comparator::Comparator,
    folded_text::{FoldedText, is_han, is_letter_of_spaced_script},
    unit,
    value::Value,
    words::{is_identifier_word, is_month_name, is_plural},
};

/// Maximum number of digits in sequence that count as a number. A longer sequence is a code.
const MAX_INTEGER_DIGITS: usize = 15;
/// Multipliers in English words, and abbreviations that are multipliers after any number.
const MULTIPLIERS: [(&str, i128); 16] = [
    ("hundred", 100),
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
    ("millions", 1_000_000),
    ("billions", 1_000_000_000),
    ("milliard", 1_000_000_000),
    ("milliards", 1_000_000_000),
    ("lakh", 100_000),
    ("crore", 10_000_000),
    ("dozen", 12),
    ("mn", 1_000_000),
    ("bn", 1_000_000_000),
    ("tn", 1_000_000_000_000),
    ("mln", 1_000_000),
];
/// Abbreviations that are multipliers only after a number with a currency.
const MONEY_MULTIPLIERS: [(&str, i128); 6] = [
    ("k", 1_000),
    ("m", 1_000_000),
    ("mil", 1_000_000),
    ("b", 1_000_000_000),
    ("t", 1_000_000_000_000),
    ("mm", 1_000_000),
];

/// Plural nouns of things that are named by their length. Between a number and such a noun, m means metres and not
/// millions: "two 25m pools".
const NOUNS_NAMED_BY_LENGTH: [&str; 16] = [
    "blades", "boats", "events", "lengths", "masts", "pipes", "poles", "pools", "races", "runners",
    "runs", "towers", "tracks", "turbines", "walls", "waves",
];

/// Scans the number at the byte offset `start`, where the text has a digit, a decimal point or a fraction character
/// such as ½.
pub(super) fn scan(source: &FoldedText, start: usize) -> ScanResult {
    let text = source.text_after(start);
    let Some(mut digits) = NumberInDigits::read(text, may_have_spaced_groups(source, start)) else {
        return ScanResult::no_number(start + length_of_digits_and_joined_characters(text));
    };
    if is_part_of_code(source, start, start + digits.byte_length) {
        return ScanResult::no_number(start + length_of_digits_and_joined_characters(text));
    }
    digits.add_fraction(text);
    let mut number =
        Number::plain(start, start + digits.byte_length, digits.value, Notation::Digits);
    number.has_quantity_notation = digits.has_groups;
    number.has_decimals = digits.has_decimals;
    if let Some((value, end)) = slash_fraction(source, start, number.end) {
        (number.value, number.end, number.implied_unit) = (value, end, ImpliedUnit::Share);
        return ScanResult::with_number(number);
    }
    if let Some(share) = ratio_after(source, &number) {
        return ScanResult::with_number(share);
    }
    if source.text_between(start, number.end) == "000" {
        // 000 at the head of a column means that the numbers of the column are thousands: £000.
        return ScanResult::no_number(number.end);
    }
    add_multiplier(source, &mut number);
    if digits.is_fraction_character && number.multiplier == 1 {
        // ½ alone is a share of a whole; before a unit, ½ is half of the unit.
        if unit::unit_after(source, number.end).is_none() {
            number.implied_unit = ImpliedUnit::Share;
            number.value = number.value.times(100, 1).unwrap_or(number.value);
        }
    }
    if !add_plus_sign_unless_word(source, &mut number) {
        return ScanResult::no_number(start + length_of_digits_and_joined_characters(text));
    }
    if is_spaced_ordinal(source, number.end) {
        return ScanResult::no_number(number.end);
    }
    add_minus_sign(source, &mut number);
    ScanResult::with_number(number)
}

/// A number in digits at the start of a text.
struct NumberInDigits {
    /// Value of the number.
    value: Value,
    /// Length of the number in bytes.
    byte_length: usize,
    /// Whether separators divide the integer into groups of three digits.
    has_groups: bool,
    /// Whether the number has a decimal fraction.
    has_decimals: bool,
    /// Whether the number is only a fraction character such as ½.
    is_fraction_character: bool,
}

impl NumberInDigits {
    /// Reads digits with separators of thousands and decimals. `may_have_spaces` says whether ordinary spaces may
    /// separate thousands. Returns `None` if the digits are a code, a version or an address.
    fn read(text: &str, may_have_spaces: bool) -> Option<Self> {
        if let Some((numerator, denominator)) = text.chars().next().and_then(fraction_character) {
            return Some(Self {
                value: Value::fraction(numerator, denominator)?,
                byte_length: text.chars().next().map_or(0, char::len_utf8),
                has_groups: false,
                has_decimals: false,
                is_fraction_character: true,
            });
        }
        let mut length = digit_count(text);
        let mut integer = text.get(..length)?.to_owned();
        if length == 0 {
            integer.push('0');
        }
        if length > MAX_INTEGER_DIGITS {
            return None;
        }
        let groups = Self::groups(text, length, may_have_spaces);
        let has_groups = !groups.is_empty();
        for group in groups {
            integer.push_str(text.get(group.clone())?);
            length = group.end;
        }
        let mut fraction = "";
        if let Some(digits) = text.get(length..).and_then(decimals_after_comma) {
            fraction = digits;
            length += 1 + digits.len();
        } else if let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix('.')) {
            let count = digit_count(rest);
            if count > 0 {
                fraction = rest.get(..count)?;
                length += 1 + count;
                let after = rest.get(count..)?;
                if after.strip_prefix('.').is_some_and(|rest| digit_count(rest) > 0) {
                    return None;
                }
            }
        }
        Some(Self {
            value: Value::decimal(&integer, fraction)?,
            byte_length: length,
            has_groups,
            has_decimals: !fraction.is_empty(),
            is_fraction_character: false,
        })
    }

    /// Returns the byte ranges of the groups of three digits after the first `length` digits. Ordinary spaces may also
    /// separate two numbers. Groups after ordinary spaces therefore count only if the last group is 000, or if
    /// `may_have_spaces` is true and a word or a sign follows.
    fn groups(text: &str, length: usize, may_have_spaces: bool) -> Vec<std::ops::Range<usize>> {
        let mut groups = Vec::new();
        let rest = text.get(length..).unwrap_or_default();
        let Some(separator) =
            rest.chars().next().filter(|c| matches!(c, ',' | '，' | ' ' | '\u{A0}'))
        else {
            return groups;
        };
        if !(1..=3).contains(&length) || text.starts_with('0') {
            return groups;
        }
        let mut end = length;
        while let Some(rest) = text.get(end..).and_then(|rest| rest.strip_prefix(separator))
            && digit_count(rest) == 3
            && groups.len() < 6
        {
            let start = end + separator.len_utf8();
            groups.push(start..start + 3);
            end = start + 3;
        }
        let ends_with_zeros = text.get(end.saturating_sub(3)..end) == Some("000");
        let is_number = || {
            ends_with_zeros || may_have_spaces && text.get(end..).is_some_and(shows_end_of_number)
        };
        if separator == ' ' && !is_number() {
            groups.clear();
        }
        groups
    }

    /// Adds the fraction after the digits: 2½, 4-1/2.
    fn add_fraction(&mut self, text: &str) {
        let mixed = fraction_of_mixed_number(text, self.byte_length);
        if let Some((fraction, length)) = mixed
            && let Some(sum) = self.value.plus(fraction)
        {
            (self.value, self.byte_length, self.has_decimals) = (sum, length, true);
            return;
        }
        let next = text.get(self.byte_length..).and_then(|rest| rest.chars().next());
        if self.is_fraction_character || self.has_decimals {
            return;
        }
        let Some((c, (numerator, denominator))) =
            next.and_then(|c| Some((c, fraction_character(c)?)))
        else {
            return;
        };
        let sum =
            Value::fraction(numerator, denominator).and_then(|fraction| self.value.plus(fraction));
        if let Some(sum) = sum {
            self.value = sum;
            self.byte_length += c.len_utf8();
            self.has_decimals = true;
        }
    }
}

/// Returns whether the text `rest` after digits shows that the number ends: `rest` is empty, or begins with a word, a
/// Chinese character directly after the digits, a percent sign, a currency or punctuation. False if another number follows, because the digits may stand in two
/// columns of a table.
fn shows_end_of_number(rest: &str) -> bool {
    if rest.starts_with(is_han) {
        return !rest.starts_with(['年', '月', '日', '号']);
    }
    let mut chars = rest.trim_start_matches([' ', '\u{A0}']).chars();
    match chars.next() {
        None => true,
        Some('.' | ',') => chars.next().is_none_or(char::is_whitespace),
        Some(c) => c.is_lowercase() || matches!(c, '%' | '€' | '£' | '$' | ';' | ')'),
    }
}

/// Returns whether ordinary spaces may separate the thousands of the number at the byte offset `start`, as in "7 851
/// cases". False after another number, after the name of a month ("May 12") and after a word that identifies an item by
/// its number ("phase 2"). False also at the start of a line, where the first group may be the number of a paragraph.
fn may_have_spaced_groups(source: &FoldedText, start: usize) -> bool {
    if unit::unit_before(source, start).is_some() {
        return true;
    }
    let before = source.text_before(start).trim_end_matches([' ', '\u{A0}']);
    let follows_number =
        before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | ')' | '/' | '-' | '–'));
    let begins_line = before.is_empty() || before.ends_with('\n');
    let (word_start, word) = source.word_before(start);
    let is_name = source.is_capital(word_start) && !source.begins_sentence(word_start);
    !follows_number
        && !begins_line
        && !is_name
        && !is_month_name(word)
        && !is_identifier_word(word, source.is_capital(word_start))
}

/// Returns the decimals after a decimal comma at the start of `text`: one or two digits before a percent sign, "per cent"
/// or the name of a large number, as in 15,5 millions.
fn decimals_after_comma(text: &str) -> Option<&str> {
    let digits = text.strip_prefix(',')?;
    let count = digit_count(digits);
    let rest = digits.get(count..)?.trim_start_matches([' ', '\u{A0}']);
    let is_quantity = rest.starts_with('%')
        || ["percent", "per cent", "million", "billion", "milliard", "trillion"]
            .iter()
            .any(|word| rest.starts_with(word));
    ((1..=2).contains(&count) && is_quantity).then(|| digits.get(..count)).flatten()
}

/// Returns the number of digits at the start of `text`.
pub(super) fn digit_count(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Returns the length in bytes of the digits at the start of `text`, with all characters that are joined to the digits.
/// Returns at least 1, so that a scan moves on.
fn length_of_digits_and_joined_characters(text: &str) -> usize {
    let is_joined = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '/' | '-' | '_');
    let length = text.find(|c: char| !is_joined(c)).unwrap_or(text.len());
    let run = text.get(..length).unwrap_or_default();
    run.trim_end_matches(['.', ':', '/', '-', '_']).len().max(1)
}

/// Returns whether the digits between the byte offsets `start` and `end` are part of a code: a clock time, a version, a
/// telephone or document number, an address, or the end of a word.
fn is_part_of_code(source: &FoldedText, start: usize, end: usize) -> bool {
    let before = source.window_before(start, 8);
    let after = source.window_after(end, 24);
    let previous = before.chars().next_back().unwrap_or(' ');
    let previous_but_one = before.chars().rev().nth(1).unwrap_or(' ');
    let next = after.chars().next().unwrap_or(' ');
    let next_but_one = after.chars().nth(1).unwrap_or(' ');
    // A number directly after the full stop of a sentence is the number of a footnote: way.16 Sales.
    if previous == '.' && is_letter_of_spaced_script(previous_but_one) {
        return true;
    }
    if previous == '#' || previous == '_' || next == '_' || follows_country_code(source, start) {
        return true;
    }
    // A letter directly before digits belongs to the same word, unless the letters are the code of a currency.
    if is_letter_of_spaced_script(previous) && !unit::is_currency_code(source.letters_before(start))
    {
        return true;
    }
    // 3:50 is a clock time, and 1:5 is a ratio, which has no unit.
    if (next == ':' && next_but_one.is_ascii_digit())
        || (previous == ':' && previous_but_one.is_ascii_digit())
    {
        return true;
    }
    // 2+14+N and 21+8 are names, not quantities.
    if (next == '+' && next_but_one.is_alphanumeric())
        || (previous == '+' && previous_but_one.is_alphanumeric())
    {
        return true;
    }
    // 117-58-3 and 202-456-1111 are numbers of laws and telephones.
    if next == '-' {
        let rest = after.get(1..).unwrap_or_default();
        let count = digit_count(rest);
        let after_second = rest.get(count..).unwrap_or_default();
        let is_chain = after_second.strip_prefix('-').is_some_and(|rest| digit_count(rest) > 0);
        if count > 0 && is_chain {
            return true;
        }
    }
    previous == '-' && previous_but_one.is_ascii_digit() && {
        let first = before.trim_end_matches('-').trim_end_matches(|c: char| c.is_ascii_digit());
        first.ends_with('-')
    }
}

/// Returns whether the digits at the byte offset `start` belong to a telephone number: a plus sign, the code of a country,
/// and only digits and separators precede them, as in "+1 202 623-7100".
fn follows_country_code(source: &FoldedText, start: usize) -> bool {
    let before = source.window_before(start, 16);
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '\u{A0}');
    let code = before.trim_end_matches(is_part);
    let digits = before.get(code.len()..).unwrap_or_default();
    code.ends_with('+') && (1..=3).contains(&digit_count(digits)) && !digits.ends_with("  ")
}

/// Returns the value in percent of a fraction such as 2/3 before words such as "of" and 以上, and the byte offset at
/// which the fraction ends. The numerator stands between the byte offsets `start` and `end`.
fn slash_fraction(source: &FoldedText, start: usize, end: usize) -> Option<(Value, usize)> {
    let rest = source.text_after(end).strip_prefix('/')?;
    let count = digit_count(rest);
    let numerator: i128 = source.text_between(start, end).parse().ok()?;
    let denominator: i128 = rest.get(..count)?.parse().ok()?;
    let after = rest.get(count..)?.trim_start();
    let is_named = ["of ", "以上", "以下", "的", "rds", "ths", "。", "，"]
        .iter()
        .any(|word| after.starts_with(word));
    let is_fraction = numerator < denominator && matches!(denominator, 2..=20 | 100);
    (is_fraction && is_named)
        .then(|| Some((Value::fraction(100 * numerator, denominator)?, end + 1 + count)))
        .flatten()
}

/// Extends the number by the multiplier after it.
fn add_multiplier(source: &FoldedText, number: &mut Number) {
    if let Some(multiplier) = chinese::multiplier_after(source, number.end) {
        if let Some(value) = number.value.times(multiplier.factor, 1) {
            number.value = value;
            number.multiplier = multiplier.factor;
            number.end = multiplier.end;
            number.comparator = multiplier.comparator;
            number.has_quantity_notation |= multiplier.factor >= 10_000;
        }
        while add_digits_with_smaller_multiplier(source, number) {}
        return;
    }
    for _ in 0..2 {
        let has_currency = || unit::unit_before(source, number.start).is_some();
        let after_blanks = source.skip_blanks(number.end);
        let start = if after_blanks == number.end && source.text_after(number.end).starts_with('-')
        {
            number.end + 1
        } else {
            after_blanks
        };
        let word = source.letters_at(start);
        let find = |table: &[(&str, i128)]| {
            table.iter().find(|(name, _)| *name == word).map(|&(_, factor)| factor)
        };
        let counts_things = || {
            let noun = source.word_after(start + word.len()).1;
            matches!(word, "k" | "m") && is_plural(noun) && !NOUNS_NAMED_BY_LENGTH.contains(&noun)
        };
        let money_multiplier = || {
            find(&MONEY_MULTIPLIERS)
                .filter(|_| start == number.end && (has_currency() || counts_things()))
        };
        let Some(factor) = find(&MULTIPLIERS).or_else(money_multiplier) else { break };
        let Some(value) = number.value.times(factor, 1) else { break };
        number.value = value;
        number.multiplier *= factor;
        number.end = start + word.len();
        number.has_quantity_notation = true;
    }
}

/// Adds digits with a smaller multiplier that follow directly: 1亿2,000万. Returns whether such digits follow.
fn add_digits_with_smaller_multiplier(source: &FoldedText, number: &mut Number) -> bool {
    let rest = source.text_after(number.end);
    if number.multiplier < 10_000 || !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let Some(digits) = NumberInDigits::read(rest, false).filter(|digits| !digits.has_decimals)
    else {
        return false;
    };
    let digits_end = number.end + digits.byte_length;
    let multiplier = chinese::multiplier_after(source, digits_end);
    let (factor, end) =
        multiplier.map_or((1, digits_end), |multiplier| (multiplier.factor, multiplier.end));
    // In 1万2930人, the digits after 万 are the rest of the number; 2024年 after 万 is a year.
    let is_rest_of_number = digits.has_groups
        || digits.byte_length == "2930".len()
            && source.char_at(digits_end).is_some_and(|c| is_han(c) && c != '年');
    let is_smaller = if factor > 1 {
        factor < number.multiplier
    } else {
        is_rest_of_number && number.multiplier == 10_000
    };
    let section = digits.value.times(factor, 1).and_then(|section| number.value.plus(section));
    let Some(value) = section.filter(|_| is_smaller) else { return false };
    number.value = value;
    number.end = end;
    number.multiplier = factor;
    true
}

/// Reads a plus sign after the number, which means "at least". Returns `false` if letters directly after the number
/// form a word with the number, as in 21st and 5G.
fn add_plus_sign_unless_word(source: &FoldedText, number: &mut Number) -> bool {
    let rest = source.text_after(number.end);
    if let Some(rest) = rest.strip_prefix('+')
        && !rest.starts_with(char::is_alphanumeric)
    {
        number.end += 1;
        number.comparator = Some(Comparator::AtLeast);
        return true;
    }
    if rest.starts_with(is_letter_of_spaced_script) {
        let letters = source.letters_at(number.end);
        let is_unit = unit::unit_after(source, number.end).is_some();
        if letters == "x"
            && rest
                .strip_prefix('x')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            return false;
        }
        return is_unit;
    }
    true
}

/// Returns whether the ending of an ordinal number follows after a blank: 25 th.
fn is_spaced_ordinal(source: &FoldedText, end: usize) -> bool {
    source.text_after(end).starts_with(' ')
        && matches!(source.word_after(end).1, "st" | "nd" | "rd" | "th")
}

/// Makes the value negative if a minus sign precedes the number, and a blank or a bracket precedes the sign.
fn add_minus_sign(source: &FoldedText, number: &mut Number) {
    let before = source.window_before(number.start, 8);
    let Some(rest) = before.strip_suffix('-').or_else(|| before.strip_suffix('–')) else {
        return;
    };
    let is_sign = rest.is_empty() || rest.ends_with(['(', '（', '[', '=', ':', '：', '为']);
    let after_blank = rest.ends_with([' ', '\n'])
        && !rest.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == '%');
    // A dash at the start of a line is the mark of a list.
    let is_list = rest.is_empty() || rest.ends_with('\n');
    let has_unit = || unit::unit_after(source, number.end).is_some();
    if (is_sign || after_blank)
        && !is_list
        && (number.has_decimals || number.has_quantity_notation || has_unit())
    {
        number.start -= before.len() - rest.len();
        number.value = number.value.negated();
    }
}
