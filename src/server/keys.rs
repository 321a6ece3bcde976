//! Keys: who may read and who may write, kept as hashes in a file of the index's folder.

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

const FILE: &str = "keys.json";
/// What a key begins with, so that people and scanners know one when they see it.
const PREFIX: &str = "gz_";
const SECRET_BYTES: usize = 32;

/// What a key allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// To search and to read.
    Read,
    /// To add and remove documents as well.
    Write,
}

impl Scope {
    /// Its name: `read` or `write`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What is known of a key: everything but the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// What it is called.
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// The day it was made.
    pub created: String,
    /// The SHA-256 of the key. It is as random as the key itself, so nothing slower is needed.
    hash: String,
}

/// Makes a key for the index in `dir` and returns it. It is kept nowhere: only its hash is.
///
/// # Errors
///
/// [`Error::NoIndex`] where there is no index, [`Error::InvalidArgument`] where the name is taken or no name,
/// [`Error::Io`] where the file cannot be written.
pub fn add(dir: &Path, name: &str, scope: Scope) -> Result<String> {
    let mut keys = list(dir)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return Err(Error::invalid(
            "name",
            format!("{name:?} is no name for a key: take 1 to 64 letters, digits, dots, - and _"),
        ));
    }
    if keys.iter().any(|key| key.name == name) {
        return Err(Error::invalid(
            "name",
            format!("there is a key {name} already: revoke it first or take another name"),
        ));
    }
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| Error::Io {
        action: "get random bytes for",
        path: dir.join(FILE),
        source: io::Error::other(error),
    })?;
    // In hexadecimal digits, as random as the bytes are.
    let secret = format!("{PREFIX}{}", content_hash(&secret));
    keys.push(Key {
        name: name.to_owned(),
        scope,
        created: time::OffsetDateTime::now_utc().date().to_string(),
        hash: content_hash(secret.as_bytes()),
    });
    write(dir, &keys)?;
    Ok(secret)
}

/// The keys for the index in `dir`, in the order in which they were made.
///
/// # Errors
///
/// [`Error::NoIndex`] where there is no index, [`Error::Damaged`] where the file is not as it was written.
pub fn list(dir: &Path) -> Result<Vec<Key>> {
    if !Index::exists(dir)? {
        return Err(Error::NoIndex(dir.to_owned()));
    }
    read(dir)
}

/// Makes a key worthless; whether there was one of that name. A running service knows it within a second.
///
/// # Errors
///
/// As [`add`].
pub fn revoke(dir: &Path, name: &str) -> Result<bool> {
    let mut keys = list(dir)?;
    let before = keys.len();
    keys.retain(|key| key.name != name);
    if keys.len() == before {
        return Ok(false);
    }
    write(dir, &keys)?;
    Ok(true)
}

fn read(dir: &Path) -> Result<Vec<Key>> {
    let path = dir.join(FILE);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| Error::Damaged {
            path: dir.to_owned(),
            detail: format!("{FILE}: {error}"),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(Error::Io { action: "read", path, source }),
    }
}

/// Replaces the file as a whole; nobody but its owner may read it.
fn write(dir: &Path, keys: &[Key]) -> Result<()> {
    let path = dir.join(FILE);
    let temporary = dir.join(format!("{FILE}.new"));
    let replaced = || -> io::Result<()> {
        let mut options = File::options();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(&serde_json::to_vec_pretty(keys)?)?;
        file.sync_all()?;
        fs::rename(&temporary, &path)?;
        File::open(dir)?.sync_all()
    };
    replaced().map_err(Error::io("replace", path.clone()))
}

/// The keys that a service knows, as its file says them.
#[derive(Debug)]
pub(super) struct Keys {
    /// None for an index in memory, which has no keys.
    dir: Option<PathBuf>,
    /// Whether anybody may read.
    public: bool,
    /// Whether reading needs a key. Once it does it always will: a file that is lost opens nothing.
    needed: AtomicBool,
    known: RwLock<(Option<SystemTime>, Vec<Key>)>,
}

impl Keys {
    /// Reads the keys. Without any, who is on this machine may read.
    pub(super) fn open(dir: Option<&Path>, public: bool, loopback: bool) -> Result<Self> {
        let changed = dir.and_then(changed);
        let keys = dir.map_or_else(|| Ok(Vec::new()), read)?;
        let needed = AtomicBool::new(!loopback || !keys.is_empty());
        Ok(Self {
            dir: dir.map(Path::to_owned),
            public,
            needed,
            known: RwLock::new((changed, keys)),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).1.is_empty()
    }

    /// Whether reading needs a key.
    pub(super) fn needed(&self) -> bool {
        !self.public && self.needed.load(Ordering::Relaxed)
    }

    /// The name and scope of a key. Its hash is compared with every one that is known, each in constant time,
    /// so that the time it takes tells nothing of them.
    pub(super) fn known(&self, secret: &str) -> Option<(String, Scope)> {
        let hash = content_hash(secret.as_bytes());
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut found = None;
        for key in &known.1 {
            let same: Choice = key.hash.as_bytes().ct_eq(hash.as_bytes());
            if bool::from(same) {
                found = Some((key.name.clone(), key.scope));
            }
        }
        found
    }

    /// Reads the file again if it has changed. While it cannot be read, what was known before holds.
    pub(super) fn reload(&self) {
        let Some(dir) = &self.dir else { return };
        let changed = changed(dir);
        if changed == self.known.read().unwrap_or_else(PoisonError::into_inner).0 {
            return;
        }
        match read(dir) {
            Ok(keys) => {
                if !keys.is_empty() {
                    self.needed.store(true, Ordering::Relaxed);
                }
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = (changed, keys);
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "the keys cannot be read: those read last are in use");
            }
        }
    }
}

/// When the file was changed last.
fn changed(dir: &Path) -> Option<SystemTime> {
    fs::metadata(dir.join(FILE)).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        Index::create(dir.path()).unwrap();
        dir
    }

    #[test]
    fn keys_are_made_known_and_revoked() {
        let dir = index();
        let reading = add(dir.path(), "page", Scope::Read).unwrap();
        let writing = add(dir.path(), "job", Scope::Write).unwrap();
        let keys = Keys::open(Some(dir.path()), false, true).unwrap();
        assert_eq!(keys.known(&reading), Some(("page".to_owned(), Scope::Read)));
        assert_eq!(keys.known(&writing), Some(("job".to_owned(), Scope::Write)));
        for other in ["", "gz_", reading.get(1..).unwrap(), &format!("{reading}0")] {
            assert_eq!(keys.known(other), None, "{other}");
        }
        assert!(revoke(dir.path(), "page").unwrap());
        assert!(!revoke(dir.path(), "page").unwrap());
        keys.known.write().unwrap().0 = None;
        keys.reload();
        assert_eq!(keys.known(&reading), None);
        assert_eq!(list(dir.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_key_is_kept_nowhere() {
        let dir = index();
        let secret = add(dir.path(), "page", Scope::Read).unwrap();
        assert_eq!(secret.len(), PREFIX.len() + 2 * SECRET_BYTES);
        let kept = fs::read_to_string(dir.path().join(FILE)).unwrap();
        assert!(!kept.contains(&secret) && !kept.contains(secret.trim_start_matches(PREFIX)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        assert_ne!(add(dir.path(), "other", Scope::Read).unwrap(), secret);
    }

    #[test]
    fn what_needs_a_key() {
        let dir = index();
        let needed =
            |public, loopback| Keys::open(Some(dir.path()), public, loopback).unwrap().needed();
        assert!(!needed(false, true) && needed(false, false) && !needed(true, false));
        add(dir.path(), "page", Scope::Read).unwrap();
        assert!(needed(false, true) && !needed(true, true));
        let keys = Keys::open(Some(dir.path()), false, true).unwrap();
        fs::remove_file(dir.path().join(FILE)).unwrap();
        keys.reload();
        assert!(keys.is_empty() && keys.needed(), "a file that is lost opens nothing");
    }

    #[test]
    fn names_are_plain_and_taken_once() {
        let dir = index();
        add(dir.path(), "a.b-c_1", Scope::Read).unwrap();
        for name in ["", "a.b-c_1", "two words", "\u{1b}[31m", "港", &"x".repeat(65)] {
            assert!(add(dir.path(), name, Scope::Read).is_err(), "{name}");
        }
        assert!(add(&dir.path().join("none"), "a", Scope::Read).is_err());
    }
}
