//! Time limit of a query.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Deadline of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    /// The deadline, and the time limit that it results from. `None` if there is no time limit.
    end: Option<(Instant, Duration)>,
}

impl Deadline {
    /// Returns the deadline of a query that began at `started` and may take `timeout`. `None` as `timeout`
    /// means no time limit.
    pub(crate) fn new(started: Instant, timeout: Option<Duration>) -> Self {
        Self { end: timeout.and_then(|allowed| Some((started.checked_add(allowed)?, allowed))) }
    }

    /// Returns a deadline that never passes.
    pub(crate) const fn never() -> Self {
        Self { end: None }
    }

    pub(crate) fn is_over(self) -> bool {
        self.end.is_some_and(|(end, _)| Instant::now() >= end)
    }

    /// Checks the time. A search calls this function between its steps, each of which takes a bounded time.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] if the deadline has passed.
    pub(crate) fn check(self) -> Result<()> {
        match self.end {
            Some((_, allowed)) if self.is_over() => Err(Error::TimedOut(allowed)),
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
