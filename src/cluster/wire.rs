//! Converts entries of the embedded index to documents of the cluster. Texts are analyzed here and sent as terms
//! separated by spaces. The whitespace analyzer of the cluster then indexes each term at the same position as an
//! embedded index.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::mapping::{self, TEXT_FIELDS};
use crate::{
    document::Date,
    index::{
        DocumentRecord, Entry, content_hash,
        remote::{is_abbreviation_definition, split_term_runs},
    },
    query::TextField,
    search::remote::stem_for_inflection_lookup,
};

/// Kind of a cluster document that holds a passage.
pub(super) const PASSAGE_KIND: &str = "passage";
/// Kind of a cluster document that holds the record of a document.
pub(super) const DOCUMENT_KIND: &str = "document";
/// Kind of a cluster document that holds the record of a source file.
pub(super) const SOURCE_KIND: &str = "source";
/// Kind of a cluster document that holds a distinct term.
pub(super) const TERM_KIND: &str = "term";
/// Kind and id of the cluster document that holds the state of the index.
pub(super) const STATE_DOCUMENT: &str = "state";

/// Returns the id of the cluster document that holds a passage. The id contains a hash of the document id, because a
/// document id may be longer than a cluster allows.
pub(super) fn passage_id(document: &str, ordinal: u64) -> String {
    format!("{}#{ordinal}", short_hash(document))
}

/// Returns the id of the cluster document that holds the record of a document.
pub(super) fn document_id(document: &str) -> String {
    format!("d:{}", short_hash(document))
}

/// Returns the id of the cluster document that holds the record of a source file.
pub(super) fn source_id(path: &str) -> String {
    format!("s:{}", short_hash(path))
}

/// Returns the first 32 hexadecimal digits of the hash of `text`. The short hash of a document id selects the shard for
/// all entries of the document, so that one shard holds all these entries.
pub(super) fn short_hash(text: &str) -> String {
    let mut hash = content_hash(text.as_bytes());
    hash.truncate(32);
    hash
}

/// Returns the cluster document that holds a passage. `record` is the record of the document that contains the
/// passage, and `copied_record` is the [`record_copy_for_passages`] of this record.
pub(super) fn passage_document(entry: &Entry, record: &Entry, copied_record: &Value) -> Value {
    let mut fields = Map::new();
    for scope in TEXT_FIELDS {
        let field_text = match scope {
            TextField::Title => &record.title,
            scope => encoded_terms_in_field(entry, scope),
        };
        let (runs, shared_terms) = split_term_runs(field_text);
        let all_runs = runs.iter().chain(std::iter::once(&shared_terms));
        let words: Vec<String> =
            all_runs.map(|terms| terms.join(" ")).filter(|text| !text.is_empty()).collect();
        if words.is_empty() {
            continue;
        }
        fields.insert(mapping::words_field(scope).to_owned(), json!(words));
    }
    let ordinal = entry.ordinal.first().copied().unwrap_or_default();
    insert_nonempty_text(&mut fields, "words", &entry.ranking_terms);
    insert_nonempty_text(&mut fields, "kind", PASSAGE_KIND);
    insert_nonempty_text(&mut fields, "key", &passage_id(&entry.document, ordinal));
    insert_nonempty_text(&mut fields, "document", &entry.document);
    insert_nonempty_text(&mut fields, "source", &entry.source);
    insert_nonempty_text(&mut fields, "lang", &entry.lang);
    for (field, names) in
        [("issuer_name", &entry.issuer_name), ("speaker_name", &entry.speaker_name)]
    {
        if !names.is_empty() {
            fields.insert(field.to_owned(), json!(names));
        }
    }
    fields.insert("ordinal".to_owned(), json!(ordinal));
    fields.insert("length".to_owned(), json!(entry.length.first().copied().unwrap_or_default()));
    if let Some(&day) = entry.date.first() {
        fields.insert("date".to_owned(), json!(day));
        fields.insert("year".to_owned(), json!(Date::year_of_julian_day(day)));
        let month = Date::from_julian_day(day).and_then(Date::year_and_month);
        if let Some((year, month)) = month {
            insert_nonempty_text(&mut fields, "month", &format!("{year:04}-{month:02}"));
        }
    }
    fields.insert("entry".to_owned(), entry_to_json(entry));
    fields.insert("head".to_owned(), copied_record.clone());
    Value::Object(fields)
}

/// Returns the cluster document that holds the record of a document or of a source file.
pub(super) fn record_document(kind: &str, entry: &Entry) -> Value {
    let key = match kind {
        SOURCE_KIND => source_id(&entry.record_path),
        _ => document_id(&entry.document),
    };
    let mut fields = Map::new();
    insert_nonempty_text(&mut fields, "kind", kind);
    insert_nonempty_text(&mut fields, "key", &key);
    insert_nonempty_text(&mut fields, "document", &entry.document);
    insert_nonempty_text(&mut fields, "source", &entry.source);
    fields.insert("entry".to_owned(), entry_to_json(entry));
    Value::Object(fields)
}

/// Returns the copy of a document record that each passage stores. The copy lacks the text after the last passage.
pub(super) fn record_copy_for_passages(record: &Entry) -> Value {
    entry_to_json(&Entry {
        stored_record: edit_record(&record.stored_record, |record| {
            record.text_after_passages.clear();
        }),
        ..record.clone()
    })
}

/// Returns a record that marks a document as unfinished. The hash in this record is empty, so that the next indexing
/// run writes the document again. `max_passage_count` is an upper bound of the number of stored passages.
pub(super) fn unfinished_record(record: &Entry, max_passage_count: u32) -> Entry {
    let stored_record = edit_record(&record.stored_record, |record| {
        record.hash.clear();
        record.passages = max_passage_count;
    });
    Entry { stored_record, ..record.clone() }
}

/// Applies `change` to a serialized document record, and serializes the result.
fn edit_record(stored: &str, change: impl FnOnce(&mut DocumentRecord)) -> String {
    let Ok(mut record) = serde_json::from_str::<DocumentRecord>(stored) else {
        return stored.to_owned();
    };
    change(&mut record);
    serde_json::to_string(&record).unwrap_or_default()
}

/// Returns the distinct terms of a passage, each with the name of its field. Wildcards, fuzzy words and spelling
/// corrections are looked up in these terms.
pub(super) fn distinct_terms<'e>(
    entry: &'e Entry,
    record: &'e Entry,
) -> BTreeSet<(&'static str, &'e str)> {
    let mut fields_and_terms = BTreeSet::new();
    for scope in TEXT_FIELDS {
        let field_text = if scope == TextField::Title {
            &record.title
        } else {
            encoded_terms_in_field(entry, scope)
        };
        let (runs, shared_terms) = split_term_runs(field_text);
        let terms = runs.into_iter().flatten().chain(shared_terms);
        fields_and_terms.extend(terms.map(|term| (mapping::words_field(scope), term)));
    }
    let definitions =
        entry.ranking_terms.split(' ').filter(|term| is_abbreviation_definition(term));
    fields_and_terms.extend(definitions.map(|term| ("words", term)));
    fields_and_terms
}

/// Returns the cluster document that holds a distinct term.
pub(super) fn term_document(field: &str, term: &str) -> Value {
    json!({"kind": TERM_KIND, "in": field, "term": term, "stem": stem_for_inflection_lookup(term)})
}

/// Returns the terms that `entry` has in `text_field`, encoded as one text.
fn encoded_terms_in_field(entry: &Entry, text_field: TextField) -> &str {
    match text_field {
        TextField::Body => &entry.exact_terms,
        TextField::Title => &entry.title,
        TextField::Heading => &entry.heading,
        TextField::Issuer => &entry.issuer,
        TextField::Speaker => &entry.speaker,
    }
}

/// Serializes an entry without its empty fields.
fn entry_to_json(entry: &Entry) -> Value {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(entry) else { return Value::Null };
    fields.retain(|_, value| match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(numbers) => !numbers.is_empty(),
        _ => true,
    });
    Value::Object(fields)
}

/// Adds the text `text` to `fields` under the key `name`, unless the text is empty.
fn insert_nonempty_text(fields: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        fields.insert(name.to_owned(), text.into());
    }
}
