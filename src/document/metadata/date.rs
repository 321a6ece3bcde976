//! Defines a calendar day. `date_notation.rs` parses the text of a date.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::Month;

/// A day of the Gregorian calendar, ordered by time. Displayed and serialized as `2025-12-17`.
///
/// Parsing reads the date at the start of a text, and ignores text after the date. Accepted notations are `2025-12-17`,
/// `2025/12/17`, `2025.12.17`, `20251217`, `2025年12月17日`, `二〇二五年十二月十七日`, `中華民國114年12月17日`,
/// `Wednesday, December 17th, 2025`, `17 December 2025`, `17/12/2025` if day and month can be told apart, and Unix time
/// in seconds or milliseconds (day in UTC).
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
    pub(super) text: String,
}

impl Date {
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

    /// Returns the year, the month from 1 and the day of the month from 1.
    pub fn year_month_day(self) -> (i32, u8, u8) {
        (self.0.year(), u8::from(self.0.month()), self.0.day())
    }

    /// Returns the previous day. `None` for the earliest day that the type can represent.
    pub fn previous_day(self) -> Option<Self> {
        self.0.previous_day().map(Self)
    }

    /// Returns the next day. `None` for the latest day that the type can represent.
    pub(crate) fn next_day(self) -> Option<Self> {
        self.0.next_day().map(Self)
    }

    /// Returns the year and the month, counted from 1. `None` for a year before 0.
    pub(crate) fn year_and_month(self) -> Option<(u16, u16)> {
        Some((u16::try_from(self.0.year()).ok()?, u8::from(self.0.month()).into()))
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
