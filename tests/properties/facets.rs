//! Facets count exactly what is found when their values are chosen.

use std::collections::{BTreeMap, BTreeSet};

use gz_search::{
    Document, Hit, Query, SearchResults, Searcher,
    query::{Facet, Ranking},
    search::FacetCounts,
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{
    generators::{documents, query, searcher, text},
    ranking::scrambled,
};

const ISSUERS: [&str; 4] = ["", "Bureau of Data", "bureau of data", "广州市商务局"];
const LANGS: [&str; 4] = ["", "en", "zh-Hans", "zh-Hant"];
const DATES: [&str; 4] = ["", "2024-12-31", "2025-01-01", "2025-12-17"];
const SOURCES: [&str; 6] =
    ["", "/r/en/1.txt", "/r/en/a/2.txt", "/r/en/a/3.txt", "/r/zh.jsonl", "/other.txt"];
const SAID: [&str; 3] =
    ["", "\n\nPorts grew by 5 %, Li Wei, Director, said.", "\n\nThe port grew."];

/// Releases with everything that is counted, known or not.
fn releases() -> impl Strategy<Value = Vec<Document>> {
    let known = (
        select(&ISSUERS[..]),
        select(&LANGS[..]),
        select(&DATES[..]),
        select(&SOURCES[..]),
        select(&SAID[..]),
    );
    (documents(), vec(known, 12)).prop_map(|(mut documents, known)| {
        for (document, (issuer, lang, date, source, said)) in documents.iter_mut().zip(known) {
            document.issuer = Some(issuer.to_owned()).filter(|issuer| !issuer.is_empty());
            document.lang = lang.to_owned();
            document.date = date.parse().ok();
            document.source = source.to_owned();
            document.text.push_str(said);
        }
        documents
    })
}

/// What somebody may choose: values that occur, and some that may not.
fn chosen() -> impl Strategy<Value = BTreeMap<Facet, BTreeSet<&'static str>>> {
    let choice = select(vec![
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
    vec(choice, 0..4).prop_map(|choices| {
        let mut chosen: BTreeMap<Facet, BTreeSet<&'static str>> = BTreeMap::new();
        for (facet, value) in choices {
            chosen.entry(facet).or_default().insert(value);
        }
        chosen
    })
}

/// The query for `text` with all that is chosen but of one facet.
fn without(
    text: &str,
    chosen: &BTreeMap<Facet, BTreeSet<&'static str>>,
    left_out: Option<Facet>,
) -> Query {
    let others = chosen.iter().filter(|(facet, _)| Some(**facet) != left_out);
    others.fold(Query::new(text).limit(1_000), |query, (&facet, values)| {
        query.only(facet, values.iter().copied())
    })
}

fn answer(searcher: &Searcher, query: Query) -> SearchResults {
    searcher.search(&query.facets(Facet::ALL).facet_limit(1_000)).unwrap()
}

/// What a hit counts for, where that is a value of its own.
fn value(facet: Facet, hit: &Hit) -> Option<String> {
    match facet {
        Facet::Issuer => hit.passage.issuer.clone(),
        Facet::Speaker => hit.passage.speaker.clone(),
        Facet::Year => hit.document.date.map(|date| date.to_string().chars().take(4).collect()),
        Facet::Lang => Some(hit.document.lang.clone()).filter(|lang| !lang.is_empty()),
        _ => None,
    }
}

/// Value, passages, documents.
fn shown(counts: &FacetCounts) -> Vec<(String, u64, u64)> {
    let values = counts.values.iter();
    values.map(|v| (v.value.clone(), v.count.passages, v.count.documents)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_value_chosen_gives_its_count(documents in releases(), text in query(), chosen in chosen()) {
        let searcher = searcher(&documents);
        let results = answer(&searcher, without(&text, &chosen, None));
        prop_assert_eq!(results.facets.len(), Facet::ALL.len());
        for counts in &results.facets {
            let facet = counts.facet;
            for value in &counts.values {
                let query = without(&text, &chosen, Some(facet)).only(facet, [value.value.as_str()]);
                let found = searcher.search(&query).unwrap();
                let expected = (value.count.passages, value.count.documents);
                prop_assert_eq!((found.total, found.total_documents), expected, "{} {:?}", facet, value);
                prop_assert_eq!(found.hits.len() as u64, found.total);
            }
        }
    }

    #[test]
    fn what_is_chosen_keeps_its_order(
        documents in releases(),
        text in query(),
        chosen in chosen(),
        limit in 1usize..4,
    ) {
        let searcher = searcher(&documents);
        // Score regularization depends on the other hits of the page.
        let mut plain = Ranking::default();
        plain.regularization = 0.0;
        let all = searcher.ranking(&Query::new(text.clone()).ranking(plain).limit(1_000)).unwrap();
        let query = without(&text, &chosen, None).ranking(plain);
        let left = searcher.ranking(&query).unwrap();
        let order: Vec<_> = all.into_iter().filter(|place| left.contains(place)).collect();
        prop_assert_eq!(&order, &left);
        let first = searcher.ranking(&query.limit(limit)).unwrap();
        prop_assert_eq!(&first[..], &left[..limit.min(left.len())]);
    }

    #[test]
    fn counts_are_those_of_the_hits(documents in releases(), text in query(), chosen in chosen()) {
        let searcher = searcher(&documents);
        let results = answer(&searcher, without(&text, &chosen, None));
        for counts in results.facets.iter().filter(|counts| counts.facet != Facet::Source) {
            let facet = counts.facet;
            let hits = answer(&searcher, without(&text, &chosen, Some(facet))).hits;
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
            prop_assert_eq!((counts.without.passages, counts.without.documents), none);
            let expected: BTreeMap<_, _> =
                expected.into_iter().map(|(value, ids)| (value.unwrap(), count(ids))).collect();
            let found: BTreeMap<_, _> =
                shown(counts).into_iter().map(|(value, p, d)| (value, (p, d))).collect();
            prop_assert_eq!(found, expected);
            let ordered = counts.values.is_sorted_by(|a, b| match facet {
                Facet::Year => a.value < b.value,
                _ => a.count.passages >= b.count.passages,
            });
            prop_assert!(ordered, "{:?}", counts);
        }
        let sources = results.facets.iter().find(|counts| counts.facet == Facet::Source).unwrap();
        let passages: u64 = sources.values.iter().map(|value| value.count.passages).sum();
        let narrowed = chosen.get(&Facet::Source).is_some_and(|values| values.len() == 1);
        let all = without(&text, &chosen, Some(Facet::Source).filter(|_| !narrowed));
        prop_assert_eq!(passages + sources.without.passages, answer(&searcher, all).total);
    }

    #[test]
    fn history_does_not_matter_to_counts(
        documents in releases(),
        others in vec(text(), 0..3),
        per_commit in 1usize..5,
        text in query(),
    ) {
        let straight = answer(&searcher(&documents), Query::new(text.clone()));
        let other = answer(&scrambled(&documents, &others, per_commit), Query::new(text));
        prop_assert_eq!(straight.facets, other.facets);
    }

    #[test]
    fn what_is_left_out_is_counted(documents in releases(), limit in 0usize..3) {
        let searcher = searcher(&documents);
        let all = answer(&searcher, Query::new("*"));
        let few = searcher.search(&Query::new("*").facets(Facet::ALL).facet_limit(limit)).unwrap();
        for (all, few) in all.facets.iter().zip(&few.facets) {
            prop_assert_eq!(few.values.len() + few.more as usize, all.values.len());
            prop_assert!(few.facet == Facet::Year || few.values.len() <= limit);
            prop_assert_eq!(&few.values[..], &all.values[..few.values.len()]);
        }
    }
}
