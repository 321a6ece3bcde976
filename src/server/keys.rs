//! Manages the access keys of clients that read or write. A file in the folder of the index stores the hashes of the
//! keys.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq};

use crate::{
    error::{Error, Result},
    index::{Index, content_hash},
};

/// File in the folder of the index that stores the hashes of the keys.
const KEY_FILE: &str = "keys.json";
/// File whose lock a process holds while it reads, changes and replaces the key file. The key file itself cannot be
/// locked, because a change replaces it.
const KEYS_LOCK_FILE: &str = "keys.lock";
/// Prefix of every key, by which people and secret scanners recognize a key.
const KEY_PREFIX: &str = "gz_";
/// Number of random bytes from which a key is made.
const SECRET_BYTE_COUNT: usize = 32;

/// Scope of a key: the kind of access that the key grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Search and read documents.
    Read,
    /// Search, read, add and remove documents.
    Write,
}

impl Scope {
    /// Returns the name of the scope: `read` or `write`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// Stored record of a key, which does not contain the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Name of the key.
    pub name: String,
    /// Scope of the key.
    pub scope: Scope,
    /// Day on which the key was created, as `2025-12-17`.
    pub created: String,
    /// SHA-256 of the key. A key has 256 random bits, so a slow password hash would not make the key safer.
    hash: String,
}

/// Creates a key for the index in `dir`, and returns the key. The key file stores only the hash of the key.
///
/// # Errors
///
/// [`Error::NoIndex`] if there is no index, [`Error::InvalidArgument`] if the name is malformed or in use,
/// [`Error::Io`] if the file cannot be written.
pub fn add(dir: &Path, name: &str, scope: Scope) -> Result<String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_allowed) {
        return Err(Error::invalid(
            "name",
            format!("{name:?} is not a valid key name: use 1 to 64 letters, digits, dots, - and _"),
        ));
    }
    let mut random_bytes = [0; SECRET_BYTE_COUNT];
    getrandom::fill(&mut random_bytes).map_err(|error| Error::Io {
        action: "get random bytes for",
        path: dir.join(KEY_FILE),
        source: io::Error::other(error),
    })?;
    // A hash turns the random bytes into hexadecimal digits without losing randomness.
    let secret = format!("{KEY_PREFIX}{}", content_hash(&random_bytes));
    let new_key = Key {
        name: name.to_owned(),
        scope,
        created: time::OffsetDateTime::now_utc().date().to_string(),
        hash: content_hash(secret.as_bytes()),
    };
    let _lock = lock_keys(dir)?;
    let mut keys = list(dir)?;
    if keys.iter().any(|key| key.name == name) {
        return Err(Error::invalid(
            "name",
            format!("a key named {name} exists already: revoke it first or take another name"),
        ));
    }
    keys.push(new_key);
    write_keys(dir, &keys)?;
    Ok(secret)
}

/// Returns the keys for the index in `dir`, oldest first.
///
/// # Errors
///
/// [`Error::NoIndex`] if there is no index, [`Error::Damaged`] if the key file is malformed.
pub fn list(dir: &Path) -> Result<Vec<Key>> {
    if !Index::exists(dir)? {
        return Err(Error::NoIndex(dir.to_owned()));
    }
    read_keys(dir)
}

/// Revokes the key with the name `name`. Returns whether the key existed. A running service rejects the key within a
/// second.
///
/// # Errors
///
/// [`Error::NoIndex`] if there is no index, [`Error::Damaged`] if the key file is malformed, [`Error::Io`] if the file
/// cannot be read or written.
pub fn revoke(dir: &Path, name: &str) -> Result<bool> {
    let _lock = lock_keys(dir)?;
    let mut keys = list(dir)?;
    let old_count = keys.len();
    keys.retain(|key| key.name != name);
    if keys.len() == old_count {
        return Ok(false);
    }
    write_keys(dir, &keys)?;
    Ok(true)
}

/// Waits for the lock of the key file, and returns it. The lock is released when the returned file is dropped, or when
/// the process ends.
///
/// # Errors
///
/// [`Error::NoIndex`] if there is no index, [`Error::Io`] if the lock file cannot be opened or locked.
fn lock_keys(dir: &Path) -> Result<File> {
    if !Index::exists(dir)? {
        return Err(Error::NoIndex(dir.to_owned()));
    }
    let path = dir.join(KEYS_LOCK_FILE);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(Error::io("open", &path))?;
    file.lock().map_err(Error::io("lock", &path))?;
    Ok(file)
}

fn read_keys(dir: &Path) -> Result<Vec<Key>> {
    let path = dir.join(KEY_FILE);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| Error::Damaged {
            path: dir.to_owned(),
            detail: format!("{KEY_FILE}: {error}"),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(Error::Io { action: "read", path, source }),
    }
}

/// Replaces the key file atomically. Only the owner of the file may read the file.
fn write_keys(dir: &Path, keys: &[Key]) -> Result<()> {
    let path = dir.join(KEY_FILE);
    let temporary_path = dir.join(format!("{KEY_FILE}.new"));
    let replace = || -> io::Result<()> {
        let mut options = File::options();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary_path)?;
        file.write_all(&serde_json::to_vec_pretty(keys)?)?;
        file.sync_all()?;
        fs::rename(&temporary_path, &path)?;
        File::open(dir)?.sync_all()
    };
    replace().map_err(Error::io("replace", path.clone()))
}

/// Keys that a running service accepts, as last read from the key file.
#[derive(Debug)]
pub(super) struct Keys {
    /// Folder of the index; `None` for an index in memory. An index in memory has no keys.
    dir: Option<PathBuf>,
    /// Whether clients may read without a key.
    is_public: bool,
    /// Whether reading requires a key. Never changes back to `false`, so that deleting the key file does not open the
    /// service.
    reading_requires_key: AtomicBool,
    /// Content of the key file, as last read.
    loaded_key_file: RwLock<LoadedKeys>,
}

/// Content of the key file.
#[derive(Debug)]
struct LoadedKeys {
    /// Modification time and size of the key file; `None` if there is no file.
    file_version: Option<(SystemTime, u64)>,
    keys: Vec<Key>,
}

impl Keys {
    /// Reads the keys of the first index in `dirs`, which apply to all of them. If no keys exist and only this machine
    /// can reach the service (`is_loopback`), clients may read without a key.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if clients may read without a key although another index has keys,
    /// [`Error::Damaged`] or [`Error::Io`] if a key file cannot be read.
    pub(super) fn open(dirs: &[&Path], is_public: bool, is_loopback: bool) -> Result<Self> {
        let dir = dirs.first().copied();
        let file_version = dir.and_then(key_file_time_and_size);
        let keys = dir.map_or_else(|| Ok(Vec::new()), read_keys)?;
        for other_dir in dirs.iter().skip(1).filter(|_| keys.is_empty() && !is_public) {
            if !read_keys(other_dir)?.is_empty() {
                let problem = format!(
                    "{} has keys, but the keys of the first index apply, which has none: name it first",
                    other_dir.display()
                );
                return Err(Error::invalid("index", problem));
            }
        }
        let reading_requires_key = AtomicBool::new(!is_loopback || !keys.is_empty());
        let loaded_key_file = RwLock::new(LoadedKeys { file_version, keys });
        Ok(Self { dir: dir.map(Path::to_owned), is_public, reading_requires_key, loaded_key_file })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.loaded_key_file.read().unwrap_or_else(PoisonError::into_inner).keys.is_empty()
    }

    /// Returns whether reading requires a key.
    pub(super) fn are_required_to_read(&self) -> bool {
        !self.is_public && self.reading_requires_key.load(Ordering::Relaxed)
    }

    /// Returns the name and the scope of a key; `None` if the key is unknown.
    ///
    /// Compares the hash of the key with every stored hash in constant time, so that the duration reveals nothing
    /// about the stored hashes.
    pub(super) fn name_and_scope_of_key(&self, secret: &str) -> Option<(String, Scope)> {
        let hash = content_hash(secret.as_bytes());
        let loaded_keys = self.loaded_key_file.read().unwrap_or_else(PoisonError::into_inner);
        let mut verified_key = None;
        for key in &loaded_keys.keys {
            let is_equal: Choice = key.hash.as_bytes().ct_eq(hash.as_bytes());
            if bool::from(is_equal) {
                verified_key = Some((key.name.clone(), key.scope));
            }
        }
        verified_key
    }

    /// Reads the key file again if the file has changed. If reading fails, the earlier keys stay in use.
    pub(super) fn reload(&self) {
        let Some(dir) = &self.dir else { return };
        let file_version = key_file_time_and_size(dir);
        if file_version
            == self.loaded_key_file.read().unwrap_or_else(PoisonError::into_inner).file_version
        {
            return;
        }
        match read_keys(dir) {
            Ok(keys) => {
                if !keys.is_empty() {
                    self.reading_requires_key.store(true, Ordering::Relaxed);
                }
                let mut loaded_keys =
                    self.loaded_key_file.write().unwrap_or_else(PoisonError::into_inner);
                *loaded_keys = LoadedKeys { file_version, keys };
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "cannot read the keys: the keys read before stay in use");
            }
        }
    }
}

/// Returns the modification time and the size of the key file; `None` if there is no file. The size distinguishes two
/// changes that have the same modification time.
fn key_file_time_and_size(dir: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(dir.join(KEY_FILE)).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty_index() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        Index::create(dir.path()).unwrap();
        dir
    }

    #[test]
    fn keys_can_be_added_verified_and_revoked() {
        let dir = empty_index();
        let read_key = add(dir.path(), "page", Scope::Read).unwrap();
        let write_key = add(dir.path(), "job", Scope::Write).unwrap();
        let keys = Keys::open(&[dir.path()], false, true).unwrap();
        assert_eq!(keys.name_and_scope_of_key(&read_key), Some(("page".to_owned(), Scope::Read)));
        assert_eq!(keys.name_and_scope_of_key(&write_key), Some(("job".to_owned(), Scope::Write)));
        for other in ["", "gz_", read_key.get(1..).unwrap(), &format!("{read_key}0")] {
            assert_eq!(keys.name_and_scope_of_key(other), None, "{other}");
        }
        assert!(revoke(dir.path(), "page").unwrap());
        assert!(!revoke(dir.path(), "page").unwrap());
        keys.reload();
        assert_eq!(keys.name_and_scope_of_key(&read_key), None);
        assert_eq!(list(dir.path()).unwrap().len(), 1);
    }

    #[test]
    fn simultaneous_changes_of_keys_are_all_kept() {
        let dir = empty_index();
        for round in 0..20 {
            let victim = format!("victim-{round}");
            add(dir.path(), &victim, Scope::Read).unwrap();
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let name = format!("added-{round}-{thread}");
                    let dir = dir.path();
                    scope.spawn(move || add(dir, &name, Scope::Write).unwrap());
                }
                scope.spawn(|| assert!(revoke(dir.path(), &victim).unwrap()));
            });
            let keys = list(dir.path()).unwrap();
            assert!(keys.iter().all(|key| key.name != victim), "a revoked key came back");
            assert_eq!(keys.len(), 4 * (round + 1), "an added key is lost");
        }
    }

    #[test]
    fn only_the_hash_of_a_key_is_stored() {
        let dir = empty_index();
        let secret = add(dir.path(), "page", Scope::Read).unwrap();
        assert_eq!(secret.len(), KEY_PREFIX.len() + 2 * SECRET_BYTE_COUNT);
        let stored = fs::read_to_string(dir.path().join(KEY_FILE)).unwrap();
        assert!(
            !stored.contains(&secret) && !stored.contains(secret.trim_start_matches(KEY_PREFIX))
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(KEY_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        assert_ne!(add(dir.path(), "other", Scope::Read).unwrap(), secret);
    }

    #[test]
    fn reading_needs_a_key_beyond_loopback_or_once_there_are_keys() {
        let dir = empty_index();
        let required = |is_public, loopback| {
            Keys::open(&[dir.path()], is_public, loopback).unwrap().are_required_to_read()
        };
        assert!(!required(false, true) && required(false, false) && !required(true, false));
        add(dir.path(), "page", Scope::Read).unwrap();
        assert!(required(false, true) && !required(true, true));
        let keys = Keys::open(&[dir.path()], false, true).unwrap();
        fs::remove_file(dir.path().join(KEY_FILE)).unwrap();
        keys.reload();
        assert!(
            keys.is_empty() && keys.are_required_to_read(),
            "a deleted file must not open the service"
        );
    }

    #[test]
    fn malformed_and_duplicate_key_names_are_refused() {
        let dir = empty_index();
        add(dir.path(), "a.b-c_1", Scope::Read).unwrap();
        for name in ["", "a.b-c_1", "two words", "\u{1b}[31m", "港", &"x".repeat(65)] {
            assert!(add(dir.path(), name, Scope::Read).is_err(), "{name}");
        }
        assert!(add(&dir.path().join("none"), "a", Scope::Read).is_err());
    }
}
