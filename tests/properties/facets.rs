//! A facet value counts exactly the passages and documents that match when the value is selected.

use std::collections::{BTreeMap, BTreeSet};

use gz_search::{
    Document, Hit, Query, SearchResults, Searcher,
    query::{Facet, Ranking},
    search::{FacetCounts, MatchKind},
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    generators::{documents, query, searcher, text},
    ranking::with_history,
};

const ISSUERS: [&str; 4] = ["", "Bureau of Data", "bureau of data", "广州市商务局"];
const LANGS: [&str; 4] = ["", "en", "zh-Hans", "zh-Hant"];
const DATES: [&str; 4] = ["", "2024-12-31", "2025-01-01", "2025-12-17"];
const SOURCES: [&str; 6] =
    ["", "/r/en/1.txt", "/r/en/a/2.txt", "/r/en/a/3.txt", "/r/zh.jsonl", "/other.txt"];
const ENDINGS: [&str; 3] =
    ["", "\n\nPorts grew by 5 %, Li Wei, Director, said.", "\n\nThe port grew."];

/// Releases with random values of every facet, missing ones included.
fn releases() -> impl Strategy<Value = Vec<Document>> {
    let fields = (
        select(&ISSUERS[..]),
        select(&LANGS[..]),
        select(&DATES[..]),
        select(&SOURCES[..]),
        select(&ENDINGS[..]),
    );
    (documents(), vec(fields, 12)).prop_map(|(mut documents, fields)| {
        for (document, (issuer, lang, date, source, ending)) in documents.iter_mut().zip(fields) {
            document.issuer = Some(issuer.to_owned()).filter(|issuer| !issuer.is_empty());
            document.lang = lang.to_owned();
            document.date = date.parse().ok();
            document.source = source.to_owned();
            document.text.push_str(ending);
        }
        documents
    })
}

/// Selected facet values: some that occur in the releases, and some that may not.
fn selection() -> impl Strategy<Value = BTreeMap<Facet, BTreeSet<&'static str>>> {
    let value = select(vec![
        (Facet::Issuer, "Bureau of Data"),
        (Facet::Issuer, "Bureau"),
        (Facet::Speaker, "Li Wei"),
        (Facet::Year, "2025"),
        (Facet::Year, "2024"),
        (Facet::Lang, "en"),
        (Facet::Lang, "zh"),
        (Facet::Source, "/r/"),
        (Facet::Source, "/r/en/"),
        (Facet::Source, "/r/en/a/2.txt"),
        (Facet::Source, "/r/zh.jsonl"),
    ]);
    vec(value, 0..4).prop_map(|values| {
        let mut selection: BTreeMap<Facet, BTreeSet<&'static str>> = BTreeMap::new();
        for (facet, value) in values {
            selection.entry(facet).or_default().insert(value);
        }
        selection
    })
}

/// Returns the query for `text` with the selected values of every facet except `left_out`.
fn query_without(
    text: &str,
    selection: &BTreeMap<Facet, BTreeSet<&'static str>>,
    left_out: Option<Facet>,
) -> Query {
    let others = selection.iter().filter(|(facet, _)| Some(**facet) != left_out);
    others.fold(Query::new(text).limit(1_000), |query, (&facet, values)| {
        query.only(facet, values.iter().copied())
    })
}

fn answer(searcher: &Searcher, query: Query) -> SearchResults {
    searcher.search(&query.facets(Facet::ALL).facet_limit(1_000)).unwrap()
}

/// Returns the facet value of a hit; `None` if the hit has no value, and for sources, which are counted by folder.
fn value(facet: Facet, hit: &Hit) -> Option<String> {
    match facet {
        Facet::Issuer => hit.passage.issuer.clone(),
        Facet::Speaker => hit.passage.speaker.clone(),
        Facet::Year => hit.document.date.map(|date| date.to_string().chars().take(4).collect()),
        Facet::Month => hit.document.date.map(|date| date.to_string().chars().take(7).collect()),
        Facet::Lang => Some(hit.document.lang.clone()).filter(|lang| !lang.is_empty()),
        _ => None,
    }
}

/// Returns the value, the number of passages and the number of documents of each facet value.
fn counted_values(counts: &FacetCounts) -> Vec<(String, u64, u64)> {
    let values = counts.values.iter();
    values.map(|v| (v.value.clone(), v.count.passages, v.count.documents)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn selecting_a_value_gives_its_count(documents in releases(), text in query(), selection in selection()) {
        let searcher = searcher(&documents);
        let results = answer(&searcher, query_without(&text, &selection, None));
        prop_assert_eq!(results.facets.len(), Facet::ALL.len());
        for counts in &results.facets {
            let facet = counts.facet;
            for value in &counts.values {
                let query = query_without(&text, &selection, Some(facet)).only(facet, [value.value.as_str()]);
                let selected = searcher.search(&query).unwrap();
                let expected = (value.count.passages, value.count.documents);
                prop_assert_eq!((selected.total, selected.total_documents), expected, "{} {:?}", facet, value);
                let full = selected.hits.iter().filter(|hit| hit.matched == MatchKind::All).count();
                prop_assert_eq!(full as u64, selected.total);
            }
        }
    }

    #[test]
    fn facet_selection_keeps_the_ranking(
        documents in releases(),
        text in query(),
        selection in selection(),
        limit in 1usize..4,
    ) {
        let searcher = searcher(&documents);
        // Score regularization depends on the other hits of the page.
        let mut plain = Ranking::default();
        plain.regularization = 0.0;
        // The score of a whole document depends on the other passages that lack a word.
        let all = Query::new(text.clone()).ranking(plain).limit(1_000).strict(true);
        let all = searcher.ranking(&all).unwrap();
        let query = query_without(&text, &selection, None).ranking(plain).strict(true);
        let selected = searcher.ranking(&query).unwrap();
        let order: Vec<_> = all.into_iter().filter(|hit| selected.contains(hit)).collect();
        prop_assert_eq!(&order, &selected);
        let first = searcher.ranking(&query.limit(limit)).unwrap();
        prop_assert_eq!(&first[..], &selected[..limit.min(selected.len())]);
    }

    #[test]
    fn facet_counts_equal_counts_over_all_hits(documents in releases(), text in query(), selection in selection()) {
        let searcher = searcher(&documents);
        let results = answer(&searcher, query_without(&text, &selection, None));
        for counts in results.facets.iter().filter(|counts| counts.facet != Facet::Source) {
            let facet = counts.facet;
            let mut hits = answer(&searcher, query_without(&text, &selection, Some(facet))).hits;
            hits.retain(|hit| hit.matched == MatchKind::All);
            let mut expected: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
            for hit in &hits {
                expected.entry(value(facet, hit)).or_default().push(hit.document.id.clone());
            }
            let count = |mut ids: Vec<String>| {
                let passages = ids.len() as u64;
                ids.sort();
                ids.dedup();
                (passages, ids.len() as u64)
            };
            let none = count(expected.remove(&None).unwrap_or_default());
            prop_assert_eq!((counts.without_value.passages, counts.without_value.documents), none);
            let expected: BTreeMap<_, _> =
                expected.into_iter().map(|(value, ids)| (value.unwrap(), count(ids))).collect();
            let counted: BTreeMap<_, _> =
                counted_values(counts).into_iter().map(|(value, p, d)| (value, (p, d))).collect();
            prop_assert_eq!(counted, expected);
            let ordered = counts.values.is_sorted_by(|a, b| match facet {
                Facet::Year | Facet::Month => a.value < b.value,
                _ => a.count.passages >= b.count.passages,
            });
            prop_assert!(ordered, "{:?}", counts);
        }
        let sources = results.facets.iter().find(|counts| counts.facet == Facet::Source).unwrap();
        let passages: u64 = sources.values.iter().map(|value| value.count.passages).sum();
        let narrowed = selection.get(&Facet::Source).is_some_and(|values| values.len() == 1);
        let all = query_without(&text, &selection, Some(Facet::Source).filter(|_| !narrowed));
        prop_assert_eq!(passages + sources.without_value.passages, answer(&searcher, all).total);
    }

    #[test]
    fn facet_counts_do_not_depend_on_index_history(
        documents in releases(),
        others in vec(text(), 0..3),
        per_commit in 1usize..5,
        text in query(),
    ) {
        let one_commit = answer(&searcher(&documents), Query::new(text.clone()));
        let many_commits = answer(&with_history(&documents, &others, per_commit), Query::new(text));
        prop_assert_eq!(one_commit.facets, many_commits.facets);
    }

    #[test]
    fn values_beyond_the_limit_are_counted(documents in releases(), limit in 0usize..3) {
        let searcher = searcher(&documents);
        let unlimited = answer(&searcher, Query::new("*"));
        let limited_query = Query::new("*").facets(Facet::ALL).facet_limit(limit);
        let limited = searcher.search(&limited_query).unwrap();
        for (unlimited, limited) in unlimited.facets.iter().zip(&limited.facets) {
            let counted = limited.values.len() + limited.more_values as usize;
            prop_assert_eq!(counted, unlimited.values.len());
            prop_assert!(limited.facet.is_time() || limited.values.len() <= limit);
            prop_assert_eq!(&limited.values[..], &unlimited.values[..limited.values.len()]);
        }
    }
}
