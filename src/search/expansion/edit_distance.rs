//! Computes the edit distance between two words (optimal string alignment).

/// Returns the minimum number of edits that turn the word `source` into the word `target`. An edit inserts, deletes or
/// replaces a character, or swaps two adjacent characters. The time is proportional to the product of the lengths of
/// the words.
pub(crate) fn edit_distance(source: &str, target: &str) -> usize {
    let (source, target): (Vec<char>, Vec<char>) =
        (source.chars().collect(), target.chars().collect());
    let mut distance_rows: Vec<Vec<usize>> = vec![(0..=target.len()).collect()];
    let cell = |cells: &[usize], column: usize| cells.get(column).copied().unwrap_or(usize::MAX);
    for (row, &from) in source.iter().enumerate() {
        let mut distance_row = vec![row + 1];
        for (column, &to) in target.iter().enumerate() {
            let previous_row = distance_rows.last().map_or(&[][..], Vec::as_slice);
            let mut min_edits = (cell(previous_row, column) + usize::from(from != to))
                .min(cell(previous_row, column + 1) + 1)
                .min(cell(&distance_row, column) + 1);
            let is_swap = row > 0
                && column > 0
                && source.get(row - 1) == Some(&to)
                && target.get(column - 1) == Some(&from);
            if is_swap
                && let Some(row_before_previous) =
                    distance_rows.len().checked_sub(2).and_then(|k| distance_rows.get(k))
            {
                min_edits = min_edits.min(cell(row_before_previous, column - 1) + 1);
            }
            distance_row.push(min_edits);
        }
        distance_rows.push(distance_row);
    }
    distance_rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distance_counts_swaps_once_and_is_symmetric() {
        for (a, b, expected) in [
            ("", "", 0),
            ("car", "car", 0),
            ("car", "cat", 1),
            ("flyng", "flying", 1),
            ("fyling", "flying", 1),
            ("factory", "facory", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(edit_distance(a, b), expected, "{a} {b}");
            assert_eq!(edit_distance(b, a), expected, "{b} {a}");
        }
    }
}
