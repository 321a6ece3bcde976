//! Entries on their way to the threads that write them, of which no more wait than fit into memory.

use std::{
    mem,
    sync::{Arc, Condvar, Mutex, PoisonError},
};

use tantivy::{TantivyDocument, schema::Value as _, schema::document::Document};

/// How many bytes wait, of how many that may.
#[derive(Debug)]
pub(in crate::index) struct Queue {
    waiting: Arc<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    bytes: Mutex<usize>,
    most: usize,
    fewer: Condvar,
}

/// An entry that waits, until it is taken out or dropped.
#[derive(Debug)]
pub(in crate::index) struct Queued {
    entry: TantivyDocument,
    bytes: usize,
    waiting: Arc<Waiting>,
}

impl Queue {
    /// A queue that is full with so many bytes.
    pub(in crate::index) fn new(most: usize) -> Self {
        Self { waiting: Arc::new(Waiting { bytes: Mutex::default(), most, fewer: Condvar::new() }) }
    }

    /// Counts an entry among those that wait.
    pub(in crate::index) fn queued(&self, entry: TantivyDocument) -> Queued {
        let texts = entry.field_values().filter_map(|(_, value)| value.as_str().map(str::len));
        let bytes = texts.sum();
        *self.waiting.bytes.lock().unwrap_or_else(PoisonError::into_inner) += bytes;
        Queued { entry, bytes, waiting: Arc::clone(&self.waiting) }
    }

    /// Waits until there is room for another.
    pub(in crate::index) fn make_room(&self) {
        let Waiting { bytes, most, fewer } = &*self.waiting;
        let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let room = fewer.wait_while(bytes, |bytes| *bytes > *most);
        drop(room.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        let Waiting { bytes, most, fewer } = &*self.waiting;
        let mut bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let was_full = *bytes > *most;
        *bytes -= self.bytes;
        // To wake somebody takes a call of the system, and nearly always nobody waits.
        if was_full && *bytes <= *most {
            fewer.notify_all();
        }
    }
}

impl Document for Queued {
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
    fn no_more_wait_than_may() {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", STORED);
        let entry = |text: &str| {
            let mut entry = TantivyDocument::new();
            entry.add_text(field, text);
            entry
        };
        let queue = Queue::new(8);
        let first = queue.queued(entry("five."));
        queue.make_room();
        let second = queue.queued(entry("four"));
        thread::scope(|scope| {
            let waits = scope.spawn(|| queue.make_room());
            thread::sleep(Duration::from_millis(50));
            assert!(!waits.is_finished());
            assert_eq!(second.into_tantivy_document().len(), 1);
            waits.join().unwrap();
        });
        drop(first);
        assert_eq!(*queue.waiting.bytes.lock().unwrap(), 0);
    }
}
