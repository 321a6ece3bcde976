//! A query that may take only so long → when its search gives up.

use std::time::{Duration, Instant};

use crate::{
    error::{Error, Result},
    query::Query,
};

/// When a search gives up; never where the query allows any time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    until: Option<(Instant, Duration)>,
}

impl Deadline {
    /// That of a search which began at `started`.
    pub(super) fn of(query: &Query, started: Instant) -> Self {
        let until =
            query.timeout.and_then(|allowed| Some((started.checked_add(allowed)?, allowed)));
        Self { until }
    }

    pub(super) const fn never() -> Self {
        Self { until: None }
    }

    pub(super) fn is_over(self) -> bool {
        self.until.is_some_and(|(until, _)| Instant::now() >= until)
    }

    /// Is asked between the steps of a search, each of which is bounded.
    ///
    /// # Errors
    ///
    /// [`Error::TimedOut`] where it is over.
    pub(super) fn check(self) -> Result<()> {
        match self.until {
            Some((_, allowed)) if self.is_over() => Err(Error::TimedOut(allowed)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_over_when_the_time_is() {
        let started = Instant::now();
        let any = Query::new("x");
        for (query, over) in [
            (any.clone(), false),
            (any.clone().timeout(Duration::MAX), false),
            (any.clone().timeout(Duration::from_secs(3600)), false),
            (any.timeout(Duration::ZERO), true),
        ] {
            let deadline = Deadline::of(&query, started);
            assert_eq!((deadline.is_over(), deadline.check().is_err()), (over, over), "{query:?}");
        }
    }
}
