//! An index → what it holds, counted by kind, language, issuer and date.

use std::collections::{BTreeMap, HashMap};

use super::{DocumentRecord, Index, IndexStats, Snapshot, Source, lookup};
use crate::{document::Date, error::Result};

/// What an index holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
#[non_exhaustive]
pub struct Overview {
    /// How much it holds.
    #[serde(flatten)]
    pub stats: IndexStats,
    /// Files that documents were read from.
    pub files: u64,
    /// Bytes of these files.
    pub source_bytes: u64,
    /// Documents and passages of each format, by its name; `none` for those of no file.
    pub kinds: BTreeMap<String, (u64, u64)>,
    /// Documents in each language.
    pub languages: BTreeMap<String, u64>,
    /// Documents of each announcing body, the most frequent first.
    pub issuers: Vec<(String, u64)>,
    /// The first and the last day of publication.
    pub dates: Option<(Date, Date)>,
    /// Documents without a date.
    pub undated: u64,
}

impl Index {
    /// Counts what the last commit holds; reads the record of every document.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`](crate::Error::Damaged) where it cannot be read.
    pub fn overview(&self) -> Result<Overview> {
        let stats = self.stats()?;
        let Snapshot { inner: searcher, fields, .. } = self.last()?;
        let sources = lookup::sources(&searcher, fields)?;
        let kinds: HashMap<&str, &Source> =
            sources.iter().map(|source| (source.path.as_str(), source)).collect();
        let mut overview = Overview {
            stats,
            files: sources.len() as u64,
            source_bytes: sources.iter().map(|source| source.size).sum(),
            ..Overview::default()
        };
        let mut issuers: BTreeMap<String, u64> = BTreeMap::new();
        lookup::each_document(&searcher, fields, |document: DocumentRecord| {
            let source = kinds.get(document.source.as_str());
            let kind = source.map_or("none", |source| source.kind.as_str());
            let (documents, passages) = overview.kinds.entry(kind.to_owned()).or_default();
            *documents += 1;
            *passages += u64::from(document.passages);
            *overview.languages.entry(document.lang).or_default() += 1;
            if let Some(issuer) = document.issuer {
                *issuers.entry(issuer).or_default() += 1;
            }
            match document.date {
                None => overview.undated += 1,
                Some(date) => {
                    let (first, last) = overview.dates.unwrap_or((date, date));
                    overview.dates = Some((first.min(date), last.max(date)));
                }
            }
        })?;
        overview.issuers = issuers.into_iter().collect();
        overview.issuers.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        Ok(overview)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn documents_are_counted() {
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
        let found = index.overview().unwrap();
        assert_eq!(found.stats.documents, 4);
        assert_eq!(found.kinds["none"], (4, found.stats.passages));
        assert_eq!((found.languages["en"], found.languages["zh-Hans"]), (3, 1));
        assert_eq!(found.issuers, [("Ports".to_owned(), 2), ("Data".to_owned(), 1)]);
        let days = found.dates.map(|(first, last)| format!("{first} {last}"));
        assert_eq!((days.as_deref(), found.undated), (Some("2024-01-11 2025-12-17"), 1));
    }
}
