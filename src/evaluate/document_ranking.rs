//! Turns a ranking of passages into a ranking of documents.

use std::collections::HashSet;

use super::RankedItem;
use crate::search::RankedPassage;

/// Returns the documents of the passages in `ranking`. Each document stands at the place of its best passage, which is
/// its first passage in `ranking`, and has the score of this passage. The order does not follow from the scores alone:
/// a passage that lacks a word ranks below every full match, even with a higher score.
pub(super) fn rank_documents(ranking: &[RankedPassage]) -> Vec<RankedItem> {
    let mut seen_documents = HashSet::new();
    let best_passages =
        ranking.iter().filter(|passage| seen_documents.insert(passage.document.as_str()));
    best_passages
        .map(|RankedPassage { document, score, .. }| RankedItem {
            id: document.clone(),
            score: *score,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_keep_the_order_of_their_best_passages() {
        let ranking = [("b", 3, 5.0), ("c", 0, 9.0), ("a", 1, 4.0), ("a", 0, 3.0), ("b", 0, 1.0)]
            .map(|(document, ordinal, score)| RankedPassage {
                document: document.to_owned(),
                ordinal,
                score,
            });
        let documents = rank_documents(&ranking);
        let ids: Vec<(&str, f64)> =
            documents.iter().map(|document| (document.id.as_str(), document.score)).collect();
        assert_eq!(ids, [("b", 5.0), ("c", 9.0), ("a", 4.0)]);
    }
}
