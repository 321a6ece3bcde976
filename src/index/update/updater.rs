//! Compares files with their records in the index, and changes the index where they differ.
//!
//! A file is first compared by size and time, then by hash, and its documents are compared by hash, so that only changed documents are
//! written. Whatever is wrong with one file is a failure of that file alone.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    io::BufRead,
    path::Path,
    time::UNIX_EPOCH,
};

use super::{
    duplicates::{Arrival, Candidate, DuplicateTracker, content_digest},
    file::{self, Content, FileContent},
    report::{Change, Failure, FormatStats, Progress, Update, UpdateOptions},
    source_path,
    walk::{SourceFile, Walk},
};
use crate::{
    document::{Document, Format, completed, documents, mapped_lines},
    error::{Error, Result},
    index::{
        stored::{Source, document_hash},
        write::IndexWriter,
    },
};

/// One run of an update.
pub(super) struct Updater<'a, P> {
    writer: &'a mut IndexWriter,
    options: &'a UpdateOptions,
    /// Fingerprint of the options.
    fingerprint: String,
    progress: &'a P,
    /// Records of the source files in the last commit, by path.
    sources: HashMap<String, Source>,
    duplicates: DuplicateTracker,
    report: Update,
    /// Ids that documents took in this run, with the paths of their files.
    taken_ids: HashMap<String, String>,
}

/// The file whose documents are being read.
struct OpenFile<'f> {
    /// `None` for standard input.
    file: Option<&'f SourceFile>,
    /// Encoded path; empty for standard input.
    path: &'f str,
    /// Id of the document that is the whole file, and prefix of the ids of other documents.
    id: String,
    /// Hashes of the documents that the last commit holds from this file, by id.
    indexed: HashMap<String, String>,
    /// Ids of the documents that are up to date.
    current: BTreeSet<String>,
    /// Whether the file is one document, indexed or a duplicate.
    is_sole_document: bool,
}

impl<'a, P: Progress> Updater<'a, P> {
    pub(super) fn new(
        writer: &'a mut IndexWriter,
        options: &'a UpdateOptions,
        progress: &'a P,
        report: Update,
    ) -> Result<Self> {
        let sources = writer.sources()?;
        let duplicates = DuplicateTracker::new(&sources);
        let sources = sources.into_iter().map(|source| (source.path.clone(), source)).collect();
        let fingerprint = options.fingerprint();
        let taken_ids = HashMap::new();
        Ok(Self { writer, options, fingerprint, progress, sources, duplicates, report, taken_ids })
    }

    /// Asks the progress observer whether to stop, and notes the answer in the report.
    pub(super) fn must_stop(&mut self) -> bool {
        self.report.stopped |= self.progress.is_stopped();
        self.report.stopped
    }

    /// Returns whether the update was stopped before its end.
    pub(super) const fn was_stopped(&self) -> bool {
        self.report.stopped
    }

    /// Commits the work so far.
    pub(super) fn checkpoint(&mut self) -> Result<()> {
        self.read_missing_duplicates()?;
        self.writer.checkpoint()
    }

    /// Completes the update and returns the report.
    pub(super) fn finish(mut self) -> Result<Update> {
        self.read_missing_duplicates()?;
        Ok(self.report)
    }

    /// Adds the documents in the JSON Lines of `reader`, which is not a file.
    pub(super) fn update_lines(&mut self, reader: impl BufRead) -> Result<()> {
        let mut open = OpenFile {
            file: None,
            path: "",
            id: "-".to_owned(),
            indexed: HashMap::new(),
            current: BTreeSet::new(),
            is_sole_document: false,
        };
        let limits = self.writer.read_limits();
        for document in mapped_lines("-", reader, self.options.mapping.clone(), limits) {
            if self.must_stop() {
                break;
            }
            self.update_document(&mut open, document.and_then(completed))?;
        }
        self.count_format(Format::JsonLines, FormatStats::default());
        Ok(())
    }

    /// Reads one file, unless its size and time are those of its record.
    pub(super) fn update_file(&mut self, file: &SourceFile) -> Result<()> {
        let path = source_path::encode(&file.path);
        let (size, modified) = match size_and_time(&file.path) {
            Ok(size_and_time) => size_and_time,
            Err(reason) => {
                self.fail(&path, reason);
                return Ok(());
            }
        };
        let recorded = self.sources.get(&path).cloned();
        // With other options the file gives other documents, so it must be read.
        let comparable = recorded.as_ref().filter(|source| source.options == self.fingerprint);
        let is_unchanged = |source: &&Source| (source.size, source.modified) == (size, modified);
        if let Some(source) = comparable.filter(is_unchanged) {
            self.count_unchanged(source);
            return Ok(());
        }
        let limit = self.writer.read_limits().file();
        let FileContent { content, format, hash } = match file::read(&file.path, size, limit) {
            Ok(content) => content,
            Err(reason) => {
                self.fail(&path, reason);
                return Ok(());
            }
        };
        self.report.source_bytes += size;
        let mut source = Source {
            path,
            root: source_path::encode(&file.root),
            size,
            modified,
            hash,
            documents: 0,
            format: format.name().to_owned(),
            options: self.fingerprint.clone(),
            sole_document: None,
        };
        if let Some(recorded) = comparable.filter(|recorded| recorded.hash == source.hash) {
            // Only the time has changed: the new record saves the next run from reading the file.
            self.count_unchanged(recorded);
            (source.documents, source.sole_document) =
                (recorded.documents, recorded.sole_document.clone());
        } else {
            self.read_documents(file, format, content, &mut source)?;
        }
        if recorded.as_ref() == Some(&source) {
            return Ok(());
        }
        self.report.touched = true;
        self.writer.add_source(&source)
    }

    /// Brings the documents of a file up to date, and completes its record.
    fn read_documents(
        &mut self,
        file: &SourceFile,
        format: Format,
        content: Content,
        source: &mut Source,
    ) -> Result<()> {
        let before = self.counts();
        source.documents = self.update_documents(file, &source.path, format, content)?;
        source.sole_document = self.duplicates.sole_document(&source.path).cloned();
        self.count_format(format, before);
        if self.counts().failed > before.failed {
            // The file was not read in full: this record makes the next run read it, and report its failures, again.
            (source.modified, source.hash) = (0, String::new());
        }
        Ok(())
    }

    /// Brings the documents of a file up to date. Returns how many documents the file holds.
    fn update_documents(
        &mut self,
        file: &SourceFile,
        path: &str,
        format: Format,
        content: Content,
    ) -> Result<u32> {
        let indexed: HashMap<String, String> =
            self.writer.document_hashes(path)?.into_iter().collect();
        let id = self.id(file, format, path, &indexed)?;
        let (file, current) = (Some(file), BTreeSet::new());
        let mut open = OpenFile { file, path, id, indexed, current, is_sole_document: false };
        let failures = self.report.failures.len();
        self.update_content(&mut open, format, content)?;
        if self.report.failures.len() > failures {
            // A document that cannot be read now may still exist: keep what is indexed.
            let count = open.indexed.len().max(open.current.len());
            return Ok(u32::try_from(count).unwrap_or(u32::MAX));
        }
        if !open.is_sole_document {
            self.duplicates.leaves(path);
        }
        self.remove_outdated(&open)?;
        let count = open.current.len() + usize::from(self.duplicates.is_duplicate(path));
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Adds or replaces each changed document in the content of a file.
    fn update_content(
        &mut self,
        open: &mut OpenFile<'_>,
        format: Format,
        content: Content,
    ) -> Result<()> {
        let limits = self.writer.read_limits();
        let mapping = &self.options.mapping;
        let id = open.id.clone();
        match content {
            Content::Bytes(bytes) => {
                let mut skipped = BTreeMap::new();
                for document in documents(format, &id, &bytes, mapping, limits, &mut skipped) {
                    self.update_document(open, document)?;
                }
                for (kind, count) in skipped {
                    *self.report.skipped.entry(kind).or_default() += count;
                }
            }
            Content::Lines(lines) => {
                for document in mapped_lines(&id, lines, mapping.clone(), limits) {
                    self.update_document(open, document.and_then(completed))?;
                }
            }
        }
        Ok(())
    }

    /// Removes the documents that the index holds from a file and that the file no longer holds.
    fn remove_outdated(&mut self, open: &OpenFile<'_>) -> Result<()> {
        let outdated: BTreeSet<&String> =
            open.indexed.keys().filter(|id| !open.current.contains(*id)).collect();
        for id in outdated {
            self.writer.remove(id)?;
            self.report.removed += 1;
            self.progress.changed(Change::Removed, id);
        }
        Ok(())
    }

    /// Adds one document, unless its hash is that of the indexed one or a duplicate is indexed.
    fn update_document(
        &mut self,
        open: &mut OpenFile<'_>,
        document: Result<Document>,
    ) -> Result<()> {
        let mut document = match document {
            Ok(document) => document,
            Err(error) => {
                self.report.failures.push(failure(open.path, error));
                return Ok(());
            }
        };
        open.path.clone_into(&mut document.source);
        document.detect_lang();
        self.options.overrides.apply(&mut document);
        if let Some(reason) = self.id_conflict(open, &document.id)? {
            self.fail(open.path, reason);
            return Ok(());
        }
        let sole_file = open.file.filter(|_| open.id == document.id);
        let digest = sole_file.map(|_| content_digest(&document));
        if let Some((file, digest)) = sole_file.zip(digest.as_deref())
            && !self.is_indexed(file, &document.id, digest)?
        {
            open.is_sole_document = true;
            return Ok(());
        }
        if open.indexed.get(&document.id) == Some(&document_hash(&document)) {
            self.report.unchanged += 1;
        } else if !self.write(open, &document, digest.as_deref())? {
            return Ok(());
        }
        open.is_sole_document |= digest.is_some();
        open.current.insert(document.id);
        Ok(())
    }

    /// Writes a new or changed document. Returns whether it could be written; if not, it is a failure.
    fn write(
        &mut self,
        open: &OpenFile<'_>,
        document: &Document,
        digest: Option<&str>,
    ) -> Result<bool> {
        let id = &document.id;
        let is_from_standard_input = open.path.is_empty();
        let replaces = open.indexed.contains_key(id)
            || (is_from_standard_input && self.writer.source_of(id)?.is_some());
        match self.writer.add_with_digest(document, digest) {
            Ok(passages) => self.report.passages += passages as u64,
            Err(Error::Document { id, reason }) => {
                self.duplicates.leaves(open.path);
                self.fail(&id, reason);
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        let change = if replaces {
            self.report.updated += 1;
            Change::Updated
        } else {
            self.report.added += 1;
            Change::Added
        };
        self.progress.changed(change, id);
        self.taken_ids.insert(id.clone(), open.path.to_owned());
        Ok(true)
    }

    /// Returns why a document of a file cannot have this id; `None` if it can.
    fn id_conflict(&self, open: &OpenFile<'_>, id: &str) -> Result<Option<String>> {
        if open.current.contains(id) {
            let reason = format!("the id {id:?} is there twice: only the first one is indexed");
            return Ok(Some(reason));
        }
        let other = self.source_of(id)?.filter(|path| path != open.path && !open.path.is_empty());
        Ok(other.map(|path| format!("the id {id:?} is that of a document in {path}")))
    }

    /// Returns whether the document of a file is the one to index among its duplicates. Removes the one that it replaces.
    fn is_indexed(&mut self, file: &SourceFile, id: &str, digest: &str) -> Result<bool> {
        let [path, root] = [&file.path, &file.root].map(|path| source_path::encode(path));
        match self.duplicates.arrives(digest, Candidate { id: id.to_owned(), path, root }) {
            Arrival::Duplicate => Ok(false),
            Arrival::First { replaces } => {
                if let Some(replaced) = replaces {
                    self.writer.remove(&replaced)?;
                    self.report.removed += 1;
                }
                Ok(true)
            }
        }
    }

    /// Reads the files that take the place of duplicates that are gone or have changed.
    fn read_missing_duplicates(&mut self) -> Result<()> {
        while let Some(candidate) = self.duplicates.missing().cloned() {
            // The file is unchanged, but must be read.
            self.sources.remove(&candidate.path);
            self.update_file(&SourceFile {
                path: source_path::decode(&candidate.path),
                root: source_path::decode(&candidate.root),
            })?;
            if self.duplicates.missing() == Some(&candidate) {
                // The file cannot be read: the next duplicate takes its place, and the next run tries this one again.
                self.duplicates.leaves(&candidate.path);
                let Candidate { path, root, .. } = candidate;
                self.writer.add_source(&Source { path, root, ..Source::default() })?;
            }
        }
        Ok(())
    }

    /// Returns the id of the document of a file, or the prefix of the ids of its documents: the path below the root, with the name of
    /// the root before it if another file has that id.
    fn id(
        &self,
        file: &SourceFile,
        format: Format,
        path: &str,
        indexed: &HashMap<String, String>,
    ) -> Result<String> {
        if indexed.len() == 1 && !format.holds_many() {
            return Ok(indexed.keys().next().cloned().unwrap_or_default());
        }
        let below_root = path_below_root(file);
        let root = source_path::encode(Path::new(file.root.file_name().unwrap_or_default()));
        let with_root = format!("{root}/{below_root}");
        let numbered = (2..).map(|number| format!("{root}-{number}/{below_root}"));
        for id in [below_root.clone(), with_root].into_iter().chain(numbered) {
            let owner = self.source_of(&id)?;
            // A file that is gone leaves its id to the file that takes its place.
            if owner.is_none_or(|owner| owner == path || source_path::is_gone(&owner)) {
                return Ok(id);
            }
        }
        Ok(path.to_owned())
    }

    /// Returns the path of the file that has the document `id`, empty for a document without a file. Returns `None` if there is no such
    /// document or its file is gone.
    fn source_of(&self, id: &str) -> Result<Option<String>> {
        if let Some(path) = self.taken_ids.get(id) {
            return Ok(Some(path.clone()));
        }
        let path = self.writer.source_of(id)?;
        Ok(path.filter(|path| path.is_empty() || !source_path::is_gone(path)))
    }

    /// Removes the documents of files that the walk no longer finds under its roots.
    pub(super) fn remove_gone(&mut self, walk: &Walk) -> Result<()> {
        let is_gone = |source: &&Source| walk.lacks(&source.path, &source.root);
        let mut gone: Vec<Source> = self.sources.values().filter(is_gone).cloned().collect();
        gone.sort_by(|a, b| a.path.cmp(&b.path));
        for source in gone {
            if !self.duplicates.is_duplicate(&source.path) {
                self.report.removed += u64::from(source.documents);
            }
            for (id, _) in self.writer.document_hashes(&source.path)? {
                self.progress.changed(Change::Removed, &id);
            }
            self.writer.remove_source(&source.path)?;
            self.duplicates.leaves(&source.path);
            self.report.touched = true;
        }
        Ok(())
    }

    /// Adds a failure to the report. The update goes on.
    fn fail(&mut self, source: &str, reason: String) {
        self.report.failures.push(Failure::new(source, reason));
    }

    fn count_unchanged(&mut self, source: &Source) {
        if !self.duplicates.is_duplicate(&source.path) {
            self.report.unchanged += u64::from(source.documents);
        }
    }

    /// Returns the counts so far, of all formats together.
    fn counts(&self) -> FormatStats {
        let Update { added, updated, passages, failures, .. } = &self.report;
        let (documents, failed) = (added + updated, failures.len() as u64);
        FormatStats { files: 0, documents, passages: *passages, failed }
    }

    /// Counts one file of a format, with what was read since the counts were `before`.
    fn count_format(&mut self, format: Format, before: FormatStats) {
        let now = self.counts();
        let stats = self.report.formats.entry(format.name().to_owned()).or_default();
        stats.files += 1;
        stats.documents += now.documents - before.documents;
        stats.passages += now.passages - before.passages;
        stats.failed += now.failed - before.failed;
    }
}

/// Returns the failure of a document of the file `path`.
fn failure(path: &str, error: Error) -> Failure {
    match error {
        Error::Document { id, reason } => Failure::new(id, reason),
        other => Failure::new(path, other.to_string()),
    }
}

/// Returns the path of a file below its root, with `/` as the separator. For a file that is a root itself, returns its name.
fn path_below_root(file: &SourceFile) -> String {
    let below = file.path.strip_prefix(&file.root).ok();
    let below = below.filter(|below| !below.as_os_str().is_empty());
    let below = below.unwrap_or_else(|| Path::new(file.path.file_name().unwrap_or_default()));
    let parts = below.components().map(|part| source_path::encode(part.as_ref()));
    parts.collect::<Vec<_>>().join("/")
}

/// Returns the size of a file in bytes and the time of its last change, or why it cannot be read.
fn size_and_time(path: &Path) -> Result<(u64, u64), String> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok((metadata.len(), modified(&metadata))),
        Ok(_) => Err("is no file any more".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the time of the last change in milliseconds since 1970; 0 if it is unknown.
pub(super) fn modified(metadata: &fs::Metadata) -> u64 {
    let time = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    time.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, sync::atomic::AtomicBool};

    use super::*;
    use crate::index::{Index, update, update_from};

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs one update of `index` and returns added, updated, unchanged, removed and failed documents.
    fn counts(index: &Index, root: &Path, options: &UpdateOptions) -> [u64; 5] {
        let mut writer = index.writer().unwrap();
        let roots = [root.to_owned()];
        let report = update(&mut writer, &roots, options, &AtomicBool::new(false)).unwrap();
        writer.commit().unwrap();
        let Update { added, updated, unchanged, removed, failures, .. } = report;
        [added, updated, unchanged, removed, failures.len() as u64]
    }

    #[test]
    fn only_differences_between_files_and_records_change_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("news");
        write(&root, "a.txt", "Ports grew.\n");
        write(&root, "deep/b.txt", "Railways grew.\n");
        write(&root, "two.jsonl", "{\"id\":\"x\",\"text\":\"One.\"}\n{\"id\":\"y\",\"text\":\"Two.\"}\n");
        let index = Index::in_memory();
        let options = UpdateOptions::default();
        let mut overridden = UpdateOptions::default();
        overridden.overrides.issuer = Some("Ministry of Law".to_owned());
        type Change = fn(&Path);
        let steps: [(&str, Change, &UpdateOptions, [u64; 5]); 9] = [
            ("first run", |_| {}, &options, [4, 0, 0, 0, 0]),
            ("nothing", |_| {}, &options, [0, 0, 4, 0, 0]),
            ("equal bytes", |root| write(root, "a.txt", "Ports grew.\n"), &options, [0, 0, 4, 0, 0]),
            ("other text", |root| write(root, "a.txt", "Ports shrank.\n"), &options, [0, 1, 3, 0, 0]),
            (
                "one line less",
                |root| write(root, "two.jsonl", "{\"id\":\"x\",\"text\":\"One.\"}\n"),
                &options,
                [0, 0, 3, 1, 0],
            ),
            (
                "duplicate with a later id",
                |root| write(root, "z.txt", "Ports shrank.\n"),
                &options,
                [0, 0, 3, 0, 0],
            ),
            (
                "the indexed duplicate is gone",
                |root| fs::remove_file(root.join("a.txt")).unwrap(),
                &options,
                [1, 0, 2, 1, 0],
            ),
            ("no text", |root| write(root, "empty.txt", " "), &options, [0, 0, 3, 0, 1]),
            ("other options", |_| {}, &overridden, [0, 3, 0, 0, 1]),
        ];
        for (name, change, options, expected) in steps {
            change(&root);
            assert_eq!(counts(&index, &root, options), expected, "{name}");
        }
    }

    #[test]
    fn ids_are_paths_below_the_root() {
        for (path, root, expected) in [
            ("/news/a.txt", "/news", "a.txt"),
            ("/news/2024/a.txt", "/news", "2024/a.txt"),
            ("/news/a.txt", "/news/a.txt", "a.txt"),
            ("/other/a.txt", "/news", "a.txt"),
        ] {
            let file = SourceFile { path: PathBuf::from(path), root: PathBuf::from(root) };
            assert_eq!(path_below_root(&file), expected, "{path} under {root}");
        }
    }

    #[test]
    fn conflicting_ids_and_bad_lines_are_failures_of_the_line() {
        let index = Index::in_memory();
        let mut writer = index.writer().unwrap();
        let lines = "{\"id\":\"x\",\"text\":\"One.\"}\n{\"id\":\"x\",\"text\":\"Two.\"}\n{oops\n";
        let stop = AtomicBool::new(false);
        let report =
            update_from(&mut writer, lines.as_bytes(), &UpdateOptions::default(), &stop).unwrap();
        assert_eq!((report.added, report.failures.len()), (1, 2), "{report:?}");
        assert!(report.failures[0].reason.contains("is there twice"), "{report:?}");
        assert_eq!(report.formats["JSON Lines"].failed, 2);
    }

    #[test]
    fn a_dry_run_counts_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.txt", "Ports grew.\n");
        let index = Index::in_memory();
        let mut writer = index.dry_run().unwrap();
        let (roots, options) = ([folder.path().to_owned()], UpdateOptions::default());
        let report = update(&mut writer, &roots, &options, &AtomicBool::new(false)).unwrap();
        assert_eq!((report.added, report.passages), (1, 1));
        assert_eq!(writer.commit().unwrap().documents, 0);
    }
}
