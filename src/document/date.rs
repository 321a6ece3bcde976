//! A calendar day, as front matter and JSON keys write it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::Month;

/// A day of the calendar, ordered by time; written and serialized as `2025-12-17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day that `text` begins with; none where it does not name one in full. Reads
    /// `2025-12-17` and what may follow it, `2025/12/17`, `20251217`, `2025年12月17日`,
    /// `December 17, 2025` and `17 December 2025`.
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
        // The parts: runs of digits, and the names of months.
        let parts: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() || matches!(c, '年' | '月' | '日' | 'T'))
            .filter(|part| !part.is_empty())
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

    fn of(year: &str, month: &str, day: &str) -> Option<Self> {
        let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        time::Date::from_calendar_date(year, month, day.parse().ok()?).ok().map(Self)
    }
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
            ("December 17", None),
            ("2025-02-30", None),
            ("2025", None),
            ("", None),
        ] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), date, "{text}");
        }
    }
}
