//! Formats the number of a cell by the number format of a spreadsheet: `#,##0.0%`, `yyyy"年"m"月"d"日"`.
//!
//! `tokens.rs` parses a format code, and `date.rs` formats dates. Format codes are those of ECMA-376. For an unknown
//! code, the number is formatted without a format.

mod date;
mod tokens;

use self::{
    date::format_date,
    tokens::{FormatToken, split_code_sections, tokens_of_section},
};

/// Largest absolute value of a number that is shown with all its digits.
const MAX_NUMBER_SHOWN_WITH_ALL_DIGITS: f64 = 1e15;
/// Maximum number of decimal places.
const MAX_DECIMAL_PLACES: usize = 15;

/// Returns the text that a cell with the format code `code` shows for a number. `is_1904` states whether days count
/// from 1904.
pub(in crate::document::format) fn format_number(value: f64, code: &str, is_1904: bool) -> String {
    let sections: Vec<&str> = split_code_sections(code);
    let has_condition = code.contains("[<") || code.contains("[>") || code.contains("[=");
    let (section, is_negated) = match sections.as_slice() {
        [positive, negative, ..] if value < 0.0 && !has_condition => {
            (if negative.is_empty() { positive } else { negative }, true)
        }
        [_, _, zero, ..] if value == 0.0 && !has_condition => (zero, false),
        [positive, ..] => (positive, false),
        [] => return format_plain_number(value),
    };
    let tokens = tokens_of_section(section);
    let unsigned_value = if is_negated { value.abs() } else { value };
    if tokens.contains(&FormatToken::Unknown) || has_condition {
        return format_plain_number(value);
    }
    if tokens
        .iter()
        .any(|token| matches!(token, FormatToken::DatePart(_) | FormatToken::Elapsed(_)))
    {
        return format_date(value, &tokens, is_1904).unwrap_or_else(|| format_plain_number(value));
    }
    let text = format_with_tokens(unsigned_value, &tokens);
    if text.trim().is_empty() { String::new() } else { text.trim().to_owned() }
}

/// Returns the code of the built-in number format `id`. An unknown id has the code `General`. A date whose order of day
/// and month depends on the system is shown as `2025-12-17`.
pub(in crate::document::format) fn code_of_built_in_format(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 | 5 | 6 | 37 | 38 | 41 | 42 => "#,##0",
        4 | 7 | 8 | 39 | 40 | 43 | 44 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14 => "yyyy-mm-dd",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy-mm-dd h:mm",
        27 | 36 | 50 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        _ => "General",
    }
}

/// Formats a number without a format code: all digits of an integer, and up to 11 significant digits of another number.
pub(in crate::document::format) fn format_plain_number(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    if value.abs() >= MAX_NUMBER_SHOWN_WITH_ALL_DIGITS || (value != 0.0 && value.abs() < 1e-9) {
        return format!("{value:e}");
    }
    if value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    let integer_digits = format!("{:.0}", value.abs().trunc()).len();
    let text = format!("{value:.*}", 11_usize.saturating_sub(integer_digits).max(2));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Formats a number by the tokens of one section of a format code.
fn format_with_tokens(value: f64, tokens: &[FormatToken]) -> String {
    let percent_count = tokens.iter().filter(|token| **token == FormatToken::Percent).count();
    let value = value * 100_f64.powi(i32::try_from(percent_count).unwrap_or_default());
    let mut text = String::new();
    let mut has_digits = false;
    for token in tokens {
        match token {
            FormatToken::Literal(literal) => text.push_str(literal),
            FormatToken::Percent => text.push('%'),
            FormatToken::Digits(_) if has_digits => {}
            FormatToken::Digits(digits) => {
                has_digits = true;
                text.push_str(&format_with_placeholders(value, digits));
            }
            FormatToken::General | FormatToken::Text => text.push_str(&format_plain_number(value)),
            FormatToken::DatePart(_) | FormatToken::Elapsed(_) | FormatToken::Unknown => {}
        }
    }
    text
}

/// Formats a number by placeholders such as `#,##0.00`.
fn format_with_placeholders(value: f64, placeholders: &str) -> String {
    if value.abs() >= MAX_NUMBER_SHOWN_WITH_ALL_DIGITS {
        return format_plain_number(value);
    }
    let without_scale = placeholders.trim_end_matches(',');
    let scale = i32::try_from(placeholders.len() - without_scale.len()).unwrap_or_default();
    let value = value / 1_000_f64.powi(scale);
    let (integer, decimals) = without_scale.split_once('.').unwrap_or((without_scale, ""));
    let max_decimals = decimals.len().min(MAX_DECIMAL_PLACES);
    let min_decimals = decimals.chars().take_while(|c| *c == '0').count().min(MAX_DECIMAL_PLACES);
    let text = format!("{:.max_decimals$}", value.abs());
    let (integer_digits, decimal_digits) = text.split_once('.').unwrap_or((&text, ""));
    let mut decimal_digits = decimal_digits.to_owned();
    while decimal_digits.len() > min_decimals && decimal_digits.ends_with('0') {
        decimal_digits.pop();
    }
    let min_digits = integer.chars().filter(|c| *c == '0').count();
    let mut integer_digits = integer_digits.trim_start_matches('0').to_owned();
    while integer_digits.len() < min_digits {
        integer_digits.insert(0, '0');
    }
    let is_zero = !integer_digits.contains(|c| c != '0') && !decimal_digits.contains(|c| c != '0');
    if integer.contains(',') {
        integer_digits = with_thousands_separators(&integer_digits);
    }
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    let point = if decimal_digits.is_empty() { "" } else { "." };
    format!("{sign}{integer_digits}{point}{decimal_digits}")
}

fn with_thousands_separators(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_by_their_code() {
        for (value, code, expected) in [
            (12.0, "General", "12"),
            (0.1 + 0.2, "General", "0.3"),
            (1_234_567.891, "General", "1234567.891"),
            (1e20, "General", "1e20"),
            (1_234_567.891, "#,##0", "1,234,568"),
            (1_234_567.891, "#,##0.00", "1,234,567.89"),
            (12_300_000.0, "#,##0.0,,\" million\"", "12.3 million"),
            (0.125, "0.0%", "12.5%"),
            (0.5, "#.##", ".5"),
            (-5.0, "#,##0.00_);(#,##0.00)", "(5.00)"),
            (-5.0, "0.0", "-5.0"),
            (-0.01, "0.0", "0.0"),
            (0.0, "0;-0;\"none\"", "none"),
            (7.0, "000", "007"),
            (8.5, "[$€-407] #,##0.00", "€ 8.50"),
            (8.5, "\"¥\"#,##0.00", "¥8.50"),
            (1.5, "# ?/?", "1.5"),
            (150.0, "[>100]\"many\";General", "150"),
            (1500.0, "0.00E+00", "1500"),
            (3.0, "0\"个\"", "3个"),
        ] {
            assert_eq!(format_number(value, code, false), expected, "{value} {code}");
        }
    }

    #[test]
    fn dates_and_times_are_formatted_by_their_code() {
        for (value, code, expected) in [
            (46_008.0, "yyyy-mm-dd", "2025-12-17"),
            (46_008.0, "d mmmm yyyy", "17 December 2025"),
            (46_008.0, "yyyy\"年\"m\"月\"d\"日\"", "2025年12月17日"),
            (46_008.0, "[$-F800]dddd, mmmm dd, yyyy", "Wednesday, December 17, 2025"),
            (46_008.395_833, "yyyy/m/d h:mm", "2025/12/17 9:30"),
            (0.75, "h:mm AM/PM", "6:00 PM"),
            (1.5, "[h]:mm:ss", "36:00:00"),
            (1.0, "yyyy-mm-dd", "1900-01-01"),
            (61.0, "yyyy-mm-dd", "1900-03-01"),
            (-1.0, "yyyy-mm-dd", "-1"),
            (1e9, "yyyy-mm-dd", "1000000000"),
        ] {
            assert_eq!(format_number(value, code, false), expected, "{value} {code}");
        }
        assert_eq!(format_number(44_546.0, "yyyy-mm-dd", true), "2025-12-17");
    }

    proptest::proptest! {
        #[test]
        fn any_code_formats_any_number(value in proptest::num::f64::ANY, code in "[0#?,.;%@ymdhsE+\\[\\]$\"\\\\_*年AM/P -]{0,20}") {
            let formatted = format_number(value, &code, false);
            proptest::prop_assert!(formatted.len() < 500, "{}", formatted);
        }
    }
}
