//! The generation in use → the files of its last commit, held open whatever a writer does meanwhile.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read, Seek},
    path::Path,
};

use serde::Deserialize;
use tantivy::{Directory, directory::META_LOCK, index::SegmentId};

use super::{
    checksum::{Sealed, opened},
    generation,
};
use crate::error::{Error, Result};

/// What tantivy calls the file that lists the segments of a commit.
pub(in crate::index) const COMMIT: &str = "meta.json";
/// What it calls the list of the files that are its own.
pub(in crate::index) const MANAGED: &str = ".managed.json";
/// The kinds of files of a segment.
const KINDS: [&str; 6] = ["fast", "fieldnorm", "idx", "pos", "store", "term"];

/// The files of one commit, by name.
pub(in crate::index) struct Held {
    pub(in crate::index) number: u64,
    pub(in crate::index) files: BTreeMap<String, File>,
    /// Names of those that should be there and are not.
    pub(in crate::index) missing: Vec<String>,
}

/// What is read of a commit.
#[derive(Deserialize)]
pub(in crate::index) struct Commit {
    pub(in crate::index) segments: Vec<Segment>,
}

#[derive(Deserialize)]
pub(in crate::index) struct Segment {
    #[serde(rename = "segment_id")]
    pub(in crate::index) id: SegmentId,
    pub(in crate::index) max_doc: u32,
    deletes: Option<Deletes>,
}

#[derive(Deserialize)]
struct Deletes {
    opstamp: u64,
}

impl Segment {
    /// The name of the file that says which of its entries are deleted.
    pub(in crate::index) fn deletes_name(&self) -> Option<String> {
        let Deletes { opstamp } = self.deletes.as_ref()?;
        Some(format!("{}.{opstamp}.del", self.id.uuid_string()))
    }
}

impl Held {
    /// Holds the last commit of the index in `dir`. Where it does not say which files are its own, it
    /// is alone.
    pub(in crate::index) fn open(dir: &Path) -> Result<Self> {
        loop {
            let number = generation::current(dir)?.ok_or_else(|| Error::NoIndex(dir.to_owned()))?;
            let held = Self::generation(&generation::folder(dir, number), number);
            // It may have been replaced meanwhile: then its files were going.
            if generation::current(dir)? == Some(number) {
                return held;
            }
        }
    }

    fn generation(folder: &Path, number: u64) -> Result<Self> {
        let mut held = Self { number, files: BTreeMap::new(), missing: Vec::new() };
        let refused = |detail: String| Error::Damaged { path: folder.to_owned(), detail };
        let directory = Sealed::open(folder).map_err(|error| refused(error.to_string()))?;
        // While this is held, nobody decides which files to remove.
        let lock = directory.acquire_lock(&META_LOCK).map_err(|e| refused(e.to_string()))?;
        held.hold(folder, COMMIT)?;
        held.hold(folder, MANAGED)?;
        for name in held.segment_files().map_err(Error::io("read", folder.join(COMMIT)))? {
            held.hold(folder, &name)?;
        }
        drop(lock);
        Ok(held)
    }

    fn hold(&mut self, folder: &Path, name: &str) -> Result<()> {
        let path = folder.join(name);
        match File::open(&path) {
            Ok(file) => drop(self.files.insert(name.to_owned(), file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.missing.push(name.to_owned());
            }
            Err(source) => return Err(Error::Io { action: "read", path, source }),
        }
        Ok(())
    }

    /// The names of all files of the segments; none where the commit is damaged.
    fn segment_files(&mut self) -> io::Result<Vec<String>> {
        let Some(file) = self.files.get_mut(COMMIT) else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        file.rewind()?;
        Ok(segment_files(&bytes).unwrap_or_default())
    }
}

/// The names of all files of the segments of a commit; none where it is damaged.
fn segment_files(commit: &[u8]) -> Option<Vec<String>> {
    let commit: Commit = serde_json::from_slice(opened(commit).ok()?).ok()?;
    let names = commit.segments.iter().flat_map(|segment| {
        let id = segment.id.uuid_string();
        let files = KINDS.iter().map(move |kind| format!("{id}.{kind}"));
        files.chain(segment.deletes_name())
    });
    Some(names.collect())
}

/// Removes from the generation in `folder` what its last commit does not have: what was left by a writer
/// that failed or was killed. tantivy keeps a list of its files, but threads that go on after a failure
/// write over it, and what it replaces by rename begins as a file that is on no list. Only who has the
/// lock of the writer may do this.
pub(in crate::index) fn remove_others(folder: &Path) -> Result<()> {
    let refused = |detail: String| Error::Damaged { path: folder.to_owned(), detail };
    let directory = Sealed::open(folder).map_err(|error| refused(error.to_string()))?;
    // A reader that opens an older commit now has it open before anything of it goes.
    let _lock = directory.acquire_lock(&META_LOCK).map_err(|e| refused(e.to_string()))?;
    let path = folder.join(COMMIT);
    let commit = fs::read(&path).map_err(Error::io("read", &path))?;
    let Some(names) = segment_files(&commit) else { return Ok(()) };
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let there = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let kept = |name: &String| {
        [COMMIT, MANAGED].contains(&name.as_str()) || is_lock(name) || names.contains(name)
    };
    for name in there.filter(|name| !kept(name)) {
        // What cannot be removed now is tried again by the next writer.
        drop(fs::remove_file(folder.join(name)));
    }
    Ok(())
}

fn is_lock(name: &str) -> bool {
    name.starts_with(".tantivy-")
}
