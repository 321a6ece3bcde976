//! Writes rankings as a TREC run file.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use super::RankedItem;
use crate::error::{Error, Result};

/// TREC run file that is being written.
#[derive(Debug)]
pub(super) struct TrecRunFile {
    path: PathBuf,
    writer: BufWriter<File>,
}

impl TrecRunFile {
    /// Creates the file, and replaces an existing file.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(Error::io("create", path))?;
        Ok(Self { path: path.to_owned(), writer: BufWriter::new(file) })
    }

    pub(super) fn write(&mut self, lines: &str) -> Result<()> {
        self.writer.write_all(lines.as_bytes()).map_err(Error::io("write to", &self.path))
    }

    /// Writes the buffered lines to the file.
    pub(super) fn finish(mut self) -> Result<()> {
        self.writer.flush().map_err(Error::io("write to", &self.path))
    }
}

/// Returns the lines of one query in a run file: `QUERY Q0 ID RANK SCORE gz-search`. `query_id` is the id of the query.
///
/// Other tools ignore the rank, read the score as a 32-bit float, and sort the items by score. Scores are
/// therefore written as 32-bit floats. A score that is not less than the previous score is replaced by the next
/// smaller float.
///
/// # Errors
///
/// [`Error::InvalidArgument`] for an id that contains white space, because white space separates the columns of a run
/// file.
pub(super) fn trec_run_lines(query_id: &str, ranking: &[RankedItem]) -> Result<String> {
    let mut run_text = String::new();
    let mut previous_score = f32::INFINITY;
    for (rank, RankedItem { id, score }) in (1..).zip(ranking) {
        if id.contains(char::is_whitespace) {
            return Err(Error::invalid(
                "run",
                format!(
                    "a run file cannot name {id:?}, because white space ends a column: index it under another id, or write no run"
                ),
            ));
        }
        let score = (*score as f32).min(previous_score.next_down());
        // Writing to a string cannot fail.
        let _ = writeln!(run_text, "{query_id} Q0 {id} {rank} {score} gz-search");
        previous_score = score;
    }
    Ok(run_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_scores_decrease_strictly() {
        let scores = [9.25, 9.25, 9.25 - 1e-12, 3.0, 1e-300, 0.0, 0.0, -2.5];
        let ranking: Vec<_> = (0..)
            .zip(scores)
            .map(|(number, score)| RankedItem { id: format!("d{number}"), score })
            .collect();
        let run_text = trec_run_lines("q", &ranking).unwrap();
        assert!(
            run_text.starts_with("q Q0 d0 1 9.25 gz-search\nq Q0 d1 2 9.249999 gz-search\n"),
            "{run_text}"
        );
        let read_scores: Vec<f32> =
            run_text.lines().map(|line| line.split(' ').nth(4).unwrap().parse().unwrap()).collect();
        assert_eq!(read_scores.len(), scores.len());
        assert!(read_scores.windows(2).all(|pair| pair[0] > pair[1]), "{read_scores:?}");
        assert!(
            read_scores.iter().zip(scores).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-5),
            "{read_scores:?}"
        );
    }

    #[test]
    fn ids_with_white_space_are_refused() {
        let ranking = [RankedItem { id: "a b".to_owned(), score: 1.0 }];
        let error = trec_run_lines("q", &ranking).unwrap_err().to_string();
        assert!(error.starts_with("a run file cannot name \"a b\""), "{error}");
    }
}
