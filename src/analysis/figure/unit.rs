//! Units of figures: percent and currencies, before and after a number.

use crate::analysis::{fold::fold_char, number::is_decimal};

/// Percent sign, the unit of percentages in every notation.
pub(super) const PERCENT: &str = "%";

/// Space characters allowed between a number and its unit.
const BLANKS: [char; 4] = [' ', '\u{A0}', '\u{2009}', '\u{202F}'];
/// Letters before a dollar sign, each with the currency. Without letters, `$` is the dollar of the country where the
/// release is published. Most often that is the US dollar, so `US$` is the same unit.
const DOLLAR_CURRENCIES: &[(&str, &str)] = &[
    ("", "$"),
    ("US", "$"),
    ("USD", "$"),
    ("A", "A$"),
    ("AU", "A$"),
    ("C", "C$"),
    ("CA", "C$"),
    ("HK", "HK$"),
    ("NT", "NT$"),
    ("NZ", "NZ$"),
    ("R", "R$"),
    ("S", "S$"),
    ("SG", "S$"),
];
/// Currency codes before or after a number, each with the currency.
const CURRENCY_CODES: &[(&str, &str)] = &[
    ("AUD", "A$"),
    ("CAD", "C$"),
    ("CNY", "¥"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("HKD", "HK$"),
    ("JPY", "JP¥"),
    ("NTD", "NT$"),
    ("NZD", "NZ$"),
    ("RMB", "¥"),
    ("SGD", "S$"),
    ("TWD", "NT$"),
    ("USD", "$"),
];
/// English names of units after a number, in lower case, each with the unit. Pounds are left out, since they are
/// mostly a weight.
const ENGLISH_UNITS: &[(&str, &str)] = &[
    ("percent", PERCENT),
    ("per cent", PERCENT),
    ("per-cent", PERCENT),
    ("pct", PERCENT),
    ("dollars", "$"),
    ("dollar", "$"),
    ("us dollars", "$"),
    ("u.s. dollars", "$"),
    ("american dollars", "$"),
    ("australian dollars", "A$"),
    ("canadian dollars", "C$"),
    ("hong kong dollars", "HK$"),
    ("hk dollars", "HK$"),
    ("new taiwan dollars", "NT$"),
    ("nt dollars", "NT$"),
    ("new zealand dollars", "NZ$"),
    ("singapore dollars", "S$"),
    ("euros", "€"),
    ("euro", "€"),
    ("pounds sterling", "£"),
    ("renminbi", "¥"),
    ("yuan", "¥"),
    ("yen", "JP¥"),
];
/// Simplified Chinese names of currencies, each with the currency, longer names first. Without a country, 元 is the
/// yuan.
const CHINESE_CURRENCIES: &[(&str, &str)] = &[
    ("新台币", "NT$"),
    ("台币", "NT$"),
    ("人民币", "¥"),
    ("美元", "$"),
    ("美金", "$"),
    ("港元", "HK$"),
    ("港币", "HK$"),
    ("欧元", "€"),
    ("英镑", "£"),
    ("日元", "JP¥"),
    ("日圆", "JP¥"),
    ("澳元", "A$"),
    ("加元", "C$"),
    ("新元", "S$"),
    ("元", "¥"),
    ("圆", "¥"),
];
/// Maximum length of a name in [`CHINESE_CURRENCIES`], in characters.
const MAX_CHINESE_NAME_CHARS: usize = 3;
/// Characters that form another word with a preceding 元: 元旦, 元件.
const NOT_AFTER_YUAN: &str = "旦月宵素件";
/// Maximum length of a currency code, and of the letters before a dollar sign, in characters.
const MAX_CODE_CHARS: usize = 3;
/// The first number of a range of percentages, as in 3 to 5%, is less than this limit. Larger numbers are mostly years.
const RANGE_PERCENT_LIMIT: f64 = 100.0;

/// Unit of a number, and the length in bytes of its name in the text. The length includes the spaces between name and
/// number.
pub(super) type FoundUnit = (&'static str, usize);

/// Returns the currency at the end of `before`, the text before a number. `None` if the text does not end with a
/// currency.
pub(super) fn unit_before(before: &str) -> Option<FoundUnit> {
    let trimmed_text = before.strip_suffix(BLANKS).unwrap_or(before);
    let blank_bytes = before.len() - trimmed_text.len();
    let (last_start, last_char) = trimmed_text.char_indices().next_back()?;
    let (unit, bytes) = match fold_char(last_char) {
        '£' | '￡' => ("£", last_char.len_utf8()),
        '€' => ("€", last_char.len_utf8()),
        '¥' | '￥' => ("¥", last_char.len_utf8()),
        '₩' => ("₩", last_char.len_utf8()),
        '₹' => ("₹", last_char.len_utf8()),
        '$' => {
            let letters = final_code(trimmed_text.get(..last_start)?);
            (unit_named(DOLLAR_CURRENCIES, letters)?, letters.len() + last_char.len_utf8())
        }
        'A'..='Z' => {
            let letters = final_code(trimmed_text);
            (unit_named(CURRENCY_CODES, letters)?, letters.len())
        }
        '币' | '金' | '元' | '镑' | '圆' => chinese_currency_before(trimmed_text)?,
        _ => return None,
    };
    Some((unit, bytes + blank_bytes))
}

/// Returns the ASCII capitals at the end of a text. Returns an empty text if there are more than [`MAX_CODE_CHARS`]
/// capitals, or if another letter or digit directly precedes them.
fn final_code(text: &str) -> &str {
    let capital_count = text.bytes().rev().take_while(u8::is_ascii_uppercase).count();
    let (text_before_code, code) =
        text.split_at_checked(text.len() - capital_count).unwrap_or(("", ""));
    let is_inside_word = text_before_code.chars().next_back().is_some_and(char::is_alphanumeric);
    if capital_count > MAX_CODE_CHARS || is_inside_word { "" } else { code }
}

fn unit_named(units: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    units.iter().find(|(other, _)| *other == name).map(|&(_, unit)| unit)
}

fn chinese_currency_before(text: &str) -> Option<FoundUnit> {
    let (start, _) = text.char_indices().rev().take(MAX_CHINESE_NAME_CHARS).last()?;
    let ending = text.get(start..)?;
    let folded_ending: String = ending.chars().map(fold_char).collect();
    // 元 and 圆 alone only follow a sum. The name of a currency may precede it.
    let names = CHINESE_CURRENCIES.iter().filter(|(name, _)| name.chars().count() > 1);
    let &(name, unit) = names.clone().find(|(name, _)| folded_ending.ends_with(name))?;
    let name_chars = name.chars().count();
    Some((unit, ending.chars().rev().take(name_chars).map(char::len_utf8).sum()))
}

/// Returns the unit at the start of `after`, the text after a number and its multiplier. `None` if the text does not
/// begin with a unit.
pub(super) fn unit_after(after: &str) -> Option<FoundUnit> {
    let text_after_blanks = after.strip_prefix(BLANKS).unwrap_or(after);
    let blank_bytes = after.len() - text_after_blanks.len();
    let first_char = text_after_blanks.chars().next()?;
    if fold_char(first_char) == '%' {
        return Some((PERCENT, blank_bytes + first_char.len_utf8()));
    }
    if first_char.is_ascii() {
        return english_unit_after(after);
    }
    chinese_currency_after(text_after_blanks).map(|(unit, bytes)| (unit, blank_bytes + bytes))
}

fn english_unit_after(after: &str) -> Option<FoundUnit> {
    let text_after_blanks =
        after.strip_prefix(BLANKS).or_else(|| after.strip_prefix(['-', '\n']))?;
    let blank_bytes = after.len() - text_after_blanks.len();
    let name = ENGLISH_UNITS.iter().filter(|(name, _)| {
        let start = text_after_blanks.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
            && ends_word(text_after_blanks, name.len())
    });
    let longest_name = name.max_by_key(|(name, _)| name.len());
    if let Some((name, unit)) = longest_name {
        return Some((unit, blank_bytes + name.len()));
    }
    let code = text_after_blanks
        .get(..MAX_CODE_CHARS)
        .filter(|_| ends_word(text_after_blanks, MAX_CODE_CHARS))?;
    Some((unit_named(CURRENCY_CODES, code)?, blank_bytes + MAX_CODE_CHARS))
}

fn ends_word(text: &str, offset: usize) -> bool {
    let next_char = text.get(offset..).and_then(|remaining_text| remaining_text.chars().next());
    next_char.is_none_or(|next_char| !next_char.is_alphanumeric())
}

/// Returns the Chinese currency at the start of a text. A character such as 多 (more than) may precede the currency.
/// `None` if the text does not begin with a currency.
fn chinese_currency_after(text: &str) -> Option<FoundUnit> {
    let more_than = text.chars().next().filter(|&c| matches!(fold_char(c), '多' | '余' | '来'));
    let currency_text = text.get(more_than.map_or(0, char::len_utf8)..)?;
    let folded_start: String =
        currency_text.chars().take(MAX_CHINESE_NAME_CHARS).map(fold_char).collect();
    let &(name, unit) =
        CHINESE_CURRENCIES.iter().find(|(name, _)| folded_start.starts_with(name))?;
    let name_chars = name.chars().count();
    let next_char = currency_text.chars().nth(name_chars);
    if name == "元" && next_char.is_some_and(|next_char| NOT_AFTER_YUAN.contains(next_char)) {
        return None;
    }
    let bytes: usize = currency_text.chars().take(name_chars).map(char::len_utf8).sum();
    Some((unit, text.len() - currency_text.len() + bytes))
}

/// Returns whether the number `value` and the text `after` the number begin a range of percentages, as in 3 to 5%.
pub(super) fn begins_percent_range(value: &str, after: &str) -> bool {
    if !value.parse::<f64>().is_ok_and(|value| value < RANGE_PERCENT_LIMIT) {
        return false;
    }
    let separators = [" to ", " or ", " and ", "-", "–", "—", "~", "～", "至", "到"];
    let remaining_text = after
        .strip_prefix([' '])
        .filter(|remaining_text| !remaining_text.starts_with(char::is_alphabetic));
    let remaining_text = remaining_text.unwrap_or(after);
    let Some(remaining_text) =
        separators.iter().find_map(|separator| remaining_text.strip_prefix(separator))
    else {
        return false;
    };
    let remaining_text = remaining_text.trim_start_matches(' ');
    let digit_count =
        remaining_text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let Some((number, remaining_text)) = remaining_text.split_at_checked(digit_count) else {
        return false;
    };
    is_decimal(number) && unit_after(remaining_text).is_some_and(|(unit, _)| unit == PERCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_before_a_number() {
        for (before, expected) in [
            ("a fund of £", Some(("£", 2))),
            ("￡", Some(("£", 3))),
            ("€ ", Some(("€", 4))),
            ("US$", Some(("$", 3))),
            ("(USD$", Some(("$", 4))),
            ("HK$", Some(("HK$", 3))),
            ("AU$", Some(("A$", 3))),
            ("Z$", None),
            ("xUS$", Some(("$", 1))),
            ("RMB ", Some(("¥", 4))),
            ("ARMB ", None),
            ("人民币", Some(("¥", 9))),
            ("新臺幣 ", Some(("NT$", 10))),
            ("元", None),
            ("the ", None),
            ("", None),
        ] {
            assert_eq!(unit_before(before), expected, "{before}");
        }
    }

    #[test]
    fn units_after_a_number() {
        for (after, expected) in [
            ("% of", Some(("%", 1))),
            ("％", Some(("%", 3))),
            (" %", Some(("%", 2))),
            (" percent.", Some(("%", 8))),
            ("-percent", Some(("%", 8))),
            (" per cent", Some(("%", 9))),
            (" percentage points", None),
            ("个百分点", None),
            (" US dollars", Some(("$", 11))),
            (" Hong Kong dollars", Some(("HK$", 18))),
            (" yuan", Some(("¥", 5))),
            (" pounds", None),
            (" USD", Some(("$", 4))),
            ("yuan", None),
            ("元", Some(("¥", 3))),
            ("多元", Some(("¥", 6))),
            ("億元", None),
            ("美元", Some(("$", 6))),
            ("元旦", None),
            (" 圓", Some(("¥", 4))),
            ("多人", None),
            ("", None),
        ] {
            assert_eq!(unit_after(after), expected, "{after}");
        }
    }

    #[test]
    fn ranges_of_percentages() {
        for (value, after, expected) in [
            ("3", " to 5%", true),
            ("3", "–5 per cent", true),
            ("3", "至5%", true),
            ("2012", " to 16%", false),
            ("3", " to 5 people", false),
            ("3", " of 5%", false),
        ] {
            assert_eq!(begins_percent_range(value, after), expected, "{value}{after}");
        }
    }
}
