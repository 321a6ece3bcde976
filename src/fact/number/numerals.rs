//! Converts integers to Chinese numerals and back.

use super::chinese::parse_numerals;

/// Digits from one to nine in Chinese numerals.
const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Returns the integer that `text` states in Chinese numerals. `None` if `text` is no such integer.
pub(crate) fn integer_of_numerals(text: &str) -> Option<u64> {
    let parsed = parse_numerals(text)?;
    let is_integer = parsed.byte_length == text.len() && !parsed.has_decimals;
    parsed.value.to_integer().filter(|_| is_integer)
}

/// Returns an integer from 1 to 999 in Chinese numerals: 一百零五 for 105. `None` for any other integer.
pub(crate) fn numerals_of_integer(integer: u64) -> Option<String> {
    if !(1..=999).contains(&integer) {
        return None;
    }
    let digit = |value: u64| {
        usize::try_from(value).ok()?.checked_sub(1).and_then(|index| DIGITS.get(index))
    };
    let (hundreds, tens, ones) =
        (digit(integer / 100), digit(integer / 10 % 10), digit(integer % 10));
    let mut numerals = String::new();
    if let Some(hundreds) = hundreds {
        numerals.extend([*hundreds, '百']);
    }
    match tens {
        // Ten to nineteen begin with 十.
        Some('一') if hundreds.is_none() => numerals.push('十'),
        Some(tens) => numerals.extend([*tens, '十']),
        None if hundreds.is_some() && ones.is_some() => numerals.push('零'),
        None => {}
    }
    numerals.extend(ones);
    Some(numerals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_integer_is_restored_from_its_numerals() {
        for integer in 1..=999 {
            let numerals = numerals_of_integer(integer).unwrap();
            assert_eq!(integer_of_numerals(&numerals), Some(integer), "{numerals}");
        }
        for (integer, expected) in [
            (10, "十"),
            (15, "十五"),
            (20, "二十"),
            (105, "一百零五"),
            (110, "一百一十"),
            (300, "三百"),
        ] {
            assert_eq!(numerals_of_integer(integer).as_deref(), Some(expected));
        }
    }
}
