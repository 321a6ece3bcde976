//! An entry of the embedded index ↔ a document of the cluster: the same terms in the same order, for an
//! analyzer that only cuts them apart at spaces.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::mapping::{self, SCOPES};
use crate::{
    document::Date,
    index::{
        DocumentRecord, Entry, content_hash,
        remote::{is_definition, term_runs},
    },
    query::TextField,
    search::remote::indexed_stem,
};

/// Of kinds that documents are of.
pub(super) const PASSAGE: &str = "passage";
pub(super) const DOCUMENT: &str = "document";
pub(super) const SOURCE: &str = "source";
pub(super) const TERM: &str = "term";
/// The id of the document that says what state the index is in, and its kind.
pub(super) const STATE: &str = "state";

/// The id of a passage. Ids of documents may be longer than a cluster allows.
pub(super) fn passage_id(document: &str, ordinal: u64) -> String {
    format!("{}#{ordinal}", short(document))
}

/// The id of the record of a document.
pub(super) fn document_id(document: &str) -> String {
    format!("d:{}", short(document))
}

/// The id of the record of a source file.
pub(super) fn source_id(path: &str) -> String {
    format!("s:{}", short(path))
}

/// What all entries of a document are routed by, so that they lie in one shard.
pub(super) fn short(text: &str) -> String {
    let mut hash = content_hash(text.as_bytes());
    hash.truncate(32);
    hash
}

/// A passage, with the record of its document.
pub(super) fn passage(entry: &Entry, record: &Entry, head: &Value) -> Value {
    let mut fields = Map::new();
    for scope in SCOPES {
        let text = match scope {
            TextField::Title => &record.title,
            scope => terms_of(entry, scope),
        };
        let (runs, shared) = term_runs(text);
        let joined = |of: &dyn Fn(&str) -> String| -> Vec<String> {
            let all = runs.iter().chain(std::iter::once(&shared));
            let all =
                all.map(|terms| terms.iter().map(|term| of(term)).collect::<Vec<_>>().join(" "));
            all.filter(|text| !text.is_empty()).collect()
        };
        let words = joined(&str::to_owned);
        if words.is_empty() {
            continue;
        }
        fields.insert(
            mapping::stems(scope).to_owned(),
            json!(joined(&|term| indexed_stem(term).into_owned())),
        );
        fields.insert(mapping::words(scope).to_owned(), json!(words));
    }
    let ordinal = entry.ordinal.first().copied().unwrap_or_default();
    insert(&mut fields, "words", &entry.ranking_terms);
    insert(&mut fields, "kind", PASSAGE);
    insert(&mut fields, "key", &passage_id(&entry.document, ordinal));
    insert(&mut fields, "document", &entry.document);
    insert(&mut fields, "source", &entry.source);
    insert(&mut fields, "lang", &entry.lang);
    insert(&mut fields, "issuer_name", &entry.issuer_name);
    insert(&mut fields, "speaker_name", &entry.speaker_name);
    fields.insert("ordinal".to_owned(), json!(ordinal));
    fields.insert("length".to_owned(), json!(entry.length.first().copied().unwrap_or_default()));
    if let Some(&day) = entry.date.first() {
        fields.insert("date".to_owned(), json!(day));
        fields.insert("year".to_owned(), json!(Date::year_of_julian_day(day)));
    }
    fields.insert("entry".to_owned(), full(entry));
    fields.insert("head".to_owned(), head.clone());
    Value::Object(fields)
}

/// The record of a document or of a source file.
pub(super) fn record(kind: &str, entry: &Entry) -> Value {
    let key = match kind {
        SOURCE => source_id(&entry.origin),
        _ => document_id(&entry.document),
    };
    let mut fields = Map::new();
    insert(&mut fields, "kind", kind);
    insert(&mut fields, "key", &key);
    insert(&mut fields, "document", &entry.document);
    insert(&mut fields, "source", &entry.source);
    fields.insert("entry".to_owned(), full(entry));
    Value::Object(fields)
}

/// The record of a document as each passage carries it: all but the text behind the last passage.
pub(super) fn head(record: &Entry) -> Value {
    full(&Entry { stored: changed(&record.stored, |record| record.tail.clear()), ..record.clone() })
}

/// The record of a document while it is being written: the next run takes it for one that has changed, of so
/// many passages.
pub(super) fn unfinished(record: &Entry, passages: u32) -> Entry {
    let stored = changed(&record.stored, |record| {
        record.hash.clear();
        record.passages = passages;
    });
    Entry { stored, ..record.clone() }
}

fn changed(stored: &str, change: impl FnOnce(&mut DocumentRecord)) -> String {
    let Ok(mut record) = serde_json::from_str::<DocumentRecord>(stored) else {
        return stored.to_owned();
    };
    change(&mut record);
    serde_json::to_string(&record).unwrap_or_default()
}

/// The distinct terms of a passage that patterns and spellings look for: where each stands, and itself.
pub(super) fn vocabulary<'e>(
    entry: &'e Entry,
    record: &'e Entry,
) -> BTreeSet<(&'static str, &'e str)> {
    let mut found = BTreeSet::new();
    for scope in SCOPES {
        let text = if scope == TextField::Title { &record.title } else { terms_of(entry, scope) };
        let (runs, shared) = term_runs(text);
        let terms = runs.into_iter().flatten().chain(shared);
        found.extend(terms.map(|term| (mapping::words(scope), term)));
    }
    let defined = entry.ranking_terms.split(' ').filter(|term| is_definition(term));
    found.extend(defined.map(|term| ("words", term)));
    found
}

/// A term, so that it is found by its shape.
pub(super) fn term(field: &str, term: &str) -> Value {
    json!({"kind": TERM, "in": field, "term": term, "stem": indexed_stem(term)})
}

/// The terms of a scope that a passage has itself.
fn terms_of(entry: &Entry, scope: TextField) -> &str {
    match scope {
        TextField::Body => &entry.exact,
        TextField::Title => &entry.title,
        TextField::Heading => &entry.heading,
        TextField::Issuer => &entry.issuer,
        TextField::Speaker => &entry.speaker,
    }
}

fn full(entry: &Entry) -> Value {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(entry) else { return Value::Null };
    fields.retain(|_, value| match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(numbers) => !numbers.is_empty(),
        _ => true,
    });
    Value::Object(fields)
}

fn insert(fields: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        fields.insert(name.to_owned(), text.into());
    }
}
