//! Work that takes a thread for a while → its result, never on the threads that read and write sockets.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task, time,
};

use super::failure::{Code, Failure};

/// A bounded number of threads, and a bounded number of requests that wait for one.
#[derive(Debug)]
pub(super) struct Pool {
    /// A place for all that runs or waits.
    places: Arc<Semaphore>,
    /// A thread for what runs.
    threads: Arc<Semaphore>,
    timeout: Duration,
}

impl Pool {
    pub(super) fn new(threads: usize, waiting: usize, timeout: Duration) -> Self {
        let threads = threads.max(1);
        Self {
            places: Arc::new(Semaphore::new(
                threads.saturating_add(waiting).min(Semaphore::MAX_PERMITS),
            )),
            threads: Arc::new(Semaphore::new(threads.min(Semaphore::MAX_PERMITS))),
            timeout,
        }
    }

    /// Does `work` when there is a thread for it. What takes too long is given up by its request, but has its thread
    /// until it ends, so that no more run than are allowed: a search ends itself soon, other work is bounded.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let done = async {
            let thread = Arc::clone(&self.threads).acquire_owned().await.map_err(|_| busy())?;
            let permits: [OwnedSemaphorePermit; 2] = [place, thread];
            let done = task::spawn_blocking(move || {
                let done = work();
                drop(permits);
                done
            });
            done.await.unwrap_or_else(|_| Err(Failure::internal()))
        };
        time::timeout(self.timeout, done).await.unwrap_or_else(|_| Err(self.timed_out()))
    }

    /// How many requests run or wait.
    pub(super) fn used(&self, settings: &super::Settings) -> usize {
        let all = settings.searches.max(1).saturating_add(settings.waiting);
        all.saturating_sub(self.places.available_permits())
    }

    fn timed_out(&self) -> Failure {
        Failure::new(
            Code::Timeout,
            format!("no answer within {} seconds", self.timeout.as_secs_f64()),
            "ask for less (a smaller limit, fewer patterns), or again when less is going on",
        )
    }
}

fn busy() -> Failure {
    Failure::new(Code::Busy, "too many searches are waiting", "ask again in a moment")
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn no_more_run_and_wait_than_are_allowed() {
        let pool = Arc::new(Pool::new(1, 1, Duration::from_secs(60)));
        let (go, wait) = mpsc::channel::<()>();
        let running = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move {
                pool.run(move || {
                    wait.recv().unwrap();
                    Ok(1)
                })
                .await
            })
        };
        while pool.threads.available_permits() > 0 {
            task::yield_now().await;
        }
        let waiting = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(|| Ok(2)).await })
        };
        while pool.places.available_permits() > 0 {
            task::yield_now().await;
        }
        assert_eq!(pool.run(|| Ok(3)).await.unwrap_err().code, Code::Busy);
        go.send(()).unwrap();
        assert_eq!((running.await.unwrap(), waiting.await.unwrap()), (Ok(1), Ok(2)));
        assert_eq!(pool.run(|| Ok(4)).await, Ok(4));
    }

    #[tokio::test]
    async fn what_takes_too_long_is_given_up_and_keeps_its_thread() {
        let pool = Pool::new(1, 1, Duration::from_millis(20));
        let (go, wait) = mpsc::channel::<()>();
        let slow = pool.run(move || {
            assert!(wait.recv().is_err());
            Ok(())
        });
        assert_eq!(slow.await.unwrap_err().code, Code::Timeout);
        assert_eq!(pool.threads.available_permits(), 0);
        assert_eq!(pool.run(|| Ok(())).await.unwrap_err().code, Code::Timeout);
        drop(go);
        while pool.threads.available_permits() == 0 {
            time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(pool.run(|| Ok(())).await, Ok(()));
    }

    #[tokio::test]
    async fn a_panic_is_the_request_s_own_affair() {
        let pool = Pool::new(1, 1, Duration::from_secs(60));
        let panics = pool.run(|| -> Result<(), Failure> { panic!("as it should") });
        assert_eq!(panics.await.unwrap_err().code, Code::Internal);
        assert_eq!(pool.run(|| Ok(())).await, Ok(()));
    }
}
