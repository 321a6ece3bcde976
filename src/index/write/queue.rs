//! Limits the total size of the entries that wait for the writing threads.

use std::{
    mem,
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use tantivy::{TantivyDocument, schema::Value as _, schema::document::Document};

/// Memory in bytes that each field value of an entry takes in addition to its text or bytes.
const BYTES_PER_VALUE: usize = 64;

/// Counts the bytes of the entries that wait for the writing threads.
#[derive(Debug)]
pub(super) struct Queue {
    waiting_bytes: Arc<WaitingBytes>,
}

/// Number of waiting bytes, shared by the queue and its entries.
#[derive(Debug)]
struct WaitingBytes {
    bytes: Mutex<usize>,
    /// Maximum number of waiting bytes. Above this number the queue is full.
    max_bytes: usize,
    /// Notified when the queue is no longer full.
    has_room: Condvar,
}

/// Entry in the queue. The bytes of the entry count as waiting until this value is dropped.
#[derive(Debug)]
pub(super) struct QueuedEntry {
    entry: TantivyDocument,
    bytes: usize,
    waiting_bytes: Arc<WaitingBytes>,
}

impl Queue {
    /// Returns an empty queue. The queue is full while more than `max_bytes` bytes wait.
    pub(super) fn new(max_bytes: usize) -> Self {
        let has_room = Condvar::new();
        Self {
            waiting_bytes: Arc::new(WaitingBytes { bytes: Mutex::default(), max_bytes, has_room }),
        }
    }

    /// Counts an entry as waiting. Never blocks, even if the queue is full.
    pub(super) fn push(&self, entry: TantivyDocument) -> QueuedEntry {
        let value_bytes = entry.field_values().map(|(_, value)| {
            let text_bytes = value.as_str().map_or(0, str::len);
            BYTES_PER_VALUE + text_bytes + value.as_bytes().map_or(0, <[u8]>::len)
        });
        let bytes = value_bytes.sum();
        *self.waiting_bytes.bytes.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
        QueuedEntry { entry, bytes, waiting_bytes: Arc::clone(&self.waiting_bytes) }
    }

    /// Blocks until the queue is not full.
    pub(super) fn wait_for_room(&self) {
        let WaitingBytes { bytes, max_bytes, has_room } = &*self.waiting_bytes;
        let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = has_room.wait_while(bytes, |bytes| *bytes > *max_bytes);
        drop(bytes.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for QueuedEntry {
    fn drop(&mut self) {
        let WaitingBytes { bytes, max_bytes, has_room } = &*self.waiting_bytes;
        let mut bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let was_full = *bytes > *max_bytes;
        *bytes -= self.bytes;
        // Threads wait only while the queue is full. In all other cases, save the system call of a notification.
        if was_full && *bytes <= *max_bytes {
            has_room.notify_all();
        }
    }
}

impl Document for QueuedEntry {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.entry.iter_fields_and_values()
    }

    fn into_tantivy_document(mut self) -> TantivyDocument {
        mem::take(&mut self.entry)
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use tantivy::schema::{STORED, Schema};

    use super::*;

    #[test]
    fn a_full_queue_blocks_until_an_entry_is_taken() {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", STORED);
        let entry = |text: &str| {
            let mut entry = TantivyDocument::new();
            entry.add_text(field, text);
            entry
        };
        let queue = Queue::new(2 * BYTES_PER_VALUE + 8);
        let first_entry = queue.push(entry("five."));
        queue.wait_for_room();
        let second_entry = queue.push(entry("four"));
        thread::scope(|scope| {
            let waiting_thread = scope.spawn(|| queue.wait_for_room());
            thread::sleep(Duration::from_millis(50));
            assert!(!waiting_thread.is_finished());
            assert_eq!(second_entry.into_tantivy_document().len(), 1);
            waiting_thread.join().unwrap();
        });
        drop(first_entry);
        assert_eq!(*queue.waiting_bytes.bytes.lock().unwrap(), 0);
    }
}
