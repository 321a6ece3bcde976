//! Writes an index on a cluster: sends entries in bulk requests from several threads.
//!
//! The order of writes lets an interrupted indexing run be repeated without lost or duplicate documents. The
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
    client::{Client, Method, error_reason_suffix, retry_pause},
    wire::{self, DOCUMENT_KIND, SOURCE_KIND},
};
use crate::{
    error::{ClusterFailure, Error, Result},
    index::{DocumentRecord, Entry, IndexStats, remote::EntrySink},
};

/// Number of threads that send batches of entries to the cluster, and maximum number of batches that wait in the queue.
const SENDER_THREAD_COUNT: usize = 3;
/// Number of buffered bytes above which a batch is sent.
const BATCH_SEND_THRESHOLD_BYTES: usize = 4 << 20;
/// Maximum number of attempts to write an operation that the cluster rejects temporarily.
const MAX_WRITE_ATTEMPTS: u32 = 10;

/// Lines of two bulk requests. The requests are sent one after another.
#[derive(Debug, Default)]
struct Batch {
    /// Lines that write unfinished records, and lines that write or delete passages.
    lines: String,
    /// Lines that write or delete the final records of documents and source files. Sent after `lines`.
    record_lines: String,
}

/// State that the sending threads share.
#[derive(Debug)]
struct SenderState {
    client: Arc<Client>,
    /// Name of the index that the writer fills.
    target_index: String,
    /// Number of batches that wait in the queue or are being sent.
    pending_batch_count: Mutex<usize>,
    /// Condition variable that is signalled after each sent batch.
    batch_done: Condvar,
    /// First failure of a sending thread, as its kind and message.
    failure: Mutex<Option<(ClusterFailure, String)>>,
}

/// Writer of an index on a cluster. Its threads send bulk requests.
#[derive(Debug)]
pub(super) struct ClusterWriter {
    cluster: Cluster,
    shared_state: Arc<SenderState>,
    /// Queue of batches; `None` once the writer is dropped.
    queue: Mutex<Option<SyncSender<Batch>>>,
    /// Threads that send the batches in the queue.
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Entries that are not sent yet, and data about all entries.
    buffer: Mutex<WriteBuffer>,
    /// Whether the commit replaces the current index by the index that the writer fills.
    replaces_index: bool,
}

/// Entries that are not sent yet, and data about all entries in the index.
#[derive(Debug, Default)]
struct WriteBuffer {
    /// Lines of bulk requests that are not sent yet.
    batch: Batch,
    /// Records of source files that have changed, by path. These records are written last. `None` removes a record.
    changed_sources: BTreeMap<String, Option<Entry>>,
    /// Upper bound of the number of stored passages, by document id. Includes passages of unfinished writes.
    passage_counts: HashMap<String, u32>,
    /// Hashes of the terms that were already sent. Each term is a separate cluster document.
    sent_terms: HashSet<u64>,
    /// Records of all source files by path.
    all_sources: BTreeMap<String, Entry>,
}

impl ClusterWriter {
    /// Starts the sending threads. `records` holds the records of documents and source files in the index
    /// `target_index`.
    pub(super) fn new(
        cluster: Cluster,
        target_index: String,
        replaces_index: bool,
        records: &[Entry],
    ) -> Self {
        let client = Arc::clone(&cluster.client);
        let (pending_batch_count, batch_done, failure) =
            (Mutex::new(0), Condvar::new(), Mutex::new(None));
        let shared_state = Arc::new(SenderState {
            client,
            target_index,
            pending_batch_count,
            batch_done,
            failure,
        });
        let (sender, receiver) = sync_channel(SENDER_THREAD_COUNT);
        let receiver = Arc::new(Mutex::new(receiver));
        let threads = (0..SENDER_THREAD_COUNT).map(|_| {
            let (shared_state, receiver) = (Arc::clone(&shared_state), Arc::clone(&receiver));
            thread::spawn(move || shared_state.send_batches(&receiver))
        });
        let threads = Mutex::new(threads.collect());
        let mut initial_buffer = WriteBuffer::default();
        for entry in records {
            if let Ok(record) = serde_json::from_str::<DocumentRecord>(&entry.stored_record) {
                initial_buffer.passage_counts.insert(record.id, record.passages);
            } else {
                initial_buffer.all_sources.insert(entry.record_path.clone(), entry.clone());
            }
        }
        let (queue, buffer) = (Mutex::new(Some(sender)), Mutex::new(initial_buffer));
        Self { cluster, shared_state, queue, threads, buffer, replaces_index }
    }

    /// Locks the entries that are not sent yet.
    fn lock_buffer(&self) -> MutexGuard<'_, WriteBuffer> {
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the buffered lines to the queue if these lines together have more than `min_bytes` bytes. Blocks while the
    /// queue is full.
    fn enqueue_batch(&self, buffer: &mut WriteBuffer, min_bytes: usize) -> Result<()> {
        self.shared_state.check_for_sender_failure()?;
        if buffer.batch.lines.len() + buffer.batch.record_lines.len() <= min_bytes {
            return Ok(());
        }
        let batch = std::mem::take(&mut buffer.batch);
        *self.shared_state.lock_pending_batch_count() += 1;
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let is_queued = queue.as_ref().is_some_and(|sender| sender.send(batch).is_ok());
        if is_queued {
            Ok(())
        } else {
            self.shared_state.check_for_sender_failure().and(Err(closed_writer_error()))
        }
    }

    /// Waits until no batch is queued or being sent.
    fn wait_until_sent(&self) -> Result<()> {
        let mut pending_batch_count = self.shared_state.lock_pending_batch_count();
        while *pending_batch_count > 0 {
            pending_batch_count = self
                .shared_state
                .batch_done
                .wait(pending_batch_count)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(pending_batch_count);
        self.shared_state.check_for_sender_failure()
    }
}

impl EntrySink for ClusterWriter {
    fn add(&self, id: &str, entries: Vec<Entry>) -> Result<()> {
        let Some((record, passages)) = entries.split_last() else { return Ok(()) };
        let (route, passage_count) = (wire::short_hash(id), passages.len() as u32);
        let mut buffer = self.lock_buffer();
        let stored_passage_count = buffer.passage_counts.get(id).copied().unwrap_or_default();
        let (record_id, mut lines) = (wire::document_id(id), String::new());
        let unfinished_record =
            wire::unfinished_record(record, stored_passage_count.max(passage_count));
        append_write_lines(
            &mut lines,
            &record_id,
            &route,
            &wire::record_document(DOCUMENT_KIND, &unfinished_record),
        );
        let record_copy_for_passages = wire::record_copy_for_passages(record);
        for entry in passages {
            let ordinal = entry.ordinal.first().copied().unwrap_or_default();
            let passage_document = wire::passage_document(entry, record, &record_copy_for_passages);
            append_write_lines(
                &mut lines,
                &wire::passage_id(id, ordinal),
                &route,
                &passage_document,
            );
            for (field, term) in wire::distinct_terms(entry, record) {
                let mut hasher = DefaultHasher::new();
                (field, term).hash(&mut hasher);
                if buffer.sent_terms.insert(hasher.finish()) {
                    let term_id = format!("t:{}", wire::short_hash(&format!("{field} {term}")));
                    append_write_lines(
                        &mut lines,
                        &term_id,
                        &term_id,
                        &wire::term_document(field, term),
                    );
                }
            }
        }
        for ordinal in passage_count..stored_passage_count {
            append_delete_line(&mut lines, &wire::passage_id(id, ordinal.into()), &route);
        }
        buffer.batch.lines.push_str(&lines);
        append_write_lines(
            &mut buffer.batch.record_lines,
            &record_id,
            &route,
            &wire::record_document(DOCUMENT_KIND, record),
        );
        buffer.passage_counts.insert(id.to_owned(), passage_count);
        self.enqueue_batch(&mut buffer, BATCH_SEND_THRESHOLD_BYTES)
    }

    fn remove(&self, id: &str) -> Result<()> {
        let mut buffer = self.lock_buffer();
        let route = wire::short_hash(id);
        let stored_passage_count = buffer.passage_counts.remove(id).unwrap_or_default();
        for ordinal in 0..stored_passage_count {
            let passage_id = wire::passage_id(id, ordinal.into());
            append_delete_line(&mut buffer.batch.lines, &passage_id, &route);
        }
        append_delete_line(&mut buffer.batch.record_lines, &wire::document_id(id), &route);
        self.enqueue_batch(&mut buffer, BATCH_SEND_THRESHOLD_BYTES)
    }

    fn add_source(&self, path: &str, entry: Entry) -> Result<()> {
        let mut buffer = self.lock_buffer();
        buffer.all_sources.insert(path.to_owned(), entry.clone());
        buffer.changed_sources.insert(path.to_owned(), Some(entry));
        Ok(())
    }

    fn remove_source(&self, path: &str) -> Result<()> {
        let mut buffer = self.lock_buffer();
        buffer.all_sources.remove(path);
        buffer.changed_sources.insert(path.to_owned(), None);
        Ok(())
    }

    fn checkpoint(&self) -> Result<()> {
        let mut buffer = self.lock_buffer();
        self.enqueue_batch(&mut buffer, 0)?;
        self.wait_until_sent()?;
        for (path, entry) in std::mem::take(&mut buffer.changed_sources) {
            let (source_id, lines) = (wire::source_id(&path), &mut buffer.batch.record_lines);
            match entry {
                Some(entry) => append_write_lines(
                    lines,
                    &source_id,
                    &source_id,
                    &wire::record_document(SOURCE_KIND, &entry),
                ),
                None => append_delete_line(lines, &source_id, &source_id),
            }
            self.enqueue_batch(&mut buffer, BATCH_SEND_THRESHOLD_BYTES)?;
        }
        self.enqueue_batch(&mut buffer, 0)?;
        self.wait_until_sent()?;
        let sources: Vec<Entry> = buffer.all_sources.values().cloned().collect();
        self.cluster.publish_state(&self.shared_state.target_index, &sources)
    }

    fn commit(&self) -> Result<IndexStats> {
        self.checkpoint()?;
        if self.replaces_index {
            self.shared_state.client.switch_alias(&self.shared_state.target_index)?;
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

impl SenderState {
    /// Locks the number of batches that wait in the queue or are being sent.
    fn lock_pending_batch_count(&self) -> MutexGuard<'_, usize> {
        self.pending_batch_count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the first failure of a sending thread.
    fn lock_first_failure(&self) -> MutexGuard<'_, Option<(ClusterFailure, String)>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails with the first failure of a sending thread, if there is one.
    fn check_for_sender_failure(&self) -> Result<()> {
        match self.lock_first_failure().clone() {
            None => Ok(()),
            Some((failure, message)) => Err(Error::Cluster { failure, message }),
        }
    }

    /// Sends batches from the queue until the queue is closed. After a failure, discards the remaining batches.
    fn send_batches(&self, receiver: &Mutex<Receiver<Batch>>) {
        loop {
            let next_batch = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Batch { lines, record_lines }) = next_batch else { return };
            if self.check_for_sender_failure().is_ok() {
                let write_result =
                    self.write_lines(&lines).and_then(|()| self.write_lines(&record_lines));
                if let Err(error) = write_result {
                    *self.lock_first_failure() = Some(match error {
                        Error::Cluster { failure, message } => (failure, message),
                        other => (ClusterFailure::Other, other.to_string()),
                    });
                }
            }
            *self.lock_pending_batch_count() -= 1;
            self.batch_done.notify_all();
        }
    }

    /// Sends `lines` as a bulk request. Repeats operations that the cluster rejects temporarily, up to
    /// [`MAX_WRITE_ATTEMPTS`] attempts.
    fn write_lines(&self, lines: &str) -> Result<()> {
        let mut unwritten_lines = lines.to_owned();
        let mut attempts = 0;
        while !unwritten_lines.is_empty() {
            let path = format!("/{}/_bulk", self.target_index);
            let reply = self
                .client
                .send_expecting_success(Method::Post, &path, &unwritten_lines)?
                .body_as_json();
            unwritten_lines = lines_to_retry(&unwritten_lines, &reply)?;
            if !unwritten_lines.is_empty() {
                attempts += 1;
                if attempts >= MAX_WRITE_ATTEMPTS {
                    return Err(Error::cluster(format!(
                        "is overloaded: it rejected {} lines of a bulk request after {MAX_WRITE_ATTEMPTS} attempts",
                        unwritten_lines.lines().count()
                    )));
                }
                thread::sleep(retry_pause(attempts));
            }
        }
        Ok(())
    }
}

/// Returns the lines of the operations that the cluster rejected temporarily. `reply` is the reply to the bulk request
/// with `lines`.
///
/// # Errors
///
/// [`Error::Cluster`] if the cluster rejected an operation permanently, or if the reply does not have one result per
/// operation.
fn lines_to_retry(lines: &str, reply: &Value) -> Result<String> {
    let malformed_reply =
        || Error::cluster("sends a reply to a bulk request without one result per operation");
    let item_results = reply.get("items").and_then(Value::as_array).ok_or_else(malformed_reply)?;
    let mut rejected_lines = String::new();
    let mut remaining_lines = lines.lines();
    for item in item_results {
        let action_line = remaining_lines.next().ok_or_else(malformed_reply)?;
        let (operation_name, operation_result) =
            item.as_object().and_then(|item| item.iter().next()).ok_or_else(malformed_reply)?;
        let document_line = if operation_name == "delete" {
            None
        } else {
            Some(remaining_lines.next().ok_or_else(malformed_reply)?)
        };
        let status =
            operation_result.get("status").and_then(Value::as_u64).ok_or_else(malformed_reply)?;
        match status {
            200..300 => {}
            404 if operation_name == "delete" => {}
            429 | 502..=504 => {
                rejected_lines.extend([action_line, "\n"]);
                if let Some(document_line) = document_line {
                    rejected_lines.extend([document_line, "\n"]);
                }
            }
            status => {
                return Err(Error::cluster(format!(
                    "rejects an operation of a bulk request (status {status}){}",
                    error_reason_suffix(operation_result)
                )));
            }
        }
    }
    if remaining_lines.next().is_some() { Err(malformed_reply()) } else { Ok(rejected_lines) }
}

/// Appends the lines of a bulk request that write a document. `route` is the routing value, which selects the shard.
fn append_write_lines(lines: &mut String, id: &str, route: &str, document: &Value) {
    let action = json!({"index": {"_id": id, "routing": route}});
    lines.extend([action.to_string().as_str(), "\n", &document.to_string(), "\n"]);
}

/// Appends the line of a bulk request that deletes a document. `route` is the routing value, which selects the shard.
fn append_delete_line(lines: &mut String, id: &str, route: &str) {
    let action = json!({"delete": {"_id": id, "routing": route}});
    lines.extend([action.to_string().as_str(), "\n"]);
}

fn closed_writer_error() -> Error {
    Error::cluster("accepts no more changes: the writer of the index is already closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_temporarily_refused_lines_are_retried() {
        let mut bulk_lines = String::new();
        append_write_lines(&mut bulk_lines, "a", "r", &json!({"x": 1}));
        append_delete_line(&mut bulk_lines, "b", "r");
        append_write_lines(&mut bulk_lines, "c", "r", &json!({"x": 2}));
        let reply = |statuses: [u64; 3]| {
            let [a, b, c] = statuses;
            json!({"items": [{"index": {"status": a}}, {"delete": {"status": b}}, {"index": {"status": c}}]})
        };
        assert_eq!(lines_to_retry(&bulk_lines, &reply([201, 404, 200])).unwrap(), "");
        let retried_lines = lines_to_retry(&bulk_lines, &reply([429, 200, 200])).unwrap();
        assert_eq!(retried_lines.lines().count(), 2);
        assert!(retried_lines.contains("\"a\""));
        let retried_lines = lines_to_retry(&bulk_lines, &reply([200, 503, 429])).unwrap();
        assert_eq!(retried_lines.lines().count(), 3);
        assert!(
            lines_to_retry(&bulk_lines, &reply([400, 200, 200]))
                .unwrap_err()
                .to_string()
                .contains("400")
        );
        assert!(
            lines_to_retry(&bulk_lines, &json!({"items": [{"index": {"status": 200}}]})).is_err()
        );
    }
}
