//! Measures of ranking quality, computed from relevance grades as `trec_eval` computes them.

/// Quality of the ranking for one query, or the mean over several queries. Each measure is between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Measures {
    /// Normalized discounted cumulative gain (nDCG) at rank 10. The gain of an item is its grade, divided by log2(rank
    /// + 1).
    pub(crate) ndcg_10: f64,
    /// Average precision of the whole ranking.
    pub(crate) average_precision: f64,
    /// Reciprocal of the rank of the first relevant item; 0 if the ranking has no relevant item.
    pub(crate) reciprocal_rank: f64,
    /// Reciprocal of the rank of the first relevant item if this rank is 10 or less; 0 in all other cases.
    pub(crate) reciprocal_rank_10: f64,
    /// Share of all relevant items that are among the first 100 items of the ranking.
    pub(crate) recall_100: f64,
}

impl Measures {
    /// Returns the measures of a ranking. `ranked_grades` holds the grades of the ranked items in rank order, with 0
    /// for unjudged items. `judged_grades` holds all grades of the query. All measures are 0 if no item is relevant.
    pub(crate) fn new(ranked_grades: &[i32], judged_grades: &[i32]) -> Self {
        let relevant_count = judged_grades.iter().filter(|&&grade| is_relevant(grade)).count();
        if relevant_count == 0 {
            return Self::default();
        }
        let relevant_count = relevant_count as f64;
        let first_relevant_rank =
            ranked_grades.iter().position(|&grade| is_relevant(grade)).map(|index| index + 1);
        let reciprocal = |rank: Option<usize>| rank.map_or(0.0, |rank| 1.0 / rank as f64);
        Self {
            ndcg_10: discounted_cumulative_gain(ranked_grades, 10)
                / ideal_discounted_cumulative_gain(judged_grades, 10),
            average_precision: sum_without_negative_zero(precisions_at_relevant_ranks(
                ranked_grades,
            )) / relevant_count,
            reciprocal_rank: reciprocal(first_relevant_rank),
            reciprocal_rank_10: reciprocal(first_relevant_rank.filter(|&rank| rank <= 10)),
            recall_100: precisions_at_relevant_ranks(
                ranked_grades.get(..100).unwrap_or(ranked_grades),
            )
            .count() as f64
                / relevant_count,
        }
    }

    /// Returns the mean of each measure. All means are 0 if `per_query` is empty.
    pub(crate) fn mean(per_query: &[Self]) -> Self {
        let mean = |measure: fn(&Self) -> f64| {
            sum_without_negative_zero(per_query.iter().map(measure)) / per_query.len().max(1) as f64
        };
        Self {
            ndcg_10: mean(|measures| measures.ndcg_10),
            average_precision: mean(|measures| measures.average_precision),
            reciprocal_rank: mean(|measures| measures.reciprocal_rank),
            reciprocal_rank_10: mean(|measures| measures.reciprocal_rank_10),
            recall_100: mean(|measures| measures.recall_100),
        }
    }
}

/// Returns whether an item with this grade is relevant: whether the grade is 1 or more.
pub(super) const fn is_relevant(grade: i32) -> bool {
    grade > 0
}

/// Returns the discounted cumulative gain (DCG) at rank `depth`. Negative grades count as 0.
fn discounted_cumulative_gain(grades: &[i32], depth: usize) -> f64 {
    let to_discounted_gain =
        |(index, grade): (usize, &i32)| f64::from((*grade).max(0)) / ((index + 2) as f64).log2();
    sum_without_negative_zero(grades.iter().take(depth).enumerate().map(to_discounted_gain))
}

/// Returns the sum of `values`, and 0 for an empty iterator. `Iterator::sum` would return -0, which prints as "-0".
fn sum_without_negative_zero(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// Returns the discounted cumulative gain (DCG) at rank `depth` of the ideal ranking: all judged items in descending
/// order of their grades.
fn ideal_discounted_cumulative_gain(judged_grades: &[i32], depth: usize) -> f64 {
    let mut ideal_grades = judged_grades.to_vec();
    ideal_grades.sort_unstable_by(|a, b| b.cmp(a));
    discounted_cumulative_gain(&ideal_grades, depth)
}

/// Returns the precision at the rank of each relevant item.
fn precisions_at_relevant_ranks(ranked_grades: &[i32]) -> impl Iterator<Item = f64> {
    let relevant = ranked_grades.iter().enumerate().filter(|(_, grade)| is_relevant(**grade));
    relevant
        .enumerate()
        .map(|(relevant_before, (index, _))| (relevant_before + 1) as f64 / (index + 1) as f64)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::evaluate::trec::parse_judgments;

    #[test]
    fn measures_match_hand_computed_values() {
        // Each case holds ranked grades, judged grades, and the expected nDCG@10, average precision and reciprocal
        // rank.
        let cases: [(&[i32], &[i32], [f64; 3]); 7] = [
            (&[1], &[1], [1.0, 1.0, 1.0]),
            (&[0, 1], &[1], [0.6309, 0.5, 0.5]),
            (&[1, 0, 1], &[1, 1], [0.9197, 0.8333, 1.0]),
            (&[1, 3], &[3, 1], [0.7967, 1.0, 1.0]),
            (&[-1, 3], &[3, -1], [0.6309, 0.5, 0.5]),
            (&[], &[1], [0.0; 3]),
            (&[0], &[0], [0.0; 3]),
        ];
        for (ranked_grades, judged_grades, expected) in cases {
            let measures = Measures::new(ranked_grades, judged_grades);
            let values = [measures.ndcg_10, measures.average_precision, measures.reciprocal_rank];
            for (value, expected) in values.into_iter().zip(expected) {
                assert!(
                    (value - expected).abs() < 5e-5,
                    "{ranked_grades:?} {judged_grades:?}: {value}"
                );
                assert!(value.is_sign_positive(), "{ranked_grades:?} {judged_grades:?}: {value}");
            }
        }
    }

    #[test]
    fn measures_at_a_rank_ignore_the_items_below_it() {
        for (rank, ndcg_10, reciprocal_rank_10, recall_100) in [
            (10, 0.2891, 0.1, 1.0),
            (11, 0.0, 0.0, 1.0),
            (100, 0.0, 0.0, 1.0),
            (101, 0.0, 0.0, 0.0),
        ] {
            let mut ranked_grades = vec![0; rank];
            ranked_grades[rank - 1] = 1;
            let measures = Measures::new(&ranked_grades, &[1]);
            assert!((measures.ndcg_10 - ndcg_10).abs() < 5e-5, "{rank}: {measures:?}");
            assert!((measures.reciprocal_rank_10 - reciprocal_rank_10).abs() < 5e-5, "{rank}");
            assert!((measures.recall_100 - recall_100).abs() < 5e-5, "{rank}");
            assert!((measures.reciprocal_rank * rank as f64 - 1.0).abs() < 5e-5, "{rank}");
        }
    }

    /// `tests/relevance/README.md` names the program that computed the expected measures.
    #[test]
    fn measures_agree_with_another_program() {
        let qrels = include_str!("../../tests/relevance/agreement/qrels.txt");
        let run = include_str!("../../tests/relevance/agreement/run.txt");
        let expected = include_str!("../../tests/relevance/agreement/measures.tsv");
        let judgments = parse_judgments(Path::new("qrels.txt"), qrels.as_bytes()).unwrap();
        let expected_rows: Vec<_> =
            expected.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>()).collect();
        let measured: Vec<Measures> = expected_rows[..expected_rows.len() - 1]
            .iter()
            .map(|row| {
                let grades = &judgments[row[0]];
                let ranked_rows = run.lines().map(|line| line.split(' ').collect::<Vec<_>>());
                let ranked_rows = ranked_rows.filter(|columns| columns[0] == row[0]);
                let ranked_grades =
                    ranked_rows.map(|columns| grades.get(columns[2]).copied().unwrap_or(0));
                Measures::new(
                    &ranked_grades.collect::<Vec<_>>(),
                    &grades.values().copied().collect::<Vec<_>>(),
                )
            })
            .collect();
        let mean = Measures::mean(&measured);
        assert!(measured.len() > 5);
        for (row, measures) in expected_rows.iter().zip(measured.iter().chain([&mean])) {
            let Measures { ndcg_10, average_precision, reciprocal_rank_10, recall_100, .. } =
                measures;
            let values = [ndcg_10, average_precision, reciprocal_rank_10, recall_100];
            for (value, expected) in values.into_iter().zip(&row[1..]) {
                assert!((value - expected.parse::<f64>().unwrap()).abs() < 5e-5, "{row:?} {value}");
            }
        }
    }

    #[test]
    fn the_mean_of_no_measures_is_zero() {
        let measures = Measures::new(&[0, 1], &[1]);
        assert_eq!(Measures::mean(&[measures, measures]), measures);
        assert_eq!(Measures::mean(&[]), Measures::default());
    }
}
