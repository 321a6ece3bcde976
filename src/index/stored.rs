//! Records of passages, documents and source files. The index stores each record as JSON, separately from the inverted
//! index.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    document::{Date, Document, Place},
    passage::{Passage, Speaker},
    span::Offset,
};

/// Stored passage. The text of a document is the concatenation of `text_before` and `text` of all its passages in
/// order, followed by the `text_after_passages` of its [`DocumentRecord`]. So no text is stored twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PassageRecord {
    /// Id of the document that contains the passage.
    #[serde(rename = "d")]
    pub(crate) document: String,
    /// Position of the passage in its document, from 0.
    #[serde(rename = "o")]
    pub(crate) ordinal: u32,
    /// Offset of `text` in the document text.
    #[serde(rename = "s")]
    pub(crate) start: Offset,
    /// Document text between the previous passage and this passage.
    #[serde(rename = "b", default, skip_serializing_if = "String::is_empty")]
    pub(crate) text_before: String,
    /// Text of the passage.
    #[serde(rename = "t")]
    pub(crate) text: String,
    /// Headings that apply to the passage, the outermost heading first.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headings: Vec<String>,
    /// Title and headings directly above the passage. They are indexed together with the text of the passage.
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headings_directly_above: Vec<String>,
    /// Name of the organization that issued the passage; `None` if it is unknown.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    /// Name of the main speaker of the passage; `None` if nobody is named, or if the passage quotes several persons.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub(crate) speaker: Option<String>,
    /// Speakers of the passage: the person or body whose speech contains the passage, and the persons whom the passage
    /// quotes.
    #[serde(rename = "w", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) speakers: Vec<Speaker>,
    /// Number of the paragraph in the document, from 1.
    #[serde(rename = "n")]
    pub(crate) paragraph: u32,
    /// Page on which the passage begins, from 1; `None` if the file has no pages.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<u32>,
    /// Slide or cells in which the passage begins; `None` if the file has neither.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<Place>,
    /// Whether text of the passage was recognized in a picture.
    #[serde(rename = "r", default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) recognized: bool,
}

impl PassageRecord {
    /// Returns the record of `passage`. `previous_end` is the offset in the document text at which the previous passage
    /// ends.
    pub(super) fn new(document: &Document, passage: &Passage, previous_end: Offset) -> Self {
        let text_before =
            document.text.get(previous_end.utf8..passage.span.start).unwrap_or_default();
        Self {
            document: document.id.clone(),
            ordinal: passage.ordinal,
            start: previous_end.advanced_by(text_before),
            text_before: text_before.to_owned(),
            text: passage.span.of(&document.text).to_owned(),
            headings: passage.headings.clone(),
            headings_directly_above: passage.headings_directly_above.clone(),
            issuer: passage.issuer.clone(),
            speaker: passage.speaker.clone(),
            speakers: passage.speakers.clone(),
            paragraph: passage.paragraph,
            page: passage.page,
            place: passage.place.clone(),
            recognized: passage.recognized,
        }
    }
}

impl PassageRecord {
    /// Returns the names of the speakers of the passage, each name once, in the order in which the speakers speak or
    /// are quoted.
    pub(crate) fn speaker_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for speaker in &self.speakers {
            if !names.contains(&speaker.name.as_str()) {
                names.push(&speaker.name);
            }
        }
        names
    }
}

/// Stored document, without the text of its passages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DocumentRecord {
    pub(crate) id: String,
    /// Path of the file from which the document was read; empty if the document was not read from a file.
    pub(crate) source: String,
    pub(crate) title: Option<String>,
    /// Language code, such as `en` or `zh-Hans`.
    pub(crate) lang: String,
    /// Day of publication; `None` if year, month or day is unknown.
    pub(crate) date: Option<Date>,
    /// Name of the organization that issued the document; `None` if it is unknown.
    pub(crate) issuer: Option<String>,
    pub(crate) url: Option<String>,
    /// Number that the issuer gave the document, such as `国办发〔1996〕25号`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<String>,
    /// Further metadata, by key.
    pub(crate) metadata: BTreeMap<String, String>,
    /// Place in the file from which each metadata value was read, such as `meta pubdate`, by field name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) origins: BTreeMap<String, String>,
    /// Names of the fields whose values were inferred, because the file does not state them.
    pub(crate) inferred: Vec<String>,
    /// Hash of the document, computed by [`document_hash`].
    pub(crate) hash: String,
    /// Number of passages.
    pub(crate) passages: u32,
    /// Digest of the content. Duplicate files have equal digests. `None` if the document is not the only document of
    /// its source file.
    #[serde(rename = "said", default, skip_serializing_if = "Option::is_none")]
    pub(crate) content_digest: Option<String>,
    /// Document text after the last passage.
    #[serde(rename = "tail")]
    pub(crate) text_after_passages: String,
}

impl DocumentRecord {
    /// Returns the record of `document`. `passages` are the passages of the document.
    pub(super) fn new(
        document: &Document,
        passages: &[Passage],
        content_digest: Option<&str>,
    ) -> Self {
        // The pattern names every field, so that this function fails to compile when [`Document`] gets a new field.
        let Document {
            id,
            source,
            title,
            lang,
            declared_lang: _,
            date,
            issuer,
            url,
            number,
            metadata,
            origins,
            inferred,
            text,
            blocks: _,
            pages: _,
            recognized_pages: _,
            places: _,
            left_out: _,
            unread: _,
        } = document;
        let passages_end = passages.last().map_or(0, |last| last.span.end);
        Self {
            id: id.clone(),
            source: source.clone(),
            title: title.clone(),
            lang: lang.clone(),
            date: *date,
            issuer: issuer.clone(),
            url: url.clone(),
            number: number.clone(),
            metadata: metadata.clone(),
            origins: origins.clone(),
            inferred: inferred.clone(),
            hash: document_hash(document),
            passages: u32::try_from(passages.len()).unwrap_or(u32::MAX),
            content_digest: content_digest.map(str::to_owned),
            text_after_passages: text.get(passages_end..).unwrap_or_default().to_owned(),
        }
    }

    /// Restores the document from this record and from `passages`, the records of its passages in order. The fields
    /// `blocks`, `pages`, `recognized_pages`, `places`, `left_out`, `unread`, `origins` and `inferred` of the result
    /// are empty.
    pub(super) fn restore_document(&self, passages: &[PassageRecord]) -> Document {
        let passage_texts =
            passages.iter().flat_map(|passage| [passage.text_before.as_str(), &passage.text]);
        let text: String = passage_texts.chain([self.text_after_passages.as_str()]).collect();
        Document {
            id: self.id.clone(),
            source: self.source.clone(),
            title: self.title.clone(),
            lang: self.lang.clone(),
            declared_lang: String::new(),
            date: self.date,
            issuer: self.issuer.clone(),
            url: self.url.clone(),
            number: self.number.clone(),
            metadata: self.metadata.clone(),
            origins: BTreeMap::new(),
            inferred: Vec::new(),
            text,
            blocks: Vec::new(),
            pages: Vec::new(),
            recognized_pages: Vec::new(),
            places: Vec::new(),
            left_out: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// Returns whether the document is undamaged: whether its hash still equals the hash in this record. `passages` are
    /// the records of the passages of the document, in order.
    pub(super) fn is_intact(&self, passages: &[PassageRecord]) -> bool {
        document_hash(&self.restore_document(passages)) == self.hash
    }
}

/// Record of a source file, with its state when it was last read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// Absolute path of the file.
    pub path: String,
    /// Absolute path of the root: the folder or file that the caller asked to index.
    pub root: String,
    /// Size in bytes.
    pub size: u64,
    /// Modification time in milliseconds since 1970; 0 if the file could not be read in full.
    pub modified: u64,
    /// Time of the last change of the content or the attributes, in milliseconds since 1970; 0 if the system has no
    /// such time. This time reveals a change that keeps size and modification time.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub changed: u64,
    /// Number of the file in its file system (inode); 0 if the system has no such number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub inode: u64,
    /// SHA-256 of the content, in hexadecimal digits; empty if the file could not be read in full.
    pub hash: String,
    /// Number of documents in the file.
    pub documents: u32,
    /// Name of the format; empty if the format is unknown.
    #[serde(rename = "kind", default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// Fingerprint of the [options](crate::index::UpdateOptions) that affected the documents; empty for the default
    /// options.
    #[serde(rename = "given", default, skip_serializing_if = "String::is_empty")]
    pub options: String,
    /// Version of the code that read documents and passages from the file
    /// ([`READER_VERSION`](crate::passage::READER_VERSION)); 0 if the index was written by a program without such
    /// versions.
    #[serde(rename = "readers", default, skip_serializing_if = "is_zero")]
    pub reader_version: u64,
    /// Path of the root as the caller gave it, if it differs from the path without symbolic links; otherwise empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given_root: String,
    /// Single document of the file; `None` if the format of the file allows several documents.
    #[serde(rename = "only", default, skip_serializing_if = "Option::is_none")]
    pub sole_document: Option<SoleDocument>,
}

/// Single document of a source file. Of several files with equal digests, only one is indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoleDocument {
    /// Id of the document. A duplicate file is not indexed; for such a file, the id that its document would have.
    pub id: String,
    /// Digest of the content.
    #[serde(rename = "text")]
    pub content_digest: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Returns the number of duplicate files in `sources`. A duplicate file is not indexed, because an indexed file has
/// equal content.
pub(crate) fn duplicate_file_count(sources: &[Source]) -> u64 {
    let sole_documents = sources.iter().filter_map(|source| source.sole_document.as_ref());
    let digests: Vec<_> = sole_documents.map(|document| document.content_digest.as_str()).collect();
    let distinct_digests: BTreeSet<_> = digests.iter().collect();
    (digests.len() - distinct_digests.len()) as u64
}

/// Returns the SHA-256 of the text and the metadata of a document, in hexadecimal digits. An update skips a document
/// whose hash is unchanged.
pub(crate) fn document_hash(document: &Document) -> String {
    // The pattern names every field, so that this function fails to compile when [`Document`] gets a new field.
    let Document {
        id,
        source,
        title,
        lang,
        declared_lang: _,
        date,
        issuer,
        url,
        number,
        metadata,
        origins: _,
        inferred: _,
        text,
        blocks: _,
        pages: _,
        recognized_pages: _,
        places: _,
        left_out: _,
        unread: _,
    } = document;
    let mut hasher = Sha256::new();
    let date = date.map(|date| date.to_string());
    let fields = [
        Some(id.as_str()),
        Some(source),
        title.as_deref(),
        Some(lang),
        date.as_deref(),
        issuer.as_deref(),
        url.as_deref(),
        number.as_deref(),
        Some(text),
    ];
    let metadata = metadata.iter();
    let metadata = metadata.flat_map(|(key, value)| [Some(key.as_str()), Some(value.as_str())]);
    for field in fields.into_iter().chain(metadata) {
        // The length before each field separates the fields unambiguously.
        hasher.update(field.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        hasher.update(field.unwrap_or_default());
    }
    to_hexadecimal(&hasher.finalize())
}

/// Returns the SHA-256 of `bytes`, in hexadecimal digits.
pub(crate) fn content_hash(bytes: &[u8]) -> String {
    to_hexadecimal(&Sha256::digest(bytes))
}

pub(super) fn to_hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passage::passages;

    #[test]
    fn records_restore_the_document() {
        let mut document = Document::new("a", "Title\n\nPorts grew.\n\n  Railways grew.  \n\n");
        document.source = "/a".to_owned();
        document.title = Some("Title".to_owned());
        document.number = Some("国办发〔1996〕25号".to_owned());
        document.metadata.insert("topic".to_owned(), "ports".to_owned());
        let passages = passages(&document);
        let mut previous_end = Offset::default();
        let records: Vec<_> = passages
            .iter()
            .map(|passage| {
                let record = PassageRecord::new(&document, passage, previous_end);
                previous_end = record.start.advanced_by(&record.text);
                record
            })
            .collect();
        let mut record = DocumentRecord::new(&document, &passages, None);
        assert_eq!(record.restore_document(&records), document);
        assert!(record.is_intact(&records));
        assert!(!record.is_intact(&records[1..]));
        record.title = None;
        assert!(!record.is_intact(&records));
    }

    #[test]
    fn records_keep_their_json_keys() {
        let document = Document::new("a", "Ports grew.");
        let record = DocumentRecord::new(&document, &passages(&document), Some("d"));
        let json = serde_json::to_string(&record).unwrap();
        let hash = &record.hash;
        let expected = format!(
            r#"{{"id":"a","source":"","title":null,"lang":"","date":null,"issuer":null,"url":null,"metadata":{{}},"inferred":[],"hash":"{hash}","passages":1,"said":"d","tail":""}}"#
        );
        assert_eq!(json, expected);
        let source = Source {
            path: "/a".to_owned(),
            root: "/".to_owned(),
            format: "text".to_owned(),
            options: "o".to_owned(),
            sole_document: Some(SoleDocument {
                id: "a".to_owned(),
                content_digest: "d".to_owned(),
            }),
            ..Source::default()
        };
        assert_eq!(
            serde_json::to_string(&source).unwrap(),
            r#"{"path":"/a","root":"/","size":0,"modified":0,"hash":"","documents":0,"kind":"text","given":"o","only":{"id":"a","text":"d"}}"#
        );
    }

    #[test]
    fn all_but_one_of_several_equal_files_are_counted_as_duplicates() {
        let source = |digest: Option<&str>| Source {
            sole_document: digest.map(|digest| SoleDocument {
                id: "a".to_owned(),
                content_digest: digest.to_owned(),
            }),
            ..Source::default()
        };
        for (digests, expected) in [
            (&[][..], 0),
            (&[Some("a"), Some("b"), None, None], 0),
            (&[Some("a"), Some("a"), Some("b"), Some("a")], 2),
        ] {
            let sources: Vec<_> = digests.iter().map(|digest| source(*digest)).collect();
            assert_eq!(duplicate_file_count(&sources), expected, "{digests:?}");
        }
    }
}
