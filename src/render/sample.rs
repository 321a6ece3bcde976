//! Search results with markup in every text, for the tests of all formats.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    highlight::{Fragment, Snippet},
    query::{
        Note,
        note_detail::{NoteDetail, Repair},
    },
    search::{DocumentInfo, Hit, MatchKind, PassageInfo, SearchResults},
    span::{Offset, Span},
};

/// Returns results with one hit. Every text of the hit contains markup of some format.
pub(super) fn results_with_markup() -> SearchResults {
    let text = "<b>a & \"car\"</b>, 广州 *bold*\n=SUM(A1), \"x\"".to_owned();
    let first_line = text.split('\n').next().unwrap().to_owned();
    let fragment = Fragment {
        span: Span::new(0, first_line.len()),
        text: first_line,
        highlights: vec![Span::new(8, 11)],
        cut_before: false,
        cut_after: true,
    };
    let hit = Hit {
        rank: 1,
        score: 1.5,
        matched: MatchKind::Some,
        missing: vec!["<port>".to_owned()],
        next_best: Vec::new(),
        collapsed: 2,
        near_duplicates: None,
        document: DocumentInfo {
            id: "<i>\"".to_owned(),
            title: Some("<script>alert(1)</script>".to_owned()),
            source: String::new(),
            also_at: Vec::new(),
            date: "2025-12-17".parse().ok(),
            issuer: None,
            lang: "\">".to_owned(),
            url: Some("javascript:alert(1)".to_owned()),
            number: None,
            metadata: BTreeMap::new(),
            origins: BTreeMap::new(),
            inferred: Vec::new(),
            passages: 3,
        },
        passage: PassageInfo {
            id: "<i>\"#0".to_owned(),
            ordinal: 0,
            paragraph: 1,
            hash: String::new(),
            headings: vec!["One, \"two\"".to_owned(), "<h1> & three".to_owned()],
            issuer: Some("Bureau | _B_".to_owned()),
            speaker: Some("Mr. *A*".to_owned()),
            speakers: Vec::new(),
            page: Some(3),
            place: None,
            recognized: false,
            span: Span::new(0, text.len()),
            start: Offset::default(),
            text,
        },
        snippet: Snippet {
            fragments: vec![fragment],
            title: Vec::new(),
            headings: vec![Vec::new(), vec![Span::new(7, 12)]],
        },
        explanation: Vec::new(),
        cursor: String::new(),
    };
    SearchResults {
        query: "<car>".to_owned(),
        notes: vec![Note::new(NoteDetail::Repaired(Repair::UnknownField {
            name: "<note>".to_owned(),
        }))],
        total: 3,
        total_documents: 1,
        total_other: 1,
        total_other_exact: true,
        hits: vec![hit],
        facets: Vec::new(),
        cut: false,
        elapsed: Duration::ZERO,
        next: None,
    }
}
