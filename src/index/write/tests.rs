//! Tests of the writer, on an index in memory or in a folder.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use super::{target::EntrySink, *};
use crate::{
    analysis::{Analyzer, Chinese},
    document::Document,
    error::{Error, Result},
    index::{Index, IndexStats, remote, storage::generation},
};

/// Adds a document with the id `id` and the text `text`.
fn add_document(writer: &IndexWriter, id: &str, text: &str) {
    writer.add(&Document::new(id, text)).unwrap();
}

/// Returns the numbers of documents and passages in an index.
fn document_and_passage_counts(index: &Index) -> (u64, u64) {
    let stats = index.stats().unwrap();
    (stats.documents, stats.passages)
}

/// Change that a test makes to an index through a writer.
type WriterChange = fn(&mut IndexWriter);

#[test]
fn documents_with_one_id_replace_each_other() {
    let cases: [(&str, WriterChange, (u64, u64)); 6] = [
        ("another id", |writer| add_document(writer, "b", "Two."), (2, 3)),
        ("the same id, after a commit", |writer| add_document(writer, "a", "Two."), (1, 1)),
        (
            "the same id twice in one commit",
            |writer| {
                add_document(writer, "b", "Two.");
                add_document(writer, "b", "Three.\n\nFour.");
            },
            (2, 4),
        ),
        (
            "the same id, after a checkpoint",
            |writer| {
                add_document(writer, "b", "Two.");
                writer.checkpoint().unwrap();
                add_document(writer, "b", "Three.\n\nFour.");
            },
            (2, 4),
        ),
        ("a removed id", |writer| writer.remove("a").unwrap(), (0, 0)),
        ("an unknown id", |writer| writer.remove("b").unwrap(), (1, 2)),
    ];
    for (name, change, expected) in cases {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        add_document(&writer, "a", "One.\n\nMore.");
        writer.commit().unwrap();
        let mut writer = index.writer().unwrap();
        change(&mut writer);
        writer.commit().unwrap();
        assert_eq!(document_and_passage_counts(&index), expected, "{name}");
    }
}

#[test]
fn a_document_without_id_or_text_is_refused() {
    let writer = Index::in_memory().writer().unwrap();
    for (id, text, expected) in [("", "One.", "has no id"), ("a", " \n", "holds no text")] {
        let error = writer.add(&Document::new(id, text)).unwrap_err();
        assert!(matches!(&error, Error::Document { reason, .. } if reason == expected), "{error}");
    }
    assert_eq!(writer.commit().unwrap(), IndexStats::default());
}

#[test]
fn only_a_commit_or_a_checkpoint_changes_the_index() {
    let index = Index::in_memory();
    let writer = index.writer().unwrap();
    add_document(&writer, "a", "One.");
    drop(writer);
    assert_eq!(document_and_passage_counts(&index), (0, 0));
    let mut writer = index.writer().unwrap();
    add_document(&writer, "a", "One.");
    writer.checkpoint().unwrap();
    assert_eq!(document_and_passage_counts(&index), (1, 1));
    drop(writer);
    let writer = index.dry_run().unwrap();
    add_document(&writer, "b", "Two.");
    writer.remove("a").unwrap();
    assert_eq!(writer.commit().unwrap().documents, 1);
}

#[test]
fn a_rebuild_is_visible_only_when_it_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::create(folder.path()).unwrap();
    let writer = index.writer().unwrap();
    add_document(&writer, "a", "One.");
    writer.commit().unwrap();
    let generation_before = generation::current_number(folder.path()).unwrap();
    let mut writer = IndexWriter::rebuild(folder.path(), Chinese::Auto).unwrap();
    assert!(matches!(index.writer(), Err(Error::Locked(_))));
    add_document(&writer, "b", "Two.\n\nThree.");
    writer.checkpoint().unwrap();
    assert_eq!(document_and_passage_counts(&index), (1, 1));
    writer.commit().unwrap();
    assert_eq!(document_and_passage_counts(&index), (1, 2));
    assert_ne!(generation::current_number(folder.path()).unwrap(), generation_before);
    assert_eq!(fs::read_dir(folder.path().join("generations")).unwrap().count(), 1);
}

/// Remote index that records the calls of a writer.
#[derive(Default)]
struct RecordingEntrySink(Mutex<Vec<String>>);

impl RecordingEntrySink {
    /// Adds the description of a call to the recorded calls.
    fn record(&self, call: impl Into<String>) {
        self.0.lock().unwrap().push(call.into());
    }
}

impl EntrySink for RecordingEntrySink {
    fn add(&self, id: &str, entries: Vec<Entry>) -> Result<()> {
        let document_record = entries.last().unwrap();
        assert_eq!(
            (document_record.record_id.as_str(), &document_record.passage_count),
            (id, &vec![2])
        );
        self.record(format!("add {id}, {} entries", entries.len()));
        Ok(())
    }

    fn remove(&self, id: &str) -> Result<()> {
        self.record(format!("remove {id}"));
        Ok(())
    }

    fn add_source(&self, path: &str, entry: Entry) -> Result<()> {
        assert_eq!(entry.record_path, path);
        self.record(format!("add source {path}"));
        Ok(())
    }

    fn remove_source(&self, path: &str) -> Result<()> {
        self.record(format!("remove source {path}"));
        Ok(())
    }

    fn checkpoint(&self) -> Result<()> {
        self.record("checkpoint");
        Ok(())
    }

    fn commit(&self) -> Result<IndexStats> {
        self.record("commit");
        Ok(IndexStats::default())
    }
}

#[test]
fn a_remote_writer_passes_all_entries_of_a_document_in_one_call() {
    let recorder = Arc::new(RecordingEntrySink::default());
    let sink: Arc<dyn EntrySink> = recorder.clone();
    let mut writer = remote::remote_writer(Vec::new(), Analyzer::new(Chinese::Auto), sink).unwrap();
    add_document(&writer, "a", "One.\n\nMore.");
    writer.remove("b").unwrap();
    let source = crate::index::Source { path: "/a".to_owned(), ..Default::default() };
    writer.add_source(&source).unwrap();
    writer.remove_source("/b").unwrap();
    writer.checkpoint().unwrap();
    writer.commit().unwrap();
    assert_eq!(
        *recorder.0.lock().unwrap(),
        [
            "add a, 3 entries",
            "remove b",
            "add source /a",
            "remove source /b",
            "checkpoint",
            "commit"
        ]
    );
}
