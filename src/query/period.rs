//! Periods of publication: parses the days, months, years and date ranges of a query.

use std::{fmt, str::FromStr};

use crate::document::Date;

/// Range of days. A period without [`first`](Self::first) has no start, and a period without
/// [`last`](Self::last) has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Period {
    /// First day, inclusive. `None` if the period has no start.
    pub first: Option<Date>,
    /// Last day, inclusive. `None` if the period has no end.
    pub last: Option<Date>,
}

/// Error of parsing a [`Period`]: the text is not a date or a range of dates, or the calendar has no such date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a date: write a day (2025-12-17), a month (2025-12) or a year (2025)")]
pub struct ParsePeriodError {
    text: String,
}

/// Parses a day, a month or a year (`2025-12-17`, `2025-12`, `2025`, with `-`, `/`, `.` or `年月日`), or a range
/// `FROM..TO` of days, months or years. `FROM` or `TO` may be missing. The range includes both ends. `>=2025`, `>2025`,
/// `<=2025` and `<2025` are ranges with one end. Of a moment such as `2025-12-17T08:00:00Z`, the day counts.
///
/// ```
/// use gz_search::query::Period;
///
/// let period = |text: &str| text.parse::<Period>().map(|period| period.to_string());
/// assert_eq!(period("2025-02").unwrap(), "2025-02-01..2025-02-28");
/// assert_eq!(period("..2025").unwrap(), "..2025-12-31");
/// assert_eq!(period(">2025").unwrap(), "2026-01-01..");
/// assert!(period("soon").is_err());
/// ```
impl FromStr for Period {
    type Err = ParsePeriodError;

    fn from_str(text: &str) -> Result<Self, ParsePeriodError> {
        Self::parse_range(text).ok_or_else(|| ParsePeriodError { text: text.to_owned() })
    }
}

impl Period {
    /// Returns the period that begins on the first day of `text` and has no end. `text` is a day, a month or a
    /// year.
    ///
    /// # Errors
    ///
    /// [`ParsePeriodError`] if `text` is not a day, month or year.
    pub fn since(text: &str) -> Result<Self, ParsePeriodError> {
        let first_day = Self::parse_first_day(text)?;
        Ok(Self { first: Some(first_day), last: None })
    }

    /// Returns the period that has no start and ends before the first day of `text`. `text` is a day, a month
    /// or a year.
    ///
    /// # Errors
    ///
    /// [`ParsePeriodError`] if `text` is not a day, month or year, or if the calendar has no day before `text`.
    pub fn before(text: &str) -> Result<Self, ParsePeriodError> {
        let day_before = Self::parse_first_day(text)?.previous_day();
        let last_day = day_before.ok_or_else(|| ParsePeriodError { text: text.to_owned() })?;
        Ok(Self { first: None, last: Some(last_day) })
    }

    /// Returns the period that has no start and ends with the last day of `text`. `text` is a day, a month or a year.
    ///
    /// # Errors
    ///
    /// [`ParsePeriodError`] if `text` is not a day, month or year.
    pub fn until(text: &str) -> Result<Self, ParsePeriodError> {
        let last_day = Self::parse_day_month_or_year(text).and_then(|period| period.last);
        let last_day = last_day.ok_or_else(|| ParsePeriodError { text: text.to_owned() })?;
        Ok(Self { first: None, last: Some(last_day) })
    }

    fn parse_first_day(text: &str) -> Result<Date, ParsePeriodError> {
        let first_day = Self::parse_day_month_or_year(text).and_then(|period| period.first);
        first_day.ok_or_else(|| ParsePeriodError { text: text.to_owned() })
    }

    /// Parses a comparison with a date, such as `>=2024`. `None` if `text` is no comparison or has no valid date.
    fn parse_comparison(text: &str) -> Option<Self> {
        let date = |text: &str| Self::parse_day_month_or_year(text);
        let from = |first: Option<Date>| Some(Self { first: Some(first?), last: None });
        let until = |last: Option<Date>| Some(Self { first: None, last: Some(last?) });
        if let Some(text) = text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')) {
            return from(date(text)?.first);
        }
        if let Some(text) = text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
            return until(date(text)?.last);
        }
        if let Some(text) = text.strip_prefix('>') {
            return from(date(text)?.last?.next_day());
        }
        until(date(text.strip_prefix('<')?)?.first?.previous_day())
    }

    /// Parses a single date, a range `FROM..TO` or a comparison. `None` if `text` is not valid.
    fn parse_range(text: &str) -> Option<Self> {
        if text.starts_with(['<', '>', '≤', '≥']) {
            return Self::parse_comparison(text);
        }
        let Some((from, to)) = text.split_once("..") else {
            return Self::parse_day_month_or_year(text);
        };
        let parse_bound = |text: &str| match text.trim() {
            "" => Some(Self::default()),
            date => Self::parse_day_month_or_year(date),
        };
        let first = parse_bound(from)?.first;
        let last = parse_bound(to)?.last;
        if first.is_none() && last.is_none() {
            return None;
        }
        Some(Self { first, last })
    }

    /// Parses a day, a month or a year. `None` if `text` is not a valid date.
    fn parse_day_month_or_year(text: &str) -> Option<Self> {
        let day = without_time_of_day(text.trim());
        let date_parts: Vec<&str> = match day.as_bytes() {
            digits if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) => {
                [0..4, 4..6, 6..8].into_iter().filter_map(|part| day.get(part)).collect()
            }
            _ => day
                .split(['-', '/', '.', '年', '月', '日'])
                .filter(|part| !part.is_empty())
                .collect(),
        };
        let number = |part: &&str| part.parse::<u16>().ok();
        let year = date_parts.first().filter(|year| year.len() == 4).and_then(number)?;
        let (first, last) = match date_parts.get(1..)? {
            [] => (Date::new(year, 1, 1)?, Date::new(year, 12, 31)?),
            [month] => {
                let month = number(month)?;
                (Date::new(year, month, 1)?, Date::last_of_month(year, month)?)
            }
            [month, day] => {
                let date = Date::new(year, number(month)?, number(day)?)?;
                (date, date)
            }
            _ => return None,
        };
        Some(Self { first: Some(first), last: Some(last) })
    }
}

/// Returns a moment such as `2025-12-17T08:00:00Z` without the time of day. Returns another text unchanged.
fn without_time_of_day(text: &str) -> &str {
    let is_hour = |hour: &str| {
        matches!(hour.len(), 1 | 2) && hour.bytes().all(|digit| digit.is_ascii_digit())
    };
    let is_time = |time: &str| time.split_once(':').is_some_and(|(hour, _)| is_hour(hour));
    match text.split_once(['T', 't', ' ']) {
        Some((day, time)) if is_time(time.trim_start()) => day,
        _ => text,
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last
            && let Some(day) = self.first
        {
            return day.fmt(f);
        }
        if let Some(first) = self.first {
            first.fmt(f)?;
        }
        f.write_str("..")?;
        self.last.map_or(Ok(()), |last| last.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_ranges_are_parsed() {
        for (text, expected) in [
            ("2025", Some("2025-01-01..2025-12-31")),
            ("2024-02", Some("2024-02-01..2024-02-29")),
            ("2025-12-17", Some("2025-12-17")),
            ("2025/1/7", Some("2025-01-07")),
            ("2025年12月17日", Some("2025-12-17")),
            ("2025-01-07T00:00:00Z", Some("2025-01-07")),
            ("2025-01-07 08:30", Some("2025-01-07")),
            ("2025-01-07 soon", None),
            ("2025年", Some("2025-01-01..2025-12-31")),
            ("2025-01..2025-06", Some("2025-01-01..2025-06-30")),
            ("2025..", Some("2025-01-01..")),
            ("..", None),
            ("2025-13", None),
            ("25", None),
            ("2025-02-30", None),
            ("", None),
        ] {
            let period = text.parse::<Period>();
            let printed = period.as_ref().ok().map(ToString::to_string);
            assert_eq!(printed.as_deref(), expected, "{text}");
            if let Some(printed) = printed {
                assert_eq!(printed.parse(), period, "{text}");
            }
        }
        assert_eq!(Period::since("2025-06").unwrap().to_string(), "2025-06-01..");
        assert_eq!(Period::until("2024-02").unwrap().to_string(), "..2024-02-29");
        assert!(Period::until("2024..2025").is_err());
        assert_eq!(Period::before("2025-06").unwrap().to_string(), "..2025-05-31");
    }
}
