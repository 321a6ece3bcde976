//! Turns a ranking of passages into a ranking of documents.

use std::collections::HashMap;

use super::RankedItem;
use crate::search::RankedPassage;

/// Returns the score of the best passage: the first of `scores`, or 0 if `scores` is empty.
pub(super) fn best_score(scores: &[f64]) -> f64 {
    scores.first().copied().unwrap_or_default()
}

/// Ranks documents by their passages, best first. `combine` computes the score of a document from the scores of
/// the passages in the document, sorted from best to worst. Documents with equal scores keep the order of their
/// best passages.
pub(super) fn rank_documents(
    ranking: &[RankedPassage],
    combine: impl Fn(&[f64]) -> f64,
) -> Vec<RankedItem> {
    let mut index_by_document = HashMap::new();
    let mut passage_scores: Vec<(&str, Vec<f64>)> = Vec::new();
    for RankedPassage { document, score, .. } in ranking {
        let index = *index_by_document.entry(document).or_insert(passage_scores.len());
        match passage_scores.get_mut(index) {
            Some((_, scores)) => scores.push(*score),
            None => passage_scores.push((document, vec![*score])),
        }
    }
    let mut documents: Vec<RankedItem> = passage_scores
        .into_iter()
        .map(|(id, scores)| RankedItem { id: id.to_owned(), score: combine(&scores) })
        .collect();
    documents.sort_by(|a, b| b.score.total_cmp(&a.score));
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked_ids(combine: impl Fn(&[f64]) -> f64) -> Vec<String> {
        let ranking = [("b", 3, 5.0), ("c", 0, 4.0), ("a", 1, 4.0), ("a", 0, 3.0), ("b", 0, 1.0)]
            .map(|(document, ordinal, score)| RankedPassage {
                document: document.to_owned(),
                ordinal,
                score,
            });
        rank_documents(&ranking, combine).into_iter().map(|document| document.id).collect()
    }

    #[test]
    fn documents_are_ranked_by_their_best_passage() {
        assert_eq!(ranked_ids(best_score), ["b", "c", "a"]);
    }

    #[test]
    fn documents_are_ranked_by_the_combined_score() {
        assert_eq!(ranked_ids(|scores| scores.iter().sum()), ["a", "b", "c"]);
    }
}
