//! A calendar day, as front matter, JSON keys and datelines write it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::Month;

/// A day of the calendar, ordered by time; written and serialized as `2025-12-17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day that `text` begins with; none where it does not name one in full. Reads
    /// `2025-12-17` and what may follow it, `2025/12/17`, `20251217`, `2025年12月17日`,
    /// `二〇二五年十二月十七日`, `中華民國114年12月17日`, `Wednesday, December 17, 2025` and
    /// `17 December 2025`.
    ///
    /// ```
    /// use gz_search::Date;
    ///
    /// assert_eq!(Date::parse("2025年12月17日").unwrap().to_string(), "2025-12-17");
    /// assert_eq!(Date::parse("December 17"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::of(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
        }
        if let Some(date) = Self::chinese(text) {
            return Some(date);
        }
        // The parts: runs of digits, and the names of months.
        let parts: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() || matches!(c, '年' | '月' | '日' | 'T'))
            .filter(|part| !part.is_empty() && !is_weekday(part))
            .take(3)
            .collect();
        let [a, b, c] = parts[..] else { return None };
        if let Some(month) = month(a) {
            return Self::of(c, &month.to_string(), b);
        }
        if let Some(month) = month(b) {
            return Self::of(c, &month.to_string(), a);
        }
        (a.len() == 4).then(|| Self::of(a, b, c))?
    }

    /// A day with 年, 月 and 日 after its numbers, which may be Chinese, and years those of the
    /// Republic.
    fn chinese(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('年')?;
        let (month, rest) = rest.split_once('月')?;
        let (day, _) = rest.split_once(['日', '号', '號'])?;
        let republic = ["中華民國", "中华民国", "民國", "民国"];
        let of_republic = republic.iter().find_map(|name| year.trim().strip_prefix(name));
        let years = match of_republic {
            Some("元") => 1,
            Some(year) => number(year)?,
            None => number(year).filter(|year| *year >= 1_000)?,
        };
        let since = if of_republic.is_some() { 1_911 } else { 0 };
        Self::new(years.checked_add(since)?, number(month)?, number(day)?)
    }

    /// A day by its numbers; none where the calendar has no such day.
    pub fn new(year: u16, month: u16, day: u16) -> Option<Self> {
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let day = u8::try_from(day).ok()?;
        time::Date::from_calendar_date(i32::from(year), month, day).ok().map(Self)
    }

    /// The last day of a month.
    pub fn last_of_month(year: u16, month: u16) -> Option<Self> {
        let first = Self::new(year, month, 1)?;
        let days = first.0.month().length(first.0.year());
        Self::new(year, month, u16::from(days))
    }

    /// The day before.
    pub fn previous(self) -> Option<Self> {
        self.0.previous_day().map(Self)
    }

    /// The day as a number: the next day has the next one.
    pub(crate) fn number(self) -> u64 {
        // Julian days of four-digit years are positive.
        u64::try_from(self.0.to_julian_day()).unwrap_or_default()
    }

    /// The year of the day of that number.
    pub(crate) fn year_of(number: u64) -> Option<u16> {
        let day = time::Date::from_julian_day(i32::try_from(number).ok()?).ok()?;
        u16::try_from(day.year()).ok()
    }

    /// The day of a [`number`](Self::number).
    pub(crate) fn from_number(number: u64) -> Option<Self> {
        time::Date::from_julian_day(i32::try_from(number).ok()?).ok().map(Self)
    }

    fn of(year: &str, month: &str, day: &str) -> Option<Self> {
        let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        time::Date::from_calendar_date(year, month, day.parse().ok()?).ok().map(Self)
    }
}

/// A number in digits, or in Chinese ones: 二〇二五, 十二, 廿一, 三十一.
fn number(text: &str) -> Option<u16> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| match c {
        '〇' | '○' | 'Ｏ' | '零' => Some(0),
        c => "一二三四五六七八九".chars().position(|digit| digit == c).map(|place| place + 1),
    };
    let tens = text.replace('廿', "二十").replace('卅', "三十");
    if let Some((ten, one)) = tens.split_once('十') {
        let value = |part: &str, none: usize| match part {
            "" => Some(none),
            part => digit(part.chars().next()?).filter(|_| part.chars().count() == 1),
        };
        return u16::try_from(value(ten, 1)? * 10 + value(one, 0)?).ok();
    }
    let digits =
        text.chars().map(digit).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())?;
    u16::try_from(digits.iter().take(6).fold(0, |number, digit| 10 * number + digit)).ok()
}

fn is_weekday(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .iter()
        .any(|day| word.len() >= 3 && day.starts_with(&word))
}

/// The number of an English month, by its first three letters or more.
fn month(name: &str) -> Option<u8> {
    const NAMES: [&str; 12] = [
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
    let index = NAMES.iter().position(|month| name.len() >= 3 && month.starts_with(&name))?;
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
        Self::parse(&text).ok_or_else(|| de::Error::custom(format!("{text:?} is not a date")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_they_are_written() {
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
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), date, "{text}");
        }
    }
}
