//! Grades of a ranking, best first → what the ranking is worth, as `trec_eval` counts it.

/// What the ranking for one query is worth, or the mean over several. Each is from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Measures {
    /// nDCG of the first 10: gain is the grade, discounted by the logarithm of the rank.
    pub(crate) ndcg_10: f64,
    /// Average precision over the whole ranking.
    pub(crate) average_precision: f64,
    /// One divided by the rank of the first that is relevant.
    pub(crate) reciprocal_rank: f64,
    /// The same, where that rank is at most 10; else 0.
    pub(crate) reciprocal_rank_10: f64,
    /// The share of all that is relevant which stands among the first 100.
    pub(crate) recall_100: f64,
}

impl Measures {
    /// Of a ranking whose members have the grades `ranked` (0 where nobody judged them), for a query
    /// with the grades `judged` in all.
    pub(crate) fn new(ranked: &[i32], judged: &[i32]) -> Self {
        let relevant = judged.iter().filter(|&&grade| is_relevant(grade)).count();
        if relevant == 0 {
            return Self::default();
        }
        let relevant = relevant as f64;
        let first = ranked.iter().position(|&grade| is_relevant(grade)).map(|index| index + 1);
        let reciprocal = |rank: Option<usize>| rank.map_or(0.0, |rank| 1.0 / rank as f64);
        Self {
            ndcg_10: gain(ranked, 10) / ideal_gain(judged, 10),
            average_precision: sum(precisions(ranked)) / relevant,
            reciprocal_rank: reciprocal(first),
            reciprocal_rank_10: reciprocal(first.filter(|&rank| rank <= 10)),
            recall_100: precisions(ranked.get(..100).unwrap_or(ranked)).count() as f64 / relevant,
        }
    }

    /// The mean of several; 0 of none.
    pub(crate) fn mean(all: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> f64| sum(all.iter().map(of)) / all.len().max(1) as f64;
        Self {
            ndcg_10: mean(|one| one.ndcg_10),
            average_precision: mean(|one| one.average_precision),
            reciprocal_rank: mean(|one| one.reciprocal_rank),
            reciprocal_rank_10: mean(|one| one.reciprocal_rank_10),
            recall_100: mean(|one| one.recall_100),
        }
    }
}

/// From the grade 1 on.
pub(super) const fn is_relevant(grade: i32) -> bool {
    grade > 0
}

/// The discounted cumulative gain of the first `cut`. A negative grade gains nothing.
fn gain(grades: &[i32], cut: usize) -> f64 {
    let discounted =
        |(index, grade): (usize, &i32)| f64::from((*grade).max(0)) / ((index + 2) as f64).log2();
    sum(grades.iter().take(cut).enumerate().map(discounted))
}

/// The sum of none is 0: the standard library's is -0, and is printed so.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// The gain of the best order there is.
fn ideal_gain(judged: &[i32], cut: usize) -> f64 {
    let mut best = judged.to_vec();
    best.sort_unstable_by(|a, b| b.cmp(a));
    gain(&best, cut)
}

/// The precision at the rank of everything relevant.
fn precisions(ranked: &[i32]) -> impl Iterator<Item = f64> {
    let relevant = ranked.iter().enumerate().filter(|(_, grade)| is_relevant(**grade));
    relevant.enumerate().map(|(before, (index, _))| (before + 1) as f64 / (index + 1) as f64)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::evaluate::trec::parse_judgments;

    #[test]
    fn known_by_hand() {
        // ranked, judged, nDCG@10, average precision, reciprocal rank
        let cases: [(&[i32], &[i32], [f64; 3]); 7] = [
            (&[1], &[1], [1.0, 1.0, 1.0]),
            (&[0, 1], &[1], [0.6309, 0.5, 0.5]),
            (&[1, 0, 1], &[1, 1], [0.9197, 0.8333, 1.0]),
            (&[1, 3], &[3, 1], [0.7967, 1.0, 1.0]),
            (&[-1, 3], &[3, -1], [0.6309, 0.5, 0.5]),
            (&[], &[1], [0.0; 3]),
            (&[0], &[0], [0.0; 3]),
        ];
        for (ranked, judged, expected) in cases {
            let found = Measures::new(ranked, judged);
            let found = [found.ndcg_10, found.average_precision, found.reciprocal_rank];
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 5e-5, "{ranked:?} {judged:?}: {found}");
                assert!(found.is_sign_positive(), "{ranked:?} {judged:?}: {found}");
            }
        }
    }

    #[test]
    fn each_is_cut_at_its_rank() {
        for (rank, ndcg_10, reciprocal_rank_10, recall_100) in [
            (10, 0.2891, 0.1, 1.0),
            (11, 0.0, 0.0, 1.0),
            (100, 0.0, 0.0, 1.0),
            (101, 0.0, 0.0, 0.0),
        ] {
            let mut ranked = vec![0; rank];
            ranked[rank - 1] = 1;
            let found = Measures::new(&ranked, &[1]);
            assert!((found.ndcg_10 - ndcg_10).abs() < 5e-5, "{rank}: {found:?}");
            assert!((found.reciprocal_rank_10 - reciprocal_rank_10).abs() < 5e-5, "{rank}");
            assert!((found.recall_100 - recall_100).abs() < 5e-5, "{rank}");
            assert!((found.reciprocal_rank * rank as f64 - 1.0).abs() < 5e-5, "{rank}");
        }
    }

    /// The folder says how its table is made by another program.
    #[test]
    fn another_program_finds_the_same() {
        let qrels = include_str!("../../tests/relevance/agreement/qrels.txt");
        let run = include_str!("../../tests/relevance/agreement/run.txt");
        let expected = include_str!("../../tests/relevance/agreement/measures.tsv");
        let judgments = parse_judgments(Path::new("qrels.txt"), qrels.as_bytes()).unwrap();
        let rows: Vec<_> =
            expected.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>()).collect();
        let measured: Vec<Measures> = rows[..rows.len() - 1]
            .iter()
            .map(|row| {
                let grades = &judgments[row[0]];
                let ranked = run.lines().map(|line| line.split(' ').collect::<Vec<_>>());
                let ranked = ranked.filter(|columns| columns[0] == row[0]);
                let ranked = ranked.map(|columns| grades.get(columns[2]).copied().unwrap_or(0));
                Measures::new(
                    &ranked.collect::<Vec<_>>(),
                    &grades.values().copied().collect::<Vec<_>>(),
                )
            })
            .collect();
        let mean = Measures::mean(&measured);
        assert!(measured.len() > 5);
        for (row, found) in rows.iter().zip(measured.iter().chain([&mean])) {
            let Measures { ndcg_10, average_precision, reciprocal_rank_10, recall_100, .. } = found;
            let found = [ndcg_10, average_precision, reciprocal_rank_10, recall_100];
            for (found, expected) in found.into_iter().zip(&row[1..]) {
                assert!((found - expected.parse::<f64>().unwrap()).abs() < 5e-5, "{row:?} {found}");
            }
        }
    }

    #[test]
    fn the_mean_of_none_is_0() {
        let one = Measures::new(&[0, 1], &[1]);
        assert_eq!(Measures::mean(&[one, one]), one);
        assert_eq!(Measures::mean(&[]), Measures::default());
    }
}
