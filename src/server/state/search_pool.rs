//! Thread pool for searches, so that a search never blocks the threads that read and write sockets.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Weak},
    thread,
    time::{Duration, Instant},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time,
};

use super::{client_limits::LimitedClient, fair_queue::FairQueue};
use crate::{
    error::{Error, Result},
    query::Deadline,
    server::api_error::{ApiError, Code},
};

/// Additional time to wait for the result of a job after its deadline. On a busy machine, a search may need this time
/// to notice the deadline and to return the hits found so far.
const RESULT_GRACE_PERIOD: Duration = Duration::from_millis(500);

/// A job that waits for a thread.
struct SearchJob {
    /// Permit that the request holds until it ends. After the end of the request, this weak reference cannot be
    /// upgraded.
    permit: Weak<OwnedSemaphorePermit>,
    work: Box<dyn FnOnce() + Send>,
}

/// Thread pool with a fixed number of threads and a limited number of waiting requests.
///
/// The pool has its own threads, because the blocking threads of the runtime would outnumber the running searches, and
/// each blocking thread would keep the memory of its last job. One client never holds every thread: the pool has one
/// thread more than a client may use.
pub(in crate::server) struct SearchPool {
    /// One permit for each request that runs or waits.
    permits: Arc<Semaphore>,
    /// Total number of permits.
    permit_count: usize,
    jobs: Arc<FairQueue<SearchJob>>,
    timeout: Duration,
}

impl SearchPool {
    /// Starts the threads. Each client may run `max_client_jobs` jobs at the same time. `max_waiting` is the number of
    /// requests that may wait, and `timeout` is the maximum time of a request.
    pub(super) fn new(
        max_client_jobs: usize,
        max_waiting: usize,
        timeout: Duration,
    ) -> Result<Self> {
        let max_client_jobs = max_client_jobs.max(1);
        let thread_count = max_client_jobs.saturating_add(1);
        let permit_count = thread_count.saturating_add(max_waiting).min(Semaphore::MAX_PERMITS);
        let jobs = Arc::new(FairQueue::new(max_client_jobs));
        for _ in 0..thread_count {
            let jobs = Arc::clone(&jobs);
            let spawn_result =
                thread::Builder::new().name("search".to_owned()).spawn(move || run_jobs(&jobs));
            spawn_result.map_err(Error::io("start a thread for", "searches"))?;
        }
        Ok(Self { permits: Arc::new(Semaphore::new(permit_count)), permit_count, jobs, timeout })
    }

    /// Runs `work` of a client on a thread of the pool, and returns the result of `work`. The time limit of the request
    /// starts with this call. `work` gets the deadline, and must end soon after the deadline.
    ///
    /// If a request ends while its job waits, the job never starts, and returns its permit at once. A running job holds
    /// its thread and its permit until the job ends, so that no more jobs run than permitted.
    ///
    /// # Errors
    ///
    /// [`Code::Busy`] if too many requests wait, [`Code::Timeout`] after the time limit, [`Code::Internal`] if `work`
    /// panics, and the errors of `work`.
    pub(in crate::server) async fn run_job<T: Send + 'static>(
        &self,
        client: LimitedClient,
        work: impl FnOnce(Deadline) -> Result<T, ApiError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let deadline = Deadline::new(Instant::now(), Some(self.timeout));
        let permit =
            Arc::new(Arc::clone(&self.permits).try_acquire_owned().map_err(|_| busy_error())?);
        let request_permit = Arc::downgrade(&permit);
        let (result_sender, result_receiver) = oneshot::channel();
        let running_permit = Weak::clone(&request_permit);
        let work = Box::new(move || {
            if let Some(permit) = running_permit.upgrade() {
                let work_result =
                    deadline.check().map_err(ApiError::from).and_then(|()| work(deadline));
                drop(permit);
                // Sending fails if the request has ended, which is harmless.
                drop(result_sender.send(work_result));
            }
        });
        let job = SearchJob { permit: request_permit, work };
        self.jobs.push(client, job, |job| job.permit.strong_count() > 0);
        let timed_result =
            time::timeout(self.timeout.saturating_add(RESULT_GRACE_PERIOD), result_receiver).await;
        drop(permit);
        match timed_result {
            Ok(result) => result.unwrap_or_else(|_| Err(ApiError::internal_error())),
            Err(_) => Err(ApiError::timed_out(self.timeout)),
        }
    }

    /// Returns the number of requests that run or wait.
    pub(in crate::server) fn active_request_count(&self) -> usize {
        self.permit_count.saturating_sub(self.permits.available_permits())
    }
}

impl fmt::Debug for SearchPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchPool")
            .field("permit_count", &self.permit_count)
            .finish_non_exhaustive()
    }
}

impl Drop for SearchPool {
    fn drop(&mut self) {
        self.jobs.close();
    }
}

/// Runs jobs one after another until the queue is closed.
fn run_jobs(jobs: &FairQueue<SearchJob>) {
    while let Some((client, job)) = jobs.next_job() {
        // The panic hook has logged the panic, and the request is notified because its sender is dropped.
        drop(catch_unwind(AssertUnwindSafe(job.work)));
        jobs.finish_job(&client);
    }
}

fn busy_error() -> ApiError {
    ApiError::new(Code::Busy, "too many searches are waiting", "try again in a moment")
}

#[cfg(test)]
mod tests {
    use std::{
        net::{IpAddr, Ipv4Addr},
        sync::mpsc::{Sender, channel},
    };

    use super::*;

    const CLIENT: LimitedClient = LimitedClient::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));
    const OTHER_CLIENT: LimitedClient = LimitedClient::Address(IpAddr::V4(Ipv4Addr::BROADCAST));

    type RunningJob = tokio::task::JoinHandle<Result<i32, ApiError>>;

    /// Starts a job that runs until the returned sender sends a message or is dropped. Returns once the job runs.
    async fn blocked_job(pool: &Arc<SearchPool>) -> (Sender<()>, RunningJob) {
        let (finish, finish_receiver) = channel::<()>();
        let (start_sender, start_receiver) = oneshot::channel();
        let pool = Arc::clone(pool);
        let running_job = tokio::spawn(async move {
            pool.run_job(CLIENT, move |_| {
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
        let pool = Arc::new(SearchPool::new(1, 0, Duration::from_secs(60)).unwrap());
        let (finish, running_job) = blocked_job(&pool).await;
        let waiting_job = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run_job(CLIENT, |_| Ok(2)).await })
        };
        while pool.permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run_job(CLIENT, |_| Ok(3)).await.unwrap_err().code, Code::Busy);
        finish.send(()).unwrap();
        assert_eq!((running_job.await.unwrap(), waiting_job.await.unwrap()), (Ok(1), Ok(2)));
        assert_eq!(pool.run_job(CLIENT, |_| Ok(4)).await, Ok(4));
    }

    #[tokio::test]
    async fn jobs_that_time_out_while_waiting_never_start() {
        let pool = Arc::new(SearchPool::new(1, 0, Duration::from_millis(20)).unwrap());
        let (finish, running_job) = blocked_job(&pool).await;
        assert_eq!(running_job.await.unwrap().unwrap_err().code, Code::Timeout);
        let (start_sender, start_receiver) = channel();
        let late_job = pool.run_job(CLIENT, move |_| {
            start_sender.send(()).map_err(|_| ApiError::internal_error())
        });
        assert_eq!(late_job.await.unwrap_err().code, Code::Timeout);
        assert_eq!(pool.permits.available_permits(), 1, "the running job keeps its permit");
        drop(finish);
        assert!(start_receiver.recv().is_err(), "the waiting job must not start");
        assert_eq!(pool.run_job(CLIENT, |_| Ok(())).await, Ok(()));
    }

    #[tokio::test]
    async fn a_panic_fails_only_its_own_request() {
        let pool = SearchPool::new(1, 1, Duration::from_secs(60)).unwrap();
        let panicking_job =
            pool.run_job(CLIENT, |_| -> Result<(), ApiError> { panic!("as it should") });
        assert_eq!(panicking_job.await.unwrap_err().code, Code::Internal);
        assert_eq!(pool.run_job(CLIENT, |_| Ok(())).await, Ok(()));
    }

    #[tokio::test]
    async fn a_client_that_uses_all_its_threads_does_not_delay_another_client() {
        let pool = Arc::new(SearchPool::new(1, 8, Duration::from_secs(60)).unwrap());
        let (finish, running_job) = blocked_job(&pool).await;
        let waiting_job = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run_job(CLIENT, |_| Ok(2)).await })
        };
        while pool.active_request_count() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run_job(OTHER_CLIENT, |_| Ok(3)).await, Ok(3));
        assert_eq!(
            pool.active_request_count(),
            2,
            "the second job of the first client still waits"
        );
        finish.send(()).unwrap();
        assert_eq!((running_job.await.unwrap(), waiting_job.await.unwrap()), (Ok(1), Ok(2)));
    }

    #[tokio::test]
    async fn work_gets_the_deadline_of_its_request() {
        let pool = SearchPool::new(1, 1, Duration::from_millis(50)).unwrap();
        let work = |deadline: Deadline| {
            while !deadline.has_passed() {
                thread::yield_now();
            }
            Ok("what was found in time")
        };
        assert_eq!(pool.run_job(CLIENT, work).await, Ok("what was found in time"));
    }
}
