//! Generations: complete indexes in one folder. The file `CURRENT` names the generation in use.
//!
//! A rebuild fills a new folder under `generations/` and then replaces `CURRENT` by rename. So a reader opens either
//! the old or the new index, and both are complete.

#[cfg(not(test))]
use std::fs::{File as OutputFile, create_dir_all, remove_dir_all, remove_file, rename};
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

use tantivy::{Directory, directory::META_LOCK};

#[cfg(test)]
use super::fault::{OutputFile, create_dir_all, remove_dir_all, remove_file, rename};
use super::{
    checksum::ChecksummedDirectory,
    meta_file::{Commit, META_FILE, TANTIVY_FILE_LIST_NAME},
};
use crate::{
    analysis::WordList,
    error::{Error, Result},
};

/// Name of the file that contains the number of the generation in use.
const CURRENT_GENERATION_FILE: &str = "CURRENT";
/// Name of the folder with one folder for each generation.
const GENERATIONS_FOLDER: &str = "generations";
/// Name of the file that a writing process locks.
const LOCK_FILE: &str = "LOCK";
/// Name of the temporary file that is renamed to `CURRENT`.
const TEMPORARY_CURRENT_FILE: &str = "CURRENT.new";

/// Returns the generation number in `CURRENT`; `None` if `dir` holds no index.
///
/// # Errors
///
/// [`Error::Damaged`] if `CURRENT` is damaged, [`Error::Io`] if `CURRENT` cannot be read.
pub(in crate::index) fn current_number(dir: &Path) -> Result<Option<u64>> {
    let path = dir.join(CURRENT_GENERATION_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => {
            parse_current_file(&text).map(Some).ok_or_else(|| damaged_current_file_error(dir))
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(damaged_current_file_error(dir))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { action: "read", path, source }),
    }
}

/// Returns the content of the file `CURRENT` for generation `number`. A checksum follows the number, so that a file
/// with a changed byte never parses as another number.
fn format_current_file(number: u64) -> String {
    format!("{number} {:08x}\n", crc32fast::hash(number.to_string().as_bytes()))
}

/// Parses the generation number in the content of `CURRENT`. Also accepts the form without a checksum that older
/// versions of this program wrote. Returns `None` if the content is damaged.
fn parse_current_file(text: &str) -> Option<u64> {
    let number = text.split([' ', '\n']).next()?.parse().ok()?;
    (text == format_current_file(number) || text == format!("{number}\n")).then_some(number)
}

fn damaged_current_file_error(dir: &Path) -> Error {
    Error::Damaged { path: dir.to_owned(), detail: "CURRENT does not name a generation".to_owned() }
}

/// Returns whether a new index may be created in `dir`: the folder is empty, or contains only files of an index, word
/// lists of the user and left-over files of an interrupted first build.
pub(in crate::index) fn may_become_index(dir: &Path) -> Result<bool> {
    let index_names = [
        "LOCK",
        "CURRENT.new",
        "generations",
        "ocr",
        "keys.json",
        "keys.lock",
        "README.md",
        ".gitignore",
    ];
    let allowed_names: Vec<&str> =
        index_names.into_iter().chain(WordList::ALL.map(WordList::file_name)).collect();
    let mut entries = fs::read_dir(dir).map_err(Error::io("read", dir))?;
    let is_allowed =
        |entry: fs::DirEntry| allowed_names.iter().any(|name| entry.file_name() == *name);
    Ok(entries.all(|entry| entry.is_ok_and(is_allowed)))
}

/// Returns whether `dir` contains an index, sound or damaged.
pub(in crate::index) fn contains_sound_or_damaged_index(dir: &Path) -> Result<bool> {
    match current_number(dir) {
        Err(Error::Damaged { .. }) => Ok(true),
        current => Ok(current?.is_some()),
    }
}

/// Returns the number of the generation in use. If `CURRENT` is damaged, returns the number of the last generation that
/// has a commit.
pub(in crate::index) fn latest_generation_number(dir: &Path) -> Result<u64> {
    let number = match current_number(dir) {
        Err(Error::Damaged { .. }) => {
            let has_commit = |number: &u64| folder(dir, *number).join(META_FILE).exists();
            generation_numbers(dir)?.into_iter().filter(has_commit).max()
        }
        current => current?,
    };
    number.ok_or_else(|| Error::NoIndex(dir.to_owned()))
}

/// Returns the folder of generation `number`.
pub(in crate::index) fn folder(dir: &Path, number: u64) -> PathBuf {
    dir.join(GENERATIONS_FOLDER).join(number.to_string())
}

/// Creates an empty folder for a new generation. Returns the number of the new generation. This number is greater than
/// the numbers of all existing generations.
pub(in crate::index) fn create_generation(dir: &Path) -> Result<u64> {
    let current_number = match current_number(dir) {
        Err(Error::Damaged { .. }) => None,
        current_number => current_number?,
    };
    let number = generation_numbers(dir)?.into_iter().chain(current_number).max().unwrap_or(0) + 1;
    let path = folder(dir, number);
    create_dir_all(&path).map_err(Error::io("create", &path))?;
    Ok(number)
}

/// Puts generation `number` into use: replaces the file `CURRENT`.
pub(in crate::index) fn switch_to_generation(dir: &Path, number: u64) -> Result<()> {
    let path = dir.join(CURRENT_GENERATION_FILE);
    let temporary_path = dir.join(TEMPORARY_CURRENT_FILE);
    let write_current = || -> io::Result<()> {
        // The names of the folders must be durable before `CURRENT` names the generation.
        for folder in [dir.join(GENERATIONS_FOLDER).as_path(), dir] {
            OutputFile::open(folder)?.sync_all()?;
        }
        let mut file = OutputFile::create(&temporary_path)?;
        file.write_all(format_current_file(number).as_bytes())?;
        file.sync_all()?;
        rename(&temporary_path, &path)?;
        // The rename is durable only after the folder is synced.
        OutputFile::open(dir)?.sync_all()
    };
    write_current().map_err(Error::io("replace", path.clone()))
}

/// Rewrites a damaged `CURRENT` so that it names the last generation with a commit. Must run before
/// [`create_generation`], because the last generation with a commit could otherwise be the new, incomplete generation.
pub(in crate::index) fn repair_current_file(dir: &Path) -> Result<()> {
    match (current_number(dir), latest_generation_number(dir)) {
        (Err(Error::Damaged { .. }), Ok(number)) => switch_to_generation(dir, number),
        _ => Ok(()),
    }
}

/// Removes every generation except the current one, and every file of the current generation that its last commit does
/// not list. A reader of a removed generation can continue, because the reader holds the files open. If a file cannot
/// be removed now, the next writer tries again.
///
/// Only the holder of the [`WriteLock`] may call this function.
pub(in crate::index) fn remove_unused_generations_and_files(dir: &Path) -> Result<()> {
    let current_number = current_number(dir)?;
    for number in
        generation_numbers(dir)?.into_iter().filter(|&number| Some(number) != current_number)
    {
        drop(remove_dir_all(folder(dir, number)));
    }
    drop(remove_file(dir.join(TEMPORARY_CURRENT_FILE)));
    current_number.map_or(Ok(()), |number| remove_uncommitted_files(&folder(dir, number)))
}

/// Removes the files in the generation `folder` that its last commit does not list. A writer that failed or was killed
/// leaves such files. Tantivy's own list of managed files does not name all such files: tantivy's threads continue
/// after a failure and overwrite the list, and a temporary file is never on the list before its rename.
fn remove_uncommitted_files(folder: &Path) -> Result<()> {
    let damage_error = |detail: String| Error::Damaged { path: folder.to_owned(), detail };
    let directory =
        ChecksummedDirectory::open(folder).map_err(|error| damage_error(error.to_string()))?;
    // Waits until every reader that is opening an older commit has opened its files.
    let _lock = directory.acquire_lock(&META_LOCK).map_err(|e| damage_error(e.to_string()))?;
    let path = folder.join(META_FILE);
    let meta_file = fs::read(&path).map_err(Error::io("read", &path))?;
    let Some(commit) = Commit::parse(&meta_file) else { return Ok(()) };
    let listed_files = commit.segment_files();
    let is_needed = |name: &String| {
        [META_FILE, TANTIVY_FILE_LIST_NAME].contains(&name.as_str())
            || is_tantivy_lock(name)
            || listed_files.contains(name)
    };
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    for name in names.filter(|name| !is_needed(name)) {
        // If a file cannot be removed now, the next writer tries again.
        drop(remove_file(folder.join(name)));
    }
    Ok(())
}

fn is_tantivy_lock(name: &str) -> bool {
    name.starts_with(".tantivy-")
}

/// Removes every file of an index whose creation failed. Skips files that cannot be removed.
pub(in crate::index) fn remove_index_files(dir: &Path) {
    for name in [CURRENT_GENERATION_FILE, TEMPORARY_CURRENT_FILE] {
        drop(remove_file(dir.join(name)));
    }
    drop(remove_dir_all(dir.join(GENERATIONS_FOLDER)));
}

fn generation_numbers(dir: &Path) -> Result<Vec<u64>> {
    let path = dir.join(GENERATIONS_FOLDER);
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Error::Io { action: "read", path, source }),
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter_map(|name| name.parse().ok()).collect())
}

/// Lock that at most one writing process holds. The lock is released when the value is dropped, or when the process
/// ends.
#[derive(Debug)]
pub(in crate::index) struct WriteLock {
    file: File,
    dir: PathBuf,
}

impl Drop for WriteLock {
    /// Removes the left-over files of a failed writer, so that a full disk has space again, and then unlocks the file.
    /// Closing the file would not be enough, because a child process that is just starting may have inherited the open
    /// file.
    fn drop(&mut self) {
        drop(remove_unused_generations_and_files(&self.dir));
        drop(self.file.unlock());
    }
}

impl WriteLock {
    /// Takes the lock.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] at once if another process holds the lock, [`Error::Io`] if the lock file cannot be opened or
    /// locked.
    pub(in crate::index) fn acquire(dir: &Path) -> Result<Self> {
        let path = dir.join(LOCK_FILE);
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

/// Repeats `attempt` every 50 ms while `attempt` fails with [`Error::Locked`], for at most the time `max_wait`.
#[cfg(any(feature = "cli", feature = "server"))]
pub(crate) fn wait_for_lock<T>(max_wait: Duration, attempt: impl Fn() -> Result<T>) -> Result<T> {
    const RETRY_INTERVAL: Duration = Duration::from_millis(50);
    let start_time = Instant::now();
    loop {
        match attempt() {
            Err(Error::Locked(_)) if start_time.elapsed() < max_wait => {
                thread::sleep(RETRY_INTERVAL);
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_never_reads_as_another_generation() {
        assert_eq!(parse_current_file("12\n"), Some(12));
        for number in [1, 9, 10, 12, 4711, u64::MAX] {
            let content = format_current_file(number);
            assert_eq!(parse_current_file(&content), Some(number));
            for (at, flip) in (0..content.len()).flat_map(|at| (1..=u8::MAX).map(move |f| (at, f)))
            {
                let mut bytes = content.clone().into_bytes();
                bytes[at] ^= flip;
                let parsed_number =
                    String::from_utf8(bytes).map_or(None, |text| parse_current_file(&text));
                assert_eq!(parsed_number, None, "{number} at {at} by {flip}");
            }
        }
    }
}
