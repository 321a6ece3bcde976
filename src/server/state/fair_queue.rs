//! Queue of jobs that is fair between clients: a client with many jobs delays only its own jobs.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use super::client_limits::LimitedClient;

/// Jobs of several clients, with a separate queue for each client.
///
/// The next job comes from the client with the fewest running jobs. If several clients have the same number of running
/// jobs, the next job comes from the client whose last job began longest ago. A client never runs more jobs than its
/// limit, even if threads are idle.
#[derive(Debug)]
pub(super) struct FairQueue<J> {
    state: Mutex<QueueState<J>>,
    /// Wakes the threads that wait for a job.
    job_may_run: Condvar,
    /// Maximum number of running jobs of one client.
    max_running: usize,
}

/// Jobs of all clients.
#[derive(Debug)]
struct QueueState<J> {
    /// Clients with waiting or running jobs. Sorted by the start of the last job of each client, the earliest start
    /// first.
    clients: Vec<ClientJobs<J>>,
    is_closed: bool,
}

/// Jobs of one client.
#[derive(Debug)]
struct ClientJobs<J> {
    client: LimitedClient,
    waiting_jobs: VecDeque<J>,
    running_count: usize,
}

impl<J> FairQueue<J> {
    /// Creates an empty queue. Each client may run at most `max_running` jobs at the same time.
    pub(super) const fn new(max_running: usize) -> Self {
        let state = QueueState { clients: Vec::new(), is_closed: false };
        Self { state: Mutex::new(state), job_may_run: Condvar::new(), max_running }
    }

    /// Adds a job of a client. Removes the waiting jobs of this client for which `is_wanted` returns false.
    pub(super) fn push(&self, client: LimitedClient, job: J, is_wanted: impl Fn(&J) -> bool) {
        let mut state = self.lock();
        let client_position =
            state.clients.iter().position(|client_jobs| client_jobs.client == client);
        let client_position = client_position.unwrap_or_else(|| {
            // A client without jobs goes first, because none of its jobs has used a thread recently.
            state
                .clients
                .insert(0, ClientJobs { client, waiting_jobs: VecDeque::new(), running_count: 0 });
            0
        });
        if let Some(client_jobs) = state.clients.get_mut(client_position) {
            client_jobs.waiting_jobs.retain(is_wanted);
            client_jobs.waiting_jobs.push_back(job);
        }
        drop(state);
        self.job_may_run.notify_one();
    }

    /// Returns the next job and its client. Waits until there is a job that may run. Returns `None` once the queue is
    /// closed. The caller must call [`finish_job`](Self::finish_job) after the job.
    pub(super) fn next_job(&self) -> Option<(LimitedClient, J)> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(next) = state.take_next_job(self.max_running) {
                return Some(next);
            }
            state = self.job_may_run.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Records that a running job of the client has ended.
    pub(super) fn finish_job(&self, client: &LimitedClient) {
        let mut state = self.lock();
        if let Some(jobs) = state.clients.iter_mut().find(|jobs| jobs.client == *client) {
            jobs.running_count = jobs.running_count.saturating_sub(1);
        }
        state.clients.retain(|jobs| jobs.running_count > 0 || !jobs.waiting_jobs.is_empty());
        drop(state);
        // An idle thread can now take the next job of this client.
        self.job_may_run.notify_one();
    }

    /// Makes [`next_job`](Self::next_job) return `None` to every thread.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.job_may_run.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, QueueState<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<J> QueueState<J> {
    /// Removes and returns the next job that may run, and counts the job as running.
    fn take_next_job(&mut self, max_running: usize) -> Option<(LimitedClient, J)> {
        let clients = self.clients.iter().enumerate();
        let clients_with_ready_jobs = clients
            .filter(|(_, jobs)| jobs.running_count < max_running && !jobs.waiting_jobs.is_empty());
        let (position, _) = clients_with_ready_jobs
            .min_by_key(|(position, jobs)| (jobs.running_count, *position))?;
        let mut jobs = self.clients.remove(position);
        let job = jobs.waiting_jobs.pop_front()?;
        jobs.running_count += 1;
        let client = jobs.client.clone();
        self.clients.push(jobs);
        Some((client, job))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(name: &str) -> LimitedClient {
        LimitedClient::Key(name.to_owned())
    }

    fn queue_of(jobs: &[(&str, u32)], max_running: usize) -> FairQueue<u32> {
        let queue = FairQueue::new(max_running);
        for &(name, job) in jobs {
            queue.push(client(name), job, |_| true);
        }
        queue
    }

    /// Takes jobs until none may run.
    fn take_all(queue: &FairQueue<u32>) -> Vec<u32> {
        std::iter::from_fn(|| queue.lock().take_next_job(queue.max_running))
            .map(|(_, job)| job)
            .collect()
    }

    #[test]
    fn clients_take_turns() {
        let greedy = [("greedy", 1), ("greedy", 2), ("greedy", 3), ("greedy", 4)];
        let jobs = [&greedy[..], &[("a", 10), ("b", 20), ("b", 21)]].concat();
        let queue = queue_of(&jobs, 9);
        let first_turns: Vec<u32> = take_all(&queue);
        let mut first_round = first_turns[..3].to_vec();
        first_round.sort_unstable();
        assert_eq!(first_round, [1, 10, 20], "each client runs a job before any runs two");
        assert_eq!(first_turns.len(), 7);
    }

    #[test]
    fn a_new_client_goes_before_the_waiting_jobs_of_a_busy_client() {
        let queue = queue_of(&[("greedy", 1), ("greedy", 2), ("greedy", 3)], 9);
        assert_eq!(queue.next_job(), Some((client("greedy"), 1)));
        queue.push(client("new"), 10, |_| true);
        assert_eq!(take_all(&queue)[0], 10);
    }

    #[test]
    fn a_client_runs_no_more_jobs_than_its_limit() {
        let queue = queue_of(&[("greedy", 1), ("greedy", 2), ("greedy", 3)], 2);
        assert_eq!(take_all(&queue), [1, 2]);
        queue.push(client("new"), 10, |_| true);
        assert_eq!(take_all(&queue), [10], "the limit leaves a thread to others");
        queue.finish_job(&client("greedy"));
        assert_eq!(take_all(&queue), [3]);
        (0..2).for_each(|_| queue.finish_job(&client("greedy")));
        queue.finish_job(&client("new"));
        assert!(queue.lock().clients.is_empty(), "a client without jobs takes no memory");
    }

    #[test]
    fn jobs_that_nobody_waits_for_leave_the_queue() {
        let queue = queue_of(&[("a", 1), ("a", 2)], 1);
        queue.push(client("a"), 3, |job| *job != 1);
        assert_eq!(queue.next_job(), Some((client("a"), 2)));
    }

    #[test]
    fn a_closed_queue_ends_its_threads() {
        let queue = queue_of(&[], 1);
        std::thread::scope(|scope| {
            let waiting_thread = scope.spawn(|| queue.next_job());
            queue.close();
            assert_eq!(waiting_thread.join().unwrap(), None);
        });
    }
}
