//! Settings and mapping of an index on a cluster. The mapping has the fields of the embedded index, each with the
//! whitespace analyzer of the cluster. The mapping also records the index format and the analyzer of the program.

use serde_json::{Value, json};

use crate::{
    analysis::{Analyzer, Chinese},
    error::{ClusterFailure, Error, Result},
    query::{Ranking, TextField},
};

/// Version of the mapping. Increment the version when this program can no longer search older indexes.
const MAPPING_VERSION: u64 = 2;

/// Returns the name of the cluster field in which the words of `text_field` are indexed.
pub(super) const fn words_field(text_field: TextField) -> &'static str {
    match text_field {
        TextField::Body => "exact",
        TextField::Title => "title",
        TextField::Heading => "heading",
        TextField::Issuer => "issuer",
        TextField::Speaker => "speaker",
    }
}

/// Names of the keyword fields. The cluster indexes each value of a keyword field as one term.
const KEYWORD_FIELDS: [&str; 11] = [
    "kind",
    "key",
    "document",
    "source",
    "lang",
    "issuer_name",
    "speaker_name",
    "month",
    "in",
    "term",
    "stem",
];
/// Names of the number fields.
const NUMBER_FIELDS: [&str; 4] = ["ordinal", "length", "date", "year"];
/// All text fields of a passage.
pub(super) const TEXT_FIELDS: [TextField; 5] =
    [TextField::Body, TextField::Title, TextField::Heading, TextField::Issuer, TextField::Speaker];

/// Number of shards and replicas of a new index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Number of primary shards. This number cannot be changed later.
    pub shards: u32,
    /// Number of replicas of each shard.
    pub replicas: u32,
}

impl Default for Layout {
    fn default() -> Self {
        Self { shards: 3, replicas: 1 }
    }
}

/// Returns the settings and the mapping of a new index. `gap` is the number of positions between two separate texts in
/// a field.
pub(super) fn index_definition(layout: Layout, analyzer: &Analyzer, gap: u32) -> Value {
    let Ranking { k1, b, .. } = Ranking::default();
    let text_field =
        || json!({"type": "text", "analyzer": "whitespace", "position_increment_gap": gap});
    let mut properties = serde_json::Map::new();
    for scope in TEXT_FIELDS {
        let mut field = text_field();
        // The score of a title or a heading does not depend on its length.
        if let (true, Some(field)) = (scope != TextField::Body, field.as_object_mut()) {
            field.insert("similarity".to_owned(), "flat".into());
        }
        properties.insert(words_field(scope).to_owned(), field);
    }
    let bigram_field = json!({"type": "text", "analyzer": "whitespace", "index_options": "freqs"});
    properties.insert("words".to_owned(), bigram_field);
    properties.extend(KEYWORD_FIELDS.map(|name| (name.to_owned(), json!({"type": "keyword"}))));
    properties.extend(NUMBER_FIELDS.map(|name| (name.to_owned(), json!({"type": "long"}))));
    for name in ["entry", "head"] {
        properties.insert(name.to_owned(), json!({"type": "object", "enabled": false}));
    }
    json!({
        "settings": {"index": {
            "number_of_shards": layout.shards,
            "number_of_replicas": layout.replicas,
            "codec": "best_compression",
            "refresh_interval": "30s",
            "similarity": {
                "default": {"type": "BM25", "k1": k1, "b": b},
                "flat": {"type": "BM25", "k1": k1, "b": 0.0},
            },
        }},
        "mappings": {
            "dynamic": false,
            "_meta": index_format_info(analyzer),
            "_source": {"includes": ["entry", "head", "term", "version", "root", "made_by"]},
            "properties": properties,
        },
    })
}

/// Returns the index format and the analyzer of this program. The mapping of an index stores this value as `_meta`.
fn index_format_info(analyzer: &Analyzer) -> Value {
    json!({
        "format": MAPPING_VERSION,
        "analyzer": analyzer.fingerprint(),
        "chinese": analyzer.chinese() == Chinese::Auto,
        "program": format!("gz-search {}", env!("CARGO_PKG_VERSION")),
    })
}

/// Returns the analyzer of an index. `stored_info` is the result of [`index_format_info`] that the mapping of the index
/// stores.
///
/// # Errors
///
/// [`Error::Cluster`] if another program or another version of this program created the index.
pub(super) fn analyzer_from_stored_info(stored_info: &Value) -> Result<Analyzer> {
    let segments_chinese = stored_info.get("chinese").and_then(Value::as_bool).unwrap_or(true);
    let analyzer = Analyzer::new(if segments_chinese { Chinese::Auto } else { Chinese::Off });
    let expected_info = index_format_info(&analyzer);
    let is_equal = |key: &str| stored_info.get(key) == expected_info.get(key);
    if is_equal("format") && is_equal("analyzer") {
        return Ok(analyzer);
    }
    let describe = |meta: &Value| {
        let meta_text =
            |key: &str| meta.get(key).map_or_else(|| "none".to_owned(), Value::to_string);
        format!("format {}, analyzer {}", meta_text("format"), meta_text("analyzer"))
    };
    Err(Error::Cluster {
        failure: ClusterFailure::Incompatible,
        message: format!(
            "holds an index of another kind ({}), this program needs {}",
            describe(stored_info),
            describe(&expected_info)
        ),
    })
}
