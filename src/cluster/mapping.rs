//! What an index on a cluster is made with: the fields of the embedded index, each with the engine's
//! whitespace analyzer, and a mark of what made them.

use serde_json::{Value, json};

use crate::{
    analysis::{Analyzer, Chinese},
    error::{Error, Result},
    query::{Ranking, TextField},
};

/// Bump it when an index made before cannot be searched any more.
const FORMAT: u64 = 1;

/// The field of the words of a scope.
pub(super) const fn words(scope: TextField) -> &'static str {
    match scope {
        TextField::Body => "exact",
        TextField::Title => "title",
        TextField::Heading => "heading",
        TextField::Issuer => "issuer",
        TextField::Speaker => "speaker",
    }
}

/// The field of the stems of these words, at the same positions.
pub(super) const fn stems(scope: TextField) -> &'static str {
    match scope {
        TextField::Body => "exact_stems",
        TextField::Title => "title_stems",
        TextField::Heading => "heading_stems",
        TextField::Issuer => "issuer_stems",
        TextField::Speaker => "speaker_stems",
    }
}

/// Fields of one term each.
const KEYWORDS: [&str; 10] = [
    "kind",
    "key",
    "document",
    "source",
    "lang",
    "issuer_name",
    "speaker_name",
    "in",
    "term",
    "stem",
];
/// Fields of numbers.
const NUMBERS: [&str; 4] = ["ordinal", "length", "date", "year"];
pub(super) const SCOPES: [TextField; 5] =
    [TextField::Body, TextField::Title, TextField::Heading, TextField::Issuer, TextField::Speaker];

/// How large an index is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Over so many shards passages are spread; it cannot be changed later.
    pub shards: u32,
    /// So many copies each shard has beside itself.
    pub replicas: u32,
}

impl Default for Layout {
    fn default() -> Self {
        Self { shards: 3, replicas: 1 }
    }
}

/// Settings and mapping of a new index.
pub(super) fn definition(layout: Layout, analyzer: &Analyzer, gap: u32) -> Value {
    let Ranking { k1, b, .. } = Ranking::default();
    let text = || json!({"type": "text", "analyzer": "whitespace", "position_increment_gap": gap});
    let mut properties = serde_json::Map::new();
    for scope in SCOPES {
        for name in [words(scope), stems(scope)] {
            let mut field = text();
            // How long a title is does not matter.
            if let (true, Some(field)) = (scope != TextField::Body, field.as_object_mut()) {
                field.insert("similarity".to_owned(), "flat".into());
            }
            properties.insert(name.to_owned(), field);
        }
    }
    let pairs = json!({"type": "text", "analyzer": "whitespace", "index_options": "freqs"});
    properties.insert("words".to_owned(), pairs);
    properties.extend(KEYWORDS.map(|name| (name.to_owned(), json!({"type": "keyword"}))));
    properties.extend(NUMBERS.map(|name| (name.to_owned(), json!({"type": "long"}))));
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
            "_meta": made_by(analyzer),
            "_source": {"includes": ["entry", "head", "term", "version", "root", "made_by"]},
            "properties": properties,
        },
    })
}

/// What an index says of the program that made it.
fn made_by(analyzer: &Analyzer) -> Value {
    json!({
        "format": FORMAT,
        "analyzer": analyzer.fingerprint(),
        "chinese": analyzer.chinese() == Chinese::Auto,
        "program": format!("gz-search {}", env!("CARGO_PKG_VERSION")),
    })
}

/// How texts are cut for an index that says this of what made it.
///
/// # Errors
///
/// [`Error::Cluster`] where this program made it otherwise, or another program.
pub(super) fn analyzer(found: &Value) -> Result<Analyzer> {
    let chinese = found.get("chinese").and_then(Value::as_bool).unwrap_or(true);
    let analyzer = Analyzer::new(if chinese { Chinese::Auto } else { Chinese::Off });
    let expected = made_by(&analyzer);
    let same = |key: &str| found.get(key) == expected.get(key);
    if same("format") && same("analyzer") {
        return Ok(analyzer);
    }
    let shown = |meta: &Value| {
        let text = |key: &str| meta.get(key).map_or_else(|| "none".to_owned(), Value::to_string);
        format!("format {}, analyzer {}", text("format"), text("analyzer"))
    };
    Err(Error::Cluster(format!(
        "holds an index of another kind ({}), this program needs {}: make it anew with `gz-search index --rebuild`",
        shown(found),
        shown(&expected)
    )))
}
