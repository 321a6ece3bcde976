//! Checks whether the deadline of a query has passed. The deadline follows from the time limit of the query.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Number of units of work between two checks of the deadline by a [`WorkMeter`]. A unit takes well below a
/// microsecond.
const WORK_UNITS_BETWEEN_DEADLINE_CHECKS: usize = 4096;

/// Point in time at which a query must stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// Point in time at which the deadline passes, and the time limit of the query. `None` if there is no time limit.
    time_and_limit: Option<(Instant, Duration)>,
    /// Number of further checks for which the deadline counts as not passed. Tests use this number to stop a search at
    /// a chosen check.
    #[cfg(test)]
    remaining_checks: Option<&'static std::sync::atomic::AtomicUsize>,
}

impl Deadline {
    /// Returns the deadline of a query that began at `start_time` and may take the time `timeout`. If `timeout` is
    /// `None`, the deadline never passes.
    pub(crate) fn new(start_time: Instant, timeout: Option<Duration>) -> Self {
        Self {
            time_and_limit: timeout
                .and_then(|time_limit| Some((start_time.checked_add(time_limit)?, time_limit))),
            #[cfg(test)]
            remaining_checks: None,
        }
    }

    /// Returns a deadline that never passes.
    pub(crate) const fn never() -> Self {
        Self {
            time_and_limit: None,
            #[cfg(test)]
            remaining_checks: None,
        }
    }

    /// Returns a deadline that passes after the next `checks` checks, regardless of the time.
    #[cfg(test)]
    pub(crate) fn passing_after_checks(checks: &'static std::sync::atomic::AtomicUsize) -> Self {
        Self { time_and_limit: None, remaining_checks: Some(checks) }
    }

    /// Returns the earlier of two deadlines.
    pub(crate) fn earlier(self, other: Self) -> Self {
        #[cfg(test)]
        if self.remaining_checks.is_some() {
            return self;
        }
        match (self.time_and_limit, other.time_and_limit) {
            (Some((time, _)), Some((other_time, _))) if time <= other_time => self,
            (Some(_), None) => self,
            _ => other,
        }
    }

    /// Returns whether the deadline has passed.
    pub(crate) fn has_passed(self) -> bool {
        #[cfg(test)]
        if let Some(checks) = self.remaining_checks {
            use std::sync::atomic::Ordering::Relaxed;
            return checks.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_err();
        }
        self.time_and_limit.is_some_and(|(time, _)| Instant::now() >= time)
    }

    /// Checks whether the deadline has passed. A search calls this function between units of work of bounded duration.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] if the deadline has passed.
    pub(crate) fn check(self) -> Result<()> {
        if self.has_passed() {
            let time_limit = self.time_and_limit.map(|(_, time_limit)| time_limit);
            return Err(Error::TimedOut(time_limit.unwrap_or_default()));
        }
        Ok(())
    }

    /// Returns a meter for a loop of short steps, which checks the deadline only once in many steps.
    pub(crate) const fn work_meter(self) -> WorkMeter {
        WorkMeter { deadline: self, unit_count: 0 }
    }
}

/// Counts the work of a loop in units, and checks the deadline once every few thousand units. A unit is a posting, a
/// term or a passage.
#[derive(Debug)]
pub(crate) struct WorkMeter {
    deadline: Deadline,
    /// Number of units of work since the last check.
    unit_count: usize,
}

impl WorkMeter {
    /// Counts `units` further units of work.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] if the deadline has passed. The error may come a few thousand units after the deadline.
    pub(crate) fn add(&mut self, units: usize) -> Result<()> {
        self.unit_count = self.unit_count.saturating_add(units);
        if self.unit_count < WORK_UNITS_BETWEEN_DEADLINE_CHECKS {
            return Ok(());
        }
        self.unit_count = 0;
        self.deadline.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_passes_after_the_timeout() {
        let started = Instant::now();
        for (timeout, is_over) in [
            (None, false),
            (Some(Duration::MAX), false),
            (Some(Duration::from_secs(3600)), false),
            (Some(Duration::ZERO), true),
        ] {
            let deadline = Deadline::new(started, timeout);
            assert_eq!(deadline.has_passed(), is_over, "{timeout:?}");
            assert_eq!(deadline.check().is_err(), is_over, "{timeout:?}");
        }
    }

    #[test]
    fn earlier_returns_the_deadline_that_passes_first() {
        let started = Instant::now();
        let [never, soon, later] =
            [None, Some(0), Some(3600)].map(|seconds| seconds.map(Duration::from_secs));
        for (first, second, is_over) in
            [(never, never, false), (never, soon, true), (later, soon, true), (later, never, false)]
        {
            let [first, second] = [first, second].map(|timeout| Deadline::new(started, timeout));
            assert_eq!(first.earlier(second).has_passed(), is_over);
            assert_eq!(second.earlier(first).has_passed(), is_over);
        }
    }

    #[test]
    fn a_meter_checks_the_deadline_between_units_of_work() {
        let mut meter = Deadline::new(Instant::now(), Some(Duration::ZERO)).work_meter();
        let steps = (0..10_000).take_while(|_| meter.add(1).is_ok()).count();
        assert_eq!(steps, WORK_UNITS_BETWEEN_DEADLINE_CHECKS - 1);
        assert!(meter.add(usize::MAX).is_err());
    }
}
