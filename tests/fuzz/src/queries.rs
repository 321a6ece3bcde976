//! Queries, over texts or alone → an answer whose every span is right.

use gz_search::{
    Document, Index, Query, Searcher,
    query::{Note, NoteKind},
    span::Span,
};

use super::Deed;

/// Any text parses; the tree that it gives, printed and parsed again, is the same tree, unless it is
/// longer or deeper than a query may be.
pub fn parser(bytes: &[u8]) -> Deed {
    let text = String::from_utf8_lossy(bytes);
    let (clause, _) = gz_search::query::Clause::parse(&text);
    let printed = clause.to_string();
    let (again, notes) = gz_search::query::Clause::parse(&printed);
    let cut = |note: &Note| note.kind == NoteKind::Truncated && note.message.ends_with("left out");
    if notes.iter().any(cut) {
        return Deed::new();
    }
    assert!(again == clause, "another tree: printed {printed:?}, was {clause:?}, is {again:?}");
    let reprinted = again.to_string();
    assert!(reprinted == printed, "another text: {printed:?}, then {reprinted:?}");
    Deed::new()
}

/// Any query is answered over any text, and what a snippet says of the text is so. The first byte is
/// a quarter of the snippet's width, the rest of the first line the query, what follows the text.
pub fn highlighter(bytes: &[u8]) -> Deed {
    let Some((&quarter, rest)) = bytes.split_first() else { return Deed::new() };
    let rest = String::from_utf8_lossy(rest);
    let (query, text) = rest.split_once('\n').unwrap_or((&rest, ""));
    let searcher = searcher(&[text.to_owned()]);
    highlights(&searcher, query, usize::from(quarter) * 4, text);
    Deed::new()
}

/// A searcher over documents of these texts; one without anything to read is left out.
pub fn searcher(texts: &[String]) -> Searcher {
    let index = Index::in_memory();
    let writer = index.writer().expect("memory can be written");
    for (number, text) in texts.iter().enumerate() {
        let mut document = Document::new(format!("d{number}"), text.as_str());
        // Where the text has no structure of its own, one in two has what fields look at.
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
    index.searcher().expect("what was written can be read")
}

/// Checks the hits of `query` and their snippets of that width, and what it highlights in `text`.
pub fn highlights(searcher: &Searcher, query: &str, width: usize, text: &str) {
    let query = Query::new(query).width(width);
    let results = searcher.search(&query).unwrap_or_else(|error| panic!("no answer: {error}"));
    assert!(results.total >= results.hits.len() as u64, "more hits than there are");
    for hit in &results.hits {
        let passage = &hit.passage;
        let document = searcher.document_text(&hit.document.id).expect("it can be read");
        let document = document.expect("a hit has a document");
        assert!(passage.span.of(&document) == passage.text, "not the slice of the document");
        assert!(!hit.snippet.fragments.is_empty(), "no fragment: of {:?}", passage.text);
        let mut end = 0;
        for fragment in &hit.snippet.fragments {
            let Span { start, end: until } = fragment.span;
            assert!(start >= end && until > start, "fragments out of order: {:?}", hit.snippet);
            end = until;
            let slice = passage.text.get(start..until);
            assert!(slice == Some(&fragment.text), "not the slice of the passage: {fragment:?}");
            legal(&fragment.highlights, &passage.text, fragment.span);
        }
        whole(&hit.snippet.title, hit.document.title.as_deref().unwrap_or_default());
        assert!(hit.snippet.headings.len() == passage.headings.len(), "headings without spans");
        for (spans, heading) in hit.snippet.headings.iter().zip(&passage.headings) {
            whole(spans, heading);
        }
    }
    let spans = searcher.highlights(&query, text);
    whole(&spans.unwrap_or_else(|error| panic!("no highlights: {error}")), text);
}

fn whole(spans: &[Span], text: &str) {
    legal(spans, text, Span::new(0, text.len()));
}

/// In order, disjoint, never adjacent, inside `bounds`, not empty, on character boundaries.
fn legal(spans: &[Span], text: &str, bounds: Span) {
    let apart = spans.windows(2).all(|pair| pair[0].end < pair[1].start);
    assert!(apart, "highlights touch: {spans:?} of {text:?}");
    for span in spans {
        let inside = bounds.start <= span.start && span.end <= bounds.end;
        assert!(inside, "highlight outside: {span:?} of {bounds:?} in {text:?}");
        let slice = text.get(span.start..span.end);
        assert!(slice.is_some_and(|slice| !slice.is_empty()), "no highlight: {span:?} of {text:?}");
    }
}
