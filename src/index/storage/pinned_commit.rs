//! Opens all files of the last commit, so that a copy or a check can read them even after a writer has removed them.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};

use tantivy::{Directory, directory::META_LOCK};

use super::{
    checksum::ChecksummedDirectory,
    generation,
    meta_file::{Commit, META_FILE, TANTIVY_FILE_LIST_NAME},
};
use crate::error::{Error, Result};

/// Open files of one commit.
pub(in crate::index) struct PinnedCommit {
    /// Number of the generation.
    pub(in crate::index) generation: u64,
    /// Open files, by name.
    pub(in crate::index) files: BTreeMap<String, File>,
    /// Names of the files that the commit lists but that do not exist.
    pub(in crate::index) missing_files: Vec<String>,
}

impl PinnedCommit {
    /// Opens every file of the last commit of the index in `dir`. If the meta file is damaged, opens only the meta file
    /// and the list of managed files.
    pub(in crate::index) fn open(dir: &Path) -> Result<Self> {
        loop {
            let number =
                generation::current_number(dir)?.ok_or_else(|| Error::NoIndex(dir.to_owned()))?;
            let pinned_commit = Self::open_generation(&generation::folder(dir, number), number);
            // If a rebuild replaced the generation meanwhile, files of the old generation may be missing. Then open the
            // new generation.
            if generation::current_number(dir)? == Some(number) {
                return pinned_commit;
            }
        }
    }

    /// Opens the files of the last commit of the generation with the number `generation`, which is in `folder`.
    fn open_generation(folder: &Path, generation: u64) -> Result<Self> {
        let mut pinned_commit =
            Self { generation, files: BTreeMap::new(), missing_files: Vec::new() };
        let damage_error = |detail: String| Error::Damaged { path: folder.to_owned(), detail };
        let directory =
            ChecksummedDirectory::open(folder).map_err(|error| damage_error(error.to_string()))?;
        // While this lock is held, no writer removes files.
        let lock = directory.acquire_lock(&META_LOCK).map_err(|e| damage_error(e.to_string()))?;
        pinned_commit.open_file(folder, META_FILE)?;
        pinned_commit.open_file(folder, TANTIVY_FILE_LIST_NAME)?;
        for name in
            pinned_commit.segment_files().map_err(Error::io("read", folder.join(META_FILE)))?
        {
            pinned_commit.open_file(folder, &name)?;
        }
        drop(lock);
        Ok(pinned_commit)
    }

    /// Opens the file `name`, or records it as missing.
    fn open_file(&mut self, folder: &Path, name: &str) -> Result<()> {
        let path = folder.join(name);
        match File::open(&path) {
            Ok(file) => drop(self.files.insert(name.to_owned(), file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.missing_files.push(name.to_owned());
            }
            Err(source) => return Err(Error::Io { action: "read", path, source }),
        }
        Ok(())
    }

    /// Returns the names of all files of the segments; an empty list if the meta file is missing or damaged.
    fn segment_files(&mut self) -> io::Result<Vec<String>> {
        let Some(meta_file) = self.files.get_mut(META_FILE) else { return Ok(Vec::new()) };
        let mut bytes = Vec::new();
        meta_file.read_to_end(&mut bytes)?;
        meta_file.rewind()?;
        Ok(Commit::parse(&bytes).map(|commit| commit.segment_files()).unwrap_or_default())
    }
}
