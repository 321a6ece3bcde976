//! Roots → the files under them that are to be read, in a stable order, and what is passed over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File as OpenFile},
    io::{self, Read},
    path::{Path, PathBuf},
};

use ignore::{
    DirEntry, Walk as Entries, WalkBuilder,
    gitignore::{Gitignore, GitignoreBuilder},
    overrides::OverrideBuilder,
};

use super::source_path;
use crate::{
    document::{Format, extension_label},
    error::{Error, Result},
};

/// Its lines are globs of files that are left out, as in `.gitignore`; it counts for its folder and
/// those below.
const IGNORE_FILE: &str = ".gzsearchignore";
/// So many bytes tell the format of a file.
const HEAD_BYTES: u64 = 4_096;

/// Which files under a folder are read. Globs are those of `.gitignore`: `*.html` at any depth,
/// `drafts/` a folder at any depth, `/a/*.md` from the folder that was given. They are for files in
/// folders: what was named itself is always read, and a packed file is read in full.
///
/// Hidden files, and what a file `.gzsearchignore` lists, are left out in any case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileFilter {
    /// Only files that one of these matches, if there are any.
    pub include: Vec<String>,
    /// No file that one of these matches.
    pub exclude: Vec<String>,
    /// Whether what `.gitignore` files list is left out as well.
    pub gitignore: bool,
    /// Whether symbolic links are followed. Else they are passed over, and counted.
    pub follow: bool,
}

/// A file to be read, and the root it was found under.
pub(in crate::index) struct File {
    pub(in crate::index) path: PathBuf,
    pub(in crate::index) root: PathBuf,
}

/// What there is under the roots.
#[derive(Default)]
pub(in crate::index) struct Walk {
    pub(in crate::index) files: Vec<File>,
    /// Files that are not read, by kind.
    pub(in crate::index) skipped: BTreeMap<String, u64>,
    /// What could not be looked at, and why.
    pub(in crate::index) failures: Vec<(String, String)>,
    /// Names of all files that are there, those that are not read too.
    present: BTreeSet<String>,
    /// The names of the roots, and whether all that is under them could be looked at.
    roots: Vec<(String, bool)>,
}

impl Walk {
    /// Looks at everything under `roots` but `own`, the folder of the index.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where a root is not there, [`Error::InvalidArgument`] for a glob that is none.
    pub(in crate::index) fn new(
        roots: &[PathBuf],
        selection: &FileFilter,
        own: Option<&Path>,
    ) -> Result<Self> {
        let own = own.and_then(|own| own.canonicalize().ok());
        let mut walk = Self::default();
        for given in roots {
            let root = fs::canonicalize(given).map_err(Error::io("read", given))?;
            let failures = walk.failures.len();
            let included = included(&root, selection)?;
            for entry in entries(&root, selection, own.clone())? {
                match entry {
                    Ok(entry) if included(&entry) => walk.see(&entry, &root),
                    Ok(_) => {}
                    Err(error) => {
                        walk.failures.push((given.display().to_string(), error.to_string()));
                    }
                }
            }
            walk.roots.push((source_path::of(&root), walk.failures.len() == failures));
        }
        Ok(walk)
    }

    fn see(&mut self, entry: &DirEntry, root: &Path) {
        let path = entry.path();
        let skip = match entry.file_type() {
            Some(found) if found.is_dir() => return,
            Some(found) if found.is_symlink() => Some("symbolic link".to_owned()),
            Some(found) if found.is_file() => match is_read(path) {
                Ok(true) => None,
                Ok(false) => Some(extension_label(path)),
                Err(error) => {
                    self.present.insert(source_path::of(path));
                    self.failures.push((path.display().to_string(), error.to_string()));
                    return;
                }
            },
            _ => Some("pipe, socket or device".to_owned()),
        };
        // One that two roots hold is read once.
        if !self.present.insert(source_path::of(path)) {
            return;
        }
        match skip {
            None => self.files.push(File { path: path.to_owned(), root: root.to_owned() }),
            Some(kind) => *self.skipped.entry(kind).or_default() += 1,
        }
    }

    /// Whether a file that was read before, under `root`, has to go: it is there no more, or the
    /// selection leaves it out now. What could not be looked at may be there still.
    pub(in crate::index) fn lacks(&self, path: &str, root: &str) -> bool {
        let below = |(walked, _): &&(String, bool)| Path::new(path).starts_with(walked);
        if self.present.contains(path) || !self.roots.iter().any(|root| below(&root)) {
            return false;
        }
        let left_out = self.roots.iter().any(|(walked, whole)| *whole && walked == root);
        left_out || source_path::is_gone(path)
    }
}

/// Tells whether an entry is among those that are to be looked at: all are where nothing says which.
fn included(root: &Path, selection: &FileFilter) -> Result<impl Fn(&DirEntry) -> bool> {
    let mut globs = GitignoreBuilder::new(root);
    for glob in &selection.include {
        // What begins a comment or an exception there is a part of the name here.
        let special = glob.starts_with(['!', '#']);
        let line = if special { format!("\\{glob}") } else { glob.clone() };
        globs.add_line(None, &line).map_err(|error| no_glob(glob, &error))?;
    }
    let globs: Gitignore =
        globs.build().map_err(|error| Error::invalid("glob", error.to_string()))?;
    Ok(move |entry: &DirEntry| {
        entry.depth() == 0
            || globs.is_empty()
            || globs.matched_path_or_any_parents(entry.path(), false).is_ignore()
    })
}

fn no_glob(glob: &str, error: &ignore::Error) -> Error {
    Error::invalid("glob", format!("{glob:?} is no glob, such as *.html or drafts/: {error}"))
}

/// Everything under `root` that is not left out.
fn entries(root: &Path, selection: &FileFilter, own: Option<PathBuf>) -> Result<Entries> {
    let mut globs = OverrideBuilder::new(root);
    for glob in &selection.exclude {
        globs.add(&format!("!{glob}")).map_err(|error| no_glob(glob, &error))?;
    }
    let globs = globs.build().map_err(|error| Error::invalid("glob", error.to_string()))?;
    let mut builder = WalkBuilder::new(root);
    builder
        .standard_filters(false)
        .hidden(true)
        .parents(true)
        .git_ignore(selection.gitignore)
        .require_git(false)
        .follow_links(selection.follow)
        .add_custom_ignore_filename(IGNORE_FILE)
        .overrides(globs)
        .sort_by_file_path(Ord::cmp);
    if let Some(own) = own {
        builder.filter_entry(move |entry| entry.path() != own);
    }
    Ok(builder.build())
}

/// Whether files such as this one are read, by name or first bytes.
fn is_read(path: &Path) -> io::Result<bool> {
    if Format::from_path(path).is_some() {
        return Ok(true);
    }
    let mut head = Vec::new();
    OpenFile::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(Format::detect(path, &head).is_some())
}
