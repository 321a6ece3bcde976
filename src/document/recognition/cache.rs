//! Keeps recognized pages in a folder, so that no page is recognized twice.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::page::RecognizedPage;

/// Folder of recognized pages. Each page is a file, whose name is the key of the page. The first line of a file is the
/// SHA-256 of the rest, so that a damaged file is never taken for a page.
#[derive(Debug)]
pub(super) struct RecognizedPageCache {
    folder: PathBuf,
}

impl RecognizedPageCache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Returns the page with this key; `None` if the cache does not contain it, or its file is damaged.
    pub(super) fn get(&self, key: &str) -> Option<RecognizedPage> {
        let content = fs::read_to_string(self.path(key)).ok()?;
        let (digest, page) = content.split_once('\n')?;
        if digest != hexadecimal_sha_256(page.as_bytes()) {
            return None;
        }
        serde_json::from_str(page).ok()
    }

    /// Stores a page. Another process reads either the whole page or none of it.
    pub(super) fn put(&self, key: &str, page: &RecognizedPage) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let page = serde_json::to_string(page)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        write!(file, "{}\n{page}", hexadecimal_sha_256(page.as_bytes()))?;
        file.persist(self.path(key))?;
        Ok(())
    }

    /// Returns the path of the file of the page with this key.
    fn path(&self, key: &str) -> PathBuf {
        Path::new(&self.folder).join(key)
    }
}

/// Returns the SHA-256 of `bytes` in hexadecimal digits.
pub(super) fn hexadecimal_sha_256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::recognition::page::RecognizedLine;

    #[test]
    fn a_damaged_page_is_not_returned() {
        let folder = tempfile::tempdir().unwrap();
        let cache = RecognizedPageCache::new(folder.path().join("ocr"));
        let line = RecognizedLine { text: "Ports grew.".to_owned(), ..RecognizedLine::default() };
        let page = RecognizedPage { height: 3508, lines: vec![line] };
        assert_eq!(cache.get("a"), None);
        cache.put("a", &page).unwrap();
        assert_eq!(cache.get("a"), Some(page.clone()));
        let content = fs::read_to_string(cache.path("a")).unwrap();
        fs::write(cache.path("a"), content.replace("grew", "grow")).unwrap();
        assert_eq!(cache.get("a"), None);
        cache.put("a", &page).unwrap();
        assert_eq!(cache.get("a"), Some(page));
    }
}
