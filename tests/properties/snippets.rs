//! Any query is answered, and the spans of snippets are valid in every offset unit.

use gz_search::{
    Document, Query, SearchResults,
    analysis::{Analysis, Analyzer, Chinese},
    render,
    span::{OffsetUnit, Span},
};
use proptest::prelude::*;
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use crate::generators::{documents, query, searcher, text};

/// Returns whether spans are in order, disjoint, never adjacent, inside `bounds`, not empty and on character
/// boundaries.
fn are_valid(spans: &[Span], text: &str, bounds: Span) -> bool {
    let apart = spans.windows(2).all(|pair| pair[0].end < pair[1].start);
    let inside = |span: &Span| {
        span.start < span.end
            && bounds.start <= span.start
            && span.end <= bounds.end
            && text.get(span.start..span.end).is_some()
    };
    apart && spans.iter().all(inside)
}

/// Returns the slice of `text` that `span` denotes if offsets count in `unit`.
fn slice(text: &str, span: &Value, unit: OffsetUnit) -> String {
    let (start, end): (usize, usize) = serde_json::from_value(span.clone()).unwrap();
    match unit {
        OffsetUnit::Utf8 => text.get(start..end).unwrap().to_owned(),
        OffsetUnit::Utf16 => {
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16(&units[start..end]).unwrap()
        }
        OffsetUnit::Codepoint => text.chars().skip(start).take(end - start).collect(),
    }
}

/// Returns the slices that the spans of a page of JSON denote, in their order; `document` is the text of the only
/// document.
fn slices(results: &SearchResults, document: &str, unit: OffsetUnit) -> Vec<String> {
    let page: Value = serde_json::from_str(&render::json(results, unit)).unwrap();
    assert_eq!(page["offset_encoding"], unit.name());
    let mut slices = Vec::new();
    for hit in page["hits"].as_array().unwrap() {
        let text = hit["passage"]["text"].as_str().unwrap();
        let snippet = &hit["snippet"];
        slices.push(slice(document, &hit["passage"]["span"], unit));
        for fragment in snippet["fragments"].as_array().unwrap() {
            slices.push(slice(text, &fragment["span"], unit));
            for highlight in fragment["highlights"].as_array().unwrap() {
                slices.push(slice(text, highlight, unit));
            }
        }
        let headings = hit["passage"]["headings"].as_array().unwrap();
        let heading_spans = headings.iter().zip(snippet["headings"].as_array().unwrap());
        let title = (&hit["document"]["title"], &snippet["title"]);
        for (text, spans) in heading_spans.chain([title]) {
            for span in spans.as_array().unwrap() {
                slices.push(slice(text.as_str().unwrap(), span, unit));
            }
        }
    }
    slices
}

/// Returns whether an end of `span` lies inside a word, a number or a grapheme of `text`.
fn splits_a_word(text: &str, span: Span) -> bool {
    let mut analysis = Analysis::default();
    Analyzer::new(Chinese::Off).tokens(text, &mut analysis);
    let tokens = analysis.tokens.iter().map(|token| token.span);
    let graphemes = text.grapheme_indices(true);
    let graphemes = graphemes.map(|(start, grapheme)| Span::new(start, start + grapheme.len()));
    let splits = |unit: Span, offset: usize| unit.start < offset && offset < unit.end;
    tokens.chain(graphemes).any(|unit| splits(unit, span.start) || splits(unit, span.end))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn fragments_are_slices_of_the_passage(
        documents in documents(),
        query in query(),
        width in 20usize..400,
    ) {
        let searcher = searcher(&documents);
        let results = searcher.search(&Query::new(query).width(width)).unwrap();
        prop_assert!(results.total + results.total_other >= results.hits.len() as u64);
        for hit in results.hits {
            let text = &hit.passage.text;
            let document = searcher.document_text(&hit.document.id).unwrap().unwrap();
            prop_assert_eq!(hit.passage.span.of(&document), text);
            prop_assert!(!hit.snippet.fragments.is_empty());
            let mut end = 0;
            for fragment in &hit.snippet.fragments {
                prop_assert!(fragment.span.start >= end);
                end = fragment.span.end;
                prop_assert_eq!(text.get(fragment.span.start..fragment.span.end), Some(fragment.text.as_str()));
                prop_assert!(are_valid(&fragment.highlights, text, fragment.span));
                prop_assert!(!splits_a_word(text, fragment.span), "{:?} of {text:?}", fragment.text);
            }
        }
    }

    #[test]
    fn highlights_of_any_text_are_valid_spans(text in text(), query in query()) {
        let searcher = searcher(&[Document::new("a", "port")]);
        let spans = searcher.highlights(&Query::new(query), &text).unwrap();
        prop_assert!(are_valid(&spans, &text, Span::new(0, text.len())));
    }

    #[test]
    fn spans_denote_the_same_text_in_every_unit(text in text(), query in query(), width in 20usize..400) {
        let text = format!("大湾区 😀 port\n\n{text}\n\n😀 the port of 广州");
        let searcher = searcher(&[Document::new("a", text)]);
        let document = searcher.document_text("a").unwrap().unwrap();
        let query = Query::new(format!("{query} port")).width(width);
        let results = searcher.search(&query).unwrap();
        let bytes = slices(&results, &document, OffsetUnit::Utf8);
        // A query with NOT may match nothing; a hit always has spans.
        prop_assert!(results.hits.is_empty() || !bytes.is_empty());
        for unit in [OffsetUnit::Utf16, OffsetUnit::Codepoint] {
            prop_assert_eq!(slices(&results, &document, unit), bytes.clone());
        }
    }
}
