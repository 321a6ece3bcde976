//! What the index keeps of each passage, document and source file, beside the inverted lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    document::{Date, Document},
    passage::Passage,
    span::Offset,
};

/// A passage as it is stored. The document text is the concatenation of `before` and `text` of all
/// its passages in order, and the document's `tail`: nothing is stored twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PassageRecord {
    #[serde(rename = "d")]
    pub(crate) document: String,
    #[serde(rename = "o")]
    pub(crate) ordinal: u32,
    /// Where `text` begins in the document text.
    #[serde(rename = "s")]
    pub(crate) start: Offset,
    /// The document text between the passage before and this one.
    #[serde(rename = "b", default, skip_serializing_if = "String::is_empty")]
    pub(crate) before: String,
    #[serde(rename = "t")]
    pub(crate) text: String,
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headings: Vec<String>,
    /// The title and headings that are indexed with it.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) heads: Vec<String>,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(crate) speaker: Option<String>,
    /// The number of its paragraph, from 1.
    #[serde(rename = "n")]
    pub(crate) paragraph: u32,
    /// The number of the page that it begins on, from 1.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<u32>,
}

impl PassageRecord {
    /// `passage` of `document`; `previous_end` is where the passage before it ends.
    pub(super) fn new(document: &Document, passage: &Passage, previous_end: Offset) -> Self {
        let before = document.text.get(previous_end.utf8..passage.span.start).unwrap_or_default();
        Self {
            document: document.id.clone(),
            ordinal: passage.ordinal,
            start: previous_end.after(before),
            before: before.to_owned(),
            text: passage.span.of(&document.text).to_owned(),
            headings: passage.headings.clone(),
            heads: passage.new_headings.clone(),
            issuer: passage.issuer.clone(),
            speaker: passage.speaker.clone(),
            paragraph: passage.paragraph,
            page: passage.page,
        }
    }
}

/// What is stored of a document beside its passages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DocumentRecord {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) title: Option<String>,
    pub(crate) lang: String,
    pub(crate) date: Option<Date>,
    pub(crate) issuer: Option<String>,
    pub(crate) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) origins: BTreeMap<String, String>,
    pub(crate) inferred: Vec<String>,
    /// Of everything that was read: tells whether the document has changed.
    pub(crate) hash: String,
    pub(crate) passages: u32,
    /// What it says, in short, where it is the only document of a file: files that say the same have
    /// this in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) said: Option<String>,
    /// The document text after the last passage.
    pub(crate) tail: String,
}

impl DocumentRecord {
    /// The record of `document`, split into `passages`.
    pub(super) fn new(document: &Document, passages: &[Passage], said: Option<&str>) -> Self {
        let end = passages.last().map_or(0, |last| last.span.end);
        Self {
            id: document.id.clone(),
            source: document.source.clone(),
            title: document.title.clone(),
            lang: document.lang.clone(),
            date: document.date,
            issuer: document.issuer.clone(),
            url: document.url.clone(),
            number: document.number.clone(),
            metadata: document.metadata.clone(),
            origins: document.origins.clone(),
            inferred: document.inferred.clone(),
            hash: document_hash(document),
            passages: u32::try_from(passages.len()).unwrap_or(u32::MAX),
            said: said.map(str::to_owned),
            tail: document.text.get(end..).unwrap_or_default().to_owned(),
        }
    }
}

/// A file that documents were read from, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// Its absolute path.
    pub path: String,
    /// The absolute path of the folder or file that was given to be indexed.
    pub root: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed last, in milliseconds since 1970.
    pub modified: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub hash: String,
    /// How many documents it held.
    pub documents: u32,
    /// The name of its format; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// What was known of its documents beforehand; empty where nothing was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given: String,
    /// That document, where the format of the file holds one only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<SoleDocument>,
}

/// The only document of a file. Of files that say the same one is indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoleDocument {
    /// The id that the document has, or would have if this file were the one that is indexed.
    pub id: String,
    /// A hash of what it says.
    pub text: String,
}

/// The SHA-256 of all that a document says, in hexadecimal digits. Equal hashes, nothing to do.
pub(crate) fn document_hash(document: &Document) -> String {
    let mut hasher = Sha256::new();
    let date = document.date.map(|date| date.to_string());
    let fields = [
        Some(document.id.as_str()),
        Some(&document.source),
        document.title.as_deref(),
        Some(&document.lang),
        date.as_deref(),
        document.issuer.as_deref(),
        document.url.as_deref(),
        document.number.as_deref(),
        Some(&document.text),
    ];
    let metadata = document
        .metadata
        .iter()
        .flat_map(|(key, value)| [Some(key.as_str()), Some(value.as_str())]);
    for field in fields.into_iter().chain(metadata) {
        // Lengths keep neighbouring fields apart.
        hasher.update(field.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        hasher.update(field.unwrap_or_default());
    }
    hexadecimal(&hasher.finalize())
}

/// The SHA-256 of `bytes`, in hexadecimal digits.
pub(crate) fn content_hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
