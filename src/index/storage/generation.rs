//! Which of the complete indexes in a folder is the one in use.
//!
//! `CURRENT` names a folder under `generations/`. A rebuild fills a new one and then replaces
//! `CURRENT` by rename, so a reader finds the old index or the new one, complete either way.

#[cfg(not(test))]
use std::fs::{File as Output, rename};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
#[cfg(any(feature = "cli", feature = "server"))]
use std::{
    thread,
    time::{Duration, Instant},
};

use super::commit::{self, COMMIT};
#[cfg(test)]
use super::fault::{Output, rename};
use crate::error::{Error, Result};

const CURRENT: &str = "CURRENT";
const GENERATIONS: &str = "generations";
const LOCK: &str = "LOCK";
/// What is to be `CURRENT`, while it is written.
const TEMPORARY: &str = "CURRENT.new";

/// The number that `CURRENT` names; none where `dir` holds no index.
pub(in crate::index) fn current(dir: &Path) -> Result<Option<u64>> {
    let path = dir.join(CURRENT);
    match fs::read_to_string(&path) {
        Ok(text) => named(&text).map(Some).ok_or_else(|| not_a_name(dir)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(not_a_name(dir)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { action: "read", path, source }),
    }
}

/// What `CURRENT` says for generation `number`: with a checksum, because a changed byte must not pass for
/// another number.
fn name(number: u64) -> String {
    format!("{number} {:08x}\n", crc32fast::hash(number.to_string().as_bytes()))
}

/// The number in a text that was written so, or by a program that knew no checksum.
fn named(text: &str) -> Option<u64> {
    let number = text.split([' ', '\n']).next()?.parse().ok()?;
    (text == name(number) || text == format!("{number}\n")).then_some(number)
}

fn not_a_name(dir: &Path) -> Error {
    Error::Damaged { path: dir.to_owned(), detail: "CURRENT does not name a generation".to_owned() }
}

/// Whether nothing would be mixed up if an index were made in `dir`: it holds nothing, or what an
/// interrupted first build left, or the page that the project keeps there.
pub(in crate::index) fn may_become_index(dir: &Path) -> Result<bool> {
    let known = ["LOCK", "CURRENT.new", "generations", "keys.json", "README.md", ".gitignore"];
    let mut entries = fs::read_dir(dir).map_err(Error::io("read", dir))?;
    Ok(entries
        .all(|entry| entry.is_ok_and(|entry| known.iter().any(|name| entry.file_name() == *name))))
}

/// Whether `dir` holds an index, damaged or not.
pub(in crate::index) fn is_there(dir: &Path) -> Result<bool> {
    match current(dir) {
        Err(Error::Damaged { .. }) => Ok(true),
        current => Ok(current?.is_some()),
    }
}

/// The generation in use; where `CURRENT` is damaged, the last one that has a commit.
pub(in crate::index) fn latest(dir: &Path) -> Result<u64> {
    let number = match current(dir) {
        Err(Error::Damaged { .. }) => {
            let has_commit = |number: &u64| folder(dir, *number).join(COMMIT).exists();
            numbers(dir)?.into_iter().filter(has_commit).max()
        }
        current => current?,
    };
    number.ok_or_else(|| Error::NoIndex(dir.to_owned()))
}

/// Where generation `number` lives.
pub(in crate::index) fn folder(dir: &Path, number: u64) -> PathBuf {
    dir.join(GENERATIONS).join(number.to_string())
}

/// Makes an empty folder for a generation that was never used before, and returns its number.
pub(in crate::index) fn create(dir: &Path) -> Result<u64> {
    let named = match current(dir) {
        Err(Error::Damaged { .. }) => None,
        current => current?,
    };
    let used = numbers(dir)?.into_iter().chain(named).max().unwrap_or(0);
    let path = folder(dir, used + 1);
    fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
    Ok(used + 1)
}

/// Makes generation `number` the one in use.
pub(in crate::index) fn switch(dir: &Path, number: u64) -> Result<()> {
    let path = dir.join(CURRENT);
    let temporary = dir.join(TEMPORARY);
    let write = || -> io::Result<()> {
        let mut file = Output::create(&temporary)?;
        file.write_all(name(number).as_bytes())?;
        file.sync_all()?;
        rename(&temporary, &path)?;
        // The rename itself is durable only when the folder is.
        Output::open(dir)?.sync_all()
    };
    write().map_err(Error::io("replace", path.clone()))
}

/// Where `CURRENT` is damaged, has it name the last generation again: one that is begun now must not be
/// taken for that.
pub(in crate::index) fn mend(dir: &Path) -> Result<()> {
    match (current(dir), latest(dir)) {
        (Err(Error::Damaged { .. }), Ok(number)) => switch(dir, number),
        _ => Ok(()),
    }
}

/// Removes every generation but the one in use, and what this has of no commit. Readers that still have a
/// generation open keep it: its files go when they close them. What cannot be removed now is tried again
/// by the next writer.
pub(in crate::index) fn remove_others(dir: &Path) -> Result<()> {
    let current = current(dir)?;
    for number in numbers(dir)?.into_iter().filter(|&number| Some(number) != current) {
        drop(fs::remove_dir_all(folder(dir, number)));
    }
    drop(fs::remove_file(dir.join(TEMPORARY)));
    current.map_or(Ok(()), |number| commit::remove_others(&folder(dir, number)))
}

/// Removes all of an index that could not be completed, as far as can be.
pub(in crate::index) fn remove_all(dir: &Path) {
    for name in [CURRENT, TEMPORARY] {
        drop(fs::remove_file(dir.join(name)));
    }
    drop(fs::remove_dir_all(dir.join(GENERATIONS)));
}

fn numbers(dir: &Path) -> Result<Vec<u64>> {
    let path = dir.join(GENERATIONS);
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Error::Io { action: "read", path, source }),
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter_map(|name| name.parse().ok()).collect())
}

/// Held by the one process that writes to `dir`; released when it is dropped, or dies.
#[derive(Debug)]
pub(in crate::index) struct WriteLock {
    file: File,
    dir: PathBuf,
}

impl Drop for WriteLock {
    /// What a writer left that failed is gone with it: a full disk has room again. Closing the file is not
    /// enough to let go: a process that is being started beside may hold it open as well.
    fn drop(&mut self) {
        drop(remove_others(&self.dir));
        drop(self.file.unlock());
    }
}

impl WriteLock {
    /// Takes the lock, or fails at once if another process has it.
    pub(in crate::index) fn acquire(dir: &Path) -> Result<Self> {
        let path = dir.join(LOCK);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, dir: dir.to_owned() }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Locked(dir.to_owned())),
            Err(fs::TryLockError::Error(source)) => Err(Error::Io { action: "lock", path, source }),
        }
    }
}

/// Attempts what takes the lock again and again while another process writes, for as long as `patience`.
#[cfg(any(feature = "cli", feature = "server"))]
pub(crate) fn patiently<T>(patience: Duration, attempt: impl Fn() -> Result<T>) -> Result<T> {
    /// How often to look.
    const EVERY: Duration = Duration::from_millis(50);
    let started = Instant::now();
    loop {
        match attempt() {
            Err(Error::Locked(_)) if started.elapsed() < patience => thread::sleep(EVERY),
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_names_no_other_generation() {
        assert_eq!(named("12\n"), Some(12));
        for number in [1, 9, 10, 12, 4711, u64::MAX] {
            let written = name(number);
            assert_eq!(named(&written), Some(number));
            for (at, flip) in (0..written.len()).flat_map(|at| (1..=u8::MAX).map(move |f| (at, f)))
            {
                let mut bytes = written.clone().into_bytes();
                bytes[at] ^= flip;
                let told = String::from_utf8(bytes).map_or(None, |text| named(&text));
                assert_eq!(told, None, "{number} at {at} by {flip}");
            }
        }
    }
}
