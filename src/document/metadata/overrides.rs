//! What the caller knows of documents → their fields, whatever was read of them.

use std::collections::BTreeMap;

use super::language;
use crate::document::{Date, Document};

/// What is known of every document of an update beforehand. It holds against what the documents say
/// of themselves, and its origin is `given`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetadataOverrides {
    /// The body that announced them.
    pub issuer: Option<String>,
    /// The day they were published.
    pub date: Option<Date>,
    /// Their language.
    pub lang: Option<String>,
    /// Their address.
    pub url: Option<String>,
    /// Other things to be known of them, by name.
    pub metadata: BTreeMap<String, String>,
}

const ORIGIN: &str = "given";

impl MetadataOverrides {
    /// Sets the fields of `document` that are given.
    pub(crate) fn apply(&self, document: &mut Document) {
        let mut known = |field: &str| {
            document.origins.insert(field.to_owned(), ORIGIN.to_owned());
            document.inferred.retain(|inferred| inferred != field);
        };
        if let Some(issuer) = &self.issuer {
            known("issuer");
            document.issuer = Some(issuer.clone());
        }
        if let Some(date) = self.date {
            known("date");
            document.date = Some(date);
        }
        if let Some(lang) = &self.lang {
            known("lang");
            document.lang = language::normalized(lang);
        }
        if let Some(url) = &self.url {
            known("url");
            document.url = Some(url.clone());
        }
        for (key, value) in &self.metadata {
            known(key);
            document.metadata.insert(key.clone(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_holds_against_what_was_read() {
        let mut document = Document::new("a", "Text.");
        document.issuer = Some("Bureau of Ports".to_owned());
        document.title = Some("Title".to_owned());
        document.inferred = vec!["title".to_owned(), "issuer".to_owned()];
        let mut given = MetadataOverrides {
            issuer: Some("City of Ports".to_owned()),
            ..MetadataOverrides::default()
        };
        given.lang = Some("ZH-hans".to_owned());
        given.metadata.insert("desk".to_owned(), "trade".to_owned());
        given.apply(&mut document);
        assert_eq!(document.issuer.as_deref(), Some("City of Ports"));
        assert_eq!((document.lang.as_str(), document.date), ("zh-Hans", None));
        assert_eq!(document.metadata["desk"], "trade");
        assert_eq!(document.inferred, ["title"]);
        let origins: Vec<_> = document.origins.keys().map(String::as_str).collect();
        assert_eq!(origins, ["desk", "issuer", "lang"]);
        MetadataOverrides::default().apply(&mut document);
        assert_eq!(document.issuer.as_deref(), Some("City of Ports"));
    }
}
