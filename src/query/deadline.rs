//! Deadline of a query, which follows from its time limit.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Point in time at which a query must stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// Point in time at which the deadline passes, and the time limit of the query. `None` if there is no time limit.
    time_and_limit: Option<(Instant, Duration)>,
}

impl Deadline {
    /// Returns the deadline of a query that began at `started` and may take the time `timeout`. If `timeout` is
    /// `None`, the deadline never passes.
    pub(crate) fn new(started: Instant, timeout: Option<Duration>) -> Self {
        Self {
            time_and_limit: timeout
                .and_then(|time_limit| Some((started.checked_add(time_limit)?, time_limit))),
        }
    }

    /// Returns a deadline that never passes.
    pub(crate) const fn never() -> Self {
        Self { time_and_limit: None }
    }

    pub(crate) fn is_over(self) -> bool {
        self.time_and_limit.is_some_and(|(time, _)| Instant::now() >= time)
    }

    /// Checks whether the deadline has passed. A search calls this function between units of work of bounded duration.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] if the deadline has passed.
    pub(crate) fn check(self) -> Result<()> {
        match self.time_and_limit {
            Some((_, time_limit)) if self.is_over() => Err(Error::TimedOut(time_limit)),
            _ => Ok(()),
        }
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
            assert_eq!(deadline.is_over(), is_over, "{timeout:?}");
            assert_eq!(deadline.check().is_err(), is_over, "{timeout:?}");
        }
    }
}
