//! Simulates a loss of power: records the changes of a disk, and restores the disk to the state that it would have if
//! the power were lost after any of these changes.
//!
//! After a loss of power, a file system still has the content of each synced file and the names in each synced folder.
//! All other changes may be lost, in any order. The simulation restores two extreme states: either all other changes
//! are lost, or all names survive but no other content.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Change of the disk.
#[derive(Debug, Clone)]
pub(super) enum DiskChange {
    Created(PathBuf),
    /// A file was synced with the given content.
    Synced(PathBuf, Vec<u8>),
    /// A file with synced content appeared, because a temporary file was renamed.
    Replaced(PathBuf, Vec<u8>),
    Renamed(PathBuf, PathBuf),
    Removed(PathBuf),
    FolderCreated(PathBuf),
    FolderRemoved(PathBuf),
    FolderSynced(PathBuf),
}

/// Recordings in progress. The key is the folder whose changes are recorded.
static DISK_CHANGE_RECORDINGS: Mutex<BTreeMap<PathBuf, Arc<DiskChangeRecording>>> =
    Mutex::new(BTreeMap::new());

/// Changes of the disk below a folder, in order.
#[derive(Debug, Default)]
pub(super) struct DiskChangeRecording(Mutex<Vec<DiskChange>>);

impl DiskChangeRecording {
    /// Records the changes below `folder` that `act` makes.
    pub(super) fn disk_changes_during(folder: &Path, act: impl FnOnce()) -> Vec<DiskChange> {
        let recording = Arc::new(Self::default());
        let lock = || DISK_CHANGE_RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner);
        lock().insert(folder.to_owned(), Arc::clone(&recording));
        act();
        lock().remove(folder);
        let changes = recording.0.lock().unwrap_or_else(PoisonError::into_inner);
        changes.clone()
    }
}

/// Adds a change of `path` to the recording of the folder that contains `path`. Does nothing if no such folder is
/// recorded.
pub(super) fn record_disk_change(path: &Path, change: impl FnOnce(PathBuf) -> DiskChange) {
    let recordings = DISK_CHANGE_RECORDINGS.lock().unwrap_or_else(PoisonError::into_inner);
    let recording = path.ancestors().find_map(|folder| recordings.get(folder));
    if let Some(recording) = recording {
        let mut changes = recording.0.lock().unwrap_or_else(PoisonError::into_inner);
        changes.push(change(path.to_owned()));
    }
}

/// Adds the sync of the file or folder `path` to the recording.
pub(super) fn record_sync(path: &Path) {
    record_disk_change(path, |path| match fs::read(&path) {
        Ok(content) => DiskChange::Synced(path, content),
        Err(_) => DiskChange::FolderSynced(path),
    });
}

/// A file or a folder on the simulated disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FolderEntry {
    Folder,
    /// Index of the content in [`SimulatedDisk::contents`].
    File(usize),
}

/// Files and folders on the simulated disk, by path.
type FolderEntries = BTreeMap<PathBuf, FolderEntry>;

/// State of the disk: the names that programs see, the names that survive a loss of power, and the file contents that
/// survive.
#[derive(Debug, Clone, Default)]
pub(super) struct SimulatedDisk {
    /// Files and folders that programs see.
    visible_names: FolderEntries,
    /// Files and folders whose names survive a loss of power.
    durable_names: FolderEntries,
    /// Contents of files that survive a loss of power.
    contents: Vec<Vec<u8>>,
}

impl SimulatedDisk {
    /// Returns the state of a folder on a disk on which everything is synced.
    pub(super) fn of_synced_folder(folder: &Path) -> Self {
        let mut disk = Self::default();
        disk.add_folder(folder);
        disk.durable_names = disk.visible_names.clone();
        disk
    }

    /// Adds a folder with all files and folders below it. The names of these files and folders are not durable yet.
    fn add_folder(&mut self, folder: &Path) {
        self.visible_names.insert(folder.to_owned(), FolderEntry::Folder);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.add_folder(&path);
            } else {
                let content = fs::read(&path).unwrap();
                self.add_file(path, content);
            }
        }
    }

    /// Adds a file whose content `content` is synced. The name of the file is not durable yet.
    fn add_file(&mut self, path: PathBuf, content: Vec<u8>) {
        self.visible_names.insert(path, FolderEntry::File(self.contents.len()));
        self.contents.push(content);
    }

    /// Applies a recorded change to the state of the disk.
    pub(super) fn apply(&mut self, change: &DiskChange) {
        match change.clone() {
            DiskChange::Created(path) => self.add_file(path, Vec::new()),
            DiskChange::Synced(path, content) => match self.visible_names.get(&path) {
                Some(&FolderEntry::File(index)) => self.contents[index] = content,
                _ => self.add_file(path, content),
            },
            DiskChange::Replaced(path, content) => self.add_file(path, content),
            DiskChange::Renamed(from, to) => {
                if let Some(entry) = self.visible_names.remove(&from) {
                    self.visible_names.insert(to, entry);
                }
            }
            DiskChange::Removed(path) => drop(self.visible_names.remove(&path)),
            DiskChange::FolderCreated(path) => {
                self.visible_names.insert(path, FolderEntry::Folder);
            }
            DiskChange::FolderRemoved(path) => {
                self.visible_names.retain(|name, _| !name.starts_with(&path));
            }
            DiskChange::FolderSynced(folder) => {
                let is_in_folder = |name: &Path| name.parent() == Some(&folder);
                self.durable_names.retain(|name, _| !is_in_folder(name));
                let names = self.visible_names.iter().filter(|(name, _)| is_in_folder(name));
                self.durable_names.extend(names.map(|(name, entry)| (name.clone(), *entry)));
            }
        }
    }

    /// Writes to the folder `to` the files and folders that `folder` contains after a loss of power. If `keeps_names`
    /// is set, all names survive; otherwise only the names in synced folders.
    pub(super) fn restore(&self, folder: &Path, to: &Path, keeps_names: bool) {
        fs::create_dir_all(to).unwrap();
        let names = if keeps_names { &self.visible_names } else { &self.durable_names };
        // Paths are sorted, so a folder comes before its entries. If the name of a folder is lost, the names in this
        // folder are lost too.
        for (path, entry) in names.iter().filter(|(path, _)| *path != folder) {
            let target = to.join(path.strip_prefix(folder).unwrap());
            if !target.parent().unwrap().is_dir() {
                continue;
            }
            match entry {
                FolderEntry::Folder => fs::create_dir_all(&target).unwrap(),
                FolderEntry::File(index) => fs::write(&target, &self.contents[*index]).unwrap(),
            }
        }
    }
}
