//! Entries of documents → requests of many at once, by several threads: nothing is lost, nothing comes twice,
//! however often it is interrupted.
//!
//! The passages of a document go before its record, and the record only when they are there; that of a source
//! file goes when the records of all its documents are. So what is not there as a whole has no record yet, or one
//! that says so, and the next run writes it again, under the same ids.

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
    client::{Client, Method, pause, said},
    wire::{self, DOCUMENT, SOURCE},
};
use crate::{
    error::{Error, Result},
    index::{DocumentRecord, Entry, IndexStats, remote::Sink},
};

/// So many requests are under way at once, and as many wait.
const SENDERS: usize = 3;
/// A request is about so long, in bytes.
const BATCH_BYTES: usize = 4 << 20;
/// What is refused for a while is sent so many times.
const MOST_TRIES: u32 = 10;

/// One document, as lines of a request.
#[derive(Debug, Default)]
struct Batch {
    /// Passages, and what tells that they are being written.
    lines: String,
    /// The records of their documents.
    records: String,
}

/// What the threads have in common.
#[derive(Debug)]
struct Shared {
    client: Arc<Client>,
    /// The index that is written to.
    target: String,
    /// Batches that are not done yet.
    pending: Mutex<usize>,
    done: Condvar,
    failed: Mutex<Option<String>>,
}

/// What writes to an index of a cluster.
#[derive(Debug)]
pub(super) struct Writer {
    cluster: Cluster,
    shared: Arc<Shared>,
    senders: Mutex<Option<SyncSender<Batch>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    filling: Mutex<Filling>,
    /// The index that takes the place of the one in use at the end.
    fresh: bool,
}

/// What is being put together.
#[derive(Debug, Default)]
struct Filling {
    batch: Batch,
    /// Records of source files by path, written last; `None` removes a record.
    sources: BTreeMap<String, Option<Entry>>,
    /// How many passages each document has, or may have.
    passages: HashMap<String, u32>,
    /// Hashes of the terms that were sent.
    terms: HashSet<u64>,
    roots: BTreeMap<String, Entry>,
}

impl Writer {
    /// Writes to `target`, which holds these records.
    pub(super) fn new(cluster: Cluster, target: String, fresh: bool, known: &[Entry]) -> Self {
        let client = Arc::clone(&cluster.client);
        let (pending, done, failed) = (Mutex::new(0), Condvar::new(), Mutex::new(None));
        let shared = Arc::new(Shared { client, target, pending, done, failed });
        let (sender, receiver) = sync_channel(SENDERS);
        let receiver = Arc::new(Mutex::new(receiver));
        let threads = (0..SENDERS).map(|_| {
            let (shared, receiver) = (Arc::clone(&shared), Arc::clone(&receiver));
            thread::spawn(move || shared.run(&receiver))
        });
        let threads = Mutex::new(threads.collect());
        let mut filling = Filling::default();
        for entry in known {
            if let Ok(record) = serde_json::from_str::<DocumentRecord>(&entry.stored) {
                filling.passages.insert(record.id, record.passages);
            } else {
                filling.roots.insert(entry.origin.clone(), entry.clone());
            }
        }
        let (senders, filling) = (Mutex::new(Some(sender)), Mutex::new(filling));
        Self { cluster, shared, senders, threads, filling, fresh }
    }

    fn filling(&self) -> MutexGuard<'_, Filling> {
        self.filling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over what was put together, once there is enough of it.
    fn send(&self, filling: &mut Filling, enough: usize) -> Result<()> {
        self.shared.check()?;
        if filling.batch.lines.len() + filling.batch.records.len() <= enough {
            return Ok(());
        }
        let batch = std::mem::take(&mut filling.batch);
        *self.shared.pending() += 1;
        let senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = senders.as_ref().is_some_and(|sender| sender.send(batch).is_ok());
        if sent { Ok(()) } else { self.shared.check().and(Err(stopped())) }
    }

    /// Waits until everything before is written.
    fn wait(&self) -> Result<()> {
        let mut pending = self.shared.pending();
        while *pending > 0 {
            pending = self.shared.done.wait(pending).unwrap_or_else(PoisonError::into_inner);
        }
        drop(pending);
        self.shared.check()
    }
}

impl Sink for Writer {
    fn add(&self, id: &str, entries: Vec<Entry>) -> Result<()> {
        let Some((record, passages)) = entries.split_last() else { return Ok(()) };
        let (route, count) = (wire::short(id), passages.len() as u32);
        let mut filling = self.filling();
        let before = filling.passages.get(id).copied().unwrap_or_default();
        let (place, mut lines) = (wire::document_id(id), String::new());
        let unfinished = wire::unfinished(record, before.max(count));
        put(&mut lines, &place, &route, &wire::record(DOCUMENT, &unfinished));
        let head = wire::head(record);
        for entry in passages {
            let ordinal = entry.ordinal.first().copied().unwrap_or_default();
            let document = wire::passage(entry, record, &head);
            put(&mut lines, &wire::passage_id(id, ordinal), &route, &document);
            for (field, term) in wire::vocabulary(entry, record) {
                let mut hasher = DefaultHasher::new();
                (field, term).hash(&mut hasher);
                if filling.terms.insert(hasher.finish()) {
                    let id = format!("t:{}", wire::short(&format!("{field} {term}")));
                    put(&mut lines, &id, &id, &wire::term(field, term));
                }
            }
        }
        for ordinal in count..before {
            delete(&mut lines, &wire::passage_id(id, ordinal.into()), &route);
        }
        filling.batch.lines.push_str(&lines);
        put(&mut filling.batch.records, &place, &route, &wire::record(DOCUMENT, record));
        filling.passages.insert(id.to_owned(), count);
        self.send(&mut filling, BATCH_BYTES)
    }

    fn remove(&self, id: &str) -> Result<()> {
        let mut filling = self.filling();
        let route = wire::short(id);
        let before = filling.passages.remove(id).unwrap_or_default();
        for ordinal in 0..before {
            let passage = wire::passage_id(id, ordinal.into());
            delete(&mut filling.batch.lines, &passage, &route);
        }
        delete(&mut filling.batch.records, &wire::document_id(id), &route);
        self.send(&mut filling, BATCH_BYTES)
    }

    fn add_source(&self, path: &str, entry: Entry) -> Result<()> {
        let mut filling = self.filling();
        filling.roots.insert(path.to_owned(), entry.clone());
        filling.sources.insert(path.to_owned(), Some(entry));
        Ok(())
    }

    fn remove_source(&self, path: &str) -> Result<()> {
        let mut filling = self.filling();
        filling.roots.remove(path);
        filling.sources.insert(path.to_owned(), None);
        Ok(())
    }

    fn checkpoint(&self) -> Result<()> {
        let mut filling = self.filling();
        self.send(&mut filling, 0)?;
        self.wait()?;
        for (path, entry) in std::mem::take(&mut filling.sources) {
            let (id, lines) = (wire::source_id(&path), &mut filling.batch.records);
            match entry {
                Some(entry) => put(lines, &id, &id, &wire::record(SOURCE, &entry)),
                None => delete(lines, &id, &id),
            }
            self.send(&mut filling, BATCH_BYTES)?;
        }
        self.send(&mut filling, 0)?;
        self.wait()?;
        let roots: Vec<Entry> = filling.roots.values().cloned().collect();
        self.cluster.publish(&self.shared.target, &roots)
    }

    fn commit(&self) -> Result<IndexStats> {
        self.checkpoint()?;
        if self.fresh {
            self.shared.client.switch(&self.shared.target)?;
        }
        self.cluster.stats()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The threads end when nothing can come any more.
        self.senders.lock().unwrap_or_else(PoisonError::into_inner).take();
        let threads =
            std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            drop(thread.join());
        }
    }
}

impl Shared {
    fn pending(&self) -> MutexGuard<'_, usize> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What went wrong in a thread.
    fn check(&self) -> Result<()> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().map_or(Ok(()), |reason| Err(Error::Cluster(reason.clone())))
    }

    fn run(&self, receiver: &Mutex<Receiver<Batch>>) {
        loop {
            let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Batch { lines, records }) = next else { return };
            if self.check().is_ok() {
                let written = self.write(&lines).and_then(|()| self.write(&records));
                if let Err(error) = written {
                    let reason = match error {
                        Error::Cluster(reason) => reason,
                        other => other.to_string(),
                    };
                    *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
                }
            }
            *self.pending() -= 1;
            self.done.notify_all();
        }
    }

    /// Writes lines; what is refused for a while is sent again.
    fn write(&self, lines: &str) -> Result<()> {
        let mut lines = lines.to_owned();
        let mut tries = 0;
        while !lines.is_empty() {
            let path = format!("/{}/_bulk", self.target);
            let reply = self.client.done(Method::Post, &path, &lines)?;
            lines = again(&lines, &reply)?;
            if !lines.is_empty() {
                tries += 1;
                if tries >= MOST_TRIES {
                    return Err(Error::Cluster(format!(
                        "is too busy to take all of it: {} lines are left",
                        lines.lines().count()
                    )));
                }
                thread::sleep(pause(tries));
            }
        }
        Ok(())
    }
}

/// The lines that are to be sent again.
fn again(lines: &str, reply: &Value) -> Result<String> {
    let unexpected = || Error::Cluster("does not say what became of each line".to_owned());
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
                return Err(Error::Cluster(format!(
                    "refuses a line (status {status}){}",
                    said(result)
                )));
            }
        }
    }
    if all.next().is_some() { Err(unexpected()) } else { Ok(rest) }
}

/// Adds the lines of a bulk request that write a document.
fn put(lines: &mut String, id: &str, route: &str, document: &Value) {
    let action = json!({"index": {"_id": id, "routing": route}});
    lines.extend([action.to_string().as_str(), "\n", &document.to_string(), "\n"]);
}

/// Adds the line of a bulk request that removes a document.
fn delete(lines: &mut String, id: &str, route: &str) {
    let action = json!({"delete": {"_id": id, "routing": route}});
    lines.extend([action.to_string().as_str(), "\n"]);
}

fn stopped() -> Error {
    Error::Cluster("is written to no more".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_refused_for_a_while_is_sent_again() {
        let mut lines = String::new();
        put(&mut lines, "a", "r", &json!({"x": 1}));
        delete(&mut lines, "b", "r");
        put(&mut lines, "c", "r", &json!({"x": 2}));
        let reply = |statuses: [u64; 3]| {
            let [a, b, c] = statuses;
            json!({"items": [{"index": {"status": a}}, {"delete": {"status": b}}, {"index": {"status": c}}]})
        };
        assert_eq!(again(&lines, &reply([201, 404, 200])).unwrap(), "");
        let rest = again(&lines, &reply([429, 200, 200])).unwrap();
        assert_eq!(rest.lines().count(), 2);
        assert!(rest.contains("\"a\""));
        let rest = again(&lines, &reply([200, 503, 429])).unwrap();
        assert_eq!(rest.lines().count(), 3);
        assert!(again(&lines, &reply([400, 200, 200])).unwrap_err().to_string().contains("400"));
        assert!(again(&lines, &json!({"items": [{"index": {"status": 200}}]})).is_err());
    }
}
