//! Folders and files → the index brought up to date: only what changed is read, what is gone goes.

mod duplicates;
mod file;
mod report;
pub(super) mod source_path;
mod walk;
#[cfg(feature = "watch")]
mod watch;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    io::BufRead,
    path::{Path, PathBuf},
    time::{Duration, Instant, UNIX_EPOCH},
};

pub(crate) use self::duplicates::copies;
pub(super) use self::walk::File;
#[cfg(feature = "watch")]
pub use self::watch::{Happening, Observer, watch};
use self::{
    duplicates::{Arrival, Copy, Same, said},
    file::{Content, Whole},
    walk::Walk,
};
pub use self::{
    report::{Change, FormatStats, Progress, Update, UpdateOptions},
    walk::FileFilter,
};
use super::{IndexWriter, Source, document_hash};
use crate::{
    document::{Document, Format, read_documents, read_mapped_json_lines, with_inferred_metadata},
    error::{Error, Result},
};

/// An interrupted run loses at most so much.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(180);

/// Brings the documents under `roots` up to date in the index. Nothing is visible before the commit.
///
/// # Errors
///
/// [`Error::Io`] where a root cannot be read and [`Error::InvalidArgument`] for a glob that is none, before
/// anything is changed; errors of the index. A file that cannot be read is no error: it is among the
/// failures.
pub fn update(
    writer: &mut IndexWriter,
    roots: &[PathBuf],
    options: &UpdateOptions,
    progress: &impl Progress,
) -> Result<Update> {
    let mut walk = Walk::new(roots, &options.selection, writer.dir())?;
    let found = Update {
        failures: std::mem::take(&mut walk.failures),
        skipped: std::mem::take(&mut walk.skipped),
        ..Update::default()
    };
    let mut updating = Updating::new(writer, options, progress, found)?;
    let mut last_commit = Instant::now();
    for (done, file) in walk.files.iter().enumerate() {
        if progress.is_stopped() {
            updating.update.stopped = true;
            break;
        }
        updating.file(file)?;
        progress.advanced(done + 1, walk.files.len());
        if last_commit.elapsed() > CHECKPOINT_EVERY {
            updating.settle()?;
            updating.writer.checkpoint()?;
            last_commit = Instant::now();
        }
    }
    if !updating.update.stopped {
        updating.remove_gone(&walk)?;
    }
    updating.settle()?;
    Ok(updating.update)
}

/// Reads these files again. Nothing else is changed, and a file that is not there is among the failures.
pub(super) fn read_again(
    writer: &mut IndexWriter,
    files: &[File],
    options: &UpdateOptions,
    progress: &impl Progress,
) -> Result<Update> {
    let mut updating = Updating::new(writer, options, progress, Update::default())?;
    for (done, file) in files.iter().enumerate() {
        if progress.is_stopped() {
            updating.update.stopped = true;
            break;
        }
        updating.file(file)?;
        progress.advanced(done + 1, files.len());
    }
    updating.settle()?;
    Ok(updating.update)
}

/// Adds the JSON Lines of `reader` to the index; what was there before stays.
///
/// # Errors
///
/// Errors of the index. A line that cannot be read is among the failures.
pub fn update_from(
    writer: &mut IndexWriter,
    reader: impl BufRead,
    options: &UpdateOptions,
    progress: &impl Progress,
) -> Result<Update> {
    let mut updating = Updating::new(writer, options, progress, Update::default())?;
    let mut seen = BTreeSet::new();
    let bounds = updating.writer.bounds();
    for document in read_mapped_json_lines("-", reader, options.mapping.clone(), bounds) {
        if progress.is_stopped() {
            updating.update.stopped = true;
            break;
        }
        updating.line(
            document.and_then(with_inferred_metadata),
            "",
            None,
            &HashMap::new(),
            &mut seen,
        )?;
    }
    updating.count(Format::JsonLines, (0, 0, 0));
    Ok(updating.update)
}

struct Updating<'a, P> {
    writer: &'a mut IndexWriter,
    options: &'a UpdateOptions,
    /// What tells them apart, kept with each file.
    fingerprint: String,
    progress: &'a P,
    known: HashMap<String, Source>,
    same: Same,
    update: Update,
    /// Ids taken in this run, with the source that has them.
    taken: HashMap<String, String>,
}

impl<'a, P: Progress> Updating<'a, P> {
    fn new(
        writer: &'a mut IndexWriter,
        options: &'a UpdateOptions,
        progress: &'a P,
        update: Update,
    ) -> Result<Self> {
        let sources = writer.sources()?;
        let same = Same::new(&sources);
        let known = sources.into_iter().map(|source| (source.path.clone(), source)).collect();
        let fingerprint = options.fingerprint();
        let taken = HashMap::new();
        Ok(Self { writer, options, fingerprint, progress, known, same, update, taken })
    }

    fn failed(&mut self, path: &str, reason: String) {
        self.update.failures.push((path.to_owned(), reason));
    }

    /// How much was read so far: documents, passages, failures.
    fn read(&self) -> (u64, u64, u64) {
        let Update { added, updated, passages, failures, .. } = &self.update;
        (added + updated, *passages, failures.len() as u64)
    }

    /// Counts what was read since `before` for a kind.
    fn count(&mut self, format: Format, before: (u64, u64, u64)) {
        let (documents, passages, failed) = self.read();
        let kind = self.update.kinds.entry(format.name().to_owned()).or_default();
        kind.files += 1;
        kind.documents += documents - before.0;
        kind.passages += passages - before.1;
        kind.failed += failed - before.2;
    }

    /// Reads one file, if it is not as it was. Whatever is wrong with it stays its own affair.
    fn file(&mut self, file: &File) -> Result<()> {
        let path = source_path::of(&file.path);
        let (size, modified) = match fs::metadata(&file.path) {
            Ok(metadata) if !metadata.is_file() => {
                self.failed(&path, "is no file any more".to_owned());
                return Ok(());
            }
            Ok(metadata) => (metadata.len(), modified(&metadata)),
            Err(error) => {
                self.failed(&path, error.to_string());
                return Ok(());
            }
        };
        let known = self.known.get(&path).cloned();
        let as_given = known.as_ref().filter(|known| known.given == self.fingerprint);
        let as_before = |known: &&Source| (known.size, known.modified) == (size, modified);
        if let Some(known) = as_given.filter(as_before) {
            self.unchanged(known);
            return Ok(());
        }
        let Whole { content, format, hash } =
            match file::whole(&file.path, size, self.writer.bounds().file()) {
                Ok(whole) => whole,
                Err(reason) => {
                    self.failed(&path, reason);
                    return Ok(());
                }
            };
        self.update.source_bytes += size;
        let mut source = Source {
            path: path.clone(),
            root: source_path::of(&file.root),
            size,
            modified,
            hash,
            documents: 0,
            kind: format.name().to_owned(),
            given: self.fingerprint.clone(),
            only: None,
        };
        if let Some(known) = as_given.filter(|known| known.hash == source.hash) {
            // Only its time has changed: remember that, so that it is not read again.
            self.unchanged(known);
            (source.documents, source.only) = (known.documents, known.only.clone());
        } else {
            let before = self.read();
            source.documents = self.contents(file, &path, format, content)?;
            source.only = self.same.only(&path).cloned();
            self.count(format, before);
            if self.read().2 > before.2 {
                // Not read in full: read and reported again by the next run.
                (source.modified, source.hash) = (0, String::new());
            }
        }
        if known.as_ref() == Some(&source) {
            return Ok(());
        }
        self.update.touched = true;
        self.writer.add_source(&source)
    }

    fn unchanged(&mut self, known: &Source) {
        if !self.same.is_copy(&known.path) {
            self.update.unchanged += u64::from(known.documents);
        }
    }

    /// Brings the documents of a file's bytes up to date; returns how many it holds now.
    fn contents(
        &mut self,
        file: &File,
        path: &str,
        format: Format,
        content: Content,
    ) -> Result<u32> {
        let before: HashMap<String, String> =
            self.writer.document_hashes(path)?.into_iter().collect();
        let id = self.id(file, format, path, &before)?;
        let mut seen = BTreeSet::new();
        let failures = self.update.failures.len();
        let mut skipped = BTreeMap::new();
        let mut says = false;
        let whole = Some((file, id.as_str()));
        let bounds = self.writer.bounds();
        match content {
            Content::Bytes(bytes) => {
                let mapping = &self.options.mapping;
                for document in read_documents(format, &id, &bytes, mapping, bounds, &mut skipped) {
                    says |= self.line(document, path, whole, &before, &mut seen)?;
                }
            }
            Content::Lines(lines) => {
                for document in
                    read_mapped_json_lines(&id, lines, self.options.mapping.clone(), bounds)
                {
                    let document = document.and_then(with_inferred_metadata);
                    says |= self.line(document, path, whole, &before, &mut seen)?;
                }
            }
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
            self.progress.changed(Change::Removed, id);
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
        self.options.given.apply(&mut document);
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
            Ok(passages) => self.update.passages += passages as u64,
            Err(Error::Document { id, reason }) => {
                self.same.leaves(path);
                self.failed(&id, reason);
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        if replaces {
            self.update.updated += 1;
            self.progress.changed(Change::Updated, &id);
        } else {
            self.update.added += 1;
            self.progress.changed(Change::Added, &id);
        }
        self.taken.insert(id.clone(), path.to_owned());
        seen.insert(id);
        Ok(whole.is_some())
    }

    /// Whether the document of a file is the one to be indexed of those that say the same.
    fn is_first(&mut self, file: &File, id: &str, said: &str) -> Result<bool> {
        let [path, root] = [&file.path, &file.root].map(|path| source_path::of(path));
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
            self.file(&File {
                path: source_path::path_of(&copy.path),
                root: source_path::path_of(&copy.root),
            })?;
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
            .map(|part| source_path::of(part.as_ref()))
            .collect::<Vec<_>>()
            .join("/");
        let root = source_path::of(Path::new(file.root.file_name().unwrap_or_default()));
        let named = format!("{root}/{plain}");
        let numbered = (2..).map(|number| format!("{root}-{number}/{plain}"));
        for candidate in [plain.clone(), named].into_iter().chain(numbered) {
            let holder = self.holder(&candidate)?;
            // A file that is gone gives its id to the one that has come in its place.
            if holder.is_none_or(|holder| holder == path || source_path::is_gone(&holder)) {
                return Ok(candidate);
            }
        }
        Ok(path.to_owned())
    }

    fn holder(&self, id: &str) -> Result<Option<String>> {
        match self.taken.get(id) {
            Some(path) => Ok(Some(path.clone())),
            None => Ok(self
                .writer
                .holder(id)?
                .filter(|path| path.is_empty() || !source_path::is_gone(path))),
        }
    }

    /// Removes the documents of files that are no longer under a root that was given.
    fn remove_gone(&mut self, walk: &Walk) -> Result<()> {
        let gone = |source: &&Source| walk.lacks(&source.path, &source.root);
        let mut sources: Vec<Source> = self.known.values().filter(gone).cloned().collect();
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        for source in sources {
            if !self.same.is_copy(&source.path) {
                self.update.removed += u64::from(source.documents);
            }
            for (id, _) in self.writer.document_hashes(&source.path)? {
                self.progress.changed(Change::Removed, &id);
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
