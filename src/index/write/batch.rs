//! Batches of entries that the writing threads build, and a limit on the memory of the waiting batches.
//!
//! The caller of the writer passes the records of one document. A writing thread of tantivy turns these records into
//! entries when the thread reaches the first entry of the batch, so that the analysis of documents runs on all
//! processors.

use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};

use tantivy::{TantivyDocument, schema::document::Document};

use crate::error::{Error, Result};

/// Queue of batches (each the entries of one document) for the writing threads. Counts the bytes of the waiting
/// batches; tantivy holds the batches themselves.
#[derive(Debug)]
pub(super) struct BatchQueue {
    shared_state: Arc<QueueState>,
}

/// State that a [`BatchQueue`] shares with its batches.
#[derive(Debug)]
struct QueueState {
    /// Number of bytes of the waiting batches.
    waiting_bytes: Mutex<usize>,
    /// Maximum number of bytes of the waiting batches. Above this number the queue is full.
    max_bytes: usize,
    /// Notified when the queue is no longer full.
    not_full: Condvar,
    /// Error of the first batch whose entries could not be built.
    first_error: Mutex<Option<Error>>,
}

/// Function that builds the index entries of one document.
type BuildEntries = Box<dyn FnOnce() -> Result<Vec<TantivyDocument>> + Send>;

/// Place for one index entry. The place is empty until the entries of the batch are built.
type EntrySlot = Arc<OnceLock<TantivyDocument>>;

/// Entries that are not built yet.
struct UnbuiltEntries {
    /// Function that builds the entries.
    build: BuildEntries,
    /// Places for the entries, in the order in which `build` returns the entries.
    slots: Vec<EntrySlot>,
}

/// Entries of one document. The bytes of the batch count as waiting until all its entries are dropped.
struct Batch {
    /// Entries that are not built yet; `None` once they are built.
    unbuilt: Mutex<Option<UnbuiltEntries>>,
    /// Memory in bytes that the queue counts for this batch.
    memory_bytes: usize,
    shared_state: Arc<QueueState>,
}

/// Entry of a [`Batch`]. The first access to an entry builds all entries of its batch.
pub(super) struct BatchEntry {
    slot: EntrySlot,
    batch: Arc<Batch>,
}

impl BatchQueue {
    /// Returns an empty queue. The queue is full while more than `max_bytes` bytes wait.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            shared_state: Arc::new(QueueState {
                waiting_bytes: Mutex::default(),
                max_bytes,
                not_full: Condvar::new(),
                first_error: Mutex::default(),
            }),
        }
    }

    /// Returns the entries of a batch, which the function `build` builds later, and counts `memory_bytes` as waiting.
    /// `build` must return `entry_count` entries. Never blocks, even if the queue is full.
    pub(super) fn push(
        &self,
        entry_count: usize,
        memory_bytes: usize,
        build: impl FnOnce() -> Result<Vec<TantivyDocument>> + Send + 'static,
    ) -> impl Iterator<Item = BatchEntry> {
        let slots: Vec<EntrySlot> = (0..entry_count).map(|_| EntrySlot::default()).collect();
        *lock(&self.shared_state.waiting_bytes) += memory_bytes;
        let batch = Arc::new(Batch {
            unbuilt: Mutex::new(Some(UnbuiltEntries {
                build: Box::new(build),
                slots: slots.clone(),
            })),
            memory_bytes,
            shared_state: Arc::clone(&self.shared_state),
        });
        slots.into_iter().map(move |slot| BatchEntry { slot, batch: Arc::clone(&batch) })
    }

    /// Blocks until the queue is not full.
    pub(super) fn wait_for_room(&self) {
        let QueueState { waiting_bytes, max_bytes, not_full, .. } = &*self.shared_state;
        let bytes = not_full.wait_while(lock(waiting_bytes), |bytes| *bytes > *max_bytes);
        drop(bytes.unwrap_or_else(PoisonError::into_inner));
    }

    /// Fails if a batch could not be built since the last call of this function, with the error of the first such
    /// batch.
    pub(super) fn check_for_error(&self) -> Result<()> {
        lock(&self.shared_state.first_error).take().map_or(Ok(()), Err)
    }
}

impl Batch {
    /// Builds the entries of the batch. Does nothing if they are already built.
    fn build(&self) {
        let mut unbuilt = lock(&self.unbuilt);
        let Some(UnbuiltEntries { build, slots }) = unbuilt.take() else { return };
        match build() {
            Ok(entries) => {
                debug_assert_eq!(entries.len(), slots.len(), "one entry for each slot");
                for (slot, entry) in slots.iter().zip(entries) {
                    slot.get_or_init(|| entry);
                }
            }
            Err(error) => {
                lock(&self.shared_state.first_error).get_or_insert(error);
            }
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let QueueState { waiting_bytes, max_bytes, not_full, .. } = &*self.shared_state;
        let mut waiting = lock(waiting_bytes);
        let was_full = *waiting > *max_bytes;
        *waiting -= self.memory_bytes;
        // Threads wait only while the queue is full. In all other cases, save the system call of a notification.
        if was_full && *waiting <= *max_bytes {
            not_full.notify_all();
        }
    }
}

impl BatchEntry {
    /// Returns the entry as a tantivy document. Builds the batch first if necessary.
    fn document(&self) -> &TantivyDocument {
        if self.slot.get().is_none() {
            self.batch.build();
        }
        // An entry stays empty only if its batch could not be built; the error of the batch ends the update.
        self.slot.get_or_init(TantivyDocument::default)
    }
}

impl Document for BatchEntry {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document().iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        self.document().clone()
    }
}

/// Locks a mutex, even if a thread panicked while it held the lock.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use tantivy::schema::{STORED, Schema};

    use super::*;

    /// Adds a batch with one entry for each of `texts`. Each entry counts as one byte.
    fn push(queue: &BatchQueue, texts: &[&'static str]) -> Vec<BatchEntry> {
        let texts = texts.to_vec();
        let build = move || {
            let mut schema = Schema::builder();
            let field = schema.add_text_field("text", STORED);
            let entries = texts.into_iter().map(|text| {
                let mut entry = TantivyDocument::new();
                entry.add_text(field, text);
                entry
            });
            Ok(entries.collect())
        };
        queue.push(2, 2, build).collect()
    }

    #[test]
    fn a_full_queue_blocks_until_all_entries_of_a_batch_are_dropped() {
        let queue = BatchQueue::new(3);
        let first = push(&queue, &["a", "b"]);
        queue.wait_for_room();
        let mut second = push(&queue, &["c", "d"]);
        thread::scope(|scope| {
            let waiting_thread = scope.spawn(|| queue.wait_for_room());
            second.remove(0);
            thread::sleep(Duration::from_millis(50));
            assert!(!waiting_thread.is_finished());
            second.remove(0);
            waiting_thread.join().unwrap();
        });
        drop(first);
        assert_eq!(*queue.shared_state.waiting_bytes.lock().unwrap(), 0);
    }

    #[test]
    fn each_entry_gives_its_own_text_in_any_order() {
        let queue = BatchQueue::new(3);
        let entries = push(&queue, &["a", "b"]);
        for (entry, text) in entries.into_iter().zip(["a", "b"]).rev() {
            let entry = entry.into_tantivy_document();
            let (_, value) = entry.field_values().next().unwrap();
            assert_eq!(tantivy::schema::Value::as_str(&value), Some(text));
        }
    }

    #[test]
    fn the_first_error_of_a_batch_is_returned_once() {
        let queue = BatchQueue::new(3);
        for reason in ["first", "second"] {
            let build = move || Err(Error::Engine(reason.into()));
            for entry in queue.push(2, 2, build) {
                assert_eq!(entry.into_tantivy_document().len(), 0);
            }
        }
        assert!(queue.check_for_error().unwrap_err().to_string().contains("first"));
        assert!(queue.check_for_error().is_ok());
    }
}
