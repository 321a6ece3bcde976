//! An index → a copy of its last commit in another folder, while writers and readers go on.

#[cfg(not(test))]
use std::fs::File as Output;
use std::{
    fs,
    io::{self, Write},
    path::Path,
};

#[cfg(test)]
use super::fault::Output;
use super::{
    checksum::sealed,
    commit::{COMMIT, Held, MANAGED},
    generation,
};
use crate::{
    error::{Error, Result},
    index::Index,
};

impl Index {
    /// Copies the last commit into the folder `out`, which is an index of its own then. Restoring is
    /// copying that folder to where it is wanted.
    ///
    /// ```
    /// # fn main() -> gz_search::Result<()> {
    /// # let folder = tempfile::tempdir().expect("a temporary folder");
    /// # let (dir, out) = (folder.path().join("index"), folder.path().join("copy"));
    /// let index = gz_search::Index::create(&dir)?;
    /// index.snapshot(&out)?;
    /// assert!(gz_search::Index::check(&out)?.is_sound());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] where `out` holds anything or the index is in memory, [`Error::Damaged`]
    /// where files are missing, [`Error::Io`] where it cannot be written. Nothing is left in `out` then.
    pub fn snapshot(&self, out: impl AsRef<Path>) -> Result<()> {
        let Some(dir) = &self.dir else {
            return Err(Error::invalid(
                "index",
                "an index in memory has no files to copy".to_owned(),
            ));
        };
        let out = out.as_ref();
        let is_new = !out.exists();
        fs::create_dir_all(out).map_err(Error::io("create", out))?;
        if fs::read_dir(out).map_err(Error::io("read", out))?.next().is_some() {
            return Err(Error::invalid(
                "out",
                format!("{} is not empty: choose a new folder for the copy", out.display()),
            ));
        }
        let copied = copied(dir, out);
        if copied.is_err() {
            // A half is of no use, and would be in the way of the next attempt.
            generation::remove_all(out);
            if is_new {
                drop(fs::remove_dir(out));
            }
        }
        copied
    }
}

fn copied(dir: &Path, out: &Path) -> Result<()> {
    let held = Held::open(dir)?;
    if let Some(name) = held.missing.first() {
        return Err(Error::Damaged { path: dir.to_owned(), detail: format!("{name} is missing") });
    }
    let number = held.number;
    let folder = generation::folder(out, number);
    let copied = fs::create_dir_all(&folder).and_then(|()| copy(held, &folder));
    copied.map_err(Error::io("write", &folder)).and_then(|()| generation::switch(out, number))
}

fn copy(held: Held, folder: &Path) -> io::Result<()> {
    let managed = |name: &String| !name.starts_with('.');
    let names: Vec<String> = held.files.keys().filter(|name| managed(name)).cloned().collect();
    debug_assert!(names.iter().any(|name| name == COMMIT), "a commit was held");
    for (name, mut file) in held.files.into_iter().filter(|(name, _)| managed(name)) {
        let mut copy = Output::create_new(folder.join(name))?;
        io::copy(&mut file, &mut copy)?;
        copy.sync_all()?;
    }
    // The list of the original has files of other commits, too.
    let mut list = Output::create_new(folder.join(MANAGED))?;
    list.write_all(&sealed(&serde_json::to_vec(&names)?))?;
    list.sync_all()?;
    Output::open(folder)?.sync_all()
}
