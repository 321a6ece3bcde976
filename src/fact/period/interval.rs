//! Computes intervals of days: years, months, quarters, five-year plans, and intervals relative to a day.

use crate::document::Date;

/// Interval of days, from the first to the last day, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    /// First day.
    pub(super) from: Date,
    /// Last day, inclusive.
    pub(super) to: Date,
}

/// Unit of a relative period such as "the past five years".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
}

impl Interval {
    /// Returns the interval from the first day of the year `first` to the last day of the year `last`.
    pub(super) fn years(first: u16, last: u16) -> Option<Self> {
        Self::new(Date::new(first, 1, 1)?, Date::last_of_month(last, 12)?)
    }

    /// Returns the interval from the first day of `month` of `year` to the last day of `last_month` of `last_year`.
    pub(super) fn months(year: u16, month: u16, last_year: u16, last_month: u16) -> Option<Self> {
        Self::new(Date::new(year, month, 1)?, Date::last_of_month(last_year, last_month)?)
    }

    /// Returns the interval of one day.
    pub(super) const fn day(date: Date) -> Self {
        Self { from: date, to: date }
    }

    /// Returns the interval from `from` to `to`. `None` if `to` is earlier.
    pub(super) fn new(from: Date, to: Date) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// Returns the five years of a plan of the People's Republic of China. `number` is the number of the plan: 1 for
    /// the plan from 1953 to 1957. The second plan ended in 1962, and the third began in 1966. `None` for plans after
    /// the 30th.
    pub(super) fn five_year_plan(number: u16) -> Option<Self> {
        let first = match number {
            1 | 2 => 1948 + 5 * number,
            3..=30 => 1951 + 5 * number,
            _ => return None,
        };
        Self::years(first, first + 4)
    }

    /// Returns the interval of `unit_count` time units that ends on the day `anchor`, or that begins on this day if
    /// `is_future` is set.
    pub(super) fn counted_from(
        anchor: Date,
        unit_count: u16,
        unit: TimeUnit,
        is_future: bool,
    ) -> Option<Self> {
        let other = shifted_date(anchor, unit_count, unit, is_future)?;
        if is_future { Self::new(anchor, other) } else { Self::new(other, anchor) }
    }

    /// Returns the calendar period of the length `unit` that contains `anchor`, moved by `offset` periods: the previous
    /// month for the unit month and the offset -1.
    pub(super) fn calendar_period(anchor: Date, unit: TimeUnit, offset: i16) -> Option<Self> {
        let (year, month, _) = year_month_day(anchor);
        let year = i32::from(year);
        let to_year = |year: i32| u16::try_from(year).ok();
        match unit {
            TimeUnit::Day => {
                let day = anchor.julian_day().checked_add_signed(i64::from(offset))?;
                Some(Self::day(Date::from_julian_day(day)?))
            }
            TimeUnit::Week => {
                // Julian days of Mondays are multiples of seven.
                let monday = anchor.julian_day() / 7 * 7;
                let monday = monday.checked_add_signed(7 * i64::from(offset))?;
                Self::new(Date::from_julian_day(monday)?, Date::from_julian_day(monday + 6)?)
            }
            TimeUnit::Month | TimeUnit::Quarter => {
                let length = if unit == TimeUnit::Month { 1 } else { 3 };
                let index = (year * 12 + i32::from(month) - 1) / length + i32::from(offset);
                let first = index * length;
                let last = first + length - 1;
                let month_of = |index: i32| u16::try_from(index.rem_euclid(12) + 1).ok();
                Self::months(
                    to_year(first / 12)?,
                    month_of(first)?,
                    to_year(last / 12)?,
                    month_of(last)?,
                )
            }
            TimeUnit::Year => {
                let year = to_year(year + i32::from(offset))?;
                Self::years(year, year)
            }
            TimeUnit::Decade => {
                let first = to_year(year / 10 * 10 + 10 * i32::from(offset))?;
                Self::years(first, first + 9)
            }
        }
    }
}

/// Returns the day `unit_count` time units before `date`, or after `date` if `is_future` is set. A day that the month
/// does not have becomes its last day.
fn shifted_date(date: Date, unit_count: u16, unit: TimeUnit, is_future: bool) -> Option<Date> {
    let unit_count = i64::from(unit_count);
    let sign = if is_future { 1 } else { -1 };
    let months = match unit {
        TimeUnit::Day => {
            return Date::from_julian_day(date.julian_day().checked_add_signed(sign * unit_count)?);
        }
        TimeUnit::Week => {
            return Date::from_julian_day(
                date.julian_day().checked_add_signed(sign * 7 * unit_count)?,
            );
        }
        TimeUnit::Month => unit_count,
        TimeUnit::Quarter => 3 * unit_count,
        TimeUnit::Year => 12 * unit_count,
        TimeUnit::Decade => 120 * unit_count,
    };
    let (year, month, day) = year_month_day(date);
    let index = i64::from(year) * 12 + i64::from(month) - 1 + sign * months;
    let year = u16::try_from(index.div_euclid(12)).ok()?;
    let month = u16::try_from(index.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, day).or_else(|| Date::last_of_month(year, month))
}

/// Returns year, month and day of a date.
pub(super) fn year_month_day(date: Date) -> (u16, u16, u16) {
    let text = date.to_string();
    let mut numbers = text.split('-').map(|part| part.parse().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    (next(), next(), next())
}

/// Returns the year of a quarter or another part of a year that is stated without a year, and whose last quarter begins
/// with `first_month`. A part that begins more than four months after the anchor belongs to the year before: the fourth
/// quarter in a text of January.
pub(super) fn year_of_part(anchor: Date, first_month: u16) -> u16 {
    let (year, anchor_month, _) = year_month_day(anchor);
    if first_month > anchor_month + 4 { year - 1 } else { year }
}

/// Returns the year of a day or a month that is stated without a year. In this year, the day or month is at most four
/// months after the anchor, and less than eight months before the anchor.
pub(super) fn closest_year(anchor: Date, month: u16) -> u16 {
    let (year, anchor_month, _) = year_month_day(anchor);
    if month > anchor_month + 4 {
        year - 1
    } else if month + 8 <= anchor_month {
        year + 1
    } else {
        year
    }
}

/// Returns the year nearest to `year` in which a day falls on a weekday. `weekday` is 0 for Monday. `None` if the day
/// falls on another weekday in this year and in the years before and after.
pub(super) fn year_of_weekday(year: u16, month: u16, day: u16, weekday: u64) -> Option<u16> {
    [year, year + 1, year.saturating_sub(1)].into_iter().find(|&year| {
        Date::new(year, month, day).is_some_and(|date| date.julian_day() % 7 == weekday)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_year_plans_cover_their_years() {
        for (number, expected) in
            [(1, 1953), (2, 1958), (3, 1966), (10, 2001), (14, 2021), (15, 2026)]
        {
            assert_eq!(
                Interval::five_year_plan(number).map(|plan| year_month_day(plan.from).0),
                Some(expected),
                "{number}"
            );
        }
    }

    #[test]
    fn relative_periods_follow_the_anchor() {
        let anchor = Date::new(2024, 2, 29).unwrap();
        let printed = |interval: Option<Interval>| {
            interval.map_or(String::new(), |interval| format!("{}..{}", interval.from, interval.to))
        };
        for (interval, expected) in [
            (Interval::counted_from(anchor, 1, TimeUnit::Year, false), "2023-02-28..2024-02-29"),
            (Interval::counted_from(anchor, 10, TimeUnit::Day, true), "2024-02-29..2024-03-10"),
            (Interval::calendar_period(anchor, TimeUnit::Month, -2), "2023-12-01..2023-12-31"),
            (Interval::calendar_period(anchor, TimeUnit::Quarter, -1), "2023-10-01..2023-12-31"),
            (Interval::calendar_period(anchor, TimeUnit::Week, 0), "2024-02-26..2024-03-03"),
            (Interval::calendar_period(anchor, TimeUnit::Year, 1), "2025-01-01..2025-12-31"),
        ] {
            assert_eq!(printed(interval), expected);
        }
    }
}
