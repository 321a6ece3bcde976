//! Writer of an index on a cluster. It sends entries in bulk requests from several threads.
//!
//! Writes are ordered so that a run that is interrupted can be repeated without lost or duplicate documents. The
//! passages of a document are written first, then the record of the document. The record of a source file is written
//! after the records of all its documents. An incomplete document has no record, or a record that is marked as
//! unfinished, so the next run writes the document again under the same ids.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use serde_json::{Value, json};

use super::{
    Cluster,
    client::{Client, Method, pause, reason_suffix},
    wire::{self, DOCUMENT, SOURCE},
};
use crate::{
    error::{ClusterFailure, Error, Result},
    index::{DocumentRecord, Entry, IndexStats, remote::Sink},
};

/// Number of threads that send batches, and maximum number of batches that wait in the queue.
const SENDERS: usize = 3;
/// Approximate size of a bulk request in bytes.
const BATCH_BYTES: usize = 4 << 20;
/// Maximum number of attempts to write an operation that the cluster rejects temporarily.
const MAX_ATTEMPTS: u32 = 10;

/// Lines of a bulk request.
#[derive(Debug, Default)]
struct Batch {
    /// Unfinished records of documents, and passages.
    lines: String,
    /// Final records of documents, which are sent after `lines`.
    records: String,
}

/// State that the sending threads share.
#[derive(Debug)]
struct Shared {
    client: Arc<Client>,
    /// Name of the index that the writer fills.
    target: String,
    /// Number of batches that wait in the queue or are being sent.
    pending: Mutex<usize>,
    /// Condition that is signalled whenever a batch has been sent.
    batch_done: Condvar,
    /// First failure of a sending thread, as its kind and message.
    failure: Mutex<Option<(ClusterFailure, String)>>,
}

/// Writer of an index on a cluster.
#[derive(Debug)]
pub(super) struct ClusterWriter {
    cluster: Cluster,
    shared: Arc<Shared>,
    /// Queue of batches; `None` once the writer is dropped.
    queue: Mutex<Option<SyncSender<Batch>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    buffer: Mutex<Buffer>,
    /// Whether the commit switches to `target` in place of the current index.
    replaces: bool,
}

/// Entries that are not sent yet, and data about the entries in the index.
#[derive(Debug, Default)]
struct Buffer {
    batch: Batch,
    /// Records of source files by path, which are written last; `None` removes a record.
    sources: BTreeMap<String, Option<Entry>>,
    /// Upper bound of the number of stored passages per document, including those of an unfinished write.
    passages: HashMap<String, u32>,
    /// Hashes of the distinct terms that were already sent.
    sent_terms: HashSet<u64>,
    /// Records of all source files by path.
    all_sources: BTreeMap<String, Entry>,
}

impl ClusterWriter {
    /// Starts the sending threads. `records` holds the records of documents and source files in the index `target`.
    pub(super) fn new(cluster: Cluster, target: String, replaces: bool, records: &[Entry]) -> Self {
        let client = Arc::clone(&cluster.client);
        let (pending, batch_done, failure) = (Mutex::new(0), Condvar::new(), Mutex::new(None));
        let shared = Arc::new(Shared { client, target, pending, batch_done, failure });
        let (sender, receiver) = sync_channel(SENDERS);
        let receiver = Arc::new(Mutex::new(receiver));
        let threads = (0..SENDERS).map(|_| {
            let (shared, receiver) = (Arc::clone(&shared), Arc::clone(&receiver));
            thread::spawn(move || shared.run(&receiver))
        });
        let threads = Mutex::new(threads.collect());
        let mut buffer = Buffer::default();
        for entry in records {
            if let Ok(record) = serde_json::from_str::<DocumentRecord>(&entry.stored) {
                buffer.passages.insert(record.id, record.passages);
            } else {
                buffer.all_sources.insert(entry.origin.clone(), entry.clone());
            }
        }
        let (queue, buffer) = (Mutex::new(Some(sender)), Mutex::new(buffer));
        Self { cluster, shared, queue, threads, buffer, replaces }
    }

    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues the buffered lines if they have more than `min_bytes` bytes. Blocks while the queue is full.
    fn send(&self, buffer: &mut Buffer, min_bytes: usize) -> Result<()> {
        self.shared.check()?;
        if buffer.batch.lines.len() + buffer.batch.records.len() <= min_bytes {
            return Ok(());
        }
        let batch = std::mem::take(&mut buffer.batch);
        *self.shared.pending() += 1;
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = queue.as_ref().is_some_and(|sender| sender.send(batch).is_ok());
        if sent { Ok(()) } else { self.shared.check().and(Err(writer_closed())) }
    }

    /// Waits until no batch is queued or being sent.
    fn wait(&self) -> Result<()> {
        let mut pending = self.shared.pending();
        while *pending > 0 {
            pending = self.shared.batch_done.wait(pending).unwrap_or_else(PoisonError::into_inner);
        }
        drop(pending);
        self.shared.check()
    }
}

impl Sink for ClusterWriter {
    fn add(&self, id: &str, entries: Vec<Entry>) -> Result<()> {
        let Some((record, passages)) = entries.split_last() else { return Ok(()) };
        let (route, count) = (wire::short(id), passages.len() as u32);
        let mut buffer = self.buffer();
        let before = buffer.passages.get(id).copied().unwrap_or_default();
        let (record_id, mut lines) = (wire::document_id(id), String::new());
        let unfinished = wire::unfinished(record, before.max(count));
        put(&mut lines, &record_id, &route, &wire::record(DOCUMENT, &unfinished));
        let head = wire::head(record);
        for entry in passages {
            let ordinal = entry.ordinal.first().copied().unwrap_or_default();
            let document = wire::passage(entry, record, &head);
            put(&mut lines, &wire::passage_id(id, ordinal), &route, &document);
            for (field, term) in wire::vocabulary(entry, record) {
                let mut hasher = DefaultHasher::new();
                (field, term).hash(&mut hasher);
                if buffer.sent_terms.insert(hasher.finish()) {
                    let id = format!("t:{}", wire::short(&format!("{field} {term}")));
                    put(&mut lines, &id, &id, &wire::term(field, term));
                }
            }
        }
        for ordinal in count..before {
            delete(&mut lines, &wire::passage_id(id, ordinal.into()), &route);
        }
        buffer.batch.lines.push_str(&lines);
        put(&mut buffer.batch.records, &record_id, &route, &wire::record(DOCUMENT, record));
        buffer.passages.insert(id.to_owned(), count);
        self.send(&mut buffer, BATCH_BYTES)
    }

    fn remove(&self, id: &str) -> Result<()> {
        let mut buffer = self.buffer();
        let route = wire::short(id);
        let before = buffer.passages.remove(id).unwrap_or_default();
        for ordinal in 0..before {
            let passage = wire::passage_id(id, ordinal.into());
            delete(&mut buffer.batch.lines, &passage, &route);
        }
        delete(&mut buffer.batch.records, &wire::document_id(id), &route);
        self.send(&mut buffer, BATCH_BYTES)
    }

    fn add_source(&self, path: &str, entry: Entry) -> Result<()> {
        let mut buffer = self.buffer();
        buffer.all_sources.insert(path.to_owned(), entry.clone());
        buffer.sources.insert(path.to_owned(), Some(entry));
        Ok(())
    }

    fn remove_source(&self, path: &str) -> Result<()> {
        let mut buffer = self.buffer();
        buffer.all_sources.remove(path);
        buffer.sources.insert(path.to_owned(), None);
        Ok(())
    }

    fn checkpoint(&self) -> Result<()> {
        let mut buffer = self.buffer();
        self.send(&mut buffer, 0)?;
        self.wait()?;
        for (path, entry) in std::mem::take(&mut buffer.sources) {
            let (id, lines) = (wire::source_id(&path), &mut buffer.batch.records);
            match entry {
                Some(entry) => put(lines, &id, &id, &wire::record(SOURCE, &entry)),
                None => delete(lines, &id, &id),
            }
            self.send(&mut buffer, BATCH_BYTES)?;
        }
        self.send(&mut buffer, 0)?;
        self.wait()?;
        let sources: Vec<Entry> = buffer.all_sources.values().cloned().collect();
        self.cluster.publish_state(&self.shared.target, &sources)
    }

    fn commit(&self) -> Result<IndexStats> {
        self.checkpoint()?;
        if self.replaces {
            self.shared.client.switch(&self.shared.target)?;
        }
        self.cluster.stats()
    }
}

impl Drop for ClusterWriter {
    fn drop(&mut self) {
        // The threads end when the queue is closed.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A panic of a sending thread cannot be reported during a drop.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn pending(&self) -> MutexGuard<'_, usize> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failure(&self) -> MutexGuard<'_, Option<(ClusterFailure, String)>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the first failure of a sending thread as an error.
    fn check(&self) -> Result<()> {
        match self.failure().clone() {
            None => Ok(()),
            Some((failure, message)) => Err(Error::Cluster { failure, message }),
        }
    }

    /// Sends batches until the queue is closed. Drops the remaining batches after a failure.
    fn run(&self, receiver: &Mutex<Receiver<Batch>>) {
        loop {
            let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Batch { lines, records }) = next else { return };
            if self.check().is_ok() {
                let written = self.write(&lines).and_then(|()| self.write(&records));
                if let Err(error) = written {
                    *self.failure() = Some(match error {
                        Error::Cluster { failure, message } => (failure, message),
                        other => (ClusterFailure::Other, other.to_string()),
                    });
                }
            }
            *self.pending() -= 1;
            self.batch_done.notify_all();
        }
    }

    /// Sends lines as a bulk request. Sends operations that the cluster rejects temporarily again, up to
    /// [`MAX_ATTEMPTS`] times in all.
    fn write(&self, lines: &str) -> Result<()> {
        let mut lines = lines.to_owned();
        let mut attempts = 0;
        while !lines.is_empty() {
            let path = format!("/{}/_bulk", self.target);
            let reply = self.client.send_ok(Method::Post, &path, &lines)?.json();
            lines = lines_to_retry(&lines, &reply)?;
            if !lines.is_empty() {
                attempts += 1;
                if attempts >= MAX_ATTEMPTS {
                    return Err(Error::cluster(format!(
                        "is overloaded: it rejected {} lines of a bulk request after {MAX_ATTEMPTS} attempts",
                        lines.lines().count()
                    )));
                }
                thread::sleep(pause(attempts));
            }
        }
        Ok(())
    }
}

/// Returns the lines of the operations that the cluster rejected temporarily.
///
/// # Errors
///
/// [`Error::Cluster`] if the cluster rejected an operation permanently, or if the reply does not have one result per
/// operation.
fn lines_to_retry(lines: &str, reply: &Value) -> Result<String> {
    let unexpected =
        || Error::cluster("sends a reply to a bulk request without one result per operation");
    let items = reply.get("items").and_then(Value::as_array).ok_or_else(unexpected)?;
    let mut rest = String::new();
    let mut all = lines.lines();
    for item in items {
        let action = all.next().ok_or_else(unexpected)?;
        let (name, result) =
            item.as_object().and_then(|item| item.iter().next()).ok_or_else(unexpected)?;
        let body = if name == "delete" { None } else { Some(all.next().ok_or_else(unexpected)?) };
        let status = result.get("status").and_then(Value::as_u64).ok_or_else(unexpected)?;
        match status {
            200..300 => {}
            404 if name == "delete" => {}
            429 | 502..=504 => {
                rest.extend([action, "\n"]);
                if let Some(body) = body {
                    rest.extend([body, "\n"]);
                }
            }
            status => {
                return Err(Error::cluster(format!(
                    "rejects an operation of a bulk request (status {status}){}",
                    reason_suffix(result)
                )));
            }
        }
    }
    if all.next().is_some() { Err(unexpected()) } else { Ok(rest) }
}

/// Appends the lines of a bulk request that write a document. `route` is the routing value, which selects the shard.
fn put(lines: &mut String, id: &str, route: &str, document: &Value) {
    let action = json!({"index": {"_id": id, "routing": route}});
    lines.extend([action.to_string().as_str(), "\n", &document.to_string(), "\n"]);
}

/// Appends the line of a bulk request that deletes a document. `route` is the routing value, which selects the shard.
fn delete(lines: &mut String, id: &str, route: &str) {
    let action = json!({"delete": {"_id": id, "routing": route}});
    lines.extend([action.to_string().as_str(), "\n"]);
}

fn writer_closed() -> Error {
    Error::cluster("accepts no more changes: the writer of the index is already closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_temporarily_refused_lines_are_retried() {
        let mut lines = String::new();
        put(&mut lines, "a", "r", &json!({"x": 1}));
        delete(&mut lines, "b", "r");
        put(&mut lines, "c", "r", &json!({"x": 2}));
        let reply = |statuses: [u64; 3]| {
            let [a, b, c] = statuses;
            json!({"items": [{"index": {"status": a}}, {"delete": {"status": b}}, {"index": {"status": c}}]})
        };
        assert_eq!(lines_to_retry(&lines, &reply([201, 404, 200])).unwrap(), "");
        let rest = lines_to_retry(&lines, &reply([429, 200, 200])).unwrap();
        assert_eq!(rest.lines().count(), 2);
        assert!(rest.contains("\"a\""));
        let rest = lines_to_retry(&lines, &reply([200, 503, 429])).unwrap();
        assert_eq!(rest.lines().count(), 3);
        assert!(
            lines_to_retry(&lines, &reply([400, 200, 200]))
                .unwrap_err()
                .to_string()
                .contains("400")
        );
        assert!(lines_to_retry(&lines, &json!({"items": [{"index": {"status": 200}}]})).is_err());
    }
}
