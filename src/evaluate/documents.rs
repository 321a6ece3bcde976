//! Ranked passages → ranked documents.

use std::collections::HashMap;

use super::Scored;
use crate::search::RankedPassage;

/// A document is worth as much as its best passage.
pub(super) fn best(scores: &[f64]) -> f64 {
    scores.first().copied().unwrap_or_default()
}

/// The documents of a ranking of passages, best first. `combined` makes one score of those of a
/// document's passages, which it gets best first; where two are equal, the document comes first
/// whose best passage does.
pub(super) fn documents(
    ranking: &[RankedPassage],
    combined: impl Fn(&[f64]) -> f64,
) -> Vec<Scored> {
    let mut places = HashMap::new();
    let mut found: Vec<(&str, Vec<f64>)> = Vec::new();
    for RankedPassage { document, score, .. } in ranking {
        let place = *places.entry(document).or_insert(found.len());
        match found.get_mut(place) {
            Some((_, scores)) => scores.push(*score),
            None => found.push((document, vec![*score])),
        }
    }
    let mut documents: Vec<Scored> = found
        .into_iter()
        .map(|(id, scores)| Scored { id: id.to_owned(), score: combined(&scores) })
        .collect();
    documents.sort_by(|a, b| b.score.total_cmp(&a.score));
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(combined: impl Fn(&[f64]) -> f64) -> Vec<String> {
        let ranking = [("b", 3, 5.0), ("c", 0, 4.0), ("a", 1, 4.0), ("a", 0, 3.0), ("b", 0, 1.0)]
            .map(|(document, ordinal, score)| RankedPassage {
                document: document.to_owned(),
                ordinal,
                score,
            });
        documents(&ranking, combined).into_iter().map(|document| document.id).collect()
    }

    #[test]
    fn a_document_stands_where_its_best_passage_does() {
        assert_eq!(ids(best), ["b", "c", "a"]);
    }

    #[test]
    fn other_combinations_order_anew() {
        assert_eq!(ids(|scores| scores.iter().sum()), ["a", "b", "c"]);
    }
}
