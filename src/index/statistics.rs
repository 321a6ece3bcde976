//! Statistics of an index: its size, and the numbers of documents by format, language, issuer and date.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use super::{
    lookup,
    storage::{IndexHandle, Snapshot},
    stored::{DocumentRecord, duplicate_file_count},
};
use crate::{
    document::{Date, DeclaredFields, issuer_names},
    error::Result,
};

/// Size of an index: numbers of documents, passages and duplicate files, and bytes on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct IndexStats {
    /// Number of documents.
    pub documents: u64,
    /// Number of passages of all documents.
    pub passages: u64,
    /// Number of duplicate files. A duplicate file is not indexed, because an indexed file has equal content.
    pub copies: u64,
    /// Size on disk in bytes; 0 for an index in memory.
    pub index_bytes: u64,
}

/// Statistics of the documents and files of an index.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct Overview {
    /// Size of the index.
    #[serde(flatten)]
    pub stats: IndexStats,
    /// Number of source files from which documents were read.
    pub files: u64,
    /// Total size of the source files in bytes.
    pub source_bytes: u64,
    /// Number of documents and number of passages, by name of the file format. Documents that were not read from a file
    /// count under the name `none`.
    #[serde(rename = "kinds")]
    pub formats: BTreeMap<String, (u64, u64)>,
    /// Number of documents, by language.
    pub languages: BTreeMap<String, u64>,
    /// Number of documents of each issuer, the most frequent issuer first. A joint statement counts for each issuer.
    pub issuers: Vec<(String, u64)>,
    /// Earliest and latest date of publication; `None` if no document has a date.
    pub dates: Option<(Date, Date)>,
    /// Number of documents without a date.
    pub undated: u64,
    /// Declared fields with their types.
    pub fields: DeclaredFields,
}

/// Returns the size of the index after the last commit of this or any other process.
pub(super) fn stats(handle: &IndexHandle) -> Result<IndexStats> {
    snapshot_stats(&handle.last_commit()?, handle.dir())
}

/// Returns the size of the index in `snapshot`, whose files are in the folders `dirs`.
pub(super) fn snapshot_stats<'a>(
    snapshot: &Snapshot,
    dirs: impl IntoIterator<Item = &'a Path>,
) -> Result<IndexStats> {
    let Snapshot { searcher, fields, .. } = snapshot;
    let documents = lookup::document_count(searcher, *fields)?;
    let sources = lookup::source_records(searcher, *fields)?;
    Ok(IndexStats {
        documents,
        passages: lookup::passage_count(searcher, documents, &sources),
        copies: duplicate_file_count(&sources),
        index_bytes: dirs.into_iter().map(folder_bytes).sum(),
    })
}

/// Returns statistics of the documents and source files in the last commit. Reads the record of every document.
pub(super) fn overview(handle: &IndexHandle) -> Result<Overview> {
    let snapshot = handle.last_commit()?;
    let stats = snapshot_stats(&snapshot, handle.dir())?;
    let Snapshot { searcher, fields, declared_fields, .. } = snapshot;
    let sources = lookup::source_records(&searcher, fields)?;
    let format_by_path: HashMap<&str, &str> =
        sources.iter().map(|source| (source.path.as_str(), source.format.as_str())).collect();
    let mut overview = Overview {
        stats,
        files: sources.len() as u64,
        source_bytes: sources.iter().map(|source| source.size).sum(),
        fields: (*declared_fields).clone(),
        ..Overview::default()
    };
    let mut issuers: BTreeMap<String, u64> = BTreeMap::new();
    lookup::for_each_document(&searcher, fields, |document: DocumentRecord| {
        let format = format_by_path.get(document.source.as_str()).copied().unwrap_or("none");
        let (documents, passages) = overview.formats.entry(format.to_owned()).or_default();
        *documents += 1;
        *passages += u64::from(document.passages);
        *overview.languages.entry(document.lang).or_default() += 1;
        if let Some(issuer) = document.issuer {
            for name in issuer_names(&issuer) {
                *issuers.entry(name.to_owned()).or_default() += 1;
            }
        }
        match document.date {
            None => overview.undated += 1,
            Some(date) => {
                let (earliest, latest) = overview.dates.unwrap_or((date, date));
                overview.dates = Some((earliest.min(date), latest.max(date)));
            }
        }
    })?;
    overview.issuers = issuers.into_iter().collect();
    overview
        .issuers
        .sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
    Ok(overview)
}

/// Returns the total size in bytes of all files below `dir`. Skips files and folders that cannot be read.
fn folder_bytes(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folder_bytes(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use crate::{document::Document, index::Index};

    #[test]
    fn overview_counts_documents_by_property() {
        let index = Index::in_memory();
        let writer = index.writer().unwrap();
        for (id, issuer, date, lang) in [
            ("a", Some("Ports"), Some("2025-12-17"), "en"),
            ("b", Some("Data"), Some("2024-01-11"), "zh-Hans"),
            ("c", Some("Ports"), None, "en"),
            ("d", None, Some("2025-01-01"), "en"),
        ] {
            let mut document = Document::new(id, "One text.\n\nTwo texts.");
            document.issuer = issuer.map(str::to_owned);
            document.date = date.and_then(|date| date.parse().ok());
            lang.clone_into(&mut document.lang);
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        let overview = index.overview().unwrap();
        assert_eq!(overview.stats.documents, 4);
        assert_eq!(overview.formats["none"], (4, overview.stats.passages));
        assert_eq!((overview.languages["en"], overview.languages["zh-Hans"]), (3, 1));
        assert_eq!(overview.issuers, [("Ports".to_owned(), 2), ("Data".to_owned(), 1)]);
        let date_range = overview.dates.map(|(first, last)| format!("{first} {last}"));
        assert_eq!((date_range.as_deref(), overview.undated), (Some("2024-01-11 2025-12-17"), 1));
    }
}
