//! Reads the word lists of the user from the folder of an index, and reads them again when a file has changed.

use std::{
    fs::{self, File},
    io::Read,
    path::Path,
    sync::Arc,
    time::SystemTime,
};

use crate::analysis::{MAX_WORD_LIST_BYTES, WordList, WordLists, fnv1a, list_too_large_message};

/// Length and time of modification of the file of each list, in the order of [`WordList::ALL`]. `None` for a file that
/// does not exist.
type WordListFileStates = [Option<(u64, Option<SystemTime>)>; WordList::ALL.len()];

/// Source of the word lists of an index.
#[derive(Debug)]
pub(super) enum WordListSource {
    /// The files in the folder of the index.
    Files { states: WordListFileStates, lists: Option<Arc<WordLists>> },
    /// Lists that a program has set through the API.
    Memory(Arc<WordLists>),
}

impl Default for WordListSource {
    fn default() -> Self {
        Self::Files { states: WordListFileStates::default(), lists: None }
    }
}

impl WordListSource {
    /// Returns the word lists, and their version. `None` if there are no lists. Reads the files in `dir` if they have
    /// changed.
    pub(super) fn read(&mut self, dir: Option<&Path>) -> (Option<Arc<WordLists>>, Option<u64>) {
        if let (Self::Files { states, lists }, Some(dir)) = (&mut *self, dir) {
            let new_states = word_list_file_states(dir);
            if new_states != *states {
                *lists =
                    new_states.iter().any(Option::is_some).then(|| Arc::new(read_word_lists(dir)));
                *states = new_states;
            }
            return (lists.clone(), version_of_files(states));
        }
        match self {
            Self::Files { .. } => (None, None),
            Self::Memory(lists) => (Some(Arc::clone(lists)), Some(lists.fingerprint())),
        }
    }

    /// Returns the version of the word lists. The version changes when a file in `dir` changes. `None` if there are no
    /// lists.
    pub(super) fn version(&self, dir: Option<&Path>) -> Option<u64> {
        match self {
            Self::Files { .. } => version_of_files(&word_list_file_states(dir?)),
            Self::Memory(lists) => Some(lists.fingerprint()),
        }
    }
}

/// Returns length and time of modification of the file of each word list in `dir`.
fn word_list_file_states(dir: &Path) -> WordListFileStates {
    WordList::ALL.map(|list| {
        let metadata = fs::metadata(dir.join(list.file_name())).ok()?;
        Some((metadata.len(), metadata.modified().ok()))
    })
}

/// Returns a version that changes when `states`, the states of the word list files, change. `None` if no file exists.
fn version_of_files(states: &WordListFileStates) -> Option<u64> {
    let has_files = states.iter().any(Option::is_some);
    has_files.then(|| fnv1a(format!("{states:?}").as_bytes()))
}

/// Reads the word lists whose files are in `dir`. For a file that cannot be read, the result contains a problem with
/// the reason.
fn read_word_lists(dir: &Path) -> WordLists {
    let mut lists = WordLists::default();
    for list in WordList::ALL {
        lists = match read_word_list(&dir.join(list.file_name())) {
            Ok(Some(text)) => lists.with(list, &text),
            Ok(None) => lists,
            Err(message) => lists.with_unreadable_list(list, message),
        };
    }
    lists
}

/// Returns the text of a word list. `None` if there is no such file.
///
/// # Errors
/// A message with the reason why the file cannot be read.
fn read_word_list(path: &Path) -> Result<Option<String>, String> {
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        // Opening a pipe would wait for a program that writes to it.
        Ok(metadata) if !metadata.is_file() => return Err("the list is not a file".to_owned()),
        _ => {}
    }
    let mut bytes = Vec::new();
    let read = File::open(path)
        .and_then(|file| file.take(MAX_WORD_LIST_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("the list cannot be read: {error}"))?;
    if bytes.len() as u64 > MAX_WORD_LIST_BYTES {
        return Err(list_too_large_message());
    }
    let text = String::from_utf8(bytes);
    text.map(Some).map_err(|_| "the list is not UTF-8 text: save it as UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the problems of the list of synonyms with this content.
    fn problems(content: &[u8]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("synonyms.txt"), content).unwrap();
        let (lists, version) = WordListSource::default().read(Some(dir.path()));
        assert!(version.is_some());
        lists.unwrap().problems().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_unusable_list_file_is_reported_as_a_problem() {
        assert!(problems(b"car, automobile").is_empty());
        assert!(problems("\u{feff}车, 汽车\r\n".as_bytes()).is_empty());
        assert_eq!(
            problems(b"caf\xe9, bar"),
            ["synonyms.txt: the list is not UTF-8 text: save it as UTF-8"]
        );
        assert_eq!(
            problems(&b"car, automobile\n".repeat(70_000)),
            ["synonyms.txt: the list has more than 1 MiB: make it shorter"]
        );
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("synonyms.txt")).unwrap();
        let (lists, _) = WordListSource::default().read(Some(dir.path()));
        assert_eq!(
            lists.unwrap().problems()[0].to_string(),
            "synonyms.txt: the list is not a file"
        );
    }

    #[test]
    fn the_version_changes_with_each_change_of_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let mut source = WordListSource::default();
        assert!(source.read(Some(dir.path())).0.is_none());
        let path = dir.path().join("synonyms.txt");
        let mut versions = vec![source.version(Some(dir.path()))];
        for content in ["car, automobile", "car, automobile, bus"] {
            fs::write(&path, content).unwrap();
            versions.push(source.version(Some(dir.path())));
            let (lists, version) = source.read(Some(dir.path()));
            assert_eq!(Some(&version), versions.last());
            assert!(lists.unwrap().problems().is_empty());
        }
        fs::remove_file(&path).unwrap();
        versions.push(source.version(Some(dir.path())));
        assert!(source.read(Some(dir.path())).0.is_none());
        assert_eq!((versions[0], versions[3]), (None, None));
        assert!(versions[1].is_some() && versions[1] != versions[2]);
    }
}
