//! Copies the last commit of an index into another folder, while other processes write and read the index.

#[cfg(not(test))]
use std::fs::{File as OutputFile, create_dir_all};
use std::{
    fs,
    io::{self, Write},
    path::Path,
};

#[cfg(test)]
use super::fault::{OutputFile, create_dir_all};
use super::{
    checksum::with_trailer,
    generation,
    meta_file::{META_FILE, TANTIVY_FILE_LIST_NAME},
    pinned_commit::PinnedCommit,
};
use crate::{
    analysis::WordList,
    error::{Error, Result},
};

/// Copies the last commit of the index in `dir`, and the word lists of the user, to the new or empty folder `out`.
/// After an error, removes the incomplete copy.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if `out` is not empty, [`Error::Damaged`] if files are missing, [`Error::Io`] if `out`
/// cannot be written.
pub(in crate::index) fn copy_last_commit(dir: &Path, out: &Path) -> Result<()> {
    let is_new_folder = !out.exists();
    create_dir_all(out).map_err(Error::io("create", out))?;
    if fs::read_dir(out).map_err(Error::io("read", out))?.next().is_some() {
        return Err(Error::invalid(
            "out",
            format!("{} is not empty: choose a new folder for the copy", out.display()),
        ));
    }
    let copy_result = copy_commit_into(dir, out);
    if copy_result.is_err() {
        // An incomplete copy is useless, and a folder that is not empty would stop the next attempt.
        generation::remove_index_files(out);
        if is_new_folder {
            drop(fs::remove_dir(out));
        }
    }
    copy_result
}

/// Copies the last commit and the word lists to the empty folder `out`. May leave an incomplete copy after an error.
fn copy_commit_into(dir: &Path, out: &Path) -> Result<()> {
    let commit = PinnedCommit::open(dir)?;
    if let Some(name) = commit.missing_files.first() {
        return Err(Error::Damaged { path: dir.to_owned(), detail: format!("{name} is missing") });
    }
    let generation_number = commit.generation;
    let folder = generation::folder(out, generation_number);
    let copy_result = create_dir_all(&folder).and_then(|()| copy_commit_files(commit, &folder));
    copy_result
        .and_then(|()| copy_word_lists(dir, out))
        .map_err(Error::io("write", &folder))
        .and_then(|()| generation::switch_to_generation(out, generation_number))
}

/// Copies the word lists of the user, if the folder `dir` contains any.
fn copy_word_lists(dir: &Path, out: &Path) -> io::Result<()> {
    for name in WordList::ALL.map(WordList::file_name) {
        if dir.join(name).is_file() {
            let mut copied_file = OutputFile::create_new(out.join(name))?;
            io::copy(&mut fs::File::open(dir.join(name))?, &mut copied_file)?;
            copied_file.sync_all()?;
        }
    }
    Ok(())
}

/// Copies the files of a commit to `folder`, and writes the list of managed files of tantivy.
fn copy_commit_files(commit: PinnedCommit, folder: &Path) -> io::Result<()> {
    let is_managed = |name: &String| !name.starts_with('.');
    let managed_names: Vec<String> =
        commit.files.keys().filter(|name| is_managed(name)).cloned().collect();
    debug_assert!(managed_names.iter().any(|name| name == META_FILE), "the commit has a meta file");
    for (name, mut file) in commit.files.into_iter().filter(|(name, _)| is_managed(name)) {
        let mut copied_file = OutputFile::create_new(folder.join(name))?;
        io::copy(&mut file, &mut copied_file)?;
        copied_file.sync_all()?;
    }
    // The original list of managed files also names files of other commits, so the copy gets its own list.
    let mut managed_list = OutputFile::create_new(folder.join(TANTIVY_FILE_LIST_NAME))?;
    managed_list.write_all(&with_trailer(&serde_json::to_vec(&managed_names)?))?;
    managed_list.sync_all()?;
    OutputFile::open(folder)?.sync_all()
}
