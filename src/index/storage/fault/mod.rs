//! Fault injection: a simulated disk for tests, on which the nth operation fails.
//!
//! In tests, the simulated disk performs every write of a sealed file or of the file `CURRENT`. A step is an operation
//! that a system can refuse: creating, writing, syncing, renaming or removing a file, or syncing a folder.

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

use tantivy::{
    Directory,
    directory::{
        AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, TerminatingWrite,
        WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

/// Way in which a step fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The step does nothing and returns an error; later steps succeed.
    Refused,
    /// The step returns an error after half of its work, or after all of its work if it cannot be halved. All later
    /// steps fail too, as on a full or missing disk.
    Torn,
}

/// A planned failure: the number of the failing step, and the way in which it fails.
#[derive(Debug)]
struct Plan {
    fault: Fault,
    at: usize,
    /// Number of steps so far.
    steps: AtomicUsize,
}

/// Amount of work that a step does. The step succeeds only if it does all of its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Full,
    Half,
    Nothing,
}

/// Active plans, by the folder in which they make a step fail.
static PLANS: Mutex<BTreeMap<PathBuf, Arc<Plan>>> = Mutex::new(BTreeMap::new());

impl Plan {
    /// Makes step number `at` below `folder` fail, until [`uninstall`](Self::uninstall) is called.
    fn install(folder: &Path, fault: Fault, at: usize) -> Arc<Self> {
        let plan = Arc::new(Self { fault, at, steps: AtomicUsize::new(0) });
        let mut plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
        plans.insert(folder.to_owned(), Arc::clone(&plan));
        plan
    }

    /// Removes the plan, and returns whether the failing step was reached.
    fn uninstall(&self, folder: &Path) -> bool {
        PLANS.lock().unwrap_or_else(PoisonError::into_inner).remove(folder);
        self.steps.load(Ordering::SeqCst) > self.at
    }

    fn for_path(path: &Path) -> Option<Arc<Self>> {
        let plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
        path.ancestors().find_map(|folder| plans.get(folder).cloned())
    }

    fn next_work(&self) -> Work {
        let step_number = self.steps.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            Fault::Refused if step_number == self.at => Work::Nothing,
            Fault::Torn if step_number == self.at => Work::Half,
            Fault::Torn if step_number > self.at => Work::Nothing,
            _ => Work::Full,
        }
    }
}

fn injected_error() -> io::Error {
    io::Error::other("a fault of the test")
}

/// Runs a step that cannot be halved. [`Work::Half`] does all of the work and then fails.
fn run_step<T>(plan: Option<&Plan>, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    match plan.map_or(Work::Full, Plan::next_work) {
        Work::Full => act(),
        Work::Half => act().and_then(|_| Err(injected_error())),
        Work::Nothing => Err(injected_error()),
    }
}

fn write(plan: Option<&Plan>, to: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    match plan.map_or(Work::Full, Plan::next_work) {
        Work::Full => to.write(bytes),
        Work::Half => {
            to.write_all(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
            to.flush()?;
            Err(injected_error())
        }
        Work::Nothing => Err(injected_error()),
    }
}

/// Replacement for [`fs::rename`]. The rename can fail.
pub(in crate::index) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    run_step(Plan::for_path(to).as_deref(), || fs::rename(from, to))
}

/// Replacement for an [`fs::File`] that is written. Each operation can fail.
pub(in crate::index) struct Output {
    inner: fs::File,
    plan: Option<Arc<Plan>>,
}

impl Output {
    fn new(path: &Path, open: impl FnOnce() -> io::Result<fs::File>) -> io::Result<Self> {
        let plan = Plan::for_path(path);
        Ok(Self { inner: run_step(plan.as_deref(), open)?, plan })
    }

    pub(in crate::index) fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::new(path.as_ref(), || fs::File::create(&path))
    }

    pub(in crate::index) fn create_new(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::new(path.as_ref(), || fs::File::create_new(&path))
    }

    pub(in crate::index) fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::new(path.as_ref(), || fs::File::open(&path))
    }

    pub(in crate::index) fn sync_all(&self) -> io::Result<()> {
        run_step(self.plan.as_deref(), || self.inner.sync_all())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(self.plan.as_deref(), &mut self.inner, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Replacement for [`MmapDirectory`]. Each operation that changes the disk can fail.
#[derive(Debug, Clone)]
pub(in crate::index) struct Disk {
    inner: MmapDirectory,
    plan: Option<Arc<Plan>>,
}

impl Disk {
    pub(in crate::index) fn open(
        folder: &Path,
    ) -> Result<Self, tantivy::directory::error::OpenDirectoryError> {
        Ok(Self { inner: MmapDirectory::open(folder)?, plan: Plan::for_path(folder) })
    }
}

impl Directory for Disk {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        self.inner.open_read(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let delete_error =
            |error| DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() };
        match self.plan.as_deref().map_or(Work::Full, Plan::next_work) {
            Work::Full => self.inner.delete(path),
            Work::Half => {
                self.inner.delete(path).and_then(|()| Err(delete_error(injected_error())))
            }
            Work::Nothing => Err(delete_error(injected_error())),
        }
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        run_step(self.plan.as_deref(), || Ok(()))
            .map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        let inner = self.inner.open_write(path)?;
        Ok(io::BufWriter::new(Box::new(FaultyWriter { inner, plan: self.plan.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        run_step(self.plan.as_deref(), || self.inner.atomic_write(path, data))
    }

    fn sync_directory(&self) -> io::Result<()> {
        run_step(self.plan.as_deref(), || self.inner.sync_directory())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

struct FaultyWriter {
    inner: WritePtr,
    plan: Option<Arc<Plan>>,
}

impl Write for FaultyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(self.plan.as_deref(), &mut self.inner, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for FaultyWriter {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        run_step(self.plan.as_deref(), || self.inner.terminate_ref(token))
    }
}
