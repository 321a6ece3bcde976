//! Entries of the inverted index as plain data that can be sent to a remote index.

use serde::{Deserialize, Deserializer, Serialize};
use tantivy::{
    TantivyDocument,
    schema::{Field, Value as _},
};

use crate::index::schema::Fields;

/// Entry of the inverted index: a passage, the record of a document or the record of a source file. Text fields contain
/// encoded terms, keys or names; `stored_record` contains the record as JSON. An empty text or list means that the
/// entry has no value in the field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    /// Words and Han characters of the body of a passage, as encoded terms.
    #[serde(rename = "exact")]
    pub(crate) exact_terms: String,
    /// Han bigrams, Han words and abbreviations of a passage, as encoded terms.
    #[serde(rename = "words")]
    pub(crate) ranking_terms: String,
    /// Words of the title of a document, as encoded terms.
    pub(crate) title: String,
    /// Words of the headings above a passage, as encoded terms.
    pub(crate) heading: String,
    /// Words of the name of the issuer of a passage, as encoded terms.
    pub(crate) issuer: String,
    /// Words of the name of the speaker of a passage, as encoded terms.
    pub(crate) speaker: String,
    /// Id of the document.
    pub(crate) document: String,
    /// Id of the document, in the entry of a document record only.
    #[serde(rename = "record")]
    pub(crate) record_id: String,
    /// Full names of the issuers of a passage.
    #[serde(deserialize_with = "deserialize_names")]
    pub(crate) issuer_name: Vec<String>,
    /// Full names of the speakers of a passage.
    pub(crate) speaker_name: Vec<String>,
    /// Encoded values of the declared fields of a document.
    #[serde(rename = "values")]
    pub(crate) declared_values: Vec<String>,
    /// Words of the declared text fields of a document, as encoded terms.
    #[serde(rename = "value_words")]
    pub(crate) declared_words: String,
    /// Language code of the document.
    pub(crate) lang: String,
    /// Path of the source file.
    pub(crate) source: String,
    /// Path of the source file, in the entry of the record of this file only.
    #[serde(rename = "origin")]
    pub(crate) record_path: String,
    /// Digest of the content of a source file with a single document.
    #[serde(rename = "said")]
    pub(crate) content_digest: String,
    /// Kind of the record: `document` or `source`; empty for a passage.
    #[serde(rename = "kind")]
    pub(crate) record_kind: String,
    /// Record of the passage, document or source file, as JSON.
    #[serde(rename = "stored")]
    pub(crate) stored_record: String,
    /// Position of a passage in its document, from 0.
    pub(crate) ordinal: Vec<u64>,
    /// Number of passages of a document.
    #[serde(rename = "passages")]
    pub(crate) passage_count: Vec<u64>,
    /// Total number of token positions in the passages of a document.
    #[serde(rename = "positions")]
    pub(crate) position_count: Vec<u64>,
    /// Number of token positions in a passage.
    pub(crate) length: Vec<u64>,
    /// Position of the first token of the text of a passage, after the title and headings.
    pub(crate) text_start: Vec<u64>,
    /// Hashes of the words of a passage, each with the frequency of the word.
    #[serde(rename = "vector")]
    pub(crate) term_vector: Vec<u64>,
    /// Keys of the LSH bands of a passage, for finding near-duplicates.
    #[serde(rename = "near")]
    pub(crate) lsh_bands: Vec<u64>,
    /// Fingerprint of a passage, for finding near-duplicates.
    #[serde(rename = "signature")]
    pub(crate) min_hash: Vec<u64>,
    /// Julian day number of the date of publication.
    pub(crate) date: Vec<u64>,
}

/// Reads a list of names. An entry of an older version holds a single name instead, or an empty text instead of an
/// empty list.
fn deserialize_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Names::deserialize(deserializer)? {
        Names::One(name) if name.is_empty() => Vec::new(),
        Names::One(name) => vec![name],
        Names::Several(names) => names,
    })
}

impl Entry {
    /// Returns the entry with the indexed fields of `engine_entry`, whose field `stored_record` is still empty, and
    /// with `record`, the JSON of the stored passage, document or source file.
    pub(super) fn new(engine_entry: &TantivyDocument, record: String, fields: Fields) -> Self {
        let mut entry = Self { stored_record: record, ..Self::default() };
        for (field, value) in engine_entry.field_values() {
            if let Some(number) = value.as_u64() {
                let number_fields = entry.number_fields(fields).into_iter();
                number_fields
                    .filter(|(own, _)| *own == field)
                    .for_each(|(_, numbers)| numbers.push(number));
            } else if let Some(text) = value.as_str() {
                let list_fields = entry.list_fields(fields).into_iter();
                list_fields
                    .filter(|(own, _)| *own == field)
                    .for_each(|(_, texts)| texts.push(text.to_owned()));
                let text_fields = entry.text_fields(fields).into_iter();
                text_fields
                    .filter(|(own, _)| *own == field)
                    .for_each(|(_, own_text)| text.clone_into(own_text));
            }
        }
        entry
    }

    /// Returns the entry as a tantivy document.
    pub(in crate::index) fn take_tantivy_document(&mut self, fields: Fields) -> TantivyDocument {
        let mut entry = TantivyDocument::new();
        for (field, text) in self.text_fields(fields) {
            if !text.is_empty() {
                entry.add_text(field, text);
            }
        }
        for (field, texts) in self.list_fields(fields) {
            for text in texts {
                entry.add_text(field, text);
            }
        }
        for (field, numbers) in self.number_fields(fields) {
            for &number in numbers.iter() {
                entry.add_u64(field, number);
            }
        }
        entry.add_bytes(fields.stored_record, self.stored_record.as_bytes());
        entry
    }

    /// Returns the fields with several texts, each with its texts in this entry.
    fn list_fields(&mut self, fields: Fields) -> [(Field, &mut Vec<String>); 3] {
        [
            (fields.issuer_name, &mut self.issuer_name),
            (fields.speaker_name, &mut self.speaker_name),
            (fields.declared_values, &mut self.declared_values),
        ]
    }

    /// Returns the fields with a single text, each with its text in this entry.
    fn text_fields(&mut self, fields: Fields) -> [(Field, &mut String); 14] {
        [
            (fields.exact_terms, &mut self.exact_terms),
            (fields.ranking_terms, &mut self.ranking_terms),
            (fields.title, &mut self.title),
            (fields.heading, &mut self.heading),
            (fields.issuer, &mut self.issuer),
            (fields.speaker, &mut self.speaker),
            (fields.document, &mut self.document),
            (fields.record_id, &mut self.record_id),
            (fields.lang, &mut self.lang),
            (fields.source, &mut self.source),
            (fields.record_path, &mut self.record_path),
            (fields.content_digest, &mut self.content_digest),
            (fields.record_kind, &mut self.record_kind),
            (fields.declared_words, &mut self.declared_words),
        ]
    }

    /// Returns the fields with numbers, each with its numbers in this entry.
    fn number_fields(&mut self, fields: Fields) -> [(Field, &mut Vec<u64>); 9] {
        [
            (fields.ordinal, &mut self.ordinal),
            (fields.passage_count, &mut self.passage_count),
            (fields.position_count, &mut self.position_count),
            (fields.length, &mut self.length),
            (fields.text_start, &mut self.text_start),
            (fields.term_vector, &mut self.term_vector),
            (fields.lsh_bands, &mut self.lsh_bands),
            (fields.min_hash, &mut self.min_hash),
            (fields.date, &mut self.date),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{record_group::stored_value_of_new_entry, schema};

    #[test]
    fn every_field_survives_conversion_to_plain_data() {
        let (engine_schema, fields) = schema::schema();
        let mut engine_entry = TantivyDocument::new();
        for (number, (field, entry)) in engine_schema.fields().enumerate() {
            if entry.field_type().is_str() {
                engine_entry.add_text(field, format!("text {number}"));
            } else if field != fields.stored_record {
                engine_entry.add_u64(field, number as u64);
                engine_entry.add_u64(field, 7);
            }
        }
        let mut entry = Entry::new(&engine_entry, "{}".to_owned(), fields);
        let engine_copy = entry.take_tantivy_document(fields);
        assert_eq!(stored_value_of_new_entry(&engine_copy, fields), b"{}");
        assert_eq!(Entry::new(&engine_copy, "{}".to_owned(), fields), entry);
        let json = serde_json::to_value(&entry).unwrap();
        let object = json.as_object().unwrap();
        // The JSON keys sent to a remote index are the field names of the schema.
        for (field, _) in engine_schema.fields() {
            let value = &object[engine_schema.get_field_name(field)];
            assert!(value != "" && *value != serde_json::json!([]), "{object:?}");
        }
        assert_eq!(object.len(), engine_schema.num_fields());
    }

    #[test]
    fn one_issuer_is_read_as_text_or_list() {
        for (json, expected) in [
            (r#"{"issuer_name": ""}"#, vec![]),
            (r#"{"issuer_name": "Ports"}"#, vec!["Ports"]),
            (r#"{"issuer_name": ["Ports", "Rail"]}"#, vec!["Ports", "Rail"]),
            ("{}", vec![]),
        ] {
            let entry: Entry = serde_json::from_str(json).unwrap();
            assert_eq!(entry.issuer_name, expected, "{json}");
        }
    }
}
