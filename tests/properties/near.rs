//! What says the same is shown once, wherever the pages are cut and however it came.

use std::collections::{BTreeMap, BTreeSet};

use gz_search::{Document, Query, Searcher, query::Collapse};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{generators::searcher, ranking::scrambled};

/// A long paragraph, one of three, with some of its words changed; or a short one.
fn paragraph() -> impl Strategy<Value = String> {
    let long = (0usize..3, vec(0usize..60, 0..4)).prop_map(|(text, changed)| {
        let word = |place| match (changed.contains(&place), place % 9) {
            (true, _) => format!("other{place} "),
            (false, 0) => "port ".to_owned(),
            (false, _) => format!("word{text}x{place} "),
        };
        (0..60).map(word).collect()
    });
    prop_oneof![3 => long, 1 => Just("The port opened.".to_owned()), 1 => Just("Another port.".to_owned())]
}

fn documents() -> impl Strategy<Value = Vec<Document>> {
    let numbered = |texts: Vec<(bool, Vec<String>)>| {
        let texts = texts.into_iter().enumerate();
        let document = |(number, (headed, text)): (usize, (bool, Vec<String>))| {
            // What stands above a passage is not what it says.
            let heading = if headed { "Bureau of Data: News\n\n" } else { "" };
            Document::new(format!("d{number}"), format!("{heading}{}", text.join("\n\n")))
        };
        texts.map(document).collect()
    };
    vec((any::<bool>(), vec(paragraph(), 1..4)), 1..12).prop_map(numbered)
}

/// Which of the texts above it is.
fn kind(text: &str) -> String {
    match text.split_once("word") {
        Some((_, rest)) => rest.chars().take(1).collect(),
        None => text.to_owned(),
    }
}

fn near(limit: usize) -> Query {
    Query::new("port").collapse(Collapse::Near).limit(limit)
}

fn shown(searcher: &Searcher, query: &Query) -> Vec<(u64, String)> {
    let hits = searcher.search(query).unwrap().hits;
    hits.into_iter().map(|hit| (hit.rank, hit.passage.id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_of_groups_are_parts_of_one_ranking(documents in documents(), size in 1usize..4) {
        let searcher = searcher(&documents);
        let all = shown(&searcher, &near(1_000));
        let (mut by_offset, mut by_cursor) = (Vec::new(), Vec::new());
        let mut cursor: Option<String> = None;
        loop {
            by_offset.extend(shown(&searcher, &near(size).offset(by_offset.len())));
            let after = cursor.map_or(near(size), |cursor| near(size).cursor(cursor));
            let page = searcher.search(&after).unwrap();
            by_cursor.extend(page.hits.into_iter().map(|hit| (hit.rank, hit.passage.id)));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        prop_assert_eq!(&by_offset, &all);
        prop_assert_eq!(&by_cursor, &all);
        prop_assert!(shown(&searcher, &near(size).offset(all.len())).is_empty());
        // What is shown is in the order of the whole ranking, whose first it has.
        let everything = searcher.search(&near(1_000).collapse(Collapse::None)).unwrap().hits;
        let mut rest = everything.iter().map(|hit| hit.passage.id.clone());
        let first = rest.next();
        prop_assert_eq!(first.as_ref(), all.first().map(|(_, id)| id));
        prop_assert!(all.iter().skip(1).all(|(_, id)| rest.any(|other| other == *id)));
    }

    #[test]
    fn the_same_text_is_shown_once_and_never_lost(documents in documents()) {
        let searcher = searcher(&documents);
        let everything = searcher.search(&near(1_000).collapse(Collapse::None)).unwrap().hits;
        let mut of_text: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for hit in everything {
            of_text.entry(hit.passage.text).or_default().insert(hit.document.id);
        }
        let hits = searcher.search(&near(1_000)).unwrap().hits;
        let texts: BTreeSet<_> = hits.iter().map(|hit| hit.passage.text.clone()).collect();
        prop_assert_eq!(texts.len(), hits.len());
        for (text, documents) in &of_text {
            // By itself, or as one of those that a hit stands for.
            prop_assert!(texts.contains(text) || hits.iter().any(|hit| {
                let also = hit.also.as_ref().unwrap();
                documents.iter().all(|id| *id == hit.document.id || also.documents.contains(id))
            }), "{text}");
        }
        // The three long texts and the two short ones have next to nothing in common.
        let kinds = |texts: &mut dyn Iterator<Item = &String>| -> BTreeSet<String> {
            texts.map(|text| kind(text)).collect()
        };
        prop_assert_eq!(kinds(&mut texts.iter()), kinds(&mut of_text.keys()));
        for hit in hits {
            let also = hit.also.unwrap();
            prop_assert_eq!(also.count, also.documents.len() as u64);
            prop_assert!(!also.documents.contains(&hit.document.id));
            let same = of_text.get(&hit.passage.text).into_iter().flatten();
            for id in same.filter(|id| **id != hit.document.id) {
                prop_assert!(also.documents.contains(id), "{}", id);
            }
        }
    }

    #[test]
    fn history_does_not_matter_to_groups(
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
        let second = scrambled(&shuffled, &[other], per_commit).search(&near(1_000)).unwrap().hits;
        let told = |hits: Vec<gz_search::Hit>| -> Vec<_> {
            hits.into_iter().map(|hit| (hit.passage.id, hit.also)).collect()
        };
        prop_assert_eq!(told(first), told(second));
    }
}
