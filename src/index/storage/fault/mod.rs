//! Injects faults in tests, with a simulated disk: the nth disk operation fails, or the disk loses power after the nth
//! operation.
//!
//! In tests, the simulated disk performs every write of a file with checksums and of the file `CURRENT`. It counts the
//! disk operations that a system can refuse: creating, writing, syncing, renaming or removing a file, and syncing a
//! folder.

mod power_loss;
mod tests;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use self::power_loss::{DiskChange, record_disk_change, record_sync};
use tantivy::{
    Directory,
    directory::{
        AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, TerminatingWrite,
        WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

/// Way in which a disk operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DiskFault {
    /// The operation does nothing and returns an error. Later operations succeed.
    Refused,
    /// The operation does half of its work and returns an error. An operation that cannot be halved does all of its
    /// work before it returns the error. All later operations fail too, as on a full or missing disk.
    Torn,
}

/// Planned failure of one disk operation. The operations after the installation of the plan are numbered from 0.
#[derive(Debug)]
struct FaultPlan {
    fault: DiskFault,
    /// Number of the operation that fails.
    failing_operation: usize,
    /// Number of disk operations since the plan was installed.
    operation_count: AtomicUsize,
}

/// Amount of work that a disk operation does. An operation returns an error unless it does its full work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OperationCompletion {
    Full,
    Half,
    Nothing,
}

/// Installed plans. The key is the folder below which a plan makes a disk operation fail.
static FAULT_PLANS: Mutex<BTreeMap<PathBuf, Arc<FaultPlan>>> = Mutex::new(BTreeMap::new());

impl FaultPlan {
    /// Makes the disk operation number `failing_operation` below `folder` fail. Numbers start at 0. The plan applies
    /// until [`uninstall`](Self::uninstall) is called.
    fn install(folder: &Path, fault: DiskFault, failing_operation: usize) -> Arc<Self> {
        let plan =
            Arc::new(Self { fault, failing_operation, operation_count: AtomicUsize::new(0) });
        let mut plans = FAULT_PLANS.lock().unwrap_or_else(PoisonError::into_inner);
        plans.insert(folder.to_owned(), Arc::clone(&plan));
        plan
    }

    /// Removes the plan, and returns whether the planned failure happened.
    fn uninstall(&self, folder: &Path) -> bool {
        FAULT_PLANS.lock().unwrap_or_else(PoisonError::into_inner).remove(folder);
        self.operation_count.load(Ordering::SeqCst) > self.failing_operation
    }

    /// Returns the installed plan for a folder that contains `path`; `None` if there is no such plan.
    fn plan_for_path(path: &Path) -> Option<Arc<Self>> {
        let plans = FAULT_PLANS.lock().unwrap_or_else(PoisonError::into_inner);
        path.ancestors().find_map(|folder| plans.get(folder).cloned())
    }

    /// Counts one disk operation, and returns how much of its work the operation does.
    fn next_operation_completion(&self) -> OperationCompletion {
        let operation_number = self.operation_count.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            DiskFault::Refused if operation_number == self.failing_operation => {
                OperationCompletion::Nothing
            }
            DiskFault::Torn if operation_number == self.failing_operation => {
                OperationCompletion::Half
            }
            DiskFault::Torn if operation_number > self.failing_operation => {
                OperationCompletion::Nothing
            }
            _ => OperationCompletion::Full,
        }
    }
}

/// Returns the error of an operation that fails as planned.
fn injected_error() -> io::Error {
    io::Error::other("a fault of the test")
}

/// Runs a disk operation that cannot be halved. [`OperationCompletion::Half`] does all of the work and then returns an
/// error.
fn run_operation<T>(
    plan: Option<&FaultPlan>,
    act: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    match plan.map_or(OperationCompletion::Full, FaultPlan::next_operation_completion) {
        OperationCompletion::Full => act(),
        OperationCompletion::Half => act().and_then(|_| Err(injected_error())),
        OperationCompletion::Nothing => Err(injected_error()),
    }
}

/// Writes `bytes` to `to`, or the first half of `bytes`, or nothing, as the plan determines. Fails unless all bytes may
/// be written.
fn write_bytes(plan: Option<&FaultPlan>, to: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    match plan.map_or(OperationCompletion::Full, FaultPlan::next_operation_completion) {
        OperationCompletion::Full => to.write(bytes),
        OperationCompletion::Half => {
            to.write_all(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
            to.flush()?;
            Err(injected_error())
        }
        OperationCompletion::Nothing => Err(injected_error()),
    }
}

/// Replaces [`fs::rename`] by a rename that a fault plan can make fail, and records the rename.
pub(in crate::index) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    run_operation(FaultPlan::plan_for_path(to).as_deref(), || fs::rename(from, to))?;
    record_disk_change(to, |to| DiskChange::Renamed(from.to_owned(), to));
    Ok(())
}

/// Replaces [`fs::create_dir_all`] by a function that also records the created folders.
pub(in crate::index) fn create_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref();
    let is_new = |folder: &&Path| !folder.exists();
    let new_folders: Vec<PathBuf> =
        path.ancestors().take_while(is_new).map(Path::to_owned).collect();
    fs::create_dir_all(path)?;
    for folder in new_folders.iter().rev() {
        record_disk_change(folder, DiskChange::FolderCreated);
    }
    Ok(())
}

/// Replaces [`fs::remove_dir_all`] by a function that also records the removal.
pub(in crate::index) fn remove_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    fs::remove_dir_all(&path)?;
    record_disk_change(path.as_ref(), DiskChange::FolderRemoved);
    Ok(())
}

/// Replaces [`fs::remove_file`] by a function that also records the removal.
pub(in crate::index) fn remove_file(path: impl AsRef<Path>) -> io::Result<()> {
    fs::remove_file(&path)?;
    record_disk_change(path.as_ref(), DiskChange::Removed);
    Ok(())
}

/// Replacement for an [`fs::File`] that is open for writing. Each operation can fail.
pub(in crate::index) struct OutputFile {
    inner: fs::File,
    path: PathBuf,
    /// Plan that determines which operation fails; `None` if no operation fails.
    plan: Option<Arc<FaultPlan>>,
}

impl OutputFile {
    fn new(path: &Path, open: impl FnOnce() -> io::Result<fs::File>) -> io::Result<Self> {
        let plan = FaultPlan::plan_for_path(path);
        Ok(Self { inner: run_operation(plan.as_deref(), open)?, path: path.to_owned(), plan })
    }

    pub(in crate::index) fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        let output = Self::new(path.as_ref(), || fs::File::create(&path))?;
        record_disk_change(path.as_ref(), DiskChange::Created);
        Ok(output)
    }

    pub(in crate::index) fn create_new(path: impl AsRef<Path>) -> io::Result<Self> {
        let output = Self::new(path.as_ref(), || fs::File::create_new(&path))?;
        record_disk_change(path.as_ref(), DiskChange::Created);
        Ok(output)
    }

    pub(in crate::index) fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::new(path.as_ref(), || fs::File::open(&path))
    }

    pub(in crate::index) fn sync_all(&self) -> io::Result<()> {
        run_operation(self.plan.as_deref(), || self.inner.sync_all())?;
        record_sync(&self.path);
        Ok(())
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write_bytes(self.plan.as_deref(), &mut self.inner, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Replacement for [`MmapDirectory`]. Each operation that changes the disk can fail.
#[derive(Debug, Clone)]
pub(in crate::index) struct DiskDirectory {
    inner: MmapDirectory,
    folder: PathBuf,
    /// Plan that determines which operation fails; `None` if no operation fails.
    plan: Option<Arc<FaultPlan>>,
}

impl DiskDirectory {
    pub(in crate::index) fn open(
        folder: &Path,
    ) -> Result<Self, tantivy::directory::error::OpenDirectoryError> {
        let (inner, plan) = (MmapDirectory::open(folder)?, FaultPlan::plan_for_path(folder));
        Ok(Self { inner, folder: folder.to_owned(), plan })
    }
}

impl Directory for DiskDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        self.inner.open_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let delete_error =
            |error| DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() };
        match self
            .plan
            .as_deref()
            .map_or(OperationCompletion::Full, FaultPlan::next_operation_completion)
        {
            OperationCompletion::Full => {
                self.inner.delete(path)?;
                record_disk_change(&self.folder.join(path), DiskChange::Removed);
                Ok(())
            }
            OperationCompletion::Half => {
                self.inner.delete(path).and_then(|()| Err(delete_error(injected_error())))
            }
            OperationCompletion::Nothing => Err(delete_error(injected_error())),
        }
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        run_operation(self.plan.as_deref(), || Ok(()))
            .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        let inner = self.inner.open_write(path)?;
        let path = self.folder.join(path);
        record_disk_change(&path, DiskChange::Created);
        Ok(io::BufWriter::new(Box::new(FaultyWriter { inner, path, plan: self.plan.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        run_operation(self.plan.as_deref(), || self.inner.atomic_write(path, data))?;
        // Tantivy writes and syncs a temporary file, and then renames it.
        let path = self.folder.join(path);
        record_disk_change(&path, |path| {
            let content = fs::read(&path).unwrap_or_default();
            DiskChange::Replaced(path, content)
        });
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        run_operation(self.plan.as_deref(), || self.inner.sync_directory())?;
        record_sync(&self.folder);
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// Writer of a tantivy file. Each operation of the writer can fail.
struct FaultyWriter {
    inner: WritePtr,
    path: PathBuf,
    /// Plan that determines which operation fails; `None` if no operation fails.
    plan: Option<Arc<FaultPlan>>,
}

impl Write for FaultyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write_bytes(self.plan.as_deref(), &mut self.inner, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for FaultyWriter {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        run_operation(self.plan.as_deref(), || self.inner.terminate_ref(token))?;
        record_sync(&self.path);
        Ok(())
    }
}
