//! What was counted for one search → the same for those that follow, for a while: every search asks how often its
//! words occur, and that changes slowly.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::search::remote::RemoteAnswer;

/// Nothing is kept for longer.
const KEPT: Duration = Duration::from_secs(60);
/// So many answers are kept at most.
const MOST: usize = 4096;

/// Answers that are numbers, by what was sent for them.
#[derive(Debug)]
pub(super) struct Counts {
    kept: Duration,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    since: Instant,
    answers: HashMap<String, RemoteAnswer>,
}

impl Default for Counts {
    fn default() -> Self {
        Self::kept_for(KEPT)
    }
}

impl Counts {
    fn kept_for(kept: Duration) -> Self {
        let known = Known { since: Instant::now(), answers: HashMap::new() };
        Self { kept, known: Mutex::new(known) }
    }

    /// What was answered to it not long ago.
    pub(super) fn get(&self, sent: &str) -> Option<RemoteAnswer> {
        self.with(|answers| answers.get(sent).cloned())
    }

    pub(super) fn keep(&self, sent: String, answer: RemoteAnswer) {
        self.with(|answers| {
            if answers.len() >= MOST {
                answers.clear();
            }
            answers.insert(sent, answer);
        });
    }

    /// Does something with what is not too old: all of it gets too old at the same time.
    fn with<T>(&self, done: impl FnOnce(&mut HashMap<String, RemoteAnswer>) -> T) -> T {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.since.elapsed() >= self.kept {
            *known = Known { since: Instant::now(), answers: HashMap::new() };
        }
        done(&mut known.answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_kept_for_a_while_and_never_too_many() {
        let number = |answer: Option<RemoteAnswer>| match answer {
            Some(RemoteAnswer::Passages(number)) => Some(number),
            _ => None,
        };
        let counts = Counts::default();
        counts.keep("car".to_owned(), RemoteAnswer::Passages(3));
        assert_eq!(number(counts.get("car")), Some(3));
        assert_eq!(number(counts.get("cars")), None);
        for sent in 0..=MOST {
            counts.keep(sent.to_string(), RemoteAnswer::Passages(1));
            assert!(counts.with(|answers| answers.len()) <= MOST);
        }
        let counts = Counts::kept_for(Duration::ZERO);
        counts.keep("car".to_owned(), RemoteAnswer::Passages(3));
        assert_eq!(number(counts.get("car")), None);
    }
}
