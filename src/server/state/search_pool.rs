//! Thread pool for searches, so that a search never blocks the threads that read and write sockets.

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
    server::api_error::{ApiError, Code},
};

type SearchJob = Box<dyn FnOnce() + Send>;

/// Thread pool with a fixed number of threads and a limited number of waiting requests.
///
/// The pool has its own threads, because the blocking threads of the runtime would outnumber the running searches, and
/// each blocking thread would keep the memory of its last job.
#[derive(Debug)]
pub(in crate::server) struct SearchPool {
    /// Permits, one for each request that runs or waits.
    permits: Arc<Semaphore>,
    /// Total number of permits.
    capacity: usize,
    jobs: Sender<SearchJob>,
    timeout: Duration,
}

impl SearchPool {
    pub(super) fn new(threads: usize, waiting: usize, timeout: Duration) -> Result<Self> {
        let threads = threads.max(1);
        let capacity = threads.saturating_add(waiting).min(Semaphore::MAX_PERMITS);
        let (jobs, receiver) = channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..threads {
            let receiver = Arc::clone(&receiver);
            let spawn_result =
                thread::Builder::new().name("search".to_owned()).spawn(move || run_jobs(&receiver));
            spawn_result.map_err(Error::io("start a thread for", "searches"))?;
        }
        Ok(Self { permits: Arc::new(Semaphore::new(capacity)), capacity, jobs, timeout })
    }

    /// Runs `work` on a thread of the pool, and returns its result.
    ///
    /// If a request ends while its job waits, the job never starts, and returns its permit at once. A running job holds
    /// its thread and its permit until the job ends, so that no more jobs run than permitted. A search stops at its own
    /// time limit, and the duration of other work is bounded.
    ///
    /// # Errors
    ///
    /// [`Code::Busy`] if too many requests wait, [`Code::Timeout`] after the time limit, [`Code::Internal`] if `work`
    /// panics, and the errors of `work`.
    pub(in crate::server) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let permit =
            Arc::new(Arc::clone(&self.permits).try_acquire_owned().map_err(|_| busy_error())?);
        let request_permit = Arc::downgrade(&permit);
        let (result_sender, result_receiver) = oneshot::channel();
        let job = move || {
            if let Some(permit) = request_permit.upgrade() {
                let work_result = work();
                drop(permit);
                // Sending fails if the request has ended, which is harmless.
                drop(result_sender.send(work_result));
            }
        };
        self.jobs.send(Box::new(job)).map_err(|_| ApiError::internal_error())?;
        let received = time::timeout(self.timeout, result_receiver).await;
        drop(permit);
        match received {
            Ok(result) => result.unwrap_or_else(|_| Err(ApiError::internal_error())),
            Err(_) => Err(self.timeout_error()),
        }
    }

    /// Returns the number of requests that run or wait.
    pub(in crate::server) fn in_use(&self) -> usize {
        self.capacity.saturating_sub(self.permits.available_permits())
    }

    fn timeout_error(&self) -> ApiError {
        ApiError::new(
            Code::Timeout,
            format!("no answer within {} seconds", self.timeout.as_secs_f64()),
            "reduce the search (a smaller limit, fewer patterns), or try again when the service is less busy",
        )
    }
}

/// Runs jobs one after another until the pool is dropped.
fn run_jobs(jobs: &Mutex<Receiver<SearchJob>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // The panic hook has logged the panic, and the request is notified because its sender is dropped.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

fn busy_error() -> ApiError {
    ApiError::new(Code::Busy, "too many searches are waiting", "try again in a moment")
}

#[cfg(test)]
mod tests {
    use super::*;

    type RunningJob = tokio::task::JoinHandle<Result<i32, ApiError>>;

    /// Starts a job that runs until the returned sender sends a message or is dropped. Returns once the job runs.
    async fn blocked_job(pool: &Arc<SearchPool>) -> (Sender<()>, RunningJob) {
        let (finish, finish_receiver) = channel::<()>();
        let (start_sender, start_receiver) = oneshot::channel();
        let pool = Arc::clone(pool);
        let running_job = tokio::spawn(async move {
            pool.run(move || {
                start_sender.send(()).unwrap();
                let _ = finish_receiver.recv();
                Ok(1)
            })
            .await
        });
        start_receiver.await.unwrap();
        (finish, running_job)
    }

    #[tokio::test]
    async fn jobs_above_the_limit_are_refused() {
        let pool = Arc::new(SearchPool::new(1, 1, Duration::from_secs(60)).unwrap());
        let (finish, running_job) = blocked_job(&pool).await;
        let waiting_job = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(|| Ok(2)).await })
        };
        while pool.permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(|| Ok(3)).await.unwrap_err().code, Code::Busy);
        finish.send(()).unwrap();
        assert_eq!((running_job.await.unwrap(), waiting_job.await.unwrap()), (Ok(1), Ok(2)));
        assert_eq!(pool.run(|| Ok(4)).await, Ok(4));
    }

    #[tokio::test]
    async fn jobs_that_time_out_while_waiting_never_start() {
        let pool = Arc::new(SearchPool::new(1, 1, Duration::from_millis(20)).unwrap());
        let (finish, running_job) = blocked_job(&pool).await;
        assert_eq!(running_job.await.unwrap().unwrap_err().code, Code::Timeout);
        let (start_sender, start_receiver) = channel();
        let late_job =
            pool.run(move || start_sender.send(()).map_err(|_| ApiError::internal_error()));
        assert_eq!(late_job.await.unwrap_err().code, Code::Timeout);
        assert_eq!(pool.permits.available_permits(), 1, "the running job keeps its permit");
        drop(finish);
        assert!(start_receiver.recv().is_err(), "the waiting job must not start");
        assert_eq!(pool.run(|| Ok(())).await, Ok(()));
    }

    #[tokio::test]
    async fn a_panic_fails_only_its_own_request() {
        let pool = SearchPool::new(1, 1, Duration::from_secs(60)).unwrap();
        let panicking_job = pool.run(|| -> Result<(), ApiError> { panic!("as it should") });
        assert_eq!(panicking_job.await.unwrap_err().code, Code::Internal);
        assert_eq!(pool.run(|| Ok(())).await, Ok(()));
    }
}
