//! JSON objects that represent a document and a passage.

use std::collections::BTreeMap;

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use super::span::SpanObject;
use crate::{
    document::{Date, Place},
    search::{DocumentInfo, PassageInfo},
    span::OffsetUnit,
};

/// Metadata of a document.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Document))]
pub(crate) struct DocumentObject<'a> {
    /// Id of the document, unique in the index.
    id: &'a str,
    title: Option<&'a str>,
    /// Path of the source file; empty if the document was posted to the service.
    source: &'a str,
    /// Paths of other source files with the same text, in alphabetical order.
    also_at: &'a [String],
    /// Date of publication.
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, format = Date))]
    date: Option<Date>,
    /// Issuer: the body that published the document.
    issuer: Option<&'a str>,
    /// Language as a BCP 47 code.
    lang: &'a str,
    /// Canonical web address of the document.
    url: Option<&'a str>,
    /// Official number of the document.
    number: Option<&'a str>,
    /// Further metadata by key, among them the values of declared fields; absent if there is none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: &'a BTreeMap<String, String>,
    /// Origin of the value of each field, by field name.
    origins: &'a BTreeMap<String, String>,
    /// Names of the fields that were inferred rather than read.
    inferred: &'a [String],
}

/// A passage: a paragraph of a document, or a segment of a very long paragraph.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Passage))]
pub(crate) struct PassageObject<'a> {
    /// Id of the passage: `DOCUMENT#ORDINAL`.
    id: &'a str,
    /// Position of the passage in its document, from 0.
    ordinal: u32,
    /// Number of the paragraph in its document, from 1. A very long paragraph is split into several passages with the
    /// same number.
    paragraph: u32,
    /// Page on which the passage begins, from 1; null if the document has no pages.
    page: Option<u32>,
    /// Number of the slide on which the passage begins, from 1; null if the document is not a presentation.
    slide: Option<u32>,
    /// Name of the sheet that contains the passage; null if the document is not a workbook.
    sheet: Option<&'a str>,
    /// Range of the cells of the passage, such as `A5:D5`; null if the document is not a table.
    cells: Option<&'a str>,
    /// Whether the passage, or a part of it, was recognized in a picture (OCR) and may contain errors.
    recognized: bool,
    /// First 16 hexadecimal digits of the SHA-256 of the text.
    hash: &'a str,
    /// Link with the hash of the text, `gz-search:DOCUMENT#ORDINAL@HASH`: `resolve` finds the text again.
    link: String,
    /// Headings above the passage, from the highest level to the lowest.
    headings: &'a [String],
    /// Issuer of the passage.
    issuer: Option<&'a str>,
    /// Name of the person or body that speaks the whole passage; null if the speaker is unknown, or if the passage
    /// quotes several persons.
    speaker: Option<&'a str>,
    /// Speakers of the passage, in the order of their words: the person whose speech contains the passage, and the
    /// persons whom the passage quotes.
    speakers: Vec<SpeakerObject<'a>>,
    /// Span of the passage in the text of the document.
    span: SpanObject,
    /// Text of the passage, which equals the text of the document at `span`.
    text: &'a str,
}

/// A person or body that speaks in a passage.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Speaker))]
pub(crate) struct SpeakerObject<'a> {
    /// Name without honorific and office.
    name: &'a str,
    /// Office of the person, as the release states it.
    office: Option<&'a str>,
    /// Span of the words of the person in the text of the passage.
    span: SpanObject,
    /// Basis of the attribution: label, turn, answer, speech, quotation, report or section.
    origin: &'static str,
    /// Whether the speaker was inferred from the text before or above the passage.
    inferred: bool,
}

fn speaker_objects(passage: &PassageInfo, unit: OffsetUnit) -> Vec<SpeakerObject<'_>> {
    let speakers = passage.speakers.iter().map(|speaker| SpeakerObject {
        name: &speaker.name,
        office: speaker.office.as_deref(),
        span: SpanObject::new(speaker.span, &passage.text, unit),
        origin: speaker.basis.name(),
        inferred: speaker.inferred,
    });
    speakers.collect()
}

impl<'a> DocumentObject<'a> {
    /// Returns the JSON object of `document`.
    pub(crate) fn new(document: &'a DocumentInfo) -> Self {
        Self {
            id: &document.id,
            title: document.title.as_deref(),
            source: &document.source,
            also_at: &document.also_at,
            date: document.date,
            issuer: document.issuer.as_deref(),
            lang: &document.lang,
            url: document.url.as_deref(),
            number: document.number.as_deref(),
            metadata: &document.metadata,
            origins: &document.origins,
            inferred: &document.inferred,
        }
    }
}

impl<'a> PassageObject<'a> {
    /// Returns the JSON object of `passage`, with its span in `unit`.
    pub(crate) fn new(passage: &'a PassageInfo, unit: OffsetUnit) -> Self {
        let end = passage.start.advanced_by(&passage.text);
        let cells = passage.place.as_ref().and_then(Place::cells);
        Self {
            id: &passage.id,
            ordinal: passage.ordinal,
            paragraph: passage.paragraph,
            page: passage.page,
            slide: passage.place.as_ref().and_then(Place::slide),
            sheet: cells.map(|(sheet, _)| sheet).filter(|sheet| !sheet.is_empty()),
            cells: cells.map(|(_, range)| range),
            recognized: passage.recognized,
            hash: &passage.hash,
            link: passage.link().to_string(),
            headings: &passage.headings,
            issuer: passage.issuer.as_deref(),
            speaker: passage.speaker.as_deref(),
            speakers: speaker_objects(passage, unit),
            span: SpanObject::between(passage.start, end, unit),
            text: &passage.text,
        }
    }
}
