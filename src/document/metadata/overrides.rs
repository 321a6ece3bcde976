//! Metadata that the caller of an update sets for all documents of the update.

use std::collections::BTreeMap;

use super::language;
use crate::document::{metadata::date::Date, model::Document};

/// Metadata that the caller sets for every document of an update. Replaces stated and inferred values. The origin of a
/// replaced field becomes `given`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetadataOverrides {
    /// Name of the organization that issued the documents.
    pub issuer: Option<String>,
    /// Day of publication of the documents.
    pub date: Option<Date>,
    /// Language of the documents: a BCP 47 code or a name such as `english`.
    pub lang: Option<String>,
    /// URL that every document gets.
    pub url: Option<String>,
    /// Other metadata: each value by its key.
    pub metadata: BTreeMap<String, String>,
}

/// Origin that is recorded for each field that an override sets.
const OVERRIDE_ORIGIN: &str = "given";

impl MetadataOverrides {
    /// Replaces each field of `document` for which the caller has set a value.
    pub(crate) fn apply(&self, document: &mut Document) {
        let mut set_origin = |field: &str| {
            document.origins.insert(field.to_owned(), OVERRIDE_ORIGIN.to_owned());
            document.inferred.retain(|inferred| inferred != field);
        };
        if let Some(issuer) = &self.issuer {
            set_origin("issuer");
            document.issuer = Some(issuer.clone());
        }
        if let Some(date) = self.date {
            set_origin("date");
            document.date = Some(date);
        }
        if let Some(lang) = &self.lang {
            set_origin("lang");
            document.lang = language::normalized_code(lang);
        }
        if let Some(url) = &self.url {
            set_origin("url");
            document.url = Some(url.clone());
        }
        for (key, value) in &self.metadata {
            set_origin(key);
            document.metadata.insert(key.clone(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_replace_fields_and_their_origins() {
        let mut document = Document::new("a", "Text.");
        document.issuer = Some("Bureau of Ports".to_owned());
        document.title = Some("Title".to_owned());
        document.inferred = vec!["title".to_owned(), "issuer".to_owned()];
        let mut overrides = MetadataOverrides {
            issuer: Some("City of Ports".to_owned()),
            ..MetadataOverrides::default()
        };
        overrides.lang = Some("ZH-hans".to_owned());
        overrides.metadata.insert("desk".to_owned(), "trade".to_owned());
        overrides.apply(&mut document);
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
