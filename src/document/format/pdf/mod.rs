//! The bytes of a PDF → a document: paragraphs joined across lines and pages, headings by the size
//! of their letters, without running heads and page numbers.

mod blocks;
mod cmap;
mod content;
mod dehyphenation;
mod drawing;
mod font;
mod headings;
mod layout;
mod lines;
mod load;
mod matrix;
mod paragraph;
mod rows;
mod running_heads;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use lopdf::{Dictionary, Object, decode_text_string};

use self::content::Pages;
use crate::{document::Document, error::Result};

/// More pages than any gazette.
const MAX_PAGES: usize = 20_000;

pub(in crate::document) fn read(id: &str, bytes: &[u8]) -> Result<Document, String> {
    // What is at the mercy of the file has been seen to panic in readers of PDF before.
    let read = catch_unwind(AssertUnwindSafe(|| document(id, bytes)));
    read.unwrap_or_else(|_| Err("is damaged in a way that the reader does not bear".to_owned()))
}

fn document(id: &str, bytes: &[u8]) -> Result<Document, String> {
    let pdf = load::load(bytes)?;
    let ids: Vec<_> = pdf.page_iter().take(MAX_PAGES + 1).collect();
    match ids.len() {
        0 => return Err("is damaged or cut off: it has no pages".to_owned()),
        count if count > MAX_PAGES => return Err(format!("has more than {MAX_PAGES} pages")),
        count => whole(&pdf, count, bytes)?,
    }
    let mut reader = Pages::new(&pdf);
    let mut pages = Vec::with_capacity(ids.len());
    for (number, page) in ids.iter().enumerate() {
        let runs = reader.read(*page).map_err(|reason| format!("page {}: {reason}", number + 1))?;
        pages.push(lines::lines(number, runs));
    }
    if pages.iter().all(Vec::is_empty) {
        return Err(if reader.pictures > 0 {
            "has no text layer: it is a scan, or pictures of text; recognize the text first (OCR)"
        } else {
            "shows no text: it is blank, drawn, or damaged"
        }
        .to_owned());
    }
    if reader.unknown * 2 > reader.shown {
        return Err(
            "does not say which characters its letters are: recognize the text first (OCR)"
                .to_owned(),
        );
    }
    let (blocks, starts) = blocks::blocks(running_heads::without(pages));
    let mut properties = properties(&pdf);
    let mut document = blocks.into_document(id, properties.remove("title"));
    document.metadata.append(&mut properties);
    document.pages = starts;
    // Nothing in a PDF says what its title is: it is the shape of the lines that tells.
    if document.title.is_some() && !document.inferred.iter().any(|field| field == "title") {
        document.inferred.push("title".to_owned());
    }
    Ok(document)
}

/// Whether the file is there to its end, with all the pages that it counts; what was saved of one
/// that is cut off would pass for the whole.
fn whole(pdf: &lopdf::Document, found: usize, bytes: &[u8]) -> Result<(), String> {
    let end = bytes.get(bytes.len().saturating_sub(4_096)..).unwrap_or(bytes);
    if pdf.xref_recovery.is_some() && !end.windows(5).any(|mark| mark == b"%%EOF") {
        return Err("is damaged or cut off: its end is missing".to_owned());
    }
    let root = pdf.catalog().and_then(|catalog| catalog.get_deref(b"Pages", pdf));
    let count = root.and_then(Object::as_dict).and_then(|root| root.get_deref(b"Count", pdf));
    match count.and_then(Object::as_i64).map(usize::try_from) {
        Ok(Ok(count)) if found < count && pdf.xref_recovery.is_some() => {
            Err(format!("is damaged or cut off: {found} of its {count} pages are there"))
        }
        _ => Ok(()),
    }
}

/// The entries of the information dictionary that are kept, and what they are called as metadata.
const PROPERTIES: [(&[u8], &str); 6] = [
    (b"Title", "title"),
    (b"Author", "creator"),
    (b"Subject", "subject"),
    (b"Keywords", "keywords"),
    (b"CreationDate", "created"),
    (b"ModDate", "modified"),
];

fn properties(pdf: &lopdf::Document) -> BTreeMap<String, String> {
    let info = pdf.trailer.get_deref(b"Info", pdf).and_then(Object::as_dict);
    let value = |info: &Dictionary, key: &[u8]| {
        let text = decode_text_string(info.get_deref(key, pdf).ok()?).ok()?;
        let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
        (!text.is_empty()).then(|| iso(text).unwrap_or_else(|| text.to_owned()))
    };
    let found = info.into_iter().flat_map(|info| {
        PROPERTIES
            .iter()
            .filter_map(move |(key, name)| Some(((*name).to_owned(), value(info, key)?)))
    });
    found.collect()
}

/// `D:20251217083000+08'00'` as `2025-12-17T08:30:00`.
fn iso(text: &str) -> Option<String> {
    let digits = text.strip_prefix("D:")?.get(..14)?;
    let part = |from: usize, to: usize| {
        digits.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    Some(format!(
        "{}-{}-{}T{}:{}:{}",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    ))
}
