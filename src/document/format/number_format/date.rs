//! Formats a serial number of a spreadsheet as date and time.

use std::fmt::Write;

use time::Date;

use super::tokens::FormatToken;

/// Julian day number to which a serial number of the 1900 date system is added. The system counts 29 February 1900, a
/// day that did not exist; so the dates before this day need a correction by one day.
const JULIAN_DAY_OF_1900_EPOCH: i32 = 2_415_019;
/// Number of days between the first days of the 1900 date system and the 1904 date system.
const DAYS_FROM_1900_TO_1904: f64 = 1_462.0;
/// Serial number of 29 February 1900 in the 1900 date system. The dates of smaller serial numbers are corrected by one
/// day.
const FIRST_UNCORRECTED_SERIAL: i32 = 60;
/// Serial number of the day after 31 December 9999, the last date that is formatted.
const FIRST_SERIAL_OUT_OF_RANGE: f64 = 2_958_466.0;

/// Formats a serial number as date and time by the tokens of a format code. `None` if the date is out of range.
/// `is_1904` states whether the file uses the 1904 date system.
pub(super) fn format_date(serial: f64, tokens: &[FormatToken], is_1904: bool) -> Option<String> {
    let serial = if is_1904 { serial + DAYS_FROM_1900_TO_1904 } else { serial };
    if !(0.0..FIRST_SERIAL_OUT_OF_RANGE).contains(&serial) {
        return None;
    }
    // The serial number is not negative and has at most seven digits.
    let total_seconds = (serial * 86_400.0).round() as i64;
    let days = i32::try_from(total_seconds / 86_400).ok()?;
    let seconds = u32::try_from(total_seconds % 86_400).ok()?;
    let correction = i32::from(days < FIRST_UNCORRECTED_SERIAL && !is_1904);
    let date = Date::from_julian_day(JULIAN_DAY_OF_1900_EPOCH + days + correction).ok()?;
    let uses_12_hours = tokens
        .iter()
        .any(|token| matches!(token, FormatToken::DatePart(part) if part.contains('/')));
    let mut text = String::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            FormatToken::Literal(literal) => text.push_str(literal),
            FormatToken::DatePart(part) => {
                let denotes_minutes =
                    part.starts_with('m') && part.len() <= 2 && denotes_minutes(tokens, index);
                push_date_part(&mut text, part, date, seconds, uses_12_hours, denotes_minutes);
            }
            FormatToken::Elapsed(unit) => {
                let unit_seconds = match unit {
                    'h' => 3_600,
                    'm' => 60,
                    _ => 1,
                };
                text.push_str(&(total_seconds / unit_seconds).to_string());
            }
            _ => {}
        }
    }
    Some(text.trim().to_owned())
}

/// Returns whether the letters `m` at `index` denote minutes: hours precede them, or seconds follow.
fn denotes_minutes(tokens: &[FormatToken], index: usize) -> bool {
    let letter = |token: &FormatToken| match token {
        FormatToken::DatePart(part) => part.chars().next(),
        FormatToken::Elapsed(unit) => Some(*unit),
        _ => None,
    };
    let before = tokens.get(..index).unwrap_or_default().iter().rev().find_map(letter);
    let after = tokens.get(index + 1..).unwrap_or_default().iter().find_map(letter);
    before == Some('h') || after == Some('s')
}

/// Appends one part of a date or a time to `text`. `seconds` is the number of seconds since midnight.
fn push_date_part(
    text: &mut String,
    part: &str,
    date: Date,
    seconds: u32,
    uses_12_hours: bool,
    denotes_minutes: bool,
) {
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let formatted_hour = if uses_12_hours { (hour + 11) % 12 + 1 } else { hour };
    let month = date.month().to_string();
    let weekday = date.weekday().to_string();
    let short_name = |name: &str| name.chars().take(3).collect::<String>();
    let month_number = u8::from(date.month());
    // Writing to a string cannot fail.
    let write_result = match part {
        "am/pm" => write!(text, "{}", if hour < 12 { "AM" } else { "PM" }),
        "上午/下午" => write!(text, "{}", if hour < 12 { "上午" } else { "下午" }),
        "yy" => write!(text, "{:02}", date.year() % 100),
        "d" => write!(text, "{}", date.day()),
        "dd" => write!(text, "{:02}", date.day()),
        "ddd" => write!(text, "{}", short_name(&weekday)),
        "dddd" => write!(text, "{weekday}"),
        "h" => write!(text, "{formatted_hour}"),
        "hh" => write!(text, "{formatted_hour:02}"),
        "s" => write!(text, "{second}"),
        "ss" => write!(text, "{second:02}"),
        "m" if denotes_minutes => write!(text, "{minute}"),
        "mm" if denotes_minutes => write!(text, "{minute:02}"),
        "m" => write!(text, "{month_number}"),
        "mm" => write!(text, "{month_number:02}"),
        "mmm" => write!(text, "{}", short_name(&month)),
        "mmmm" => write!(text, "{month}"),
        part if part.starts_with(['y', 'e']) => write!(text, "{}", date.year()),
        _ => Ok(()),
    };
    debug_assert!(write_result.is_ok());
}
