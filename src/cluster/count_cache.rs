//! Cache of counts and terms that the cluster returned. Every search needs the document frequencies of its terms, which
//! change slowly.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::search::remote::RemoteAnswer;

/// Interval at which all cached answers are removed, because they may be outdated.
const CACHE_CLEARING_INTERVAL: Duration = Duration::from_secs(60);
/// Maximum number of cached answers. A full cache is cleared.
const MAX_CACHED_ANSWERS: usize = 4096;

/// Cached answers of the cluster, by request. All answers expire together.
#[derive(Debug)]
pub(super) struct CountCache {
    /// Time after which all cached answers are removed.
    time_to_live: Duration,
    cached_counts: Mutex<CachedCounts>,
}

/// Cached answers by request, and the time from which their lifetime counts.
#[derive(Debug)]
struct CachedCounts {
    /// Time at which the cache was created or all its answers last expired.
    creation_time: Instant,
    /// Answer of the cluster to each cached request.
    answers: HashMap<String, RemoteAnswer>,
}

impl CachedCounts {
    fn new() -> Self {
        Self { creation_time: Instant::now(), answers: HashMap::new() }
    }
}

impl Default for CountCache {
    fn default() -> Self {
        Self::with_time_to_live(CACHE_CLEARING_INTERVAL)
    }
}

impl CountCache {
    fn with_time_to_live(time_to_live: Duration) -> Self {
        Self { time_to_live, cached_counts: Mutex::new(CachedCounts::new()) }
    }

    /// Returns the cached answer to `request`; `None` if no answer is cached, or if the answer has expired.
    pub(super) fn get(&self, request: &str) -> Option<RemoteAnswer> {
        self.with_unexpired_answers(|answers| answers.get(request).cloned())
    }

    /// Caches the answer to `request`. If the cache is full, removes all other answers first.
    pub(super) fn insert(&self, request: String, answer: RemoteAnswer) {
        self.with_unexpired_answers(|answers| {
            if answers.len() >= MAX_CACHED_ANSWERS {
                answers.clear();
            }
            answers.insert(request, answer);
        });
    }

    /// Calls `action` with the cached answers. Removes the answers first if they have expired.
    fn with_unexpired_answers<T>(
        &self,
        action: impl FnOnce(&mut HashMap<String, RemoteAnswer>) -> T,
    ) -> T {
        let mut cached_counts = self.cached_counts.lock().unwrap_or_else(PoisonError::into_inner);
        if cached_counts.creation_time.elapsed() >= self.time_to_live {
            *cached_counts = CachedCounts::new();
        }
        action(&mut cached_counts.answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cached_counts_expire_and_never_exceed_the_capacity() {
        let passage_count = |answer: Option<RemoteAnswer>| match answer {
            Some(RemoteAnswer::Passages(passage_count)) => Some(passage_count),
            _ => None,
        };
        let cache = CountCache::default();
        cache.insert("car".to_owned(), RemoteAnswer::Passages(3));
        assert_eq!(passage_count(cache.get("car")), Some(3));
        assert_eq!(passage_count(cache.get("cars")), None);
        for request in 0..=MAX_CACHED_ANSWERS {
            cache.insert(request.to_string(), RemoteAnswer::Passages(1));
            assert!(cache.with_unexpired_answers(|answers| answers.len()) <= MAX_CACHED_ANSWERS);
        }
        let cache = CountCache::with_time_to_live(Duration::ZERO);
        cache.insert("car".to_owned(), RemoteAnswer::Passages(3));
        assert_eq!(passage_count(cache.get("car")), None);
    }
}
