//! Several indexes that are searched as one give the results of one index with all documents.

use gz_search::{
    Document, Index, Query, SearchResults, Searcher,
    index::Indexes,
    query::{Collapse, Facet},
};
use proptest::{collection::vec, prelude::*};

use crate::generators::{documents, query, searcher, text};

/// Returns an index of the documents after several commits, in which another document was added and removed.
fn index_of(documents: &[Document]) -> Index {
    let index = Index::in_memory();
    for group in documents.chunks(3) {
        let writer = index.writer().unwrap();
        for document in group {
            writer.add(document).unwrap();
        }
        writer.add(&Document::new("removed", "port data 广州")).unwrap();
        writer.commit().unwrap();
    }
    let writer = index.writer().unwrap();
    writer.remove("removed").unwrap();
    writer.commit().unwrap();
    index
}

/// Returns a searcher over several indexes, each with the documents of one part.
fn searcher_of_parts(parts: &[Vec<Document>]) -> Searcher {
    let indexes = parts.iter().map(|documents| index_of(documents));
    Indexes::new(indexes).unwrap().searcher().unwrap()
}

/// Returns the documents with a date and an issuer, which depend on their number.
fn with_metadata(mut documents: Vec<Document>) -> Vec<Document> {
    for (number, document) in documents.iter_mut().enumerate() {
        document.issuer =
            [None, Some("Bureau of Data"), Some("Port Office")][number % 3].map(str::to_owned);
        document.date = ["2024-03-01", "2025-06-30", "never"][number % 3].parse().ok();
    }
    documents
}

/// Describes a page: totals, facets, notes, and for each hit the passage, the bits of its score and its
/// near-duplicates.
fn described(results: &SearchResults) -> (String, Vec<String>) {
    let totals = format!(
        "{} {} {} {} {:?} {:?}",
        results.total,
        results.total_documents,
        results.total_other,
        results.total_other_exact,
        results.facets,
        results.notes,
    );
    let hit = |hit: &gz_search::Hit| {
        let duplicates = hit.near_duplicates.as_ref().map(|duplicates| &duplicates.documents);
        format!("{} {:x} {:?} {duplicates:?}", hit.passage.id, hit.score.to_bits(), hit.matched)
    };
    (totals, results.hits.iter().map(hit).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn split_documents_give_the_results_of_one_index(
        documents in documents().prop_map(with_metadata),
        parts in vec(0usize..3, 12),
        query in query(),
        collapse in prop_oneof![
            Just(Collapse::None), Just(Collapse::Document), Just(Collapse::Near)
        ],
        limit in prop_oneof![Just(2usize), Just(1000)],
    ) {
        let one_index = searcher(&documents);
        let mut split = vec![Vec::new(); 3];
        for (document, part) in documents.iter().zip(parts) {
            split[part].push(document.clone());
        }
        let several_indexes = searcher_of_parts(&split);
        let request = Query::new(query).limit(limit).collapse(collapse).facets([Facet::Issuer, Facet::Year]);
        let expected = one_index.search(&request).unwrap();
        let found = several_indexes.search(&request).unwrap();
        prop_assert_eq!(described(&found), described(&expected));
        for document in &documents {
            prop_assert_eq!(
                several_indexes.document_text(&document.id).unwrap(),
                one_index.document_text(&document.id).unwrap()
            );
        }
        prop_assert_eq!(
            several_indexes.suggest("po", 5).unwrap(),
            one_index.suggest("po", 5).unwrap()
        );
    }

    #[test]
    fn the_first_of_documents_with_one_id_counts(
        documents in documents(),
        others in vec((0usize..12, text()), 1..12),
        query in query(),
    ) {
        let mut later: Vec<Document> = Vec::new();
        for (number, text) in others {
            let id = format!("d{number}");
            if later.iter().all(|document| document.id != id) {
                later.push(Document::new(id, format!("{text} data")));
            }
        }
        let is_new = |other: &&Document| documents.iter().all(|document| document.id != other.id);
        let all: Vec<Document> = documents.iter().chain(later.iter().filter(is_new)).cloned().collect();
        let one_index = searcher(&all);
        let several_indexes = searcher_of_parts(&[documents.clone(), later.clone(), documents]);
        let request = Query::new(query).limit(1000);
        let expected = one_index.search(&request).unwrap();
        prop_assert_eq!(described(&several_indexes.search(&request).unwrap()), described(&expected));
        for document in &all {
            prop_assert_eq!(
                several_indexes.document_text(&document.id).unwrap(),
                one_index.document_text(&document.id).unwrap()
            );
        }
    }
}
