//! Examines the roots of an update (the folders and files to index) without a writer: whether the roots contain files,
//! and whether these files have changed since they were indexed.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use ignore::DirEntry;

use super::{
    files::FileAttributes,
    options::FileFilter,
    source_path,
    walk::{FileSelection, Walk, include_filter, walk_entries},
};
use crate::{
    error::{Error, Result},
    index::stored::Source,
    passage,
};

/// Returns whether `roots` contain a file that `filter` includes, or a folder that cannot be read.
///
/// # Errors
///
/// [`Error::Io`] if a root is missing, [`Error::InvalidArgument`] for an invalid glob.
pub(crate) fn roots_contain_files(
    roots: &[PathBuf],
    filter: &FileFilter,
    index_dir: &Path,
) -> Result<bool> {
    let real_roots = roots
        .iter()
        .map(|root| fs::canonicalize(root).map_err(Error::io("read", root)))
        .collect::<Result<Vec<_>>>()?;
    for root in real_roots {
        let is_included = include_filter(&root, filter)?;
        let is_file = |entry: &DirEntry| !entry.file_type().is_some_and(|kind| kind.is_dir());
        for entry in walk_entries(&root, filter, Some(index_dir))? {
            if entry.map_or(true, |entry| is_file(&entry) && is_included(&entry)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Returns whether a file under `roots` is new, changed or missing, compared with the records `sources`. Compares the
/// attributes of each file and the version of the document readers, not the content. `filter` must equal the filter of
/// the update that wrote `sources`. `index_dir` is the folder of the index, which the walk skips. A file that could
/// not be read in full never counts as changed. Returns `false` if no indexed file lies under `roots`.
///
/// # Errors
///
/// [`Error::Io`] if a root is missing, [`Error::InvalidArgument`] for an invalid glob.
pub(crate) fn files_have_changed(
    sources: &[Source],
    roots: &[PathBuf],
    filter: &FileFilter,
    index_dir: &Path,
) -> Result<bool> {
    let selection = FileSelection { filter, reads_pictures: false };
    let walk = Walk::new(roots, selection, Some(index_dir), || false)?;
    if !sources.iter().any(|source| walk.covers_path(&source.path)) {
        return Ok(false);
    }
    if sources.iter().any(|source| walk.must_remove_from_index(source)) {
        return Ok(true);
    }
    let sources: HashMap<&str, &Source> =
        sources.iter().map(|source| (source.path.as_str(), source)).collect();
    Ok(walk.files.iter().any(|file| {
        let source = sources.get(source_path::encode(&file.path).as_str());
        source.is_none_or(|source| file_has_changed(source, &file.path))
    }))
}

/// Returns whether the file at `path` has changed since its record `source` was written. Returns `false` for a file
/// that could not be read in full.
fn file_has_changed(source: &Source, path: &Path) -> bool {
    if source.modified == 0 {
        return false;
    }
    source.reader_version != passage::READER_VERSION
        || FileAttributes::of_file(path)
            .map_or(true, |attributes| !attributes.are_recorded_in(source))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::index::{Index, UpdateOptions, update};

    /// Function that creates, changes or removes files below the root that it gets.
    type FileChange = fn(&Path);

    #[test]
    fn new_changed_and_removed_files_are_changes() {
        let options = UpdateOptions {
            filter: FileFilter { exclude: vec!["drafts/".to_owned()], ..FileFilter::default() },
            ..UpdateOptions::default()
        };
        let changes: [(&str, bool, FileChange); 7] = [
            ("nothing", false, |_| {}),
            ("new file", true, |root| fs::write(root.join("new.txt"), "New.").unwrap()),
            ("new file in a sub-folder", true, |root| {
                fs::write(root.join("deep/er/new.txt"), "New.").unwrap();
            }),
            ("changed file", true, |root| {
                fs::write(root.join("deep/er/a.txt"), "Ports grew twice.").unwrap();
            }),
            ("removed file", true, |root| fs::remove_file(root.join("deep/er/a.txt")).unwrap()),
            ("new file that the filter excludes", false, |root| {
                fs::create_dir(root.join("drafts")).unwrap();
                fs::write(root.join("drafts/b.txt"), "Draft.").unwrap();
            }),
            ("changed file that cannot be read", false, |root| {
                fs::write(root.join("binary.txt"), "a\0bc").unwrap();
            }),
        ];
        for (name, expected, change) in changes {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().join("seeds");
            fs::create_dir_all(root.join("deep/er")).unwrap();
            fs::write(root.join("deep/er/a.txt"), "Ports grew.").unwrap();
            fs::write(root.join("binary.txt"), "a\0b").unwrap();
            let index = Index::in_memory();
            let mut writer = index.writer().unwrap();
            let roots = [root.clone()];
            update(&mut writer, &roots, &options, &AtomicBool::new(false)).unwrap();
            writer.commit().unwrap();
            change(&root);
            let sources = index.writer().unwrap().sources().unwrap();
            let index_dir = folder.path().join("index");
            let is_outdated =
                files_have_changed(&sources, &roots, &options.filter, &index_dir).unwrap();
            assert_eq!(is_outdated, expected, "{name}");
        }
    }

    #[test]
    fn only_included_files_count_as_files() {
        let folder = tempfile::tempdir().unwrap();
        let (empty_folder, full_folder) = (folder.path().join("empty"), folder.path().join("full"));
        fs::create_dir_all(empty_folder.join("below")).unwrap();
        fs::create_dir_all(full_folder.join("below")).unwrap();
        fs::write(full_folder.join("below/a.txt"), "Ports grew.").unwrap();
        let all_files = FileFilter::default();
        let only_html = FileFilter { include: vec!["*.html".to_owned()], ..FileFilter::default() };
        let index_dir = folder.path().join("index");
        for (roots, filter, expected) in [
            (vec![empty_folder.clone()], &all_files, false),
            (vec![full_folder.clone()], &all_files, true),
            (vec![full_folder.join("below/a.txt")], &all_files, true),
            (vec![empty_folder, full_folder.clone()], &all_files, true),
            (vec![full_folder.clone()], &only_html, false),
        ] {
            assert_eq!(
                roots_contain_files(&roots, filter, &index_dir).unwrap(),
                expected,
                "{roots:?}"
            );
        }
        let missing_roots = [full_folder, folder.path().join("nothere")];
        assert!(matches!(
            roots_contain_files(&missing_roots, &all_files, &index_dir),
            Err(Error::Io { .. })
        ));
    }
}
