//! Decides which of several files with equal content is indexed. When the indexed file disappears or changes, another
//! of these files is indexed instead.
//!
//! Of the files with equal content, the file whose document id sorts first is indexed. So the choice does not depend on
//! the order in which files are read.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::{
    document::Document,
    index::stored::{SoleDocument, Source, to_hexadecimal},
};

/// Number of hexadecimal digits of a content digest: half of a SHA-256, which is enough to distinguish texts.
const DIGEST_DIGIT_COUNT: usize = 32;

/// Returns a digest of the words, title, date and number of a document, and of its issuer if the file states one or the
/// web address names one. Leaves out a field that was inferred from the file name, so that copies of one file have
/// equal digests. The issuer distinguishes the copies of a joint statement.
pub(super) fn content_digest(document: &Document) -> String {
    let date = document.date.map(|date| date.to_string());
    let fields = [
        ("title", document.title.as_deref()),
        ("date", date.as_deref()),
        ("number", document.number.as_deref()),
    ];
    let mut hasher = Sha256::new();
    for (name, value) in fields {
        let origin = document.origins.get(name);
        let is_from_file_name = origin.is_some_and(|origin| origin.ends_with("file name"));
        hasher.update(value.filter(|_| !is_from_file_name).unwrap_or_default());
        hasher.update("\n");
    }
    let is_inferred = document.inferred.iter().any(|field| field == "issuer")
        && document.origins.get("issuer").is_none_or(|origin| origin != "address");
    if let Some(issuer) = document.issuer.as_deref().filter(|_| !is_inferred) {
        hasher.update(issuer);
        hasher.update("\n");
    }
    for word in document.text.split_whitespace() {
        hasher.update(word);
        hasher.update(" ");
    }
    let mut digest = to_hexadecimal(&hasher.finalize());
    digest.truncate(DIGEST_DIGIT_COUNT);
    digest
}

/// Source file with a single document. The file is a candidate, because only one of several files with equal content is
/// indexed. Candidates are ordered by document id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DuplicateCandidate {
    /// Id of the document. For a candidate that is not indexed, the id that its document would have.
    pub(super) id: String,
    /// Path of the file, encoded as text.
    pub(super) path: String,
    /// Path of the root that contains the file, encoded as text.
    pub(super) root: String,
}

/// Candidates with equal content. Only one candidate of the group is indexed.
#[derive(Debug, Default)]
struct DuplicateGroup {
    candidates: BTreeSet<DuplicateCandidate>,
    /// Candidate whose document is in the index; `None` if the index contains no document of the group.
    indexed_candidate: Option<DuplicateCandidate>,
}

/// Decision whether to index a document that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum IndexDecision {
    /// Index the document. If `replaces` is `Some`, also remove the document with this id from the index, because both
    /// documents have equal content.
    Index { replaces: Option<String> },
    /// Do not index the document, because a duplicate of the document is indexed.
    Skip,
}

/// Tracks all source files that contain a single document, by the digest of their content.
#[derive(Debug, Default)]
pub(super) struct DuplicateTracker {
    /// Groups of candidates, by content digest.
    groups: BTreeMap<String, DuplicateGroup>,
    /// Single document of each file, by path of the file.
    sole_documents: BTreeMap<String, SoleDocument>,
    /// Content digests of the groups whose first candidate must still be indexed.
    digests_to_index: BTreeSet<String>,
}

impl DuplicateTracker {
    /// Returns a tracker of `sources`, the source files in the last commit. Assumes that the index contains, of the
    /// files with equal content, the file whose document id sorts first, as after every commit.
    pub(super) fn new(sources: &[Source]) -> Self {
        let mut tracker = Self::default();
        for source in sources {
            if let Some(document) = source.sole_document.clone() {
                let (path, root) = (source.path.clone(), source.root.clone());
                let group = tracker.groups.entry(document.content_digest.clone()).or_default();
                let id = document.id.clone();
                tracker.sole_documents.insert(path.clone(), document);
                group.candidates.insert(DuplicateCandidate { id, path, root });
                group.indexed_candidate = group.candidates.first().cloned();
            }
        }
        tracker
    }

    /// Returns the document of the file `path`; `None` if the file has several documents.
    pub(super) fn sole_document(&self, path: &str) -> Option<&SoleDocument> {
        self.sole_documents.get(path)
    }

    /// Returns whether the file `path` is a duplicate that is not indexed.
    pub(super) fn is_duplicate(&self, path: &str) -> bool {
        let document = self.sole_documents.get(path);
        let group = document.and_then(|document| self.groups.get(&document.content_digest));
        group.is_some_and(|group| {
            group.indexed_candidate.as_ref().is_none_or(|candidate| candidate.path != path)
        })
    }

    /// Records that the content of a file now has the digest `digest`, and decides whether to index the file.
    pub(super) fn add_file(
        &mut self,
        digest: &str,
        candidate: DuplicateCandidate,
    ) -> IndexDecision {
        self.remove_file(&candidate.path);
        let document = SoleDocument { id: candidate.id.clone(), content_digest: digest.to_owned() };
        self.sole_documents.insert(candidate.path.clone(), document);
        let group = self.groups.entry(digest.to_owned()).or_default();
        group.candidates.insert(candidate.clone());
        let decision = group.add_file(candidate);
        self.update_digests_to_index(digest);
        decision
    }

    /// Records that the file `path` is gone or its content has changed.
    pub(super) fn remove_file(&mut self, path: &str) {
        let Some(SoleDocument { content_digest, .. }) = self.sole_documents.remove(path) else {
            return;
        };
        let Some(group) = self.groups.get_mut(&content_digest) else { return };
        group.candidates.retain(|candidate| candidate.path != path);
        if group.indexed_candidate.as_ref().is_some_and(|candidate| candidate.path == path) {
            group.indexed_candidate = None;
        }
        if group.candidates.is_empty() {
            self.groups.remove(&content_digest);
        }
        self.update_digests_to_index(&content_digest);
    }

    /// Returns a file whose document is missing from the index, so that the caller must read the file; `None` if no
    /// document is missing.
    pub(super) fn next_file_to_index(&self) -> Option<&DuplicateCandidate> {
        self.groups.get(self.digests_to_index.first()?)?.candidates.first()
    }

    /// Adds `digest` to `digests_to_index` if the first candidate of its group is not indexed. Removes `digest` in all
    /// other cases.
    fn update_digests_to_index(&mut self, digest: &str) {
        let group = self.groups.get(digest);
        if group.is_some_and(|group| group.candidates.first() != group.indexed_candidate.as_ref()) {
            self.digests_to_index.insert(digest.to_owned());
        } else {
            self.digests_to_index.remove(digest);
        }
    }
}

impl DuplicateGroup {
    fn add_file(&mut self, candidate: DuplicateCandidate) -> IndexDecision {
        if self.indexed_candidate.as_ref().is_some_and(|indexed| *indexed < candidate) {
            return IndexDecision::Skip;
        }
        let id = candidate.id.clone();
        let replaced_id = self.indexed_candidate.replace(candidate).map(|replaced| replaced.id);
        IndexDecision::Index { replaces: replaced_id.filter(|replaced_id| *replaced_id != id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: &str) -> DuplicateCandidate {
        DuplicateCandidate { id: id.to_owned(), path: format!("/{id}"), root: "/".to_owned() }
    }

    #[test]
    fn only_content_and_stated_fields_enter_the_digest() {
        let original = Document {
            title: Some("Ports".to_owned()),
            date: "2025-12-17".parse().ok(),
            ..Document::new("a.txt", "Ports\n\nPorts  grew.")
        };
        let with_date = |date: &str, origin: &str| {
            let mut document = Document { date: date.parse().ok(), ..original.clone() };
            document.origins.insert("date".to_owned(), origin.to_owned());
            document
        };
        let issuer = Some("Bureau of Ports".to_owned());
        let inferred_issuer = Document {
            issuer: issuer.clone(),
            inferred: vec!["issuer".to_owned()],
            ..original.clone()
        };
        let mut issuer_by_address = inferred_issuer.clone();
        issuer_by_address.origins.insert("issuer".to_owned(), "address".to_owned());
        let cases: [(Document, bool); 9] = [
            (Document { issuer, ..original.clone() }, false),
            (inferred_issuer, true),
            (issuer_by_address, false),
            (
                Document { id: "b.txt".to_owned(), source: "/b".to_owned(), ..original.clone() },
                true,
            ),
            (Document { text: "Ports Ports grew.\n".to_owned(), ..original.clone() }, true),
            (Document { text: "Ports\n\nPorts grew".to_owned(), ..original.clone() }, false),
            (Document { title: None, ..original.clone() }, false),
            (with_date("2025-12-18", "dateline"), false),
            (with_date("2025-12-18", "file name"), false),
        ];
        for (document, is_equal) in cases {
            assert_eq!(
                content_digest(&document) == content_digest(&original),
                is_equal,
                "{document:?}"
            );
        }
        assert_eq!(
            content_digest(&with_date("2025-12-18", "file name")),
            content_digest(&with_date("2024-01-11", "file name"))
        );
    }

    #[test]
    fn the_file_with_the_first_id_is_indexed() {
        let mut tracker = DuplicateTracker::default();
        let index_decision =
            |replaces: Option<&str>| IndexDecision::Index { replaces: replaces.map(str::to_owned) };
        assert_eq!(tracker.add_file("t", candidate("b")), index_decision(None));
        assert_eq!(tracker.add_file("t", candidate("c")), IndexDecision::Skip);
        assert_eq!(tracker.add_file("t", candidate("a")), index_decision(Some("b")));
        assert!(
            tracker.is_duplicate("/b")
                && !tracker.is_duplicate("/a")
                && tracker.next_file_to_index().is_none()
        );
        // The first file changes: the next file is indexed instead, and must be read.
        assert_eq!(tracker.add_file("other", candidate("a")), index_decision(None));
        assert_eq!(tracker.next_file_to_index(), Some(&candidate("b")));
        assert_eq!(tracker.add_file("t", candidate("b")), index_decision(None));
        assert!(tracker.next_file_to_index().is_none());
        tracker.remove_file("/c");
        tracker.remove_file("/b");
        assert!(tracker.next_file_to_index().is_none() && !tracker.groups.contains_key("t"));
    }

    proptest::proptest! {
        /// Adds, changes and removes files in random order. Then reads each file that
        /// [`DuplicateTracker::next_file_to_index`] returns, as an update does. Afterwards, exactly the first candidate
        /// of each group must be in the index.
        #[test]
        fn the_first_candidates_are_indexed_after_any_changes(changes in proptest::collection::vec((0u8..5, 0u8..4), 0..40)) {
            let mut tracker = DuplicateTracker::default();
            let (mut contents, mut indexed_texts) = (BTreeMap::new(), BTreeMap::new());
            let record_file = |tracker: &mut DuplicateTracker, indexed_texts: &mut BTreeMap<String, String>, id: String, text: String| {
                indexed_texts.remove(&id);
                if let IndexDecision::Index { replaces } = tracker.add_file(&text, candidate(&id)) {
                    replaces.map(|other| indexed_texts.remove(&other));
                    indexed_texts.insert(id, text);
                }
            };
            for (file, text) in changes {
                let id = file.to_string();
                if text == 0 {
                    contents.remove(&id);
                    indexed_texts.remove(&id);
                    tracker.remove_file(&format!("/{id}"));
                } else {
                    contents.insert(id.clone(), text.to_string());
                    record_file(&mut tracker, &mut indexed_texts, id, text.to_string());
                }
            }
            while let Some(missing_file) = tracker.next_file_to_index().cloned() {
                let text = contents[&missing_file.id].clone();
                record_file(&mut tracker, &mut indexed_texts, missing_file.id, text);
            }
            let mut expected: BTreeMap<String, String> = BTreeMap::new();
            for (id, text) in &contents {
                if !expected.values().any(|other| other == text) {
                    expected.insert(id.clone(), text.clone());
                }
            }
            proptest::prop_assert_eq!(indexed_texts, expected);
        }
    }
}
