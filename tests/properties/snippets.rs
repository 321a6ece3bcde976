//! Any query is answered, and what a snippet says of a passage is so.

use gz_search::{Document, Query, Span};
use proptest::prelude::*;

use crate::generators::{documents, query, searcher, text};

/// In order, disjoint, never adjacent, inside `bounds`, not empty, on character boundaries.
fn legal(spans: &[Span], text: &str, bounds: Span) -> bool {
    let apart = spans.windows(2).all(|pair| pair[0].end < pair[1].start);
    let inside = |span: &Span| {
        span.start < span.end
            && bounds.start <= span.start
            && span.end <= bounds.end
            && text.get(span.start..span.end).is_some()
    };
    apart && spans.iter().all(inside)
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
        let results = searcher.search(&Query::new(query).snippet_width(width)).unwrap();
        prop_assert!(results.total >= results.hits.len() as u64);
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
                prop_assert!(legal(&fragment.highlights, text, fragment.span));
            }
        }
    }

    #[test]
    fn highlights_of_any_text_are_legal(text in text(), query in query()) {
        let searcher = searcher(&[Document::new("a", "port")]);
        let spans = searcher.highlights(&Query::new(query), &text).unwrap();
        prop_assert!(legal(&spans, &text, Span::new(0, text.len())));
    }
}
