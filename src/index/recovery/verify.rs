//! An index → what is damaged in it: its files by checksum, its records against each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Serialize;
use tantivy::{DocAddress, Searcher, TantivyDocument, schema::Value};

use crate::{
    document::Document,
    error::{Error, Result, catch_panic},
    index::{
        DocumentRecord, Fields, Index, PassageRecord, Snapshot, Source, content_hash,
        document_hash, lookup, schema,
        storage::{checksum, commit::Held, generation},
    },
};

/// What a check of an index found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// Files of the last commit that were read.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents that are as they were indexed, by their hash.
    pub documents: u64,
    /// Passages of them.
    pub passages: u64,
    /// What is damaged; nothing where the index is sound.
    pub damage: Vec<Corruption>,
}

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Corruption {
    /// The file, document or source.
    pub what: String,
    /// What is wrong with it.
    pub detail: String,
}

/// A source file that is not as it was when it was indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChangedSource {
    /// Its path.
    pub path: String,
    /// How it differs: it has changed, or why it cannot be read.
    pub detail: String,
}

impl Check {
    /// Whether nothing is damaged.
    pub const fn is_sound(&self) -> bool {
        self.damage.is_empty()
    }

    fn damaged(&mut self, what: impl Into<String>, detail: impl Into<String>) {
        self.damage.push(Corruption { what: what.into(), detail: detail.into() });
    }
}

impl Index {
    /// Reads every file of the last commit of the index in `dir` and compares it with its checksum, then
    /// every document, with its passages, with its hash. Writers and readers may go on meanwhile.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// # let folder = tempfile::tempdir().expect("a temporary folder");
    /// # let dir = folder.path().join("index");
    /// let index = gz_search::Index::create(&dir)?;
    /// assert!(gz_search::Index::check(&dir)?.is_sound());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoIndex`] where there is none, [`Error::Incompatible`] where another format or analyzer
    /// made it, [`Error::Io`] where a file cannot be read. Damage is no error.
    pub fn check(dir: impl AsRef<Path>) -> Result<Check> {
        let dir = dir.as_ref();
        if let Err(error @ Error::Incompatible { .. }) = Self::open(dir) {
            return Err(error);
        }
        let mut check = Check::default();
        match catch_panic(|| files(dir, &mut check)) {
            Err(Error::Damaged { detail, .. }) => check.damaged("generation", detail),
            result => result?,
        }
        if check.is_sound() {
            match catch_panic(|| records(dir, &mut check)) {
                Err(Error::Damaged { detail, .. }) => check.damaged("records", detail),
                Err(Error::Engine(error)) => check.damaged("records", error.to_string()),
                result => result?,
            }
        }
        Ok(check)
    }

    /// The source files that are not as they were when they were indexed, by path: each is read.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where the index cannot be read.
    pub fn changed_sources(&self) -> Result<Vec<ChangedSource>> {
        let Snapshot { inner, fields, .. } = self.last()?;
        let changed = lookup::sources(&inner, fields)?.into_iter().filter_map(|source| {
            let detail = match fs::read(&source.path) {
                Ok(bytes) if content_hash(&bytes) == source.hash => return None,
                Ok(_) => "has changed".to_owned(),
                Err(error) => error.to_string(),
            };
            Some(ChangedSource { path: source.path, detail })
        });
        Ok(changed.collect())
    }
}

fn files(dir: &Path, check: &mut Check) -> Result<()> {
    let held = Held::open(dir)?;
    let folder = generation::folder(dir, held.number);
    for name in held.missing {
        check.damaged(folder.join(name).to_string_lossy(), "is missing");
    }
    for (name, mut file) in held.files {
        let path = folder.join(name);
        let bytes = file.metadata().map_err(Error::io("read", &path))?.len();
        if !checksum::is_intact(&mut file).map_err(Error::io("read", &path))? {
            check.damaged(path.to_string_lossy(), "its checksum is wrong");
        }
        check.files += 1;
        check.bytes += bytes;
    }
    Ok(())
}

/// Every record of the last commit. A document is written as a whole, its passages before it.
fn records(dir: &Path, check: &mut Check) -> Result<()> {
    let Snapshot { inner: searcher, fields, .. } = Index::open(dir)?.last()?;
    let mut records = Records::default();
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let ordinals = segment.fast_fields().u64(schema::ORDINAL);
        let ordinals = ordinals.map_err(|error| Error::Engine(Box::new(error)))?;
        for doc in segment.doc_ids_alive() {
            let address = DocAddress::new(ord as u32, doc);
            if ordinals.first(doc).is_some() {
                let passage: PassageRecord = lookup::stored(&searcher, fields, address)?;
                records.passages.push(passage);
            } else if is_document(&searcher, fields, address)? {
                records.document(&lookup::stored(&searcher, fields, address)?, check);
            } else {
                let source: Source = lookup::stored(&searcher, fields, address)?;
                if !records.sources.insert(source.path.clone()) {
                    check.damaged(source.path, "its record is there twice");
                }
            }
        }
        for passage in records.passages.drain(..) {
            check.damaged(passage.document, "a passage of it has no document");
        }
    }
    records.origins(check);
    if lookup::document_count(&searcher, fields)? != records.documents.len() as u64 {
        check.damaged("documents", "the inverted lists count others than the records");
    }
    Ok(())
}

fn is_document(searcher: &Searcher, fields: Fields, address: DocAddress) -> Result<bool> {
    let entry: TantivyDocument =
        searcher.doc(address).map_err(|error| Error::Engine(Box::new(error)))?;
    let json = entry.get_first(fields.stored).and_then(|value| value.as_str());
    Ok(serde_json::from_str::<DocumentRecord>(json.unwrap_or_default()).is_ok())
}

/// What was met so far.
#[derive(Default)]
struct Records {
    /// Passages whose document is still to come.
    passages: Vec<PassageRecord>,
    /// Ids of documents, and where each was read from.
    documents: BTreeMap<String, String>,
    sources: BTreeSet<String>,
}

impl Records {
    fn document(&mut self, record: &DocumentRecord, check: &mut Check) {
        let passages = std::mem::take(&mut self.passages);
        let ordered = passages.iter().enumerate().all(|(ordinal, passage)| {
            passage.document == record.id && passage.ordinal as usize == ordinal
        });
        if !ordered || passages.len() != record.passages as usize {
            check.damaged(&record.id, "its passages are not those that were indexed");
        } else if document_hash(&joined(record, &passages)) != record.hash {
            check.damaged(&record.id, "its text is not what was indexed");
        }
        check.documents += 1;
        check.passages += passages.len() as u64;
        if self.documents.insert(record.id.clone(), record.source.clone()).is_some() {
            check.damaged(&record.id, "is there twice");
        }
    }

    /// Every document that was read from a file has the record of it.
    fn origins(&self, check: &mut Check) {
        let read = self.documents.iter().filter(|(_, source)| !source.is_empty());
        for (id, source) in read.filter(|(_, source)| !self.sources.contains(*source)) {
            // A program may name any source; only the command keeps records of them.
            if !self.sources.is_empty() && Path::new(source).is_absolute() {
                check.damaged(id, format!("the record of {source} is missing"));
            }
        }
    }
}

/// The document that these records are of.
pub(in crate::index) fn joined(record: &DocumentRecord, passages: &[PassageRecord]) -> Document {
    let parts = passages.iter().flat_map(|passage| [passage.before.as_str(), &passage.text]);
    let text: String = parts.chain([record.tail.as_str()]).collect();
    let mut document = Document::new(record.id.clone(), text);
    document.source.clone_from(&record.source);
    document.title.clone_from(&record.title);
    document.lang.clone_from(&record.lang);
    document.date = record.date;
    document.issuer.clone_from(&record.issuer);
    document.url.clone_from(&record.url);
    document.number.clone_from(&record.number);
    document.metadata.clone_from(&record.metadata);
    document
}
