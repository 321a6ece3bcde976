//! Targets `parser` and `highlighter`: every query parses to a stable tree, and every answer has valid spans.

use gz_search::{
    Document, Index, Query, Searcher,
    query::{Note, NoteKind},
    span::Span,
};

use super::Outcome;

/// Parses a query, prints the tree, and parses the printed query: both trees must be equal, unless the printed query
/// exceeds the limit of length or depth.
pub fn parser(bytes: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(bytes);
    let (clause, _) = gz_search::query::Clause::parse(&text);
    let printed = clause.to_string();
    let (reparsed_clause, notes) = gz_search::query::Clause::parse(&printed);
    let is_truncated =
        |note: &Note| note.kind == NoteKind::Truncated && note.message.ends_with("left out");
    if notes.iter().any(is_truncated) {
        return Outcome::new();
    }
    assert!(
        reparsed_clause == clause,
        "the tree changed: printed {printed:?}, was {clause:?}, is {reparsed_clause:?}"
    );
    let reprinted = reparsed_clause.to_string();
    assert!(reprinted == printed, "the printed query changed: {printed:?}, then {reprinted:?}");
    Outcome::new()
}

/// Searches a text and checks the spans of snippets. The first byte is a quarter of the snippet width, the rest of the
/// first line the query, the other lines the text.
pub fn highlighter(bytes: &[u8]) -> Outcome {
    let Some((&quarter, rest)) = bytes.split_first() else { return Outcome::new() };
    let rest = String::from_utf8_lossy(rest);
    let (query, text) = rest.split_once('\n').unwrap_or((&rest, ""));
    let searcher = searcher(&[text.to_owned()]);
    check_highlights(&searcher, query, usize::from(quarter) * 4, text);
    Outcome::new()
}

/// Returns a searcher over documents of these texts; empty texts are left out.
pub fn searcher(texts: &[String]) -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().expect("memory can be written");
    for (number, text) in texts.iter().enumerate() {
        let mut document = Document::new(format!("d{number}"), text.as_str());
        // Every second document has metadata, so that field queries can match.
        if number % 2 == 0 {
            document.title = text.lines().next().map(str::to_owned);
            document.issuer = Some("Bureau of Commerce 商务局".to_owned());
            "2025/flying car.txt".clone_into(&mut document.source);
            document.date = gz_search::document::Date::new(2025, 12, 17);
        }
        document.detect_lang();
        match writer.add(&document) {
            Ok(()) | Err(gz_search::Error::Document { .. }) => {}
            Err(error) => panic!("not indexed: {error}"),
        }
    }
    writer.commit().expect("memory can be written");
    index.searcher().expect("a committed index can be read")
}

/// Checks the hits of `query`, their snippets of this width, and the highlights in `text`.
pub fn check_highlights(searcher: &Searcher, query: &str, width: usize, text: &str) {
    let query = Query::new(query).width(width);
    let results = searcher.search(&query).unwrap_or_else(|error| panic!("no answer: {error}"));
    assert!(
        results.total + results.total_other >= results.hits.len() as u64,
        "more hits than matches"
    );
    for hit in &results.hits {
        let passage = &hit.passage;
        let document = searcher.document_text(&hit.document.id).expect("it can be read");
        let document = document.expect("a hit has a document");
        assert!(passage.span.of(&document) == passage.text, "not the slice of the document");
        assert!(!hit.snippet.fragments.is_empty(), "no fragment: of {:?}", passage.text);
        let mut end = 0;
        for fragment in &hit.snippet.fragments {
            let Span { start, end: fragment_end } = fragment.span;
            let in_order = start >= end && fragment_end > start;
            assert!(in_order, "fragments out of order: {:?}", hit.snippet);
            end = fragment_end;
            let slice = passage.text.get(start..fragment_end);
            assert!(slice == Some(&fragment.text), "not the slice of the passage: {fragment:?}");
            check_spans(&fragment.highlights, &passage.text, fragment.span);
        }
        check_spans_of(&hit.snippet.title, hit.document.title.as_deref().unwrap_or_default());
        assert!(hit.snippet.headings.len() == passage.headings.len(), "headings without spans");
        for (spans, heading) in hit.snippet.headings.iter().zip(&passage.headings) {
            check_spans_of(spans, heading);
        }
    }
    let spans = searcher.highlights(&query, text);
    check_spans_of(&spans.unwrap_or_else(|error| panic!("no highlights: {error}")), text);
}

fn check_spans_of(spans: &[Span], text: &str) {
    check_spans(spans, text, Span::new(0, text.len()));
}

/// Checks that spans are in order, disjoint, never adjacent, inside `bounds`, not empty and on character boundaries.
fn check_spans(spans: &[Span], text: &str, bounds: Span) {
    let apart = spans.windows(2).all(|pair| pair[0].end < pair[1].start);
    assert!(apart, "highlights touch: {spans:?} of {text:?}");
    for span in spans {
        let inside = bounds.start <= span.start && span.end <= bounds.end;
        assert!(inside, "highlight outside: {span:?} of {bounds:?} in {text:?}");
        let slice = text.get(span.start..span.end);
        assert!(
            slice.is_some_and(|slice| !slice.is_empty()),
            "empty or split character: {span:?} of {text:?}"
        );
    }
}
