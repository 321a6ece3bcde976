//! Options of an update: the files to read, and metadata for their documents.

#[cfg(feature = "pdf")]
use crate::document::Ocr;
use crate::{
    document::{DeclaredFields, FieldMapping, MetadataOverrides},
    error::{Error, Result},
    index::stored::content_hash,
};

/// Options of an update. If `overrides` or `mapping` differ from those of the previous update, even unchanged files are
/// read again, so that the index always matches the options of the latest update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateOptions {
    /// Filter of the files to read. The update removes a file from the index if the filter now excludes the file and
    /// the file was indexed from the same root.
    pub filter: FileFilter,
    /// Metadata that replaces the metadata of every document.
    pub overrides: MetadataOverrides,
    /// Mapping of JSON keys to metadata fields.
    pub mapping: FieldMapping,
    /// Declared fields that the index must have. `None` to accept the declared fields of the index. An index that
    /// [`watch`](crate::index::watch) creates gets these fields.
    pub fields: Option<DeclaredFields>,
    /// Recognition of the text of scans and pictures (OCR) with the programs `tesseract` and `pdftoppm`. `None` starts
    /// no program: scans are reported, and pictures are skipped.
    #[cfg(feature = "pdf")]
    pub ocr: Option<Ocr>,
    /// Whether to read all files again, even if size and times have not changed.
    pub reread: bool,
}

impl UpdateOptions {
    /// Returns a fingerprint of the options that affect documents; empty for the default options.
    /// `recognized_languages` names the languages in which scans are recognized; empty if scans are not recognized.
    pub(in crate::index) fn fingerprint(&self, recognized_languages: &str) -> String {
        let Self { overrides, mapping, .. } = self;
        let recognition = match recognized_languages {
            "" => String::new(),
            languages => format!(" ocr {languages}"),
        };
        if *overrides == MetadataOverrides::default()
            && mapping.is_empty()
            && recognition.is_empty()
        {
            return String::new();
        }
        content_hash(format!("{overrides:?} {mapping:?}{recognition}").as_bytes())
    }

    /// Checks that an index has the declared fields of the options.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] if the index has other declared fields.
    pub(super) fn check_index_has_declared_fields(&self, indexed: &DeclaredFields) -> Result<()> {
        let Some(fields) = self.fields.as_ref().filter(|fields| *fields != indexed) else {
            return Ok(());
        };
        let describe = |fields: &DeclaredFields| {
            if fields.is_empty() { "no fields".to_owned() } else { fields.to_string() }
        };
        let (indexed, fields) = (describe(indexed), describe(fields));
        Err(Error::invalid(
            "fields",
            format!("the index declares {indexed}, not {fields}: other fields need a new index"),
        ))
    }
}

/// Selects the files under a folder. Globs have the syntax of `.gitignore`: `*.html` at any depth, `drafts/` for a
/// folder at any depth, `/a/*.md` relative to the root. Globs apply only to files in folders: a file that is itself a
/// root is always read, and all files inside an archive are read.
///
/// Hidden files, and files that match a line of `.gzsearchignore`, are always excluded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileFilter {
    /// Globs of the files to include; an empty list includes all files.
    pub include: Vec<String>,
    /// Globs of the files to exclude.
    pub exclude: Vec<String>,
    /// Whether to exclude files that match a line of `.gitignore`.
    pub gitignore: bool,
    /// Whether to follow symbolic links. If `false`, links are skipped and counted.
    pub follow: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_options_that_change_documents_change_the_fingerprint() {
        let default_options = UpdateOptions::default();
        let mut filtered_options = UpdateOptions::default();
        filtered_options.filter.exclude.push("drafts/".to_owned());
        let mut overridden_options = UpdateOptions::default();
        overridden_options.overrides.issuer = Some("Ministry of Law".to_owned());
        let mut mapped_options = UpdateOptions::default();
        mapped_options.mapping.add("title", "headline").unwrap();
        assert_eq!(
            (default_options.fingerprint(""), filtered_options.fingerprint("")),
            (String::new(), String::new())
        );
        let fingerprints = std::collections::BTreeSet::from([
            String::new(),
            overridden_options.fingerprint(""),
            mapped_options.fingerprint(""),
            default_options.fingerprint("eng"),
            default_options.fingerprint("eng+chi_sim"),
        ]);
        assert_eq!(fingerprints.len(), 5);
    }
}
