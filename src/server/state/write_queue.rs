//! Queue of changes that clients request, and the thread that commits them. A client gets its response after the
//! commit.
//!
//! Changes that wait at the same time share one commit. After a short idle time, the thread drops its writer and
//! thereby releases the lock of the index, so that other processes can write.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use utoipa::ToSchema;

use super::snapshot::CurrentSnapshot;
use crate::{
    document::Document,
    error::{Error, Result},
    index::{IndexWriter, wait_for_lock},
    search::IndexBackend,
    server::api_error::{ApiError, Code},
};

/// Maximum number of writes in progress. A write lasts from reading its body to its response, so the limit bounds the
/// memory for bodies.
const MAX_CONCURRENT_WRITES: usize = 16;
/// Idle time after which the thread drops its writer.
const WRITER_IDLE_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum time to wait for the lock of the index while another process writes.
const INDEX_LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// Pause after the thread has released the lock of the index for another writer of this process. The other writer
/// acquires the lock during the pause.
const LOCK_YIELD_PAUSE: Duration = Duration::from_millis(300);
/// Maximum time for a client to wait for the commit.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(60);

/// Change of the index that a client requests.
#[derive(Debug)]
pub(in crate::server) enum QueuedWrite {
    /// Adds documents, and replaces documents with the same ids.
    Add(Vec<Document>),
    /// Removes the document with the given id.
    Remove(String),
}

/// Result of a write: numbers of changed documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub(in crate::server) struct WriteSummary {
    /// Number of new documents.
    added: u64,
    /// Number of documents that were replaced.
    updated: u64,
    /// Number of removed documents.
    pub(in crate::server) removed: u64,
}

/// Change with the channel for its response.
#[derive(Debug)]
struct WriteJob {
    change: QueuedWrite,
    /// Whether to respond only after searches see the change.
    waits_until_visible: bool,
    answer_sender: oneshot::Sender<Result<WriteSummary, ApiError>>,
}

/// Queue of changes and the thread that commits them.
#[derive(Debug)]
pub(in crate::server) struct WriteQueue {
    /// One permit for each write in progress.
    write_permits: Arc<Semaphore>,
    /// Sender of changes to the committing thread; `None` after [`close`](Self::close).
    job_sender: Mutex<Option<SyncSender<WriteJob>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Whether another writer of this process waits for the lock.
    #[cfg(feature = "watch")]
    is_lock_requested: Arc<AtomicBool>,
}

impl WriteQueue {
    /// Starts the thread that commits changes.
    pub(super) fn new(
        index: Arc<dyn IndexBackend>,
        current_snapshot: Arc<CurrentSnapshot>,
    ) -> Result<Self> {
        let (job_sender, receiver) = sync_channel(MAX_CONCURRENT_WRITES);
        let is_lock_requested = Arc::new(AtomicBool::new(false));
        let committer = WriteCommitter {
            index,
            current_snapshot,
            is_lock_requested: Arc::clone(&is_lock_requested),
        };
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || committer.commit_until_closed(&receiver))
            .map_err(Error::io("start a thread for", "writing"))?;
        Ok(Self {
            write_permits: Arc::new(Semaphore::new(MAX_CONCURRENT_WRITES)),
            job_sender: Mutex::new(Some(job_sender)),
            thread: Mutex::new(Some(thread)),
            #[cfg(feature = "watch")]
            is_lock_requested,
        })
    }

    /// Makes the committing thread release the lock of the index after the current commit, even if further changes
    /// wait.
    #[cfg(feature = "watch")]
    pub(in crate::server) fn yield_index_lock(&self) {
        self.is_lock_requested.store(true, Ordering::Relaxed);
    }

    /// Returns a permit to write. A handler acquires the permit before it reads the body, and holds the
    /// permit until its response.
    ///
    /// # Errors
    ///
    /// [`Code::TooManyRequests`] if all permits are taken.
    pub(in crate::server) fn acquire_write_permit(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.write_permits).try_acquire_owned().map_err(|_| too_many_writes_error())
    }

    /// Applies a change. Returns once the commit is on disk. If `waits_until_visible` is true, returns only once
    /// searches see the commit.
    ///
    /// # Errors
    ///
    /// [`Code::TooManyRequests`] if the queue is full, [`Code::Stopping`] after [`close`](Self::close),
    /// [`Code::Timeout`] if the commit takes too long, and errors of the index.
    pub(in crate::server) async fn write(
        &self,
        change: QueuedWrite,
        waits_until_visible: bool,
    ) -> Result<WriteSummary, ApiError> {
        let (answer_sender, answer_receiver) = oneshot::channel();
        let send_result = match &*self.job_sender.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(job_sender) => {
                job_sender.try_send(WriteJob { change, waits_until_visible, answer_sender })
            }
            None => return Err(stopping_error()),
        };
        send_result.map_err(|error| match error {
            TrySendError::Full(_) => too_many_writes_error(),
            TrySendError::Disconnected(_) => stopping_error(),
        })?;
        match tokio::time::timeout(COMMIT_TIMEOUT, answer_receiver).await {
            Ok(received) => received.unwrap_or_else(|_| Err(ApiError::internal_error())),
            Err(_) => Err(ApiError::new(
                Code::Timeout,
                format!("the change was not on disk within {} seconds", COMMIT_TIMEOUT.as_secs()),
                "the change may still succeed; sending it again is harmless",
            )),
        }
    }

    /// Rejects further changes, and returns once all accepted changes are on disk.
    pub(in crate::server) fn close(&self) {
        drop(self.job_sender.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(thread.map(JoinHandle::join));
    }
}

fn too_many_writes_error() -> ApiError {
    ApiError::new(
        Code::TooManyRequests,
        format!("{MAX_CONCURRENT_WRITES} writes are in progress"),
        "send more documents in each request, and wait for the answers",
    )
}

fn stopping_error() -> ApiError {
    ApiError::new(Code::Stopping, "the service is stopping", "send the request again when it runs")
}

impl WriteJob {
    fn answer(self, result: Result<WriteSummary, ApiError>) {
        // Sending fails if the client has disconnected, which is harmless.
        drop(self.answer_sender.send(result));
    }
}

/// State of the thread that commits changes.
struct WriteCommitter {
    index: Arc<dyn IndexBackend>,
    current_snapshot: Arc<CurrentSnapshot>,
    is_lock_requested: Arc<AtomicBool>,
}

impl WriteCommitter {
    /// Commits changes until the queue is closed. Opens a writer for the first job, and closes the writer if no further
    /// jobs come or if another writer of this process needs the lock of the index.
    fn commit_until_closed(&self, jobs: &Receiver<WriteJob>) {
        while let Ok(first_job) = jobs.recv() {
            match wait_for_lock(INDEX_LOCK_TIMEOUT, || self.index.writer()) {
                Ok(writer) => {
                    let session_result = catch_unwind(AssertUnwindSafe(|| {
                        self.commit_until_idle(writer, first_job, jobs);
                    }));
                    if self.is_lock_requested.swap(false, Ordering::Relaxed) {
                        thread::sleep(LOCK_YIELD_PAUSE);
                    }
                    if session_result.is_err() {
                        tracing::error!(
                            "internal error while writing: uncommitted changes are lost"
                        );
                    }
                }
                Err(error) => {
                    let error = ApiError::from(error);
                    for job in std::iter::once(first_job).chain(jobs.try_iter()) {
                        job.answer(Err(error.clone()));
                    }
                }
            }
        }
    }

    /// Commits changes until the queue is idle or another writer requests the lock. All changes that wait at the same
    /// time share one commit.
    fn commit_until_idle(
        &self,
        mut writer: IndexWriter,
        first_job: WriteJob,
        jobs: &Receiver<WriteJob>,
    ) {
        let mut next_job = Some(first_job);
        while let Some(job) = next_job {
            let batch: Vec<WriteJob> = std::iter::once(job).chain(jobs.try_iter()).collect();
            match commit_batch(&mut writer, &batch) {
                Ok(summaries) => self.answer_jobs(batch.into_iter().zip(summaries)),
                Err(error) => {
                    let error = ApiError::from(error);
                    for job in batch {
                        job.answer(Err(error.clone()));
                    }
                    // Dropping the writer without a commit discards the batch.
                    return;
                }
            }
            next_job = if self.is_lock_requested.load(Ordering::Relaxed) {
                None
            } else {
                jobs.recv_timeout(WRITER_IDLE_TIMEOUT).ok()
            };
        }
        // All changes are already on disk; this commit merges small segments.
        if let Err(error) = writer.commit() {
            tracing::warn!(error = &error as &dyn std::error::Error, "cannot merge segments");
        }
    }

    /// Answers the jobs of one commit. First answers the jobs that need not wait until searches see the commit.
    fn answer_jobs(&self, jobs: impl Iterator<Item = (WriteJob, WriteSummary)>) {
        let (waiting, not_waiting): (Vec<_>, Vec<_>) =
            jobs.partition(|(job, _)| job.waits_until_visible);
        for (job, summary) in not_waiting {
            job.answer(Ok(summary));
        }
        let refresh_result = self.current_snapshot.refresh().map_err(ApiError::from);
        for (job, summary) in waiting {
            job.answer(refresh_result.clone().map(|()| summary));
        }
    }
}

/// Applies the changes of the jobs in `batch`, in one commit. Returns a summary for each job.
fn commit_batch(writer: &mut IndexWriter, batch: &[WriteJob]) -> Result<Vec<WriteSummary>> {
    let mut summaries = Vec::with_capacity(batch.len());
    // Ids of the documents that the batch has added (true) or removed (false). The writer itself finds only committed
    // documents.
    let mut batch_changes: HashMap<&str, bool> = HashMap::new();
    for job in batch {
        let mut summary = WriteSummary::default();
        match &job.change {
            QueuedWrite::Add(documents) => {
                for document in documents {
                    writer.add(document)?;
                    let earlier_change = batch_changes.insert(&document.id, true);
                    if existed_before(earlier_change, writer, &document.id)? {
                        summary.updated += 1;
                    } else {
                        summary.added += 1;
                    }
                }
            }
            QueuedWrite::Remove(id) => {
                writer.remove(id)?;
                let earlier_change = batch_changes.insert(id, false);
                summary.removed = u64::from(existed_before(earlier_change, writer, id)?);
            }
        }
        summaries.push(summary);
    }
    writer.checkpoint()?;
    Ok(summaries)
}

/// Returns whether the document `id` existed before a change. `earlier_change` is an earlier change of the document
/// that is not committed yet: added (true) or removed (false). Without an earlier change, the committed index decides.
fn existed_before(earlier_change: Option<bool>, writer: &IndexWriter, id: &str) -> Result<bool> {
    earlier_change.map_or_else(|| Ok(writer.source_of(id)?.is_some()), Ok)
}
