//! Rankings do not depend on the history of an index, and pages join to one ranking.

use gz_search::{Document, Index, Query, Searcher, query::Ranking};
use proptest::prelude::*;

use crate::generators::{documents, query, searcher, text};

/// Returns passage ids and the bits of their scores.
fn ranking(searcher: &Searcher, query: &Query) -> Vec<(String, u64)> {
    let results = searcher.search(query).unwrap();
    results.hits.into_iter().map(|hit| (hit.passage.id, hit.score.to_bits())).collect()
}

/// Returns a searcher over `documents` after many commits of `per_commit` documents each, with updates of their texts
/// and with other documents that are added and removed.
pub(crate) fn with_history(
    documents: &[Document],
    others: &[String],
    per_commit: usize,
) -> Searcher {
    let index = Index::in_memory();
    for (number, group) in documents.chunks(per_commit).enumerate() {
        let writer = index.writer().unwrap();
        for document in group {
            writer.add(&Document::new(document.id.clone(), "an older text of it")).unwrap();
        }
        for (other, text) in others.iter().enumerate() {
            writer
                .add(&Document::new(format!("other{number}-{other}"), format!("{text} x")))
                .unwrap();
        }
        writer.commit().unwrap();
        let writer = index.writer().unwrap();
        for other in 0..others.len() {
            writer.remove(&format!("other{number}-{other}")).unwrap();
        }
        for document in group {
            writer.add(document).unwrap();
        }
        writer.commit().unwrap();
    }
    index.searcher().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn ranking_does_not_depend_on_index_history(
        documents in documents(),
        others in proptest::collection::vec(text(), 0..3),
        per_commit in 1usize..5,
        query in query(),
        seed in any::<proptest::sample::Index>(),
    ) {
        let one_commit = searcher(&documents);
        let mut shuffled = documents;
        let middle = seed.index(shuffled.len());
        shuffled.rotate_left(middle);
        shuffled.reverse();
        let many_commits = with_history(&shuffled, &others, per_commit);
        let query = Query::new(query).limit(1000);
        prop_assert_eq!(ranking(&one_commit, &query), ranking(&many_commits, &query));
    }

    #[test]
    fn passages_with_every_word_rank_first(
        texts in proptest::collection::vec(proptest::collection::vec(
            proptest::sample::select(vec!["port", "budget", "water", "预算", "the", "of"]), 1..30), 1..20),
        words in proptest::sample::subsequence(vec!["port", "budget", "water", "预算"], 2..=4),
    ) {
        let documents: Vec<_> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| Document::new(format!("d{number}"), format!("so {}.", text.join(" "))))
            .collect();
        let query = Query::new(words.join(" ")).limit(100);
        let hits = searcher(&documents).search(&query).unwrap().hits;
        let has_all = hits.iter().map(|hit| words.iter().all(|word| hit.passage.text.contains(word)));
        let has_all: Vec<bool> = has_all.collect();
        prop_assert!(has_all.is_sorted_by(|first, second| first >= second), "{:?} {:?}", words, texts);
    }

    #[test]
    fn pages_join_to_one_ranking(
        documents in documents(),
        query in query(),
        size in 1usize..4,
    ) {
        let searcher = searcher(&documents);
        let whole = searcher.search(&Query::new(query.clone()).limit(1000)).unwrap();
        let ids: Vec<_> = whole.hits.iter().map(|hit| (hit.rank, hit.passage.id.clone())).collect();
        prop_assert_eq!(whole.total + whole.total_other, ids.len() as u64);
        prop_assert!(whole.total_other_exact);
        prop_assert!(whole.next.is_none());
        let (mut by_offset, mut by_cursor) = (Vec::new(), Vec::new());
        let mut cursor: Option<String> = None;
        loop {
            let offset = Query::new(query.clone()).limit(size).offset(by_offset.len());
            let page = searcher.search(&offset).unwrap();
            by_offset.extend(page.hits.into_iter().map(|hit| (hit.rank, hit.passage.id)));
            let mut next_query = Query::new(query.clone()).limit(size);
            if let Some(cursor) = &cursor {
                next_query = next_query.cursor(cursor.as_str());
            }
            let page = searcher.search(&next_query).unwrap();
            by_cursor.extend(page.hits.into_iter().map(|hit| (hit.rank, hit.passage.id)));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        prop_assert_eq!(&by_offset, &ids);
        prop_assert_eq!(&by_cursor, &ids);
    }

    #[test]
    fn explanation_parts_add_up_to_the_score(documents in documents(), query in query(), complete in any::<bool>()) {
        let searcher = searcher(&documents);
        let mut ranking = Ranking::default();
        ranking.text_bonus = f64::from(u8::from(complete));
        ranking.adjacency_bonus = ranking.text_bonus;
        let query = Query::new(query).limit(50).explain(true).ranking(ranking);
        for hit in searcher.search(&query).unwrap().hits {
            let sum: f64 = hit.explanation.iter().map(|reason| reason.score).sum();
            prop_assert!((sum - hit.score).abs() <= 1e-6 * hit.score.abs(), "{:?}", hit);
            // The bonus is computed as the rest of the score; without a bonus no rest may remain.
            let bonus = hit.explanation.iter().any(|component| component.reason.starts_with("has every word"));
            prop_assert!(complete || !bonus, "{:?}", hit.explanation);
        }
    }
}
