//! Options of an update: which files it reads, and what it knows about their documents.

use crate::{
    document::{FieldMapping, MetadataOverrides},
    index::stored::content_hash,
};

/// Options of an update. An unchanged file is read again if `overrides` or `mapping` differ from those of the last run, so that the index
/// always agrees with the options of the last run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateOptions {
    /// Which files are read. The update removes a file from the index if the filter now excludes it and it was indexed from the same
    /// root.
    pub filter: FileFilter,
    /// Metadata that replaces the metadata of the documents.
    pub overrides: MetadataOverrides,
    /// JSON keys that are mapped to fields.
    pub mapping: FieldMapping,
}

impl UpdateOptions {
    /// Returns a fingerprint of the options that shape documents; empty if they have their default values.
    pub(in crate::index) fn fingerprint(&self) -> String {
        let Self { overrides, mapping, .. } = self;
        if *overrides == MetadataOverrides::default() && mapping.is_empty() {
            return String::new();
        }
        content_hash(format!("{overrides:?} {mapping:?}").as_bytes())
    }
}

/// Selects the files under a folder. Globs have the syntax of `.gitignore`: `*.html` at any depth, `drafts/` for a folder at any depth,
/// `/a/*.md` relative to the root. They apply to files in folders only: a file that is a root itself is always read, and an archive is
/// read in full.
///
/// Hidden files, and files that `.gzsearchignore` lists, are always excluded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileFilter {
    /// Includes only files that match one of these globs; if it is empty, all files.
    pub include: Vec<String>,
    /// Excludes files that match one of these globs.
    pub exclude: Vec<String>,
    /// Whether to exclude files that `.gitignore` lists.
    pub gitignore: bool,
    /// Whether to follow symbolic links. Otherwise they are skipped and counted.
    pub follow: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_options_that_shape_documents_have_a_fingerprint() {
        let plain = UpdateOptions::default();
        let mut filtered = UpdateOptions::default();
        filtered.filter.exclude.push("drafts/".to_owned());
        let mut overridden = UpdateOptions::default();
        overridden.overrides.issuer = Some("Ministry of Law".to_owned());
        let mut mapped = UpdateOptions::default();
        mapped.mapping.add("title", "headline").unwrap();
        assert_eq!((plain.fingerprint(), filtered.fingerprint()), (String::new(), String::new()));
        assert_ne!(overridden.fingerprint(), "");
        assert_ne!(mapped.fingerprint(), "");
        assert_ne!(overridden.fingerprint(), mapped.fingerprint());
    }
}
