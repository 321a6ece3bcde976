//! Folders and files → the index brought up to date: only what changed is read, what is gone goes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::{self, File as OpenFile},
    io::{BufRead, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant, UNIX_EPOCH},
};

use ignore::WalkBuilder;

use super::{
    IndexWriter, Source, content_hash, document_hash,
    same::{Arrival, Copy, Same, said},
};
use crate::{
    document::{Document, Format, completed, documents, json_lines, kind},
    error::{Error, Result},
};

/// An interrupted run loses at most so much.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(180);

/// What an update did, counted in documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Update {
    /// Documents that were not there before.
    pub added: u64,
    /// Documents that had changed.
    pub updated: u64,
    /// Documents that are as they were.
    pub unchanged: u64,
    /// Documents that are gone.
    pub removed: u64,
    /// What could not be read, and why; a file or a line of one each.
    pub failures: Vec<(String, String)>,
    /// Files of kinds that are not read, by kind; those in the archives that were read too.
    pub skipped: BTreeMap<String, u64>,
    /// Bytes of the files that were read.
    pub source_bytes: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    touched: bool,
}

impl Update {
    /// Whether the index has to be committed.
    pub const fn has_changes(&self) -> bool {
        self.added + self.updated + self.removed > 0 || self.touched
    }
}

/// Who is told how far an update is, and may stop it.
pub trait Progress {
    /// `done` of `all` files are dealt with.
    fn advanced(&self, done: usize, all: usize);
    /// Whether to end after the file at hand.
    fn is_stopped(&self) -> bool;
}

impl Progress for AtomicBool {
    fn advanced(&self, _: usize, _: usize) {}

    fn is_stopped(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

/// Brings the documents under `roots` up to date in the index. Nothing is visible before the commit.
///
/// # Errors
///
/// [`Error::Io`] where a root cannot be read, before anything is changed; errors of the index. A
/// file that cannot be read is no error: it is among the failures.
pub fn update(
    writer: &mut IndexWriter,
    roots: &[PathBuf],
    progress: &impl Progress,
) -> Result<Update> {
    let mut updating = Updating::new(writer, Update::default())?;
    let files = files(roots, &mut updating.update)?;
    let mut last_commit = Instant::now();
    for (done, file) in files.iter().enumerate() {
        if progress.is_stopped() {
            updating.update.stopped = true;
            break;
        }
        updating.file(file)?;
        progress.advanced(done + 1, files.len());
        if last_commit.elapsed() > CHECKPOINT_EVERY {
            updating.settle()?;
            updating.writer.checkpoint()?;
            last_commit = Instant::now();
        }
    }
    if !updating.update.stopped {
        updating.remove_gone(roots, &files)?;
    }
    updating.settle()?;
    Ok(updating.update)
}

/// Adds the JSON Lines of `reader` to the index; what was there before stays.
///
/// # Errors
///
/// Errors of the index. A line that cannot be read is among the failures.
pub fn update_from(writer: &mut IndexWriter, reader: impl BufRead) -> Result<Update> {
    let mut updating = Updating::new(writer, Update::default())?;
    let mut seen = BTreeSet::new();
    for document in json_lines("-", reader) {
        updating.line(document.and_then(completed), "", None, &HashMap::new(), &mut seen)?;
    }
    Ok(updating.update)
}

/// A file to be read, and the root it was found under.
struct File {
    path: PathBuf,
    root: PathBuf,
}

/// Every file under `roots`, in a stable order; kinds that are not read are counted.
fn files(roots: &[PathBuf], update: &mut Update) -> Result<Vec<File>> {
    let mut files: Vec<File> = Vec::new();
    for given in roots {
        let root = fs::canonicalize(given).map_err(Error::io("read", given))?;
        let walk = WalkBuilder::new(&root)
            .standard_filters(false)
            .hidden(true)
            .sort_by_file_path(Ord::cmp)
            .build();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    let path = entry.into_path();
                    if Format::of(&path).is_some() || told(&path).is_some() {
                        files.push(File { path, root: root.clone() });
                    } else {
                        *update.skipped.entry(kind(&path)).or_default() += 1;
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    update.failures.push((given.display().to_string(), error.to_string()));
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.path.clone()));
    Ok(files)
}

/// The format of a file whose name does not tell it, by its first bytes.
fn told(path: &Path) -> Option<Format> {
    const HEAD_BYTES: u64 = 4_096;
    let mut head = Vec::new();
    OpenFile::open(path).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
    Format::told(path, &head)
}

struct Updating<'a> {
    writer: &'a mut IndexWriter,
    known: HashMap<String, Source>,
    same: Same,
    update: Update,
    /// Ids given in this run, with the source that has them.
    given: HashMap<String, String>,
}

impl<'a> Updating<'a> {
    fn new(writer: &'a mut IndexWriter, update: Update) -> Result<Self> {
        let sources = writer.sources()?;
        let same = Same::new(&sources);
        let known = sources.into_iter().map(|source| (source.path.clone(), source)).collect();
        Ok(Self { writer, known, same, update, given: HashMap::new() })
    }

    fn failed(&mut self, path: &str, reason: String) {
        self.update.failures.push((path.to_owned(), reason));
    }

    /// Reads one file, if it is not as it was. Whatever is wrong with it stays its own affair.
    fn file(&mut self, file: &File) -> Result<()> {
        let path = file.path.to_string_lossy().into_owned();
        let (size, modified) = match fs::metadata(&file.path) {
            Ok(metadata) => (metadata.len(), modified(&metadata)),
            Err(error) => {
                self.failed(&path, error.to_string());
                return Ok(());
            }
        };
        let known = self.known.get(&path).cloned();
        if let Some(known) =
            known.as_ref().filter(|known| (known.size, known.modified) == (size, modified))
        {
            self.unchanged(known);
            return Ok(());
        }
        let bytes = match fs::read(&file.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.failed(&path, error.to_string());
                return Ok(());
            }
        };
        self.update.source_bytes += bytes.len() as u64;
        let hash = content_hash(&bytes);
        let mut source = Source {
            path: path.clone(),
            root: file.root.to_string_lossy().into_owned(),
            size,
            modified,
            hash,
            documents: 0,
            only: None,
        };
        if let Some(known) = known.as_ref().filter(|known| known.hash == source.hash) {
            // Only its time has changed: remember that, so that it is not read again.
            self.unchanged(known);
            self.update.touched = true;
            (source.documents, source.only) = (known.documents, known.only.clone());
            return self.writer.add_source(&source);
        }
        let failures = self.update.failures.len();
        source.documents = self.contents(file, &path, &bytes)?;
        source.only = self.same.only(&path).cloned();
        if self.update.failures.len() > failures {
            // Not read in full: read and reported again by the next run.
            (source.modified, source.hash) = (0, String::new());
        }
        self.update.touched |= known.as_ref() != Some(&source);
        self.writer.add_source(&source)
    }

    fn unchanged(&mut self, known: &Source) {
        if !self.same.is_copy(&known.path) {
            self.update.unchanged += u64::from(known.documents);
        }
    }

    /// Brings the documents of a file's bytes up to date; returns how many it holds now.
    fn contents(&mut self, file: &File, path: &str, bytes: &[u8]) -> Result<u32> {
        let before: HashMap<String, String> =
            self.writer.document_hashes(path)?.into_iter().collect();
        let format = Format::told(&file.path, bytes).unwrap_or(Format::Text);
        let id = self.id(file, format, path, &before)?;
        let mut seen = BTreeSet::new();
        let failures = self.update.failures.len();
        let mut skipped = BTreeMap::new();
        let mut says = false;
        for document in documents(format, &id, bytes, &mut skipped) {
            says |= self.line(document, path, Some((file, &id)), &before, &mut seen)?;
        }
        for (kind, count) in skipped {
            *self.update.skipped.entry(kind).or_default() += count;
        }
        if self.update.failures.len() > failures {
            // What cannot be read now may be there still: what was stored is kept.
            return Ok(u32::try_from(before.len().max(seen.len())).unwrap_or(u32::MAX));
        }
        if !says {
            self.same.leaves(path);
        }
        let mut gone: Vec<_> = before.keys().filter(|id| !seen.contains(*id)).collect();
        gone.sort();
        for id in gone {
            self.writer.remove(id)?;
            self.update.removed += 1;
        }
        let copies = usize::from(self.same.is_copy(path));
        Ok(u32::try_from(seen.len() + copies).unwrap_or(u32::MAX))
    }

    /// Adds one document, if it is not as it was. Returns whether it is what its file says as a whole:
    /// it has the id of the file then.
    fn line(
        &mut self,
        document: Result<Document>,
        path: &str,
        whole: Option<(&File, &str)>,
        before: &HashMap<String, String>,
        seen: &mut BTreeSet<String>,
    ) -> Result<bool> {
        let mut document = match document {
            Ok(document) => document,
            Err(error) => {
                self.update.failures.push(match error {
                    Error::Document { id, reason } => (id, reason),
                    other => (path.to_owned(), other.to_string()),
                });
                return Ok(false);
            }
        };
        path.clone_into(&mut document.source);
        document.detect_lang();
        let id = document.id.clone();
        if seen.contains(&id) {
            self.failed(
                path,
                format!("the id {id:?} is there twice: only the first one is indexed"),
            );
            return Ok(false);
        }
        let other = self.holder(&id)?.filter(|holder| holder != path && !path.is_empty());
        if let Some(holder) = other {
            self.failed(path, format!("the id {id:?} is that of a document in {holder}"));
            return Ok(false);
        }
        let whole = whole.filter(|(_, own)| *own == id).map(|(file, _)| (file, said(&document)));
        if let Some((file, said)) = &whole
            && !self.is_first(file, &id, said)?
        {
            return Ok(true);
        }
        let existed = before.get(&id);
        if existed == Some(&document_hash(&document)) {
            self.update.unchanged += 1;
            seen.insert(id);
            return Ok(whole.is_some());
        }
        let replaces = existed.is_some() || (path.is_empty() && self.writer.holder(&id)?.is_some());
        match self.writer.add_said(&document, whole.as_ref().map(|(_, said)| said.as_str())) {
            Ok(()) if replaces => self.update.updated += 1,
            Ok(()) => self.update.added += 1,
            Err(Error::Document { id, reason }) => {
                self.same.leaves(path);
                self.failed(&id, reason);
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        self.given.insert(id.clone(), path.to_owned());
        seen.insert(id);
        Ok(whole.is_some())
    }

    /// Whether the document of a file is the one to be indexed of those that say the same.
    fn is_first(&mut self, file: &File, id: &str, said: &str) -> Result<bool> {
        let [path, root] = [&file.path, &file.root].map(|path| path.to_string_lossy().into_owned());
        match self.same.arrives(said, Copy { id: id.to_owned(), path, root }) {
            Arrival::Copy => Ok(false),
            Arrival::First { instead_of } => {
                if let Some(other) = instead_of {
                    self.writer.remove(&other)?;
                    self.update.removed += 1;
                }
                Ok(true)
            }
        }
    }

    /// Reads the files that take over from those that are gone or say something else now.
    fn settle(&mut self) -> Result<()> {
        while let Some(copy) = self.same.missing().cloned() {
            // Whatever is known of it: it has not changed, but is to be read.
            self.known.remove(&copy.path);
            self.file(&File { path: PathBuf::from(&copy.path), root: PathBuf::from(&copy.root) })?;
            if self.same.missing() == Some(&copy) {
                // It cannot be read: the next one takes over, and the next run tries it again.
                self.same.leaves(&copy.path);
                let Copy { path, root, .. } = copy;
                let unread = Source { path, root, ..Source::default() };
                self.writer.add_source(&unread)?;
            }
        }
        Ok(())
    }

    /// The id of the document of a file, or what the ids of its lines begin with: its path below the
    /// root; with the root's name before it where another file has that.
    fn id(
        &self,
        file: &File,
        format: Format,
        path: &str,
        before: &HashMap<String, String>,
    ) -> Result<String> {
        if before.len() == 1 && !format.holds_many() {
            return Ok(before.keys().next().cloned().unwrap_or_default());
        }
        let below =
            file.path.strip_prefix(&file.root).ok().filter(|below| !below.as_os_str().is_empty());
        let below = below.unwrap_or_else(|| Path::new(file.path.file_name().unwrap_or_default()));
        let plain = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        let root = file.root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let named = format!("{root}/{plain}");
        let numbered = (2..).map(|number| format!("{root}-{number}/{plain}"));
        for candidate in [plain.clone(), named].into_iter().chain(numbered) {
            let holder = self.holder(&candidate)?;
            // A file that is gone gives its id to the one that has come in its place.
            if holder.is_none_or(|holder| holder == path || !Path::new(&holder).exists()) {
                return Ok(candidate);
            }
        }
        Ok(path.to_owned())
    }

    fn holder(&self, id: &str) -> Result<Option<String>> {
        match self.given.get(id) {
            Some(path) => Ok(Some(path.clone())),
            None => Ok(self
                .writer
                .holder(id)?
                .filter(|path| path.is_empty() || Path::new(path).exists())),
        }
    }

    /// Removes the documents of files that are no longer under a root that was given.
    fn remove_gone(&mut self, roots: &[PathBuf], files: &[File]) -> Result<()> {
        let present: BTreeSet<_> = files.iter().map(|file| file.path.as_path()).collect();
        let roots: Vec<PathBuf> =
            roots.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
        let gone = |source: &&Source| {
            let path = Path::new(&source.path);
            roots.iter().any(|root| path.starts_with(root))
                && !present.contains(path)
                && !path.exists()
        };
        let mut sources: Vec<Source> = self.known.values().filter(gone).cloned().collect();
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        for source in sources {
            if !self.same.is_copy(&source.path) {
                self.update.removed += u64::from(source.documents);
            }
            self.writer.remove_source(&source.path)?;
            self.same.leaves(&source.path);
            self.update.touched = true;
        }
        Ok(())
    }
}

fn modified(metadata: &fs::Metadata) -> u64 {
    let time = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    time.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}
