//! Changes that are posted → one queue → one writer → the disk, and only then an answer.
//!
//! What waits together is committed together. The writer, and with it the lock of the index, is given back when
//! nothing has come for a moment, so that `gz-search index` gets its turn.

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

use super::snapshot::Shown;
use crate::{
    document::Document,
    error::{Error, Result},
    index::{IndexWriter, patiently},
    search::IndexBackend,
    server::api_error::{Code, Failure},
};

/// How many writes may be under way, from reading their bodies on: so many bodies are in memory at most.
const MAX_WRITES: usize = 16;
/// How long the writer is kept when nothing comes.
const LINGER: Duration = Duration::from_secs(1);
/// How long to wait for another process that writes.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// How long one that has been given way to has to take its turn.
const TURN: Duration = Duration::from_millis(300);
/// How long a client waits for the disk.
const PATIENCE: Duration = Duration::from_secs(60);

/// What to do to the index.
#[derive(Debug)]
pub(in crate::server) enum Change {
    /// Add all of these, in place of those that have the same ids.
    Add(Vec<Document>),
    /// Remove the document of this id.
    Remove(String),
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub(in crate::server) struct Written {
    /// Documents that were not there before.
    added: u64,
    /// Documents that took the place of others.
    updated: u64,
    /// Documents that are gone.
    pub(in crate::server) removed: u64,
}

#[derive(Debug)]
struct Job {
    change: Change,
    /// Whether to answer only when searches see it.
    wait: bool,
    done: oneshot::Sender<Result<Written, Failure>>,
}

/// The queue of changes, and the thread that works it off.
#[derive(Debug)]
pub(in crate::server) struct Writes {
    places: Arc<Semaphore>,
    queue: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Whether another writer waits for its turn.
    #[cfg(feature = "watch")]
    asked: Arc<AtomicBool>,
}

impl Writes {
    pub(in crate::server) fn new(index: Arc<dyn IndexBackend>, shown: Arc<Shown>) -> Result<Self> {
        let (queue, jobs) = sync_channel(MAX_WRITES);
        let asked = Arc::new(AtomicBool::new(false));
        let to_give_way = Arc::clone(&asked);
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || work(index.as_ref(), &shown, &jobs, &to_give_way))
            .map_err(Error::io("start a thread for", "writing"))?;
        Ok(Self {
            places: Arc::new(Semaphore::new(MAX_WRITES)),
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
            #[cfg(feature = "watch")]
            asked,
        })
    }

    /// Gives the lock of the index back after the batch at hand, however much is waiting.
    #[cfg(feature = "watch")]
    pub(in crate::server) fn give_way(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// A place for a write, until it is dropped.
    pub(in crate::server) fn place(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| full())
    }

    /// Changes the index; comes back when it is on disk, and with `wait` when searches see it.
    pub(in crate::server) async fn write(
        &self,
        change: Change,
        wait: bool,
    ) -> Result<Written, Failure> {
        let (done, answer) = oneshot::channel();
        let sent = match &*self.queue.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(queue) => queue.try_send(Job { change, wait, done }),
            None => return Err(ending()),
        };
        sent.map_err(|error| match error {
            TrySendError::Full(_) => full(),
            TrySendError::Disconnected(_) => ending(),
        })?;
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(answer) => answer.unwrap_or_else(|_| Err(Failure::internal())),
            Err(_) => Err(Failure::new(
                Code::Timeout,
                format!("not on disk within {} seconds", PATIENCE.as_secs()),
                "it may be written still: send it again, that does no harm",
            )),
        }
    }

    /// Ends when all that was taken is on disk.
    pub(in crate::server) fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(thread.map(JoinHandle::join));
    }
}

fn full() -> Failure {
    Failure::new(
        Code::TooManyRequests,
        format!("{MAX_WRITES} writes are under way"),
        "send more documents in each, and wait for answers",
    )
}

fn ending() -> Failure {
    Failure::new(Code::Stopping, "the service is ending", "send it again when it runs")
}

impl Job {
    fn answer(self, answer: Result<Written, Failure>) {
        // A client that has gone away is not told.
        drop(self.done.send(answer));
    }
}

/// Works off the queue until it is closed.
fn work(index: &dyn IndexBackend, shown: &Shown, jobs: &Receiver<Job>, asked: &AtomicBool) {
    while let Ok(first) = jobs.recv() {
        match patiently(LOCK_PATIENCE, || index.writer()) {
            Ok(writer) => {
                let worked =
                    catch_unwind(AssertUnwindSafe(|| session(writer, first, shown, jobs, asked)));
                if asked.swap(false, Ordering::Relaxed) {
                    thread::sleep(TURN);
                }
                if worked.is_err() {
                    tracing::error!("a defect in the writer: what it had not committed is refused");
                }
            }
            Err(error) => {
                let failure = Failure::from(error);
                for job in std::iter::once(first).chain(jobs.try_iter()) {
                    job.answer(Err(failure.clone()));
                }
            }
        }
    }
}

/// Commits batch after batch until nothing comes for a while, or another writer has `asked` for its turn.
fn session(
    mut writer: IndexWriter,
    first: Job,
    shown: &Shown,
    jobs: &Receiver<Job>,
    asked: &AtomicBool,
) {
    let mut next = Some(first);
    while let Some(first) = next {
        let batch: Vec<Job> = std::iter::once(first).chain(jobs.try_iter()).collect();
        match committed(&mut writer, &batch) {
            Ok(answers) => answer(batch.into_iter().zip(answers), shown),
            Err(error) => {
                let failure = Failure::from(error);
                for job in batch {
                    job.answer(Err(failure.clone()));
                }
                // Dropped without a commit, the writer forgets what it was given.
                return;
            }
        }
        let goes_on = !asked.load(Ordering::Relaxed);
        next = goes_on.then(|| jobs.recv_timeout(LINGER).ok()).flatten();
    }
    // All is on disk; this makes few segments of many.
    if let Err(error) = writer.commit() {
        tracing::warn!(error = &error as &dyn std::error::Error, "segments were not merged");
    }
}

/// Does what a batch asks for and commits it; what was done for each.
fn committed(writer: &mut IndexWriter, batch: &[Job]) -> Result<Vec<Written>> {
    let mut written = Vec::with_capacity(batch.len());
    // Whether a document is there, where the batch has changed that.
    let mut there: HashMap<&str, bool> = HashMap::new();
    for job in batch {
        let mut done = Written::default();
        match &job.change {
            Change::Add(documents) => {
                for document in documents {
                    writer.add(document)?;
                    let known = there.insert(&document.id, true);
                    if is_there(known, writer, &document.id)? {
                        done.updated += 1;
                    } else {
                        done.added += 1;
                    }
                }
            }
            Change::Remove(id) => {
                writer.remove(id)?;
                let known = there.insert(id, false);
                done.removed = u64::from(is_there(known, writer, id)?);
            }
        }
        written.push(done);
    }
    writer.checkpoint()?;
    Ok(written)
}

fn is_there(known: Option<bool>, writer: &IndexWriter, id: &str) -> Result<bool> {
    known.map_or_else(|| Ok(writer.holder(id)?.is_some()), Ok)
}

/// Answers those first that do not wait for searches to see the commit.
fn answer(jobs: impl Iterator<Item = (Job, Written)>, shown: &Shown) {
    let (waiting, others): (Vec<_>, Vec<_>) = jobs.partition(|(job, _)| job.wait);
    for (job, written) in others {
        job.answer(Ok(written));
    }
    let seen = shown.refresh().map_err(Failure::from);
    for (job, written) in waiting {
        job.answer(seen.clone().map(|()| written));
    }
}
