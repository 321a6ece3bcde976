//! A calendar day, and a parser of the date notations of press releases.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::Month;

/// A day of the Gregorian calendar, ordered by time. Displayed and serialized as `2025-12-17`.
///
/// Parsing reads the date at the start of a text, and ignores text after the date. Accepted notations are `2025-12-17`,
/// `2025/12/17`, `20251217`, `2025年12月17日`, `二〇二五年十二月十七日`, `中華民國114年12月17日`,
/// `Wednesday, December 17, 2025` and `17 December 2025`.
///
/// ```
/// use gz_search::document::Date;
///
/// assert_eq!("2025年12月17日".parse::<Date>()?.to_string(), "2025-12-17");
/// assert!("December 17".parse::<Date>().is_err());
/// # Ok::<(), gz_search::document::ParseDateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

/// Error of parsing a [`Date`]: the text does not start with a valid date that has year, month and day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a date: write a day such as 2025-12-17")]
pub struct ParseDateError {
    text: String,
}

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, ParseDateError> {
        Self::parse_prefix(text.trim()).ok_or_else(|| ParseDateError { text: text.to_owned() })
    }
}

impl Date {
    /// Reads the date at the start of `text`. `None` if the text does not start with year, month and
    /// day.
    fn parse_prefix(text: &str) -> Option<Self> {
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::from_digits(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
        }
        if let Some(date) = Self::from_chinese(text) {
            return Some(date);
        }
        // The first three words that are no weekday: day, month and year in the order of the text.
        let date_words: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() || matches!(c, '年' | '月' | '日' | 'T'))
            .filter(|word| !word.is_empty() && !is_weekday(word))
            .take(3)
            .collect();
        let [first, second, third] = date_words[..] else { return None };
        if let Some(month) = month_number(first) {
            return Self::from_digits(third, &month.to_string(), second);
        }
        if let Some(month) = month_number(second) {
            return Self::from_digits(third, &month.to_string(), first);
        }
        (first.len() == 4).then(|| Self::from_digits(first, second, third))?
    }

    /// Reads a date in which 年, 月 and 日 follow the numbers of year, month and day. The numbers may be Chinese
    /// numerals. The year may be a year of the Republic of China (民國1年 is 1912).
    fn from_chinese(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('年')?;
        let (month, rest) = rest.split_once('月')?;
        let (day, _) = rest.split_once(['日', '号', '號'])?;
        let era_names = ["中華民國", "中华民国", "民國", "民国"];
        let year = match era_names.iter().find_map(|era| year.trim().strip_prefix(era)) {
            Some("元") => 1_912,
            Some(year) => chinese_number(year)?.checked_add(1_911)?,
            None => chinese_number(year).filter(|year| *year >= 1_000)?,
        };
        Self::new(year, chinese_number(month)?, chinese_number(day)?)
    }

    /// Returns the date with the given year, month and day. `month` and `day` count from 1. `None` if the calendar does
    /// not contain the date.
    pub fn new(year: u16, month: u16, day: u16) -> Option<Self> {
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let day = u8::try_from(day).ok()?;
        time::Date::from_calendar_date(i32::from(year), month, day).ok().map(Self)
    }

    /// Returns the last day of a month. `None` if `month` is not in `1..=12`.
    pub fn last_of_month(year: u16, month: u16) -> Option<Self> {
        let first_day = Self::new(year, month, 1)?;
        let day_count = first_day.0.month().length(first_day.0.year());
        Self::new(year, month, u16::from(day_count))
    }

    /// Returns the previous day. `None` for the earliest day that the type can represent.
    pub fn previous(self) -> Option<Self> {
        self.0.previous_day().map(Self)
    }

    /// Returns the Julian day number.
    pub(crate) fn julian_day(self) -> u64 {
        // Julian days of four-digit years are positive.
        u64::try_from(self.0.to_julian_day()).unwrap_or_default()
    }

    /// Returns the year of the day with this Julian day number. `None` if `day` is out of range.
    pub(crate) fn year_of_julian_day(day: u64) -> Option<u16> {
        let date = time::Date::from_julian_day(i32::try_from(day).ok()?).ok()?;
        u16::try_from(date.year()).ok()
    }

    /// Returns the day with this Julian day number. `None` if `day` is out of range.
    pub(crate) fn from_julian_day(day: u64) -> Option<Self> {
        time::Date::from_julian_day(i32::try_from(day).ok()?).ok().map(Self)
    }

    /// Converts the digits of a year, a month and a day to a date. `None` if the year does not have four digits or the
    /// calendar does not contain the date.
    fn from_digits(year: &str, month: &str, day: &str) -> Option<Self> {
        let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        time::Date::from_calendar_date(year, month, day.parse().ok()?).ok().map(Self)
    }
}

/// Reads a number in ASCII digits or Chinese numerals: 二〇二五, 十二, 廿一, 三十一.
fn chinese_number(text: &str) -> Option<u16> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| match c {
        '〇' | '○' | 'Ｏ' | '零' => Some(0),
        c => "一二三四五六七八九".chars().position(|digit| digit == c).map(|index| index + 1),
    };
    if text.is_empty() {
        return None;
    }
    let expanded_text = text.replace('廿', "二十").replace('卅', "三十");
    if let Some((tens, units)) = expanded_text.split_once('十') {
        // A missing digit before 十 counts as 1. A missing digit after 十 counts as 0.
        let digit_or_default = |numeral: &str, default: usize| match numeral {
            "" => Some(default),
            numeral => digit(numeral.chars().next()?).filter(|_| numeral.chars().count() == 1),
        };
        return u16::try_from(digit_or_default(tens, 1)? * 10 + digit_or_default(units, 0)?).ok();
    }
    let digits: Vec<usize> = text.chars().map(digit).collect::<Option<_>>()?;
    u16::try_from(digits.iter().take(6).fold(0, |number, digit| 10 * number + digit)).ok()
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .any(|day| word.len() >= 3 && day.starts_with(&word))
}

/// Returns the number of an English month, from 1. `name` may be abbreviated to three or more letters.
fn month_number(name: &str) -> Option<u8> {
    const MONTH_NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_ascii_lowercase();
    let index = MONTH_NAMES.iter().position(|month| name.len() >= 3 && month.starts_with(&name))?;
    u8::try_from(index + 1).ok()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_common_notations_are_parsed() {
        for (text, date) in [
            ("2025-12-17", Some("2025-12-17")),
            ("2025-12-17T10:00:00Z", Some("2025-12-17")),
            ("2015-11-27 11:00:19 -0400", Some("2015-11-27")),
            ("2025/1/7", Some("2025-01-07")),
            ("20251217", Some("2025-12-17")),
            ("2025年12月17日", Some("2025-12-17")),
            ("Dec. 17, 2025", Some("2025-12-17")),
            ("17 December 2025", Some("2025-12-17")),
            ("Wed, 17 Dec 2025 10:00:00 GMT", Some("2025-12-17")),
            ("Wednesday, December 17, 2025", Some("2025-12-17")),
            ("二〇二五年十二月十七日", Some("2025-12-17")),
            ("一九九六年七月三十一日", Some("1996-07-31")),
            ("二○○四年十月廿一日", Some("2004-10-21")),
            ("中華民國101年5月14日", Some("2012-05-14")),
            ("民國九十九年五月二十六日", Some("2010-05-26")),
            ("2018年 6月 1日 10:30", Some("2018-06-01")),
            ("101年5月14日", None),
            ("二〇二五年十三月一日", None),
            ("December 17", None),
            ("2025-02-30", None),
            ("2025", None),
            ("", None),
        ] {
            let parsed = text.parse::<Date>().ok().map(|date| date.to_string());
            assert_eq!(parsed.as_deref(), date, "{text}");
        }
    }
}
