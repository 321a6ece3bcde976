//! Near-duplicates are collapsed into one hit, for any page size and any history of the index.

use std::collections::{BTreeMap, BTreeSet};

use gz_search::{Document, Query, Searcher, query::Collapse};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{generators::searcher, ranking::with_history};

/// Generates one of three long paragraphs with some words changed, or one of two short paragraphs.
fn paragraph() -> impl Strategy<Value = String> {
    let long = (0usize..3, vec(0usize..60, 0..4)).prop_map(|(text, changed)| {
        let word = |index| match (changed.contains(&index), index % 9) {
            (true, _) => format!("other{index} "),
            (false, 0) => "port ".to_owned(),
            (false, _) => format!("word{text}x{index} "),
        };
        (0..60).map(word).collect()
    });
    prop_oneof![3 => long, 1 => Just("The port opened.".to_owned()), 1 => Just("Another port.".to_owned())]
}

fn documents() -> impl Strategy<Value = Vec<Document>> {
    let numbered = |texts: Vec<(bool, Vec<String>)>| {
        let texts = texts.into_iter().enumerate();
        let document = |(number, (headed, text)): (usize, (bool, Vec<String>))| {
            // Headings do not count for near-duplicates.
            let heading = if headed { "Bureau of Data: News\n\n" } else { "" };
            Document::new(format!("d{number}"), format!("{heading}{}", text.join("\n\n")))
        };
        texts.map(document).collect()
    };
    vec((any::<bool>(), vec(paragraph(), 1..4)), 1..12).prop_map(numbered)
}

/// Returns which of the five paragraphs a text was made from.
fn original(text: &str) -> String {
    match text.split_once("word") {
        Some((_, rest)) => rest.chars().take(1).collect(),
        None => text.to_owned(),
    }
}

/// Returns a query that collapses near-duplicates.
fn near(limit: usize) -> Query {
    Query::new("port").collapse(Collapse::Near).limit(limit)
}

/// Returns the rank and the passage id of each hit.
fn ranked_ids(searcher: &Searcher, query: &Query) -> Vec<(u64, String)> {
    let hits = searcher.search(query).unwrap().hits;
    hits.into_iter().map(|hit| (hit.rank, hit.passage.id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_of_collapsed_hits_join_to_one_ranking(documents in documents(), size in 1usize..4) {
        let searcher = searcher(&documents);
        let all_ids = ranked_ids(&searcher, &near(1_000));
        let (mut by_offset, mut by_cursor) = (Vec::new(), Vec::new());
        let mut cursor: Option<String> = None;
        loop {
            by_offset.extend(ranked_ids(&searcher, &near(size).offset(by_offset.len())));
            let next_query = cursor.map_or(near(size), |cursor| near(size).cursor(cursor));
            let page = searcher.search(&next_query).unwrap();
            by_cursor.extend(page.hits.into_iter().map(|hit| (hit.rank, hit.passage.id)));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        prop_assert_eq!(&by_offset, &all_ids);
        prop_assert_eq!(&by_cursor, &all_ids);
        prop_assert!(ranked_ids(&searcher, &near(size).offset(all_ids.len())).is_empty());
        // Collapsed hits keep the order of the full ranking and begin with its first hit.
        let everything = searcher.search(&near(1_000).collapse(Collapse::None)).unwrap().hits;
        let mut remaining_ids = everything.iter().map(|hit| hit.passage.id.clone());
        let first = remaining_ids.next();
        prop_assert_eq!(first.as_ref(), all_ids.first().map(|(_, id)| id));
        prop_assert!(all_ids.iter().skip(1).all(|(_, id)| remaining_ids.any(|other| other == *id)));
    }

    #[test]
    fn equal_texts_give_one_hit_and_every_text_is_represented(documents in documents()) {
        let searcher = searcher(&documents);
        let everything = searcher.search(&near(1_000).collapse(Collapse::None)).unwrap().hits;
        let mut documents_by_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for hit in everything {
            documents_by_text.entry(hit.passage.text).or_default().insert(hit.document.id);
        }
        let hits = searcher.search(&near(1_000)).unwrap().hits;
        let texts: BTreeSet<_> = hits.iter().map(|hit| hit.passage.text.clone()).collect();
        prop_assert_eq!(texts.len(), hits.len());
        for (text, documents) in &documents_by_text {
            // A text is a hit itself, or another hit names its documents.
            prop_assert!(texts.contains(text) || hits.iter().any(|hit| {
                let near_duplicates = hit.near_duplicates.as_ref().unwrap();
                documents.iter().all(|id| *id == hit.document.id || near_duplicates.documents.contains(id))
            }), "{text}");
        }
        // The five paragraphs have almost no words in common, so each of them keeps a hit.
        let originals = |texts: &mut dyn Iterator<Item = &String>| -> BTreeSet<String> {
            texts.map(|text| original(text)).collect()
        };
        prop_assert_eq!(originals(&mut texts.iter()), originals(&mut documents_by_text.keys()));
        for hit in hits {
            let near_duplicates = hit.near_duplicates.unwrap();
            prop_assert_eq!(near_duplicates.count, near_duplicates.documents.len() as u64);
            prop_assert!(!near_duplicates.documents.contains(&hit.document.id));
            let with_equal_text = documents_by_text.get(&hit.passage.text).into_iter().flatten();
            for id in with_equal_text.filter(|id| **id != hit.document.id) {
                prop_assert!(near_duplicates.documents.contains(id), "{}", id);
            }
        }
    }

    #[test]
    fn collapsed_hits_do_not_depend_on_index_history(
        documents in documents(),
        other in paragraph(),
        per_commit in 1usize..5,
        at in any::<Index>(),
    ) {
        let mut shuffled = documents.clone();
        let middle = at.index(shuffled.len());
        shuffled.rotate_left(middle);
        shuffled.reverse();
        let first = searcher(&documents).search(&near(1_000)).unwrap().hits;
        let second = with_history(&shuffled, &[other], per_commit).search(&near(1_000)).unwrap().hits;
        let groups = |hits: Vec<gz_search::Hit>| -> Vec<_> {
            hits.into_iter().map(|hit| (hit.passage.id, hit.near_duplicates)).collect()
        };
        prop_assert_eq!(groups(first), groups(second));
    }
}
