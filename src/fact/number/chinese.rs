//! Reads Chinese numerals and multipliers: 三百五十三万, 3.9万, 百分之五十, 两成, 数十, 翻一番.

use super::model::{ImpliedUnit, Notation, Number, ScanResult};
use crate::fact::{comparator::Comparator, folded_text::FoldedText, unit, value::Value};

/// Maximum length of a numeral, in bytes.
const MAX_NUMERAL_BYTES: usize = 60;

/// Returns whether a number in Chinese numerals, or a word with the meaning of a number, may begin with `c`.
pub(super) const fn may_begin(c: char) -> bool {
    matches!(
        c,
        '零' | '〇'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '万'
            | '亿'
            | '两'
            | '几'
            | '数'
            | '上'
            | '半'
            | '过'
            | '翻'
    )
}

/// Returns the value of a Chinese digit.
fn digit_value(c: char) -> Option<i128> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Returns the factor of a Chinese multiplier.
fn factor_of_multiplier(c: char) -> Option<i128> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        '兆' => 1_000_000_000_000,
        _ => return None,
    })
}

/// Multiplier after the digits of a number.
#[derive(Debug)]
pub(super) struct Multiplier {
    /// Factor by which the digits are multiplied.
    pub(super) factor: i128,
    /// Byte offset in the folded text at which the multiplier ends.
    pub(super) end: usize,
    /// Comparator that 余, 多 or 几 beside the multiplier expresses.
    pub(super) comparator: Option<Comparator>,
}

/// Returns the Chinese multiplier and 余 or 多 after the byte offset `end`. `None` if there is neither.
pub(super) fn multiplier_after(source: &FoldedText, end: usize) -> Option<Multiplier> {
    let (mut offset, mut comparator) = read_surplus_character(source, end);
    let before_blanks = offset;
    offset = source.skip_blanks(offset);
    let mut factor = 1;
    let mut multiplier_end = before_blanks;
    while let Some(next) = source.char_at(offset).and_then(factor_of_multiplier)
        && !unit::begins_unit(source.window_after(offset, 9))
        && factor < 1_000_000_000_000
        && (next < 1_000_000_000_000 || source.is_traditional)
    {
        factor *= next;
        offset += 3;
        multiplier_end = offset;
    }
    let (surplus_end, surplus_comparator) = read_surplus_character(source, multiplier_end);
    comparator = comparator.or(surplus_comparator);
    (surplus_end > end).then_some(Multiplier { factor, end: surplus_end, comparator })
}

/// Reads the character 余, 多 or 几 at the byte `offset`. These characters mean that the value is somewhat more than the
/// number. Returns the offset after the character, and the comparator. Returns `offset` and `None` if no such character
/// follows.
fn read_surplus_character(source: &FoldedText, offset: usize) -> (usize, Option<Comparator>) {
    let rest = source.window_after(offset, 9);
    let mut characters = rest.chars();
    let (first, second) = (characters.next().unwrap_or(' '), characters.next().unwrap_or(' '));
    let is_surplus = match first {
        '余' => !"额下地生".contains(second),
        '多' => !"元边数功".contains(second),
        '几' => true,
        _ => false,
    };
    if is_surplus { (offset + 3, Some(Comparator::MoreThan)) } else { (offset, None) }
}

/// Scans the number at the byte offset `start`. The caller has checked with [`may_begin`] that a number may begin
/// there.
pub(super) fn scan(source: &FoldedText, start: usize) -> ScanResult {
    let text = source.window_after(start, MAX_NUMERAL_BYTES);
    let run_end = start + numerals_length(text);
    if matches!(source.char_before(start), Some('第' | '初' | '星' | '礼'))
        && !text.starts_with("百分之")
    {
        return ScanResult::no_number(run_end);
    }
    let number = read_half_in_words(source, start)
        .or_else(|| read_half_time_unit(source, start))
        .or_else(|| read_fraction(source, start))
        .or_else(|| read_doubling(source, start))
        .or_else(|| read_lower_bound(source, start))
        .or_else(|| read_tenths(source, start))
        .or_else(|| read_numeral(source, start));
    match number {
        Some(number) => ScanResult { end: number.end.max(run_end), number: Some(number) },
        None => ScanResult::no_number(run_end),
    }
}

/// Returns the length in bytes of the numerals at the start of `text`. If the first character is no numeral, returns
/// the length of this character.
fn numerals_length(text: &str) -> usize {
    let length = text
        .find(|c| digit_value(c).is_none() && factor_of_multiplier(c).is_none())
        .unwrap_or(text.len());
    length.max(text.chars().next().map_or(1, char::len_utf8))
}

/// Reads a fraction: 百分之五, 千分之3, 三分之二.
fn read_fraction(source: &FoldedText, start: usize) -> Option<Number> {
    let text = source.window_after(start, MAX_NUMERAL_BYTES);
    let (denominator, denominator_length) = [("百", 100), ("千", 1_000), ("万", 10_000)]
        .iter()
        .find(|(name, _)| text.strip_prefix(name).is_some_and(|rest| rest.starts_with("分之")))
        .map(|&(name, value)| (value, name.len()))
        .or_else(|| {
            let parsed = parse_numerals(text)?;
            let value = parsed.value.to_integer().map(i128::from)?;
            Some((value, parsed.byte_length))
        })?;
    let rest = text.get(denominator_length..)?.strip_prefix("分之")?;
    let numerator_start = start + text.len() - rest.len();
    let (numerator, end) = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let digits = rest.get(..length)?.trim_end_matches('.');
        (digits.parse::<Value>().ok()?, numerator_start + digits.len())
    } else {
        let parsed = parse_numerals(rest)?;
        (parsed.value, numerator_start + parsed.byte_length)
    };
    let value = numerator.times(100, denominator)?;
    let mut number = Number::plain(start, end, value, Notation::Numerals);
    (number.implied_unit, number.has_quantity_notation) = (ImpliedUnit::Share, true);
    (number.end, number.comparator) = read_surplus_character(source, end);
    (denominator > 1).then_some(number)
}

/// Reads one half: 一半, 半数, 过半.
fn read_half_in_words(source: &FoldedText, start: usize) -> Option<Number> {
    let text = source.window_after(start, 18);
    let length = if text.starts_with("过半数") {
        9
    } else if text.starts_with("一半") || text.starts_with("半数") || text.starts_with("过半")
    {
        6
    } else {
        return None;
    };
    let is_more = text.starts_with('过');
    let mut number = Number::plain(start, start + length, Value::integer(50), Notation::Numerals);
    number.comparator = is_more.then_some(Comparator::MoreThan);
    (number.implied_unit, number.has_quantity_notation) = (ImpliedUnit::Share, true);
    Some(number)
}

/// Reads half of a unit of time: 半年, 半天, 半小时.
fn read_half_time_unit(source: &FoldedText, start: usize) -> Option<Number> {
    let rest = source.window_after(start, 18).strip_prefix('半')?;
    let is_unit =
        ["年", "天", "小时", "个小时", "个月", "个世纪"].iter().any(|unit| rest.starts_with(unit));
    let is_part = source.char_before(start).is_some_and(|c| "上下前后大多一".contains(c));
    let mut number = Number::plain(start, start + 3, Value::fraction(1, 2)?, Notation::Numerals);
    number.has_decimals = true;
    (is_unit && !is_part).then_some(number)
}

/// Reads a doubling: 翻番, 翻一番, 翻两番.
fn read_doubling(source: &FoldedText, start: usize) -> Option<Number> {
    let rest = source.window_after(start, 18).strip_prefix('翻')?;
    let rest = rest.strip_prefix('了').unwrap_or(rest);
    let (factor, rest) = match rest.chars().next()? {
        '番' => (2, rest),
        '一' => (2, rest.strip_prefix('一')?),
        '两' | '二' => (4, rest.get(3..)?),
        '三' => (8, rest.strip_prefix('三')?),
        _ => return None,
    };
    let rest = rest.strip_prefix('番')?;
    let end = start + source.window_after(start, 18).len() - rest.len();
    let mut number = Number::plain(start, end, Value::integer(factor), Notation::Numerals);
    (number.implied_unit, number.has_quantity_notation) = (ImpliedUnit::Multiple, true);
    Some(number)
}

/// Reads a number that is a lower bound: 数十, 几百万, 上千.
fn read_lower_bound(source: &FoldedText, start: usize) -> Option<Number> {
    let text = source.window_after(start, 24);
    let first = text.chars().next().filter(|&c| matches!(c, '数' | '几' | '上'))?;
    let rest = text.get(first.len_utf8()..)?;
    let mut value = Value::integer(if first == '上' { 1 } else { 2 });
    let mut length = first.len_utf8();
    let mut multiplier = 1;
    for c in rest.chars().take(4) {
        let Some(factor) = factor_of_multiplier(c) else { break };
        if unit::begins_unit(text.get(length..)?) {
            break;
        }
        value = value.times(factor, 1)?;
        multiplier *= factor;
        length += c.len_utf8();
    }
    // 几十 is a number, but 上十 is not used.
    let is_number = multiplier > 1 && !(first == '上' && multiplier < 100);
    let is_word =
        first == '上' && matches!(source.char_before(start), Some('以' | '海' | '网' | '线'));
    let mut number = Number::plain(start, start + length, value, Notation::Numerals);
    number.comparator = Some(Comparator::AtLeast);
    number.multiplier = multiplier;
    number.has_quantity_notation = multiplier >= 10_000;
    (is_number && !is_word).then_some(number)
}

/// Reads tenths: 三成, 三成五.
fn read_tenths(source: &FoldedText, start: usize) -> Option<Number> {
    let text = source.window_after(start, 18);
    let mut characters = text.chars();
    let tenths = characters.next().and_then(digit_value).filter(|&digit| digit > 0)?;
    if characters.next() != Some('成') {
        return None;
    }
    let next = characters.next().unwrap_or(' ');
    let hundredths = digit_value(next).filter(|_| !"员立".contains(next));
    let is_word = hundredths.is_none() && !" ，。、；以左的多！）\n".contains(next);
    let value = Value::integer(u32::try_from(10 * tenths + hundredths.unwrap_or(0)).ok()?);
    let end = start + 6 + if hundredths.is_some() { 3 } else { 0 };
    let mut number = Number::plain(start, end, value, Notation::Numerals);
    (number.implied_unit, number.has_quantity_notation) = (ImpliedUnit::Share, true);
    (!is_word).then_some(number)
}

/// Reads a number in plain numerals, possibly with 余 or 多 between or after the multipliers.
fn read_numeral(source: &FoldedText, start: usize) -> Option<Number> {
    let text = source.window_after(start, MAX_NUMERAL_BYTES);
    let parsed = parse_numerals(text)?;
    let mut number =
        Number::plain(start, start + parsed.byte_length, parsed.value, Notation::Numerals);
    number.multiplier = parsed.largest_multiplier;
    number.has_decimals = parsed.has_decimals;
    if parsed.largest_multiplier > 1
        && let Some(multiplier) = multiplier_after(source, number.end)
            .filter(|multiplier| multiplier.comparator.is_some())
    {
        number.value = number.value.times(multiplier.factor, 1)?;
        number.multiplier = number.multiplier.max(multiplier.factor);
        number.end = multiplier.end;
        number.comparator = multiplier.comparator;
    }
    number.has_quantity_notation = number.multiplier >= 10_000;
    Some(number)
}

/// A number in Chinese numerals at the start of a text.
pub(super) struct ParsedNumeral {
    /// Value of the number.
    pub(super) value: Value,
    /// Length of the numerals in bytes.
    pub(super) byte_length: usize,
    /// Largest multiplier among the numerals, 1 if there is none.
    largest_multiplier: i128,
    /// Whether the number has a decimal fraction.
    pub(super) has_decimals: bool,
}

/// Parses numerals at the start of `text`. Returns `None` for a sequence of digits (二〇二五) and for an approximate
/// number (三五).
pub(super) fn parse_numerals(text: &str) -> Option<ParsedNumeral> {
    let (mut total, mut section, mut pending) = (0_i128, 0_i128, None::<i128>);
    let (mut length, mut largest_multiplier, mut last_factor) = (0, 1, 1);
    let mut has_zero = false;
    for c in text.chars() {
        let rest = text.get(length..).unwrap_or_default();
        if let Some(digit) = digit_value(c) {
            if pending.is_some_and(|pending| pending > 0 || digit == 0) {
                return None;
            }
            has_zero = digit == 0;
            pending = Some(digit);
        } else if let Some(factor) = factor_of_multiplier(c) {
            if unit::begins_unit(rest) {
                break;
            }
            let digit = pending.take();
            if factor < 10_000 {
                let digit = digit.unwrap_or(1).max(i128::from(factor == 10));
                section += digit * factor;
            } else {
                section += digit.unwrap_or(0);
                // 万亿 without a number before it is one trillion: 突破万亿元.
                section += i128::from(length == 0 && rest.starts_with("万亿"));
                if section == 0 && total == 0 {
                    return None;
                }
                total = if section == 0 {
                    total * factor
                } else if total > 0 && total < factor {
                    (total + section) * factor
                } else {
                    total + section * factor
                };
                section = 0;
            }
            largest_multiplier = largest_multiplier.max(factor);
            last_factor = factor;
            has_zero = false;
            if total > 10_i128.pow(20) {
                return None;
            }
        } else {
            break;
        }
        length += c.len_utf8();
    }
    if length == 0 {
        return None;
    }
    if let Some(digit) = pending {
        // 三万八 leaves out the multiplier after the last digit.
        let is_short = last_factor >= 100
            && !has_zero
            && section % 100 == 0
            && digit > 0
            && text.get(length - 6..length - 3).is_some_and(|previous| {
                previous.chars().all(|c| factor_of_multiplier(c).is_some())
            });
        section += if is_short { digit * last_factor / 10 } else { digit };
    }
    let mut value = Value::fraction(total + section, 1).or_else(|| Value::decimal("0", ""))?;
    let mut has_decimals = false;
    if let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix('点')) {
        let decimals: String =
            rest.chars().map_while(digit_value).map(|digit| digit.to_string()).collect();
        if !decimals.is_empty() {
            length += 3 + 3 * decimals.len();
            value = value.plus(Value::decimal("0", &decimals)?)?;
            has_decimals = true;
        }
    }
    Some(ParsedNumeral { value, byte_length: length, largest_multiplier, has_decimals })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_give_their_exact_value() {
        for (text, expected) in [
            ("三百五十三万", "3530000"),
            ("一万亿", "1000000000000"),
            ("万亿", "1000000000000"),
            ("万元", "-"),
            ("十二", "12"),
            ("二十", "20"),
            ("一百零五", "105"),
            ("一百五", "150"),
            ("三万八", "38000"),
            ("两千", "2000"),
            ("三千瓦", "3"),
            ("一亿二千万", "120000000"),
            ("三点五", "3.5"),
            ("二〇二五", "-"),
            ("三五", "-"),
            ("千", "1000"),
        ] {
            let value =
                parse_numerals(text).map_or("-".to_owned(), |parsed| parsed.value.to_string());
            assert_eq!(value, expected, "{text}");
        }
    }
}
