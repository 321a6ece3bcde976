//! Work that takes a thread for a while → its result, never on the threads that read and write sockets.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use tokio::{
    sync::{Semaphore, oneshot},
    time,
};

use crate::{
    error::{Error, Result},
    server::api_error::{Code, Failure},
};

type Job = Box<dyn FnOnce() + Send>;

/// A fixed number of threads, and a bounded number of requests that wait for one.
///
/// They are threads of their own: those that a runtime starts as it needs them are more than work at a time, and
/// each keeps memory for what it did last.
#[derive(Debug)]
pub(in crate::server) struct Pool {
    /// A place for all that runs or waits.
    places: Arc<Semaphore>,
    jobs: Sender<Job>,
    timeout: Duration,
}

impl Pool {
    pub(in crate::server) fn new(
        threads: usize,
        waiting: usize,
        timeout: Duration,
    ) -> Result<Self> {
        let threads = threads.max(1);
        let places = threads.saturating_add(waiting).min(Semaphore::MAX_PERMITS);
        let (jobs, received) = channel();
        let received = Arc::new(Mutex::new(received));
        for _ in 0..threads {
            let received = Arc::clone(&received);
            let started =
                thread::Builder::new().name("search".to_owned()).spawn(move || work(&received));
            started.map_err(Error::io("start a thread for", "searches"))?;
        }
        Ok(Self { places: Arc::new(Semaphore::new(places)), jobs, timeout })
    }

    /// Does `work` when there is a thread for it. What is given up by its request while it waits is never begun and
    /// has no place any more. What runs by then has its thread until it ends, so that no more run than are allowed: a
    /// search ends itself soon, other work is bounded.
    pub(in crate::server) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let place = Arc::new(place);
        let still_wanted = Arc::downgrade(&place);
        let (answer, answered) = oneshot::channel();
        let job = move || {
            if let Some(place) = still_wanted.upgrade() {
                let done = work();
                drop(place);
                // Who has given up meanwhile hears nothing.
                drop(answer.send(done));
            }
        };
        self.jobs.send(Box::new(job)).map_err(|_| Failure::internal())?;
        let done = time::timeout(self.timeout, answered).await;
        drop(place);
        done.map_or_else(
            |_| Err(self.timed_out()),
            |done| done.unwrap_or_else(|_| Err(Failure::internal())),
        )
    }

    /// How many requests run or wait.
    pub(in crate::server) fn used(&self, settings: &crate::server::Settings) -> usize {
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

/// Does one job after the other, until no more can come.
fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // What panics has told why; who waits for it sees that no answer can come.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

fn busy() -> Failure {
    Failure::new(Code::Busy, "too many searches are waiting", "ask again in a moment")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs in the pool until something is sent; returns once it does.
    async fn occupied(
        pool: &Arc<Pool>,
    ) -> (Sender<()>, tokio::task::JoinHandle<Result<i32, Failure>>) {
        let (go, wait) = channel::<()>();
        let (started, has_started) = oneshot::channel();
        let pool = Arc::clone(pool);
        let running = tokio::spawn(async move {
            pool.run(move || {
                started.send(()).unwrap();
                let _ = wait.recv();
                Ok(1)
            })
            .await
        });
        has_started.await.unwrap();
        (go, running)
    }

    #[tokio::test]
    async fn no_more_run_and_wait_than_are_allowed() {
        let pool = Arc::new(Pool::new(1, 1, Duration::from_secs(60)).unwrap());
        let (go, running) = occupied(&pool).await;
        let waiting = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(|| Ok(2)).await })
        };
        while pool.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(|| Ok(3)).await.unwrap_err().code, Code::Busy);
        go.send(()).unwrap();
        assert_eq!((running.await.unwrap(), waiting.await.unwrap()), (Ok(1), Ok(2)));
        assert_eq!(pool.run(|| Ok(4)).await, Ok(4));
    }

    #[tokio::test]
    async fn what_takes_too_long_is_given_up_and_keeps_its_thread() {
        let pool = Arc::new(Pool::new(1, 1, Duration::from_millis(20)).unwrap());
        let (go, running) = occupied(&pool).await;
        assert_eq!(running.await.unwrap().unwrap_err().code, Code::Timeout);
        let (began, begins) = channel();
        let late = pool.run(move || began.send(()).map_err(|_| Failure::internal()));
        assert_eq!(late.await.unwrap_err().code, Code::Timeout);
        assert_eq!(pool.places.available_permits(), 1);
        drop(go);
        // What was given up before it began is not begun.
        assert!(begins.recv().is_err());
        assert_eq!(pool.run(|| Ok(())).await, Ok(()));
    }

    #[tokio::test]
    async fn a_panic_is_the_request_s_own_affair() {
        let pool = Pool::new(1, 1, Duration::from_secs(60)).unwrap();
        let panics = pool.run(|| -> Result<(), Failure> { panic!("as it should") });
        assert_eq!(panics.await.unwrap_err().code, Code::Internal);
        assert_eq!(pool.run(|| Ok(())).await, Ok(()));
    }
}
