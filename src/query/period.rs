//! Dates as a query writes them → a stretch of days.

use std::fmt;

use crate::document::Date;

/// Days from one to another; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Period {
    /// The first day.
    pub first: Option<Date>,
    /// The last day.
    pub last: Option<Date>,
}

impl Period {
    /// Reads a day, a month or a year (`2025-12-17`, `2025-12`, `2025`, with `-`, `/`, `.` or 年月日), or
    /// `FROM..TO`, where either may be missing and both belong to the period.
    ///
    /// ```
    /// use gz_search::query::Period;
    ///
    /// assert_eq!(Period::parse("2025-02").unwrap().to_string(), "2025-02-01..2025-02-28");
    /// assert_eq!(Period::parse("..2025").unwrap().to_string(), "..2025-12-31");
    /// assert_eq!(Period::parse("soon"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let Some((from, to)) = text.split_once("..") else { return Self::stretch(text) };
        let end = |text: &str| match text.trim() {
            "" => Some(Self::default()),
            text => Self::stretch(text),
        };
        let (from, to) = (end(from)?, end(to)?);
        (from.first.is_some() || to.last.is_some())
            .then_some(Self { first: from.first, last: to.last })
    }

    /// From the first day that `text` names on.
    pub fn since(text: &str) -> Option<Self> {
        Some(Self { first: Self::stretch(text)?.first, last: None })
    }

    /// Up to the day before the first day that `text` names.
    pub fn before(text: &str) -> Option<Self> {
        let first = Self::stretch(text)?.first?;
        Some(Self { first: None, last: Some(first.previous()?) })
    }

    fn stretch(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text
            .trim()
            .split(['-', '/', '.', '年', '月', '日'])
            .filter(|part| !part.is_empty())
            .collect();
        let number = |part: &&str| part.parse::<u16>().ok();
        let year = parts.first().filter(|year| year.len() == 4).and_then(number)?;
        let (first, last) = match parts.get(1..)? {
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
    fn periods_as_they_are_written() {
        for (text, shown) in [
            ("2025", Some("2025-01-01..2025-12-31")),
            ("2024-02", Some("2024-02-01..2024-02-29")),
            ("2025-12-17", Some("2025-12-17")),
            ("2025/1/7", Some("2025-01-07")),
            ("2025年12月17日", Some("2025-12-17")),
            ("2025年", Some("2025-01-01..2025-12-31")),
            ("2025-01..2025-06", Some("2025-01-01..2025-06-30")),
            ("2025..", Some("2025-01-01..")),
            ("..", None),
            ("2025-13", None),
            ("25", None),
            ("2025-02-30", None),
            ("", None),
        ] {
            let period = Period::parse(text).map(|period| period.to_string());
            assert_eq!(period.as_deref(), shown, "{text}");
            if let Some(shown) = shown {
                assert_eq!(Period::parse(shown), Period::parse(text), "{text}");
            }
        }
        assert_eq!(Period::since("2025-06").unwrap().to_string(), "2025-06-01..");
        assert_eq!(Period::before("2025-06").unwrap().to_string(), "..2025-05-31");
    }
}
