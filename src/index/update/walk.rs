//! Lists the files under the roots in a stable order, and counts the files that are skipped.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use ignore::{
    DirEntry, Walk as Entries, WalkBuilder,
    gitignore::{Gitignore, GitignoreBuilder},
    overrides::OverrideBuilder,
};

use super::{file::read_first_bytes, options::FileFilter, report::Failure, source_path};
use crate::{
    document::{Format, extension_label, is_lock_or_unfinished_download},
    error::{Error, Result},
    index::stored::Source,
};

/// Name of a file whose lines are globs of files to exclude, in the syntax of `.gitignore`. The globs apply to the
/// folder of this file and all folders below.
const IGNORE_FILE: &str = ".gzsearchignore";

/// Source file to read, and the root that contains it: the folder or file that the caller asked to index.
pub(in crate::index) struct SourceFile {
    pub(in crate::index) path: PathBuf,
    pub(in crate::index) root: PathBuf,
}

/// Rules by which a walk selects files.
#[derive(Clone, Copy)]
pub(super) struct FileSelection<'a> {
    pub(super) filter: &'a FileFilter,
    /// Whether pictures are read, because their text is recognized.
    pub(super) reads_pictures: bool,
}

/// Files and folders that a walk found under the roots.
#[derive(Default)]
pub(super) struct Walk {
    /// Files to read, in order.
    pub(super) files: Vec<SourceFile>,
    /// Number of files that were skipped because of their kind, by kind.
    pub(super) skipped: BTreeMap<String, u64>,
    /// Files and folders that could not be read.
    pub(super) failures: Vec<Failure>,
    /// Paths of all files, including skipped files, encoded as text.
    present_paths: BTreeSet<String>,
    roots: Vec<WalkedRoot>,
}

/// Root of a walk: a folder or file that the caller asked to index.
struct WalkedRoot {
    /// Path without symbolic links, encoded as text.
    real_path: String,
    /// Absolute path as the caller gave it, encoded as text.
    given_path: String,
    /// Whether every folder below the root could be read.
    is_complete: bool,
}

impl Walk {
    /// Lists the files under `roots`. Skips the folder of the index. Stops once `should_stop` returns true; the walk is
    /// incomplete then.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if a root is missing, [`Error::InvalidArgument`] for an invalid glob.
    pub(super) fn new(
        roots: &[PathBuf],
        selection: FileSelection<'_>,
        index_dir: Option<&Path>,
        should_stop: impl Fn() -> bool,
    ) -> Result<Self> {
        let mut walk = Self::default();
        let FileSelection { filter, reads_pictures } = selection;
        for root in roots {
            let real_root = fs::canonicalize(root).map_err(Error::io("read", root))?;
            let failures_before = walk.failures.len();
            let is_included = include_filter(&real_root, filter)?;
            for entry in walk_entries(&real_root, filter, index_dir)? {
                if should_stop() {
                    return Ok(walk);
                }
                match entry {
                    Ok(entry) if is_included(&entry) => {
                        walk.add_entry(&entry, &real_root, reads_pictures);
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let source = root.display().to_string();
                        walk.failures.push(Failure::new(source, error.to_string()));
                    }
                }
            }
            let is_complete = walk.failures.len() == failures_before;
            let given_root = std::path::absolute(root).unwrap_or_else(|_| root.clone());
            walk.roots.push(WalkedRoot {
                real_path: source_path::encode(&real_root),
                given_path: source_path::encode(&given_root),
                is_complete,
            });
        }
        Ok(walk)
    }

    /// Adds a file to the files to read, the skipped files or the failures. Ignores a folder, and a file that was added
    /// before.
    fn add_entry(&mut self, entry: &DirEntry, root: &Path, reads_pictures: bool) {
        let path = entry.path();
        let skipped_kind = match entry.file_type() {
            Some(file_type) if file_type.is_dir() => return,
            Some(file_type) if file_type.is_symlink() => Some("symbolic link".to_owned()),
            Some(file_type) if file_type.is_file() && is_lock_or_unfinished_download(path) => {
                Some("lock or unfinished download".to_owned())
            }
            Some(file_type) if file_type.is_file() => match is_supported(path, reads_pictures) {
                Ok(true) => None,
                Ok(false) => Some(extension_label(path)),
                Err(error) => {
                    self.present_paths.insert(source_path::encode(path));
                    let source = path.display().to_string();
                    self.failures.push(Failure::new(source, error.to_string()));
                    return;
                }
            },
            _ => Some("pipe, socket or device".to_owned()),
        };
        // Two roots may contain the same file. Read the file only once.
        if !self.present_paths.insert(source_path::encode(path)) {
            return;
        }
        match skipped_kind {
            None => {
                self.files.push(SourceFile { path: path.to_owned(), root: root.to_owned() });
            }
            Some(kind) => *self.skipped.entry(kind).or_default() += 1,
        }
    }

    /// Returns whether an encoded path lies under one of the roots.
    pub(super) fn covers_path(&self, path: &str) -> bool {
        self.roots.iter().any(|root| Path::new(path).starts_with(&root.real_path))
    }

    /// Returns the given path of each root whose given path differs from its path without symbolic links. The keys are
    /// the paths without symbolic links.
    pub(super) fn given_roots(&self) -> HashMap<String, String> {
        let roots = self.roots.iter().filter(|root| root.given_path != root.real_path);
        roots.map(|root| (root.real_path.clone(), root.given_path.clone())).collect()
    }

    /// Returns whether to remove a file from the index, because the file is missing, the filter now excludes it, or its
    /// root was a symbolic link that now leads to another folder. A file in a folder that could not be read counts as
    /// present.
    pub(super) fn must_remove_from_index(&self, source: &Source) -> bool {
        let Source { path, root, given_root, .. } = source;
        if self.present_paths.contains(path) {
            return false;
        }
        let leads_elsewhere = |walked_root: &WalkedRoot| {
            walked_root.given_path == *given_root && walked_root.real_path != *root
        };
        if !given_root.is_empty() && self.roots.iter().any(leads_elsewhere) {
            return true;
        }
        let is_excluded = self
            .roots
            .iter()
            .any(|walked_root| walked_root.is_complete && walked_root.real_path == *root);
        self.covers_path(path) && (is_excluded || source_path::is_certainly_missing(path))
    }
}

/// Returns a predicate for the files of a walk. The predicate accepts a file if an `include` glob matches the file or a
/// folder that contains the file. Without `include` globs, the predicate accepts all files. The predicate always
/// accepts a root.
pub(super) fn include_filter(
    root: &Path,
    filter: &FileFilter,
) -> Result<impl Fn(&DirEntry) -> bool> {
    let mut included_globs = GitignoreBuilder::new(root);
    for glob in &filter.include {
        // A leading `!` or `#` is special in `.gitignore`, but here it is a part of the file name.
        let is_special = glob.starts_with(['!', '#']);
        let escaped_glob = if is_special { format!("\\{glob}") } else { glob.clone() };
        included_globs.add_line(None, &escaped_glob).map_err(|error| invalid_glob(glob, &error))?;
    }
    let included_globs: Gitignore =
        included_globs.build().map_err(|error| Error::invalid("glob", error.to_string()))?;
    Ok(move |entry: &DirEntry| {
        entry.depth() == 0
            || included_globs.is_empty()
            || included_globs.matched_path_or_any_parents(entry.path(), false).is_ignore()
    })
}

fn invalid_glob(glob: &str, error: &ignore::Error) -> Error {
    Error::invalid("glob", format!("{glob:?} is not a glob such as *.html or drafts/: {error}"))
}

/// Iterates over all files and folders under `root` that `filter` does not exclude. Skips the index folder `index_dir`.
pub(super) fn walk_entries(
    root: &Path,
    filter: &FileFilter,
    index_dir: Option<&Path>,
) -> Result<Entries> {
    let mut excluded_globs = OverrideBuilder::new(root);
    for glob in &filter.exclude {
        excluded_globs.add(&format!("!{glob}")).map_err(|error| invalid_glob(glob, &error))?;
    }
    let excluded_globs =
        excluded_globs.build().map_err(|error| Error::invalid("glob", error.to_string()))?;
    let mut builder = WalkBuilder::new(root);
    builder
        .standard_filters(false)
        .hidden(true)
        .parents(true)
        .git_ignore(filter.gitignore)
        .require_git(false)
        .follow_links(filter.follow)
        .add_custom_ignore_filename(IGNORE_FILE)
        .overrides(excluded_globs)
        .sort_by_file_path(Ord::cmp);
    if let Some(index_dir) = index_dir.and_then(|dir| dir.canonicalize().ok()) {
        builder.filter_entry(move |entry| entry.path() != index_dir);
    }
    Ok(builder.build())
}

/// Returns whether the format of a file is supported. The file name or the first bytes determine the format.
fn is_supported(path: &Path, reads_pictures: bool) -> io::Result<bool> {
    let is_read = |format: Format| reads_pictures || !format.needs_text_recognition();
    if Format::from_path(path).is_some_and(is_read) {
        return Ok(true);
    }
    let first_bytes = read_first_bytes(&mut File::open(path)?)?;
    Ok(Format::detect(path, &first_bytes).is_some_and(is_read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with_files(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "Text.\n").unwrap();
        }
        folder
    }

    const fn selection(filter: &FileFilter) -> FileSelection<'_> {
        FileSelection { filter, reads_pictures: false }
    }

    #[test]
    fn filters_select_files_at_any_depth() {
        let folder = folder_with_files(&[
            "a.txt",
            "b.md",
            "in/a.txt",
            "drafts/c.txt",
            ".hidden/d.txt",
            "!e",
        ]);
        fs::write(folder.path().join("in/picture.png"), [0]).unwrap();
        let filter = |include: &[&str], exclude: &[&str]| FileFilter {
            include: include.iter().map(ToString::to_string).collect(),
            exclude: exclude.iter().map(ToString::to_string).collect(),
            ..FileFilter::default()
        };
        for (filter, expected, skipped) in [
            (filter(&[], &[]), &["!e", "a.txt", "b.md", "drafts/c.txt", "in/a.txt"][..], 1),
            (filter(&["*.md"], &[]), &["b.md"], 0),
            (filter(&["a.txt"], &[]), &["a.txt", "in/a.txt"], 0),
            (filter(&["/a.txt"], &[]), &["a.txt"], 0),
            (filter(&["!e"], &[]), &["!e"], 0),
            (filter(&[], &["drafts/", "in/"]), &["!e", "a.txt", "b.md"], 0),
            (filter(&["*.txt"], &["drafts/"]), &["a.txt", "in/a.txt"], 0),
            (filter(&["*.pdf"], &[]), &[], 0),
        ] {
            let roots = [folder.path().to_owned()];
            let walk = Walk::new(&roots, selection(&filter), None, || false).unwrap();
            let root = folder.path().canonicalize().unwrap();
            let path_below_root =
                |file: &SourceFile| file.path.strip_prefix(&root).unwrap().to_owned();
            let files: Vec<_> = walk.files.iter().map(path_below_root).collect();
            let expected: Vec<_> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(files, expected, "{filter:?}");
            assert_eq!(walk.skipped.values().sum::<u64>(), skipped, "{filter:?}");
        }
    }

    #[test]
    fn only_files_below_the_walked_roots_must_be_removed() {
        let folder = folder_with_files(&["one/a.txt", "one/b.txt", "two/c.txt"]);
        let root = folder.path().canonicalize().unwrap();
        let filter = FileFilter { exclude: vec!["b.txt".to_owned()], ..FileFilter::default() };
        let walk = Walk::new(&[root.join("one")], selection(&filter), None, || false).unwrap();
        for (path, root_of_record, expected) in [
            ("one/a.txt", "one", false),
            ("one/gone.txt", "one", true),
            // The filter now excludes the file.
            ("one/b.txt", "one", true),
            // The file was indexed from a root that this walk did not read.
            ("one/b.txt", "", false),
            ("two/c.txt", "two", false),
            ("two/gone.txt", "two", false),
        ] {
            let [path, root] = [path, root_of_record].map(|below| {
                source_path::encode(&root.join(below)).trim_end_matches('/').to_owned()
            });
            let source = Source { path, root, ..Source::default() };
            assert_eq!(walk.must_remove_from_index(&source), expected, "{source:?}");
        }
    }

    #[test]
    fn a_missing_root_is_an_error() {
        let folder = folder_with_files(&["a.txt"]);
        let roots = [folder.path().to_owned(), folder.path().join("nothere")];
        let walk = Walk::new(&roots, selection(&FileFilter::default()), None, || false);
        assert!(matches!(walk, Err(Error::Io { .. })));
    }

    #[test]
    fn a_stopped_walk_ends_at_once_and_lets_nothing_be_removed() {
        let folder = folder_with_files(&["a.txt", "b.txt"]);
        let roots = [folder.path().to_owned()];
        let walk = Walk::new(&roots, selection(&FileFilter::default()), None, || true).unwrap();
        assert!(walk.files.is_empty());
        let path = source_path::encode(&folder.path().join("gone.txt"));
        let root = source_path::encode(folder.path());
        assert!(!walk.must_remove_from_index(&Source { path, root, ..Source::default() }));
    }
}
