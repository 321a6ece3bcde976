//! Files with the same text → one document: which file it is read from, and which one takes over when that
//! one is gone or says something else.
//!
//! The rule does not depend on the order in which files come: of those that say the same, the one with the
//! id that sorts first is indexed.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::{
    document::Document,
    index::{SoleDocument, Source, stored::hexadecimal},
};

/// Half of a SHA-256 tells texts apart.
const HASH_DIGITS: usize = 32;

/// What a document says, in short: its words, and its title, day and number unless they were taken from
/// the name of the file. Copies of one file say the same.
pub(in crate::index) fn said(document: &Document) -> String {
    let date = document.date.map(|date| date.to_string());
    let fields = [
        ("title", document.title.as_deref()),
        ("date", date.as_deref()),
        ("number", document.number.as_deref()),
    ];
    let mut hasher = Sha256::new();
    for (name, value) in fields {
        let of_name =
            document.origins.get(name).is_some_and(|origin| origin.ends_with("file name"));
        hasher.update(value.filter(|_| !of_name).unwrap_or_default());
        hasher.update("\n");
    }
    for word in document.text.split_whitespace() {
        hasher.update(word);
        hasher.update(" ");
    }
    let mut hash = hexadecimal(&hasher.finalize());
    hash.truncate(HASH_DIGITS);
    hash
}

/// How many files say what another one says that is indexed.
pub(crate) fn copies(sources: &[Source]) -> u64 {
    let texts = sources.iter().filter_map(|source| Some(&source.only.as_ref()?.text));
    let (mut all, mut distinct) = (0, BTreeSet::new());
    for text in texts {
        all += 1;
        distinct.insert(text);
    }
    all - distinct.len() as u64
}

/// A file of one document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::index) struct Copy {
    /// The id that its document has, or would have.
    pub(in crate::index) id: String,
    pub(in crate::index) path: String,
    pub(in crate::index) root: String,
}

/// Files that say the same.
#[derive(Debug, Default)]
struct Group {
    copies: BTreeSet<Copy>,
    /// The one that is in the index.
    indexed: Option<Copy>,
}

/// What is to be done with a document that was read.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::index) enum Arrival {
    /// It is indexed; another of this id that says the same is not any more.
    First { instead_of: Option<String> },
    /// Another one that says the same is indexed.
    Copy,
}

/// All files of one document, by what they say.
#[derive(Debug, Default)]
pub(in crate::index) struct Same {
    groups: BTreeMap<String, Group>,
    /// What each file says, by its path.
    files: BTreeMap<String, SoleDocument>,
    /// The texts whose first file is not the one that is indexed.
    unsettled: BTreeSet<String>,
}

impl Same {
    /// The files that the last commit knows, each group with its first one indexed.
    pub(in crate::index) fn new(sources: &[Source]) -> Self {
        let mut same = Self::default();
        for source in sources {
            if let Some(only) = source.only.clone() {
                let (path, root) = (source.path.clone(), source.root.clone());
                let group = same.groups.entry(only.text.clone()).or_default();
                let id = only.id.clone();
                same.files.insert(path.clone(), only);
                group.copies.insert(Copy { id, path, root });
                group.indexed = group.copies.first().cloned();
            }
        }
        same
    }

    /// What a file says.
    pub(in crate::index) fn only(&self, path: &str) -> Option<&SoleDocument> {
        self.files.get(path)
    }

    /// Whether the document of this file is not in the index: another one says the same.
    pub(in crate::index) fn is_copy(&self, path: &str) -> bool {
        let group = self.files.get(path).and_then(|only| self.groups.get(&only.text));
        group.is_some_and(|group| group.indexed.as_ref().is_none_or(|first| first.path != path))
    }

    /// A file says `text` now, whatever it said before.
    pub(in crate::index) fn arrives(&mut self, text: &str, copy: Copy) -> Arrival {
        self.leaves(&copy.path);
        let only = SoleDocument { id: copy.id.clone(), text: text.to_owned() };
        self.files.insert(copy.path.clone(), only);
        let group = self.groups.entry(text.to_owned()).or_default();
        group.copies.insert(copy.clone());
        let arrival = group.arrives(copy);
        self.settle(text);
        arrival
    }

    /// A file is gone, or does not say any more what it said.
    pub(in crate::index) fn leaves(&mut self, path: &str) {
        let Some(SoleDocument { text, .. }) = self.files.remove(path) else { return };
        let Some(group) = self.groups.get_mut(&text) else { return };
        group.copies.retain(|copy| copy.path != path);
        if group.indexed.as_ref().is_some_and(|first| first.path == path) {
            group.indexed = None;
        }
        if group.copies.is_empty() {
            self.groups.remove(&text);
        }
        self.settle(&text);
    }

    /// A file that has to be read because its document should be in the index and is not.
    pub(in crate::index) fn missing(&self) -> Option<&Copy> {
        self.groups.get(self.unsettled.first()?)?.copies.first()
    }

    /// Remembers whether the first file of a group is the one that is indexed.
    fn settle(&mut self, text: &str) {
        let group = self.groups.get(text);
        if group.is_some_and(|group| group.copies.first() != group.indexed.as_ref()) {
            self.unsettled.insert(text.to_owned());
        } else {
            self.unsettled.remove(text);
        }
    }
}

impl Group {
    fn arrives(&mut self, copy: Copy) -> Arrival {
        if self.indexed.as_ref().is_some_and(|first| *first < copy) {
            return Arrival::Copy;
        }
        let id = copy.id.clone();
        let before = self.indexed.replace(copy);
        Arrival::First { instead_of: before.map(|before| before.id).filter(|before| *before != id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(id: &str) -> Copy {
        Copy { id: id.to_owned(), path: format!("/{id}"), root: "/".to_owned() }
    }

    #[test]
    fn what_copies_have_in_common() {
        let first = Document {
            title: Some("Ports".to_owned()),
            date: "2025-12-17".parse().ok(),
            ..Document::new("a.txt", "Ports\n\nPorts  grew.")
        };
        let dated = |date: &str, origin: &str| {
            let mut document = Document { date: date.parse().ok(), ..first.clone() };
            document.origins.insert("date".to_owned(), origin.to_owned());
            document
        };
        let changed: [(Document, bool); 6] = [
            (Document { id: "b.txt".to_owned(), source: "/b".to_owned(), ..first.clone() }, true),
            (Document { text: "Ports Ports grew.\n".to_owned(), ..first.clone() }, true),
            (Document { text: "Ports\n\nPorts grew".to_owned(), ..first.clone() }, false),
            (Document { title: None, ..first.clone() }, false),
            (dated("2025-12-18", "dateline"), false),
            (dated("2025-12-18", "file name"), false),
        ];
        for (document, same) in changed {
            assert_eq!(said(&document) == said(&first), same, "{document:?}");
        }
        assert_eq!(
            said(&dated("2025-12-18", "file name")),
            said(&dated("2024-01-11", "file name"))
        );
    }

    #[test]
    fn the_first_id_is_indexed() {
        let mut same = Same::default();
        let first =
            |instead_of: Option<&str>| Arrival::First { instead_of: instead_of.map(str::to_owned) };
        assert_eq!(same.arrives("t", copy("b")), first(None));
        assert_eq!(same.arrives("t", copy("c")), Arrival::Copy);
        assert_eq!(same.arrives("t", copy("a")), first(Some("b")));
        assert!(same.is_copy("/b") && !same.is_copy("/a") && same.missing().is_none());
        // The first one says something else: the next takes over, and is read.
        assert_eq!(same.arrives("other", copy("a")), first(None));
        assert_eq!(same.missing(), Some(&copy("b")));
        assert_eq!(same.arrives("t", copy("b")), first(None));
        assert!(same.missing().is_none());
        same.leaves("/c");
        same.leaves("/b");
        assert!(same.missing().is_none() && !same.groups.contains_key("t"));
    }

    proptest::proptest! {
        /// Whatever comes and goes in whatever order, once what is missing has been read the first of
        /// every group is indexed, and nothing else is.
        #[test]
        fn any_history_ends_the_same(steps in proptest::collection::vec((0u8..5, 0u8..4), 0..40)) {
            let mut same = Same::default();
            let (mut says, mut index) = (BTreeMap::new(), BTreeMap::new());
            let add = |same: &mut Same, index: &mut BTreeMap<String, String>, id: String, text: String| {
                index.remove(&id);
                if let Arrival::First { instead_of } = same.arrives(&text, copy(&id)) {
                    instead_of.map(|other| index.remove(&other));
                    index.insert(id, text);
                }
            };
            for (file, text) in steps {
                let id = file.to_string();
                if text == 0 {
                    says.remove(&id);
                    index.remove(&id);
                    same.leaves(&format!("/{id}"));
                } else {
                    says.insert(id.clone(), text.to_string());
                    add(&mut same, &mut index, id, text.to_string());
                }
            }
            while let Some(copy) = same.missing().cloned() {
                let text = says[&copy.id].clone();
                add(&mut same, &mut index, copy.id, text);
            }
            let mut expected: BTreeMap<String, String> = BTreeMap::new();
            for (id, text) in &says {
                if !expected.values().any(|other| other == text) {
                    expected.insert(id.clone(), text.clone());
                }
            }
            proptest::prop_assert_eq!(index, expected);
        }
    }
}
